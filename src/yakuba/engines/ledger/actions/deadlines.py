"""What falls due: rows that the clock writes from the declaration, and that somebody settles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yakuba.engines.ledger import access
from yakuba.engines.ledger.actions.beside import part_id
from yakuba.engines.ledger.declaration import Due, Ledger, find_ledger
from yakuba.engines.ledger.models import Book, Deadline
from yakuba.engines.ledger.queries import in_force
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import demand_no_my_number
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL

_CHUNK: Final = 1000
#: What stands in a deadline that settled itself: its entry has it no more. Should it come back, it is open again.
BY_ITSELF: Final = "auto"


@dataclass(frozen=True)
class SettleDeadline:
    """Which deadline, and what became of it."""

    deadline: Annotated[str, fields.text(label="期限", classification=INTERNAL, max_length=36)]
    outcome: Annotated[str, fields.text(label="結果", classification=INTERNAL, max_length=200)]


@action("ledger.settle", label="台帳の期限を済みにする", may=access.KEEP_BOOK, data=SettleDeadline)
def settle(ctx: Context, book: Book, data: SettleDeadline) -> Book:
    """Say what became of a deadline; nobody is reminded of it any more. Raises :class:`Problem` for one that is settled."""
    found = Deadline.unscoped.filter(
        municipality=ctx.municipality.id, book=book, pk=part_id(data.deadline)
    ).first()
    if found is None:
        raise Missing(_("この期限はもうありません。画面を開き直してください。"))
    demand_no_my_number(outcome=(_("結果"), data.outcome))
    if found.settled_on is not None:
        raise Problem("settled", _("この期限は、もう済んでいます。"), field="deadline")
    found.settled_on, found.outcome = japan_date(ctx.now), data.outcome.strip()
    found.save()
    ctx.note(entry=str(found.entry), rule=found.rule, due_on=found.due_on.isoformat(), outcome=found.outcome)
    return book


def keep_deadlines(ctx: Context) -> int:
    """Write the deadlines that come near, settle those that are gone, remind again; return how many rows were written.

    A row stands from the first of its reminders on. Short transactions of a thousand entries each; whatever a run that was killed left
    undone, the next one does, and a second run the same day writes nothing. Follows from the entries alone, so the trail says nothing.
    """
    books = Book.unscoped.filter(municipality=ctx.municipality.id).order_by("pk")
    return sum(
        _keep(ctx, book, ledger, due)
        for book in books
        if (ledger := find_ledger(book.ledger)) is not None
        for due in ledger.dues
    )


def _keep(ctx: Context, book: Book, ledger: Ledger[Entry], due: Due[Entry]) -> int:
    """One rule of one book."""
    today = japan_date(ctx.now)
    horizon = today + dt.timedelta(days=max(due.days_before, default=0))
    found = ledger.model.unscoped.filter(
        in_force(ledger), due.candidates(ctx), municipality=ctx.municipality.id, book=book
    )
    written = 0
    for rows in _chunks(found.order_by("pk").iterator(_CHUNK)):
        near = {row.pk: day for row in rows if (day := due.on(row)) is not None and day <= horizon}
        if near:
            written += _near(ctx, book, due, near, today)
    return written + _gone(ctx, book, ledger, due)


def _chunks(rows: Iterator[Entry]) -> Iterator[list[Entry]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _near(ctx: Context, book: Book, due: Due[Entry], near: dict[UUID, dt.date], today: dt.date) -> int:
    """Rows for what comes near; a reminder for each day of the rule that has come since the last one."""
    with transaction.atomic():
        rows = Deadline.unscoped.filter(
            municipality=ctx.municipality.id, book=book, rule=due.key, entry__in=near
        )
        there = {(row.entry, row.due_on): row for row in rows}
        fresh, changed = [], []
        for entry, day in near.items():
            row = there.get((entry, day))
            if row is None:
                fresh.append(
                    Deadline(
                        municipality_id=ctx.municipality.id,
                        book=book,
                        entry=entry,
                        rule=due.key,
                        due_on=day,
                        reminded_on=today,
                    )
                )
            elif row.settled_on is not None and row.outcome == BY_ITSELF:
                row.settled_on, row.outcome, row.reminded_on = None, "", today
                changed.append(row)
            elif row.settled_on is None and _again(due, day, row.reminded_on, today):
                row.reminded_on = today
                changed.append(row)
        Deadline.unscoped.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
        Deadline.unscoped.bulk_update(changed, ["settled_on", "outcome", "reminded_on"], batch_size=500)
    return len(fresh) + len(changed)


def _again(due: Due[Entry], day: dt.date, last: dt.date | None, today: dt.date) -> bool:
    """Whether one of the rule's days, or the due day itself, came since somebody was last reminded."""
    days = [day - dt.timedelta(days=before) for before in (*due.days_before, 0)]
    return any(one <= today and (last is None or last < one) for one in days)


def _gone(ctx: Context, book: Book, ledger: Ledger[Entry], due: Due[Entry]) -> int:
    """Open rows whose entry is no more in force, or falls due on another day, are settled by themselves."""
    open_ones = Deadline.unscoped.filter(
        municipality=ctx.municipality.id, book=book, rule=due.key, settled_on__isnull=True
    )
    rows = open_ones.order_by("pk").iterator(_CHUNK)
    settled, today = 0, japan_date(ctx.now)
    while chunk := list(islice(rows, _CHUNK)):
        entries = ledger.model.unscoped.filter(
            in_force(ledger), municipality=ctx.municipality.id, pk__in=[row.entry for row in chunk]
        )
        days = {entry.pk: due.on(entry) for entry in entries}
        gone = [row.pk for row in chunk if days.get(row.entry) != row.due_on]
        if gone:
            with transaction.atomic():
                settled += open_ones.filter(pk__in=gone).update(settled_on=today, outcome=BY_ITSELF)
    return settled
