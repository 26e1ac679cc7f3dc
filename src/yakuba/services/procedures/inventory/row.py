"""A row of the inventory as its form, its sheet and the public have it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from yakuba.engines.casework.states import KINDS
from yakuba.kernel import fields
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import PUBLIC, JsonValue, as_json, specs_of
from yakuba.services.procedures.definition.model import IDENTITIES
from yakuba.services.procedures.models import ONLINE_STATES, InventoryRow


@dataclass(frozen=True)
class RowData:
    """A row as it is from now on. ``office`` is a name: one of today's offices is linked, any other is kept as written."""

    title: Annotated[str, fields.text(label="手続名", classification=PUBLIC)]
    kind: Annotated[str, fields.choice(KINDS, label="種類", classification=PUBLIC)]
    online: Annotated[str, fields.choice(ONLINE_STATES, label="オンライン", classification=PUBLIC)]
    number: Annotated[
        str, fields.text(label="番号", classification=PUBLIC, max_length=20, required=False)
    ] = ""
    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC, required=False)] = ""
    ground: Annotated[str, fields.text(label="根拠", classification=PUBLIC, required=False)] = ""
    form: Annotated[str, fields.text(label="様式", classification=PUBLIC, required=False)] = ""
    yearly_count: Annotated[
        int | None,
        fields.integer(label="年間件数", classification=PUBLIC, required=False, minimum=0, unit="件"),
    ] = None
    yearly_online: Annotated[
        int | None,
        fields.integer(label="うちオンライン", classification=PUBLIC, required=False, minimum=0, unit="件"),
    ] = None
    counted_year: Annotated[
        FiscalYear | None, fields.fiscal_year(label="件数の年度", classification=PUBLIC, required=False)
    ] = None
    seal_needed: Annotated[bool, fields.yes_no(label="押印", classification=PUBLIC)] = False
    fee: Annotated[str, fields.text(label="手数料", classification=PUBLIC, required=False)] = ""
    identity: Annotated[
        str, fields.choice(IDENTITIES, label="本人確認", classification=PUBLIC, required=False)
    ] = ""
    online_url: Annotated[
        str, fields.text(label="受付の場所", classification=PUBLIC, max_length=500, required=False)
    ] = ""
    by_paper: Annotated[bool, fields.yes_no(label="書面・窓口", classification=PUBLIC)] = True
    by_phone: Annotated[bool, fields.yes_no(label="電話", classification=PUBLIC)] = False
    why_not: Annotated[
        str, fields.prose(label="オンライン化しない理由", classification=PUBLIC, required=False)
    ] = ""
    planned_year: Annotated[
        FiscalYear | None, fields.fiscal_year(label="予定年度", classification=PUBLIC, required=False)
    ] = None
    since: Annotated[
        dt.date | None, fields.date(label="オンライン開始日", classification=PUBLIC, required=False)
    ] = None
    until: Annotated[
        dt.date | None, fields.date(label="オンライン終了日", classification=PUBLIC, required=False)
    ] = None


KEYS: Final = tuple(specs_of(RowData))


def office_of(one: InventoryRow, names: Mapping[UUID, str]) -> str:
    """The office of a row in words: its name today, or what the inventory was given."""
    return (names.get(one.office_id) if one.office_id else None) or one.office_as_written


def row_data(row: InventoryRow, names: Mapping[UUID, str]) -> RowData:
    """A row as its form has it."""
    values: dict[str, Any] = {key: getattr(row, key) for key in KEYS if key != "office"}  # Any: of every kind
    return RowData(**values, office=office_of(row, names))


def public_body(row: InventoryRow, names: Mapping[UUID, str]) -> dict[str, JsonValue]:
    """What the public reads of a row, with the id of its procedure where it is taken here."""
    here = str(row.procedure_id) if row.procedure_id and row.online == "yakuba" else None
    return {**as_json(row_data(row, names)), "procedure": here}
