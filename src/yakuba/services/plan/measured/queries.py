"""Reading bindings and what they measure: of a whole edition in a number of queries that grows with its ledgers' queries alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.models import PublicFigure, Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.public_rows import row_of
from yakuba.engines.metrics.rules import read_parts
from yakuba.engines.metrics.series import queries as series
from yakuba.engines.metrics.series.rules import Standing
from yakuba.engines.metrics.small import Shown
from yakuba.engines.metrics.sources import SOURCES, Figure, Operand
from yakuba.engines.rounds.models import Milestone, Round
from yakuba.engines.rounds.rules import FIGURES
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.services.plan.measured.beside import period_of_round
from yakuba.services.plan.models import Binding, DeclinedSource, Edition, Indicator

MANUAL: Final = "manual"
"""The source of an indicator that the office counts itself, with what shows it."""
ENDED: Final = ""
Place = tuple[UUID, int]
"""An indicator: its initiative and where it stands in it now."""


@dataclass(frozen=True, slots=True)
class Found:
    """The bindings of an edition by the indicator's place now; those whose indicator is gone; and the last row of those that ended."""

    standing: Mapping[Place, Binding]
    lost: Sequence[Binding]
    ended: Mapping[Place, Binding]


def bindings(ctx: Context, edition: Edition) -> dict[Place, Binding]:
    """What each indicator of an edition is bound to, ``manual`` ones included (two queries). Unbound indicators are not in it."""
    return dict(found(ctx, edition).standing)


def found(ctx: Context, edition: Edition) -> Found:
    """All that was decided on the sources of an edition's indicators (two queries)."""
    names = indicator_names(ctx, edition)
    standing: dict[Place, Binding] = {}
    ended: dict[Place, Binding] = {}
    lost = []
    for one in newest(Binding.objects.for_actor(ctx).filter(edition=edition).order_by("revision", "id")):
        place = place_of(names.get(one.initiative, ()), one.position, one.name)
        if place is None:
            if one.source != ENDED:
                lost.append(one)
        elif one.source == ENDED:
            ended[one.initiative, place] = one
        else:
            standing[one.initiative, place] = one
    return Found(standing, lost, {key: one for key, one in ended.items() if key not in standing})


def newest(rows: Iterable[Binding]) -> list[Binding]:
    """Of each line the row that counts; ``rows`` in the order of their revisions."""
    return list({one.line: one for one in rows}.values())


def indicator_names(ctx: Context, edition: Edition) -> dict[UUID, list[str]]:
    """The names of an edition's indicators by their initiative, in their order (one query)."""
    rows = Indicator.objects.for_actor(ctx).filter(initiative__edition=edition).order_by("position")
    names: dict[UUID, list[str]] = defaultdict(list)
    for initiative, name in rows.values_list("initiative", "name"):
        names[initiative].append(name)
    return names


def place_of(names: Sequence[str], position: int, name: str) -> int | None:
    """Where an indicator stands now: at its place, else at the only other of its name; None where it is gone.

    A plan that is read again may print it elsewhere; another name is another indicator (as with a review's figures).
    """
    if position < len(names) and names[position] == name:
        return position
    there = [place for place, one in enumerate(names) if one == name]
    return there[0] if len(there) == 1 else None


def measured(ctx: Context, edition: Edition, periods: Sequence[Period]) -> dict[Place, dict[Period, Figure]]:
    """The figures of these periods of each bound indicator that has one.

    A constant number of queries for each kind of source, but for queries on ledgers, of which each is one more.
    """
    return figures_of(ctx, bindings(ctx, edition), periods)


def figures_of(
    ctx: Context, bound: Mapping[Place, Binding], periods: Sequence[Period]
) -> dict[Place, dict[Period, Figure]]:
    """The same of some bindings. A source that is no more (a room that was taken out) has no figures."""
    by_source: dict[str, list[tuple[Place, Binding]]] = defaultdict(list)
    for place, one in bound.items():
        if one.source in SOURCES:
            by_source[one.source].append((place, one))
    told: dict[Place, dict[Period, Figure]] = {}
    for key, own in by_source.items():
        many = SOURCES.get(key).figures_of_many(ctx, [one.said for _place, one in own], periods)
        for (place, _one), figures in zip(own, many, strict=True):
            if figures:
                told[place] = dict(figures)
    return told


def ended_line(ctx: Context, edition: Edition, initiative: UUID, place: int) -> Binding | None:
    """The last row of what an indicator that is bound to nothing was bound to before; None where it never was."""
    return found(ctx, edition).ended.get((initiative, place))


def declined(ctx: Context, edition: Edition) -> dict[UUID, set[str]]:
    """The marks of the sources that do not fit, by the initiative (one query)."""
    marks: dict[UUID, set[str]] = defaultdict(set)
    rows = DeclinedSource.objects.for_actor(ctx).filter(edition=edition)
    for initiative, mark in rows.values_list("initiative", "mark"):
        marks[initiative].add(mark)
    return marks


def history(ctx: Context, one: Binding) -> list[Binding]:
    """Every decision on an indicator's source, the newest first; with those of earlier editions that it carries on."""
    told: list[Binding] = []
    line: UUID | None = one.line
    seen: set[UUID] = set()
    while line is not None and line not in seen:
        seen.add(line)
        rows = list(
            Binding.objects.for_actor(ctx)
            .filter(line=line)
            .select_related("edition", "edition__plan", "file")
            .order_by("-revision")
        )
        told += rows
        origin = rows[-1].origin if rows else None
        before = Binding.objects.for_actor(ctx).filter(pk=origin).first() if origin is not None else None
        line = before.line if before is not None else None
    return told


