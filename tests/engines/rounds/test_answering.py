"""A round from its opening to its end: who enters, confirms, accepts; what is refused, and what happens to all or none."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from tests.engines.rounds.sample import (
    DAY,
    EACH,
    KIND,
    SAMPLE,
    because,
    chosen,
    confirmed,
    entered,
    items_of,
    opened,
    part_of,
    planned,
    today,
)
from tests.world import SINCE, Town, make_town
from yakuba.engines.rounds import actions, store
from yakuba.engines.rounds.checking import check
from yakuba.engines.rounds.models import Item, ItemMove, OfficePart, Round
from yakuba.engines.rounds.queries import board as boards
from yakuba.engines.rounds.queries import rounds
from yakuba.kernel.access.models import RoleGrant
from yakuba.kernel.actions import Denied, NoData, Problem, Problems
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.town.models import Assignment, Office, OfficeName, OfficeSuccession, Post
from yakuba.kernel.trail.guards import install

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    made = make_town("990019", "みほん市")
    for role, office in (
        ("plan_secretariat", "own"),
        ("plan_secretariat", "other"),
        ("plan_editor", "own"),
        ("plan_editor", "other"),
        ("office_head", "own"),
        ("staff", "own"),
    ):
        made.account(role, office)
    return made


def states(part: OfficePart) -> list[str]:
    return [one.state for one in items_of(part, ready=False)]


def test_opening_asks_every_office_in_the_order_of_numbers(town: Town) -> None:
    round_ = opened(town)
    parts = {part.office_id: part for part in OfficePart.unscoped.filter(round=round_)}
    assert set(parts) == {town.offices["own"].pk, town.offices["other"].pk}
    own = parts[town.offices["own"].pk]
    assert [one.number for one in items_of(own, ready=False)] == ["1", "2", "3", "10"], (
        "what nobody is known for is the secretariat's own"
    )
    assert own.due == today() + 10 * DAY
    with pytest.raises(Problem, match="照会中"):
        actions.open_round(town.ctx("plan_secretariat"), round_, NoData())


def test_two_of_a_kind_year_and_phase_are_refused(town: Town) -> None:
    year = FiscalYear(2025)
    first = planned(town, year=year)
    with pytest.raises(Problem) as refused:
        planned(town, year=year)
    assert refused.value.field == "kind"
    planned(town, year=year, phase="final")
    actions.call_off(town.ctx("plan_secretariat"), first, actions.Because("作り直すため"))
    planned(town, year=year)


def test_days_out_of_order_are_refused(town: Town) -> None:
    with pytest.raises(Problem) as refused:
        planned(town, head_due=today() + DAY)
    assert refused.value.field == "head_due"


def test_from_entry_to_decision(town: Town) -> None:
    SAMPLE.moved.clear()
    part = confirmed(town)
    round_ = Round.unscoped.get(pk=part.round_id)
    accepted = items_of(part)
    actions.accept(town.ctx("plan_secretariat"), round_, chosen(accepted))
    store.move_many(town.ctx("plan_secretariat").begin(), accepted, "decide")
    assert states(part) == ["decided", "decided", "open", "open"]
    for one in accepted:
        assert [key for pk, key in SAMPLE.moved if pk == one.pk] == ["enter", "confirm", "accept", "decide"]
        moves = list(ItemMove.unscoped.filter(item=one).order_by("seq"))
        assert [move.seq for move in moves] == [1, 2, 3, 4]
        assert moves[-1].to_state == Item.unscoped.get(pk=one.pk).state
    assert not list(check())
    Item.unscoped.filter(pk=accepted[0].pk).update(state="open")
    assert [found.code for found in check()] == ["round_item_state"]


def test_who_entered_does_not_confirm_and_who_confirmed_does_not_accept(town: Town) -> None:
    part = part_of(opened(town), town.offices["own"])
    items = items_of(part)
    head, secretariat = town.ctx("office_head"), town.ctx("plan_secretariat")
    actions.enter(head, part, chosen(items[:1]))
    actions.enter(town.ctx("plan_editor"), part, chosen(items[1:]))
    with pytest.raises(Problems) as refused:
        actions.confirm(head, part, chosen(items))
    (only,) = refused.value.problems
    assert (only.code, only.field) == ("own_work", str(items[0].pk))
    assert states(part)[:2] == ["entered", "entered"], "all of them or none"
    actions.confirm(secretariat, part, chosen(items))
    with pytest.raises(Problems, match="確認した人"):
        actions.accept(secretariat, part.round, chosen(items))
    actions.accept(town.ctx("plan_secretariat", "other"), part.round, chosen(items))


def test_the_operator_stands_for_no_answer(town: Town) -> None:
    part = entered(town)
    with pytest.raises(Denied):
        store.move_many(town.ctx("cli").begin(), items_of(part), "confirm")


def test_what_lacks_something_is_not_entered_and_is_told_row_by_row(town: Town) -> None:
    part = part_of(opened(town), town.offices["other"])
    items = items_of(part, ready=False)
    with pytest.raises(Problems) as refused:
        actions.enter(town.ctx("plan_editor", "other"), part, chosen(items))
    assert [(one.code, one.field) for one in refused.value.problems] == [("missing", str(items[2].pk))]
    assert "実績が未入力です" in refused.value.message
    assert states(part) == ["open"] * EACH


def test_what_a_service_refuses_refuses_the_whole(town: Town) -> None:
    part = part_of(opened(town), town.offices["own"])
    SAMPLE.refuse = "enter"
    try:
        with pytest.raises(Problem, match="動かせません"):
            actions.enter(town.ctx("plan_editor"), part, chosen(items_of(part)))
    finally:
        SAMPLE.refuse = ""
    assert set(states(part)) == {"open"}
    assert not ItemMove.unscoped.filter(item__part=part).exists()


def test_items_of_another_part_are_refused(town: Town) -> None:
    round_ = opened(town)
    mine, theirs = (part_of(round_, town.offices[key]) for key in ("own", "other"))
    with pytest.raises(Problem) as refused:
        actions.enter(town.ctx("plan_editor"), mine, chosen(items_of(theirs)))
    assert refused.value.field == "items"


def test_back_to_the_office_and_once_more(town: Town) -> None:
    part = confirmed(town)
    one, other = items_of(part)
    with pytest.raises(Problems, match="所属長確認済み"):
        actions.send_back(town.ctx("office_head"), part, because([one]))
    actions.return_items(town.ctx("plan_secretariat"), part.round, because([one]))
    back = Item.unscoped.get(pk=one.pk)
    assert (back.state, back.sent_back, back.entered_by_id, back.confirmed_by_id) == (
        "open",
        True,
        None,
        None,
    )
    actions.collect(town.ctx("plan_secretariat"), part.round, NoData())
    actions.enter(town.ctx("plan_editor"), part, chosen([back]))
    with pytest.raises(Problems, match="回収を締め切って"):
        actions.mark_not_applicable(town.ctx("plan_editor"), part, because(items_of(part, ready=False)[2:3]))
    assert Item.unscoped.get(pk=other.pk).state == "confirmed"


def test_a_move_without_its_reason_is_refused(town: Town) -> None:
    part = entered(town)
    refused = store.move_many(town.ctx("office_head").begin(), items_of(part), "return", "  ")
    assert {one.code for one in refused.values()} == {"required"}


def test_nothing_applies_to_an_office(town: Town) -> None:
    editor, part = town.ctx("plan_editor"), part_of(opened(town), town.offices["own"])
    actions.enter(editor, part, chosen(items_of(part)[:1]))
    with pytest.raises(Problem, match="1件"):
        actions.not_applicable(editor, part, actions.Because("事業がありません。"))
    actions.take_back(editor, part, chosen(items_of(part)[:1]))
    actions.not_applicable(editor, part, actions.Because("事業がありません。"))
    assert set(states(part)) == {"not_applicable"}
    with pytest.raises(Problems, match="入力した人"):
        actions.accept(_as(town, "plan_secretariat", of="plan_editor"), part.round, chosen(items_of(part)))
    actions.applicable_after_all(editor, part, NoData())
    assert set(states(part)) == {"open"}
    assert OfficePart.unscoped.get(pk=part.pk).not_applicable_at is None


def _as(town: Town, role: str, *, of: str):
    """Somebody's context, with a further role."""
    post = Assignment.unscoped.get(person=town.account(of).person).post
    RoleGrant.unscoped.create(municipality_id=town.ref.id, role=role, post=post, valid_from=SINCE)
    return town.ctx(of)


