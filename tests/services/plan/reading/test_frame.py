"""Title, edition, years, sections, former and related plans: published documents, altered copies, other covers and wordings."""

from __future__ import annotations

import re

import pytest

from tests.services.plan.reading import samples
from tests.services.plan.reading.framing import DOCUMENTS, expected, own, paper, same, share, text_of
from tests.services.plan.reading.samples import tsv
from yakuba.services.plan.reading import Unreadable, model, naming, prose, read_document
from yakuba.services.plan.reading.facts import facts_of
from yakuba.services.plan.reading.mentions import Found, Mention, Scope, Years
from yakuba.services.plan.reading.wording import squeeze

TABLE = "\n一覧\n\n" + tsv(
    samples.HEAD,
    samples.SECOND_LINE_SHIFTED,
    samples.row("1", "転入届の予約", "予約の件数", ("12件", "30件", "45件")),
    samples.row("2", "図書の予約", "図書予約の件数", ("1件", "2件", "3件")),
)


def facts(text: str, spans: tuple[tuple[int, int], ...] = ()):
    return facts_of(paper(text), [Found(years=Years(spans=list(spans)))])


def codes(found) -> list[str]:
    return [one.code for one in found.warnings]


@pytest.mark.plans
@pytest.mark.parametrize("row", expected("frame.csv"), ids=lambda row: row["document"])
def test_title_edition_and_years_of_published_plans(row: dict[str, str]):
    plan = own(row["document"]).plan
    assert same(plan.title, row["title"])
    assert (plan.edition or "") == row["edition"]
    assert (plan.first_year, plan.last_year) == (int(row["first_year"]), int(row["last_year"]))


@pytest.mark.plans
@pytest.mark.parametrize("name", ["shibukawa.txt", "oyama.txt", "ryugasaki.txt", "fujioka.txt"])
def test_sections_of_published_plans(name: str):
    sections = own(name).plan.sections
    rows = expected("frame_sections.csv", name)
    seen = [(one.number, squeeze(one.title or "")) for one in sections]
    lines = {squeeze(line) for line in re.split(r"[\n\t]", text_of(name))}
    invented = sum(
        1
        for one in sections
        if one.title and not any(squeeze(one.title) in line and len(line) <= 80 for line in lines)
    )
    assert share(((row["number"], squeeze(row["title"])) in seen for row in rows), invented) >= 0.97
    # What is prose of the plan is there with its text.
    assert sum(len(one.text or "") for one in sections) > 1000


@pytest.mark.plans
@pytest.mark.parametrize("name", DOCUMENTS)
def test_former_and_related_plans(name: str):
    plan = own(name).plan
    rows = expected("frame_plans.csv", name)
    seen = [("predecessor", one) for one in plan.predecessors] + [("related", one) for one in plan.related]
    right = [any(kind == row["relation"] and same(one, row["name"]) for kind, one in seen) for row in rows]
    assert (share(right, max(0, len(seen) - len(rows))) if rows else float(not seen)) >= 0.97


@pytest.mark.plans
def test_a_title_that_no_cover_prints_is_told():
    assert "title-from-text" in [one.code for one in own("oyama.txt").warnings]


@pytest.mark.plans
def test_a_misread_name_is_told():
    (warning,) = [one for one in own("shibukawa.txt").warnings if one.code == "name-set-right"]
    assert (warning.line, "渋川市" in warning.text) == (3, True)


def western(text: str) -> str:
    def year(found: re.Match[str]) -> str:
        return f"{(2018 if found[1] == '令和' else 1988) + int(found[2])}年度"

    return re.sub(r"(令和|平成) ?(\d+) ?(?:（\d{4}）)?年度", year, text)


def other_city(text: str) -> str:
    return re.sub("龍ヶ崎市|藤岡市|澁川市|渋川市", "みほん市", text)


def other_period(text: str) -> str:
    return text.replace("計画期間は、", "対象期間は、").replace("とします。", "とする。")


def no_contents(text: str) -> str:
    """Without the lines of the list of contents (a title and a page)."""
    return "\n".join(
        line for line in text.split("\n") if not re.search(r"^[^\t。]+\t(?:[^\t。]+\t)?\d{1,2}$", line)
    )


@pytest.mark.plans
@pytest.mark.parametrize("change", [western, other_city, other_period, no_contents])
@pytest.mark.parametrize("name", ["ryugasaki.txt", "fujioka.txt"])
def test_altered_copies(name: str, change):
    changed = change(text_of(name))
    assert changed != text_of(name)
    plan = read_document(changed.encode(), name).plan
    (row,) = (one for one in expected("frame.csv") if one["document"] == name)
    title = other_city(row["title"]) if change is other_city else row["title"]
    assert same(plan.title, title)
    assert (plan.first_year, plan.last_year) == (int(row["first_year"]), int(row["last_year"]))


