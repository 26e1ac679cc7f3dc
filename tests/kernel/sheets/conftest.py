"""A small list with a column of every kind, and ways to make files from rows."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import INTERNAL, PUBLIC, Spec, kinds
from yakuba.kernel.ids import uuid7
from yakuba.kernel.sheets import csv_out, xlsx
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.sheets.reading import read
from yakuba.kernel.sheets.table import Column, Row, Table

NOW = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)
STATES = (("advance", "推進"), ("operate", "運用"))

COLUMNS = (
    Column("number", Spec("番号", PUBLIC, kinds.Text(20)), fixed=True),
    Column("title", Spec("取組名", PUBLIC, kinds.Text())),
    Column("text", Spec("内容", PUBLIC, kinds.Prose(), required=False)),
    Column("kana", Spec("カナ", PUBLIC, kinds.Kana(), required=False)),
    Column("count", Spec("件数", PUBLIC, kinds.Integer(), required=False, unit="件")),
    Column("ratio", Spec("割合", PUBLIC, kinds.Number(), required=False, unit="%")),
    Column("shared", Spec("共同", PUBLIC, kinds.YesNo(), required=False)),
    Column("kind", Spec("種別", PUBLIC, kinds.Choice(STATES), required=False)),
    Column("day", Spec("開始日", PUBLIC, kinds.Date(), required=False)),
    Column("at", Spec("更新", INTERNAL, kinds.Moment(), required=False)),
    Column("year", Spec("目標年度", PUBLIC, kinds.Year(), required=False)),
)

FULL: dict[str, object] = {
    "number": "2-1",
    "title": "=電子申請の拡充",
    "text": "一行目\n@二行目 _x0041_ #REF!",
    "kana": "デンシ　シンセイ",
    "count": -1234,
    "ratio": Decimal("75.5"),
    "shared": False,
    "kind": "operate",
    "day": dt.date(2024, 4, 1),
    "at": dt.datetime(2024, 4, 1, 4, 5, 6, tzinfo=dt.UTC),
    "year": FiscalYear(2019),
}
SPARSE: dict[str, object] = {"number": "推10", "title": "髙﨑𠮷のまち", "day": dt.date(1880, 1, 2)}


@pytest.fixture
def rows() -> list[Row]:
    return [Row(FULL, uuid7(), 3), Row(SPARSE, uuid7(), 1)]


def table(rows: Iterable[Row], *, editable: bool = True, columns: tuple[Column, ...] = COLUMNS) -> Table:
    return Table("個別取組", "みほん市", columns, rows, NOW, editable)


def as_xlsx(made: Table) -> bytes:
    target = io.BytesIO()
    xlsx.write(made, target)
    return target.getvalue()


def as_csv(made: Table) -> bytes:
    return b"".join(csv_out.lines(made))


WRITERS: dict[str, Callable[[Table], bytes]] = {"xlsx": as_xlsx, "csv": as_csv}


def grid_of(data: bytes) -> Grid:
    return read(io.BytesIO(data))


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """A workbook as a person edits it."""
    book = load_workbook(io.BytesIO(data))
    change(book.worksheets[0])
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
