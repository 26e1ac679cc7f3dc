"""Figures of past days stand on rows that stay: what came online again, years that were counted, what the portal erased."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.services.procedures.offers import submission
from tests.services.procedures.specimens_designing import published
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.metrics.declaring import METRICS, Measured, Scope
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.town.models import Municipality
from yakuba.services.procedures.actions import inventory
from yakuba.services.procedures.actions.designing import (
    PublishProcedure,
    StopProcedure,
    close_procedure,
    publish_procedure,
)
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.actions.sweeping import sweep
from yakuba.services.procedures.inventory import queries
from yakuba.services.procedures.models import (
    Filling,
    Happening,
    InventoryCount,
    InventoryRow,
    InventorySpan,
    Submission,
)

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.datetime:
    """Noon of a day in Japan."""
    return dt.datetime.fromisoformat(f"{text}T12:00:00").replace(tzinfo=JAPAN)


def put(
    town: Town, change: dict[str, Any], row: InventoryRow | None = None, *, remove: bool = False
) -> InventoryRow:
    """A row of the inventory, new or changed by a sheet."""
    here = Municipality.unscoped.get(pk=town.ref.id)
    one: inventory.RowChange = {
        "id": "",
        "version": 0,
        "row": {"kind": "notification", "online": "no", **change},
    }
    if row is not None:
        one = {"id": str(row.pk), "version": row.version, "row": change}
    if remove:
        one["remove"] = True
        del one["row"]
    inventory.change_inventory(town.ctx("cli"), here, inventory.ChangeInventory([one]))
    return row if remove and row is not None else InventoryRow.unscoped.get(title="見本の手続")


def online(town: Town, on: str) -> int:
    """How many procedures were online, as page, command and metric say."""
    date = dt.date.fromisoformat(on)
    by_page = queries.online_count(town.ctx("staff"), date)
    said = list(METRICS.get("online_procedures_count").measure(Scope(Period.day(date))))
    assert [one.number for one in said] == ([by_page] if by_page else [])
    return by_page


def test_what_is_closed_and_opened_again_was_online_before(mihon: Town) -> None:
    with clock.frozen(day("2024-05-10")):
        procedure = published(mihon)
    with clock.frozen(day("2025-03-31")):
        close_procedure(mihon.ctx("cli"), procedure, StopProcedure("見本の終了"))
    with clock.frozen(day("2026-04-01")):
        procedure.refresh_from_db()
        publish_procedure(mihon.ctx("cli"), procedure, PublishProcedure(""))
    days = ["2024-05-09", "2024-05-10", "2025-03-31", "2025-04-01", "2026-03-31", "2026-04-01"]
    assert [online(mihon, one) for one in days] == [0, 1, 1, 0, 0, 1]
    with clock.frozen(day("2026-04-01")):  # the same day once more
        procedure.refresh_from_db()
        close_procedure(mihon.ctx("cli"), procedure, StopProcedure("見本の終了"))
        procedure.refresh_from_db()
        publish_procedure(mihon.ctx("cli"), procedure, PublishProcedure(""))
    assert [online(mihon, one) for one in days] == [0, 1, 1, 0, 0, 1]


def test_what_was_put_right_had_never_ended(mihon: Town) -> None:
    row = put(mihon, {"title": "見本の手続", "online": "no", "since": "2024-04-01", "until": "2025-03-31"})
    row = put(mihon, {"online": "joint", "since": "2023-04-01", "until": None}, row)
    assert not InventorySpan.unscoped.exists()
    row = put(mihon, {"online": "no", "until": "2025-09-30"}, row)
    put(mihon, {"online": "other", "since": "2026-04-01", "until": None}, row)
    assert [(str(one.since), str(one.until)) for one in InventorySpan.unscoped.all()] == [
        ("2023-04-01", "2025-09-30")
    ]


def test_each_year_that_was_counted_stays(mihon: Town) -> None:
    row = put(mihon, {"title": "見本の手続", "yearly_count": 100, "yearly_online": 10, "counted_year": 2024})
    row = put(mihon, {"yearly_count": 120, "yearly_online": 60, "counted_year": 2025}, row)

    def share(year: int) -> int | None:
        said = METRICS.get("inventory_application_share").measure(Scope(Period.year(FiscalYear(year))))
        return next((int(one.number) for one in said if one.number is not None), None)

    assert (share(2024), share(2025), share(2026)) == (10, 50, None)
    row = put(mihon, {"yearly_online": 90}, row)
    page = Client()
    sign_in(page, mihon.account("procedure_secretariat"))
    shown = page.get(f"/{mihon.ref.code}/desk/inventory/{row.pk}/").content.decode()
    assert "令和6年度（2024）の件数" in shown
    assert "100件（うちオンライン10件）" in shown
    assert (share(2024), share(2025)) == (10, 75), "the year's count is put right, the year before stands"
    row = put(mihon, {"yearly_count": None, "yearly_online": None}, row)
    assert (share(2024), share(2025)) == (10, None), "the year's count was taken back"
    put(mihon, {}, row, remove=True)
    assert not InventoryCount.unscoped.exists()
    assert not InventoryRow.unscoped.exists()


def test_a_year_that_was_wrong_is_emptied(mihon: Town) -> None:
    row = put(mihon, {"title": "見本の手続", "yearly_count": 9, "counted_year": 2023})
    row = put(mihon, {"counted_year": 2024}, row)
    row = put(mihon, {"counted_year": 2023, "yearly_count": None}, row)
    assert [one.year for one in row.counts.all()] == [FiscalYear(2024)]


def test_no_figure_rests_on_what_the_portal_erases(mihon: Town) -> None:
    now = day("2026-11-21")
    keys = [one.key for one in METRICS.values() if one.room == "yakuba.services.procedures"]

    def said() -> dict[str, list[Measured]]:
        periods = (Period.year(FiscalYear(2026)), Period.month(now.date()))
        return {
            key: [
                one for period in periods if period.kind in METRICS.get(key).every
                for one in METRICS.get(key).measure(Scope(period))
            ]
            for key in keys
        }  # fmt: skip

    with clock.frozen(now):
        sent = submission(mihon)
        offer = sent.offer
        begun = {
            "municipality_id": mihon.ref.id,
            "offer": offer,
            "publication": sent.publication,
            "language": "ja",
        }
        times = {"began_at": now, "seen_at": now, "expires_at": now + dt.timedelta(hours=1)}
        Filling.unscoped.create(**begun, **times, visit=mihon.visits["own"])
        for kind in ("started", "started"):
            Happening.unscoped.create(
                municipality_id=mihon.ref.id,
                procedure=offer.procedure,
                number=1,
                kind=kind,
                at=now - dt.timedelta(hours=1),
            )
        receive(mihon.ctx("cli"), sent, NoData())
        before = said()
    with clock.frozen(now + dt.timedelta(days=400)):
        assert sweep(mihon.ctx("cli")) == 1
        assert not Filling.unscoped.exists()
        assert Submission.unscoped.get().body == {}
        assert said() == before
    assert before["e_applications_received"][0].number == 1
    assert before["form_completion_share"][0].number == 50


def test_the_year_that_rows_name_is_the_first_that_is_kept(mihon: Town) -> None:
    put(mihon, {"title": "見本の手続", "yearly_count": 7, "counted_year": 2024})
    InventoryCount.unscoped.all().delete()
    import_module("yakuba.services.procedures.migrations.0003_inventory_counts").counts(apps, None)
    only = InventoryCount.unscoped.get()
    assert (only.year, only.filings, only.online) == (FiscalYear(2024), 7, None)
