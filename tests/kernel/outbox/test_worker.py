"""The worker's rounds, schedules, and what a person does with rows that are stuck."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection

from tests.world import Town, make_town
from yakuba.cli import main
from yakuba.kernel.actions import Denied, ports
from yakuba.kernel.dates import clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.outbox import actions, checking, lease, running, schedules, store, worker
from yakuba.kernel.outbox.models import OutboxMessage, ScheduleRun
from yakuba.kernel.outbox.schedules import SCHEDULES, Due, put_due, schedule
from yakuba.kernel.outbox.worker import AlreadyWorking, Worker, seal_if_no_worker, zones_of
from yakuba.kernel.trail import heads
from yakuba.kernel.trail.models import TrailEntry, TrailSeal
from yakuba.kernel.trail.verify import verify

pytestmark = pytest.mark.django_db
ZONES = ("portal", "desk")


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    settings.TRAIL_HEADS = tmp_path / "heads"
    return tmp_path


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> list[Due]:
    """Only the rules of a test; what ran is in the list."""
    fresh: dict[str, schedules.Schedule] = {}
    for module in (schedules, running):
        monkeypatch.setattr(module, "SCHEDULES", fresh)
    ran: list[Due] = []
    schedule("test.daily", every="day", at="03:00")(ran.append)
    schedule("test.each", every="day", at="03:00", each_municipality=True)(ran.append)
    schedule("test.portal", every="hour", zone="portal")(ran.append)
    return ran


def japan(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN)


def test_the_house_has_its_two_daily_rules() -> None:
    assert {"trail.head", "outbox.sweep"} <= set(SCHEDULES)


def test_due_runs_are_put_once(rules: list[Due], mihon: Town, karina: Town) -> None:
    with clock.frozen(japan("2026-04-01T03:00:00")):
        assert put_due(ZONES) == 4
        assert put_due(ZONES) == 0
    with clock.frozen(japan("2026-04-01T03:30:00")):
        assert put_due(ZONES) == 0
        Worker(ZONES).run(once=True)
    assert sorted(
        (due.rule, due.period, due.ctx.municipality.code if due.ctx else None) for due in rules
    ) == [
        ("test.daily", "2026-04-01", None),
        ("test.each", "2026-04-01", "990019"),
        ("test.each", "2026-04-01", "990027"),
        ("test.portal", "2026-04-01T03", None),
    ]
    assert set(OutboxMessage.unscoped.values_list("state", flat=True)) == {"done"}


def test_a_restart_catches_up_once(rules: list[Due], mihon: Town) -> None:
    for now in ("2026-04-01T03:00:00", "2026-04-08T12:00:00", "2026-04-08T12:01:00"):
        with clock.frozen(japan(now)):
            Worker(("desk",)).run(once=True)
    assert [due.period for due in rules if due.rule == "test.daily"] == ["2026-04-01", "2026-04-08"]


def test_a_new_municipality_gets_its_run_in_the_same_period(rules: list[Due], mihon: Town) -> None:
    with clock.frozen(japan("2026-04-01T03:00:00")):
        put_due(("desk",))
        make_town("990027", "かりな市")
        assert put_due(("desk",)) == 1


def test_the_portal_puts_only_its_own(rules: list[Due], mihon: Town) -> None:
    put_due(("portal",))
    assert list(ScheduleRun.unscoped.values_list("rule", flat=True)) == ["test.portal"]


def test_a_run_that_fails_is_tried_again(rules: list[Due], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_due: Due) -> None:
        raise OSError("満杯")

    schedule("test.broken", every="day")(broken)
    Worker(ZONES).run(once=True)
    row = OutboxMessage.unscoped.get(handler="test.broken")
    assert (row.state, row.last_error) == ("retry", "OSError: 満杯")


@pytest.mark.django_db(transaction=True)
def test_a_run_holds_no_transaction(rules: list[Due], mihon: Town) -> None:
    inside: list[bool] = []
    schedule("test.long", every="day")(lambda _due: inside.append(connection.in_atomic_block))
    Worker(ZONES).run(once=True)
    assert inside == [False]
    assert OutboxMessage.unscoped.get(handler="test.long").state == "done"


def test_a_run_that_was_cut_off_is_made_again(rules: list[Due], mihon: Town) -> None:
    schedule("test.long", every="day")(rules.append)
    store.put_run("test.long", "2026-04-01", "desk", None)
    (row,) = store.claim(1, ("desk",))
    assert store.begin(row, schedules.LEASE_SECONDS)
    with clock.frozen(clock.now() + dt.timedelta(seconds=schedules.LEASE_SECONDS + 1)):
        assert store.reap() == 1
    row.refresh_from_db()
    assert row.state == "retry"
    with clock.frozen(row.not_before):
        (row,) = store.claim(1, ("desk",))
        running.run(row)
    row.refresh_from_db()
    assert (row.state, [due.rule for due in rules]) == ("done", ["test.long"])


def test_one_round_writes_the_heads_and_seals_the_trail(mihon: Town, home: Path) -> None:
    store.put_run("trail.head", "2026-04-01", "desk", None)
    ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", "")
    Worker(ZONES).run(once=True)
    assert (home / "heads" / "2026-04-01.json").exists()
    assert TrailSeal.unscoped.get().entry == TrailEntry.unscoped.get()


def at_three(*days: int) -> list[Path]:
    """A worker's round at 3:00 on some days of April, each with something to seal; the files of heads."""
    for day in days:
        with clock.frozen(japan(f"2026-04-{day:02}T03:00:00")):
            Worker(ZONES).run(once=True)
    return heads.files()


