"""The overview of an edition: goals with their initiatives and figures, who is late and since when, what changed, what is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.ui.charts import Point
from yakuba.kernel.ui.components import Link, Share, progress_badge, shares, spark_line
from yakuba.kernel.ui.formats import japanese, year_name
from yakuba.services.plan import differences, labels, public_changes, public_figures, public_list, shown
from yakuba.services.plan.differences import Line
from yakuba.services.plan.lateness import Run
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Edition, NodeView, Row, newest

ON_TRACK: Final = frozenset({"on_track", "mostly_on_track"})
OVER: Final = frozenset({"ended", "completed", "abolished", "merged", "moved"})
"""Outcomes by which an initiative is no longer under way. 計画変更 is not one: it goes on, otherwise."""
_PERCENT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
_WIDE: Final = str.maketrans("０１２３４５６７８９．％", "0123456789.%")

Address = Callable[[Row], str]
_NO_MORE: Final = SafeString("")


# --- goals ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Goal:
    """A node of the tree: what is under it in numbers, its own initiatives, its strategies."""

    node: NodeView
    href: str
    bar: SafeString
    entries: tuple[SafeString, ...]
    strategies: tuple[Goal, ...]


def goals(edition: Edition, address: Address, narrowed: Callable[[NodeView], str]) -> list[Goal]:
    """The tree from its first level; ``narrowed`` is the address of the list narrowed to a node."""
    pen = _Pen()
    by_key: dict[str, list[tuple[Row, bool]]] = {}
    for row in edition.rows:
        for place in row.form["placements"]:
            by_key.setdefault(shown.node_key(place["path"]), []).append((row, not place["primary"]))

    def goal(node: NodeView) -> Goal:
        below = [
            one
            for one in edition.outline
            if one.depth == node.depth + 1 and one.path[: node.depth] == node.path
        ]
        return Goal(
            node,
            narrowed(node) if node.depth <= public_list.FILTERED_DEPTH else "",
            bar(node.tallies, node.label),
            tuple(pen.entry(row, address(row), again=again) for row, again in by_key.get(node.key, ())),
            tuple(goal(one) for one in below),
        )

    return [goal(node) for node in edition.outline if node.depth == 1]


def loose(edition: Edition, address: Address) -> list[SafeString]:
    """Initiatives that stand under no goal."""
    pen = _Pen()
    return [pen.entry(row, address(row)) for row in edition.rows if not row.form["placements"]]


def bar(tallies: Sequence[tuple[str, str, int]], label: str) -> SafeString:
    """Progress words as a bar with their counts."""
    return shares([Share(word, number, meaning) for word, meaning, number in tallies], label=label)


def sign(row: Row) -> SafeString:
    """The progress word of a row as a badge."""
    return progress_badge(row.progress, row.meaning)


def measure(
    indicator: Form, *, href: str = "", course: Sequence[Point] = (), more: SafeString = _NO_MORE
) -> SafeString:
    """One indicator in a line: how it went, where it stands, where it should be.

    ``href`` is the page of its figure. ``course`` is drawn where it is given, else what the plan prints; ``more`` stands behind the figures.
    """
    return _Pen().measure(indicator, href=href, course=course, more=more)


class _Pen:
    """Draws what a page repeats hundreds of times: badges and the names of years once, lines without templates."""

    def __init__(self) -> None:
        self._years: dict[int | None, str] = {}
        self._again = f'<span class="small muted">{_("再掲")}</span>'
        self._target = pgettext("series", "目標")
        self._unsure = {"provisional": _("（見込）"), "preliminary": _("（速報）")}

    def badge(self, row: Row) -> SafeString:
        """The progress word of a row."""
        return progress_badge(row.progress, row.meaning)

    def year(self, year: int | None) -> str:
        """A year in the reader's language."""
        if year not in self._years:
            self._years[year] = year_name(year) if year else _("年度の記載なし")
        return self._years[year]

    def entry(self, row: Row, href: str, *, again: bool = False) -> SafeString:
        """One initiative under its strategy; ``again`` where it is only printed there once more (再掲)."""
        lines = "" if again else "".join(self.measure(one) for one in row.form["indicators"])
        return mark_safe(  # noqa: S308  # what the plan says is escaped, the rest is ours
            f'<li><div class="entry-head"><a href="{escape(href)}" lang="ja">{escape(f"{row.number} {row.title}".strip())}</a>'
            f"{self.badge(row)}{self._again if again else ''}"
            f'<span class="small muted" lang="ja">{escape("、".join(row.leads))}</span></div>{lines}</li>'
        )

    def measure(
        self, indicator: Form, *, href: str = "", course: Sequence[Point] = (), more: SafeString = _NO_MORE
    ) -> SafeString:
        """One indicator in a line: how it went, where it stands, where it should be."""
        name = escape(public_figures.name_of(indicator))
        if href:
            name = f'<a href="{escape(href)}">{name}</a>'
        actual, target = newest(indicator, ("actual", "baseline")), newest(indicator, ("target",))
        return mark_safe(  # noqa: S308  # what the plan says is escaped, the rest is ours
            f'<div class="measure"><span class="name" lang="ja">{name}</span>'
            f"{self._spark(indicator, target, course)}"
            f'<span class="figures">{self._figure("", actual)}{self._figure(self._target, target)}{more}</span></div>'
        )

    def _figure(self, before: str, value: Form | None) -> str:
        if value is None:
            return ""
        raw = escape(public_list.short(value["raw"]))
        status = self._unsure.get(value["status"], "")
        year = escape(self.year(value["year"]))
        return f'<span>{before} <b lang="ja">{raw}</b>{status} <span class="small muted">{year}</span></span>'

    def _spark(self, indicator: Form, target: Form | None, course: Sequence[Point]) -> SafeString:
        drawn = [point for point in (course or measured(indicator)) if point.is_drawn]
        if len(drawn) < 2:
            return SafeString("")
        goal: Decimal | str | None = None
        if target is not None:
            goal = Decimal(target["number"]) if target["number"] else target["state"]
        ends = (f"{self.year(point.year)} {point.raw}" for point in (drawn[0], drawn[-1]))
        return spark_line(drawn, label=" → ".join(ends), goal=goal, levels=public_figures.levels(indicator))


