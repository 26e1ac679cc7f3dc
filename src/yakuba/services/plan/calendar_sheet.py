"""The plan's calendar as a sheet that goes out and comes back: one row a day, new ones written under the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yakuba.kernel.sheets.changes import Preview
from yakuba.kernel.sheets.table import Column, Row, Table, columns_of
from yakuba.kernel.ui.formats import month_day
from yakuba.services.plan.actions import EntryChange
from yakuba.services.plan.actions.calendar import KEYS
from yakuba.services.plan.models import CalendarEntry


def columns() -> tuple[Column, ...]:
    """The columns of the sheet."""
    return columns_of(CalendarEntry, *KEYS)


def rows(entries: Sequence[CalendarEntry]) -> list[Row]:
    """The days as rows with id and version."""
    return [Row({key: getattr(one, key) for key in KEYS}, one.pk, one.version) for one in entries]


def table(
    entries: Sequence[CalendarEntry], *, name: str, municipality: str, as_of: dt.datetime, editable: bool
) -> Table:
    """The sheet."""
    hint = (
        _("直した表は、同じ画面の「表を取り込む」から戻せます。表から行を消しても、予定は消えません。")
        if editable
        else _("読み取り専用")
    )
    return Table(
        name=name,
        municipality=municipality,
        columns=columns(),
        rows=rows(entries),
        as_of=as_of,
        editable=editable,
        notes=((_("編集"), hint),),
        fresh=True,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One day that a sheet adds or changes, for a person to look at: where it stands in the sheet, what was, what will be."""

    address: str
    title: str
    changes: Sequence[tuple[str, str, str]]
    """Label, before, after."""
    fresh: bool


def lines(preview: Preview, entries: Sequence[CalendarEntry]) -> list[Line]:
    """What a sheet would do."""
    titles = {one.pk: str(one) for one in entries}
    changed = [
        Line(
            f"A{row.number}",
            titles[row.id],
            [(cell.column.label, cell.before_text, cell.after_text) for cell in row.cells],
            fresh=False,
        )
        for row in preview.changes
    ]
    labels = {column.key: column for column in columns()}
    added = [
        Line(
            row.address,
            str(row.values["title"]),
            [(labels[key].label, "", labels[key].shown(value)) for key, value in row.values.items()],
            fresh=True,
        )
        for row in preview.added
    ]
    return [*changed, *added]


def changes(preview: Preview) -> list[EntryChange]:
    """The same for the action."""
    changed: list[EntryChange] = [
        {
            "id": str(row.id),
            "version": row.version,
            "entry": {cell.column.key: _json(cell.after) for cell in row.cells},
        }
        for row in preview.changes
    ]
    added: list[EntryChange] = [
        {"id": "", "version": 0, "entry": {key: _json(value) for key, value in row.values.items()}}
        for row in preview.added
    ]
    return [*changed, *added]


def places(preview: Preview) -> list[str]:
    """Where in the sheet each of those changes stands, in their order."""
    return [f"A{row.number}" for row in preview.changes] + [row.address for row in preview.added]


def _json(value: object) -> str | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value is None else str(value)


def days_of(entry: CalendarEntry) -> str:
    """The days in words: 5月29日（金）, or 9月7日（月）から9月11日（金）まで."""
    first = month_day(entry.first_day)
    if entry.last_day is None:
        return first
    return _("%(first)sから%(last)sまで") % {"first": first, "last": month_day(entry.last_day)}
