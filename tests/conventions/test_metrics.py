"""A metric's definition changes with a new version or not at all: figures stand under it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from yakuba.engines.metrics import definitions
from yakuba.engines.metrics.declaring import METRICS, metrics

KEPT = Path(__file__).parents[1] / "engines" / "metrics" / "definitions.json"
HOW = "yakuba metrics definitions --write tests/engines/metrics/definitions.json"


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(KEPT.read_text("utf-8"))
    return found


def test_a_definition_changes_with_its_version(known: dict[str, dict[str, str]]) -> None:
    assert definitions.changed(known) == [], (
        "what these count or say has changed under the same version: raise `version` and tell the former one in `earlier`"
    )


def test_every_version_is_noted(known: dict[str, dict[str, str]]) -> None:
    assert definitions.added(known) == [], f"note them: {HOW}"


def test_no_version_that_stood_is_forgotten(known: dict[str, dict[str, str]]) -> None:
    """Figures stand under it, and the dictionary says what they mean."""
    forgotten = {}
    for one in metrics():
        told = {each.version for each in one.earlier}
        missing = {int(version) for version in known.get(one.key, {})} - told - {one.version}
        if missing:
            forgotten[one.key] = sorted(missing)
    assert forgotten == {}
    gone = set(known) - set(METRICS)
    assert gone == set(), "a metric that is declared no more leaves figures that nobody can name"


def test_each_says_what_it_counts() -> None:
    for one in metrics():
        assert str(one.definition).endswith("。"), one.key
        assert one.every, one.key
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,79}", one.key), one.key
        assert one.empty == "none" or one.aggregation not in {"ratio", "average"}, (
            f"{one.key}: of nothing there is no share"
        )
        assert not {each.version for each in one.earlier} & {one.version}, one.key


def test_the_look_for_changes_finds_them(known: dict[str, dict[str, str]]) -> None:
    one = next(metrics())
    for changed in (
        replace(one, unit="別の単位"),
        replace(one, definition="別の数え方。"),
        replace(one, measure=definitions_measure),
    ):
        with METRICS.temporarily(one.key, changed):
            assert definitions.changed({one.key: {str(one.version): definitions.digest(one)}}) == [one.key]
    with METRICS.temporarily(one.key, replace(one, version=one.version + 1, unit="別の単位")):
        assert definitions.changed(known) == []


def definitions_measure(scope: object) -> list[object]:
    """Another way to count."""
    return []
