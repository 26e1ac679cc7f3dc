"""Every requirement of the conformance classes that the API declares, by its id; a last test finds any that no test names.

17-069r4 (Part 1, 1.0.1), 18-058r1 (Part 2), 19-079r2 (Part 3), 21-065r2 (CQL2). CITE's own suite is not run.
"""

from __future__ import annotations

import datetime as dt
import inspect
import json
import re
import sys
from collections.abc import Iterator

import jsonschema
import pytest
from pyproj import Transformer

from tests.engines.places.ogc.world import Json, Site
from yakuba.engines.places.ogc import asking, documents, paging, systems

pytestmark = pytest.mark.django_db

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def epsg(code: int) -> str:
    return f"http://www.opengis.net/def/crs/EPSG/0/{code}"


def rels(document: Json) -> dict[str, Json]:
    return {one["rel"]: one for one in document["links"]}


# --- Part 1, core ---


def test_landing_page(site: Site) -> None:
    """/req/core/root-op, /req/core/root-success"""
    found = rels(site.json())
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= set(found)
    for rel in ("service-desc", "conformance", "data"):
        assert site.client.get(found[rel]["href"]).status_code == 200


def test_api_definition(site: Site) -> None:
    """/req/core/api-definition-op, /req/core/api-definition-success, /req/oas30/oas-common, /req/oas30/oas-definition-1"""
    found = rels(site.json())
    for rel in ("service-desc", "service-doc"):
        answer = site.client.get(found[rel]["href"])
        assert answer["Content-Type"].split("; charset")[0] == found[rel]["type"]


def test_the_definition_is_openapi_3(site: Site) -> None:
    """/req/oas30/oas-definition-2, /req/oas30/completeness, /req/oas30/exceptions-codes, /req/oas30/security"""
    found = site.json("api")
    assert re.fullmatch(r"3\.0\.\d", found["openapi"])
    assert "security" not in found
    operations = [one["get"] for one in found["paths"].values()]
    ids = [one["operationId"] for one in operations]
    assert len(set(ids)) == len(ids)
    for one in operations:
        assert {"200", "400", "404"} <= set(one["responses"])
        assert all({"name", "in", "schema"} <= set(parameter) for parameter in one["parameters"])


def test_every_described_address_is_served(site: Site) -> None:
    """/req/oas30/oas-impl"""
    found = site.json("api")
    (root,) = found["servers"]
    feature = site.items()["features"][0]["id"]
    for path in found["paths"]:
        address = root["url"] + path.replace("{featureId}", feature)
        assert site.client.get(address).status_code == 200, path
    parameters = {
        one["name"] for one in found["paths"][f"/collections/{site.key}/items"]["get"]["parameters"]
    }
    assert parameters == {
        *asking.ITEMS,
        *(key for key in _queryables(site) if key not in ("geometry", "limit")),
    }


def test_conformance(site: Site) -> None:
    """/req/core/conformance-op, /req/core/conformance-success"""
    assert site.json("conformance")["conformsTo"] == list(documents.CONFORMANCE)


def test_http(site: Site) -> None:
    """/req/core/http"""
    assert site.client.post("/api/v1/990019/ogc/").status_code == 405
    assert site.client.head("/api/v1/990019/ogc/collections").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["", "api", "conformance", "collections", "{key}", "{key}/queryables", "{key}/items", "{key}/items/{id}"],
)
def test_unknown_parameters(site: Site, path: str) -> None:
    """/req/core/query-param-unknown"""
    feature = site.items()["features"][0]["id"]
    where = path.format(key=f"collections/{site.key}", id=feature)
    problem = site.refused(where, nosuch="1")
    assert (problem["field"], problem["found"]) == ("nosuch", "1")
    assert site.refused(where, F="json")["field"] == "F"
    assert site.refused(where, f="xml")["field"] == "f"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "-1"), ("limit", "x"), ("limit", "1.5"), ("limit", ""), ("limit", "１０"),
        ("bbox", "abc"), ("bbox", "1,2,3"), ("bbox", "1,2,3,4,5"), ("bbox", "139,37,140,36"), ("bbox", "1,2,3,NaN"),
        ("bbox", "139,36,140,inf"), ("bbox", ""), ("bbox", "139,36,140,95"), ("bbox", "139;36;140;37"),
        ("bbox-crs", "EPSG:6668"), ("crs", "http://www.opengis.net/def/crs/EPSG/0/4301"), ("crs", ""),
        ("filter-crs", "x"), ("filter-lang", "cql"), ("filter", "nosuch = 1"), ("filter", "name = "), ("filter", ""),
        ("filter", "name = 'x' garbage"), ("datetime", "2024"), ("datetime", "2024-02-30"), ("datetime", "yesterday"),
        ("datetime", "2024-04-02/2024-04-01"), ("datetime", "2024-04-01/2024-04-02/2024-04-03"), ("datetime", ""),
        ("datetime", "2024-04-01T00:00:00"), ("after", "x"), ("after", ""), ("count", "viele"), ("lit", "1"), ("day", "1.4."),
        ("seen", "2024-04-01"), ("height", "NaN"),
    ],
)  # fmt: skip
def test_invalid_parameters(site: Site, name: str, value: str) -> None:
    """/req/core/query-param-invalid, /req/crs/fc-bbox-crs-valid-value, /req/crs/fc-crs-valid-value"""
    found = site.client.get(f"/api/v1/990019/ogc/collections/{site.key}/items", {name: value})
    if (name, value) == ("after", ""):
        assert found.status_code == 200
        return
    assert found.status_code == 400, value
    assert found.json()["field"] == name
    assert found.json()["expected"]


