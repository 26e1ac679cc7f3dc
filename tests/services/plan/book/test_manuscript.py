"""The book as data: which rows and figures it has, what a template asks for, what is said of a wrong one."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from tests.services.plan.book.sources import many, source
from yakuba.kernel.actions import Problem
from yakuba.services.plan.book import layout, template_sheets
from yakuba.services.plan.book.blocks import Column, Glossary, Heading, Prose, Table
from yakuba.services.plan.book.forms.references import Growth
from yakuba.services.plan.book.manuscript import entries_of, make
from yakuba.services.plan.book.placeholders import BadPlaceholder, fill, parse
from yakuba.services.plan.book.prose import level_of
from yakuba.services.plan.book.templates import SHIPPED, Part, Template, TemplateColumn, from_json
from yakuba.services.plan.book.terms import Mark, Marker

STANDARD = SHIPPED["standard"]


def table(title: str, **more: bool) -> Table:
    """The first table of a title in the standard book."""
    return next(one for one in make(source(**more), STANDARD).tables() if one.title == title)


def asked(text: str, row: int = 0) -> str:
    """What a placeholder gives for an initiative of the edition."""
    entry = entries_of(source())[row]
    return fill(parse(text), entry, entry.about)


class TestRowsAndFigures:
    def test_every_place_is_listed_once_and_cross_listings_are_marked(self) -> None:
        listed = [one for one in make(source(), STANDARD).tables() if one.columns[0].label == "新規・再掲"]
        rows = [row for one in listed for row in one.rows]
        assert len(rows) == 6, "five initiatives, one of them in two places"
        assert ("再掲", "1", "電子申請の拡大", "DX推進課、関係各課") in rows
        assert ("新規", "10", "書かない窓口", "市民課、DX推進課") in rows

    def test_a_kind_that_a_strategy_has_nothing_of_is_said(self) -> None:
        said = [
            text
            for one in make(source(), STANDARD).blocks()
            if isinstance(one, Prose)
            for text in one.paragraphs
        ]
        assert "※令和8年度は、運用取組はありません。" in said

    def test_counts_have_their_denominator_and_stand_beside_what_the_document_says(self) -> None:
        # 2-1 and 2-2 are one: 順調 2, 停滞 1, of 3; the plan says 3 and 1.
        found = table("推進取組の進捗状況")
        assert found.rows == (
            ("順調", "2", "66.7%", "3"),
            ("停滞", "1", "33.3%", "1"),
            ("計", "3", "100.0%", "4"),
        )
        said = [
            text
            for one in make(source(), STANDARD).blocks()
            if isinstance(one, Prose)
            for text in one.paragraphs
        ]
        assert "「順調」を合わせた割合は66.7%です（3件中2件、取組の表から数えた数による）。" in said
        assert "「順調」を合わせた割合は75.0%です（4件中3件、計画書に書かれた数による）。" in said

    def test_indicators_stand_in_rows_with_a_column_for_each_year_and_kind(self) -> None:
        found = table("1 電子申請の拡大 指標")
        assert [column.label for column in found.columns] == [
            "指標", "令和5年度現状値", "令和5年度実績値", "令和6年度実績値", "令和7年度実績値", "令和8年度目標値",
        ]  # fmt: skip
        assert found.rows[0] == (
            "① オンライン化した手続の数", "①38手続", "―", "①57手続", "①約81手続（見込）", "①110手続",
        )  # fmt: skip
        assert found.rows[1][3] == "②数値なし", "no value is printed as it is, never as 0"

    def test_old_and_new_stand_side_by_side(self) -> None:
        found = table("新旧対照表")
        assert (
            "運用",
            "4",
            "書かない窓口",
            "市民課",
            "推進",
            "10",
            "書かない窓口",
            "市民課",
            "区別の移行",
        ) in found.rows
        assert ("推進", "9", "終わった取組", "総務課", "", "", "", "", "完了") in found.rows

    def test_without_an_edition_before_its_parts_are_left_out_and_named(self) -> None:
        made = make(source(alone=True), SHIPPED["four-tables"])
        titles = [one.text for one in made.blocks() if isinstance(one, Heading)]
        assert not any(title.startswith(("①", "②")) for title in titles)
        assert any(one.startswith("① 推進取組（令和7年度）") for one in made.left_out)

    def test_text_with_tabs_is_a_table_and_the_glossary_stands_where_the_template_puts_it(self) -> None:
        made = make(source(), STANDARD)
        found = next(one for one in made.tables() if one.title == "目的")
        assert found.rows == (("令和5年度", "38"), ("令和6年度", "57"))
        headings = [(one.level, one.text) for one in made.blocks() if isinstance(one, Heading)]
        assert (2, "1(1) 目的") in headings
        assert [text for _level, text in headings].count("用語集") == 1
        assert sum(isinstance(one, Glossary) for one in made.blocks()) == 1

    def test_a_draft_says_so_and_a_published_book_bears_stamp_and_head_of_the_trail(self) -> None:
        assert make(source(), STANDARD).draft
        record = dict(
            next(
                t for t in make(source(draft=False), STANDARD).tables() if t.title == "この冊子について"
            ).rows
        )
        assert record["状態"] == "公表 第3号（令和8年4月1日）"
        assert record["公表した内容の指紋（SHA-256）"] == "ab" * 32
        assert "cd" * 32 in record["操作の記録の先頭"]


class TestPlaceholders:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("{{番号}} {{取組名}}", "1 電子申請の拡大"),
            ("{{number}}", "1"),
            ("｛｛取組名｝｝", "電子申請の拡大"),
            ("{{位置:2}}", "1-1\n2-1"),
            ("{{位置名:2}}", "1-1 手続のデジタル化"),
            ("{{実績値:-1}}", "①約81手続（見込）\n②―"),
            ("{{実績値：令和6年度}}", "①57手続\n②数値なし"),
            ("{{目標値の数}}", "110\n25"),
            ("{{工程:+1}}|{{工程:令和6年度}}", "|検証・構築"),
            ("{{主な取組}}", "① 様式の見直し（総務課）"),
            ("{{タグ:SDGs}}", "9、11"),
            ("{{年度}} {{年度:-1}} {{計画期間}}", "令和8年度 令和7年度 令和6～8年度"),
        ],
    )
    def test_what_it_gives(self, text: str, expected: str) -> None:
        assert asked(text) == expected

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{{取組名称}}", "近いもの：取組名"),
            ("{{実績値:再来年}}", "年度が読めません"),
            ("{{タグ}}", "どれのことかを"),
            ("{{位置:上}}", "数字で"),
            ("{{番号:1}}", "を付けられません"),
            ("{{番号", "組になっていません"),
        ],
    )
    def test_what_is_wrong_is_said(self, text: str, told: str) -> None:
        with pytest.raises(BadPlaceholder, match=told):
            parse(text)

    def test_revisions_count_and_each_indicator_has_its_line(self) -> None:
        one = source()
        form = many(["7件", "8件"])
        form["indicators"][0]["values"].append(
            {**form["indicators"][0]["values"][0], "raw": "9件", "revision": 1}
        )
        entry = replace(entries_of(one)[0], form=form)
        assert fill(parse("{{実績値}}"), entry, entry.about) == "(0)9件\n(1)8件"


class TestTemplates:
    @pytest.mark.parametrize("key", SHIPPED)
    def test_a_shipped_one_goes_out_and_comes_back(self, key: str) -> None:
        one = SHIPPED[key]
        assert template_sheets.read(io.BytesIO(template_sheets.write(one)), one.name).parts == one.parts
        assert from_json(one.to_json()).parts == one.parts

    @pytest.mark.usefixtures("parsed_here")
    def test_faults_are_told_by_cell(self) -> None:
        book = load_workbook(io.BytesIO(template_sheets.write(SHIPPED["one-table"])))
        book["構成"]["A2"], book["列"]["D3"], book["列"]["E4"] = "表誌", "{{取組名称}}", "広い"
        target = io.BytesIO()
        book.save(target)
        with pytest.raises(Problem) as found:
            template_sheets.read(io.BytesIO(target.getvalue()), "見本")
        told = str(found.value) + "".join(one.message for one in getattr(found.value, "problems", ()))
        for place in ("シート「構成」のA2", "シート「列」のD3", "シート「列」のE4"):
            assert place in told

    def test_columns_and_order_are_the_templates(self) -> None:
        columns = (TemplateColumn("件名", "{{取組名}}"), TemplateColumn("空", "{{今後の予定}}"))
        own = Template(
            "市の", "", (Part("table", "推進（{{件数}}件）", "advance", lean=True, columns=columns),)
        )
        (found,) = make(source(), own).tables()
        assert found.title == "推進（4件）"
        assert found.columns == (Column("件名", head=True),), "nothing stands in the other one"
        assert [row[0] for row in found.rows][:2] == ["電子申請の拡大", "マイナンバーカードの活用研究"]


class TestSmallRules:
    @pytest.mark.parametrize(
        ("number", "level"),
        [("1", 1), ("1(1)", 2), ("3(2)ア", 3), ("3(3)ア(ア)", 4), ("第6章 3(1)", 3), ("第5条", 2), (None, 1)],
    )
    def test_a_section_stands_as_deep_as_its_number(self, number: str | None, level: int) -> None:
        assert level_of(number) == level

    def test_a_term_is_found_apart_and_not_inside_a_word(self) -> None:
        marker = Marker(["AI", "GIS（地理情報システム）"])
        assert marker.runs("MAILとA Iと統合型GIS") == ["MAILと", Mark(0, "A I"), "と統合型", Mark(1, "GIS")]
        assert marker.runs("AI") == ["AI"], "only where it stands first"

    def test_widths_fill_the_page_and_a_long_column_gets_more(self) -> None:
        rows = tuple((str(n), "長い文章を入れます。" * 8) for n in range(9))
        narrow, wide = layout.shares(Table("", (Column("番号"), Column("内容")), rows), 60)
        assert narrow + wide == pytest.approx(60)
        assert wide > 6 * narrow

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("=SUM(E4:E4)", "=SUM(E4:E8)"),
            ("=E6+$E$3", "=E10+$E$3"),
            ("=様式!E6&B4", "=様式!E10&B4"),
            ("=ほか!E6", "=ほか!E6"),
            ('="E6"&合計', '="E6"&合計'),
        ],
    )
    def test_references_follow_rows_that_become_more(self, text: str, expected: str) -> None:
        assert Growth("様式", 4, 4, 4).formula(text, "様式") == expected
