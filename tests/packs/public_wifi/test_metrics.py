"""Sites are counted as the ledger stood on the day."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from tests.engines.ledger import histories
from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.packs.public_wifi.rows import ROWS
from tests.world import Town
from yakuba.engines.metrics.periods import Period
from yakuba.packs.public_wifi.ledger import WIFI


class TestSites(Recomputed):
    """By what they are for; what is only planned is none."""

    key = "wifi_sites"
    examples = 8
    histories = histories.told(WIFI, {"use": ["shelter", "tourism", "public"]})

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        histories.write(town, WIFI, history, ROWS[0])

    def stand(self, town: Town, period: Period) -> Counter[str]:
        """How many stand, by what they are for."""
        rows = histories.naive(town, WIFI, period.last).values()
        return Counter(str(one.get("use") or "") for one in rows if one["state"] != "planned")

    def count(self, town: Town, period: Period) -> Counted:
        found = self.stand(town, period)
        return Counted(
            Decimal(sum(found.values())), parts={key: Decimal(many) for key, many in found.items()}
        )


class TestSitesAtShelters(TestSites):
    """Those at shelters alone."""

    key = "wifi_sites_shelter"
    examples = 4

    def count(self, town: Town, period: Period) -> Counted:
        return Counted(Decimal(self.stand(town, period)["shelter"]))


class TestSitesForVisitors(TestSites):
    """Those for visitors alone."""

    key = "wifi_sites_tourism"
    examples = 4

    def count(self, town: Town, period: Period) -> Counted:
        return Counted(Decimal(self.stand(town, period)["tourism"]))
