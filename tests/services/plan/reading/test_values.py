from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.services.plan.reading.columns import Column, Role
from yakuba.services.plan.reading.indicators import Read, ValueCell, read_indicators
from yakuba.services.plan.reading.shapes import DecimalText
from yakuba.services.plan.reading.values import MAX_VALUE, read_value, split_labels, split_parts


@pytest.mark.parametrize(
    ("raw", "number", "unit", "approximate"),
    [
        ("0", "0", None, False),
        ("12件", "12", "件", False),
        ("１２件", "12", "件", False),
        ("1,234,567円", "1234567", "円", False),
        ("約50名", "50", "名", True),
        ("約 1,200 人", "1200", "人", True),
        ("おおむね3割", "3", "割", True),
        ("延べ41人", "41", "人", False),
        ("99.9%準拠", "99.9", "%", False),
        ("38.0％", "38", "%", False),
        ("-3.5ポイント", "-3.5", "ポイント", False),
        ("▲2件", "-2", "件", False),
        ("346名（138%）", "346", "名", False),
        ("登録者数3,360名", "3360", "名", False),
        ("令和5年度の審査のうち、採用された件数 6件", "6", "件", False),
        ("会議録 (R3とR4比較) 519時間", "519", "時間", False),
        ("932時間 (自動化による削減)", "932", "時間", False),
        ("10件達成", "10", "件", False),
        ("36か所（一課分）", "36", "か所", False),
        ("3,000千円", "3000", "千円", False),
        ("令和6年3月末で12件", "12", "件", False),
        ("007", "7", None, False),
    ],
)
def test_numbers_and_units(raw: str, number: str, unit: str | None, approximate: bool):
    printed = read_value(raw)
    assert (printed.number, printed.unit, printed.approximate) == (number, unit, approximate)
    assert printed.questions == ()


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "-",
            "―",
            "－",
            "ー",
            "…",
            "数値なし",
            "数値なし。",
            "(データなし)",
            "該当なし",
            "未定",
            "集計中",
            "N/A",
            "対象外",
        ),
        *("0% ※計画を令和5年度としているため。", "0件※令和6年度から実施予定", "※未実施のため"),
    ],
)
def test_no_value_is_never_zero(raw: str):
    printed = read_value(raw)
    assert printed.absent
    assert (printed.number, printed.state) == (None, None)
    assert printed.questions == ()


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        *(
            ("実施", "実施"),
            ("(未実施)", "未実施"),
            ("検討中。", "検討中"),
            ("導入済み", "導入済み"),
            ("構築 中", "構築中"),
        ),
        *(("構築・試行", "構築・試行"), ("有", "有"), ("無", "無"), ("○", "○")),
    ],
)
def test_words_are_states(raw: str, state: str):
    assert (read_value(raw).state, read_value(raw).number) == (state, None)


def test_a_value_of_twelve_with_a_note_is_still_a_value():
    assert read_value("12件 ※計画を令和5年度としているため。").number == "12"


@pytest.mark.parametrize(
    ("raw", "numerator", "denominator", "number"),
    [
        ("99.9%準拠 ※全5,412ページ中、5,409ページが準拠", "5409", "5412", "99.9"),
        ("90% (45/50件)", "45", "50", "90"),
        ("39/43件", "39", "43", None),
        ("全20施設のうち4施設", "4", "20", None),
    ],
)
def test_parts_of_a_whole(raw: str, numerator: str, denominator: str, number: str | None):
    printed = read_value(raw)
    assert (printed.numerator, printed.denominator, printed.number) == (numerator, denominator, number)


def test_a_day_is_no_fraction():
    printed = read_value("80% (12/15時点)")
    assert (printed.number, printed.denominator, printed.day) == ("80", None, (12, 15))


def test_the_whole_of_a_rate_is_known_by_the_indicators_name():
    printed = read_value("100% R3投稿件数 82件", "対応件数/投稿件数")
    assert (printed.number, printed.unit, printed.denominator, printed.questions) == ("100", "%", "82", ())


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("10 20", "several-numbers"),
        ("外部監査の実施", "state-in-phrase"),
        ("(12)件ほか", "number-in-brackets"),
        ("来年に持ち越し", "unread-value"),
        ("あ" * (MAX_VALUE + 1), "unread-value"),
    ],
)
def test_what_is_not_clear_is_a_question(raw: str, code: str):
    assert [question.code for question in read_value(raw).questions] == [code]


def test_parts_count_in_their_turn_only():
    heading, parts = split_parts("合わせて ①48.2% ②0% ※①は暫定 計48.2%")
    assert heading == "合わせて"
    assert [(part.mark, part.raw) for part in parts] == [
        ("①", "①48.2%"),
        ("②", "②0% ※①は暫定"),
        ("計", "計48.2%"),
    ]
    assert split_parts("第①期 10件") == ("第①期 10件", ())
    assert [part.mark for part in split_parts("(1)3件 (2)4件")[1]] == ["(1)", "(2)"]


