"""How measuring, freezing, correcting, loading and settling are tried in the permission matrix: on a metric of another engine."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.metrics import actions
from yakuba.engines.metrics.actions.loading import sent
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import Given
from yakuba.kernel.dates import FiscalYear

KEY = "meetings_held"
# Long ago: no other room's specimen has a figure there.
DAY = dt.date(2003, 5, 31)
WHY = "理由の文です。"
YEAR = Period.year(FiscalYear(2002))


def nothing(_town: Town) -> None:
    return None


def address(town: Town, what: str) -> str:
    return f"/{town.ref.code}/desk/metrics/{KEY}/{what}/"


def decides(do: str, **typed: str) -> Callable[[Client, Town, None], HttpResponse]:
    def send(client: Client, town: Town, _subject: None) -> HttpResponse:
        return client.post(address(town, "correct"), {"do": do, "period": "平成15年5月", **typed})

    return send


def settles(client: Client, town: Town, _subject: None) -> HttpResponse:
    return client.post(address(town, "settings"), {"version": "0", "public": "1", "note": "見本"})


def loads(client: Client, town: Town, _subject: None) -> HttpResponse:
    """The file, then what the preview carries; who may not look gets no further."""
    file = SimpleUploadedFile("推移.csv", "年度,値\n平成14年度,7\n".encode())
    looked = client.post(address(town, "load"), {"file": file})
    kept = re.search(r'name="kept" value="([^"]+)"', looked.content.decode())
    if kept is None:
        return looked
    return client.post(address(town, "load"), {"kept": kept[1], "do": "keep", "reason": WHY})


SPECIMENS_DECIDED = {
    "metrics.measure": Specimen(
        nothing,
        lambda _town, _subject: actions.MeasureNow(metric=KEY, kind="month", day=DAY),
        decides("measure"),
    ),
    "metrics.freeze": Specimen(
        nothing,
        lambda _town, _subject: actions.FreezeFigure(metric=KEY, kind="month", day=DAY, ground="見本の点検"),
        decides("freeze", ground="見本の点検"),
    ),
    "metrics.correct": Specimen(
        nothing,
        lambda _town, _subject: actions.CorrectFigure(
            metric=KEY, kind="month", day=DAY, number=Decimal(7), reason=WHY
        ),
        decides("correct", number="7", reason=WHY),
    ),
    "metrics.load": Specimen(
        nothing,
        lambda _town, _subject: actions.LoadEarlier(
            metric=KEY, rows=[sent(Given(YEAR, Decimal(7)))], reason=WHY
        ),
        loads,
    ),
    "metrics.settle": Specimen(
        nothing, lambda _town, _subject: actions.SettleMetric(metric=KEY, public=True, note="見本"), settles
    ),
}
