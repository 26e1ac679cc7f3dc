"""A declaration that contradicts itself does not start."""

from __future__ import annotations

import pytest

from yakuba.engines.ledger.declaration import Chain, Numbering, Step


def chain(*steps: tuple[str, str], ended: str = "") -> Chain:
    states = [("new", "新"), ("kept", "継続"), ("gone", "終了")]
    made = tuple(Step(f"{start}-{end}", end, start, end) for start, end in steps)
    return Chain("state", "状態", states, "new", made, frozenset({ended} - {""}))


def test_a_chain_knows_its_moves() -> None:
    made = chain(("new", "kept"), ("kept", "gone"), ended="gone")
    assert [step.go_to for step in made.steps_from("kept")] == ["gone"]
    assert made.label_of("kept") == "継続"
    assert made.label_of("void") == "誤登録"


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((("new", "kept"),), id="nothing leads to gone"),
        pytest.param((("new", "kept"), ("kept", "lost")), id="lost is no state"),
        pytest.param((("new", "kept"), ("gone", "kept")), id="gone is only left"),
    ],
)
def test_a_state_that_cannot_be_reached_is_refused(steps: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match="state"):
        chain(*steps)


def test_a_number_shows_its_counter_and_its_year() -> None:
    assert Numbering("{year}-{seq}", width=4, by_year=True).written("R8", 12) == "R8-0012"
    assert Numbering("W{seq}").written("R8", 12) == "W12"
    with pytest.raises(ValueError, match="counter"):
        Numbering("W")
    with pytest.raises(ValueError, match="year"):
        Numbering("W{seq}", by_year=True)
