"""What the pages of an import show: columns with examples, rows at odds, doubles, changes, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
import shapely
from django.db.models import Avg
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.ledger.exchange import heads, opening, queries
from yakuba.engines.ledger.exchange.actions.importing import ChooseImport, MatchImport, match_import
from yakuba.engines.ledger.exchange.actions.words import columns_in
from yakuba.engines.ledger.exchange.habits import NOTHING
from yakuba.engines.ledger.exchange.matching import (
    EAST,
    NORTH,
    SHAPE,
    columns_of,
    every_way,
    known,
    lacking,
    takeable,
)
from yakuba.engines.ledger.models import Batch, Staged
from yakuba.engines.ledger.queries import entries
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import from_text, title_of, value_of
from yakuba.engines.places.crs.guessing import Landmark, readings
from yakuba.engines.places.crs.systems import SYSTEMS
from yakuba.engines.places.formats.angles import degrees
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, Invalid, Spec, specs_of
from yakuba.kernel.fields.kinds import Integer, Text
from yakuba.kernel.files import store as files
from yakuba.kernel.sheets.table import Column, Row, Table
from yakuba.kernel.ui.components import field
from yakuba.kernel.ui.drawing import Text as Words
from yakuba.services.ledgers.views.frame import Opened, written

_FEW: Final = 50
_HEAD: Final = ("keep_blank", "holds_from", "reason", "system", "ground")
_EXAMPLES: Final = 3
_PLACELESS: Final = "west"  # a column of ledgers with places alone
_OFFERED: Final = 8
_CHOSEN: Final = re.compile(r"cell-(?P<row>\d{1,7})-(?P<name>[a-z0-9_.]{1,80})\Z")


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A column of the table: its place, its head, some of its cells, and what it is taken for."""

    at: int
    label: str
    examples: str
    key: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell: what stands here and what the table says."""

    name: str
    label: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table beside the entry that it is about."""

    row: int
    title: str
    cells: Sequence[Difference]
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What an import would do, as far as a page shows it."""

    counts: Mapping[str, int]
    wrong: Sequence[tuple[str, str]]
    conflicts: Sequence[Line]
    twins: Sequence[tuple[int, str, str]]
    changes: Sequence[Line]
    ids: Sequence[UUID]
    writes: int
    begins: str = ""
    totals: Sequence[tuple[int, str]] = ()
    lost: Sequence[tuple[str, str]] = ()


def matched(ctx: Context, one: Opened, batch: Batch, posted: QueryDict) -> dict[str, object]:
    """The columns with some of their cells, and what each may be taken for."""
    columns = columns_of(one.ledger, one.book, personal=True)
    allowed = takeable(one.ledger, columns)
    found = top_of(batch)
    head = heads.find(found, known(one.ledger, columns))
    rows = found.grid.rows[head.below :]
    chosen = [posted.get(f"column-{at}", key) for at, key in enumerate(batch.columns)]
    return {
        "lines": head_lines(found, head, chosen),
        "choices": [("", _("（取り込まない）")), *_marked(one, allowed).items()],
        "ways": [(",".join(way), _way(way, allowed, chosen)) for way in every_way(one.ledger, chosen)],
        "lacking": _("」「").join(lacking(one.ledger, one.book, chosen)),
        "begins": _begins(one, batch, posted),
        "by": posted.get("by", ",".join(batch.by)),
        "blank": "1" if posted.get("keep_blank", "1" if batch.keep_blank else "") else "",
        "holds_from": posted.get("holds_from", format_date(batch.holds_from) if batch.holds_from else ""),
        "reason": posted.get("reason", batch.reason),
        "systems": _systems(ctx, one, head, chosen, rows) if one.ledger.placed else (),
        "system": posted.get("system", str(batch.system or "")),
        "notes": "\n".join(found.notes),
        "others": "、".join(found.others),
        "sheet": found.sheet,
    }


def head_lines(found: opening.Opened, head: heads.Head, chosen: Sequence[str]) -> list[HeadLine]:
    """The columns of a table with some of their cells, and what each is taken for."""
    rows = found.grid.rows[head.below :]
    return [
        HeadLine(
            at,
            label,
            "、".join(
                str(row[place])[:30]
                for row in rows[:_EXAMPLES]
                if place < len(row) and row[place] is not None
            ),
            chosen[at],
        )
        for at, (place, label) in enumerate(zip(head.places, head.labels, strict=True))
    ]


def top_of(batch: Batch) -> opening.Opened:
    """The first rows of a table that lies in the store. Raises :class:`Problem` where it is gone."""
    if batch.file is None:
        raise Problem("gone", _("元のファイルはもうありません。もう一度、表を選んでください。"))
    with files.open(batch.file) as stream:
        return opening.opened(stream, most=opening.TOP)


def _marked(one: Opened, allowed: Mapping[str, str]) -> dict[str, str]:
    """What a column may be; a field without which no row can be new is marked."""
    needed = {name for name, spec in one.typed.items() if spec.required}
    return {key: _("%s（必須）") % words if key in needed else words for key, words in allowed.items()}


def _way(way: Sequence[str], allowed: Mapping[str, str], chosen: Sequence[str]) -> Words:
    if not way:
        return _("突き合わせない（すべて新しい行にする）")
    words = _("「%s」が同じ行を直し、なければ加える") % "・".join(allowed[key] for key in way)
    missing = [allowed[key] for key in way if key not in chosen]
    return words + _("（上の表で「%s」の列を選んだとき）") % _("」「").join(missing) if missing else words


def _begins(one: Opened, batch: Batch, posted: QueryDict) -> list[SafeString]:
    """In which state new rows begin of which the table says none, for each chain, and the document where a state asks for one."""
    found, with_document = [], False
    needed = {"reason": _("理由が要ります"), "document": _("文書番号が要ります")}
    for chain in one.ledger.all_chains:
        choices = []
        for state, label in chain.states:
            needs = chain.needs_of(state)
            with_document |= "document" in needs
            words = "・".join(text for need, text in needed.items() if need in needs)
            choices.append(
                (state, _("%(state)s（%(needs)s）") % {"state": label, "needs": words} if words else label)
            )
        name = f"begin-{chain.column}"
        found.append(
            field(
                name,
                _("「%s」が書かれていない新しい行の状態") % chain.label,
                widget="select",
                value=posted.get(name, str(batch.begins.get(chain.column, chain.first))),
                choices=choices,
                required=False,
                hint=_("今ある行の状態は変わりません。"),
            )
        )
    if with_document:
        found.append(field("ground", _("文書番号"), value=posted.get("ground", batch.ground), required=False))
    return found


def _systems(
    ctx: Context, one: Opened, head: heads.Head, chosen: Sequence[str], rows: Sequence[Sequence[object]]
) -> list[tuple[str, Words]]:
    """Coordinate systems with the place where the rows would be, the nearest to what the book holds first."""
    pairs: list[list[float | None]] = []
    first = "north"
    if SHAPE in chosen:
        at, first = head.places[chosen.index(SHAPE)], "east"
        shapes = [shapely.from_wkt(str(row[at])) for row in rows if at < len(row) and row[at] is not None]
        pairs = [list(shape.representative_point().coords[0]) for shape in shapes]
    elif NORTH in chosen and EAST in chosen:
        north, east = head.places[chosen.index(NORTH)], head.places[chosen.index(EAST)]
        for row in rows:
            pair = [_number(row[at]) if at < len(row) else None for at in (north, east)]
            if None not in pair:
                pairs.append(pair)
    if not pairs:
        return [(str(epsg), system.label) for epsg, system in SYSTEMS.items()]
    points = np.array(pairs, dtype=np.float64)
    near = [reading for reading in readings(points, _landmarks(ctx, one)) if reading.axis == first]
    offered = {str(reading.system.epsg): reading.label for reading in near[:_OFFERED]}
    rest = {str(epsg): system.label for epsg, system in SYSTEMS.items() if str(epsg) not in offered}
    return [*offered.items(), *rest.items()]


def _number(cell: object) -> float | None:
    angle = degrees(cell)
    if angle is not None:
        return angle
    try:
        found = float(str(cell).replace(",", ""))
    except ValueError:
        return None
    return found if np.isfinite(found) else None


def _landmarks(ctx: Context, one: Opened) -> list[Landmark]:
    """The middle of what the book holds: what comes is most likely near it."""
    middle = entries(ctx, one.ledger).exclude(**{_PLACELESS: None}).aggregate(x=Avg("west"), y=Avg("south"))
    if middle["x"] is None:
        return []
    return [Landmark(_("今ある行の中心"), float(middle["x"]), float(middle["y"]))]


def said_of_columns(posted: QueryDict, batch: Batch) -> MatchImport:
    """What a person said of the columns. Raises :class:`Problem`."""
    specs = {key: spec for key, spec in specs_of(MatchImport).items() if key in _HEAD}
    raw = {key: posted.get(key, "") for key in _HEAD} | {
        "keep_blank": "1" if posted.get("keep_blank") else "0"
    }
    said = {key: value for key, value in from_text(specs, raw).items() if value is not None}
    return match_import.read_json(
        {
            **said,
            "columns": [posted.get(f"column-{at}", "")[:80] for at in range(len(batch.heads))],
            "begins": {
                name.removeprefix("begin-"): posted.get(name, "")[:40]
                for name in posted
                if name.startswith("begin-")
            },
            "by": [key for key in posted.get("by", "").split(",") if key],
        }
    )


def said_of_rows(posted: QueryDict) -> ChooseImport:
    """Row → fields that the table decides; rows that are left out or kept. A row of which nothing is said stays undecided."""
    chosen: dict[str, list[str]] = {}
    for key in posted:
        match = _CHOSEN.match(key)
        if match is not None:
            fields = chosen.setdefault(match["row"], [])
            if posted.get(key) == "there":
                fields.append(match["name"])
    left_out, kept = (
        [int(row) for row in posted.getlist(name) if row.isdecimal() and len(row) < 8]
        for name in ("left_out", "kept")
    )
    return ChooseImport(chosen, left_out, kept)


@dataclass(frozen=True, slots=True)
class Strange:
    """A word of the table that the ledger does not know: its name in the form, its column, what it may mean."""

    name: str
    label: str
    word: str
    many: int
    choices: Sequence[tuple[str, Words]]


def strange(batch: Batch) -> list[Strange]:
    """The words that somebody may say the meaning of, the most frequent of each column first."""
    columns = columns_in(batch)
    found = []
    for key, here in batch.unknown.items():
        column = columns.get(key)
        if column is None or column.kind is None:
            continue
        choices: list[tuple[str, Words]] = [*column.kind.choices(), (NOTHING, _("（空にする）"))]
        for word, (written_as, many) in sorted(here.items(), key=lambda pair: -pair[1][1]):
            found.append(Strange(f"word:{key}:{word}", column.label, written_as, many, choices))
    return found


def said_of_words(posted: QueryDict) -> dict[str, dict[str, str]]:
    """Column → word → code, of those that something was chosen for."""
    found: dict[str, dict[str, str]] = {}
    for name in posted:
        if name.startswith("word:") and (code := posted.get(name)):
            _mark, key, word = name.split(":", 2)
            found.setdefault(key, {})[word] = code
    return found


def looked_at(ctx: Context, one: Opened, batch: Batch) -> Look:
    """The first rows of each sort."""
    conflicts = list(queries.staged(ctx, batch, "conflict")[:_FEW])
    changed = list(queries.staged(ctx, batch, "change")[:_FEW])
    fresh = list(queries.staged(ctx, batch, "new")[:_FEW])
    here = queries.entries_of(ctx, one.ledger, [*conflicts, *changed])
    wrong = [
        (str(place), str(words))
        for row in queries.staged(ctx, batch, "wrong")[:_FEW]
        for place, words in row.problems
    ]
    twins = [(row.row, _title(one, row), row.twin) for row in queries.twins(ctx, batch)[:_FEW]]
    lines = [
        Line(
            row.row,
            f"{here[row.entry].number} {title_of(one.ledger, here[row.entry])}",
            _differences(one, row, here[row.entry]),
        )
        for row in changed
        if row.entry in here
    ]
    lines += [Line(row.row, _title(one, row), _differences(one, row, None), fresh=True) for row in fresh]
    return Look(
        batch.counts,
        wrong[: _FEW * 2],
        [
            Line(
                row.row,
                f"{here[row.entry].number} {title_of(one.ledger, here[row.entry])}",
                _differences(one, row, here[row.entry]),
            )
            for row in conflicts
            if row.entry in here
        ],
        twins,
        lines[: _FEW * 2],
        list(here),
        batch.counts.get("new", 0) + batch.counts.get("change", 0),
        _begun(one, batch) if batch.counts.get("new") else "",
        totals(ctx, batch),
        [
            (str(place), str(words))
            for row in (queries.noted(ctx, batch)[:_FEW] if batch.counts.get("lost") else ())
            for place, words in row.notes
        ],
    )


def totals(ctx: Context, batch: Batch) -> list[tuple[int, str]]:
    """The rows that add others up, with what they call themselves."""
    if not batch.counts.get("total"):
        return []
    return [(row.row, str(row.notes[0][1])) for row in queries.staged(ctx, batch, "total")[:_FEW]]


def _begun(one: Opened, batch: Batch) -> str:
    """What was said of the state of new rows, in words."""
    return "\n".join(
        _("「%(chain)s」が書かれていない新しい行は、「%(state)s」として加えます。")
        % {"chain": chain.label, "state": chain.label_of(str(batch.begins[chain.column]))}
        for chain in one.ledger.all_chains
        if chain.column in batch.begins
    )


def _title(one: Opened, row: Staged) -> str:
    name = next((row.values[name] for name in one.ledger.title if row.values.get(name)), "")
    return f"{row.number} {name}".strip()


def _differences(one: Opened, row: Staged, entry: Entry | None) -> list[Difference]:
    found = []
    for name, value in row.values.items():
        spec = one.all_specs.get(name)
        if spec is None or spec.kind is None:
            continue
        here = "" if entry is None else written(value_of(entry, name, one.all_specs), spec)
        try:
            there = "" if value is None else written(spec.kind.from_json(value), spec)
        except Invalid:
            there = str(value)
        found.append(Difference(name, spec.label, here, there))
    return found


def wrong_table(ctx: Context, one: Opened, batch: Batch) -> Table:
    """What is wrong, a line each. What was found stands in it, so it is as confidential as the table."""
    columns = (
        Column("row", Spec(_("行"), INTERNAL, Integer())),
        Column("cell", Spec(_("欄"), INTERNAL, Text())),
        Column("words", Spec(_("直すところ"), PERSONAL, Text(2000))),
    )
    rows = (
        Row({"row": staged.row, "cell": place, "words": words})
        for page in queries.by_chunks(queries.staged(ctx, batch, "wrong"))
        for staged in page
        for place, words in staged.problems
    )
    return Table(
        name=_("直すところ"),
        municipality=ctx.municipality.name,
        columns=columns,
        rows=rows,
        as_of=ctx.now,
        notes=((_("元の表"), batch.name), (_("台帳"), one.label)),
    )
