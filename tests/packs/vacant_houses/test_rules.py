"""What the law allows by day, and how the two ways of the law go."""

from __future__ import annotations

import datetime as dt

import pytest

from yakuba.engines.ledger.declaration import Chain
from yakuba.packs.vacant_houses import rules
from yakuba.packs.vacant_houses.chains import DANGEROUS, NEGLECTED, URGED

DAY = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("kind", "day", "ground"),
    [
        ("neglect_guide", "2023-12-12", ""),
        ("neglect_guide", "2023-12-13", "第13条第1項"),
        ("neglect_urge", "2024-04-01", "第13条第2項"),
        ("urge", "2015-05-25", ""),
        ("urge", "2015-05-26", "第14条第2項"),
        ("urge", "2023-12-12", "第14条第2項"),
        ("urge", "2023-12-13", "第22条第2項"),
        ("order", "2026-01-01", "第22条第3項"),
        ("execute", "2026-01-01", "第22条第9項"),
        ("summary", "2016-01-01", "第14条第10項"),
        ("emergency", "2023-12-12", ""),
        ("emergency", "2024-01-01", "第22条第11項"),
        ("warn", "1990-01-01", "行政代執行法第3条第1項"),
    ],
)
def test_the_ground_of_a_measure_on_a_day(kind: str, day: str, ground: str) -> None:
    found = rules.ground(kind, DAY(day))
    assert found.endswith(ground) if ground else not found


def test_every_measure_has_a_name_and_a_ground() -> None:
    assert {key for key, _label in rules.LABELS} == set(rules.MEASURES)
    assert set(rules.MEASURES) >= rules.WITH_TERM
    assert all(source.ground and str(source.what) for source in rules.SOURCES)


def test_days_of_the_procedure() -> None:
    assert rules.ask_by(DAY("2026-07-01")) == DAY("2026-07-06")
    assert rules.announce_by(DAY("2026-07-20")) == DAY("2026-07-17")
    assert rules.notify_by(DAY("2026-07-20")) == DAY("2026-07-15")
    assert rules.ask_by(DAY("2015-01-01")) is None


@pytest.mark.parametrize(
    ("day", "chains"),
    [("2015-01-01", set()), ("2016-01-01", {"dangerous"}), ("2024-01-01", {"dangerous", "neglected"})],
)
def test_under_which_chains_the_allowance_goes(day: str, chains: set[str]) -> None:
    assert rules.chains_without_allowance(DAY(day)) == chains


def before(chain: Chain, state: str) -> set[str]:
    """From which states one comes into a state."""
    return {step.come_from for step in chain.steps if step.go_to == state}


def test_no_step_of_the_law_is_left_out() -> None:
    """勧告 after 指導 only; an order after its notice only; 戒告 before 代執行, but for the two that the law names."""
    assert before(NEGLECTED, "urged") == {"guided"}
    assert before(DANGEROUS, "urged") == {"advised", "noticed", "heard"}
    assert before(DANGEROUS, "ordered") == {"noticed", "heard"}
    assert before(DANGEROUS, "noticed") == {"urged"}
    by = {
        step.key: {other.come_from for other in DANGEROUS.steps if other.key == step.key}
        for step in DANGEROUS.steps
        if step.go_to == "executed"
    }
    assert by == {"execute": {"warned"}, "emergency": {"urged"}, "summary": {"found", "advised", "urged"}}


def test_what_binds_somebody_is_written() -> None:
    for chain, keys in (
        (NEGLECTED, {"guide", "urge"}),
        (DANGEROUS, {"urge", "notice", "order", "warn", "execute"}),
    ):
        assert all("document" in step.needs for step in chain.steps if step.key in keys)


def test_where_an_advice_stands() -> None:
    for chain in (NEGLECTED, DANGEROUS):
        assert URGED[chain.column] <= set(dict(chain.states))
        assert chain.first not in URGED[chain.column]
