"""What every specimen may count on."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _one_receiver_is_allowed(settings: Any) -> None:  # Any: pytest-django's settings
    """Without the operator's list there is no receiver of hand-overs to try anything with."""
    settings.WEBHOOK_HOSTS = "hooks.example.jp"