def test_labelled_values_need_two():
    assert [part.raw for part in split_labels("受講者 甲:28人、乙：43人", "受講者の数")] == [
        "甲:28人",
        "乙：43人",
    ]
    assert split_labels("甲:28人", "") == ()
    assert [part.raw for part in split_labels("前期 甲:28人 乙:43人", "人数")] == ["前期 甲:28人", "乙:43人"]


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.sampled_from([*"0123456789,.%件人名約延べ全中、（）()/-年度令和R①②※:： 実施未検討"]), max_size=40
    )
)
def test_any_text_gives_a_decimal_or_none(raw: str):
    printed = read_value(raw, "対応/投稿")
    for number in (printed.number, printed.numerator, printed.denominator):
        if number is not None:
            assert DecimalText().read(number, "number") == number
    assert printed.read or printed.questions or printed.numerator is not None


def indicators(name: str, *raws: str, unit: str = "", kind: str = "actual") -> Read:
    columns = [
        Column(Role.VALUE, f"R{year - 2018}", kind, year, f"{year + 1}-03-31")
        for year in range(2021, 2021 + len(raws))
    ]
    return read_indicators(
        name,
        unit,
        [
            ValueCell(column, place, raw)
            for place, (column, raw) in enumerate(zip(columns, raws, strict=True))
        ],
    )


def grid(read: Read) -> list[tuple[str | None, str, list[str | None]]]:
    return [(one.number, one.name, [value.number for value in one.values]) for one in read.indicators]


def test_parts_of_the_name_and_of_the_values_meet():
    assert grid(indicators("①件数 ②割合", "①10件 ②50%", "①12件 ②55%")) == [
        ("①", "件数", ["10", "12"]),
        ("②", "割合", ["50", "55"]),
    ]


def test_parts_that_only_the_values_have_share_the_name():
    read = indicators(
        "設置数", "①36か所（一課分） ②1件（二課分） 計37か所", "①38か所（一課分） ②4件（二課） 計42か所"
    )
    assert grid(read) == [
        ("①", "設置数（一課分）", ["36", "38"]),
        ("②", "設置数（二課分）", ["1", "4"]),
        ("計", "設置数", ["37", "42"]),
    ]
    assert [one.unit for one in read.indicators] == ["か所", "件", "か所"]
    assert read.doubts == ()


def test_no_value_counts_for_every_part():
    read = indicators("①受講者 ②修了者", "0% ※計画を令和5年度としているため。", "①66人 ②2人")
    assert grid(read) == [("①", "受講者", [None, "66"]), ("②", "修了者", [None, "2"])]
    assert {one.values[0].raw for one in read.indicators} == {"0% ※計画を令和5年度としているため。"}


def test_a_figure_without_parts_beside_parts_is_an_indicator_of_its_own_in_doubt():
    read = indicators("①甲 ②乙", "①1件 ②2件", "9件")
    assert grid(read) == [("①", "甲", ["1"]), ("②", "乙", ["2"]), (None, "①甲 ②乙", ["9"])]
    assert [(doubt.field, doubt.code) for doubt in read.doubts] == [
        ("indicators[2].values[0].number", "parts-missing")
    ]


def test_labels_make_indicators_without_a_number():
    assert grid(indicators("研修の人数", "-", "甲研修:28人 乙研修:43人")) == [
        (None, "研修の人数（甲研修）", [None, "28"]),
        (None, "研修の人数（乙研修）", [None, "43"]),
    ]


def test_series_that_count_different_things_are_doubted():
    read = indicators("削減時間", "932時間 (自動化分)", "会議録 519時間")
    assert [doubt.code for doubt in read.doubts] == ["label-differs"]


def test_another_year_in_a_cell_is_doubted():
    read = indicators("採用の数", "令和5年度の採用 6件")
    assert [(doubt.field, doubt.candidates) for doubt in read.doubts] == [
        ("indicators[0].values[0].year", ("2021", "2023"))
    ]


def test_a_footnote_stays_with_the_part_it_speaks_of():
    read = indicators("①甲 ②乙 ※②は隔年", "①1件 ②2件")
    assert [(doubt.field, doubt.code, doubt.note) for doubt in read.doubts] == [
        ("indicators[1].name", "footnote", "※②は隔年")
    ]


def test_units_that_differ_are_doubted_and_a_unit_column_decides():
    read = indicators("数", "1件", "2人", "3件", unit="件")
    assert read.indicators[0].unit == "件"
    assert [(doubt.field, doubt.candidates) for doubt in read.doubts] == [
        ("indicators[0].unit", ("件", "人"))
    ]


def test_bounds_come_from_targets_that_agree():
    assert indicators("率", "80%以上", "90%以上", kind="target").indicators[0].bound == "at_least"
    assert indicators("率", "80%以上", "90%以下", kind="target").indicators[0].bound is None
    assert indicators("率", "80%以上", kind="actual").indicators[0].bound is None
    assert indicators("日数", "3日以内", kind="target").indicators[0].bound == "at_most"


def test_a_day_in_the_cell_is_the_day_of_its_fiscal_year():
    days = [
        value.as_of
        for value in indicators("率", "80% (12/15時点)", "81% (1/27時点)", "82%").indicators[0].values
    ]
    assert days == ["2021-12-15", "2023-01-27", "2024-03-31"]
