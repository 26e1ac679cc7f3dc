"""What an action needs of rooms above it. Those rooms put their part in at start-up (``AppConfig.ready``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from yakuba.kernel.actions.context import Context, Event
from yakuba.kernel.fields import JsonValue


@dataclass(frozen=True)
class Done:
    """What is told to the trail of one finished action."""

    action: str
    subject_kind: str
    subject_id: UUID
    subject_label: str
    before: dict[str, JsonValue]
    after: dict[str, JsonValue]
    notes: dict[str, JsonValue]
    reason: str


class TrailPort(Protocol):
    """Writes what was done, in the running transaction; what was denied or read, in a transaction of its own."""

    def done(self, ctx: Context, entry: Done) -> None: ...

    def denied(
        self,
        ctx: Context,
        action: str,
        subject_kind: str,
        subject_id: UUID | None,
        subject_label: str,
        reason: str,
    ) -> None: ...

    def read(
        self, ctx: Context, action: str, subject_kind: str, ids: Iterable[UUID], **facts: JsonValue
    ) -> None:
        """One page of personal data shown: one entry with the ids on it. Called before the page is sent.

        ``facts`` say more of what leaves the house: which form, which days, to whom.
        """


class OutboxPort(Protocol):
    """Writes one row per subscriber of each event, in the running transaction."""

    def events(self, ctx: Context, events: Sequence[Event]) -> None: ...


class ReplayPort(Protocol):
    """Keeps (municipality, actor, action, idempotency key) → result, in the running transaction."""

    def find(self, ctx: Context, action: str, fingerprint: str) -> dict[str, JsonValue] | None: ...

    def keep(self, ctx: Context, action: str, fingerprint: str, result: dict[str, JsonValue]) -> None: ...


_trail: TrailPort | None = None
_outbox: OutboxPort | None = None
_replay: ReplayPort | None = None


def fill(
    *, trail: TrailPort | None = None, outbox: OutboxPort | None = None, replay: ReplayPort | None = None
) -> None:
    """Put a part in."""
    global _trail, _outbox, _replay  # noqa: PLW0603 – three sockets, filled once at start-up
    _trail = trail or _trail
    _outbox = outbox or _outbox
    _replay = replay or _replay


def trail() -> TrailPort:
    """The trail; RuntimeError when no room filled it (an action without a trail must not run)."""
    if _trail is None:
        raise RuntimeError("no trail: is yakuba.kernel.trail installed?")
    return _trail


def outbox() -> OutboxPort:
    """The outbox; RuntimeError when no room filled it."""
    if _outbox is None:
        raise RuntimeError("no outbox: is yakuba.kernel.outbox installed?")
    return _outbox


def replay() -> ReplayPort:
    """The store of results; RuntimeError when no room filled it."""
    if _replay is None:
        raise RuntimeError("no replay store: is yakuba.kernel.outbox installed?")
    return _replay
