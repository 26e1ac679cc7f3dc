import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.ui.markup import read
from yakuba.kernel.ui import charts
from yakuba.kernel.ui.charts import Point, Series
from yakuba.kernel.ui.charts.shapes import width_of
from yakuba.kernel.ui.components import indicator_chart, spark_line

NONE = Series("目標", ())
FALL = charts.Wish("下げる目標", falls=True)


def numbers(label: str, **values: str) -> Series:
    return Series(
        label, tuple(Point(int(year[1:]), raw, number=Decimal(raw)) for year, raw in values.items())
    )


def words(label: str, **values: str) -> Series:
    return Series(label, tuple(Point(int(year[1:]), word, word=word) for year, word in values.items()))


finite = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)


@given(st.lists(finite, min_size=1), st.booleans())
def test_ticks_enclose_all_values_and_zero(values, whole):
    low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
    ticks = charts.ticks_of(low, high, whole=whole)
    assert ticks[0] <= low <= 0 <= high <= ticks[-1]
    assert Decimal(0) in ticks
    assert 2 <= len(ticks) <= 7
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1
    if whole:
        assert all(tick == tick.to_integral_value() for tick in ticks)


@pytest.mark.parametrize(
    ("high", "expected"),
    [("110", ["0", "25", "50", "75", "100", "125"]), ("3", ["0", "1", "2", "3"]), ("0", ["0", "1"])],
)
def test_ticks_are_round(high, expected):
    assert [
        charts.figure(tick) for tick in charts.ticks_of(Decimal(0), Decimal(high), whole=True)
    ] == expected


@given(st.lists(st.decimals(min_value=0, max_value=10**6, places=1), min_size=1, max_size=8))
def test_bars_stand_on_zero_and_measure_their_value(values):
    series = Series("実績", tuple(Point(2020 + n, str(v), number=v) for n, v in enumerate(values)))
    drawing = charts.numbers_drawing(series, NONE)
    assert drawing is not None
    zero = next(line.y for line in drawing.grid if line.axis)
    assert zero == max(line.y for line in drawing.grid)
    tallest = max(values)
    for bar, value in zip(drawing.bars, values, strict=True):
        assert bar.y + bar.height == pytest.approx(zero, abs=1.1)
        if tallest:
            assert bar.height == pytest.approx(
                float(value / tallest) * max(one.height for one in drawing.bars), abs=1.2
            )


def test_a_missing_year_is_a_gap_in_the_line_and_a_place_on_the_axis():
    target = numbers("目標", y2020="1", y2021="2", y2023="4", y2024="5")
    drawing = charts.numbers_drawing(NONE, target)
    assert drawing is not None
    assert len(drawing.lines) == 2
    assert [label.text for label in drawing.labels if label.text.startswith("R")] == [
        "R2",
        "R3",
        "R4",
        "R5",
        "R6",
    ]


def test_negative_values_hang_below_zero():
    drawing = charts.numbers_drawing(numbers("実績", y2020="-5", y2021="10"), NONE)
    assert drawing is not None
    zero = next(line.y for line in drawing.grid if line.axis)
    below, above = drawing.bars
    assert below.y == zero
    assert above.y + above.height == pytest.approx(zero)


def test_a_word_among_numbers_is_written_at_the_axis():
    actual = Series(
        "実績", (Point(2023, "未実施", word="未実施"), Point(2024, "7.8%", number=Decimal("7.8")))
    )
    drawing = charts.numbers_drawing(actual, NONE)
    assert drawing is not None
    assert "未実施" in [label.text for label in drawing.labels]
    assert len(drawing.bars) == 1


def test_words_are_steps_in_their_order():
    actual = words("実績", y2023="検討", y2024="試行", y2026="実施")
    drawing = charts.words_drawing(actual, NONE, ("検討", "試行", "実施"))
    assert drawing is not None
    assert len(drawing.stairs) == 2, "2025 is a gap"
    heights = [dot.y for dot in drawing.knots]
    assert heights == sorted(heights, reverse=True), "higher words stand higher"


def test_only_words_that_occur_are_levels():
    order = ("未実施", "検討", "準備", "試行", "実施", "完了")
    drawing = charts.words_drawing(
        words("実績", y2023="検討", y2024="準備"), words("目標", y2025="実施"), order
    )
    assert drawing is not None
    assert [label.text for label in drawing.labels if label.anchor == "end"] == ["検討", "準備", "実施"]
    heights = [line.y for line in drawing.grid]
    assert heights == sorted(heights, reverse=True)
    assert {low - high for low, high in pairwise(heights)} == {charts.RISE}, "levels stand at even heights"


