"""Reads of accounts. Each is set-based and narrowed by the actor's permission."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator

from yakuba.kernel.access.access import VIEW_ACCOUNT
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.models import AccountRole, StaffAccount
from yakuba.kernel.access.roles import ROLES
from yakuba.kernel.actions import Context, Missing, MunicipalityRef
from yakuba.kernel.town.queries import all_municipalities


@dataclass(frozen=True)
class AccountLine:
    """An account in a list."""

    id: UUID
    username: str
    person: str
    person_id: UUID | None
    is_active: bool
    second_factor: bool
    roles: tuple[str, ...]
    last_login: dt.datetime | None


def accounts(ctx: Context) -> list[AccountLine]:
    """The accounts that this actor keeps, by user name; three queries."""
    found = list(
        StaffAccount.unscoped.filter(VIEW_ACCOUNT.q(ctx)).select_related("person").order_by("username")
    )
    ids = [account.pk for account in found]
    with_factor = set(
        Authenticator.objects.filter(user_id__in=ids, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    roles: dict[UUID, list[str]] = defaultdict(list)
    for role in AccountRole.unscoped.filter(account_id__in=ids).order_by("role"):
        roles[role.account_id].append(ROLES[role.role].label)
    return [
        AccountLine(
            account.pk,
            account.username,
            account.person.name if account.person else "",
            account.person_id,
            account.is_active,
            account.pk in with_factor,
            tuple(roles[account.pk]),
            account.last_login,
        )
        for account in found
    ]


def account_by_name(ctx: Context, username: str) -> StaffAccount:
    """The account with this user name, when the actor keeps it. Raises :class:`Missing` otherwise."""
    found = StaffAccount.unscoped.filter(VIEW_ACCOUNT.q(ctx), username=username.lower()).first()
    if found is None:
        raise Missing
    return found


def account_signing_in(username: str) -> StaffAccount | None:
    """The account with this user name, before there is an actor; None for a name that nobody has."""
    return StaffAccount.unscoped.filter(username=username).select_related("municipality").first()


def municipalities_of(account: StaffAccount, now: dt.datetime) -> list[MunicipalityRef]:
    """Where an account has a role now, by code; everywhere for the platform administration."""
    actor, _acting = staff_actor(account, now)
    held = {grant.municipality_id for grant in actor.grants}
    return [ref for ref in all_municipalities() if None in held or ref.id in held]
