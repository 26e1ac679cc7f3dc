"""Styles of a Word document, as far as they say what is printed: headings, list numbers, struck words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from .zipped import attribute, local, switched_on

_HEADING: Final = re.compile(r"(?:heading|見出し)\s*([1-9])", re.IGNORECASE)
#: Styles that rest on one another so often rest on themselves.
_CHAIN: Final = 20


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str = ""
    level: int | None = None
    """The heading's level from 1; 0: the style says that it is none."""
    struck: bool | None = None
    number: str | None = None
    depth: int | None = None


@dataclass(slots=True)
class Stylesheet:
    """The styles by their ids. Properties of a paragraph or run go before its style, a style before the one it rests on."""

    styles: dict[str, _Style] = field(default_factory=dict)
    default: str = ""

    @property
    def lists(self) -> dict[str, str]:
        """The list that each style names."""
        return {name: style.number for name, style in self.styles.items() if style.number}

    def _chain(self, name: str) -> Iterable[_Style]:
        for _ in range(_CHAIN):
            style = self.styles.get(name)
            if style is None:
                return
            yield style
            name = style.based_on

    def level(self, properties: ET.Element | None) -> int:
        """The heading's level of a paragraph from 1; 0 for running text."""
        own = _outline(properties)
        if own is not None:
            return own
        chain = self._chain(_named(properties, "pStyle") or self.default)
        return next((style.level for style in chain if style.level is not None), 0)

    def struck(self, properties: ET.Element | None) -> bool:
        """Whether a paragraph's style strikes its words through."""
        chain = self._chain(_named(properties, "pStyle") or self.default)
        return next((style.struck for style in chain if style.struck is not None), False)

    def run_struck(self, properties: ET.Element | None) -> bool | None:
        """Whether a run is struck through; None where its paragraph decides."""
        own = _strike(properties)
        if own is not None:
            return own
        name = _named(properties, "rStyle")
        return next((style.struck for style in self._chain(name) if style.struck is not None), None)

    def list_of(self, properties: ET.Element | None) -> tuple[str, int] | None:
        """The list that a paragraph stands in and its depth from 0, or None."""
        number, depth = _list(properties)
        for style in self._chain(_named(properties, "pStyle") or self.default):
            number = style.number if number is None else number
            depth = style.depth if depth is None else depth
        # List 0 takes a paragraph out of its style's list.
        return None if number in {None, "0"} else (number or "", depth or 0)


def stylesheet(pieces: Iterable[ET.Element]) -> Stylesheet:
    """The styles of a document out of its `style` elements."""
    found = Stylesheet()
    for element in pieces:
        name = attribute(element, "styleId")
        said = {local(child.tag): child for child in element}
        based_on = attribute(said["basedOn"], "val") if "basedOn" in said else ""
        number, depth = _list(said.get("pPr"))
        level = _outline(said.get("pPr"))
        if level is None and "name" in said:
            heading = _HEADING.fullmatch(attribute(said["name"], "val").strip())
            level = int(heading[1]) if heading else None
        found.styles[name] = _Style(based_on, level, _strike(said.get("rPr")), number, depth)
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true"}:
            found.default = name
    return found


def _outline(properties: ET.Element | None) -> int | None:
    found = _first(properties, "outlineLvl")
    text = "" if found is None else attribute(found, "val")
    if not (text.isdecimal() and text.isascii() and len(text) == 1):
        return None
    return 0 if text == "9" else int(text) + 1


def _strike(properties: ET.Element | None) -> bool | None:
    for name in ("strike", "dstrike"):
        found = switched_on(_first(properties, name))
        if found is not None:
            return found
    return None


def _list(properties: ET.Element | None) -> tuple[str | None, int | None]:
    found = _first(properties, "numPr")
    number = depth = None
    for child in [] if found is None else found:
        if local(child.tag) == "numId":
            number = attribute(child, "val")
        elif local(child.tag) == "ilvl":
            text = attribute(child, "val")
            depth = int(text) if text.isdecimal() and text.isascii() and len(text) == 1 else 0
    return number, depth


def _named(properties: ET.Element | None, kind: str) -> str:
    found = _first(properties, kind)
    return "" if found is None else attribute(found, "val")


def _first(element: ET.Element | None, name: str) -> ET.Element | None:
    return None if element is None else next((one for one in element if local(one.tag) == name), None)
