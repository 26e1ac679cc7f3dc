"""Kinds of time: a day, a moment, a fiscal year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.dates.wareki import format_date, format_moment, parse_date
from yakuba.kernel.fields.kinds.base import Cell, Invalid, JsonValue, Kind, Widget, half_width

# The day may bear its weekday in brackets; a time is 13:05, 13時 or 13時5分.
_WRITTEN_TIME = re.compile(
    r"(?:\([月火水木金土日]\))?\s*(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})|時(?:(?P<minutes>[0-9]{1,2})分)?)\Z"
)
# Far enough for every plan and archive, and every year in it is read back from its wareki writing.
LAST_YEAR = 2999


@dataclass(frozen=True)
class Date(Kind[dt.date]):
    """A day. Wareki and Western dates are understood; shown in wareki."""

    key: ClassVar[str] = "date"
    widget: ClassVar[Widget] = Widget.DATE
    operators: ClassVar[tuple[str, ...]] = ("is", "from", "until")

    def check(self, value: object) -> dt.date:
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise Invalid("type", repr(value), _("日付"))
        return value

    def parse(self, text: str) -> dt.date:
        try:
            return parse_date(text)
        except ValueError as exc:
            raise Invalid("date", text[:40], _("日付（例：令和6年4月1日、R6.4.1、2024-04-01）")) from exc

    def format(self, value: dt.date) -> str:
        return format_date(value)

    def to_text(self, value: dt.date) -> str:
        return value.isoformat()

    def to_cell(self, value: dt.date) -> Cell:
        return value

    def from_cell(self, cell: Cell) -> dt.date:
        if isinstance(cell, dt.datetime):
            return cell.date()
        return cell if isinstance(cell, dt.date) else super().from_cell(cell)

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "format": "date"}


def _written_moment(text: str) -> dt.datetime:
    """A day and a time of day as people write them: 令和6年4月1日 13:05, R6.4.1 13時5分."""
    expected = _("日時（例：令和6年4月1日 13:05、2024-04-01T13:05）")
    found = _WRITTEN_TIME.search(half_width(text))
    if found is None:
        raise Invalid("moment", text[:40], expected)
    try:
        day = parse_date(half_width(text)[: found.start()])
        return dt.datetime.combine(
            day, dt.time(int(found["hour"]), int(found["minute"] or found["minutes"] or 0))
        )
    except ValueError as exc:
        raise Invalid("moment", text[:40], expected) from exc


@dataclass(frozen=True)
class Moment(Kind[dt.datetime]):
    """A moment: UTC in the store, Japan time on screen, minutes are enough for a person."""

    key: ClassVar[str] = "moment"
    widget: ClassVar[Widget] = Widget.MOMENT
    operators: ClassVar[tuple[str, ...]] = ("from", "until")

    def check(self, value: object) -> dt.datetime:
        if not isinstance(value, dt.datetime) or value.tzinfo is None:
            raise Invalid("type", repr(value), _("日時"))
        return value

    def parse(self, text: str) -> dt.datetime:
        try:
            value = dt.datetime.fromisoformat(half_width(text))
        except ValueError:
            value = _written_moment(text)
        return value if value.tzinfo else value.replace(tzinfo=JAPAN)

    def format(self, value: dt.datetime) -> str:
        return format_moment(value)

    def to_text(self, value: dt.datetime) -> str:
        return value.astimezone(dt.UTC).isoformat()

    def to_cell(self, value: dt.datetime) -> Cell:
        # Sheets know no zone: what a clerk reads there is Japan time.
        return value.astimezone(JAPAN).replace(tzinfo=None)

    def from_cell(self, cell: Cell) -> dt.datetime:
        if isinstance(cell, dt.datetime):
            return cell if cell.tzinfo else cell.replace(tzinfo=JAPAN)
        return super().from_cell(cell)

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Year(Kind[FiscalYear]):
    """A fiscal year (年度); stored as the year in which it starts."""

    key: ClassVar[str] = "fiscal_year"
    operators: ClassVar[tuple[str, ...]] = ("is", "from", "until")

    def check(self, value: object) -> FiscalYear:
        if not isinstance(value, FiscalYear):
            raise Invalid("type", repr(value), _("年度"))
        if value.year > LAST_YEAR:
            raise Invalid("range", str(value.year), _("%d年度まで") % LAST_YEAR)
        return value

    def parse(self, text: str) -> FiscalYear:
        try:
            year = FiscalYear.parse(text)
        except ValueError as exc:
            raise Invalid("fiscal_year", text[:40], _("年度（例：令和6年度、R6、2024）")) from exc
        return self.check(year)

    def format(self, value: FiscalYear) -> str:
        return value.label

    def to_text(self, value: FiscalYear) -> str:
        return value.wareki

    def to_json(self, value: FiscalYear) -> JsonValue:
        return value.year

    def from_json(self, data: JsonValue) -> FiscalYear:
        if isinstance(data, bool) or not isinstance(data, int):
            raise Invalid("type", repr(data), _("年度の西暦（例：2024）"))
        return self.parse(str(data))

    def schema(self) -> dict[str, JsonValue]:
        return {"type": "integer", "minimum": 1886, "maximum": LAST_YEAR}