@given(st.lists(st.sampled_from(["検討", "試行", "実施", "継続"]), min_size=1, max_size=6))
def test_a_staircase_is_as_high_as_it_has_words(found):
    series = Series("実績", tuple(Point(2020 + n, word, word=word) for n, word in enumerate(found)))
    drawing = charts.words_drawing(series, NONE, ("検討", "試行", "実施", *(f"ほか{n}" for n in range(20))))
    assert drawing is not None
    assert len(drawing.grid) == len(set(found))
    one_level = 82
    assert drawing.height == one_level + charts.RISE * (len(set(found)) - 1)


def test_words_without_an_order_are_all_kept():
    drawing = charts.words_drawing(words("実績", y2023="実施"), words("目標", y2023="継続"), ())
    assert drawing is not None
    assert {"実施", "継続"} <= {label.text for label in drawing.labels}
    assert len(drawing.dots) == 1


def test_a_year_may_not_occur_twice():
    with pytest.raises(ValueError, match="twice"):
        Series("実績", (Point(2024, "1"), Point(2024, "2")))


def test_chart_and_table_say_the_same():
    actual = Series(
        "実績",
        (
            Point(2023, "約150件", number=Decimal(150)),
            Point(2025, "数値なし"),
            Point(2026, "214", number=Decimal(214), status="provisional"),
        ),
    )
    reader = read(indicator_chart("c", "配信数", actual, NONE, unit="件"))
    for text in (
        "令和5年度（2023）",
        "約150件",
        "令和6年度（2024）",
        "―",
        "数値なし",
        "214（見込）",
        "単位：件",
    ):
        assert text in reader.text
    assert any(tag == "rect" and "provisional" in (attrs["class"] or "") for tag, attrs in reader.tags)
    svg = next(attrs for tag, attrs in reader.tags if tag == "svg")
    assert svg["aria-labelledby"] == "c-title c-desc"
    assert {"c-title", "c-desc"} <= set(reader.ids)


def test_without_numbers_and_words_the_table_stands_alone():
    reader = read(indicator_chart("c", "配信数", Series("実績", (Point(2023, "数値なし"),)), NONE))
    assert not any(tag == "svg" for tag, _attrs in reader.tags)
    assert "数値なし" in reader.text
    assert indicator_chart("c", "配信数", Series("実績", ()), NONE) == ""


def described(*args, **more) -> str:
    html = indicator_chart("c", "題", *args, **more)
    return html.partition('<desc id="c-desc">')[2].partition("</desc>")[0]


def test_a_baseline_is_a_hollow_bar_named_below_and_a_level_through_the_later_years():
    drawing = charts.numbers_drawing(
        numbers("実績", y2024="57"), numbers("目標", y2026="110"), baseline=numbers("現状値", y2023="38")
    )
    assert drawing is not None
    assert [bar.kind for bar in drawing.bars] == ["base", ""]
    name = next(label for label in drawing.labels if label.text == "現状値")
    assert name.x == drawing.bars[0].x + drawing.bars[0].width / 2
    assert name.y > next(label.y for label in drawing.labels if label.text == "R5")
    (level,) = drawing.levels
    assert {float(place.split(",")[1]) for place in level.split()} == {drawing.bars[0].y}


def test_the_actual_wins_over_a_baseline_of_its_year_and_the_level_stays():
    drawing = charts.numbers_drawing(
        numbers("実績", y2023="40", y2024="57"), NONE, baseline=numbers("現状値", y2023="38")
    )
    assert drawing is not None
    assert [bar.kind for bar in drawing.bars] == ["", ""]
    assert len(drawing.levels) == 1
    assert (
        "点線：現状値"
        in read(
            indicator_chart(
                "c",
                "題",
                numbers("実績", y2023="40", y2024="57"),
                NONE,
                baseline=numbers("現状値", y2023="38"),
            )
        ).text
    )


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_only_a_fall_that_is_wanted_gets_an_arrow_and_it_points_down(start, goal):
    base, target = numbers("現状値", y2023=str(start)), numbers("目標", y2026=str(goal))
    plain = charts.numbers_drawing(NONE, target, baseline=base)
    wanted = charts.numbers_drawing(NONE, target, baseline=base, wish=FALL)
    assert plain is not None
    assert wanted is not None
    assert plain.arrow == ()
    if wanted.arrow:
        assert goal < start
    else:
        assert goal > start * 0.95 or start == 0, "a fall that the eye can see has its arrow"
    assert "下げる目標" in [label.text for label in wanted.labels]
    if wanted.arrow:
        (_x1, top), (_x2, end) = (map(float, place.split(",")) for place in wanted.arrow[0].split())
        assert top < end
        assert end == wanted.dots[-1].y


