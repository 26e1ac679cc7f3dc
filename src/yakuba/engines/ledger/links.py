"""Where an entry is shown. The pages stand a floor above; they say here how their addresses are made."""

from __future__ import annotations

from collections.abc import Callable

from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context

_added: Callable[[Context, str], str] | None = None
_picked: Callable[[Context, str], str] | None = None
_address: Callable[[Context, Entry], str] | None = None
_listed: Callable[[Context, str], str] | None = None


def shown_at(address: Callable[[Context, Entry], str]) -> None:
    """Say where entries are shown; called once, when the room with the pages starts up."""
    global _address  # noqa: PLW0603 – one socket, filled once at start-up
    _address = address


def address_of(ctx: Context, entry: Entry) -> str:
    """The address of an entry's page, empty where no room shows entries."""
    return "" if _address is None else _address(ctx, entry)


def added_at(address: Callable[[Context, str], str]) -> None:
    """Say where an entry is added to a ledger (its key); ``?place=36.3, 139.8`` behind it is where it will be. Called once, at start-up."""
    global _added  # noqa: PLW0603 – as above
    _added = address


def adding_to(ctx: Context, ledger: str) -> str:
    """The address where an entry is added to a ledger, empty where no room has one."""
    return "" if _added is None else _added(ctx, ledger)


def picked_at(address: Callable[[Context, str], str]) -> None:
    """Say where the place of a new entry of a ledger is chosen on a map. Called once, at start-up."""
    global _picked  # noqa: PLW0603 – as above
    _picked = address


def picking_for(ctx: Context, ledger: str) -> str:
    """The address of the map on which it is chosen, empty where no room has one."""
    return "" if _picked is None else _picked(ctx, ledger)


def listed_at(address: Callable[[Context, str], str]) -> None:
    """Say where the entries of a ledger (its key) are listed. Called once, at start-up."""
    global _listed  # noqa: PLW0603 – as above
    _listed = address


def list_of(ctx: Context, ledger: str) -> str:
    """The address of a ledger's list, empty where no room has one."""
    return "" if _listed is None else _listed(ctx, ledger)
