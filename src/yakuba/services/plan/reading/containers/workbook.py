"""What all sheets of a workbook share: its strings with their runs, its styles, its list of sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from .formats import BUILT_IN, GENERAL
from .zipped import Package, attribute, broken, local, switched_on, tidy

#: Sheets beyond these are no city's plan.
MAX_SHEETS: Final = 300
#: In a workbook's XML _x000D_ stands for a character that XML cannot hold.
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

#: A text in pieces: each with whether it is struck through, None where its cell's font decides.
Runs = tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell's style says here: its number format, whether its font is struck through, whether it has lines around it."""

    code: str = GENERAL
    struck: bool = False
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook: its name, its part, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Workbook:
    """What the sheets are read with."""

    sheets: list[Sheet] = field(default_factory=list)
    charts: int = 0
    """Sheets that hold a chart or a dialogue and no cells."""
    strings: list[Runs] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    from_1904: bool = False

    def style(self, index: str | None) -> Style:
        """The style of a cell by the number that it names."""
        at = int(index) if index and index.isdecimal() and len(index) < 9 else 0
        return self.styles[at] if at < len(self.styles) else Style()


def workbook(package: Package, main: str) -> Workbook:
    """The workbook of a package whose main part is `main`. Raises `Unreadable`."""
    related = package.related(main)
    book = Workbook()
    for element in package.pieces(main, ("workbookPr", "sheet")):
        if local(element.tag) == "workbookPr":
            book.from_1904 = element.get("date1904", "0").lower() in {"1", "true"}
            continue
        relation = related.get(attribute(element, "id"))
        if relation is None or relation.external or not package.has(relation.target):
            raise broken(f"シート「{element.get('name', '')[:31]}」の中身がありません")
        if relation.kind != "worksheet":
            book.charts += 1
            continue
        if any(sheet.part == relation.target for sheet in book.sheets):
            raise broken(
                f"シート「{element.get('name', '')[:31]}」の中身が、ほかのシートと同じものを指しています"
            )
        hidden = element.get("state", "visible").lower() != "visible"
        book.sheets.append(Sheet(element.get("name", ""), relation.target, hidden))
        if len(book.sheets) > MAX_SHEETS:
            raise broken(f"シートが{MAX_SHEETS}枚を超えています")
    for relation in related.values():
        if relation.external or not package.has(relation.target):
            continue
        if relation.kind == "sharedStrings":
            book.strings = [
                runs(element, "共有文字列") for element in package.pieces(relation.target, ("si",))
            ]
        elif relation.kind == "styles":
            book.styles = _styles(package, relation.target)
    return book


def runs(element: ET.Element, where: str) -> Runs:
    """The runs of a string (`si`, `is`, a comment's `text`), without the readings (ふりがな) that a sheet keeps beside kanji."""
    found: list[tuple[str, bool | None]] = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            found.append((_unescaped(child.text or ""), None))
        elif name == "r":
            text = "".join(one.text or "" for one in child if local(one.tag) == "t")
            properties = next((one for one in child if local(one.tag) == "rPr"), None)
            found.append((_unescaped(text), _run_struck(properties)))
    tidy("".join(text for text, _ in found), where)
    return tuple(found)


def _run_struck(properties: ET.Element | None) -> bool | None:
    """Whether a run is struck; a run with properties of its own takes nothing from its cell."""
    if properties is None:
        return None
    strike = next((one for one in properties if local(one.tag) == "strike"), None)
    return switched_on(strike, absent=False)


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: _character(found[1]), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _character(code: str) -> str:
    number = int(code, 16)
    # Halves of a pair and controls cannot be printed.
    return "" if 0xD800 <= number < 0xE000 or (number < 0x20 and number not in {9, 10, 13}) else chr(number)


def _styles(package: Package, part: str) -> list[Style]:
    codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    struck: list[bool] = []
    ruled: list[bool] = []
    listed: list[ET.Element] = []
    for element in package.pieces(part, ("numFmts", "fonts", "borders", "cellXfs")):
        name = local(element.tag)
        for child in element:
            if name == "numFmts":
                codes[child.get("numFmtId", "")] = child.get("formatCode", GENERAL)
            elif name == "fonts":
                strike = next((one for one in child if local(one.tag) == "strike"), None)
                struck.append(bool(switched_on(strike)))
            elif name == "borders":
                ruled.append(any(side.get("style", "none") != "none" for side in child))
            else:
                listed.append(child)
    return [
        Style(
            codes.get(one.get("numFmtId", "0"), GENERAL),
            _at(struck, one.get("fontId", "0")),
            _at(ruled, one.get("borderId", "0")),
        )
        for one in listed
    ]


def _at(several: list[bool], index: str) -> bool:
    return index.isdecimal() and len(index) < 9 and int(index) < len(several) and several[int(index)]


def comments(package: Package, part: str) -> Iterator[tuple[str, str]]:
    """The comments of a sheet: address and text. Threaded ones stand for the plain copy that old programs are shown."""
    plain: dict[str, str] = {}
    threaded: dict[str, list[str]] = {}
    for relation in package.relations(part):
        if relation.external or not package.has(relation.target):
            continue
        if relation.kind == "comments":
            for element in package.pieces(relation.target, ("comment",)):
                text = next((one for one in element if local(one.tag) == "text"), None)
                if text is not None:
                    words = "".join(piece for piece, _ in runs(text, "コメント")).strip()
                    plain[element.get("ref", "")] = words
        elif relation.kind == "threadedComment":
            for element in package.pieces(relation.target, ("threadedComment",)):
                text = next((one for one in element if local(one.tag) == "text"), None)
                words = (text.text or "").strip() if text is not None else ""
                threaded.setdefault(element.get("ref", ""), []).append(tidy(words, "コメント"))
    for address, words in plain.items():
        yield address, "\n".join(threaded.get(address, [words]))
    for address, several in threaded.items():
        if address not in plain:
            yield address, "\n".join(several)
