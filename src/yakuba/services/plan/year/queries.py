"""Reading reviews: what an office answers beside what the plan says, and what was said the year before. Constant numbers of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yakuba.engines.rounds.models import Item, ItemMove, Round
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan import labels, queries
from yakuba.services.plan.measured.beside import Beside
from yakuba.services.plan.measured.reviewing import Rests, rests_of
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.models.year import Answered, Evidence, Observation, Review, ReviewActual
from yakuba.services.plan.rows import Form
from yakuba.services.plan.succession import trace
from yakuba.services.plan.year import checks, figures, flow

R = TypeVar("R", ReviewActual, Evidence, Answered)
KIND: Final = "plan_review"
"""The key of this asking among ``ASKINGS``."""
EDITION: Final = "plan_edition"


@dataclass(frozen=True, slots=True)
class Before:
    """What stands beside the form: the initiative a year before, and the newest answer about it before this one."""

    form: Form | None = None
    review: Review | None = None
    edition: Edition | None = None
    row: UUID | None = None

    @property
    def result(self) -> str:
        """Last year's text of the result."""
        if self.review is not None and self.review.result:
            return self.review.result
        text = self.form["texts"].get("result", "") if self.form is not None else ""
        return text if isinstance(text, str) else "\n".join(text)


@dataclass(frozen=True, slots=True)
class Whole:
    """A review with everything that belongs to it. ``form`` is the initiative as the plan has it now, None where it was taken out."""

    review: Review
    form: Form | None
    actuals: Sequence[ReviewActual]
    evidence: Sequence[Evidence]
    answers: Sequence[Answered]
    before: Before = field(default_factory=Before)
    lost: tuple[ReviewActual, ...] = ()
    """Figures whose indicator the plan has no more."""
    rests: Rests = field(default_factory=Rests)
    """What was measured of its indicators, and how its office counts the others."""

    @property
    def measured(self) -> Mapping[int, Beside]:
        """What was measured of its indicators, by their place."""
        return self.rests.measured

    @property
    def unproven(self) -> list[int]:
        """The places of the indicators that the office counts itself, and of which nothing shows how."""
        if self.form is None or self.evidence:
            return []
        proven = {place_of(self.form, one) for one in self.actuals if one.evidence.strip()}
        return [place for place in sorted(self.rests.manual) if place not in proven]

    @property
    def answer(self) -> checks.Answer:
        """What the office answers, as the rules look at it."""
        return answer_of(self.review, self.form, self.actuals)

    @property
    def missing(self) -> list[str]:
        """What has to be filled in."""
        return checks.missing(self.form, self.answer, self.review.phase) if self.form is not None else []

    @property
    def questions(self) -> list[checks.Question]:
        """Everything that the rules ask about."""
        if self.form is None:
            return []
        return checks.questions(
            self.form,
            self.answer,
            year=self.review.year.year,
            phase=self.review.phase,
            last_result=self.before.result,
            measured=self.measured,
            unproven=self.unproven,
        )

    @property
    def unanswered(self) -> list[checks.Question]:
        """Those of the questions to which nobody said 「このままでよい」; none before anything is written, nor once it is decided."""
        untouched = self.review.written_at is None and self.review.phase != "final"
        if untouched or self.review.item.state == "decided":
            return []
        given = frozenset((one.code, one.about, one.mark) for one in self.answers)
        return checks.unanswered(self.questions, given)

    @property
    def keeping(self) -> list[tuple[checks.Question, Answered]]:
        """The questions that were answered, as they stand now, each with its answer."""
        given = {(one.code, one.about, one.mark): one for one in self.answers}
        return [
            (one, given[one.code, one.about, one.mark])
            for one in self.questions
            if (one.code, one.about, one.mark) in given
        ]


def place_of(form: Form, actual: ReviewActual) -> int | None:
    """Where the indicator of a figure stands now: at its place, else at the only other of its name; None where it is gone."""
    names = [one["name"] for one in form["indicators"]]
    if actual.position < len(names) and names[actual.position] == actual.name:
        return actual.position
    there = [place for place, name in enumerate(names) if name == actual.name]
    return there[0] if len(there) == 1 else None


def answer_of(review: Review, form: Form | None, actuals: Iterable[ReviewActual]) -> checks.Answer:
    """What an office answers, as the rules look at it."""
    values: dict[int, Form] = {}
    ahead: dict[int, Form] = {}
    for one in actuals:
        place = place_of(form, one) if form is not None else None
        if place is None:
            continue
        if one.raw:
            values[place] = value_of(one, review.year)
        if one.next_target:
            ahead[place] = flow.target_of(one.name, review.year.year, one.next_target)
    return checks.Answer(
        result=review.result,
        progress=review.progress,
        meaning=review.meaning,
        progress_reason=review.progress_reason,
        self_rating=review.self_rating,
        next_action=review.next_action,
        next_reason=review.next_reason,
        merge_into=review.merge_into,
        actuals=values,
        next_targets=ahead,
    )


