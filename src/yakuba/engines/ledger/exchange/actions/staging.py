"""What the worker does of an import: read and judge it in chunks, write it at once, index it in chunks; and sweep what was left.

Each chunk is a transaction of its own, so whoever else writes waits for no more than 1,000 rows. Killed anywhere, it is begun again: an
import that was being read is read anew, one that is written goes on indexing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Final, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yakuba.engines.ledger import store
from yakuba.engines.ledger.actions.numbers import counter_of
from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.exchange import access, heads, opening, queries
from yakuba.engines.ledger.exchange.actions import rows
from yakuba.engines.ledger.exchange.actions.importing import because
from yakuba.engines.ledger.exchange.actions.judging import Judge
from yakuba.engines.ledger.exchange.actions.refusing import refuse
from yakuba.engines.ledger.exchange.matching import NUMBER, columns_of, known, needs_system
from yakuba.engines.ledger.models import Amendment, Batch, Book, Staged
from yakuba.engines.ledger.records import Entry, order_of
from yakuba.engines.ledger.values import EXTRA
from yakuba.engines.places.columns import COMPANIONS
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, action
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.plugins import crash, statistics

CHUNK: Final = 1000
#: How long staged rows wait for somebody: a weekend.
KEPT: Final = dt.timedelta(days=4)
_INDEXED: Final = 200
_TRIES: Final = 3


def read_in(ctx: Context, batch: Batch) -> Batch:
    """Read, judge and stage a batch that a person has matched. What cannot be read stops it, with words that say why."""
    ledger = queries.ledger_of(batch)
    _clear(batch)
    try:
        judge = _stage(ctx, ledger, batch)
    except Problem as problem:
        return _noted(batch, state="stopped", trouble=problem.message)
    if judge is None:
        return batch
    if judge.forbidden:
        _clear(batch)
        return refuse(ctx, batch)
    uses = [f"{name} {count:,}件" for name, count in judge.uses.items()]
    return _noted(
        batch,
        state="checked",
        place="\n".join([*uses, *sorted(judge.warnings)]),
        counts=cast("JsonValue", {**queries.counted(batch), **({"lost": judge.lost} if judge.lost else {})}),
        unknown=judge.unknown.as_json(),
        steps=Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch).count(),
    )


def _stage(ctx: Context, ledger: Ledger[Entry], batch: Batch) -> Judge | None:
    """All chunks; None where somebody broke it off meanwhile."""
    assert batch.file is not None  # only what is swept has none  # noqa: S101
    with files.open(batch.file) as stream:
        opened = opening.opened(stream)
    head = heads.find(opened, known(ledger, columns_of(ledger, batch.book, personal=True)))
    if list(head.labels) != list(batch.heads):
        raise Problem("heads", _("見出しが変わりました。もう一度、表を選んでください。"))
    judge = Judge(ctx, ledger, batch, head.places, opened.grid.faults)
    cells = opened.grid.rows
    for start in range(head.below, len(cells), CHUNK):
        part = list(enumerate(cells[start : start + CHUNK], start))
        made = judge.chunk(part)
        with transaction.atomic():
            if not _still(batch, "reading"):
                return None
            Staged.unscoped.bulk_create(made, batch_size=200)
            _step(batch, start + len(part) - head.below, len(cells) - head.below)
        crash.point("ledger.chunk-staged")
    return judge


def _still(batch: Batch, *states: str) -> bool:
    """Whether the batch stands where it stood; nobody moves it until the transaction ends."""
    return (
        Batch.unscoped.select_for_update()
        .filter(municipality=batch.municipality_id, pk=batch.pk, state__in=states)
        .exists()
    )


def _step(batch: Batch, step: int, steps: int) -> None:
    Batch.unscoped.filter(municipality=batch.municipality_id, pk=batch.pk).update(
        step=step, steps=steps, touched_at=clock.now()
    )


def _noted(batch: Batch, **values: JsonValue) -> Batch:
    """Where the worker has come to; unless somebody broke it off."""
    with transaction.atomic():
        if _still(batch, batch.state):
            for name, value in values.items():
                setattr(batch, name, value)
            batch.touched_at = clock.now()
            batch.version += 1
            batch.save(update_fields=[*values, "touched_at", "version"])
    batch.refresh_from_db()
    return batch


def _clear(batch: Batch) -> None:
    """Staged rows go, a chunk at a time."""
    found = Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch)
    while ids := list(found.order_by("row").values_list("pk", flat=True)[:CHUNK]):
        Staged.unscoped.filter(municipality=batch.municipality_id, pk__in=ids).delete()


# --- writing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WriteImport:
    """Where the book's counter stood when numbers were given to the new rows, and where it stands then; the id and digest of each row."""

    before: Annotated[int, fields.integer(label="番号の前", classification=INTERNAL)]
    after: Annotated[int, fields.integer(label="番号の後", classification=INTERNAL)]
    digests: Annotated[str, fields.prose(label="行ごとの要約", classification=INTERNAL)] = ""


