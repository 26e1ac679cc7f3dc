"""An older system's history of a metric, as version 0 of its definition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, TypedDict

from django.utils.translation import gettext as _

from yakuba.engines.metrics import queries, store
from yakuba.engines.metrics.access import FREEZE
from yakuba.engines.metrics.actions.correcting import figure_of
from yakuba.engines.metrics.declaring import Metric
from yakuba.engines.metrics.loading import break_between, demand_loadable
from yakuba.engines.metrics.models import FrozenFigure, MetricSetting
from yakuba.engines.metrics.noting import Kept, cells
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given, read_parts, write_parts
from yakuba.engines.metrics.wording import period_name
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.fields.kinds import plain_decimal
from yakuba.kernel.files import store as files

RETENTION: Final = "metrics_source"
MOST: Final = 1_000  # periods at once: eighty years of months


class EarlierRow(TypedDict):
    """One row as JSON: ``last`` is its period's last day, numbers are plain decimal text or None; ``line`` is the file's row."""

    kind: str
    last: str
    number: str | None
    numerator: str | None
    denominator: str | None
    parts: dict[str, str]
    line: int | None


def sent(one: Given) -> EarlierRow:
    """What was read, for the action."""
    return {
        "kind": one.period.kind,
        "last": one.period.last.isoformat(),
        "number": _text(one.number),
        "numerator": _text(one.numerator),
        "denominator": _text(one.denominator),
        "parts": write_parts(one.parts),
        "line": one.line,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain_decimal(number)


@dataclass(frozen=True, kw_only=True)
class LoadEarlier:
    """Rows, each an :class:`EarlierRow`. ``reason`` is asked for where the two definitions are more than 20 % apart.

    ``sha256`` names bytes that the file store holds. ``since`` is the day from which Yakuba's own counting is to count.
    ``over_corrected``: rows follow what was corrected, too, for a reason; without it a corrected figure stays as it is.
    """

    metric: Annotated[str, fields.text(label="指標の種類", classification=INTERNAL, max_length=80)]
    rows: Annotated[
        list[EarlierRow], fields.document(label="値", classification=INTERNAL, default=list, required=True)
    ]
    reason: Annotated[str, fields.prose(label="理由", classification=INTERNAL, max_length=1000)] = ""
    since: Annotated[
        dt.date | None, fields.date(label="計測を始める日", classification=INTERNAL, required=False)
    ] = None
    sha256: Annotated[
        str, fields.text(label="ファイル", classification=INTERNAL, max_length=64, required=False)
    ] = ""
    file_name: Annotated[
        str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255, required=False)
    ] = ""
    over_corrected: Annotated[
        bool, fields.yes_no(label="訂正した値も置き換える", classification=INTERNAL)
    ] = False


@action("metrics.load", label="以前のシステムの値を取り込む", may=FREEZE, data=LoadEarlier)
def load_earlier(ctx: Context, subject: None, data: LoadEarlier) -> FrozenFigure:
    """All rows or none; returns the newest of what was written.

    Raises :class:`Problems` on the places of rows, :class:`Problem`: nothing new, no reason where one is asked for.
    """
    one = store.demand_metric(data.metric)
    rows = _rows(ctx, one, data.rows)
    found = break_between(ctx, one, rows, data.since)
    reason = data.reason.strip()
    if found is not None and found.asks_for_reason and not reason:
        raise Problem(
            "reason",
            _("以前の値と、このシステムの数え方の値が20％を超えて違います。違う理由を書いてください。"),
            field="reason",
        )
    if data.over_corrected:
        store.demand_reason(reason)
    file = files.refer(ctx, data.sha256, data.file_name, retention_class=RETENTION) if data.sha256 else None
    made = store.load_earlier(
        ctx, one.key, rows, file, reason or _("以前のシステムの値を取り込みました。"),
        over_corrected=data.over_corrected,
    )  # fmt: skip
    if data.since is not None:
        _begin(ctx, one, data.since)
    if not made:
        raise Problem(
            "same", _("取り込んである値と同じか、訂正した値です。変わるものはありません。"), field="rows"
        )
    ctx.because(reason)
    ctx.note(cells=_told(one, made), file=data.file_name)
    store.release(ctx, [one.key])
    return made[-1]


def _told(one: Metric, made: Sequence[FrozenFigure]) -> list[dict[str, str]]:
    """Each period that was written, with what the older system had said of it before (one query)."""
    rows = FrozenFigure.unscoped.filter(
        municipality=made[0].municipality_id, metric=one.key, definition_version=0
    )
    stood = {(row.kind, row.last, row.revision): row for row in rows}
    found = []
    for row in made:
        before = stood.get((row.kind, row.last, row.revision - 1))
        period = period_name(queries.period_of(row))
        old = None if before is None else _kept(before)
        found += cells("metric_frozen", row.pk, str(one.label), period, one.unit, old, _kept(row))
    return found


def _kept(row: FrozenFigure) -> Kept:
    return Kept(row.number, "", row.numerator, row.denominator)


def _begin(ctx: Context, one: Metric, since: dt.date) -> None:
    """From which day it counts here; what else was decided stays."""
    setting = queries.settings(ctx, [one.key]).get(one.key)
    if setting is None:
        setting = MetricSetting(municipality_id=ctx.municipality.id, metric=one.key, public=one.public)
    setting.since = since
    setting.save()
    ctx.note(since=since.isoformat())


def _rows(ctx: Context, one: Metric, sent_rows: object) -> list[Given]:
    if not isinstance(sent_rows, list) or not 0 < len(sent_rows) <= MOST:
        raise Problem("rows", _("取り込む値がありません。ファイルをもう一度選んでください。"), field="rows")
    found: list[Given] = []
    problems: list[Problem] = []
    for place, row in enumerate(sent_rows):
        try:
            given = figure_of(one, given_of(row))
            demand_loadable(ctx, one, given.period)
            found.append(given)
        except Problem as problem:
            problem.field = f"{place}.{problem.field}"
            problems.append(problem)
    if problems:
        raise Problems(problems)
    return found


def given_of(row: Any) -> Given:  # Any: JSON
    """A figure of an :class:`EarlierRow`. Raises :class:`Problem` for another shape."""
    try:
        kind, last, line = row["kind"], dt.date.fromisoformat(row["last"]), row.get("line")
        if kind not in {"month", "year", "as_of"}:
            raise ValueError(kind)  # noqa: TRY301 – one way out for every other shape
        period = Period.of(kind, last)
        if period.last != last:
            raise ValueError(last)  # noqa: TRY301 – as above
        return Given(
            period,
            _number(row.get("number")),
            _number(row.get("numerator")),
            _number(row.get("denominator")),
            read_parts({str(key)[:80]: one for key, one in (row.get("parts") or {}).items()}),
            line if isinstance(line, int) else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        message = _("行を読み取れません。ファイルをもう一度選んでください。")
        raise Problem("shape", message, field="rows") from None


def _number(text: Any) -> Decimal | None:  # Any: JSON
    return None if text is None else Decimal(str(text))
