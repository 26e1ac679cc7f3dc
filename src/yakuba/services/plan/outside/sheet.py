"""Codes as a sheet that goes out and comes back: one row an initiative or indicator, one column a survey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from yakuba.kernel.sheets.changes import Preview
from yakuba.kernel.sheets.table import Column, Row, Table, field_spec
from yakuba.services.plan.actions.outside import CodeRow
from yakuba.services.plan.models import OUTSIDE_SYSTEMS, Initiative, OutsideCode
from yakuba.services.plan.outside.codes import SYSTEMS, Item, written

_FIXED: Final = ("number", "title", "indicator", "leads")


def key_of(item: Item) -> UUID:
    """One id for an initiative or one of its indicators, the same each time."""
    return (
        item.initiative if not item.position else uuid5(NAMESPACE_URL, f"{item.initiative}/{item.position}")
    )


def columns() -> tuple[Column, ...]:
    """What the row is, shown alone; then a column for each survey."""
    title = field_spec(Initiative, "title")
    shown = (
        Column("number", replace(title, label=_("番号"), required=False), fixed=True),
        Column("title", replace(title, label=_("取組")), fixed=True),
        Column("indicator", replace(title, label=_("指標"), required=False), fixed=True),
        Column("leads", replace(title, label=_("担当"), required=False), fixed=True),
    )
    # Several codes stand in one cell: longer than one code, and as the person wrote them.
    cell = replace(field_spec(OutsideCode, "indicator"), required=False)
    return (
        *shown,
        *(
            Column(key, replace(cell, label=_("%(survey)sのコード") % {"survey": name}))
            for key, name in OUTSIDE_SYSTEMS
        ),
    )


def rows(items: Sequence[Item]) -> list[Row]:
    """The rows with their ids and marks."""
    return [
        Row(
            {
                "number": one.number, "title": one.title, "indicator": one.indicator, "leads": one.leads,
                **{system: written(one.codes, system) for system in SYSTEMS},
            },
            key_of(one),
            one.seen,
        )
        for one in items
    ]  # fmt: skip


def table(
    items: Sequence[Item], *, name: str, municipality: str, as_of: dt.datetime, editable: bool
) -> Table:
    """The sheet."""
    hint = (
        _(
            "コードの列に書いて、同じ画面から戻せます。1つの欄にいくつも書くときは「、」で区切ります。空にするとコードは消えます。"
        )
        if editable
        else _("読み取り専用")
    )
    return Table(
        name=name,
        municipality=municipality,
        columns=columns(),
        rows=rows(items),
        as_of=as_of,
        editable=editable,
        notes=((_("編集"), hint),),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A row that a sheet changes, as a person looks at it before it is taken in."""

    address: str
    title: str
    cells: Sequence[tuple[str, str, str]]


def changes(preview: Preview, items: Sequence[Item]) -> tuple[list[CodeRow], list[Change]]:
    """What a sheet changes: for the action, and for the person who confirms it."""
    by_key = {key_of(one): one for one in items}
    rows: list[CodeRow] = []
    told: list[Change] = []
    for change in preview.changes:
        item = by_key[change.id]
        fresh: Mapping[str, object] = change.values
        cells = {
            system: str(fresh.get(system) or "") if system in fresh else written(item.codes, system)
            for system in SYSTEMS
        }
        rows.append(
            {"initiative": str(item.initiative), "position": item.position, "seen": item.seen, "codes": cells}
        )
        told.append(
            Change(
                f"A{change.number}",
                f"{item.number} {item.indicator or item.title}".strip(),
                [(cell.column.label, cell.before_text, cell.after_text) for cell in change.cells],
            )
        )
    return rows, told
