"""From the bytes of a personnel CSV to rows, or to problems by line and column. No database."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.fields import Invalid
from yakuba.kernel.fields.kinds import Choice, Date, Kana, Text
from yakuba.kernel.town.models import ASSIGNMENT_KINDS

V = TypeVar("V")

MAX_BYTES = 2_000_000
MAX_ROWS = 20_000
MAX_PROBLEMS = 200
_NUMBER = "職員番号"
_NAME = "氏名"
_KANA = "カナ"
_OFFICE = "所属コード"
_TITLE = "職"
_KIND = "区分"
_FROM = "発令日"
_TO = "終了日"
COLUMNS = (_NUMBER, _NAME, _KANA, _OFFICE, _TITLE, _KIND, _FROM, _TO)
_NEEDED = (_NUMBER, _NAME, _OFFICE, _TITLE, _KIND, _FROM)


class CellProblem(Problem):
    """A cell that cannot be used: line of the file (from 1, the header is line 1), column, what was found and expected."""

    def __init__(self, code: str, line: int, column: str, found: str, expected: str) -> None:
        self.line = line
        self.column = column
        if found:
            message = _("%(line)d行目「%(column)s」の「%(found)s」は使えません。%(expected)sにしてください。")
        else:
            message = _("%(line)d行目「%(column)s」が空です。入力してください。")
        super().__init__(
            code,
            message % {"line": line, "column": column, "found": found[:40], "expected": expected},
            field=f"{line}:{column}",
            found=found[:40],
            expected=expected,
        )


@dataclass(frozen=True)
class PersonnelRow:
    """One 発令. ``valid_to`` None means that the file states no end, not that there is none."""

    line: int
    staff_number: str
    name: str
    kana: str
    office_code: str
    title: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class PersonnelFile:
    """What was read: usable rows, problems of the others, and columns that mean nothing to us."""

    rows: tuple[PersonnelRow, ...]
    problems: tuple[CellProblem, ...]
    unread_columns: tuple[str, ...]


def too_large(size: int) -> Problem:
    """What is said of a file of ``size`` bytes that is larger than :data:`MAX_BYTES`."""
    return Problem(
        "too_large",
        _("ファイルが大きすぎます（%(size)d KB）。%(limit)d KB以下に分けてください。")
        % {"size": size // 1000, "limit": MAX_BYTES // 1000},
    )


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without BOM) or CP932 (what Excel saves). Raises :class:`Problem`."""
    if not content.strip():
        raise Problem("empty", _("ファイルが空です。"), expected="CSV")
    if len(content) > MAX_BYTES:
        raise too_large(len(content))
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Problem(
        "encoding",
        _("ファイルの文字を読めません。CSVをUTF-8かシフトJIS（Excelの「CSV」）で保存してください。"),
        expected="UTF-8・CP932",
    )


