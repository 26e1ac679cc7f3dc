"""A permission is declared once, as a query; the same declaration filters lists and answers for one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from yakuba.kernel.actions.context import Context, Grant

M = TypeVar("M", bound=Model)

# A query that nothing fulfils, on any model.
NOTHING = Q(pk__in=[])
# An empty Q is no «everything»: Django drops it from an OR, and what is left would be NOTHING.
EVERYTHING = Q(pk__isnull=False)


@dataclass(frozen=True)
class Everywhere:
    """The role acts on everything of its municipality, narrowed by ``where``."""

    where: Q = field(default_factory=Q)

    def q(self, _grant: Grant) -> Q:
        return self.where


@dataclass(frozen=True)
class Own:
    """The role acts on what belongs to the office it hangs on; ``path`` leads from the model to the office's id."""

    path: str
    where: Q = field(default_factory=Q)

    def q(self, grant: Grant) -> Q:
        if grant.office_ids is None:
            return self.where
        return self.where & Q(**{f"{self.path}__in": grant.office_ids})


@dataclass(frozen=True)
class Verdict:
    """Allowed, or a reason that is shown to the person."""

    allowed: bool
    reason: str = ""


@dataclass(frozen=True)
class Permission(Generic[M]):
    """Which roles may do one thing to which objects of ``model``.

    ``when`` adds what depends on the object's state: it returns the reason why not, or an empty text. ``municipality`` is
    the path from the model to its municipality (the model itself for a municipality).
    """

    key: str
    model: type[M]
    roles: Mapping[str, Everywhere | Own]
    when: Callable[[M], str] | None = None
    municipality: str = "municipality"

    def q(self, ctx: Context) -> Q:
        """The objects this permission reaches. A role that is not held adds nothing."""
        reach = NOTHING
        for grant in ctx.actor.grants:
            scope = self.roles.get(grant.role)
            if scope is not None and grant.municipality_id in (None, ctx.municipality.id):
                reach = reach | (scope.q(grant) or EVERYTHING)
        here = (
            Q(pk=ctx.municipality.id)
            if self.municipality == "pk"
            else Q(**{self.municipality: ctx.municipality.id})
        )
        return here & reach

    def holds_anywhere(self, ctx: Context) -> bool:
        """Whether any held role names this permission here: enough to open a page, not to touch an object."""
        return bool(ctx.actor.roles_in(ctx.municipality.id) & set(self.roles))

    def may(self, ctx: Context, subject: M | None) -> Verdict:
        """The answer for one object, or for making a new one (``None``: only roles that act everywhere)."""
        if subject is None:
            held = ctx.actor.roles_in(ctx.municipality.id)
            if any(isinstance(self.roles.get(role), Everywhere) for role in held):
                return Verdict(True)
            return Verdict(False, _("この操作をする権限がありません。"))
        if not self.model._base_manager.filter(self.q(ctx), pk=subject.pk).exists():
            return Verdict(False, _("この操作をする権限がありません。"))
        reason = self.when(subject) if self.when else ""
        return Verdict(not reason, reason)
