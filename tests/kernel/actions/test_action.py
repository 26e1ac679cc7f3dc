"""What the decorator promises of every action (MECHANISMS §1).

The actions here are built by hand and not registered, so that the permission matrix knows nothing of them.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Annotated

import pytest
from django.db import connection

from tests.world import Town
from yakuba.kernel import fields
from yakuba.kernel.actions import (
    ACTIONS,
    Action,
    Context,
    Denied,
    Everywhere,
    Missing,
    NoData,
    Own,
    Permission,
    Problem,
    Problems,
    Stale,
    action,
    ports,
)
from yakuba.kernel.actions.context import Event
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.models import OfficeName
from yakuba.kernel.trail.models import TrailEntry, TrailPayload


@dataclasses.dataclass(frozen=True)
class Rename:
    """A new name."""

    name: Annotated[str, fields.text(label="名称", classification=PUBLIC, max_length=20)]
    rows: Annotated[list[int], fields.document(label="行", classification=INTERNAL, default=list)] = (
        dataclasses.field(default_factory=list)
    )


MAY = Permission(
    "test.rename",
    OfficeName,
    roles={"plan_secretariat": Everywhere(), "plan_editor": Own("office"), "cli": Everywhere()},
    when=lambda name: "閉じた課の名称は変えられません。" if name.name == "閉じた課" else "",
)
calls: list[str] = []


def _rename(ctx: Context, name: OfficeName, data: Rename) -> OfficeName:
    calls.append(data.name)
    name.name = data.name
    name.save()
    ctx.publish("office.renamed", {"id": str(name.pk)})
    ctx.note(rows=len(data.rows))
    ctx.because("組織改編")
    if data.name == "壊れる":
        raise Problem("test", "この名称は使えません。", field="name")
    return name


def _make(ctx: Context, _nothing: None, data: Rename) -> OfficeName:
    found = OfficeName.unscoped.filter(municipality_id=ctx.municipality.id).first()
    assert found is not None
    found.pk, found.code, found.name = None, data.name, data.name
    found.id = OfficeName._meta.pk.get_default()
    found.save(force_insert=True)
    return found


def _return_nothing(ctx: Context, nothing: None, data: Rename) -> None:
    _make(ctx, nothing, data)


rename = Action("test.rename", "名称の変更", _rename, MAY, Rename)
make = Action("test.make", "名称の追加", _make, MAY, Rename)
torn = Action("test.torn", "何も返さない", _return_nothing, MAY, Rename)


class Recorder:
    """Events as they would go to the outbox."""

    def __init__(self) -> None:
        self.seen: list[Event] = []

    def events(self, _ctx: Context, events: list[Event]) -> None:
        self.seen += events


@pytest.fixture(autouse=True)
def recorder() -> Iterator[Recorder]:
    calls.clear()
    before, found = ports.outbox(), Recorder()
    ports.fill(outbox=found)  # type: ignore[arg-type]  # a list is a sequence
    yield found
    ports.fill(outbox=before)


@pytest.fixture
def name(mihon: Town) -> OfficeName:
    return OfficeName.unscoped.get(office=mihon.offices["own"])


def entries(kind: str) -> list[TrailEntry]:
    return list(TrailEntry.unscoped.filter(kind=kind, action__startswith="test.").order_by("id"))


def stored(name: OfficeName) -> tuple[str, int]:
    fresh = OfficeName.unscoped.get(pk=name.pk)
    return fresh.name, fresh.version


def test_a_change_its_version_its_trail_and_its_events_come_together(
    mihon: Town, name: OfficeName, recorder: Recorder
) -> None:
    result = rename(mihon.ctx("plan_secretariat"), name, Rename("新しい課", [1, 2]), expected_version=1)
    assert stored(name) == ("新しい課", 2)
    assert (result.name, result.version) == ("新しい課", 2)
    (entry,) = entries("done")
    assert (entry.subject_kind, entry.subject_id, entry.subject_label) == ("office_name", name.pk, "新しい課")
    assert entry.reason == "組織改編"
    payload = json.loads(TrailPayload.unscoped.get(entry=entry).text)
    assert (payload["before"], payload["after"]) == ({"name": "見本課"}, {"name": "新しい課"})
    assert payload["notes"]["data"]["name"] == "新しい課"
    assert set(payload["notes"]["data"]["rows"]) == {"sha256"}  # whole documents by their digest
    assert [event.topic for event in recorder.seen] == ["office.renamed"]


def test_a_stale_version_changes_nothing(mihon: Town, name: OfficeName, recorder: Recorder) -> None:
    ctx = mihon.ctx("plan_secretariat")
    rename(ctx, name, Rename("一人目"), expected_version=1)
    with pytest.raises(Stale) as caught:
        rename(ctx, name, Rename("二人目"), expected_version=1)
    assert (caught.value.found, caught.value.expected, caught.value.status) == ("2", "1", 409)
    assert stored(name) == ("一人目", 2)
    assert (len(entries("done")), len(recorder.seen), calls) == (1, 1, ["一人目"])


def test_the_function_gets_the_row_as_it_stands(mihon: Town, name: OfficeName) -> None:
    OfficeName.unscoped.filter(pk=name.pk).update(department="変わった部")
    rename(mihon.ctx("plan_secretariat"), name, Rename("新しい課"))
    assert OfficeName.unscoped.get(pk=name.pk).department == "変わった部"


def test_a_subject_that_is_gone(mihon: Town, name: OfficeName) -> None:
    OfficeName.unscoped.filter(pk=name.pk).delete()
    with pytest.raises(Missing):
        rename(mihon.ctx("plan_secretariat"), name, Rename("新しい課"))


@pytest.mark.parametrize(("role", "office"), [("staff", "own"), ("public", "own"), ("plan_editor", "other")])
def test_a_denied_attempt_changes_nothing_and_is_logged(
    mihon: Town, name: OfficeName, recorder: Recorder, role: str, office: str
) -> None:
    with pytest.raises(Denied) as caught:
        rename(mihon.ctx(role, office), name, Rename("新しい課"))
    assert caught.value.status == 403
    assert caught.value.logged, "a page on its way need not say it again"
    assert stored(name) == ("見本課", 1)
    (entry,) = entries("denied")
    assert (entry.action, entry.subject_id, entry.subject_label) == ("test.rename", name.pk, "見本課")
    assert (entries("done"), recorder.seen, calls) == ([], [], [])


def test_the_own_office_may(mihon: Town, name: OfficeName) -> None:
    rename(mihon.ctx("plan_editor", "own"), name, Rename("新しい課"))
    assert stored(name) == ("新しい課", 2)


def test_the_reason_of_a_state_is_told_and_logged(mihon: Town, name: OfficeName) -> None:
    OfficeName.unscoped.filter(pk=name.pk).update(name="閉じた課")
    with pytest.raises(Denied, match="閉じた課の名称は"):
        rename(mihon.ctx("plan_secretariat"), name, Rename("新しい課"))
    assert entries("denied")[0].reason == "閉じた課の名称は変えられません。"


def test_another_municipalitys_row_is_not_there(mihon: Town, karina: Town, name: OfficeName) -> None:
    with pytest.raises(Missing):
        rename(karina.ctx("plan_secretariat"), name, Rename("新しい課"))
    with pytest.raises(Missing):
        rename(karina.ctx("cli"), name, Rename("新しい課"))
    assert stored(name) == ("見本課", 1)
    logged = [(entry.municipality_id, entry.subject_id, entry.subject_label) for entry in entries("denied")]
    assert logged == [(karina.ref.id, name.pk, "")] * 2


def test_a_problem_takes_everything_back(mihon: Town, name: OfficeName, recorder: Recorder) -> None:
    with pytest.raises(Problem, match="使えません"):
        rename(mihon.ctx("plan_secretariat", key="k"), name, Rename("壊れる"))
    assert stored(name) == ("見本課", 1)
    assert (entries("done"), recorder.seen) == ([], [])
    # The key is free again: what was refused was not done.
    rename(mihon.ctx("plan_secretariat", key="k"), name, Rename("新しい課"))
    assert stored(name) == ("新しい課", 2)


def test_a_new_thing(mihon: Town, name: OfficeName) -> None:
    made = make(mihon.ctx("plan_secretariat"), None, Rename("新設課"))
    (entry,) = entries("done")
    assert (entry.subject_id, entry.subject_label) == (made.pk, "新設課")
    with pytest.raises(Denied):
        make(mihon.ctx("plan_editor"), None, Rename("別の課"))
    assert entries("denied")[0].subject_id is None


def test_an_action_that_returns_nothing_for_nothing_is_an_error_of_the_programmer(
    mihon: Town, name: OfficeName
) -> None:
    with pytest.raises(TypeError, match="returns the record"):
        torn(mihon.ctx("plan_secretariat"), None, Rename("新設課"))
    assert not OfficeName.unscoped.filter(name="新設課").exists()


def test_the_same_call_twice_changes_once(mihon: Town, name: OfficeName, recorder: Recorder) -> None:
    ctx = mihon.ctx("plan_secretariat", key="form-1")
    first = rename(ctx, name, Rename("新しい課"), expected_version=1)
    again = rename(ctx, name, Rename("新しい課"), expected_version=1)
    assert again.pk == first.pk
    assert stored(name) == ("新しい課", 2)
    assert (len(calls), len(entries("done")), len(recorder.seen)) == (1, 1, 1)
    made = make(ctx, None, Rename("新設課"))
    assert make(ctx, None, Rename("新設課")).pk == made.pk


def test_another_content_under_the_same_key_is_refused(mihon: Town, name: OfficeName) -> None:
    ctx = mihon.ctx("plan_secretariat", key="form-1")
    rename(ctx, name, Rename("新しい課"))
    with pytest.raises(Problem) as caught:
        rename(ctx, name, Rename("別の課"))
    assert caught.value.code == "idempotency"
    assert stored(name) == ("新しい課", 2)


def test_a_key_is_its_actors_own(mihon: Town, name: OfficeName) -> None:
    rename(mihon.ctx("plan_secretariat", key="form-1"), name, Rename("新しい課"))
    rename(mihon.ctx("plan_editor", "own", key="form-1"), name, Rename("別の課"))
    assert stored(name) == ("別の課", 3)


@pytest.mark.django_db(transaction=True)
def test_a_denial_stays_when_nothing_else_does(mihon: Town, name: OfficeName) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(Denied):
        rename(mihon.ctx("staff"), name, Rename("新しい課"))
    assert len(entries("denied")) == 1


def test_input_is_read_with_every_problem_named() -> None:
    assert rename.read_text({"name": " 新しい課 "}).name == "新しい課"
    with pytest.raises(Problems) as caught:
        rename.read_text({"name": ""})
    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == ("name", "required")
    assert "「名称」" in problem.message
    with pytest.raises(Problems) as caught:
        rename.read_json({"name": "あ" * 21, "nmae": "x"})
    assert caught.value.as_json()["status"] == 422


def test_events_and_notes_belong_to_a_running_action(mihon: Town) -> None:
    with pytest.raises(RuntimeError):
        mihon.ctx("cli").publish("topic", {})


def test_a_key_is_registered_once() -> None:
    taken = next(iter(ACTIONS))
    with pytest.raises(RuntimeError, match="registered already"):
        action(taken, label="", may=MAY, data=NoData)(lambda _ctx, _subject, _data: None)


def _replace(ctx: Context, _nothing: None, data: Rename) -> OfficeName:
    """Write another row and take this one away, last of all."""
    old = OfficeName.unscoped.get(municipality=ctx.municipality.id, code="own-1")
    new = OfficeName(
        municipality_id=old.municipality_id,
        office_id=old.office_id,
        code="new",
        name=data.name,
        valid_from=old.valid_from,
    )
    ctx.write_last(new)
    ctx.erase_last(old)
    assert not OfficeName.unscoped.filter(code="new").exists()
    if data.name == "壊れる":
        raise Problem("test", "この名称は使えません。", field="name")
    return new


replace = Action("test.replace", "名称の置換え", _replace, MAY, Rename)


def test_what_is_written_last_and_what_comes_first_stand_or_fall_with_the_action(
    mihon: Town, name: OfficeName
) -> None:
    def count() -> None:
        OfficeName.unscoped.filter(office=mihon.offices["other"]).update(department="数えた")

    def told() -> tuple[set[str], bool]:
        rows = OfficeName.unscoped.filter(municipality=mihon.ref.id)
        return set(rows.values_list("code", flat=True)) & {"own-1", "new"}, rows.filter(
            department="数えた"
        ).exists()

    with pytest.raises(Problem):
        replace(mihon.ctx("cli"), None, Rename("壊れる"), first=count)
    assert told() == ({"own-1"}, False)
    made = replace(mihon.ctx("cli"), None, Rename("みらい課"), first=count)
    assert told() == ({"new"}, True)
    assert TrailEntry.unscoped.filter(subject_id=made.pk, action="test.replace").exists()
