"""A cell of a hundred thousand marks costs no more than its length: no pattern tries every way of cutting it."""

from __future__ import annotations

import pytest

from yakuba.services.plan.reading import cells


@pytest.mark.parametrize("mark", ["1", "①", "(", "1,", "-", "あ"])
def test_a_long_cell_is_judged_at_once(mark: str) -> None:
    found = cells.look(mark * 100_000 + "x")
    assert not found.figure
    assert not found.number
