"""The standing editions of a plan side by side: since when an initiative is late, and what it was in other years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.services.plan.differences import Line, State, between
from yakuba.services.plan.lateness import Run, run
from yakuba.services.plan.published import lean, lean_forms
from yakuba.services.plan.shown import Row
from yakuba.services.plan.succession import Chain, Link, Step


@dataclass(frozen=True, slots=True)
class Past:
    """An initiative as one edition has it."""

    publication: Publication
    row: Row
    link: Link | None
    """How it hangs together with the edition before."""
    merged: tuple[Row, ...]
    """What of the edition before went into it."""


@dataclass(frozen=True)
class Editions:
    """Standing editions from the oldest to the newest, with their rows, trimmed or whole."""

    publications: Sequence[Publication]
    rows: Sequence[Sequence[Row]]

    @cached_property
    def chain(self) -> Chain:
        """How they hang together."""
        return Chain([[row.form for row in rows] for rows in self.rows])

    def index(self, publication: Publication) -> int:
        """The place of an edition among them."""
        return next(n for n, one in enumerate(self.publications) if one.pk == publication.pk)

    def late(self, edition: int) -> list[tuple[Row, Run]]:
        """The late initiatives of an edition, each with the unbroken run of years for which it is late."""
        return [(row, self.run(edition, place)) for place, row in enumerate(self.rows[edition]) if row.late]

    def dated(self, edition: int) -> tuple[Row, ...]:
        """The rows of an edition, each late one with the run of years for which it is late."""
        return tuple(
            replace(row, run=self.run(edition, place)) if row.late else row
            for place, row in enumerate(self.rows[edition])
        )

    def run(self, edition: int, place: int) -> Run:
        """Since when the row at a place is late. Of a row that is not late the run is empty."""
        return run(self.chain, [one.year for one in self.publications], edition, place)

    def life(self, edition: int, place: int) -> list[Past]:
        """The initiative in every edition that holds it, oldest first."""
        back = list(self.chain.back(edition, place))
        return [self._past(step) for step in [*reversed(back), *self.chain.onward(edition, place)]]

    def _past(self, step: Step) -> Past:
        return Past(
            self.publications[step.edition],
            self.rows[step.edition][step.row],
            step.link,
            tuple(self.rows[step.edition - 1][place] for place in step.merged),
        )

    def since_last(self, edition: int) -> list[Line]:
        """What changed from the edition before, of what trimmed rows hold."""
        if edition == 0:
            return []
        before, after = (
            State({}, {row.id: lean(row.form) for row in self.rows[n]}) for n in (edition - 1, edition)
        )
        return between(before, after, self.publications[edition].year)


def load(
    ctx: Context, publications: Sequence[Publication], known: Iterable[tuple[UUID, Sequence[Row]]] = ()
) -> Editions:
    """These editions with their trimmed rows (one query); rows that are ``known`` (by publication) are not asked for again."""
    rows: dict[UUID, Sequence[Row]] = dict(known)
    missing = [one for one in publications if one.pk not in rows]
    for key, found in lean_forms(ctx, missing).items() if missing else ():
        rows[key] = [Row(*one) for one in found]
    return Editions(publications, [rows[one.pk] for one in publications])
