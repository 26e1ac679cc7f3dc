"""The state tables are sane, whatever is added to them (MECHANISMS §7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.casework import rules, states
from yakuba.engines.casework.models import OUTCOMES
from yakuba.engines.casework.rules import Facts

KINDS = [key for key, _label in states.KINDS]
STATES = [key for key, _label in states.STATES]


def reached(kind: str, routed: bool) -> set[str]:
    """Every state that some run of moves leads to."""
    found, ahead = {states.FIRST}, [states.FIRST]
    while ahead:
        for step in states.steps_from(kind, ahead.pop(), routed=routed):
            if step.go_to not in found:
                found.add(step.go_to)
                ahead.append(step.go_to)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("routed", [False, True])
def test_every_state_is_reached_and_leads_to_the_end(kind: str, routed: bool) -> None:
    named = {one for step in states.TABLES[kind] for one in (step.come_from, step.go_to)}
    found = reached(kind, routed)
    either_way = reached(kind, True) | reached(kind, False)
    assert named == either_way, "a state that no move leads to"
    assert found & states.FINAL
    for state in found - states.FINAL:
        ahead, seen = [state], {state}
        while ahead:
            for step in states.steps_from(kind, ahead.pop(), routed=routed):
                if step.go_to not in seen:
                    seen.add(step.go_to)
                    ahead.append(step.go_to)
        assert "completed" in seen, f"{kind}: from {state} no way leads to completion"


@pytest.mark.parametrize("kind", KINDS)
def test_the_end_is_the_end(kind: str) -> None:
    assert {key for key, _label in states.STATES} >= states.FINAL
    for state in states.FINAL:
        assert not [step for step in states.TABLES[kind] if step.come_from == state]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("routed", [False, True])
def test_a_key_means_one_move_from_a_state(kind: str, routed: bool) -> None:
    for state in STATES:
        keys = [step.key for step in states.steps_from(kind, state, routed=routed)]
        assert len(keys) == len(set(keys))


def test_every_kind_has_a_table_and_words() -> None:
    assert set(states.TABLES) == set(KINDS) == set(rules.OUTCOMES_OF)
    for kind in KINDS:
        for state in reached(kind, True) | reached(kind, False):
            assert states.state_label(kind, state)


def test_an_application_is_decided_with_remedies_and_a_notification_is_not() -> None:
    assert rules.has_decision("application")
    assert rules.needs_remedies("application", "refused")
    assert not rules.has_decision("notification")
    assert not rules.OUTCOMES_OF["notification"]
    assert not {"deciding", "decided", "notified"} & reached("notification", True)
    for kind in ("inquiry", "booking"):
        assert not any(rules.needs_remedies(kind, outcome) for outcome in rules.OUTCOMES_OF[kind])


def test_a_notification_may_be_complete_on_arrival() -> None:
    found = states.step("notification", states.FIRST, "accept", routed=False)
    assert found is not None
    assert found.go_to == "completed"


def test_outcomes_are_known_ones() -> None:
    known = {key for key, _label in OUTCOMES}
    assert {one for outcomes in rules.OUTCOMES_OF.values() for one in outcomes} <= known
    for outcome in rules.ADVERSE:
        assert rules.needs_reasons(outcome)
    assert not rules.needs_reasons("granted")


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_asked_for_a_correction_can_withdraw(kind: str) -> None:
    assert states.step(kind, "returned", "withdraw", routed=True) is not None


def test_the_database_allows_exactly_the_tables_moves() -> None:
    pairs = set(states.pairs())
    for kind, table in states.TABLES.items():
        assert (kind, "", states.FIRST) in pairs
        assert {(kind, step.come_from, step.go_to) for step in table} <= pairs
    assert len(pairs) == len(list(states.pairs()))
    assert ("notification", "checking", "decided") not in pairs


@given(
    st.sampled_from(KINDS),
    st.sampled_from(STATES),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_what_is_next_is_a_move_of_the_table_or_said_in_words(
    kind: str, state: str, routed: bool, drafted: bool, proposed: bool, told: bool
) -> None:
    if state not in reached(kind, routed):
        return
    key = rules.following(
        kind, state, routed=routed, facts=Facts(drafted=drafted, proposed=proposed, told=told)
    )
    keys = {step.key for step in states.steps_from(kind, state, routed=routed)}
    assert key in keys | {"", "draft", "proposal", "notice"}
    if state in states.FINAL or state == "returned":
        assert key == ""
    elif key == "":
        pytest.fail(f"{kind} in {state}: nobody knows what is next")


def test_one_draft_then_its_decision() -> None:
    def following(**facts: bool) -> str:
        return rules.following("application", "examining", routed=True, facts=Facts(**facts))

    assert following() == "draft"
    assert following(drafted=True) == "propose"
    assert following(drafted=True, proposed=True) == "proposal"
    assert rules.following("booking", "checking", routed=False, facts=Facts(drafted=True)) == "settle"
    assert rules.following("application", "decided", routed=True, facts=Facts(told=True)) == "notify"