@pytest.mark.plans
def test_altered_edition():
    changed = text_of("shibukawa.txt").replace("令和6年度版", "2024年度版")
    found = facts(changed)
    assert (found.plan.edition, found.year, found.plan.first_year, found.plan.last_year) == (
        "2024年度版",
        2024,
        2024,
        2027,
    )


@pytest.mark.parametrize(
    ("cover", "title"),
    [
        ("みほん市第 3 次情報化推進計画\n\n令和5年3月\n\nみほん市\n", "みほん市第3次情報化推進計画"),
        ("みほん市\n\nDX推進ビジョン\n\n令和5年3月\n", "DX推進ビジョン"),
        ("みほん市デジタル化推進計画（素案）\n", "みほん市デジタル化推進計画（素案）"),
        ("資料1\n\nみほん町ICT活用戦略 2025-2028\n", "みほん町ICT活用戦略 2025-2028"),
        ("みほん市情報化推進計画 令和6年度版\n", "みほん市情報化推進計画"),
        ("みほん町情報化プラン（令和6年度〜令和8年度）\n", "みほん町情報化プラン"),
        ("みほん町情報化プラン（R6～R8）\n", "みほん町情報化プラン"),
    ],
)
def test_titles_of_covers(cover: str, title: str):
    text = f"{cover}\n目次\n\n第1章 はじめに\n\n計画期間は、令和5年度から令和8年度までとします。\n"
    found = facts(text)
    assert found.plan.title == title
    assert "title-from-file-name" not in codes(found)


def test_a_title_over_two_lines_that_the_text_prints_as_one():
    text = (
        "みほん市\n情報化推進計画\n\n令和5年3月\n\n第1章 はじめに\n\n"
        "市は「みほん市情報化推進計画」を策定します。計画期間は、令和5年度から令和8年度までとします。\n"
    )
    found = facts(text)
    assert found.plan.title == "みほん市情報化推進計画"
    assert {0, 1, 3} <= found.used


def test_a_chapter_alone_takes_the_plan_that_its_text_names():
    text = (
        "第4章 施策の展開\n\n1 基本方針\n\n上位計画である「第6次みほん市総合計画」を踏まえます。"
        "国の「デジタル・ガバメント実行計画」もあります。\n\n"
        "目標の実現に向けた第2次みほん市情報化計画の基本方針は、次のとおりです。\n"
    )
    found = facts(text, ((2023, 2027),))
    assert found.plan.title == "第2次みほん市情報化計画"
    assert codes(found) == ["title-from-text"]


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("計画期間は、令和5年度から令和8年度までの4年間とします。", (2023, 2026)),
        ("本計画の期間は、2023年度から2026年度までの4年間です。", (2023, 2026)),
        ("計画期間：令和5年度～令和8年度", (2023, 2026)),
        ("計画期間は、平成31（2019）年度から平成35（2023）年度までの5年間とします。", (2019, 2023)),
        ("本プランの計画期間は令和5(2023)年度～令和8(2026)年度とする。", (2023, 2026)),
        ("対象期間\t令和5年度～令和8年度", (2023, 2026)),
    ],
)
def test_stated_periods(sentence: str, years: tuple[int, int]):
    others = (
        "本市は、平成24年度から平成28年度までの「みほん市第1次情報化計画」を策定し、計画期間中に施策を進めました。\n\n"
        "県では令和4年度から令和7年度までの4年間を計画期間とする「第2次みほん県総合計画」を進めています。\n\n"
    )
    text = f"みほん市第2次情報化計画\n\n第1章 はじめに\n\n{others}{sentence}\n"
    found = facts(text, ((2001, 2003),))
    assert (found.plan.first_year, found.plan.last_year) == years
    assert codes(found) == []


def test_a_period_below_its_heading():
    text = "みほん市情報化計画\n\n第1章 はじめに\n\n3 計画の期間\n\n令和6年度から令和10年度までの5年間とします。\n"
    found = facts(text)
    assert (found.plan.first_year, found.plan.last_year) == (2024, 2028)


def test_a_history_of_plans_states_no_period():
    text = (
        "みほん市情報化計画\n令和6年度版\n\n1 歩み\n\n策定年\t計画名\t基本目標\n"
        "平成12年\t情報化計画 計画期間：平成12～16年度\t便利\n平成19年\t情報化計画 計画期間：平成19～23年度\t安全\n\n"
        "6 取組計画（令和6～9年度）\n"
    )
    found = facts(text)
    assert (found.plan.first_year, found.plan.last_year) == (2024, 2027)
    (warning,) = found.warnings
    assert warning.code == "plan-years-assumed"
    assert all(words in warning.text for words in ("見出し", "令和6年度", "令和9年度"))


def test_what_was_assumed_is_told_with_its_reason():
    year = facts("みほん市情報化計画\n令和6年度版\n")
    assert (year.plan.first_year, year.plan.last_year) == (2024, 2024)
    assert "版の年度" in year.warnings[0].text


