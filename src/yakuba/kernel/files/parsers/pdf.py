"""A PDF looked through for what it would do when somebody opens it. Nothing of it is ever done or unpacked to disk."""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Iterator
from typing import Final

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    TextStringObject,
)

from yakuba.kernel.files.wire import Wire, bare

MAX_OBJECTS: Final = 500_000
#: How far before the end the mark %%EOF may stand; behind it only white space.
_TAIL: Final = 1024

# ISO 32000-2: keys that no harmless file has, and what they carry.
_KEYS: Final = {
    "/JS": "script",  # 12.6.4.17
    "/JavaScript": "script",  # 7.7.4, the names that run when the file is opened
    "/EF": "embedded",  # 7.11.3
    "/XFA": "form",  # ISO 32000-1, 12.7.8
    "/RichMediaContent": "media",
}
# 12.6.4: actions that run, send, fetch or play something. What stays allowed moves about inside the file or follows a link.
_ACTIONS: Final = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/SubmitForm": "send",
    "/ImportData": "send",
    "/GoToR": "elsewhere",
    "/GoToE": "embedded",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
    "/GoTo3DView": "media",
}
# 12.5.6: annotations that carry a file or play something.
_SUBTYPES: Final = {
    "/FileAttachment": "embedded",
    "/RichMedia": "media",
    "/Screen": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/3D": "media",
}
# 12.6.4.8: a link that runs something or opens a file of the machine, however it is spelt.
_RUNS: Final = re.compile(
    rb"[\s\0-\x1f]*(?:(?P<script>(?:(?:java|vb)script|data)[\s\0-\x1f]*:)|file[\s\0-\x1f]*:|\\\\)",
    re.IGNORECASE,
)
_TYPES: Final = {"/EmbeddedFile": "embedded"}

# It complains of every oddity, in words that may be the document's.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class Refused(Exception):
    """What stands in the way: ``encrypted``, ``cut``, ``heavy``, ``pages``, or a word of the tables above."""


@bare
def look(source: int, max_pages: int) -> Wire:
    """The PDF in the open file ``source`` as facts: ``pages``. What it may not hold is told as ``fault``.

    Raises whatever pypdf does for what it cannot follow.
    """
    with os.fdopen(source, "rb", closefd=False) as stream:
        data = stream.read()
    try:
        return {"pages": _pages(data, max_pages)}
    except Refused as refused:
        return {"fault": str(refused)}


def opened(data: bytes) -> PdfReader:
    """A reader of a whole, unlocked file. Raises :class:`Refused`, and whatever pypdf does."""
    if b"%%EOF" not in data.rstrip(b"\0\t\n\f\r ")[-_TAIL:]:
        raise Refused("cut")
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Refused("encrypted")
    return reader


def _pages(data: bytes, max_pages: int) -> int:
    reader = opened(data)
    for found in _everything(reader):
        fault = _fault(found)
        if fault:
            raise Refused(fault)
    pages = len(reader.pages)
    if pages > max_pages:
        raise Refused("pages")
    if pages == 0:
        raise Refused("cut")
    return pages


def _everything(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file: those that its root leads to, and those that only its table of objects names."""
    seen: set[tuple[int, int]] = set()
    yield from _below(reader, reader.trailer, seen)
    for one in _listed(reader):
        try:
            found = reader.get_object(one)
        except Exception:  # noqa: BLE001, S112 – nothing leads to it: a broken leftover harms nobody
            continue
        if found is not None:
            yield from _below(reader, found, seen)


def _listed(reader: PdfReader) -> list[IndirectObject]:
    plain = [(number, generation) for generation, entries in reader.xref.items() for number in entries]
    return [IndirectObject(*one, reader) for one in (*plain, *((number, 0) for number in reader.xref_objStm))]


def _below(reader: PdfReader, root: PdfObject, seen: set[tuple[int, int]]) -> Iterator[DictionaryObject]:
    waiting: list[object] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            key = (one.idnum, one.generation)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > MAX_OBJECTS:
                raise Refused("heavy")
            waiting.append(reader.get_object(one))
        elif isinstance(one, DictionaryObject):
            yield one
            waiting.extend(dict.values(one))  # as written: the dictionary's own access follows references
        elif isinstance(one, ArrayObject):
            waiting.extend(list.__iter__(one))


def _fault(found: DictionaryObject) -> str:
    for key, fault in _KEYS.items():
        if key in found and not isinstance(_value(found, key), NullObject):
            return fault
    if fault := _link_fault(_value(found, "/URI")):
        return fault
    for key, table in (("/S", _ACTIONS), ("/Subtype", _SUBTYPES), ("/Type", _TYPES)):
        named = _value(found, key)
        if isinstance(named, NameObject) and named in table:
            return table[named]
    return ""


def _link_fault(link: PdfObject | None) -> str:
    if isinstance(link, TextStringObject):
        match = _RUNS.match(link.encode("utf-8", "replace"))
    elif isinstance(link, ByteStringObject):
        match = _RUNS.match(link)
    else:
        return ""
    return "" if match is None else "script" if match["script"] else "elsewhere"


def _value(found: DictionaryObject, key: str) -> PdfObject | None:
    value = dict.get(found, key)
    return value.get_object() if isinstance(value, PdfObject) else None
