"""Who says under which codes other surveys know the plan's initiatives. Every member of staff reads them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yakuba.kernel.actions import Everywhere, Permission, viewed_by
from yakuba.kernel.trail.labels import register_name
from yakuba.services.plan.models import Edition, OutsideCode

VIEW_CODE = viewed_by(
    Permission(
        "plan.view_outside_code",
        OutsideCode,
        roles={"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()},
    )
)
KEEP_CODES = Permission(
    "plan.keep_outside_codes", Edition, roles={"plan_secretariat": Everywhere(), "cli": Everywhere()}
)
register_name("plan.answers", _("回答シートを書き出す"))
