"""Former plans in invented documents: which tables look back, which plan they belong to, how their rows are read."""

from __future__ import annotations

import pytest

from tests.services.plan.reading.samples import tsv
from yakuba.services.plan.reading import former, read_documents
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.mentions import Found
from yakuba.services.plan.reading.model import Initiative

COVER = "みほん市第3次情報化計画\n\n計画期間は、令和6年度から令和8年度までとします。\n\n"
CODED = tsv(
    ("基本施策", "", "取組内容", "達成状況", ""),
    ("1 窓口", "1-1 予約", "1-1-1 電話の予約", "達成済み 令和3年度に始めました。", ""),
    ("", "", "1-1-2 網の予約", "推進中", ""),
    ("", "1-2 案内", "1-2-1 案内板", "1-2-1 案内板", "廃止 費用が合いませんでした。"),
    ("2 税", "2-1 納付", "2-1-1 店での納付 検討中 相手を探しています。", "", ""),
    ("", "", "2-1-2 口座の登録", "推進中 「電話の予約」に施策を統合。", ""),
)
PLAIN = tsv(
    ("NO", "取組内容", "取組項目", "内容"),
    ("1", "窓口の改善", "電話の予約", "令和3年度に始めた。"),
    ("2", "", "網の予約", "仕組みを作った。使う人は"),
    ("", "", "", "まだ少ない。"),
    ("3", "税の納付", "店での納付", "相手を探している。"),
)


def found(text: str) -> Found:
    return former.recognise(open_paper(text.encode(), "plan.txt"), [])


def rows(text: str) -> list[Initiative]:
    return [one.initiative for one in found(text).mentions if one.alone]


def test_coded_rows_find_their_columns_by_their_codes():
    read = rows(f"{COVER}2 第2次情報化計画の検証\n\n{CODED}")
    assert [(one.number, one.title, one.progress) for one in read] == [
        ("1-1-1", "電話の予約", "達成済み"),
        ("1-1-2", "網の予約", "推進中"),
        ("1-2-1", "案内板", "廃止"),
        ("2-1-1", "店での納付", "検討中"),
        ("2-1-2", "口座の登録", "推進中"),
    ]
    assert [one.placements[0].path for one in read] == [("1", "1-1")] * 2 + [("1", "1-2")] + [
        ("2", "2-1")
    ] * 2
    assert [one.texts.get("result") for one in read] == [
        "令和3年度に始めました。",
        None,
        "費用が合いませんでした。",
        "相手を探しています。",
        "「電話の予約」に施策を統合。",
    ]
    assert [one.number for one in read if one.doubts] == ["2-1-1"]


def test_a_merged_row_says_into_which():
    result = found(f"{COVER}2 第2次情報化計画の検証\n\n{CODED}")
    assert result.mentions[4].initiative.flags == ("merged",)
    (told,) = [one for one in result.mentions if not one.alone]
    assert (told.scope.plan, told.initiative.title) == (None, "電話の予約")
    (event,) = told.initiative.lineage
    assert event.origin is not None
    assert (event.event, event.year, event.origin.year, event.origin.number) == (
        "merged",
        2024,
        2023,
        "2-1-2",
    )


def test_plain_rows_go_on_below_and_inherit_what_is_merged():
    read = rows(
        f"{COVER}2 これまでの取組\n\n第2次情報化計画での取組は、次のとおりです。\n\n① 暮らし\n\n{PLAIN}"
    )
    assert [(one.number, one.title, one.texts["result"]) for one in read] == [
        ("1", "電話の予約", "令和3年度に始めた。"),
        ("2", "網の予約", "仕組みを作った。使う人はまだ少ない。"),
        ("3", "店での納付", "相手を探している。"),
    ]
    assert [one.placements[0].path for one in read] == [
        ("①", "窓口の改善"),
        ("①", "窓口の改善"),
        ("①", "税の納付"),
    ]


def test_several_tables_of_one_plan():
    other = tsv(("NO", "システム名", "取組項目", "内容"), ("4", "図書の検索", "本を探す。", "新しくした。"))
    text = f"{COVER}2 第2次情報化計画の取組状況\n\n① 暮らし\n\n{PLAIN}\n② 仕組み\n\n{other}"
    read = rows(text)
    assert [(one.number, one.title) for one in read][-1] == ("4", "図書の検索")
    assert read[-1].texts == {"approach": "本を探す。", "result": "新しくした。"}
    assert read[-1].placements[0].path == ("②",)


