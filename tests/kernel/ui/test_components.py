import re
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.ui.markup import read
from yakuba.kernel import fields
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.ui import components, formats
from yakuba.kernel.ui.components import (
    ComparisonColumn,
    ComparisonEntry,
    ComparisonRow,
    Fact,
    FieldError,
    Link,
    Share,
    SourceLine,
    TableColumn,
)
from yakuba.kernel.ui.components.marks import SIMPLE
from yakuba.kernel.ui.icons import PATHS, icon
from yakuba.kernel.ui.templatetags.ui import COMPONENTS

HOSTILE = "<script>\"&'"


def test_every_public_component_is_a_template_tag():
    drawn = {name for name in components.__all__ if name.islower() and callable(getattr(components, name))}
    helpers = {"html_lang", "language_links", "language_prefix", "languages"}  # used by the shells' own tags
    assert drawn - helpers == {tag.__name__ for tag in COMPONENTS} - {"icon"}


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: components.badge(HOSTILE, tone="good", mark="check"),
        lambda: components.progress_badge(HOSTILE, "behind"),
        lambda: components.button(HOSTILE, name="a", value=HOSTILE, question=HOSTILE, icon="check", form="f"),
        lambda: components.link_button(HOSTILE, "/a?b=1&c=2", icon="download", download=True),
        lambda: components.breadcrumbs([Link(HOSTILE, "/")], HOSTILE),
        lambda: components.tabs([Link(HOSTILE, "/", current=True, count=2)], label=HOSTILE),
        lambda: components.notice(HOSTILE, HOSTILE, kind="warning"),
        lambda: components.error_summary([FieldError("a", HOSTILE), FieldError("", HOSTILE)]),
        lambda: components.empty_state(HOSTILE, HOSTILE, action=HOSTILE, href="/"),
        lambda: components.progress_bar(HOSTILE, done=1, total=2, doing=HOSTILE, leave_href="/"),
        lambda: components.steps([HOSTILE, HOSTILE], 1),
        lambda: components.facts([Fact(HOSTILE, HOSTILE, HOSTILE)]),
        lambda: components.card(HOSTILE, "/", body=HOSTILE, meta=HOSTILE),
        lambda: components.table(HOSTILE, [TableColumn(HOSTILE)], [[HOSTILE]]),
        lambda: components.year_strip({2024: HOSTILE}, label=HOSTILE),
        lambda: components.source_excerpt(HOSTILE, [SourceLine(1, (HOSTILE,))], line=1, cell=0, rule=HOSTILE),
        lambda: components.shares([Share(HOSTILE, 2, "on_track")], label=HOSTILE),
        lambda: components.field("a", HOSTILE, value=HOSTILE, hint=HOSTILE, error=HOSTILE, unit=HOSTILE),
        lambda: components.field("a", HOSTILE, widget="textarea", value=HOSTILE),
        lambda: components.field("a", HOSTILE, widget="select", choices=[(HOSTILE, HOSTILE)], value=HOSTILE),
        lambda: components.field("a", HOSTILE, widget="radio", choices=[(HOSTILE, HOSTILE)], value=HOSTILE),
        lambda: components.comparison(
            "c",
            HOSTILE,
            [ComparisonColumn(HOSTILE, note=HOSTILE), ComparisonColumn(HOSTILE, "/")],
            [
                ComparisonRow(
                    HOSTILE,
                    [[ComparisonEntry(HOSTILE, HOSTILE, HOSTILE, "/", HOSTILE)], []],
                    HOSTILE,
                    HOSTILE,
                )
            ],
        ),
        lambda: formats.phrase(HOSTILE),
    ],
)
def test_hostile_text_stays_text(drawn):
    html = drawn()
    reader = read(html)
    assert not any(tag == "script" for tag, _attrs in reader.tags)
    shown = [reader.text, *(value or "" for _tag, attrs in reader.tags for value in attrs.values())]
    assert any(HOSTILE in one for one in shown)