def test_an_extension_is_asked_refused_and_granted(town: Town) -> None:
    round_ = opened(town)
    part = part_of(round_, town.offices["own"])
    editor, secretariat = town.ctx("plan_editor"), town.ctx("plan_secretariat")
    with pytest.raises(Problem) as refused:
        actions.ask_extension(editor, part, actions.AskExtension(part.due, "決算前のため"))
    assert refused.value.field == "until"
    later = part.due + 5 * DAY
    actions.ask_extension(editor, part, actions.AskExtension(later, "決算前のため"))
    assert rounds.to_check(secretariat).extensions == 1
    actions.refuse_extension(secretariat, part, actions.Because("会議に間に合わないため"))
    part = OfficePart.unscoped.get(pk=part.pk)
    assert (part.asked_until, part.until, part.refused_reason) == (None, part.due, "会議に間に合わないため")
    actions.grant_extension(secretariat, part, actions.GrantExtension(later))
    part = OfficePart.unscoped.get(pk=part.pk)
    assert (part.until, part.refused_reason) == (later, "")
    # Everybody's day moves past it: the extension is none any more.
    actions.set_days(secretariat, round_, actions.Days(office_due=later + DAY))
    part = OfficePart.unscoped.get(pk=part.pk)
    assert (part.extension, part.until) == (None, later + DAY)


