"""Raising, holding and releasing."""

from __future__ import annotations

import datetime as dt
import json
from uuid import uuid4

import pytest
from django.db import transaction

from tests.engines.protection.specimens import here, protected
from tests.world import Town
from yakuba.engines.protection import queries, store
from yakuba.engines.protection.actions import ChangeRegister, Release, change_register, release
from yakuba.engines.protection.models import Hold, Protected
from yakuba.engines.protection.rules import Party
from yakuba.engines.protection.sources import SOURCES
from yakuba.engines.protection.subscriptions import look_at_all
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import (
    Context,
    Denied,
    Everywhere,
    NoData,
    Permission,
    Problem,
    Problems,
    Stale,
    SubjectRef,
)
from yakuba.kernel.actions.action import Action
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.town.models import Office
from yakuba.kernel.trail.models import TrailEntry, TrailPayload

pytestmark = pytest.mark.django_db
HANAKO = Party("見本花子", birth=dt.date(1980, 5, 5))


def look(ctx: Context, subject: SubjectRef, *parties: Party) -> list[Hold]:
    with transaction.atomic():
        store.look(ctx.begin(), subject, parties)
    standing = Hold.unscoped.filter(subject_kind=subject.kind, subject_id=subject.id, state="standing")
    return list(standing.filter(municipality=ctx.municipality.id).order_by("raised_at", "id"))


def something() -> SubjectRef:
    return SubjectRef("office", uuid4())


def test_a_match_holds_and_nobody_else_is_held(mihon: Town, karina: Town) -> None:
    protected(mihon)
    ctx, subject, other = mihon.ctx("cli"), something(), something()
    (hold,) = look(ctx, subject, Party("例示太郎"), HANAKO)
    assert (hold.state, hold.reasons) == ("standing", "name_birth")
    assert look(ctx, other, Party("例示太郎", birth=dt.date(1980, 5, 5))) == []
    assert queries.held(ctx, [subject, other]) == {subject}
    assert queries.held(karina.ctx("cli"), [subject]) == set()
    assert look(karina.ctx("cli"), something(), HANAKO) == [], "another municipality's register"


def test_only_what_is_in_force_on_the_day_counts(mihon: Town) -> None:
    protected(mihon, valid_to=dt.date(2024, 3, 31))
    protected(mihon, valid_from=clock.today() + dt.timedelta(days=1))
    assert look(mihon.ctx("cli"), something(), HANAKO) == []


def test_looking_twice_raises_once(mihon: Town) -> None:
    protected(mihon)
    subject = something()
    first, second = (look(mihon.ctx("cli"), subject, HANAKO) for _ in range(2))
    assert [one.pk for one in first] == [one.pk for one in second]


def test_a_released_hold_stays_released_for_the_same_data_alone(mihon: Town) -> None:
    protected(mihon)
    keeper, subject = mihon.ctx("protection_keeper"), something()
    (hold,) = look(keeper, subject, HANAKO)
    release(keeper, hold, Release("別の人と確かめた"))
    assert look(keeper, subject, HANAKO) == []
    assert queries.held(keeper, [subject]) == set()
    (again,) = look(keeper, subject, HANAKO, Party("見本花子", address="みほん市本町1-2-3"))
    assert again.pk != hold.pk
    assert again.reasons == "name_birth,name_address"


def test_new_data_under_a_standing_hold_is_what_the_release_is_about(mihon: Town) -> None:
    protected(mihon)
    keeper, subject = mihon.ctx("protection_keeper"), something()
    look(keeper, subject, HANAKO)
    moved = Party("見本花子", birth=dt.date(1980, 5, 5), address="かりな市1-1")
    (hold,) = look(keeper, subject, moved)
    release(keeper, hold, Release("本人と確かめた"))
    assert look(keeper, subject, moved) == []


def test_a_release_needs_a_reason_and_happens_once(mihon: Town) -> None:
    protected(mihon)
    keeper = mihon.ctx("protection_keeper")
    (hold,) = look(keeper, something(), HANAKO)
    with pytest.raises(Problems):
        release.read_text({"reason": " "})
    release(keeper, hold, Release("確かめた"))
    with pytest.raises(Denied):
        release(keeper, hold, Release("もう一度"))


