"""An invented town for the tests of town and access, and ports that remember what they were told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yakuba.kernel.actions import Actor, ActorKind, Context, Grant, MunicipalityRef
from yakuba.kernel.dates import JAPAN
from yakuba.kernel.town import actions as town

APRIL = dt.date(2026, 4, 1)
CLI = Actor(ActorKind.CLI, "cli:test", "cli:test", (Grant("cli", None),))


@dataclass
class Remembered:
    """Stands for trail, outbox and replay store."""

    done_: list[Any] = field(default_factory=list)
    denied_: list[tuple[str, str]] = field(default_factory=list)
    read_: list[tuple[str, str, list[UUID]]] = field(default_factory=list)

    def done(self, _ctx, entry):
        self.done_.append(entry)

    def denied(self, _ctx, action, _kind, _id, _label, reason):
        self.denied_.append((action, reason))

    def read(self, _ctx, action, kind, ids):
        self.read_.append((action, kind, list(ids)))

    def events(self, _ctx, _events):
        pass

    def find(self, _ctx, _action, _fingerprint):
        return None

    def keep(self, _ctx, _action, _fingerprint, _result):
        pass


def japan(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A moment in Japan time."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=JAPAN)


def context(
    ref: MunicipalityRef, *roles: str, actor: Actor | None = None, now: dt.datetime | None = None
) -> Context:
    """A context with the roles in the municipality, or with an actor as it is."""
    who = actor or Actor(ActorKind.STAFF, "someone", "someone", tuple(Grant(role, ref.id) for role in roles))
    return Context(who, ref, now or japan(2026, 4, 1, 9), request_id="test")


def office(
    ctx: Context, code: str, name: str, *, since: dt.date = dt.date(2020, 4, 1), department: str = "総務部"
):
    """An office of the mayor."""
    return town.open_office(ctx, None, town.OpenOffice("mayor", name, code, since, department))


def person(ctx: Context, number: str, name: str, code: str, title: str, since: dt.date, **more):
    """A person with one post."""
    made = town.enter_person(ctx, None, town.EnterPerson(number, name, more.pop("kana", "")))
    kind = more.pop("kind", "main")
    town.assign(ctx, made, town.Assign(code, title, kind, since, more.pop("until", None)))
    return made
