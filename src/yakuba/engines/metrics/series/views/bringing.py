"""A file is dropped, laid beside what is there, put right where a cell cannot be read, and taken in. Or one value is typed.

Between the steps the file lies in the store with nobody's row, and goes after a day when nothing comes of it; an attendance list never
enters it: its rows without names go through the form, signed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yakuba.engines.metrics.access import BRING
from yakuba.engines.metrics.models import STATUSES, Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import my_number, people, queries, reading, rules
from yakuba.engines.metrics.series.actions import BringValues, bring_values, type_value
from yakuba.engines.metrics.series.actions.bringing import demand_no_list, sent
from yakuba.engines.metrics.series.layout import Layout
from yakuba.engines.metrics.series.queries import period_name
from yakuba.engines.metrics.series.reading import Brought, Fault
from yakuba.engines.metrics.series.rules import VERDICTS, Beside
from yakuba.engines.metrics.series.views.frame import (
    figure_text,
    of_series,
    show,
    status_badge,
    top,
)
from yakuba.engines.metrics.series.views.page import page, parts_text
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Problem, Problems
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.files import store as files
from yakuba.kernel.files.receiving import dropped, received
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.reading import read as read_sheet
from yakuba.kernel.ui.components import FieldError, badge
from yakuba.kernel.ui.components.marks import Tone
from yakuba.kernel.ui.formats import moment

_LASTS: Final = 24 * 60 * 60
_FAULTS: Final = 50  # cells that are offered to be put right at once
_SHOWN: Final = 200
_FIX: Final = re.compile(r"fix-([A-Z]{1,3}[0-9]{1,6})\Z")
_TONES: Final[Mapping[str, tuple[Tone, str]]] = {
    "new": ("accent", "circle-half"),
    "changed": ("warn", "swap"),
    "firmer": ("good", "check"),
    "same": ("neutral", "circle"),
    "refused": ("bad", "error"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What goes with the form from step to step: which file, for which period, cells put right; the rows of an attendance list."""

    name: str
    digest: str
    period: Period | None
    fixes: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[people.Entry] = ()

    def dumped(self, salt: str) -> str:
        """Signed, for the form."""
        made = {
            "name": self.name,
            "digest": self.digest,
            "period": [self.period.kind, self.period.last.isoformat()] if self.period else None,
            "fixes": dict(self.fixes),
            "rows": [[one.line, one.person, one.office, one.attended, *one.at] for one in self.rows],
        }
        return signing.dumps(made, salt=salt, compress=True)

    @classmethod
    def loaded(cls, text: str, salt: str) -> Kept:
        """The reverse. Raises :class:`Problem` for anything else."""
        try:
            made: dict[str, Any] = signing.loads(text, salt=salt, max_age=_LASTS)  # Any: what was dumped
        except signing.SignatureExpired as exc:
            raise Problem(
                "expired",
                _("確認の画面を開いてから1日が過ぎました。ファイルをもう一度選んでください。"),
                field="file",
            ) from exc
        except (signing.BadSignature, ValueError) as exc:
            raise Problem(
                "changes", _("ファイルを読み取れません。もう一度選んでください。"), field="file"
            ) from exc
        when = made["period"]
        period = Period.of(when[0], dt.date.fromisoformat(when[1])) if when else None
        rows = tuple(
            people.Entry(line, person, office, attended, (a, b, c))
            for line, person, office, attended, a, b, c in made["rows"]
        )
        return cls(made["name"], made["digest"], period, made["fixes"], rows)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as read with what was put right."""

    brought: Sequence[Brought]
    faults: Sequence[Fault]
    passed: Sequence[tuple[int, str]]
    rows: int
    counted: people.Counted | None = None


@require_POST
@desk_page
def bring(request: HttpRequest, ctx: Context, series_id: UUID) -> HttpResponseBase:
    """Look at a file; with ``do=keep`` take it in."""
    series = queries.series_of(ctx, series_id)
    if not BRING.may(ctx, series).allowed:
        raise Denied
    salt = f"metrics.series:{series.pk}:{ctx.actor.id}"
    layout = queries.layout_of(series)
    typed = {
        "year": request.POST.get("year", ""),
        "month": request.POST.get("month", ""),
        "status": request.POST.get("status", "preliminary"),
        "reason": request.POST.get("reason", ""),
        "leave": request.POST.get("leave", ""),
    }
    try:
        if "kept" in request.POST:
            kept = Kept.loaded(request.POST["kept"], salt)
            kept = Kept(kept.name, kept.digest, kept.period, {**kept.fixes, **_fixes(request)}, kept.rows)
            looked = _looked(series, layout, kept, None)
        else:
            kept, looked = _received(request, series, layout, typed)
    except Problem as problem:
        return page(request, ctx, series, problem, typed)
    if request.POST.get("do") != "keep":
        return _preview(request, ctx, series, kept, looked, typed, salt)
    try:
        _demand_whole(looked)
        _take(ctx, series, kept, looked, typed)
    except Problem as problem:
        return _preview(request, ctx, series, kept, looked, typed, salt, problem)
    return see("metrics-series", ctx, series.pk, fragment="values")


def _fixes(request: HttpRequest) -> dict[str, str]:
    """The cells that somebody put right."""
    return {
        found[1]: value.strip()[:200]
        for name, value in request.POST.items()
        if (found := _FIX.match(name)) and isinstance(value, str)
    }


def _asked(series: Series, layout: Layout, typed: Mapping[str, str]) -> Period | None:
    """The period that a file without one is of. Raises :class:`Problem`."""
    if not layout.asks:
        return None
    try:
        year = FiscalYear.parse(typed["year"])
        if series.every == "year" or not typed["month"]:
            return Period.year(year)
        month = int(typed["month"])
        return Period.month(dt.date(year.year + (month < 4), month, 1))
    except ValueError as exc:
        raise Problem("period", _("どの期間のファイルかを選んでください。"), field="year") from exc


def _received(
    request: HttpRequest, series: Series, layout: Layout, typed: Mapping[str, str]
) -> tuple[Kept, Looked]:
    """The file of the form. Only one that can be read as this series' enters the store."""
    upload = received(request, "file")
    stream = cast("BinaryIO", upload)
    asked = _asked(series, layout, typed)
    grid = read_sheet(stream)
    # The file goes into the store whole; the sheet with the figures is looked at where its heads are.
    my_number.demand_none_in(stream, "file", beside=True)
    if layout.shape == "people":
        rows = people.entries(grid, layout)
        if len(rows) > people.MOST:
            raise Problem(
                "rows",
                _("%(found)s人の名簿です。%(most)s人までにしてください。")
                % {"found": f"{len(rows):,}", "most": f"{people.MOST:,}"},
                field="file",
            )
        kept = Kept(str(upload.name), hashlib.sha256(stream.read()).hexdigest(), asked, {}, rows)
        return kept, _looked(series, layout, kept, None)
    looked = _looked(series, layout, Kept(str(upload.name), "", asked), grid)
    return Kept(str(upload.name), files.put(stream), asked), looked


