"""Notes, check lists, whose a case is, related cases, corrections on paper, mailboxes, the sweep."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tests.engines.casework.specimens import checking, returned
from tests.engines.casework.trying import a_case, at
from tests.guards import suspended
from tests.world import Town
from yakuba.engines.casework import actions, store
from yakuba.engines.casework.checking import check
from yakuba.engines.casework.deadlines import ClockRule
from yakuba.engines.casework.models import Case, CaseLink, CaseMessage, CheckMark, ClockStop, Move, Transfer
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.actions import Denied, NoData, Problem, Stale
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.open_work import open_work

pytestmark = pytest.mark.django_db


def test_a_line_of_the_check_list_is_marked_with_who_and_when(mihon: Town) -> None:
    case, ctx = a_case(mihon), mihon.ctx("case_worker")
    actions.check(ctx, case, actions.Check([{"position": 2, "mark": "wrong", "note": "収入証紙がない"}]))
    first, second = CheckMark.unscoped.filter(case=case).order_by("position")
    assert (first.mark, first.by_label) == ("open", "")
    assert (second.mark, second.note, second.at) == ("wrong", "収入証紙がない", ctx.now)
    assert ctx.actor.label in second.by_label


@pytest.mark.parametrize(
    "marks",
    [
        [{"position": 9, "mark": "right", "note": ""}],
        [{"position": 1, "mark": "splendid", "note": ""}],
        [{"position": "1", "mark": "right", "note": ""}],
        ["right"],
        [{"position": 1, "mark": "right", "note": "長" * 2001}],
    ],
)
def test_what_is_no_line_of_the_list_is_refused(mihon: Town, marks: list[object]) -> None:
    case = a_case(mihon)
    with pytest.raises(Problem):
        actions.check(mihon.ctx("case_worker"), case, actions.Check(marks))  # type: ignore[arg-type]
    assert not CheckMark.unscoped.filter(case=case).exclude(mark="open").exists()


def test_a_case_is_given_to_a_colleague_of_its_office_alone(mihon: Town) -> None:
    case, ctx = a_case(mihon), mihon.ctx("office_head")
    worker, stranger = mihon.account("case_worker"), mihon.account("case_worker", "other")
    actions.assign(ctx, case, actions.Assign(str(worker.person_id)))
    assert Case.unscoped.get(pk=case.pk).assignee_id == worker.person_id
    with pytest.raises(Problem) as refused:
        actions.assign(ctx, case, actions.Assign(str(stranger.person_id)))
    assert refused.value.field == "person"
    actions.assign(ctx, case, actions.Assign())
    assert Case.unscoped.get(pk=case.pk).assignee_id is None


def test_a_mover_leaves_his_open_cases_behind(mihon: Town) -> None:
    case, ctx = a_case(mihon), mihon.ctx("office_head")
    closed = a_case(mihon)
    person = mihon.account("case_worker").person_id
    for one in (case, closed):
        actions.assign(ctx, one, actions.Assign(str(person)))
    store.move(mihon.ctx("cli").begin(), closed, "withdraw")
    assert [ref.id for ref in open_work(ctx, person) if ref.kind == "case"] == [case.pk]
    assert not open_work(mihon.ctx("case_worker", "other"), person)


def test_a_transfer_shows_in_both_offices_and_only_the_new_one_works(mihon: Town) -> None:
    case, ours, theirs = a_case(mihon), mihon.ctx("case_worker"), mihon.ctx("case_worker", "other")
    assert not Case.objects.for_actor(theirs).filter(pk=case.pk).exists()
    number = case.number
    moving = actions.TransferCase(str(mihon.offices["other"].pk), "所管が違う")
    actions.transfer(ours, case, moving)
    case.refresh_from_db()
    assert (case.office_id, case.assignee_id, case.number) == (mihon.offices["other"].pk, None, number)
    for ctx in (ours, theirs):
        assert Case.objects.for_actor(ctx).filter(pk=case.pk).exists()
        assert Transfer.objects.for_actor(ctx).filter(case=case).exists()
        assert Move.objects.for_actor(ctx).filter(case=case).exists()
    with pytest.raises(Denied):
        actions.start(ours, case, NoData())
    actions.start(theirs, case, NoData())


def test_a_transfer_goes_somewhere_else(mihon: Town, karina: Town) -> None:
    case, ctx = a_case(mihon), mihon.ctx("case_worker")
    for office in (str(mihon.offices["own"].pk), str(karina.offices["own"].pk), "どこか"):
        with pytest.raises(Problem) as refused:
            actions.transfer(ctx, case, actions.TransferCase(office, "移す"))
        assert refused.value.field == "office"


def test_two_cases_are_linked_once_whichever_way_round(mihon: Town) -> None:
    case, other, ctx = a_case(mihon), a_case(mihon, receipt="2BCD34567EFG"), mihon.ctx("case_worker")
    actions.link(ctx, case, actions.LinkCase(" ２ｂｃｄ－３４５６－7EFG", "同じ犬"))
    with pytest.raises(Problem) as refused:
        actions.link(ctx, other, actions.LinkCase(case.number))
    assert refused.value.code == "twice"
    for number in (case.number, "R8どこか第1号"):
        with pytest.raises(Problem):
            actions.link(ctx, case, actions.LinkCase(number))


def test_only_cases_that_one_sees_can_be_linked(mihon: Town) -> None:
    case, elsewhere = a_case(mihon), a_case(mihon, "other", receipt="C-1")
    with pytest.raises(Problem) as refused:
        actions.link(mihon.ctx("case_worker"), case, actions.LinkCase(elsewhere.number))
    assert refused.value.field == "number"
    assert not CaseLink.unscoped.exists()


# --- corrections ----------------------------------------------------------------------------------------------------
def test_a_correction_on_paper_goes_on_from_the_day_on_which_it_came(mihon: Town) -> None:
    monday = dataclasses.replace(mihon.ctx("cli").begin(), now=at("2026-06-01"))
    case = store.open_case(monday, _opening(mihon))
    worker = mihon.ctx("case_worker")
    tuesday = dataclasses.replace(worker, now=at("2026-06-02"))
    actions.start(tuesday, case, NoData())
    asking = actions.AskCorrection("住所を直してください。", asked=["name"])
    actions.ask_correction(tuesday, case, asking)
    asked = CaseMessage.unscoped.get(case=case)
    assert (asked.kind, asked.direction, asked.asked) == ("correction_request", "out", ["name"])
    friday = dataclasses.replace(worker, now=at("2026-06-12"))
    actions.corrected(friday, case, actions.Corrected(dt.date(2026, 6, 10), "見本町1番"))
    case.refresh_from_db()
    assert ClockStop.unscoped.get(case=case).until == dt.date(2026, 6, 10)
    assert case.due_on == dt.date(2026, 6, 16)


def _opening(town: Town) -> store.Opening:
    from tests.engines.casework.trying import opening

    return opening(town, arrived_at=at("2026-06-01"), clock=ClockRule(5))


@pytest.mark.parametrize("day", [dt.date(2020, 1, 1), dt.date(2099, 1, 1)])
def test_a_day_before_the_arrival_or_to_come_is_refused(mihon: Town, day: dt.date) -> None:
    case = returned(mihon)
    with pytest.raises(Problem) as refused:
        actions.corrected(mihon.ctx("case_worker"), case, actions.Corrected(day, "見本町1番"))
    assert refused.value.field == "on"
    assert Case.unscoped.get(pk=case.pk).state == "returned"


def test_only_questions_of_the_submission_are_asked_again(mihon: Town) -> None:
    case, ctx = checking(mihon), mihon.ctx("case_worker")
    with pytest.raises(Problem) as refused:
        actions.ask_correction(ctx, case, actions.AskCorrection("直して", asked=["shoe_size"]))
    assert refused.value.field == "asked"
    with pytest.raises(Problem) as late:
        actions.ask_correction(ctx, case, actions.AskCorrection("直して", answer_by=japan_date(ctx.now)))
    assert late.value.field == "answer_by"


def test_whoever_looks_at_an_old_page_is_told(mihon: Town) -> None:
    case = checking(mihon)
    old = Case.unscoped.get(pk=case.pk).version
    actions.note(mihon.ctx("case_worker"), case, actions.WriteNote("電話した。"))
    with pytest.raises(Stale):
        actions.formally_right(mihon.ctx("case_worker"), case, NoData(), expected_version=old)


# --- mailboxes ------------------------------------------------------------------------------------------------------
def test_an_office_is_told_of_a_case_by_number_alone(mihon: Town) -> None:
    admin = mihon.ctx("municipality_admin")
    actions.set_mailbox(admin, mihon.offices["own"], actions.SetMailbox("kakari@example.jp"))
    case = a_case(mihon, applicant="見本 花子")
    sent = Delivery.unscoped.get(about_id=case.pk)
    assert sent.address == "kakari@example.jp"
    assert case.number in sent.subject_line
    assert str(case.pk) in sent.body
    for word in ("花子", case.title, case.receipt):
        assert word not in sent.body + sent.subject_line


def test_without_a_mailbox_nobody_is_told(mihon: Town) -> None:
    a_case(mihon, "other")
    assert not Delivery.unscoped.exists()


def test_a_case_handed_on_is_told_to_the_office_that_gets_it(mihon: Town) -> None:
    admin = mihon.ctx("municipality_admin")
    actions.set_mailbox(admin, mihon.offices["other"], actions.SetMailbox("reiji@example.jp"))
    case = a_case(mihon)
    moving = actions.TransferCase(str(mihon.offices["other"].pk), "所管が違う")
    actions.transfer(mihon.ctx("case_worker"), case, moving)
    assert Delivery.unscoped.get().address == "reiji@example.jp"


def test_a_mailbox_is_an_address_and_may_go(mihon: Town) -> None:
    admin, office = mihon.ctx("municipality_admin"), mihon.offices["own"]
    with pytest.raises(Problem) as refused:
        actions.set_mailbox(admin, office, actions.SetMailbox("係のメール"))
    assert refused.value.field == "mail"
    actions.set_mailbox(admin, office, actions.SetMailbox("kakari@example.jp"))
    actions.set_mailbox(admin, office, actions.SetMailbox(""))
    a_case(mihon)
    assert not Delivery.unscoped.exists()


# --- the sweep ------------------------------------------------------------------------------------------------------
def test_a_state_that_no_move_led_to_is_found(mihon: Town) -> None:
    sound, strayed, bare = checking(mihon), checking(mihon), a_case(mihon)
    assert list(check()) == []
    Case.unscoped.filter(pk=strayed.pk).update(state="decided")
    with suspended():
        Move.unscoped.filter(case=bare).delete()
    assert {one.subject for one in check()} == {strayed.number, bare.number}
    assert sound.number not in {one.subject for one in check()}


def test_moves_are_only_inserted(mihon: Town) -> None:
    from django.db import DatabaseError, transaction

    move = Move.unscoped.filter(case=a_case(mihon)).first()
    assert move is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Move.unscoped.filter(pk=move.pk).update(to_state="completed")
    Move.unscoped.filter(pk=move.pk).update(reason="")