class Meanwhile(Exception):
    """The book changed between judging and writing: it is judged again, and a person looks again."""


def write_out(ctx: Context, batch: Batch) -> Batch:
    """Write a batch that a person has confirmed, and index it; it may be called again after a crash anywhere."""
    ledger = queries.ledger_of(batch)
    if batch.state == "writing":
        try:
            _write_whole(ctx, ledger, batch)
        except (Meanwhile, IntegrityError):
            _noted(batch, state="reading", step=0)
            batch = read_in(ctx, batch)
            words = _(
                "確かめている間に、台帳がほかの人に変えられました。新しい内容で、もう一度確かめてください。"
            )
            return _noted(batch, trouble=words)
        batch.refresh_from_db()
    if batch.state == "indexing":
        _index(ctx, ledger, batch)
        if batch.steps >= statistics.MANY:
            statistics.renew(ledger.model)
        batch = _noted(batch, state="done")
        _clear(batch)
    return batch


def _write_whole(ctx: Context, ledger: Ledger[Entry], batch: Batch) -> None:
    """With numbers given ahead; again where somebody took a number in between."""
    for last in range(_TRIES):
        before, after = _number(ctx, ledger, batch)
        try:
            data = WriteImport(before, after, _digests(batch))
            with rows.ready(batch, ledger.model, _changing(ledger, batch)):
                write_import(replace(ctx, on_behalf_of=batch.by_whom), batch, data)
        except Meanwhile:
            if last == _TRIES - 1:
                raise
        else:
            return


def _digests(batch: Batch) -> str:
    """A line for each row that will be written, before anybody waits: nothing staged changes while it is to be written."""
    found = (
        Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch, sort__in=("new", "change"))
        .order_by("row")
        .values_list("entry", "digest")
    )
    return "\n".join(f"{entry.hex} {digest[:16]}" for entry, digest in found.iterator(chunk_size=5000))


def _number(ctx: Context, ledger: Ledger[Entry], batch: Batch) -> tuple[int, int]:
    """Give the rows without a number the next ones, in the order of the table; the counter itself moves when they are written."""
    counter = counter_of(ctx, ledger, batch.book)
    year, count = FiscalYear.of(ctx.now).short, counter.last
    mine = Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch)
    for page in queries.by_chunks(mine.filter(sort="new").only("row", "places")):
        without = [row for row in page if NUMBER not in row.places]
        numbers: list[str] = []
        while len(numbers) < len(without):
            missing = len(without) - len(numbers)
            wanted = [ledger.numbering.written(year, count + step) for step in range(1, missing + 1)]
            count += missing
            here = ledger.model.unscoped.filter(municipality=ctx.municipality.id, number__in=wanted)
            brought = mine.filter(sort="new", number__in=wanted).values_list("number", "places")
            taken = {
                *here.values_list("number", flat=True),
                *(number for number, places in brought if NUMBER in places),
            }
            numbers += [number for number in wanted if number not in taken]
        for row, number in zip(without, numbers, strict=True):
            row.number, row.number_order = number, order_of(number)
        with transaction.atomic():
            rows.number_rows(without)
    return counter.last, count


