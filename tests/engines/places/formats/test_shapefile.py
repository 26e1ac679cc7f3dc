"""Shapefiles as programs in Japanese offices write them, and broken ones."""

from __future__ import annotations

import datetime as dt
import struct
from decimal import Decimal

import pytest
import shapely

from tests.engines.places.formats.samples import (
    ZONE_9,
    dbf,
    drawn,
    faulty,
    here,
    parts,
    point,
    refused,
    shapefile,
    shp,
    shx,
    zipped,
)
from yakuba.engines.places.formats import shapefile as reader
from yakuba.engines.places.formats.drawn import Drawn, Field, Hints
from yakuba.kernel.files.wire import Fault

NAME = "名称".encode("cp932")
ONE = [point(100.0, 200.0)]
SQUARE = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)]  # with the clock
HOLE = [(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0)]  # against it
ISLAND = [(2.5, 2.5), (2.5, 3.5), (3.5, 3.5), (3.5, 2.5), (2.5, 2.5)]


def found(data: bytes, layer: str = "", encoding: str = "") -> Drawn:
    return here(reader.read, data, layer, encoding)


def broken(data: bytes, layer: str = "") -> Fault:
    return faulty(reader.read, data, layer, "")


def test_a_file_of_cp932_with_all_sorts_of_columns_comes_through_the_sandbox() -> None:
    table = dbf(
        [
            (NAME, "C", 20, 0),
            (b"NUM", "N", 5, 0),
            (b"AREA", "N", 8, 2),
            (b"DAY", "D", 8, 0),
            (b"OPEN", "L", 1, 0),
        ],
        [
            ["見本公園①髙".encode("cp932"), b"   12", b"   -3.50", b"20240401", b"T"],
            [b"", b"", b"********", b"00000000", b"?"],
        ],
    )
    got = drawn(shapefile([point(100.0, 200.0), struct.pack("<i", 0)], table))
    assert (got.format, got.crs, got.axis, got.encoding) == ("shapefile", 6677, "east", "cp932")
    assert got.fields == [
        Field("名称", "text"),
        Field("NUM", "integer"),
        Field("AREA", "number"),
        Field("DAY", "date"),
        Field("OPEN", "boolean"),
    ]
    first, second = got.features
    assert first.properties == {
        "名称": "見本公園①髙",
        "NUM": 12,
        "AREA": Decimal("-3.50"),
        "DAY": dt.date(2024, 4, 1),
        "OPEN": True,
    }
    assert first.geometry == shapely.Point(100, 200)
    assert (second.row, second.geometry, set(second.properties.values())) == (2, None, {None})
    assert not got.faults
    asked = drawn(shapefile(ONE, prj=None), Hints(crs=2451, axis="north"))
    assert (asked.crs, asked.axis) == (2451, "north")


@pytest.mark.parametrize(
    ("cpg", "mark", "written", "read_as"),
    [
        (b"UTF-8", 0, "utf-8", "utf-8"),
        (b"utf8\r\n", 0x13, "utf-8", "utf-8"),
        (b"932", 0, "cp932", "cp932"),
        (b"Shift_JIS", 0, "cp932", "cp932"),
        (b"EUC-JP", 0, "euc_jp", "euc_jp"),
        (None, 0x13, "cp932", "cp932"),
        (None, 0x57, "cp932", "cp932"),
        (None, 0x57, "utf-8", "utf-8"),
        (b"what", 0x7B, "cp932", "cp932"),
    ],
)
def test_encodings(cpg: bytes | None, mark: int, written: str, read_as: str) -> None:
    table = dbf([("備考".encode(written), "C", 30, 0)], [["例示の見本".encode(written)]], mark)
    got = found(shapefile(ONE, table, **({"cpg": cpg} if cpg else {})))
    assert got.encoding == read_as
    assert got.features[0].properties == {"備考": "例示の見本"}


def test_a_person_s_word_about_the_encoding_counts() -> None:
    table = dbf([(b"A", "C", 30, 0)], [["見本".encode("euc_jp")]])
    assert found(shapefile(ONE, table), encoding="euc_jp").features[0].properties == {"A": "見本"}


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_a_character_cut_at_the_field_s_end_is_left_out(encoding: str) -> None:
    text = "見本の見本".encode(encoding)
    table = dbf([(b"A", "C", len(text) - 1, 0)], [[text[:-1]]])
    got = found(shapefile(ONE, table, cpg=encoding.encode()))
    assert got.features[0].properties == {"A": "見本の見"}
    assert not got.faults


