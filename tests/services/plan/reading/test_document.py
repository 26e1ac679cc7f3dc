"""`yakuba-plan/1`: nothing is lost on the way out and in, and nothing else is let in."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from yakuba.services.plan.reading import (
    SCHEMA,
    Malformed,
    Reading,
    dumps,
    from_document,
    loads,
    model,
    schema,
    to_document,
)
from yakuba.services.plan.reading.document import MAX_BYTES, parse_document, reading_of

VALIDATOR = Draft202012Validator(SCHEMA)

WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
MAYBE = st.none() | WORDS
YEARS = st.integers(1900, 2100)
LINES = st.integers(1, 10_000)
NUMBERS = (
    st.decimals(-9999, 9999, places=2).map(lambda number: f"{number:f}").filter(lambda text: text != "-0.00")
)
DAYS = st.dates().map(lambda day: day.isoformat())


def many(strategy: st.SearchStrategy, size: int = 2) -> st.SearchStrategy:
    return st.lists(strategy, max_size=size).map(tuple)


def table(strategy: st.SearchStrategy, keys: st.SearchStrategy = WORDS) -> st.SearchStrategy:
    return st.dictionaries(keys, strategy, max_size=2)


VALUES = st.builds(
    model.Value,
    kind=st.sampled_from(schema.VALUE_KINDS),
    year=st.none() | YEARS,
    raw=WORDS,
    as_of=st.none() | DAYS,
    number=st.none() | NUMBERS,
    state=MAYBE,
    approximate=st.booleans(),
    numerator=st.none() | NUMBERS,
    denominator=st.none() | NUMBERS,
    status=st.none() | st.sampled_from(schema.STATUSES),
    revision=st.integers(0, 9),
    reason=MAYBE,
)
INDICATORS = st.builds(
    model.Indicator,
    number=MAYBE,
    name=WORDS,
    unit=MAYBE,
    direction=st.none() | st.sampled_from(schema.DIRECTIONS),
    aggregation=st.none() | st.sampled_from(schema.AGGREGATIONS),
    bound=st.none() | st.sampled_from(schema.BOUNDS),
    values=many(VALUES),
)
TEXTS = st.fixed_dictionaries(
    {},
    optional={name: many(WORDS) if name in schema.LISTED_TEXTS else WORDS for name in schema.TEXTS},
)
ANCESTORS = st.builds(
    model.Ancestor, year=st.none() | YEARS, kind=st.none() | st.sampled_from(schema.KINDS), number=MAYBE
)
INITIATIVES = st.builds(
    model.Initiative,
    year=YEARS,
    number=WORDS,
    title=WORDS,
    source=st.none() | st.builds(model.Source, file=WORDS, line=LINES),
    kind=st.none() | st.sampled_from(schema.KINDS),
    offices=many(
        st.builds(model.Office, name=WORDS, role=st.sampled_from(schema.OFFICE_ROLES), doubtful=st.booleans())
    ),
    flags=many(st.sampled_from(schema.FLAGS)),
    group=MAYBE,
    lineage=many(
        st.builds(
            model.Lineage,
            event=st.sampled_from(schema.EVENTS),
            year=st.none() | YEARS,
            origin=st.none() | ANCESTORS,
        )
    ),
    placements=many(st.builds(model.Placement, path=many(WORDS), primary=st.booleans())),
    tags=table(many(WORDS)),
    texts=TEXTS,
    items=many(st.builds(model.Item, number=MAYBE, text=WORDS, offices=many(WORDS))),
    stages=table(WORDS, YEARS.map(str)),
    progress=MAYBE,
    indicators=many(INDICATORS),
    sources=table(
        st.builds(model.FieldSource, file=WORDS, line=LINES, cell=st.none() | LINES, rule=WORDS),
        st.sampled_from(["title", "values[2]", "values[10]", "number"]),
    ),
    doubts=many(st.builds(model.Doubt, field=WORDS, code=WORDS, candidates=many(WORDS), note=WORDS)),
    corrected=table(st.builds(model.Correction, by=WORDS, on=DAYS)),
    progress_meaning=st.none() | st.sampled_from(schema.PROGRESS_MEANINGS),
    warnings=many(WORDS),
    more=table(WORDS | st.integers(-9, 9) | st.booleans()),
)
READINGS = st.builds(
    model.Reading,
    plan=st.builds(
        model.Plan,
        title=WORDS,
        first_year=YEARS,
        last_year=YEARS,
        edition=MAYBE,
        sections=many(st.builds(model.Section, number=MAYBE, title=MAYBE, text=MAYBE)),
        terms=many(st.builds(model.Term, term=WORDS, text=WORDS)),
        predecessors=many(WORDS),
        related=many(WORDS),
    ),
    levels=many(WORDS),
    nodes=many(st.builds(model.Node, path=many(WORDS), title=WORDS, text=MAYBE)),
    initiatives=many(INITIATIVES),
    bodies=many(
        st.builds(
            model.Body,
            name=WORDS,
            members=many(st.builds(model.Member, role=MAYBE, post=WORDS)),
            duties=many(WORDS),
            rule=MAYBE,
        )
    ),
    stated=st.builds(model.Stated, progress=table(st.integers(0, 99)), counts=table(st.integers(0, 99))),
    warnings=many(st.builds(model.Warning, line=st.none() | LINES, code=WORDS, text=WORDS)),
    unplaced=many(st.builds(model.Unplaced, line=st.none() | LINES, text=WORDS)),
)

FULL = Reading(
    plan=model.Plan(
        "みほん市計画",
        2024,
        2027,
        "令和6年度版",
        (model.Section("1(1)", "目的", "本文"),),
        (model.Term("DX", "説明"),),
        ("前の計画",),
        ("総合計画",),
    ),
    levels=("基本目標",),
    nodes=(model.Node(("ア",), "窓口", "本文"),),
    initiatives=(
        model.Initiative(
            year=2024,
            number="2-1",
            title="電子申請",
            source=model.Source("plan.txt", 3),
            kind="advance",
            offices=(model.Office("市民課", "lead"),),
            flags=("new",),
            group="2",
            lineage=(model.Lineage("moved", 2024, model.Ancestor(2023, "advance", "14")),),
            placements=(model.Placement(("ア",)),),
            tags={"SDGs": ("9",)},
            texts={"purpose": "目的", "target_state": ("姿",)},
            items=(model.Item("①", "調べる", ("市民課",)),),
            stages={"2024": "検証"},
            progress="順調",
            indicators=(
                model.Indicator(
                    "②",
                    "件数",
                    "件",
                    "increase",
                    "at_date",
                    "at_least",
                    values=(model.Value("actual", 2024, "約3件", "2025-03-31", "3", None, approximate=True),),
                ),
            ),
            sources={"title": model.FieldSource("plan.txt", 3, 4, "header-column")},
            doubts=(model.Doubt("title", "blank-cell", ("電子申請",), "空の欄"),),
            corrected={"title": model.Correction("staff", "2026-04-01")},
            progress_meaning="on_track",
            warnings=("注意",),
        ),
    ),
    bodies=(model.Body("推進本部", (model.Member("本部長", "市長"),), ("決める",), "第5条"),),
    stated=model.Stated({"順調": 1}, {"advance": 1}),
    warnings=(model.Warning(3, "stated-differs", "数が異なります"),),
    unplaced=(model.Unplaced(9, "備考"),),
)


def document() -> dict[str, object]:
    return to_document(FULL, "990019", "みほん市")


@settings(max_examples=60, deadline=None)
@given(READINGS)
def test_out_and_in_again_is_the_same_to_the_byte(reading: Reading):
    written = to_document(reading, "990019", "みほん市")
    VALIDATOR.validate(written)
    text = dumps(written)
    assert from_document(written) == reading
    again = loads(text.encode())
    assert [(one.municipality.code, reading_of(one)) for one in again] == [("990019", reading)]
    assert dumps(to_document(reading_of(again[0]), "990019", "みほん市")) == text


def test_keys_stand_in_the_order_of_the_format():
    written = document()
    assert list(written) == [
        "format",
        "municipality",
        "plan",
        "levels",
        "nodes",
        "initiatives",
        "bodies",
        "stated",
        "warnings",
        "unplaced",
    ]
    assert list(written["plan"]) == [
        "title",
        "edition",
        "first_year",
        "last_year",
        "sections",
        "terms",
        "predecessors",
        "related",
    ]
    row = written["initiatives"][0]
    assert list(row) == [
        *(
            "year",
            "kind",
            "number",
            "title",
            "offices",
            "flags",
            "group",
            "lineage",
            "placements",
            "tags",
            "texts",
        ),
        *("items", "stages", "progress", "indicators", "source", "sources", "doubts", "corrected"),
        *("progress_meaning", "warnings"),
    ]
    assert list(row["indicators"][0]) == [
        "number",
        "name",
        "unit",
        "direction",
        "aggregation",
        "bound",
        "values",
    ]
    assert list(row["indicators"][0]["values"][0]) == [
        *("kind", "year", "as_of", "raw", "number", "state", "approximate", "numerator", "denominator"),
        *("status", "revision", "reason"),
    ]
    assert row["lineage"][0] == {
        "event": "moved",
        "year": 2024,
        "from": {"year": 2023, "kind": "advance", "number": "14"},
    }


def test_free_keys_are_written_in_natural_order_whatever_the_database_gives():
    sources = {f"values[{number}]": model.FieldSource("f", 1, None, "r") for number in (10, 2, 1)}
    reading = Reading(FULL.plan, initiatives=(model.Initiative(2024, "1", "題", None, sources=sources),))
    written = to_document(reading, "990019", "みほん市")
    assert list(written["initiatives"][0]["sources"]) == ["values[1]", "values[2]", "values[10]"]


def test_one_document_is_an_object_and_several_are_an_array():
    one = document()
    assert json.loads(dumps([one])) == one
    assert json.loads(dumps([one, one])) == [one, one]
    assert dumps([]) == "[]\n"
    assert len(loads(dumps([one, one]).encode())) == 2
    assert dumps(one).endswith("}\n")
    assert "みほん市" in dumps(one)


def test_keys_that_may_be_empty_may_be_missing():
    least = {
        "format": "yakuba-plan/1",
        "municipality": {"code": "990019", "name": "みほん市"},
        "plan": {"title": "計画", "first_year": 2024, "last_year": 2024},
        "initiatives": [
            {
                "year": 2024,
                "number": "1",
                "title": "題",
                "indicators": [{"name": "数", "values": [{"kind": "target", "raw": "3"}]}],
            }
        ],
    }
    VALIDATOR.validate(least)
    written = to_document(from_document(least), "990019", "みほん市")
    assert written["nodes"] == []
    assert written["initiatives"][0]["texts"] == {}
    assert written["initiatives"][0]["indicators"][0]["values"][0]["revision"] == 0


def places(node: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document."""
    if path:
        yield path
    if isinstance(node, dict):
        for key in node:
            yield from places(node[key], (*path, key))
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from places(item, (*path, index))


