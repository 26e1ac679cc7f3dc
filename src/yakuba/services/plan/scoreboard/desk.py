"""The head's board of a working copy, and the page of a figure: who said it, when, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.metrics.declaring import METRICS, Metric
from yakuba.engines.metrics.series import queries as series
from yakuba.engines.metrics.sources import SOURCES, Figure
from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.sheets.table import Table
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.components import Link
from yakuba.kernel.ui.formats import year_name
from yakuba.kernel.ui.lists import ListState, ListView
from yakuba.services.plan import public_figures, public_overview, queries, shown
from yakuba.services.plan.measured import queries as measured
from yakuba.services.plan.models import Binding, Edition, Initiative, MeasuredThen, ReviewActual
from yakuba.services.plan.models.year import PHASES
from yakuba.services.plan.rows import Form
from yakuba.services.plan.scoreboard import drafts, drawing, figures, listing, portal, provenance, standing
from yakuba.services.plan.scoreboard import public as released
from yakuba.services.plan.scoreboard.standing import Standing
from yakuba.services.plan.shown import Row
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, saves, show, tabs_of
from yakuba.services.plan.views.desk.listed import text_column

_FIRST = 10


@dataclass(frozen=True, slots=True)
class Named:
    """An initiative of a short list."""

    label: str
    href: str
    offices: str
    sign: object
    text: str


@dataclass(frozen=True, slots=True)
class LateSeries:
    """A series from elsewhere whose figure is past its day."""

    title: str
    href: str
    office: str
    days: int
    periods: int


@require_safe
@desk_page
def board_now(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The board of the edition that is in force."""
    edition = drafts.current(ctx)
    if edition is None:
        return show(request, ctx, "board_none", _("進み具合"), new_href=address("plan-desk-editions", ctx))
    return _board(request, ctx, edition)


