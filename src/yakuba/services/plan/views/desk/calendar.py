"""The plan's calendar: a fiscal year by months, a form for each day, a sheet that goes out and comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, Problems, Stale
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.dates.fiscal import FIRST_YEAR, LAST_YEAR
from yakuba.kernel.dates.wareki import parse_date
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets import previewing
from yakuba.kernel.sheets.changes import compare
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.sheets.wanted import EntryChange
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.formats import fiscal_year, month_name, wareki, year_name
from yakuba.services.plan import access, calendar_sheet, queries
from yakuba.services.plan.actions import ChangeCalendar, change_calendar
from yakuba.services.plan.actions.calendar import KEYS
from yakuba.services.plan.models import CalendarEntry
from yakuba.services.plan.views.desk.frame import saves, show


@dataclass(frozen=True, slots=True)
class Day:
    """One entry of a month."""

    id: UUID
    days: str
    title: str
    office: str
    note: str
    past: bool
    today: bool
    following: bool
    """Whether it is the first that is still to come."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month's heading and its days."""

    name: str
    days: Sequence[Day]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def calendar(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The days of a fiscal year; a form under them adds one."""
    year = _year(request, ctx)
    if request.method != "POST":
        return _page(request, ctx, year, dict.fromkeys(KEYS, ""))
    typed = {key: request.POST.get(key, "") for key in KEYS}
    try:
        _change(ctx, {"id": "", "version": 0, "entry": _read(typed)})
    except Problem as problem:
        return _page(request, ctx, year, typed, problem)
    day = dt.date.fromisoformat(str(_read(typed)["first_day"]))
    return see("plan-desk-calendar-year", ctx, FiscalYear.of(day).year)


def _year(request: HttpRequest, ctx: Context) -> FiscalYear:
    """The year that the address names, else the present one."""
    found = request.resolver_match.kwargs.get("year") if request.resolver_match else None
    return FiscalYear(int(found)) if found else FiscalYear.of(japan_date(ctx.now))


@require_safe
@desk_page
def of_year(request: HttpRequest, ctx: Context, year: int) -> HttpResponseBase:
    """The days of one fiscal year."""
    return _page(request, ctx, _known(year), dict.fromkeys(KEYS, ""))


def _known(year: int) -> FiscalYear:
    try:
        return FiscalYear(year)
    except ValueError as exc:
        raise Missing from exc


def _page(
    request: HttpRequest,
    ctx: Context,
    year: FiscalYear,
    typed: dict[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    entries = queries.calendar(ctx, year)
    errors = _errors(problem)
    may = access.CHANGE_CALENDAR.holds_anywhere(ctx)
    return show(
        request,
        ctx,
        "calendar",
        _("%(year)sの予定") % {"year": fiscal_year(year)},
        status=problem.status if problem else 200,
        months=_months(entries, japan_date(ctx.now)),
        before=_to_year(ctx, year.year - 1),
        after=_to_year(ctx, year.year + 1),
        saves=saves("plan-desk-calendar-sheet", ctx, year.year),
        import_href=address("plan-desk-calendar-import", ctx) if may else "",
        here=address("plan-desk-calendar", ctx),
        typed=typed,
        errors=errors,
        said={error.key: error.message for error in errors},
        may_change=may,
        has_entries=bool(entries),
    )


def _to_year(ctx: Context, year: int) -> Link | None:
    """The page of a year; none before the first fiscal year and after the last one."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return Link(year_name(FiscalYear(year)), address("plan-desk-calendar-year", ctx, year))


def _months(entries: Sequence[CalendarEntry], today: dt.date) -> list[Month]:
    found: dict[str, list[Day]] = {}
    following = next((one.pk for one in entries if (one.last_day or one.first_day) >= today), None)
    for one in entries:
        last = one.last_day or one.first_day
        found.setdefault(month_name(one.first_day), []).append(
            Day(
                one.pk,
                calendar_sheet.days_of(one),
                one.title,
                one.office,
                one.note,
                past=last < today,
                today=one.first_day <= today <= last,
                following=one.pk == following,
            )
        )
    return [Month(name, days) for name, days in found.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def entry(request: HttpRequest, ctx: Context, entry_id: UUID) -> HttpResponseBase:
    """One day: change it, or strike it out."""
    need(access.CHANGE_CALENDAR, ctx)
    found = queries.calendar_entry(ctx, entry_id)
    back = address("plan-desk-calendar-year", ctx, FiscalYear.of(found.first_day).year)
    typed = {
        "first_day": wareki(found.first_day),
        "last_day": wareki(found.last_day),
        **{key: getattr(found, key) for key in ("title", "office", "note")},
    }
    problem: Problem | None = None
    if request.method == "POST":
        try:
            version = version_of(request)
            if request.POST.get("do") == "remove":
                _change(ctx, {"id": str(found.pk), "version": version, "remove": True})
                return see("plan-desk-calendar-year", ctx, FiscalYear.of(found.first_day).year)
            typed = {key: request.POST.get(key, "") for key in KEYS}
            fresh = _read(typed)
            _change(ctx, {"id": str(found.pk), "version": version, "entry": fresh})
            there = dt.date.fromisoformat(str(fresh["first_day"]))
            return see("plan-desk-calendar-year", ctx, FiscalYear.of(there).year)
        except Problem as refused:
            problem = refused
    errors = _errors(problem)
    return show(
        request,
        ctx,
        "calendar_entry",
        _("予定を直す"),
        crumbs=[Link(_("年間の予定"), back)],
        status=_status(problem),
        entry=found,
        typed=typed,
        errors=errors,
        said={error.key: error.message for error in errors},
        back=back,
    )


def _status(problem: Problem | None) -> int:
    """Of one day: that somebody else changed it meanwhile is a conflict."""
    if problem is None:
        return 200
    several = problem.problems if isinstance(problem, Problems) else (problem,)
    return Stale.status if any(isinstance(one, Stale) for one in several) else problem.status


def _read(typed: dict[str, str]) -> dict[str, str | None]:
    """A day as typed, for the action: dates in ISO 8601. Raises :class:`Problems` for what is no date."""
    found: dict[str, str | None] = {key: text.strip() or None for key, text in typed.items()}
    problems = []
    for key in ("first_day", "last_day"):
        text = found[key]
        try:
            found[key] = parse_date(text).isoformat() if text else None
        except ValueError as wrong:
            problems.append(Problem("date", str(wrong), field=f"0.{key}", found=text or ""))
    if problems:
        raise Problems(problems)
    return found


def _change(ctx: Context, *changes: EntryChange) -> None:
    here = Municipality.objects.for_actor(ctx).filter(pk=ctx.municipality.id).first()
    if here is None:
        raise Missing
    change_calendar(ctx, here, ChangeCalendar(list(changes)))


def _errors(problem: Problem | None) -> list[FieldError]:
    """A refusal as the errors of a form of one day."""
    if problem is None:
        return []
    found = [(one.key.partition(".")[2], one.message) for one in errors_of(problem)]
    return [FieldError(key if key in KEYS else "", message) for key, message in found]


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, year: int, file_format: Format) -> HttpResponseBase:
    """A fiscal year as a file; whoever may change it gets one that comes back in."""
    known = _known(year)
    name = _("%(year)sの予定") % {"year": known.wareki}
    table = calendar_sheet.table(
        queries.calendar(ctx, known),
        name=name,
        municipality=ctx.municipality.name,
        as_of=ctx.now,
        editable=access.CHANGE_CALENDAR.holds_anywhere(ctx),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Send a sheet of days; the answer shows what it would change."""
    need(access.CHANGE_CALENDAR, ctx)
    if request.method != "POST":
        return _form(request, ctx, [])
    try:
        cells = read(received(request, "file"))  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
        entries = queries.calendar(ctx)
        found = compare(cells, calendar_sheet.columns(), calendar_sheet.rows(entries), fresh=True)
    except Problem as problem:
        return _form(request, ctx, [FieldError("file", one.message) for one in errors_of(problem)])
    return show(
        request,
        ctx,
        "calendar_preview",
        _("予定の表の確認"),
        crumbs=[_up(ctx)],
        status=422 if found.problems else 200,
        found=found,
        lines=previewing.lines(found, {one.pk: str(one) for one in entries}),
        **previewing.carried(found, "entry"),
        confirm_href=address("plan-desk-calendar-confirm", ctx),
        again_href=address("plan-desk-calendar-import", ctx),
    )


def _up(ctx: Context) -> Link:
    return Link(_("年間の予定"), address("plan-desk-calendar", ctx))


def _form(request: HttpRequest, ctx: Context, errors: list[FieldError]) -> HttpResponse:
    now = FiscalYear.of(japan_date(ctx.now))
    return show(
        request,
        ctx,
        "calendar_import",
        _("予定の表を取り込む"),
        crumbs=[_up(ctx)],
        status=422 if errors else 200,
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size),
        here=address("plan-desk-calendar-import", ctx),
        back=address("plan-desk-calendar", ctx),
        sheet_href=address("plan-desk-calendar-sheet", ctx, now.year, "xlsx"),
    )


@require_POST
@desk_page
def confirm(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Take the days in: all of them or none."""
    need(access.CHANGE_CALENDAR, ctx)
    places: list[object] = []
    try:
        places = previewing.listed(request, "places")
        _change(ctx, *previewing.listed(request, "changes"))
    except Problem as problem:
        return _form(
            request, ctx, [FieldError("file", previewing.at_place(one, places)) for one in errors_of(problem)]
        )
    return see("plan-desk-calendar", ctx)
