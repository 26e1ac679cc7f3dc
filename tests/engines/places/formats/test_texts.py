"""GeoJSON, KML and tables."""

from __future__ import annotations

import io
import json
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.engines.places.formats.samples import drawn, faulty, here, refused, zipped
from yakuba.engines.places.formats import geojson, kml, tables
from yakuba.engines.places.formats.angles import degrees, metres
from yakuba.engines.places.formats.drawn import Drawn, Field, Hints


def collection(*geometries: object, **more: object) -> bytes:
    features = [
        {"type": "Feature", "geometry": one, "properties": {"名称": f"例示{n}"}}
        for n, one in enumerate(geometries)
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features, **more}, ensure_ascii=False
    ).encode()


def at(*coordinates: object, sort: str = "Point") -> dict[str, object]:
    return {"type": sort, "coordinates": list(coordinates)}


SQUARE = [[139.0, 36.0], [140.0, 36.0], [140.0, 37.0], [139.0, 36.0]]


def test_geojson_comes_through_the_sandbox() -> None:
    got = drawn(b"\xef\xbb\xbf" + collection(at(139.0, 36.0), None, at(SQUARE, sort="Polygon")))
    assert (got.format, got.crs, got.axis, got.encoding) == ("geojson", 4326, "east", "utf-8")
    assert [one.geometry for one in got.features] == [shapely.Point(139, 36), None, shapely.Polygon(SQUARE)]
    assert got.features[0].properties == {"名称": "例示0"}
    assert got.fields == [Field("名称", "text")]


def test_all_sorts_of_geometry() -> None:
    shapes = [
        shapely.MultiPoint([(1, 2), (3, 4)]),
        shapely.LineString([(1, 2), (3, 4)]),
        shapely.MultiLineString([[(1, 2), (3, 4)], [(5, 6), (7, 8), (9, 9)]]),
        shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 0)], [[(4, 1), (5, 1), (5, 2), (4, 1)]]),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        shapely.GeometryCollection(
            [shapely.Point(1, 2), shapely.box(0, 0, 1, 1), shapely.LineString([(1, 2), (3, 4)])]
        ),
    ]
    got = here(geojson.read, collection(*(json.loads(shapely.to_geojson(one)) for one in shapes)))
    assert [one.geometry for one in got.features] == shapes
    assert not got.faults


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("urn:ogc:def:crs:EPSG::6677", 6677),
        ("EPSG:2451", 2451),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("urn:ogc:def:crs:EPSG::32654", None),
    ],
)
def test_the_crs_member_of_old(name: str, expected: int | None) -> None:
    got = here(
        geojson.read, collection(at(1000.0, 2000.0), crs={"type": "name", "properties": {"name": name}})
    )
    assert got.crs == expected
    assert here(geojson.read, collection(at(1000.0, 2000.0))).crs is None


def test_a_feature_a_line_and_single_ones() -> None:
    lines = [json.loads(collection(at(1.0, n)))["features"][0] for n in (1.0, 2.0)]
    for joint in ("\n", "\r\n", "\n\n\x1e"):
        got = here(geojson.read, ("\x1e" + joint.join(json.dumps(one) for one in lines)).encode())
        assert [one.geometry for one in got.features] == [shapely.Point(1, 1), shapely.Point(1, 2)]
    assert len(here(geojson.read, json.dumps(lines[0]).encode()).features) == 1
    assert here(geojson.read, json.dumps(at(1.0, 2.0)).encode()).features[0].geometry == shapely.Point(1, 2)
    assert faulty(geojson.read, json.dumps(lines[0]).encode() + b"\n{broken").found == "2"


