"""Who is answered what: paging, versions, the two faces, and that nothing hidden is read or probed and nothing breaks it."""

from __future__ import annotations

import string
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.places.ogc.world import PLACES, Site, make_site, values
from tests.engines.places.specimens import told
from tests.signin import sign_in
from yakuba.engines.places import store
from yakuba.engines.places.actions import WithdrawLayer, upload_layer, withdraw_layer
from yakuba.engines.places.cql2 import functions
from yakuba.engines.places.ogc import asking, paging, patience
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db


def clerk(site: Site, role: str = "staff") -> Client:
    client = Client()
    sign_in(client, site.town.account(role))
    return client


# --- pages by key ---


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7])
def test_pages_give_every_feature_once(site: Site, limit: int) -> None:
    seen: list[str] = []
    page = site.items(limit=str(limit), filter="count >= 0 OR count IS NULL")
    for _step in range(10):
        seen += [one["id"] for one in page["features"]]
        assert page["numberMatched"] == 6
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        if not following:
            break
        page = site.client.get(following[0]).json()
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 6


def test_a_cursor_continues_its_own_question_alone(site: Site) -> None:
    found = site.items(limit="2", filter="count >= 0")
    (following,) = [one["href"] for one in found["links"] if one["rel"] == "next"]
    after = dict(parse_qsl(urlsplit(following).query))["after"]
    assert site.names(after=after, filter="count >= 0", limit="5") == ["3", "4"]
    for changed in (
        {},
        {"filter": "count >= 1"},
        {"filter": "count >= 0", "lit": "true"},
        {"bbox": "0,0,1,1"},
    ):
        assert site.refused(after=after, **changed)["field"] == "after"
    for broken in (
        after[:-1],
        after[:-1] + ("A" if after[-1] != "A" else "B"),
        after + "A",
        after[4:] + after[:4],
    ):
        assert site.refused(after=broken, filter="count >= 0")["field"] == "after"


def test_deep_pages_ask_as_much_as_the_first(site: Site) -> None:
    """The town, the layer, its version, the page; a page that does not end the list counts, too."""
    address = f"/api/v1/990019/ogc/collections/{site.key}/items"
    site.client.get(address, {"bbox": "139,36,140,37"})  # what a process finds out once
    counts = []
    for query in ({}, {"filter": "count >= 0", "bbox": "139,36,140,37"}, {"limit": "2"}):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = site.client.get(address, query).json()
        counts.append(_reads(asked))
    (following,) = [one["href"] for one in page["links"] if one["rel"] == "next"]
    with CaptureQueriesContext(connection) as asked:
        site.client.get(following)
    assert [*counts, _reads(asked)] == [3, 3, 4, 4]


def _reads(asked: CaptureQueriesContext) -> int:
    return sum("FROM" in one["sql"] for one in asked)


