"""Kinds that count: dates (wareki too), numbers and yen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from yakuba.kernel.dates import InvalidDateError, format_date
from yakuba.kernel.fields import kinds as kernel
from yakuba.services.procedures.definition.forms import FieldView
from yakuba.services.procedures.definition.kinds.base import (
    Cell,
    Invalid,
    JsonValue,
    OneField,
    Question,
    Scope,
)

#: Yen: more than any fee or grant of a town, and exact everywhere.
MOST_YEN: Final = 10**12
_DATE: Final = kernel.Date()
_NUMBER: Final = kernel.Number()


def bound_day(bound: str, today: dt.date) -> dt.date | None:
    """The day that ``earliest`` or ``latest`` names: an ISO day or ``today``; None where there is none."""
    if not bound:
        return None
    return today if bound == "today" else dt.date.fromisoformat(bound)


class DateKind(OneField):
    """A day, typed as people write it (令和6年4月1日, R6.4.1, 2024-04-01); kept in ISO 8601, shown in wareki."""

    key: ClassVar[str] = "date"

    def from_text(self, question: Question, text: str) -> JsonValue:
        return _DATE.parse(text).isoformat()

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        if not isinstance(value, str):
            raise Invalid("type", repr(value)[:40], _("日付"))
        try:
            day = dt.date.fromisoformat(value)
            written = format_date(day)
        except (InvalidDateError, ValueError):
            raise Invalid("date", value[:40], _("日付（例：令和6年4月1日、R6.4.1、2024-04-01）")) from None
        earliest, latest = bound_day(question.earliest, scope.day), bound_day(question.latest, scope.day)
        if earliest is not None and day < earliest:
            raise Invalid("early", written, _("%s以降の日付") % format_date(earliest))
        if latest is not None and day > latest:
            raise Invalid("late", written, _("%s以前の日付") % format_date(latest))
        return day.isoformat()

    def as_text(self, question: Question, value: JsonValue) -> str:
        return format_date(dt.date.fromisoformat(str(value)))

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        own = question.stands_for == "applicant.birth"
        return replace(base, widget="date", autocomplete="bday" if own else "")

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return (dt.date.fromisoformat(value) if isinstance(value, str) else None,)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {"type": "string", "format": "date"}


class NumberKind(OneField):
    """A number; kept as decimal text."""

    key: ClassVar[str] = "number"

    def from_text(self, question: Question, text: str) -> JsonValue:
        return _NUMBER.to_text(_NUMBER.parse(text))

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        number = _NUMBER.from_json(value)
        _within(question, number)
        return _NUMBER.to_text(number)

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        return replace(base, widget="number")

    def shown(self, question: Question, value: JsonValue, language: str) -> str:
        return _NUMBER.format(Decimal(str(value)))

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return (None if value is None else Decimal(str(value)),)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return _NUMBER.schema()


class YenKind(OneField):
    """Whole yen, not less than 0 unless the question says so."""

    key: ClassVar[str] = "yen"

    def from_text(self, question: Question, text: str) -> JsonValue:
        plain = text.strip()
        return _yen(question).parse(plain.removesuffix("円").removeprefix("¥").removeprefix("￥"))

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        amount = _yen(question).from_json(value)
        _within(question, Decimal(amount))
        return amount

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        return replace(base, widget="number", unit=question.unit or _("円"))

    def lines(self, question: Question, value: JsonValue, filled: object) -> tuple[str, ...]:
        return (f"{int(str(value)):,}{question.unit or _('円')}",)

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        return (None if value is None else int(str(value)),)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return _yen(question).schema()


def _yen(question: Question) -> kernel.Integer:
    return kernel.Integer(-MOST_YEN if question.minimum.startswith("-") else 0, MOST_YEN)


def _within(question: Question, number: Decimal) -> None:
    """Raises :class:`Invalid` outside of the question's bounds."""
    low = Decimal(question.minimum) if question.minimum else None
    high = Decimal(question.maximum) if question.maximum else None
    if (low is None or number >= low) and (high is None or number <= high):
        return
    unit = question.unit
    if low is not None and high is not None:
        expected = _("%(low)s以上%(high)s以下") % {"low": f"{low:,}{unit}", "high": f"{high:,}{unit}"}
    else:
        expected = _("%s以上") % f"{low:,}{unit}" if low is not None else _("%s以下") % f"{high:,}{unit}"
    raise Invalid("range", f"{number:,}{unit}", expected)
