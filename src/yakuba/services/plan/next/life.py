"""What an initiative is in every edition and plan that the desk has, working copies all of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yakuba.kernel.actions import Context
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.paths import Form
from yakuba.services.plan.shown import Row
from yakuba.services.plan.succession import Chain, Step

_KEYS = ("title", "number", "kind", "lineage", "progress", "progress_meaning", "flags", "group")


@dataclass(frozen=True, slots=True)
class Stand:
    """An initiative as one edition has it; ``merged`` are titles of the edition before that went into it."""

    edition: Edition
    row: Row
    here: bool
    event: str
    """The event that led here, where somebody said it; empty for the first, and for what only looks like one initiative."""
    merged: tuple[str, ...]


def life(ctx: Context, of: Initiative) -> list[Stand]:
    """From the newest edition to the oldest (two queries, however many there are); alone where nothing hangs together with it."""
    editions = _one_a_year(list(Edition.objects.for_actor(ctx).select_related("plan")), of)
    rows: dict[UUID, list[Row]] = {one.pk: [] for one in editions}
    every = Initiative.objects.for_actor(ctx).filter(edition__in=list(rows)).order_by("position", "id")
    for found in every.values("pk", "position", "edition_id", "year", *_KEYS):
        form: Form = {key: found[key] for key in _KEYS}
        form |= {"year": found["year"].year, "kind": found["kind"] or None, "offices": []}
        rows[found["edition_id"]].append(Row(found["pk"], found["position"], form))
    listed = [rows[one.pk] for one in editions]
    here = next((n for n, one in enumerate(editions) if one.pk == of.edition_id), None)
    place = next((n for n, row in enumerate(rows[of.edition_id]) if row.id == of.pk), None)
    if here is None or place is None:
        return []
    chain = Chain([[row.form for row in one] for one in listed])
    steps = [*reversed(list(chain.back(here, place))), *chain.onward(here, place)]
    return [_stand(step, editions, listed, of) for step in reversed(steps)]


def _one_a_year(found: list[Edition], of: Initiative) -> list[Edition]:
    """Editions in the order of years. Of several in one year (a draft beside a draft) one alone follows the year before.

    That of the initiative itself, else one that is published, else one of the same plan.
    """
    plan = next((one.plan_id for one in found if one.pk == of.edition_id), None)
    by_year: dict[int, Edition] = {}
    for one in sorted(
        found,
        key=lambda one: (one.pk == of.edition_id, one.state == "published", one.plan_id == plan, one.pk),
    ):
        by_year[one.year.year] = one
    return [by_year[year] for year in sorted(by_year)]


def _stand(step: Step, editions: list[Edition], listed: list[list[Row]], of: Initiative) -> Stand:
    row = listed[step.edition][step.row]
    return Stand(
        editions[step.edition],
        row,
        row.id == of.pk,
        (step.link.event or "") if step.link is not None else "",
        tuple(listed[step.edition - 1][place].title for place in step.merged) if step.edition else (),
    )
