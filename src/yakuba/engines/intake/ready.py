"""Rules that packs bring along for the ready procedures, so that an office only has to choose one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yakuba.engines.intake import rules
from yakuba.kernel.ui.drawing import Text


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule with its name: for which ledger, for what sort of procedure."""

    key: str
    ledger: str
    label: Text
    document: Mapping[str, object]


_READY: dict[str, Ready] = {}


def register_ready(ready: Ready) -> None:
    """Offer a rule. A document that cannot be read does not start."""
    if ready.key in _READY:
        raise RuntimeError(f"intake rule {ready.key} is registered already")
    rules.read(ready.document)
    _READY[ready.key] = ready


def ready_for(ledger: str) -> list[Ready]:
    """The rules that are offered for a ledger, by key."""
    return [one for key, one in sorted(_READY.items()) if one.ledger == ledger]


def find_ready(key: str) -> Ready | None:
    """A rule by its key."""
    return _READY.get(key)
