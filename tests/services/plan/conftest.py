"""Parsers called here instead of in a child process, for tests of what becomes of their answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from yakuba.kernel.files import sandbox, wire
from yakuba.kernel.files.wire import Wire


@pytest.fixture
def parsed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No child is started: reading the program takes it longer than the reading itself.

    Arguments and answer pass the wire as they do there. What the child is for, its bounds and its ends, has tests of its own.
    """

    def read(function: Callable[..., Wire], *args: Wire, **_bounds: Any) -> Wire:
        given: Any = wire.unpack(wire.pack(list(args)))
        return wire.unpack(wire.pack(function(*given)))

    monkeypatch.setattr(sandbox, "read", read)
