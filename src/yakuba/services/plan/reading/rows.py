"""One aligned row of a wide table to one initiative, or to further indicators of the one above it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from . import cells as looks
from .alignment import Aligned
from .blocks import Block
from .columns import Column, Role
from .indicators import Read, ValueCell, read_indicators
from .model import Doubt, FieldSource, Indicator, Initiative, Office, Placement, Source, Text, Unplaced
from .offices import named
from .values import read_value
from .wording import join_broken, squeeze

BY_HEAD: Final = "header-column"
BY_CONTENT: Final = "realigned"
JOINED: Final = "joined-spaces"
FILLED_DOWN: Final = "fill-down"
FLAG_WORD: Final = "flag-word"


@dataclass(frozen=True, slots=True)
class LevelCell:
    """The title that a row prints (or inherits) at one level."""

    title: str
    place: int | None
    filled_down: bool = False


@dataclass(slots=True)
class Draft:
    """An initiative in the making: what the row says, before nodes and years are known."""

    row: Block
    columns: Sequence[Column]
    aligned: Aligned
    joined: bool
    number: str = ""
    title: str = ""
    flags: list[str] = field(default_factory=list)
    levels: dict[str, LevelCell] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    offices: list[Office] = field(default_factory=list)
    progress: str | None = None
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    indicators: list[Indicator] = field(default_factory=list)
    sources: dict[str, FieldSource] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class RowReader:
    """Reads rows into drafts and keeps what finds no field."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.unplaced: list[Unplaced] = []

    def read(self, row: Block, columns: Sequence[Column], aligned: Aligned, *, joined: bool) -> Draft:
        """The draft of one row; `joined` says that its words were broken by line ends."""
        draft = Draft(row, columns, aligned, joined)
        for place, column in enumerate(columns):
            cell = aligned.places[place]
            text = row.cells[cell] if cell is not None and cell < len(row.cells) else ""
            if cell is not None and text:
                self._take(draft, column, cell, text)
        self.take_indicators(draft, row, columns, aligned)
        for cell in aligned.spare:
            self.unplaced.append(Unplaced(row.line, row.cells[cell], row.part))
        self._say_how(draft)
        return draft

    def take_indicators(self, draft: Draft, row: Block, columns: Sequence[Column], aligned: Aligned) -> None:
        """Adds the indicators that a row prints: its own, or those of a row that goes on below it."""

        def of(role: Role) -> list[tuple[Column, int, str]]:
            return [
                (column, cell, row.cells[cell])
                for column, cell in zip(columns, aligned.places, strict=True)
                if column.role is role and cell is not None and cell < len(row.cells) and row.cells[cell]
            ]

        names, units = of(Role.INDICATOR), of(Role.UNIT)
        values = [ValueCell(column, cell, text) for column, cell, text in of(Role.VALUE)]
        spare = units[1:] if names or values else units
        self.unplaced += [Unplaced(row.line, text, row.part) for _, _, text in spare]
        if not names and not values:
            return
        name = " ".join(text for _, _, text in names)
        first = len(draft.indicators)
        read = read_indicators(
            join_broken(name) if draft.joined else name, units[0][2] if units else "", values, first
        )
        if not names:
            read = replace(
                read,
                doubts=(
                    *read.doubts,
                    Doubt(f"indicators[{first}].name", "blank-cell", (), "指標の欄が空です。"),
                ),
            )
        self._add(draft, row, aligned, read, names[0][1] if names else None, units[0][1] if units else None)

    def _add(
        self,
        draft: Draft,
        row: Block,
        aligned: Aligned,
        read: Read,
        name_cell: int | None,
        unit_cell: int | None,
    ) -> None:
        rule = BY_CONTENT if aligned.moved else BY_HEAD
        for index, (_, places) in enumerate(
            zip(read.indicators, read.places, strict=True), len(draft.indicators)
        ):
            if name_cell is not None:
                self._source(draft, f"indicators[{index}].name", row, name_cell, rule)
            if unit_cell is not None:
                self._source(draft, f"indicators[{index}].unit", row, unit_cell, rule)
            for number, cell in enumerate(places):
                self._source(draft, f"indicators[{index}].values[{number}].raw", row, cell, rule)
        draft.indicators += read.indicators
        draft.doubts += read.doubts

    def _take(self, draft: Draft, column: Column, cell: int, printed: str) -> None:
        """Puts one cell into its field."""
        text = join_broken(printed) if draft.joined else printed
        rule = JOINED if text != printed else BY_CONTENT if draft.aligned.moved else BY_HEAD
        if _taken(draft, column):
            # Two columns under one head: the first is the field, the other must not overwrite it.
            self.unplaced.append(Unplaced(draft.row.line, printed, draft.row.part))
        elif column.role is Role.LEVEL:
            draft.levels[column.head] = LevelCell(printed, cell)
        elif column.role is Role.NUMBER:
            self._number(draft, cell, text, rule)
        elif column.role is Role.TITLE:
            self._title(draft, cell, text, rule)
        elif column.role is Role.FLAGS:
            self._flags(draft, cell, text, rule)
        elif column.role in {Role.TEXT, Role.SCHEDULE}:
            draft.texts[column.detail] = (text,) if column.detail == "target_state" else text
            self._source(draft, f"texts.{column.detail}", draft.row, cell, rule)
        elif column.role is Role.OFFICE:
            self._offices(draft, column, cell, text, rule)
        elif column.role is Role.PROGRESS:
            draft.progress = text
            self._source(draft, "progress", draft.row, cell, rule)
        elif column.role is Role.STAGE:
            self._stage(draft, column, cell, text, rule)
        elif column.role is Role.TAGS:
            draft.tags[column.detail] = tuple(part for part in re.split(r"[\s、,・]+", text) if part)
            self._source(draft, f"tags.{column.detail}", draft.row, cell, rule)
        elif column.role is Role.UNKNOWN:
            left = f"{column.head}: {printed}" if column.head else printed
            self.unplaced.append(Unplaced(draft.row.line, left, draft.row.part))

    def _stage(self, draft: Draft, column: Column, cell: int, text: str, rule: str) -> None:
        for year in column.years:
            draft.stages[str(year)] = text
            self._source(draft, f"stages.{year}", draft.row, cell, rule)

    def _number(self, draft: Draft, cell: int, text: str, rule: str) -> None:
        draft.number = looks.without_flags(text)
        self._source(draft, "number", draft.row, cell, rule)
        self._flag_words(draft, cell, text)
        if draft.number and not looks.NUMBER.fullmatch(squeeze(draft.number)):
            draft.doubts.append(
                Doubt("number", "odd-content", (draft.number,), "番号に見えない文字があります。")
            )

    def _title(self, draft: Draft, cell: int, text: str, rule: str) -> None:
        draft.title = " ".join(looks.without_flags(text).split())
        self._source(draft, "title", draft.row, cell, rule)
        self._flag_words(draft, cell, text)

    def _flag_words(self, draft: Draft, cell: int, text: str) -> None:
        for flag, _ in looks.flags_in(text):
            self._flag(draft, flag, cell, FLAG_WORD)

    def _flags(self, draft: Draft, cell: int, text: str, rule: str) -> None:
        for word in re.split(r"[・、,/\s]+", text.strip("【】[]()（）")):
            flag = looks.FLAG_WORDS.get(squeeze(word))
            if flag:
                self._flag(draft, flag, cell, rule)
            elif word:
                self.unplaced.append(Unplaced(draft.row.line, word, draft.row.part))

    def _flag(self, draft: Draft, flag: str, cell: int, rule: str) -> None:
        if flag not in draft.flags:
            self._source(draft, f"flags[{len(draft.flags)}]", draft.row, cell, rule)
            draft.flags.append(flag)

    def _offices(self, draft: Draft, column: Column, cell: int, text: str, rule: str) -> None:
        for office in named(text, column.detail):
            here = f"offices[{len(draft.offices)}].name"
            draft.offices.append(Office(office.name, office.role, office.odd))
            self._source(draft, here, draft.row, cell, rule)
            if office.odd:
                note = "課名に見えない文字があります。"
                draft.doubts.append(Doubt(here, "odd-content", (office.name,), note))

    def _source(self, draft: Draft, path: str, row: Block, cell: int, rule: str) -> None:
        draft.sources[path] = row.source(self.file, rule, cell)

    def _say_how(self, draft: Draft) -> None:
        """Doubts and warnings about how the row found its columns."""
        if draft.joined:
            fields = [path for path, source in draft.sources.items() if source.rule == JOINED]
            if fields:
                draft.warnings.append("行の折り返しで入った空白を詰めました: " + "、".join(fields))
        for place in draft.aligned.odd:
            path = field_of(draft, place)
            if path:
                text = _cell(draft, draft.aligned.places[place])
                draft.doubts.append(Doubt(path, "odd-content", (text,), "見出しの列に合わない内容です。"))
        if draft.aligned.moved:
            draft.warnings.append("欄の数や内容が見出しと合わないため、内容から列を判断しました。")
            draft.doubts += _moved_doubts(draft)


