"""A city's form as the plan reads it: which cells ask for what, what is wrong in which cell, and the texts that go in."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, cast

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.files import limits, sandbox
from yakuba.kernel.files.wire import Wire
from yakuba.kernel.sheets.xlsx import tab_name
from yakuba.services.plan.book import placeholders
from yakuba.services.plan.book.forms import workbook
from yakuba.services.plan.book.manuscript import Source, entries_of
from yakuba.services.plan.book.placeholders import About, BadPlaceholder, Entry, Piece, Placeholder, parse

Json = Mapping[str, Any]  # Any: JSON
#: {{対象:推進}} says which initiatives a sheet has; the cell is left empty.
_DIRECTIVE: Final = re.compile(r"(?:\{\{|｛｛)\s*(?:対象|rows)\s*[:：]([^{}｛｝]*)(?:\}\}|｝｝)")
_KINDS: Final = {
    "すべて": "",
    "": "",
    "推進": "advance",
    "運用": "operate",
    "推進取組": "advance",
    "運用取組": "operate",
}
MOST_SHEETS: Final = 300
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of the form. ``rows`` are repeated for each initiative; ``each`` makes a sheet for each instead."""

    title: str
    kind: str
    volume: str
    cells: Mapping[str, str]
    """Place → the text with its braces."""
    rows: tuple[int, int] | None
    repeated: frozenset[str]
    """The places among them that are about an initiative."""
    each: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A form that can be filled. ``lost`` names what of the workbook is not carried over."""

    sheets: tuple[FormSheet, ...]
    lost: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """What is kept of it, for the desk to show."""
        return {
            "sheets": [
                {"title": one.title, "places": len(one.cells), "rows": list(one.rows or ()), "each": one.each}
                for one in self.sheets
            ],
            "lost": list(self.lost),
        }


def check(path: Path) -> Checked:
    """Look through a form. Raises :class:`Problems`, each naming sheet and cell: what was found there and what is expected."""
    with path.open("rb") as stream:
        limits.check(stream)
    found = cast(
        "Json", sandbox.read(workbook.scan, str(path), bounds=sandbox.Bounds(seconds=_SECONDS))
    )  # Any: JSON
    problems: list[Problem] = []
    by_sheet: dict[str, list[Sequence[Any]]] = {}  # Any: JSON
    for cell in found["cells"]:
        by_sheet.setdefault(cell[0], []).append(cell[1:])
    sheets = []
    for one in found["sheets"]:
        made = _sheet(one, by_sheet.get(one["title"], []), problems)
        if made is not None:
            sheets.append(made)
    if not problems and not any(sheet.rows or sheet.each for sheet in sheets):
        problems.append(
            Problem(
                "form_empty",
                _(
                    "取組の項目がひとつもありません。取組1件分の行に「{{番号}}」「{{取組名}}」のように書いてください。"
                ),
                field="file",
                expected="{{取組名}}",
            )
        )
    if problems:
        raise Problems(problems) if len(problems) > 1 else problems[0]
    return Checked(tuple(sheets), tuple(found["lost"]))


def _sheet(
    about: Mapping[str, Any],  # Any: JSON
    cells: Sequence[Sequence[Any]],  # Any: JSON
    problems: list[Problem],
) -> FormSheet | None:
    title: str = about["title"]
    before = len(problems)
    kind, volume = "", "this"
    texts: dict[str, str] = {}
    rows: dict[str, int] = {}
    for row, _column, place, text in cells:
        own, chosen = _directive(title, place, text, problems)
        if chosen is not None:
            kind, volume = chosen
        texts[place] = own
        try:
            pieces = parse(own)
        except BadPlaceholder as bad:
            problems.append(_wrong(title, place, str(bad), bad.found))
            continue
        if any(isinstance(one, Placeholder) and one.word.of_row for one in pieces):
            rows[place] = row
    each = _named(title, problems)
    if len(problems) > before or not (texts or each):
        return None
    block = None if each or not rows else (min(rows.values()), max(rows.values()))
    if block is not None:
        problems += _overlaps(title, block, about)
    return FormSheet(title, kind, volume, texts, block, frozenset(rows), each)


def _directive(
    title: str, place: str, text: str, problems: list[Problem]
) -> tuple[str, tuple[str, str] | None]:
    """The text without what chooses the rows, and what it chooses: kind and volume."""
    found = _DIRECTIVE.search(text)
    if found is None:
        return text, None
    said = unicodedata.normalize("NFKC", found[1]).strip()
    volume = "before" if said.startswith("前の版") else "this"
    kind = said.removeprefix("前の版").removeprefix("この版").removeprefix("の").strip()
    if kind not in _KINDS:
        problems.append(
            _wrong(
                title,
                place,
                _("「対象」は「推進」「運用」「すべて」「前の版の推進」のように書いてください。"),
                said,
                "{{対象:推進}}",
            )
        )
        return text[: found.start()] + text[found.end() :], None
    return (text[: found.start()] + text[found.end() :]).strip(), (_KINDS[kind], volume)


def _named(title: str, problems: list[Problem]) -> bool:
    """Whether the sheet's own name asks for an initiative, so that each has its sheet."""
    try:
        pieces = parse(title)
    except BadPlaceholder as bad:
        problems.append(_wrong(title, "名前", str(bad), bad.found))
        return False
    return any(isinstance(one, Placeholder) and one.word.of_row for one in pieces)


