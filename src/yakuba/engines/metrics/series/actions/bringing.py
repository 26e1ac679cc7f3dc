"""An office brings values: from a file that was looked at, or typed. What stands is never written over, the newest counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, TypedDict

from django.db.models import Max
from django.utils.translation import gettext as _

from yakuba.engines.metrics.access import BRING
from yakuba.engines.metrics.models import STATUSES, Series, SeriesValue
from yakuba.engines.metrics.noting import Kept, cells
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import beyond, read_parts, write_parts
from yakuba.engines.metrics.series import queries, rules, spelled
from yakuba.engines.metrics.series.actions.releasing import release_series
from yakuba.engines.metrics.series.reading import Brought
from yakuba.engines.metrics.series.rules import Beside, Standing
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile

RETENTION: Final = "metrics_source"
_MOST: Final = 1_000  # periods in one file: eighty years of months


class ValueSent(TypedDict):
    """One value as JSON: ``last`` is its period's last day, numbers are plain decimal text or None; ``line`` is the file's row."""

    kind: str
    last: str
    raw: str
    number: str | None
    state: str
    numerator: str | None
    denominator: str | None
    parts: dict[str, str]
    line: int | None


def sent(one: Brought) -> ValueSent:
    """What was read, for the action."""

    def text(number: Decimal | None) -> str | None:
        return None if number is None else spelled.text_of(number)

    return {
        "kind": one.period.kind,
        "last": one.period.last.isoformat(),
        "raw": one.raw,
        "number": text(one.number),
        "state": one.state,
        "numerator": text(one.numerator),
        "denominator": text(one.denominator),
        "parts": write_parts(one.parts),
        "line": one.line,
    }


@dataclass(frozen=True, kw_only=True)
class BringValues:
    """Values that were read from a file, each a :class:`ValueSent`.

    ``sha256`` names bytes that the file store holds; without it the file is not kept (an attendance list names people), and ``digest``
    alone says which it was. ``reason`` is asked for where a 確定 becomes another value.
    """

    values: Annotated[
        list[ValueSent], fields.document(label="値", classification=INTERNAL, default=list, required=True)
    ]
    status: Annotated[str, fields.choice(STATUSES, label="確度", classification=INTERNAL)]
    reason: Annotated[str, fields.prose(label="理由", classification=INTERNAL, max_length=1000)] = ""
    sha256: Annotated[
        str, fields.text(label="ファイル", classification=INTERNAL, max_length=64, required=False)
    ] = ""
    digest: Annotated[
        str, fields.text(label="ファイルの要約値", classification=INTERNAL, max_length=64, required=False)
    ] = ""
    file_name: Annotated[
        str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255, required=False)
    ] = ""


@dataclass(frozen=True, kw_only=True)
class TypeValue:
    """A value that somebody types. ``month`` is empty for a whole year; shares and averages by value, or by both of their numbers."""

    year: Annotated[FiscalYear, fields.fiscal_year(label="年度", classification=INTERNAL)]
    month: Annotated[
        int | None,
        fields.integer(label="月", classification=INTERNAL, required=False, minimum=1, maximum=12),
    ] = None
    value: Annotated[str, fields.text(label="値", classification=INTERNAL, max_length=60, required=False)] = (
        ""
    )
    numerator: Annotated[
        str, fields.text(label="分子", classification=INTERNAL, max_length=30, required=False)
    ] = ""
    denominator: Annotated[
        str, fields.text(label="分母", classification=INTERNAL, max_length=30, required=False)
    ] = ""
    status: Annotated[str, fields.choice(STATUSES, label="確度", classification=INTERNAL)]
    reason: Annotated[str, fields.prose(label="理由", classification=INTERNAL, max_length=1000)] = ""
    sha256: Annotated[
        str, fields.text(label="根拠のファイル", classification=INTERNAL, max_length=64, required=False)
    ] = ""
    file_name: Annotated[
        str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255, required=False)
    ] = ""


@action("metrics.bring_values", label="外部の数値を届ける", may=BRING, data=BringValues)
def bring_values(ctx: Context, series: Series, data: BringValues) -> Series:
    """All of them or none. Raises :class:`Problems`, the field of each is its place; nothing to write is a problem too."""
    if data.sha256:
        demand_no_list(series, "file")
    found = [_read(one, place, series) for place, one in enumerate(_several(data.values))]
    _write(ctx, series, found, data.status, data.reason, _File(data.sha256, data.digest, data.file_name))
    return series


@action("metrics.type_value", label="外部の数値を入力する", may=BRING, data=TypeValue)
def type_value(ctx: Context, series: Series, data: TypeValue) -> Series:
    """One value, as somebody reads it from elsewhere; a file that shows it may be kept with it. Raises :class:`Problem`."""
    if data.sha256:
        demand_no_list(series, "evidence")
    _write(
        ctx,
        series,
        [_typed(series, data)],
        data.status,
        data.reason,
        _File(data.sha256, data.sha256, data.file_name),
    )
    return series


# --- reading ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _File:
    sha256: str
    digest: str
    name: str


def _several(given: object) -> Sequence[object]:
    if not isinstance(given, list) or not 0 < len(given) <= _MOST:
        raise Problem("values", _("届ける値がありません。ファイルをもう一度選んでください。"), field="file")
    return given


def _read(given: object, place: int, series: Series) -> Brought:
    """A value of the action's JSON. Raises :class:`Problem` for another shape."""
    try:
        found = _value(given, series) if isinstance(given, Mapping) else None
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        found = None
    if found is None:
        raise Problem("shape", _("値を読み取れません。ファイルをもう一度選んでください。"), field=f"{place}")
    return found


