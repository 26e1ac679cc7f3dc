"""What the law asks by day, and how births and chips are read."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.fields import Invalid
from yakuba.packs.dog_registry import rules
from yakuba.packs.dog_registry.kinds import LARGEST, Birth, Chip, first_day, last_day

DAYS = some.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
DAY = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("2026-03-01", 2025),
        ("2026-03-02", 2026),
        ("2026-03-31", 2026),
        ("2026-04-01", 2026),
        ("2027-01-10", 2026),
    ],
)
def test_from_2_march_a_vaccination_counts_for_the_next_year(day: str, year: int) -> None:
    assert rules.year_of(DAY(day)) == FiscalYear(year)


@given(DAYS)
def test_every_vaccination_counts_for_one_year(day: dt.date) -> None:
    assert rules.year_of(day) - FiscalYear.of(day) in (0, 1)
    assert rules.year_of(day) <= rules.year_of(day + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("acquired", "born", "by"),
    [
        ("2026-05-01", None, "2026-05-31"),
        ("2026-05-01", "2020-01-01", "2026-05-31"),
        # 1 April is the 91st day after 1 January: from there thirty days.
        ("2026-02-10", "2026-01-01", "2026-05-02"),
    ],
)
def test_a_dog_is_registered_within_thirty_days(acquired: str, born: str | None, by: str) -> None:
    assert rules.register_by(DAY(acquired), DAY(born) if born else None) == DAY(by)


@pytest.mark.parametrize(
    ("last", "acquired", "by"),
    [
        (2025, "2020-01-01", "2026-06-30"),
        (None, "2026-04-10", "2026-06-30"),  # the season ends later than thirty days
        (None, "2026-06-20", "2026-07-20"),  # thirty days end later than the season
        (None, "2026-09-01", "2026-10-01"),
        (None, "2027-01-15", "2027-02-14"),
    ],
)
def test_until_when_a_dog_is_vaccinated(last: int | None, acquired: str, by: str) -> None:
    year = FiscalYear(last) if last else None
    assert rules.vaccinate_by(year, DAY(acquired), None) == DAY(by)


def test_a_dog_that_changes_hands_has_thirty_days() -> None:
    assert rules.vaccinate_in(FiscalYear(2026), DAY("2026-09-01"), None) == DAY("2026-10-01")
    assert rules.vaccinate_in(FiscalYear(2026), DAY("2020-09-01"), None) == DAY("2026-06-30")


@given(DAYS, some.none() | DAYS)
def test_nobody_has_less_than_thirty_days(acquired: dt.date, born: dt.date | None) -> None:
    by = rules.vaccinate_by(None, acquired, born)
    assert by >= acquired + dt.timedelta(days=30)
    assert born is None or by >= rules.grown_on(born) + dt.timedelta(days=30)


def test_every_rule_names_its_ground() -> None:
    assert all(source.ground and str(source.what) for source in rules.SOURCES)
    assert rules.CHIP_AS_TAG.on(DAY("2022-05-31")) is None


@pytest.mark.parametrize(
    ("text", "stored", "shown"),
    [
        ("令和3年5月12日", "2021-05-12", "令和3年5月12日"),
        ("Ｒ３．５", "2021-05", "令和3年5月"),
        ("令和3年5月頃", "2021-05~", "令和3年5月頃"),
        ("2021年5月生まれ", "2021-05", "令和3年5月"),
        ("2021", "2021", "令和3年"),
        ("平成三十年", "2018", "平成30年"),
        ("2019-05", "2019-05", "令和元年5月"),
        ("H31.4", "2019-04", "平成31年4月"),
    ],
)
def test_a_birth_is_known_as_far_as_it_is(text: str, stored: str, shown: str) -> None:
    assert Birth().parse(text) == stored
    assert Birth().format(stored) == shown


@pytest.mark.parametrize(
    "text", ["不明", "5月", "2021-13", "令和3年2月30日", "2021-05-", "20215", "1872-12", "生" * 100_000]
)
def test_what_is_no_birth(text: str) -> None:
    with pytest.raises(Invalid):
        Birth().parse(text)
    with pytest.raises(Invalid):
        Birth().from_json(text)


@given(some.text() | some.from_regex(r"[0-9RHS令和平成年月日./-]{1,12}", fullmatch=True))
def test_what_is_read_as_a_birth_is_shown_and_read_again(text: str) -> None:
    try:
        birth = Birth().parse(text)
    except Invalid:
        return
    assert Birth().parse(Birth().format(birth)) == birth


@given(some.dates(dt.date(1980, 1, 1), dt.date(2090, 12, 31)), some.sampled_from([4, 7, 10]))
def test_a_birth_lies_between_its_days(day: dt.date, known: int) -> None:
    birth = day.isoformat()[:known]
    assert Birth().parse(birth) == birth
    assert first_day(birth) <= day <= last_day(birth)
    assert Birth().parse(Birth().format(birth)) == birth


@given(some.integers(1, 998), some.integers(0, LARGEST))
def test_a_chip_of_the_standard(code: int, own: int) -> None:
    number = f"{code:03}{own:012}"
    assert Chip().parse(number) == number
    assert Chip().parse(Chip().format(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "39214000012345",
        "3921400001234567",
        "39214000012345A",
        "999140000123456",
        "000140000123456",
        f"392{LARGEST + 1}",
    ],
)
def test_what_is_no_chip(text: str) -> None:
    with pytest.raises(Invalid):
        Chip().parse(text)


def test_a_chip_as_people_write_it() -> None:
    assert Chip().parse("３９２ 1400-0012 3456") == "392140000123456"


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("H30頃", "2018~", "平成30年頃"),
        ("平成30年5月ごろ", "2018-05~", "平成30年5月頃"),
        ("2018~", "2018~", "平成30年頃"),
        ("平成30年5月12日頃", "2018-05-12", "平成30年5月12日"),
        ("平成30年5月生", "2018-05", "平成30年5月"),
    ],
)
def test_a_birth_that_is_about_right_stays_so(typed: str, kept: str, shown: str) -> None:
    kind = Birth()
    assert kind.parse(typed) == kept == kind.parse(kind.to_text(kept))
    assert kind.format(kept) == shown
    assert kind.from_json(kind.to_json(kept)) == kept
    assert first_day(kept) <= last_day(kept)
    assert (first_day("2018~"), last_day("2018~")) == (dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    assert (first_day("2018-05~"), last_day("2018-05~")) == (dt.date(2018, 5, 1), dt.date(2018, 5, 31))
