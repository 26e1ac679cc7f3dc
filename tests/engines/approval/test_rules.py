"""The machine, the seats and the table, without a database: what holds whatever people do in whatever order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.approval import rules
from yakuba.engines.approval.rules import Place, Route, Seat

DAY = dt.date(2026, 4, 1)
routes = st.tuples(
    st.lists(st.sampled_from(["approve", "concur", "circulate"]), max_size=6),
    st.lists(st.just("circulate"), max_size=2),
).map(lambda pair: Route("drafting", tuple(Place(kind) for kind in (*pair[0], "decide", *pair[1]))))
MOVES = {
    "submit": rules.submit,
    "done": rules.done,
    "skipped": rules.skipped,
    "returned": rules.returned,
    "withdrawn": rules.withdrawn,
}
moves = st.lists(st.sampled_from(sorted(MOVES)), max_size=20)
people = st.sampled_from("abcde")
groups = st.frozensets(people, max_size=3)
seats = st.builds(
    Seat,
    holders=groups,
    deputies=st.dictionaries(people, st.sampled_from(["deputy", "acting_head"]), max_size=2),
    stand_ins=st.lists(groups, max_size=2).map(tuple),
    away=groups,
)


def walk(route: Route, names: list[str]) -> list[Route]:
    """The route after each move that was possible."""
    seen = [route]
    for name in names:
        try:
            seen.append(MOVES[name](seen[-1]))
        except rules.NotNow:
            continue
    return seen


@given(routes, moves)
def test_exactly_one_step_is_awaited_while_it_circulates_and_none_otherwise(
    route: Route, names: list[str]
) -> None:
    for one in walk(route, names):
        current = [p for p in one.places if p.kind in rules.BLOCKING and p.state == "current"]
        assert len(current) == (1 if one.state == "circulating" else 0)


@given(routes, moves)
def test_what_is_decided_or_withdrawn_moves_no_more(route: Route, names: list[str]) -> None:
    for one in walk(route, names):
        if one.state in {"decided", "withdrawn"}:
            for move in MOVES.values():
                with pytest.raises(rules.NotNow):
                    move(one)


@given(routes, moves)
def test_a_decision_comes_after_all_that_blocks_and_is_never_left_out(route: Route, names: list[str]) -> None:
    for one in walk(route, names):
        if one.state == "decided":
            assert all(p.state in {"done", "skipped"} for p in one.places if p.kind in rules.BLOCKING)
            assert [p.state for p in one.places if p.kind == "decide"] == ["done"]


@given(routes, moves)
def test_nothing_is_awaited_before_its_turn_and_circulation_holds_nothing_up(
    route: Route, names: list[str]
) -> None:
    for one in walk(route, names):
        blocked = False
        for place in one.places:
            if blocked:
                assert place.state in {"waiting", "skipped"}
            blocked = blocked or (place.kind in rules.BLOCKING and place.state in {"waiting", "current"})
            if place.kind == "circulate" and not blocked and one.state == "circulating":
                assert place.state == "current", "it can be read, and blocks nothing"


@pytest.mark.parametrize(
    ("kinds", "good"),
    [
        (["decide"], True),
        (["approve", "decide", "circulate"], True),
        (["decide", "approve"], False),
        (["decide", "decide"], False),
        (["approve"], False),
        ([], False),
    ],
)
def test_a_route_ends_in_one_decision(kinds: list[str], good: bool) -> None:
    assert rules.whole(kinds) is good


@given(people, st.sampled_from([*rules.BLOCKING, "circulate"]), seats, st.booleans())
def test_the_drafter_acts_on_nothing_of_his_own_whatever_he_holds(
    drafter: str, kind: str, seat: Seat, exceptional: bool
) -> None:
    found = rules.may_act(drafter, kind, seat, drafters={drafter}, exceptional=exceptional)
    if kind in rules.BLOCKING and not (exceptional and kind == "decide"):
        assert found == ""
    else:
        assert found == rules.capacity(drafter, seat)


@given(people, seats)
def test_nobody_acts_in_the_place_of_somebody_who_is_there(person: str, seat: Seat) -> None:
    found = rules.capacity(person, seat)
    if found and found != "holder":
        assert seat.is_empty
    if person in seat.holders:
        assert found == "holder"


def test_the_second_stand_in_acts_when_the_first_is_away_too() -> None:
    seat = Seat(frozenset("a"), stand_ins=(frozenset("b"), frozenset("c")), away=frozenset("a"))
    assert rules.capacity("b", seat) == "stand_in"
    assert rules.capacity("c", seat) == ""
    both = Seat(frozenset("a"), stand_ins=(frozenset("b"), frozenset("c")), away=frozenset("ab"))
    assert rules.capacity("c", both) == "stand_in"
    assert rules.capacity("d", both) == ""


@dataclass(frozen=True)
class Line:
    """A rule."""

    up_to_yen: int | None
    matter: str = "補助金の交付"
    category: str = "money"
    authority: str = "mayor"
    valid_from: dt.date = dt.date(2020, 4, 1)
    valid_to: dt.date | None = None


limits = st.lists(st.none() | st.integers(0, 10**9), max_size=6, unique=True)


@given(limits, st.integers(0, 10**9))
def test_the_smallest_limit_that_reaches_decides(given_: list[int | None], amount: int) -> None:
    lines = rules.standing([Line(one) for one in given_], "mayor", "補助金の交付", DAY)
    found = rules.reaching(lines, amount)
    reach = [one for one in given_ if one is None or one >= amount]
    assert len(found) == len(reach)
    if found:
        numbers = [one for one in reach if one is not None]
        assert found[0].up_to_yen == (min(numbers) if numbers else None)


@given(limits, st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_money_is_never_decided_lower(given_: list[int | None], one: int, two: int) -> None:
    lines = rules.standing([Line(limit) for limit in given_], "mayor", "補助金の交付", DAY)
    less, more = sorted((one, two))
    assert rules.reaching(lines, more) == rules.reaching(lines, less)[
        -len(rules.reaching(lines, more)) :
    ] or (not rules.reaching(lines, more))


def test_where_the_amount_decides_it_is_asked_for() -> None:
    with pytest.raises(rules.AmountNeeded):
        rules.reaching([Line(500_000), Line(None)], None)
    ordinary = [Line(None, category="general")]
    assert rules.reaching(ordinary, None) == ordinary


def test_a_named_matter_goes_before_the_rule_for_everything_else() -> None:
    named, other = Line(None), Line(None, matter="")
    assert rules.standing([other, named], "mayor", "補助金の交付", DAY) == [named]
    assert rules.standing([other, named], "mayor", "別の事項", DAY) == [other]
    assert rules.standing([other, named], "education", "補助金の交付", DAY) == []


def test_rules_stand_by_the_day_and_the_later_one_counts() -> None:
    old = Line(None, valid_to=dt.date(2026, 3, 31))
    new = Line(None, valid_from=DAY)
    assert rules.standing([old, new], "mayor", "補助金の交付", dt.date(2026, 3, 31)) == [old]
    assert rules.standing([old, new], "mayor", "補助金の交付", DAY) == [new]
    both = Line(None, valid_from=dt.date(2024, 4, 1))
    assert rules.standing([both, Line(None)], "mayor", "補助金の交付", DAY) == [both]


@pytest.mark.parametrize(
    ("category", "amount", "objection"),
    [
        ("general", None, ""),
        ("general", 0, "money"),
        ("money", None, "money"),
        ("access", None, "access"),
        (None, None, "unknown"),
    ],
)
def test_the_exceptional_route_is_for_ordinary_matters_without_money(
    category: str | None, amount: int | None, objection: str
) -> None:
    assert rules.exception_objection(category, amount) == objection


def test_titles_of_posts_are_divided_by_commas_only() -> None:
    assert rules.titles("課長、所長") == ["課長", "所長"]
    assert rules.titles(" 課長補佐・係長 ") == ["課長補佐・係長"]
    assert rules.titles("") == []
