"""A typst source and its data to a tagged PDF."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import typst

from yakuba.kernel.fields import JsonValue

from .typefaces import FAMILIES, FOLDER, Typeface, borrowed, printable

#: What every document begins with: its title, its language, our typefaces, A4 with page numbers, ruled tables.
#: Without a date of its own the same input gives the same bytes.
_PRELUDE: Final = """\
#let data = json(bytes(sys.inputs.data))
#set document(title: sys.inputs.title, date: none)
#set text(font: (%(families)s), lang: "ja", region: "JP", size: 10.5pt)
#set par(leading: 0.8em, spacing: 1.1em, justify: true)
#set page(paper: "a4", margin: (x: 20mm, y: 22mm), numbering: "1 / 1")
#set table(stroke: 0.5pt, inset: 5pt)
#show table: set par(justify: false)
#show heading: set block(above: 1.4em, below: 0.9em)
"""
#: A picture's page ends where it ends.
_TIGHT: Final = "#set page(width: auto, height: auto, margin: 2mm, numbering: none)\n"
#: Sources may use nothing that typst would fetch from its package registry: nothing is ever loaded from elsewhere. Text that passed
#: :func:`escape` never holds the sign, so that a plan may print it.
_FOREIGN: Final = re.compile(r'"@[a-z0-9_-]+/')
#: A folder that is not there: no package of the machine is found either.
_NO_PACKAGES: Final = str(FOLDER / "no-packages")
#: What one document may hold: characters of source and data together, and brackets (or data) inside each other.
MAX_CHARACTERS: Final = 5_000_000
MAX_DEPTH: Final = 60
_CHECKED: Final = re.compile(r"[@\[\](){}]")
_PICTURE: Final = re.compile(r"[a-z0-9-]{1,60}\.(?:png|jpg)")


class PrintError(ValueError):
    """A source that typst refuses, or that gives no accessible PDF; the message is for developers (English)."""


def render(
    source: str,
    *,
    title: str,
    data: Mapping[str, JsonValue] | None = None,
    typeface: Typeface = "gothic",
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF (PDF/UA-1, Japanese, fonts embedded) of a typst source, in Gothic or, for notices, in Mincho.

    `title` is the document's title, which readers announce and show; it may not be blank. `data` is the name `data` in the source:
    its strings are text and nothing else, e.g. `#data.name`, `#for row in data.rows [..]`. Text that goes into the source itself
    passes :func:`escape`. Characters that no typeface has print as 〓; `unprintable` tells which, and `unvaried` which variants
    of characters print in their usual shape.
    `pictures` are PNG and JPEG files by name (`seal.png`), which the source shows as `image("/seal.png", alt: …)`: they are ours, or
    were made anew by us. The same input gives the same bytes. Raises :class:`PrintError`.
    """
    text, given = _checked(source, title, data, typeface)
    if pictures:
        if not all(_PICTURE.fullmatch(name) for name in pictures):
            raise PrintError("a picture's name is lower case letters and digits, ending .png or .jpg")
        with tempfile.TemporaryDirectory() as folder:
            for name, content in pictures.items():
                Path(folder, name).write_bytes(content)
            return _compiled(text, title, given, folder)
    return _compiled(text, title, given, str(FOLDER))


def picture(source: str, *, data: Mapping[str, JsonValue] | None = None, ppi: int = 200) -> bytes:
    """One page of a typst source as a PNG, as small as what stands on it; for documents that hold pictures (Word).

    Whoever shows it says in words what it shows: a PNG has no text. Raises :class:`PrintError`, also for more pages than one.
    """
    text, given = _checked(_TIGHT + source, "picture", data, "gothic")
    try:
        made = _compiler(text, "picture", given, str(FOLDER)).compile(format="png", ppi=float(ppi))
    except typst.TypstError as error:
        raise PrintError(str(error)) from error
    if not isinstance(made, bytes):
        raise PrintError("a picture is one page")
    return made


def _checked(
    source: str, title: str, data: Mapping[str, JsonValue] | None, typeface: Typeface
) -> tuple[str, str]:
    """The whole source, and its data as JSON, within bounds. Raises :class:`PrintError`."""
    if not title.strip():
        raise PrintError("a document needs a title")
    if _FOREIGN.search(source):
        raise PrintError("a source may not load packages")
    given = json.dumps(_printable(dict(data or {})), ensure_ascii=False)
    if len(source) + len(given) + len(title) > MAX_CHARACTERS:
        raise PrintError(f"a document of more than {MAX_CHARACTERS:,} characters")
    if _depth(source) > MAX_DEPTH:
        raise PrintError(f"brackets more than {MAX_DEPTH} deep")
    families = ", ".join(f'"{family}"' for family in FAMILIES[typeface])
    text = _PRELUDE % {"families": families} + _borrowing(source, given, typeface)
    return text + printable(source), given


def _compiled(text: str, title: str, given: str, root: str) -> bytes:
    """The PDF; a source sees no file but those below ``root``: its pictures, or the fonts."""
    try:
        made = _compiler(text, title, given, root).compile(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        raise PrintError(f"{error} {' '.join(getattr(error, 'hints', ()))}".strip()) from error
    if not isinstance(made, bytes):
        raise PrintError("typst gave no document")
    return made


def _compiler(text: str, title: str, given: str, root: str) -> typst.Compiler:
    return typst.Compiler(
        text.encode(),
        root=root,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"title": printable(title).strip(), "data": given},
        package_path=_NO_PACKAGES,
        package_cache_path=_NO_PACKAGES,
    )


def _borrowing(source: str, given: str, typeface: Typeface) -> str:
    """Rules that set variants of characters in the typeface that has them, where the first one lacks them."""
    found = borrowed(source + given, typeface)
    return "".join(
        f'#show regex("{"|".join(sequences)}"): set text(font: ("{family}",))\n'
        for family, sequences in found.items()
    )


def escape(text: str) -> str:
    """Source that prints exactly this text, whatever marks it holds; line ends stay line ends.

    It is an expression of typst's markup mode: `= ` + escape(title). Inside code, pass data instead.
    """
    quoted = printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    # By number, what the checks of a source look for.
    quoted = _CHECKED.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", quoted)
    # The semicolon ends the expression: what follows is never read as a call on it.
    return f'#"{quoted}";'


def _depth(source: str) -> int:
    """How deep the brackets of a source stand inside each other."""
    deep = deepest = 0
    for found in re.finditer(r"[\[({]|[\])}]", source):
        deep = deep + 1 if found[0] in "[({" else max(deep - 1, 0)
        deepest = max(deepest, deep)
    return deepest


def _printable(value: JsonValue, depth: int = 0) -> JsonValue:
    if depth > MAX_DEPTH:
        raise PrintError(f"data more than {MAX_DEPTH} deep")
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one, depth + 1) for one in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    """The typefaces, opened once in a process."""
    if not any(FOLDER.glob("*.ttf")):
        raise FileNotFoundError(f"no typefaces in {FOLDER.name}; `make install` lays them out")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
