"""Places of a ledger as files for maps, and files for maps into a ledger."""

from __future__ import annotations

import json

import pytest

from tests.engines.ledger.exchange.sheets import WIFI, begun, checked, confirmed
from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.exchange.drawing import written
from yakuba.engines.ledger.exchange.table import table_of
from yakuba.engines.ledger.models import Staged
from yakuba.kernel.actions import Problem

pytestmark = pytest.mark.django_db


def leaving(town: Town, book, sort: str, epsg: int = 6668):
    ctx = town.ctx("ledger_keeper")
    return written(table_of(ctx, WIFI, book, queries.entries(ctx, WIFI.ledger)).table, sort, epsg)


def places(town: Town) -> dict[str, tuple[float, float]]:
    rows = queries.entries(town.ctx("ledger_keeper"), WIFI.ledger)
    return {row.name: tuple(round(one, 6) for one in row.place.bounds[:2]) for row in rows if row.place}


@pytest.mark.parametrize(("sort", "epsg"), [("geojson", 6668), ("kml", 6668), ("shapefile", 6677)])
def test_places_leave_and_come_back(mihon: Town, sort: str, epsg: int) -> None:
    book = open_book(mihon)
    ctx = mihon.ctx("ledger_keeper")
    for number in range(3):
        where = {"type": "Point", "coordinates": [139.1 + number / 1000, 36.4]}
        WIFI.actions.add(ctx, book, AddEntry(site(name=f"見本𠮷{number}", place=where)))
    WIFI.actions.add(ctx, book, AddEntry(site(name="位置なし", place=None)))
    before = places(mihon)
    made = leaving(mihon, book, sort, epsg)
    assert any("位置のない1行" in note for note in made.notes)
    WIFI.ledger.model.unscoped.all().delete()
    found = begun(mihon, book, made.data, f"地図{made.ending}")
    assert found.columns[-1] == "place.shape"
    assert {"name", "use", "address", "ssid", "disaster"} <= set(found.columns)
    # The system of a Shapefile stands in its .prj.
    assert found.system in {6668, 4326, epsg}
    columns = [key if key not in {"number", "state"} else "" for key in found.columns]
    batch = checked(mihon, book, made.data, columns=columns, by=[], system=found.system)
    assert [row.problems for row in Staged.unscoped.filter(sort="wrong")] == []
    confirmed(mihon, batch)
    after = places(mihon)
    assert after.keys() == before.keys()
    for name, where in before.items():
        assert after[name] == pytest.approx(where, abs=1e-6)


def test_a_file_without_a_system_is_asked_about_and_elsewhere_is_refused(mihon: Town) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-66666.5, 35714.25]},
        "properties": {
            "名称": "見本館",
            "区分": "観光",
            "所在地": "みほん市",
            "SSID": "A",
            "災害時に開放": "無",
        },
    }
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2451"}}
    data = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}).encode()
    book = open_book(mihon)
    batch = checked(mihon, book, data, "地図.geojson", system=2451)
    assert batch.counts == {"new": 1}
    assert "JGD2000→JGD2011" in batch.place
    with pytest.raises(Problem) as told:
        checked(mihon, book, data, "地図.geojson", system=None)
    assert told.value.code == "system"
    assert checked(mihon, book, data, "地図.geojson", system=6668).counts == {"wrong": 1}
