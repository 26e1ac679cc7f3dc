"""A 個人番号 that somebody writes though nobody asked for it is refused, and kept nowhere (番号法 20条)."""

from __future__ import annotations

import json

import pytest

from tests.services.procedures.definition.examples import DAY, define
from yakuba.services.procedures.definition import asking

WRITTEN = "マイナンバーは 1234 5678 9018 です"


@pytest.mark.parametrize("kind", ["text", "long_text"])
def test_it_is_refused_and_what_is_shown_again_is_masked(kind: str) -> None:
    definition = define({"key": "q", "kind": kind, "label": "ほかの特徴"})
    page = next(iter(definition.sections())).key
    read = asking.read_section(definition, page, {"q.q": [WRITTEN]}, {}, DAY)
    assert "個人番号" in read.problems["q.q"]
    assert "5678" not in json.dumps([read.given, read.typed, read.problems], ensure_ascii=False)
    assert read.typed["q.q"] == "マイナンバーは ＊＊＊＊ ＊＊＊＊ ＊＊＊＊ です"
    assert asking.clean(definition, {"q": WRITTEN}, DAY).problems, "what came another way as well"


def test_in_rows_too() -> None:
    inner = {"key": "note", "kind": "text", "label": "覚え"}
    definition = define({"key": "q", "kind": "group", "label": "子ども", "questions": [inner]})
    assert asking.clean(definition, {"q": [{"note": WRITTEN}]}, DAY).problems


def test_a_question_for_another_number_takes_twelve_digits() -> None:
    definition = define({"key": "q", "kind": "text", "label": "免許証の番号"})
    assert not asking.clean(definition, {"q": "123456789018"}, DAY).problems
