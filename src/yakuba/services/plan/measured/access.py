"""Who says where an indicator's figures come from: the secretariat, and of its own initiatives an office. What it is measured by is public."""

from __future__ import annotations

from django.db.models import Q

from yakuba.engines.rounds.models import Round
from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan.models import (
    Binding,
    DeclinedSource,
    Edition,
    Initiative,
    MeasuredThen,
    PublicBinding,
)

_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_SECRETARIAT = {"plan_secretariat": Everywhere(), "cli": Everywhere()}

VIEW_BINDING = viewed_by(Permission("plan.view_binding", Binding, roles=_READERS))
VIEW_DECLINED = viewed_by(Permission("plan.view_declined_source", DeclinedSource, roles=_READERS))
VIEW_THEN = viewed_by(Permission("plan.view_measured_then", MeasuredThen, roles=_READERS))
VIEW_PUBLIC = viewed_by(
    Permission(
        "plan.view_public_binding",
        PublicBinding,
        roles={**_READERS, "public": Everywhere(), "visitor": Everywhere()},
    )
)

BIND = Permission(
    "plan.bind",
    Initiative,
    roles={**_SECRETARIAT, "plan_editor": Own("offices__office"), "office_head": Own("offices__office")},
)
#: Decided by row: the action asks BIND again for each.
BIND_MANY = Permission(
    "plan.bind_many",
    Edition,
    roles={**_SECRETARIAT, "plan_editor": Everywhere(), "office_head": Everywhere()},
)
RELEASE = Permission("plan.release_bindings", Municipality, roles=_SECRETARIAT, municipality="pk")
#: What a closed round rested on is kept by the worker.
CLOSE = Permission("plan.keep_measured", Round, roles={"cli": Everywhere(Q(kind="plan_review"))})
