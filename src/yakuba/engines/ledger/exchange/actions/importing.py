"""A table into a book: begun, matched, chosen, confirmed or broken off by a person; written by the worker where it is large."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.engines.ledger.actions.entries import MOST, ChangeMany
from yakuba.engines.ledger.declaration import Ledger
from yakuba.engines.ledger.exchange import access, queries
from yakuba.engines.ledger.exchange.actions.judging import Judge
from yakuba.engines.ledger.exchange.matching import (
    NUMBER,
    columns_of,
    demand,
    digest,
    found_by,
    known,
    needs_system,
    suggested,
    takeable,
)
from yakuba.engines.ledger.models import Batch, Book, Matching, Staged
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.ledger.store import reason_in_japanese
from yakuba.engines.ledger.values import demand_no_my_number, specs_of_book
from yakuba.engines.places.crs.operations import system
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, NoData, Problem, Problems, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.sheets.table import ID

MATCHED: Final = "ledger.import_matched"
CONFIRMED: Final = "ledger.import_confirmed"
#: How long the original of a table is kept.
RETENTION: Final = "ledger_import"


@dataclass(frozen=True)
class BeginImport:
    """A file that lies in the store, what its head says, and how many rows stand below it."""

    sha256: Annotated[str, fields.digest(label="SHA-256")]
    name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    heads: Annotated[list[str], fields.document(label="見出し", classification=INTERNAL, default=list)]
    rows: Annotated[int, fields.integer(label="行数", classification=INTERNAL, minimum=1)]
    system: Annotated[int | None, fields.integer(label="座標系", classification=INTERNAL, required=False)] = (
        None
    )


@dataclass(frozen=True)
class MatchImport:
    """What each head means (a key, or empty), how rows are found again, and since when what the table says holds.

    ``begins``: in which state new rows begin of which the table says none (column of the chain → state, empty for the first one); what
    the way there asks for, a reason or a document (``ground``), is given with it.
    """

    columns: Annotated[list[str], fields.document(label="列", classification=INTERNAL, default=list)]
    by: Annotated[list[str], fields.document(label="突き合わせる項目", classification=INTERNAL, default=list)]
    keep_blank: Annotated[bool, fields.yes_no(label="空の欄は変えない", classification=INTERNAL)] = True
    holds_from: Annotated[
        dt.date | None, fields.date(label="適用日", classification=INTERNAL, required=False)
    ] = None
    system: Annotated[int | None, fields.integer(label="座標系", classification=INTERNAL, required=False)] = (
        None
    )
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""
    begins: Annotated[dict[str, str], fields.document(label="新しい行の状態", classification=INTERNAL)] = (
        field(default_factory=dict)
    )
    ground: Annotated[
        str, fields.text(label="文書番号", classification=INTERNAL, max_length=80, required=False)
    ] = ""


@dataclass(frozen=True)
class ChooseImport:
    """Of rows at odds with a colleague's change: row → fields that the table shall decide (all others stay); rows that are left out.

    ``kept``: rows that look as if they added others up, and are rows nevertheless.
    """

    chosen: Annotated[
        dict[str, list[str]], fields.document(label="表の内容にする欄", classification=INTERNAL)
    ]
    left_out: Annotated[list[int], fields.document(label="除く行", classification=INTERNAL, default=list)]
    kept: Annotated[
        list[int], fields.document(label="取り込む集計の行", classification=INTERNAL, default=list)
    ] = field(default_factory=list)


@dataclass(frozen=True)
class ConfirmImport:
    """Whether rows with something wrong are left out; otherwise they stop everything."""

    without_wrong: Annotated[
        bool, fields.yes_no(label="直すところがある行を除く", classification=INTERNAL)
    ] = False


def _ledger(book: Book) -> Ledger[Entry]:
    found = installed_of(book.ledger)
    if found is None:
        raise Missing
    return found.ledger


def _demand_state(batch: Batch, *states: str) -> None:
    if batch.state not in states:
        raise Problem(
            "state", _("この取り込みは、もう先に進んでいます。画面を開き直してください。"), found=batch.state
        )


@action("ledger.begin_import", label="表の取り込みを始める", may=access.IMPORT, data=BeginImport)
def begin_import(ctx: Context, book: Book, data: BeginImport) -> Batch:
    """Keep the file and propose what its columns mean: as a person said for the same heads before, or by their words."""
    ledger = _ledger(book)
    columns = columns_of(ledger, book, personal=True)
    kept = queries.kept_matching(book, digest(data.heads))
    meant = list(kept.columns) if kept else suggested(data.heads, known(ledger, columns))
    by = list(kept.by) if kept else found_by(ledger, meant)
    batch = Batch.unscoped.create(
        municipality_id=ctx.municipality.id,
        book=book,
        file=files.refer(ctx, data.sha256, data.name, classification=PERSONAL, retention_class=RETENTION),
        name=files.tidy_name(data.name),
        state="matching",
        words=book.words,
        heads=list(data.heads),
        columns=meant,
        by=by,
        # A table that left here says all of its rows; an office's own often has gaps.
        keep_blank=by != [ID],
        system=data.system,
        steps=data.rows,
        begun_at=ctx.now,
        touched_at=ctx.now,
        by_whom=ctx.actor.label[:200],
    )
    ctx.note(batch=str(batch.pk), rows=data.rows)
    return batch


@action("ledger.match_import", label="表の列を確かめる", may=access.WORK_BATCH, data=MatchImport)
def match_import(ctx: Context, batch: Batch, data: MatchImport) -> Batch:
    """Say what the columns mean; it is kept for the next table with these heads. A large table is read by the worker from here on.

    Raises :class:`Problem`.
    """
    _demand_state(batch, "matching", "checked")
    ledger = _ledger(batch.book)
    columns = columns_of(ledger, batch.book, personal=True)
    if len(data.columns) != len(batch.heads):
        raise Problem("columns", _("列の数が合いません。画面を開き直してください。"), field="columns")
    demand(ledger, takeable(ledger, columns), data.columns, data.by)
    if data.holds_from is not None and data.holds_from > japan_date(ctx.now):
        raise Problem("future", _("これから先の日は指定できません。"), field="holds_from")
    if needs_system(data.columns):
        if data.system is None:
            raise Problem("system", _("座標系を選んでください。"), field="system")
        system(data.system)
    batch.begins, batch.ground = _begins(ledger, data), data.ground.strip()
    batch.columns, batch.by, batch.keep_blank = list(data.columns), list(data.by), data.keep_blank
    batch.holds_from, batch.reason, batch.system = data.holds_from, data.reason.strip(), data.system
    demand_no_my_number(reason=(_("理由"), data.reason), ground=(_("文書番号"), data.ground))
    batch.state, batch.step, batch.counts, batch.trouble = "reading", 0, {}, ""
    batch.touched_at, batch.by_whom = ctx.now, ctx.actor.label[:200]
    batch.save()
    Matching.unscoped.update_or_create(
        municipality_id=ctx.municipality.id,
        book=batch.book,
        heads=digest(batch.heads),
        defaults={
            "columns": batch.columns,
            "by": batch.by,
            "confirmed_at": ctx.now,
            "confirmed_by": ctx.actor.label[:200],
        },
    )
    if batch.steps > MOST:
        ctx.publish(MATCHED, {"batch": str(batch.pk)})
    return batch


def _begins(ledger: Ledger[Entry], data: MatchImport) -> dict[str, JsonValue]:
    """The states in which new rows begin, other than the first ones. Raises :class:`Problem` for what may not be so."""
    found: dict[str, JsonValue] = {}
    for column, state in data.begins.items():
        chain = ledger.chain_of(column)
        if not state or (chain is not None and state == chain.first):
            continue
        if chain is None or state not in dict(chain.states):
            raise Problem(
                "begins", _("新しい行の状態を選び直してください。"), field="begins", found=str(state)[:40]
            )
        needs = chain.needs_of(state)
        for need, given, label in (
            ("reason", data.reason, _("理由")),
            ("document", data.ground, _("文書番号")),
        ):
            if need in needs and not given.strip():
                raise Problem(
                    "required",
                    _("新しい行を「%(state)s」とするときは、「%(label)s」を入力してください。")
                    % {"state": chain.label_of(state), "label": label},
                    field="ground" if need == "document" else need,
                )
        found[column] = state
    return found


def because(batch: Batch) -> str:
    """Why its rows are written, as every one of them keeps it: what a person said, or that a table was taken in."""
    reason = batch.reason or reason_in_japanese(gettext_noop("表の取り込み（%(name)s）"), name=batch.name)
    ground = reason_in_japanese(gettext_noop("（文書番号：%(number)s）"), number=batch.ground)
    return f"{reason[: 400 - len(ground)]}{ground}" if batch.ground else reason[:400]


@action("ledger.choose_import", label="食い違いを決める", may=access.WORK_BATCH, data=ChooseImport)
def choose_import(ctx: Context, batch: Batch, data: ChooseImport) -> Batch:
    """Decide rows at odds, cell by cell, and leave rows out. Raises :class:`Problems` where a choice cannot be written."""
    _demand_state(batch, "checked")
    ledger = _ledger(batch.book)
    judge = Judge(ctx, ledger, batch, (), {})
    wanted = [int(row) for row in data.chosen if row.isdecimal()]
    rows = list(
        Staged.unscoped.filter(
            municipality=ctx.municipality.id, batch=batch, sort="conflict", row__in=wanted
        ).select_related("batch")
    )
    here = {
        one.pk: one
        for one in ledger.model.unscoped.select_related("book").filter(
            municipality=ctx.municipality.id, pk__in=[row.entry for row in rows]
        )
    }
    problems: list[Problem] = []
    for row in rows:
        said = {name: row.values[name] for name in data.chosen[str(row.row)] if name in row.values}
        try:
            judge.settle(row, here[row.entry], said)
        except Problem as problem:
            several = problem.problems if isinstance(problem, Problems) else (problem,)
            problems += [
                Problem(one.code, _("%(row)d行目：%(words)s") % {"row": row.row, "words": one.message}, field="chosen")
                for one in several
            ]  # fmt: skip
            continue
        row.save()
    if problems:
        raise Problems(problems)
    Staged.unscoped.filter(
        municipality=ctx.municipality.id, batch=batch, sort="new", row__in=[int(one) for one in data.left_out]
    ).update(sort="same")
    for row in Staged.unscoped.filter(
        municipality=ctx.municipality.id, batch=batch, sort="total", row__in=[int(one) for one in data.kept]
    ):
        row.sort = "wrong" if row.problems else "new"
        row.notes = []
        row.save(update_fields=["sort", "notes"])
    lost = {"lost": batch.counts["lost"]} if "lost" in batch.counts else {}
    batch.counts, batch.touched_at = {**queries.counted(batch), **lost}, ctx.now
    batch.save()
    return batch


@action("ledger.confirm_import", label="表を台帳に取り込む", may=access.WORK_BATCH, data=ConfirmImport)
def confirm_import(ctx: Context, batch: Batch, data: ConfirmImport) -> Batch:
    """Write it: up to 2,000 rows here and now by the ledger's own action, more by the worker. Raises :class:`Problem`."""
    _demand_state(batch, "checked")
    counts: Mapping[str, int] = batch.counts
    many = counts.get("new", 0) + counts.get("change", 0)
    if counts.get("conflict"):
        raise Problem(
            "conflict", _("食い違いのある行が残っています。どちらの内容にするかを決めてください。"), found=str(counts["conflict"])
        )  # fmt: skip
    if counts.get("wrong") and not data.without_wrong:
        raise Problem(
            "wrong",
            _("直すところがある行が%d行あります。表を直すか、その行を除いて取り込んでください。")
            % counts["wrong"],
            field="without_wrong",
            found=str(counts["wrong"]),
        )
    if not many:
        raise Problem("nothing", _("取り込む行がありません。"), found="0")
    batch.touched_at, batch.by_whom = ctx.now, ctx.actor.label[:200]
    batch.step, batch.steps = 0, many
    if many <= MOST:
        _write_few(ctx, batch)
        batch.state, batch.step = "done", many
    else:
        batch.state = "writing"
        ctx.publish(CONFIRMED, {"batch": str(batch.pk)})
    batch.save()
    return batch


