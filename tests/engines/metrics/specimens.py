"""How each action of metrics is tried in the permission matrix."""

from __future__ import annotations

from tests.engines.metrics.specimens_decided import SPECIMENS_DECIDED
from tests.engines.metrics.specimens_series import SPECIMENS_SERIES
from tests.matrix import Specimen

SPECIMENS: dict[str, Specimen] = {**SPECIMENS_DECIDED, **SPECIMENS_SERIES}