def test_others_are_told_of_a_release_when_nothing_else_stands(mihon: Town) -> None:
    protected(mihon)
    protected(mihon, name="見本 花子", kana="", address="ほかの市1-1")
    keeper, subject = mihon.ctx("protection_keeper"), something()
    first, second = look(keeper, subject, HANAKO)
    release(keeper, first, Release("確かめた"))
    assert not OutboxMessage.unscoped.filter(topic="protection.released").exists()
    release(keeper, second, Release("確かめた", resume=True))
    told = [row.payload for row in OutboxMessage.unscoped.filter(topic="protection.released")]
    expected = {"kind": "office", "id": str(subject.id), "resume": True}
    assert told
    assert all(payload == expected for payload in told), "each room that listens has its own row"


# --- the gate ---------------------------------------------------------------------------------------------------------


def test_what_is_held_does_not_leave_and_the_attempt_is_noted(mihon: Town) -> None:
    protected(mihon)
    ctx, subject = mihon.ctx("case_worker"), SubjectRef("office", mihon.offices["own"].pk)
    store.demand_free(ctx, subject, "letter")
    look(ctx, subject, HANAKO)
    with pytest.raises(Problem) as stopped:
        store.demand_free(ctx, subject, "letter")
    assert stopped.value.code == "held"
    assert "見本" not in stopped.value.message
    entry = TrailEntry.unscoped.get(kind="denied")
    assert (entry.action, entry.subject_id) == ("protection.letter", subject.id)
    with pytest.raises(ValueError, match="no such output"):
        store.demand_free(ctx, subject, "pigeon")


def test_inside_an_action_the_action_notes_it_and_changes_nothing(mihon: Town) -> None:
    protected(mihon)
    ctx, office = mihon.ctx("cli"), mihon.offices["own"]
    subject = SubjectRef("office", office.pk)
    look(ctx, subject, HANAKO)

    def write_letter(ctx: Context, office: Office, _data: NoData) -> Office:
        store.demand_free(ctx, subject, "letter")
        return office

    may = Permission("test.letter", Office, roles={"cli": Everywhere()})
    letter = Action("test.letter", "手紙", write_letter, may, NoData)
    with pytest.raises(Problem) as stopped:
        letter(ctx, office, NoData())
    assert stopped.value.code == "held"
    assert TrailEntry.unscoped.get(kind="denied").action == "test.letter"


# --- the register -----------------------------------------------------------------------------------------------------


def add(town: Town, **entry: str) -> None:
    change_register(
        town.ctx("protection_keeper"),
        here(town),
        ChangeRegister([{"id": "", "version": 0, "entry": {**entry}}]),
    )


def test_no_name_gets_into_the_trail(mihon: Town) -> None:
    add(mihon, name="見本 花子", birth="昭和55年5月5日", valid_from="令和8年4月1日", note="秘密の備考")
    row = Protected.unscoped.get()
    keeper = mihon.ctx("protection_keeper")
    changed = ChangeRegister([{"id": str(row.pk), "version": 1, "entry": {"address": "みほん市手本町"}}])
    change_register(keeper, here(mihon), changed)
    (hold,) = look(keeper, something(), HANAKO)
    release(keeper, hold, Release("確かめた"))
    text = "".join(TrailPayload.unscoped.values_list("text", flat=True))
    readable = json.dumps(json.loads(f"[{','.join(TrailPayload.unscoped.values_list('text', flat=True))}]"))
    labels = "".join(TrailEntry.unscoped.values_list("subject_label", flat=True))
    for secret in ("見本", "1980-05", "秘密", "手本町"):
        assert secret not in text + labels
        assert json.dumps(secret)[1:-1] not in readable
    assert '"address"' in text, "which columns were changed is kept"
    payloads = json.dumps(list(OutboxMessage.unscoped.values_list("payload", flat=True)))
    assert json.dumps("見本")[1:-1] not in payloads


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"name": "", "birth": "1980-05-05", "valid_from": "2026-04-01"}, "0.name"),
        ({"name": "見本", "birth": "13月", "valid_from": "2026-04-01"}, "0.birth"),
        ({"name": "見本", "valid_from": "2026-04-01"}, "0.birth"),
        ({"name": "見本", "address": "みほん市1", "valid_from": ""}, "0.valid_from"),
        (
            {"name": "見本", "address": "みほん市1", "valid_from": "2026-04-01", "valid_to": "2026-03-31"},
            "0.valid_to",
        ),
    ],
)
def test_what_an_entry_must_say(mihon: Town, entry: dict[str, str], field: str) -> None:
    with pytest.raises(Problems) as refused:
        add(mihon, **entry)
    assert [one.field for one in refused.value.problems] == [field]
    assert not Protected.unscoped.exists()


