"""What is done to the entries of one ledger. :func:`make` makes the actions of a ledger, under its own keys and permissions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.ledger import store
from yakuba.engines.ledger.access import Access
from yakuba.engines.ledger.actions.lines import write_lines
from yakuba.engines.ledger.actions.moving import Mover
from yakuba.engines.ledger.actions.numbers import next_numbers
from yakuba.engines.ledger.actions.said import (
    AddEntry,
    ChangeEntry,
    ChangeMany,
    MergeEntry,
    MoveEntry,
    MoveMany,
    RowChange,
    WriteNote,
)
from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger
from yakuba.engines.ledger.models import Book, Distinct, Move, Note
from yakuba.engines.ledger.queries import changed_later
from yakuba.engines.ledger.records import Entry, order_of
from yakuba.engines.ledger.signs import half, spellings
from yakuba.engines.ledger.values import (
    cleaned,
    demand_no_my_number,
    derive,
    put,
    specs_of_book,
    told,
    typed_specs,
    without_my_number,
)
from yakuba.kernel.actions import Action, Context, Missing, Problem, Problems, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import Invalid, JsonValue, Spec
from yakuba.kernel.fields.kinds import Choice
from yakuba.kernel.sheets.wanted import placed, wanted

__all__ = [
    "MOST",
    "AddEntry",
    "ChangeEntry",
    "ChangeMany",
    "EntryActions",
    "MergeEntry",
    "MoveEntry",
    "MoveMany",
    "RowChange",
    "WriteNote",
    "Writer",
    "make",
]

#: The most rows that one action takes; larger files go in through staging.
MOST: Final = 2000


@dataclass(frozen=True)
class EntryActions:
    """The actions of one ledger. Entries are of the ledger's own model."""

    add: Action[Any, AddEntry, Entry]  # Any: a book, or an entry of the ledger's own model
    change: Action[Any, ChangeEntry, Entry]  # Any: as above
    move: Action[Any, MoveEntry, Entry]  # Any: as above
    merge: Action[Any, MergeEntry, Entry]  # Any: as above
    note: Action[Any, WriteNote, Entry]  # Any: as above
    many: Action[Any, ChangeMany, Book]  # Any: as above
    move_many: Action[Any, MoveMany, Book]  # Any: as above


def make(ledger: Ledger[Entry], may: Access) -> EntryActions:
    """The actions of a ledger: ``<ledger>.add``, ``.change``, ``.move``, ``.merge``, ``.note``, ``.many`` and ``.move_many``."""
    key, writer = ledger.key, Writer(ledger)
    return EntryActions(
        action(f"{key}.add", label="台帳に加える", may=may.add, data=AddEntry)(writer.add),
        action(f"{key}.change", label="台帳の行を直す", may=may.change, data=ChangeEntry)(writer.change),
        action(f"{key}.move", label="台帳の行の異動", may=may.change, data=MoveEntry)(writer.move),
        action(f"{key}.merge", label="台帳の重複を判断する", may=may.change, data=MergeEntry)(writer.merge),
        action(f"{key}.note", label="経過を記録する", may=may.change, data=WriteNote)(writer.note),
        action(f"{key}.many", label="台帳の行をまとめて変える", may=may.add, data=ChangeMany)(writer.many),
        action(f"{key}.move_many", label="台帳の行のまとめての異動", may=may.add, data=MoveMany)(
            writer.move_many
        ),
    )