def test_a_round_ends_when_everything_is_accepted_or_left_out_knowingly(town: Town) -> None:
    part = confirmed(town)
    secretariat, round_ = town.ctx("plan_secretariat"), Round.unscoped.get(pk=part.round_id)
    actions.collect(secretariat, round_, NoData())
    with pytest.raises(Problem) as refused:
        actions.close(secretariat, round_, actions.Close())
    assert refused.value.field == "unfinished"
    actions.close(secretariat, round_, actions.Close(unfinished=True, reason="廃止された事業のため"))
    assert SAMPLE.closed[-1] == round_.pk
    with pytest.raises(Problems, match="完了"):
        actions.accept(secretariat, round_, chosen(items_of(part)))


def test_moves_are_only_added_and_only_as_the_table_says(town: Town) -> None:
    install()
    part = entered(town)
    move = ItemMove.unscoped.filter(item__part=part).first()
    assert move is not None
    for change in (
        lambda: ItemMove.unscoped.filter(pk=move.pk).update(to_state="decided"),
        lambda: ItemMove.unscoped.filter(pk=move.pk).delete(),
        lambda: ItemMove.unscoped.create(
            municipality_id=town.ref.id,
            item_id=move.item_id,
            seq=2,
            step="accept",
            from_state="open",
            to_state="accepted",
            at=move.at,
            by_label="だれか",
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_successor_of_an_office_answers_for_it(town: Town) -> None:
    old, new = town.offices["other"], Office.unscoped.create(municipality_id=town.ref.id, authority="mayor")
    round_ = opened(town)
    part = part_of(round_, old)
    yesterday = today() - DAY
    name = OfficeName.unscoped.get(office=old)
    name.valid_to = yesterday
    name.save()
    OfficeName.unscoped.create(
        municipality_id=town.ref.id, office=new, name="新しい課", code="new-1", valid_from=today()
    )
    OfficeSuccession.unscoped.create(
        municipality_id=town.ref.id, predecessor=old, successor=new, kind="merged", on=today()
    )
    person = town.account("staff").person
    assert person is not None
    post = Post.unscoped.create(municipality_id=town.ref.id, office=new, title="主任")
    Assignment.unscoped.create(
        municipality_id=town.ref.id, person=person, post=post, kind="concurrent", valid_from=today()
    )
    RoleGrant.unscoped.create(municipality_id=town.ref.id, role="plan_editor", post=post, valid_from=today())
    editor = town.ctx("staff")
    assert [one.part.pk for one in rounds.my_parts(editor)] == [part.pk]
    actions.enter(editor, part, chosen(items_of(part)))
    assert [ref.id for ref in rounds.open_of(town.ctx("plan_secretariat"), person.pk)] == [part.pk]
    row = next(row for row in boards.board(town.ctx("staff"), round_) if row.part_id == part.pk)
    assert (row.name, row.by) == ("例示課", ("新しい課",))
    # A later round asks the successor itself.
    again = opened(town, phase="final")
    assert OfficePart.unscoped.filter(round=again, office=new).exists()
    assert not OfficePart.unscoped.filter(round=again, office=old).exists()


def test_a_task_changes_hands_without_any_succession(town: Town) -> None:
    round_ = opened(town)
    own, other = (part_of(round_, town.offices[key]) for key in ("own", "other"))
    secretariat, theirs = town.ctx("plan_secretariat"), items_of(other, ready=False)
    actions.enter(town.ctx("plan_editor", "other"), other, chosen(theirs[:1]))
    data = actions.HandOver([str(one.pk) for one in theirs], str(town.offices["own"].pk))
    with pytest.raises(Problems, match="入力されています"):
        actions.hand_over(secretariat, round_, data)
    actions.take_back(town.ctx("plan_editor", "other"), other, chosen(theirs[:1]))
    actions.hand_over(secretariat, round_, data)
    assert not items_of(other, ready=False)
    assert [row.part_id for row in boards.board(secretariat, round_)] == [own.pk], (
        "who has nothing left is gone"
    )
    actions.enter(town.ctx("plan_editor"), own, chosen(theirs[:1]))
    moves = ItemMove.unscoped.filter(item=theirs[0]).order_by("seq").values_list("step", flat=True)
    assert list(moves) == ["enter", "take_back", "enter"]


def test_last_year_s_round_is_found(town: Town) -> None:
    year = FiscalYear.of(today())
    first = planned(town, year=year - 2)
    assert rounds.former(town.ctx("plan_secretariat"), KIND, "provisional", year) == first
    assert rounds.former(town.ctx("plan_secretariat"), KIND, "final", year) is None
    assert rounds.days(town.ctx("staff"), first) == {"office_due": today() + 10 * DAY}


def test_the_day_of_the_head(town: Town) -> None:
    part = part_of(opened(town, head_due=today() + 12 * DAY), town.offices["own"])
    editor = town.ctx("plan_editor")
    assert rounds.owing(editor, [part])[0].waiting.until == part.due
    actions.enter(editor, part, chosen(items_of(part)))
    left = [one for one in items_of(part, ready=False) if one.state == "open"]
    actions.mark_not_applicable(editor, part, because(left))
    assert rounds.owing(editor, [part])[0].waiting.until == today() + 12 * DAY
