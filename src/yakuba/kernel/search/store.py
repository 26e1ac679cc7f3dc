"""Writing the index: in the transaction of the change, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.search.engine import engine
from yakuba.kernel.search.models import TABLES, Rows, SearchRow
from yakuba.kernel.text import index_rows

Visibility = Literal["public", "internal"]
TITLE: Final = "title"
_BATCH: Final = 200


def index(
    ctx: Context,
    subject: SubjectRef,
    *,
    title: str,
    fields: Mapping[str, str],
    visibility: Visibility,
    sort: str = "",
) -> None:
    """Replace what is indexed of an object for one visibility, in the running transaction.

    ``fields`` maps keys (other than ``title``) to texts; ``sort`` is the key by which equal hits are ordered. An object can stand
    in the index twice: ``internal`` as it is now, ``public`` as it was released. Never hand over personal fields.
    """
    model = TABLES[visibility]
    texts = {TITLE: title, **{key: text for key, text in fields.items() if text}}
    old = list(_rows(model, ctx.municipality.id, subject))
    if {row.field: row.text for row in old if row.part == 0} == texts and {row.sort for row in old} == {sort}:
        return
    _forget(model, old)
    engine(model).write(
        [
            piece
            for key, text in texts.items()
            for piece in _pieces(
                model(
                    municipality_id=ctx.municipality.id,
                    subject_kind=subject.kind,
                    subject_id=subject.id,
                    field=key,
                    part=0,
                    is_title=key == TITLE,
                    sort=sort,
                    text=text,
                )
            )
        ]
    )


def remove(ctx: Context, subject: SubjectRef, *, visibility: Visibility | None = None) -> None:
    """Take an object out of the index, for one visibility or for both, in the running transaction."""
    for model in TABLES.values() if visibility is None else [TABLES[visibility]]:
        _forget(model, _rows(model, ctx.municipality.id, subject))


def rebuild() -> int:
    """Index every field's text anew, in short transactions; how many fields.

    Needed when folding changes with a release, or when :func:`.engine.verify` found rows without tokens.
    """
    return sum(_rebuild(model) for model in TABLES.values())


def _rebuild(model: Rows) -> int:
    engine(model).install()
    count = 0
    last: UUID | None = None
    while True:
        with transaction.atomic():
            firsts = model.unscoped.filter(part=0).order_by("pk")
            batch = list((firsts.filter(pk__gt=last) if last else firsts)[:_BATCH])
            if not batch:
                return count
            for row in batch:
                subject = SubjectRef(row.subject_kind, row.subject_id)
                _forget(model, _rows(model, row.municipality_id, subject).filter(field=row.field))
                engine(model).write(_pieces(row))
        last = batch[-1].pk
        count += len(batch)


def _rows(model: Rows, municipality_id: UUID, subject: SubjectRef) -> QuerySet[SearchRow]:
    return model.unscoped.filter(
        municipality_id=municipality_id, subject_kind=subject.kind, subject_id=subject.id
    )


def _pieces(first: SearchRow) -> list[tuple[SearchRow, str]]:
    """A field's rows with their tokens: the first as given, then those of a long text's further parts."""
    tokens = index_rows(first.text) or [""]
    found = [(first, tokens[0])]
    for part, more in enumerate(tokens[1:], start=1):
        piece = type(first)(
            municipality_id=first.municipality_id,
            subject_kind=first.subject_kind,
            subject_id=first.subject_id,
            field=first.field,
            part=part,
            is_title=first.is_title,
            sort=first.sort,
        )
        found.append((piece, more))
    return found


def _forget(model: Rows, rows: Iterable[SearchRow]) -> None:
    gone = list(rows)
    if gone:
        engine(model).forget([row.entry for row in gone if row.entry is not None])
        model.unscoped.filter(pk__in=[row.pk for row in gone]).delete()
