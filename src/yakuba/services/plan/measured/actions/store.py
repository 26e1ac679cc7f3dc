"""The writers of bindings: rows that actions of this room make in their transactions, after they have asked for permission."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.formula.source import text_of
from yakuba.engines.metrics.models import MetricSetting, Series
from yakuba.engines.metrics.rules import kept
from yakuba.engines.metrics.sources import SOURCES, Figure, Operand, Said
from yakuba.engines.publishing import queries as publishing
from yakuba.engines.rounds.models import Round
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.ids import uuid7
from yakuba.services.plan.measured import queries
from yakuba.services.plan.models import (
    Binding,
    DeclinedSource,
    Edition,
    Indicator,
    Initiative,
    MeasuredThen,
    PublicBinding,
    Review,
    ReviewActual,
)
from yakuba.services.plan.published import EDITION

_BATCH: Final = 200
_LONGEST_REASON: Final = 1000


@dataclass(frozen=True, slots=True)
class Bind:
    """What is decided on one indicator. ``source`` empty ends what stands; ``definition`` is asked of ``manual`` alone."""

    initiative: UUID
    position: int
    name: str
    source: str
    said: Said = field(default_factory=dict)
    reason: str = ""
    definition: str = ""
    grounds: Sequence[str] = ()
    file: StoredFile | None = None
    before: Binding | None = None
    """The binding that is ended although its indicator is gone."""


def mark_of(name: str, source: str, said: Said) -> str:
    """The mark of a proposed source for an indicator of a name: it stays when the indicator moves."""
    told = json.dumps([name, source, said], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def bind(ctx: Context, edition: Edition, wanted: Sequence[Bind]) -> list[Binding]:
    """Write decisions, each as the next row of its indicator's line. Part of a running action, which has checked them."""
    there = queries.found(ctx, edition)
    made = []
    for one in wanted:
        place = (one.initiative, one.position)
        before = one.before or there.standing.get(place) or there.ended.get(place)
        made.append(_row(ctx, edition, one, before))
    Binding.unscoped.bulk_create(made, batch_size=_BATCH)
    release(ctx, edition.pk)
    return made


def _row(ctx: Context, edition: Edition, one: Bind, before: Binding | None) -> Binding:
    identity = uuid7()
    row = Binding(
        id=identity,
        municipality_id=ctx.municipality.id,
        edition=edition,
        initiative=one.initiative,
        position=one.position,
        name=one.name,
        line=before.line if before is not None else identity,
        revision=before.revision + 1 if before is not None else 0,
        origin=before.origin if before is not None else None,
        source=one.source,
        said=dict(one.said),
        grounds=list(one.grounds),
        file=one.file,
        reason=one.reason,
        bound_at=ctx.now,
        bound_by=ctx.actor.label[:200],
    )
    if one.source == queries.MANUAL:
        row.title, row.definition = _("担当課が数えます"), one.definition
    elif one.source == queries.ENDED:
        row.title = _("計測を終えました")
    else:
        source = SOURCES.get(one.source)
        row.title = source.title(ctx, one.said)[:500]
        row.unit = source.unit(ctx, one.said)[:40]
        row.aggregation = source.aggregation(ctx, one.said)
        row.definition = source.definition(ctx, one.said)[:4000]
    return row


def decline(
    ctx: Context, edition: Edition, initiative: UUID, name: str, source: str, said: Said, reason: str
) -> DeclinedSource:
    """Say that a source does not fit an indicator; said twice it stays the first word. Part of a running action."""
    made, _fresh = DeclinedSource.unscoped.get_or_create(
        municipality_id=ctx.municipality.id,
        initiative=initiative,
        mark=mark_of(name, source, said),
        defaults={
            "edition": edition,
            "name": name,
            "source": source,
            "said": dict(said),
            "reason": reason,
            "declined_at": ctx.now,
            "declined_by": ctx.actor.label[:200],
        },
    )
    return made


