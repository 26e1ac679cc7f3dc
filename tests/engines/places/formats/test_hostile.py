"""Files that somebody made in order to harm: they may be refused, and nothing else."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.places.formats.samples import (
    dbf,
    drawn,
    here,
    parts,
    point,
    shp,
    shx,
    zipped,
)
from yakuba.engines.places.formats import geojson, kml, shapefile, tables
from yakuba.engines.places.formats.reading import unwired
from yakuba.kernel.actions import Problem
from yakuba.kernel.files.wire import Fault, Wire

SQUARE = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)]
SHP = shp(
    5,
    [
        parts(5, [SQUARE, [(1, 1), (2, 1), (2, 2), (1, 1)]]),
        point(1, 2),
        parts(3, [SQUARE]),
        struct.pack("<i", 0),
    ],
)
DBF = dbf(
    [("名称".encode("cp932"), "C", 10, 0), (b"N", "N", 6, 2), (b"D", "D", 8, 0)],
    [["見本".encode("cp932"), b"1.5", b"20240401"]] * 4,
)
GEOJSON = b'{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},"properties":{"a":"x"}}]}'
KML = b'<?xml version="1.0" encoding="UTF-8"?><kml><Placemark><name>x</name><MultiGeometry><Point><coordinates>1,2,3</coordinates></Point><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark></kml>'
CSV = "名称,緯度,経度\n見本,36°19′17.2″,139.5\n".encode()


def members(shp_data: bytes, dbf_data: bytes) -> bytes:
    return zipped({"a.shp": shp_data, "a.shx": shx(4), "a.dbf": dbf_data, "a.prj": b"GEOGCS["})


def broken_into(function: Callable[..., Mapping[str, Wire]], data: bytes, *args: str) -> None:
    """Refused or read, and what was read is whole."""
    try:
        got = here(function, data, *args)
    except (Fault, Problem):
        return
    names = [one.name for one in got.fields]
    assert len(set(names)) == len(names)
    for one in got.features:
        assert list(one.properties) == names
        assert one.geometry is None or not one.geometry.is_empty


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """A good file with some bytes changed, a piece cut out or doubled, or its end missing."""
    data = bytearray(good)
    for _change in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        how = draw(st.sampled_from(["byte", "four", "cut", "double", "end"]))
        if how == "byte":
            data[at : at + 1] = bytes([draw(st.integers(0, 255))])
        elif how == "four":  # counts and lengths at their extremes
            data[at : at + 4] = draw(
                st.sampled_from(
                    [b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x00\x00\x00\x01"]
                )
            )
        elif how == "cut":
            del data[at : at + draw(st.integers(1, 40))]
        elif how == "double":
            data[at:at] = data[at : at + 40]
        else:
            del data[at:]
    return bytes(data)


MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@given(damaged(SHP), damaged(DBF))
@MANY
def test_damaged_shapefiles(shp_data: bytes, dbf_data: bytes) -> None:
    broken_into(shapefile.read, members(shp_data, DBF), "", "")
    broken_into(shapefile.read, members(SHP, dbf_data), "", "")


@given(damaged(members(SHP, DBF)))
@MANY
def test_damaged_archives(data: bytes) -> None:
    broken_into(shapefile.read, data, "", "")
    broken_into(kml.read_archive, data)


@given(damaged(GEOJSON), damaged(KML), damaged(CSV))
@MANY
def test_damaged_texts(json_data: bytes, kml_data: bytes, csv_data: bytes) -> None:
    broken_into(geojson.read, json_data)
    broken_into(kml.read, kml_data)
    broken_into(tables.read, csv_data, "csv", "", "")


@given(st.binary(max_size=300))
@settings(max_examples=40)
def test_noise(data: bytes) -> None:
    broken_into(geojson.read, data)
    broken_into(kml.read, data)
    broken_into(tables.read, data, "csv", "", "")
    broken_into(shapefile.read, members(data, data), "", "")


def test_numbers_too_large_to_multiply_and_names_that_are_empty() -> None:
    huge = [(1e308, -1e308), (-1e308, 1e308), (1e308, 1e308), (1e308, -1e308)]
    broken_into(shapefile.read, members(shp(5, [parts(5, [huge, SQUARE, huge[::-1]])]), DBF), "", "")
    broken_into(shapefile.read, zipped({"a.shp": SHP}).replace(b"a.shp", b"\x00.shp"), "", "")


@pytest.mark.parametrize(
    "data", [members(SHP[:-7], DBF), GEOJSON[:-9], KML[:-9], b"PK\x03\x04 nothing", b"\x00\x00\x27\x0a" * 9]
)
def test_through_the_sandbox(data: bytes) -> None:
    with pytest.raises(Problem) as caught:
        drawn(data)
    assert caught.value.code != "file_unreadable"
    assert caught.value.message


def test_work_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of holes in thousands of rings: the sandbox's clock ends it."""
    from yakuba.engines.places.formats import reading
    from yakuba.kernel.files import sandbox

    call = sandbox.read
    monkeypatch.setattr(
        reading.sandbox,
        "read",
        lambda function, *args: call(function, *args, bounds=sandbox.Bounds(seconds=1)),
    )
    wheel = [(float(np.cos(n)), float(np.sin(n))) for n in np.linspace(0, -6.28, 4_000)]
    hole = [(0.1, 0.1), (0.2, 0.1), (0.2, 0.2), (0.1, 0.1)]
    record = parts(5, [wheel, *([hole] * 100_000)])
    with pytest.raises(Problem) as caught:
        drawn(members(shp(5, [record]), DBF))
    assert caught.value.code == "file_slow"


