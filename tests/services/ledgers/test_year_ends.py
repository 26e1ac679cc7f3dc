"""The work of 1 April: reports of the years that ended are one press away."""

from __future__ import annotations

import pytest

from tests.services.ledgers.worlds import HERE, body, browser, open_book
from tests.world import Town
from yakuba.kernel.dates import FiscalYear, clock

pytestmark = pytest.mark.django_db


def test_yearly_reports_lead_to_the_ends_of_years(mihon: Town) -> None:
    open_book(mihon, "street_lights_mirrors")
    client, here = browser(mihon), f"{HERE}street_lights_mirrors/reports/"
    last = FiscalYear.of(clock.now()) - 1
    address = f"{here}standing/?on={last.end.isoformat()}"
    assert f'href="{address}">{last.label}末</a>' in body(client.get(f"{here}standing/"))
    page = body(client.get(address))
    assert f'href="{address}" aria-current="page">{last.label}末</a>' in page
    assert f"{(last - 2).label}末" in page
    assert f"{last.label}末" not in body(client.get(f"{here}lamps/")), (
        "what is left to replace is asked of today"
    )
