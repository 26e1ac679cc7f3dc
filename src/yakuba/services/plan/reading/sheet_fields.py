"""One fact sheet to what it says of its initiative."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from . import model
from .blocks import Paper
from .cells import FLAG_WORDS
from .figures import read_line
from .goals import Goals
from .indicators import Read
from .mentions import LIKELY, Mention, Scope
from .model import Doubt, FieldSource, Item, Office, Placement, Source, Unplaced
from .sheet_model import Cell, Entry, Sheet
from .sheet_values import Said, in_cell, in_table, read_said
from .sheet_words import (
    Kind,
    Label,
    actions_in,
    goals_in,
    office_like,
    offices_in,
    options_in,
    split_actions,
    words_in,
)
from .wording import squeeze

RULE: Final = "fact-sheet"
BY_LABEL: Final = "sheet-label"
BY_HEAD: Final = "sheet-head"
BY_YEARS: Final = "sheet-years"
BY_TREE: Final = "sheet-tree"
MOVED: Final = "moved-cell"
_POINT: Final = re.compile(r"(?:^|\n)\s*[・•◆◇●○■✓*-]\s*")


@dataclass(slots=True)
class _Draft:
    """The fields of a sheet in the making."""

    paper: Paper
    sheet: Sheet
    goals: Goals
    offices: list[Office] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, model.Text] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    stages: dict[str, str] = field(default_factory=dict)
    indicators: list[model.Indicator] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    progress: str | None = None
    sources: dict[str, FieldSource] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)

    def source(self, path: str, cell: Cell, rule: str) -> None:
        """Says where a field was read."""
        self.sources.setdefault(path, self.paper.blocks[cell.at].source(self.paper.file, rule, cell.place))

    def leave(self, at: int, text: str) -> None:
        """Keeps words that found no field."""
        block = self.paper.blocks[at]
        self.unplaced.append(Unplaced(block.line, text, block.part))


def mention_of(sheet: Sheet, paper: Paper, goals: Goals, before: str) -> tuple[Mention, list[Unplaced]]:
    """The mention of a sheet and what of it found no field; `before` is the number of the sheet above."""
    draft = _Draft(paper, sheet, goals)
    head = sheet.title
    _displaced(draft)
    for entry in sheet.entries:
        _entry(draft, entry)
    _stages(draft)
    _measured(draft)
    for word in head.words:
        flag = FLAG_WORDS.get(squeeze(word))
        if flag:
            draft.flags += [flag] if flag not in draft.flags else []
        else:
            draft.tags.setdefault(word, ())
    number, title = head.number, head.title
    first = sheet.named.cells[0] if sheet.named else sheet.head[0]
    draft.source("title", first, BY_HEAD)
    if number:
        draft.source("number", sheet.numbered.cells[0] if sheet.numbered else first, BY_HEAD)
    for word in head.words:
        draft.source(f"tags.{word}", first, BY_HEAD)
    if head.spaced and not (before.isdigit() and number == str(int(before) + 1)):
        note = "番号の数字の間に空白がありました。空白を詰めました。"
        draft.doubts.append(Doubt("number", "joined-digits", (number,), note))
    _place(draft)
    for cell in sheet.spare:
        draft.leave(cell.at, cell.text)
    block = paper.blocks[sheet.at]
    initiative = model.Initiative(
        year=0,
        number=number,
        title=title,
        source=Source(paper.file, block.line, block.part),
        offices=tuple(draft.offices),
        flags=tuple(draft.flags),
        placements=tuple(draft.placements),
        tags=draft.tags,
        texts=draft.texts,
        items=tuple(draft.items),
        stages=draft.stages,
        progress=draft.progress,
        indicators=tuple(draft.indicators),
        sources=draft.sources,
        doubts=tuple(draft.doubts),
    )
    return Mention(Scope(), initiative, sheet.at, RULE, draft.weights), draft.unplaced


def _entry(draft: _Draft, entry: Entry) -> None:
    """Puts a label's cells into their field."""
    if not entry.cells:
        return
    kind = entry.label.kind
    if kind is Kind.OFFICE:
        _offices(draft, entry)
    elif kind is Kind.TEXT:
        _text(draft, entry)
    elif kind is Kind.ITEMS:
        before, actions = split_actions(entry.text)
        if actions:
            _running(draft, "approach", before, entry)
        _items(draft, actions or actions_in(entry.text), entry.cells[0])
    elif kind is Kind.SCHEDULE:
        _running(draft, "schedule", entry.text, entry)
    elif kind is Kind.PROGRESS and draft.progress is None:
        draft.progress = " ".join(entry.text.split())
        draft.source("progress", entry.cells[0], BY_LABEL)
    elif (
        kind is Kind.TAGS
        or (kind is Kind.LEVEL and not draft.sheet.path)
        or (kind is Kind.LEVEL and options_in(entry.text))
    ):
        _tags(draft, entry)
    elif kind is Kind.LEVEL and entry.label.name not in draft.sheet.levels:
        _level(draft, entry)
    elif kind is Kind.PROGRESS or (
        kind in {Kind.TITLE, Kind.NUMBER}
        and not (entry is draft.sheet.named or entry is draft.sheet.numbered)
    ):
        # A further cell under a label that has its own.
        draft.leave(entry.at, f"{entry.label.name} {entry.text}")


