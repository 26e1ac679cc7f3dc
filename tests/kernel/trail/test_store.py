"""What the trail writes, seals and erases."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from tests.world import Town
from yakuba.kernel.actions import Problem, SubjectRef, ports
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.trail import queries, rules, store
from yakuba.kernel.trail.models import TrailBlock, TrailEntry, TrailPayload, TrailSeal
from yakuba.kernel.trail.queries import payload_of

from .conftest import Write, errors

pytestmark = pytest.mark.django_db


def test_a_done_action_says_who_what_where_and_why(mihon: Town, done: Write) -> None:
    ctx = mihon.ctx("municipality_admin")
    entry = done(ctx=ctx, data={"name": "見本課"})
    assert (entry.kind, entry.action, entry.reason) == ("done", "town.rename_office", "組織改正")
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("staff", ctx.actor.id, ctx.actor.label)
    assert (entry.subject_kind, entry.subject_id) == ("office_name", mihon.offices["own"].pk)
    assert (entry.municipality_id, entry.at, entry.request_id) == (mihon.ref.id, ctx.now, ctx.request_id)
    payload = payload_of(entry)
    assert payload is not None
    assert payload["before"] == {"name": "見本係"}
    assert payload["after"] == {"name": "見本課"}
    assert payload["labels"] == {"name": "名称"}
    assert payload["notes"] == {"data": {"name": "見本課"}}
    assert "municipality_admin" in payload["roles"]
    kept = TrailPayload.unscoped.get(entry=entry)
    assert rules.digest(entry, kept.text, kept.salt) == entry.digest


def test_two_entries_never_share_a_salt(done: Write) -> None:
    done()
    done()
    salts = list(TrailPayload.unscoped.values_list("salt", flat=True))
    assert len(set(salts)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_done_action_is_not_noted_outside_its_transaction(mihon: Town) -> None:
    entry = ports.Done("a.b", "office", mihon.offices["own"].pk, "", {}, {}, {}, "")
    with pytest.raises(RuntimeError, match="transaction"):
        ports.trail().done(mihon.ctx("cli"), entry)
    assert not TrailEntry.unscoped.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_its_rolled_back_action_and_a_denial_stays(mihon: Town, done: Write) -> None:
    with transaction.atomic():
        done()
        transaction.set_rollback(True)
    assert not TrailEntry.unscoped.exists()
    ports.trail().denied(
        mihon.ctx("staff"), "plan.publish", "office", mihon.offices["own"].pk, "見本課", "権限がない"
    )
    entry = TrailEntry.unscoped.get()
    assert (entry.kind, entry.reason) == ("denied", "権限がない")


def test_reading_is_one_entry_with_the_ids_shown(mihon: Town) -> None:
    ids = [uuid7() for _ in range(3)]
    ports.trail().read(mihon.ctx("municipality_admin"), "town.people", "person", ids)
    entry = TrailEntry.unscoped.get()
    payload = payload_of(entry)
    assert (entry.kind, entry.subject_kind, entry.subject_id) == ("read", "person", None)
    assert payload is not None
    assert payload["ids"] == [str(one) for one in ids]


def test_reading_one_names_it_and_reading_nobody_leaves_nothing(mihon: Town) -> None:
    one = uuid7()
    store.read_personal(mihon.ctx("staff"), "town.person", "person", iter([one]))
    store.read_personal(mihon.ctx("staff"), "town.people", "person", [])
    assert TrailEntry.unscoped.get().subject_id == one


def test_labels_that_are_too_long_or_hold_nul_do_not_refuse_the_action(mihon: Town) -> None:
    ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "長" * 500 + "\x00", "理由\x00")
    entry = TrailEntry.unscoped.get()
    assert entry.subject_label == "長" * 200
    assert entry.reason == "理由"
    assert errors() == []


# --- sealing ------------------------------------------------------------------------------------------------------


def test_sealing_makes_numbered_blocks_per_municipality(mihon: Town, karina: Town, done: Write) -> None:
    done()
    done(karina)
    assert store.seal() == 2
    done()
    done()
    assert store.seal() == 2
    assert store.seal() == 0
    blocks = list(TrailBlock.unscoped.filter(municipality=mihon.ref.id).order_by("number"))
    assert [(block.number, block.count) for block in blocks] == [(1, 1), (2, 2)]
    assert blocks[0].previous_hash == rules.GENESIS
    assert blocks[1].previous_hash == blocks[0].hash
    assert TrailBlock.unscoped.get(municipality=karina.ref.id).number == 1
    assert errors() == []


def test_sealing_one_municipality_leaves_the_other(mihon: Town, karina: Town, done: Write) -> None:
    done()
    done(karina)
    assert store.seal(karina.ref.id) == 1
    assert TrailSeal.unscoped.get().municipality_id == karina.ref.id
    assert store.seal() == 1


def test_many_entries_become_several_blocks(monkeypatch: pytest.MonkeyPatch, done: Write) -> None:
    monkeypatch.setattr(store, "BLOCK_LIMIT", 2)
    for _ in range(5):
        done()
    assert store.seal() == 5
    assert list(TrailBlock.unscoped.order_by("number").values_list("count", flat=True)) == [2, 2, 1]
    assert errors() == []


def test_an_entry_that_commits_behind_sealed_ones_is_still_sealed(done: Write) -> None:
    late, early = done(), done()
    block = TrailBlock(
        municipality_id=early.municipality_id,
        number=1,
        previous_hash=rules.GENESIS,
        hash=rules.block_hash(rules.GENESIS, [early]),
        count=1,
        sealed_at=clock.now(),
    )
    block.save(force_insert=True)
    TrailSeal(municipality_id=early.municipality_id, block=block, entry=early).save(force_insert=True)
    assert store.seal() == 1
    assert TrailSeal.unscoped.filter(entry=late).exists()
    assert errors() == []


def test_what_is_far_behind_is_left_to_the_thorough_sealing(mihon: Town, done: Write) -> None:
    done()
    store.seal()
    old = TrailEntry(
        id=uuid7(int((clock.now() - dt.timedelta(days=1)).timestamp() * 1000)),
        municipality_id=mihon.ref.id,
        kind="done",
        at=clock.now(),
        actor_kind="cli",
        actor_id="cli:tester",
        actor_label="cli:tester",
        action="a.b",
    )
    old.digest = rules.digest(old, "{}", "ab" * 32)
    old.save(force_insert=True)
    TrailPayload(municipality_id=mihon.ref.id, entry=old, text="{}", salt="ab" * 32).save(force_insert=True)
    assert store.seal() == 0
    assert [finding.code for finding in errors()] == ["unsealed"]
    assert store.seal(thorough=True) == 1
    assert errors() == []


# --- erasing ------------------------------------------------------------------------------------------------------


def test_erasing_takes_the_payload_and_leaves_the_digest_and_a_sound_trail(mihon: Town, done: Write) -> None:
    entry = done()
    store.seal()
    store.erase(mihon.ctx("cli"), entry, "保存期間の満了")
    assert payload_of(entry) is None
    assert TrailEntry.unscoped.get(pk=entry.pk).digest == entry.digest
    erasure = TrailEntry.unscoped.get(kind="erased")
    assert (erasure.subject_kind, erasure.subject_id, erasure.reason) == (
        "trail_entry",
        entry.pk,
        "保存期間の満了",
    )
    store.seal()
    assert errors() == []


def test_what_cannot_be_erased(mihon: Town, done: Write) -> None:
    entry, ctx = done(), mihon.ctx("cli")
    with pytest.raises(Problem) as refused:
        store.erase(ctx, entry, "  ")
    assert refused.value.field == "reason"
    store.erase(ctx, entry, "保存期間の満了")
    with pytest.raises(Problem):
        store.erase(ctx, entry, "もう一度")
    with pytest.raises(Problem):
        store.erase(ctx, TrailEntry.unscoped.get(kind="erased"), "証拠の証拠")
    assert TrailEntry.unscoped.count() == 2


def test_another_municipality_erases_nothing(karina: Town, done: Write) -> None:
    entry = done()
    with pytest.raises(Problem):
        store.erase(karina.ctx("cli"), entry, "まちがい")
    assert payload_of(entry) is not None


def test_the_history_of_a_thing_is_what_was_done_to_it(mihon: Town, karina: Town, done: Write) -> None:
    older, newer = done(cells=1), done()
    done(karina)
    ctx, office = mihon.ctx("staff"), mihon.offices["own"].pk
    store.erase(mihon.ctx("cli"), newer, "保存期間の満了")
    subjects = [SubjectRef("office_name", office), SubjectRef("office", office)]
    found = queries.about(ctx, subjects, ["town.rename_office"], limit=9)
    assert [(entry.pk, payload and payload["notes"]) for entry, payload in found] == [
        (newer.pk, None),
        (older.pk, {"cells": 1}),
    ]
    assert queries.about(ctx, subjects, ["plan.correct"], limit=9) == []
    assert queries.about(ctx, [], ["town.rename_office"], limit=9) == []
    assert len(queries.about(ctx, subjects, ["town.rename_office"], limit=1)) == 1
