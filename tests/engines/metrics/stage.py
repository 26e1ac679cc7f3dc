"""A small house for tests that kill the worker in the middle of the night: commands for :mod:`tests.children`, in a prepared home."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

from django.db.models import Count

from yakuba.engines.metrics.declaring import METRICS, Measured, Metric, Scope
from yakuba.engines.metrics.models import PublicFigure, Snapshot
from yakuba.engines.metrics.schedules import NIGHT
from yakuba.kernel.access import prepare
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox import store as outbox
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.schedules import SCHEDULES
from yakuba.kernel.outbox.worker import Worker
from yakuba.kernel.town.actions import OpenOffice, open_office
from yakuba.kernel.town.models import OfficeName

LONG_AGO = "2000-01-01T00:00:00+00:00"
KEYS = ("test_first", "test_second")
NIGHTS = True  # they are what is tried


def offices(scope: Scope) -> list[Measured]:
    """Names of offices that had begun by the end of the period."""
    rows = OfficeName.unscoped.filter(scope.where(), valid_from__lte=scope.period.last)
    counted = rows.order_by().values_list("municipality").annotate(many=Count("id"))
    return [Measured(town, Decimal(many)) for town, many in counted]


def declare() -> None:
    """Two metrics and nothing else: what the house's own say is theirs to try."""
    METRICS._plugins = {
        key: Metric(
            key, "課の数", "課", "at_date", ("day", "month", "year"), "課を数えます。", offices, "tests"
        )
        for key in KEYS
    }


def lay() -> None:
    """Two towns, of which one has an office; and a night that was measured five days ago."""
    ctx = prepare.municipality("990019")
    prepare.municipality("990027")
    open_office(ctx, None, OpenOffice("mayor", "見本課", "own-1", dt.date(2020, 4, 1)))
    with clock.frozen(clock.now() - dt.timedelta(days=5)):
        play()
    print("report " + json.dumps(found()))


def play() -> None:
    """A worker's night, with this schedule alone."""
    declare()
    for key in list(SCHEDULES):
        if key != NIGHT:
            del SCHEDULES[key]
    Worker().run(once=True)


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
    """Each figure by town, metric, kind and days before today; what is public; what work is left."""
    today = clock.today()
    rows = Snapshot.unscoped.order_by("municipality__code", "metric", "kind", "last")
    public = PublicFigure.unscoped.order_by("municipality__code", "key", "kind", "last")
    return {
        "figures": [
            [
                row.municipality.code,
                row.metric,
                row.kind,
                (today - row.last).days if row.kind == "day" else row.last.isoformat(),
                str(row.number.normalize() if row.number is not None else None),
            ]
            for row in rows.select_related("municipality")
        ],
        "public": [
            [row.municipality.code, row.key, row.kind, row.last.isoformat()]
            for row in public.select_related("municipality")
        ],
        "work": sorted(one.state for one in OutboxMessage.unscoped.filter(handler=NIGHT)),
    }


COMMANDS = {"lay": lay, "play": play, "recover": recover, "tell": tell}
