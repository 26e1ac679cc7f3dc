"""A table of sub-rows into a book: matched by a person, judged beside what is there, written some hundred rows at a time.

Some hundred rows are one transaction. Where one of them contradicts something, its entry is written by itself, by the ledger's own change,
so that it is told at its row and all others come in. A run that was killed goes on with the rows that are not written yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.engines.ledger.actions.entries import ChangeEntry, Writer
from yakuba.engines.ledger.actions.lines_of_many import add_lines
from yakuba.engines.ledger.declaration import MERGED, VOID
from yakuba.engines.ledger.exchange import access, queries
from yakuba.engines.ledger.exchange.actions.importing import RETENTION
from yakuba.engines.ledger.exchange.lines import columns_of, demand, found_by, known, sort_of
from yakuba.engines.ledger.exchange.matching import digest, suggested
from yakuba.engines.ledger.models import Batch, Book, Matching, Staged
from yakuba.engines.ledger.store import reason_in_japanese
from yakuba.engines.ledger.values import demand_no_my_number
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, Problems, action
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.files import store as files

MATCHED: Final = "ledger.lines_matched"
CONFIRMED: Final = "ledger.lines_confirmed"
#: So many rows are read and written before the answer; more by the worker.
AT_ONCE: Final = 100
#: The most rows of one table.
MOST: Final = 100_000
#: So many rows are one transaction: a fraction of a second, in which SQLite lets nobody else write.
_TOGETHER: Final = 300


@dataclass(frozen=True)
class BeginLines:
    """A file that lies in the store, the sort of its rows, what its head says, and how many rows stand below it."""

    sha256: Annotated[str, fields.digest(label="SHA-256")]
    name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    lines: Annotated[str, fields.text(label="明細", classification=INTERNAL, max_length=60)]
    heads: Annotated[list[str], fields.document(label="見出し", classification=INTERNAL, default=list)]
    rows: Annotated[int, fields.integer(label="行数", classification=INTERNAL, minimum=1)]


@dataclass(frozen=True)
class MatchLines:
    """What each head means (a key, or empty), and which column says whose row it is."""

    columns: Annotated[list[str], fields.document(label="列", classification=INTERNAL, default=list)]
    by: Annotated[str, fields.text(label="親の行", classification=INTERNAL, max_length=80)]
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class ConfirmLines:
    """Whether rows with something wrong are left out; otherwise they stop everything."""

    without_wrong: Annotated[
        bool, fields.yes_no(label="直すところがある行を除く", classification=INTERNAL)
    ] = False


@dataclass(frozen=True)
class WriteLines:
    """Rows by their places in the table; all rows of an entry together."""

    rows: Annotated[list[int], fields.document(label="行", classification=INTERNAL, default=list)]


def _heads_of(lines: str, labels: Sequence[str]) -> str:
    """What is remembered of these heads is remembered for this sort of row."""
    return digest([f"#{lines}", *labels])


def _demand_state(batch: Batch, *states: str) -> None:
    if batch.state not in states or not batch.lines:
        raise Problem(
            "state", _("この取り込みは、もう先に進んでいます。画面を開き直してください。"), found=batch.state
        )


@action("ledger.begin_lines", label="明細の表の取り込みを始める", may=access.IMPORT, data=BeginLines)
def begin_lines(ctx: Context, book: Book, data: BeginLines) -> Batch:
    """Keep the file and propose what its columns mean: as a person said for the same heads before, or by their words."""
    ledger = queries.ledger_in(book)
    lines = sort_of(ledger, data.lines)
    if data.rows > MOST:
        raise Problem(
            "many", _("1回に取り込める明細は%s行までです。分けてください。") % f"{MOST:,}", field="file", found=str(data.rows)
        )  # fmt: skip
    kept = queries.kept_matching(book, _heads_of(lines.key, data.heads))
    meant = list(kept.columns) if kept else suggested(data.heads, known(ledger, book, lines))
    return Batch.unscoped.create(
        municipality_id=ctx.municipality.id,
        book=book,
        file=files.refer(
            ctx, data.sha256, data.name, classification=fields.PERSONAL, retention_class=RETENTION
        ),
        name=files.tidy_name(data.name),
        state="matching",
        lines=lines.key,
        words=book.words,
        heads=list(data.heads),
        columns=meant,
        by=list(kept.by) if kept else [by] if (by := found_by(meant)) else [],
        keep_blank=True,
        steps=data.rows,
        begun_at=ctx.now,
        touched_at=ctx.now,
        by_whom=ctx.actor.label[:200],
    )


@action("ledger.match_lines", label="明細の表の列を確かめる", may=access.WORK_BATCH, data=MatchLines)
def match_lines(ctx: Context, batch: Batch, data: MatchLines) -> Batch:
    """Say what the columns mean; it is kept for the next table with these heads. Raises :class:`Problem`."""
    _demand_state(batch, "matching", "checked")
    ledger = queries.ledger_of(batch)
    lines = sort_of(ledger, batch.lines)
    if len(data.columns) != len(batch.heads):
        raise Problem("columns", _("列の数が合いません。画面を開き直してください。"), field="columns")
    allowed = {column.key: column.label for column in columns_of(ledger, batch.book, lines)}
    demand(allowed, data.columns, data.by)
    batch.columns, batch.by, batch.reason = list(data.columns), [data.by], data.reason.strip()
    demand_no_my_number(reason=(_("理由"), data.reason))
    batch.state, batch.step, batch.counts, batch.trouble = "reading", 0, {}, ""
    batch.touched_at, batch.by_whom = ctx.now, ctx.actor.label[:200]
    batch.save()
    Matching.unscoped.update_or_create(
        municipality_id=ctx.municipality.id,
        book=batch.book,
        heads=_heads_of(lines.key, batch.heads),
        defaults={
            "columns": batch.columns,
            "by": batch.by,
            "confirmed_at": ctx.now,
            "confirmed_by": ctx.actor.label[:200],
        },
    )
    if batch.steps > AT_ONCE:
        ctx.publish(MATCHED, {"batch": str(batch.pk)})
    return batch


@action("ledger.confirm_lines", label="明細を台帳に取り込む", may=access.WORK_BATCH, data=ConfirmLines)
def confirm_lines(ctx: Context, batch: Batch, data: ConfirmLines) -> Batch:
    """Let it be written. Raises :class:`Problem`."""
    _demand_state(batch, "checked")
    counts: Mapping[str, int] = batch.counts
    if counts.get("wrong") and not data.without_wrong:
        raise Problem(
            "wrong",
            _("直すところがある行が%d行あります。表を直すか、その行を除いて取り込んでください。")
            % counts["wrong"],
            field="without_wrong",
            found=str(counts["wrong"]),
        )
    if not counts.get("new"):
        raise Problem("nothing", _("取り込む行がありません。"), found="0")
    batch.state, batch.step, batch.steps, batch.trouble = "writing", 0, counts["new"], ""
    batch.touched_at, batch.by_whom = ctx.now, ctx.actor.label[:200]
    batch.save()
    if batch.steps > AT_ONCE:
        ctx.publish(CONFIRMED, {"batch": str(batch.pk)})
    return batch


@action("ledger.write_lines", label="明細を台帳に書く", may=access.FINISH_LINES, data=WriteLines)
def write_lines(ctx: Context, batch: Batch, data: WriteLines) -> Batch:
    """Rows of entries, all of them or none: of one as its own change writes them, of many at once.

    Raises :class:`Problem` with the places of what contradicts something (``vaccinations.2.day``), and IntegrityError.
    """
    _demand_state(batch, "writing")
    ledger = queries.ledger_of(batch)
    lines = sort_of(ledger, batch.lines)
    found = Staged.unscoped.filter(
        municipality=ctx.municipality.id, batch=batch, sort="new", row__in=data.rows
    )
    rows = list(found.order_by("row"))
    of = {row.entry for row in rows if row.entry is not None}
    if not of or len(rows) != len(data.rows):
        raise Problem("state", _("この取り込みは、もう先に進んでいます。画面を開き直してください。"))
    reason = batch.reason or reason_in_japanese(gettext_noop("表の取り込み（%(name)s）"), name=batch.name)
    if len(of) > 1:
        said = [(row.entry, row.values) for row in rows if row.entry is not None]
        add_lines(ctx, Writer(ledger), batch.book, lines, said, reason[:400])
        return _written(ctx, batch, rows)
    # Locked: a colleague may be changing it at this very moment.
    entry = (
        ledger.model.unscoped.select_for_update(of=("self",))
        .select_related("book")
        .get(municipality=ctx.municipality.id, pk=of.pop())
    )
    if entry.state in {VOID, MERGED}:
        raise Problem("state", _("この行は取り消されています。"), field="entry", found=entry.state)
    entry.version += 1
    changes: list[Any] = [{"id": "", "version": 0, "entry": row.values} for row in rows]  # Any: JSON
    Writer(ledger).change(ctx, entry, ChangeEntry({}, {lines.key: changes}, None, reason[:400]))
    ctx.note(entry=str(entry.pk), number=entry.number)
    return _written(ctx, batch, rows)


def _written(ctx: Context, batch: Batch, rows: Sequence[Staged]) -> Batch:
    Staged.unscoped.filter(municipality=ctx.municipality.id, pk__in=[row.pk for row in rows]).update(
        sort="same"
    )
    Batch.unscoped.filter(municipality=ctx.municipality.id, pk=batch.pk).update(touched_at=clock.now())
    return batch


def _write(ctx: Context, batch: Batch, some: Sequence[Sequence[int]]) -> None:
    """The rows of some entries, together as far as that goes; what one contradicts is told at its rows."""
    # As they are read again: in the order of the table, in which the places of problems count.
    owner = {row: at for at, rows in enumerate(some) for row in rows}
    places = sorted(owner)
    try:
        write_lines(ctx, batch, WriteLines(places))
    except IntegrityError:
        if len(some) == 1:
            raise
        middle = len(some) // 2  # two of them share what is unique: the first one comes in
        _write(ctx, batch, some[:middle])
        _write(ctx, batch, some[middle:])
    except Problem as problem:
        several = problem.problems if isinstance(problem, Problems) else (problem,)
        if len(some) == 1:
            _refuse(batch, some[0], several)
            return
        turns = {_turn(one.field) for one in several}
        named = {owner[places[turn]] for turn in turns if turn is not None and turn < len(places)}
        rest = [rows for at, rows in enumerate(some) if at not in named]
        if named and rest:
            _write(ctx, batch, rest)
        for at, rows in enumerate(some):
            if at in named or not named:
                _write(ctx, batch, [rows])


def _together(of: Mapping[UUID, Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """The rows of entries, so many at a time; those of one entry stay together."""
    some: list[Sequence[int]] = []
    count = 0
    for rows in of.values():
        if some and count + len(rows) > _TOGETHER:
            yield some
            some, count = [], 0
        some.append(rows)
        count += len(rows)
    if some:
        yield some


def write_all(ctx: Context, batch: Batch) -> Batch:
    """Every entry's rows, some hundred in a transaction; what one contradicts is told at its rows. May be called again after a crash."""
    mine = Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch)
    of: dict[UUID, list[int]] = defaultdict(list)
    for entry, row in mine.filter(sort="new").order_by("row").values_list("entry", "row"):
        of[entry].append(row)
    done = batch.steps - sum(len(rows) for rows in of.values())
    for some in _together(of):
        _write(ctx, batch, some)
        done += sum(len(rows) for rows in some)
        Batch.unscoped.filter(municipality=batch.municipality_id, pk=batch.pk).update(step=done)
    refused = mine.filter(sort="wrong").count()
    with transaction.atomic():
        held = Batch.unscoped.select_for_update().get(municipality=batch.municipality_id, pk=batch.pk)
        if held.state == "writing":
            late = refused - held.counts.get("wrong", 0)
            held.state, held.counts = "done", {**held.counts, "wrong": refused, "late": late}
            held.step, held.touched_at = held.steps, clock.now()
            held.version += 1
            held.save()
    batch.refresh_from_db()
    return batch


def _refuse(batch: Batch, places: Sequence[int], problems: Sequence[Problem]) -> None:
    """What could not be written after all, at its rows: ``vaccinations.1.tag`` names the second of them."""
    with transaction.atomic():
        rows = list(
            Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch, row__in=places).order_by(
                "row"
            )
        )
        for at, row in enumerate(rows):
            own = [one for one in problems if _turn(one.field) in {at, None}]
            named = own or problems
            row.sort = "wrong"
            row.problems = [
                [str(row.places.get(one.field.rpartition(".")[2], f"A{row.row}")), one.message]
                for one in named
            ]
            row.save()


def _turn(name: str) -> int | None:
    parts = name.split(".")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else None