def _looked(series: Series, layout: Layout, kept: Kept, grid: Grid | None) -> Looked:
    """Read it, once more from the store where ``grid`` is not given."""
    if layout.shape == "people":
        counted = people.count(kept.rows, layout, kept.fixes)
        period = cast("Period", kept.period)
        brought = [counted.brought(period)] if counted.whole.all else []
        return Looked(brought, counted.faults, (), counted.rows, counted)
    if grid is None:
        try:
            with files.backend().open(kept.digest) as stream:
                grid = read_sheet(stream)
        except FileNotFoundError:
            raise Problem(
                "file_gone", _("受け取ったファイルがなくなりました。もう一度選んでください。"), field="file"
            ) from None
    found = reading.read(
        grid,
        layout,
        every=series.every,
        aggregation=series.aggregation,
        unit=series.unit,
        asked=kept.period,
        fixes=kept.fixes,
    )
    return Looked(found.brought, found.faults, found.passed, found.rows)


def _demand_whole(looked: Looked) -> None:
    """Raises :class:`Problem` while a cell cannot be read: a file goes in as a whole."""
    if looked.faults:
        raise Problem(
            "faults",
            _("読めないセルが%d件あります。下の欄で直してください。") % len(looked.faults),
            field=f"fix-{looked.faults[0].address}",
        )


def _take(ctx: Context, series: Series, kept: Kept, looked: Looked, typed: Mapping[str, str]) -> None:
    listed = looked.counted is not None
    laid = _laid(ctx, series, looked, _status(typed["status"]))
    # Left out only by a tick, and only beside others: what is refused alone is told by the action.
    fit = [one.brought for one in laid if not one.refused] if typed["leave"] else []
    data = BringValues(
        values=[sent(one) for one in fit or [one.brought for one in laid]],
        status=_status(typed["status"]),
        reason=typed["reason"],
        sha256="" if listed else kept.digest,
        digest=kept.digest,
        file_name=kept.name[-255:],
    )
    bring_values(ctx, series, data)


def _laid(ctx: Context, series: Series, looked: Looked, status: str) -> list[Beside]:
    """What was read beside what stands."""
    return rules.beside(
        [one for one in looked.brought if one.says],
        queries.of_version(ctx, series),
        status=status,
        plan=queries.plan_of(series),
        today=japan_date(ctx.now),
        aggregation=series.aggregation,
    )


def _status(text: str) -> str:
    """Raises :class:`Problem` for none of them."""
    if text not in dict(STATUSES):
        raise Problem("status", _("確度を選んでください。"), field="status", found=text[:40])
    return text


# --- the preview ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """A period of the file beside what is there."""

    period: str
    before: str
    before_status: str
    after: str
    detail: str
    difference: str
    verdict: str
    where: str
    words: str
    warned: bool