def _level(draft: _Draft, entry: Entry) -> None:
    """Keeps what a level's cell says where the path was taken from elsewhere, unless it says the same."""
    path = draft.goals.titled(entry.text, entry.label.name)
    if not path or path != draft.sheet.path[: len(path)]:
        draft.leave(entry.at, f"{entry.label.name} {entry.text}")


def _offices(draft: _Draft, entry: Entry, rule: str = BY_LABEL) -> None:
    found = offices_in(entry.text, entry.label)
    for one in found:
        if one.name in {known.name for known in draft.offices}:
            continue
        path = f"offices[{len(draft.offices)}].name"
        cell = next((cell for cell in entry.cells if one.name.split()[0] in cell.text), entry.cells[0])
        draft.offices.append(Office(one.name, one.role, one.odd))
        draft.source(path, cell, rule)
        if one.odd:
            draft.doubts.append(Doubt(path, "odd-content", (one.name,), "課名に見えない文字があります。"))
    if any(one.assumed for one in found):
        note = f"「{entry.label.name}」の欄に課が並び、主管課の区別がありません。先頭を主管課としました。"
        names = tuple(one.name for one in found)
        draft.doubts.append(Doubt("offices", "roles-assumed", names, note))


def _displaced(draft: _Draft) -> None:
    """Gives an office label without a cell the cell of offices that stands elsewhere in its sheet, in doubt."""
    labels = list(draft.sheet.of(Kind.OFFICE))
    if any(entry.cells for entry in labels):
        return
    label = labels[0] if labels else None
    spare = [cell for cell in draft.sheet.spare if office_like(cell.text)]
    for entry in draft.sheet.entries:
        # Behind a label's own cell, or in place of a schedule's words.
        own = entry.cells[1:] if entry.cells and not office_like(entry.cells[0].text) else []
        spare += [cell for cell in own if office_like(cell.text)]
    if not spare:
        return
    taken = spare[:1]
    for entry in draft.sheet.entries:
        entry.cells = [cell for cell in entry.cells if cell not in taken]
    draft.sheet.spare = [cell for cell in draft.sheet.spare if cell not in taken]
    if label is None:
        label = Entry(Label(Kind.OFFICE, "not_stated", "課名"), taken[0].at, taken[0].place)
    _offices(draft, Entry(label.label, label.at, label.place, taken), MOVED)
    draft.weights["offices"] = LIKELY
    text = " ".join(taken[0].text.split())
    draft.doubts.append(Doubt("offices", "displaced-cell", (text,), "課名が見出しの隣でない欄にありました。"))