def test_a_parameter_stands_once(site: Site) -> None:
    found = site.client.get(f"/api/v1/990019/ogc/collections/{site.key}/items?limit=1&limit=2")
    assert (found.status_code, found.json()["field"]) == (400, "limit")


def test_the_default_system(site: Site) -> None:
    """/req/core/crs84, /req/crs/fc-crs-default-value, /req/crs/fc-bbox-crs-valid-defaultValue"""
    found = site.items(name="見本1")["features"][0]
    assert found["geometry"] == {"type": "Point", "coordinates": [139.81, 36.31]}
    assert site.names(bbox="139.7,36.2,139.9,36.35") == site.names(
        bbox="139.7,36.2,139.9,36.35", bbox_crs=CRS84
    )


def test_collections(site: Site) -> None:
    """/req/core/fc-md-op, /req/core/fc-md-success, /req/core/fc-md-links, /req/core/fc-md-items, /req/core/fc-md-items-links"""
    found = site.json("collections")
    assert {"self", "alternate"} <= set(rels(found))
    (one,) = found["collections"]
    assert (one["id"], one["title"]) == (site.key, "街路灯")
    media = {link["type"] for link in one["links"] if link["rel"] == "items"}
    assert media == {documents.GEOJSON, documents.HTML}
    assert all({"rel", "href", "type"} <= set(link) for link in [*found["links"], *one["links"]])


def test_the_extent(site: Site) -> None:
    """/req/core/fc-md-extent, /req/core/fc-md-extent-multi"""
    (box,) = site.json(f"collections/{site.key}")["extent"]["spatial"]["bbox"]
    assert box == [138.0, 35.0, 139.9, 36.6]


def test_a_collection(site: Site) -> None:
    """/req/core/sfc-md-op, /req/core/sfc-md-success"""
    one, (listed,) = site.json(f"collections/{site.key}"), site.json("collections")["collections"]
    assert {key: one[key] for key in ("id", "title", "extent", "itemType")} == {
        key: listed[key] for key in ("id", "title", "extent", "itemType")
    }
    for path in ("collections/nosuch", "collections/nosuch/items", "collections/nosuch/queryables"):
        missing = site.get(path)
        assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")


def test_features(site: Site) -> None:
    """/req/core/fc-op, /req/core/fc-response, /req/geojson/definition, /req/geojson/content"""
    answer = site.get(f"collections/{site.key}/items")
    assert answer["Content-Type"] == "application/geo+json"
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == 6
    for one in found["features"]:
        assert one["type"] == "Feature"
        assert {"id", "geometry", "properties"} <= set(one)
    known = next(one for one in found["features"] if one["properties"]["name"] == "見本1")
    assert known["properties"] == {
        "name": "見本1",
        "status": "ok",
        "height": 1.5,
        "count": 1,
        "lit": False,
        "day": "2024-04-02",
        "seen": "2024-04-02T00:00:00+00:00",
        "year": 2021,
        "limit": 1,
    }
    unknown = next(one for one in found["features"] if one["properties"]["name"] == "見本2")
    assert unknown["properties"]["height"] is None


