"""What is done to the entries of one ledger. :func:`make` makes the actions of a ledger, under its own keys and permissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.ledger import store
from yakuba.engines.ledger.access import Access
from yakuba.engines.ledger.actions.lines import write_lines
from yakuba.engines.ledger.actions.numbers import next_numbers
from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger, Step
from yakuba.engines.ledger.models import Book, Distinct, Move, Note
from yakuba.engines.ledger.queries import changed_later
from yakuba.engines.ledger.records import Entry, order_of
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
from yakuba.kernel import fields
from yakuba.kernel.actions import Action, Context, Missing, Problem, Problems, action
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, Invalid, JsonValue, Spec
from yakuba.kernel.fields.kinds import Choice
from yakuba.kernel.sheets.wanted import EntryChange, placed, wanted

#: The most rows that one action takes; larger files go in through staging.
MOST: Final = 2000


@dataclass(frozen=True)
class AddEntry:
    """A new entry. ``number`` is brought along from paper, or empty for the next one; ``holds_from``: since when what is said holds."""

    values: Annotated[dict[str, JsonValue], fields.document(label="内容", classification=PERSONAL)]
    number: Annotated[
        str, fields.text(label="番号", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    holds_from: Annotated[
        dt.date | None, fields.date(label="適用日", classification=INTERNAL, required=False)
    ] = None
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class ChangeEntry:
    """What changes in an entry and in its sub-rows: field → JSON, null for emptied; sort of row → changes as of a sheet."""

    values: Annotated[dict[str, JsonValue], fields.document(label="内容", classification=PERSONAL)]
    lines: Annotated[dict[str, list[EntryChange]], fields.document(label="明細", classification=PERSONAL)]
    holds_from: Annotated[
        dt.date | None, fields.date(label="適用日", classification=INTERNAL, required=False)
    ] = None
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class MoveEntry:
    """One move along a chain: ``step`` is its key, ``chain`` the chain's column."""

    step: Annotated[str, fields.text(label="異動", classification=INTERNAL, max_length=40)]
    chain: Annotated[
        str, fields.text(label="区分", classification=INTERNAL, max_length=40, required=False)
    ] = "state"
    day: Annotated[dt.date | None, fields.date(label="異動日", classification=INTERNAL, required=False)] = (
        None
    )
    document: Annotated[
        str, fields.text(label="文書番号", classification=INTERNAL, max_length=80, required=False)
    ] = ""
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class MergeEntry:
    """That this entry is another one's double, and goes into it (``into`` is the other's id); or that the two are not the same."""

    into: Annotated[str, fields.text(label="統合先", classification=INTERNAL, max_length=36)]
    same: Annotated[bool, fields.yes_no(label="同じもの", classification=INTERNAL)]
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class WriteNote:
    """A line of the journal."""

    kind: Annotated[str, fields.text(label="区分", classification=INTERNAL, max_length=40)]
    text: Annotated[str, fields.prose(label="内容", classification=PERSONAL, required=True)]
    day: Annotated[dt.date | None, fields.date(label="日付", classification=INTERNAL, required=False)] = None


class RowChange(EntryChange):
    """One row of many: which (``id``, empty for a new one) at which version, and what is said of it."""

    values: dict[str, JsonValue]


@dataclass(frozen=True)
class ChangeMany:
    """Rows that come and change, all of them or none. A new row's number stands under ``number`` beside its values.

    So does the state in which it comes from paper, under the chain's column; an entry that is here changes its states by moves alone.
    """

    changes: Annotated[list[dict[str, JsonValue]], fields.document(label="変更", classification=PERSONAL)]
    holds_from: Annotated[
        dt.date | None, fields.date(label="適用日", classification=INTERNAL, required=False)
    ] = None
    reason: Annotated[
        str, fields.text(label="理由", classification=INTERNAL, max_length=400, required=False)
    ] = ""


@dataclass(frozen=True)
class EntryActions:
    """The actions of one ledger. Entries are of the ledger's own model."""

    add: Action[Any, AddEntry, Entry]  # Any: a book, or an entry of the ledger's own model
    change: Action[Any, ChangeEntry, Entry]  # Any: as above
    move: Action[Any, MoveEntry, Entry]  # Any: as above
    merge: Action[Any, MergeEntry, Entry]  # Any: as above
    note: Action[Any, WriteNote, Entry]  # Any: as above
    many: Action[Any, ChangeMany, Book]  # Any: as above


