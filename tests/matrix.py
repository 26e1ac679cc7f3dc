"""What the permission matrix performs: for each action a specimen that knows how to try it.

The matrix itself is written by hand: one ``access_matrix.csv`` per room beside its tests, with the columns

    action, role, office, municipality, expect

``office`` is ``own`` (the actor's office is the subject's) or ``other``; ``municipality`` is ``same`` or ``other``; ``expect``
is ``allow``, ``deny`` (the actor sees the subject and is told no) or ``hide`` (404: the actor may not know that it is there).
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.world import Town
from yakuba.kernel.actions import ACTIONS
from yakuba.settings.rooms import parts

TESTS = Path(__file__).resolve().parent
Subject = Any


@dataclass(frozen=True)
class Specimen:
    """How one action is tried.

    ``subject`` makes what is acted on, belonging to the town's office ``own`` (None for an action that makes something new);
    ``data`` makes the action's data. ``page`` and ``api`` send what a browser or a program would send; left out where the
    action has no page or no API of its own.
    """

    subject: Callable[[Town], Subject]
    data: Callable[[Town, Subject], Any]
    page: Callable[[Client, Town, Subject], HttpResponse] | None = None
    api: Callable[[Client, Town, Subject], HttpResponse] | None = None


@dataclass(frozen=True)
class Cell:
    """One line of a matrix."""

    action: str
    role: str
    office: str
    municipality: str
    expect: str
    room: str

    def __str__(self) -> str:
        return f"{self.action}-{self.role}-{self.office}-{self.municipality}"


def cells() -> list[Cell]:
    """Every line of every room's matrix."""
    found = []
    for path in sorted(TESTS.glob("*/*/access_matrix.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            room = ".".join(path.relative_to(TESTS).parts[:2])
            lines = csv.DictReader(line for line in file if not line.startswith("#"))
            found += [Cell(**row, room=room) for row in lines]
    return found


@cache
def specimens() -> dict[str, Specimen]:
    """Every room's specimens by action key."""
    found: dict[str, Specimen] = {}
    for path in sorted(TESTS.glob("*/*/specimens.py")):
        module = import_module(".".join(("tests", *path.relative_to(TESTS).with_suffix("").parts)))
        found |= module.SPECIMENS
    return found


def registered() -> set[str]:
    """The keys of all actions of the house."""
    parts("actions")  # a room's actions count, whether a page calls them yet or not
    for path in sorted(TESTS.glob("*/*/specimens.py")):
        import_module(".".join(("tests", *path.relative_to(TESTS).with_suffix("").parts)))
    return set(ACTIONS)