def test_an_arrow_never_starts_before_a_cut():
    base, target = numbers("現状値", y2023="100"), numbers("目標", y2026="50")
    drawing = charts.numbers_drawing(NONE, target, baseline=base, wish=FALL, breaks={2025: "定義変更"})
    assert drawing is not None
    assert drawing.arrow == ()
    (level,) = drawing.levels
    assert max(float(place.split(",")[0]) for place in level.split()) <= drawing.cuts[0].x


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=8), st.integers(2021, 2027))
def test_no_line_crosses_a_missing_year_or_a_cut(known, cut):
    years = [2020 + n for n, there in enumerate(known) if there]
    target = Series("目標", tuple(Point(year, "5", number=Decimal(5)) for year in years))
    word = Series("実績", tuple(Point(year, "実施", word="実施") for year in years))
    drawn = [
        charts.numbers_drawing(NONE, target, breaks={cut: "定義変更"}),
        charts.words_drawing(word, NONE, (), breaks={cut: "定義変更"}),
    ]
    for drawing in drawn:
        if not years:
            assert drawing is None
            continue
        assert drawing is not None
        assert len(drawing.cuts) == (years[0] < cut <= years[-1])
        for line in (*drawing.lines, *drawing.stairs):
            xs = [float(place.split(",")[0]) for place in line.split()]
            assert all(max(xs) <= one.x or min(xs) >= one.x for one in drawing.cuts)
    if years and drawn[0] and drawn[1]:
        runs = 1 + sum(late != early + 1 or late == cut for early, late in pairwise(years))
        assert len(drawn[1].stairs) == runs


@settings(deadline=None)
@given(
    st.lists(st.decimals(0, 10**9, places=1), min_size=1, max_size=6),
    st.sampled_from([None, FALL, charts.Wish("維持する目標")]),
    st.sampled_from([{}, {2021: "定義変更"}]),
    st.booleans(),
)
def test_everything_stays_inside_the_picture(values, wish, breaks, revised):
    points = [Point(2020 + n, "", number=value, revision=int(revised)) for n, value in enumerate(values)]
    drawing = charts.numbers_drawing(
        Series("実績", tuple(points[1:])),
        Series("目標", (Point(2026, "1", number=Decimal(1)),)),
        baseline=Series("現状値", tuple(points[:1])),
        wish=wish,
        breaks=breaks,
    )
    assert drawing is not None
    for bar in drawing.bars:
        assert drawing.left <= bar.x
        assert bar.x + bar.width <= drawing.width
        assert 0 <= bar.y <= bar.y + bar.height <= drawing.height
    for label in drawing.labels:
        size = width_of(label.text) * (12 / 14 if "quiet" in label.kind else 1)
        start = label.x - size * {"middle": 0.5, "end": 1}[label.anchor]
        assert start >= -1, label
        assert start + size <= drawing.width + 1, label
        assert 8 <= label.y <= drawing.height, label
    for line in (*drawing.levels, *drawing.arrow, *drawing.lines):
        assert all(0 <= float(place.split(",")[0]) <= drawing.width for place in line.split())


def test_a_revised_value_is_marked_and_the_table_tells_what_it_was():
    actual = Series(
        "実績",
        (
            Point(2024, "84", number=Decimal(84), former=("81（見込）",), note="確定した"),
            Point(2025, "90", number=Decimal(90), revision=2),
        ),
    )
    reader = read(indicator_chart("c", "題", actual, NONE))
    assert "84※" in reader.text
    assert "改める前：81（見込）" in reader.text
    assert "2回改めた値" in reader.text
    assert "確定した" in reader.text
    assert "※：公表のあとで改めた値" in reader.text
    assert "※" not in read(indicator_chart("c", "題", numbers("実績", y2024="84"), NONE)).text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("11.8%", True), ("11.8%（3,742/31,710）", False), ("１１．８％（３７４２／３１７１０）", False)],
)
def test_a_share_shows_its_parts_once(raw, shown):
    point = Point(2024, raw, number=Decimal("11.8"), numerator=Decimal(3742), denominator=Decimal(31710))
    text = read(indicator_chart("c", "題", Series("実績", (point,)), NONE)).text
    assert ("3,742／31,710" in text) is shown


def test_a_day_is_told_where_it_is_not_the_end_of_the_year():
    points = (
        Point(2024, "1", number=Decimal(1), as_of=dt.date(2025, 3, 31)),
        Point(2025, "2", number=Decimal(2), as_of=dt.date(2026, 3, 1)),
    )
    text = read(indicator_chart("c", "題", Series("実績", points), NONE)).text
    assert "令和8年3月1日現在" in text
    assert "3月31日" not in text


