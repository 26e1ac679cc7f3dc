"""Histories of a ledger for tests of what is counted from it: entries with amendments of any order, mistakes and doubles among them.

They are written as rows, not by actions: amendments may say anything of any day, also of one before the entry came in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests.packs.inherited import book_in
from tests.world import Town
from yakuba.engines.ledger.declaration import MERGED, VOID
from yakuba.engines.ledger.models import Amendment, Book
from yakuba.engines.ledger.records import Entry, order_of
from yakuba.engines.ledger.registering import Installed
from yakuba.engines.ledger.values import cleaned, put, specs_of_book, typed_specs
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.fields import JsonValue

#: Before, on and after the ends of the periods that are asked for.
DAYS = [
    dt.date(2025, 5, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 31),
    dt.date(2026, 4, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 21), dt.date(2026, 11, 22),
]  # fmt: skip
_NOON = dt.datetime(2026, 11, 22, 9, tzinfo=JAPAN)


@dataclass(frozen=True)
class Written:
    """One amendment: since when, in which order it was written, what it says."""

    day: dt.date
    order: int
    values: Mapping[str, JsonValue]


@dataclass(frozen=True)
class Told:
    """One entry. ``today`` is its state if it was made by mistake or went into another. ``lines`` are a pack's own."""

    amendments: Sequence[Written]
    today: str = ""
    lines: Sequence[Any] = field(default_factory=tuple)  # Any: as a pack's test draws them


def told(
    installed: Installed[Any],  # Any: of whatever model the ledger has
    said: Mapping[str, Sequence[JsonValue]],
    lines: st.SearchStrategy[Any] | None = None,  # Any: as above
) -> st.SearchStrategy[list[Told]]:
    """Entries of which the state and these fields are said, with the values that they take; None empties one."""
    states = [key for key, _label in installed.ledger.chain.states]
    values = st.fixed_dictionaries(
        {},
        optional={
            "state": st.sampled_from(states),
            **{name: st.sampled_from(several) for name, several in said.items()},
        },
    )
    later = st.builds(Written, st.sampled_from(DAYS), st.integers(0, 3), values)
    # Most entries come in with a state and every field, as the actions write them.
    whole = st.fixed_dictionaries(
        {
            "state": st.sampled_from(states),
            **{name: st.sampled_from(several) for name, several in said.items()},
        }
    )
    first = st.builds(Written, st.sampled_from(DAYS), st.integers(0, 3), whole)
    return st.lists(
        st.builds(
            Told,
            st.one_of(
                st.tuples(first, st.lists(later, max_size=3)).map(lambda one: [one[0], *one[1]]),
                st.lists(later, max_size=2),
            ),
            st.sampled_from(["", "", "", "", VOID, MERGED]),
            st.just(()) if lines is None else st.lists(lines, max_size=3),
        ),
        max_size=6,
    )


def write(
    town: Town,
    installed: Installed[Any],  # Any: as above
    entries: Sequence[Told],
    row: Mapping[str, JsonValue],
) -> list[Entry]:
    """Make the rows; ``row`` are the values of an entry that is well, which its columns hold today."""
    ledger, book = installed.ledger, book_in(town, installed)
    values = cleaned(typed_specs(ledger, book), row, whole=True)
    made: list[Entry] = []
    for place, one in enumerate(entries):
        entry = ledger.model(municipality_id=town.ref.id, book=book, number=f"T{place}")
        entry.number_order = order_of(entry.number)
        for chain in ledger.all_chains:
            setattr(entry, chain.column, chain.first)
        put(entry, specs_of_book(ledger, book), values)
        entry.state = one.today or _last_state(one, ledger.chain.first)
        made.append(entry)
    ledger.model.unscoped.bulk_create(made)
    Amendment.unscoped.bulk_create(
        Amendment(
            municipality_id=town.ref.id,
            book=book,
            entry=entry.pk,
            holds_from=said.day,
            written_at=_NOON + dt.timedelta(minutes=said.order),
            values=dict(said.values),
            by="例示",
        )
        for entry, one in zip(made, entries, strict=True)
        for said in one.amendments
    )
    return made


def _last_state(one: Told, first: str) -> str:
    states = [str(said.values["state"]) for said in one.amendments if "state" in said.values]
    return states[-1] if states else first


def naive(
    town: Town,
    installed: Installed[Any],  # Any: as above
    day: dt.date,
    *,
    ended: bool = False,
) -> dict[UUID, dict[str, JsonValue]]:
    """What counted on a day with what was said of it, row by row: no mistake, no double, in the ledger by then, not ended.

    ``ended``: those too.
    """
    found: dict[UUID, dict[str, JsonValue]] = {}
    for entry in installed.ledger.model.unscoped.filter(municipality=town.ref.id):
        if entry.state in {VOID, MERGED}:
            continue
        values: dict[str, JsonValue] = {}
        rows = Amendment.unscoped.filter(municipality=town.ref.id, entry=entry.pk)
        for one in sorted(rows, key=lambda one: (one.holds_from, one.written_at, str(one.pk))):
            if one.holds_from <= day:
                values.update(one.values)
        if values.get("state") is not None and (ended or values["state"] not in installed.ledger.chain.ended):
            found[entry.pk] = values
    return found


def book_of(town: Town, installed: Installed[Any]) -> Book:  # Any: as above
    """The town's book, for its reports."""
    return book_in(town, installed)
