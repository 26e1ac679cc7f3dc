"""An older system's history: from the cells of a file to figures of periods, laid beside what this system counts.

The first row with heads names the columns: the period (期間, 年度, 年月, 基準日), the value (値), the two numbers of a share (分子, 分母),
parts by their names. Rows without a value are passed over; what cannot be read is told at its cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from django.utils.translation import gettext as _

from yakuba.engines.metrics import queries
from yakuba.engines.metrics.declaring import Metric
from yakuba.engines.metrics.periods import Kind, Period
from yakuba.engines.metrics.rules import Break, Given, Unfit, compare, fitted, rebased
from yakuba.engines.metrics.series import spelled
from yakuba.engines.metrics.series.spelled import Unread
from yakuba.engines.metrics.wording import period_name, value_text
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import format_date, japan_date, parse_date
from yakuba.kernel.fields.kinds import Cell
from yakuba.kernel.sheets.cells import address
from yakuba.kernel.sheets.grid import Grid
from yakuba.kernel.text import fold

_HEADS: Final = 20  # rows in which the heads are looked for
_SHOWN: Final = 40
_PERIOD: Final[Mapping[str, Kind]] = {"年度": "year", "年月": "month", "月": "month", "基準日": "as_of"}
_NUMBERS: Final[Mapping[str, Literal["number", "numerator", "denominator"]]] = {
    "値": "number",
    "実績値": "number",
    "実績": "number",
    "分子": "numerator",
    "分母": "denominator",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be used: where it stands, what is in it, what is wrong, in a sentence."""

    address: str
    found: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: figures in the order of rows, faults by cell, heads that name nothing, rows without a value."""

    rows: Sequence[Given] = ()
    faults: Sequence[Fault] = ()
    ignored: Sequence[str] = ()
    empty: int = 0


@dataclass(slots=True)
class _Heads:
    row: int
    period: int = -1
    kind: Kind | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def read(one: Metric, cells: Grid, names: Mapping[str, str], today: dt.date) -> Reading:
    """What a file says of a metric. ``names`` are its parts' by key. Raises :class:`Problem` where no row has the heads."""
    heads = _find(one, cells, names)
    rows: list[Given] = []
    faults: list[Fault] = []
    seen: dict[Period, str] = {}
    empty = 0
    for number in range(heads.row + 1, len(cells.rows)):
        if all(spelled.text_of(cell) == "" for cell in cells.rows[number]):
            continue
        found = _row(one, cells, number, heads, today, faults)
        if found is None:
            continue
        if found.number is None and found.numerator is None and found.denominator is None:
            empty += 1
            continue
        where = address(number, heads.period)
        if found.period in seen:
            faults.append(
                Fault(
                    where,
                    spelled.text_of(cells.cell(number, heads.period)),
                    _("%(period)sの行が、%(other)sにもあります。1つにしてください。")
                    % {"period": period_name(found.period), "other": seen[found.period]},
                )
            )
            continue
        seen[found.period] = where
        rows.append(found)
    if not rows and not faults:
        raise Problem("empty", _("値のある行がありません。見出しの下に値を書いてください。"), field="file")
    return Reading(rows, faults, heads.ignored, empty)


def _find(one: Metric, cells: Grid, names: Mapping[str, str]) -> _Heads:
    by_name = {fold(name): key for key, name in names.items()}
    best: _Heads | None = None
    for number, row in enumerate(cells.rows[:_HEADS]):
        found = _Heads(number)
        for place, cell in enumerate(row):
            _take(one, found, place, spelled.text_of(cell), by_name)
        usable = found.period >= 0 and bool(found.numbers)
        if usable and (best is None or len(found.numbers) > len(best.numbers)):
            best = found
    if best is None:
        raise Problem(
            "head_missing",
            _(
                "見出しの行が見つかりません。「年度」「年月」「基準日」「期間」のどれかと「値」の列がある表にしてください。"
            ),
            field="file",
            expected="年度・値",
        )
    return best


def _take(one: Metric, found: _Heads, place: int, text: str, by_name: Mapping[str, str]) -> None:
    """What a head names. A unit in brackets behind it is left out: 値（件）."""
    plain = fold(text.partition("（")[0].partition("(")[0])
    kinds = {fold(name): kind for name, kind in _PERIOD.items()}
    numbers = {fold(name): key for name, key in _NUMBERS.items()}
    numbers[fold(str(one.label))] = "number"
    if not plain:
        return
    if found.period < 0 and (plain in kinds or plain == fold("期間")):
        found.period, found.kind = place, kinds.get(plain)
    elif numbers.get(plain, "") and numbers[plain] not in found.numbers:
        found.numbers[numbers[plain]] = place
    elif plain in by_name and by_name[plain] not in found.parts:
        found.parts[by_name[plain]] = place
    else:
        found.ignored.append(text[:_SHOWN])


