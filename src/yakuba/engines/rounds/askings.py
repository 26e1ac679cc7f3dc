"""What a round can ask for: rooms above register it by the round's kind.

ASKINGS.register("plan_review", PlanReviews())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.plugins import Registry
from yakuba.kernel.ui.drawing import Text

if TYPE_CHECKING:
    from yakuba.engines.rounds.models import Item, ItemMove, Round


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to ask for: the record that it is about, the office that answers (None: nobody knows, the secretariat's own), its number and name."""

    kind: str
    id: UUID
    office_id: UUID | None
    number: str
    label: str


class Asking(ABC):
    """What one kind of round asks for. ``on_…`` run inside the action's transaction; a Problem raised there refuses the whole action."""

    #: What the round is called: 「年次評価」.
    label: Text
    #: The kind of the thing that a whole round is about (``plan_edition``), empty where there is none.
    subject_kind: str = ""
    #: Keys of :data:`~.rules.PHASES` that a round of this kind may have.
    phases: tuple[str, ...] = ("none",)

    @abstractmethod
    def items(self, ctx: Context, round_: Round) -> Iterable[Wanted]:
        """Everything that is asked for, when the round is opened."""

    @abstractmethod
    def href(self, ctx: Context, item: Item) -> str:
        """The page where it is answered."""

    @abstractmethod
    def missing(self, ctx: Context, items: Sequence[Item]) -> Mapping[UUID, Sequence[str]]:
        """What keeps each item from being entered, in sentences; an item without an entry lacks nothing. In a constant number of queries."""

    def writers(self, ctx: Context, items: Sequence[Item]) -> Mapping[UUID, Collection[UUID]]:
        """Who wrote any of what each item answers (ids of persons): none of them confirms or accepts it. In a constant number of queries."""
        return {}

    def overview_href(self, ctx: Context, round_: Round, office_id: UUID | None = None) -> str:
        """The service's own page where the answers of the round, or of one office, are read one below the other; empty: it has none."""
        return ""

    def subjects(self, ctx: Context) -> Sequence[tuple[UUID, str]]:
        """The things that a new round may be about, with their labels, the likeliest first."""
        return ()

    def template(self, ctx: Context, year: FiscalYear, phase: str) -> tuple[str, str]:
        """Title and letter to begin with; empty: the house's own."""
        return "", ""

    def on_opened(self, ctx: Context, round_: Round, items: Sequence[Item]) -> None:  # noqa: B027 – most have nothing to do
        """The offices are asked now."""

    @abstractmethod
    def on_moved(self, ctx: Context, item: Item, move: ItemMove) -> None:
        """One item moved; ``item.state`` is where it is now."""

    def on_moved_many(self, ctx: Context, moved: Sequence[tuple[Item, ItemMove]]) -> None:
        """Several items moved at once. A service that writes for each of them may do it here in fewer statements."""
        for item, move in moved:
            self.on_moved(ctx, item, move)

    def on_closed(self, ctx: Context, round_: Round) -> None:  # noqa: B027 – most have nothing to do
        """The round is over."""


ASKINGS: Registry[Asking] = Registry("asking of a round")
