"""New sub-rows of many entries at once, in as few statements as one entry takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.ledger.actions.entries import Writer
from yakuba.engines.ledger.declaration import MERGED, VOID, Lines
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry, Line, parent
from yakuba.engines.ledger.values import cleaned, put, specs_of_line, told
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import JsonValue

Row = tuple[UUID, Mapping[str, JsonValue]]


def add_lines(
    ctx: Context,
    writer: Writer,
    book: Book,
    lines: Lines[Any],  # Any: of any model
    rows: Sequence[Row],
    reason: str,
) -> None:
    """Write rows (whose, what is said of each), and what follows from them in their entries; all of them or none.

    Rows are judged beside what is there and then beside each other, so of two that contradict each other both are told: whoever wants
    to know which came first writes them entry by entry. Raises :class:`Problems`, each with its place: ``vaccinations.2.day``, and
    IntegrityError where two of them share what is unique.
    """
    found = (
        writer.ledger.model.unscoped.select_for_update(of=("self",))
        .select_related("book")
        .filter(municipality=ctx.municipality.id, pk__in={entry for entry, _said in rows})
        .order_by("pk")
    )
    entries = {entry.pk: entry for entry in found}
    problems: list[Problem] = []
    made: list[Line] = []
    specs = specs_of_line(lines.model)
    for place, (pk, said) in enumerate(rows):
        try:
            made.append(_made(ctx, lines, entries[pk], said))
        except Problem as problem:
            problems += _placed(lines, problem, place)
    if problems:
        raise Problems(problems)
    lines.model.unscoped.bulk_create(made, batch_size=200)
    for place, line in enumerate(made):
        if contradictions := list(lines.check(line)):
            problems += _placed(lines, Problems(contradictions), place)
    first = {pk: place for place, (pk, _said) in reversed(list(enumerate(rows)))}
    kept: list[tuple[Entry, Mapping[str, JsonValue]]] = []
    for pk, entry in entries.items():
        try:
            writer.demand_well(entry)
        except Problem as problem:
            problems += _placed(lines, problem, first[pk])
        entry.version += 1
        kept.append((entry, writer.derived(entry, writer.ledger.fields, lines=True)))
    if problems:
        raise Problems(problems)
    _save(writer, kept)
    writer.keep(ctx, book, kept, japan_date(ctx.now), reason)
    noted: list[JsonValue] = [
        {"entry": str(pk), "id": str(line.pk), "after": told(line, specs)}
        for (pk, _said), line in zip(rows, made, strict=True)
    ]
    ctx.note(**{lines.key: noted})


def _made(
    ctx: Context,
    lines: Lines[Any],  # Any: of any model
    entry: Entry,
    said: Mapping[str, JsonValue],
) -> Line:
    if entry.state in {VOID, MERGED}:
        raise Problem("state", _("この行は取り消されています。"), field="entry", found=entry.state)
    specs = specs_of_line(lines.model)
    line: Line = lines.model(municipality_id=ctx.municipality.id, **parent(entry))
    put(line, specs, cleaned(specs, said, whole=True))
    if contradictions := list(lines.check(line)):
        raise Problems(contradictions)
    return line


def _placed(lines: Lines[Any], problem: Problem, place: int) -> Sequence[Problem]:  # Any: of any model
    several = problem.problems if isinstance(problem, Problems) else (problem,)
    for one in several:
        one.field = f"{lines.key}.{place}.{one.field}"
    return several


def _save(writer: Writer, kept: Sequence[tuple[Entry, Mapping[str, JsonValue]]]) -> None:
    """What follows from the new rows, and that their entries changed. A shape is saved with its companions, one by one."""
    model = writer.ledger.model
    shapes = {name for name, spec in writer.ledger.fields.items() if spec.kind and spec.kind.key == "shape"}
    together = [(entry, values) for entry, values in kept if not shapes & set(values)]
    names = {name for _entry, values in together for name in values}
    model.unscoped.bulk_update(
        [entry for entry, _values in together], sorted({*names, "version"}), batch_size=100
    )
    for entry, values in kept:
        if shapes & set(values):
            entry.save()