def test_limit(site: Site) -> None:
    """/req/core/fc-limit-definition, /req/core/fc-limit-response-1"""
    assert len(site.items(limit="2")["features"]) == 2
    # More than the maximum is the maximum, not a fault.
    assert len(site.items(limit=str(asking.MAX_LIMIT + 1))["features"]) == 6
    assert len(site.items(limit="9" * 19)["features"]) == 6


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ("139.7,36.2,139.805,36.305", "05"),
        ("139.7,36.2,0,139.805,36.305,100", "05"),
        ("139.8,36.3,139.8,36.3", "05"),
        ("139.85,36.45,139.86,36.46", "25"),
        # In the polygon's box, but not in the polygon.
        ("139.58,36.58,139.6,36.6", "5"),
        ("170,-90,-170,90", "5"),
        ("139,36,-170,90", "01235"),
        ("-180,-90,180,90", "012345"),
    ],
)
def test_bbox(site: Site, box: str, expected: str) -> None:
    """/req/core/fc-bbox-definition, /req/core/fc-bbox-response"""
    assert "".join(site.names(bbox=box)) == expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2024-04-01", "025"),  # 2 and 5 have no day, and are in every interval
        ("2024-04-01T00:00:00Z", "025"),
        ("2024-04-01T23:00:00Z", "125"),  # in Japan it is the second
        ("2024-04-01/2024-04-02", "0125"),
        ("2024-04-02/..", "12345"),
        ("2024-04-02/", "12345"),
        ("../2024-04-01", "025"),
        ("/2024-04-01T00:00:00+09:00", "025"),
        ("../..", "012345"),
        ("2030-01-01/..", "25"),
        ("0001-01-01T00:00:00Z/9999-12-31T23:59:59Z", "012345"),
        ("0001-01-01/9999-12-31", "012345"),
    ],
)
def test_datetime(site: Site, time: str, expected: str) -> None:
    """/req/core/fc-time-definition, /req/core/fc-time-response"""
    assert "".join(site.names(datetime=time)) == expected


def test_conditions_hold_together(site: Site) -> None:
    """/req/core/fc-op, /req/filter/mixing-expressions"""
    assert site.names(bbox="139,36,140,37", datetime="2024-04-02/..", filter="count > 0", lit="false") == [
        "1",
        "3",
    ]


def test_links_of_features(site: Site) -> None:
    """/req/core/fc-links, /req/core/fc-rel-type"""
    found = site.items(limit="2")
    assert {"self", "alternate", "collection", "next"} <= set(rels(found))
    assert rels(found)["self"]["type"] == "application/geo+json"
    assert rels(found)["alternate"]["type"] == "text/html"
    for link in rels(found).values():
        assert site.client.get(link["href"]).status_code == 200
    page = rels(site.json(f"collections/{site.key}/items", limit="6"))
    assert "next" not in page


def test_time_and_numbers(site: Site) -> None:
    """/req/core/fc-timeStamp, /req/core/fc-numberMatched, /req/core/fc-numberReturned"""
    found = site.items(limit="2", filter="count >= 0")
    assert (found["numberMatched"], found["numberReturned"]) == (4, 2)
    moment = dt.datetime.fromisoformat(found["timeStamp"])
    assert abs((dt.datetime.now(dt.UTC) - moment).total_seconds()) < 3600


def test_too_many_are_not_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """/req/core/fc-numberMatched"""
    monkeypatch.setattr(paging, "MOST_COUNTED", 5)
    assert "numberMatched" not in site.items(limit="2")
    assert site.items(limit="2", name="見本1")["numberMatched"] == 1


def test_a_feature(site: Site) -> None:
    """/req/core/f-op, /req/core/f-success, /req/core/f-links"""
    for one in site.items()["features"]:
        answer = site.get(f"collections/{site.key}/items/{one['id']}")
        found = answer.json()
        assert answer["Content-Type"] == "application/geo+json"
        assert {key: found[key] for key in one} == one
        assert {"self", "alternate", "collection"} <= set(rels(found))
    for nobody in ("nosuch", "00000000-0000-7000-8000-000000000000"):
        assert site.get(f"collections/{site.key}/items/{nobody}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["", "api", "conformance", "collections", "{key}", "{key}/queryables", "{key}/items", "{key}/items/{id}"],
)
def test_pages_for_people(site: Site, path: str) -> None:
    """/req/html/definition, /req/html/content"""
    feature = site.items()["features"][1]["id"]
    where = path.format(key=f"collections/{site.key}", id=feature)
    told = site.json(where)
    for answer in (site.get(where, f="html"), site.get(where, accept="text/html,*/*;q=0.8")):
        assert answer["Content-Type"].startswith("text/html")
        assert "Accept" in answer["Vary"]
        text = answer.content.decode()
        for link in told.get("links", []):
            if link["rel"] not in ("self", "alternate", "next"):
                assert link["href"].replace("&", "&amp;") in text
    if path.endswith(("items", "{id}")):
        assert "見本1" in text
        assert "139.81" in text
    assert site.get(where, accept="*/*")["Content-Type"].partition(";")[0] != "text/html"
    assert site.get(where, accept="text/html", f="json")["Content-Type"].partition(";")[0] != "text/html"


