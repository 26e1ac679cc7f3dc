"""Entries as of a day, from their amendments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yakuba.engines.ledger.models import Amendment
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
