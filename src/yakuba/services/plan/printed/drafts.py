"""Drafts as the public would read them: their public fields alone, in the shapes of published editions."""

from __future__ import annotations

from yakuba.kernel.actions import Context
from yakuba.services.plan import queries, rows
from yakuba.services.plan.models import Edition
from yakuba.services.plan.shown import Row


def public_rows(ctx: Context, of: Edition) -> tuple[Row, ...]:
    """The initiatives of a draft with their public fields, in the document's order (a fixed number of queries)."""
    own = queries.forms(queries.initiatives(ctx, of))
    return tuple(Row(row.pk, row.position, rows.public_form(form)) for row, form in own)


def earlier(ctx: Context, of: Edition, most: int) -> list[Edition]:
    """At most so many editions before this one, the oldest first: one of each year, of the same plan where it has one."""
    found: dict[int, Edition] = {}
    for one in queries.editions(ctx).filter(year__lt=of.year.year):
        known = found.get(one.year.year)
        if known is None or (one.plan_id == of.plan_id and known.plan_id != of.plan_id):
            found[one.year.year] = one
    return [found[year] for year in sorted(found)[-most:]]
