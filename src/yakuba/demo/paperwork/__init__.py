"""The invented towns' plans as the documents that offices really have: five shapes, five containers.

A shape turns plans (`yakuba-plan/1`) into printed elements; a writer turns elements into a file. What is printed comes from the data
alone, so what a reading should hold is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from yakuba.services.plan.reading.document import loads, reading_of, to_document

from . import kept, shapes, writers
from .elements import Element, Form


@dataclass(frozen=True)
class Shape:
    """A way of printing a plan: its Japanese name, the town that prints so, and how it is composed."""

    name: str
    data: tuple[str, ...]
    compose: Callable[[Sequence[Form]], list[Element]]


SHAPES: Final = {
    "wide": Shape("一覧表", ("karina.json",), shapes.wide),
    "details": Shape("概要と個別表", ("mihon.json", "mihon-r7.json"), shapes.details),
    "sheets": Shape("施策シート", ("hinagata.json",), shapes.sheets),
    "outline": Shape("章立て", ("reiji.json",), shapes.outline),
    "measures": Shape("施策と前計画の検証", ("shisaku.json",), shapes.measures),
}
WRITERS: Final[dict[str, Callable[[Sequence[Element], str], bytes]]] = {
    "txt": writers.txt,
    "csv": writers.csv_,
    "xlsx": writers.xlsx,
    "docx": writers.docx,
    "pdf": writers.pdf,
}
#: The file in which each town hands its plan over.
HANDED_OVER: Final = {"wide": "csv", "details": "pdf", "sheets": "xlsx", "outline": "docx", "measures": "txt"}


def forms(shape: Shape) -> list[Form]:
    """The plans that a shape prints, in the canonical form."""
    return [
        to_document(reading_of(one), one.municipality.code, one.municipality.name)
        for name in shape.data
        for one in loads((files("yakuba.demo") / "data" / name).read_bytes())
    ]


def hand_over(folder: Path) -> None:
    """Writes each town's plan into a folder, as the document in which it would hand it over; files that are there stay."""
    folder.mkdir(exist_ok=True)
    for key, shape in SHAPES.items():
        plans = forms(shape)
        title = str(max(plans, key=lambda one: one["plan"]["first_year"])["plan"]["title"])
        path = folder / f"{title}（{shape.name}）.{HANDED_OVER[key]}"
        if not path.exists():
            path.write_bytes(WRITERS[HANDED_OVER[key]](shape.compose(plans), title))
    plans = forms(SHAPES["details"])
    path = folder / f"{plans[0]['plan']['title']}（課別・見え消し）.xlsx"
    if not path.exists():
        path.write_bytes(kept.kept(plans))
