"""The index is exactly «contains» on the folded text, on both engines."""

import os
import re
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.text import (
    FTS5_OPTIONS,
    Phrase,
    Prefix,
    chunks,
    fold,
    index_rows,
    index_terms,
    query_terms,
    to_fts5,
    to_tsquery,
)
from yakuba.kernel.text.bigrams import CHUNK, MAX_QUERY

ROWS = {
    1: "空家等対策計画の策定",
    2: "霞ヶ関の龍ケ崎市民会館",
    3: "髙橋の﨑山さんは渡邉様",
    4: "電子申請（ぴったりサービス）2-1",
    5: "AND OR NOT NEAR wi-fi 100%",
    6: "𠮷野家の葛󠄀城市",
    7: "3か月以内に空き家を調べる",
    8: "C++ とC# と a.b:c/d 1e5 -3.14 user@example.jp",
    9: "空",
}

# Each with the rows that it has to find, no more and no fewer.
CASES = [
    *[
        ("空家", {1}),
        ("空", {1, 7, 9}),
        ("き", {7}),
        ("家", {1, 6, 7}),
        ("定", {1}),
        ("計画 空家", {1}),
        ("空家　調べ", set()),
    ],
    *[
        ("霞が関", {2}),
        ("霞ケ関", {2}),
        ("竜ヶ崎", {2}),
        ("龍が崎市", {2}),
        ("が関", set()),
        ("3ヶ月", {7}),
        ("３カ月以内", {7}),
    ],
    *[
        ("高橋", {3}),
        ("崎山", {3}),
        ("渡辺", {3}),
        ("崎", {2, 3}),
        ("デンシ", set()),
        ("ピッタリサービス", {4}),
        ("2-1", {4}),
    ],
    *[
        ("２ー１", {4}),
        ("1", {4, 5, 8}),
        ("21", set()),
        ("and", {5}),
        ("AND", {5}),
        ("NOT", {5}),
        ("OR NEAR", {5}),
        ("wi-fi", {5}),
    ],
    *[
        ("100%", {5}),
        ("%", {5}),
        ("吉野", {6}),
        ("𠮷", {6}),
        ("葛城", {6}),
        ("c++", {8}),
        ("C#", {8}),
        ("a.b:c/d", {8}),
        ("1e5", {8}),
    ],
    *[
        ("-3.14", {8}),
        ("user@example", {8}),
        ("（", {4}),
        ("家等対策計画の策定", {1}),
        ("家等対策計画の策定。", set()),
    ],
]
HOSTILE = [
    *[
        "",
        " ",
        "　",
        "\x00",
        "\u200b",
        '"',
        "'",
        "''",
        '""',
        '"空家',
        "'空家'",
        "*",
        "空*",
        "(",
        ")",
        "((",
        ":",
        ":*",
        "&",
        "|",
        "!",
    ],
    *[
        "<->",
        "空家 AND",
        "NEAR(空 家)",
        "title:空家",
        "^空",
        "-空",
        "+空",
        "\\",
        "\\'",
        "';DROP TABLE f;--",
        "{a}:b",
        "\ud800",
    ],
    *["%s", "?", "a" * 100_000, "空 " * 10_000, "ケ関ケ関ケ関ケ関ケ関ケ関", "\u0301\u0301", "\x00空家\x00"],
]


def contains(text: str, query: str) -> bool:
    words = query_terms(query)
    folded = fold(text)
    return bool(words) and all(
        word.character in folded if isinstance(word, Prefix) else any(s in folded for s in word.spellings)
        for word in words
    )


@pytest.fixture(scope="module")
def fts5() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE f USING fts5(terms, {FTS5_OPTIONS})")
    connection.executemany(
        "INSERT INTO f(rowid, terms) VALUES (?, ?)", [(i, index_terms(t)) for i, t in ROWS.items()]
    )
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection]:
    if os.environ.get("CI") != "true" and "YAKUBA_TEST_PG" not in os.environ:
        pytest.skip("PostgreSQL のテストは CI=true か YAKUBA_TEST_PG があるときに走ります")
    # libpq's own variables (PGHOST, PGUSER …) say where; these are what it falls back to.
    place = {"PGHOST": "127.0.0.1", "PGUSER": "root", "PGDATABASE": "test"}
    missing = {
        name[2:].lower().replace("database", "dbname"): v
        for name, v in place.items()
        if name not in os.environ
    }
    with psycopg.connect(**missing) as connection:
        connection.execute("CREATE TEMPORARY TABLE f (id int, terms tsvector)")
        for i, text in ROWS.items():
            connection.execute("INSERT INTO f VALUES (%s, to_tsvector('simple', %s))", (i, index_terms(text)))
        yield connection


