"""One figure of one day in two tables: a part's number that melted into it is told from a real difference."""

from __future__ import annotations

import pytest

from yakuba.services.plan.reading.mentions import Mention, Scope
from yakuba.services.plan.reading.model import Indicator, Initiative, Value
from yakuba.services.plan.reading.same_day import doubt_differences


def place(rule: str, raw: str, number: str) -> Mention:
    value = Value("actual", 2023, raw, as_of="2024-03-31", number=number)
    own = Initiative(
        year=2024,
        number="1",
        title="端末の研修",
        source=None,
        indicators=(Indicator("②", "人数", values=(value,)),),
    )
    return Mention(Scope(), own, 1, rule)


@pytest.mark.parametrize(
    ("raw", "number", "kept", "asked"),
    [("②452名", "452", "52", (0, 1)), ("②53名", "53", "53", (1, 1)), ("452名", "452", "452", (1, 1))],
)
def test_a_melted_part_number_is_asked_once(raw: str, number: str, kept: str, asked: tuple[int, int]):
    plan, result = place("plan", "② 52名", "52"), place("result", raw, number)
    doubt_differences([plan, result])
    assert result.initiative.indicators[0].values[0].number == kept
    assert plan.initiative.indicators[0].values[0].number == "52"
    assert (len(plan.initiative.doubts), len(result.initiative.doubts)) == asked
    assert result.initiative.doubts[0].candidates == (kept, number if kept == "52" else "52")
