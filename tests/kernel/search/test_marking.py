"""Matches are marked in the original text, whatever folding did to find them."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yakuba.kernel.search.marking import Piece, mark, snippet
from yakuba.kernel.text import fold, query_terms


def marked(text: str, query: str) -> list[str]:
    return [piece.text for piece in mark(text, query_terms(query)) if piece.is_match]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("空家対策の推進", "空家", ["空家"]),
        ("ＡＩ-ＯＣＲの導入", "ai-ocr", ["ＡＩ-ＯＣＲ"]),
        ("ﾃﾞｰﾀ連携", "データ", ["ﾃﾞｰﾀ"]),
        ("か\u3099くせい", "がく", ["か\u3099く"]),
        ("髙橋と高橋", "高橋", ["髙橋", "高橋"]),
        ("霞が関と霞ヶ関", "霞ヶ関", ["霞が関", "霞ヶ関"]),
        ("山田　太郎", "山田太郎", ["山田　太郎"]),
        ("㍿役場", "株式会社", ["㍿"]),
        ("空家と空地", "空", ["空", "空"]),
        ("空家の対策、空家", "空家 対策", ["空家", "対策", "空家"]),
        ("ああああ", "ああ", ["ああああ"]),
        ("何もない", "空家", []),
    ],
)
def test_what_is_marked(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


@given(st.text(max_size=40), st.text(max_size=5))
def test_pieces_are_the_text(text: str, query: str) -> None:
    pieces = mark(text, query_terms(query))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


@given(st.text(alphabet="あか空家対策ＡａAｶﾞ゛ 　髙", min_size=1, max_size=20), st.data())
def test_every_part_of_a_text_is_marked_when_it_is_searched(text: str, data: st.DataObject) -> None:
    # A voice mark behind a blank belongs to nothing; folding, which drops the blank, would join them.
    assume(not re.search(r"\s[ﾞ゛]", text))
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    word = "".join(part.split())
    # ｶ is a part of ｶﾞ for the eye alone: that is ガ.
    if fold(word) and fold(word) in fold("".join(text.split())) and not word.startswith(("ﾞ", "゛")):
        assert any(piece.is_match for piece in mark(text, query_terms(word)))


def test_a_snippet_shows_the_first_match_and_where_it_was_cut() -> None:
    text = "あ" * 300 + "空家" + "い" * 300
    pieces = snippet(text, query_terms("空家"), width=100)
    assert pieces[0] == pieces[-1] == Piece("…", False)
    assert Piece("空家", True) in pieces
    assert sum(len(piece.text) for piece in pieces) == 102


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    assert snippet("一行目\n空家 対策", query_terms("空家")) == [
        Piece("一行目 ", False),
        Piece("空家", True),
        Piece(" 対策", False),
    ]


def test_a_match_at_the_end_leaves_no_room_unused() -> None:
    pieces = snippet("あ" * 300 + "空家", query_terms("空家"), width=50)
    assert pieces == [Piece("…", False), Piece("あ" * 48, False), Piece("空家", True)]
