"""What of an edition's working copy the public does not have yet."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.services.plan import queries, rows
from yakuba.services.plan.differences import Differences, State, compare
from yakuba.services.plan.models import Edition
from yakuba.services.plan.published import EDITION, state_of


@dataclass(frozen=True, slots=True)
class Pending(Differences):
    """The working copy beside the standing publication (None: never published, or taken back)."""

    standing: Publication | None

    @property
    def anything(self) -> bool:
        """Whether publishing would change what the public reads."""
        return self.standing is None or bool(self.count or self.head)


def pending(ctx: Context, edition: Edition) -> Pending:
    """Compare field by field what would be published with what stands (a fixed number of queries)."""
    standing = publishing.standing_of(ctx, EDITION, edition.pk)
    own = queries.forms(queries.initiatives(ctx, edition))
    before = state_of(ctx, standing) if standing else None
    after = State(queries.head(ctx, edition), {row.pk: rows.public_form(form) for row, form in own})
    found = compare(before, after)
    return Pending(found.new, found.edited, found.removed, found.head, standing)
