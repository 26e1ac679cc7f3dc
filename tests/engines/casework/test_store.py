"""Opening, moving, hearing, numbers."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tests.engines.casework.trying import HEARD, a_case, at, opening
from tests.world import Town
from yakuba.engines.casework import store
from yakuba.engines.casework.deadlines import ClockRule
from yakuba.engines.casework.models import Case, CheckMark, ClockStop, Disposition, Move, NumberBook
from yakuba.engines.protection.models import Hold, Protected
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear

pytestmark = pytest.mark.django_db


def on(town: Town, day: str) -> Context:
    """The machine's context on a day."""
    return dataclasses.replace(town.ctx("cli").begin(), now=at(day))


def steps(case: Case) -> list[str]:
    return [one.step for one in Move.unscoped.filter(case=case)]


def test_a_case_is_opened_with_number_first_move_checks_and_term(mihon: Town) -> None:
    ctx = on(mihon, "2026-04-01")
    case = store.open_case(ctx, opening(mihon, arrived_at=at("2026-04-01")))
    assert case.number == "R8見本課収第1号"
    assert case.state == "arrived"
    assert case.due_on == dt.date(2026, 4, 15)
    assert [(one.seq, one.from_state, one.to_state) for one in Move.unscoped.filter(case=case)] == [
        (1, "", "arrived")
    ]
    assert [one.label for one in CheckMark.unscoped.filter(case=case)] == ["氏名がある", "手数料"]


def test_one_origin_is_one_case(mihon: Town) -> None:
    first = opening(mihon)
    ctx = mihon.ctx("cli").begin()
    store.open_case(ctx, first)
    with pytest.raises(Problem) as refused:
        store.open_case(ctx, first)
    assert refused.value.code == "opened"


def test_an_unknown_kind_or_origin_is_a_fault_of_the_program(mihon: Town) -> None:
    with pytest.raises(LookupError):
        a_case(mihon, kind="nothing")


def test_an_office_of_another_municipality_is_none(mihon: Town, karina: Town) -> None:
    with pytest.raises(Problem):
        a_case(mihon, office_id=karina.offices["own"].pk)


def test_a_notification_may_be_complete_on_arrival(mihon: Town) -> None:
    case = a_case(mihon, kind="notification", accept=True)
    assert case.state == "completed"
    assert case.completed_at is not None
    assert steps(case) == ["arrive", "accept"]


def test_a_trial_takes_no_number_out_of_the_book(mihon: Town) -> None:
    trial = a_case(mihon, test=True)
    assert trial.number.startswith("試行-")
    assert a_case(mihon).number.endswith("収第1号")


def test_the_clock_stands_while_a_correction_is_asked_for(mihon: Town) -> None:
    monday = on(mihon, "2026-06-01")
    case = store.open_case(monday, opening(mihon, arrived_at=at("2026-06-01"), clock=ClockRule(5)))
    assert case.due_on == dt.date(2026, 6, 8)
    store.move(monday, case, "start")
    store.tell(on(mihon, "2026-06-02"), case, "correction_request", "住所を直してください。", asked=("name",))
    store.move(on(mihon, "2026-06-02"), case, "ask_correction")
    assert case.due_on is None
    thursday = on(mihon, "2026-06-11")
    store.hear(thursday, case, "correction", "", at=at("2026-06-10"))
    made = store.move(thursday, case, "corrected", at=at("2026-06-10"))
    assert made.by_label == "申請者"
    assert case.state == "checking"
    stop = ClockStop.unscoped.get(case=case)
    assert (stop.since, stop.until) == (dt.date(2026, 6, 2), dt.date(2026, 6, 10))
    assert case.due_on == dt.date(2026, 6, 16), "3, 4, 5 and 8 to 10 June do not count"


def test_a_correction_is_asked_for_in_words(mihon: Town) -> None:
    ctx = mihon.ctx("cli").begin()
    case = a_case(mihon)
    store.move(ctx, case, "start")
    with pytest.raises(Problem) as refused:
        store.move(ctx, case, "ask_correction")
    assert refused.value.code == "correction"
    store.tell(ctx, case, "correction_request", "直してください。")
    store.move(ctx, case, "ask_correction")
    store.move(ctx, case, "corrected")
    with pytest.raises(Problem):
        store.move(ctx, case, "ask_correction")  # the second time has its own words


def test_no_step_that_the_table_has_not(mihon: Town) -> None:
    case = a_case(mihon)
    for key in ("complete", "decided", "nothing"):
        with pytest.raises(Problem) as refused:
            store.move(mihon.ctx("cli").begin(), case, key)
        assert refused.value.code == "state"
    assert steps(case) == ["arrive"]


