"""A tree becomes a query that finds what the tree means, on both databases, over what is declared alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, models
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.places.cql2.trees import DAYS, MOMENTS, TEXTS, meaning, nodes
from yakuba.engines.places.columns import cell, corner, rank, shape
from yakuba.engines.places.cql2 import BadFilter, Queryable, compile_filter, from_text, tree
from yakuba.engines.places.shapes import Shape
from yakuba.kernel import fields
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.fields import PUBLIC


class Thing(models.Model):
    """A row with a column of each kind, and one above it."""

    id = fields.identifier(primary_key=True)
    name = fields.text(label="名", classification=PUBLIC, required=False)
    note = fields.prose(label="文", classification=PUBLIC)
    count = fields.integer(label="数", classification=PUBLIC, required=False)
    size = fields.decimal(label="量", classification=PUBLIC, required=False)
    open = fields.yes_no(label="有無", classification=PUBLIC)
    day = fields.date(label="日", classification=PUBLIC, required=False)
    at = fields.moment(label="時", classification=PUBLIC, required=False)
    year = fields.fiscal_year(label="年度", classification=PUBLIC, required=False)
    kept = fields.document(label="属性", classification=PUBLIC)
    secret = fields.text(label="秘", classification=fields.PERSONAL, required=False)
    up = fields.Link("self", label="上", null=True)
    place = shape(label="位置", classification=PUBLIC)
    west = corner(0)
    south = corner(1)
    east = corner(2)
    north = corner(3)
    cell = cell()
    rank = rank()

    class Meta:
        app_label = "tests_of_cql2"

    def __str__(self) -> str:
        return self.name


PATHS = {
    "name": "name",
    "note": "note",
    "count": "count",
    "size": "size",
    "open": "open",
    "day": "day",
    "at": "at",
    "year": "year",
    "name_above": "up__name",
    "size_above": "up__size",
    "geometry": "place",
}
OTHER = "他の層"
# What stands in the JSON object, under a key that is no name of Python's.
MEMBERS = {
    "name": "名",
    "count": "count",
    "size": "x.y",
    "open": "open?",
    "day": "day",
    "at": "at",
    "year": "年 度",
}


def _kind(path: str) -> Any:  # Any: kinds of every value
    spec = fields.spec_of(Thing._meta.get_field(path.rpartition("__")[2]))
    assert spec is not None
    return spec.kind


QUERYABLES = [
    *(Queryable(key, path, _kind(path)) for key, path in PATHS.items()),
    *(Queryable(f"kept_{key}", "kept", _kind(key), member) for key, member in MEMBERS.items()),
]
TYPES = {one.key: one.type for one in QUERYABLES if one.key != "geometry"}
PLACES = [
    {"type": "Point", "coordinates": [139.25, 36.25]},
    {"type": "Point", "coordinates": [139.3, 36.4]},
    {"type": "LineString", "coordinates": [[139.0, 36.0], [140.0, 37.0]]},
    {"type": "Polygon", "coordinates": [[[139.5, 36.5], [140, 36.5], [139.5, 37], [139.5, 36.5]]]},
    {"type": "Point", "coordinates": [139.75, 36.25]},
    None,
]


class Rows(dict[UUID, dict[str, object]]):
    """What a filter sees of each row, by its id; hypothesis need not write out all of it."""

    def __repr__(self) -> str:
        return f"{len(self)} rows"


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rows(module_db: None) -> Rows:
    """A table of sixty rows with gaps; what a filter sees of each, by its id."""
    editor = connection.schema_editor()
    editor.deferred_sql = []  # not entered: SQLite makes no tables by an editor inside a transaction
    sql, params = editor.table_sql(Thing)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    things: list[Thing] = []
    for n in range(60):
        place = PLACES[n % len(PLACES)]
        things.append(
            Thing(
                name=TEXTS[n % len(TEXTS)],
                note=TEXTS[n * 7 % 5],
                count=None if n % 5 == 0 else n % 4 - 1,
                size=None if n % 7 == 0 else Decimal(["0", "1.5", "-1", "2", "0.000001", "99999"][n % 6]),
                open=n % 2 == 0,
                day=None if n % 4 == 3 else DAYS[n % 3],
                at=None if n % 3 == 2 else MOMENTS[n % 2 + n // 30],
                year=None if n % 6 == 5 else FiscalYear(n % 3 + 1999),
                secret="秘密",
                up=things[n // 2] if n % 3 else None,
                place=None if place is None else Shape.from_geojson(place),
            )
        )
        for key, member in MEMBERS.items():
            value = getattr(things[-1], key)
            if value is None and n % 2:
                things[-1].kept[member] = None
            elif value is not None:
                things[-1].kept[member] = _kind(key).to_json(value)
        things[-1].save(force_insert=True)
    # Another's row keeps other things under the same keys.
    Thing(
        name=OTHER, open=False, kept={"count": "多い", "x.y": [], "open?": "はい", "day": {}, "年 度": "R6"}
    ).save(force_insert=True)
    every = {**PATHS, **{f"kept_{key}": key for key in MEMBERS}}
    return Rows((one.pk, {key: _seen(one, path) for key, path in every.items()}) for one in things)


def _seen(thing: Thing | None, path: str) -> object:
    for name in path.split("__"):
        thing = None if thing is None else getattr(thing, name)
    if isinstance(thing, Shape):
        return thing.geometry
    if isinstance(thing, FiscalYear):
        return thing.year
    return None if thing == "" else thing


def found(filter_: tree.Node) -> set[object]:
    rows = Thing.objects.filter(compile_filter(filter_, QUERYABLES))
    return set(rows.exclude(name=OTHER).values_list("pk", flat=True))


@given(node=nodes(TYPES))
@settings(max_examples=100)
def test_a_query_finds_what_the_tree_means(rows: Rows, node: tree.Node) -> None:
    assert found(node) == {pk for pk, row in rows.items() if meaning(node, row)}


@given(node=nodes(TYPES))
def test_what_is_true_of_no_row_is_false_or_unknown(rows: Rows, node: tree.Node) -> None:
    assert found(tree.Not(node)) == {pk for pk, row in rows.items() if meaning(node, row) is False}


@pytest.mark.parametrize(
    "text", ["secret = '秘密'", "secret IS NULL", "up__name = 'a'", "pk = 1", "id = 'x'", "place IS NULL"]
)
def test_what_is_not_declared_cannot_be_probed(text: str) -> None:
    with pytest.raises(BadFilter) as refused:
        compile_filter(from_text(text), QUERYABLES)
    assert "secret" not in refused.value.expected


@pytest.mark.parametrize(
    "text",
    [
        "name = 1",
        "count = 'x'",
        "count = name",
        "open = 1",
        "open > TRUE",
        "day = TIMESTAMP('2024-04-01T00:00:00Z')",
        "at = DATE('2024-04-01')",
        "day = '2024-04-01'",
        "count LIKE '1%'",
        "count BETWEEN 'a' AND 'b'",
        "count IN (1, 'x')",
        "1 = 'x'",
        "day = kept_day",
        "TRUE < FALSE",
        "geometry = 'x'",
        "geometry LIKE 'x'",
        "geometry IN (1)",
        "S_INTERSECTS(name, POINT(139 36))",
        "S_INTERSECTS(geometry, POINT(200 36))",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))",
        "S_INTERSECTS(geometry, BBOX(139, 37, 140, 36))",
    ],
)
def test_types_are_checked(text: str) -> None:
    with pytest.raises(BadFilter) as refused:
        compile_filter(from_text(text), QUERYABLES)
    assert refused.value.expected


def test_a_box_across_the_date_line_is_two(rows: Rows) -> None:
    everything = {pk for pk, row in rows.items() if row["geometry"] is not None}
    assert found(from_text("S_INTERSECTS(geometry, BBOX(100, 0, -100, 80))")) == everything
    assert found(from_text("S_INTERSECTS(geometry, BBOX(150, 0, 130, 80))")) == set()


@given(value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25))
@settings(max_examples=15)
def test_any_number_is_compared(rows: Rows, value: Decimal) -> None:
    for key in ("count", "size", "year", "kept_count", "kept_size"):
        for sign in tree.OPERATORS:
            node = tree.Comparison(sign, tree.Property(key), tree.Literal(value))
            assert found(node) == {pk for pk, row in rows.items() if meaning(node, row)}


def test_a_shape_is_looked_for_by_its_cell(rows: Rows) -> None:
    """Index and boxes are asked before any shape is read."""
    query = Thing.objects.filter(
        compile_filter(from_text("S_INTERSECTS(geometry, BBOX(139, 36, 139.1, 36.1))"), QUERYABLES)
    )
    sql = str(query.query).lower()
    assert max(sql.index('"cell"'), sql.index('"west"', sql.index(" where "))) < sql.index("intersects(")
