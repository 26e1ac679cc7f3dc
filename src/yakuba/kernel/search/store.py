"""Writing the index: in the transaction of the change, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from django.db import transaction
from django.db.models import QuerySet

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.search.engine import engine
from yakuba.kernel.search.models import SearchRow
from yakuba.kernel.text import index_rows

Visibility = Literal["public", "internal"]
TITLE: Final = ""
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

    ``fields`` maps a field's key to its text; ``sort`` is the key by which equal hits are ordered. An object can stand in the
    index twice: ``internal`` as it is now, ``public`` as it was released. Never hand over personal fields.
    """
    texts = {TITLE: title, **{key: text for key, text in fields.items() if text}}
    old = list(_rows(ctx, subject, visibility))
    if {row.field: row.text for row in old if row.part == 0} == texts and {row.sort for row in old} == {sort}:
        return
    _forget(old)
    engine().write(
        [
            piece
            for key, text in texts.items()
            for piece in _pieces(
                SearchRow(
                    municipality_id=ctx.municipality.id,
                    subject_kind=subject.kind,
                    subject_id=subject.id,
                    visibility=visibility,
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
    _forget(list(_rows(ctx, subject, visibility)))


def rebuild() -> int:
    """Index every row's text anew, in short transactions; how many fields.

    Needed when folding changes with a release, or when :func:`.engine.verify` found rows without tokens.
    """
    engine().install()
    count = 0
    last = None
    while True:
        with transaction.atomic():
            firsts = SearchRow.unscoped.filter(part=0).order_by("pk")
            batch = list((firsts.filter(pk__gt=last) if last else firsts)[:_BATCH])
            if not batch:
                return count
            for row in batch:
                _forget(
                    SearchRow.unscoped.filter(
                        municipality_id=row.municipality_id,
                        subject_kind=row.subject_kind,
                        subject_id=row.subject_id,
                        visibility=row.visibility,
                        field=row.field,
                    )
                )
                row._state.adding = True
                engine().write(_pieces(row))
        last = batch[-1].pk
        count += len(batch)


def _rows(ctx: Context, subject: SubjectRef, visibility: Visibility | None) -> QuerySet[SearchRow]:
    rows = SearchRow.unscoped.filter(
        municipality_id=ctx.municipality.id, subject_kind=subject.kind, subject_id=subject.id
    )
    return rows if visibility is None else rows.filter(visibility=visibility)


def _pieces(first: SearchRow) -> list[tuple[SearchRow, str]]:
    """A field's rows with their tokens: the first as given, then those of a long text's further parts."""
    tokens = index_rows(first.text) or [""]
    found = [(first, tokens[0])]
    for part, more in enumerate(tokens[1:], start=1):
        piece = SearchRow(
            municipality_id=first.municipality_id,
            subject_kind=first.subject_kind,
            subject_id=first.subject_id,
            visibility=first.visibility,
            field=first.field,
            part=part,
            is_title=first.is_title,
            sort=first.sort,
        )
        found.append((piece, more))
    return found


def _forget(rows: Iterable[SearchRow]) -> None:
    gone = list(rows)
    if gone:
        engine().forget([row.entry for row in gone if row.entry is not None])
        SearchRow.unscoped.filter(pk__in=[row.pk for row in gone]).delete()
