"""Writing the index: in the transaction of the change, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar
from uuid import UUID

from django.db import transaction

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.search.engine import engine
from yakuba.kernel.search.models import TABLES, Rows, SearchRow, pack
from yakuba.kernel.search.tokens import LINE
from yakuba.kernel.text import fold

T = TypeVar("T")
Visibility = Literal["public", "internal"]
_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as it is to be found. ``fields`` maps keys to texts; ``sort`` is the key by which equal hits are ordered."""

    subject: SubjectRef
    title: str
    fields: Mapping[str, str]
    sort: str = ""


def index(
    ctx: Context,
    subject: SubjectRef,
    *,
    title: str,
    fields: Mapping[str, str],
    visibility: Visibility,
    sort: str = "",
) -> None:
    """Replace what is indexed of one object for one visibility; see :func:`index_many`."""
    index_many(ctx, [Entry(subject, title, fields, sort)], visibility=visibility)


def index_many(ctx: Context, entries: Sequence[Entry], *, visibility: Visibility) -> None:
    """Replace what is indexed of these objects for one visibility, in the running transaction.

    What has not changed keeps its place in the index, everything else goes to its end in the given order. An object can stand in
    the index twice: ``internal`` as it is now, ``public`` as it was released. Never hand over personal fields. Of entries with
    the same subject the last one counts.
    """
    model = TABLES[visibility]
    for batch in _batches(list({entry.subject: entry for entry in entries}.values())):
        standing = {
            SubjectRef(row.subject_kind, row.subject_id): row
            for row in _rows(model, ctx.municipality.id, [entry.subject for entry in batch])
        }
        changed = [entry for entry in batch if not _says(standing.get(entry.subject), entry)]
        _forget(model, [standing[entry.subject] for entry in changed if entry.subject in standing])
        _write(model, ctx.municipality.id, changed)


def remove(ctx: Context, subject: SubjectRef, *, visibility: Visibility | None = None) -> None:
    """Take an object out of the index, for one visibility or for both, in the running transaction."""
    for model in TABLES.values() if visibility is None else [TABLES[visibility]]:
        _forget(model, _rows(model, ctx.municipality.id, [subject]))


def remove_many(ctx: Context, subjects: Sequence[SubjectRef], *, visibility: Visibility) -> None:
    """Take objects out of the index for one visibility, in the running transaction."""
    model = TABLES[visibility]
    for batch in _batches(subjects):
        _forget(model, _rows(model, ctx.municipality.id, batch))


def rebuild() -> int:
    """Fold and index every object anew, in short transactions; how many.

    Needed when folding changes with a release, or when :func:`.engine.verify` found rows without tokens. Until it is done, searches
    may miss what it has not come to.
    """
    return sum(_rebuild(model) for model in TABLES.values())


def _rebuild(model: Rows) -> int:
    beside = engine(model)
    beside.install()
    beside.clear()
    count = 0
    last = -1
    while True:
        with transaction.atomic():
            rows = list(model.unscoped.filter(entry__gt=last).order_by("entry").select_for_update()[:_BATCH])
            if not rows:
                return count
            beside.forget(rows)
            for row in rows:
                _fold(row)
            model.unscoped.bulk_update(rows, ["folded_title", "folded"])
            beside.add(rows)
        last = rows[-1].entry
        count += len(rows)


def _rows(model: Rows, municipality_id: UUID, subjects: Sequence[SubjectRef]) -> list[SearchRow]:
    wanted = set(subjects)
    found = model.unscoped.filter(
        municipality_id=municipality_id,
        subject_kind__in={subject.kind for subject in wanted},
        subject_id__in={subject.id for subject in wanted},
    ).order_by("entry")
    return [row for row in found if SubjectRef(row.subject_kind, row.subject_id) in wanted]


def _says(row: SearchRow | None, entry: Entry) -> bool:
    return row is not None and (row.title, row.texts, row.sort) == (
        entry.title,
        pack(entry.fields),
        entry.sort,
    )


def _fold(row: SearchRow) -> None:
    row.folded_title = fold(row.title)
    row.folded = LINE.join([row.folded_title, *(fold(text) for _key, text in row.pairs())])


def _write(model: Rows, municipality_id: UUID, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    beside = engine(model)
    rows = [
        model(
            municipality_id=municipality_id,
            subject_kind=entry.subject.kind,
            subject_id=entry.subject.id,
            title=entry.title,
            sort=entry.sort,
            texts=pack(entry.fields),
            entry=number,
        )
        for number, entry in zip(beside.entries(len(entries)), entries, strict=True)
    ]
    for row in rows:
        _fold(row)
    model.unscoped.bulk_create(rows, batch_size=_BATCH)
    beside.add(rows)


def _forget(model: Rows, rows: Sequence[SearchRow]) -> None:
    if rows:
        engine(model).forget(rows)
        model.unscoped.filter(pk__in=[row.pk for row in rows]).delete()


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