# --- Part 2 ---


def test_systems_of_a_collection(site: Site) -> None:
    """/req/crs/crs-uri, /req/crs/fc-md-crs-list, /req/crs/fc-md-crs-list-global, /req/crs/fc-md-storageCrs-valid-value"""
    one, whole = site.json(f"collections/{site.key}"), site.json("collections")
    expected = [CRS84, epsg(6668), epsg(4326), epsg(3857), *(epsg(code) for code in range(6669, 6688))]
    assert one["crs"] == whole["crs"] == expected
    assert whole["collections"][0]["crs"] == ["#/crs"]
    assert one["storageCrs"] == epsg(6668)
    assert one["storageCrs"] in one["crs"]


@pytest.mark.parametrize("uri", systems.OFFERED)
def test_coordinates_come_in_the_order_of_the_registry(site: Site, uri: str) -> None:
    """/req/crs/fc-crs-definition, /req/crs/fc-crs-action, /req/crs/geojson, /req/crs/ogc-crs-header, /req/crs/ogc-crs-header-value"""
    answer = site.get(f"collections/{site.key}/items", crs=uri, name="見本1")
    assert answer["Content-Crs"] == f"<{uri}>"
    (feature,) = answer.json()["features"]
    first, second = feature["geometry"]["coordinates"]
    # The registry's own reading of the same point: its axes as they are registered.
    code = "OGC:CRS84" if uri == CRS84 else f"EPSG:{uri.rpartition('/')[2]}"
    degrees = "CRS84" in code or code in ("EPSG:6668", "EPSG:4326")
    source = "EPSG:4326" if code in ("OGC:CRS84", "EPSG:4326", "EPSG:3857") else "EPSG:6668"
    expected = Transformer.from_crs(source, code).transform(36.31, 139.81)
    assert (first, second) == pytest.approx(expected, abs=1e-7 if degrees else 0.002)
    one = site.get(f"collections/{site.key}/items/{feature['id']}", crs=uri)
    assert one["Content-Crs"] == f"<{uri}>"
    assert one.json()["geometry"] == feature["geometry"]


@pytest.mark.parametrize("code", [6668, 4326, 3857, 6677, 6676])
def test_boxes_are_read_in_the_order_of_the_registry(site: Site, code: int) -> None:
    """/req/crs/fc-bbox-crs-definition, /req/crs/fc-bbox-crs-action"""
    source = "EPSG:4326" if code in (4326, 3857) else "EPSG:6668"
    to = Transformer.from_crs(source, f"EPSG:{code}")
    low, high = to.transform(36.305, 139.8), to.transform(36.315, 139.82)
    box = ",".join(f"{number:.9f}" for number in (*low, *high))
    assert site.names(bbox=box, bbox_crs=epsg(code)) == ["1", "5"]


def test_other_systems_are_refused(site: Site) -> None:
    """/req/crs/fc-crs-valid-value"""
    for name in ("crs", "bbox_crs", "filter_crs"):
        problem = site.refused(**{name: epsg(2451)})
        assert problem["field"] == name.replace("_", "-")
        assert CRS84 in problem["expected"]


# --- Part 3 ---


def _queryables(site: Site) -> Json:
    return site.json(f"collections/{site.key}/queryables")["properties"]


