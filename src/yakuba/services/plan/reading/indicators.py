"""The indicator cell and the value cells of a row to indicators: one per part, values in column order.

- Parts ①②③ of the indicator cell name the indicators. Where it has none, the parts of the value cells make
  them: they share the cell's name, and what the values print beside the figure stands in brackets behind it.
- A printed total (計37か所) is one more indicator, numbered by its word.
- Labelled values (`甲:28人 乙:43人`) are indicators without a number, told apart by their labels.
- A cell that says that there is no value says so for every part. A cell without parts that prints a figure
  where others print parts belongs to none of them: it becomes an indicator of its own, in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from .columns import Column
from .model import Doubt, Indicator, Value
from .values import Part, Printed, read_value, split_labels, split_parts, strip_mark
from .wording import calendar_day, join_broken, plain, spelling, squeeze

_ONE_PART: Final = re.compile(r"(?P<mark>[①-⑳])\s*(?P<name>[^①-⑳]+)")


@dataclass(frozen=True, slots=True)
class ValueCell:
    """One printed value: its column, the place of its cell (from 0), and its text."""

    column: Column
    place: int
    raw: str


@dataclass(frozen=True, slots=True)
class Read:
    """The indicators of a row; per indicator the places of its values' cells; doubts and notes left over."""

    indicators: tuple[Indicator, ...]
    places: tuple[tuple[int, ...], ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One value of one series, before it is written down."""

    cell: ValueCell
    raw: str
    printed: Printed
    strays: bool = False


@dataclass(slots=True)
class _Series:
    """One indicator in the making: its part, its name or None, its values."""

    mark: str | None
    name: str | None
    label: str = ""
    pieces: list[_Piece] = field(default_factory=list)


def read_indicators(name: str, unit: str, cells: Sequence[ValueCell], first: int = 0) -> Read:
    """The indicators of one row; `first` is the index of the first of them in the initiative."""
    body, notes = _split_notes(name)
    heading, parts = split_parts(body)
    base = heading or body
    series: dict[str, _Series] = {}
    for part in parts:
        own = strip_mark(part)
        series[part.mark or ""] = _Series(part.mark, f"{heading}（{own}）" if heading else own)
    split = [_split(cell.raw, base) for cell in cells]
    if not any(split) and (alone := _ONE_PART.fullmatch(body)):
        # One part to a row: its mark stands in the name alone.
        base = alone["name"]
        series = {"": _Series(alone["mark"], base)}
    for pieces in split:
        for piece in pieces:
            series.setdefault(_key(piece), _Series(piece.mark, None, piece.label))
    if not series:
        series[""] = _Series(None, base)
    for cell, pieces in zip(cells, split, strict=True):
        _place(series, cell, pieces, base)
    ordered = sorted(series.values(), key=lambda one: one.mark is not None and not _is_mark(one.mark))
    return _written(ordered, base, unit, notes, first)


def _split_notes(name: str) -> tuple[str, tuple[str, ...]]:
    """The name without its footnotes (※…), and those."""
    body, *notes = name.split("※")
    return (body.strip(), tuple(f"※{note.strip()}" for note in notes)) if body.strip() else (name.strip(), ())


def _is_mark(mark: str) -> bool:
    """Whether a part is an enumerated one; 計 and its like are not."""
    return not any(letter in "計合総" for letter in mark)


def _key(part: Part) -> str:
    return part.mark or f"label {squeeze(part.label)}"


def _split(raw: str, name: str) -> tuple[Part, ...]:
    heading, parts = split_parts(raw)
    if not parts:
        return split_labels(raw, name)
    if heading and squeeze(heading) not in squeeze(name):
        # What stands before ① belongs to the cell; it must not get lost.
        parts = (Part(parts[0].mark, parts[0].label, f"{heading} {parts[0].raw}"), *parts[1:])
    return parts


def _place(series: dict[str, _Series], cell: ValueCell, parts: tuple[Part, ...], name: str) -> None:
    for part in parts:
        one = series[_key(part)]
        text = part.raw.partition(part.mark)[2] if part.mark else part.raw
        printed = read_value(join_broken(text), one.name or name)
        one.pieces.append(_Piece(cell, part.raw, printed))
    if parts or not cell.raw:
        return
    printed = read_value(join_broken(cell.raw), name)
    if printed.number is None or list(series) == [""]:
        for one in series.values():
            one.pieces.append(_Piece(cell, cell.raw, printed))
        return
    whole = series.setdefault("", _Series(None, name))
    whole.pieces.append(_Piece(cell, cell.raw, printed, strays=True))


def _written(ordered: list[_Series], base: str, unit: str, notes: tuple[str, ...], first: int) -> Read:
    indicators: list[Indicator] = []
    doubts: list[Doubt] = []
    for index, one in enumerate(ordered, first):
        here = f"indicators[{index}]"
        name = one.name if one.name is not None else _named(one, base)
        units = [piece.printed.unit for piece in one.pieces if piece.printed.unit]
        values = tuple(_value(piece) for piece in one.pieces)
        indicators.append(
            Indicator(
                number=one.mark,
                name=name,
                unit=unit or (spelling(units) if units else None),
                bound=_bound(one.pieces),
                values=values,
            )
        )
        doubts += _doubts(here, name, one, unit, units)
    for note in notes:
        meant = next(
            (index for index, one in enumerate(ordered, first) if one.mark and one.mark in note), first
        )
        doubts.append(Doubt(f"indicators[{meant}].name", "footnote", (), note))
    return Read(
        tuple(indicators),
        tuple(tuple(piece.cell.place for piece in one.pieces) for one in ordered),
        tuple(doubts),
    )


def _named(one: _Series, base: str) -> str:
    labels = [piece.printed.label for piece in one.pieces if piece.printed.label and piece.printed.number]
    label = one.label or (spelling(labels) if labels else "")
    return f"{base}（{label}）" if label and squeeze(label) not in squeeze(base) else base


def _value(piece: _Piece) -> Value:
    column, printed = piece.cell.column, piece.printed
    return Value(
        kind=column.detail or "actual",
        year=column.year,
        raw=piece.raw,
        as_of=_as_of(column, printed),
        number=printed.number,
        state=printed.state,
        approximate=printed.approximate,
        numerator=printed.numerator,
        denominator=printed.denominator,
        status=column.status,
    )


def _as_of(column: Column, printed: Printed) -> str | None:
    """The day a value holds for: one that its cell names, else the one that the head names."""
    if printed.day and column.year:
        month, day = printed.day
        found = calendar_day(column.year if month >= 4 else column.year + 1, month, day)
        if found:
            return found[1]
    return column.as_of


def _bound(pieces: Sequence[_Piece]) -> str | None:
    """以上, 以内 …: only where every target that is a number says the same."""
    bounds = {
        piece.printed.bound
        for piece in pieces
        if piece.cell.column.detail == "target" and piece.printed.number is not None
    }
    return bounds.pop() if len(bounds) == 1 else None


def _doubts(here: str, name: str, one: _Series, unit: str, units: Sequence[str]) -> list[Doubt]:
    doubts: list[Doubt] = []
    if len({squeeze(item) for item in units}) > 1:
        found = tuple(dict.fromkeys([*([unit] if unit else []), spelling(units), *units]))
        doubts.append(Doubt(f"{here}.unit", "unit-differs", found, "値によって単位が異なります。"))
    labels = _different_labels(one)
    if labels:
        doubts.append(
            Doubt(f"{here}.name", "label-differs", (name, *labels), "値によって数えているものが異なります。")
        )
    for place, piece in enumerate(one.pieces):
        at = f"{here}.values[{place}]"
        for question in piece.printed.questions:
            leaf = "state" if piece.printed.state is not None else "number"
            doubts.append(Doubt(f"{at}.{leaf}", question.code, question.candidates, question.note))
        if piece.strays:
            doubts.append(
                Doubt(
                    f"{at}.number",
                    "parts-missing",
                    (piece.raw,),
                    "他の欄は①②などに分かれていますが、この欄は分かれていません。",
                )
            )
        years = dict.fromkeys(piece.printed.years)
        if piece.printed.number is not None and years and piece.cell.column.year not in years:
            candidates = (str(piece.cell.column.year), *(str(year) for year in years))
            doubts.append(
                Doubt(f"{at}.year", "year-differs", candidates, "欄の年度と、欄の中の年度が異なります。")
            )
    return doubts


def _different_labels(one: _Series) -> tuple[str, ...]:
    """The labels of a series where they do not speak of one thing."""
    labels = dict.fromkeys(
        plain(piece.printed.label) for piece in one.pieces if piece.printed.label and piece.printed.number
    )
    kept = [squeeze(label) for label in labels]
    same = all(first in second or second in first for first in kept for second in kept)
    return () if same else tuple(labels)
