"""The desk pages of protection and delivery in a browser: axe finds nothing, nothing overflows, on a phone and at 200 %."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.browser.conftest import DESKTOP, PHONE, Look, Visitor
from tests.engines.delivery.specimens import delivery
from tests.engines.protection.specimens import hold
from tests.signin import sign_in
from tests.world import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow]


LOOKS = (
    Look(PHONE),
    Look(DESKTOP),
    Look(DESKTOP, dark=True),
    Look(PHONE, large=True),
    Look(DESKTOP, large=True),
)


@pytest.mark.parametrize("visitor", [{"width": PHONE}], indirect=True, ids=["phone"])
def test_pages(visitor: Visitor, town: Town) -> None:
    held, sent = hold(town), delivery(town, error="451 hanako@example.jp is busy, try again later")
    pages = {
        "protection_keeper": [
            "protection/",
            "protection/new/",
            f"protection/{held.protected_id}/",
            "protection/import/",
            "protection/holds/",
            f"protection/holds/{held.pk}/",
        ],
        "records_keeper": ["deliveries/", f"deliveries/{sent.pk}/"],
    }
    for role, paths in pages.items():
        client = Client()
        sign_in(client, town.account(role))
        cookie = client.cookies["yakuba_staff"]
        visitor.context.clear_cookies()
        visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visitor.base}])
        for path in paths:
            visitor.open(f"/{town.ref.code}/desk/{path}")
            assert visitor.faults(LOOKS) == [], path
    assert visitor.errors == []
