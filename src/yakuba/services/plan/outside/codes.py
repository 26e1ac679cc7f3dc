"""Codes of one cell: several stand side by side, each once, in the order in which they were written. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.services.plan.models import OUTSIDE_SYSTEMS

SYSTEMS: Final = tuple(key for key, _label in OUTSIDE_SYSTEMS)
_BETWEEN: Final = re.compile(r"[、,，;；\n]+")
_LONGEST: Final = 60
_MOST: Final = 20
Codes = Mapping[str, tuple[str, ...]]
"""By system the codes of one initiative or indicator; systems without one are left out."""


@dataclass(frozen=True, slots=True)
class Item:
    """An initiative (``position`` 0) or one of its indicators (its place, from 1), with its codes."""

    initiative: UUID
    position: int
    number: str
    title: str
    indicator: str
    leads: str
    codes: Codes

    @property
    def seen(self) -> int:
        """A mark of its codes: by it a change tells whether somebody else changed them meanwhile."""
        return mark(self.codes)


def mark(codes: Codes) -> int:
    """A number of at most eight digits, from 1, for a set of codes."""
    text = "\0".join(f"{system}={written(codes, system)}" for system in SYSTEMS)
    return zlib.crc32(text.encode()) % 99_999_989 + 1


def written(codes: Codes, system: str) -> str:
    """The codes of a system as one writes them into a cell: 0101、0102."""
    return "、".join(codes.get(system, ()))


def read(text: str, field: str) -> tuple[str, ...]:
    """The codes of a cell. Raises :class:`Problem` for one that is too long, and for too many."""
    found = tuple(dict.fromkeys(one.strip() for one in _BETWEEN.split(text) if one.strip()))
    if too_long := next((one for one in found if len(one) > _LONGEST), ""):
        raise Problem(
            "too_long",
            _("コードが長すぎます。%(most)d文字以内にしてください。") % {"most": _LONGEST},
            field=field,
            found=too_long[:80],
            expected=str(_LONGEST),
        )
    if len(found) > _MOST:
        raise Problem(
            "too_many",
            _("1つの欄に書けるコードは%(most)dまでです。") % {"most": _MOST},
            field=field,
            found=str(len(found)),
            expected=str(_MOST),
        )
    return found


def of_cells(cells: Mapping[str, str], place: str = "") -> dict[str, tuple[str, ...]]:
    """Codes by system from what stands in the cells; ``place`` stands before the field of a refusal."""
    found = {system: read(cells.get(system) or "", f"{place}{system}") for system in SYSTEMS}
    return {system: codes for system, codes in found.items() if codes}


def same(one: Codes, other: Codes) -> bool:
    """Whether two sets of codes are the same."""
    return all(tuple(one.get(system, ())) == tuple(other.get(system, ())) for system in SYSTEMS)


def coded(items: Sequence[Item], system: str) -> list[tuple[str, Item]]:
    """Every code of a system with what bears it, in the order of the codes."""
    found = [(code, one) for one in items for code in one.codes.get(system, ())]
    return sorted(found, key=lambda pair: (pair[0], pair[1].number, pair[1].position))
