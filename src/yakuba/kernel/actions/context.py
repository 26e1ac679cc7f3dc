"""Who acts, where and when: everything an action may know about its caller."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from django.db.models import Model

from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ids import uuid7


class ActorKind(Enum):
    """What sort of actor: it decides how a trail entry reads and which addresses are open."""

    PUBLIC = "public"
    STAFF = "staff"
    CLI = "cli"
    SYSTEM = "system"


class Face(Enum):
    """Which of the two front doors a request came through; the command line and the worker have neither."""

    PORTAL = "portal"
    DESK = "desk"
    NONE = "none"


@dataclass(frozen=True)
class Grant:
    """A role held now. ``municipality_id`` None: in every municipality; ``office_ids`` None: in all its offices."""

    role: str
    municipality_id: UUID | None
    office_ids: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts. ``id`` is an account's id, ``cli:<os user>``, or the name of a machine process."""

    kind: ActorKind
    id: str
    label: str
    grants: tuple[Grant, ...] = ()

    def roles_in(self, municipality_id: UUID) -> frozenset[str]:
        """The names of the roles held in one municipality."""
        return frozenset(g.role for g in self.grants if g.municipality_id in (None, municipality_id))


ANYONE = Actor(ActorKind.PUBLIC, "public", "公開", (Grant("public", None),))


@dataclass(frozen=True)
class MunicipalityRef:
    """The municipality an action happens in."""

    id: UUID
    code: str
    name: str
    accent: str = ""


@dataclass(frozen=True)
class Event:
    """Something others may want to know; rooms subscribe to its topic."""

    topic: str
    payload: dict[str, JsonValue]
    key: str


@dataclass
class Work:
    """What one action call gathers while it runs, written with it or not at all."""

    events: list[Event] = field(default_factory=list)
    written: list[Model] = field(default_factory=list)
    erased: list[Model] = field(default_factory=list)
    notes: dict[str, JsonValue] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Context:
    """The frozen circumstances of one call. ``now`` is UTC and does not move while the action runs."""

    actor: Actor
    municipality: MunicipalityRef
    now: dt.datetime
    request_id: str
    face: Face = Face.NONE
    acting_post: str = ""
    on_behalf_of: str = ""
    idempotency_key: str | None = None
    work: Work | None = field(default=None, compare=False, repr=False)

    def begin(self) -> Context:
        """The same circumstances with an empty gathering of events and notes."""
        return dataclasses.replace(self, work=Work())

    def publish(self, topic: str, payload: dict[str, JsonValue], *, key: str = "") -> None:
        """Tell subscribers, in the transaction of the running action. ``key`` makes the event unique when set."""
        self._running().events.append(Event(topic, payload, key or str(uuid7())))

    def write_last(self, row: Model) -> None:
        """Insert a row at the end of the running action, in one statement with its trail. Until then no query finds it."""
        self._running().written.append(row)

    def erase_last(self, row: Model) -> None:
        """Delete a row at the end of the running action, in one statement with its trail."""
        self._running().erased.append(row)

    def note(self, **facts: JsonValue) -> None:
        """Facts for the trail's payload, beside the subject's own before and after."""
        self._running().notes.update(facts)

    def because(self, reason: str) -> None:
        """Why, in words, for the trail."""
        self._running().reason = reason

    def _running(self) -> Work:
        if self.work is None:
            raise RuntimeError("Events and notes belong to a running action.")
        return self.work
