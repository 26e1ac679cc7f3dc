"""How an initiative stands: the city's word first, then what its figures did."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.forms import Form, indicator, initiative, value
from yakuba.services.plan.scoreboard import standing
from yakuba.services.plan.scoreboard.standing import Known, Standing
from yakuba.services.plan.shown import Row

ONE = UUID(int=1)


def numbers(found: dict[int, int], goal: int | None = None, year: int = 2026, **more: object) -> Form:
    """An indicator with actuals by year and a target."""
    values = [value(str(n), y, number=str(n)) for y, n in found.items()]
    if goal is not None:
        values.append(value(str(goal), year, "target", number=str(goal)))
    return indicator("手続数", values, **more)


def row(*indicators: Form, **more: object) -> Row:
    return Row(ONE, 0, initiative("1", "電子申請", indicators=list(indicators), **more))


def stands(found: Row, known: Known | None = None, year: int = 2025) -> Standing:
    return standing.standing(found, year, known or Known())


class TestCourse:
    @pytest.mark.parametrize(
        ("word", "meaning", "course"),
        [
            ("順調", "on_track", "on"),
            ("ほぼ順調", "mostly_on_track", "on"),
            ("やや遅れ", "behind", "still"),
            ("停滞", "stopped", "still"),
            ("廃止", "abolished", "over"),
            ("完了", "completed", "over"),
            ("未着手", "not_started", "open"),
            ("推進中", None, "open"),
        ],
    )
    def test_the_citys_own_word_decides(self, word: str, meaning: str | None, course: str) -> None:
        found = stands(row(progress=word, progress_meaning=meaning))
        assert found.course == course

    def test_a_word_is_stronger_than_figures(self) -> None:
        found = stands(row(numbers({2024: 5, 2025: 5}, 9), progress="順調", progress_meaning="on_track"))
        assert found.course == "on"
        assert found.still[0].since == 2024, "what stands is told all the same"

    def test_without_a_word_a_figure_that_moves_is_on_course(self) -> None:
        assert stands(row(numbers({2024: 5, 2025: 6}, 9))).course == "on"

    def test_and_one_that_stands_is_not(self) -> None:
        found = stands(row(numbers({2023: 3, 2024: 5, 2025: 5}, 9)))
        assert found.course == "still"
        assert (found.still[0].since, found.still[0].years) == (2024, 2)
        assert "5のまま" in found.why

    def test_one_that_is_there_may_stand(self) -> None:
        assert stands(row(numbers({2024: 9, 2025: 9}, 9))).course == "on"

    def test_a_wanted_fall_that_rises_stands_still(self) -> None:
        found = stands(row(numbers({2024: 30, 2025: 31}, 10, direction="decrease")))
        assert found.course == "still"

    def test_what_is_to_stay_is_not_judged(self) -> None:
        assert stands(row(numbers({2024: 5, 2025: 5}, 9, direction="maintain"))).course == "open"

    def test_old_figures_say_nothing_of_today(self) -> None:
        assert stands(row(numbers({2019: 5, 2020: 5}, 9)), year=2025).course != "still"

    def test_a_value_of_a_year_to_come_is_not_looked_at(self) -> None:
        assert stands(row(numbers({2024: 5, 2025: 5, 2026: 9}, 9))).course == "still"


class TestMeasured:
    def test_a_measured_figure_fills_the_years_that_the_plan_leaves_open(self) -> None:
        known = Known({(ONE, 0): {2025: Decimal(7)}})
        assert stands(row(numbers({2024: 5}, 9)), known).course == "on"

    def test_what_is_printed_counts_before_what_is_measured(self) -> None:
        known = Known({(ONE, 0): {2025: Decimal(7)}})
        assert stands(row(numbers({2024: 5, 2025: 5}, 9)), known).course == "still"

    def test_values_of_an_older_definition_are_not_compared(self) -> None:
        older = {2023: Decimal(14), 2024: Decimal(18), 2025: Decimal(22), 2026: Decimal(4)}
        aimed = row(numbers({}, 9, year=2028))
        cut = stands(aimed, Known({(ONE, 0): older}, breaks={(ONE, 0): (2026,)}), year=2026)
        assert (cut.course, cut.still) == ("open", ())
        later = Known({(ONE, 0): older | {2027: Decimal(4)}}, breaks={(ONE, 0): (2026,)})
        found = stands(aimed, later, year=2027)
        assert found.why == "「手続数」は令和8年度から4のままです。"

    def test_a_rise_across_a_changed_definition_is_no_move(self) -> None:
        known = Known({(ONE, 0): {2024: Decimal(5), 2025: Decimal(7)}}, breaks={(ONE, 0): (2025,)})
        assert stands(row(numbers({}, 9)), known).course == "open"

    def test_since_is_a_year_that_holds_the_value(self) -> None:
        known = Known({(ONE, 0): {2022: Decimal(7), 2023: Decimal(6), 2024: Decimal(4), 2025: Decimal(4)}})
        assert stands(row(numbers({}, 9)), known).why == "「手続数」は令和6年度から4のままです。"

    def test_one_that_fell_is_not_told_to_stay(self) -> None:
        known = Known({(ONE, 0): {2024: Decimal(7), 2025: Decimal(4)}})
        why = stands(row(numbers({}, 9)), known).why
        assert why == "「手続数」は令和6年度に7、令和7年度に4で、目標に近づいていません。"

    def test_a_service_without_a_measure_is_told(self) -> None:
        known = Known(services={"online-applications": ("オンライン手続数",)})
        themed = row(numbers({2025: 5}, 9), themes=["online-applications"])
        found = stands(themed, known)
        assert found.unmeasured
        assert found.services == ("オンライン手続数",)
        bound = Known({(ONE, 0): {}}, known.services)
        assert not stands(themed, bound).unmeasured, "bound, if without a figure yet"

    def test_what_is_over_need_not_be_measured(self) -> None:
        known = Known(services={"online-applications": ("オンライン手続数",)})
        over = row(themes=["online-applications"], progress="廃止", progress_meaning="abolished")
        assert not stands(over, known).unmeasured


class TestProperties:
    @given(
        st.dictionaries(st.integers(2018, 2025), st.integers(0, 50), max_size=8),
        st.integers(0, 50),
        st.sampled_from([None, "increase", "decrease", "reach"]),
    )
    def test_nothing_both_moves_and_stands(
        self, found: dict[int, int], goal: int, direction: str | None
    ) -> None:
        one = numbers(dict(sorted(found.items())), goal, direction=direction)
        stood = standing.still(one, 2025, {})
        if stood is not None:
            assert standing.moving(one, 2025, {}) is False
            run = [found[y] for y in sorted(found) if y >= stood.since]
            assert len(run) == stood.years >= 2
            assert len({found[y] for y in found if y >= stood.held}) == 1
            up = direction in ("increase", "reach") or (direction is None and goal > found[min(found)])
            assert all((run[-1] <= was) if up else (run[-1] >= was) for was in run)
            assert run[-1] < goal if up else run[-1] > goal

    @given(st.lists(st.sampled_from(["順調", "停滞", "廃止", ""]), max_size=12))
    def test_every_initiative_is_counted_once(self, words: list[str]) -> None:
        rows = [
            standing.standing(
                Row(UUID(int=n), n, initiative(str(n), "x", progress=word or None)), 2025, Known()
            )
            for n, word in enumerate(words)
        ]
        counted = standing.tally(rows)
        assert sum(counted.course.values()) == counted.whole == len(words)


def test_signs_have_words_and_shapes() -> None:
    found = standing.tally([stands(row(progress="順調", progress_meaning="on_track"))])
    html = "".join(str(one) for one in found.signs())
    assert "順調に進んでいる 1件" in html
    assert "進んでいない 0件" in html
    assert "測っていない 0件" in html
    assert html.count("<svg") == 3
