"""What the next edition is proposed to do with each initiative: what a body decided in the review, else what its own words say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from yakuba.kernel.actions import Context
from yakuba.services.plan.models import Edition
from yakuba.services.plan.next.building import CONTINUED, OTHER_KIND, Way, proposed
from yakuba.services.plan.rows import Form
from yakuba.services.plan.year.queries import decided_actions

_WAYS: Final[Mapping[str, str]] = {
    "continue": CONTINUED,
    "change": CONTINUED,
    "to_operate": "moved",
    "postpone": "postponed",
    "merge": "merged",
    "complete": "completed",
    "abolish": "abolished",
}


def proposals(ctx: Context, edition: Edition, rows: Sequence[tuple[UUID, Form]]) -> dict[UUID, Way]:
    """A way for each initiative (one query)."""
    decided = decided_actions(ctx, edition)
    found: dict[UUID, Way] = {}
    for key, form in rows:
        one = decided.get(key)
        way = _WAYS.get(one.action) if one is not None else None
        if one is None or way is None:
            found[key] = proposed(form)
        elif way == "moved" and form["kind"] not in OTHER_KIND:
            found[key] = Way(CONTINUED)  # a plan without 推進 and 運用 has nowhere to move it
        else:
            found[key] = Way(way, "" if way == CONTINUED else one.reason, one.merge_into)
    return found
