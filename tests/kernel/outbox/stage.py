"""A small house of its own for tests that kill or race processes: commands for
:mod:`tests.children`, in a prepared home.

One action changes our database, publishes an event (an effect and ``stage.work``, which is long, follow) and orders two hand-overs:
``stage.post`` to a system that takes everything twice, ``stage.twice`` to one that knows its keys. «The other system» is a file that
is only appended to; so is what the long work was begun for.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from django.db import connection

from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Everywhere, NoData, Permission, action
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.outbox import store, worker
from yakuba.kernel.outbox.handlers import Settle, handover, subscribe, work
from yakuba.kernel.outbox.models import OutboxMessage, Replay, ScheduleRun
from yakuba.kernel.outbox.worker import Worker
from yakuba.kernel.town.models import Municipality, Office
from yakuba.kernel.trail import heads
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.verify import verify

CODE = "990019"
OPEN = Permission("stage.open", Office, roles={"cli": Everywhere()})
HERE = Path(os.environ["YAKUBA_HOME"])


@action("stage.open", label="試しに開く", may=OPEN, data=NoData)
def open_office(ctx: Context, _subject: None, _data: NoData) -> Office:
    made = Office.unscoped.create(municipality_id=ctx.municipality.id, authority="mayor")
    ctx.publish("stage.opened", {"office": str(made.pk)})
    for name in ("stage.post", "stage.twice"):
        store.hand_over(ctx, name, {"office": str(made.pk)}, key=str(made.pk))
    return made


def note(what: str, office: JsonValue) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO stage_notes (what, office) VALUES (%s, %s)", [what, str(office)])


@subscribe("stage.opened", name="stage.effect")
def effect(ctx: Context, payload: dict[str, JsonValue]) -> None:
    note("effect", payload["office"])


def give_away(name: str, key: str) -> None:
    with (HERE / f"{name}.txt").open("a") as other_system:
        other_system.write(key + "\n")
        other_system.flush()
        os.fsync(other_system.fileno())


@handover(name="stage.post", zone="desk")
def post(ctx: Context, payload: dict[str, JsonValue], key: str) -> Settle:
    give_away("post", key)
    return lambda: note("post", payload["office"])


@handover(name="stage.twice", zone="desk", deduplicates=True)
def twice(ctx: Context, payload: dict[str, JsonValue], key: str) -> Settle:
    give_away("twice", key)
    return lambda: note("twice", payload["office"])


@work(topic="stage.opened", name="stage.work")
def long_work(ctx: Context, payload: dict[str, JsonValue], key: str) -> Settle:
    give_away("work", str(payload["office"]))
    return lambda: note("work", payload["office"])


@subscribe("stage.slow", name="stage.slow")
def slow(ctx: Context, payload: dict[str, JsonValue]) -> None:
    (HERE / "started").touch()
    while not (HERE / "go").exists():
        time.sleep(0.02)
    note("slow", payload["office"])


def ctx() -> Context:
    return prepare.municipality(CODE)


def prepare_home() -> None:
    prepare.database()
    if not Municipality.unscoped.filter(code=CODE).exists():
        Municipality.unscoped.create(code=CODE, name="みほん市")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stage_notes (what text, office text)")


def play(key: str = "once") -> None:
    """Act (the acknowledgement is what the caller sees), then work."""
    from dataclasses import replace

    made = open_office(replace(ctx(), idempotency_key=key), None, NoData())
    print(f"acknowledged {made.pk}", flush=True)
    Worker().run(once=True)


def only_work() -> None:
    """No action, only a worker, which does not wait for another one to end."""
    worker.START_WAIT_SECONDS = 0.2
    Worker().run(once=True)


def recover() -> None:
    """After a crash: the same call again, and a worker, once the dead one's leases and the wait after them ran out."""
    OutboxMessage.unscoped.filter(state="leased").update(lease_until="2000-01-01T00:00:00+00:00")
    store.reap()
    OutboxMessage.unscoped.filter(state="retry").update(not_before="2000-01-01T00:00:00+00:00")
    play()
    report()


def report() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, office FROM stage_notes ORDER BY what")
        notes = [[what, office] for what, office in cursor.fetchall()]
    rows = OutboxMessage.unscoped.filter(handler__startswith="stage.")
    facts = {
        "offices": [str(one.pk) for one in Office.unscoped.all()],
        "entries": TrailEntry.unscoped.filter(action="stage.open", kind="done").count(),
        "notes": notes,
        "states": {row.handler: [row.state, row.attempts] for row in rows},
        "post": lines("post"),
        "twice": lines("twice"),
        "work": lines("work"),
        "replays": Replay.unscoped.count(),
        "runs": list(ScheduleRun.unscoped.filter(rule="trail.head").values_list("rule", flat=True)),
        "heads": len(heads.files()),
        "findings": [finding.message for finding in verify()],
    }
    print("report " + json.dumps(facts))


def lines(name: str) -> list[str]:
    path = HERE / f"{name}.txt"
    return path.read_text().split() if path.exists() else []


def fill(count: str) -> None:
    """Many rows for one handler."""
    context = ctx()
    rows = [
        store._row(context, store.HANDLERS["stage.effect"], {}, f"n{n}", None, context.now, 50)
        for n in range(int(count))
    ]
    OutboxMessage.unscoped.bulk_create([OutboxMessage(**row) for row in rows])


def claim(number: str) -> None:
    """Claim three at a time until nothing is left, and say which."""
    (HERE / f"ready-{number}").touch()
    while not (HERE / "go").exists():
        time.sleep(0.001)
    found = []
    while rows := store.claim(3, ("desk",)):
        found += [str(row.pk) for row in rows]
    print("report " + json.dumps(found))


def slow_work() -> None:
    context = ctx()
    for number in range(3):
        row = store._row(
            context, store.HANDLERS["stage.slow"], {"office": number}, f"s{number}", None, context.now, 10
        )
        OutboxMessage(**row).save(force_insert=True)
    from yakuba.cli import main

    sys.exit(main(["worker"]))


COMMANDS = {
    "prepare": prepare_home,
    "play": play,
    "work": only_work,
    "recover": recover,
    "report": report,
    "fill": fill,
    "claim": claim,
    "slow_work": slow_work,
}
