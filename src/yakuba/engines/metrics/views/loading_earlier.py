"""An older system's history: a file is looked at beside what this system counts, then taken in as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO, Final, cast

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.metrics import loading, queries
from yakuba.engines.metrics.access import FREEZE
from yakuba.engines.metrics.actions.loading import LoadEarlier, given_of, load_earlier, sent
from yakuba.engines.metrics.declaring import Metric
from yakuba.engines.metrics.loading import Reading
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.engines.metrics.series import spelled
from yakuba.engines.metrics.series.spelled import Unread
from yakuba.engines.metrics.sources import Figure, Operand
from yakuba.engines.metrics.uses import uses
from yakuba.engines.metrics.views.frame import found, show
from yakuba.engines.metrics.wording import number_text, period_name, value_text
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Denied, Problem
from yakuba.kernel.dates import format_date, japan_date, parse_date
from yakuba.kernel.files import limits
from yakuba.kernel.files import store as files
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.sheets.reading import read as read_sheet
from yakuba.kernel.ui.components import FieldError
from yakuba.kernel.ui.components.content import TableColumn, table
from yakuba.kernel.ui.lists import known

_LASTS: Final = 24 * 60 * 60
"""How long a preview can be confirmed, in seconds."""
_SHOWN: Final = 200
_FAULTS: Final = 100


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def load(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Choose a file; see what it says; take it in (``do=keep``)."""
    need(FREEZE, ctx)
    one = found(key)
    if request.method != "POST":
        known(request.GET)
        return _form(request, ctx, one)
    typed = {name: request.POST.get(name, "") for name in ("reason", "since", "target", "over_corrected")}
    salt = f"metrics.load:{key}:{ctx.actor.id}"
    try:
        if "kept" in request.POST:
            kept = _loaded(request.POST["kept"], salt)
        else:
            kept, reading = _received(request, ctx, one)
            if reading.faults:
                return _faulty(request, ctx, one, reading)
            typed["since"] = _proposed_since(reading)
    except Problem as problem:
        return _form(request, ctx, one, problem)
    try:
        since = _day(typed["since"])
        if request.POST.get("do") == "keep":
            data = LoadEarlier(
                metric=key, rows=kept["rows"], reason=typed["reason"], since=since, sha256=kept["sha256"],
                file_name=kept["name"][-255:], over_corrected=bool(typed["over_corrected"]),
            )  # fmt: skip
            load_earlier(ctx, None, data)
            return see("metrics-metric", ctx, key, fragment="frozen")
    except Denied:
        raise
    except Problem as problem:
        return _preview(request, ctx, one, kept, typed, salt, problem)
    return _preview(request, ctx, one, kept, typed, salt)


Kept = dict[str, Any]  # Any: rows, sha256, name; JSON that the form carries, signed


def _received(request: HttpRequest, ctx: Context, one: Metric) -> tuple[Kept, Reading]:
    """The file of the form. Only one that can be read as a whole enters the store."""
    upload = received(request, "file")
    stream = cast("BinaryIO", upload)
    reading = loading.read(one, read_sheet(stream), loading.part_names(ctx, one), japan_date(ctx.now))
    if reading.faults:
        return {}, reading
    stream.seek(0)
    kept = {
        "rows": [sent(row) for row in reading.rows],
        "sha256": files.put(stream),
        "name": str(upload.name),
        "ignored": list(reading.ignored),
        "empty": reading.empty,
    }
    return kept, reading


def _loaded(text: str, salt: str) -> Kept:
    try:
        return cast("Kept", signing.loads(text, salt=salt, max_age=_LASTS))
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


def _proposed_since(reading: Reading) -> str:
    """The day after the last whole year that the older system had: from then on this system's counting counts."""
    last = max(
        (row.period.last for row in reading.rows if row.period.kind in {"year", "month"}), default=None
    )
    return format_date(last + dt.timedelta(days=1)) if last else ""


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return parse_date(text)
    except ValueError:
        raise Problem(
            "since",
            _("「%(label)s」に「%(found)s」は使えません。%(expected)s にしてください。")
            % {
                "label": _("このシステムで数え始める日"),
                "found": text[:40],
                "expected": _("日付（例：令和8年4月1日）"),
            },
            field="since",
            found=text[:40],
        ) from None


