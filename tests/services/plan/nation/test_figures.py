"""Why two figures may not say the same."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan.nation.figures import CAUTIONS, Basis, Figure, cautions
from yakuba.services.plan.nation.groups import groups
from yakuba.services.plan.nation.queries import Brief
from yakuba.services.plan.nation.showing import figure, remarks

PLAIN = Basis(
    "手続",
    "at_date",
    "受け付けを始めた手続の数",
    FiscalYear(2025),
    "final",
    "2026-03-31",
    "increase",
    "at_least",
)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({}, ()),
        ({"unit": "件"}, ("unit",)),
        ({"unit": ""}, ()),
        ({"unit": "手 続"}, ()),
        ({"aggregation": "cumulative"}, ("aggregation",)),
        ({"aggregation": ""}, ()),
        ({"definition": "終えた手続の数"}, ("definition",)),
        ({"definition": ""}, ("undefined",)),
        ({"year": FiscalYear(2024)}, ("year",)),
        ({"year": None}, ("year",)),
        ({"as_of": "2026-03-01"}, ("as_of",)),
        ({"as_of": ""}, ()),
        ({"year": FiscalYear(2024), "as_of": "2025-03-31"}, ("year",)),
        ({"status": "provisional"}, ("status",)),
        ({"unit": "件", "status": "provisional"}, ("unit", "status")),
        ({"direction": "decrease"}, ("direction",)),
        ({"direction": ""}, ()),
        ({"bound": "at_most"}, ("bound",)),
    ],
)
def test_cautions(other: dict[str, object], told: tuple[str, ...]) -> None:
    assert cautions([PLAIN, replace(PLAIN, **other)]) == told  # type: ignore[arg-type]


def test_one_figure_needs_no_caution() -> None:
    assert cautions([replace(PLAIN, definition="")]) == ()


@given(
    st.lists(
        st.builds(
            Basis,
            st.sampled_from(["", "件", "手続"]),
            st.sampled_from(["", "at_date", "cumulative"]),
            st.sampled_from(["", "甲", "乙"]),
            st.sampled_from([None, FiscalYear(2024), FiscalYear(2025)]),
            st.sampled_from(["", "final", "provisional"]),
            st.sampled_from(["", "2026-03-31", "2026-03-01"]),
        ),
        max_size=6,
    )
)
def test_cautions_do_not_depend_on_the_order_and_only_grow(found: list[Basis]) -> None:
    told = cautions(found)
    assert cautions(found[::-1]) == told
    assert set(told) <= set(cautions([*found, PLAIN]))
    assert set(told) <= set(CAUTIONS)


def test_a_figure_never_stands_without_its_year() -> None:
    form = {
        "raw": "6.2%", "kind": "actual", "year": 2025, "as_of": "2026-03-01", "number": "6.2", "state": None,
        "approximate": False, "numerator": "1930", "denominator": "31128", "status": "provisional",
    }  # fmt: skip
    read = Figure.read(form)
    assert read is not None
    assert remarks(read) == ["令和7年度", "見込", "令和8年3月1日時点", "1930／31128"]
    assert "6.2%" in figure(read)
    silent = Figure.read({**form, "year": None, "as_of": None, "numerator": None, "status": None})
    assert silent is not None
    assert remarks(silent) == ["年度の記載なし"]
    assert figure(None) == ""
    assert Figure.read({}) is None


def test_what_was_printed_is_escaped() -> None:
    form = dict.fromkeys(("as_of", "number", "state", "numerator", "denominator", "status"))
    read = Figure.read({**form, "raw": "<b>1", "kind": "actual", "year": 2025, "approximate": False})
    assert "&lt;b&gt;1" in figure(read, name="<i>")


def brief(key: str, town: int, name: str = "", **more: str) -> Brief:
    """An indicator of a town."""
    facts = {"unit": "件", "aggregation": "", "definition": "甲", "status": "", **more}
    return Brief(UUID(int=town), str(town), name or key, key, year=FiscalYear(2025), **facts)


def test_what_most_municipalities_measure_comes_first() -> None:
    made = groups([brief("b", 1), brief("a", 1), brief("c", 1), brief("c", 2), brief("b", 1)])
    assert [(group.key, group.municipalities) for group in made] == [("c", 2), ("a", 1), ("b", 1)]
    assert made[0].cautions == ()
    assert groups([brief("a", 1), brief("a", 2, unit="人")])[0].cautions == ("unit",)


def test_a_group_is_called_as_most_call_it() -> None:
    made = groups([brief("a", 1, "あ"), brief("a", 2, "ア"), brief("a", 3, "ア")])
    assert made[0].name == "ア"
