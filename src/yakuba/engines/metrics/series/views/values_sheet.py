"""The values of a series as a table that leaves the house, and the file that it expects, with made-up figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.metrics.models import STATUSES, Series, SeriesValue
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import queries, spelled
from yakuba.engines.metrics.series.layout import Layout, place_of
from yakuba.kernel import fields
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.cells import letters
from yakuba.kernel.sheets.table import Column, Row, Table, columns_of

_OWN: Final = (
    "first", "last", "definition_version", "revision", "number", "state", "numerator", "denominator", "raw", "status",
    "reason", "file_name", "line", "at", "by_label",
)  # fmt: skip


def table(ctx: Context, series: Series, rows: Sequence[SeriesValue]) -> Table:
    """Every revision, a row each, in the order of periods."""
    name = series.title
    period = Column("period", fields.text(label=_("期間"), classification=INTERNAL).spec)
    parts = Column("parts", fields.text(label=_("内訳"), classification=INTERNAL, required=False).spec)
    return Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=(period, *columns_of(SeriesValue, *_OWN), parts),
        rows=[
            Row(
                {
                    "period": queries.period_name(queries.standing(row).period),
                    **{key: getattr(row, key) for key in _OWN},
                    "parts": "、".join(
                        f"{key} {spelled.text_of(number)}"
                        for key, number in queries.standing(row).parts.items()
                    ),
                }
            )
            for row in rows
        ],
        as_of=ctx.now,
        notes=(
            (_("数え方"), series.definition),
            (_("出所"), series.supplier),
            (_("確度"), "・".join(_(label) for _key, label in STATUSES)),
        ),
    )


def example(ctx: Context, series: Series) -> Table:
    """The file that a series expects: its heads, and two made-up rows."""
    layout = queries.layout_of(series)
    heads = layout.needed
    places = [place_of(one) for one in heads]
    if heads and all(place is not None for place in places):
        width = max(place for place in places if place is not None) + 1
        heads = tuple(_("%s列") % letters(place) for place in range(width))
    rows = _people(layout) if layout.shape == "people" else _rows(ctx, series, layout)
    return Table(
        name=series.title,
        municipality=ctx.municipality.name,
        columns=tuple(
            Column(head, fields.text(label=head, classification=INTERNAL, required=False).spec)
            for head in heads
        ),
        rows=[Row(one) for one in rows],
        as_of=ctx.now,
    )


def _people(layout: Layout) -> list[dict[str, object]]:
    head = layout.columns
    said = (("00001", _("見本課"), layout.attended[0]), ("00002", _("例示課"), layout.absent[0]))
    return [
        {
            name: value
            for key, value in zip(("person", "office", "attended"), row, strict=True)
            if (name := head.get(key))
        }
        for row in said
    ]


def _rows(ctx: Context, series: Series, layout: Layout) -> list[dict[str, object]]:
    """Two periods that are over, with figures that nobody takes for true."""
    now = Period.of("month" if series.every == "month" else "year", japan_date(ctx.now))
    found = []
    for period, number in ((now.before.before, 100), (now.before, 120)):
        year, month = period.fiscal_year, period.first.month
        said: dict[str, str] = {
            "period": queries.period_name(period),
            "year": str(year),
            "month": _("%d月") % month,
            "value": _("実施") if series.aggregation == "state" else spelled.text_of(number),
            "numerator": spelled.text_of(number),
            "denominator": "400",
            "part": _("内訳の名前"),
        }
        row: dict[str, object] = {
            name: said[key] for key, name in layout.columns.items() if key in layout.used and key in said
        }
        row |= {one.column: one.word for one in layout.only}
        found.append(row)
    return found