def test_a_badge_never_rests_on_colour_alone():
    marks = {}
    for meaning in components.MEANINGS:
        reader = read(components.progress_badge("順調", meaning))
        marks[meaning] = next(attrs["d"] for tag, attrs in reader.tags if tag == "path")
        assert "順調" in reader.text
    assert marks["on_track"] != marks["mostly_on_track"] != marks["behind"] != marks["stopped"]
    assert components.progress_badge("", "on_track") == ""
    assert "svg" not in components.progress_badge("A評価", "no-such-meaning")


def test_shares_leave_out_what_is_not_there():
    reader = read(
        components.shares(
            [Share("順調", 3, "on_track"), Share("停滞", 0, "behind"), Share("中止", 1)], label="進捗"
        )
    )
    bars = [(attrs["x"], attrs["width"]) for tag, attrs in reader.tags if tag == "rect" and attrs["y"] == "0"]
    assert bars == [("0", "3"), ("3", "1")]
    tones = [attrs["class"] for tag, attrs in reader.tags if tag == "rect"]
    assert tones == ["good", "neutral"] * 2, "each word has the look of its part beside it"
    assert components.shares([Share("順調", 0)], label="進捗") == ""


def test_buttons():
    assert 'type="submit"' in components.button("保存する")
    assert "disabled" in components.button("保存する", disabled=True)
    assert 'class="button filled danger"' in components.button("取り下げる", look="filled", danger=True)


@pytest.mark.parametrize("kind", ["info", "success", "warning", "error"])
def test_a_notice_says_its_kind_in_words(kind):
    words = {"info": "お知らせ：", "success": "完了：", "warning": "注意：", "error": "エラー："}
    reader = read(components.notice("題", "文", kind=kind, live=True))
    assert words[kind] in reader.text
    assert ("div", "alert" if kind == "error" else "status") in [
        (tag, attrs.get("role")) for tag, attrs in reader.tags
    ]


def test_error_summary_links_to_the_fields():
    drawn = components.error_summary([FieldError("title", "空です。"), FieldError("", "全体の誤り")])
    reader = read(drawn + components.field("title", "名", error="空です。"))
    assert "#id_title" in [attrs.get("href") for _tag, attrs in reader.tags]
    assert "id_title" in reader.ids
    assert "2か所" in reader.text
    assert components.error_summary([]) == ""


@pytest.mark.parametrize("widget", sorted(components.forms._WIDGETS))
def test_every_widget_is_labelled_described_and_keeps_what_was_typed(widget):
    drawn = components.field(
        "a",
        "名前",
        widget=widget,
        value="x",
        choices=[("x", "エックス"), ("y", "ワイ")],
        hint="ヒント",
        error="誤り",
    )
    reader = read(drawn)
    assert set(reader.references) <= set(reader.ids)
    assert "id_a" in reader.ids
    described = next(attrs["aria-describedby"] for _tag, attrs in reader.tags if "aria-describedby" in attrs)
    assert described == "id_a-hint id_a-error"
    assert "名前" in reader.text
    values = [attrs.get("value") for tag, attrs in reader.tags if tag in {"input", "option"}]
    if widget in {"password", "file"}:
        assert "x" not in values
    elif widget == "textarea":
        assert "\nx</textarea>" in drawn
    elif widget != "checkbox":
        assert "x" in values
        assert sum("checked" in attrs or "selected" in attrs for _tag, attrs in reader.tags) == (
            1 if widget in {"radio", "checkboxes", "select"} else 0
        )


def test_needs_are_said_in_words():
    assert "必須" in components.field("a", "名")
    assert "任意" in components.field("a", "名", required=False)
    assert " required" not in components.field("a", "名", required=False)


def test_a_textarea_keeps_a_leading_line_break():
    # HTML drops the first line break after <textarea>; ours is there to be dropped.
    assert "<textarea" in (drawn := components.field("a", "文", widget="textarea", value="\n二行目"))
    assert ">\n\n二行目</textarea>" in drawn


