"""An edition's indicators with what measures them, what is proposed, and the newest figures side by side; for pages and sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.sources import SOURCES, Figure
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.services.plan import queries as plan
from yakuba.services.plan.measured import access, offers, queries
from yakuba.services.plan.measured.actions.store import mark_of
from yakuba.services.plan.measured.beside import Beside, gap_of, period_words
from yakuba.services.plan.measured.fitting import Measure, unit_of
from yakuba.services.plan.measured.proposals import Offer, Proposal
from yakuba.services.plan.models import Binding, Edition, Initiative
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year import figures
from yakuba.services.plan.year.flow import printed
from yakuba.services.plan.year.words import name_of, short

BOUND, MANUAL, OPEN = "bound", "manual", "open"
STATES: Final = (BOUND, MANUAL, OPEN)


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposed source as the page offers it: what it measured in the year of the plan's newest value, and how the two stand."""

    mark: str
    title: str
    measured: str
    gap: str
    score: int
    strong: bool
    reasons: Sequence[str]
    cautions: Sequence[str]
    definition: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator. ``actual``: the plan's newest value in words; ``measured``: what was measured of the same year, and of this one."""

    row: Initiative
    form: Form
    place: int
    name: str
    unit: str
    actual: str
    binding: Binding | None
    ended: Binding | None
    measured: str
    gap: str
    newest: str
    source_href: str
    href: str
    mine: bool
    choices: Sequence[Choice] = ()
    manual_because: str = ""
    """Why none of the proposed sources can give it, where its theme has some."""

    @property
    def key(self) -> str:
        """Its name in the page's forms."""
        return f"{self.row.pk}-{self.place}"

    @property
    def state(self) -> str:
        """Whether something measures it, its office counts it, or nobody said anything."""
        if self.binding is None:
            return OPEN
        return MANUAL if self.binding.source == queries.MANUAL else BOUND

    @property
    def seen(self) -> str:
        """The decision that stands, for the form to name."""
        return str(self.binding.pk) if self.binding is not None else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All lines of an edition, and the bindings whose indicator is gone."""

    lines: Sequence[Line]
    lost: Sequence[Binding]

    def of(self, state: str) -> list[Line]:
        """Those of a state."""
        return [one for one in self.lines if one.state == state]

    @property
    def proposed(self) -> list[Line]:
        """Those that something is proposed for, the surest first."""
        found = [one for one in self.lines if one.choices]
        return sorted(found, key=lambda one: -one.choices[0].score)


def sheet_of(ctx: Context, edition: Edition) -> Sheet:
    """The indicators of an edition in the document's order. A number of queries that does not grow with them."""
    rows = plan.forms(plan.initiatives(ctx, edition))
    bound = queries.found(ctx, edition)
    mine = mine_of(ctx, edition)
    there = offers.offers(ctx, [form for _row, form in rows])
    proposed = offers.proposed(
        [(row.pk, form) for row, form in rows], there, bound.standing, queries.declined(ctx, edition)
    )
    this = Period.year(FiscalYear.of(japan_date(ctx.now)))
    years = {place: actual_of(form["indicators"][place[1]]) for place, form in _places(rows)}
    asked = {this, *(Period.year(FiscalYear(one["year"])) for one in years.values() if one is not None)}
    measured = queries.figures_of(ctx, bound.standing, sorted(asked))
    lines = []
    for row, form in rows:
        for place, _indicator in enumerate(form["indicators"]):
            key = (row.pk, place)
            lines.append(
                _line(
                    ctx, edition, row, form, place,
                    bound.standing.get(key), bound.ended.get(key),
                    measured.get(key, {}), proposed.get(key, []), this, mine=row.pk in mine,
                )
            )  # fmt: skip
    return Sheet(lines, bound.lost)


def mine_of(ctx: Context, edition: Edition) -> frozenset[UUID]:
    """The initiatives whose indicators this actor may bind (one query)."""
    own = plan.initiatives(ctx, edition).filter(access.BIND.q(ctx)).order_by()
    return frozenset(own.values_list("pk", flat=True))


def _places(rows: Sequence[tuple[Initiative, Form]]) -> list[tuple[queries.Place, Form]]:
    return [((row.pk, place), form) for row, form in rows for place in range(len(form["indicators"]))]


def actual_of(indicator: Form) -> Form | None:
    """The newest value of an indicator that says something: an actual, else the 現状値."""
    values = [
        one
        for one in indicator["values"]
        if one["kind"] in ("actual", "baseline") and one["year"] and figures.says(one)
    ]
    if not values:
        return None
    year = max(one["year"] for one in values)
    return figures.newest(indicator, "actual", year) or figures.newest(indicator, "baseline", year)


def words_of(value: Form | None) -> str:
    """A value of the plan with its year: 81手続（見込、R7)."""
    return f"{printed(value)}（{short(value['year'])}）" if value is not None else ""


def _line(
    ctx: Context,
    edition: Edition,
    row: Initiative,
    form: Form,
    place: int,
    binding: Binding | None,
    ended: Binding | None,
    measured: Mapping[Period, Figure],
    proposed: Sequence[Proposal],
    this: Period,
    *,
    mine: bool,
) -> Line:
    indicator = form["indicators"][place]
    actual = actual_of(indicator)
    same = newest = gap = href = ""
    if binding is not None and binding.source in SOURCES:
        measure = Measure(binding.unit, binding.aggregation)
        href = SOURCES.get(binding.source).href(ctx, binding.said)
        if this in measured:
            newest = _told(Beside(binding.title, measure, measured[this]))
        year = Period.year(FiscalYear(actual["year"])) if actual is not None else None
        if year is not None and year in measured:
            same = _told(Beside(binding.title, measure, measured[year]))
            found = gap_of(actual, measured[year])
            gap = found.words(measure.unit) if found is not None else ""
    because = next((one.reasons[0].text for one in proposed if one.offer is None), "")
    return Line(
        row,
        form,
        place,
        name_of(indicator) or form["title"],
        unit_of(indicator),
        words_of(actual),
        binding,
        ended,
        same,
        gap,
        newest,
        href,
        address("plan-measure", ctx, edition.pk, row.pk, place),
        mine,
        [_choice(indicator, actual, one, one.offer) for one in proposed if one.offer is not None],
        because,
    )


def _told(one: Beside) -> str:
    text = one.printed
    return f"{text}（{period_words(one.figure.period)}）" if text else ""


def _choice(indicator: Form, actual: Form | None, one: Proposal, offer: Offer) -> Choice:
    year = max(offer.numbers, default=None)
    if actual is not None and actual["year"] in offer.numbers:
        year = actual["year"]
    measured = gap = ""
    if year is not None:
        figure = Figure(Period.year(FiscalYear(year)), offer.numbers[year])
        measured = _told(Beside(offer.title, offer.measure, figure))
        found = gap_of(actual, figure) if actual is not None and actual["year"] == year else None
        gap = found.words(offer.measure.unit) if found is not None else ""
    return Choice(
        mark_of(indicator["name"], offer.source, offer.said),
        offer.title,
        measured or _("この年度の計測値は、まだありません。"),
        gap,
        one.score,
        one.strong,
        [reason.text for reason in one.reasons],
        one.cautions,
        offer.definition,
        one,
    )
