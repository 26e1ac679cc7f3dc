"""From a file to tiles: taken, laid, cut by the worker in the sandbox, shown, released, printed below a map, removed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.engines.places.specimens import lamp, layer
from tests.services.maps.rasters import specimens
from tests.services.maps.rasters.pictures import PIXEL, PLANE, SQUARE, corner, geotiff, picture, world
from tests.services.maps.rasters.specimens import begun, placed, points, post, ready
from tests.signin import sign_in
from tests.world import Town, make_town
from yakuba.engines.places.crs.operations import transform
from yakuba.engines.places.mercator import to_world
from yakuba.kernel.actions import NoData, Problem
from yakuba.kernel.files import store
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.services.maps.rasters import cutting, parsing, rasters, receiving
from yakuba.services.maps.rasters.actions import release_raster, remove_raster
from yakuba.services.maps.rasters.models import RasterLayer
from yakuba.services.maps.rasters.serving import tile

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    made = make_town("990019", "みほん市")
    for role in ("staff", "map_keeper"):
        made.account(role)
    return made


@pytest.fixture(scope="module")
def photo(town: Town) -> RasterLayer:
    """The picture with its world file, cut."""
    return worked(town, placed(town))


@pytest.fixture
def keeper(town: Town, client: Client) -> Client:
    sign_in(client, town.account("map_keeper"))
    return client


def worked(town: Town, raster: RasterLayer) -> RasterLayer:
    """What the worker does, and then notes."""
    settle = cutting.cut_raster(town.ctx("cli"), {"raster": str(raster.pk), "cut": raster.cut}, "key")
    assert settle is not None
    settle()
    return RasterLayer.unscoped.select_related("tiles", "file").get(pk=raster.pk)


def colour_at(raster: RasterLayer, column: float, row: float, zoom: int) -> tuple[int, ...]:
    """What the tiles show where a pixel of the picture lies."""
    east, north = corner()
    place = np.array([[east + column * PIXEL, north - row * PIXEL]])
    x, y = np.array(to_world(*transform(place, PLANE).points[0])) * 2**zoom
    data = tile(raster, zoom, int(x), int(y))
    assert data is not None
    with Image.open(io.BytesIO(data)) as opened:
        found = opened.convert("RGBA").getpixel((int(x % 1 * 256), int(y % 1 * 256)))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("zoom_out", [0, 1, 3])
def test_every_spot_of_the_picture_is_at_its_place(photo: RasterLayer, zoom_out: int) -> None:
    assert (photo.state, photo.trouble, photo.step) == ("ready", "", photo.steps)
    zoom = photo.max_zoom - zoom_out
    left, top, right, bottom = SQUARE
    # So many pixels of the picture lie below a dot of the tile and its neighbours.
    near = 3 * 2**zoom_out
    for column, row in ((left, top), (right, top), (left, bottom), (right, bottom)):
        toward_x, toward_y = (1 if column == left else -1), (1 if row == top else -1)
        red = colour_at(photo, column + toward_x * near, row + toward_y * near, zoom)
        white = colour_at(photo, column - toward_x * near, row - toward_y * near, zoom)
        assert red[0] > 180
        assert red[1] < 80, (column, row)
        assert min(white) > 180, (column, row)
    beside = colour_at(photo, -near, -near, zoom)
    assert beside[3] == 0, "beside the picture nothing is drawn"


def test_all_tiles_of_its_box_are_there_and_no_others(photo: RasterLayer) -> None:
    assert tile(photo, 0, 0, 0) is not None
    assert tile(photo, photo.max_zoom + 1, 0, 0) is None
    assert tile(photo, photo.max_zoom, 0, 0) is None
    west, south, east, north = photo.box
    assert west < 139.803 < east
    assert south < 36.2985 < north


def test_a_drawing_by_control_points_is_sharp_and_at_the_same_place(town: Town, keeper: Client) -> None:
    data = specimens.beginning(town, sort="drawing", known={"affine": None, "system": None})
    raster = specimens.begin_raster(town.ctx("map_keeper"), None, data)
    refused = post(keeper, town, raster, "place", system=str(PLANE))
    assert "3点から" in refused.content.decode()
    typed = {**points(), "p4-north": ""}
    assert "4点め" in post(keeper, town, raster, "try", system=str(PLANE), **typed).content.decode()
    tried = post(keeper, town, raster, "try", system=str(PLANE), **points()).content.decode()
    assert "平均のずれは0.00m" in tried
    three = {name: value for name, value in points().items() if not name.startswith("p4")}
    assert (
        "どんな数字でもずれは0"
        in post(keeper, town, raster, "try", system=str(PLANE), **three).content.decode()
    )
    answer = post(keeper, town, raster, "place", system=str(PLANE), **points())
    assert answer.status_code == 303, answer.content.decode()[:2000]
    raster.refresh_from_db()
    assert OutboxMessage.unscoped.filter(handler="maps.cut_raster", payload__raster=str(raster.pk)).exists()
    assert "平均のずれは0.00m" in raster.note
    page = keeper.get(f"/{town.ref.code}/desk/maps/rasters/{raster.pk}/")
    assert "<progress" in page.content.decode()
    assert page["Refresh"] == "5"
    done = worked(town, raster)
    left, top, _right, _bottom = SQUARE
    assert colour_at(done, left + 3, top + 3, done.max_zoom) == (0xD0, 0, 0, 255), "no colour is rounded"


def test_a_second_run_and_an_older_order_change_nothing(town: Town, photo: RasterLayer) -> None:
    ctx = town.ctx("cli")
    assert cutting.cut_raster(ctx, {"raster": str(photo.pk), "cut": photo.cut}, "key") is None
    assert cutting.cut_raster(ctx, {"raster": str(photo.pk), "cut": 0}, "key") is None


def test_what_cannot_be_cut_is_told_and_can_be_laid_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    raster = placed(town)

    def fails(*_args: object, **_more: object) -> None:
        raise Problem("file_heavy", "大きすぎます。")

    monkeypatch.setattr(cutting.sandbox, "read", fails)
    done = worked(town, raster)
    assert (done.state, done.trouble, done.tiles) == ("failed", "大きすぎます。", None)
    again = specimens.place_raster(town.ctx("map_keeper"), done, specimens.PlaceRaster(PLANE))
    assert (again.state, again.cut) == ("cutting", 2)


def test_a_picture_laid_anew_leaves_no_tiles_behind(town: Town) -> None:
    raster = ready(town)
    before = raster.tiles
    assert before is not None
    specimens.place_raster(town.ctx("map_keeper"), raster, specimens.PlaceRaster(PLANE))
    raster.refresh_from_db()
    done = specimens.finish_raster(town.ctx("cli"), raster, specimens.finishing(town, raster))
    assert done.tiles is not None
    assert not type(before).unscoped.filter(pk=before.pk).exists()


def test_the_file_itself_says_where_it_lies(town: Town) -> None:
    found = receiving.receive(io.BytesIO(geotiff()), None)
    east, north = corner()
    assert found.known == {"affine": [PIXEL, 0.0, east, 0.0, -PIXEL, north], "system": PLANE}
    assert (found.width, found.height) == (900, 700)
    with store.backend().open(found.preview) as preview, Image.open(preview) as small:
        assert small.format == "PNG"
        assert small.size == (900, 700)
    assert receiving.receive(io.BytesIO(picture("JPEG")), io.BytesIO(world())).known["affine"] == [
        PIXEL, 0.0, east, 0.0, -PIXEL, north,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 ...", "raster_type"),
        (b"", "file_empty"),
        (picture()[:300], "file_unreadable"),
        (b"II*\x00" + b"\xff" * 200, "file_unreadable"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        receiving.receive(io.BytesIO(data), None)
    assert refused.value.code == code


def test_too_many_pixels_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = io.BytesIO()
    Image.new("1", (parsing.MAX_SIDE + 1, 1)).save(wide, "PNG")
    with pytest.raises(Problem) as refused:
        receiving.receive(wide, None)
    assert refused.value.code == "raster_pixels"
    assert "40,001" in refused.value.message


def test_the_form_takes_it_and_says_what_is_wrong(town: Town, keeper: Client) -> None:
    new = f"/{town.ref.code}/desk/maps/rasters/new/"
    assert keeper.get(new).status_code == 200
    told = {"label": "見本図", "office": str(town.offices["own"].pk), "sort": "drawing", "classification": "internal"}  # fmt: skip
    nothing = keeper.post(new, told)
    assert "ファイルを選んでください" in nothing.content.decode()
    wrong = {
        **told,
        "file": SimpleUploadedFile("a.png", picture()),
        "world": SimpleUploadedFile("a.pgw", b"x"),
    }
    html = keeper.post(new, wrong).content.decode()
    assert 'id="id_world-error"' in html
    assert 'value="見本図"' in html
    good = {
        **told,
        "file": SimpleUploadedFile("a.png", picture()),
        "world": SimpleUploadedFile("a.pgw", world()),
    }
    answer = keeper.post(new, good)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    page = keeper.get(answer["Location"]).content.decode()
    assert "平面直角座標系 第9系（JGD2011）" in page
    assert "見本図" in keeper.get(f"/{town.ref.code}/desk/maps/rasters/").content.decode()
    preview = keeper.get(answer["Location"] + "preview.png")
    assert preview["Content-Type"] == "image/png"
    assert b"".join(preview.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]  # it is streamed


def test_the_public_sees_it_when_it_was_released_and_not_before(
    town: Town, photo: RasterLayer, keeper: Client
) -> None:
    z, x, y = photo.max_zoom, *(int(share * 2**photo.max_zoom) for share in to_world(139.801, 36.299))
    inside = f"/{town.ref.code}/desk/maps/raster/{photo.pk}/{z}/{x}/{y}"
    outside = f"/{town.ref.code}/maps/raster/{photo.pk}/{z}/{x}/{y}"
    first = keeper.get(inside)
    assert (first.status_code, first["Content-Type"]) == (200, "image/webp")
    assert keeper.get(inside, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert Client().get(outside).status_code == 404
    assert rasters(town.ctx("public")) == []
    release_raster(town.ctx("map_keeper"), photo, NoData())
    answer = Client().get(outside)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert not answer.cookies
    assert Client().get(outside, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert Client().get(f"/{town.ref.code}/maps/raster/{photo.pk}/{z}/0/0").status_code == 404
    (offered,) = rasters(town.ctx("public"))
    assert (offered.label, offered.attribution) == ("見本の空中写真", "みほん市")
    assert offered.tiles.startswith(f"/{town.ref.code}/maps/raster/{photo.pk}/{{z}}/{{x}}/{{y}}")
    assert [one.key for one in rasters(town.ctx("staff"))] == [offered.key]
    with pytest.raises(Problem):
        remove_raster(town.ctx("map_keeper"), photo, NoData())


def test_a_photograph_lies_below_a_printed_map(town: Town, photo: RasterLayer, keeper: Client) -> None:
    spot = layer(town, [lamp(1)])
    left, top, _right, _bottom = SQUARE
    east, north = corner()
    place = np.array([[east + left * PIXEL, north - top * PIXEL]])
    lon, lat = transform(place, PLANE).points[0]
    given = {
        "layer": spot.state.key,
        "center": f"{lat:.9f}, {lon:.9f}",
        "scale": "1000",
        "base": photo.pk.hex,
    }
    answer = keeper.get(f"/{town.ref.code}/desk/maps/print/", given)
    (image,) = pdfplumber.open(io.BytesIO(answer.content)).pages[0].images
    found = Image.open(io.BytesIO(image["stream"].get_data())).convert("RGB")
    x, y = found.width // 2, found.height // 2
    # A pixel of half a metre is three dots at 1:1,000: the square's upper left corner is in the middle of the sheet.
    for across, down, red in ((12, 12, True), (-12, 12, False), (12, -12, False), (-12, -12, False)):
        colour = found.getpixel((x + across, y + down))
        assert isinstance(colour, tuple)
        assert (colour[1] < 100) is red, (across, down, colour)
        assert colour[0] > 180


def test_what_is_internal_or_says_no_source_is_not_released(town: Town) -> None:
    for more in ({"classification": "internal"}, {"attribution": ""}):
        raster = specimens.begin_raster(town.ctx("map_keeper"), None, specimens.beginning(town, **more))
        specimens.place_raster(town.ctx("map_keeper"), raster, specimens.PlaceRaster(PLANE))
        raster.refresh_from_db()
        specimens.finish_raster(town.ctx("cli"), raster, specimens.finishing(town, raster))
        raster.refresh_from_db()
        with pytest.raises(Problem) as refused:
            release_raster(town.ctx("map_keeper"), raster, NoData())
        assert refused.value.code in {"internal_layer", "empty"}


def test_what_was_removed_is_gone_with_its_files(town: Town, keeper: Client) -> None:
    raster = begun(town)
    kept = raster.file
    assert post(keeper, town, raster, "remove").status_code == 303
    assert kept is not None
    assert not type(kept).unscoped.filter(pk=kept.pk).exists()
    assert keeper.get(f"/{town.ref.code}/desk/maps/rasters/{raster.pk}/").status_code == 404
    assert RasterLayer.unscoped.get(pk=raster.pk).state == "removed"


def test_a_files_profile_is_in_no_tile_and_not_in_the_preview(tmp_path: Path) -> None:
    """A printer's profile has half a megabyte; a drawing has thousands of tiles."""
    profile = bytes(range(256)) * 1000
    path, made = tmp_path / "drawing.jpg", tmp_path / "tiles"
    Image.new("RGB", (900, 700), "white").save(path, "JPEG", icc_profile=profile, comment=b"x" * 500)
    with store.backend().open(receiving.receive(io.BytesIO(path.read_bytes()), None).preview) as preview:
        assert len(preview.read()) < 50_000
    cells = [float(number) for row in range(5) for column in range(5) for number in (column * 64, row * 64)]
    with path.open("rb") as source, made.open("wb") as target:
        (size,) = parsing.cut(source.fileno(), target.fileno(), [cells], True)
    assert size == made.stat().st_size < 5_000


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_tags_that_are_no_numbers_are_refused_in_words(number: float) -> None:
    with pytest.raises(Problem) as refused:
        receiving.receive(io.BytesIO(picture(tags={33550: (number, 0.5, 0.0)})), None)
    assert refused.value.code == "file_unreadable"