def measured(indicator: Form) -> list[Point]:
    """What was measured, by year: the newest revision, an actual before a baseline of the same year."""
    found: dict[int, Form] = {}
    for value in indicator["values"]:
        year = value["year"]
        if year is None or value["kind"] == "target":
            continue
        other = found.get(year)
        if other is None or _weight(value) >= _weight(other):
            found[year] = value
    return [
        Point(
            year,
            value["raw"],
            number=Decimal(value["number"]) if value["number"] else None,
            word=value["state"] or "",
        )
        for year, value in sorted(found.items())
    ]


def _weight(value: Form) -> tuple[bool, bool, int]:
    has = bool(value["number"] or value["state"])
    return has, value["kind"] == "actual", value["revision"]


# --- who is late ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Late:
    """An initiative that is late: who answers for it, and since when."""

    row: Row
    href: str
    badge: SafeString
    offices: str
    since: str
    place: str
    run: Run


def late(edition: Edition, found: Sequence[tuple[Row, Run]], address: Address) -> list[Late]:
    """The late ones, the longest first, then in the document's order."""
    pen = _Pen()
    lines = [
        Late(
            row,
            address(row),
            pen.badge(row),
            "、".join(row.leads),
            public_list.since(run),
            _place(edition, row),
            run,
        )
        for row, run in found
    ]
    return sorted(lines, key=lambda line: (-line.run.years, line.row.position))


def _place(edition: Edition, row: Row) -> str:
    node = edition.node(row.home)
    return node.label if node else ""


# --- what changed --------------------------------------------------------------------------------------------------------

_TOLD: Final = (*differences.WHOLE, "progress", "office", "title", "renumbered")
_COUNTED: Final = frozenset({"renumbered"})
"""Told by their number alone: when one row goes, all that follow it move up."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How many initiatives a sort of change concerns, and which these are where they are few."""

    label: str
    count: int
    href: str
    names: tuple[tuple[Link, str], ...]
    """Each with its step (順調 → 停滞) where that says more than the sort."""
    more: int


_NAMED: Final = 5


def changes(
    lines: Sequence[Line], href: Callable[[str], str], row_href: Callable[[Line], str]
) -> list[Changed]:
    """What changed since the edition before, by sort; the first few by name."""
    found = []
    for sort, number in differences.counts(lines).items():
        if sort not in _TOLD:
            continue
        own = [line for line in lines if line.sort == sort]
        listed = [] if sort in _COUNTED else own
        named = tuple(
            (Link(public_changes.headed(line), row_href(line)), _step(line)) for line in listed[:_NAMED]
        )
        found.append(
            Changed(str(differences.SORTS[sort]), number, href(sort), named, max(len(listed) - _NAMED, 0))
        )
    return found


