"""A table that leaves the house."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC, Spec, spec_of
from yakuba.kernel.fields.kinds import Cell, Kind

ID: Final = "id"
VERSION: Final = "version"
_STRICTEST: Final = (PERSONAL, INTERNAL, PUBLIC)


class Column(NamedTuple):
    """A column: its key, its field, and whether its cells are only shown (``fixed``) in a list that may be edited."""

    key: str
    spec: Spec
    fixed: bool = False

    @property
    def label(self) -> str:
        """The head of the column, with its unit: 予算額（千円）."""
        return f"{self.spec.label}（{self.spec.unit}）" if self.spec.unit else self.spec.label

    @property
    def kind(self) -> Kind[object] | None:
        """The field's kind; None for ids and the like."""
        return self.spec.kind

    def cell(self, value: object) -> Cell | FiscalYear:
        """A value as it stands in a sheet; nothing for no value. Fiscal years stay typed, each format writes them its way."""
        if value is None or value == "":
            return None
        if isinstance(value, FiscalYear):
            return value
        found = self.kind.to_cell(value) if self.kind else str(value)
        return found.replace(microsecond=0) if isinstance(found, dt.datetime) else found

    def canonical(self, value: object) -> str:
        """One text per value: equal where nobody would call two cells different."""
        found = self.cell(value)
        if found is None:
            return ""
        if isinstance(found, dt.date):
            return found.isoformat()
        return str(found).replace("\r\n", "\n").replace("\r", "\n").strip()

    def shown(self, value: object) -> str:
        """A value for a person."""
        if value is None or value == "":
            return ""
        return self.kind.format(value) if self.kind else str(value)


def columns_of(model: type[models.Model], *keys: str, fixed: Sequence[str] = ()) -> tuple[Column, ...]:
    """Columns from a model's own fields."""
    return tuple(Column(key, field_spec(model, key), key in fixed) for key in keys)


def field_spec(model: type[models.Model], name: str, label: str = "") -> Spec:
    """What a model's field is, under a head of its own where its label would not tell. LookupError where it carries no spec."""
    spec = spec_of(model._meta.get_field(name))
    if spec is None:
        raise LookupError(f"{model.__name__}.{name} carries no field")
    return replace(spec, label=label or spec.label)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: values by column key. A list that may be edited needs id and version."""

    values: Mapping[str, object]
    id: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What goes into a file. ``rows`` may be a generator: every writer reads it once, in order.

    ``as_of`` is the moment the data is of; ``notes`` are further (label, text) lines of the sheet 「この表について」. ``fresh``: a list
    that may be edited takes new rows too.
    """

    name: str
    municipality: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    as_of: dt.datetime
    editable: bool = False
    notes: Sequence[tuple[str, str]] = field(default=())
    fresh: bool = False

    @property
    def is_public(self) -> bool:
        """Whether every column is public."""
        return all(column.spec.classification is PUBLIC for column in self.columns)

    @property
    def readers(self) -> str:
        """Who may see the file, for the strictest of its columns."""
        found = {column.spec.classification for column in self.columns}
        strictest = next((one for one in _STRICTEST if one in found), PUBLIC)
        return {
            PUBLIC: _("だれでも（公開）"),
            INTERNAL: _("庁内の職員"),
            PERSONAL: _("個人情報を扱う担当者だけ（持ち出さず、使い終えたら消してください）"),
        }[strictest]

    def heads(self) -> list[str]:
        """The first row of the sheet."""
        own = [column.label for column in self.columns]
        return [_("ID（変えない）"), _("更新番号（変えない）"), *own] if self.editable else own

    def lead(self, row: Row) -> list[str]:
        """The cells before the columns. ValueError for a row without id and version in a list that may be edited."""
        if not self.editable:
            return []
        if row.id is None or row.version is None:
            raise ValueError("a row that may be edited needs id and version")
        return [str(row.id), stamp(self.columns, row.version, row.values)]


def stamp(columns: Sequence[Column], version: int, values: Mapping[str, object]) -> str:
    """The version cell: ``7-1f0c93ab``. The second part tells, when the sheet comes back, whether this row was touched at all.

    So a colleague's change to a row that nobody touched in the sheet is no conflict.
    """
    body = json.dumps([[column.key, column.canonical(values.get(column.key))] for column in columns])
    return f"{version}-{hashlib.sha256(body.encode()).hexdigest()[:8]}"
