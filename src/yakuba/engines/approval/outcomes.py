"""What becomes of the thing that a proposal is about: rooms above register it by the kind of their subject.

OUTCOMES.register("case", CaseOutcome())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from yakuba.engines.approval.models import Proposal
from yakuba.kernel.actions import Context
from yakuba.kernel.plugins import Registry


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what the decider reads: a heading, then (label, text) lines, then running text; each may be empty."""

    heading: str
    facts: Sequence[tuple[str, str]] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the decider reads beside the drafter's words. Texts are Japanese and as they are to be kept.

    ``href`` leads to the subject's own page where the reader may open it. ``reads`` names the personal data that is shown,
    (subject kind, ids), so that the reading is logged.
    """

    sections: Sequence[Section] = ()
    href: str = ""
    reads: Sequence[tuple[str, Sequence[UUID]]] = ()


class Outcome(ABC):
    """What one kind of subject does with a decision. The ``on_…`` calls run inside the step's action, in its transaction.

    A :class:`~yakuba.kernel.actions.Problem` raised there refuses the whole step.
    """

    @abstractmethod
    def summary(self, ctx: Context, proposal: Proposal) -> Summary:
        """What the decider reads. At the decision it is asked once more and kept as it then was."""

    @abstractmethod
    def on_decided(self, ctx: Context, proposal: Proposal) -> None:
        """The proposal is decided (``proposal.decided_at``)."""

    @abstractmethod
    def on_returned(self, ctx: Context, proposal: Proposal, comment: str) -> None:
        """It went back to the drafter."""

    @abstractmethod
    def on_submitted(self, ctx: Context, proposal: Proposal) -> None:
        """It was sent on its way, for the first time or again (``proposal.round``)."""

    def on_withdrawn(self, ctx: Context, proposal: Proposal) -> None:
        """The drafter took it back; as after a return unless a room says otherwise."""
        self.on_returned(ctx, proposal, "")


OUTCOMES: Registry[Outcome] = Registry("outcome of a proposal")
