"""Who answers for an initiative's year, who looks at it, and who writes observations. What the public reads is frozen."""

from __future__ import annotations

from django.db.models import Q

from yakuba.engines.rounds.access import Answering
from yakuba.engines.rounds.models import Round
from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by
from yakuba.services.plan.models import Edition
from yakuba.services.plan.models.year import Answered, Evidence, Observation, Review, ReviewActual

_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
_SECRETARIAT = {"plan_secretariat": Everywhere(), "cli": Everywhere()}
_OFFICE = "item__part__office"

VIEW_REVIEW = viewed_by(Permission("plan.view_review", Review, roles=_READERS))
VIEW_ACTUAL = viewed_by(Permission("plan.view_review_actual", ReviewActual, roles=_READERS))
VIEW_EVIDENCE = viewed_by(Permission("plan.view_evidence", Evidence, roles=_READERS))
VIEW_ANSWERED = viewed_by(Permission("plan.view_answered", Answered, roles=_READERS))
VIEW_OBSERVATION = viewed_by(Permission("plan.view_observation", Observation, roles=_READERS))

#: The office that is asked, or whoever answers for it today.
REVIEW = Answering(
    "plan.review",
    Review,
    roles={"plan_secretariat": Everywhere(), "plan_editor": Own(_OFFICE), "office_head": Own(_OFFICE)},
)
#: The sheet of a round brings many back; the action asks REVIEW again for every row.
REVIEW_MANY = Permission(
    "plan.review_many",
    Round,
    roles={
        "plan_secretariat": Everywhere(Q(kind="plan_review")),
        "plan_editor": Everywhere(Q(kind="plan_review")),
        "office_head": Everywhere(Q(kind="plan_review")),
    },
)
#: What a body decided enters the plan with the decision, and is the secretariat's to record.
TAKE = Permission("plan.take_decisions", Edition, roles=_SECRETARIAT)
#: Whoever works on an initiative says what is seen of it; on the whole plan the secretariat.
OBSERVE = Permission(
    "plan.observe",
    Edition,
    roles={"plan_secretariat": Everywhere(), "plan_editor": Everywhere(), "office_head": Everywhere()},
)
_OWN_INITIATIVE = "initiative__offices__office"
CHANGE_OBSERVATION = Permission(
    "plan.change_observation",
    Observation,
    roles={
        "plan_secretariat": Everywhere(),
        "plan_editor": Own(_OWN_INITIATIVE),
        "office_head": Own(_OWN_INITIATIVE),
    },
)
DECIDE_OBSERVATION = Permission(
    "plan.decide_observation", Observation, roles={"plan_secretariat": Everywhere()}
)
REPORT = Permission(
    "plan.report",
    Round,
    roles={
        role: Everywhere(Q(kind="plan_review", phase="provisional")) for role in ("plan_secretariat", "cli")
    },
)
