"""A pack makes its ledger known here, once, when the house starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.access import Access
from yakuba.engines.ledger.access import make as make_access
from yakuba.engines.ledger.actions.entries import EntryActions
from yakuba.engines.ledger.actions.entries import make as make_actions
from yakuba.engines.ledger.declaration import Ledger, register_ledger
from yakuba.engines.ledger.links import address_of
from yakuba.engines.ledger.queries import with_persons
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import title_of
from yakuba.engines.protection.sources import SOURCES
from yakuba.kernel.actions import register_subject
from yakuba.kernel.trail.labels import register_name

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Installed(Generic[E]):
    """A ledger with its permissions and its actions."""

    ledger: Ledger[E]
    access: Access
    actions: EntryActions


_INSTALLED: dict[str, Installed[Entry]] = {}


def install(ledger: Ledger[E]) -> Installed[E]:
    """Register a ledger; its model and its sub-rows become subjects. Called in the pack's ``AppConfig.ready``."""
    register_ledger(ledger)
    plain: Ledger[Entry] = ledger  # type: ignore[assignment]  # whatever its model is, it is an entry
    register_subject(
        ledger.key,
        str(ledger.label),
        ledger.model,
        title=lambda entry: f"{entry.number} {title_of(plain, entry)}",
        url=address_of,
    )
    for lines in ledger.lines:
        register_subject(f"{ledger.key}_{lines.key}", str(lines.label), lines.model)
    if ledger.persons:
        SOURCES.register(ledger.key, lambda ctx: with_persons(ctx, plain))
    register_name(f"{ledger.key}.read", gettext_lazy("台帳の行を見る"))
    access = make_access(plain)
    made = Installed(ledger, access, make_actions(plain, access))
    _INSTALLED[ledger.key] = made  # type: ignore[assignment]  # ledgers of every model stand side by side
    return made


def installed() -> tuple[Installed[Entry], ...]:
    """Every ledger of the house, by key."""
    return tuple(_INSTALLED[key] for key in sorted(_INSTALLED))


def installed_of(key: str) -> Installed[Entry] | None:
    """The ledger of a key with its permissions and actions."""
    return _INSTALLED.get(key)
