"""Rows that come from paper bring their states; those that are here change them by moves."""

from __future__ import annotations

import pytest

from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger.actions.entries import ChangeMany
from yakuba.engines.ledger.models import Amendment
from yakuba.engines.ledger.registering import installed_of
from yakuba.kernel.actions import Problems
from yakuba.packs.public_wifi.models import Site

pytestmark = pytest.mark.django_db


def many(town: Town, *values: dict[str, object]) -> None:
    found = installed_of("public_wifi")
    assert found is not None
    book = open_book(town)
    changes = [{"id": "", "version": 0, "values": one} for one in values]
    found.actions.many(town.ctx("ledger_keeper"), book, ChangeMany(changes))  # type: ignore[arg-type]  # JSON


def test_a_new_row_comes_in_the_state_that_paper_says(mihon: Town) -> None:
    many(mihon, site(state="open", number="W0007"), site(ssid="other"))
    opened, planned = Site.unscoped.order_by("-number")
    assert (opened.state, planned.state) == ("open", "planned")
    assert Amendment.unscoped.get(entry=opened.pk).values["state"] == "open"


@pytest.mark.parametrize("state", ["void", "merged", "nowhere", 1])
def test_a_state_that_nobody_can_come_in_is_refused(mihon: Town, state: object) -> None:
    with pytest.raises(Problems) as caught:
        many(mihon, site(state=state))
    assert [one.field for one in caught.value.problems] == ["0.state"]
    assert not Site.unscoped.exists()


def test_a_row_that_is_here_keeps_its_state(mihon: Town) -> None:
    many(mihon, site())
    row = Site.unscoped.select_related("book").get()
    found = installed_of("public_wifi")
    assert found is not None
    change = {"id": str(row.pk), "version": row.version, "values": {"state": "open"}}
    with pytest.raises(Problems) as caught:
        found.actions.many(mihon.ctx("ledger_keeper"), row.book, ChangeMany([change]))
    assert [one.field for one in caught.value.problems] == ["0.state"]
    change["values"] = {"state": "planned", "ssid": "other"}
    found.actions.many(mihon.ctx("ledger_keeper"), row.book, ChangeMany([change]))
    row.refresh_from_db()
    assert (row.state, row.ssid) == ("planned", "other")
