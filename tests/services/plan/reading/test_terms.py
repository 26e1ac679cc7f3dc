"""Glossaries of the published documents and of invented ones in other shapes."""

from __future__ import annotations

import re

import pytest

from tests.services.plan.reading.framing import expected, own, recognised, share, text_of
from yakuba.services.plan.reading.terms import recognise
from yakuba.services.plan.reading.wording import squeeze

GLOSSARY = (
    "9 用語の説明\n\n語句\tページ\t説明\n"
    "A I\t4\t人の代わりに考える仕組み。\n"
    "R P A\t\t決まった作業を自動で行うこと。\n"
    "オープンデータ\t7, 9\t誰でも使える形で公開す\n\n"
    "- 12 -\n\n"
    "\t\tるデータ。\n"
    "クラウド\t\t離れた場所の計算機を使うこと。\n"
)


def read(text: str) -> dict[str, str]:
    return {term.term: term.text for term in recognised(recognise, text).terms}


def wrong_and_right(seen: list[str], rows: list[dict[str, str]]) -> float:
    known = {squeeze(row["term"]) for row in rows}
    found = {squeeze(term) for term in seen}
    return share((term in found for term in known), len(found - known))


@pytest.mark.plans
@pytest.mark.parametrize("name", ["shibukawa.txt", "ryugasaki.txt", "fujioka.txt"])
def test_the_terms_of_published_plans(name: str):
    rows = expected("frame_terms.csv", name)
    terms = own(name).plan.terms
    assert wrong_and_right([term.term for term in terms], rows) >= 0.97
    assert all(term.text for term in terms)


@pytest.mark.plans
@pytest.mark.parametrize("name", ["shibata.txt", "oyama.txt"])
def test_plans_without_a_glossary_have_no_terms(name: str):
    assert own(name).plan.terms == ()


def other_heads(text: str) -> str:
    return text.replace("用語\tページ\t解説", "語句\t頁\t説明").replace("9 用語集", "9 用語の解説")


def other_marks(text: str) -> str:
    return re.sub(r"^■", "● ", text, flags=re.MULTILINE)


def other_notes(text: str) -> str:
    notes = re.compile(r"^※([0-9⁰¹²³⁴-⁹]+)\s*", re.MULTILINE)
    return notes.sub(lambda found: f"注{squeeze(found[1])}) ", text)


def no_page_column(text: str) -> str:
    lines = text.split("\n")
    begin = next(at for at, line in enumerate(lines) if line.startswith("用語\t"))
    for at in range(begin, len(lines)):
        cells = lines[at].split("\t")
        if len(cells) == 3:
            lines[at] = "\t".join((cells[0], cells[2]))
        elif lines[at]:
            break
    return "\n".join(lines)


@pytest.mark.plans
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("shibukawa.txt", other_heads),
        ("shibukawa.txt", no_page_column),
        ("ryugasaki.txt", other_marks),
        ("fujioka.txt", other_notes),
    ],
    ids=["heads", "no page column", "marks", "notes"],
)
def test_altered_copies(name: str, change):
    changed = change(text_of(name))
    assert changed != text_of(name)
    found = recognised(recognise, changed)
    assert wrong_and_right([term.term for term in found.terms], expected("frame_terms.csv", name)) >= 0.93


def test_a_table_goes_on_over_the_page_and_spaced_letters_are_one_word():
    assert read(GLOSSARY) == {
        "AI": "人の代わりに考える仕組み。",
        "RPA": "決まった作業を自動で行うこと。",
        "オープンデータ": "誰でも使える形で公開するデータ。",
        "クラウド": "離れた場所の計算機を使うこと。",
    }


def test_the_whole_glossary_has_found_its_place():
    found = recognised(recognise, GLOSSARY)
    lines = {at + 1 for at in found.claimed}
    assert {1, 3, 4, 5, 6, 10, 11} <= lines


def test_marked_words_under_their_heading_and_where_the_next_chapter_begins():
    text = (
        "用語解説\n\n◆ICT\n\n情報通信の技術。\n\n◆標準化\n\n仕様をそろえること。\n\n次の一覧のとおり。\n\n"
        "第5章 資料\n\n策定の経過です。\n"
    )
    assert read(text) == {"ICT": "情報通信の技術。", "標準化": "仕様をそろえること。\n次の一覧のとおり。"}


def test_marked_points_that_explain_nothing_are_no_glossary():
    points = "".join(f"■窓口{number}\n\n窓口{number}を令和8年度までに改めます。\n\n" for number in range(8))
    assert read(points) == {}


@pytest.mark.parametrize(
    "line",
    [
        "※1 ICT：情報通信の技術。",
        "※１　ICT：情報通信の技術。",
        "*1 ICT: 情報通信の技術。",
        "注1) ICT：情報通信の技術。",
        "（注1）ICT：情報通信の技術。",
        "※① ICT… 情報通信の技術。",
    ],
)
def test_notes_with_a_number(line: str):
    assert list(read(f"本文です。\n\n{line}\n")) == ["ICT"]


@pytest.mark.parametrize(
    "line",
    [
        "※正式名称：情報通信の法律",
        "※1 出典：総務省の調査による。",
        "※：令和5年度に移行するもの",
        "※ 実績値は各年度末の値。",
        "(1) 目的：手続を短くする。",
    ],
)
def test_other_notes_are_no_terms(line: str):
    assert read(f"本文です。\n\n{line}\n") == {}


def test_a_list_of_initiatives_is_no_glossary():
    rows = "".join(f"{number}\t取組{number}\t内容{number}をすること。\n" for number in range(1, 7))
    assert read("NO\t項目\t内容\n" + rows) == {}
    assert list(read("用語集\n項目\t内容\nICT\t情報の技術。\n"))


def test_a_word_explained_twice_is_kept_once():
    assert read("※1 ICT：情報の技術。\n\n※2 ICT：別の説明です。\n") == {"ICT": "情報の技術。"}
