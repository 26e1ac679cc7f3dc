"""Designations are counted as the ledger's report counts them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from tests.engines.ledger import histories
from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.packs.shelters.rows import ROWS
from tests.world import Town
from yakuba.engines.metrics.periods import Period
from yakuba.packs.shelters.ledger import SHELTERS
from yakuba.packs.shelters.reports import REPORTS

_ON = ["2020-04-01", "2026-03-01", "2026-03-02", "2026-11-21"]
_OFF = [None, None, "2026-03-01", "2026-03-31", "2026-10-31", "2026-11-01"]


class TestSites(Recomputed):
    """Evacuation sites."""

    key = "evacuation_sites"
    examples = 8
    which: ClassVar[str] = "site"
    line: ClassVar[str] = "指定緊急避難場所"
    histories = histories.told(
        SHELTERS, {"site_on": _ON, "site_off": _OFF, "shelter_on": [None, *_ON], "shelter_off": _OFF}
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        histories.write(town, SHELTERS, history, ROWS[0])

    def count(self, town: Town, period: Period) -> Counted:
        found = 0
        for one in histories.naive(town, SHELTERS, period.last).values():
            on, off = one.get(f"{self.which}_on"), one.get(f"{self.which}_off")
            if on is None or dt.date.fromisoformat(str(on)) > period.last:
                continue
            found += off is None or dt.date.fromisoformat(str(off)) > period.last
        ctx, book = town.ctx("ledger_keeper"), histories.book_of(town, SHELTERS)
        report = next(one for one in REPORTS if one.key == "designations").rows(ctx, book, period.last)
        assert next(row["count"] for row in report if row["what"] == self.line) == found
        return Counted(Decimal(found))


class TestShelters(TestSites):
    """Shelters."""

    key = "evacuation_shelters"
    which = "shelter"
    line = "指定避難所"
