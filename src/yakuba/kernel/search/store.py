"""Writing the index, in the transaction of the change that it follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.ids import uuid7
from yakuba.kernel.search.models import TABLES, DeskRow, PublicRow
from yakuba.kernel.text.bigrams import CHUNK, chunks, index_terms

Visibility = Literal["public", "internal"]
TITLE = "title"
# SQLite numbers its rows with 63 bits; the random part of a UUIDv7 has 62.
_RANDOM = 2**62 - 1


def index(
    ctx: Context,
    ref: SubjectRef,
    *,
    title: str,
    fields: Mapping[str, str],
    visibility: Visibility,
    sort: str = "",
) -> None:
    """Replace the rows of one thing. ``fields`` name what is searched beside the title, ``sort`` orders equal hits."""
    index_many(ctx, [(ref, title, fields, sort)], visibility=visibility)


def index_many(
    ctx: Context, things: list[tuple[SubjectRef, str, Mapping[str, str], str]], *, visibility: Visibility
) -> None:
    """The same for many things, in a fixed number of statements per thousand rows."""
    model = TABLES[visibility]
    _remove(ctx, [ref for ref, _title, _fields, _sort in things], model)
    made = [
        row
        for ref, title, fields, sort in things
        for field, text in {TITLE: title, **fields}.items()
        if text
        for row in _rows(ctx, model, ref, title, field, text, sort)
    ]
    model.unscoped.bulk_create(made, batch_size=500)


def remove(ctx: Context, ref: SubjectRef, *, visibility: Visibility) -> None:
    """Take one thing out of the index."""
    _remove(ctx, [ref], TABLES[visibility])


def _remove(ctx: Context, refs: list[SubjectRef], model: type[PublicRow | DeskRow]) -> None:
    for kind in {ref.kind for ref in refs}:
        ids = [ref.id for ref in refs if ref.kind == kind]
        for start in range(0, len(ids), 500):
            model.unscoped.filter(
                municipality_id=ctx.municipality.id, kind=kind, subject__in=ids[start : start + 500]
            ).delete()


def _rows(
    ctx: Context,
    model: type[PublicRow | DeskRow],
    ref: SubjectRef,
    title: str,
    field: str,
    text: str,
    sort: str,
) -> list[PublicRow | DeskRow]:
    made: list[PublicRow | DeskRow] = []
    for piece in chunks(text, CHUNK):
        key = uuid7()
        made.append(
            model(
                id=key,
                municipality_id=ctx.municipality.id,
                docid=key.int & _RANDOM,
                kind=ref.kind,
                subject=ref.id,
                field=field[:60],
                title=title[:300],
                is_title=field == TITLE,
                sort=sort[:200],
                text=piece,
                terms=index_terms(piece),
            )
        )
    return made
