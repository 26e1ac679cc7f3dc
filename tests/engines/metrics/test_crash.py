"""The worker is killed in the middle of the night, and two run beside each other: every figure is there once, missed nights too."""

from __future__ import annotations

import re
import signal
from dataclasses import replace
from pathlib import Path

import pytest

import yakuba
from tests.engines.metrics.stage import KEYS
from tests.kernel.outbox.conftest import Home

pytestmark = [pytest.mark.crash, pytest.mark.slow]

# Point → at which passing of it. What dies around a run of a schedule is tried by tests/kernel/outbox.
POINTS = ("metrics.measured", "metrics.measured:5", "metrics.before-release", "metrics.released:2")


@pytest.fixture
def house(home: Home) -> Home:
    """Two towns, measured five nights ago and never since."""
    made = replace(home, stage="tests.engines.metrics.stage")
    laid = made.report("lay")
    assert {one[3] for one in laid["figures"] if one[2] == "day"} == {6}
    return made


def test_every_named_point_is_tried() -> None:
    source = Path(yakuba.__file__).parent / "engines" / "metrics"
    named = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'crash\.point\("([^"]+)"\)', path.read_text("utf-8"))
    }
    assert named == {point.partition(":")[0] for point in POINTS}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(house: Home, point: str) -> None:
    killed = house.run("play", crash_at=point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    found, again = house.report("recover")
    whole(found)
    assert again == found, "a second recovery changes nothing"


def test_two_beside_each_other(house: Home) -> None:
    several = [house.start("play") for _ in range(2)]
    for one in several:
        done = one.wait()
        assert done.returncode == 0, done.stderr
    found, _again = house.report("recover")
    whole(found)


def whole(found: dict[str, list[list[object]]]) -> None:
    """Both metrics of both towns, every day since the last night; months and years are public of the one that has something."""
    days: dict[tuple[object, object], list[object]] = {}
    for town, key, kind, day, number in found["figures"]:
        if kind == "day":
            days.setdefault((town, key), []).append(day)
        assert number == ("1" if town == "990019" else "0"), (town, key, kind, day)
    expected = {(town, key): [6, 5, 4, 3, 2, 1] for town in ("990019", "990027") for key in KEYS}
    assert days == expected
    # 990027's room was never used: what it counts nothing of is no 0.
    shown = {
        (one[0], one[1], one[2], one[3]) for one in found["figures"] if one[2] != "day" and one[0] == "990019"
    }
    assert {one[1] for one in shown} == set(KEYS)
    assert {tuple(one) for one in found["public"]} == shown
    assert found["work"] == ["done", "done"]