def test_no_head_is_due_before_there_is_an_entry(mihon: Town) -> None:
    assert at_three(1) == []
    assert not ScheduleRun.unscoped.filter(rule="trail.head").exists()
    with clock.frozen(japan("2026-04-01T03:00:00")):
        ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", "")
    assert [path.name for path in at_three(1)] == ["2026-04-01.json"]


@pytest.mark.parametrize("gone", [[0], [1], [2], [0, 1, 2]])
def test_files_of_heads_that_are_gone_show(mihon: Town, gone: list[int]) -> None:
    with clock.frozen(japan("2026-04-01T02:59:59")):
        ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", "")
    files = at_three(1, 2, 3)
    assert verify() == []
    for index in gone:
        files[index].unlink()
    missed = {one.subject for one in verify() if one.code == "head_missing"}
    assert missed == {files[index].name for index in gone}


def test_a_run_that_waits_leaves_no_file_to_miss(mihon: Town) -> None:
    ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", "")
    store.put_run("trail.head", "2026-04-01", "desk", None)
    assert list(checking.check()) == []
    OutboxMessage.unscoped.all().delete()
    assert [one.code for one in checking.check()] == ["head_missing"]


def test_without_a_worker_commands_write_the_heads_once_a_day(mihon: Town) -> None:
    for number, moment in enumerate(("2026-04-01T09:00:00", "2026-04-01T10:00:00", "2026-04-02T09:00:00")):
        with clock.frozen(japan(moment)):
            ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", str(number))
            seal_if_no_worker()
    assert [path.name for path in heads.files()] == ["2026-04-01.json", "2026-04-02.json"]
    assert verify() == []
    heads.files()[1].unlink()
    with clock.frozen(japan("2026-04-02T10:00:00")):
        seal_if_no_worker()
        assert put_due(ZONES) > 0
        Worker(ZONES).run(once=True)
    assert "2026-04-02.json" in {one.subject for one in verify() if one.code == "head_missing"}


def test_a_folder_that_cannot_be_written_stops_no_command(
    mihon: Town, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (home / "heads").write_text("no folder")
    ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", "")
    assert seal_if_no_worker() == 1
    assert "heads" in caplog.text


def test_zones_of_a_face() -> None:
    assert zones_of("portal") == ("portal",)
    assert zones_of("desk") == ("desk",)
    assert zones_of("all") == ZONES


def test_on_sqlite_one_worker_holds_the_lease(mihon: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", "")
    monkeypatch.setattr(worker, "START_WAIT_SECONDS", 0.0)
    with lease.held() as mine:
        assert mine
        if lease.single():
            with pytest.raises(AlreadyWorking):
                Worker(ZONES).run(once=True)
            assert seal_if_no_worker() == 0
        else:
            assert Worker(ZONES).run(once=True) >= 0
    assert seal_if_no_worker() == (1 if lease.single() else 0)


# --- by a person ------------------------------------------------------------------------------------------------------


@pytest.fixture
def stuck(mihon: Town) -> OutboxMessage:
    """A hand-over of unknown outcome."""
    row = OutboxMessage(
        municipality_id=mihon.ref.id,
        kind="handover",
        handler="mail.send",
        idempotency_key="mail.send:k",
        zone="desk",
        not_before=clock.now(),
        created_at=clock.now(),
        state="unconfirmed",
        attempts=1,
        last_error="TimeoutError: 返事がない",
    )
    row.save(force_insert=True)
    return row


@pytest.mark.parametrize(
    ("verb", "state"), [("retry", "queued"), ("confirm", "done"), ("cancel", "cancelled")]
)
def test_a_person_settles_it_with_a_reason(stuck: OutboxMessage, verb: str, state: str) -> None:
    assert main(["outbox", verb, str(stuck.pk), "--reason", "電話で確かめた"]) == 0
    stuck.refresh_from_db()
    assert stuck.state == state
    entry = TrailEntry.unscoped.get(action=f"outbox.{verb}")
    assert (entry.kind, entry.reason, entry.subject_id) == ("done", "電話で確かめた", stuck.pk)
    assert TrailSeal.unscoped.filter(entry=entry).exists(), "the command sealed its own rows"
    assert main(["outbox", verb, str(stuck.pk)]) == 1, "it is settled"


def test_a_dead_effect_cannot_be_confirmed(stuck: OutboxMessage, mihon: Town) -> None:
    OutboxMessage.unscoped.update(state="dead")
    with pytest.raises(Denied):
        actions.confirm(mihon.ctx("municipality_admin"), stuck, actions.Because())


def test_the_list_shows_what_is_stuck(stuck: OutboxMessage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "list", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["id"], found["state"], found["municipality"]) == (str(stuck.pk), "unconfirmed", "990019")
    assert main(["outbox", "list", "--state", "dead"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("identifier", ["nonsense", "01890a5d-ac96-774b-bcce-b302099a8057"])
def test_a_wrong_id_is_refused(identifier: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox", "retry", identifier]) == 1
    assert capsys.readouterr().err


def test_a_dead_run_of_the_whole_installation_is_retried_without_a_municipality() -> None:
    store.put_run("trail.head", "2026-04-01", "desk", None)
    row = OutboxMessage.unscoped.get()
    assert main(["outbox", "retry", str(row.pk)]) == 1, "it is not stuck"
    OutboxMessage.unscoped.update(state="dead", attempts=8)
    assert main(["outbox", "retry", str(row.pk)]) == 0
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 0)
    assert main(["outbox", "cancel", str(row.pk)]) == 1


def test_the_worker_command_ends_when_nothing_is_due(mihon: Town, home: Path) -> None:
    with clock.frozen(japan("2026-04-01T09:00:00")):
        ports.trail().denied(mihon.ctx("cli"), "a.b", "office", None, "", "")
        assert main(["worker", "--once"]) == 0
    assert len(list((home / "heads").iterdir())) == 1
