"""Who reads figures, who decides on them, and who brings those that are measured elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from yakuba.engines.metrics.models import (
    FrozenFigure,
    MetricSetting,
    PublicFigure,
    PublicSeries,
    Series,
    SeriesValue,
    Snapshot,
)
from yakuba.engines.metrics.series import reach
from yakuba.kernel.actions import Context, Everywhere, Own, Permission, viewed_by


@dataclass(frozen=True)
class Bringing(Permission[Series]):
    """A permission whose roles on an office reach the series of offices whose work that one carries on."""

    def q(self, ctx: Context) -> Q:
        return super().q(reach.widened(ctx))


_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_SECRETARIAT = {"plan_secretariat": Everywhere(), "cli": Everywhere()}

VIEW_SNAPSHOT = viewed_by(Permission("metrics.view", Snapshot, _READERS))
VIEW_FROZEN = viewed_by(Permission("metrics.view_frozen", FrozenFigure, _READERS))
VIEW_PUBLIC = viewed_by(Permission("metrics.view_public", PublicFigure, {"public": Everywhere(), **_READERS}))
VIEW_PUBLIC_SERIES = viewed_by(
    Permission("metrics.view_public_series", PublicSeries, {"public": Everywhere(), **_READERS})
)
VIEW_SETTING = viewed_by(Permission("metrics.view_setting", MetricSetting, _READERS))
VIEW_SERIES = viewed_by(Permission("metrics.view_series", Series, _READERS))
VIEW_SERIES_VALUE = viewed_by(Permission("metrics.view_series_value", SeriesValue, _READERS))

# Asking again changes nothing that anything rests on; freezing and correcting do.
MEASURE = Permission("metrics.measure", Snapshot, _SECRETARIAT)
FREEZE = Permission("metrics.freeze", FrozenFigure, _SECRETARIAT)
SETTLE = Permission("metrics.settle", MetricSetting, _SECRETARIAT)
DEFINE_SERIES = Permission("metrics.define_series", Series, _SECRETARIAT)
BRING = Bringing(
    "metrics.bring", Series, {**_SECRETARIAT, "plan_editor": Own("office"), "office_head": Own("office")}
)
