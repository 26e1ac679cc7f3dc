"""Reading plan documents: bytes in, `yakuba-plan/1` out. Pure: no database, no Django, no clock.

`read_document` reads a text with a wide plan table; `document` writes and reads `yakuba-plan/1`; `schema`
holds its JSON Schema; `model` is what both are made of.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .document import dumps, from_document, loads, to_document
from .model import Reading
from .schema import SCHEMA
from .shapes import Malformed
from .unreadable import Unreadable

if TYPE_CHECKING:
    from .reader import read_document, read_documents

__all__ = [
    "SCHEMA",
    "Malformed",
    "Reading",
    "Unreadable",
    "dumps",
    "from_document",
    "loads",
    "read_document",
    "read_documents",
    "to_document",
]


def __getattr__(name: str) -> object:
    """The reader itself only when something is read: its patterns take a third of a second, which every process would pay."""
    if name in {"read_document", "read_documents"}:
        return getattr(import_module(".reader", __name__), name)
    raise AttributeError(name)