def _value(given: Mapping[Any, Any], series: Series) -> Brought | None:  # Any: JSON
    """None for a period that the series does not have."""
    kind, last = str(given["kind"]), dt.date.fromisoformat(str(given["last"]))
    period = Period.month(last) if kind == "month" else Period.of("year", last)
    if kind not in {"year", series.every} or period.last != last:
        return None
    line, parts = given.get("line"), given.get("parts") or {}
    return Brought(
        period,
        raw=str(given.get("raw") or "")[:300],
        number=_number(given.get("number")),
        state=str(given.get("state") or "")[:60] if series.aggregation == "state" else "",
        numerator=_number(given.get("numerator")),
        denominator=_number(given.get("denominator")),
        parts=read_parts({str(key)[:60]: value for key, value in parts.items()}),
        line=line if isinstance(line, int) else None,
    )


def _number(given: Any) -> Decimal | None:  # Any: JSON
    return None if given is None else Decimal(str(given))


def _typed(series: Series, data: TypeValue) -> Brought:
    """What was typed, as a file's row would say it. Raises :class:`Problems` on the fields."""
    if data.month is None:
        period = Period.year(data.year)
    elif series.every == "month":
        period = Period.month(dt.date(data.year.year + (data.month < 4), data.month, 1))
    else:
        raise Problem("month", _("この数値は年度ごとです。月は空にしてください。"), field="month")
    if series.aggregation == "state":
        if not data.value.strip():
            raise _empty("value", _("値"))
        return Brought(period, raw=data.value.strip(), state=data.value.strip())
    shares = series.aggregation in {"ratio", "average"}
    if shares and (data.numerator.strip() or data.denominator.strip()):
        return _quotient(series, period, data)
    value = _cell(data.value, "value", _("値"), series.unit)
    if beyond(series.aggregation, value):
        raise Problem(
            "range",
            _("率が0%から100%の間にありません。0から100までの数にしてください。"),
            field="value",
            found=data.value[:40],
        )
    return Brought(period, raw=data.value.strip(), number=value)


def _quotient(series: Series, period: Period, data: TypeValue) -> Brought:
    top = _cell(data.numerator, "numerator", _("分子"))
    bottom = _cell(data.denominator, "denominator", _("分母"))
    if bottom <= 0:
        raise Problem(
            "denominator",
            _("「分母」は0より大きい数にしてください。"),
            field="denominator",
            found=data.denominator,
        )
    if beyond(series.aggregation, None, top, bottom):
        raise Problem(
            "range",
            _("「分子」は0以上で、分母以下にしてください。"),
            field="numerator",
            found=data.numerator,
        )
    number = spelled.even(top * (100 if series.aggregation == "ratio" else 1) / bottom)
    raw = f"{data.numerator.strip()}/{data.denominator.strip()}"
    return Brought(period, raw=raw, number=number, numerator=top, denominator=bottom)


def _empty(field: str, label: str) -> Problem:
    return Problem("required", _("「%(label)s」が空です。入力してください。") % {"label": label}, field=field)