# --- rounds that ask for reviews ----------------------------------------------------------------------------------------
#: The days of a round that its figures may stand for, the first that there is: its 基準日, the request.
DAYS: Final = (FIGURES, "request")


def period_of(round_: Round) -> Period:
    """What the figures of a round stand for (one query). The caller has scoped the round.

    The day is the round's 基準日, else that of its request, else the one on which it was opened.
    """
    days = dict(Milestone.unscoped.filter(round=round_, key__in=DAYS).values_list("key", "day"))
    opened = japan_date(round_.opened_at) if round_.opened_at is not None else None
    return period_of_round(
        round_.year, round_.phase, next((days[key] for key in DAYS if key in days), opened)
    )


def round_of(ctx: Context, round_id: UUID, kind: str) -> Round | None:
    """A round of a kind; None where there is none for this actor."""
    return Round.objects.for_actor(ctx).filter(pk=round_id, kind=kind).first()


def running_rounds(ctx: Context, kind: str) -> list[Round]:
    """The rounds of a kind that are asked or collected now."""
    return list(
        Round.objects.for_actor(ctx).filter(kind=kind, state__in=("open", "collected")).order_by("pk")
    )


def metrics_of_round(ctx: Context, round_: Round) -> set[str]:
    """The metrics (keys) that the figures of a round's edition rest on."""
    rows = newest(Binding.objects.for_actor(ctx).filter(edition=round_.subject).order_by("revision", "id"))
    return {
        operand.key
        for one in rows
        if one.source in SOURCES
        for operand in SOURCES.get(one.source).operands(ctx, one.said)
        if operand.source == "metric"
    }


# --- what the public gets ------------------------------------------------------------------------------------------------
def least_of(ctx: Context, operands: Iterable[Operand]) -> dict[Operand, int]:
    """Below how many persons figures are kept back (one query where there are series)."""
    wanted = set(operands)
    found = {
        each: METRICS.get(each.key).least
        for each in wanted
        if each.source != "series" and each.key in METRICS
    }
    keys = sorted(each.key for each in wanted if each.source == "series")
    if keys:
        rows = Series.unscoped.filter(municipality=ctx.municipality.id, key__in=keys)
        found |= {Operand("series", one.key): series.least_of(one) for one in rows}
    return found


def released(
    ctx: Context, wanted: Collection[tuple[Operand, Period]]
) -> dict[tuple[Operand, Period], list[PublicFigure]]:
    """What the public has of these operands and periods, hidden or not, by definition; nothing of what it has not (one query).

    Of a series only what was brought and its years are released. Its 基準日 is what the released values come to that it rests on, which
    tells nothing new: nothing where one of them is not released, hidden where one is (two more queries).
    """
    if not wanted:
        return {}
    by_day = _rests(ctx, {one for one in wanted if one[0].source == "series" and one[1].kind == "as_of"})
    found = _released(
        ctx, {*wanted, *((each, one.period) for (each, _day), (_of, own) in by_day.items() for one in own)}
    )
    for (each, day), (of, own) in by_day.items():
        rows = [found[each, one.period][-1] for one in own if (each, one.period) in found]
        if (each, day) in found or len(rows) < len(own):
            continue
        told = {
            one.period: replace(
                one, number=row.number, numerator=row.numerator, denominator=row.denominator,
                parts=read_parts(row.parts),
            )
            for one, row in zip(own, rows, strict=True)
        }  # fmt: skip
        figure = None if any(row.hidden for row in rows) else series.figure_of(ctx, of, told, day)
        shown = Shown(Figure(day, None) if figure is None else figure, hidden=figure is None)
        found[each, day] = [row_of(ctx, each.source, each.key, shown)]
    return found


def _rests(
    ctx: Context, days: Collection[tuple[Operand, Period]]
) -> dict[tuple[Operand, Period], tuple[Series, Sequence[Standing]]]:
    """The values that the figures of these days rest on, with their series; of a day without a figure nothing."""
    by_key = series.by_keys(ctx, {each.key for each, _day in days}) if days else {}
    there = series.newest(ctx, [one.pk for one in by_key.values()]) if by_key else {}
    return {
        (each, day): (of, own)
        for each, day in days
        if (of := by_key.get(each.key)) is not None
        and (own := series.rests_on(of, there.get(of.pk, {}), day))
    }


def _released(
    ctx: Context, wanted: Collection[tuple[Operand, Period]]
) -> dict[tuple[Operand, Period], list[PublicFigure]]:
    rows = PublicFigure.unscoped.filter(
        municipality=ctx.municipality.id,
        key__in=sorted({each.key for each, _period in wanted}),
        last__in=sorted({period.last for _each, period in wanted}),
    ).order_by("definition_version")
    places: dict[tuple[str, str, str, object], tuple[Operand, Period]] = {
        (each.source, each.key, of.kind, of.last): (each, of) for each, of in wanted
    }
    found: dict[tuple[Operand, Period], list[PublicFigure]] = defaultdict(list)
    for row in rows:
        place = places.get((row.source, row.key, row.kind, row.last))
        if place is not None:
            found[place].append(row)
    return dict(found)
