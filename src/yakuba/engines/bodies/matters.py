"""What of other rooms comes before a body: rooms above register it by a key, and hear what was decided.

MATTERS.register("plan_reviews", PlanReviews())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yakuba.engines.approval.outcomes import Section
from yakuba.engines.bodies.models import AgendaItem, Body
from yakuba.kernel.actions import Context, Problem, SubjectRef
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.plugins import Registry

__all__ = ["MATTERS", "Matter", "Proposed", "Section"]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Something that waits for a body: ``kind`` is the matter's key in ``MATTERS``, ``id`` what it is about."""

    kind: str
    id: UUID
    title: str
    explanation: str = ""


class Matter(ABC):
    """One kind of thing on which bodies decide. ``SubjectRef.kind`` is the key under which it is registered here.

    ``check`` and ``on_decided`` run inside the transaction of the action ``bodies.record_decisions``; a
    :class:`~yakuba.kernel.actions.Problem` raised in ``on_decided`` refuses the whole of it.
    """

    label: str

    @abstractmethod
    def open_matters(self, ctx: Context, body: Body) -> Sequence[Proposed]:
        """What waits for this body now, in the order in which it should come; a constant number of queries."""

    @abstractmethod
    def summary(self, ctx: Context, ref: SubjectRef) -> Sequence[Section]:
        """What members read of it: goes into the papers, and as it then was into the minutes. Japanese, whoever asks."""

    @abstractmethod
    def choices(self, ctx: Context, ref: SubjectRef) -> Sequence[tuple[str, str]]:
        """What can be decided: (key, words). To put it off (``deferred``) can always be decided and is not among them."""

    @abstractmethod
    def check(
        self, ctx: Context, ref: SubjectRef, choice: str, details: Mapping[str, JsonValue]
    ) -> Problem | None:
        """Why this cannot be decided now, None where it can."""

    @abstractmethod
    def on_decided(
        self, ctx: Context, item: AgendaItem, choice: str, details: Mapping[str, JsonValue]
    ) -> None:
        """The body decided. ``item.meeting.body``, ``item.reason`` and ``item.decided_at`` say who, why and when."""

    def details_href(self, ctx: Context, item: AgendaItem) -> str:
        """The room's own page on which details (exceptions by row) are entered before the decision is; empty where there is none.

        The page keeps them by :func:`~yakuba.engines.bodies.store.set_details`.
        """
        return ""

    def decided_words(self, choice: str, details: Mapping[str, JsonValue]) -> str:
        """What the minutes say beside the choice's own words, about the details; empty where there is nothing to say."""
        return ""


MATTERS: Registry[Matter] = Registry("matter of a body")
