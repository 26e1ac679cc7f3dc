"""The themes and their areas, as shipped (``themes.csv``, ``areas.csv``).

A theme says what an initiative is about in words that all cities share, so that the plans of two cities can be laid side by side.
Ids are kept for ever: plans store them. Names and words may be bettered.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from django.utils.translation import get_language

WEAK_MARK: Final = "?"


@dataclass(frozen=True)
class Area:
    """A group of themes, for choosing from."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Theme:
    """What an initiative may be about.

    ``words`` are what a plan calls the theme and no other theme. ``weak_words`` (marked ``?`` in the file) are hints only: other
    themes may share them.
    """

    id: str
    area: str
    name: str
    name_en: str
    words: tuple[str, ...]
    weak_words: tuple[str, ...]


def _rows(name: str) -> csv.DictReader[str]:
    return csv.DictReader(files(__package__).joinpath(name).read_text("utf-8").splitlines())


def _theme(row: Mapping[str, str]) -> Theme:
    words = row["words"].split("|")
    return Theme(
        id=row["id"],
        area=row["area"],
        name=row["name"],
        name_en=row["name_en"],
        words=tuple(word for word in words if not word.endswith(WEAK_MARK)),
        weak_words=tuple(word.removesuffix(WEAK_MARK) for word in words if word.endswith(WEAK_MARK)),
    )


AREAS: Final[Mapping[str, Area]] = MappingProxyType(
    {row["id"]: Area(row["id"], row["name"], row["name_en"]) for row in _rows("areas.csv")}
)
THEMES: Final[Mapping[str, Theme]] = MappingProxyType({row["id"]: _theme(row) for row in _rows("themes.csv")})


def theme(theme_id: str) -> Theme:
    """The theme with this id; raises ``KeyError``."""
    return THEMES[theme_id]


def by_area() -> list[tuple[Area, list[Theme]]]:
    """Every area with its themes, both in the order of the files."""
    return [(area, [one for one in THEMES.values() if one.area == area.id]) for area in AREAS.values()]


def label(thing: Theme | Area) -> str:
    """The name in the reader's language: English for English, Japanese for everyone else."""
    return thing.name_en if (get_language() or "ja").startswith("en") else thing.name
