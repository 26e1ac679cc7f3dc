"""Figures as pages show them: a chart's points and where its line breaks, rows of tables, a line as small as a word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.engines.metrics.metric_source import anchor
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.queries import period_of
from yakuba.engines.metrics.rules import read_parts
from yakuba.engines.metrics.sources import Figure
from yakuba.engines.metrics.wording import (
    kind_name,
    number_text,
    period_name,
    share_text,
    status_name,
    value_text,
)
from yakuba.kernel.ui.charts import Point, Series, Status
from yakuba.kernel.ui.components import spark_line
from yakuba.kernel.ui.components.content import TableColumn, table
from yakuba.kernel.ui.formats import moment

_STATUSES: Final[Mapping[str, Status]] = {
    "final": "final",
    "preliminary": "preliminary",
    "provisional": "provisional",
}
MONTHS: Final = 24
"""So many months stand on a page; all of them are in its file."""
Hidden = frozenset[Period]


def of_public(rows: Sequence[PublicFigure]) -> tuple[list[Figure], Hidden]:
    """What the public reads, of each period under its newest definition, and the periods that are kept from it."""
    newest: dict[Period, PublicFigure] = {}
    for row in rows:
        period = period_of(row)
        if period not in newest or newest[period].definition_version < row.definition_version:
            newest[period] = row
    figures = [
        Figure(
            period,
            row.number,
            numerator=row.numerator,
            denominator=row.denominator,
            parts=read_parts(row.parts),
            version=row.definition_version,
            status=row.status,
            revision=row.revision,
            note=row.note,
            at=row.released_at,
        )
        for period, row in sorted(newest.items())
    ]
    return figures, frozenset(period for period, row in newest.items() if row.hidden)


def newest(figures: Sequence[Figure]) -> Figure | None:
    """What stands for «now»: the newest figure with a number. Of the running year what is known of it, else of the last one."""
    told = [one for one in figures if one.number is not None]
    years = [one for one in told if one.period.kind == "year"] or told
    return max(years, key=lambda one: one.period.last, default=None)


def series(figures: Sequence[Figure], hidden: Hidden = frozenset()) -> Series:
    """The figures of fiscal years for a chart."""
    return Series(
        pgettext("series", "計測値"),
        tuple(_point(one, hidden) for one in figures if one.period.kind == "year"),
    )


def _point(one: Figure, hidden: Hidden) -> Point:
    kept = one.period in hidden
    return Point(
        one.period.fiscal_year.year,
        _("非公開") if kept else number_text(one.number),
        number=_rounded(one.number),
        status=_STATUSES[one.status],
        numerator=one.numerator,
        denominator=one.denominator,
        revision=one.revision,
        note=_("人数が少ないため") if kept else one.note if one.revision else "",
    )


def _rounded(number: Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(number_text(number).replace(",", ""))


def breaks(figures: Sequence[Figure], current: int) -> dict[int, str]:
    """The fiscal years from which another definition counts, and what changed."""
    found: dict[int, str] = {}
    before: int | None = None
    for one in figures:
        if one.period.kind != "year" or one.number is None:
            continue
        if before is not None and one.version != before:
            found[one.period.fiscal_year.year] = (
                _("ここからはこのシステムで計測しています")
                if before == 0
                else _("第%(version)d版の定義（今の定義は第%(current)d版）")
                % {"version": one.version, "current": current}
            )
        before = one.version
    return found


def is_replaced(figures: Sequence[Figure]) -> bool:
    """Whether what is known after the last fiscal year's figure was counted by a newer definition."""
    told = [one for one in figures if one.number is not None]
    last = max((one for one in told if one.period.kind == "year"), key=lambda one: one.period, default=None)
    return last is not None and any(
        one.version > last.version and one.period.last > last.period.last for one in told
    )


def months(figures: Sequence[Figure]) -> list[Figure]:
    """The last months, oldest first."""
    return [one for one in figures if one.period.kind == "month"][-MONTHS:]


