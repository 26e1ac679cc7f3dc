"""The sheet of a published edition: one row for each indicator, public fields alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.fields import spec_of
from yakuba.kernel.sheets.table import Column, Table
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.town.records import Record
from yakuba.services.plan import labels
from yakuba.services.plan.models import Indicator, Initiative, InitiativeOffice, Node, Value
from yakuba.services.plan.rows import Form, more_specs, more_values
from yakuba.services.plan.shown import Edition, Row, newest

# Key in the sheet, the field it comes from, and its head where the field's own label would not tell.
_COLUMNS: Final[tuple[tuple[str, type[Record], str, str], ...]] = (
    ("kind", Initiative, "kind", ""),
    ("number", Initiative, "number", ""),
    ("title", Initiative, "title", ""),
    ("offices", InitiativeOffice, "name", ""),
    ("place", Node, "title", "区分"),
    ("flags", Initiative, "progress", "印"),
    ("progress", Initiative, "progress", ""),
    ("indicator", Indicator, "name", ""),
    ("unit", Indicator, "unit", ""),
    ("actual", Value, "raw", "最新の値（記載のとおり）"),
    ("actual_number", Value, "number", "最新の値（数）"),
    ("actual_year", Value, "year", "最新の値の年度"),
    ("actual_kind", Value, "kind", "最新の値の種類"),
    ("target", Value, "raw", "目標（記載のとおり）"),
    ("target_number", Value, "number", "目標（数）"),
    ("target_year", Value, "year", "目標の年度"),
    ("address", Initiative, "title", "ページのアドレス"),
)


def table(
    edition: Edition, rows: Iterable[Row], *, name: str, municipality: str, as_of: dt.datetime, address: str
) -> Table:
    """What is seen, as a sheet. ``address`` is that of the edition; a row's own page stands below it."""
    return Table(
        name=name,
        municipality=municipality,
        columns=_columns(),
        rows=_rows(edition, rows, address),
        as_of=as_of,
        notes=(
            (_("計画"), str(edition.plan["title"])),
            (_("行"), _("指標がいくつもある取組は、指標ごとに1行です。")),
            (_("編集"), _("読み取り専用")),
        ),
    )


def _columns() -> Sequence[Column]:
    found = []
    for key, model, field, label in _COLUMNS:
        spec = spec_of(model._meta.get_field(field))
        if spec is None:
            raise LookupError(f"{model.__name__}.{field} carries no field")
        found.append(Column(key, dataclasses.replace(spec, label=label or spec.label)))
    return [*found, *(Column(f"more.{key}", spec) for key, spec in more_specs(public=True).items())]


def _rows(edition: Edition, rows: Iterable[Row], address: str) -> Iterator[SheetRow]:
    for row in rows:
        own = {
            "kind": row.form["kind"],
            "number": row.form["number"],
            "title": row.title,
            "offices": "、".join(row.offices),
            "place": place(edition, row),
            "flags": "、".join(labels.of(labels.FLAGS, flag) for flag in row.flags),
            "progress": row.progress,
            "address": f"{address}{row.id}/",
            **{f"more.{key}": value for key, value in more_values(row.form, public=True).items()},
        }
        for indicator in row.form["indicators"] or [None]:
            yield SheetRow(own if indicator is None else {**own, **_figures(indicator)})


def place(edition: Edition, row: Row) -> str:
    """The way down the tree to a row, in words."""
    steps = (edition.node(row.home[:depth]) for depth in range(1, len(row.home) + 1))
    return " ＞ ".join(node.label for node in steps if node)


def _figures(indicator: Form) -> dict[str, object]:
    name = " ".join(part for part in (indicator["number"], indicator["name"]) if part)
    found: dict[str, object] = {"indicator": name, "unit": indicator["unit"]}
    for key, kinds in (("actual", ("actual", "baseline")), ("target", ("target",))):
        value = newest(indicator, kinds)
        if value is not None:
            found[key] = value["raw"]
            found[f"{key}_number"] = Decimal(value["number"]) if value["number"] else None
            found[f"{key}_year"] = FiscalYear(value["year"]) if value["year"] else None
            found[f"{key}_kind"] = value["kind"]
    return found
