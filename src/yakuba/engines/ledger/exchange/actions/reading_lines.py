"""A table of sub-rows beside what is in the book: new, the same, or wrong. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yakuba.engines.ledger.actions.lines import fill_usual
from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger, Lines
from yakuba.engines.ledger.exchange import habits, heads, opening, queries
from yakuba.engines.ledger.exchange.actions.refusing import is_one, refuse
from yakuba.engines.ledger.exchange.lines import OF, columns_of, known, sort_of
from yakuba.engines.ledger.exchange.matching import NUMBER
from yakuba.engines.ledger.models import Batch, Staged
from yakuba.engines.ledger.records import Entry, Line, parent
from yakuba.engines.ledger.signs import half, is_number, spellings
from yakuba.engines.ledger.values import EXTRA, cleaned, put, specs_of_line, told
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import Invalid, JsonValue
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.files import store as files
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.table import Column

_CHUNK: Final = 500


class _Undo(Exception):
    """Nothing of what was tried stays."""


@dataclass
class Judge:
    """Judges a table of sub-rows, entry by entry."""

    ctx: Context
    ledger: Ledger[Entry]
    batch: Batch
    lines: Lines[Any]  # Any: of any model
    unknown: habits.Unknown = field(default_factory=habits.Unknown)
    forbidden: bool = False

    def __post_init__(self) -> None:
        self.specs = specs_of_line(self.lines.model)
        self.by_key: dict[str, Column] = {
            column.key: column for column in columns_of(self.ledger, self.batch.book, self.lines)
        }
        self.by: str = self.batch.by[0]

    def staged(
        self, rows: Sequence[tuple[int, Sequence[Cell]]], places: Sequence[int], faults: Mapping[str, str]
    ) -> list[Staged]:
        """All rows (index in the sheet from 0, cells) as they would be written. Blank ones are left out."""
        read = [
            self._read(at, cells, places, faults)
            for at, cells in rows
            if any(str(cell or "").strip() for cell in cells)
        ]
        here = self._entries({key for _row, key in read if key})
        of: dict[UUID, list[Staged]] = defaultdict(list)
        entries: dict[UUID, Entry] = {}
        for row, key in read:
            found = here.get(key, [])
            if row.sort == "total":
                if not found:
                    continue
                row.sort, row.notes = ("wrong" if row.problems else "new"), []
            if len(found) == 1:
                row.entry = found[0].pk
                entries[found[0].pk] = found[0]
                if row.sort == "new":
                    of[found[0].pk].append(row)
            elif not row.problems or key:
                words = (
                    _("「%(column)s」が空です。")
                    if not key
                    else _("「%(key)s」の行が台帳にありません。親の表を先に取り込んでください。")
                    if not found
                    else _("「%(key)s」の行がいくつもあります。")
                ) % {"column": self.by_key[self.by].label, "key": key}
                row.sort = "wrong"
                row.problems = [*row.problems, [row.places.get(self.by, f"A{row.row}"), words]]
        pending = list(of)
        for start in range(0, len(pending), _CHUNK):
            part = pending[start : start + _CHUNK]
            there = self._there(part)
            for pk in part:
                self._judge(entries[pk], of[pk], there.get(pk, ()))
        return [row for row, _key in read]

    def _read(
        self, at: int, cells: Sequence[Cell], places: Sequence[int], faults: Mapping[str, str]
    ) -> tuple[Staged, str]:
        """A row with what it says (JSON), and the text by which its entry is found."""
        row = Staged(municipality_id=self.ctx.municipality.id, batch=self.batch, row=at + 1, sort="new")
        said: dict[str, JsonValue] = {}
        where: dict[str, str] = {}
        wrong: list[list[str]] = []
        key, total = "", habits.total_of(cells)
        for place, name, head in zip(places, self.batch.columns, self.batch.heads, strict=True):
            cell = cells[place] if place < len(cells) else None
            self.forbidden = self.forbidden or is_one(head, cell)
            if not name or (name.startswith(OF) and name != self.by):
                continue
            where[name] = address(at, place)
            column = self.by_key[name]
            try:
                value = self._value(column, cell, faults.get(where[name]), asks=not total)
            except Invalid as invalid:
                wrong.append([where[name], Problem.of(name, column.label, invalid).message])
                continue
            if name == self.by:
                key = self._key(value)
            elif value is not None and column.kind is not None:
                said[name] = column.kind.to_json(value)
        fill_usual(self.lines, said)
        row.values, row.places = said, where
        if wrong:
            row.sort, row.problems = "wrong", wrong
        if total:
            row.sort, row.notes = "total", [[f"A{at + 1}", total]]
        return row, key

    def _value(self, column: Column, cell: Cell, fault: str | None, *, asks: bool) -> object:
        if fault is not None:
            raise Invalid("fault", fault, _("値"))
        key = f"{self.lines.key}.{column.key}"
        try:
            return habits.value_of(column, cell, self.batch.words.get(key, habits.NO_WORDS))
        except Invalid as invalid:
            if asks and habits.is_unknown(column, invalid):
                self.unknown.note(key, cell)
            raise

    def _key(self, value: object) -> str:
        """The text by which an entry is found: of a number, its half width."""
        column = self.by_key[self.by]
        text = column.canonical(value)
        return half(text) if self._by_number else text

    @property
    def _by_number(self) -> bool:
        return self.by == OF + NUMBER or is_number(self.by_key[self.by].spec)

    def _entries(self, keys: set[str]) -> dict[str, list[Entry]]:
        """Entries by the text of their key, so many looked up at a time."""
        name, kind = self.by.removeprefix(OF), self.by_key[self.by].kind
        found: dict[str, list[Entry]] = defaultdict(list)
        wanted = sorted(keys)
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            values: list[object] = [
                kind.parse(one) if kind is not None and name != NUMBER else one
                for text in part
                for one in (spellings(text) if self._by_number else (text,))
            ]
            if name.startswith(EXTRA):
                assert kind is not None  # the city's own fields have one  # noqa: S101
                values = [kind.to_json(value) for value in values]
                lookup = {f"more__{name.removeprefix(EXTRA)}__in": values}
            else:
                lookup = {f"{name}__in": values}
            for entry in self._of_book().filter(**lookup):
                mine = (
                    entry.more.get(name.removeprefix(EXTRA))
                    if name.startswith(EXTRA)
                    else getattr(entry, name)
                )
                if name.startswith(EXTRA) and kind is not None and mine is not None:
                    mine = kind.from_json(mine)
                found[self._key(mine)].append(entry)
        return found

    def _of_book(self) -> QuerySet[Entry]:
        return (
            self.ledger.model.unscoped.select_related("book")
            .filter(municipality=self.ctx.municipality.id, book=self.batch.book)
            .exclude(state__in=(VOID, MERGED))
            .order_by("pk")
        )

    def _there(self, entries: Sequence[UUID]) -> dict[UUID, list[dict[str, JsonValue]]]:
        """The sub-rows that are there, as JSON."""
        found: dict[UUID, list[dict[str, JsonValue]]] = defaultdict(list)
        for line in self.lines.model.unscoped.filter(
            municipality=self.ctx.municipality.id, entry__in=entries
        ).order_by("pk"):
            found[line.entry_id].append(told(line, self.specs))
        return found

    def _judge(self, entry: Entry, rows: Sequence[Staged], there: Sequence[Mapping[str, JsonValue]]) -> None:
        """The rows of one entry, each beside those that are there and those further up; tried and undone."""
        fresh: list[Staged] = []
        for row in rows:
            if all(value in (None, "", False) for value in row.values.values()):
                row.sort = "wrong"
                row.problems = [[f"A{row.row}", _("親の行の番号のほかに、何も書かれていません。")]]
            elif any(all(one.get(name) == value for name, value in row.values.items()) for one in there):
                row.sort = "same"
            elif twin := next((one for one in fresh if one.values == row.values), None):
                row.sort = "wrong"
                row.problems = [
                    [f"A{row.row}", _("%d行目と同じ内容です。どちらか一方にしてください。") % twin.row]
                ]
            else:
                fresh.append(row)
        if len(fresh) == 1:
            self._try(entry, fresh[0])
        elif fresh:
            try:
                with transaction.atomic():
                    for row in fresh:
                        if (made := self._try(entry, row)) is not None:
                            made.save()
                    raise _Undo  # noqa: TRY301 – whatever went in goes out
            except _Undo:
                pass

    def _try(self, entry: Entry, row: Staged) -> Line | None:
        made: Line = self.lines.model(municipality_id=self.ctx.municipality.id, **parent(entry))
        try:
            put(made, self.specs, cleaned(self.specs, row.values, whole=True))
            if contradictions := list(self.lines.check(made)):
                raise Problems(contradictions)
        except Problem as problem:
            several = problem.problems if isinstance(problem, Problems) else (problem,)
            row.sort = "wrong"
            row.problems = [[row.places.get(one.field, f"A{row.row}"), one.message] for one in several]
            return None
        return made


def read_lines(ctx: Context, batch: Batch) -> Batch:
    """Read, judge and stage a batch that a person has matched. What cannot be read stops it, with words that say why."""
    ledger = queries.ledger_of(batch)
    lines = sort_of(ledger, batch.lines)
    Staged.unscoped.filter(municipality=batch.municipality_id, batch=batch).delete()
    assert batch.file is not None  # only what is swept has none  # noqa: S101
    try:
        with files.open(batch.file) as stream:
            opened = opening.opened(stream)
        head = heads.find(opened, known(ledger, batch.book, lines))
    except Problem as problem:
        return _noted(batch, state="stopped", trouble=problem.message)
    if list(head.labels) != list(batch.heads):
        words = _("見出しが変わりました。もう一度、表を選んでください。")
        return _noted(batch, state="stopped", trouble=words)
    judge = Judge(ctx, ledger, batch, lines)
    cells = list(enumerate(opened.grid.rows))[head.below :]
    made = judge.staged(cells, head.places, opened.grid.faults)
    if judge.forbidden:
        return refuse(ctx, batch)
    for start in range(0, len(made), 1000):
        with transaction.atomic():
            Staged.unscoped.bulk_create(made[start : start + 1000], batch_size=200)
            Batch.unscoped.filter(municipality=batch.municipality_id, pk=batch.pk).update(
                step=start, touched_at=clock.now()
            )
    return _noted(
        batch,
        state="checked",
        counts=cast("JsonValue", queries.counted(batch)),
        unknown=judge.unknown.as_json(),
        steps=len(made),
    )


def _noted(batch: Batch, **values: JsonValue) -> Batch:
    """Where reading has come to; unless somebody broke it off."""
    with transaction.atomic():
        found = Batch.unscoped.select_for_update().filter(
            municipality=batch.municipality_id, pk=batch.pk, state="reading"
        )
        if found.exists():
            for name, value in values.items():
                setattr(batch, name, value)
            batch.touched_at = clock.now()
            batch.version += 1
            batch.save(update_fields=[*values, "touched_at", "version"])
    batch.refresh_from_db()
    return batch