def test_values_that_cannot_be_read_are_told_by_row_and_field() -> None:
    table = dbf(
        [(b"TEXT", "C", 6, 0), (b"NUM", "N", 6, 0), (b"DAY", "D", 8, 0), (b"YES", "L", 1, 0)],
        [[b"\x81\xff\x81\xffab", b"12a", b"20240231", b"X"], [b"ok", b"1", b"20240229", b"n"]],
    )
    got = found(shapefile(ONE * 2, table, cpg=b"932"))
    assert [(one.row, one.field, one.code) for one in got.faults] == [
        (1, "TEXT", "dbf_value"),
        (1, "NUM", "dbf_value"),
        (1, "DAY", "dbf_value"),
        (1, "YES", "dbf_value"),
    ]
    assert "1件目の「NUM」" in got.faults[1].message
    assert got.faults[1].found == "12a"
    assert got.features[1].properties == {"TEXT": "ok", "NUM": 1, "DAY": dt.date(2024, 2, 29), "YES": False}


def test_columns_of_one_name_and_of_unknown_types() -> None:
    table = dbf(
        [(b"A", "C", 2, 0), (b"A", "C", 2, 0), (b"MEMO", "M", 10, 0), (b"", "C", 1, 0)],
        [[b"1", b"2", b"", b"x"]],
    )
    got = found(shapefile(ONE, table))
    assert got.features[0].properties == {"A": "1", "A_2": "2", "項目3": "x"}
    assert any("MEMO" in note for note in got.notes)


def test_deleted_rows_go_with_their_geometry() -> None:
    table = bytearray(dbf([(b"A", "C", 1, 0)], [[b"1"], [b"2"], [b"3"]]))
    table[33 + 32 + 2] = 0x2A  # the second record's mark
    got = found(shapefile([point(n, n) for n in (1.0, 2.0, 3.0)], bytes(table)))
    assert [(one.row, one.properties["A"]) for one in got.features] == [(1, "1"), (3, "3")]
    assert got.features[1].geometry == shapely.Point(3, 3)


def test_lines_areas_and_their_holes() -> None:
    far = [(x + 100, y) for x, y in SQUARE]
    contents = [
        parts(3, [SQUARE[:3]]),
        parts(3, [SQUARE[:2], HOLE[:3]]),
        parts(5, [HOLE, SQUARE]),
        parts(5, [SQUARE, HOLE, ISLAND, far]),
        struct.pack("<i32xi4d", 8, 2, 1, 2, 3, 4),
    ]
    line, lines, area, areas, points = (one.geometry for one in found(shapefile(contents)).features)
    assert line == shapely.LineString(SQUARE[:3])
    assert lines == shapely.MultiLineString([SQUARE[:2], HOLE[:3]])
    assert area == shapely.Polygon(SQUARE, [HOLE])
    assert areas is not None
    assert areas.is_valid
    assert areas.area == pytest.approx(100 - 4 + 1 + 100)
    assert points == shapely.MultiPoint([(1, 2), (3, 4)])


def test_rings_turned_wrongly_and_left_open_are_mended_and_told() -> None:
    backwards = [SQUARE[::-1], HOLE, ISLAND[::-1]]
    got = found(shapefile([parts(5, backwards), parts(5, [SQUARE[:-1]]), parts(5, [SQUARE, HOLE[:2]])]))
    first, second, third = (one.geometry for one in got.features)
    assert first is not None
    assert first.is_valid
    assert first.area == pytest.approx(100 - 4 + 1)
    assert second == third == shapely.Polygon(SQUARE)
    assert any("向き" in note for note in got.notes)
    outside = found(shapefile([parts(5, [SQUARE, [(x + 50, y) for x, y in HOLE]])])).features[0].geometry
    assert outside is not None
    assert outside.area == pytest.approx(104)


def test_heights_and_measures_are_dropped_with_a_note() -> None:
    got = found(
        shapefile(
            [
                struct.pack("<i4d", 11, 1, 2, 3, 4),
                parts(15, [SQUARE], heights=True),
                struct.pack("<i3d", 21, 5, 6, 7),
            ]
        )
    )
    assert [one.geometry for one in got.features] == [
        shapely.Point(1, 2),
        shapely.Polygon(SQUARE),
        shapely.Point(5, 6),
    ]
    assert sum("高さ" in note for note in got.notes) == 1


