"""Whatever is read, reading ends: a test that goes on for minutes of processor time is stopped and named."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

#: Processor seconds; many times what any test here takes on a slow machine.
LIMIT = 120


class DidNotEndError(AssertionError):
    """The work of a test grew beyond all proportion."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise DidNotEndError(f"still at work after {LIMIT} processor seconds")


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    """Bounds a test's processor time. No speed is asserted (that is what `yakuba bench` is for), only that it ends."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