def _taken(draft: Draft, column: Column) -> bool:
    """Whether the only field that a column's cell could go into is filled."""
    return (
        (column.role is Role.LEVEL and column.head in draft.levels)
        or (column.role is Role.STAGE and any(str(year) in draft.stages for year in column.years))
        or (column.role is Role.TAGS and column.detail in draft.tags)
        or (column.role in {Role.TEXT, Role.SCHEDULE} and column.detail in draft.texts)
        or (column.role is Role.PROGRESS and draft.progress is not None)
    )


def field_of(draft: Draft, place: int) -> str | None:
    """The path of the field that a column's cell went into, or would have gone into."""
    column, cell = draft.columns[place], draft.aligned.places[place]
    if cell is not None:
        for path, source in draft.sources.items():
            if source.cell == cell + 1 and (source.line, source.part) == (draft.row.line, draft.row.part):
                return path
    return {
        Role.NUMBER: "number",
        Role.TITLE: "title",
        Role.LEVEL: "placements[0]",
        Role.TEXT: f"texts.{column.detail}",
        Role.SCHEDULE: f"texts.{column.detail}",
        Role.INDICATOR: "indicators[0].name",
        Role.PROGRESS: "progress",
    }.get(column.role)


def _cell(draft: Draft, place: int | None) -> str:
    return draft.row.cells[place] if place is not None and place < len(draft.row.cells) else ""