def _row(
    one: Metric, cells: Grid, number: int, heads: _Heads, today: dt.date, faults: list[Fault]
) -> Given | None:
    """One row; what is wrong with it goes to the faults."""
    before = len(faults)
    period = None
    where, text = address(number, heads.period), spelled.text_of(cells.cell(number, heads.period))
    try:
        _sound(cells, where)
        period = _period(one, cells.cell(number, heads.period), heads.kind)
    except Unread as unread:
        faults.append(Fault(where, text[:_SHOWN], _expected(text, unread)))
    said = {key: _number(one, cells, number, place, faults) for key, place in heads.numbers.items()}
    parts = {key: _number(one, cells, number, place, faults) for key, place in heads.parts.items()}
    if period is None or len(faults) > before:
        return None
    given = Given(
        period,
        said.get("number"),
        said.get("numerator"),
        said.get("denominator"),
        {key: value for key, value in parts.items() if value is not None},
        number + 1,
    )
    if given.number is None and given.numerator is None and given.denominator is None:
        return given
    if why := unloadable(one, period, today):
        faults.append(Fault(where, text[:_SHOWN], why))
        return None
    made = fitted(one.aggregation, given)
    if isinstance(made, Unfit):
        place = heads.numbers.get(made.field, next(iter(heads.numbers.values())))
        cell = spelled.text_of(cells.cell(number, place))[:_SHOWN]
        faults.append(Fault(address(number, place), cell, _unfit(made, one.unit)))
        return None
    return made


def _period(one: Metric, cell: Cell, kind: Kind | None) -> Period:
    """The period that a cell names; under 「期間」 what it looks like."""
    if kind is not None:
        return Period.as_of(_day(cell)) if kind == "as_of" else _of(kind, cell)
    return named(cell, one.every)


def named(cell: Cell, kinds: Collection[str]) -> Period:
    """The year, month or day that a cell or a text names, as a period of one of the kinds; a day is one that figures stand for.

    Where days are periods and no days that figures stand for, it is that day. Raises :class:`Unread`.
    """
    if _is_day(cell):
        if "as_of" in kinds:
            return Period.as_of(_day(cell))
        if "day" in kinds:
            return Period.day(_day(cell))
    elif "year" in kinds or "month" in kinds:
        for each in ("year", "month"):
            try:
                found = _of("year" if each == "year" else "month", cell)
            except Unread:
                continue
            if found.kind in kinds:
                return found
    raise Unread(_("期間（例：令和6年度、令和6年4月、令和7年3月1日）"))


def _of(kind: Kind, cell: Cell) -> Period:
    """A year or a month. A fiscal year is no month, and a month no year."""
    found, day = spelled.period(cell, kind)
    if kind == "month" and found.kind != "month":
        raise Unread(_("年月（例：令和6年4月、202404、R6.4）"))
    if kind == "year" and day != found.last:
        raise Unread(_("年度（例：令和6年度、R6、2024年度）"))
    return found


def _is_day(cell: Cell) -> bool:
    try:
        _day(cell)
    except Unread:
        return False
    return True


def _day(cell: Cell) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        return parse_date(spelled.text_of(cell))
    except ValueError:
        raise Unread(_("日付（例：令和7年3月1日）")) from None


def _number(one: Metric, cells: Grid, row: int, place: int, faults: list[Fault]) -> Decimal | None:
    where, cell = address(row, place), cells.cell(row, place)
    try:
        _sound(cells, where)
        found = spelled.number(cell, one.unit)
    except Unread as unread:
        text = spelled.text_of(cell)[:_SHOWN]
        faults.append(Fault(where, text, _expected(text, unread)))
        return None
    return None if found is None else found.number


def _sound(cells: Grid, where: str) -> None:
    """Raises :class:`Unread` for a cell that a program could not compute (#REF!)."""
    if where in cells.faults:
        raise Unread(_("計算できている値"))


def _expected(text: str, unread: Unread) -> str:
    return _("「%(found)s」は使えません。%(expected)s にしてください。") % {
        "found": text[:_SHOWN],
        "expected": unread.expected,
    }


