"""The index is exactly «contains» on the folded text, on both databases, whatever is typed."""

from __future__ import annotations

import datetime as dt

import pytest

from yakuba.kernel.actions import ANYONE, Context, MunicipalityRef, SubjectRef
from yakuba.kernel.ids import uuid7
from yakuba.kernel.search import store
from yakuba.kernel.search.queries import search
from yakuba.kernel.text import fold, query_terms, spellings
from yakuba.kernel.town.models import Municipality

pytestmark = pytest.mark.django_db

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
    "".join(chr(0x4E00 + number) for number in range(200)),
    " ".join(chr(0x4E00 + number) for number in range(100)),
    " ".join(f"関ケ関ケ関ケ関{number}" for number in range(10, 30)),
]


@pytest.fixture
def filled(db) -> Context:
    made = Municipality.unscoped.create(code="990019", name="みほん市")
    ctx = Context(
        ANYONE,
        MunicipalityRef(made.pk, made.code, made.name),
        dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC),
        "request",
    )
    entries = [
        store.Entry(SubjectRef("initiative", uuid7()), str(number), {"text": text})
        for number, text in ROWS.items()
    ]
    # The titles are numbers of full width in brackets, which no case asks for.
    entries = [store.Entry(e.subject, f"〔{chr(0x2160 + int(e.title))}〕", e.fields) for e in entries]
    store.index_many(ctx, entries, visibility="public")
    return ctx


def rows(ctx: Context, query: str) -> set[int]:
    known = {f"〔{chr(0x2160 + number)}〕": number for number in ROWS}
    hits = search(ctx.municipality.id, query, visibility="public", limit=50).hits
    return {known["".join(piece.text for piece in hit.title)] for hit in hits}


def contains(text: str, query: str) -> bool:
    terms = query_terms(query)
    return bool(terms) and all(any(word in fold(text) for word in spellings(term)) for term in terms)


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_what_is_found(filled: Context, query: str, expected: set[int]) -> None:
    assert rows(filled, query) == expected


@pytest.mark.parametrize("query", HOSTILE)
def test_any_query_is_taken(filled: Context, query: str) -> None:
    assert rows(filled, query) == {number for number, text in ROWS.items() if contains(text, query)}
