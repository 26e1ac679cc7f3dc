"""What rooms listen to and hand over. Declared in a room's ``subscriptions.py``, which is imported at start-up.

An *effect* changes our own database: it runs in one transaction with the completion of its row, so it happens exactly once. *Work*
takes longer than a transaction may last and runs outside of one: done a second time it does no harm, and what it returns to be noted
is noted once. A *hand-over* leaves the house: it too runs outside, with an idempotency key that stays the same over all attempts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from yakuba.kernel.actions import Context
from yakuba.kernel.fields import JsonValue

Payload = dict[str, JsonValue]
Upgrade = Callable[[Payload], Payload]
Settle = Callable[[], None]
Zone = Literal["portal", "desk"]
Kind = Literal["effect", "work", "handover"]


class NotAccepted(Exception):
    """The other system surely did not take it: trying again repeats nothing. ``permanent``: trying again is no use."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Effect(Protocol):
    """Works on our own database through actions, inside a transaction; under two seconds."""

    def __call__(self, ctx: Context, payload: Payload, /) -> None: ...


class HandOver(Protocol):
    """Gives something to another system under ``key`` and returns what to note in our database, if anything.

    Raises :class:`NotAccepted` when it surely was not taken; any other exception means that nobody knows.
    """

    def __call__(self, ctx: Context, payload: Payload, key: str, /) -> Settle | None: ...


class Work(Protocol):
    """Does something long inside the house and returns what to note in our database, if anything.

    It may run again after a crash, and beside a first run that took longer than its lease; only the run whose lease holds is noted.
    Any exception means: again later, or never when it is a :class:`NotAccepted` that is ``permanent``.
    """

    def __call__(self, ctx: Context, payload: Payload, key: str, /) -> Settle | None: ...


@dataclass(frozen=True)
class Handler:
    """A registered handler. ``max_attempts`` failures make its row ``dead``; once begun, a lease lasts ``lease_seconds``."""

    name: str
    topic: str
    zone: Zone
    effect: Effect | None = None
    work: Work | None = None
    handover: HandOver | None = None
    deduplicates: bool = False
    version: int = 1
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)
    max_attempts: int = 12
    lease_seconds: int = 60

    @property
    def kind(self) -> Kind:
        """The kind of its rows."""
        if self.effect is not None:
            return "effect"
        return "work" if self.work is not None else "handover"

    @property
    def repeatable(self) -> bool:
        """Whether it may simply be done again when nobody knows how far it came."""
        return self.handover is None or self.deduplicates

    def current(self, payload: Payload, version: int) -> Payload:
        """A payload of an earlier version as today's. LookupError for a later one, or where an upgrade is missing."""
        if version > self.version:
            raise LookupError(
                f"{self.name}: payload version {version} is newer than this program's {self.version}"
            )
        for number in range(version, self.version):
            payload = self.upgrades[number](payload)
        return payload


HANDLERS: dict[str, Handler] = {}


def add(handler: Handler) -> None:
    """Register a handler. Its name is ``room.verb`` and stands in stored rows for ever."""
    if handler.name in HANDLERS:
        raise RuntimeError(f"outbox handler {handler.name} is registered already")
    HANDLERS[handler.name] = handler


def subscribers(topic: str) -> list[Handler]:
    """Who wants to know of a topic, in the order of their names."""
    return sorted(
        (one for one in HANDLERS.values() if topic and one.topic == topic), key=lambda one: one.name
    )


def subscribe(
    topic: str,
    *,
    name: str,
    zone: Zone = "desk",
    version: int = 1,
    upgrades: Mapping[int, Upgrade] | None = None,
) -> Callable[[Effect], Effect]:
    """Run a function once for each event of a topic.

    ``version`` counts the payload's shapes; ``upgrades[n]`` turns shape n into n + 1, for rows that waited over an update.
    """

    def wrap(function: Effect) -> Effect:
        add(Handler(name, topic, zone, effect=function, version=version, upgrades=upgrades or {}))
        return function

    return wrap


def work(
    *,
    topic: str,
    name: str,
    zone: Zone = "desk",
    version: int = 1,
    upgrades: Mapping[int, Upgrade] | None = None,
    max_attempts: int = 3,
    lease_seconds: int = 300,
) -> Callable[[Work], Work]:
    """Run a function for each event of a topic, outside a transaction and, after a crash, again.

    ``lease_seconds`` is longer than it ever takes: after that another worker may begin it anew.
    """

    def wrap(function: Work) -> Work:
        add(
            Handler(
                name,
                topic,
                zone,
                work=function,
                version=version,
                upgrades=upgrades or {},
                max_attempts=max_attempts,
                lease_seconds=lease_seconds,
            )
        )
        return function

    return wrap


def handover(
    *,
    name: str,
    zone: Zone,
    topic: str = "",
    deduplicates: bool = False,
    version: int = 1,
    upgrades: Mapping[int, Upgrade] | None = None,
    max_attempts: int = 30,
    lease_seconds: int = 300,
) -> Callable[[HandOver], HandOver]:
    """Hand something to another system, for each event of ``topic`` or when ``store.hand_over`` asks for it by name.

    ``deduplicates``: the other system refuses a key that it has seen, so that a hand-over of unknown outcome is repeated. Without
    it such a row becomes ``unconfirmed`` and waits for a person. ``lease_seconds`` is longer than the longest time-out inside.
    """

    def wrap(function: HandOver) -> HandOver:
        add(
            Handler(
                name,
                topic,
                zone,
                handover=function,
                deduplicates=deduplicates,
                version=version,
                upgrades=upgrades or {},
                max_attempts=max_attempts,
                lease_seconds=lease_seconds,
            )
        )
        return function

    return wrap