def wired(**changed: Wire) -> dict[str, Wire]:
    """An honest answer of a child, with something else in it."""
    pairs = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [1.0, 2.0]]).astype("<f8")
    honest: dict[str, Wire] = {
        "format": "geojson",
        "crs": 4326,
        "axis": "east",
        "encoding": "utf-8",
        "fields": [["a", "text"]],
        "rows": [1],
        "shapes": [["Polygon", [4]]],
        "points": base64.b64encode(pairs.tobytes()).decode(),
        "values": [["x"]],
        "notes": [],
        "faults": [],
    }
    return {**honest, **changed}


def test_an_honest_answer() -> None:
    assert unwired(wired()).features[0].geometry is not None


@pytest.mark.parametrize(
    "lie",
    [
        {"shapes": [["Polygon", [3]]]},
        {"shapes": [["Polygon", [5]]]},
        {"shapes": [["Polygon", [-4]]]},
        {"shapes": [["Polygon", [True, 3]]]},
        {"shapes": [["Polygon", []]]},
        {"shapes": [["Polygon", 4]]},
        {"shapes": [["LineString", 10**30]]},
        {"shapes": [["LineString", 1]]},
        {"shapes": [["Curve", 4]]},
        {"shapes": [["Mixed", [[9, 4]]]]},
        {"shapes": [["Mixed", [[4, [4]], [0]]]]},
        {"shapes": [["Point", 1]]},
        {"shapes": [["MultiPoint", [4]]]},
        {"shapes": ["Point"]},
        {"shapes": []},
        {"shapes": None},
        {"points": "!!"},
        {"points": base64.b64encode(b"123").decode()},
        {"points": base64.b64encode(struct.pack("<8d", *([float("nan")] * 8))).decode()},
        {"crs": 32654},
        {"crs": "6668"},
        {"axis": "up"},
        {"axis": []},
        {"fields": [["a", "formula"]]},
        {"fields": []},
        {"fields": 7},
        {"values": [["x", "y"]]},
        {"rows": [1, 2]},
        {"rows": ["one"]},
        {"faults": [{}]},
        {"notes": None},
    ],
)
def test_a_child_that_was_taken_over_can_only_be_refused(lie: dict[str, Wire]) -> None:
    with pytest.raises(Problem) as caught:
        unwired(wired(**lie))
    assert caught.value.code == "file_unreadable"