def test_values_of_features() -> None:
    properties = {"a": True, "b": 1, "c": 1.5, "d": None, "e": {"f": [1]}, "g": "x\x00\ud800y", "h": 10**30}
    feature = {"type": "Feature", "id": 7, "geometry": None, "properties": properties}
    other = {"type": "Feature", "geometry": None, "properties": {"b": 2.5, "a": "いいえ", "新": 1}}
    got = here(geojson.read, json.dumps({"type": "FeatureCollection", "features": [feature, other]}).encode())
    first, second = (one.properties for one in got.features)
    assert first == {"id": 7, **properties, "e": '{"f": [1]}', "g": "x\ufffdy", "h": str(10**30), "新": None}
    assert second["新"] == 1
    assert {one.name: one.type for one in got.fields} == {
        "id": "integer",
        "a": "text",
        "b": "number",
        "c": "number",
        "d": "text",
        "e": "text",
        "g": "text",
        "h": "text",
        "新": "integer",
    }


@pytest.mark.parametrize(
    "geometry",
    [
        at(),
        at(1.0),
        at("139", "36"),
        at(True, 36),
        at(None, 1),
        at([1.0, 2.0]),
        at([1.0, 2.0], sort="LineString"),
        at(SQUARE[:2], sort="Polygon"),
        at(sort="Polygon"),
        at(sort="MultiPolygon"),
        at(1, sort="MultiPoint"),
        at(10**400, 1),
        {"type": "Curve"},
        {"type": ["Point"]},
        {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]},
        {"type": "GeometryCollection", "geometries": []},
        [1],
        "POINT(1 2)",
    ],
)
def test_a_geometry_that_is_none_is_told_by_row(geometry: object) -> None:
    got = here(geojson.read, collection(at(1, 2), geometry))
    assert [(one.row, one.code) for one in got.faults] == [(2, "shape")]
    assert [one.geometry is None for one in got.features] == [False, True]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "json_broken"),
        (b"[" * 100_000, "json_deep"),
        (
            b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]}}]}',
            "json_number",
        ),
        (b'{"a":' + b"9" * 5000 + b"}", "json_number"),
        (b'{"type":"Topology"}', "json_other"),
        (b"[1, 2]", "json_other"),
        (b"\x81\xff{", "json_encoding"),
    ],
)
def test_what_is_no_geojson_is_refused(data: bytes, code: str) -> None:
    assert faulty(geojson.read, data).code == code