def put(node: object, path: tuple[str | int, ...], value: object) -> None:
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value


def refusal_of(changed: object) -> str | None:
    """What the reader says against a document, or None."""
    try:
        parse_document(changed)
    except Malformed as refused:
        return str(refused)
    return None


def in_japanese(text: str) -> bool:
    return any("ぁ" <= letter <= "ん" for letter in text)


JUNK = [None, True, 7, -1, 1.5, "文字", "", "2024-13-41", [], {}, ["x"], {"x": 1}]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(places(document()), key=str)), st.sampled_from(JUNK))
def test_reader_and_schema_refuse_the_same(path: tuple[str | int, ...], junk: object):
    changed = document()
    put(changed, path, copy.deepcopy(junk))
    refusal = refusal_of(changed)
    assert refusal is None or in_japanese(refusal)
    # The schema checks the form of a day, not whether the calendar has it.
    if junk != "2024-13-41":
        assert VALIDATOR.is_valid(changed) == (refusal is None), path


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(places(document()), key=str)))
def test_unknown_keys_are_refused_with_their_place(path: tuple[str | int, ...]):
    changed = document()
    node: object = changed
    for step in path:
        node = node[step]
    free = {"tags", "stages", "sources", "corrected", "progress", "counts"}
    if not isinstance(node, dict) or path[-1] in free:
        return
    node["知らない"] = 1
    with pytest.raises(Malformed) as refused:
        parse_document(changed)
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    assert refused.value.path == steps
    assert not VALIDATOR.is_valid(changed)


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("format",), "yakuba-plan/2", "yakuba-plan/2"),
        (("municipality", "code"), "12", "12"),
        (("plan", "first_year"), 2024.0, "小数"),
        (("plan", "first_year"), True, "真偽値"),
        (("initiatives", 0, "indicators", 0, "values", 0, "number"), 3, "整数"),
        (("initiatives", 0, "indicators", 0, "values", 0, "number"), "1e3", "1e3"),
        (("initiatives", 0, "indicators", 0, "values", 0, "number"), "1234567890123456", "1234567890123456"),
        (("initiatives", 0, "indicators", 0, "values", 0, "as_of"), "2025-02-30", "2025-02-30"),
        (("initiatives", 0, "title"), "a\0b", "NUL"),
        (("initiatives", 0, "title"), "\ud800", "サロゲート"),
        (("initiatives", 0, "texts", "schedule"), ["x"], "配列"),
    ],
)
def test_a_fault_is_named_with_place_and_find(path: tuple[str | int, ...], value: object, found: str):
    changed = document()
    put(changed, path, value)
    with pytest.raises(Malformed) as refused:
        parse_document(changed)
    last = str(path[-1])
    assert refused.value.path.endswith(last)
    assert found in refused.value.found


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"7",
        b'"text"',
        b"\xff\xfe{}",
        b'{"format": "yakuba-plan/1", "format": "yakuba-plan/1"}',
        b'{"format": NaN}',
        b'{"format": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b" " * (MAX_BYTES + 1),
        b"[{}]",
    ],
    ids=range(12),
)
def test_files_that_are_no_such_documents_are_refused(data: bytes):
    with pytest.raises(Malformed) as refused:
        loads(data)
    assert in_japanese(str(refused.value))


def test_a_byte_order_mark_does_not_matter():
    assert loads(b"\xef\xbb\xbf" + dumps(document()).encode()) == loads(dumps(document()).encode())


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
