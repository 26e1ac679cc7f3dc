"""A mail server, and a house that sends through it."""

from __future__ import annotations

from tests.engines.delivery.conftest import server  # noqa: F401 – a fixture
from tests.kernel.outbox.conftest import home, prepared  # noqa: F401 – fixtures