def test_queryables(site: Site) -> None:
    """/req/queryables/queryables-link, /req/queryables/get-queryables-op, /req/queryables/get-queryables-response"""
    link = rels(site.json(f"collections/{site.key}"))[documents.QUERYABLES_REL]
    answer = site.client.get(link["href"])
    assert answer["Content-Type"] == "application/schema+json"
    schema = answer.json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == link["href"]
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    geometry = schema["properties"].pop("geometry")
    assert geometry["format"].startswith("geometry-")
    assert "type" not in geometry
    assert all({"type", "title"} <= set(one) for one in schema["properties"].values())
    assert schema["properties"]["day"]["x-ogc-role"] == "primary-instant"
    for feature in site.items()["features"]:
        known = {key: value for key, value in feature["properties"].items() if value is not None}
        jsonschema.validate(known, schema)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("name", "見本1", "1"),
        ("status", "ok", "13"),
        ("height", "1.5", "1"),
        ("height", "1.50", "1"),
        ("count", "0", "0"),
        ("lit", "true", "04"),
        ("day", "2024-04-02", "1"),
        ("seen", "2024-04-02T09:00:00+09:00", "1"),
        ("year", "2021", "1"),
        ("name", "", ""),
        ("status", "nosuch", ""),
    ],
)
def test_queryables_are_parameters(site: Site, key: str, value: str, expected: str) -> None:
    """/req/queryables-query-parameters/parameters"""
    assert "".join(site.names(**{key: value})) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = '見本1'", "1"),
        ("name LIKE '見本%'", "012345"),
        ("name LIKE '%1'", "1"),
        ("height > 0.5 AND height <= 3.5", "13"),
        ("height BETWEEN 0.5 AND 3.5", "013"),
        ("NOT height BETWEEN 0.5 AND 3.5", "4"),
        ("count IN (1, 3)", "13"),
        ("NOT count IN (1, 3)", "04"),
        ("height IS NULL", "25"),
        ("NOT height IS NULL", "0134"),
        ("lit = TRUE", "04"),
        ("lit <> TRUE", "13"),
        ("day >= DATE('2024-04-04')", "34"),
        ("seen < TIMESTAMP('2024-04-02T00:00:00Z')", "0"),
        ("year = 2021 OR status = 'broken'", "014"),
        ('"limit" = 3', "3"),
        ("count = height", ""),
        ("count < height", "0134"),
        ("S_INTERSECTS(geometry, POINT(139.8 36.3))", "0"),
        ("S_INTERSECTS(geometry, LINESTRING(139 36.45, 140 36.45))", "2"),
        ("S_INTERSECTS(geometry, POLYGON((139.58 36.58, 139.6 36.58, 139.6 36.6, 139.58 36.58)))", ""),
        ("S_INTERSECTS(geometry, MULTIPOINT((139.8 36.3), (138 35)))", "04"),
        ("S_INTERSECTS(geometry, BBOX(139.7, 36.2, 139.9, 36.35))", "01"),
        ("NOT S_INTERSECTS(geometry, BBOX(139.7, 36.2, 139.9, 36.35))", "234"),
        ("geometry IS NULL", "5"),
        ("TRUE", "012345"),
        ("FALSE", ""),
    ],
)
def test_filters(site: Site, text: str, expected: str) -> None:
    """/req/filter/filter-param, /req/filter/response, /req/filter/filter-crs-wgs84, /req/cql2-text/validate,
    /req/cql2-json/validate, /req/basic-cql2/cql2-filter, /req/advanced-comparison-operators/like-predicate,
    /req/advanced-comparison-operators/between-predicate, /req/advanced-comparison-operators/in-predicate,
    /req/basic-spatial-functions/spatial-predicates, /req/basic-spatial-functions-plus/spatial-data-types-plus,
    /req/property-property/property-property
    """
    from yakuba.engines.places.cql2 import from_text, to_json

    assert "".join(site.names(filter=text)) == expected
    as_json = json.dumps(to_json(from_text(text)))
    assert "".join(site.names(filter=as_json, filter_lang="cql2-json")) == expected


def test_languages_of_filters(site: Site) -> None:
    """/req/filter/filter-lang-param"""
    assert site.names(filter="count = 1", filter_lang="cql2-text") == ["1"]
    assert site.refused(filter="count = 1", filter_lang="cql2-json")["field"] == "filter"
    assert site.refused(filter='{"op":"=","args":[{"property":"count"},1]}')["field"] == "filter"


def test_systems_of_filters(site: Site) -> None:
    """/req/filter/filter-crs-param"""
    assert site.names(filter="S_INTERSECTS(geometry, POINT(36.3 139.8))", filter_crs=epsg(6668)) == ["0"]
    assert site.names(filter="S_INTERSECTS(geometry, POINT(36.3 139.8))", filter_crs=epsg(4326)) == ["0"]
    north, east = Transformer.from_crs("EPSG:6668", "EPSG:6677").transform(36.3, 139.8)
    box = f"BBOX({north - 5}, {east - 5}, {north + 5}, {east + 5})"
    assert site.names(filter=f"S_INTERSECTS(geometry, {box})", filter_crs=epsg(6677)) == ["0"]
    problem = site.refused(filter="S_INTERSECTS(geometry, POINT(36.3 139.8))")
    assert problem["field"] == "filter"