def _moved_doubts(draft: Draft) -> list[Doubt]:
    """A doubt on each column that could as well hold another cell that says something else.

    Where no such column is left, the column that stayed without a cell is named, so that a person sees which
    one the row lost.
    """
    found: list[Doubt] = []
    for place, others in draft.aligned.others.items():
        path = field_of(draft, place)
        if path is None:
            continue
        taken = _cell(draft, draft.aligned.places[place])
        texts = dict.fromkeys([taken, *(_cell(draft, other) for other in others)])
        meanings = {_meaning(text) for text in texts}
        if len(meanings) > 1:
            found.append(Doubt(path, "shifted-row", tuple(texts), "列がずれた行です。他の読み方もあります。"))
    if not found:
        for place, cell in enumerate(draft.aligned.places):
            path = field_of(draft, place) if cell is None else None
            if path:
                candidates = tuple(
                    dict.fromkeys(
                        ["", *(_cell(draft, other) for other in draft.aligned.others.get(place, ()))]
                    )
                )
                found.append(
                    Doubt(path, "shifted-row", candidates, "列がずれた行です。この欄を空としました。")
                )
    return found


def _meaning(text: str) -> str:
    """Dashes and blanks all say nothing."""
    return "" if read_value(text[:100]).absent else squeeze(text)


def printed_at(sources: Mapping[str, FieldSource], origins: Sequence[int]) -> dict[str, FieldSource]:
    """The sources with the places (from 0) where the cells are printed that were read at each place."""
    return {
        path: replace(source, cell=origins[source.cell - 1] + 1) if source.cell else source
        for path, source in sources.items()
    }


def finished(
    draft: Draft, year: int, placements: Sequence[Placement], extra: Mapping[str, FieldSource]
) -> Initiative:
    """The initiative of a draft, once years and nodes are known."""
    sources = {**draft.sources, **extra}
    file = next(iter(sources.values())).file if sources else ""
    return Initiative(
        year=year,
        number=draft.number,
        title=draft.title,
        source=Source(file, draft.row.line, draft.row.part),
        offices=tuple(draft.offices),
        flags=tuple(draft.flags),
        placements=tuple(placements),
        tags=draft.tags,
        texts=draft.texts,
        stages=draft.stages,
        progress=draft.progress,
        indicators=tuple(draft.indicators),
        sources=sources,
        doubts=tuple(draft.doubts),
        warnings=tuple(draft.warnings),
    )
