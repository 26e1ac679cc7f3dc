"""Rooms are found, not listed: a new room is a new folder with an ``apps.py``."""

from __future__ import annotations

import importlib.util
from importlib import import_module
from pathlib import Path
from types import ModuleType

SOURCE = Path(__file__).resolve().parent.parent

# Inside the kernel the order is the house's order, from the ground up.
KERNEL = ("ui", "town", "access", "trail", "outbox", "files", "search", "sheets")
FLOORS = ("engines", "services", "packs")
# The two front doors, and what starts the whole house.
DOORS = ("portal", "desk", "serving", "demo")


def rooms() -> list[str]:
    """Dotted names of all rooms with an ``apps.py``, lower floors first."""
    found = [f"yakuba.kernel.{name}" for name in KERNEL if (SOURCE / "kernel" / name / "apps.py").exists()]
    for floor in FLOORS:
        found += [f"yakuba.{floor}.{path.parent.name}" for path in sorted((SOURCE / floor).glob("*/apps.py"))]
    found += [f"yakuba.{door}" for door in DOORS if (SOURCE / door / "apps.py").exists()]
    return found


def parts(name: str) -> list[ModuleType]:
    """The module ``name`` of every room that has one (``actions``, ``cli``, ``urls``, ``subscriptions`` …)."""
    return [
        import_module(f"{room}.{name}")
        for room in rooms()
        if importlib.util.find_spec(f"{room}.{name}") is not None
    ]
