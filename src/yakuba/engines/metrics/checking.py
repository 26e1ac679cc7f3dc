"""What ``yakuba check`` looks at in metrics: no correction is missing, and nothing is public that the desk took back."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yakuba.engines.metrics import queries
from yakuba.engines.metrics.declaring import METRICS
from yakuba.kernel.trail.verify import Finding


def check() -> Iterator[Finding]:
    """Frozen figures whose revisions have a gap, and public figures of metrics that are public nowhere or not here."""
    for code, metric, last in queries.gaps():
        yield Finding(
            "metric_revision",
            code,
            metric,
            _("計測値「%(metric)s」の%(last)sまでの期間で、訂正の記録が抜けています。")
            % {"metric": metric, "last": last.isoformat()},
        )
    internal = [key for key, one in METRICS.items() if not one.public]
    for code, metric in queries.public_though_off(internal):
        yield Finding(
            "metric_public",
            code,
            metric,
            _("公開しない計測値「%(metric)s」が、市民のページに残っています。") % {"metric": metric},
        )
