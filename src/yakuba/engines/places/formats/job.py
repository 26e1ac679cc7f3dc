"""What every writer of files shares: its task, its result, and texts that an encoding can hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from django.utils.translation import gettext as _

from yakuba.engines.places.crs.systems import System
from yakuba.engines.places.formats.drawn import Feature, Field
from yakuba.kernel.fields.kinds import Cell

Encoding = Literal["utf-8", "cp932"]

_DEGREES: Final = 9  # a tenth of a millimetre, as places are kept
_METRES: Final = 4
_MOST_NOTES: Final = 100
# 〜−‖—¢£¬ of JIS stand in CP932 at the places of their look-alikes: the same characters to whoever reads the file.
_LOOK_ALIKES: Final = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")


@dataclass(slots=True)
class Written:
    """A file: its bytes, the ending of its name, its media type, and what a person must know about it."""

    data: bytes = b""
    ending: str = ""
    content_type: str = ""
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Said once, however often; of very many the first."""
        if text not in self.notes and len(self.notes) < _MOST_NOTES:
            self.notes.append(text)


@dataclass(frozen=True, slots=True)
class Job:
    """What a writer gets: a name for layers, fields in order, features whose geometries are in ``system`` (x east, y north) already."""

    name: str
    fields: Sequence[Field]
    features: Sequence[Feature]
    system: System
    encoding: Encoding

    @property
    def decimals(self) -> int:
        """Of coordinates, to a tenth of a millimetre."""
        return _DEGREES if self.system.kind == "degrees" else _METRES


def text(value: Cell) -> str:
    """A value as a text: dates as ISO 8601, decimals as they are, empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def encoded(value: str, encoding: str, written: Written, row: int, name: str) -> bytes:
    """A text in an encoding; characters it lacks become 〓, and the first of them are told with their row and field."""
    if encoding == "utf-8":
        return value.encode("utf-8", "replace")
    plain = value.translate(_LOOK_ALIKES)
    try:
        return plain.encode(encoding)
    except UnicodeEncodeError:
        pass
    lost = [char for char in plain if not _fits(char, encoding)]
    written.note(
        _("%(row)d件目の「%(field)s」: %(encoding)sにない文字「%(chars)s」を〓にしました。")
        % {"row": row, "field": name, "encoding": encoding.upper(), "chars": "".join(dict.fromkeys(lost))}
    )
    return "".join("〓" if char in lost else char for char in plain).encode(encoding, "replace")


def _fits(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
