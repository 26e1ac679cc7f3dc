"""What is written comes back, and what a format cannot hold is told."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import struct
import zipfile
from collections.abc import Sequence
from decimal import Decimal

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from tests.engines.places.formats.samples import here
from yakuba.engines.places.crs.operations import transform_shapes
from yakuba.engines.places.crs.systems import plane
from yakuba.engines.places.formats import geojson, kml, shapefile, tables
from yakuba.engines.places.formats.drawn import Drawn, Feature, Field
from yakuba.engines.places.formats.job import Encoding, Written
from yakuba.engines.places.formats.writing import Format, write
from yakuba.kernel.actions import Problem

FIELDS = [
    Field("名称", "text"),
    Field("数", "integer"),
    Field("延長", "number"),
    Field("日付", "date"),
    Field("可", "boolean"),
]
VALUES = {"名称": "見本公園", "数": -7, "延長": Decimal("12.50"), "日付": dt.date(2024, 4, 1), "可": True}
NOTHING = {**dict.fromkeys(VALUES), "名称": "例示"}
POINT = shapely.Point(139.123456789, 36.123456789)
LINE = shapely.LineString([(139, 36), (139.5, 36.5), (139.25, 36.5)])
AREA = shapely.Polygon(
    [(139, 36), (139, 37), (140, 37), (140, 36)], [[(139.2, 36.2), (139.4, 36.2), (139.4, 36.4)]]
)
AREAS = shapely.MultiPolygon([AREA, shapely.box(141, 36, 142, 37)])
LINES = shapely.MultiLineString([LINE, [(1, 2), (3, 4)]])


def features(*shapes: BaseGeometry | None) -> list[Feature]:
    return [Feature(n, shape, VALUES if n % 2 else NOTHING) for n, shape in enumerate(shapes, 1)]


def written(
    sort: Format, shapes: Sequence[BaseGeometry | None], epsg: int = 6668, encoding: Encoding = "utf-8"
) -> Written:
    return write(sort, "例示", FIELDS, features(*shapes), epsg=epsg, encoding=encoding)


def back(sort: Format, made: Written, layer: str = "") -> Drawn:
    if sort == "geojson":
        return here(geojson.read, made.data)
    if sort == "kml":
        return here(kml.read, made.data)
    if sort == "csv":
        return here(tables.read, made.data, "csv", "", "")
    return here(shapefile.read, made.data, layer, "")


def same(one: BaseGeometry | None, other: BaseGeometry | None, tolerance: float = 1e-8) -> bool:
    if one is None or other is None:
        return one is other
    return one.geom_type == other.geom_type and one.hausdorff_distance(other) < tolerance


@pytest.mark.parametrize("sort", ["geojson", "shapefile", "kml", "csv"])
@pytest.mark.parametrize("shapes", [[POINT, None], [LINE, LINES], [AREA, AREAS, None]])
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_what_is_written_comes_back(
    sort: Format, shapes: list[BaseGeometry | None], encoding: Encoding
) -> None:
    got = back(sort, written(sort, shapes, encoding=encoding))
    assert not got.faults
    assert all(same(one.geometry, shape) for one, shape in zip(got.features, shapes, strict=True))
    first = got.features[0].properties
    if sort == "shapefile":
        assert [one.properties for one in got.features[:2]] == [VALUES, NOTHING]
        assert (got.crs, got.encoding) == (6668, encoding)
    else:
        assert first["名称"] == "見本公園"
        assert str(first["数"]) == "-7"
        assert str(first["日付"]) == "2024-04-01"


@given(zone=st.integers(1, 19), sort=st.sampled_from(["geojson", "shapefile", "csv"]), area=st.booleans())
@settings(max_examples=25)
def test_every_plane_system_comes_back(zone: int, sort: Format, area: bool) -> None:
    west, south, east, north = plane(zone).area
    shape = (
        shapely.box(west, south, east, north)
        if area
        else shapely.Point((west + east) / 2, (south + north) / 2)
    )
    epsg = plane(zone).epsg
    got = back(sort, written(sort, [shape], epsg))
    assert got.crs == (None if sort == "csv" else epsg)
    assert got.axis is not None
    again, _how = transform_shapes([one.geometry for one in got.features], epsg, got.axis)
    assert same(again[0], shape)


def test_points_in_a_table_of_a_plane_system_have_x_in_the_north() -> None:
    made = written("csv", [shapely.Point(140.08785504166664, 36.103774791666666)], 6677)
    rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
    assert (rows[0]["X座標"], rows[0]["Y座標"]) == ("11543.6883", "22916.2436")
    assert any("Xが北" in note for note in made.notes)
    east = back(
        "shapefile", written("shapefile", [shapely.Point(140.08785504166664, 36.103774791666666)], 6677)
    )
    assert same(east.features[0].geometry, shapely.Point(22916.2436, 11543.6883), 0.0001)


def test_geojson_is_as_its_standard_says() -> None:
    clockwise = shapely.Polygon([(139, 36), (139, 37), (140, 37), (139, 36)])
    made = written("geojson", [clockwise, None])
    document = json.loads(made.data)
    ring = document["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert document["features"][1]["geometry"] is None
    assert document["features"][0]["properties"] == {
        "名称": "見本公園",
        "数": -7,
        "延長": 12.5,
        "日付": "2024-04-01",
        "可": True,
    }
    assert "crs" not in document
    assert "WGS 84" in made.notes[0]
    local = written("geojson", [POINT], 6677)
    assert json.loads(local.data)["crs"]["properties"]["name"].endswith("6677")
    assert "RFC 7946" in local.notes[0]
    # A number that a program's float cannot hold stays what it was.
    long = Feature(1, None, {"額": Decimal("0.12345678901234567890")})
    found = json.loads(write("geojson", "例", [Field("額", "number")], [long]).data)
    assert found["features"][0]["properties"]["額"] == "0.12345678901234567890"


@pytest.mark.parametrize(
    ("sort", "epsg"), [("kml", 6677), ("geojson", 2451), ("csv", 4301), ("shapefile", 3857)]
)
def test_systems_that_are_not_written(sort: Format, epsg: int) -> None:
    with pytest.raises(Problem) as caught:
        written(sort, [POINT], epsg)
    assert caught.value.code == "crs_not_written"


def test_points_lines_and_areas_are_files_of_their_own() -> None:
    made = written("shapefile", [POINT, LINE, None, AREA])
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".shp"))
    assert names == ["例示_area.shp", "例示_line.shp", "例示_point.shp"]
    assert any("別のファイル" in note for note in made.notes)
    points = back("shapefile", made, "例示_point")
    assert [one.geometry is None for one in points.features] == [False, True]
    assert back("shapefile", made, "例示_area").features[0].properties == NOTHING
    several = back("shapefile", written("shapefile", [POINT, shapely.MultiPoint([(1, 2), (3, 4)])]))
    assert [one.geometry.geom_type for one in several.features if one.geometry] == [
        "MultiPoint",
        "MultiPoint",
    ]
    assert back("shapefile", written("shapefile", [])).features == []


def test_a_shapefile_keeps_its_own_rules() -> None:
    with zipfile.ZipFile(io.BytesIO(written("shapefile", [AREA, AREAS]).data)) as archive:
        parts = {name.rpartition(".")[2]: archive.read(name) for name in archive.namelist()}
    for key in ("shp", "shx"):
        assert struct.unpack_from(">i", parts[key], 24)[0] * 2 == len(parts[key])
        assert struct.unpack_from("<4d", parts[key], 36) == (139, 36, 142, 37)
    offset, words = struct.unpack_from(">ii", parts["shx"], 108)
    assert struct.unpack_from(">ii", parts["shp"], offset * 2) == (2, words)
    # Outer rings turn with the clock, holes against it.
    outer, hole = struct.unpack_from("<ii", parts["shp"], 100 + 8 + 44)
    pairs = [struct.unpack_from("<dd", parts["shp"], 100 + 8 + 52 + 16 * n) for n in range(9)]
    assert (outer, hole) == (0, 5)
    assert not shapely.LinearRing(pairs[:5]).is_ccw
    assert shapely.LinearRing(pairs[5:]).is_ccw
    assert b"JGD_2011" in parts["prj"]
    assert parts["cpg"] == b"UTF-8"


def table(
    fields: Sequence[Field], *rows: dict[str, object], encoding: Encoding = "cp932"
) -> tuple[Drawn, list[str]]:
    made = write(
        "shapefile",
        "例",
        fields,
        [Feature(n, POINT, row) for n, row in enumerate(rows, 1)],
        encoding=encoding,
    )  # type: ignore[arg-type]  # values of all sorts
    return back("shapefile", made), made.notes


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_names_of_columns_are_short_whole_and_each_once(encoding: Encoding) -> None:
    names = ["とても長い項目名その一", "とても長い項目名その二", "とても長い", "a" * 20, "A" * 20, "短い"]
    got, notes = table(
        [Field(name, "integer") for name in names], dict(zip(names, range(6), strict=True)), encoding=encoding
    )
    found = [one.name for one in got.fields]
    assert len({name.upper() for name in found}) == len(names)
    assert all(len(name.encode(encoding)) <= 10 and "\ufffd" not in name for name in found)
    assert "短い" in found
    assert list(got.features[0].properties.values()) == [0, 1, 2, 3, 4, 5]
    assert any("とても長い項目名その二" in note for note in notes)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200),
    st.sampled_from(["utf-8", "cp932"]),
)
@settings(max_examples=40)
def test_texts_are_cut_between_characters_and_told(text: str, encoding: Encoding) -> None:
    got, notes = table([Field("備考", "text")], {"備考": text}, {"備考": "x"}, encoding=encoding)
    found = got.features[0].properties["備考"]
    plain = text.translate(str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")) if encoding == "cp932" else text
    expected = "".join(c if encoding == "utf-8" or fits(c) else "〓" for c in plain)
    whole = expected.encode(encoding)
    kept = whole[:254].decode(encoding, "ignore")
    assert (found or "") == kept.rstrip(" ")
    assert any("切りました" in note for note in notes) == (len(whole) > 254)
    assert any("〓" in note for note in notes) == (expected != plain)
    assert not got.faults


def fits(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def test_characters_that_cp932_lacks_are_told_by_row_and_field() -> None:
    rows = [Feature(1, POINT, {"氏名": "𠮷田〜髙﨑"}), Feature(2, POINT, {"氏名": "=見本"})]
    made = write("csv", "例", [Field("氏名", "text")], rows, encoding="cp932")
    assert made.notes == ["1件目の「氏名」: CP932にない文字「𠮷」を〓にしました。"]
    lines = made.data.decode("cp932").split("\r\n")
    assert lines[1].startswith("〓田～髙﨑,")
    assert lines[2].startswith("'=見本,")
    assert "𠮷田〜髙﨑" in write("csv", "例", [Field("氏名", "text")], rows).data.decode("utf-8-sig")


def test_numbers_and_dates_that_a_table_cannot_hold_become_texts() -> None:
    fields = [
        Field("a", "integer"),
        Field("b", "number"),
        Field("c", "date"),
        Field("d", "number"),
        Field("e", "boolean"),
    ]
    row = {"a": 10**30, "b": float("inf"), "c": dt.datetime(2024, 4, 1, 9), "d": 0.1, "e": "はい"}  # noqa: DTZ001 – as a sheet gives it
    got, _notes = table(fields, row, dict.fromkeys(row))
    assert got.features[0].properties == {
        "a": str(10**30),
        "b": "inf",
        "c": "2024-04-01T09:00:00",
        "d": Decimal("0.1"),
        "e": "はい",
    }


def test_fields_called_like_coordinates_give_way() -> None:
    made = write(
        "csv",
        "例",
        [Field("緯度", "text"), Field("名", "text")],
        [Feature(1, POINT, {"緯度": "古い", "名": "見本"})],
    )
    rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
    assert rows == [{"名": "見本", "緯度": "36.123456789", "経度": "139.123456789"}]
    assert any("緯度" in note for note in made.notes)


def test_kml_holds_what_xml_cannot() -> None:
    made = write("kml", "例<&>", [Field("名", "text")], [Feature(1, POINT, {"名": "a\x01<b>&\x0bc"})])
    assert here(kml.read, made.data).features[0].properties == {"name": "a<b>&c", "名": "a<b>&c"}
