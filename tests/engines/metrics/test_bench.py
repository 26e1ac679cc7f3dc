"""The bench of metrics, small: it lays, measures and tells; statements do not grow with the municipalities."""

from __future__ import annotations

import pytest

from yakuba.engines.metrics.bench import command
from yakuba.kernel.ids import is_municipality_code
from yakuba.kernel.town.vocabulary import shipped


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_small_and_whole() -> None:
    found = {one.name: one for one in command.measured(command.Scale(2, 4, 80), each=True)}
    assert {"day", "month", "year", "night", "release", "release-again"} <= set(found)
    for one in found.values():
        assert one.statements == one.statements_few, f"{one.name} asks more often of more municipalities"
    assert found["day"].holds
    assert found["month"].figures == 4 * sum(name.endswith("/month") for name in found)
    assert found["day"].events >= 80


def test_its_municipalities_are_nobodys() -> None:
    codes = [command._code(number) for number in range(1_000)]
    assert len(set(codes)) == 1_000
    assert all(is_municipality_code(code) for code in codes)
    assert not set(codes) & set(shipped())
