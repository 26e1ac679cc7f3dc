"""What the clock brings to a worker and takes seconds: it counts everything. Who tries something else goes without."""

from __future__ import annotations

from typing import Final

#: Schedules of which a test says that it wants them (``@pytest.mark.nights``; ``NIGHTS = True`` in a stage of :mod:`tests.children`).
LONG: Final = ("metrics.night",)
