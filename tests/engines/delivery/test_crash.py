"""The worker is killed at each named point around the hand-over: a mail is never lost, and never sent twice by itself."""

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

SENT = ("sent", 1)
# Point → what becomes of the delivery without a person, and how many mails the server has.
POINTS = {
    "action.before-commit": SENT,
    "action.after-commit": SENT,
    "outbox.after-claim": SENT,
    "outbox.before-effect": SENT,
    "delivery.begun": ("unconfirmed", 0),
    "delivery.accepted": ("unconfirmed", 1),
    "outbox.after-effect": ("unconfirmed", 1),
    "outbox.before-done": ("unconfirmed", 1),
    "outbox.after-done": SENT,
}


@pytest.fixture
def house(home: Home, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that is set up to send through the test's server."""
    monkeypatch.setenv("YAKUBA_MAIL_URL", server.url())
    monkeypatch.setenv("YAKUBA_MAIL_FROM", "noreply@mihon.example.jp")
    return replace(home, stage="tests.engines.delivery.stage")


def test_every_named_point_is_tried() -> None:
    source = Path(yakuba.__file__).parent / "engines" / "delivery"
    named = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'crash\.point\("([^"]+)"\)', path.read_text("utf-8"))
    }
    assert named == {point for point in POINTS if point.startswith("delivery.")}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(house: Home, server: MailServer, point: str) -> None:
    killed = house.run("play", crash_at=point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    acknowledged = re.findall(r"acknowledged (\S+)", killed.stdout)
    found, again = house.report("recover")
    ((delivery, state, attempts),) = found["deliveries"]
    assert acknowledged in ([], [delivery])
    assert (state, len(server.mails)) == POINTS[point]
    assert attempts == 1
    assert found["rows"] == ["done"], "the delivery alone waits for a person"
    assert again == found, "a second recovery sends nothing more"
