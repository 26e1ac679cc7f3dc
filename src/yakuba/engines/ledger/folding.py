"""Entries as of a day, from their amendments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from yakuba.engines.ledger.models import Amendment
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue


def fold(
    amendments: Iterable[Amendment], day: dt.date, known_at: dt.datetime | None = None
) -> dict[str, JsonValue]:
    """What held of an entry on a day, as known now or at ``known_at``. ``amendments`` are one entry's, in any order."""
    values: dict[str, JsonValue] = {}
    for one in sorted(amendments, key=lambda one: (one.holds_from, one.written_at, str(one.pk))):
        if one.holds_from <= day and (known_at is None or one.written_at <= known_at):
            values.update(one.values)
    return values


def today(ctx: Context, entry: Entry, changed: Collection[str], since: dt.date) -> dict[str, JsonValue]:
    """Of fields that are about to be amended from an earlier day on: those that a later amendment changed again, with its value."""
    later: dict[str, JsonValue] = {}
    rows = Amendment.unscoped.filter(
        municipality=ctx.municipality.id, book=entry.book_id, entry=entry.pk, holds_from__gt=since
    ).order_by("holds_from", "written_at", "pk")
    for one in rows:
        later.update({name: value for name, value in one.values.items() if name in changed})
    return later