def read_rows(text: str) -> PersonnelFile:
    """Read a decoded CSV. Raises :class:`Problem` for a file that is no personnel CSV; cells' problems are returned.

    Full-width digits and wareki dates are understood. Names are kept as they stand. ValueError never comes out.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [unicodedata.normalize("NFKC", cell).strip() for cell in next(lines, [])]
        _check_header(header)
        reader = _Reader(header)
        line = lines.line_num + 1  # a quoted cell may run over several lines: the first one is named
        for count, cells in enumerate(lines, start=1):
            if count > MAX_ROWS:
                raise Problem("too_many_rows", _("行が多すぎます。%d行以下に分けてください。") % MAX_ROWS)
            if any(cell.strip() for cell in cells):
                reader.read(line, cells)
            line = lines.line_num + 1
    except csv.Error as error:
        raise Problem("csv", _('CSVとして読めません。引用符（"）の閉じ忘れを確かめてください。')) from error
    if not reader.rows and not reader.problems:
        raise Problem("no_rows", _("見出しの下に行がありません。"))
    unread = tuple(name for name in header if name and name not in COLUMNS)
    return PersonnelFile(tuple(reader.rows), tuple(reader.problems[:MAX_PROBLEMS]), unread)


def _check_header(header: list[str]) -> None:
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise Problem(
            "header",
            _("1行目の見出しに「%(missing)s」がありません。見出しは %(expected)s です。")
            % {"missing": "」「".join(missing), "expected": "・".join(COLUMNS)},
            found="・".join(header)[:100],
            expected="・".join(COLUMNS),
        )
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise Problem("header", _("見出し「%(name)s」が2つあります。") % {"name": twice[0]})


class _Reader:
    """Reads line after line and remembers what an earlier line said."""

    def __init__(self, header: list[str]) -> None:
        self.header = header
        self.rows: list[PersonnelRow] = []
        self.problems: list[CellProblem] = []
        self._names: dict[str, tuple[str, int]] = {}
        self._seen: dict[tuple[str, str, str, dt.date], int] = {}
        self._mains: dict[tuple[str, dt.date], int] = {}

    def read(self, line: int, cells: list[str]) -> None:
        before = len(self.problems)
        if len(cells) > len(self.header) and any(cell.strip() for cell in cells[len(self.header) :]):
            self._refuse("columns", line, self.header[-1], cells[len(self.header)], _("見出しの数だけの値"))
        cell = dict(zip(self.header, (c.strip() for c in cells), strict=False))
        number = self._take(line, _NUMBER, cell, _code)
        name = self._take(line, _NAME, cell, Text(200).parse)
        kana = self._take(line, _KANA, cell, Kana(200).parse) if cell.get(_KANA) else ""
        office = self._take(line, _OFFICE, cell, _code)
        title = self._take(line, _TITLE, cell, Text(60).parse)
        kind = self._take(line, _KIND, cell, Choice(ASSIGNMENT_KINDS).parse)
        start = self._take(line, _FROM, cell, Date().parse)
        end = self._take(line, _TO, cell, Date().parse) if cell.get(_TO) else None
        if start and end and end < start:
            self._refuse("order", line, _TO, cell[_TO], _("発令日（%s）以後の日") % Date().format(start))
        if len(self.problems) > before:
            return
        # All were taken: what a problem replaced by None never gets here.
        assert number is not None  # noqa: S101
        assert name is not None  # noqa: S101
        assert kana is not None  # noqa: S101
        assert office is not None  # noqa: S101
        assert title is not None  # noqa: S101
        assert kind is not None  # noqa: S101
        assert start is not None  # noqa: S101
        row = PersonnelRow(line, number, name, kana, office, title, kind, start, end)
        if self._agrees(row):
            self.rows.append(row)

    def _take(self, line: int, column: str, cell: dict[str, str], parse: Callable[[str], V]) -> V | None:
        found = cell.get(column, "")
        if not found:
            self._refuse("required", line, column, "", _("値"))
            return None
        try:
            return parse(found)
        except Invalid as invalid:
            self._refuse(invalid.code, line, column, found, invalid.expected)
            return None

    def _agrees(self, row: PersonnelRow) -> bool:
        """Whether the row contradicts no earlier one."""
        name, name_line = self._names.setdefault(row.staff_number, (row.name, row.line))
        if name != row.name:
            return self._refuse(
                "name",
                row.line,
                _NAME,
                row.name,
                _("%(line)d行目と同じ氏名（%(name)s）")
                % {
                    "line": name_line,
                    "name": name,
                },
            )
        same = self._seen.setdefault((row.staff_number, row.office_code, row.title, row.valid_from), row.line)
        if same != row.line:
            return self._refuse(
                "duplicate", row.line, _NUMBER, row.staff_number, _("%d行目と違う発令") % same
            )
        if row.kind == "main":
            main = self._mains.setdefault((row.staff_number, row.valid_from), row.line)
            if main != row.line:
                return self._refuse(
                    "two_mains", row.line, _KIND, "本務", _("%d行目が同じ日の本務なので、兼務など") % main
                )
        return True

    def _refuse(self, code: str, line: int, column: str, found: str, expected: str) -> bool:
        self.problems.append(CellProblem(code, line, column, found, expected))
        return False


def _code(text: str) -> str:
    """A staff number or office code: full-width letters and digits mean the same; leading zeros belong to it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[0-9A-Za-z-]{1,20}", plain):
        raise Invalid("code", text, _("20字以内の英数字"))
    return plain
