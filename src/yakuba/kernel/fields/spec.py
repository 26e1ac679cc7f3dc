"""A field: a kind plus the facts that every host needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from yakuba.kernel.fields.kinds import Kind


class Classification(Enum):
    """Who a field is for. Public pages, API, search and exports are built from public fields alone."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"


PUBLIC = Classification.PUBLIC
INTERNAL = Classification.INTERNAL
PERSONAL = Classification.PERSONAL


@dataclass(frozen=True)
class Spec:
    """What is known of one field, whatever holds it.

    ``kind`` is None for columns that only the machine reads (links, digests, JSON kept as a whole).
    """

    label: str
    classification: Classification
    kind: Kind[Any] | None = None  # Any: hosts hold fields of every kind side by side
    required: bool = True
    unit: str = ""
    help: str = ""
    filterable: bool = False
    searchable: bool = False