def test_a_reason_where_one_is_needed(mihon: Town) -> None:
    ctx = mihon.ctx("cli").begin()
    case = a_case(mihon)
    store.move(ctx, case, "start")
    store.move(ctx, case, "formally_right")
    with pytest.raises(Problem) as refused:
        store.move(ctx, case, "back", reason="  ")
    assert refused.value.field == "reason"
    assert store.move(ctx, case, "back", reason="見落とし").reason == "見落とし"


def test_a_decision_needs_its_draft_and_sets_the_day(mihon: Town) -> None:
    ctx = mihon.ctx("cli").begin()
    case = a_case(mihon)
    store.move(ctx, case, "start")
    store.move(ctx, case, "formally_right")
    with pytest.raises(Problem):
        store.move(ctx, case, "settle")
    Disposition.unscoped.create(
        municipality_id=case.municipality_id, case=case, outcome="granted", drafted_by="x", drafted_at=ctx.now
    )
    store.move(ctx, case, "settle")
    assert case.decided_at == ctx.now
    with pytest.raises(Problem) as refused:
        store.move(ctx, case, "notify")
    assert refused.value.code == "notice"


def test_the_origin_hears_of_every_move_and_message(mihon: Town) -> None:
    ctx = mihon.ctx("cli").begin()
    case = a_case(mihon)
    store.move(ctx, case, "start")
    store.tell(ctx, case, "question", "いつですか。")
    assert [state for pk, state in HEARD.moved if pk == case.pk] == ["checking"]
    assert [kind for pk, kind in HEARD.told if pk == case.pk] == ["question"]


def test_persons_are_compared_on_arrival_and_after_a_correction(mihon: Town) -> None:
    ctx = mihon.ctx("cli").begin()
    born = dt.date(1980, 1, 2)
    Protected.unscoped.create(
        municipality_id=mihon.ref.id, name="例示 月子", birth=born, valid_from=dt.date(2020, 1, 1)
    )
    case = a_case(mihon, applicant="例示 太郎")
    assert not Hold.unscoped.filter(subject_id=case.pk).exists()
    HEARD.people[case.origin_id] = (Party(name="例示 月子", birth=born),)
    store.hear(ctx, case, "correction", "")
    assert Hold.unscoped.filter(subject_kind="case", subject_id=case.pk, state="standing").count() == 1


def test_withdrawn_is_the_end(mihon: Town) -> None:
    ctx = mihon.ctx("cli").begin()
    case = a_case(mihon)
    store.move(ctx, case, "withdraw")
    assert case.state == "withdrawn"
    assert case.completed_at == ctx.now
    with pytest.raises(Problem):
        store.move(ctx, case, "start")


# --- numbers --------------------------------------------------------------------------------------------------------
def number(town: Town, day: str, book: str = "document", office: str = "own") -> str:
    held = town.offices.get(office)
    return store.next_number(town.ctx("cli").begin(), book, held, "mayor", dt.date.fromisoformat(day))


def test_numbers_count_by_book_office_and_fiscal_year(mihon: Town) -> None:
    assert number(mihon, "2026-03-31") == "R7見本課第1号"
    assert number(mihon, "2026-03-31") == "R7見本課第2号"
    assert number(mihon, "2026-04-01") == "R8見本課第1号"
    assert number(mihon, "2026-04-01", office="other") == "R8例示課第1号"
    assert number(mihon, "2026-04-01", book="registration") == "R8見本課収第1号"


def test_a_book_keeps_its_way_of_writing_in_the_next_year(mihon: Town) -> None:
    number(mihon, "2026-03-31")
    NumberBook.unscoped.filter(year=2025).update(pattern="見総第{year}-{n}号")
    assert number(mihon, "2026-04-01") == "見総第R8-1号"


def test_an_office_without_a_book_writes_into_its_authoritys(mihon: Town) -> None:
    NumberBook.unscoped.create(
        municipality_id=mihon.ref.id,
        book="document",
        authority="mayor",
        year=FiscalYear(2026),
        pattern="見指令第{n}号",
        following=41,
    )
    assert number(mihon, "2026-04-01") == "見指令第41号"
    assert number(mihon, "2026-04-01", office="other") == "見指令第42号"
    assert number(mihon, "2026-04-01", office="none") == "見指令第43号"


def test_a_number_that_stands_already_is_passed_over(mihon: Town) -> None:
    case = a_case(mihon)
    Case.unscoped.filter(pk=case.pk).update(number=case.number.replace("第1号", "第2号"))
    assert a_case(mihon).number.endswith("第3号")
