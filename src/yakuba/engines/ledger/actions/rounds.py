"""Rows of one sort for many entries at once, as they are written after a day at a place: all of them or none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yakuba.engines.ledger.access import KEEP_BOOK
from yakuba.engines.ledger.actions.entries import ChangeEntry, Writer
from yakuba.engines.ledger.actions.lines import fill_usual
from yakuba.engines.ledger.declaration import MERGED, VOID, find_ledger
from yakuba.engines.ledger.models import Book
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, Problems, action
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue

#: The most rows of one round: each takes some milliseconds of one transaction (MECHANISMS §9).
MOST: Final = 150
_DIGITS: Final = re.compile(r"(\d+)(\D*)\Z")


@dataclass(frozen=True)
class WriteRound:
    """The sort of the rows, and of each its entry (an id) and what stands in it (JSON by field), in the order in which they were typed."""

    lines: Annotated[str, fields.text(label="明細", classification=INTERNAL, max_length=60)]
    rows: Annotated[
        list[dict[str, JsonValue]], fields.document(label="行", classification=PERSONAL, default=list)
    ]


def counted_on(number: str) -> str:
    """The next one of a number that ends with digits: 26-0099 → 26-0100. A number without digits stays."""
    found = _DIGITS.search(number)
    if found is None:
        return number
    digits = found[1]
    return f"{number[: found.start()]}{int(digits) + 1:0{len(digits)}d}{found[2]}"


class _Undo(Exception):
    """Nothing of what was tried stays."""


def tried(ctx: Context, book: Book, data: WriteRound) -> list[Problem]:
    """What :func:`write_round` would refuse, each with its place. It is done and undone: rows of one round contradict one another too."""
    try:
        with transaction.atomic():
            write_round.function(ctx.begin(), book, data)
            raise _Undo  # noqa: TRY301 – whatever went in goes out
    except _Undo:
        return []
    except Problem as problem:
        return list(problem.problems) if isinstance(problem, Problems) else [problem]


@action("ledger.write_round", label="明細をまとめて記録する", may=KEEP_BOOK, data=WriteRound)
def write_round(ctx: Context, book: Book, data: WriteRound) -> Book:
    """One row more for each of the entries. Raises :class:`Problems`, each with the place of its row and the field: ``2.tag``."""
    ledger = find_ledger(book.ledger)
    lines = ledger.lines_of(data.lines) if ledger is not None else None
    if ledger is None or lines is None or lines.round is None:
        raise Missing
    if not 0 < len(data.rows) <= MOST:
        raise Problem(
            "too_many", _("1回に記録できるのは%d行までです。分けて記録してください。") % MOST, field="rows"
        )
    try:
        ids = [UUID(str(row.get("entry", ""))) for row in data.rows]
    except ValueError:
        raise Missing from None
    found = ledger.model.unscoped.select_for_update().filter(
        municipality=ctx.municipality.id, book=book, pk__in=ids
    )
    here = {one.pk: one for one in found.exclude(state__in=(VOID, MERGED))}
    if len(here) != len(set(ids)):
        raise Missing(_("行が見つかりません。画面を開き直してください。"))
    writer = Writer(ledger)
    problems: list[Problem] = []
    noted: list[JsonValue] = []
    for place, (pk, row) in enumerate(zip(ids, data.rows, strict=True)):
        given = row.get("values")
        said: dict[str, JsonValue] = dict(given) if isinstance(given, Mapping) else {}
        fill_usual(lines, said)
        entry = here[pk]
        entry.book, entry.version = book, entry.version + 1
        change: list[dict[str, JsonValue]] = [{"id": "", "version": 0, "entry": said}]
        try:
            writer.change(ctx, entry, ChangeEntry({}, {lines.key: change}))  # type: ignore[dict-item]  # JSON
        except Problem as problem:
            several = problem.problems if isinstance(problem, Problems) else (problem,)
            problems += [
                Problem(
                    one.code, one.message, field=f"{place}.{one.field.rpartition('.')[2]}", found=one.found
                )
                for one in several
            ]
            continue
        noted.append({"entry": str(pk), "number": entry.number, "after": said})
    if problems:
        raise Problems(problems)
    ctx.note(**{lines.key: noted})
    return book