# --- that none is forgotten ---

REQUIREMENTS = [
    "/req/core/root-op",
    "/req/core/root-success",
    "/req/core/api-definition-op",
    "/req/core/api-definition-success",
    "/req/core/conformance-op",
    "/req/core/conformance-success",
    "/req/core/http",
    "/req/core/query-param-unknown",
    "/req/core/query-param-invalid",
    "/req/core/crs84",
    "/req/core/fc-md-op",
    "/req/core/fc-md-success",
    "/req/core/fc-md-links",
    "/req/core/fc-md-items",
    "/req/core/fc-md-items-links",
    "/req/core/fc-md-extent",
    "/req/core/fc-md-extent-multi",
    "/req/core/sfc-md-op",
    "/req/core/sfc-md-success",
    "/req/core/fc-op",
    "/req/core/fc-limit-definition",
    "/req/core/fc-limit-response-1",
    "/req/core/fc-bbox-definition",
    "/req/core/fc-bbox-response",
    "/req/core/fc-time-definition",
    "/req/core/fc-time-response",
    "/req/core/fc-response",
    "/req/core/fc-links",
    "/req/core/fc-rel-type",
    "/req/core/fc-timeStamp",
    "/req/core/fc-numberMatched",
    "/req/core/fc-numberReturned",
    "/req/core/f-op",
    "/req/core/f-success",
    "/req/core/f-links",
    "/req/html/definition",
    "/req/html/content",
    "/req/geojson/definition",
    "/req/geojson/content",
    "/req/oas30/oas-common",
    "/req/oas30/oas-definition-1",
    "/req/oas30/oas-definition-2",
    "/req/oas30/oas-impl",
    "/req/oas30/completeness",
    "/req/oas30/exceptions-codes",
    "/req/oas30/security",
    "/req/crs/crs-uri",
    "/req/crs/fc-md-crs-list",
    "/req/crs/fc-md-crs-list-global",
    "/req/crs/fc-md-storageCrs-valid-value",
    "/req/crs/fc-bbox-crs-definition",
    "/req/crs/fc-bbox-crs-valid-value",
    "/req/crs/fc-bbox-crs-valid-defaultValue",
    "/req/crs/fc-bbox-crs-action",
    "/req/crs/fc-crs-definition",
    "/req/crs/fc-crs-valid-value",
    "/req/crs/fc-crs-default-value",
    "/req/crs/fc-crs-action",
    "/req/crs/geojson",
    "/req/crs/ogc-crs-header",
    "/req/crs/ogc-crs-header-value",
    "/req/queryables/queryables-link",
    "/req/queryables/get-queryables-op",
    "/req/queryables/get-queryables-response",
    "/req/queryables-query-parameters/parameters",
    "/req/filter/filter-param",
    "/req/filter/filter-lang-param",
    "/req/filter/filter-crs-wgs84",
    "/req/filter/filter-crs-param",
    "/req/filter/mixing-expressions",
    "/req/filter/response",
    "/req/cql2-text/validate",
    "/req/cql2-json/validate",
    "/req/basic-cql2/cql2-filter",
    "/req/advanced-comparison-operators/like-predicate",
    "/req/advanced-comparison-operators/between-predicate",
    "/req/advanced-comparison-operators/in-predicate",
    "/req/basic-spatial-functions/spatial-predicates",
    "/req/basic-spatial-functions-plus/spatial-data-types-plus",
    "/req/property-property/property-property",
]
# Where the standard leaves a choice that is not taken.
NOT_TAKEN = {
    "/req/crs/fc-md-storageCrs-coordinateEpoch": "JGD2011 is a static system: it has no epoch",
    "/req/queryables/functions": "no functions are declared",
}


def _named() -> Iterator[str]:
    for name, one in inspect.getmembers(sys.modules[__name__], inspect.isfunction):
        if name.startswith("test_"):
            yield from re.findall(r"/req/[\w/-]+", one.__doc__ or "")


def test_every_requirement_has_its_test() -> None:
    assert set(REQUIREMENTS) == set(_named())
    assert not set(NOT_TAKEN) & set(REQUIREMENTS)
