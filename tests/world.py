"""Two small towns for tests: offices, people, posts and grants for every role. Names are plainly invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.pages import cookie_name
from yakuba.engines.visitors.rules import token_digest
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.models import AccountRole, RoleGrant, StaffAccount
from yakuba.kernel.access.roles import ROLES
from yakuba.kernel.actions import ANYONE, Actor, ActorKind, Context, Face, Grant, MunicipalityRef
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.models import Assignment, Municipality, Office, OfficeName, Person, Post

SINCE = dt.date(2020, 4, 1)


@dataclass
class Town:
    """One municipality with two offices."""

    ref: MunicipalityRef
    offices: dict[str, Office] = field(default_factory=dict)
    accounts: dict[tuple[str, str], StaffAccount] = field(default_factory=dict)
    visits: dict[str, UUID] = field(default_factory=lambda: {"own": uuid7(), "other": uuid7()})

    def account(self, role: str, office: str = "own") -> StaffAccount:
        """An account that holds one role at one office; made on first use."""
        key = (role, office)
        if key not in self.accounts:
            self.accounts[key] = self._make(role, office)
        return self.accounts[key]

    def ctx(
        self, role: str, office: str = "own", *, of: Town | None = None, key: str | None = None
    ) -> Context:
        """A context in this town; ``of`` says whose staff acts (this town's own when left out)."""
        return Context(
            self.actor(role, office, of=of),
            self.ref,
            clock.now(),
            request_id=str(uuid7()),
            face=Face.PORTAL if role in {"public", "visitor"} else Face.DESK,
            idempotency_key=key,
        )

    def actor(self, role: str, office: str = "own", *, of: Town | None = None) -> Actor:
        """The actor behind a role."""
        if role == "public":
            return ANYONE
        if role == "visitor":
            return Actor(
                ActorKind.PUBLIC,
                f"visit:{(of or self).visits[office]}",
                "来訪者",
                (Grant("visitor", (of or self).ref.id),),
            )
        if role == "cli":
            return Actor(ActorKind.CLI, "cli:tester", "cli:tester", (Grant("cli", None),))
        actor, _post = staff_actor((of or self).account(role, office), clock.now())
        return actor

    def visit(self, office: str = "own", *, level: str = "none", citizen: UUID | None = None) -> Visit:
        """The visit behind the role ``visitor``; made on first use, and then as known as is asked."""
        pk, now = self.visits[office], clock.now()
        return Visit.unscoped.update_or_create(
            pk=pk,
            defaults={"level": level, "citizen": citizen, "seen_at": now, "ends_at": now + dt.timedelta(1)},
            create_defaults={
                "municipality_id": self.ref.id,
                "token_hash": token_digest(str(pk)),
                "level": level,
                "citizen": citizen,
                "began_at": now,
                "seen_at": now,
                "ends_at": now + dt.timedelta(1),
            },
        )[0]

    def enter(self, client: Client, office: str = "own", **known: Any) -> Visit:  # Any: as in ``visit``
        """Let a browser be that visit."""
        visit = self.visit(office, **known)
        client.cookies[cookie_name(self.ref.code)] = str(visit.pk)
        return visit

    def _make(self, role: str, office: str) -> StaffAccount:
        here = {"municipality_id": self.ref.id}
        number = f"{len(self.accounts) + 1:05d}"
        person = Person.unscoped.create(**here, staff_number=number, name=f"例示{number}", kana="レイジ")
        username = f"{self.ref.code}-{role}-{office}".replace("_", "-")
        account = StaffAccount(
            municipality_id=self.ref.id, username=username, person=person, created_at=clock.now()
        )
        account.set_unusable_password()
        account.save()
        if ROLES[role].hangs_on == "account":
            scope = None if role == "platform_admin" else self.ref.id
            AccountRole.unscoped.create(municipality_id=scope, account=account, role=role)
            return account
        post = Post.unscoped.create(**here, office=self.offices[office], title=f"職{number}")
        Assignment.unscoped.create(**here, person=person, post=post, kind="main", valid_from=SINCE)
        if role != "staff":
            RoleGrant.unscoped.create(**here, role=role, post=post, valid_from=SINCE)
        return account


def make_town(code: str, name: str) -> Town:
    """A municipality with the offices ``own`` and ``other``."""
    row = Municipality.unscoped.create(code=code, name=name, kana="", prefecture="")
    town = Town(MunicipalityRef(row.pk, row.code, row.name))
    for key, label in (("own", "見本課"), ("other", "例示課")):
        office = Office.unscoped.create(municipality=row, authority="mayor")
        OfficeName.unscoped.create(
            municipality=row,
            office=office,
            name=label,
            code=f"{key}-1",
            valid_from=SINCE,
            department="見本部",
        )
        town.offices[key] = office
    return town


def office_id(town: Town, key: str) -> UUID:
    """The id of an office."""
    found: UUID = town.offices[key].pk
    return found
