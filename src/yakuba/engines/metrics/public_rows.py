"""What the public reads of one metric or series: which figures it is shown, and which of its rows change by that. Writes nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from yakuba.engines.metrics import small
from yakuba.engines.metrics.models import PublicFigure
from yakuba.engines.metrics.queries import period_of
from yakuba.engines.metrics.rules import SAID, columns, read_parts
from yakuba.engines.metrics.sources import Figure
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date


def shown(
    ctx: Context,
    figures: Sequence[Figure],
    stand: Sequence[PublicFigure],
    least: int,
    aggregation: str,
    *,
    flows: bool,
) -> list[small.Shown]:
    """The figures as the public may see them, beside what it reads already (``stand``). Counts of persons of whole periods alone."""
    if least > 1:
        # Under whatever definition: both count the same persons. Mostly there is one row of a period.
        newest = sorted(stand, key=lambda row: (not row.hidden, row.definition_version))
        before = {period_of(row): row for row in newest}
        today = japan_date(ctx.now)
        # Of persons no running period: from one evening to the next a single one would show.
        figures = [
            _quiet(one, before.get(one.period), least, aggregation)
            for one in figures
            if one.period.over(today)
        ]
    read = [row for row in stand if row.number is not None or row.denominator is not None]
    stood = {period_of(row) for row in read}
    split = {period_of(row) for row in read if row.parts}
    return small.shown_all(least, figures, aggregation, flows=flows, stood=stood, split=split)


def differences(
    ctx: Context, source: str, key: str, told: Iterable[small.Shown], stand: Sequence[PublicFigure]
) -> tuple[list[PublicFigure], list[UUID]]:
    """The rows to write, new or other than what stands, and the ids of those that go."""
    before = {_place(row): row for row in stand}
    rows = {_place(row): row for row in (row_of(ctx, source, key, one) for one in told)}
    fresh = [row for place, row in rows.items() if place not in before or _differs(before[place], row)]
    return fresh, [row.pk for place, row in before.items() if place not in rows]


def _quiet(figure: Figure, old: PublicFigure | None, least: int, aggregation: str) -> Figure:
    """A count of persons that was shown is not shown anew for a few who came in late: the difference would be those few.

    Nor when it is frozen, nor when another definition counts: then what was shown stays, under the one that counted it. A correction
    of what was shown passes: it has its reason and is told as one. The next file of what is not settled is none.
    """
    if old is None or old.hidden:
        return figure
    other = old.definition_version != figure.version
    if figure.revision and figure.status == "final" and not other:
        return figure
    stood = dataclasses.replace(
        figure, number=old.number, numerator=old.numerator, denominator=old.denominator,
        parts=read_parts(old.parts),
    )  # fmt: skip
    if other:
        stood = dataclasses.replace(
            stood, version=old.definition_version, status=old.status, revision=old.revision, note=old.note
        )
    then, now = small.counts_of(aggregation, stood), small.counts_of(aggregation, figure)
    if not then:
        return figure
    pairs = list(zip(then, now, strict=False))
    if stood.parts and figure.parts:
        keys = {*stood.parts, *figure.parts}
        pairs += [(stood.parts.get(key, Decimal(0)), figure.parts.get(key, Decimal(0))) for key in keys]
    if len(then) != len(now) or any(small.is_small(b - a, least) for a, b in pairs):
        return stood
    return figure


def row_of(ctx: Context, source: str, key: str, one: small.Shown) -> PublicFigure:
    """What is told of a figure as the row that the public reads; not written."""
    figure = one.figure
    row = PublicFigure(
        municipality_id=ctx.municipality.id,
        source=source,
        key=key,
        definition_version=figure.version,
        kind=figure.period.kind,
        first=figure.period.first,
        last=figure.period.last,
        hidden=one.hidden,
        status=figure.status,
        # What was corrected, and why, would tell of a number that is not told.
        revision=0 if one.hidden else figure.revision,
        note=figure.note if figure.revision and not one.hidden else "",
        released_at=ctx.now,
    )
    for name, value in columns(figure).items():
        setattr(row, name, value)
    return row


def _place(row: PublicFigure) -> tuple[int, str, dt.date]:
    return row.definition_version, row.kind, row.last


def _differs(old: PublicFigure, new: PublicFigure) -> bool:
    names = ("first", *SAID, "hidden", "status", "revision", "note")
    return any(getattr(old, name) != getattr(new, name) for name in names)
