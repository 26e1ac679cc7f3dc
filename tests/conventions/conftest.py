"""What every specimen may count on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conventions.house import RECEIVER


@pytest.fixture(autouse=True)
def _one_receiver_is_allowed(settings: Any) -> None:  # Any: pytest-django's settings
    settings.WEBHOOK_HOSTS = RECEIVER
