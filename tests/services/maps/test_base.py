"""What lies under the layers: a file of our own, or an origin that is allowed by name; nothing without the operator's word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tests.services.maps.test_portal import canvas
from tests.services.maps.worlds import released
from tests.world import Town
from yakuba.services.maps import base

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def pictures(tmp_path: Path, settings) -> Iterator[Path]:
    """A PMTiles file with one picture, as the operator's base map."""
    path = tmp_path / "base.pmtiles"
    write(path, TileType.PNG)
    settings.MAP_BASE, settings.MAP_BASE_ATTRIBUTION = str(path), "見本地図"
    base.reader.cache_clear()
    yield path
    base.reader.cache_clear()


def write(path: Path, kind: TileType) -> None:
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(2, 3, 1), PNG)
        header = {
            "tile_type": kind, "tile_compression": Compression.NONE, "min_zoom": 0, "max_zoom": 2,
            "min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 0, "max_lat_e7": 0,
            "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
        }  # fmt: skip
        writer.finalize(header, {})


def test_pictures_of_our_own_are_served_from_here(mihon: Town, client: Client, pictures: Path) -> None:
    released(mihon, 1)
    page = client.get(f"/{mihon.ref.code}/maps/")
    told = canvas(page.content.decode())["base"]
    assert told == {
        "tiles": f"/{mihon.ref.code}/maps/base/{{z}}/{{x}}/{{y}}",
        "attribution": "見本地図",
        "maxzoom": 2,
    }
    assert "connect-src 'self';" in page["Content-Security-Policy"] + ";"
    found = client.get(f"/{mihon.ref.code}/maps/base/2/3/1")
    assert (found.status_code, found["Content-Type"], found.content) == (200, "image/png", PNG)
    for none in ("2/3/2", "2/9/1", "30/1/1"):
        assert client.get(f"/{mihon.ref.code}/maps/base/{none}").status_code == 404


def test_an_origin_is_allowed_by_name_on_the_map_alone(mihon: Town, client: Client, settings) -> None:
    settings.MAP_BASE = "https://tiles.example.jp/{z}/{x}/{y}.png"
    released(mihon, 1)
    assert (
        "connect-src 'self' https://tiles.example.jp"
        in client.get(f"/{mihon.ref.code}/maps/")["Content-Security-Policy"]
    )
    assert "tiles.example.jp" not in client.get(f"/{mihon.ref.code}/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "wrong", ["https://tiles.example.jp/", "https://{z}.example.jp/{x}/{y}", "/nowhere.pmtiles"]
)
def test_a_base_map_that_is_none_is_told(mihon: Town, settings, wrong: str) -> None:
    settings.MAP_BASE = wrong
    base.reader.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="YAKUBA_MAP_BASE"):
        base.base_map(mihon.ctx("public"))


def test_a_file_of_other_tiles_is_refused(mihon: Town, settings, pictures: Path) -> None:
    write(pictures, TileType.MVT)
    base.reader.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="画像"):
        base.base_map(mihon.ctx("public"))