def value_of(actual: ReviewActual, year: FiscalYear) -> Form:
    """An answered figure as the plan keeps it."""
    return flow.value_of(
        actual.name,
        year.year,
        actual.raw,
        actual.status,
        actual.as_of.isoformat() if actual.as_of else None,
        figures.plain(actual.numerator),
        figures.plain(actual.denominator),
    )


def reviews(ctx: Context) -> QuerySet[Review]:
    """The reviews that the actor may see, in the order of their numbers."""
    return (
        Review.objects.for_actor(ctx)
        .select_related("item", "item__part", "item__round", "edition", "edition__plan")
        .order_by("item__number_sort", "item__id")
    )


def review(ctx: Context, review_id: UUID) -> Review:
    """One review; :class:`Missing` where there is none for this actor."""
    found = reviews(ctx).filter(pk=review_id).first()
    if found is None:
        raise Missing
    return found


def review_of_item(ctx: Context, item_id: UUID) -> Review:
    """The review of an item of a round; :class:`Missing` where there is none for this actor."""
    found = reviews(ctx).filter(item=item_id).first()
    if found is None:
        raise Missing
    return found


def accepted_after(ctx: Context, round_: Round, moment: dt.datetime) -> list[str]:
    """The items of a round that stand accepted since a later moment, by number and name."""
    moved = ItemMove.objects.for_actor(ctx).filter(item__round=round_, item__state="accepted")
    found = moved.filter(step="accept", at__gt=moment).order_by("item__number_sort", "item__id")
    return list(dict.fromkeys(str(one.item) for one in found.select_related("item")))


def answered(ctx: Context, round_id: UUID) -> list[tuple[str, str]]:
    """How many of a round's items were asked, are accepted or decided, do not apply, and are still out: (Japanese words, count)."""
    rows = Item.objects.for_actor(ctx).filter(round=round_id).order_by().values_list("state")
    by_state = dict(rows.annotate(count=Count("pk")))
    whole = sum(by_state.values())
    settled = {
        "受理・決定したもの": by_state.get("accepted", 0) + by_state.get("decided", 0),
        "該当なし": by_state.get("not_applicable", 0),
    }
    rest = whole - sum(settled.values())
    return [
        ("照会した取組", f"{whole}件"),
        *((words, f"{count}件") for words, count in settled.items() if count),
        *([("まだ受理していないもの", f"{rest}件")] if rest else []),
    ]


def edition_of(round_: Round) -> Edition:
    """The edition that a round reviews. The caller has scoped the round."""
    found = Edition.unscoped.select_related("plan").filter(
        municipality=round_.municipality_id, pk=round_.subject
    )
    edition = found.first()
    if edition is None:
        raise Missing
    return edition


def wholes(found: Iterable[Review], *, beside: bool = True, ctx: Context | None = None) -> list[Whole]:
    """Reviews of one round with everything that belongs to them (a constant number of queries). The caller has scoped them.

    ``beside``: with what was said before, for the rules that look back. ``ctx``: with what was measured, which the rules ask about too.
    """
    wanted = list(found)
    ids = [one.pk for one in wanted]
    actuals = _by_review(ReviewActual.unscoped.filter(review__in=ids).order_by("position"))
    evidence = _by_review(
        Evidence.unscoped.filter(review__in=ids).select_related("file").order_by("position")
    )
    answers = _by_review(Answered.unscoped.filter(review__in=ids).order_by("answered_at", "id"))
    rows = dict(_forms(wanted))
    before = befores(wanted, rows) if beside else {}
    rests = rests_of(ctx, wanted) if ctx is not None else {}
    made = []
    for one in wanted:
        form = rows.get(one.initiative)
        own = actuals.get(one.pk, [])
        lost = () if form is None else tuple(a for a in own if a.raw and place_of(form, a) is None)
        made.append(
            Whole(
                one,
                form,
                own,
                evidence.get(one.pk, []),
                answers.get(one.pk, []),
                before.get(one.pk, Before()),
                lost,
                rests.get(one.pk, Rests()),
            )
        )
    return made


def _forms(wanted: Sequence[Review]) -> Iterable[tuple[UUID, Form]]:
    if not wanted:
        return []
    ids = [one.initiative for one in wanted]
    rows = Initiative.unscoped.filter(municipality=wanted[0].municipality_id, pk__in=ids)
    return [(row.pk, form) for row, form in queries.forms(rows)]


def _by_review(rows: Iterable[R]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.review_id].append(row)
    return found


