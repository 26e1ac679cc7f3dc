"""Rows that belong to whoever made them at the portal."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, Subquery

from yakuba.engines.visitors import queries
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.actions import Context, Everywhere, Permission, viewed_by
from yakuba.kernel.actions.permission import M

# Named in ``roles`` of an OwnedByVisitor: a visitor may make something new, and reaches of what there is only what is theirs.
VISITOR = {"visitor": Everywhere(Q(pk__in=[]))}


@dataclass(frozen=True)
class OwnedByVisitor(Permission[M]):
    """What the acting visit made, and what the citizen made whom it is signed in as.

    ``roles`` names :data:`VISITOR`, and other roles as in any permission. ``visit_path`` and ``citizen_path`` lead from the model to
    the two ids; an empty one is not asked. ``own`` narrows the visitor's part alone.
    """

    visit_path: str = "visit"
    citizen_path: str = "citizen"
    own: Q = field(default_factory=Q)

    def q(self, ctx: Context) -> Q:
        """What the other roles reach, and the visitor's own."""
        reach = super().q(ctx)
        visit = queries.visit_of(ctx) if "visitor" in self.roles else None
        if visit is None:
            return reach
        mine = Q(pk__in=[])
        if self.visit_path:
            mine |= Q(**{self.visit_path: visit})
        if self.citizen_path:
            # One value, and not «in»: PostgreSQL looks for it through an index, beside the visit's own.
            mine |= Q(**{self.citizen_path: Subquery(queries.signed_in_as(visit)[:1])})
        return reach | (Q(**{self.municipality: ctx.municipality.id}) & self.own & mine)


VIEW_VISIT = viewed_by(
    OwnedByVisitor("visitors.view_visit", Visit, VISITOR, visit_path="pk", citizen_path="")
)
SIGN_OUT = OwnedByVisitor("visitors.sign_out", Visit, VISITOR, visit_path="pk", citizen_path="")