def test_several_checkboxes_keep_several_values():
    drawn = components.field(
        "a", "課", widget="checkboxes", choices=[("x", "X"), ("y", "Y"), ("z", "Z")], value=["x", "z"]
    )
    assert drawn.count("checked") == 2


def test_an_unknown_widget_is_refused():
    with pytest.raises(ValueError, match="no widget"):
        components.field("a", "名", widget="slider")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (fields.text(label="名称", classification=fields.PUBLIC), 'type="text"'),
        (fields.prose(label="本文", classification=fields.PUBLIC), "<textarea"),
        (fields.date(label="期限", classification=fields.PUBLIC), "令和6年4月1日"),
        (fields.integer(label="数", classification=fields.PUBLIC), 'inputmode="decimal"'),
        (fields.yes_no(label="公開", classification=fields.PUBLIC), 'type="radio"'),
    ],
)
def test_a_declared_field_draws_itself(column, expected):
    spec = fields.spec_of(column)
    drawn = components.spec_field("a", spec)
    assert expected in drawn
    assert spec.label in drawn


def test_progress_of_known_and_unknown_length():
    known = read(components.progress_bar("取込", done=3, total=9, doing="3行目", leave_href="/"))
    assert ("3", "9") in [
        (attrs.get("value"), attrs.get("max")) for tag, attrs in known.tags if tag == "progress"
    ]
    unknown = read(components.progress_bar("取込", done=0, total=0, doing="開いています", leave_href="/"))
    assert not any("value" in attrs for tag, attrs in unknown.tags if tag == "progress")
    assert "/" in [attrs.get("href") for _tag, attrs in unknown.tags]


def test_steps_mark_where_one_is():
    reader = read(components.steps(["一", "二", "三"], 2))
    assert "2／3ページ" in reader.text
    assert [attrs.get("class") for tag, attrs in reader.tags if tag == "li"] == ["done", "current", "ahead"]
    for outside in (0, 4):
        with pytest.raises(ValueError, match="page"):
            components.steps(["一", "二", "三"], outside)


def test_a_missing_fact_is_said():
    assert "記載なし" in components.facts([Fact("根拠", "")])
    assert "記載なし" in components.facts([Fact("根拠", None)])
    assert "記載なし" not in components.facts([Fact("件数", 0)]), "0 is a value"


def test_year_strip_fills_gaps_and_marks_the_current_year():
    reader = read(
        components.year_strip({2023: "検討", 2025: "運用", 2026: "運用"}, label="実施計画", current=2025)
    )
    classes = [(attrs.get("class") or "").split() for tag, attrs in reader.tags if tag == "li"]
    assert classes == [["span-1"], ["span-1", "none"], ["span-2", "now"]]
    marked = [attrs.get("aria-current") for tag, attrs in reader.tags if tag == "li"]
    assert marked == [None, None, "date"]
    for name in ("令和5年度", "令和6年度", "令和7年度 今年度", "令和8年度"):
        assert name in reader.text
    assert reader.text.count("運用") == 1, "neighbours with the same words are one piece"
    assert components.year_strip({}, label="実施計画") == ""


@settings(deadline=None)
@given(st.dictionaries(st.integers(2015, 2035), st.sampled_from(["", "検討", "運用"]), min_size=1))
def test_every_year_stands_in_the_strip_once(stages):
    html = components.year_strip(stages, label="実施計画")
    widths = [int(found) for found in re.findall(r"span-(\d+)", html)]
    assert sum(widths) == max(stages) - min(stages) + 1
    assert max(widths) <= 6, "as far as the stylesheet knows"