def _text(draft: _Draft, entry: Entry) -> None:
    detail = entry.label.detail
    if detail == "target_state":
        points = [" ".join(piece.split()) for piece in _POINT.split(entry.text) if piece.strip()]
        said = draft.texts.get(detail, ())
        draft.texts[detail] = (*(said if isinstance(said, tuple) else (said,)), *points)
        draft.source(f"texts.{detail}", entry.cells[0], BY_LABEL)
        return
    text, actions = split_actions(entry.text) if detail == "approach" else (entry.text, ())
    _running(draft, detail, text, entry)
    _items(draft, actions, entry.cells[-1] if len(entry.cells) > 1 else entry.cells[0])


def _running(draft: _Draft, key: str, text: str, entry: Entry) -> None:
    """Adds running text; where two labels share a field, each stands before its own."""
    if not text:
        return
    known = draft.texts.get(key)
    if isinstance(known, str) and known:
        text = f"{known}\n{entry.label.name}：{text}"
    draft.texts[key] = text
    draft.source(f"texts.{key}", entry.cells[0], BY_LABEL)


def _items(draft: _Draft, actions: tuple[object, ...], cell: Cell) -> None:
    from .sheet_words import Action

    for one in actions:
        if isinstance(one, Action):
            draft.source(f"items[{len(draft.items)}].text", cell, BY_LABEL)
            draft.items.append(Item(one.number, one.text, one.offices))


def _tags(draft: _Draft, entry: Entry) -> None:
    """Tags by label: ticked options, the SDGs' numbers, a list of words; words that are flags are flags."""
    name, text = entry.label.name, entry.text
    options = options_in(text)
    ticked = tuple(words for words, chosen in options if chosen)
    values = ticked if options else goals_in(text) if "sdg" in squeeze(name) else words_in(text)
    if options and not ticked:
        note = f"「{name}」の選択肢に印がありません。"
        draft.doubts.append(
            Doubt(f"tags.{name}", "nothing-ticked", tuple(words for words, _ in options), note)
        )
    flags = [FLAG_WORDS.get(squeeze(value)) for value in values]
    if values and all(flags):
        for flag in flags:
            if flag and flag not in draft.flags:
                draft.source(f"flags[{len(draft.flags)}]", entry.cells[0], BY_LABEL)
                draft.flags.append(flag)
        return
    if values:
        draft.tags[name] = tuple(dict.fromkeys((*draft.tags.get(name, ()), *values)))
        draft.source(f"tags.{name}", entry.cells[0], BY_LABEL)


def _stages(draft: _Draft) -> None:
    """The schedule: words under their years."""
    schedule = draft.sheet.schedule
    if schedule is None:
        return
    years = schedule.years
    rows = [row for row in schedule.rows if row]
    words: dict[int, list[Cell]] = {year: [] for _, year, _ in years}
    fronts: dict[int, str] = {}
    for row in rows:
        pairs = _aligned(draft, row)
        front = " ".join(cell.text for cell in row if cell not in [cell for _, cell in pairs])
        for year, cell in pairs:
            words[year].append(cell)
            # Several rows of words: each is about what stands in front of it.
            fronts[cell.at] = f"{' '.join(front.split())}：" if front and len(rows) > 1 else ""
        if front and len(rows) == 1:
            draft.leave(row[0].at, front)
    for label, row in schedule.asides:
        said = "、".join(f"{year}年度：{cell.text}" for year, cell in _aligned(draft, row))
        draft.leave(label.at, f"{' '.join(label.text.split())} {said}")
    for year, cells in words.items():
        if cells:
            draft.stages[str(year)] = "\n".join(fronts[cell.at] + cell.text for cell in dict.fromkeys(cells))
            draft.source(f"stages.{year}", cells[0], BY_YEARS)
        elif any(words.values()):
            path = f"stages.{year}"
            draft.doubts.append(Doubt(path, "blank-cell", (), f"{year}年度の欄が空です。"))