def test_too_many_fields_are_refused() -> None:
    wide = json.dumps(
        {"type": "Feature", "geometry": None, "properties": {str(n): 1 for n in range(501)}}
    ).encode()
    assert faulty(geojson.read, wide).code == "drawn_fields"


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Folder>
<NetworkLink><Link><href>file:///etc/passwd</href></Link></NetworkLink>
<Placemark><name>例示の橋</name><ExtendedData><Data name="番号"><value>7</value></Data>
<SchemaData><SimpleData name="橋長">12.5</SimpleData></SchemaData></ExtendedData>
<LineString><coordinates> 139.1,36.1,0 139.2, 36.2, 0
</coordinates></LineString></Placemark>
<Placemark><name>見本</name><MultiGeometry><Point><coordinates>139,36,12</coordinates></Point>
<Point><coordinates>139.5,36</coordinates></Point></MultiGeometry></Placemark>
<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 9,0 9,9 0,0</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>4,1 5,1 5,2 4,1</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><name>点なし</name></Placemark>
<Placemark><Point><coordinates>なし</coordinates></Point></Placemark>
</Folder></Document></kml>"""


def of_kml(got: Drawn) -> None:
    assert (got.crs, got.axis) == (6668, "east")
    assert [one.geometry for one in got.features] == [
        shapely.LineString([(139.1, 36.1), (139.2, 36.2)]),
        shapely.MultiPoint([(139, 36), (139.5, 36)]),
        shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 0)], [[(4, 1), (5, 1), (5, 2), (4, 1)]]),
        None,
        None,
    ]
    assert got.features[0].properties == {"name": "例示の橋", "番号": "7", "橋長": "12.5"}
    assert [(one.row, one.code) for one in got.faults] == [(5, "shape")]
    assert any("NetworkLink" in note for note in got.notes)
    assert any("高さ" in note for note in got.notes)


def test_kml_and_kmz() -> None:
    of_kml(drawn(KML.encode()))
    of_kml(drawn(zipped({"other.kml": b"<kml/>", "doc.kml": KML.encode(), "files/a.png": b"x"})))
    of_kml(here(kml.read, KML.replace("UTF-8", "Shift_JIS").encode("cp932")))
    of_kml(here(kml.read, KML.replace("UTF-8", "UTF-16").encode("utf-16")))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<kml>", "kml_broken"),
        (b"<kml><a></b></kml>", "kml_broken"),
        (b'<?xml version="1.0" encoding="x-unknown"?><kml/>', "kml_broken"),
        (b'<!DOCTYPE k [<!ENTITY a "b">]><kml>&a;</kml>', "kml_doctype"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE k><kml/>'.encode("utf-16"), "kml_doctype"),
        (b"<kml>" + b"<Folder>" * 100_000, "kml_deep"),
    ],
)
def test_what_is_no_kml_is_refused(data: bytes, code: str) -> None:
    assert faulty(kml.read, data).code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36.3214", 36.3214),
        ("３６．３２１４", 36.3214),
        ("36°19'17.2\"", 36 + 19 / 60 + 17.2 / 3600),
        ("３６度１９分１７．２秒", 36 + 19 / 60 + 17.2 / 3600),
        ("北緯36度19分17.2秒", 36 + 19 / 60 + 17.2 / 3600),
        ("36°19′17.2″N", 36 + 19 / 60 + 17.2 / 3600),
        ("N36 19 17.2", 36 + 19 / 60 + 17.2 / 3600),
        ("36:19:17.2", 36 + 19 / 60 + 17.2 / 3600),
        ("36°19.5'", 36 + 19.5 / 60),
        ("36°", 36.0),
        ("361917.2", 36 + 19 / 60 + 17.2 / 3600),
        (361917.2, 36 + 19 / 60 + 17.2 / 3600),
        ("1394820", 139 + 48 / 60 + 20 / 3600),
        (1394820, 139 + 48 / 60 + 20 / 3600),
        (36, 36.0),
        ("-36.5", -36.5),
        ("南緯36度", -36.0),
        ("139.5W", -139.5),
        ("36°60'", None),
        ("36°19'60\"", None),
        ("366017", None),
        ("36.5°19'", None),
        ("181", None),
        ("不明", None),
        ("", None),
        ("1" * 100, None),
        (True, None),
        (None, None),
        (1e300, None),
    ],
)
def test_angles_as_people_write_them(text: object, expected: float | None) -> None:
    assert degrees(text) == (None if expected is None else pytest.approx(expected, abs=1e-9))


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59999))
def test_every_angle_reads_the_same_in_every_form(whole: int, minutes: int, thousandths: int) -> None:
    seconds = thousandths / 1000
    expected = pytest.approx(whole + minutes / 60 + seconds / 3600, abs=1e-9)
    for text in (
        f"{whole}°{minutes}′{seconds:.3f}″",
        f"東経{whole}度{minutes:02d}分{seconds:.3f}秒",
        f"{whole} {minutes} {seconds:.3f}",
    ):
        assert degrees(text) == expected
    if whole >= 10:
        assert degrees(f"{whole}{minutes:02d}{seconds:06.3f}") == expected


@given(st.text("0123456789.°′″度分秒NSEW+- :北緯", max_size=30) | st.floats() | st.integers())
def test_no_cell_upsets_an_angle(cell: object) -> None:
    found = degrees(cell)
    assert found is None or math.isnan(found) or -180 <= found <= 180
    metres(cell)


def test_metres() -> None:
    assert [metres(one) for one in ("12,345.678", "－１２３４．５ｍ", 7, "+3", "1,23", "x", True, None)] == [
        *(12345.678, -1234.5, 7.0, 3.0),
        *(None, None, None, None),
    ]


def of_table(text: str, encoding: str = "utf-8", north: str = "", east: str = "") -> Drawn:
    return here(tables.read, text.encode(encoding), "csv", north, east)


def test_tables_come_through_the_sandbox() -> None:
    got = drawn(
        "消火栓の一覧\n,,\n名称,緯度,経度\n見本,36°19′17.2″,139.5\n例示,,\n架空,36,なし\n".encode("cp932")
    )
    assert (got.format, got.crs, got.axis) == ("csv", None, "east")
    assert got.features[0].row == 4
    assert got.features[0].geometry is not None
    assert got.features[0].geometry.equals_exact(shapely.Point(139.5, 36 + 19 / 60 + 17.2 / 3600), 1e-9)
    assert [one.geometry for one in got.features[1:]] == [None, None]
    assert [(one.row, one.field, one.found) for one in got.faults] == [(6, "経度", "なし")]
    book = Workbook()
    assert book.active is not None
    for row in (
        ["名称", "X座標", "Y座標", "数"],
        ["見本", 11543.6883, 22916.2436, 3],
        ["例示", "12,000.5", "－100", None],
    ):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    got = drawn(made.getvalue(), Hints(crs=6677))
    assert (got.format, got.crs, got.axis) == ("xlsx", 6677, "north")
    assert [one.geometry for one in got.features] == [
        shapely.Point(11543.6883, 22916.2436),
        shapely.Point(12000.5, -100),
    ]
    assert got.fields[3] == Field("数", "number")


def test_latitude_and_longitude_in_each_other_s_column_are_asked_about() -> None:
    got = of_table("緯度,経度\n139.5,36.1\n139.6,36.2\n")
    assert got.axis is None
    assert any("入れ替え" in note for note in got.notes)
    assert got.features[0].geometry == shapely.Point(36.1, 139.5)


def test_x_and_y_that_are_degrees_are_told() -> None:
    assert of_table("X,Y\n139.5,36.1\n").axis == "east"
    assert of_table("X,Y\n36.1,139.5\n").axis == "north"
    assert of_table("Ｘ（ｍ）,Ｙ（ｍ）\n36100,-1395\n").axis == "north"


def test_columns_that_a_person_names() -> None:
    assert faulty(tables.read, "ラベル,縦,横\n見本,36,139\n".encode(), "csv", "", "").code == "table_columns"
    assert of_table("ラベル,縦,横\n見本,36,139\n", north="縦", east="横").features[
        0
    ].geometry == shapely.Point(139, 36)
    assert faulty(tables.read, b"a,b\n1,2\n", "csv", "a", "a").code == "table_columns"
    assert of_table("施設緯度（度）,施設経度（度）\n36,139\n").features[0].geometry == shapely.Point(139, 36)
    twice = of_table("緯度,経度,名称,名称,\n36,139,見本,例示,架空\n")
    assert [one.name for one in twice.fields] == ["緯度", "経度", "名称", "名称_2", "列E"]


def test_a_column_of_wkt() -> None:
    shapes = [
        "POINT (1 2)",
        "LINESTRING Z (1 2 3, 4 5 6)",
        "MULTIPOINT (1 2, 3 4)",
        "",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
    ]
    shapes += [
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))",
    ]
    bad = [
        "POINT (x)",
        "POINT EMPTY",
        "POINT (nan 1)",
        "GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4)), POINT (1 1))",
    ]
    rows = "".join(f'見本,"{one}"\n' for one in shapes + bad)
    got = of_table("名称,WKT\n" + rows)
    found = [one.geometry for one in got.features]
    assert found[0] == shapely.Point(1, 2)
    assert found[1] == shapely.LineString([(1, 2), (4, 5)])
    assert [None if one is None else one.geom_type for one in found[2:]] == [
        *("MultiPoint", None, "Polygon", "Polygon", "GeometryCollection"),
        *(None, None, None, None),
    ]
    assert [one.row for one in got.faults] == [9, 10, 11, 12]


def test_other_files_are_refused() -> None:
    assert refused(b"%PDF-1.7 ...").code == "drawn_type"
    assert refused(b"\x00\x01\x02\x03" * 50).code == "drawn_type"
    assert refused(b"").code == "file_empty"
    with pytest.raises(ValueError, match="32654"):
        drawn(collection(), Hints(crs=32654))