def _form(request: HttpRequest, ctx: Context, one: Metric, problem: Problem | None = None) -> HttpResponse:
    return show(
        request,
        ctx,
        "load",
        one,
        _("以前のシステムの%(metric)sを取り込む") % {"metric": one.label},
        problem=problem,
        limit=limits.in_mb(LIMITS.size),
        two_numbers=one.aggregation in {"ratio", "average"},
        parts="、".join(loading.part_names(ctx, one).values()),
    )


def _faulty(request: HttpRequest, ctx: Context, one: Metric, reading: Reading) -> HttpResponse:
    faults = [FieldError("file", f"{one.address}：{one.message}") for one in reading.faults[:_FAULTS]]
    return show(
        request,
        ctx,
        "load",
        one,
        _("以前のシステムの%(metric)sを取り込む") % {"metric": one.label},
        faults=faults,
        more_faults=max(len(reading.faults) - _FAULTS, 0),
        limit=limits.in_mb(LIMITS.size),
        two_numbers=one.aggregation in {"ratio", "average"},
        parts="、".join(loading.part_names(ctx, one).values()),
    )


def _preview(
    request: HttpRequest,
    ctx: Context,
    one: Metric,
    kept: Kept,
    typed: Mapping[str, str],
    salt: str,
    problem: Problem | None = None,
) -> HttpResponse:
    rows = [given_of(row) for row in kept["rows"]]
    since = None
    if problem is None or problem.field != "since":
        since = _day(typed["since"])
    broken = loading.break_between(ctx, one, rows, since)
    found_by = queries.figures(ctx, one.key, [row.period for row in rows])
    corrected = queries.corrected_earlier(ctx, one.key) & {row.period for row in rows}
    targets = [
        (use, sentence)
        for use in uses(ctx, Operand("metric", one.key))
        if broken is not None
        and use.target is not None
        and (sentence := loading.rebase_told(broken, use.target, one.unit))
    ]
    asked, wrong = _target(typed["target"], one)
    return show(
        request,
        ctx,
        "load_preview",
        one,
        _("取り込む値の確認"),
        problem=problem or wrong,
        name=kept["name"],
        count=len(rows),
        ignored="、".join(kept["ignored"][:20]),
        empty=kept["empty"],
        lines=_lines(one, rows[:_SHOWN], found_by, corrected),
        corrected=len(corrected),
        more=max(len(rows) - _SHOWN, 0),
        typed=typed,
        kept=signing.dumps(kept, salt=salt, compress=True),
        told=loading.told(broken, one.unit) if broken else "",
        wants_reason=bool(broken and broken.asks_for_reason),
        targets=targets,
        rebased=loading.rebase_told(broken, asked, one.unit) if broken and asked is not None else "",
        may_rebase=bool(broken and broken.same_period and broken.old),
        again=address("metrics-load", ctx, one.key),
    )


def _target(text: str, one: Metric) -> tuple[Decimal | None, Problem | None]:
    try:
        found_number = spelled.number(text, one.unit)
    except Unread as unread:
        message = _("「%(label)s」に「%(found)s」は使えません。%(expected)s にしてください。") % {
            "label": _("目標値"),
            "found": text[:40],
            "expected": unread.expected,
        }
        return None, Problem("number", message, field="target", found=text[:40])
    return (found_number.number if found_number else None), None


def _lines(
    one: Metric, rows: Sequence[Given], stands: Mapping[Period, Figure], corrected: Collection[Period]
) -> object:
    """Each row beside what counts there now; the two numbers of a share or an average where there are any."""
    two = any(row.denominator is not None for row in rows)
    told: list[list[object]] = []
    for row in rows:
        figure = stands.get(row.period)
        there = "―"
        if figure is not None:
            there = value_text(figure.number, one.unit)
            if figure.version == 0:
                done = _("%s（訂正済み）") if row.period in corrected else _("%s（取り込み済み）")
                there = done % there
        share = f"{number_text(row.numerator)}／{number_text(row.denominator)}"
        told.append(
            [
                period_name(row.period),
                value_text(row.number, one.unit),
                *([share if row.denominator is not None else ""] if two else []),
                there,
                _("%d行目") % row.line if row.line else "",
            ]
        )
    columns = [
        TableColumn(_("期間")),
        TableColumn(_("以前の値"), number=True),
        *([TableColumn(_("分子／分母"), number=True)] if two else []),
        TableColumn(_("いまの値"), number=True),
        TableColumn(_("場所"), narrow=True),
    ]
    return table(_("取り込む値"), columns, told, hide_caption=True)
