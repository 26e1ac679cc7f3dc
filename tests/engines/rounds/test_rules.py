"""Rules of rounds: whose work, which day, which reminder."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.engines.rounds import rules, states
from yakuba.kernel.ids import uuid7

DUE = dt.date(2027, 3, 5)
DAY = dt.timedelta(days=1)
ME, OTHER = uuid7(), uuid7()


@pytest.mark.parametrize(
    ("step", "entered", "confirmed", "found"),
    [
        ("confirm", ME, None, "entered"),
        ("confirm", OTHER, None, ""),
        ("accept", ME, OTHER, "entered"),
        ("accept", OTHER, ME, "confirmed"),
        ("accept", OTHER, OTHER, ""),
        ("return", ME, None, ""),
        ("enter", ME, ME, ""),
    ],
)
def test_whose_work(step: str, entered: object, confirmed: object, found: str) -> None:
    assert rules.own_work(step, ME, entered, confirmed) == found


@pytest.mark.parametrize("step", ["confirm", "accept"])
def test_who_wrote_stands_for_it_nowhere(step: str) -> None:
    assert rules.own_work(step, ME, OTHER, OTHER, [OTHER, ME]) == "written"
    assert rules.own_work(step, ME, OTHER, OTHER, [OTHER]) == ""
    assert rules.own_work("enter", ME, None, None, [ME]) == ""


def test_every_item_can_be_decided_and_every_state_is_left_again() -> None:
    reached, ahead = {"open"}, ["open"]
    while ahead:
        state = ahead.pop()
        fresh = {one.go_to for one in states.ITEM_STEPS if one.come_from == state} - reached
        reached |= fresh
        ahead += fresh
    assert reached == {code for code, _label in states.ITEM_STATES}
    assert {one.come_from for one in states.ITEM_STEPS} == reached, "what was decided can be put right"
    for key in {one.key for one in states.ITEM_STEPS}:
        ends = {one.go_to for one in states.ITEM_STEPS if one.key == key}
        assert len(ends) == 1, f"{key}: moving many relies on it"


def test_the_head_has_at_least_the_office_s_day() -> None:
    assert rules.Waiting(1, 1, DUE, DUE + 3 * DAY).until == DUE
    assert rules.Waiting(0, 1, DUE, DUE + 3 * DAY).until == DUE + 3 * DAY
    assert rules.Waiting(0, 1, DUE, DUE - DAY).until == DUE
    assert rules.Waiting(0, 0, DUE, None).until is None
    assert rules.Waiting(1, 0, DUE, None).late_days(DUE) == 0
    assert rules.Waiting(1, 0, DUE, None).late_days(DUE + 2 * DAY) == 2


def test_days_in_their_order() -> None:
    assert rules.disorder({"office_due": DUE, "head_due": DUE}) is None
    assert rules.disorder({"request": DUE, "head_due": DUE - DAY}) == ("request", "head_due")
    assert rules.disorder({"request": DUE, "figures": DUE - DAY, "head_due": DUE}) is None
    assert rules.next_year({"checked": dt.date(2028, 2, 29)}) == {"checked": dt.date(2029, 2, 28)}


def test_the_table_of_occasions() -> None:
    found = rules.Reminding().occasions(DUE, DUE + 20 * DAY)
    assert [(key, (day - DUE).days) for key, day in found] == [
        ("-7", -7),
        ("-1", -1),
        ("+1", 1),
        ("+4", 4),
        ("+11", 11),
        ("+18", 18),
    ]
    assert rules.Reminding((), (0,), 0).occasions(DUE, DUE + 99 * DAY) == [("0", DUE)]
    assert rules.Reminding((), (), 7).occasions(DUE, DUE + 99 * DAY) == []


def test_what_was_missed_is_made_up_once() -> None:
    reminding, since = rules.Reminding(), DUE - 30 * DAY
    assert rules.due_now(reminding, DUE, since, DUE - 31 * DAY, ()) is None
    assert rules.due_now(reminding, DUE, since, DUE - 29 * DAY, ()) == rules.Due("told")
    assert rules.due_now(reminding, DUE, since, DUE - 8 * DAY, {"told"}) is None
    assert rules.due_now(reminding, DUE, since, DUE - 6 * DAY, {"told"}) == rules.Due("-7")
    assert rules.due_now(reminding, DUE, since, DUE + 2 * DAY, {"told", "-7"}) == rules.Due("+1", ("-1",))
    assert rules.due_now(reminding, DUE, since, DUE + 2 * DAY, {"told", "-7", "-1", "+1"}) is None
    # What lies before the round was opened, or the extension granted, never was.
    assert rules.due_now(reminding, DUE, DUE - 3 * DAY, DUE - 2 * DAY, ()) == rules.Due("told")
    assert rules.due_now(reminding, DUE, DUE - 3 * DAY, DUE - DAY, ()) == rules.Due("-1", ("told",))
    # Somebody made the table longer: what lies before the newest that was sent is noted, and not sent.
    assert rules.due_now(reminding, DUE, since, DUE, {"-1"}) == rules.Due("", ("told", "-7"))


@given(mornings=st.sets(st.integers(-12, 60), min_size=1), since=st.integers(-20, 5))
def test_whatever_mornings_there_are_each_occasion_is_noted_once_and_the_newest_sent(
    mornings: set[int], since: int
) -> None:
    reminding, done, sent = rules.Reminding(), set(), []
    opened = DUE + since * DAY
    for morning in sorted(mornings):
        today = DUE + morning * DAY
        due = rules.due_now(reminding, DUE, opened, today, done)
        if due is None:
            continue
        noted = {*due.skip, due.send}
        assert not noted & done
        done |= noted
        sent.append(due.send)
        assert rules.due_now(reminding, DUE, opened, today, done) is None, "the same morning brings no more"
    last = DUE + max(mornings) * DAY
    everything = {key for key, day in reminding.occasions(DUE, last) if opened < day <= last}
    everything |= {"told"} if opened <= last else set()
    assert done == everything, "nothing is missed"
    assert len(sent) == len(set(sent))


@pytest.mark.parametrize(
    ("text", "found"),
    [("7、1", (7, 1)), ("7, 1", (7, 1)), ("", ()), ("7、7", (7,)), ("七", None), ("-1", None), ("91", None)],
)
def test_days_as_typed(text: str, found: tuple[int, ...] | None) -> None:
    assert rules.read_days(text) == found
