"""CSV in CP932, which old programs want. What it has no character for is told, never replaced."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from yakuba.kernel.sheets import csv_out
from yakuba.kernel.sheets.table import Table

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Lacking:
    """A character that CP932 lacks, and in which line of the file (the head is 1) it stands first."""

    character: str
    line: int

    @property
    def code(self) -> str:
        """U+20BB7."""
        return " ".join(f"U+{ord(one):04X}" for one in self.character)


def encoded(table: Table) -> tuple[bytes, list[Lacking]]:
    """The file, and the first characters that it cannot hold; where there are some, the file is empty."""
    whole = bytearray()
    lacking: dict[str, Lacking] = {}
    for number, line in enumerate(_lines(table), 1):
        try:
            whole += line.encode("cp932")
        except UnicodeEncodeError:
            for character in line:
                if len(lacking) < _MOST and character not in lacking and not _has(character):
                    lacking[character] = Lacking(character, number)
    return (b"" if lacking else bytes(whole)), list(lacking.values())


def _lines(table: Table) -> Iterator[str]:
    for line in csv_out.lines(table):
        text = line.removeprefix(codecs.BOM_UTF8).decode()
        if text:
            yield text


def _has(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