def _preview(
    request: HttpRequest,
    ctx: Context,
    series: Series,
    kept: Kept,
    looked: Looked,
    typed: Mapping[str, str],
    salt: str,
    problem: Problem | None = None,
) -> HttpResponse:
    status = typed["status"] if typed["status"] in dict(STATUSES) else "preliminary"
    laid = _laid(ctx, series, looked, status)
    counts = {key: sum(one.verdict == key for one in laid) for key, _label in VERDICTS}
    earlier = queries.came_before(ctx, series, kept.digest)
    errors = [
        FieldError(f"fix-{one.address}", f"{one.address}：{one.message}") for one in looked.faults[:_FAULTS]
    ]
    answer = show(
        request,
        ctx,
        "series_preview",
        _("届けるファイルの確認"),
        crumbs=[top(ctx), of_series(ctx, series)],
        problem=problem,
        series=series,
        name=kept.name,
        again=_("%(at)s %(by)s") % {"at": moment(earlier.at), "by": earlier.by_label} if earlier else "",
        lines=[_line(series, one) for one in laid[:_SHOWN]],
        more=max(len(laid) - _SHOWN, 0),
        tally=[(label, counts[key]) for key, label in VERDICTS if counts[key]],
        faults=[
            (f"fix-{one.address}", one, kept.fixes.get(one.address, one.found))
            for one in looked.faults[:_FAULTS]
        ],
        more_faults=max(len(looked.faults) - _FAULTS, 0),
        fault_errors=errors,
        passed=looked.passed[:20],
        more_passed=max(len(looked.passed) - 20, 0),
        rows=looked.rows,
        counted=looked.counted,
        wants_reason=any(one.reason for one in laid),
        ready=not looked.faults and any(one.verdict not in {"same", "refused"} for one in laid),
        blocked=counts["refused"],
        same=bool(laid) and counts["same"] == len(laid) and not looked.faults,
        nothing=not laid and not looked.faults,
        statuses=[(key, _(label)) for key, label in STATUSES],
        typed={**typed, "status": status},
        kept=kept.dumped(salt),
        notes=_notes(kept),
    )
    if looked.faults and problem is None:
        answer.status_code = 422
    return answer


def _notes(kept: Kept) -> list[str]:
    """Cells that were put right, so that nobody forgets that the file says something else."""
    return [
        _("%(place)sを「%(text)s」に直しました。") % {"place": place, "text": text}
        if text
        else _("%sを空にしました。") % place
        for place, text in kept.fixes.items()
    ]


def _line(series: Series, one: Beside) -> Line:
    brought, before = one.brought, one.before
    tone, mark = _TONES[one.verdict]
    label = str(dict(VERDICTS)[one.verdict])
    detail = brought.raw if brought.numerator is not None else ""
    parts = parts_text(series, brought.parts) if len(brought.parts) <= 6 else ""
    difference = one.difference
    return Line(
        period_name(brought.period),
        figure_text(series, before.number, before.state) if before else "",
        status_badge(before.status) if before else "",
        figure_text(series, brought.number, brought.state),
        "　".join(part for part in (detail, parts) if part),
        _changed(series, difference) if difference else "",
        badge(label, tone=tone, mark=mark),
        _("%d行目") % brought.line if brought.line else "",
        one.refused or one.warning,
        bool(one.warning or one.refused),
    )


def _changed(series: Series, difference: Decimal) -> str:
    """By how much a value changes: a share by points."""
    shown = figure_text(series, difference)
    if series.aggregation == "ratio" and shown.endswith("%"):
        shown = _("%sポイント") % shown[:-1]
    return f"+{shown}" if difference > 0 else shown


# --- typing -----------------------------------------------------------------------------------------------------------
@require_POST
@desk_page
def typing(request: HttpRequest, ctx: Context, series_id: UUID) -> HttpResponseBase:
    """One value, typed; with it the file that shows it, where there is one."""
    series = queries.series_of(ctx, series_id)
    if not BRING.may(ctx, series).allowed:
        raise Denied
    keys = ("year", "month", "value", "numerator", "denominator", "status", "reason")
    typed = {key: request.POST.get(key, "") for key in keys}
    try:
        refused = dropped(request, "evidence")
        if refused is not None:
            raise refused
        data = type_value.read_text({**typed, "sha256": "", "file_name": ""})
        found = request.FILES.get("evidence")
        if found is not None and not isinstance(found, list):
            demand_no_list(series, "evidence")
            my_number.demand_none_in(cast("BinaryIO", found), "evidence")
            digest = files.put(cast("BinaryIO", found))
            data = type_value.read_text({**typed, "sha256": digest, "file_name": str(found.name)[-255:]})
        type_value(ctx, series, data)
    except Problem as problem:
        return page(request, ctx, series, _named(problem), {**typed, "do": "type"})
    return see("metrics-series", ctx, series.pk, fragment="values")


def _named(problem: Problem) -> Problem:
    """What is refused of the one value is of its field."""
    for one in problem.problems if isinstance(problem, Problems) else ():
        one.field = "value" if one.field == "0" else one.field
    return problem
