"""The bench of a round: what it makes is what it says, and its report has every case."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.engines.rounds.sample import KIND
from yakuba.engines.rounds.askings import ASKINGS
from yakuba.engines.rounds.bench import ground
from yakuba.engines.rounds.bench.command import SCALES, measured
from yakuba.engines.rounds.models import Item, OfficePart, Reminder, Round
from yakuba.kernel.actions import Problem


@pytest.mark.django_db(transaction=True)
def test_the_bench_runs_and_asks_the_same_queries_for_any_size() -> None:
    scale = SCALES["small"]
    found = {case.name: case for case in measured(scale)}
    assert sorted(found) == ["board", "board-late", "items"]
    for case in found.values():
        assert case.n == scale.requests
        assert case.p50_ms <= case.p95_ms
        assert case.queries == case.queries_small, case.name
        assert case.database == connection.vendor
    large = Round.unscoped.get(phase="provisional")
    assert Item.unscoped.filter(round=large).count() == scale.items
    assert OfficePart.unscoped.filter(round=large).count() == scale.offices
    there = set(Item.unscoped.filter(round=large).values_list("state", flat=True))
    assert there == {"open", "entered", "confirmed", "accepted"}
    assert Reminder.unscoped.filter(part__round=large, state="sent").exists()
    assert ground.KIND not in ASKINGS
    assert KIND in ASKINGS
    with pytest.raises(Problem, match="空のデータベース"):
        ground.demand_empty()
