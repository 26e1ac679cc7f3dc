"""What is said of entries of a ledger: the data of its actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue
from yakuba.kernel.sheets.wanted import EntryChange


@dataclass(frozen=True)
class AddEntry:
    """A new entry. ``number`` is brought along from paper, or empty for the next one; ``holds_from``: since when what is said holds."""

    values: Annotated[dict[str, JsonValue], fields.document(label="内容", classification=PERSONAL)]
    number: Annotated[
        str, fields.text(label="番号", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    holds_from: Annotated[
        dt.date | None, fields.date(label="適用日", classification=INTERNAL, required=False)
    ] = None
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class ChangeEntry:
    """What changes in an entry and in its sub-rows: field → JSON, null for emptied; sort of row → changes as of a sheet."""

    values: Annotated[dict[str, JsonValue], fields.document(label="内容", classification=PERSONAL)]
    lines: Annotated[dict[str, list[EntryChange]], fields.document(label="明細", classification=PERSONAL)]
    holds_from: Annotated[
        dt.date | None, fields.date(label="適用日", classification=INTERNAL, required=False)
    ] = None
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class MoveEntry:
    """One move along a chain: ``step`` is its key, ``chain`` the chain's column."""

    step: Annotated[str, fields.text(label="異動", classification=INTERNAL, max_length=40)]
    chain: Annotated[
        str, fields.text(label="区分", classification=INTERNAL, max_length=40, required=False)
    ] = "state"
    day: Annotated[dt.date | None, fields.date(label="異動日", classification=INTERNAL, required=False)] = (
        None
    )
    document: Annotated[
        str, fields.text(label="文書番号", classification=INTERNAL, max_length=80, required=False)
    ] = ""
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class MergeEntry:
    """That this entry is another one's double, and goes into it (``into`` is the other's id); or that the two are not the same."""

    into: Annotated[str, fields.text(label="統合先", classification=INTERNAL, max_length=36)]
    same: Annotated[bool, fields.yes_no(label="同じもの", classification=INTERNAL)]
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class WriteNote:
    """A line of the journal."""

    kind: Annotated[str, fields.text(label="区分", classification=INTERNAL, max_length=40)]
    text: Annotated[str, fields.prose(label="内容", classification=PERSONAL, required=True)]
    day: Annotated[dt.date | None, fields.date(label="日付", classification=INTERNAL, required=False)] = None


class RowChange(EntryChange):
    """One row of many: which (``id``, empty for a new one) at which version, and what is said of it."""

    values: dict[str, JsonValue]


@dataclass(frozen=True)
class ChangeMany:
    """Rows that come and change, all of them or none. A new row's number stands under ``number`` beside its values.

    So does the state in which it comes from paper, under the chain's column; an entry that is here changes its states by moves alone.
    """

    changes: Annotated[list[dict[str, JsonValue]], fields.document(label="変更", classification=PERSONAL)]
    holds_from: Annotated[
        dt.date | None, fields.date(label="適用日", classification=INTERNAL, required=False)
    ] = None
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class MoveMany:
    """One move of many entries: the id of each and the version that was looked at. Which cannot move stays, and holds no other up."""

    entries: Annotated[
        list[dict[str, JsonValue]], fields.document(label="行", classification=INTERNAL, default=list)
    ]
    step: Annotated[str, fields.text(label="異動", classification=INTERNAL, max_length=40)]
    chain: Annotated[
        str, fields.text(label="区分", classification=INTERNAL, max_length=40, required=False)
    ] = "state"
    day: Annotated[dt.date | None, fields.date(label="異動日", classification=INTERNAL, required=False)] = (
        None
    )
    document: Annotated[
        str, fields.text(label="文書番号", classification=INTERNAL, max_length=80, required=False)
    ] = ""
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""
