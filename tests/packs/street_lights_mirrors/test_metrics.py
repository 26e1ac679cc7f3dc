"""Lights and mirrors are counted as the report of 1 April counts them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from tests.engines.ledger import histories
from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.packs.street_lights_mirrors.rows import ROWS
from tests.world import Town
from yakuba.engines.metrics.periods import Period
from yakuba.packs.street_lights_mirrors.ledger import STREET
from yakuba.packs.street_lights_mirrors.reports import REPORTS


class TestFixtures(Recomputed):
    """What stands, by its sort."""

    key = "street_fixtures"
    examples = 8
    histories = histories.told(
        STREET,
        {"kind": ["lamp", "road_lamp", "mirror"], "manager": ["city"], "lamp": ["led", "sodium", None]},
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        histories.write(town, STREET, history, ROWS[0])

    def stand(self, town: Town, period: Period) -> Counter[tuple[str, str]]:
        """(sort, lamp) of what stands."""
        rows = histories.naive(town, STREET, period.last).values()
        return Counter(
            (str(one.get("kind") or ""), str(one.get("lamp") or ""))
            for one in rows
            if one["state"] != "planned"
        )

    def count(self, town: Town, period: Period) -> Counted:
        found: Counter[str] = Counter()
        for (kind, _lamp), many in self.stand(town, period).items():
            found[kind] += many
        return Counted(Decimal(found.total()), parts={key: Decimal(many) for key, many in found.items()})


class TestLedShare(TestFixtures):
    """Of the lights those with LED."""

    key = "street_light_led_share"

    def count(self, town: Town, period: Period) -> Counted:
        lights = {key: many for key, many in self.stand(town, period).items() if key[0] not in {"mirror", ""}}
        led = sum(many for (_kind, lamp), many in lights.items() if lamp == "led")
        ctx, book = town.ctx("ledger_keeper"), histories.book_of(town, STREET)
        report = next(one for one in REPORTS if one.key == "standing").rows(ctx, book, period.last)
        assert led == sum(int(str(row["led"] or 0)) for row in report)
        return Counted.share(led, sum(lights.values()))
