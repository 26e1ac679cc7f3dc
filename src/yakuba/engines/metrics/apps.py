"""App configuration of metrics."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    """Metrics, their figures, and figures from elsewhere."""

    name = "yakuba.engines.metrics"
    label = "metrics"
    verbose_name = "計測"

    def ready(self) -> None:
        from yakuba.engines.metrics import access, doors, metric_source, subjects  # noqa: F401 – they register what this room holds
        from yakuba.engines.metrics.checking import check
        from yakuba.engines.metrics.formula import source  # noqa: F401 – registers itself
        from yakuba.engines.metrics.models import FrozenFigure, SeriesValue
        from yakuba.engines.metrics.noting import cell_names
        from yakuba.engines.metrics.series import doors as _series  # noqa: F401 – and what of them waits for whom
        from yakuba.kernel.trail.guards import guard
        from yakuba.kernel.trail.labels import register_labels, register_name
        from yakuba.kernel.trail.verify import CHECKS

        CHECKS.register("metrics", check)
        register_name("metrics.night", _("夜の計測"))
        for kind in ("metric_frozen", "metric_series"):
            register_labels(kind, cell_names)
        guard(FrozenFigure)
        guard(SeriesValue)
        # What each room measures stands in its ``metrics.py``.
        autodiscover_modules("metrics")