def befores(wanted: Sequence[Review], forms: Mapping[UUID, Form]) -> dict[UUID, Before]:
    """What was said of each reviewed initiative before, by the review's id. Of one edition; the caller has scoped them."""
    if not wanted:
        return {}
    edition, year, phase = wanted[0].edition, wanted[0].year, wanted[0].phase
    earlier = (
        Edition.unscoped.filter(municipality=edition.municipality_id, year__lt=edition.year.year)
        .select_related("plan")
        .order_by("-year", "label", "id")
    )
    same_plan = [one for one in earlier if one.plan_id == edition.plan_id]
    last = next(iter(same_plan or earlier), None)
    origin: dict[UUID, tuple[UUID, Form]] = {}
    if last is not None:
        there = queries.forms(Initiative.unscoped.filter(edition=last).order_by("position", "id"))
        here = queries.forms(Initiative.unscoped.filter(edition=edition).order_by("position", "id"))
        pairs = trace([form for _row, form in there], [form for _row, form in here])
        origin = {
            here[link.after][0].pk: (there[link.before][0].pk, there[link.before][1])
            for link in pairs.links
            if not link.merged
        }
    ids = {one.initiative for one in wanted} | {row for row, _form in origin.values()}
    told = _newest_reviews(edition, ids, year, phase)
    found: dict[UUID, Before] = {}
    for one in wanted:
        row, form = origin.get(one.initiative, (None, None))
        said = told.get(one.initiative) or (told.get(row) if row is not None else None)
        own = forms.get(one.initiative)
        # Without an earlier edition the plan's own text is last year's, until this year's is decided.
        spare = own if last is None and one.decided_at is None else None
        found[one.pk] = Before(form or spare, said, last, row)
    return found


def _newest_reviews(
    edition: Edition, ids: Iterable[UUID], year: FiscalYear, phase: str
) -> dict[UUID, Review]:
    """The newest review of each initiative before this year and phase, by the initiative."""
    when = Q(year__lt=year.year)
    if phase == "final":
        when |= Q(year=year.year, phase="provisional")
    rows = (
        Review.unscoped.filter(when, municipality=edition.municipality_id, initiative__in=list(ids))
        .select_related("item")
        .order_by("year", "phase", "id")
    )
    order = {"final": 0, "provisional": 1}  # of one year the first round says more than the one of figures
    return {
        row.initiative: row for row in sorted(rows, key=lambda row: (row.year.year, order.get(row.phase, 0)))
    }


def progress_choices(ctx: Context, edition: Edition) -> list[tuple[str, str | None]]:
    """The words that a review may choose from with their meanings: those that this plan's editions use, the house's for what is left."""
    # This plan's own words before those of the town's other plans, the newest edition's first.
    rows = list(
        Initiative.objects.for_actor(ctx)
        .exclude(progress="")
        .order_by("-edition__year", "position")
        .values_list("progress", "progress_meaning", "edition__plan")
    )
    own: list[tuple[str, str | None]] = [
        (word, meaning) for word, meaning, of in rows if of == edition.plan_id
    ]
    told = own or [(word, meaning) for word, meaning, _of in rows]
    told += [(word, None) for word in edition.stated.get("progress", {})]
    found = {word: meaning or labels.meaning_of(word) for word, meaning in reversed(told)}
    covered = set(found.values())
    for code in labels.MEANINGS:
        if code not in covered:
            found[labels.of(labels.MEANINGS, code)] = code
    order = list(labels.MEANINGS)
    return sorted(found.items(), key=lambda one: (order.index(one[1]) if one[1] in order else 99, one[0]))


def observations(
    ctx: Context, edition: Edition | None = None, row: Initiative | None = None
) -> list[Observation]:
    """The observations that the actor may see, newest first; of an edition or of one of its initiatives."""
    found = Observation.objects.for_actor(ctx).select_related("initiative", "edition", "edition__plan")
    if edition is not None:
        found = found.filter(edition=edition)
    if row is not None:
        found = found.filter(initiative=row)
    return list(found.order_by("-observed_on", "-written_at", "-id"))


def observation(ctx: Context, observation_id: UUID) -> Observation:
    """One observation; :class:`Missing` where there is none for this actor."""
    found = (
        Observation.objects.for_actor(ctx)
        .select_related("initiative", "edition", "edition__plan")
        .filter(pk=observation_id)
        .first()
    )
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True, slots=True)
class Next:
    """What a body decided about an initiative's next year: its id in the edition, the action, why, and what it is merged into."""

    initiative: UUID
    action: str
    reason: str
    merge_into: UUID | None


def decided_actions(ctx: Context, edition: Edition) -> dict[UUID, Next]:
    """The decided next year of each of an edition's initiatives, by the initiative; the newest decision counts (one query)."""
    rows = (
        Review.objects.for_actor(ctx)
        .filter(edition=edition, decided_at__isnull=False)
        .exclude(decided_action="")
        .order_by("decided_at", "id")
    )
    found: dict[UUID, Next] = {}
    for row in rows:
        into = UUID(row.merge_into) if row.merge_into and row.decided_action == "merge" else None
        found[row.initiative] = Next(row.initiative, row.decided_action, row.decided_reason, into)
    return found
