"""Texts that stand in the wrong row or column of a long table: a repeated title, a neighbour's sentence, a misread name."""

from __future__ import annotations

from tests.services.plan.reading.samples import tsv
from yakuba.services.plan.reading.model import Initiative, Reading
from yakuba.services.plan.reading.reader import read_documents

COVER = "みほん市情報化推進計画\n計画期間 令和6年度～令和8年度\n\n"
HEAD = ("基本目標", "新規", "取組No", "取組名", "担当部署", "目的", "取組目標", "取組計画")


def read(text: str) -> tuple[Reading, ...]:
    return read_documents(text.encode(), "plan.txt")


def row(
    number: str, title: str, purpose: str, target: str, plan: str, office: str = "総務課"
) -> tuple[str, ...]:
    return ("ア", "(イ)", number, title, office, purpose, target, plan)


def one(reading: Reading, number: str) -> Initiative:
    return next(one for one in reading.initiatives if one.number == number)


def test_a_purpose_that_repeats_the_title_keeps_its_column():
    (reading,) = read(
        COVER
        + "推進取組（令和6年度）\n"
        + tsv(
            HEAD,
            row("1", "電子入札の運用", "入札を電子で行う。", "入札の案件を増やす。", "事業者へ案内を行う。"),
            row("2", "文書箱の更新", "文書箱の更新", "課題を整理する。", "対策の方法を検討する。"),
            row("3", "申請の電子化", "来庁の手間を省く。", "対象を広げる。", "対象の手続を調べる。"),
        )
    )
    assert one(reading, "2").texts == {
        "purpose": "文書箱の更新",
        "target_state": ("課題を整理する。",),
        "approach": "対策の方法を検討する。",
    }
    assert [(doubt.field, doubt.code) for doubt in one(reading, "2").doubts] == [
        ("texts.purpose", "odd-content")
    ]


def test_a_sentence_of_the_row_below_is_in_doubt():
    own = "端末の台数を数え、古い順に取り替える。"
    lent = "図書館の蔵書検索を携帯電話からも使えるように改める。"
    (reading,) = read(
        COVER
        + "推進取組（令和6年度）\n"
        + tsv(
            HEAD,
            row("1", "電子入札の運用", "入札を電子で行う。", "入札の案件を増やす。", "事業者へ案内を行う。"),
            row("2", "事務用端末の更新", "端末を新しくする。", own + " ・" + lent, "見積りを集める。"),
            row("3", "図書館蔵書検索の改善", "蔵書を探しやすくする。", lent, "業者を選ぶ。"),
        )
    )
    (doubt,) = [doubt for doubt in one(reading, "2").doubts if doubt.code == "neighbour-text"]
    assert doubt.field == "texts.target_state"
    assert doubt.candidates[1] == own
    assert not [doubt for doubt in one(reading, "3").doubts if doubt.code == "neighbour-text"]
    assert not [doubt for doubt in one(reading, "1").doubts if doubt.code == "neighbour-text"]


def test_a_former_plan_begins_in_the_year_it_was_made_and_its_period_is_said_to_be_inferred():
    text = (
        "みほん市第3次情報化計画\n\n計画期間は、令和6年度から令和8年度までとします。\n\n"
        "令和元年度に「みほん市第2次情報化計画」(以下「前計画」という。)を策定し、取り組んできました。\n\n"
        "2 第2次情報化計画の検証\n\n"
    )
    rows = tsv(
        ("NO", "取組内容", "取組項目", "内容"),
        ("1", "窓口の改善", "電話の予約", "令和3年度に始めた。"),
        ("2", "", "網の予約", "仕組みを作った。"),
        ("3", "税の納付", "店での納付", "相手を探している。"),
    )
    former = read(text + rows)[-1]
    assert (former.plan.first_year, former.plan.last_year) == (2019, 2023)
    assert [one.code for one in former.warnings if one.code == "period-assumed"] == ["period-assumed"]
    told = read(
        text + "「みほん市第2次情報化計画」の計画期間は令和元年度から令和5年度まででした。\n\n" + rows
    )
    assert not [one for one in told[-1].warnings if one.code == "period-assumed"]