@require_safe
@desk_page
def board(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """The board of an edition."""
    return _board(request, ctx, queries.edition(ctx, edition_id))


def _board(request: HttpRequest, ctx: Context, edition: Edition) -> HttpResponse:
    found = drafts.board(ctx, edition)
    rows = listing.lines(found.standings)
    here = address("plan-desk-board", ctx, edition.pk)
    spec = listing.spec(found.edition, rows, lambda row: address("plan-desk-initiative", ctx, row.id))
    state = spec.parse(request.GET)
    view = ListView(
        key="board",
        caption=_("取組の進み具合"),
        spec=spec,
        state=state,
        page=listing.page(rows, spec, state),
        path=here,
        exports=saves("plan-desk-board-sheet", ctx, edition.pk),
        read_only=True,
        empty_title=_("この版に、取組はまだありません"),
    )
    stuck = list(standing.stuck(found.standings))
    unmeasured = [one for one in found.standings if one.unmeasured]
    indicators = sum(one.indicators for one in rows)
    return show(
        request,
        ctx,
        "board",
        _("進み具合"),
        crumbs=crumbs_of(ctx, edition),
        tabs=tabs_of(ctx, edition, "plan-desk-board"),
        edition=name_of(edition),
        list=view,
        signs=standing.tally(found.standings).signs(),
        bar=public_overview.bar(shown.tallies(found.edition.rows), _("取組の進捗状況")),
        indicators=indicators,
        measured=sum(one.of.measured for one in rows),
        goals=listing.goals(found.edition, found.standings, here),
        still=[_named(ctx, one) for one in stuck[:_FIRST]],
        still_more=max(len(stuck) - _FIRST, 0),
        still_href=here + ListState().with_filter(listing.COURSE, "still").query() + "#board",
        unmeasured=[_named(ctx, one, offered(one)) for one in unmeasured[:_FIRST]],
        unmeasured_more=max(len(unmeasured) - _FIRST, 0),
        unmeasured_href=here + ListState().with_filter(listing.MEASURE, "unmeasured").query() + "#board",
        bind_href=address("plan-measures", ctx, edition.pk),
        late=late_series(ctx),
        narrowed=state.narrowed,
        legend=portal.legend(),
    )


def offered(one: Standing) -> str:
    """What could measure an initiative, in words."""
    return _("%(names)sで計測できます。") % {"names": "・".join(one.services)}


def _named(ctx: Context, one: Standing, text: str = "") -> Named:
    """An initiative of a short list, with why it stands as it does unless something else is told of it."""
    return Named(
        f"{one.row.number} {one.row.title}".strip(),
        address("plan-desk-initiative", ctx, one.row.id),
        "、".join(one.row.leads),
        standing.sign(one.course),
        text or listing.Line(one, 0).why,
    )


def late_series(ctx: Context) -> list[LateSeries]:
    """The series whose figures are past their day, the latest first (a constant number of queries)."""
    today = japan_date(ctx.now)
    active = list(series.all_series(ctx).filter(state="active"))
    owed = [one for one in series.owing(ctx, active) if one.late(today)]
    names = office_names({one.series.office_id for one in owed}, today)
    return [
        LateSeries(
            one.series.title,
            address("metrics-series", ctx, one.series.pk),
            names.get(one.series.office_id, ""),
            one.days(today),
            len(one.late(today)),
        )
        for one in sorted(owed, key=lambda one: (-one.days(today), one.series.key))
    ]


@require_safe
@desk_page
def board_sheet(
    request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format
) -> HttpResponseBase:
    """The board as it is seen, as a file."""
    edition = queries.edition(ctx, edition_id)
    found = drafts.board(ctx, edition)
    rows = listing.lines(found.standings)
    spec = listing.spec(found.edition, rows)
    state = spec.parse(request.GET)
    wanted = listing.page(rows, spec, state.first_page(), size=max(len(rows), 1)).rows
    words = listing.measures()
    table = Table(
        name=_("進み具合"),
        municipality=ctx.municipality.name,
        columns=(
            text_column("number", _("番号")), text_column("title", _("取組")), text_column("leads", _("担当")),
            text_column("course", _("進み方")), text_column("progress", _("進捗状況")), text_column("why", _("理由")),
            text_column("since", _("動いていない年度から")), text_column("measure", _("計測")),
            text_column("services", _("計測できるもの")),
        ),
        rows=[
            SheetRow(
                {
                    "number": one.row.number, "title": one.row.title, "leads": "、".join(one.row.leads),
                    "course": str(standing.COURSES[one.of.course]), "progress": one.row.progress, "why": one.why,
                    "since": one.since, "measure": words[one.measure], "services": "、".join(one.of.services),
                }
            )
            for one in wanted
        ],
        as_of=ctx.now,
        notes=((_("版"), name_of(edition)), (_("編集"), _("読み取り専用"))),
    )  # fmt: skip
    return respond(table, file_format, f"{ctx.municipality.name}_{_('進み具合')}")


# --- a figure -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bound:
    """By what an indicator is measured, as its page shows it."""

    title: str
    kind: str
    definition: str
    href: str
    unit: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on an indicator's source."""

    day: str
    by: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office answered about a year, and what was measured when its round closed."""

    year: str
    phase: str
    raw: str
    measured: str
    evidence: str
    by: str
    href: str


@require_safe
@desk_page
def figure(request: HttpRequest, ctx: Context, initiative_id: UUID, number: int) -> HttpResponseBase:
    """A figure down to what it rests on."""
    row = queries.initiative(ctx, initiative_id)
    form = queries.initiative_form(row)
    view = public_figures.indicator(form, number)
    if view is None:
        raise Missing
    indicator: Form = form["indicators"][number - 1]
    place = (row.pk, number - 1)
    bound = measured.bindings(ctx, row.edition).get(place)
    taken = _taken(ctx, row, place, bound)
    metric = _metric(bound)
    aggregation = bound.aggregation if bound is not None else ""
    chart = drawing.chart(
        view,
        indicator,
        figures.by_year(taken, aggregation),
        released.definitions(metric),
        share="ratio" in {indicator["aggregation"], aggregation},
    )
    unit = bound.unit if bound is not None else ""
    names = {key: metric.name_of(key) for one in taken for key in one.parts} if metric is not None else {}
    lines = provenance.measured(taken, unit, names)
    return show(
        request,
        ctx,
        "figure",
        view.name,
        crumbs=[
            *crumbs_of(ctx, row.edition),
            Link(f"{row.number} {row.title}".strip(), address("plan-desk-initiative", ctx, row.pk)),
        ],
        row=Row(row.pk, row.position, form),
        chart=chart,
        bound=_bound(ctx, bound) if bound is not None else None,
        bind_href=address("plan-measure", ctx, row.edition.pk, row.pk, number - 1),
        decisions=list(_decisions(ctx, bound)) if bound is not None else [],
        lines=lines,
        with_parts=any(one.parts for one in lines),
        printed=provenance.printed(indicator),
        answers=list(_answers(ctx, row, indicator["name"])),
        history_href=address("plan-desk-history", ctx, row.pk) + f"?field=indicators[{number - 1}]",
    )


def _metric(bound: Binding | None) -> Metric | None:
    """The metric that an indicator is bound to, where it is one of this installation's."""
    key = bound.said.get("metric") if bound is not None and bound.source == "metric" else None
    return METRICS.get(key) if isinstance(key, str) and key in METRICS else None


def _bound(ctx: Context, one: Binding) -> Bound:
    """By what an indicator is measured. A source that is no more speaks in the words in which it was bound."""
    source = SOURCES.get(one.source) if one.source in SOURCES else None
    if source is None:
        return Bound(one.title, _("課が数える"), one.definition, "", one.unit)
    if wrong := source.check(ctx, one.said):
        return Bound(one.title, str(source.label), "\n".join([*wrong, one.definition]), "", one.unit)
    definition, href = source.definition(ctx, one.said), source.href(ctx, one.said)
    return Bound(one.title, str(source.label), definition, href, one.unit)


def _taken(ctx: Context, row: Initiative, place: tuple[UUID, int], bound: Binding | None) -> list[Figure]:
    """The measured figures of a figure's page: of each fiscal year, and as of the days on which rounds closed."""
    if bound is None:
        return []
    periods = drafts.periods(ctx, row.edition)
    return list(measured.figures_of(ctx, {place: bound}, periods).get(place, {}).values())


def _decisions(ctx: Context, bound: Binding) -> Iterator[Decision]:
    for one in measured.history(ctx, bound):
        what = one.title if one.source else _("計測値との結び付けをやめました。")
        yield Decision(format_date(japan_date(one.bound_at)), one.bound_by, what, one.reason)


def _answers(ctx: Context, row: Initiative, name: str) -> Iterator[Answer]:
    """What was answered of an indicator in rounds of this edition, the newest first (two queries)."""
    found = (
        ReviewActual.objects.for_actor(ctx)
        .filter(review__initiative=row.pk, name=name)
        .select_related("review")
        .order_by("-review__year", "-review__written_at", "-id")
    )
    then = {
        (one.review_id, one.name): one
        for one in MeasuredThen.objects.for_actor(ctx).filter(review__initiative=row.pk, name=name)
    }
    phases = dict(PHASES)
    for one in found:
        review = one.review
        kept = then.get((review.pk, one.name))
        day = format_date(japan_date(review.written_at)) if review.written_at else ""
        yield Answer(
            year_name(review.year),
            phases.get(review.phase, review.phase),
            one.raw or "―",
            _measured_then(kept),
            one.evidence,
            f"{day} {review.written_by}".strip(),
            address("plan-year-review", ctx, review.pk),
        )


def _measured_then(one: MeasuredThen | None) -> str:
    if one is None:
        return ""
    said = drawing.raw(Figure(drafts.period_of(one), one.number, one.state))
    day = format_date(japan_date(one.frozen_at))
    return _("%(value)s（%(day)sに締めた値）") % {"value": said or "―", "day": day}
