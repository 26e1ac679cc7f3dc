"""Tables are parsed in this process: what these tests are about lies behind the sandbox, which the pages' tests go through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from yakuba.engines.ledger.exchange import opening, parsing
from yakuba.kernel.files import wire


@pytest.fixture(autouse=True, scope="package")
def without_a_child() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(opening, "parsed", lambda *given: wire.unpack(wire.pack(parsing.cells(*given))))
    yield
    patch.undo()
