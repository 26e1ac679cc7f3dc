"""A filter is read to its end, from text and from JSON into one tree, or it is refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.engines.places.cql2.trees import nodes
from yakuba.engines.places.cql2 import BadFilter, from_json, from_text, to_json, to_text, tree
from yakuba.kernel.actions import Problem

KEYS = {"name": str, "備考": str, "広さ (m2)": Decimal, "and": bool, "day": dt.date, "t.at": dt.datetime}
NODES = nodes(KEYS)


@given(node=NODES)
def test_what_is_written_as_text_is_read_back(node: tree.Node) -> None:
    assert from_text(to_text(node)) == node


@given(node=NODES)
def test_text_and_json_are_one_tree(node: tree.Node) -> None:
    assert from_json(json.dumps(to_json(node))) == node == from_text(to_text(node))


@given(
    node=NODES,
    junk=st.sampled_from(
        [" garbage", ")", " AND", " NOT", ";", " --", " 1", "'", '"', ",", " x y", " OR OR TRUE"]
    ),
)
def test_junk_behind_a_filter_is_refused(node: tree.Node, junk: str) -> None:
    with pytest.raises(BadFilter):
        from_text(to_text(node) + junk)


def _read(read: Callable[[str], tree.Node], text: str) -> tree.Node | None:
    """The tree, or None for a refusal that can be sent."""
    try:
        return read(text)
    except BadFilter as bad:
        json.dumps(bad.as_json(), ensure_ascii=False).encode()
        return None


@given(text=st.text(max_size=60) | st.lists(st.sampled_from(
    ["a", "AND", "OR", "NOT", "(", ")", "=", "<>", "'x'", "1", "LIKE", "IN", "BETWEEN", "IS", "NULL", "TRUE", ",",
     "DATE(", "'2024-04-01'", "POINT(", "S_INTERSECTS(", "BBOX(", "\\'", "''"]), max_size=14).map(" ".join))  # fmt: skip
def test_anything_is_a_filter_or_refused(text: str) -> None:
    for read, write in ((from_text, to_text), (from_json, lambda node: json.dumps(to_json(node)))):
        if (node := _read(read, text)) is not None:
            assert read(write(node)) == node


@given(found=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["and", "geometry"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["op", "args", "property", "date", "bbox", "type", "coordinates", "x"]), inner)
    | st.fixed_dictionaries({"op": st.sampled_from(["and", "not", "=", "in", "like", "between", "isNull", "s_intersects"]),
                             "args": st.lists(inner, max_size=3)}),
    max_leaves=12))  # fmt: skip
def test_any_json_is_a_filter_or_refused(found: object) -> None:
    if (node := _read(from_json, json.dumps(found))) is not None:
        assert from_json(json.dumps(to_json(node))) == node


@pytest.mark.parametrize(
    ("text", "position", "found"),
    [
        ("", 1, "終わり"),
        ("a", 2, "終わり"),
        ("a = 1 garbage", 7, "garbage"),
        ("a = 1)", 6, ")"),
        ("a = 1 AND", 10, "終わり"),
        ("(a = 1", 7, "終わり"),
        ("id=1 AND pg_sleep(2) IS NOT NULL", 10, "pg_sleep"),
        ("CASEI(a) = 'x'", 1, "CASEI"),
        ("a = 'x", 5, "'x"),
        ("a = 1; DROP TABLE b", 6, "; DROP TABLE b"),
        ("NOT NOT a = 1", 5, "NOT"),
        ("a = 5 + 3", 7, "+ 3"),
        ("a = 1.2.3", 5, "1.2.3"),
        ("a == 1", 4, "="),
        ("1 IS NULL", 10, "終わり"),
        ("d > DATE('2024-02-30')", 5, "2024-02-30"),
        ("d > TIMESTAMP('2024-02-03')", 5, "2024-02-03"),
        ("S_INTERSECTS(g, POLYGON((0 0, 1 0, 1 1)))", 17, "Polygon"),
        ("S_INTERSECTS(g, POLYGON((0 0, 1 0, 1 1, 5 5)))", 17, "Polygon"),
        ("S_INTERSECTS(g, LINESTRING(0 0))", 17, "LineString"),
        ("S_INTERSECTS(g, BBOX(1, 2, 3))", 17, "BBOX"),
        ("S_INTERSECTS(g, h)", 19, "終わり"),
        ("S_INTERSECTS(POINT(0 0), POINT(0 0))", 37, "終わり"),
        ("S_WITHIN(g, POINT(0 0))", 1, "S_WITHIN"),
    ],
)
def test_a_refusal_says_where(text: str, position: int, found: str) -> None:
    with pytest.raises(BadFilter) as refused:
        from_text(text)
    assert (refused.value.position, refused.value.found) == (position, found)
    assert refused.value.expected
    assert f"{position}文字目の「{found}」" in refused.value.message


@pytest.mark.parametrize(
    "found",
    [
        {"op": "and", "args": [True]},
        {"op": "=", "args": [{"property": "a"}, 1], "more": 1},
        {"op": "=", "args": [{"property": "a", "x": 1}, 1]},
        {"op": "=", "args": [{"property": "a"}, 1, 2]},
        {"op": "=", "args": [{"property": "a"}, None]},
        {"op": "pg_sleep", "args": [2]},
        {"op": "in", "args": [{"property": "a"}, []]},
        {"op": "like", "args": [{"property": "a"}, 3]},
        {"op": "isNull", "args": [3]},
        {"op": "s_intersects", "args": [{"property": "a"}, {"type": "Point", "coordinates": [1]}]},
        {"op": "s_intersects", "args": [{"property": "a"}, {"type": "Point", "coordinates": ["1", 2]}]},
        {"op": "s_intersects", "args": [{"property": "a"}, {"bbox": [1, 2, 3]}]},
        {"op": "=", "args": [{"property": "a"}, {"date": "2024-4-1"}]},
        "TRUE",
        1,
        [],
    ],
)
def test_json_that_is_left_over_is_refused(found: object) -> None:
    with pytest.raises(BadFilter):
        from_json(json.dumps(found))


@pytest.mark.parametrize(
    "text", ['{"op":"=","op":"<>","args":[1,1]}', '{"op":"=","args":[NaN,1]}', "{", "true true", "[" * 7000]
)
def test_json_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadFilter):
        from_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 30 + "a = 1" + ")" * 30,
        "NOT (" * 30 + "a = 1" + ")" * 30,
        " OR ".join(["a = 1"] * 300),
        f"a IN ({', '.join(['1'] * 500)})",
        "a = " + "9" * 50,
        "a = 1e99",
        "a = '" + "x" * 9000 + "'",
        "a LIKE '" + "%x" * 9 + "'",
        "a LIKE '" + "x" * 201 + "'",
        "a LIKE 'x\\'",
        "a LIKE 'x\\d'",
    ],
)
def test_what_is_too_big_is_refused(text: str) -> None:
    with pytest.raises(Problem):
        from_text(text)


def test_values_are_what_the_standard_says() -> None:
    a = tree.Property("a")
    assert from_text("a = 'it''s' and a = 'it\\'s'") == tree.And(
        (tree.Comparison("=", a, tree.Literal("it's")),) * 2
    )
    assert from_text('"a" = +.5e1') == tree.Comparison("=", a, tree.Literal(Decimal(5)))
    nine = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
    assert from_text("a=TIMESTAMP('2024-04-01T09:00:00+09:00')") == tree.Comparison(
        "=", a, tree.Literal(nine)
    )
    assert from_text("a NOT IN ('x')") == tree.Not(tree.In(a, (tree.Literal("x"),)))
    assert from_text("a not between 1 and 2 and true") == tree.And(
        (
            tree.Not(tree.Between(a, tree.Literal(Decimal(1)), tree.Literal(Decimal(2)))),
            tree.Constant(value=True),
        )
    )
    assert from_text("S_INTERSECTS(a, POINT Z(1 2 3))") == from_text("S_INTERSECTS(POINT(1 2), a)")
    assert from_text("S_INTERSECTS(a, MULTIPOINT(1 2, 3 4))") == from_text(
        "S_INTERSECTS(a, MULTIPOINT((1 2), (3 4)))"
    )


def test_and_binds_more_closely_than_or() -> None:
    assert (
        from_text("a=1 OR a=2 AND a=3")
        == from_text("a=1 OR (a=2 AND a=3)")
        != from_text("(a=1 OR a=2) AND a=3")
    )


@given(text=st.text(alphabet="\\'x", max_size=6))
def test_text_cannot_write_a_backslash_before_a_quote(text: str) -> None:
    node = tree.Comparison("=", tree.Property("a"), tree.Literal(text))
    assert from_json(json.dumps(to_json(node))) == node
    if text.endswith("\\") or "\\'" in text:
        with pytest.raises(ValueError, match="backslash"):
            to_text(node)
        assume(False)
    assert from_text(to_text(node)) == node