def test_all_or_none_and_no_lost_update(mihon: Town) -> None:
    row = protected(mihon)
    good = {
        "id": "",
        "version": 0,
        "entry": {"name": "例示", "address": "みほん市1", "valid_from": "2026-04-01"},
    }
    late = {"id": str(row.pk), "version": 7, "entry": {"name": "別名"}}
    with pytest.raises(Problems) as refused:
        change_register(mihon.ctx("protection_keeper"), here(mihon), ChangeRegister([good, late]))
    assert [(type(one), one.field) for one in refused.value.problems] == [(Stale, "1.")]
    assert Protected.unscoped.count() == 1


def test_another_municipalitys_entry_is_not_there(mihon: Town, karina: Town) -> None:
    row = protected(karina)
    changes = ChangeRegister([{"id": str(row.pk), "version": 1, "entry": {"name": "別名"}}])
    with pytest.raises(Problems):
        change_register(mihon.ctx("protection_keeper"), here(mihon), changes)
    row.refresh_from_db()
    assert row.name == "見本 花子"


def test_a_mistake_may_be_struck_out_and_a_reason_may_not(mihon: Town) -> None:
    mistake, reason = protected(mihon, name="まちがい"), protected(mihon)
    keeper = mihon.ctx("protection_keeper")
    look(keeper, something(), HANAKO)
    remove = [{"id": str(one.pk), "version": 1, "remove": True} for one in (mistake, reason)]
    change_register(keeper, here(mihon), ChangeRegister(remove[:1]))
    with pytest.raises(Problems) as refused:
        change_register(keeper, here(mihon), ChangeRegister(remove[1:]))
    assert refused.value.problems[0].code == "held"
    assert list(Protected.unscoped.values_list("pk", flat=True)) == [reason.pk]


@pytest.mark.parametrize(
    "changes",
    [[], [{"id": "x"}], [{"id": 5}], {}, [{"id": "", "version": True}], [{"id": "", "entry": {"name": 5}}]],
)
def test_nonsense_is_refused(mihon: Town, changes: object) -> None:
    with pytest.raises(Problem):
        change_register(mihon.ctx("protection_keeper"), here(mihon), ChangeRegister(changes))  # type: ignore[arg-type]  # nonsense on purpose


# --- what is already here ---------------------------------------------------------------------------------------------


def test_a_new_protection_finds_what_came_before(mihon: Town, karina: Town) -> None:
    things = [(something(), [Party("例示太郎"), HANAKO] if number % 50 == 0 else []) for number in range(120)]
    with SOURCES.temporarily("test", lambda _ctx: iter(things)):
        ctx = system_context("protection.look", mihon.ref)
        assert look_at_all(ctx) == 0, "nobody is protected: nothing to compare"
        add(mihon, name="見本 花子", birth="1980-05-05", valid_from="2026-04-01")
        assert OutboxMessage.unscoped.filter(handler="protection.look_again_after_change").count() == 1
        assert look_at_all(ctx) == 120
        assert look_at_all(ctx) == 120
    assert queries.held(ctx, [subject for subject, _people in things]) == {
        things[number][0] for number in (0, 50, 100)
    }
    assert Hold.unscoped.count() == 3
