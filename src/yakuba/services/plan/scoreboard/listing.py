"""The board as a list: every initiative with how it stands, why, and by what it is measured. One list, as page and as file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.html import format_html
from django.utils.translation import gettext as _

from yakuba.kernel.text import fold, query_terms
from yakuba.kernel.ui.components import progress_badge
from yakuba.kernel.ui.formats import japanese, year_name
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan import shown
from yakuba.services.plan.scoreboard import standing
from yakuba.services.plan.scoreboard.standing import COURSES, Standing, stopped
from yakuba.services.plan.shown import Edition, NodeView, Row

COURSE: Final = "course"
MEASURE: Final = "measure"
_ORDER: Final = {key: n for n, key in enumerate(("still", "open", "on", "over"))}


@dataclass(frozen=True, slots=True)
class Line:
    """An initiative on the board."""

    of: Standing
    indicators: int

    @property
    def row(self) -> Row:
        """The initiative."""
        return self.of.row

    @property
    def number_key(self) -> str:
        """Sorts as people read numbers."""
        return self.row.number_key

    @property
    def title_key(self) -> str:
        """For sorting."""
        return self.row.title_key

    @property
    def course_key(self) -> int:
        """What stands still first."""
        return _ORDER[self.of.course]

    @property
    def measure(self) -> str:
        """The filter's value: measured, unmeasured, or that nothing here could measure it."""
        if self.of.measured:
            return "measured"
        return "unmeasured" if self.of.unmeasured else "none"

    @property
    def why(self) -> str:
        """Why it stands as it does; a figure that stands is told also where the word says 順調."""
        more = (stopped(one) for one in self.of.still)
        return "".join(dict.fromkeys([self.of.why, *more]))

    @property
    def since(self) -> str:
        """Since which fiscal year the longest of its figures holds its value; empty where none does for two years."""
        years = [one.held for one in self.of.still if one.held < one.last]
        return year_name(min(years)) if years else ""


def lines(found: Sequence[Standing]) -> list[Line]:
    """The lines in the document's order."""
    return [Line(one, len(one.row.form["indicators"])) for one in found]


def measures() -> dict[str, str]:
    """What the filter of measures offers."""
    return {
        "measured": _("計測している"),
        "unmeasured": _("計測できるのに測っていない"),
        "none": _("計測する仕組みがない"),
    }


def spec(edition: Edition, rows: Sequence[Line], link: Callable[[Row], str] | None = None) -> ListSpec[Line]:
    """Columns and filters; filters offer what occurs, with true counts."""
    return ListSpec(
        columns=(
            Column("number_key", _("番号"), sortable=True, narrow=True, by_size=True, show=lambda one: one.row.number),
            Column(
                "title_key", _("取組"), sortable=True, main=True, show=lambda one: japanese(one.row.title),
                link=(lambda one: link(one.row)) if link else None,
            ),
            Column("leads", _("担当"), show=lambda one: japanese("、".join(one.row.leads))),
            Column("course_key", _("進み方"), sortable=True, show=lambda one: standing.sign(one.of.course)),
            Column("progress", _("進捗状況"), narrow=True, show=lambda one: progress_badge(one.row.progress, one.row.meaning)),
            Column("why", _("理由"), wide=True),
            Column("measure", _("計測"), show=_measure),
        ),
        filters=tuple(_filters(edition, rows)),
        search=_("取組を探す"),
    )  # fmt: skip


def _measure(one: Line) -> object:
    if one.of.unmeasured:
        return format_html(
            '{} <span class="small">{}</span>', standing.sign("unmeasured"), "、".join(one.of.services)
        )
    if not one.indicators:
        return _("指標なし")
    return _("指標%(whole)d個のうち%(n)d個") % {"whole": one.indicators, "n": one.of.measured}


def _filters(edition: Edition, rows: Sequence[Line]) -> Iterator[Filter]:
    courses = Counter(one.of.course for one in rows)
    yield Filter(
        COURSE, _("進み方"), tuple(Choice(key, label, courses[key]) for key, label in COURSES.items() if courses[key])
    )  # fmt: skip
    kinds = Counter(one.measure for one in rows)
    yield Filter(
        MEASURE, _("計測"), tuple(Choice(key, label, kinds[key]) for key, label in measures().items() if kinds[key])
    )  # fmt: skip
    goals = [node for node in edition.outline if node.depth == 1]
    if goals:
        counts = Counter(shown.node_key(one.row.home[:1]) for one in rows if one.row.home)
        yield Filter(
            "goal", edition.head["levels"][0] if edition.head["levels"] else _("目標"),
            tuple(Choice(node.key, node.label, counts[node.key]) for node in goals),
        )  # fmt: skip
    offices = Counter(name for one in rows for name in one.row.leads)
    if offices:
        yield Filter("office", _("担当"), tuple(Choice(name, name, n) for name, n in offices.items()))


def _passes(one: Line, state: ListState) -> bool:
    own: Mapping[str, tuple[str, ...]] = {
        COURSE: (one.of.course,),
        MEASURE: (one.measure,),
        "goal": (shown.node_key(one.row.home[:1]),) if one.row.home else (),
        "office": one.row.leads,
    }
    return all(any(value in own[key] for value in wanted) for key, wanted in state.filters.items())


def matching(rows: Sequence[Line], state: ListState) -> list[Line]:
    """The rows that search and filters leave."""
    terms = query_terms(state.q)
    if state.q and not terms:
        return []
    texts = (fold(f"{one.row.form['number']} {one.row.title} {' '.join(one.row.offices)}") for one in rows)
    return [
        one
        for one, text in zip(rows, texts, strict=True)
        if _passes(one, state) and all(shown.occurs(term, text) for term in terms)
    ]


def page(rows: Sequence[Line], of: ListSpec[Line], state: ListState, *, size: int = 50) -> Slice[Line]:
    """One page of what the reader asked for."""
    return slice_rows(of, replace(state, q="", filters={}), matching(rows, state), size=size)


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in counts, each leading to the list narrowed to it."""

    label: str
    href: str
    tally: standing.Tally


def goals(edition: Edition, found: Sequence[Standing], path: str) -> list[Goal]:
    """The first level of the plan in counts, then what stands under none."""
    nodes = [node for node in edition.outline if node.depth == 1]
    made = [_goal(node, [one for one in found if one.row.home[:1] == node.path], path) for node in nodes]
    loose = [one for one in found if one.row.home[:1] not in {node.path for node in nodes}]
    if nodes and loose:
        made.append(Goal(_("目標の下に置かれていない取組"), "", standing.tally(loose)))
    return made


def _goal(node: NodeView, found: Sequence[Standing], path: str) -> Goal:
    return Goal(node.label, path + ListState().with_filter("goal", node.key).query(), standing.tally(found))
