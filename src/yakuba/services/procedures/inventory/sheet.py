"""The inventory as a sheet: one row a procedure, edited and brought back, new ones written under the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.fields import specs_of
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.services.procedures.inventory.row import RowData, row_data
from yakuba.services.procedures.models import InventoryRow

#: The order in which an inventory is read.
ORDER = (
    "number", "title", "kind", "office", "ground", "form", "yearly_count", "yearly_online", "counted_year",
    "online", "online_url", "since", "until", "planned_year", "why_not", "by_paper", "by_phone", "seal_needed", "fee", "identity",
)  # fmt: skip


def columns() -> tuple[Column, ...]:
    """The columns of the sheet."""
    specs = specs_of(RowData)
    return tuple(Column(key, specs[key]) for key in ORDER)


def rows(found: Sequence[InventoryRow], names: Mapping[UUID, str]) -> list[Row]:
    """Rows with id and version."""
    made = []
    for one in found:
        data = row_data(one, names)
        made.append(Row({key: getattr(data, key) for key in ORDER}, one.pk, one.version))
    return made


def table(
    found: Sequence[InventoryRow],
    names: Mapping[UUID, str],
    *,
    municipality: str,
    as_of: dt.datetime,
    editable: bool,
) -> Table:
    """The sheet."""
    hint = (
        _("直した表は、手続台帳の「表を取り込む」から戻せます。表から行を消しても、台帳の行は消えません。")
        if editable
        else _("読み取り専用")
    )
    return Table(
        name=_("手続台帳"),
        municipality=municipality,
        columns=columns(),
        rows=rows(found, names),
        as_of=as_of,
        editable=editable,
        notes=((_("編集"), hint),),
        fresh=True,
    )
