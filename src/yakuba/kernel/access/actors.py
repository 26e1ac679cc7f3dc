"""From an account, a shell user or a machine process to an :class:`Actor` with the roles held at one moment."""

from __future__ import annotations

import datetime as dt
import os
import pwd
from collections.abc import Sequence
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from yakuba.kernel.access.models import AccountRole, RoleGrant, StaffAccount
from yakuba.kernel.actions import Actor, ActorKind, Grant
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.town.models import Assignment, OfficeName
from yakuba.kernel.town.queries import valid_on


def staff_actor(account: StaffAccount, now: dt.datetime) -> tuple[Actor, str]:
    """The actor behind a signed-in account and the post it acts in (所属と職), both at ``now`` (three queries).

    An assignment gives the role ``staff``; every further role comes from a grant on its post or its office. A right that
    ended yesterday evening is gone at midnight, Japan time.
    """
    day = now.astimezone(JAPAN).date()
    grants: list[Grant] = [
        Grant(role.role, role.municipality_id)
        for role in AccountRole.unscoped.filter(account=account).select_related(None)
    ]
    label, acting = account.username, ""
    if account.person_id is not None:
        named = OfficeName.unscoped.filter(valid_on(day), office=OuterRef("post__office")).values("name")[:1]
        held = list(
            Assignment.unscoped.filter(valid_on(day), person_id=account.person_id)
            .select_related("post", "person")
            .annotate(office_name=Subquery(named))
            .order_by("valid_from", "id")
        )
        if held:
            label = held[0].person.name
            main = next((a for a in held if a.kind == "main"), held[0])
            # As long as the trail's column.
            acting = f"{main.office_name or ''} {main.post.title}".strip()[:200]
            grants += _grants(held, day)
    return Actor(ActorKind.STAFF, str(account.pk), label, tuple(grants)), acting


def _grants(held: Sequence[Assignment], day: dt.date) -> list[Grant]:
    posts = {a.post_id: a.post for a in held}
    offices = {post.office_id for post in posts.values()}
    grants = [Grant("staff", a.municipality_id, frozenset({posts[a.post_id].office_id})) for a in held]
    found = RoleGrant.unscoped.filter(valid_on(day)).filter(Q(post_id__in=posts) | Q(office_id__in=offices))
    for grant in found:
        reached: set[UUID] = {grant.office_id} if grant.office_id else {posts[grant.post_id].office_id}  # type: ignore[index]  # CHECK: one is set
        grants.append(Grant(grant.role, grant.municipality_id, frozenset(reached)))
    return grants


def cli_actor() -> Actor:
    """The operator of the machine, named after the user whom the operating system runs this process for.

    Not after LOGNAME or USER: anybody can set these.
    """
    uid = os.getuid()
    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:  # a container may run as a number without a name
        user = f"uid{uid}"
    return Actor(ActorKind.CLI, f"cli:{user}", f"cli:{user}", (Grant("cli", None),))


def cli_on_behalf_of() -> str:
    """Who called `sudo`, as it says itself; empty without it. It stands beside the actor and never in its place."""
    caller = os.environ.get("SUDO_USER", "")
    return f"sudo:{caller}" if caller else ""


def system_actor(name: str) -> Actor:
    """A process of the machine itself: the worker, a schedule."""
    return Actor(ActorKind.SYSTEM, f"system:{name}", name, (Grant("cli", None),))
