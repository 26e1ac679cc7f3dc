"""The table of a Shapefile (dBASE III). Read in the sandbox."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.places.formats.found import MAX_FIELDS, Found, plain
from yakuba.kernel.files.wire import Fault, Wire

_NAMES: Final = {
    # What a .cpg holds, in small letters without blanks, hyphens and underscores.
    **dict.fromkeys(("utf8", "65001", "utf8encoding"), "utf-8"),
    **dict.fromkeys(
        ("932", "cp932", "ansi932", "oem932", "sjis", "shiftjis", "windows31j", "ms932", "mskanji"), "cp932"
    ),
    **dict.fromkeys(("eucjp", "51932", "cp51932"), "euc_jp"),
    **dict.fromkeys(("88591", "iso88591", "latin1", "1252", "cp1252", "ansi1252"), "cp1252"),
}
_MARKS: Final = {0x13: "cp932", 0x7B: "cp932"}  # the language driver byte of dBASE and FoxPro
_DELETED: Final = 0x2A
_LABELS: Final = {
    "utf-8": "UTF-8",
    "cp932": "CP932（Shift_JIS）",
    "euc_jp": "EUC-JP",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: name, type letter, where it begins in a record, how long it is, and its decimals."""

    name: bytes
    letter: str
    start: int
    length: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Table:
    """A DBF's bytes, its columns that are read, and where its records are."""

    data: bytes
    columns: tuple[Column, ...]
    skipped: tuple[Column, ...]
    head: int
    size: int
    count: int
    mark: int

    def records(self) -> Iterator[bytes]:
        """Each record with its deletion mark before it."""
        for index in range(self.count):
            start = self.head + index * self.size
            yield self.data[start : start + self.size]


def parse(data: bytes) -> Table:
    """The structure of a DBF. Raises :class:`Fault`."""
    if len(data) < 33:
        raise broken()
    count, head, size = struct.unpack_from("<IHH", data, 4)
    if head < 33 or head > len(data) or size < 1 or head + count * size > len(data):
        raise broken()
    columns: list[Column] = []
    skipped: list[Column] = []
    start, at = 1, 32
    while at < head and data[at] != 0x0D:
        if at + 32 > head or len(columns) + len(skipped) >= MAX_FIELDS:
            raise broken()
        name = data[at : at + 11].split(b"\x00", 1)[0]
        letter = chr(data[at + 11]).upper()
        column = Column(name, letter, start, data[at + 16], data[at + 17])
        (columns if letter in _READERS else skipped).append(column)
        start += column.length
        at += 32
    if start > size:
        raise broken()
    return Table(data, tuple(columns), tuple(skipped), head, size, count, data[29])


def broken() -> Fault:
    """A DBF that cannot be followed."""
    return Fault(
        "dbf_broken",
        _("Shapefileの属性（.dbf）が壊れているか、途中で切れています。元のファイルを選び直してください。"),
        field="dbf",
    )


def codec(table: Table, cpg: bytes | None, hinted: str, found: Found) -> str:
    """The encoding of its texts: what a person says, the .cpg, the file's own mark, UTF-8 where all texts are, else CP932."""
    if hinted:
        return hinted
    if cpg is not None:
        named = "".join(c for c in cpg[:40].decode("ascii", "replace").casefold() if c.isalnum())
        if named in _NAMES:
            return _NAMES[named]
        found.note(
            _("文字コードの指定（.cpg）「%s」は分からないため、使いません。")
            % plain(cpg[:40].decode("ascii", "replace").strip())
        )
    elif table.mark in _MARKS:
        return _MARKS[table.mark]
    foreign = [text for text in _texts(table) if not text.isascii()]
    if not foreign:
        return "cp932"
    chosen = "utf-8" if all(_decodes(text, "utf-8") for text in foreign) else "cp932"
    found.note(_("文字コードの指定（.cpg）がないため、%sとして読みました。") % _LABELS[chosen])
    return chosen


