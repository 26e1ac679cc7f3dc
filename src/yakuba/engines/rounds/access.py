"""Who plans rounds, who answers in them, who confirms and who accepts. An office that ended is answered for by its successors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q

from yakuba.engines.rounds.models import Item, ItemMove, Milestone, OfficePart, Reminder, Round, RoundMove
from yakuba.engines.rounds.queries import reach
from yakuba.kernel.actions import Context, Everywhere, Own, Permission, viewed_by

M = TypeVar("M", bound=Model)
_Roles = Mapping[str, Everywhere | Own]


@dataclass(frozen=True)
class Answering(Permission[M]):
    """A permission whose roles on an office reach what that office answers for today (:func:`~.queries.reach.answered_for`).

    For the records of services too: ``Answering("plan.review", Review, {"plan_editor": Own("item__part__office")})``.
    """

    def q(self, ctx: Context) -> Q:
        return super().q(reach.widened(ctx))


_READERS = {"staff": Everywhere(), "auditor": Everywhere(), "cli": Everywhere()}
# The operator of the machine plans and opens; he answers for no office, and stands for no answer by name.
_PLANS = {"plan_secretariat": Everywhere(), "cli": Everywhere()}
_SECRETARIAT: _Roles = {"plan_secretariat": Everywhere()}
_OFFICE: _Roles = {**_SECRETARIAT, "plan_editor": Own("office"), "office_head": Own("office")}
_HEADS: _Roles = {**_SECRETARIAT, "office_head": Own("office")}

VIEW_ROUND = viewed_by(Permission("rounds.view", Round, _READERS))
VIEW_MILESTONE = viewed_by(Permission("rounds.view_milestone", Milestone, _READERS))
VIEW_ROUND_MOVE = viewed_by(Permission("rounds.view_move", RoundMove, _READERS))
VIEW_PART = viewed_by(Permission("rounds.view_part", OfficePart, _READERS))
VIEW_ITEM = viewed_by(Permission("rounds.view_item", Item, _READERS))
VIEW_ITEM_MOVE = viewed_by(Permission("rounds.view_item_move", ItemMove, _READERS))
VIEW_REMINDER = viewed_by(Permission("rounds.view_reminder", Reminder, _READERS))

# Of a round.
PLAN = Permission("rounds.plan", Round, _PLANS)
COLLECT = Permission("rounds.collect", Round, _PLANS)
ACCEPT = Permission("rounds.accept", Round, _SECRETARIAT)
# Of an office's part. Heads of small offices enter themselves; somebody else then confirms.
ANSWER = Answering("rounds.answer", OfficePart, _OFFICE)
CONFIRM = Answering("rounds.confirm", OfficePart, _HEADS)
EXTEND = Permission("rounds.extend", OfficePart, _SECRETARIAT)
REMIND_NOW = Permission("rounds.remind_now", OfficePart, _SECRETARIAT)
REMIND = Permission("rounds.remind", OfficePart, {"cli": Everywhere()})