def _step(line: Line) -> str:
    if line.sort not in {"progress", "office", "moved"}:
        return ""
    return f"{line.change.before or '―'} → {line.change.after or '―'}"


# --- counts --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a count: how many initiatives, how many of them late."""

    label: object
    number: int
    late: int
    href: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Initiatives counted by one thing: kind, office, the words of one taxonomy."""

    key: str
    label: object
    lines: tuple[Count, ...]


def counts(edition: Edition, narrowed: Callable[..., str]) -> list[Counts]:
    """Counts by kind, office and every taxonomy, each leading to the list narrowed to it. A group counts once."""
    rows = edition.rows
    found = []
    if len(edition.kinds) > 1:
        by_kind = {kind: [row for row in rows if row.form["kind"] == kind] for kind in edition.kinds}
        names = {kind: str(labels.KINDS[kind]) for kind in by_kind}
        found.append(_counts("kind", _("区別"), by_kind, narrowed, names))
    by_office: dict[str, list[Row]] = {}
    for row in rows:
        for name in row.offices:
            by_office.setdefault(name, []).append(row)
    if by_office:
        found.append(_counts("office", _("担当"), by_office, narrowed))
    for name, words in public_list.tags(rows).items():
        by_word = {
            word: [row for row in rows if word in row.form["tags"].get(name, ())]
            for word in public_list.in_order(words)
        }
        found.append(_counts(f"{public_list.TAG}{name}", japanese(name), by_word, narrowed))
    return found


def _counts(
    key: str,
    label: object,
    groups: Mapping[str, Sequence[Row]],
    narrowed: Callable[..., str],
    names: Mapping[str, str] | None = None,
) -> Counts:
    return Counts(
        key,
        label,
        tuple(
            Count(
                names[value] if names else japanese(value),
                shown.count(rows),
                shown.count(row for row in rows if row.late),
                narrowed(key, value),
            )
            for value, rows in groups.items()
        ),
    )


# --- what the document says itself -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of initiatives that are on track, with its denominator."""

    part: int
    whole: int
    stated: bool
    """Whether the plan's own text names this very percentage."""

    @property
    def percent(self) -> str:
        """To one decimal place: 87.5."""
        return f"{Decimal(self.part * 100) / self.whole:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Rates:
    """The share over all initiatives with a progress word, and over those that are still under way."""

    all: Rate
    going: Rate

    @property
    def differ(self) -> bool:
        """Whether leaving out what is over makes another share."""
        return self.all.whole != self.going.whole


def rates(edition: Edition) -> Rates | None:
    """How many are on track, counted in both ways that plans use; None where no progress is told."""
    tallies = shown.tallies(edition.rows)
    good = sum(number for _word, meaning, number in tallies if meaning in ON_TRACK)
    whole = sum(number for _word, _meaning, number in tallies)
    going = sum(number for _word, meaning, number in tallies if meaning not in OVER)
    if not whole or not going or not any(meaning for _word, meaning, _number in tallies):
        return None
    claims = claimed_percentages(edition.head)
    found = [Rate(good, number, stated=False) for number in (whole, going)]
    first, second = (Rate(one.part, one.whole, one.percent in claims) for one in found)
    return Rates(first, second)


def claimed_percentages(head: Form) -> frozenset[str]:
    """The percentages that a plan's own prose names."""
    texts = [section["text"] or "" for section in head["plan"]["sections"]]
    texts += [node["text"] or "" for node in head["nodes"]]
    found = _PERCENT.findall("\n".join(texts).translate(_WIDE))
    return frozenset(number.removesuffix(".0") for number in found)


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that the document claims beside what is counted."""

    label: object
    stated: int
    counted: int


def stated(edition: Edition) -> list[Stated]:
    """Where the document's own numbers are others than those counted from its rows."""
    return [one for one in claims(edition) if one.stated != one.counted]


def claims(edition: Edition) -> Iterator[Stated]:
    """Every number that the document claims, beside what is counted from its rows."""
    claimed: Form = edition.head["stated"]
    counted: Counter[str] = Counter()
    for word, _meaning, number in shown.tallies(edition.rows):
        counted[word] += number
    for word, number in claimed["progress"].items():
        yield Stated(japanese(word), number, counted[word])
    for kind, number in claimed["counts"].items():
        if kind in labels.KINDS:
            own = shown.count(row for row in edition.rows if row.form["kind"] == kind)
            yield Stated(_("%(kind)s取組") % {"kind": labels.KINDS[kind]}, number, own)
        elif kind == "total":
            yield Stated(_("取組の総数"), number, shown.count(edition.rows))
