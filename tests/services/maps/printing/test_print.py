"""The printed sheet, measured on the paper; the form before it; whoever may have it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pdfplumber
import pypdf
import pytest
import shapely
from django.test import Client, override_settings
from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tests.engines.places.specimens import lamp, layer
from tests.services.maps.worlds import KEY, released
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.places.actions import SetStyle, set_style
from yakuba.engines.places.crs.operations import to_system, transform_shapes
from yakuba.engines.places.mercator import to_world
from yakuba.engines.places.shapes import Shape
from yakuba.engines.visitors.throttle import LIMITS, Limit
from yakuba.services.maps import base
from yakuba.services.maps.printing import drawing

MM = 72 / 25.4
LON, LAT = 139.8, 36.3
CENTER = f"{LAT}, {LON}"


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    made = make_town("990019", "みほん市")
    for role in ("staff", "map_keeper", "ledger_keeper"):
        made.account(role)
    return made


@pytest.fixture(scope="module")
def field_key(town: Town) -> str:
    """A layer with a square of 100 metres in the plane system, its lower left corner in the middle of the sheet."""
    east, north = to_system(np.array([[LON, LAT]]), 6677)[0]
    square = shapely.box(east, north, east + 100, north + 100)
    (found,), _how = transform_shapes([square], 6677)
    assert found is not None
    row = layer(town, [(Shape.of(found), lamp(1)[1])], label="見本の田")
    return row.state.key


@pytest.fixture
def staff(town: Town, client: Client, db: None) -> Client:
    sign_in(client, town.account("staff"))
    return client


def ask(client: Client, town: Town, key: str, **more: str):
    given = {"layer": key, "center": CENTER, "scale": "2500", **more}
    return client.get(f"/{town.ref.code}/desk/maps/print/", given)


@pytest.mark.parametrize(
    ("paper", "across", "scale"), [("a4", "", 2500), ("a4", "1", 2500), ("a3", "", 1000), ("a3", "1", 1000)]
)
def test_a_hundred_metres_are_as_long_on_paper_as_the_scale_says(
    town: Town, staff: Client, field_key: str, paper: str, across: str, scale: int
) -> None:
    answer = ask(staff, town, field_key, paper=paper, across=across, scale=str(scale))
    assert answer.status_code == 200, answer.content[:500]
    assert answer["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        assert len(document.pages) == 1
        page = document.pages[0]
        sides = sorted((210, 297) if paper == "a4" else (297, 420), reverse=bool(across))
        assert (page.width / MM, page.height / MM) == pytest.approx(sides, abs=0.1)
        shapes = [*page.rects, *page.curves]
        blue = [one for one in shapes if one["non_stroking_color"] == pytest.approx((0, 0x72 / 255, 0xB2 / 255), abs=0.001)]  # fmt: skip
        square = max(blue, key=lambda one: one["width"])
        wanted = 100 * 1000 / scale * MM
        frame = max(shapes, key=lambda one: one["width"])
        assert square["width"] == pytest.approx(wanted, abs=0.01)
        assert square["x0"] == pytest.approx((frame["x0"] + frame["x1"]) / 2, abs=0.01)
        assert square["bottom"] == pytest.approx((frame["top"] + frame["bottom"]) / 2, abs=0.01)
        words = page.extract_text()
        assert f"縮尺 1:{scale:,}" in words
        assert "EPSG:6677" in words
        assert "証明ではありません" in words.replace("\n", "")
        assert "見本の田" in words


def test_the_scale_bar_is_as_long_as_it_says(town: Town, staff: Client, field_key: str) -> None:
    answer = ask(staff, town, field_key, scale="2500")
    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        page = document.pages[0]
        bars = [one for one in page.rects if one["height"] == pytest.approx(1.6 * MM, abs=0.02)]
        assert max(one["width"] for one in bars) == pytest.approx(100 / 2.5 * MM, abs=0.02)
        assert "100m" in page.extract_text()


def test_names_stand_beside_what_is_printed_where_asked_for(
    town: Town, staff: Client, field_key: str
) -> None:
    """The square's middle is 50 metres east and south-east of the sheet's; its name stands beside it, in the map."""
    without = ask(staff, town, field_key).content
    answer = ask(staff, town, field_key, names="1").content
    with pdfplumber.open(io.BytesIO(without)) as document:
        assert "見本1" not in document.pages[0].extract_text()
    with pdfplumber.open(io.BytesIO(answer)) as document:
        page = document.pages[0]
        (found,) = page.search("見本1")
        frame = max([*page.rects, *page.curves], key=lambda one: one["width"])
        assert frame["x0"] < found["x0"] < found["x1"] < frame["x1"]
        square = 100 * 1000 / 2500 * MM
        middle = (frame["x0"] + frame["x1"]) / 2 + square / 2
        assert found["x0"] - middle == pytest.approx(2 * MM, abs=0.5 * MM)


def test_the_sheet_can_be_read_aloud(town: Town, staff: Client, field_key: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(ask(staff, town, field_key, title="例示の図").content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).lower().startswith("ja")
    assert reader.metadata is not None
    assert reader.metadata.title == "例示の図"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    told = list(alternatives(root["/StructTreeRoot"]))
    assert any("縮尺1:2,500" in one and "見本の田 1件" in one for one in told)
    assert any("縮尺の目盛" in one for one in told)
    assert any("真北" in one for one in told)


def alternatives(node) -> Iterator[str]:
    """What is said in place of pictures."""
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for one in found:
            yield from alternatives(one)
    elif isinstance(found, dict):
        if "/Alt" in found:
            yield str(found["/Alt"])
        yield from alternatives(found.get("/K", []))


def test_a_long_legend_goes_on_and_what_must_be_read_stays_beside_the_map(town: Town, staff: Client) -> None:
    lamps = [lamp(n, LON - 0.001, LAT) for n in range(1, 9)]
    rows = [layer(town, lamps, label=f"見本の層{n}") for n in range(6)]
    style = {"by": "count", "classes": [[n, "#0017c1", f"区分{n}"] for n in range(1, 9)]}
    for row in rows:
        set_style(town.ctx("map_keeper"), row.state, SetStyle(style))
    given = {"layer": [row.state.key for row in rows], "center": CENTER, "scale": "2500", "across": "1"}
    answer = staff.get(f"/{town.ref.code}/desk/maps/print/", given)
    with pdfplumber.open(io.BytesIO(answer.content)) as document:
        assert len(document.pages) > 1
        words = document.pages[0].extract_text().replace("\n", "")
        assert "証明ではありません" in words
        assert "作成：みほん市" in words
        assert "見本の層5" in document.pages[-1].extract_text()


def test_what_did_not_fit_is_told_on_the_sheet(
    town: Town, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = layer(town, [lamp(n, LON - 0.001, LAT) for n in range(1, 9)], label="見本の灯")
    whole = ask(staff, town, row.state.key)
    monkeypatch.setattr(drawing, "MOST_FEATURES", 5)
    cut = ask(staff, town, row.state.key)
    words = [
        pdfplumber.open(io.BytesIO(one.content)).pages[0].extract_text().replace("\n", "")
        for one in (whole, cut)
    ]
    assert "省いています" not in words[0]
    assert "「見本の灯」は多すぎるため、この範囲の約3件を省いています。" in words[1].replace(" ", "")


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(
    town: Town, staff: Client, field_key: str
) -> None:
    plain = staff.get(f"/{town.ref.code}/desk/maps/print/", {"layer": field_key})
    assert plain.status_code == 200
    assert 'name="scale"' in plain.content.decode()
    for name, typed in (("scale", "10"), ("scale", "二千"), ("center", "95, 10"), ("paper", "b4"), ("layer", "up-gone")):  # fmt: skip
        wrong = ask(staff, town, field_key, **{name: typed, "title": "題の見本"})
        html = wrong.content.decode()
        assert wrong.status_code in {400, 422}, name
        assert f'id="id_{name}-error"' in html, name
        assert "題の見本" in html
    assert ask(staff, town, field_key, colour="red").status_code == 400
    assert ask(staff, town, field_key, scale="２，５００")["Content-Type"] == "application/pdf"


def test_what_an_actor_may_not_see_is_not_printed(
    town: Town, client: Client, field_key: str, db: None
) -> None:
    address = f"/{town.ref.code}/desk/maps/print/"
    assert client.get(address).status_code in {302, 404}
    public = client.get(
        f"/{town.ref.code}/maps/print/", {"layer": field_key, "center": CENTER, "scale": "2500"}
    )
    assert public.status_code in {400, 422}, "a layer that is not released is no choice"
    assert "見本の田" not in public.content.decode()


def test_everybody_prints_what_is_released_so_many_times_an_hour(
    town: Town, client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(town, 2)
    address = f"/{town.ref.code}/maps/print/"
    assert "公衆無線LAN" in client.get(address).content.decode()
    given = {"layer": KEY, "center": "36.4, 139.102", "scale": "10000"}
    assert client.get(address, {**given, "title": "例示証明書"}).status_code == 400, (
        "words under the town's name"
    )
    monkeypatch.setitem(LIMITS, "map_print", Limit(1, 3600, 1))
    first = client.get(address, given)
    assert first["Content-Type"] == "application/pdf"
    assert not first.cookies
    with pdfplumber.open(io.BytesIO(first.content)) as document:
        assert "出典を示せば自由に使えます。" in document.pages[0].extract_text().replace("\n", "")
    assert client.get(address, given, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(address, {**given, "scale": "20000"}).status_code == 429


def test_the_operators_own_pictures_lie_below_in_their_place(
    town: Town, staff: Client, field_key: str, tmp_path: Path
) -> None:
    path = tmp_path / "base.pmtiles"
    x, y = (int(share * 2**14) for share in to_world(LON, LAT))
    red, blue = (one(colour) for one, colour in ((tile, "#cc0000"), (tile, "#0000cc")))
    with path.open("wb") as file:
        writer = Writer(file)
        for column in (x - 1, x, x + 1):
            for row in (y - 1, y, y + 1):
                writer.write_tile(zxy_to_tileid(14, column, row), red if column < x else blue)
        writer.finalize(
            {"tile_type": TileType.PNG, "tile_compression": Compression.NONE, "min_lon_e7": 0, "min_lat_e7": 0,
             "max_lon_e7": 0, "max_lat_e7": 0, "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0},
            {},
        )  # fmt: skip
    base.reader.cache_clear()
    with override_settings(MAP_BASE=str(path), MAP_BASE_ATTRIBUTION="見本地図"):
        plain, with_base = (ask(staff, town, field_key, base=one, scale="10000") for one in ("", "own"))
    base.reader.cache_clear()
    assert not pdfplumber.open(io.BytesIO(plain.content)).pages[0].images
    page = pdfplumber.open(io.BytesIO(with_base.content)).pages[0]
    assert "背景：見本地図" in page.extract_text().replace("\n", "")
    (image,) = page.images
    found = Image.open(io.BytesIO(image["stream"].get_data())).convert("RGB")
    assert (image["width"] / MM, found.width) == pytest.approx((190, 1122), abs=1)
    # Where the red tiles end: the western edge of column x, so many millimetres from the middle.
    edge_lon = (x / 2**14 - 0.5) * 360
    edge, middle = to_system(np.array([[edge_lon, LAT], [LON, LAT]]), 6677)
    wanted = found.width / 2 + (edge - middle)[0] / 10 * (150 / 25.4)
    row = [found.getpixel((column, found.height // 2)) for column in range(found.width)]
    reds = sum(one[0] > one[2] for one in row)
    assert reds == pytest.approx(wanted, abs=3)


def tile(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(made, "PNG")
    return made.getvalue()