@pytest.mark.parametrize(
    ("before", "heading", "title"),
    [
        ("", "第2次情報化計画の検証", "第2次情報化計画"),
        (
            "みほん市第2次情報化計画は終わりました。\n",
            "第2次計画の検証 みほん市第2次情報化計画",
            "みほん市第2次情報化計画",
        ),
        (
            "「みほん市第2次情報化計画」（以下「前計画」という。）を進めました。\n",
            "前計画の達成状況",
            "みほん市第2次情報化計画",
        ),
        (
            "第２次みほん市情報化計画(以下、前プラン)のあとを受けます。\n",
            "前プランの総括",
            "第2次みほん市情報化計画",
        ),
        ("みほん市第2次情報化計画を進めました。\n", "これまでの取組", "みほん市第2次情報化計画"),
        ("", "前計画の検証", "前計画"),
    ],
)
def test_the_former_plan_by_its_name(before: str, heading: str, title: str):
    result = found(f"{COVER}{before}\n2 {heading}\n\n{CODED}")
    assert {one.scope.plan for one in result.mentions if one.alone} == {title}
    assert result.plan is not None
    assert result.plan.title == title


def test_its_years_as_the_document_tells_them():
    text = f"{COVER}令和元年度から令和5年度までのみほん市第2次情報化計画を進めました。\n\n2 第2次情報化計画の検証\n\n{CODED}"
    result = found(text)
    assert result.plan is not None
    assert (result.plan.first_year, result.plan.last_year) == (2019, 2023)
    assert {one.scope.year for one in result.mentions if one.alone} == {2023}


def test_it_is_the_year_before_the_plan_where_nothing_is_told():
    result = found(f"{COVER}2 第2次情報化計画の検証\n\n{CODED}")
    assert {(one.scope.year, one.scope.result) for one in result.mentions if one.alone} == {(2023, True)}


@pytest.mark.parametrize(
    "heading",
    [
        "第3次情報化計画の検証",
        "取組の一覧",
        "第4次県情報化計画の概要",
        "令和5年度の取組状況",
        "計画の評価",
        "第2次情報化計画",
    ],
)
def test_tables_of_the_own_plan_are_left_to_others(heading: str):
    assert found(f"{COVER}2 {heading}\n\n{CODED}").mentions == []


def test_a_sentence_that_builds_on_the_former_plan_does_not_look_back():
    text = f"{COVER}2 施策の体系\n\n第2次情報化計画の検証を踏まえ、次の施策を進めます。\n\n{CODED}"
    assert found(text).mentions == []


def test_a_caption_just_above_the_table():
    lines = "本文です。\n" * 60
    text = f"{COVER}2 背景\n\n{lines}\n第2次情報化計画の達成状況\n\n{CODED}"
    assert len([one for one in found(text).mentions if one.alone]) == 5


def test_text_below_the_table_is_left_to_others():
    text = f"{COVER}2 第2次情報化計画の検証\n\n{CODED}\n以上のとおり、おおむね進みました。\n\n3 次の章\n"
    result = found(text)
    lines = text.split("\n")
    assert not any("おおむね" in lines[at] or "次の章" in lines[at] for at in result.claimed)
    assert len([one for one in result.mentions if one.alone]) == 5


def test_what_finds_no_field_is_listed():
    broken = CODED + tsv(("", "", "合計5件", "", ""))
    result = found(f"{COVER}2 第2次情報化計画の検証\n\n{broken}")
    assert [one.text for one in result.unplaced] == ["合計5件"]


def test_a_document_of_which_only_the_former_plan_is_read_says_so():
    text = (
        "みほん市第2次情報化計画\n\n計画期間 令和6年度～令和10年度\n\n第1章 みほん市第1次情報化計画の検証\n\n"
        "基本施策\t取組内容\t達成状況\n1 暮らし\t1-1 申請の電子化\t達成済み 令和4年度に始めました。\n"
        "\t1-2 放送の更新\t推進中 次の計画へ引き継ぎました。\n\n第2章 施策\n\n施策は別に定めます。\n"
    )
    (reading,) = read_documents(text.encode(), "plan.txt")
    assert reading.plan.title == "みほん市第1次情報化計画"
    assert [one.number for one in reading.initiatives] == ["1-1", "1-2"]
    warning = next(one for one in reading.warnings if one.code == "other-plan-only")
    assert "みほん市第1次情報化計画" in warning.text
    assert "みほん市第2次情報化計画" in warning.text
    assert "施策は別に定めます。" in [one.text for one in reading.unplaced]
