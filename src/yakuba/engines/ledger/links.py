"""Where an entry is shown. The pages stand a floor above; they say here how their addresses are made."""

from __future__ import annotations

from collections.abc import Callable

from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context

_address: Callable[[Context, Entry], str] | None = None


def shown_at(address: Callable[[Context, Entry], str]) -> None:
    """Say where entries are shown; called once, when the room with the pages starts up."""
    global _address  # noqa: PLW0603 – one socket, filled once at start-up
    _address = address


def address_of(ctx: Context, entry: Entry) -> str:
    """The address of an entry's page, empty where no room shows entries."""
    return "" if _address is None else _address(ctx, entry)
