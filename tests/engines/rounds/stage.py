"""A small house for tests that kill the worker around a reminder: commands for :mod:`tests.children`, in a prepared home."""

from __future__ import annotations

import datetime as dt
import json

from tests.engines.rounds.sample import DAY, KIND
from yakuba.engines.casework.actions import SetMailbox, set_mailbox
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.rounds import actions, schedules
from yakuba.engines.rounds.models import Reminder
from yakuba.kernel.access import prepare
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.outbox import store as outbox
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.schedules import SCHEDULES, Due
from yakuba.kernel.outbox.worker import Worker
from yakuba.kernel.town.actions import OpenOffice, open_office

LONG_AGO = "2000-01-01T00:00:00+00:00"


def ask() -> None:
    """Ten days ago two offices were asked; their day is tomorrow. No worker has run since."""
    now = clock.now()
    with clock.frozen(now - 10 * DAY):
        ctx = prepare.municipality("990019")
        offices = [
            open_office(ctx, None, OpenOffice("mayor", name, code, dt.date(2020, 4, 1)))
            for name, code in (("見本課", "own-1"), ("例示課", "other-1"))
        ]
        for number, office in enumerate(offices):
            set_mailbox(ctx, office, SetMailbox(f"office{number}@mihon.example.jp"))
        round_ = actions.plan(
            ctx,
            None,
            actions.PlanRound(
                kind=KIND,
                year=FiscalYear.of(now),
                title="見本の照会",
                letter="回答してください。",
                office=str(offices[0].pk),
                office_due=clock.japan_date(now) + DAY,
                remind_before="7、1",
            ),
        )
        actions.open_round(ctx, round_, NoData())


def play() -> None:
    """A worker's morning, with this schedule alone."""
    for key in list(SCHEDULES):
        if key != "rounds.reminders":
            del SCHEDULES[key]
    Worker().run(once=True)


def remind() -> None:
    """The schedule's run by itself: one of two beside each other."""
    ctx = system_context("rounds.reminders", prepare.municipality("990019").municipality)
    schedules.remind_offices(Due("rounds.reminders", "", ctx))


def recover() -> None:
    """After a crash, twice: what was found afterwards each time."""
    print("report " + json.dumps([_recovered() for _ in range(2)]))


def _recovered() -> dict[str, object]:
    """A worker, once the dead one's leases and the wait after them ran out."""
    OutboxMessage.unscoped.filter(state="leased").update(lease_until=LONG_AGO)
    outbox.reap()
    OutboxMessage.unscoped.filter(state="retry").update(not_before=LONG_AGO)
    play()
    return found()


def tell() -> None:
    """What there is."""
    print("report " + json.dumps(found()))


def found() -> dict[str, object]:
    rows = Reminder.unscoped.order_by("occasion", "pk").values_list("occasion", "state")
    return {
        "reminders": sorted(list(row) for row in rows),
        "deliveries": sorted(one.state for one in Delivery.unscoped.all()),
        "work": sorted({one.state for one in OutboxMessage.unscoped.all()}),
    }


COMMANDS = {"ask": ask, "play": play, "remind": remind, "recover": recover, "tell": tell}
