"""The pure rules of the plan."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.forms import initiative
from yakuba.kernel.actions import Problem
from yakuba.services.plan import rules


def test_rows_pair_by_kind_number_and_year() -> None:
    current = [initiative("1", "窓口"), initiative("2", "地図"), initiative("2", "地図", kind="operate")]
    fresh = [
        initiative("2", "地図（改）", kind="operate"),
        initiative("2", "地図"),
        initiative("3", "新しい取組"),
    ]
    assert rules.pair(current, fresh) == rules.Pairing((2, 1, None), (0,))


def test_rows_with_one_number_pair_in_their_order() -> None:
    current = [initiative("2", "甲"), initiative("2", "乙")]
    assert rules.pair(current, copy.deepcopy(current)).matches == (0, 1)


def test_a_corrected_number_pairs_by_title() -> None:
    current = [initiative("7", "同じ 取組")]
    assert rules.pair(current, [initiative("1", "同じ取組")]).matches == (0,)


def test_full_width_numbers_are_the_same_number() -> None:
    assert rules.pair([initiative("１２", "甲")], [initiative("12", "乙")]).matches == (0,)


@given(st.permutations(list(range(6))))
def test_every_row_pairs_at_most_once(order: list[int]) -> None:
    current = [initiative(str(n % 4), f"取組{n}") for n in range(6)]
    pairing = rules.pair(current, [current[n] for n in order])
    found = [match for match in pairing.matches if match is not None]
    assert len(set(found)) == len(found)
    assert set(found) | set(pairing.left) == set(range(6))


def test_corrections_survive_a_second_reading() -> None:
    before = initiative("1", "正しい名前", values=["12件"])
    before["corrected"] = {"title": {"by": "例示", "on": "2026-04-01"}}
    fresh = initiative("1", "誤っだ名前", values=["15件"])
    fresh["doubts"] = [{"field": "title", "code": "x", "candidates": [], "note": ""}]
    merged, lost = rules.keep_corrections(before, fresh)
    assert merged["title"] == "正しい名前"
    assert merged["indicators"][0]["values"][0]["raw"] == "15件"
    assert merged["corrected"] == before["corrected"]
    assert merged["doubts"] == []
    assert lost == []
    assert fresh["title"] == "誤っだ名前", "the new reading itself is left as it is"


def test_a_corrected_value_keeps_its_figures() -> None:
    before = rules.correct(initiative("1", "甲", values=["1O件"]), "indicators[0].values[0].raw", "約10件")
    before["corrected"] = {"indicators[0].values[0].raw": {"by": "例示", "on": "2026-04-01"}}
    merged, _lost = rules.keep_corrections(before, initiative("1", "甲", values=["1O件"]))
    value = merged["indicators"][0]["values"][0]
    assert (value["raw"], value["number"], value["approximate"]) == ("約10件", "10", True)


def test_a_correction_without_a_place_is_told() -> None:
    before = initiative("1", "甲", values=["1件", "2件"])
    before["corrected"] = {"indicators[0].values[1].raw": {"by": "例示", "on": "2026-04-01"}}
    merged, lost = rules.keep_corrections(before, initiative("1", "甲", values=["1件"]))
    assert lost == ["indicators[0].values[1].raw"]
    assert merged["corrected"] == {}


def test_a_correction_stays_with_its_indicator_and_its_year() -> None:
    before = rules.correct(
        initiative("1", "甲", values=["1件", "2件"]), "indicators[0].values[1].raw", "20件"
    )
    before["corrected"] = {"indicators[0].values[1].raw": {"by": "例示", "on": "2026-04-01"}}
    fresh = initiative("1", "甲", values=["1件", "2件"])
    fresh["indicators"].insert(0, {**copy.deepcopy(fresh["indicators"][0]), "name": "別の指標"})
    fresh["indicators"][1]["values"].pop(0)
    merged, lost = rules.keep_corrections(before, fresh)
    assert lost == []
    assert [v["raw"] for v in merged["indicators"][0]["values"]] == ["1件", "2件"]
    assert [v["raw"] for v in merged["indicators"][1]["values"]] == ["20件"]
    assert list(merged["corrected"]) == ["indicators[1].values[0].raw"]


RAW = "indicators[0].values[0].raw"


def corrected(text: str, old: str = "412件", **more: object) -> tuple[rules.Form, list[rules.Form]]:
    form = initiative("1", "甲", values=[old])
    form["indicators"][0] |= more
    form = rules.correct(form, RAW, old)
    after = rules.correct(form, RAW, text)
    return after, rules.questions(form, after, RAW)


@pytest.mark.parametrize(
    "text", ["よんひゃく", "４１２．５．３件", "412", "412円", "410件 420件", "順調", "0.412"]
)
def test_a_slip_in_a_value_is_asked_about(text: str) -> None:
    _after, found = corrected(text)
    assert found
    assert all(doubt["note"] and doubt["field"].startswith("indicators[0].values[0].") for doubt in found)


@pytest.mark.parametrize("text", ["413件", "約400件", "４１３件", "―", "なし", ""])
def test_a_value_as_expected_raises_no_question(text: str) -> None:
    assert corrected(text)[1] == []


def test_the_indicators_unit_may_be_taken() -> None:
    assert corrected("41手続", old="41件", unit="手続")[1] == []
    assert corrected("0.312", old="31.2%")[1][0]["candidates"] == ["0.312", "0.312%"]
    assert corrected("13", old="12")[1] == [], "there was no unit to lose"


def test_a_question_about_a_correction_survives_a_second_reading() -> None:
    before, found = corrected("よんひゃく")
    rules.settle(before, RAW, "例示", "2026-04-01")
    before["doubts"] += found
    fresh = initiative("1", "甲", values=["412件"])
    fresh["doubts"] = [
        {"field": "indicators[0].values[0].number", "code": "x", "candidates": [], "note": "x"}
    ]
    merged, _lost = rules.keep_corrections(before, fresh)
    assert merged["doubts"] == found


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("概ね 順調", "mostly_on_track"), ("完了", "completed"), ("二重丸", None), ("", None)],
)
def test_what_a_progress_word_means_follows_the_word(word: str, meaning: str | None) -> None:
    form = rules.correct(initiative("1", "甲", progress="遅れ", progress_meaning="behind"), "progress", word)
    assert (form["progress"], form["progress_meaning"]) == (word or None, meaning)
    form["corrected"] = {"progress": {"by": "例示", "on": "2026-04-01"}}
    merged, _lost = rules.keep_corrections(
        form, initiative("1", "甲", progress="遅れ", progress_meaning="behind")
    )
    assert merged["progress_meaning"] == meaning


def test_what_a_document_does_not_say_stays_known() -> None:
    before = initiative("1", "甲", values=["1件"])
    before["indicators"][0] |= {"direction": "increase", "aggregation": "at_date"}
    before["indicators"][0]["values"][0]["status"] = "final"
    merged, _lost = rules.keep_corrections(before, initiative("1", "甲", values=["1件"]))
    assert merged["indicators"][0]["direction"] == "increase"
    assert merged["indicators"][0]["values"][0]["status"] == "final"
    changed, _lost = rules.keep_corrections(before, initiative("1", "甲", values=["9件"]))
    assert changed["indicators"][0]["values"][0]["status"] is None, "another value's status is not known"


def test_an_emptied_text_counts_as_not_printed() -> None:
    form = initiative("1", "甲")
    form["texts"] = {"approach": "本文"}
    assert rules.correct(form, "texts.approach", "")["texts"] == {}
    assert rules.correct(form, "texts.schedule", "予定")["texts"] == {"approach": "本文", "schedule": "予定"}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "id",
        "version",
        "title[0]",
        "texts.unknown",
        "indicators[0].values[9].raw",
        "indicators[9].name",
        "a.b",
        "indicators[00].name",
        "indicators[０].name",
        "indicators[99999].name",
        "title.raw",
    ],
)
def test_only_named_cells_can_be_corrected(path: str) -> None:
    with pytest.raises(Problem) as caught:
        rules.correct(initiative("1", "甲", values=["1件"]), path, "x")
    assert caught.value.code == "path"


@pytest.mark.parametrize(
    "path", ["title.x", "title[0]", "progress.x", "indicators.name", "indicators[0][0]", "x"]
)
def test_a_path_into_nothing_is_a_lookup_error(path: str) -> None:
    form = initiative("1", "甲", values=["1件"])
    with pytest.raises(LookupError):
        rules.get(form, path)
    with pytest.raises(LookupError):
        rules.put(form, path, "x")


def test_a_title_cannot_be_emptied() -> None:
    with pytest.raises(Problem) as caught:
        rules.correct(initiative("1", "甲"), "title", "  ")
    assert caught.value.code == "required"


def test_too_long_says_how_long() -> None:
    with pytest.raises(Problem) as caught:
        rules.correct(initiative("1", "甲"), "title", "あ" * 301)
    assert (caught.value.found, caught.value.expected) == ("301", "300")


def test_correcting_leaves_the_given_form_alone() -> None:
    form = initiative("1", "甲", values=["1件"])
    kept = copy.deepcopy(form)
    rules.correct(form, "indicators[0].values[0].raw", "2件")
    assert form == kept


def test_a_field_found_right_is_no_correction_but_is_kept() -> None:
    row = initiative("1", "電子申請")
    row["doubts"] = [{"field": "title", "code": "blank-cell", "candidates": [], "note": ""}]
    rules.settle(row, "title", "架空よつば", "2026-06-01", confirmed=True)
    assert row["doubts"] == []
    assert row["corrected"]["title"]["confirmed"] is True
    assert rules.corrections(row) == []
    rules.settle(row, "number", "架空よつば", "2026-06-01")
    assert rules.corrections(row) == ["number"]
