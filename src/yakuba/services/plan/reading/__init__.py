"""Reading plan documents: bytes in, `yakuba-plan/1` out. Pure: no database, no Django, no clock.

`read_document` reads a text with a wide plan table; `document` writes and reads `yakuba-plan/1`; `schema`
holds its JSON Schema; `model` is what both are made of.
"""

from .document import dumps, from_document, loads, to_document
from .model import Reading
from .reader import read_document, read_documents
from .schema import SCHEMA
from .shapes import Malformed
from .unreadable import Unreadable

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