def make(ledger: Ledger[Entry], may: Access) -> EntryActions:
    """The actions of a ledger: ``<ledger>.add``, ``.change``, ``.move``, ``.merge``, ``.note`` and ``.many``."""
    key, writer = ledger.key, Writer(ledger)
    return EntryActions(
        action(f"{key}.add", label="台帳に加える", may=may.add, data=AddEntry)(writer.add),
        action(f"{key}.change", label="台帳の行を直す", may=may.change, data=ChangeEntry)(writer.change),
        action(f"{key}.move", label="台帳の行の異動", may=may.change, data=MoveEntry)(writer.move),
        action(f"{key}.merge", label="台帳の重複を判断する", may=may.change, data=MergeEntry)(writer.merge),
        action(f"{key}.note", label="経過を記録する", may=may.change, data=WriteNote)(writer.note),
        action(f"{key}.many", label="台帳の行をまとめて変える", may=may.add, data=ChangeMany)(writer.many),
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
        self._keep(ctx, book, [(entry, self.whole(entry, specs))], since, data.reason)
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
        values |= self._derived(entry, specs, lines=True) if data.lines else {}
        entry.save()
        self._keep(ctx, entry.book, [(entry, values)], since, data.reason)
        if data.reason:
            ctx.because(data.reason)
        ctx.publish("ledger.changed", {"ledger": self.ledger.key, "id": str(entry.pk)})
        return entry

    def move(self, ctx: Context, entry: Entry, data: MoveEntry) -> Entry:
        """One step of a chain, or ``void``: the entry was made by mistake. Raises :class:`Problem`."""
        chain = self.ledger.chain_of(data.chain)
        if chain is None:
            raise Problem("chain", _("「%s」という区分はありません。") % data.chain, field="chain")
        day = _since(ctx, data.day)
        before = str(getattr(entry, chain.column))
        step = (
            Step(VOID, _("誤登録として取り消す"), before, VOID, frozenset({"reason"}))
            if data.step == VOID and chain.column == "state"
            else next((one for one in chain.steps_from(before) if one.key == data.step), None)
        )
        if step is None:
            raise Problem(
                "step",
                _("「%s」からこの異動はできません。画面を開き直してください。") % chain.label_of(before),
                field="step",
                found=data.step,
                expected="・".join(str(one.label) for one in chain.steps_from(before)),
            )
        for need, given, label in (
            ("reason", data.reason, _("理由")),
            ("document", data.document, _("文書番号")),
        ):
            if need in step.needs and not given.strip():
                raise Problem("required", _("「%s」が空です。入力してください。") % label, field=need)
        demand_no_my_number(document=(_("文書"), data.document), reason=(_("理由"), data.reason))
        known = {(one.code, one.field) for one in self.ledger.check(entry)}
        setattr(entry, chain.column, step.go_to)
        # What contradicted itself before does not keep an entry from moving on; what the move brings about does.
        if brought := [one for one in self.ledger.check(entry) if (one.code, one.field) not in known]:
            raise Problems(brought)
        entry.save()
        store.moved(
            ctx,
            entry,
            Move(
                chain=chain.column,
                come_from=before,
                go_to=step.go_to,
                day=day,
                document=data.document.strip(),
                reason=data.reason.strip(),
            ),
        )
        self._keep(ctx, entry.book, [(entry, {chain.column: step.go_to})], day, data.reason)
        if data.reason:
            ctx.because(data.reason)
        ctx.publish(
            "ledger.moved",
            {"ledger": self.ledger.key, "id": str(entry.pk), "chain": chain.column, "to": step.go_to},
        )
        return entry

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
        self._keep(ctx, entry.book, [(entry, {"state": MERGED})], day, data.reason)
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
        self._keep(ctx, book, changed, since, data.reason)
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
        entry = self.ledger.model(municipality_id=ctx.municipality.id, book=book, number=number)
        entry.number_order = order_of(number)
        for chain in self.ledger.all_chains:
            setattr(entry, chain.column, chain.first)
        put(entry, specs, cleaned(typed_specs(self.ledger, book), said, whole=True))
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
        changed |= self._derived(entry, specs)
        if changed and since < japan_date(ctx.now):
            later = changed_later(ctx, entry, changed, since)
            put(entry, specs, cleaned(specs, later, whole=False))
            derive(self.ledger, entry)
        return changed

    def _derived(
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
        taken = set(
            self.ledger.model.unscoped.filter(
                municipality=ctx.municipality.id, number__in=numbers
            ).values_list("number", flat=True)
        ) | {number for number in numbers if numbers.count(number) > 1 and len(numbers) <= MOST}
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

    def _keep(
        self,
        ctx: Context,
        book: Book,
        rows: Sequence[tuple[Entry, Mapping[str, JsonValue]]],
        since: dt.date,
        reason: str,
    ) -> None:
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