def spark(figures: Sequence[Figure], kind: str, unit: str) -> SafeString:
    """How it went, as small as a word; nothing below two values.

    No line goes over a month or year that has no value, and none over a change of what is counted.
    """
    told = [one for one in figures if one.period.kind == kind and one.number is not None]
    told = [one for one in told if one.version == told[-1].version]
    if len(told) < 2:
        return SafeString("")
    points = [Point(_place(one.period), number_text(one.number), number=one.number) for one in told]
    return spark_line(
        points,
        label=_("%(first)sは%(before)s、%(last)sは%(after)s")
        % {
            "first": period_name(told[0].period), "before": value_text(told[0].number, unit),
            "last": period_name(told[-1].period), "after": value_text(told[-1].number, unit),
        },
    )  # fmt: skip


def _place(period: Period) -> int:
    return period.fiscal_year.year if period.kind == "year" else period.first.year * 12 + period.first.month


def figures_table(
    caption: str,
    figures: Sequence[Figure],
    unit: str,
    *,
    hidden: Hidden = frozenset(),
    face: Literal["desk", "portal"] = "desk",
) -> SafeString:
    """Figures row by row, the newest first, each row with an anchor that others point to. Columns without any content are left out."""
    if not figures:
        return SafeString("")
    shares = any(share_text(one) for one in figures)
    notes = any(one.note for one in figures)
    versions = len({one.version for one in figures}) > 1
    columns = [
        TableColumn(_("期間")),
        TableColumn(_("値（%(unit)s）") % {"unit": unit} if unit else _("値"), number=True),
    ]
    columns += [TableColumn(_("分子／分母"), number=True)] if shares else []
    columns += [TableColumn(_("確度"), narrow=True)]
    columns += [TableColumn(_("定義"), narrow=True)] if versions else []
    columns += [TableColumn(_("計測・確定"))] if face == "desk" else []
    columns += [TableColumn(_("訂正の理由"))] if notes else []
    rows: list[list[object]] = []
    for one in sorted(figures, key=lambda each: each.period.last, reverse=True):
        row: list[object] = [
            format_html('<span id="{}">{}</span>', anchor(one.period), period_name(one.period)),
            _("人数が少ないため非公開") if one.period in hidden else number_text(one.number),
        ]
        row += [share_text(one)] if shares else []
        row += [status_name(one.status)]
        row += [version_name(one.version)] if versions else []
        row += [when(one)] if face == "desk" else []
        row += [one.note] if notes else []
        rows.append(row)
    return table(caption, columns, rows, hide_caption=True)


def tables(
    title: str,
    figures: Sequence[Figure],
    unit: str,
    kinds: Sequence[str],
    *,
    hidden: Hidden = frozenset(),
    face: Literal["desk", "portal"] = "desk",
) -> list[tuple[str, SafeString]]:
    """A table of each kind of period that has figures, with the kind's name."""
    of = {kind: [one for one in figures if one.period.kind == kind] for kind in kinds}
    if "month" in of:
        of["month"] = months(figures)
    return [
        (kind_name(kind), figures_table(f"{title} {kind_name(kind)}", told, unit, hidden=hidden, face=face))
        for kind, told in of.items()
        if told
    ]


def version_name(version: int) -> str:
    """第2版; 以前のシステム."""
    return _("第%(version)d版") % {"version": version} if version else _("以前のシステム")


def when(one: Figure) -> str:
    """When it was measured or frozen, and by whom."""
    return "　".join(part for part in (moment(one.at), one.by) if part)


def parts_table(caption: str, figures: Sequence[Figure], names: Mapping[str, str], unit: str) -> SafeString:
    """What the figures of the last years consist of: parts as rows, periods as columns, the largest of the newest first."""
    told = [one for one in figures if one.parts][-6:]
    if not told:
        return SafeString("")
    last = told[-1].parts
    keys = sorted(
        {key for one in told for key in one.parts}, key=lambda key: (-last.get(key, Decimal(0)), key)
    )
    # Of a share or an average the parts are numbers of what is counted, not of its unit.
    counts = any(one.denominator is not None for one in told)
    head = _("分子の内訳") if counts else _("内訳（%(unit)s）") % {"unit": unit} if unit else _("内訳")
    columns = [TableColumn(head), *(TableColumn(period_name(one.period), number=True) for one in told)]
    rows: list[list[object]] = [
        [names.get(key, key), *(number_text(one.parts[key]) if key in one.parts else "―" for one in told)]
        for key in keys
    ]
    return table(caption, columns, rows, hide_caption=True)


def since(today: dt.date, years: int) -> dt.date:
    """The first day of the fiscal year so many years back."""
    start = Period.of("year", today).first
    return start.replace(year=start.year - years)