def find_fts5(connection: sqlite3.Connection, query: str) -> set[int]:
    return {row[0] for row in connection.execute("SELECT rowid FROM f WHERE f MATCH ?", (to_fts5(query),))}


def find_postgres(connection: psycopg.Connection, query: str) -> set[int]:
    rows = connection.execute(
        "SELECT id FROM f WHERE terms @@ to_tsquery('simple', %s)", (to_tsquery(query),)
    )
    return {row[0] for row in rows}


@pytest.mark.parametrize(("query", "found"), CASES)
def test_sqlite_finds(fts5, query, found):
    assert find_fts5(fts5, query) == found


@pytest.mark.postgres
@pytest.mark.parametrize(("query", "found"), CASES)
def test_postgres_finds(postgres, query, found):
    assert find_postgres(postgres, query) == found


@pytest.mark.parametrize("query", HOSTILE)
def test_sqlite_takes_any_query(fts5, query):
    assert find_fts5(fts5, query) == {i for i, text in ROWS.items() if contains(text, query)}


@pytest.mark.postgres
@pytest.mark.parametrize("query", HOSTILE)
def test_postgres_takes_any_query(postgres, query):
    assert find_postgres(postgres, query) == {i for i, text in ROWS.items() if contains(text, query)}


DENSE = st.text(alphabet=st.sampled_from("空家ケガ関a1- \"'*𠮷\ufa11"), max_size=12)
ANY = st.one_of(DENSE, st.text(max_size=8))


@given(st.lists(ANY, min_size=1, max_size=5), ANY)
@settings(max_examples=100, deadline=None)
def test_sqlite_agrees_with_contains(texts, query):
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE f USING fts5(terms, {FTS5_OPTIONS})")
    connection.executemany(
        "INSERT INTO f(rowid, terms) VALUES (?, ?)", [(i, index_terms(t)) for i, t in enumerate(texts)]
    )
    assert find_fts5(connection, query) == {i for i, t in enumerate(texts) if contains(t, query)}
    connection.close()


@pytest.mark.postgres
@given(ANY, ANY)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postgres_agrees_with_contains(postgres, text, query):
    found = postgres.execute(
        "SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)", (index_terms(text), to_tsquery(query))
    ).fetchone()
    assert found == (contains(text, query),)


@given(st.text(max_size=50))
def test_tokens_are_letters_only(text):
    assert re.fullmatch(r"([a-q]+( [a-q]+)*)?", index_terms(text))
    assert re.fullmatch(r'z|[a-q" *()ANDOR]+', to_fts5(text))
    assert re.fullmatch(r"z|[a-q&|<>(): *-]+", to_tsquery(text))


def test_a_row_ends_with_its_last_character_alone():
    assert index_terms("空家") == "hkhkfllg fllg"  # U+7A7A, U+5BB6
    assert index_terms("\U00020b9f") == "qacaljp"
    *pairs, last = index_terms("空家等").split()
    assert pairs == [index_terms("空家").split()[0], index_terms("家等").split()[0]]
    assert last == index_terms("等")
    assert index_terms("") == ""


def test_terms_of_a_query():
    assert query_terms(" 空　家 空") == [Prefix("空"), Prefix("家")]
    assert query_terms("空家 \u200b") == [Phrase(("空家",))]
    assert query_terms("霞が関") == [Phrase(("霞ガ関", "霞ケ関"))]
    assert query_terms("がん") == [Phrase(("ガン",))]
    assert len(query_terms("関ケ関ケ関ケ関")[0].spellings) == 9


@given(st.text(max_size=60), st.integers(1, 20), st.data())
def test_chunks_cover_the_text_and_overlap(text, size, data):
    overlap = data.draw(st.integers(0, size - 1))
    pieces = list(chunks(text, size, overlap))
    assert all(0 < len(piece) <= size for piece in pieces)
    assert "".join([*pieces[:1], *(piece[overlap:] for piece in pieces[1:])]) == text
    word = data.draw(st.integers(0, overlap + 1))
    starts = range(len(text) - word + 1)
    assert all(any(text[i : i + word] in piece for piece in pieces) for i in starts if pieces)


def test_chunks_need_an_overlap_below_their_size():
    with pytest.raises(ValueError, match="重なり"):
        list(chunks("空家", 5, 5))


def test_a_word_at_the_border_of_two_rows_is_found():
    text = "あ" * (CHUNK - 1) + "空家" + "い" * 3_000
    rows = index_rows(text)
    assert len(rows) == 3
    pair = index_terms("空家").split()[0]
    assert any(pair in row.split() for row in rows)
    longest = fold(text)[CHUNK - 100 : CHUNK - 100 + MAX_QUERY]
    assert any(index_terms(longest).rsplit(" ", 1)[0] in row for row in rows)