def _texts(table: Table) -> Iterator[bytes]:
    for column in table.columns:
        yield column.name
    texts = [column for column in table.columns if column.letter == "C"]
    for record in table.records():
        for column in texts:
            yield record[column.start : column.start + column.length]


def _decodes(text: bytes, name: str) -> bool:
    """The last character may be cut: programs fill a field to its last byte."""
    try:
        text.decode(name)
    except UnicodeDecodeError as error:
        return error.end == len(text) and error.start > len(text) - 4 and error.reason != "invalid start byte"
    return True


def names(table: Table, encoding: str, found: Found) -> list[str]:
    """The columns' names, each once; ``found.fields`` gets them with their types."""
    result = []
    for number, column in enumerate(table.columns, 1):
        name = plain(column.name.decode(encoding, "replace")).strip() or _("項目%d") % number
        unique, again = name, 2
        while unique in found.fields:
            unique, again = f"{name}_{again}", again + 1
        if unique != name:
            found.note(
                _("同じ名前の項目「%(name)s」を「%(unique)s」としました。") % {"name": name, "unique": unique}
            )
        found.fields[unique] = _type(column)
        result.append(unique)
    for column in table.skipped:
        found.note(
            _("項目「%(name)s」は型（%(type)s）が扱えないため、読みません。")
            % {"name": plain(column.name.decode(encoding, "replace")), "type": plain(column.letter)}
        )
    return result


def _type(column: Column) -> str:
    if column.letter == "N":
        return "number" if column.decimals else "integer"
    return {"C": "text", "F": "number", "D": "date", "L": "boolean"}[column.letter]


def rows(table: Table, encoding: str, found: Found) -> Iterator[list[Wire] | None]:
    """Each record's values; None for one that is marked as deleted. What cannot be read is a fault of its row and empty."""
    named = names(table, encoding, found)
    for number, record in enumerate(table.records(), 1):
        if record[0] == _DELETED:
            yield None
            continue
        values: list[Wire] = []
        for name, column in zip(named, table.columns, strict=True):
            raw = record[column.start : column.start + column.length]
            try:
                values.append(_READERS[column.letter](raw, column, encoding))
            except (ValueError, InvalidOperation) as error:
                values.append(
                    error.object.decode(encoding, "replace").strip()
                    if isinstance(error, UnicodeDecodeError)
                    else None
                )
                found.fault(
                    number,
                    "dbf_value",
                    _("%(row)d件目の「%(field)s」を読めません。") % {"row": number, "field": name},
                    at=name,
                    found=raw.decode(encoding, "replace").strip(),
                )
        yield values


def _text(raw: bytes, _column: Column, encoding: str) -> Wire:
    raw = raw.split(b"\x00", 1)[0]
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if not _decodes(raw, encoding):
            raise
        text = raw[: error.start].decode(encoding)
    return plain(text).rstrip(" ") or None


def _number(raw: bytes, column: Column, _encoding: str) -> Wire:
    text = raw.replace(b"\x00", b" ").strip().decode("ascii")
    if not text or set(text) <= {"*"}:
        return None
    if column.letter == "N" and not column.decimals and "." not in text and "e" not in text.casefold():
        return int(text)
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > 300:
        raise ValueError(text)
    return value


def _date(raw: bytes, _column: Column, _encoding: str) -> Wire:
    text = raw.replace(b"\x00", b" ").strip().decode("ascii")
    if not text.strip("0"):
        return None
    if len(text) != 8 or not text.isdigit():
        raise ValueError(text)
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _logical(raw: bytes, _column: Column, _encoding: str) -> Wire:
    letter = raw[:1].upper()
    if letter in {b"", b" ", b"?", b"\x00"}:
        return None
    if letter not in {b"Y", b"T", b"N", b"F", b"1", b"0"}:
        raise ValueError(raw)
    return letter in {b"Y", b"T", b"1"}


_READERS: Final[dict[str, Callable[[bytes, Column, str], Wire]]] = {
    "C": _text,
    "N": _number,
    "F": _number,
    "D": _date,
    "L": _logical,
}
