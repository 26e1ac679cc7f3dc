"""The shared words are known wherever they may be printed: each word in each recogniser that takes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yakuba.services.plan.reading import read_documents
from yakuba.services.plan.reading.cells import FITS, look, misfit
from yakuba.services.plan.reading.claims import recognise as claims
from yakuba.services.plan.reading.columns import Column, Role, column_of
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.judging import judge
from yakuba.services.plan.reading.labelled import kind_of
from yakuba.services.plan.reading.sheet_words import Kind, label_of

STATUSES = [
    *("達成", "達成済み", "完了", "未実施", "順調", "概ね順調", "順調に推移", "予定どおり", "前倒し", "遅れ"),
    *("やや遅れ", "大幅な遅れ", "遅延", "停滞", "取組中", "推進中", "進行中", "着手済み", "未着手"),
    *("計画変更", "取組終了", "廃止", "休止", "継続", "統合"),
]
LEADS = [
    *(
        "担当課",
        "主担当課",
        "主管課",
        "主務課",
        "所管課名",
        "実施主体",
        "取りまとめ課",
        "担当部署名",
        "担当係",
    ),
    *("推進課", "実施課室", "担当部局", "主な担当課", "部署名", "所属", "担当課等"),
]
RELATED = ["関係課", "関係各課", "関連部署", "連携課等", "協力課", "副担当課", "関係する課", "支援課"]


def former(word: str) -> bool:
    """Whether the table of what a former plan came to reads the word as its initiative's progress."""
    text = (
        "第3次みほん市情報化計画\n計画期間　令和6年度～令和8年度\n\n第1章　第2次みほん市情報化計画の検証\n"
        "第2次みほん市情報化計画（令和3年度～令和5年度）の達成状況は次のとおりです。\n\n基本目標\t施策\t達成状況\n"
        f"1 便利なくらし\t1-1 オンラインの手続\t達成\n1 便利なくらし\t1-2 書かない窓口\t{word}\n\n第2章　取組\n\n"
        "No.\t取組名\t取組概要\t担当課\t指標\t令和5年度実績値\t令和8年度目標値\n"
        "1\t書かない窓口\t書く量を減らします。\t市民課\t利用者数\t30人\t90人\n"
        "2\t職員研修\t研修をします。\t人事課\t受講者数\t50人\t100人\n"
    )
    return word in {
        one.progress for reading in read_documents(text.encode(), "計画.txt") for one in reading.initiatives
    }


def claimed(word: str) -> bool:
    """Whether a table of words and counts is read."""
    paper = open_paper(f"区分\t件数\n順調\t5件\n{word}\t3件\n".encode(), "計画.txt")
    return claims(paper, []).progress.get(word) == (5 if word == "順調" else 3)


def long_table(word: str) -> bool:
    return judge(Column(Role.PROGRESS, "進捗"), look(word), frozenset()) == FITS


def wide_table(word: str) -> bool:
    return misfit(Column(Role.PROGRESS, "進捗"), look(word), frozenset()) == FITS


@pytest.mark.parametrize("known", [former, claimed, long_table, wide_table])
@pytest.mark.parametrize("word", STATUSES)
def test_words_of_progress(word: str, known: Callable[[str], bool]) -> None:
    assert known(word)
    assert not known("書かない窓口の課題の整理")


def column(word: str) -> str | None:
    found = column_of(word, "")
    return found.detail if found.role is Role.OFFICE else None


def labelled(word: str) -> str | None:
    return kind_of(word)


def sheet(word: str) -> str | None:
    found = label_of(word)
    return found.detail if found and found.kind is Kind.OFFICE else None


@pytest.mark.parametrize("role", [column, labelled, sheet])
@pytest.mark.parametrize(
    ("word", "expected"), [*((word, "lead") for word in LEADS), *((word, "related") for word in RELATED)]
)
def test_heads_of_offices(word: str, expected: str, role: Callable[[str], str | None]) -> None:
    assert role(word) == expected
    assert role("課題") != expected


@pytest.mark.parametrize(
    "end", ["情報化計画", "DX推進プログラム", "デジタルアクション", "DXロードマップ", "情報化大綱"]
)
@pytest.mark.parametrize(
    "lead", ["計画期間　令和6年度～令和8年度", "{title}の計画期間は、令和6年度から令和8年度までとします。"]
)
def test_titles_end_in_any_word_for_a_plan(end: str, lead: str) -> None:
    title = f"みほん市{end}"
    text = (
        f"{title}\n{lead.format(title=title)}\n\nNo.\t取組名\t取組概要\t担当課\t指標\t令和5年度実績値\t令和8年度目標値\n"
        "1\t書かない窓口\t書く量を減らします。\t市民課\t利用者数\t30人\t90人\n"
        "2\t職員研修\t研修をします。\t人事課\t受講者数\t50人\t100人\n"
    )
    (reading,) = read_documents(text.encode(), "計画.txt")
    assert (reading.plan.title, reading.plan.first_year, reading.plan.last_year) == (title, 2024, 2026)
    assert not reading.warnings