def _cell(text: str, field: str, label: str, unit: str = "") -> Decimal:
    try:
        found = spelled.number(text, unit)
    except spelled.Unread as unread:
        raise Problem(
            "number",
            _("「%(label)s」に「%(found)s」は使えません。%(expected)s にしてください。")
            % {"label": label, "found": text[:40], "expected": unread.expected},
            field=field,
            found=text[:40],
        ) from None
    if found is None:
        raise _empty(field, label)
    return found.number


def demand_no_list(series: Series, field: str) -> None:
    """An attendance list names people, so that no file of such a series is kept. Raises :class:`Problem` on ``field``."""
    if queries.layout_of(series).shape == "people":
        raise Problem(
            "list", _("名簿から数える数値に、ファイルを付けて保存することはできません。"), field=field
        )


# --- writing ----------------------------------------------------------------------------------------------------------
def _write(
    ctx: Context, series: Series, found: Sequence[Brought], status: str, reason: str, file: _File
) -> None:
    """Lay it beside what stands and write what is new. Raises :class:`Problem`: refused, no reason, nothing new, ended."""
    if len({one.period for one in found}) != len(found):
        raise Problem("twice", _("同じ期間の値が2つあります。1つにしてください。"), field="file")
    laid = rules.beside(
        found,
        queries.of_version(ctx, series),
        status=status,
        plan=queries.plan_of(series),
        today=japan_date(ctx.now),
        aggregation=series.aggregation,
    )
    refused = [
        Problem(
            "refused",
            _("%(period)s：%(why)s")
            % {"period": queries.period_name(one.brought.period), "why": one.refused},
            field=str(place),
        )
        for place, one in enumerate(laid)
        if one.refused
    ]
    if refused:
        raise Problems(refused)
    news = [one for one in laid if one.verdict != "same"]
    if not news:
        raise Problem("same", _("今の値と同じです。変わるものはありません。"), field="file")
    if any(one.reason for one in news) and not reason.strip():
        raise Problem("reason", _("確定した値を変えるときは、理由を書いてください。"), field="reason")
    ctx.because(reason)
    stored = files.refer(ctx, file.sha256, file.name, retention_class=RETENTION) if file.sha256 else None
    rows = _rows(ctx, series, news, status, reason.strip(), file, stored)
    SeriesValue.unscoped.bulk_create(rows, batch_size=500)
    unit = series.unit or ("%" if series.aggregation == "ratio" else "")
    ctx.note(
        cells=[
            cell
            for one, row in zip(news, rows, strict=True)
            for cell in cells(
                "metric_series",
                series.pk,
                series.title,
                queries.period_name(one.brought.period),
                unit,
                None if one.before is None else _kept(one.before),
                _kept(row),
            )
        ],
        file=file.name,
        digest=file.digest,
    )
    release_series(ctx, series)


def _kept(one: Standing | SeriesValue) -> Kept:
    return Kept(one.number, one.state, one.numerator, one.denominator, one.status)


def _rows(
    ctx: Context,
    series: Series,
    news: Sequence[Beside],
    status: str,
    reason: str,
    file: _File,
    stored: StoredFile | None,
) -> list[SeriesValue]:
    """The next revision of each period. A reason stands where a value changed."""
    last = {
        (kind, day): revision
        for kind, day, revision in SeriesValue.unscoped.filter(
            series=series, definition_version=series.definition_version
        )
        .order_by()
        .values_list("kind", "last")
        .annotate(Max("revision"))
    }
    label = f"{ctx.actor.label}（{ctx.acting_post}）" if ctx.acting_post else ctx.actor.label
    made = []
    for found in news:
        one, place = found.brought, (found.brought.period.kind, found.brought.period.last)
        made.append(
            SeriesValue(
                municipality_id=series.municipality_id,
                series=series,
                definition_version=series.definition_version,
                kind=one.period.kind,
                first=one.period.first,
                last=one.period.last,
                revision=last[place] + 1 if place in last else 0,
                raw=one.raw,
                number=one.number,
                state=one.state,
                numerator=one.numerator,
                denominator=one.denominator,
                parts=write_parts(one.parts),
                status=rules.firmness(status, one.period, japan_date(ctx.now)),
                reason=reason if found.verdict == "changed" else "",
                file=stored,
                file_name=files.tidy_name(file.name) if file.name else "",
                file_digest=file.digest,
                line=one.line,
                at=ctx.now,
                by_label=label[:200],
            )
        )
    return made