def _overlaps(title: str, block: tuple[int, int], about: Mapping[str, Any]) -> list[Problem]:  # Any: JSON
    """What of a sheet stands in the way of repeating its rows."""
    first, last = block
    found = [
        _wrong(
            title,
            coord,
            _(
                "結合したセルが、くり返す行（%(first)d～%(last)d行目）の外に出ています。結合を解くか、行の中におさめてください。"
            )
            % {"first": first, "last": last},
            coord,
        )
        for top, bottom, coord in about["merged"]
        if (top < first <= bottom) or (top <= last < bottom)
    ]
    if about["arrays"]:
        place = about["arrays"][0]
        found.append(
            _wrong(
                title,
                place,
                _("取組の行をくり返すシートでは、配列数式を使えません。ふつうの式にしてください。"),
                place,
            )
        )
    return found


def _wrong(sheet: str, place: str, message: str, found: str, expected: str = "") -> Problem:
    return Problem(
        "form_cell",
        _("シート「%(sheet)s」の%(place)s：%(message)s")
        % {"sheet": sheet, "place": place, "message": message},
        field="file",
        found=found,
        expected=expected,
    )


# --- filling ---------------------------------------------------------------------------------------------------------------


def fill(path: Path, checked: Checked, source: Source) -> bytes:
    """The form with the plan in it. Raises :class:`Problem` where it became too large or cannot be opened any more."""
    plan: list[Wire] = [_filled(sheet, source) for sheet in checked.sheets]
    with tempfile.TemporaryFile() as target:
        sandbox.read(
            workbook.fill,
            str(path),
            target.fileno(),
            plan,
            bounds=sandbox.Bounds(seconds=_SECONDS),
            files=[target],
        )
        target.seek(0)
        return target.read()


def _filled(sheet: FormSheet, source: Source) -> Wire:
    entries = entries_of(source, sheet.kind, sheet.volume)
    about = entries[0].about if entries else _nothing(source)
    pieces = {place: parse(text) for place, text in sheet.cells.items()}
    copies: list[Wire] = []
    if sheet.each:
        if len(entries) > MOST_SHEETS:
            raise Problem(
                "form_sheets",
                _(
                    "取組が%(entries)s件あり、シートが多くなりすぎます（%(most)dまで）。行をくり返す様式にしてください。"
                )
                % {"entries": f"{len(entries):,}", "most": MOST_SHEETS},
                found=str(len(entries)),
            )
        title, used = parse(sheet.title), set[str]()
        for entry in entries:
            name = _own_name(placeholders.fill(title, entry, about), used)
            copies.append(
                {"title": name, "cells": {place: _value(one, entry, about) for place, one in pieces.items()}}
            )
    rows: list[Wire] = [
        {place: _value(pieces[place], entry, about) for place in sheet.repeated}
        for entry in (entries if sheet.rows else [])
    ]
    fixed = {place: _value(one, None, about) for place, one in pieces.items() if place not in sheet.repeated}
    return {
        "sheet": sheet.title,
        "fixed": fixed,
        "rows": list(sheet.rows) if sheet.rows else None,
        "entries": rows,
        "copies": copies,
    }


def _nothing(source: Source) -> About:
    return About(source.this.document, source.this.names, source.this.year.year)


def _own_name(name: str, used: set[str]) -> str:
    name = tab_name(name)
    own, n = name, 2
    while own.lower() in used:
        own, n = f"{name[:27]} {n}", n + 1
    used.add(own.lower())
    return own


def _value(pieces: Sequence[Piece], entry: Entry | None, about: About) -> Wire:
    """A text; a number where the cell asks for one and nothing else."""
    text = placeholders.fill(pieces, entry, about)
    if len(pieces) == 1 and isinstance(pieces[0], Placeholder) and pieces[0].word.counted:
        try:
            return Decimal(text.replace(",", ""))
        except InvalidOperation:
            return text
    return text
