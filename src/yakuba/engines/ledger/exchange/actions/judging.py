"""Rows of a table beside what is in the book: new, changed, the same, at odds with a colleague's change, or wrong. Nothing is written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from yakuba.engines.ledger.actions.entries import Writer
from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger
from yakuba.engines.ledger.exchange import habits
from yakuba.engines.ledger.exchange.actions.refusing import is_one
from yakuba.engines.ledger.exchange.actions.rows import cells_of
from yakuba.engines.ledger.exchange.matching import EAST, NORTH, NUMBER, SHAPE, columns_of
from yakuba.engines.ledger.exchange.placing import drawn, in_japan, within_japan
from yakuba.engines.ledger.models import Batch, Staged
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.signs import half, is_number, spellings
from yakuba.engines.ledger.values import accepted, specs_of_book, title_of, told, typed_specs, value_of
from yakuba.engines.places.crs.operations import Transformed, transform, transform_shapes
from yakuba.engines.places.crs.parameters import configured
from yakuba.engines.places.crs.systems import SYSTEMS, TRUTH
from yakuba.engines.places.formats.angles import degrees
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import Invalid, JsonValue
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets.cells import letters
from yakuba.kernel.sheets.table import ID, VERSION, stamp

_GONE: Final = frozenset({VOID, MERGED})
Wrong = tuple[str, str]
"""A cell's address and what is wrong with it."""


@dataclass(slots=True)
class _Row:
    """One row as read: values by column (None: empty), where they stand, what cannot be read."""

    at: int
    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    notes: list[Wrong] = field(default_factory=list)
    total: str = ""

    @property
    def here(self) -> str:
        return f"A{self.at + 1}"


