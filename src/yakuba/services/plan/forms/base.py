"""What a form of a part is made of: rows of typed text, their fields, and the way from text to JSON and back."""

from __future__ import annotations

import datetime as dt
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem, Problems
from yakuba.kernel.dates import FiscalYear, format_date
from yakuba.kernel.dates.wareki import parse_date
from yakuba.kernel.fields import Invalid
from yakuba.kernel.fields.kinds import Number
from yakuba.kernel.ui.components.forms import Widget
from yakuba.services.plan import labels
from yakuba.services.plan.paths import Form

T = TypeVar("T")
Choices = Sequence[tuple[str, labels.Text]]
Cell = str | list[str]
BLANK_ROWS = 2
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class World:
    """What the fields of a form offer: the edition's tree, the offices and progress words that it uses."""

    places: Choices = ()
    offices: Sequence[str] = ()
    progress_words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a row. ``wide`` gives it a line of its own."""

    key: str
    label: labels.Text
    widget: Widget = "text"
    choices: Choices = ()
    hint: labels.Text = ""
    rows: int = 2
    wide: bool = False
    required: bool = False
    folded: bool = False
    """Seldom needed: it stands behind a summary until somebody opens it."""


@dataclass(slots=True)
class Typed:
    """One row as typed; ``of`` is the row of the part that it was, None for a new one."""

    cells: dict[str, Cell]
    of: int | None = None
    order: str = ""
    gone: bool = False

    def text(self, key: str) -> str:
        """The text of a single field, without blanks around it."""
        found = self.cells.get(key, "")
        return found.strip() if isinstance(found, str) else ""

    def many(self, key: str) -> list[str]:
        """The chosen codes of a field with several choices."""
        found = self.cells.get(key, [])
        return found if isinstance(found, list) else [found]

    def lines(self, key: str) -> list[str]:
        """The lines of a text, empty ones left out."""
        return [line for line in (one.strip() for one in self.text(key).splitlines()) if line]


@dataclass(slots=True)
class Wrong:
    """Gathers what is wrong with typed rows, so that all of it is told at once."""

    problems: list[Problem] = field(default_factory=list)

    def take(self, row: int, key: str, read: Callable[[str], T], text: str) -> T | None:
        """What ``read`` makes of a text; None where it refuses, and the refusal is kept."""
        try:
            return read(text)
        except Problem as problem:
            self.say(row, key, problem)
            return None

    def say(self, row: int, key: str, problem: Problem) -> None:
        """Keep a problem of one field."""
        problem.field = name_of(row, key)
        self.problems.append(problem)

    def end(self) -> None:
        """Raises :class:`Problems` where anything was wrong."""
        if self.problems:
            raise Problems(self.problems)


def name_of(row: int, key: str) -> str:
    """The name of a field in the page."""
    return f"r{row}-{key}"


Kept = Sequence[tuple[int, Typed]]
"""The rows that stay, each with its number in the page."""


class PartForm(ABC):
    """The form of one part. Rows that are left empty are no rows; a row goes by its checkbox and moves by its number."""

    title: ClassVar[labels.Text]
    lead: ClassVar[labels.Text] = ""
    row_name: ClassVar[labels.Text] = ""
    many: ClassVar[bool] = True
    ordered: ClassVar[bool] = True
    help: ClassVar[Sequence[tuple[labels.Text, labels.Text]]] = ()

    def __init__(self, part: str) -> None:
        self.part = part

    @abstractmethod
    def inputs(self, world: World, typed: Typed) -> Sequence[Input]:
        """The fields of a row."""

    @abstractmethod
    def rows(self, form: Form) -> list[Typed]:
        """The rows as they stand."""

    @abstractmethod
    def value(self, typed: Kept, form: Form, wrong: Wrong) -> Any:  # Any: JSON of the part
        """The part's JSON from the rows that stay, each with its number in the page."""

    def legend(self, form: Form, typed: Typed) -> str:
        """What a row is called: itself, or that it is new."""
        return _("新しい行")

    def identity(self, row: Form) -> str:
        """By what a row is known again when somebody else changed the list meanwhile."""
        return json.dumps(row, ensure_ascii=False, sort_keys=True)

    def folded(self, form: Form, typed: Typed) -> str:
        """What the summary of the folded fields says."""
        return ""

    def blank(self) -> Typed:
        """An empty row."""
        return Typed({})

    def kept(self, typed: Sequence[Typed]) -> list[tuple[int, Typed]]:
        """The rows that stay, in the order of their numbers, each with its number in the page."""
        stay = [
            (n, row)
            for n, row in enumerate(typed)
            if not row.gone and (row.of is not None or any(_filled(one) for one in row.cells.values()))
        ]
        return (
            sorted(stay, key=lambda pair: (_order(pair[1].order, pair[0]), pair[0])) if self.ordered else stay
        )

    def key_of(self, path: str, kept: Kept) -> str:
        """The field of the page that a path of the part means."""
        inside = path.removeprefix(self.part)
        found = re.match(r"\[(\d+)\]\.?(.*)", inside)
        if found is None or int(found[1]) >= len(kept):
            return name_of(kept[0][0], next(iter(kept[0][1].cells), "")) if kept else ""
        return name_of(kept[int(found[1])][0], self.field_of(found[2]))

    def field_of(self, leaf: str) -> str:
        """The field of a row that a place inside it means."""
        return leaf

    def read(self, typed: Sequence[Typed], form: Form) -> Any:  # Any: JSON of the part
        """The part's JSON. Raises :class:`Problems` with the fields of the page."""
        wrong = Wrong()
        found = self.value(self.kept(typed), form, wrong)
        wrong.end()
        return found


def _filled(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else bool(cell)


def _order(text: str, place: int) -> float:
    """The number that somebody gave a row; without one it stays where it is."""
    try:
        return float(Number().parse(text)) if text.strip() else place + 1
    except Invalid:
        return place + 1


def year_of(text: str) -> int | None:
    """A fiscal year as people write it; None for nothing."""
    if not text:
        return None
    try:
        return FiscalYear.parse(text).year
    except ValueError as exc:
        raise Problem(
            "year", _("年度として読めません。令和6年度、R6、2024のように入力してください。"), found=text
        ) from exc


def day_of(text: str) -> str | None:
    """A day as people write it, in ISO 8601; None for nothing."""
    if not text:
        return None
    try:
        return parse_date(text).isoformat()
    except ValueError as exc:
        raise Problem("date", str(exc), found=text) from exc


def number_of(text: str) -> str | None:
    """A decimal in text; None for nothing."""
    if not text:
        return None
    try:
        return str(Number().to_json(Number().parse(text)))
    except Invalid as invalid:
        raise Problem.of("", _("数"), invalid) from invalid


def year_text(year: int | None) -> str:
    """A fiscal year as it stands in a field."""
    return FiscalYear(year).wareki if year else ""


def day_text(day: str | None) -> str:
    """A day as it stands in a field."""
    return format_date(dt.date.fromisoformat(day)) if day else ""


def choices(codes: Mapping[str, labels.Text]) -> Choices:
    """The choices of a code list."""
    return tuple(codes.items())


def demand(label: str) -> Problem:
    """That a field is empty and may not be."""
    return Problem.of("", label, Invalid("required", "", ""))


def twice(what: str) -> Problem:
    """That something stands twice."""
    return Problem("twice", _("「%(what)s」が2つあります。片方を消してください。") % {"what": what})
