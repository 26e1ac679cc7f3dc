"""Small cells: whoever knows the rule and the total does not find what is hidden."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yakuba.engines.ledger.small_cells import LEAST, Shown, shown

TABLES = some.dictionaries(some.sampled_from("あいうえおかきくけこ"), some.integers(0, 40), max_size=10)


@given(TABLES)
def test_what_is_shown_is_true_and_not_small(counts: dict[str, int]) -> None:
    found = shown(counts)
    assert set(found.cells) == set(counts)
    for key, many in found.cells.items():
        assert many is None or (many == counts[key] and (many == 0 or many >= LEAST))
    assert found.total in (None, sum(counts.values()))


@given(TABLES)
def test_nothing_is_hidden_without_a_small_cell(counts: dict[str, int]) -> None:
    large = {key: many for key, many in counts.items() if not 0 < many < LEAST}
    assert shown(large) == Shown(large, sum(large.values()))


@pytest.mark.parametrize(("cells", "least", "most"), [(2, 3, 9), (3, 3, 9), (3, 4, 9), (4, 3, 6)])
def test_who_knows_the_rule_does_not_find_a_small_cell(cells: int, least: int, most: int) -> None:
    """Every table is published; of all that look the same, each hidden small cell has at least two values."""
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for values in product(range(most + 1), repeat=cells):
        found = shown({str(place): many for place, many in enumerate(values)}, least)
        alike[tuple(found.cells.items()), found.total].append(values)
    inside = most - least  # at the rim of what was tried, others that look the same are missing
    for (cells_shown, _total), tables in alike.items():
        for place, (_key, many) in enumerate(cells_shown):
            values = {table[place] for table in tables}
            if many is None and min(values) < least and max(map(max, tables)) <= inside:
                assert len(values) > 1, (cells_shown, tables)


def test_one_small_cell_takes_another_with_it() -> None:
    assert shown({"本町": 3, "栄町": 40, "緑町": 7}) == Shown({"本町": None, "栄町": 40, "緑町": None}, 50)


def test_a_single_small_cell_takes_the_total_with_it() -> None:
    assert shown({"本町": 3, "栄町": 0}) == Shown({"本町": None, "栄町": 0}, None)
