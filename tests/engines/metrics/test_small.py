"""Small counts of persons: what is shown tells of nobody, however it is added and subtracted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics import small
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.small import Shown, is_small, shown, shown_all
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.dates import FiscalYear

LEAST = 5
R6 = FiscalYear(2024)
MONTHS = [
    Period.month(dt.date(2024 + (month < 4), month, 1)) for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
]
PERIODS = [*MONTHS, Period.year(R6), Period.as_of(dt.date(2025, 3, 1)), Period.as_of(dt.date(2024, 9, 30))]


def plain(period: Period, count: int, **parts: int) -> Figure:
    return Figure(period, Decimal(count), parts={key: Decimal(one) for key, one in parts.items()})


def share(period: Period, top: int, bottom: int) -> Figure:
    number = Decimal(top) * 100 / bottom if bottom else None
    return Figure(period, number, numerator=Decimal(top), denominator=Decimal(bottom))


@pytest.mark.parametrize(("count", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_figure(count: int, hidden: bool) -> None:
    found = shown(LEAST, plain(MONTHS[0], count, web=count))
    assert found.hidden is hidden
    assert (found.figure.number is None) is hidden
    assert bool(found.figure.parts) is not hidden


@pytest.mark.parametrize(
    ("top", "bottom", "hidden"),
    [
        (0, 20, False),
        (20, 20, False),
        (10, 20, False),
        (4, 20, True),
        (16, 20, True),
        (3, 3, True),
        (0, 0, False),
    ],
)
def test_a_share_tells_of_those_who_are_not_in_it_too(top: int, bottom: int, hidden: bool) -> None:
    found = shown(LEAST, share(MONTHS[0], top, bottom), "ratio")
    assert found.hidden is hidden
    if hidden:
        assert (found.figure.number, found.figure.numerator, found.figure.denominator) == (None, None, None)


def test_a_share_without_its_two_numbers_is_not_shown() -> None:
    assert shown(LEAST, Figure(MONTHS[0], Decimal(50)), "ratio").hidden
    assert not shown(0, Figure(MONTHS[0], Decimal(50)), "ratio").hidden


@pytest.mark.parametrize(("count", "hidden"), [(0, False), (4, True), (5, False)])
def test_an_average_of_few(count: int, hidden: bool) -> None:
    mean = Decimal(7) if count else None
    figure = Figure(MONTHS[0], mean, numerator=Decimal(7 * count), denominator=Decimal(count))
    assert shown(LEAST, figure, "average").hidden is hidden


def test_one_small_part_keeps_all_parts() -> None:
    found = shown(LEAST, plain(MONTHS[0], 20, web=18, fax=2))
    assert (found.hidden, found.figure.number, found.figure.parts) == (False, 20, {})
    assert shown(LEAST, plain(MONTHS[0], 20, web=20, fax=0)).figure.parts == {"web": 20, "fax": 0}


def test_one_small_month_and_the_year() -> None:
    """The year less eleven months would be the twelfth."""
    counts = [20] * 11 + [2]
    months = [plain(one, count) for one, count in zip(MONTHS, counts, strict=True)]
    found = shown_all(LEAST, [*months, plain(PERIODS[12], 222)], "year_total", flows=True)
    assert not found[-1].hidden, "the year says most"
    assert [one.hidden for one in found[:12]].count(True) == 2


def test_a_day_that_figures_stand_for_and_the_months() -> None:
    """The year up to 1 March less April to February is 1 March."""
    months = [plain(one, 20) for one in MONTHS[:11]]
    found = shown_all(LEAST, [*months, plain(PERIODS[13], 221)], "year_total", flows=True)
    assert [one.hidden for one in found] == [False] * 11 + [True]


def test_running_totals_tell_of_what_came_between() -> None:
    levels = [plain(one, count) for one, count in zip(MONTHS, [20, 22, 30], strict=False)]
    assert [one.hidden for one in shown_all(LEAST, levels, "cumulative", flows=True)] == [False, True, False]
    assert not any(one.hidden for one in shown_all(LEAST, levels, "at_date", flows=False))


def test_running_totals_of_a_year_begin_anew_in_april() -> None:
    running = small.running("year_total")
    months = [plain(one, count) for one, count in zip(MONTHS[-2:], [40, 41], strict=True)]
    april = plain(Period.month(dt.date(2025, 4, 1)), 42)
    found = shown_all(LEAST, [*months, april], running, flows=True)
    assert [one.hidden for one in found] == [False, True, False]


def over_releases(figures: list[Figure], *moments: int) -> list[Shown]:
    """What stands public after a release at each of these moments, when so many of the figures are there."""
    found: list[Shown] = []
    for many in moments:
        read = [one for one in found if one.figure.number is not None]
        stood = {one.figure.period for one in read}
        split = {one.figure.period for one in read if one.figure.parts}
        found = shown_all(LEAST, figures[:many], "year_total", flows=True, stood=stood, split=split)
    return found


def test_a_year_does_not_tell_of_the_month_that_was_hidden_before() -> None:
    """Eleven months were read as they passed: with the year's 222 March's 2 would be worked out, in this release or the next."""
    counts = [20] * 11 + [2]
    figures = [*map(plain, MONTHS, counts), plain(PERIODS[12], 222)]
    found = over_releases(figures, *range(1, 14), 13, 13)
    assert [one.hidden for one in found] == [False] * 11 + [True, True]


def test_nor_do_its_parts() -> None:
    """The numbers are large, but of March's 22 two came on paper."""
    months = [plain(one, 40, web=20, paper=20) for one in MONTHS[:11]]
    figures = [
        *months,
        plain(MONTHS[11], 22, web=20, paper=2),
        plain(PERIODS[12], 462, web=240, paper=222),
    ]
    found = over_releases(figures, *range(1, 14), 13, 13)
    assert not any(one.hidden for one in found)
    assert [bool(one.figure.parts) for one in found] == [True] * 11 + [False, False]