def carry(
    ctx: Context, source: Edition, made: Edition, before: Sequence[Initiative], fresh: Sequence[Initiative]
) -> int:
    """What indicators are bound to goes on with them into the next edition; how many. Inside the action that begins it.

    ``before`` and ``fresh`` row by row: a row's indicators go on in their order (:func:`..carrying.carried`).
    """
    ways = {was.pk: row.pk for was, row in zip(before, fresh, strict=True)}
    places = set(Indicator.unscoped.filter(initiative__in=list(ways.values())).values_list("initiative", "position"))  # fmt: skip
    rows = []
    for (initiative, place), one in queries.bindings(ctx, source).items():
        onward = ways.get(initiative)
        if onward is None or (onward, place) not in places:
            continue
        identity = uuid7()
        text = _("「%(edition)s」から引き継ぎました。%(reason)s") % {"edition": source, "reason": one.reason}
        rows.append(
            Binding(
                id=identity,
                municipality_id=ctx.municipality.id,
                edition=made,
                initiative=onward,
                position=place,
                name=one.name,
                line=identity,
                source=one.source,
                said=one.said,
                title=one.title,
                unit=one.unit,
                aggregation=one.aggregation,
                definition=one.definition,
                grounds=one.grounds,
                file_id=one.file_id,
                reason=text[:_LONGEST_REASON],
                origin=one.pk,
                bound_at=ctx.now,
                bound_by=ctx.actor.label[:200],
            )
        )
    Binding.unscoped.bulk_create(rows, batch_size=_BATCH)
    declined = [
        DeclinedSource(
            municipality_id=ctx.municipality.id,
            edition=made,
            initiative=ways[one.initiative],
            name=one.name,
            source=one.source,
            said=one.said,
            mark=one.mark,
            reason=one.reason,
            declined_at=one.declined_at,
            declined_by=one.declined_by,
        )
        for one in DeclinedSource.unscoped.filter(edition=source)
        if one.initiative in ways
    ]
    DeclinedSource.unscoped.bulk_create(declined, batch_size=_BATCH)
    return len(rows)


def drop(edition: Edition) -> int:
    """A draft that is thrown away takes what its indicators were bound to along; how many rows. Inside the action that does."""
    DeclinedSource.unscoped.filter(edition=edition).delete()
    return Binding.unscoped.filter(edition=edition).delete()[0]


# --- what the public reads ----------------------------------------------------------------------------------------------
def release(ctx: Context, edition_id: UUID | None = None) -> int:
    """Write anew by what the figures of published editions are measured; how many rows changed. Part of a running action.

    Of one edition, or of all. Public is what stands published, is bound to something that the public may see, and only that.
    """
    gone, changed, fresh = _differences(ctx, edition_id)
    PublicBinding.unscoped.filter(pk__in=[one.pk for one in gone]).delete()
    for one in changed:
        one.save(force_update=True)
    PublicBinding.unscoped.bulk_create(fresh, batch_size=_BATCH)
    return len(gone) + len(changed) + len(fresh)


def stale(ctx: Context) -> bool:
    """Whether what the public reads of bindings is another than it should be: a metric or a series became public, or is so no more."""
    return any(_differences(ctx, None))


Rows = list[PublicBinding]


def _differences(ctx: Context, edition_id: UUID | None) -> tuple[Rows, Rows, Rows]:
    """The rows that go, those that are to be written over, and new ones."""
    wanted = _wanted(ctx, edition_id)
    there = PublicBinding.unscoped.filter(municipality=ctx.municipality.id)
    if edition_id is not None:
        there = there.filter(edition=edition_id)
    gone, changed = [], []
    for old in there:
        new = wanted.pop((old.edition, old.initiative, old.position), None)
        if new is None:
            gone.append(old)
        elif _told(old) != _told(new):
            new.pk = old.pk
            changed.append(new)
    return gone, changed, list(wanted.values())


def _wanted(ctx: Context, edition_id: UUID | None) -> dict[tuple[UUID, UUID, int], PublicBinding]:
    stand = publishing.standing(ctx, EDITION).defer("head")
    if edition_id is not None:
        stand = stand.filter(subject=edition_id)
    wanted: dict[tuple[UUID, UUID, int], PublicBinding] = {}
    public: Mapping[Operand, str] | None = None
    for publication in stand:
        bound = queries.found(ctx, Edition(pk=publication.subject))
        # An indicator that the draft has no more may stand published still.
        rows = [*bound.standing.values(), *bound.lost]
        if not rows:
            continue
        public = public_operands(ctx) if public is None else public
        parts = publishing.parts(ctx, publication).values_list("object", "body__indicators")
        names = {part: [one["name"] for one in indicators or ()] for part, indicators in parts}
        for one in rows:
            place = queries.place_of(names.get(one.initiative, ()), one.position, one.name)
            row = _public(ctx, one, place, public) if place is not None else None
            if row is not None:
                wanted[row.edition, row.initiative, row.position] = row
    return wanted


