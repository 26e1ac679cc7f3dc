"""An attendance list counts itself, and keeps nobody."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import people
from yakuba.engines.metrics.series.layout import Layout
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.sheets.grid import Grid

LIST = Layout(shape="people", columns={"person": "職員番号", "office": "所属", "attended": "受講"})
HEADS = ["職員番号", "氏名", "所属", "受講"]
YEAR = Period.year(FiscalYear(2025))


def counted(rows: list[list[object]], fixes: dict[str, str] | None = None) -> people.Counted:
    return people.count(people.entries(Grid([HEADS, *rows]), LIST), LIST, fixes)  # type: ignore[list-item]


def test_who_attended_of_how_many_by_office() -> None:
    found = counted(
        [
            ["00110", "架空よつば", "DX推進課", "受講済"],
            ["00111", "雛形いつき", "DX推進課", None],
            ["00161", "様式ななこ", "環境課", "○"],
        ]
    )
    assert (found.whole.attended, found.whole.all) == (2, 3)
    assert [(one.office, one.attended, one.all) for one in found.offices] == [
        ("DX推進課", 1, 2),
        ("環境課", 1, 1),
    ]
    value = found.brought(YEAR)
    assert value.number == Decimal("66.666667")
    assert value.raw == "2/3"
    assert value.parts == {"DX推進課": 1, "環境課": 1}


def test_no_name_and_no_number_leaves_the_counting() -> None:
    rows = people.entries(Grid([HEADS, ["00110", "架空よつば", "DX推進課", "済"]]), LIST)
    assert "架空" not in json.dumps([dataclasses.asdict(one) for one in rows], ensure_ascii=False)
    value = people.count(rows, LIST).brought(YEAR)
    assert "00110" not in str(value)
    assert value.line is None


def test_a_word_that_says_nothing_is_a_fault_at_its_cell() -> None:
    found = counted([["1", "", "課", "済"], ["2", "", "課", "途中"], [None, "", "課", "済"]])
    assert [one.address for one in found.faults] == ["D3", "A4"]
    again = counted(
        [["1", "", "課", "済"], ["2", "", "課", "途中"], [None, "", "課", "済"]], {"D3": "未", "A4": ""}
    )
    assert not again.faults
    assert (again.whole.attended, again.whole.all) == (1, 2)


def test_somebody_twice_counts_once_and_must_not_disagree() -> None:
    same = counted([["１", "", "課", "済"], ["1", "", "課", "○"]])
    assert (same.whole.all, same.twice) == (1, 1)
    other = counted([["1", "", "課", "済"], ["1", "", "課", "未"]])
    assert [one.address for one in other.faults] == ["D3"]
    assert not counted([["1", "", "課", "済"], ["1", "", "課", "未"]], {"D3": "済"}).faults


def test_the_row_of_the_sum_is_nobody() -> None:
    assert counted([["1", "", "課", "済"], ["計", "", "", "1"]]).whole.all == 1


@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.sampled_from(["総務課", "税務課", "市民課"]), st.booleans()),
        max_size=501,
    )
)
def test_counted_as_by_hand(staff: list[tuple[int, str, bool]]) -> None:
    """Beside a second, naive count: a dictionary by number, refused where somebody disagrees with himself."""
    rows: list[list[object]] = [
        [f"{number:05}", f"例示{number}", office, "受講済" if did else "未受講"]
        for number, office, did in staff
    ]
    found = counted(rows)
    by_number: dict[int, set[bool]] = {}
    for number, _office, did in staff:
        by_number.setdefault(number, set()).add(did)
    assert bool(found.faults) == any(len(said) > 1 for said in by_number.values())
    if not found.faults:
        assert found.whole.all == len(by_number)
        assert found.whole.attended == sum(said == {True} for said in by_number.values())
        assert sum(one.all for one in found.offices) == found.whole.all