@pytest.mark.parametrize(
    "content",
    [
        point(float("nan"), 1),
        point(float("inf"), 1),
        struct.pack("<id", 1, 1.0),
        parts(3, [SQUARE[:1]]),
        parts(5, [SQUARE[:2]]),
        parts(5, [[(0, 0), (float("nan"), 1), (1, 1), (0, 0)]]),
        parts(5, [SQUARE])[:-16],
        struct.pack("<i32xii", 5, 1, 2**30),
        struct.pack("<i32xii", 5, 2**30, 2**30),
        struct.pack("<i32xii", 5, -1, 4),
        struct.pack("<i32xiiii64x", 3, 2, 4, 2, 1),
        struct.pack("<i32xi", 8, 2**31 - 1),
        struct.pack("<i", 31),
        struct.pack("<i", 99),
    ],
)
def test_a_geometry_that_is_none_is_told_by_row_and_its_values_stay(content: bytes) -> None:
    table = dbf([(b"A", "C", 1, 0)], [[b"1"], [b"2"]])
    got = found(shapefile([content, *ONE], table))
    assert [(one.row, one.code) for one in got.faults] == [(1, "shape")]
    assert got.features[0].geometry is None
    assert [one.properties["A"] for one in got.features] == ["1", "2"]


def test_counts_that_do_not_agree_are_told() -> None:
    table = dbf([(b"A", "C", 1, 0)], [[b"1"], [b"2"]])
    assert found(shapefile(ONE, table)).faults[0].code == "shp_short"
    more = found(shapefile(ONE * 3, table))
    assert [(one.row, one.code) for one in more.faults] == [(3, "dbf_short")]
    assert len(more.features) == 2
    assert any(".shx" in note for note in found(zipped({"a.shp": shp(1, ONE), "a.shx": shx(2)})).notes)


GOOD = shp(1, ONE)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:99],
        GOOD[:-1],
        GOOD[:110],
        b"\x00" * 200,
        GOOD[:104] + struct.pack(">i", 2**30) + GOOD[108:],
        GOOD[:104] + struct.pack(">i", -2) + GOOD[108:],
        GOOD[:24] + struct.pack(">i", 2**30) + GOOD[28:],
        GOOD[:24] + struct.pack(">i", 3) + GOOD[28:],
    ],
)
def test_broken_lengths_of_geometry_are_refused(data: bytes) -> None:
    assert broken(zipped({"a.shp": data, "a.shx": shx(1)})).code == "shp_broken"


TABLE = dbf([(b"A", "C", 1, 0)], [[b"1"]])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TABLE[:40],
        TABLE[:4] + struct.pack("<I", 2**31) + TABLE[8:],
        TABLE[:8] + struct.pack("<H", 60_000) + TABLE[10:],
        TABLE[:10] + struct.pack("<H", 0) + TABLE[12:],
        TABLE[:48] + b"\xff" + TABLE[49:],  # a column longer than the record
    ],
)
def test_broken_tables_are_refused(data: bytes) -> None:
    assert broken(shapefile(ONE, data)).code == "dbf_broken"


def test_archives() -> None:
    inside = zipped(
        {
            "見本/例.SHP": GOOD,
            "見本/例.PRJ": ZONE_9.encode(),
            "__MACOSX/._例.shp": b"x",
            "見本/._例.shp": b"x",
        }
    )
    assert found(inside).crs == 6677
    several = zipped({"a.shp": GOOD, "b.shp": shp(1, ONE * 2), "b.prj": b"nonsense"})
    assert broken(several).code == "shp_several"
    chosen = found(several, "b")
    assert (len(chosen.features), chosen.crs) == (2, None)
    assert any(".prj" in note for note in chosen.notes)
    assert broken(zipped({"a.txt": b""})).code == "shp_missing"
    assert refused(GOOD).code == "shp_alone"
    assert refused(zipped({"a.zip": zipped({"a.shp": GOOD})})).code == "file_nested"
    # A name in CP932 that does not say so.
    plain = zipped({"xx.shp": GOOD, "xx.shx": shx(1)}).replace(b"xx.sh", "例.sh".encode("cp932"))
    assert len(found(plain).features) == 1
    damaged = bytearray(zipped({"a.shp": GOOD * 50}))
    damaged[60] ^= 0xFF
    assert broken(bytes(damaged)).code == "archive_broken"


def test_a_table_of_blanks_is_no_bomb() -> None:
    table = dbf([(b"A", "C", 250, 0)] * 4, [[b"x"] * 4] * 3000)
    got = drawn(shapefile([point(float(n), 1.0) for n in range(3000)], table))
    assert len(got.features) == 3000
