from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.ui.markup import read
from yakuba.kernel.ui import charts
from yakuba.kernel.ui.charts import Point, Series
from yakuba.kernel.ui.components import bar_line_chart, spark_line

NONE = Series("目標", ())


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
    one_level = 72
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
    reader = read(bar_line_chart("c", "配信数", actual, NONE, unit="件"))
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
    reader = read(bar_line_chart("c", "配信数", Series("実績", (Point(2023, "数値なし"),)), NONE))
    assert not any(tag == "svg" for tag, _attrs in reader.tags)
    assert "数値なし" in reader.text
    assert bar_line_chart("c", "配信数", Series("実績", ()), NONE) == ""


@given(st.lists(st.one_of(st.none(), finite), min_size=2, max_size=8), st.one_of(st.none(), finite))
def test_spark_lines_stay_in_their_box(values, goal):
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


def test_a_spark_line_needs_two_numbers():
    assert spark_line([Point(2023, "1", number=Decimal(1))], label="1") == ""
    assert "polyline" in spark_line(numbers("実績", y2023="1", y2024="2").points, label="1から2")
