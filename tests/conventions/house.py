"""What the convention tests look at: our own models, modules, templates and addresses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import models

import yakuba

SOURCE = Path(yakuba.__file__).resolve().parent
TESTS = SOURCE.parent.parent / "tests"
KERNEL = ("ids", "dates", "text", "plugins", "fields", "ui", "actions", "town", "access", "trail", "outbox", "files",
          "search", "sheets")  # fmt: skip
ENGINES = (
    "publishing",
    "visitors",
    "protection",
    "metrics",
    "places",
    "delivery",
    "ledger",
    "approval",
    "casework",
    "intake",
    "rounds",
    "bodies",
)  # from the ground up, as pyproject.toml says
# Without the operator's list there is no receiver of hand-overs to try anything with. What a password costs is the sign-in's to try.
SETTINGS = {
    "WEBHOOK_HOSTS": "hooks.example.jp",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}
FLOORS = ("kernel", "engines", "services", "packs")


@cache
def own_models() -> tuple[type[models.Model], ...]:
    """Every model of ours."""
    return tuple(model for model in apps.get_models() if model.__module__.startswith("yakuba."))


def height(dotted: str) -> tuple[int, int]:
    """How high a module stands: floor, then place within the kernel or among the engines."""
    parts = dotted.split(".")
    floor = FLOORS.index(parts[1]) if parts[1] in FLOORS else len(FLOORS)
    order = {"kernel": KERNEL, "engines": ENGINES}.get(parts[1], ())
    return floor, order.index(parts[2]) if order else 0


def room_of(dotted: str) -> str:
    """The room of a dotted module name: its first three parts, or two for portal and desk."""
    parts = dotted.split(".")
    return ".".join(parts[:3] if parts[1] in FLOORS else parts[:2])


def modules() -> Iterator[tuple[str, Path]]:
    """(dotted name, path) of every module of ours, migrations left out."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        relative = path.relative_to(SOURCE.parent).with_suffix("")
        yield ".".join(relative.parts), path


@cache
def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text("utf-8"))
