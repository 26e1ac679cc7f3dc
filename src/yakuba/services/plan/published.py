"""Editions as the public has them: from the frozen copies alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, F, Func, JSONField, Q, TextField, When
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.services.plan.differences import State
from yakuba.services.plan.lateness import LATE
from yakuba.services.plan.queries import canonical
from yakuba.services.plan.rows import Form

if TYPE_CHECKING:
    from django.db.models.sql.compiler import _AsSqlType  # the stubs' own name for SQL with its parameters

EDITION = "plan_edition"
UNREAD: Final = ("texts", "items", "stages", "more")
"""What an overview does not show of an initiative."""
_HEAVY: Final = ("texts", "items", "stages", "indicators", "tags", "more", "themes")
"""What a frozen initiative is heavy with, and what nobody asks for who looks through many editions."""


class Lean(Func):
    """A frozen initiative without some of its keys: the database takes them out before anything travels or is parsed."""

    output_field = JSONField()

    def __init__(self, column: str, keys: Sequence[str]) -> None:
        super().__init__(column)
        self.keys = tuple(keys)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_extra: object
    ) -> _AsSqlType:
        """JSON paths."""
        paths = ", ".join(f"'$.{key}'" for key in self.keys)
        return super().as_sql(compiler, connection, template=f"JSON_REMOVE(%(expressions)s, {paths})")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_extra: object
    ) -> _AsSqlType:
        """One subtraction: each look into a large document unpacks it anew."""
        keys = ", ".join(f"'{key}'" for key in self.keys)
        return super().as_sql(compiler, connection, template=f"(%(expressions)s - ARRAY[{keys}])")


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


def lean(form: Form) -> Form:
    """A form as :func:`lean_forms` gives it."""
    return {key: value for key, value in form.items() if key not in _HEAVY}


def frozen_texts(ctx: Context, publications: Iterable[Publication]) -> dict[UUID, dict[UUID, str]]:
    """The initiatives of each publication as the database writes them, by publication and id (one query).

    Equal texts are equal initiatives; only what differs has to be parsed.
    """
    wanted = list(publications)
    found: dict[UUID, dict[UUID, str]] = {one.pk: {} for one in wanted}
    parts = publishing.parts_of(ctx, wanted).annotate(text=Cast("body", TextField()))
    for publication, identity, text in parts.values_list("publication_id", "object", "text"):
        found[publication][identity] = text
    return found


def lean_forms(ctx: Context, publications: Iterable[Publication]) -> dict[UUID, list[tuple[UUID, int, Form]]]:
    """(id, position, form without its heavy keys) of the initiatives of each publication, by the publication (one query).

    A late one keeps its indicators, which say what year it is judged for.
    """
    wanted = list(publications)
    found: dict[UUID, list[tuple[UUID, int, Form]]] = {one.pk: [] for one in wanted}
    late = Q()
    for meaning in sorted(LATE):
        late |= Q(body__progress_meaning=meaning)
    parts = publishing.parts_of(ctx, wanted).annotate(
        lean=Lean("body", _HEAVY),
        figures=Case(When(late, then=F("body__indicators")), output_field=JSONField()),
    )
    for publication, identity, position, form, figures in parts.values_list(
        "publication_id", "object", "position", "lean", "figures"
    ):
        if figures is not None:
            form["indicators"] = figures
        found[publication].append((identity, position, form))
    return found


def published_documents(ctx: Context, publications: Iterable[Publication] | None = None) -> list[Form]:
    """The documents of these publications, or of every standing one, by first year and edition."""
    if publications is None:
        publications = publishing.standing(ctx, EDITION)
    found = [published_document(ctx, publication) for publication in publications]
    return sorted(found, key=lambda d: (d["plan"]["first_year"], d["plan"]["edition"] or ""))
