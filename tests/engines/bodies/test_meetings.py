"""Meetings: who presides, when a body may decide, what a decision does elsewhere, and what can be put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.approval.sample import person_of
from tests.engines.bodies.sample import (
    KIND,
    MATTER,
    SUBJECT,
    attended,
    called,
    chaired,
    held,
    item_of,
    made_body,
    outside,
    planned,
    seated,
    staffed,
)
from tests.engines.bodies.specimens import paper
from tests.world import Town
from yakuba.engines.bodies import actions, store
from yakuba.engines.bodies.matters import Proposed
from yakuba.engines.bodies.models import (
    AgendaItem,
    Answer,
    Attendance,
    Body,
    Meeting,
    MeetingMove,
    Paper,
    Seat,
)
from yakuba.engines.bodies.queries import decisions, meetings, sitting
from yakuba.kernel.actions import Denied, NoData, Problem, Problems
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.town.models import Assignment

NOW = dt.datetime(2026, 6, 25, 5, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def world(module_db: None) -> Town:
    return staffed()


@pytest.fixture(autouse=True)
def fresh(db: None, settings, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    MATTER.told.clear()
    MATTER.refuses = ""
    yield
    MATTER.refuses = ""


def five(town: Town) -> tuple[Body, dict[str, Seat]]:
    """Chair, two vices, two members; an adviser and a vacant seat that count for nothing."""
    body = made_body(town)
    seats = {
        "chair": seated(town, body, "chair", "見本本部長", town.account("staff", "own")),
        "vice2": seated(town, body, "vice", "見本副二", town.account("office_head", "own"), order=2),
        "vice1": seated(town, body, "vice", "見本副一", town.account("office_head", "other"), order=1),
        "member1": seated(town, body, "member", "見本委員甲", town.account("auditor", "own")),
        "member2": seated(town, body, "member", "見本委員乙", town.account("auditor", "other")),
        "adviser": outside(town, body, "adviser"),
    }
    seated(town, body, "member", "見本欠員")
    return body, seats


def everybody(seats: dict[str, Seat], **how: str) -> actions.Attended:
    return attended({seat.pk: how.get(key, "present") for key, seat in seats.items()})


def test_the_first_vice_chair_acts_for_an_absent_chair(world: Town) -> None:
    body, seats = five(world)
    meeting = called(world, body)
    done = actions.hold(
        world.ctx("plan_secretariat"), meeting, everybody(seats, chair="absent", member1="proxy")
    )
    assert done.seat == seats["vice1"]
    assert done.presided_as == "vice"
    assert done.presider == person_of(world.account("office_head", "other"))
    there = {one.seat_id: one for one in Attendance.unscoped.filter(meeting=meeting)}
    assert there[seats["member1"].pk].proxy
    assert there[seats["member1"].pk].person is None
    moves = MeetingMove.unscoped.filter(meeting=meeting).order_by("seq").values_list("to_state", flat=True)
    assert list(moves) == ["planned", "called", "held"]


def test_nobody_presides_without_chair_and_vice(world: Town) -> None:
    body, seats = five(world)
    meeting = called(world, body)
    without = everybody(seats, chair="absent", vice1="absent", vice2="proxy")
    with pytest.raises(Problem, match="議長になる人がいません"):
        actions.hold(world.ctx("plan_secretariat"), meeting, without)
    assert Meeting.unscoped.get(pk=meeting.pk).state == "called"


def test_without_a_quorum_nothing_is_decided(world: Town) -> None:
    """Five in office, so three; the adviser is no number, a proxy is one where the body says so."""
    body, seats = five(world)
    ctx = world.ctx("plan_secretariat")
    few = everybody(seats, vice1="absent", vice2="absent", member1="proxy")
    meeting = actions.hold(ctx, called(world, body), few)
    count = meetings.count_of(meeting, sitting.of_meeting(ctx, meeting), meetings.attendances(meeting))
    assert (count.members, count.there, count.needed) == (5, 2, 3)
    with pytest.raises(Problem, match="定足数") as caught:
        actions.record_decisions(ctx, item_of(meeting), actions.Decision("adopted"))
    assert (caught.value.found, caught.value.expected) == ("2", "3")
    Body.unscoped.filter(pk=body.pk).update(proxies_count=True)
    actions.record_decisions(ctx, item_of(meeting), actions.Decision("adopted"))
    assert item_of(meeting).decision == "原案のとおり決定"


def test_every_seat_that_somebody_holds_is_asked_for(world: Town) -> None:
    body, seats = five(world)
    meeting = called(world, body)
    one = {seats["chair"].pk: "present", seats["vice1"].pk: "proxy"}
    data = actions.Attended([{"seat": str(pk), "presence": how} for pk, how in one.items()])
    with pytest.raises(Problems) as caught:
        actions.hold(world.ctx("plan_secretariat"), meeting, data)
    fields = {problem.field for problem in caught.value.problems}
    missing = [seats[key] for key in ("vice2", "member1", "member2", "adviser")]
    assert fields == {f"presence-{seat.pk}" for seat in missing} | {f"proxy-{seats['vice1'].pk}"}


def test_a_decision_reaches_the_room_it_is_about_or_is_not_recorded(world: Town) -> None:
    body = chaired(world)
    ctx = world.ctx("plan_secretariat")
    meeting = planned(world, body)
    item = actions.add_matter(ctx, meeting, actions.AddMatter(KIND, str(SUBJECT)))
    with pytest.raises(Problem, match="もうこの会議の議題"):
        actions.add_matter(ctx, meeting, actions.AddMatter(KIND, str(SUBJECT)))
    actions.call(ctx, Meeting.unscoped.get(pk=meeting.pk), NoData())
    meeting = actions.hold(ctx, meeting, attended(list(Seat.unscoped.filter(body=body))))
    store.set_details(ctx, item, {"例外": "1"})
    MATTER.refuses = "対象が閉じています。"
    with pytest.raises(Problem, match="対象が閉じています"):
        actions.record_decisions(ctx, item, actions.Decision("adopt"))
    MATTER.refuses = ""
    assert AgendaItem.unscoped.get(pk=item.pk).decided_at is None
    with pytest.raises(Problem, match="決定を選んで"):
        actions.record_decisions(ctx, item, actions.Decision("adopted"))

    actions.record_decisions(ctx, item, actions.Decision("deferred"))
    assert not MATTER.told, "what was put off stays open"
    actions.record_decisions(ctx, item, actions.Decision("adopt", reason="妥当"))
    assert MATTER.told == [("adopt", {"例外": "1"})]
    kept = AgendaItem.unscoped.get(pk=item.pk)
    assert (kept.decision, kept.shown[0]["text"]) == ("案のとおり", "今は0回")
    assert decisions.about(ctx, KIND, [SUBJECT])[SUBJECT] == [kept]

    actions.record_decisions(ctx, item, actions.Decision("adopt", "案のとおり（言葉を直した）"))
    assert len(MATTER.told) == 1, "words are put right without a second effect"
    with pytest.raises(Problem, match="もう反映されています"):
        actions.record_decisions(ctx, item, actions.Decision("refuse"))
    with pytest.raises(Problem, match="もう決定が記録"):
        actions.unhold(ctx, Meeting.unscoped.get(pk=meeting.pk), actions.Reason("まちがい"))


def test_services_put_their_matters_on_agendas(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    meeting = planned(world, chaired(world))
    item = store.put_on(ctx, meeting, Proposed(KIND, SUBJECT, "付議する"))
    assert (item.position, item.what, item.meeting) == (2, "decide", meeting)
    assert meeting in decisions.open_meetings(ctx)
    with pytest.raises(LookupError):
        store.put_on(ctx, meeting, Proposed("no_such_matter", SUBJECT, "付議する"))
    over = held(world, chaired(world))
    with pytest.raises(Problem, match="議題は変えられません"):
        store.put_on(ctx, over, Proposed(KIND, SUBJECT, "付議する"))


def test_items_change_places_and_leave_no_gap(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    meeting = planned(world, chaired(world))
    second = actions.add_item(ctx, meeting, actions.AddItem("二番", "report"))
    third = actions.add_item(ctx, meeting, actions.AddItem("三番", "other"))
    actions.change_item(ctx, third, actions.ChangeItem("三番", "other", 1))
    assert [one.title for one in meetings.items(ctx, meeting)] == ["三番", "見本の議題", "二番"]
    actions.take_off(ctx, Meeting.unscoped.get(pk=meeting.pk), actions.Which(str(item_of(meeting).pk)))
    assert [(one.title, one.position) for one in meetings.items(ctx, meeting)] == [
        ("見本の議題", 1),
        ("二番", 2),
    ]
    assert second.pk


def test_numbers_count_in_the_fiscal_year_and_a_cancelled_one_is_free(world: Town) -> None:
    body = chaired(world)
    ctx = world.ctx("plan_secretariat")
    march = dt.datetime(2027, 3, 31, 1, tzinfo=dt.UTC)
    first, second = (planned(world, body, starts=march) for _ in range(2))
    assert (first.year, first.number, second.number) == (FiscalYear(2026), 1, 2)
    assert planned(world, body, starts=march + dt.timedelta(days=1)).number == 1
    actions.cancel(ctx, Meeting.unscoped.get(pk=second.pk), actions.Reason("議題がない"))
    assert planned(world, body, starts=march).number == 2
    with pytest.raises(Problem, match="第1回は、もうあります"):
        planned(world, body, starts=march, number=1)


def test_a_meeting_is_called_when_it_has_what_it_needs(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    body = made_body(world)
    meeting = actions.plan(ctx, body, actions.Gathering("in_person", clock.now()))
    with pytest.raises(Problems) as caught:
        actions.call(ctx, meeting, NoData())
    assert [one.code for one in caught.value.problems] == ["agenda", "required", "members"]


def test_it_is_not_over_before_it_began(world: Town) -> None:
    body = chaired(world)
    meeting = called(world, body, starts=clock.now() + dt.timedelta(days=1))
    with pytest.raises(Problem, match="より前に"):
        actions.hold(world.ctx("plan_secretariat"), meeting, attended(list(Seat.unscoped.filter(body=body))))


# --- by circulation -------------------------------------------------------------------------------------------------


def said(meeting: Meeting, seat: Seat, answer: str = "consent", words: str = "") -> actions.Answers:
    return actions.Answers(
        str(seat.pk), [{"item": str(item_of(meeting).pk), "answer": answer, "words": words}]
    )


def test_a_circulation_ends_when_all_have_answered_or_its_day_has_passed(world: Town) -> None:
    with clock.frozen(NOW):
        body, seats = five(world)
        ctx = world.ctx("plan_secretariat")
        meeting = called(world, body, way="circular")
        actions.answer(world.ctx("staff"), meeting, said(meeting, seats["chair"]))
        actions.answer(world.ctx("auditor", "own"), meeting, said(meeting, seats["member1"]))
        with pytest.raises(Problem, match="3人の回答を待っています"):
            actions.hold(ctx, Meeting.unscoped.get(pk=meeting.pk), actions.Attended([]))
        by_phone = actions.EnteredAnswers(
            str(seats["vice1"].pk),
            japan_date(NOW),
            [{"item": str(item_of(meeting).pk), "answer": "objection", "words": "時期が早い"}],
        )
        actions.enter_answers(ctx, Meeting.unscoped.get(pk=meeting.pk), by_phone)
    with clock.frozen(NOW + dt.timedelta(days=8)):
        ctx = world.ctx("plan_secretariat")
        done = actions.hold(ctx, Meeting.unscoped.get(pk=meeting.pk), actions.Attended([]))
        assert done.seat == seats["chair"]
        tally = meetings.tallies(done, sitting.of_meeting(ctx, done))[item_of(done).pk]
        assert (tally.consent, tally.objection, tally.silent) == (2, 1, 2)
        with pytest.raises(Problem, match="異議が1件") as caught:
            actions.record_decisions(ctx, item_of(done), actions.Decision("adopted"))
        assert caught.value.field == "reason"
        actions.record_decisions(ctx, item_of(done), actions.Decision("adopted", reason="時期を改めて示す。"))


def test_nobody_answers_for_another_and_an_objection_has_words(world: Town) -> None:
    body, seats = five(world)
    meeting = called(world, body, way="circular")
    with pytest.raises(Denied):
        actions.answer(world.ctx("staff"), meeting, said(meeting, seats["member1"]))
    with pytest.raises(Problems, match="意見を書いて"):
        actions.answer(world.ctx("staff"), meeting, said(meeting, seats["chair"], "objection"))
    actions.answer(world.ctx("staff"), meeting, said(meeting, seats["chair"], "objection", "反対"))
    actions.answer(world.ctx("staff"), Meeting.unscoped.get(pk=meeting.pk), said(meeting, seats["chair"]))
    assert Answer.unscoped.get(item__meeting=meeting).answer == "consent", "changed until it is closed"
    with pytest.raises(Problem, match="もう回答がある"):
        actions.add_item(
            world.ctx("plan_secretariat"),
            Meeting.unscoped.get(pk=meeting.pk),
            actions.AddItem("後から", "decide"),
        )


# --- seats ----------------------------------------------------------------------------------------------------------


def test_a_post_is_held_by_whoever_holds_it_that_day(world: Town) -> None:
    body, seats = five(world)
    ctx = world.ctx("plan_secretariat")
    last = dt.date(2030, 3, 31)
    before, after = world.account("auditor", "own"), world.account("plan_editor", "own")
    post = seats["member1"].post
    Assignment.unscoped.filter(post=post).update(valid_to=last)
    Assignment.unscoped.create(
        municipality_id=world.ref.id,
        person=after.person,
        post=post,
        kind="main",
        valid_from=last + dt.timedelta(days=1),
    )

    def who(day: dt.date) -> list[str]:
        found = next(one for one in sitting.of_body(ctx, body, day) if one.key == seats["member1"].pk)
        return [person.name for person in found.people]

    assert who(last) == [person_of(before).name]
    assert who(last + dt.timedelta(days=1)) == [person_of(after).name]


def test_one_chair_at_a_time_and_what_was_sat_in_stays(world: Town) -> None:
    body = chaired(world)
    ctx = world.ctx("plan_secretariat")
    with pytest.raises(Problem, match="別の「長」"):
        outside(world, body, "chair")
    meeting = held(world, body)
    seat = Meeting.unscoped.get(pk=meeting.pk).seat
    assert seat is not None
    with pytest.raises(Problem, match="消せません"):
        actions.remove_seat(ctx, body, actions.Which(str(seat.pk)))
    facts = {"role": "chair", "valid_from": seat.valid_from, "post": str(seat.post_id)}
    with pytest.raises(Problem, match="順・所属・任期"):
        actions.change_seat(ctx, seat, actions.SeatFacts(**{**facts, "role": "member"}))
    changed = actions.change_seat(ctx, seat, actions.SeatFacts(**facts, valid_to=dt.date(2031, 3, 31)))
    assert changed.valid_to == dt.date(2031, 3, 31)


def test_a_body_is_not_below_itself(world: Town) -> None:
    ctx = world.ctx("plan_secretariat")
    top = made_body(world)
    below = made_body(world, parent=str(top.pk))
    office = str(world.offices["own"].pk)
    data = actions.BodyFacts(top.name, "council", office, dt.date(2020, 4, 1), parent=str(below.pk))
    with pytest.raises(Problem, match="この会議体の下") as caught:
        actions.change_body(ctx, top, data)
    assert caught.value.field == "parent"


def test_members_read_papers_and_others_do_not(world: Town) -> None:
    body, _seats = five(world)
    ctx = world.ctx("plan_secretariat")
    meeting = planned(world, body)
    made = actions.attach_paper(ctx, item_of(meeting), paper(world, None))
    for reader, sees in (
        (world.ctx("staff", "own"), True),
        (world.ctx("office_head", "other"), True),
        (world.ctx("staff", "other"), False),
        (world.ctx("plan_editor", "other"), False),
    ):
        assert Paper.objects.for_actor(reader).filter(pk=made.pk).exists() == sees
        assert meetings.meeting(reader, meeting.pk), "that it takes place is known to all staff"


def test_what_waits_is_counted_for_those_whom_it_waits_for(world: Town) -> None:
    body, seats = five(world)
    meeting = called(world, body, way="circular")
    mine = meetings.waiting(world.ctx("staff", "own"))
    assert meeting in mine.to_answer
    actions.answer(world.ctx("staff"), meeting, said(meeting, seats["chair"]))
    assert meeting not in meetings.waiting(world.ctx("staff", "own")).to_answer
    assert not meetings.waiting(world.ctx("staff", "other")).to_answer


def test_the_secretariat_is_told_what_is_over(world: Town) -> None:
    body, _seats = five(world)
    begun, coming = called(world, body), called(world, body, starts=clock.now() + dt.timedelta(days=1))
    round_ = called(world, body, way="circular")
    ctx = world.ctx("plan_secretariat")
    told = meetings.waiting(ctx).to_close
    assert begun in told
    assert coming not in told
    assert round_ not in told
    with clock.frozen(clock.now() + dt.timedelta(days=9)):
        assert round_ in meetings.waiting(world.ctx("plan_secretariat")).to_close
    assert not meetings.waiting(world.ctx("staff")).to_close
