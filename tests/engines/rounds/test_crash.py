"""The worker is killed at each named point around a reminder, and two run beside each other: nothing is missed, nothing doubled."""

from __future__ import annotations

import re
import signal
from dataclasses import replace
from pathlib import Path

import pytest

import yakuba
from tests.engines.delivery.mailserver import MailServer
from tests.kernel.outbox.conftest import Home

pytestmark = [pytest.mark.crash, pytest.mark.slow]

BOTH = [["-1", "sent"]] * 2 + [["-7", "skipped"]] * 2 + [["told", "skipped"]] * 2
SENT = ["sent", "sent"]
DOUBT = ["sent", "unconfirmed"]
# Point → what becomes of the two mails without a person, and how many the server has. What dies between those points is tried by the
# rooms below: tests/kernel/outbox and tests/engines/delivery.
POINTS = {
    "rounds.reminded": (SENT, 2),
    "action.after-commit": (SENT, 2),
    "outbox.before-done": (SENT, 2),
    "delivery.accepted": (DOUBT, 2),
}


@pytest.fixture
def house(home: Home, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Two offices were asked ten days ago, and their day is tomorrow."""
    monkeypatch.setenv("YAKUBA_MAIL_URL", server.url())
    monkeypatch.setenv("YAKUBA_MAIL_FROM", "noreply@mihon.example.jp")
    made = replace(home, stage="tests.engines.rounds.stage")
    asked = made.run("ask")
    assert asked.returncode == 0, asked.stderr
    return made


def test_every_named_point_is_tried() -> None:
    source = Path(yakuba.__file__).parent / "engines" / "rounds"
    named = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'crash\.point\("([^"]+)"\)', path.read_text("utf-8"))
    }
    assert named == {point for point in POINTS if point.startswith("rounds.")}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(house: Home, server: MailServer, point: str) -> None:
    killed = house.run("play", crash_at=point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    found, again = house.report("recover")
    deliveries, mails = POINTS[point]
    assert found["reminders"] == BOTH, "each occasion has its one row"
    assert (found["deliveries"], len(server.mails)) == (deliveries, mails)
    assert found["work"] == ["done"]
    assert again == found, "a second recovery sends nothing more"


def test_two_beside_each_other(house: Home, server: MailServer) -> None:
    several = [house.start("remind") for _ in range(2)]
    for one in several:
        done = one.wait()
        assert done.returncode == 0, done.stderr
    assert house.report("tell")["reminders"] == BOTH
    found, _again = house.report("recover")
    assert (found["reminders"], found["deliveries"], len(server.mails)) == (BOTH, SENT, 2)