def test_the_table_has_a_row_per_kind_and_a_column_per_year():
    reader = read(
        indicator_chart(
            "c",
            "題",
            numbers("実績", y2025="81"),
            numbers("目標", y2026="110"),
            baseline=numbers("現状値", y2023="38"),
            breaks={2025: "数え方", 2040: "表の外"},
        )
    )
    heads = [attrs for tag, attrs in reader.tags if tag == "th"]
    assert [head["scope"] for head in heads] == ["col"] * 5 + ["row"] * 3
    cells = [attrs["data-label"] for tag, attrs in reader.tags if tag == "td"]
    assert cells == ["令和5年度", "令和6年度", "令和7年度", "令和8年度"] * 3
    assert "令和7年度から定義変更：数え方" in reader.text
    assert "表の外" not in reader.text


def test_an_order_that_nobody_gave_is_admitted():
    said = "段の上下：計画に出てきた順"
    unordered = words("実績", y2023="啓発", y2024="共同点検")
    assert said in read(indicator_chart("c", "題", unordered, NONE)).text
    assert said in read(indicator_chart("c", "題", unordered, NONE, levels=("啓発",))).text
    assert said not in read(indicator_chart("c", "題", unordered, NONE, levels=("啓発", "共同点検"))).text
    assert said not in read(indicator_chart("c", "題", words("実績", y2023="実施", y2024="実施"), NONE)).text


def test_words_before_a_cut_and_words_that_are_not_final():
    actual = Series(
        "実績", (Point(2024, "検討", word="検討"), Point(2025, "試行", word="試行", status="provisional"))
    )
    drawing = charts.words_drawing(actual, NONE, (), baseline=words("現状値", y2023="検討"))
    assert drawing is not None
    assert [dot.kind for dot in drawing.knots] == ["base", "", "provisional"]
    assert [label.text for label in drawing.labels if "quiet" in label.kind] == ["実績"]


def test_the_chart_is_told_in_sentences():
    actual = Series(
        "実績",
        (
            Point(2024, "57", number=Decimal(57)),
            Point(2025, "81手続", number=Decimal(81), status="provisional"),
        ),
    )
    base, target = numbers("現状値", y2023="38"), numbers("目標", y2024="60", y2026="110")
    assert (
        described(actual, target, baseline=base, unit="手続")
        == "令和5年度38手続から令和7年度81手続（見込）へ。令和8年度の目標は110手続。"
    )
    assert (
        described(base, NONE, unit="手続", direction="decrease") == "令和5年度は38手続。下げることを目指す。"
    )
    assert "令和7年度から定義が変わり" in described(actual, target, breaks={2025: ""})
    assert described(actual, target, description="べつの説明") == "べつの説明"


def test_the_table_can_be_folded_away():
    drawn = indicator_chart("c", "題", numbers("実績", y2024="57"), NONE, fold=True)
    assert "数字を表で見る" in read(drawn).text
    assert drawn.index("<details>") < drawn.index("<table") < drawn.index("</details>")


def test_a_value_that_is_not_exact_says_so():
    actual = Series("実績", (Point(2024, "約150件", number=Decimal(150), approximate=True),))
    assert ">約150<" in indicator_chart("c", "題", actual, NONE)


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.none(), finite), min_size=2, max_size=8),
    st.one_of(st.none(), finite),
    st.booleans(),
)
def test_spark_lines_stay_in_their_box(values, goal, in_words):
    if in_words:
        points = [Point(2020 + n, "", word="" if v is None else str(v % 3)) for n, v in enumerate(values)]
        drawing = charts.spark(points, None if goal is None else str(goal), levels=("0.00", "1.00"))
    else:
        points = [Point(2020 + n, "", number=value) for n, value in enumerate(values)]
        drawing = charts.spark(points, goal)
    if sum(value is not None for value in values) < 2:
        assert drawing is None
        return
    assert drawing is not None
    places = [place.split(",") for line in drawing.lines for place in line.split()]
    for x, y in [*places, *((dot.x, dot.y) for dot in drawing.dots)]:
        assert 0 <= float(x) <= charts.SPARK_WIDTH
        assert 0 <= float(y) <= charts.SPARK_HEIGHT


def test_words_in_a_spark_line_are_steps():
    drawing = charts.spark(
        words("実績", y2023="検討", y2024="試行", y2025="実施").points,
        "実施",
        levels=("検討", "試行", "実施"),
    )
    assert drawing is not None
    (line,) = drawing.lines
    places = [tuple(map(float, place.split(","))) for place in line.split()]
    assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(places)), "no slopes"
    assert drawing.goal == places[-1][1] < places[0][1]


def test_a_spark_line_needs_two_values():
    assert spark_line([Point(2023, "1", number=Decimal(1))], label="1") == ""
    assert "polyline" in spark_line(numbers("実績", y2023="1", y2024="2").points, label="1から2")
    told = spark_line(numbers("実績", y2023="1", y2024="2").points)
    assert "<title>令和5年度1から令和6年度2へ。</title>" in told
