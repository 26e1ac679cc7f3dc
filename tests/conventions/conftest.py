"""What every specimen may count on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conventions.house import SETTINGS


@pytest.fixture(autouse=True)
def _as_specimens_count_on(settings: Any) -> None:  # Any: pytest-django's settings
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