def _unfit(found: Unfit, unit: str) -> str:
    return {
        "both": _("分子と分母は、両方を書くか、両方を空にしてください。"),
        "denominator": _("分母は0より大きい数にしてください。"),
        "numerator": _("分子は0以上で、分母以下にしてください。"),
        "plain": _("この計測値は率や平均ではありません。分子と分母は空にしてください。"),
        "differs": _("値が、分子と分母から計算した %s と違います。") % value_text(found.number, unit),
        "range": _("率が0%から100%の間にありません。分子と分母の列を確かめてください。"),
        "large": _("値が大きすぎます。15けたまでの数にしてください。"),
        "number": _("値が空です。"),
    }[found.code]


# --- what may be loaded -------------------------------------------------------------------------------------------------
def unloadable(one: Metric, period: Period, today: dt.date) -> str:
    """Why an older system cannot have had a figure of a period, in a sentence; empty where it can."""
    if period.kind == "day" or period.kind not in one.every:
        return _("「%(metric)s」は、この種類の期間では数えません。") % {"metric": one.label}
    if not period.settles(today):  # what is loaded counts as settled
        return _("%(period)sは、まだ終わっていません。") % {"period": period_name(period)}
    return ""


def demand_loadable(ctx: Context, one: Metric, period: Period) -> None:
    """Raises :class:`Problem` on the field ``period``."""
    why = unloadable(one, period, japan_date(ctx.now))
    if why:
        raise Problem("period", why, field="period", found=format_date(period.last))


def part_names(ctx: Context, one: Metric) -> dict[str, str]:
    """What parts are called, by key: those that are declared, and those that were measured of late."""
    keys = {key for figure in queries.public_kinds(ctx, [one.key]).get(one.key, []) for key in figure.parts}
    return one.names_of(ctx.municipality.id, sorted(keys | set(one.parts)))


# --- beside what this system counts -------------------------------------------------------------------------------------
def break_between(
    ctx: Context, one: Metric, rows: Sequence[Given], since: dt.date | None = None
) -> Break | None:
    """Where the older system's figures meet this system's, those that stand and those that come together. None where they do not.

    A running period says nothing yet of a whole one. Before ``since`` (or the day on which its service came into use) 0 means nothing.
    """
    best: Break | None = None
    begun = since or queries.beginnings(ctx, [one.key])[one.key].day
    today = japan_date(ctx.now)
    kinds: Sequence[Kind] = ("year", "as_of", "month")
    for kind in kinds:
        by_version = queries.by_version(ctx, one.key, kind)
        old = {period: figure.number for period, figure in by_version.pop(0, {}).items()}
        old |= {row.period: row.number for row in rows if row.period.kind == kind}
        new: dict[Period, Decimal | None] = {}
        for of in by_version.values():
            new |= {
                period: figure.number
                for period, figure in of.items()
                if (figure.number or begun <= period.first) and (period.kind == "as_of" or period.over(today))
            }
        found = compare(old, new)
        if found is not None and (best is None or (found.same_period and not best.same_period)):
            best = found
    return best


def told(found: Break, unit: str) -> str:
    """Both figures and their difference, in a sentence."""
    change = found.change
    words = {
        "old_period": period_name(found.old_period),
        "new_period": period_name(found.new_period),
        "old": value_text(found.old, unit),
        "new": value_text(found.new, unit),
        "change": "" if change is None else f"{change * 100:+.1f}",
    }
    if change is None:
        return _("%(old_period)sの以前の値は%(old)s、%(new_period)sのこのシステムの値は%(new)sです。") % words
    if found.same_period:
        return (
            _("%(old_period)sは、以前の値が%(old)s、このシステムの数え方では%(new)sです（%(change)s％）。")
            % words
        )
    return (
        _(
            "以前の値は%(old_period)sの%(old)sまで、このシステムの値は%(new_period)sの%(new)sからです（%(change)s％）。"
        )
        % words
    )


def rebase_told(found: Break, target: Decimal, unit: str) -> str:
    """What a target under the old definition comes to under the new one, with its arithmetic; empty where nothing follows."""
    proposed = rebased(target, found)
    if proposed is None or not found.same_period:
        return ""
    return _(
        "目標値%(target)sは、新しい数え方では%(proposed)sに当たります（%(target)s × %(new)s ÷ %(old)s）。目標値を改めるかどうかは、所管課が決めてください。"
    ) % {
        "target": value_text(target, unit),
        "proposed": value_text(proposed, unit),
        "new": value_text(found.new, unit),
        "old": value_text(found.old, unit),
    }
