"""What a tagged PDF says of its headings: which marked pieces of which page are a heading of which level (ISO 32000-1, 14.7)."""

from __future__ import annotations

from typing import Any, Final

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef, resolve1

#: A tree of more elements is not followed any further.
_ELEMENTS: Final = 300_000
_HEADING: Final = {"H": 1, "Title": 1, **{f"H{level}": level for level in range(1, 7)}}

Levels = dict[int, dict[int, int]]


def headings(document: PDFDocument) -> Levels:
    """By page object, the heading's level by the number of the marked piece (MCID); empty where the file has no such tree."""
    found: Levels = {}
    try:
        _follow(document, found)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 – a broken tree says nothing; the text is read without it
        return {}
    return found


def _follow(document: PDFDocument, found: Levels) -> None:
    root = resolve1(document.catalog.get("StructTreeRoot"))
    if not isinstance(root, dict):
        return
    roles = resolve1(root.get("RoleMap")) or {}
    waiting: list[tuple[Any, int, int]] = [  # Any: pdfminer has no types
        (root.get("K"), 0, 0)
    ]  # Any: whatever the file has: element, page, level
    seen: set[int] = set()
    count = 0
    while waiting:
        item, page, level = waiting.pop()
        count += 1
        if count > _ELEMENTS:
            return
        if isinstance(item, PDFObjRef):
            if item.objid in seen:
                continue
            seen.add(item.objid)
            item = resolve1(item)
        if isinstance(item, list):
            waiting += [(one, page, level) for one in item]
        elif isinstance(item, int):
            if level and page:
                found.setdefault(page, {})[item] = level
        elif isinstance(item, dict):
            own = item.get("Pg")
            page = own.objid if isinstance(own, PDFObjRef) else page
            if "MCID" in item:
                waiting.append((resolve1(item["MCID"]), page, level))
            name = _name(item.get("S"))
            level = _HEADING.get(name) or _HEADING.get(_name(roles.get(name)), level)
            waiting.append((item.get("K"), page, level))


def _name(value: object) -> str:
    return str(getattr(resolve1(value), "name", ""))