@action("ledger.write_import", label="取り込みを台帳に書く", may=access.FINISH_BATCH, data=WriteImport)
def write_import(ctx: Context, batch: Batch, data: WriteImport) -> Batch:
    """All rows of a batch at once, by statements over what is staged. The trail gets one entry with a digest of each row.

    Raises :class:`Meanwhile`, with nothing written, where a row or the counter is not as it was; IntegrityError where a number is taken.
    """
    if batch.state != "writing":
        raise Problem("state", _("この取り込みは、書き込みを待っていません。"), found=batch.state)
    ledger = queries.ledger_of(batch)
    book = Book.unscoped.select_for_update().get(pk=batch.book_id)
    counter = counter_of(ctx, ledger, book)
    changes = batch.counts.get("change", 0)
    if counter.last != data.before or (
        changes and rows.update_changed(batch, ledger.model, _changing(ledger, batch)) != changes
    ):
        raise Meanwhile
    written = changes + rows.insert_new(batch, ledger.model, _changing(ledger, batch))
    rows.insert_amendments(
        batch,
        Amendment,
        holds_from=batch.holds_from or japan_date(ctx.now),
        now=ctx.now,
        by=batch.by_whom,
        reason=because(batch),
    )
    if data.after != data.before:
        counter.last = data.after
        counter.save()
    batch.state, batch.step, batch.steps, batch.touched_at = "indexing", 0, written, ctx.now
    batch.save()
    ctx.because(because(batch))
    store.written_at_once(ctx, ledger, book, written)
    store.shown(ctx, ledger, book, [])  # all of it
    crash.point("ledger.import-written")
    return batch


def _changing(ledger: Ledger[Entry], batch: Batch) -> set[str]:
    """The columns that a batch may change: those of its fields and states, of what follows from them, and what a place brings with it."""
    found = {
        "more" if key.startswith(EXTRA) else key
        for key in batch.columns
        if key in ledger.fields or key.startswith(EXTRA)
    }
    found |= {chain.column for chain in ledger.all_chains if chain.column in batch.columns}
    found |= set(ledger.derived)
    if needs_system(batch.columns) or "place" in batch.columns:
        found |= {"place", *COMPANIONS}
    return found


def _index(ctx: Context, ledger: Ledger[Entry], batch: Batch) -> None:
    """What was written as the desk finds it. A large table would hold all other writers up if it were indexed along with its rows."""
    mine = Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch, sort__in=("new", "change"))
    done = 0
    for page in queries.by_chunks(mine.only("row", "entry"), _INDEXED):
        with transaction.atomic():
            entries = list(
                ledger.model.unscoped.filter(
                    municipality=ctx.municipality.id, pk__in=[row.entry for row in page]
                ).order_by("number_order", "pk")
            )
            store.indexed(ctx, ledger, entries)
            done += len(page)
            _step(batch, done, batch.steps)
        crash.point("ledger.chunk-indexed")


# --- sweeping ----------------------------------------------------------------------------------------------------------


def sweep(ctx: Context, now: dt.datetime) -> int:
    """Clear what nobody has touched for four days: staged rows of any import; one that was never finished is broken off."""
    found = Batch.unscoped.filter(municipality=ctx.municipality.id, touched_at__lt=now - KEPT).select_related(
        "book"
    )
    count = 0
    for batch in found.exclude(state__in=("writing", "indexing")).order_by("pk"):
        _clear(batch)
        if batch.state != "done" and batch.file_id is not None:
            drop_import(ctx, batch, NoData())
            count += 1
    return count


@action("ledger.drop_import", label="終わらなかった取り込みを片付ける", may=access.FINISH_BATCH, data=NoData)
def drop_import(ctx: Context, batch: Batch, _data: NoData) -> Batch:
    """The file of an import that was never written goes; that there was one stays."""
    file: StoredFile | None = batch.file
    batch.state, batch.file = "stopped", None
    batch.save()
    if file is not None:
        files.forget(ctx, file)
    return batch