def _write_few(ctx: Context, batch: Batch) -> None:
    """By the action that a person's own changes take. What it refuses is told at the row of the table."""
    found = installed_of(batch.book.ledger)
    if found is None:
        raise Missing
    ledger = found.ledger
    allowed = {name for name in specs_of_book(ledger, batch.book) if name not in ledger.derived}
    states = {chain.column for chain in ledger.all_chains}
    rows = list(
        Staged.unscoped.filter(
            municipality=ctx.municipality.id, batch=batch, sort__in=("new", "change")
        ).order_by("row")
    )
    changes: list[dict[str, JsonValue]] = []
    for row in rows:
        said: dict[str, JsonValue] = {
            name: value
            for name, value in row.values.items()
            if name in allowed or (row.sort == "new" and name in states)
        }
        if row.sort == "new":
            changes.append({"id": "", "version": 0, "values": {**said, NUMBER: row.number}})
        else:
            changes.append({"id": str(row.entry), "version": row.known, "values": said})
    try:
        found.actions.many(
            replace(ctx, idempotency_key=None),
            batch.book,
            ChangeMany(changes, batch.holds_from, because(batch)),
        )
    except Problems as problems:
        for one in problems.problems:
            place, _dot, name = one.field.partition(".")
            if place.isdecimal() and int(place) < len(rows):
                row = rows[int(place)]
                one.message = f"{row.places.get(name, _('%d行目') % row.row)}：{one.message}"
                one.field = ""
        raise


@action("ledger.stop_import", label="表の取り込みをやめる", may=access.WORK_BATCH, data=NoData)
def stop_import(ctx: Context, batch: Batch, _data: NoData) -> Batch:
    """Break it off: nothing of it comes into the book, and what was staged is swept. Raises :class:`Problem` once it is being written."""
    _demand_state(batch, "matching", "reading", "checked")
    batch.state, batch.touched_at = "stopped", ctx.now
    batch.save()
    return batch