def _aligned(draft: _Draft, row: list[Cell]) -> list[tuple[int, Cell]]:
    """The year of each cell of a row of words: by its place, by merged cells, else by order."""
    schedule = draft.sheet.schedule
    if schedule is None:
        return []
    places = {place: year for place, year, _ in schedule.years}
    order = [year for _, year, _ in schedule.years]
    block = draft.paper.blocks[row[0].at]
    spans = dict(block.spans)
    first = min(places)
    label = [cell for cell in row if cell.place < first and len(row) > 1]
    rest = [cell for cell in row if cell not in label]
    printed = len(draft.paper.blocks[schedule.at].cells)
    if len(row) == len(order) and len(block.cells) < printed:
        # The row lost its first, blank cell; the words stand in the years' order.
        return list(zip(order, row, strict=True))
    if all(cell.place in places for cell in rest):
        found: list[tuple[int, Cell]] = []
        for cell in rest:
            wide = spans[cell.place].columns if cell.place in spans else 1
            found += [
                (year, cell) for place, year in places.items() if cell.place <= place < cell.place + wide
            ]
        return found
    if len(rest) == len(order):
        return list(zip(order, rest, strict=True))
    if len(rest) > len(order):
        for cell in rest[len(order) :]:
            draft.leave(cell.at, cell.text)
    note = "年度と言葉の数が合いません。左から順に当てました。"
    for year, cell in zip(order, rest, strict=False):
        draft.doubts.append(Doubt(f"stages.{year}", "shifted-row", (cell.text,), note))
    return list(zip(order, rest, strict=False))


def _measured(draft: _Draft) -> None:
    """The indicators of a sheet: of labelled cells, then of small tables."""
    for entry in draft.sheet.of(Kind.INDICATOR):
        if entry.cells and not _in_lines(draft, entry):
            _said(draft, in_cell(entry))
    for table in draft.sheet.measures:
        for one in in_table(table):
            _said(draft, one)


def _said(draft: _Draft, one: Said) -> None:
    """Adds an indicator with its values; what has no name is kept as words."""
    for cell in one.left:
        draft.leave(cell.at, cell.text)
    if not one.name:
        for value in one.values:
            draft.leave(value.at, value.cell.raw)
        return
    first = len(draft.indicators)
    read = read_said(one, first)
    for index, (_, turns) in enumerate(zip(read.indicators, read.places, strict=True), first):
        draft.source(f"indicators[{index}].name", one.cell, BY_LABEL)
        if one.meaning:
            draft.source(f"indicators[{index}].definition", one.meaning, BY_LABEL)
        for number, turn in enumerate(turns):
            value = one.values[turn]
            cell = Cell(value.at, value.cell.place, "")
            draft.source(f"indicators[{index}].values[{number}].raw", cell, BY_LABEL)
    draft.indicators += read.indicators
    draft.doubts += read.doubts


def _in_lines(draft: _Draft, entry: Entry) -> bool:
    """Reads a cell whose lines each tell an indicator with its values; whether it is one."""
    reads: list[Read] = []
    for line in entry.text.split("\n"):
        first = len(draft.indicators) + sum(len(read.indicators) for read in reads)
        read = read_line(f"{entry.label.name}：{line}", first, labelled=True)
        if read is None:
            return False
        reads.append(read)
    for read in reads:
        for one in read.indicators:
            index = len(draft.indicators)
            draft.source(f"indicators[{index}].name", entry.cells[0], BY_LABEL)
            for number in range(len(one.values)):
                draft.source(f"indicators[{index}].values[{number}].raw", entry.cells[0], BY_LABEL)
            draft.indicators.append(one)
        draft.doubts += read.doubts
    return True


def _place(draft: _Draft) -> None:
    """The heading above, then the goals that boxes tick."""
    paths = [draft.sheet.path] if draft.sheet.path else []
    if draft.sheet.leaf is not None:
        draft.source("placements[0]", Cell(draft.sheet.leaf, 0, ""), BY_TREE)
    for entry in draft.sheet.entries:
        if entry.label.kind in {Kind.TAGS, Kind.LEVEL}:
            ticked = [words for words, chosen in options_in(entry.text) if chosen]
            meant = [draft.goals.named(words) for words in ticked]
            if ticked and all(meant):
                paths += [path for path in meant if path != draft.sheet.path[: len(path)]]
                for index in range(len(draft.placements), len(paths)):
                    draft.source(f"placements[{index}]", entry.cells[0], BY_LABEL)
    draft.placements = [Placement(path, primary=not at) for at, path in enumerate(dict.fromkeys(paths))]
