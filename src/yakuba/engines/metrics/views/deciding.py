"""Where something is decided on a metric."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yakuba.engines.metrics import access
from yakuba.engines.metrics.declaring import Metric
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context
from yakuba.kernel.ui.components import Link


def links(ctx: Context, one: Metric) -> list[Link]:
    """Where this actor decides something on a metric."""
    places = (
        (access.FREEZE, _("計測・確定・訂正"), "metrics-correct"),
        (access.FREEZE, _("以前のシステムの値を取り込む"), "metrics-load"),
        (access.SETTLE, _("公開・担当課・始める日"), "metrics-settings"),
    )
    return [
        Link(label, address(name, ctx, one.key))
        for permission, label, name in places
        if permission.may(ctx, None).allowed
    ]
