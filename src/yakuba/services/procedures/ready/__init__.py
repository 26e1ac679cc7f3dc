"""Ready procedures: what an office starts from («ひな形から始める»). A town makes them its own before it publishes.

Each is a ``yakuba-procedure/1`` file beside this one. Names of ordinances carry no town, fees are those that are usual, and where a
town's own article has to stand, the list before publishing asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.model import Definition, said


@dataclass(frozen=True)
class Ready:
    """A ready procedure: the file's name without its ending, its Japanese title, and the definition."""

    key: str
    title: str
    definition: Definition


@cache
def all_ready() -> tuple[Ready, ...]:
    """All of them, by key."""
    found = sorted(
        (one for one in files(__name__).iterdir() if one.name.endswith(".json")), key=lambda one: one.name
    )
    definitions = [
        (one.name.removesuffix(".json"), document.load(one.read_text(encoding="utf-8"))) for one in found
    ]
    return tuple(Ready(key, said(definition.title), definition) for key, definition in definitions)