def test_an_older_systems_months_and_a_year_of_ours() -> None:
    earlier = [replace(plain(one, 20), version=0) for one in MONTHS[:11]]
    figures = [*earlier, plain(MONTHS[11], 2), plain(PERIODS[12], 222)]
    assert [one.hidden for one in over_releases(figures, 11, 12, 13, 13)] == [False] * 11 + [True, True]
    at_once = over_releases(figures, 13)
    assert not at_once[12].hidden
    assert [one.hidden for one in at_once[:12]].count(True) == 2, "the year less eleven months is no month"


# --- an attack ----------------------------------------------------------------------------------------------------------
def told(
    found: list[Shown], counts: int, *, running: bool = False
) -> list[tuple[list[Fraction], list[Fraction]]]:
    """What the public knows, as equations: which stretches of days a figure is the sum of, and its counts.

    ``running``: all those from 1 April on.
    """
    ends = sorted({one for period in PERIODS for one in (period.first, period.last + dt.timedelta(1))})
    known = []
    for one in found:
        if one.hidden or (one.figure.number is None and one.figure.denominator is None):
            continue
        period = one.figure.period
        first = R6.start if running else period.first
        row = [
            Fraction(int(first <= start and end <= period.last + dt.timedelta(1)))
            for start, end in pairwise(ends)
        ]
        values = small.counts_of("ratio" if counts == 2 else "year_total", one.figure)
        known.append((row, [Fraction(value) for value in values]))
    return known


def worked_out(
    known: list[tuple[list[Fraction], list[Fraction]]], width: int
) -> list[tuple[int, int, list[Fraction]]]:
    """Every run of stretches whose counts follow from the equations (by elimination), with them."""
    rows: list[tuple[list[Fraction], list[Fraction]]] = []
    for equation in known:
        left, right = reduced(rows, *equation)
        if any(left):
            lead = next(place for place, one in enumerate(left) if one)
            factor = left[lead]
            rows.append(([one / factor for one in left], [one / factor for one in right]))
    found = []
    for start in range(width):
        for end in range(start + 1, width + 1):
            wanted = [Fraction(int(start <= place < end)) for place in range(width)]
            left, right = reduced(rows, wanted, [Fraction(0)] * len(known[0][1]))
            if not any(left):
                found.append((start, end, [-one for one in right]))
    return found


def reduced(
    rows: list[tuple[list[Fraction], list[Fraction]]], left: list[Fraction], right: list[Fraction]
) -> tuple[list[Fraction], list[Fraction]]:
    changed = True
    while changed:
        changed = False
        for row, values in rows:
            lead = next(place for place, one in enumerate(row) if one)
            if factor := left[lead]:
                left = [a - factor * b for a, b in zip(left, row, strict=True)]
                right = [a - factor * b for a, b in zip(right, values, strict=True)]
                changed = True
    return left, right


