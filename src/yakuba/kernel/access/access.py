"""Who may see and change accounts and roles."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from yakuba.kernel.access.models import AccountRole, RoleGrant, StaffAccount
from yakuba.kernel.actions import ActorKind, Context, Everywhere, Permission, viewed_by

_KEEPERS = {"municipality_admin": Everywhere(), "cli": Everywhere()}


@dataclass(frozen=True)
class KeepAccounts(Permission[StaffAccount]):
    """The municipality's own accounts; the operator of the machine also keeps those that belong to no municipality."""

    def q(self, ctx: Context) -> Q:
        reach = super().q(ctx)
        if "cli" in ctx.actor.roles_in(ctx.municipality.id):
            reach |= Q(municipality__isnull=True)
        return reach


@dataclass(frozen=True)
class OwnAccount(Permission[StaffAccount]):
    """The account that acts, whatever roles it has at the moment."""

    def q(self, ctx: Context) -> Q:
        return Q(pk=ctx.actor.id) if ctx.actor.kind is ActorKind.STAFF else Q(pk__in=[])


VIEW_ACCOUNT = KeepAccounts("access.view_account", StaffAccount, _KEEPERS)
KEEP_ACCOUNTS = KeepAccounts("access.keep_accounts", StaffAccount, _KEEPERS)
OWN_ACCOUNT = OwnAccount("access.own_account", StaffAccount, {"staff": Everywhere()})
VIEW_ACCOUNT_ROLE = Permission("access.view_account_role", AccountRole, _KEEPERS)
VIEW_GRANT = viewed_by(Permission("access.view_grant", RoleGrant, {**_KEEPERS, "auditor": Everywhere()}))
KEEP_GRANTS = Permission("access.keep_grants", RoleGrant, _KEEPERS)
