"""The whole plan on one page: each goal with how its initiatives stand, its figures, what stands still and what nobody measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.ui.charts import Point
from yakuba.kernel.ui.formats import year_name
from yakuba.services.plan import labels, public_overview, shown
from yakuba.services.plan.rows import Form
from yakuba.services.plan.scoreboard import drawing, standing
from yakuba.services.plan.scoreboard.standing import Known, Standing, Tally
from yakuba.services.plan.shown import Edition, NodeView, Row

FIGURES: Final = 3
STILL: Final = 3
UNMEASURED: Final = 2


@dataclass(frozen=True, slots=True)
class Named:
    """An initiative by number and title, where it is read, and the word that it bears."""

    name: str
    href: str
    sign: object


@dataclass(frozen=True, slots=True)
class Score:
    """A goal in a few lines."""

    label: str
    count: int
    bar: SafeString
    silent: int
    """Initiatives without a progress word."""
    signs: tuple[object, ...]
    figures: tuple[SafeString, ...]
    figures_more: int
    still: tuple[Named, ...]
    still_more: int
    unmeasured: tuple[Named, ...]
    unmeasured_more: int


@dataclass(frozen=True)
class Sheet:
    """All that the page is drawn from. ``figure`` gives the address of an indicator's figure, ``address`` that of an initiative.

    ``taken`` what was measured of an indicator, ``unit`` in which unit: its own, which is not always the one that the plan prints.
    """

    edition: Edition
    year: int
    known: Known
    taken: Callable[[UUID, int], Mapping[int, Figure]]
    unit: Callable[[UUID, int], str]
    address: Callable[[Row], str]
    figure: Callable[[Row, int], str]


@dataclass(frozen=True, slots=True)
class Board:
    """The page: the whole plan in counts, and each goal."""

    tally: Tally
    goals: tuple[Score, ...]
    measured: int
    """How many indicators are measured, of ``indicators``."""
    indicators: int


def board(of: Sheet) -> Board:
    """The goals (first level of the plan) in the document's order, then what stands under none."""
    found = {row.id: standing.standing(row, of.year, of.known) for row in of.edition.rows}
    groups = [
        (node, [found[row.id] for row in of.edition.rows if row.home[:1] == node.path])
        for node in of.edition.outline
        if node.depth == 1
    ]
    under = {one.row.id for _node, rows in groups for one in rows}
    goals = [_score(of, node, rows) for node, rows in groups]
    if groups and (loose := [one for key, one in found.items() if key not in under]):
        goals.append(_score(of, None, loose))
    indicators = sum(len(row.form["indicators"]) for row in of.edition.rows)
    return Board(
        standing.tally(found.values()),
        tuple(goals),
        sum(one.measured for one in found.values()),
        indicators,
    )


def _score(of: Sheet, node: NodeView | None, rows: Sequence[Standing]) -> Score:
    label = node.label if node is not None else _("目標の下に置かれていない取組")
    counted = standing.tally(rows)
    indicators = [(one.row, place) for one in rows for place in range(len(one.row.form["indicators"]))]
    # What is measured tells most, then what has a number reached and aimed at; of these the document's order decides.
    weights = [(_weight(of, row, place), n) for n, (row, place) in enumerate(indicators)]
    chosen = sorted(n for _rank, n in sorted(weights)[:FIGURES])
    stuck = list(standing.stuck(rows))
    unmeasured = [one for one in rows if one.unmeasured]
    plain = [one.row for one in rows]
    return Score(
        label,
        counted.whole,
        public_overview.bar(shown.tallies(plain), label),
        shown.silent(plain),
        tuple(counted.signs()),
        tuple(_figure(of, *indicators[n]) for n in chosen),
        max(len(indicators) - FIGURES, 0),
        tuple(_named(of, one) for one in stuck[:STILL]),
        max(len(stuck) - STILL, 0),
        tuple(_named(of, one) for one in unmeasured[:UNMEASURED]),
        max(len(unmeasured) - UNMEASURED, 0),
    )


def _weight(of: Sheet, row: Row, place: int) -> int:
    if of.taken(row.id, place):
        return 0
    return 1 if _tells(row.form["indicators"][place]) else 2


def _tells(indicator: Form) -> bool:
    return bool(shown.newest(indicator, ("actual",)) and shown.newest(indicator, ("target",)))


def _named(of: Sheet, one: Standing) -> Named:
    """An initiative with its own word; one that says none is told in the board's."""
    row = one.row
    sign = public_overview.sign(row) if row.progress else standing.sign(one.course)
    return Named(f"{row.number} {row.title}".strip(), of.address(row), sign)


def _figure(of: Sheet, row: Row, place: int) -> SafeString:
    """An indicator in a line; what was measured stands beside what the plan prints."""
    indicator = row.form["indicators"][place]
    taken = of.taken(row.id, place)
    course: list[Point] = drawing.course(indicator, taken)
    said = " ".join(_measured(taken, of.unit(row.id, place)))
    more = (
        format_html("<span>{} <b>{}</b></span>", pgettext("series", "計測"), said) if said else SafeString("")
    )
    return public_overview.measure(indicator, href=of.figure(row, place), course=course, more=more)


def _measured(taken: Mapping[int, Figure], unit: str) -> Iterator[str]:
    """The newest measured figure in words: 84手続（速報） 令和7年度."""
    newest = next((one for one in reversed(list(taken.values())) if drawing.raw(one, unit)), None)
    if newest is not None:
        status = labels.of(labels.STATUSES, newest.status) if newest.status != "final" else ""
        yield drawing.raw(newest, unit) + (_("（%(status)s）") % {"status": status} if status else "")
        yield year_name(newest.period.fiscal_year)
