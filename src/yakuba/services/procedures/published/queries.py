"""The definitions of published procedures, by the id of their publication."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from uuid import UUID

from yakuba.engines.publishing.models import Publication
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.model import Definition

#: The kind of publication that a published procedure is.
KIND: Final = "procedure"
#: And the one of a draft that is frozen for trying it out.
TRIAL: Final = "procedure_trial"


@lru_cache(maxsize=256)
def definition_of(publication_id: UUID) -> Definition:
    """The definition that a publication froze. Its id comes from a row that the caller may see.

    Raises Publication.DoesNotExist for an id that is none.
    """
    return document.read(
        Publication.unscoped.only("head").get(pk=publication_id, kind__in=(KIND, TRIAL)).head
    )