def test_source_excerpt_marks_one_cell_or_the_whole_line():
    lines = [SourceLine(202, ("No.", "目標値")), SourceLine(203, ("推1", "110手続"))]
    one = read(components.source_excerpt("a.txt", lines, line=203, cell=1))
    assert sum(tag == "mark" for tag, _attrs in one.tags) == 1
    assert "203行目" in one.text
    assert "2番目の欄" in one.text
    assert {"line-202", "line-203"} <= set(one.ids)
    whole = read(components.source_excerpt("a.txt", lines, line=203, key="other"))
    assert not any(tag == "mark" for tag, _attrs in whole.tags)
    assert "whole" in [attrs.get("class") for tag, attrs in whole.tags if tag == "li"]
    assert "other-203" in whole.ids


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 cells"):
        components.table("表", [TableColumn("一")], [["1", "2"]])


def test_pager_and_breadcrumbs_vanish_when_there_is_nowhere_to_go():
    assert components.pager() == ""
    assert components.breadcrumbs([], "ここ") == ""
    assert 'rel="prev"' in components.pager(previous="/?before=1")


@pytest.mark.parametrize(
    ("language", "path", "expected"),
    [
        (
            "ja",
            "/990019/plan/?q=a",
            ["/990019/plan/?q=a", "/en/990019/plan/?q=a", "/ja-simple/990019/plan/?q=a"],
        ),
        ("en", "/en/990019/", ["/990019/", "/en/990019/", "/ja-simple/990019/"]),
        ("ja-simple", "/ja-simple/", ["/", "/en/", "/ja-simple/"]),
        ("ja", "/england/", ["/england/", "/en/england/", "/ja-simple/england/"]),
    ],
)
def test_languages_lead_to_the_same_page(settings, language, path, expected):
    settings.LANGUAGES = [("ja", "日本語"), ("en", "English"), ("ja-simple", "やさしい日本語")]
    with translation.override(language):
        links = components.language_links(path)
    assert [link.href for link in links] == expected
    assert [link.current for link in links] == [code == language for code in ("ja", "en", "ja-simple")]
    assert [link.lang for link in links] == ["ja", "en", "ja"]


@pytest.mark.parametrize("name", sorted(PATHS))
def test_icons_are_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in icon(name)
    read(icon(name))


def test_formats():
    assert formats.wareki(date(2024, 4, 1)) == "令和6年4月1日（月）"
    assert formats.moment(datetime(2024, 4, 1, 4, 5, tzinfo=UTC)) == "令和6年4月1日 13:05"
    assert formats.fiscal_year(2024) == formats.fiscal_year(FiscalYear(2024)) == "令和6年度（2024）"
    assert formats.yen(1200) == "1,200円"
    assert formats.yen(0) == "0円"
    for one in (formats.wareki, formats.moment, formats.fiscal_year, formats.yen):
        assert one(None) == ""


@pytest.mark.parametrize(
    ("language", "day", "moment", "year", "label", "mark"),
    [
        ("ja", "令和6年4月1日（月）", "令和6年4月1日 13:05", "令和6年度", "令和6年度（2024）", "R6"),
        (
            "ja-simple",
            "2024年4月1日（月）",
            "2024年4月1日 13:05",
            "2024年度",
            "2024年度（令和6年度）",
            "2024",
        ),
        ("en", "1 April 2024 (Mon)", "1 April 2024 13:05", "FY2024", "FY2024 (Reiwa\u00a06)", "FY24"),
    ],
)
def test_dates_and_years_speak_the_language_of_the_page(language, day, moment, year, label, mark):
    with override(language):
        assert formats.wareki(date(2024, 4, 1)) == day
        assert formats.moment(datetime(2024, 4, 1, 4, 5, tzinfo=UTC)) == moment
        assert formats.year_name(2024) == formats.year_name(FiscalYear(2024)) == year
        assert formats.fiscal_year(2024) == label
        assert formats.year_mark(2024) == mark
        assert formats.plain_day(date(2024, 4, 1)) in day
        assert formats.plain_day(None) == formats.year_name(None) == ""


