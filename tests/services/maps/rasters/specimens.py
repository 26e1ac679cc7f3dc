"""How each action of pictures under the map is tried in the permission matrix, through its page too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.maps.rasters.pictures import PLANE, SIZE, corner, picture, world
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.files import store
from yakuba.services.maps.rasters.actions import (
    BeginRaster,
    FinishRaster,
    PlaceRaster,
    WithdrawRaster,
    begin_raster,
    finish_raster,
    place_raster,
    release_raster,
)
from yakuba.services.maps.rasters.fitting import world_file
from yakuba.services.maps.rasters.models import RasterLayer


def beginning(town: Town, _subject: Any = None, **more: Any) -> BeginRaster:
    """A photograph with a world file, as it was looked at."""
    told = BeginRaster(
        sha256=store.put(picture()),
        preview=store.put(picture("JPEG")),
        name="見本.png",
        width=SIZE[0],
        height=SIZE[1],
        known={"affine": list(world_file(world())), "system": None},
        label="見本の空中写真",
        office=str(town.offices["own"].pk),
        sort="photo",
        classification="public",
        attribution="みほん市",
        terms="出典を示せば自由に使えます。",
    )
    return replace(told, **more)


def begun(town: Town) -> RasterLayer:
    """One whose place nobody said yet."""
    return begin_raster(town.ctx("map_keeper"), None, beginning(town))


def placed(town: Town) -> RasterLayer:
    """One that the worker is to cut."""
    return place_raster(town.ctx("map_keeper"), begun(town), PlaceRaster(PLANE))


def finishing(_town: Town, raster: RasterLayer) -> FinishRaster:
    east, north = 139.8, 36.3
    return FinishRaster(raster.cut, store.put(b"PMTiles-mihon"), [east, north - 0.01, east + 0.01, north], 18)


def ready(town: Town) -> RasterLayer:
    """One that staff see."""
    raster = placed(town)
    return finish_raster(town.ctx("cli"), raster, finishing(town, raster))


def released(town: Town) -> RasterLayer:
    """One that everybody sees."""
    return release_raster(town.ctx("map_keeper"), ready(town), NoData())


def address(town: Town, more: str) -> str:
    return f"/{town.ref.code}/desk/maps/rasters/{more}"


def post(client: Client, town: Town, raster: RasterLayer, do: str, **more: str) -> HttpResponse:
    posted = {"do": do, "version": str(raster.version), **more}
    return client.post(address(town, f"{raster.pk}/"), posted)  # type: ignore[return-value]  # Django's own class


def post_new(client: Client, town: Town, _subject: object) -> HttpResponse:
    told = {
        "file": SimpleUploadedFile("見本.png", picture()),
        "world": SimpleUploadedFile("見本.pgw", world()),
        "label": "見本の空中写真",
        "office": str(town.offices["own"].pk),
        "sort": "photo",
        "classification": "internal",
    }
    return client.post(address(town, "new/"), told)  # type: ignore[return-value]  # as above


def points() -> dict[str, str]:
    """Four corners, as somebody types them."""
    east, north = corner()
    typed: dict[str, str] = {}
    for number, (x, y) in enumerate(((0, 0), (SIZE[0], 0), (0, SIZE[1]), SIZE), start=1):
        values = {"column": x, "row": y, "north": north - y / 2, "east": east + x / 2}
        typed |= {f"p{number}-{name}": f"{value:,}" for name, value in values.items()}
    return typed


SPECIMENS = {
    "maps.begin_raster": Specimen(subject=lambda _town: None, data=beginning, page=post_new),
    "maps.place_raster": Specimen(
        subject=begun,
        data=lambda _town, _raster: PlaceRaster(PLANE),
        page=lambda client, town, raster: post(client, town, raster, "place", system=str(PLANE)),
    ),
    "maps.finish_raster": Specimen(subject=placed, data=finishing),
    "maps.release_raster": Specimen(
        subject=ready,
        data=lambda _town, _raster: NoData(),
        page=lambda client, town, raster: post(client, town, raster, "release"),
    ),
    "maps.withdraw_raster": Specimen(
        subject=released,
        data=lambda _town, _raster: WithdrawRaster("内容を確かめるため"),
        page=lambda client, town, raster: post(client, town, raster, "withdraw", reason="内容を確かめるため"),
    ),
    "maps.remove_raster": Specimen(
        subject=ready,
        data=lambda _town, _raster: NoData(),
        page=lambda client, town, raster: post(client, town, raster, "remove"),
    ),
}
