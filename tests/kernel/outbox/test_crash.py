"""Processes are killed at each named point, raced against one another, and told to stop.

What MECHANISMS §5 promises: nothing acknowledged is lost, effects in our database happen exactly once, a hand-over of unknown outcome
is not repeated by itself unless the other side knows its keys.
"""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import pytest

import yakuba
from tests.children import Child

from .conftest import Home, reported

pytestmark = [pytest.mark.crash, pytest.mark.slow]

DONE_ONCE = (["done", 1], 1)
# Point → of the hand-over that does not deduplicate, the one that does, and the long work: (state and attempts, how often it was
# done). They come in this order, the effect before the work, schedules after it; a number says at which passing the process dies.
DONE_TWICE = (["done", 2], 2)
STOPPED_BEFORE = (["done", 2], 1)
ALL_ONCE = (DONE_ONCE, DONE_ONCE, DONE_ONCE)
POINTS = {
    "action.before-commit": ALL_ONCE,
    "action.after-commit": ALL_ONCE,
    "outbox.after-claim": (STOPPED_BEFORE, DONE_ONCE, DONE_ONCE),
    "outbox.after-claim:2": (DONE_ONCE, STOPPED_BEFORE, DONE_ONCE),
    "outbox.after-claim:3": ALL_ONCE,
    "outbox.after-claim:4": (DONE_ONCE, DONE_ONCE, STOPPED_BEFORE),
    "outbox.before-commit": ALL_ONCE,
    "outbox.after-commit": ALL_ONCE,
    "outbox.before-effect": ((["unconfirmed", 1], 0), DONE_ONCE, DONE_ONCE),
    "outbox.before-effect:2": (DONE_ONCE, STOPPED_BEFORE, DONE_ONCE),
    "outbox.before-effect:3": (DONE_ONCE, DONE_ONCE, STOPPED_BEFORE),
    "outbox.before-effect:4": ALL_ONCE,
    "outbox.after-effect": ((["unconfirmed", 1], 1), DONE_ONCE, DONE_ONCE),
    "outbox.after-effect:2": (DONE_ONCE, DONE_TWICE, DONE_ONCE),
    "outbox.after-effect:3": (DONE_ONCE, DONE_ONCE, DONE_TWICE),
    "outbox.after-effect:4": ALL_ONCE,
    "outbox.before-done": ((["unconfirmed", 1], 1), DONE_ONCE, DONE_ONCE),
    "outbox.before-done:2": (DONE_ONCE, DONE_TWICE, DONE_ONCE),
    "outbox.before-done:3": (DONE_ONCE, DONE_ONCE, DONE_TWICE),
    "outbox.before-done:4": ALL_ONCE,
    "outbox.after-done": ALL_ONCE,
    "outbox.after-done:2": ALL_ONCE,
    "outbox.after-done:3": ALL_ONCE,
    "outbox.after-done:4": ALL_ONCE,
    "trail.before-seal-commit": ALL_ONCE,
    "trail.before-heads-rename": ALL_ONCE,
}


def test_every_named_point_is_tried() -> None:
    source = Path(yakuba.__file__).parent
    named = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'crash\.point\("([^"]+)"\)', path.read_text("utf-8"))
        if name.split(".")[0] in {"action", "outbox", "trail"}
    }
    assert named == {point.partition(":")[0] for point in POINTS}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(home: Home, point: str) -> None:
    killed = home.run("play", crash_at=point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    acknowledged = re.findall(r"acknowledged (\S+)", killed.stdout)
    found = home.report("recover")

    (office,) = found["offices"]
    if acknowledged:
        assert acknowledged == [office], (
            "what was acknowledged is there, and the repeated call did not do it again"
        )
    assert (found["entries"], found["replays"]) == (1, 1)
    assert found["states"]["stage.effect"][0] == "done"
    for channel, (state, calls) in zip(("post", "twice", "work"), POINTS[point], strict=True):
        assert found["states"][f"stage.{channel}"] == state
        assert found[channel] == [office] * calls
    settled = [
        channel for channel in ("post", "twice", "work") if found["states"][f"stage.{channel}"][0] == "done"
    ]
    assert found["notes"] == [[what, office] for what in ("effect", *settled)]
    assert (found["runs"], found["heads"]) == (["trail.head"], 1)
    assert found["findings"] == []


def test_a_second_recovery_changes_nothing(home: Home) -> None:
    home.run("play", crash_at="outbox.after-effect")
    first = home.report("recover")
    assert home.report("recover") == first


def test_workers_that_race_claim_each_row_once(home: Home) -> None:
    home.run("fill", "60")
    racers = [home.start("claim", str(number)) for number in range(3)]
    for number, racer in enumerate(racers):
        wait_for(home.path / f"ready-{number}", racer)
    (home.path / "go").touch()
    ended = [racer.wait() for racer in racers]
    assert [one.returncode for one in ended] == [0, 0, 0], ended
    claimed = [row for one in ended for row in reported(one.stdout)]
    assert len(claimed) == len(set(claimed)) == 60


def test_a_worker_that_is_told_to_stop_finishes_its_row_and_gives_the_rest_back(home: Home) -> None:
    worker = home.start("slow_work")
    wait_for(home.path / "started", worker)
    if not home.url:
        second = home.run("work")
        assert second.returncode != 0, "there is one worker on SQLite"
        assert "AlreadyWorking" in second.stderr
    worker.send_signal(signal.SIGTERM)
    (home.path / "go").touch()
    ended = worker.wait()
    assert ended.returncode == 0, ended.stderr
    found = home.report("report")
    slow = [office for what, office in found["notes"] if what == "slow"]
    assert slow == ["0"]
    assert found["states"]["stage.slow"] == ["queued", 0]


def wait_for(path: Path, child: Child) -> None:
    """Until a file is there; a process that ended without it fails the test."""
    end = time.monotonic() + 60
    while not path.exists():
        assert child.returncode is None, child.wait()
        assert time.monotonic() < end
        time.sleep(0.02)