@given(st.integers(1900, 2100))
def test_every_year_has_a_name_in_every_language(year):
    for language, unlike in (("ja", "FY"), ("ja-simple", "FY"), ("en", "年度")):
        with override(language):
            for text in (formats.fiscal_year(year), formats.year_name(year), formats.year_mark(year)):
                assert text
                assert unlike not in text
            assert str(year) in formats.fiscal_year(year)


def test_japanese_is_marked_where_the_page_is_not_japanese():
    for language in ("ja", "ja-simple"):
        with override(language):
            assert formats.japanese("手続") == "手続"
            assert "lang=" not in components.progress_badge("順調", "on_track")
    with override("en"):
        assert formats.japanese("<手続>") == '<span lang="ja">&lt;手続&gt;</span>'
        assert formats.japanese("") == ""
        assert 'lang="ja"' in components.progress_badge("順調", "on_track")


def test_phrases_break_between_words_only_in_japanese():
    drawn = formats.phrase("マイナンバーカードの活用研究")
    assert drawn == '<span class="phrase">マイナンバーカードの<wbr>活用研究</span>'
    with translation.override("en"):
        assert formats.phrase("A & B") == "A &amp; B"


def test_tags_and_filters_work_in_a_template():
    template = Template(
        '{% load ui %}{% badge "下書き" tone="accent" %}{{ 1200|yen }}{{ "みほん市"|initial }}'
    )
    assert template.render(Context()).endswith("1,200円み")


def test_only_a_field_that_was_asked_for_takes_the_cursor():
    for widget in ("text", "textarea", "select"):
        assert " autofocus" in components.field("k", "題名", widget=widget, autofocus=True)
        assert "autofocus" not in components.field("k", "題名", widget=widget)


def _entry(value="81手続", **more):
    return ComparisonEntry(value, "令和7年度", **more)


def _towns(number):
    return [ComparisonColumn(f"町{n}", f"/{n}/", lang="ja") for n in range(number)]


def test_in_simple_japanese_the_meaning_follows_the_citys_word():
    assert set(SIMPLE) == set(components.MEANINGS)
    with override("ja-simple"):
        assert "停滞" in components.progress_badge("停滞", "stopped")
        assert "（とまって います）" in components.progress_badge("停滞", "stopped")
        assert "（" not in components.progress_badge("停滞")
    with override("ja"):
        assert "（" not in components.progress_badge("停滞", "stopped")


def test_a_comparison_gives_each_number_its_year_its_source_and_its_town():
    rows = [
        ComparisonRow(
            "電子申請",
            [
                [_entry(href="/81/", goal="目標 110", counted="累計"), _entry("19%")],
                [_entry("62件", caution="単位が違います")],
                [],
            ],
            caution="定義が違います",
        )
    ]
    reader = read(components.comparison("c", "比較", _towns(3), rows))
    assert [attrs["data-label"] for tag, attrs in reader.tags if "data-label" in attrs] == [
        "町0",
        "町1",
        "町2",
    ]
    assert "/81/" in [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert reader.text.count("令和7年度") == 3
    assert "比較に注意：単位が違います" in reader.text
    assert "比較に注意：定義が違います" in reader.text
    assert reader.text.count("—（記載なし）") == 1
    assert reader.text.index("令和7年度") < reader.text.index("目標 110") < reader.text.index("累計")
    assert [tag for tag, _attrs in reader.tags].count("details") == 1, "how it was counted is folded"


@pytest.mark.parametrize("number", [1, 9])
def test_a_comparison_has_two_to_eight_columns(number):
    with pytest.raises(ValueError, match=f"{number} columns"):
        components.comparison("c", "比較", _towns(number), [])


def test_a_comparison_refuses_a_row_of_another_length_and_draws_nothing_without_rows():
    with pytest.raises(ValueError, match="1 cells for 2"):
        components.comparison("c", "比較", _towns(2), [ComparisonRow("電子申請", [[]])])
    assert components.comparison("c", "比較", _towns(2), []) == ""
