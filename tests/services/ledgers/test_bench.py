"""The bench of maps and ledgers: what it makes is what it says, its answers are right, and its report has every case."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.http import Http404

from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.places.models import UploadedFeature
from yakuba.kernel.actions import Problem
from yakuba.services.ledgers.bench import beside, cases, ground
from yakuba.services.ledgers.bench.command import SCALES, measured
from yakuba.services.ledgers.bench.measuring import Browser

CASES = [
    "list-filtered", "sort", "tile-cold", "tile-warm", "tile-304", "tile-cold-ledger", "page-deep", "import-2k",
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_bench_runs_and_its_answers_are_right(tmp_path: Path) -> None:
    scale = SCALES["small"]
    made = ground.lay(scale.features, scale.rows, lambda *_told: None)
    ground.keep(made, tmp_path / ground.KEPT)
    assert ground.found(tmp_path / ground.KEPT) == made
    found = {case.name: case for case in measured(made, scale, imported=True)}
    compared = ["tile-vs-tipg"] if connection.vendor == "postgresql" and beside.there() else []
    assert sorted(found) == sorted([*CASES, *compared])
    for case in found.values():
        assert case.n > 0
        assert case.p50_ms <= case.p95_ms
        assert case.database == connection.vendor
    model = installed_of(ground.LEDGER).ledger.model
    assert model.unscoped.count() == scale.rows + scale.imported
    assert UploadedFeature.unscoped.count() == scale.features
    for row in [*UploadedFeature.unscoped.order_by("pk")[:50], *model.unscoped.order_by("-pk")[:50]]:
        row.full_clean(exclude=["merged_into"])
        kept = {name: getattr(row, name) for name in ("west", "south", "east", "north", "cell", "rank")}
        row.save()
        assert kept == {name: getattr(row, name) for name in kept}
    with pytest.raises(Problem, match="空のデータベース"):
        ground.demand_empty()


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_no_measurement() -> None:
    with pytest.raises((ValueError, Http404), match="404"):
        Browser().get("/990019/maps/tiles/none/0/0/0.mvt")


def test_tiles_are_different_and_where_things_lie() -> None:
    found = cases.tiles(60, 15)
    assert len(set(found)) == 60
    assert {zoom for zoom, _x, _y in found} == set(range(12, 18))
