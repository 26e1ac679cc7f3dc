"""Editions as the public has them: from the frozen copies alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.services.plan.differences import State
from yakuba.services.plan.queries import canonical
from yakuba.services.plan.rows import Form

EDITION = "plan_edition"


def published_document(ctx: Context, publication: Publication) -> Form:
    """A published edition as a `yakuba-plan/1` document with its public fields (two queries)."""
    initiatives: list[dict[str, Any]] = [  # Any: JSON
        {
            **part.body,
            # The format's page asks for these keys; what the desk alone knows stays empty in the public form.
            "source": None,
            "sources": {},
            "doubts": [],
            "corrected": {},
            "warnings": [],
            "offices": [{**office, "doubtful": False} for office in part.body["offices"]],
        }
        for part in publishing.parts(ctx, publication)
    ]
    head: Form = publication.head
    return canonical({**head, "initiatives": initiatives, "warnings": [], "unplaced": []})


def state_of(ctx: Context, publication: Publication) -> State:
    """A publication as it is compared with another state of its edition (one query)."""
    return State(publication.head, {part.object: part.body for part in publishing.parts(ctx, publication)})


def published_documents(ctx: Context, publications: Iterable[Publication] | None = None) -> list[Form]:
    """The documents of these publications, or of every standing one, by first year and edition."""
    if publications is None:
        publications = publishing.standing(ctx, EDITION)
    found = [published_document(ctx, publication) for publication in publications]
    return sorted(found, key=lambda d: (d["plan"]["first_year"], d["plan"]["edition"] or ""))