@dataclass
class Judge:
    """Judges one batch, chunk after chunk; it remembers what the chunks before brought, so that nothing comes twice."""

    ctx: Context
    ledger: Ledger[Entry]
    batch: Batch
    places: Sequence[int]
    faults: Mapping[str, str]
    uses: dict[str, int] = field(default_factory=dict)
    warnings: set[str] = field(default_factory=set)
    unknown: habits.Unknown = field(default_factory=habits.Unknown)
    #: In how many cells something is lost.
    lost: int = 0
    #: Whether a cell held a 個人番号, so that nothing of the table may stay here.
    forbidden: bool = False
    _ids: dict[UUID, str] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _twins: dict[bytes, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.book = self.batch.book
        self.writer = Writer(self.ledger)
        self.specs = specs_of_book(self.ledger, self.book)
        self.typed = typed_specs(self.ledger, self.book)
        self.letters = [letters(place) for place in self.places]
        self.columns = columns_of(self.ledger, self.book, personal=True)
        self.by_key = {column.key: column for column in self.columns}
        self.keys: list[str] = list(self.batch.columns)
        self.by: list[str] = list(self.batch.by)
        self.words: Mapping[str, habits.Words] = self.batch.words
        #: The fields of which a number is the same in full and in half width.
        self.numbers = {NUMBER, *(key for key, spec in self.specs.items() if is_number(spec))}
        self.since = self.batch.holds_from or japan_date(self.ctx.now)

    def chunk(self, rows: Sequence[tuple[int, Sequence[Cell]]]) -> list[Staged]:
        """Rows (index in the sheet from 0, cells) as they would be written. Blank ones are left out."""
        read = [self._read(at, cells) for at, cells in rows if any(str(c or "").strip() for c in cells)]
        self._put_places(read)
        current = self._current(read)
        free = self._taken([row for row, found in zip(read, current, strict=True) if found is None])
        made = [self._judged(row, found, free) for row, found in zip(read, current, strict=True)]
        self._mark_twins(made)
        return made

    # --- cells ---------------------------------------------------------------------------------------------------------

    def _read(self, at: int, cells: Sequence[Cell]) -> _Row:
        row = _Row(at, total=habits.total_of(cells))
        for place, letter, key, head in zip(
            self.places, self.letters, self.keys, self.batch.heads, strict=True
        ):
            cell = cells[place] if place < len(cells) else None
            self.forbidden = self.forbidden or is_one(
                head, cell
            )  # in what is not taken too: the file is kept
            if not key:
                continue
            where = row.places[key] = f"{letter}{at + 1}"
            try:
                row.values[key] = value = self._value(key, cell, self.faults.get(where), asks=not row.total)
                if (
                    cell.__class__ is str
                    and key in self.by_key
                    and (word := habits.lost(self.by_key[key], cell, value))
                ):
                    row.notes.append(
                        (
                            where,
                            _("「%(cell)s」の「%(word)s」は残りません。")
                            % {"cell": str(cell)[:40], "word": word},
                        )
                    )
            except Invalid as invalid:
                label = self.by_key[key].label if key in self.by_key else key
                row.wrong.append((where, Problem.of(key, label, invalid).message))
        return row

    def _value(self, key: str, cell: Cell, fault: str | None, *, asks: bool) -> object:
        if fault is not None:
            raise Invalid("fault", fault, _("値"))
        if key in {ID, VERSION, NUMBER}:
            if isinstance(cell, float) and cell.is_integer():
                cell = int(cell)
            text = "" if cell is None else half(str(cell)) if key == NUMBER else str(cell).strip()
            return text or None
        if key in {NORTH, EAST}:
            return self._coordinate(cell)
        if key == SHAPE:
            return drawn(cell)
        column = self.by_key[key]
        try:
            return habits.value_of(column, cell, self.words.get(key, habits.NO_WORDS))
        except Invalid as invalid:
            if asks and habits.is_unknown(column, invalid):
                self.unknown.note(key, cell)
            raise

    def _coordinate(self, cell: Cell) -> float | None:
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        if SYSTEMS[self.batch.system or TRUTH].kind == "degrees":
            found = degrees(cell)
        else:
            try:
                found = float(str(cell).replace(",", ""))
            except ValueError:
                found = None
        if found is None or not np.isfinite(found):
            raise Invalid("coordinate", str(cell)[:40], _("座標の数値（例：36.321456、36°19′17.2″）"))
        return found

    def _put_places(self, rows: Sequence[_Row]) -> None:
        """Two columns become a place. What was used to get to JGD2011 is counted, for the preview and for ever."""
        if SHAPE in self.keys:
            self._put_shapes(rows)
        if NORTH not in self.keys:
            return
        whole: list[_Row] = []
        for row in rows:
            pair = (row.values.get(NORTH), row.values.get(EAST))
            if None not in pair:
                whole.append(row)
            elif pair != (None, None):
                row.wrong.append(
                    (row.places[NORTH], _("座標の一方だけが入っています。両方を入れてください。"))
                )
            elif not any(where in {row.places[NORTH], row.places[EAST]} for where, _words in row.wrong):
                row.values["place"] = None
            row.places["place"] = row.places[NORTH]
        if not whole:
            return
        points = np.array([[row.values[NORTH], row.values[EAST]] for row in whole], dtype=np.float64)
        found = transform(points, self.batch.system or TRUTH, "north", configured())
        self._note_operation(found)
        for row, (lon, lat) in zip(whole, found.points.tolist(), strict=True):
            try:
                row.values["place"] = in_japan(lon, lat)
            except Invalid as invalid:
                row.wrong.append((row.places[NORTH], Problem.of("place", _("位置"), invalid).message))

    def _put_shapes(self, rows: Sequence[_Row]) -> None:
        """The shapes of a file for maps become places."""
        told_shapes = [row.values.get(SHAPE) for row in rows]
        geometries = [one if isinstance(one, BaseGeometry) else None for one in told_shapes]
        moved, found = transform_shapes(geometries, self.batch.system or TRUTH, "east", configured())
        self._note_operation(found)
        for row, before, after in zip(rows, geometries, moved, strict=True):
            where = row.places["place"] = row.places[SHAPE]
            if any(place == where for place, _words in row.wrong):
                continue
            try:
                row.values["place"] = None if before is None else within_japan(after)
            except Invalid as invalid:
                row.wrong.append((where, Problem.of("place", _("位置"), invalid).message))

    def _note_operation(self, found: Transformed) -> None:
        for use in found.uses:
            name = f"{use.operation.label}（{use.operation.exactness}）"
            self.uses[name] = self.uses.get(name, 0) + use.count
        self.warnings |= set(found.warnings)

    # --- rows ----------------------------------------------------------------------------------------------------------

    def _current(self, rows: Sequence[_Row]) -> list[Entry | None]:
        """Of each row the entry that it is about; rows that cannot be told are marked as wrong."""
        if self.by == [ID]:
            return self._by_id(rows)
        # Nothing is no sign: a row that leaves one of the fields empty is the same as no other one that does.
        named = [row for row in rows if self.by and all(row.values.get(key) is not None for key in self.by)]
        if not named:
            return [None] * len(rows)
        here: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
        wanted = {key: {row.values[key] for row in named} for key in self.by}
        for entry in self._entries().exclude(state__in=_GONE).filter(**self._one_of(wanted)):
            here[tuple(self._plain(key, self._seen(entry, key)) for key in self.by)].append(entry)
        found: list[Entry | None] = []
        for row in rows:
            signs = tuple(row.values.get(key) for key in self.by)
            same = here.get(signs, []) if None not in signs else []
            if len(same) > 1:
                numbers = "・".join(entry.number for entry in same[:3])
                row.wrong.append(
                    (row.here, _("あてはまる行が%(n)d件あります（%(numbers)s）。番号の列で指定してください。")
                     % {"n": len(same), "numbers": numbers})
                )  # fmt: skip
            found.append(self._once(row, same[0]) if len(same) == 1 else None)
        return found

    def _by_id(self, rows: Sequence[_Row]) -> list[Entry | None]:
        ids: dict[int, UUID] = {}
        for row in rows:
            text = row.values.get(ID)
            if text is None:
                continue
            try:
                ids[row.at] = UUID(str(text))
            except ValueError:
                row.wrong.append(
                    (row.places[ID], _("ID「%s」は書き出したIDではありません。新しい行なら空にしてください。") % str(text)[:40])
                )  # fmt: skip
        here = {entry.pk: entry for entry in self._entries().filter(pk__in=list(ids.values()))}
        found: list[Entry | None] = []
        for row in rows:
            entry = here.get(ids[row.at]) if row.at in ids else None
            if row.at in ids and (entry is None or entry.state in _GONE):
                row.wrong.append(
                    (row.places[ID], _("この行にあたるものが台帳にありません。取り消されたか、ほかの行に統合されています。"))
                )  # fmt: skip
                entry = None
            found.append(None if entry is None else self._once(row, entry))
        return found

    def _once(self, row: _Row, entry: Entry) -> Entry:
        before = self._ids.setdefault(entry.pk, row.here)
        if before != row.here:
            row.wrong.append(
                (row.here, _("同じ行（%(number)s）が%(place)sにもあります。どちらか一方にしてください。")
                 % {"number": entry.number, "place": before})
            )  # fmt: skip
        return entry

    def _entries(self) -> QuerySet[Entry]:
        return self.ledger.model.unscoped.select_related("book").filter(
            municipality=self.ctx.municipality.id, book=self.book
        )

    def _seen(self, entry: Entry, key: str) -> object:
        """A value of an entry by its column."""
        if key in self.specs:
            return value_of(entry, key, self.specs)
        return getattr(entry, key)

    def _plain(self, key: str, value: object) -> object:
        """A value as it is compared: numbers in half width."""
        return half(value) if isinstance(value, str) and key in self.numbers else value

    def _one_of(
        self,
        wanted: Mapping[str, set[Any]],  # Any: values of fields of any sort
    ) -> dict[str, list[Any]]:  # Any: values of fields of any sort
        """A filter by all of the columns at once: of one alone, a sort or a town, half of a large book may share the value."""
        return {
            f"{key}__in": sorted(
                (one for each in found for one in spellings(each)) if key in self.numbers else found, key=str
            )
            for key, found in wanted.items()
        }

    def _taken(self, rows: Sequence[_Row]) -> set[str]:
        """Which of the numbers that new rows bring along stand here already."""
        brought = {
            one for row in rows if row.values.get(NUMBER) for one in spellings(str(row.values[NUMBER]))
        }
        here = self.ledger.model.unscoped.filter(
            municipality=self.ctx.municipality.id, number__in=sorted(brought)
        )
        return {half(number) for number in here.values_list("number", flat=True)}

    def _judged(self, row: _Row, entry: Entry | None, taken: set[str]) -> Staged:
        staged = Staged(
            municipality_id=self.ctx.municipality.id,
            batch=self.batch,
            row=row.at + 1,
            places=row.places,
        )
        try:
            if not row.wrong:
                if entry is None:
                    self._new(staged, row, taken)
                else:
                    self._changed(staged, row, entry)
        except Problem as problem:
            several = problem.problems if isinstance(problem, Problems) else (problem,)
            row.wrong += [(row.places.get(one.field, row.here), one.message) for one in several]
        if row.wrong:
            staged.sort, staged.problems = "wrong", [list(one) for one in row.wrong]
            staged.entry = None if entry is None else entry.pk
        staged.notes = [list(one) for one in row.notes]
        if row.total and entry is None:
            staged.sort, staged.notes = "total", [[row.here, row.total]]
        elif row.notes and staged.sort in {"new", "change", "conflict"}:
            self.lost += len(row.notes)
        return staged

    def _new(self, staged: Staged, row: _Row, taken: set[str]) -> None:
        number = str(row.values.get(NUMBER) or "")
        if number in taken:
            raise Problem(
                "number", _("番号「%s」は、もう使われています。") % number, field=NUMBER, found=number
            )
        before = self._numbers.setdefault(number, row.here) if number else row.here
        if before != row.here:
            raise Problem(
                "number_twice",
                _("番号「%(number)s」は、この表の%(row)s行目にもあります。どちらか一方にしてください。")
                % {"number": number, "row": before.removeprefix("A")},
                field=NUMBER,
                found=number,
            )
        entry = self.writer.built(self.ctx, self.book, self.specs, accepted(self.typed, row.values), number)
        states = {
            chain.column: row.values.get(chain.column) or self.batch.begins.get(chain.column)
            for chain in self.ledger.all_chains
        }
        self.writer.begin(entry, {column: str(state) for column, state in states.items() if state})
        self._fill(staged, entry, "new", self.writer.whole(entry, self.specs))
        staged.number, staged.number_order = number, entry.number_order
        if not number:
            staged.places = {key: place for key, place in row.places.items() if key != NUMBER}

    def _changed(self, staged: Staged, row: _Row, entry: Entry) -> None:
        staged.entry, staged.known = entry.pk, entry.version
        stale = False
        if self.by == [ID]:
            version = str(row.values.get(VERSION) or "").partition("-")[0]
            if not (version.isascii() and version.isdecimal() and len(version) < 10):
                raise Problem("version", _("更新番号が、書き出した番号ではありません。"), field=VERSION)
            if self._untouched(row, int(version)):
                staged.sort = "same"
                return
            stale = int(version) != entry.version
        said: dict[str, JsonValue] = {}
        for key, value in row.values.items():
            column = self.by_key.get(key)
            if column is None or (value is None and self.batch.keep_blank):
                continue
            if self._plain(key, column.canonical(value)) == self._plain(
                key, column.canonical(self._seen(entry, key))
            ):
                continue
            if not self._writable(key):
                told_apart = value is not None or self.by == [ID]
                if told_apart and not stale and key not in self.ledger.derived:
                    raise Problem(
                        "fixed",
                        _(
                            "「%s」は、今ある行では表から変えられません（今は「%s」）。状態は、行の画面の異動で変えます。"
                        )
                        % (column.label, column.shown(self._seen(entry, key))),
                        field=key,
                    )
                continue
            said[key] = None if value is None else self._json(key, value)
        if stale and said:
            # What a colleague changed meanwhile and what the sheet says: a person chooses, cell by cell.
            staged.sort, staged.values = "conflict", said
            return
        self.settle(staged, entry, said)

    def settle(self, staged: Staged, entry: Entry, said: Mapping[str, JsonValue]) -> None:
        """The row as it would be with these values; nothing said is the same. Raises :class:`Problem`."""
        staged.entry, staged.known = entry.pk, entry.version
        values = self.writer.amended(self.ctx, entry, self.specs, said, self.since) if said else {}
        if not values:
            staged.sort, staged.values = "same", {}
            return
        self.writer.demand_well(entry)
        entry.version += 1
        self._fill(staged, entry, "change", values)

    def _fill(self, staged: Staged, entry: Entry, sort: str, values: Mapping[str, JsonValue]) -> None:
        staged.sort, staged.entry, staged.values = sort, entry.pk, dict(values)
        staged.cells = cells_of(entry)
        body = json.dumps([str(entry.pk), values], ensure_ascii=True, sort_keys=True)
        staged.digest = salted_hmac("ledger.import", body, algorithm="sha256").hexdigest()

    def _writable(self, key: str) -> bool:
        return key in self.specs and key not in self.ledger.derived

    def _json(self, key: str, value: object) -> JsonValue:
        kind = self.specs[key].kind
        assert kind is not None  # fields of an entry have one  # noqa: S101
        return kind.to_json(value)

    def _from_json(self, key: str, value: JsonValue) -> object:
        kind = self.specs[key].kind
        assert kind is not None  # fields of an entry have one  # noqa: S101
        return kind.from_json(value)

    def _untouched(self, row: _Row, version: int) -> bool:
        """Whether the row is, cell for cell, what was exported."""
        shown = {key: value for key, value in row.values.items() if key in self.by_key}
        return len(shown) == len(self.columns) and stamp(self.columns, version, shown) == row.values[VERSION]

    # --- doubles -------------------------------------------------------------------------------------------------------

    def _mark_twins(self, rows: Sequence[Staged]) -> None:
        """What a new row may be a double of: an entry that is here, or a row further up. One query for each set of fields."""
        fresh = [row for row in rows if row.sort == "new"]
        for names in self.ledger.alike:
            keys = {row.row: self._sign(row.values, names) for row in fresh}
            wanted = [row for row in fresh if keys[row.row] is not None]
            if not wanted:
                continue
            said = {name: {self._from_json(name, row.values[name]) for row in wanted} for name in names}
            here = {
                self._sign(
                    told(entry, self.specs, names), names
                ): f"{entry.number} {title_of(self.ledger, entry)}"
                for entry in self._entries().exclude(state__in=_GONE).filter(**self._one_of(said))
            }
            for row in wanted:
                key = keys[row.row]
                assert key is not None  # left out above  # noqa: S101
                own = _("この表の%d行目") % row.row
                before = self._twins.setdefault(key, own)
                if not row.twin and key in here:
                    row.twin = here[key][:300]
                elif not row.twin and before != own:
                    row.twin = before

    def _sign(self, values: Mapping[str, JsonValue], names: Sequence[str]) -> bytes | None:
        """What doubles share; None where one of the values is missing."""
        if any(values.get(name) in (None, "") for name in names):
            return None
        return json.dumps(
            [[name, self._plain(name, values[name])] for name in names], sort_keys=True
        ).encode()
