"""Who presides, when a body may decide, and what a meeting may go through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.bodies import rules
from yakuba.engines.bodies.rules import Place


@pytest.mark.parametrize(
    ("quorum", "members", "needed"),
    [
        ("majority", 12, 7),
        ("majority", 11, 6),
        ("half", 11, 6),
        ("half", 12, 6),
        ("two_thirds", 10, 7),
        ("two_thirds", 12, 8),
        ("all", 5, 5),
        ("none", 12, 0),
    ],
)
def test_how_many_have_to_be_there(quorum: str, members: int, needed: int) -> None:
    assert rules.needed(quorum, members) == needed


@given(st.sampled_from([key for key, _label in rules.QUORUMS if key != "none"]), st.integers(0, 500))
def test_no_body_decides_with_nobody_there_and_every_body_can_decide(quorum: str, members: int) -> None:
    assert 1 <= rules.needed(quorum, members) <= max(1, members)
    assert not rules.count(quorum, members, 0, 0, proxies_count=True).enough
    assert rules.count(quorum, max(1, members), max(1, members), 0, proxies_count=False).enough


def test_proxies_count_where_the_body_says_so() -> None:
    assert not rules.count("majority", 4, 2, 1, proxies_count=False).enough
    assert rules.count("majority", 4, 2, 1, proxies_count=True).enough


def test_the_chair_presides_else_the_first_vice_chair_who_is_there() -> None:
    chair, first, second = (
        Place("長", "chair", 1, True),
        Place("副1", "vice", 1, True),
        Place("副2", "vice", 2, True),
    )
    adviser, member = Place("顧問", "adviser", 1, True), Place("委員", "member", 1, True)
    assert rules.presiding([second, member, chair, first]) == "長"
    away = Place("長", "chair", 1, False)
    assert rules.presiding([second, away, member, first]) == "副1"
    assert rules.presiding([second, away, Place("副1", "vice", 1, False)]) == "副2"
    assert rules.presiding([away, member, adviser]) is None


def test_every_state_is_reached_and_every_way_ends() -> None:
    states = {code for code, _label in rules.STATES}
    reached = {rules.FIRST}
    for _round in states:
        reached |= {one.go_to for one in rules.TABLE if one.come_from in reached}
    assert reached == states
    assert len({(one.come_from, one.key) for one in rules.TABLE}) == len(rules.TABLE)
    assert {one.come_from for one in rules.TABLE} == states - {"cancelled"}