@dataclass(frozen=True)
class Writer:
    """The functions behind the actions of one ledger; rows that come as a table are judged by the same."""

    ledger: Ledger[Entry]

    def add(self, ctx: Context, book: Book, data: AddEntry) -> Entry:
        """A new entry. Raises :class:`Problems`. The trail's subject is the book; the event names the entry."""
        since = _since(ctx, data.holds_from)
        specs = specs_of_book(self.ledger, book)
        entry = self.made(ctx, book, specs, data.values, data.number.strip())
        if not entry.number:
            self._number(ctx, book, [entry])
        self._demand_free([entry], ctx)
        entry.save(force_insert=True)
        self.keep(ctx, book, [(entry, self.whole(entry, specs))], since, data.reason)
        ctx.note(entry=str(entry.pk), number=entry.number, after=told(entry, specs))
        ctx.publish("ledger.added", {"ledger": self.ledger.key, "id": str(entry.pk)})
        return entry

    def change(self, ctx: Context, entry: Entry, data: ChangeEntry) -> Entry:
        """Change fields and sub-rows. What holds from an earlier day does not undo what changed since. Raises :class:`Problems`."""
        since = _since(ctx, data.holds_from)
        specs = specs_of_book(self.ledger, entry.book)
        values = self.amended(ctx, entry, specs, data.values, since)
        self.demand_well(entry)
        self._lines(ctx, entry, data.lines)
        values |= self.derived(entry, specs, lines=True) if data.lines else {}
        entry.save()
        self.keep(ctx, entry.book, [(entry, values)], since, data.reason)
        if data.reason:
            ctx.because(data.reason)
        ctx.publish("ledger.changed", {"ledger": self.ledger.key, "id": str(entry.pk)})
        return entry

    def move(self, ctx: Context, entry: Entry, data: MoveEntry) -> Entry:
        """One step of a chain, or ``void``: the entry was made by mistake. Raises :class:`Problem`."""
        day = _since(ctx, data.day)
        move = Mover(self.ledger).moved(entry, data, day)
        entry.save()
        store.moved(ctx, entry, move)
        self.keep(ctx, entry.book, [(entry, {move.chain: move.go_to})], day, data.reason)
        if data.reason:
            ctx.because(data.reason)
        ctx.publish(
            "ledger.moved",
            {"ledger": self.ledger.key, "id": str(entry.pk), "chain": move.chain, "to": move.go_to},
        )
        return entry

    def move_many(self, ctx: Context, book: Book, data: MoveMany) -> Book:
        """One step of many entries, in one go. Who cannot take it stays where it is. Raises :class:`Problem` where nobody can."""
        day = _since(ctx, data.day)
        changes = wanted(data.entries, "values", most=MOST, keys=())
        found = (
            self.ledger.model.unscoped.select_for_update(of=("self",))
            .select_related("book")
            .filter(municipality=ctx.municipality.id, book=book, pk__in=[one.id for one in changes if one.id])
        )
        there = {str(row.pk): row for row in found.order_by("pk")}
        mover = Mover(self.ledger)
        moving: list[tuple[Entry, Move]] = []
        refused: list[JsonValue] = []
        first: Problem | None = None
        for change in changes:
            row = there.get(change.id)
            try:
                change.demand(None if row is None else row.version)
                if row is None:
                    raise Missing
                moving.append((row, mover.moved(row, data, day)))
            except Problem as problem:
                first = first or problem
                refused.append({"id": change.id, "code": problem.code})
        if not moving:
            raise first or Missing()
        store.moved_together(ctx, moving)
        for row, _move in moving:
            row.version += 1
        rows = [row for row, _move in moving]
        self.ledger.model.unscoped.bulk_update(rows, [data.chain, "version"], batch_size=200)
        self.keep(ctx, book, [(row, {move.chain: move.go_to}) for row, move in moving], day, data.reason)
        ctx.note(
            rows=[{"id": str(row.pk), "before": move.come_from, "after": move.go_to} for row, move in moving],
            refused=refused,
        )
        if data.reason:
            ctx.because(data.reason)
        return book

    def moves(self, ctx: Context, rows: Sequence[Entry], data: MoveMany) -> list[Move | Problem]:
        """What :meth:`move_many` would do with each entry, or why not. Nothing is written, the entries are left as they are.

        Raises :class:`Problem` for a day to come.
        """
        day, mover = _since(ctx, data.day), Mover(self.ledger)
        found: list[Move | Problem] = []
        for row in rows:
            try:
                found.append(mover.moved(copy(row), data, day))
            except Problem as problem:
                found.append(problem)
        return found

    def merge(self, ctx: Context, entry: Entry, data: MergeEntry) -> Entry:
        """Let this entry go into another, where its notes and files are read from now on; or tell the two apart."""
        other = self._other(ctx, entry, data.into)
        if not data.same:
            first, second = sorted((entry.pk, other.pk))
            Distinct.unscoped.get_or_create(
                municipality_id=ctx.municipality.id,
                book_id=entry.book_id,
                entry=first,
                other=second,
                defaults={"decided_at": ctx.now, "by": ctx.actor.label[:200]},
            )
            return entry
        if not data.reason.strip():
            raise Problem("required", _("「理由」が空です。入力してください。"), field="reason")
        before, entry.state, entry.merged_into = entry.state, MERGED, other.pk
        entry.save()
        day = japan_date(ctx.now)
        store.moved(
            ctx,
            entry,
            Move(chain="state", come_from=before, go_to=MERGED, day=day, reason=data.reason.strip()),
        )
        self.keep(ctx, entry.book, [(entry, {"state": MERGED})], day, data.reason)
        ctx.because(data.reason)
        ctx.note(into=str(other.pk))
        return entry

    def note(self, ctx: Context, entry: Entry, data: WriteNote) -> Entry:
        """A line of the journal. Raises :class:`Problem` for an unknown kind, a 個人番号 and a day to come."""
        if data.kind not in dict(self.ledger.note_kinds):
            raise Problem(
                "choice",
                _("「区分」を選んでください。"),
                field="kind",
                found=data.kind,
                expected="・".join(label for _key, label in self.ledger.note_kinds),
            )
        try:
            without_my_number(data.text, _("内容"))
        except Invalid as invalid:
            raise Problem.of("text", _("内容"), invalid) from invalid
        Note.unscoped.create(
            municipality_id=ctx.municipality.id,
            book_id=entry.book_id,
            entry=entry.pk,
            day=_since(ctx, data.day),
            kind=data.kind,
            text=data.text.strip(),
            by=ctx.actor.label[:200],
            written_at=ctx.now,
        )
        return entry

    def many(self, ctx: Context, book: Book, data: ChangeMany) -> Book:
        """Rows that come and change. Raises :class:`Problems`, each with the place of its change and the field: ``2.name``."""
        since = _since(ctx, data.holds_from)
        specs = specs_of_book(self.ledger, book)
        besides = {"number", *(chain.column for chain in self.ledger.all_chains)}
        changes = wanted(data.changes, "values", most=MOST, keys={*specs, *besides})
        there = {
            str(row.pk): row
            for row in self.ledger.model.unscoped.select_for_update()
            .filter(municipality=ctx.municipality.id, pk__in=[one.id for one in changes if one.id])
            .order_by("pk")
        }
        problems: list[Problem] = []
        coming: list[Entry] = []
        changed: list[tuple[Entry, Mapping[str, JsonValue]]] = []
        rows: list[JsonValue] = []
        for place, change in enumerate(changes):
            row = there.get(change.id)
            said = {name: value for name, value in change.said.items() if name not in besides}
            try:
                change.demand(None if row is None else row.version)
                if row is None:
                    entry = self.made(ctx, book, specs, said, str(change.said.get("number") or "").strip())
                    self.begin(entry, change.said)
                    coming.append(entry)
                    changed.append((entry, self.whole(entry, specs)))
                    rows.append({"id": str(entry.pk), "after": told(entry, specs)})
                    continue
                self._demand_in_place(row, change.said)
                before = told(row, specs, said)
                values = self.amended(ctx, row, specs, said, since)
                self.demand_well(row)
                changed.append((row, values))
                rows.append({"id": str(row.pk), "before": before, "after": dict(values)})
            except Problem as problem:
                problems += placed(problem, place)
        if problems:
            raise Problems(problems)
        self._number(ctx, book, [entry for entry in coming if not entry.number])
        self._demand_free(coming, ctx)
        self.ledger.model.unscoped.bulk_create(coming, batch_size=500)
        for row in there.values():
            row.version += 1
            row.save()
        self.keep(ctx, book, changed, since, data.reason)
        ctx.note(rows=rows)
        if data.reason:
            ctx.because(data.reason)
        return book

    def tried(
        self, ctx: Context, rows: Sequence[tuple[Entry, Mapping[str, JsonValue]]], holds_from: dt.date | None
    ) -> list[Problem]:
        """What :meth:`many` would say of changes of entries that are here, each with its place: ``2.name``. Nothing is written.

        The entries are left as they are. Raises :class:`Problem` for a day to come.
        """
        since = _since(ctx, holds_from)
        problems: list[Problem] = []
        for place, (row, said) in enumerate(rows):
            entry = copy(row)
            try:
                self.amended(ctx, entry, specs_of_book(self.ledger, row.book), said, since)
                self.demand_well(entry)
            except Problem as problem:
                problems += placed(problem, place)
        return problems

    def made(self, ctx: Context, book: Book, specs: Mapping[str, Spec], said: object, number: str) -> Entry:
        """An entry that is not saved, in the first state of its chains."""
        return self.built(ctx, book, specs, cleaned(typed_specs(self.ledger, book), said, whole=True), number)

    def built(
        self, ctx: Context, book: Book, specs: Mapping[str, Spec], values: Mapping[str, object], number: str
    ) -> Entry:
        """As :meth:`made`, of values that were looked at already."""
        number = half(number)
        entry = self.ledger.model(municipality_id=ctx.municipality.id, book=book, number=number)
        entry.number_order = order_of(number)
        for chain in self.ledger.all_chains:
            setattr(entry, chain.column, chain.first)
        put(entry, specs, values)
        derive(self.ledger, entry)
        self.demand_well(entry)
        return entry

    def begin(self, entry: Entry, said: Mapping[str, JsonValue]) -> None:
        """The states in which an entry comes, where they are said. Raises :class:`Problem`."""
        for chain in self.ledger.all_chains:
            if (given := said.get(chain.column)) not in (None, ""):
                try:
                    setattr(entry, chain.column, Choice(tuple(chain.states)).from_json(given))
                except Invalid as invalid:
                    raise Problem.of(chain.column, str(chain.label), invalid) from invalid
        if any(getattr(entry, chain.column) != chain.first for chain in self.ledger.all_chains):
            self.demand_well(entry)

    def _demand_in_place(self, row: Entry, said: Mapping[str, JsonValue]) -> None:
        if row.state in {VOID, MERGED}:
            raise Problem("state", _("この行は取り消されています。"), field="state", found=row.state)
        for chain in self.ledger.all_chains:
            if said.get(chain.column, getattr(row, chain.column)) != getattr(row, chain.column):
                raise Problem(
                    "state",
                    _("「%s」は、行を開いて異動で変えてください。") % chain.label,
                    field=chain.column,
                    found=str(said[chain.column]),
                )

    def whole(self, entry: Entry, specs: Mapping[str, Spec]) -> dict[str, JsonValue]:
        """A new entry: its states and its values, without the empty ones."""
        states = {chain.column: str(getattr(entry, chain.column)) for chain in self.ledger.all_chains}
        return states | {name: value for name, value in told(entry, specs).items() if value is not None}

    def _number(self, ctx: Context, book: Book, entries: Sequence[Entry]) -> None:
        for entry, number in zip(
            entries, list(next_numbers(ctx, self.ledger, book, len(entries))), strict=True
        ):
            entry.number = number
            entry.number_order = order_of(number)

    def amended(
        self, ctx: Context, entry: Entry, specs: Mapping[str, Spec], said: object, since: dt.date
    ) -> dict[str, JsonValue]:
        """Write values into an entry; what changed of it, as JSON. What changed again after ``since`` stays as it is today."""
        values = cleaned(typed_specs(self.ledger, entry.book), said, whole=False)
        before = told(entry, specs, values)
        put(entry, specs, values)
        after = told(entry, specs, values)
        changed = {name: value for name, value in after.items() if value != before[name]}
        changed |= self.derived(entry, specs)
        if changed and since < japan_date(ctx.now):
            later = changed_later(ctx, entry, changed, since)
            put(entry, specs, cleaned(specs, later, whole=False))
            derive(self.ledger, entry)
        return changed

    def derived(
        self, entry: Entry, specs: Mapping[str, Spec], *, lines: bool = False
    ) -> dict[str, JsonValue]:
        """Work out what follows from the others; what changed of it, as JSON."""
        before = told(entry, specs, self.ledger.derived)
        derive(self.ledger, entry, lines=lines)
        after = told(entry, specs, self.ledger.derived)
        return {name: value for name, value in after.items() if value != before[name]}

    def demand_well(self, entry: Entry) -> None:
        problems = list(self.ledger.check(entry))
        if problems:
            raise Problems(problems)

    def _demand_free(self, entries: Sequence[Entry], ctx: Context) -> None:
        """Numbers are unique; those brought along may stand here already, or twice among themselves."""
        numbers = [entry.number for entry in entries]
        here = self.ledger.model.unscoped.filter(
            municipality=ctx.municipality.id,
            number__in=[spelled for number in numbers for spelled in spellings(number)],
        )
        taken = {half(number) for number in here.values_list("number", flat=True)} | {
            number for number, many in Counter(numbers).items() if many > 1
        }
        if taken:
            raise Problem(
                "number",
                _("番号「%s」は、もう使われています。") % "」「".join(sorted(taken)[:5]),
                field="number",
                found="・".join(sorted(taken)[:5]),
            )

    def _lines(self, ctx: Context, entry: Entry, given: object) -> None:
        """Sub-rows that come, change and go. Raises :class:`Problems`: ``vaccinations.2.day``."""
        if not isinstance(given, Mapping):
            raise Problem("shape", _("明細を読み取れません。画面を開き直してください。"), field="lines")
        for key, changes in given.items():
            lines = self.ledger.lines_of(str(key))
            if lines is None:
                raise Problem("lines", _("「%s」という明細はありません。") % str(key)[:40], field="lines")
            if changes:
                write_lines(ctx, entry, lines, changes, most=MOST)

    def keep(
        self,
        ctx: Context,
        book: Book,
        rows: Sequence[tuple[Entry, Mapping[str, JsonValue]]],
        since: dt.date,
        reason: str,
    ) -> None:
        """What was written into entries: their history, their index, who may be protected, and what maps and the public see."""
        demand_no_my_number(reason=(_("理由"), reason))
        store.amended(ctx, book, rows, holds_from=since, reason=reason.strip())
        entries = [entry for entry, _values in rows]
        store.indexed(ctx, self.ledger, entries)
        store.looked(ctx, self.ledger, entries)
        store.shown(ctx, self.ledger, book, entries)

    def _other(self, ctx: Context, entry: Entry, given: str) -> Entry:
        try:
            # Locked: it may be going into this one, or be cancelled, at this very moment.
            found = (
                self.ledger.model.unscoped.select_for_update()
                .filter(municipality=ctx.municipality.id, pk=UUID(given))
                .first()
            )
        except ValueError:
            found = None
        if found is None or found.pk == entry.pk or found.state in {VOID, MERGED}:
            raise Missing(_("統合先の行が見つかりません。"))
        return found


def _since(ctx: Context, day: dt.date | None) -> dt.date:
    """A day on which something happened. Raises :class:`Problem` for one to come: what is not yet so is not written as if it were."""
    today_here = japan_date(ctx.now)
    if day is not None and day > today_here:
        raise Problem(
            "future",
            _("これから先の日は記録できません。その日が来てから記録してください。"),
            field="holds_from",
            found=day.isoformat(),
            expected=_("今日まで"),
        )
    return day or today_here
