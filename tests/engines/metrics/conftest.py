"""A house whose worker is killed in the middle of the night."""

from __future__ import annotations

from tests.kernel.outbox.conftest import home, prepared  # noqa: F401 – fixtures