def test_a_yearly_report_names_its_plan_and_its_year():
    found = facts("みほん市DX実行計画　令和5年度進捗状況一覧\n")
    assert (found.plan.title, found.plan.edition) == ("みほん市DX実行計画", None)
    assert (found.plan.first_year, found.plan.last_year) == (2023, 2023)
    (warning,) = found.warnings
    assert (warning.code, "表題" in warning.text) == ("plan-years-assumed", True)


def test_without_any_year_the_plan_is_refused():
    with pytest.raises(Unreadable) as refused:
        facts("みほん市情報化計画\n\n第1章 はじめに\n")
    assert refused.value.code == "no-years"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("第3次計画", 3),
        ("第 3 次計画", 3),
        ("第二次計画", 2),
        ("第十次計画", 10),
        ("第十二次計画", 12),
        ("計画", None),
    ],
)
def test_ordinals(name: str, number: int | None):
    assert naming.ordinal(name) == number


def test_the_name_that_stands_in_most_sentences_wins_not_the_one_that_pages_repeat():
    texts = ["龍田市情報化計画"] * 20 + ["瀧田市情報化推進本部", "瀧田市では", "瀧田市の歩み", "瀧田市議会"]
    assert naming.voted_name("龍田市情報化計画", texts) == ("龍田市", "瀧田市")
    # Two towns with nothing alike are two towns.
    assert (
        naming.voted_name("龍田市情報化計画", [*texts[:20], "春日市では", "春日市の", "春日市へ", "春日市と"])
        is None
    )
    assert naming.voted_name("情報化計画", texts) is None


PROSE = (
    "みほん市情報化計画\n\n令和6年3月\n\n目次\n\n1\t計画の目的\t1\n(1)\t趣旨\t1\n2\t推進体制\t2\n3\t取組\t3\n\n"
    "1 計画の目的\n\n市の仕事を便利にします。\n\n(1) 趣旨\n\n上位計画の「みほん市総合計画」を支えます。\n\n"
    "年\t人口\n令和5年\t68,214\n\n2 推進体制\n\n市長が進めます。\n"
    "計画期間は、令和6年度から令和8年度までです。\n\n3 取組\n"
)


def test_prose_is_kept_by_chapter_with_its_tables():
    reading = read_document((PROSE + TABLE).encode(), "plan.txt")
    assert [(one.number, one.title) for one in reading.plan.sections] == [
        ("1", "計画の目的"),
        ("1(1)", "趣旨"),
        ("2", "推進体制"),
        ("3", "取組"),
    ]
    assert reading.plan.sections[1].text == (
        "上位計画の「みほん市総合計画」を支えます。\n年\t人口\n令和5年\t68,214"
    )
    assert reading.plan.related == ("みほん市総合計画",)
    assert [row.title for row in reading.initiatives] == ["転入届の予約", "図書の予約"]
    assert reading.unplaced == ()


def test_rows_that_nobody_read_are_no_prose():
    text = (
        "みほん市情報化計画\n\n4 資料\n\n別の一覧です。\n\n"
        + tsv(("取組名", "担当課", "備考"), ("予約", "総務課", "新規"))
        + "\n5 体制\n\n市長が進めます。\n"
    )
    found = prose.recognise(paper(text), [])
    assert [(one.title, one.text) for one in found.sections] == [
        ("資料", "別の一覧です。"),
        ("体制", "市長が進めます。"),
    ]
    assert not {6, 7} & found.claimed


def test_below_an_initiative_only_sentences_are_prose():
    text = "みほん市情報化計画\n\n4 資料\n\n一覧の前の行\n\n一覧\n\n続きの行\n\n一覧の後の文です。\n\n5 体制\n\n市長が進めます。\n"
    row = model.Initiative(2024, "1", "一覧", None)
    before = Found(mentions=[Mention(Scope(), row, 6, "list")], claimed={6})
    found = prose.recognise(paper(text), [before])
    assert found.sections[0].text == "一覧の前の行\n一覧の後の文です。"
    assert 8 not in found.claimed


def test_a_former_plan_is_known_by_the_word_for_it_and_by_its_number():
    text = (
        "みほん市第3次情報化計画\n\n1 背景\n\n平成29年度に「みほん市行政情報化プラン」（以下「前プラン」という。）を定めました。\n\n"
        "みほん市第2次情報化計画も終えました。県の「第3次みほん県情報化計画」もあります。\n\n2 期間\n\n"
        "計画期間は、令和6年度から令和8年度までです。\n"
    )
    found = prose.recognise(paper(text), [])
    assert found.predecessors == ["みほん市行政情報化プラン", "みほん市第2次情報化計画"]
    assert found.related == []


def test_plans_in_a_labelled_cell_are_related():
    text = "みほん市情報化計画\n\n1 取組\n\n関連計画\t防災計画、空家等対策計画\n所管\t総務課\n"
    assert prose.recognise(paper(text), []).related == ["防災計画", "空家等対策計画"]


def test_a_document_without_headings_has_no_sections():
    found = prose.recognise(paper("計画の文章だけです。\nこれは表ではありません。\n"), [])
    assert (found.sections, found.claimed) == ([], set())
