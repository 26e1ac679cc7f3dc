"""All ledgers together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engines.ledger import histories
from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.packs.dog_registry.rows import ROWS as DOG
from tests.packs.public_wifi.rows import ROWS as SITE
from tests.world import Town
from yakuba.engines.ledger.models import Book
from yakuba.engines.metrics.periods import Period
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.public_wifi.ledger import WIFI


class TestRecords(Recomputed):
    """Entries in force by ledger."""

    key = "ledger_records"
    examples = 8
    histories = st.tuples(histories.told(WIFI, {"use": ["shelter"]}), histories.told(DOGS, {"town": ["町"]}))

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        histories.write(town, WIFI, history[0], SITE[0])
        histories.write(town, DOGS, history[1], DOG[1])

    def count(self, town: Town, period: Period) -> Counted:
        found = {
            one.ledger.key: Decimal(len(histories.naive(town, one, period.last))) for one in (WIFI, DOGS)
        }
        return Counted(sum(found.values(), Decimal(0)), parts=found)


class TestBooks(Recomputed):
    """Ledgers that were opened."""

    key = "ledgers_kept"
    histories = st.dictionaries(
        st.sampled_from(["public_wifi", "dog_registry", "shelters", "gone"]), st.sampled_from(histories.DAYS)
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        for ledger, day in history.items():
            Book.unscoped.create(
                municipality_id=town.ref.id, ledger=ledger, office=town.offices["own"], opened_on=day
            )

    def count(self, town: Town, period: Period) -> Counted:
        opened: list[tuple[str, dt.date]] = [
            (one.ledger, one.opened_on) for one in Book.unscoped.filter(municipality=town.ref.id)
        ]
        return Counted(Decimal(sum(key != "gone" and day <= period.last for key, day in opened)))