def _public(ctx: Context, one: Binding, place: int, public: Mapping[Operand, str]) -> PublicBinding | None:
    """How the public reads a binding; None where it rests on something that is not public."""
    operands: list[Operand] = []
    if one.source != queries.MANUAL:
        if one.source not in SOURCES:
            return None
        source = SOURCES.get(one.source)
        operands = list(source.operands(ctx, one.said))
        if any(operand not in public for operand in operands) or not source.may_be_public(ctx, one.said):
            return None
    alone = operands[0] if len(operands) == 1 and one.source == operands[0].source else None
    return PublicBinding(
        municipality_id=one.municipality_id,
        edition=one.edition_id,
        initiative=one.initiative,
        position=place,
        name=one.name,
        source=one.source,
        key=alone.key if alone else "",
        title=one.title,
        unit=one.unit,
        aggregation=one.aggregation,
        definition=one.definition,
        operands=[{"source": each.source, "key": each.key, "label": public[each]} for each in operands],
        formula="" if alone else text_of(one.said),
        bound_on=japan_date(one.bound_at),
        released_at=ctx.now,
    )


def _told(row: PublicBinding) -> tuple[object, ...]:
    keys = (
        "name",
        "source",
        "key",
        "title",
        "unit",
        "aggregation",
        "definition",
        "operands",
        "formula",
        "bound_on",
    )
    return tuple(getattr(row, key) for key in keys)


def public_operands(ctx: Context) -> dict[Operand, str]:
    """The metrics and series whose figures the public may see, with what they are called (two queries)."""
    off = set(
        MetricSetting.unscoped.filter(municipality=ctx.municipality.id, public=False).values_list(
            "metric", flat=True
        )
    )
    found = {
        Operand("metric", one.key): str(one.label)
        for one in METRICS.values()
        if one.public and one.key not in off
    }
    series = Series.unscoped.filter(municipality=ctx.municipality.id, public=True)
    return found | {Operand("series", key): title for key, title in series.values_list("key", "title")}


# --- what a closed round rested on --------------------------------------------------------------------------------------
def keep(ctx: Context, round_: Round) -> int:
    """Freeze what was measured for a round and keep it beside what was answered; how many figures. Repeating keeps nothing twice.

    Part of a running action; the round is closed.
    """
    reviews = list(
        Review.unscoped.filter(municipality=ctx.municipality.id, item__round=round_)
        .exclude(item__state="not_applicable")
        .select_related("item", "edition", "edition__plan")
        .order_by("pk")
    )
    done = set(
        MeasuredThen.unscoped.filter(review__in=[one.pk for one in reviews]).values_list("review", "position")
    )
    period = queries.period_of(round_)
    rows: list[MeasuredThen] = []
    for edition in {one.edition_id: one.edition for one in reviews}.values():
        own = {one.initiative: one for one in reviews if one.edition_id == edition.pk}
        bound = {
            place: one
            for place, one in queries.bindings(ctx, edition).items()
            if place[0] in own and one.source in SOURCES and (own[place[0]].pk, place[1]) not in done
        }
        for one in bound.values():
            SOURCES.get(one.source).freeze(ctx, one.said, [period], round_.title)
        answered = _answered(own.values())
        for (initiative, place), figures in queries.figures_of(ctx, bound, [period]).items():
            one = bound[initiative, place]
            review = own[initiative]
            if period in figures:
                raw = answered.get((review.pk, place, one.name), "")
                rows.append(_then(ctx, review, place, one, figures[period], raw))
    MeasuredThen.unscoped.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def _answered(reviews: Iterable[Review]) -> dict[tuple[UUID, int, str], str]:
    rows = ReviewActual.unscoped.filter(review__in=[one.pk for one in reviews])
    return {
        (review, place, name): raw
        for review, place, name, raw in rows.values_list("review", "position", "name", "raw")
    }


def _then(ctx: Context, review: Review, place: int, one: Binding, figure: Figure, raw: str) -> MeasuredThen:
    return MeasuredThen(
        municipality_id=ctx.municipality.id,
        review=review,
        position=place,
        name=one.name,
        binding=one,
        kind=figure.period.kind,
        first=figure.period.first,
        last=figure.period.last,
        number=kept(figure.number),
        state=figure.state,
        numerator=kept(figure.numerator),
        denominator=kept(figure.denominator),
        definition_version=figure.version,
        figure_revision=figure.revision,
        status=figure.status,
        grounds=[
            {"label": each.label, "value": each.value, "href": each.href, "note": each.note}
            for each in figure.grounds
        ],
        answered=raw,
        measured_at=figure.at,
        frozen_at=ctx.now,
    )