STRETCHES = sorted({one for period in PERIODS for one in (period.first, period.last + dt.timedelta(1))})
FEW = st.one_of(st.just(0), st.integers(0, 3 * LEAST))


@given(
    st.lists(st.tuples(FEW, FEW), min_size=len(STRETCHES) - 1, max_size=len(STRETCHES) - 1),
    st.sets(st.sampled_from(PERIODS), min_size=1),
    st.booleans(),
    st.booleans(),
)
def test_nothing_small_can_be_worked_out(
    days: list[tuple[int, int]], asked: set[Period], shares: bool, running: bool
) -> None:
    """Whoever adds and subtracts what is shown, however often, learns of no few persons; of those in a share and of the others."""
    figures = []
    for period in sorted(asked):
        first = R6.start if running else period.first
        inside = [one for start, one in zip(STRETCHES, days, strict=False) if first <= start <= period.last]
        top, rest = sum(one[0] for one in inside), sum(one[1] for one in inside)
        figures.append(share(period, top, top + rest) if shares else plain(period, top))
    aggregation = "ratio" if shares else "year_total"
    judged = small.running(aggregation) if running else aggregation
    found = shown_all(LEAST, figures, judged, flows=True)
    assert [one.figure.period for one in found] == [one.period for one in figures]
    known = told(found, 2 if shares else 1, running=running)
    if not known:
        return
    for start, end, counts in worked_out(known, len(STRETCHES) - 1):
        assert not any(is_small(Decimal(int(one)), LEAST) for one in counts), (start, end, counts)


@given(st.lists(st.tuples(FEW, FEW), min_size=12, max_size=12))
def test_parts_are_no_way_round(days: list[tuple[int, int]]) -> None:
    months = [plain(one, a + b, web=a, paper=b) for one, (a, b) in zip(MONTHS, days, strict=True)]
    web, paper = sum(one[0] for one in days), sum(one[1] for one in days)
    year = plain(PERIODS[12], web + paper, web=web, paper=paper)
    found = shown_all(LEAST, [*months, year], "year_total", flows=True)
    for one in found:
        assert not (one.hidden and one.figure.parts)
    split = [one for one in found if one.figure.parts]
    for key in ("web", "paper"):
        alone = [Shown(Figure(one.figure.period, one.figure.parts[key]), hidden=False) for one in split]
        known = told(alone, 1)
        for start, end, counts in worked_out(known, len(STRETCHES) - 1) if known else []:
            assert not any(is_small(Decimal(int(one)), LEAST) for one in counts), (key, start, end, counts)


@given(st.lists(st.integers(LEAST, 50), min_size=12, max_size=12))
def test_large_counts_are_all_shown(counts: list[int]) -> None:
    figures = [plain(one, count, web=count) for one, count in zip(MONTHS, counts, strict=True)]
    found = shown_all(LEAST, figures, "year_total", flows=True)
    assert [one.figure for one in found] == figures


@pytest.mark.parametrize(
    ("aggregation", "told", "late", "shown_as"),
    [
        ("ratio", share(MONTHS[0], 10, 20), share(Period.year(R6), 122, 242), (50, 120, 240)),
        ("ratio", share(MONTHS[0], 10, 20), share(Period.year(R6), 120, 240), (50, 120, 240)),
        ("average", share(MONTHS[0], 10, 20), share(Period.year(R6), 120, 242), (None, None, None)),
        ("year_total", plain(MONTHS[0], 20), plain(Period.year(R6), 239), (240, None, None)),
    ],
)
def test_a_year_agrees_with_its_months_that_stood(
    aggregation: str, told: Figure, late: Figure, shown_as: tuple[int | None, ...]
) -> None:
    """But for a mean, which nobody can tell of the others."""
    months = [replace(told, period=month) for month in MONTHS]
    year = shown_all(LEAST, [*months, late], aggregation, flows=True, stood=MONTHS)[-1]
    assert (year.figure.number, year.figure.numerator, year.figure.denominator) == shown_as
    assert year.hidden is (shown_as[0] is None)