def test_a_question_that_takes_too_long_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million steps for each of some rows: more than either database does in no time."""
    with pytest.raises(patience.TooLong), patience.patience(0.001), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) FROM n"
        )
    assert len(site.items()["features"]) == 6

    def given_up(*_args: object) -> object:
        raise patience.TooLong

    monkeypatch.setattr(paging.Shown, "read", given_up)
    answer = site.get(f"collections/{site.key}/items")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


# --- versions ---


def test_whoever_has_the_version_is_told_so_without_a_look(site: Site) -> None:
    address = f"/api/v1/990019/ogc/collections/{site.key}/items"
    first = site.client.get(address)
    assert "max-age" in first["Cache-Control"]
    assert not first.cookies
    with CaptureQueriesContext(connection) as asked:
        again = site.client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Vary"] == first["Vary"] == "Accept"
    assert not [one for one in asked if "uploaded_feature" in one["sql"] and '"place"' in one["sql"]]
    tags = {first["ETag"], *(site.get(path, **query)["ETag"] for path, query in (
        (f"collections/{site.key}/items", {"limit": "2"}),
        (f"collections/{site.key}/items", {"f": "html"}),
        (f"collections/{site.key}", {}), ("collections", {}), ("", {}), ("conformance", {}), ("api", {}),
        (f"collections/{site.key}/queryables", {}),
    ))}  # fmt: skip
    assert len(tags) == 9
    for path in ("", "collections", "conformance", "api", f"collections/{site.key}/queryables"):
        tag = site.get(path)["ETag"]
        assert (
            site.client.get(f"/api/v1/990019/ogc/{path}", headers={"If-None-Match": tag}).status_code == 304
        )


def test_a_change_of_the_layer_is_a_new_version(site: Site) -> None:
    address = f"/api/v1/990019/ogc/collections/{site.key}/items"
    first = site.client.get(address)["ETag"]
    store.touched(site.town.ctx("map_keeper"), site.key)
    answer = site.client.get(address, headers={"If-None-Match": first})
    assert answer.status_code == 200
    assert answer["ETag"] != first


# --- who ---


@pytest.mark.parametrize(
    "hidden", ["owner", "memo", "properties", "municipality", "edition", "cell", "pk", "id"]
)
def test_what_is_hidden_can_neither_be_read_nor_probed(site: Site, hidden: str) -> None:
    pages = [
        site.get(path).content.decode()
        for path in ("api", f"collections/{site.key}/items", f"collections/{site.key}/queryables")
    ]
    assert not any("架空" in page or "手本" in page for page in pages)
    for condition in ("= '架空 太郎'", "IS NULL", "LIKE '架%'", "IN ('x')", "<> 'x'"):
        problem = site.refused(filter=f"{hidden} {condition}")
        assert problem["found"] == hidden
        assert "owner" not in problem["expected"]
    assert site.refused(**{hidden: "x"})["field"] == hidden
    # As if there were no such thing at all.
    answers = {site.refused(filter=f"{name} = 1")["title"].replace(name, "…") for name in (hidden, "nosuch")}
    assert len(answers) == 1


def test_an_internal_layer_is_the_desks_alone(site: Site) -> None:
    edition = store.load(
        site.town.ctx("map_keeper"), [(PLACES[0], values(0))], _definition(site), source="見本.geojson"
    )
    inside = upload_layer(
        site.town.ctx("map_keeper"), None, told(site.town, edition, classification="internal")
    )
    key = inside.state.key
    assert [one["id"] for one in site.json("collections")["collections"]] == [site.key]
    for path in ("", "/queryables", "/items", f"/items/{site.items()['features'][0]['id']}"):
        assert site.get(f"collections/{key}{path}").status_code == 404
    client = clerk(site)
    found = client.get("/api/v1/990019/desk/ogc/collections").json()
    assert {one["id"] for one in found["collections"]} == {site.key, key}
    assert all("/desk/ogc/" in link["href"] for one in found["collections"] for link in one["links"])
    page = client.get(f"/api/v1/990019/desk/ogc/collections/{key}/items")
    assert (page["Cache-Control"], "ETag" in page) == ("no-store, private", False)
    assert [one["properties"]["owner"] for one in page.json()["features"]] == ["手本 花子"]


def _definition(site: Site) -> dict[str, object]:
    found: dict[str, object] = site.layer.edition.definition
    return found


def test_nobody_reads_at_the_desk_without_signing_in(site: Site) -> None:
    for path in (
        "",
        "api",
        "conformance",
        "collections",
        f"collections/{site.key}",
        f"collections/{site.key}/items",
    ):
        answer = site.get(path, desk=True)
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
        assert answer["Cache-Control"] == "no-store, private"


def test_reading_of_persons_is_noted(site: Site) -> None:
    client = clerk(site)
    address = f"/api/v1/990019/desk/ogc/collections/{site.key}/items"
    found = client.get(address, {"limit": "2"}).json()["features"]
    last = TrailEntry.unscoped.filter(kind="read").latest("at")
    assert (last.action, last.subject_kind) == ("places.ogc", "uploaded_feature")
    count = TrailEntry.unscoped.filter(kind="read").count()
    client.get(f"{address}/{found[0]['id']}")
    assert TrailEntry.unscoped.filter(kind="read").count() == count + 1
    site.items()  # of what everybody may read there is no entry
    client.get(address, {"filter": "FALSE"})
    assert TrailEntry.unscoped.filter(kind="read").count() == count + 1


def test_another_town_has_layers_of_its_own(site: Site) -> None:
    other = make_site("990027", "かりな市")
    assert [one["id"] for one in other.json("collections")["collections"]] == [other.key]
    assert other.get(f"collections/{site.key}/items").status_code == 404
    feature = site.items()["features"][0]["id"]
    assert other.get(f"collections/{other.key}/items/{feature}").status_code == 404
    assert clerk(site).get(f"/api/v1/990027/desk/ogc/collections/{other.key}/items").status_code == 404


def test_a_withdrawn_layer_is_gone(site: Site) -> None:
    keeper = site.town.ctx("map_keeper")
    site.layer.state.refresh_from_db()
    withdraw_layer(keeper, site.layer.state, WithdrawLayer("作り直すため"))
    assert site.json("collections")["collections"] == []
    assert site.get(f"collections/{site.key}/items").status_code == 404


@pytest.mark.postgres
def test_without_postgis_shapes_cannot_be_asked_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "_has_postgis", lambda _connection: False)
    answer = site.get(f"collections/{site.key}/items", bbox="139,36,140,37")
    assert (answer.status_code, answer.json()["expected"]) == (501, "PostGIS")


# --- anything at all ---

_NUMBERS = st.floats() | st.integers() | st.sampled_from(["1e999", "-0", "nan", "１", "", " 1"])
_WORDS = st.text(max_size=20) | st.sampled_from(
    [
        "..",
        "2024-04-01",
        "9999-12-31T23:59:59Z",
        "0001-01-01",
        "/",
        "'",
        "%",
        "\\",
        "\x00",
        "\ud800",
        "null",
        "true",
    ]
)
_VALUES = st.one_of(
    _WORDS,
    st.lists(_NUMBERS, max_size=6).map(lambda found: ",".join(map(str, found))),
    st.tuples(_WORDS, _WORDS).map("/".join),
    st.sampled_from(
        [
            "http://www.opengis.net/def/crs/EPSG/0/6687",
            "http://www.opengis.net/def/crs/EPSG/0/3857",
            "S_INTERSECTS(geometry, POINT(1e20 1e20))",
            "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))",
            "S_INTERSECTS(geometry, BBOX(-1e60, -1e60, 1e60, 1e60))",
            "height > 1e59 OR count < -1e59 OR year = 1e10 OR height = 1e-59",
            "name = 'x'' OR 1=1 --'",
            "day > DATE('0001-01-01') AND seen < TIMESTAMP('0001-01-01T00:00:00+09:00')",
            '{"op":"=","args":[{"property":"name"},"\\ud800"]}',
            "cql2-json",
        ]
    ),
)
_NAMES = st.sampled_from(
    [*asking.ITEMS, "name", "status", "height", "count", "lit", "day", "seen", "year"]
) | st.text(string.printable, max_size=8)


@given(query=st.dictionaries(_NAMES, _VALUES, max_size=4))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered_or_refused(site: Site, query: dict[str, str]) -> None:
    sent = {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()}
    answer = site.client.get(f"/api/v1/990019/ogc/collections/{site.key}/items", sent)
    assert answer.status_code in (200, 400), (query, answer.content.decode())
    if answer.status_code == 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["title"]


@given(one=st.text(max_size=20), other=st.text(max_size=20))
@settings(max_examples=20)
def test_whatever_address_is_asked_for_is_missing(site: Site, one: str, other: str) -> None:
    for path in (
        f"collections/{one}/items/{other}",
        f"collections/{site.key}/items/{other}x",
        f"collections/{one}x",
    ):
        answer = site.get(path.encode("utf-8", "replace").decode())
        assert answer.status_code in (400, 404), path
