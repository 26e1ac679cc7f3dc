"""What of the plan comes before a body: the reviews of a round, an observation, the publication of an edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.bodies.matters import MATTERS, Matter, Proposed, Section
from yakuba.engines.bodies.models import AgendaItem, Body, MeetingMove
from yakuba.engines.bodies.rules import CIRCULAR, DEFERRED
from yakuba.engines.rounds.models import Round
from yakuba.kernel.actions import Context, Missing, Problem, SubjectRef
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.services.plan import labels
from yakuba.services.plan import queries as plan
from yakuba.services.plan.measured.beside import gap_of
from yakuba.services.plan.models import Edition
from yakuba.services.plan.models.year import NEXT_ACTIONS, Observation, Review
from yakuba.services.plan.pending import pending
from yakuba.services.plan.year import queries
from yakuba.services.plan.year.actions import (
    DecideObservation,
    Otherwise,
    decide_observation,
    decide_reviews,
)

REVIEWS, STUDIED, OBSERVATION, PUBLICATION = (
    "plan_reviews",
    "plan_reviews_studied",
    "plan_observation",
    "plan_edition",
)
_DECIDERS = frozenset({"headquarters", "council", "committee"})
"""Kinds of bodies that decide; a study section gives its opinion before them."""


def exceptions_of(details: Mapping[str, JsonValue]) -> dict[UUID, Otherwise]:
    """Where the body decides otherwise than proposed, as the details of an agenda item keep it."""
    found: dict[UUID, Otherwise] = {}
    given = details.get("exceptions")
    if not isinstance(given, dict):
        return found
    for key, one in given.items():
        if isinstance(one, dict):
            said = {name: str(one.get(name) or "") for name in ("progress", "action", "reason")}
            found[UUID(key)] = Otherwise(said["progress"], said["action"], said["reason"])
    return found


class PlanReviews(Matter):
    """The accepted reviews of a round: adopted as proposed, or with exceptions row by row."""

    label = "計画の進捗の確認"

    def open_matters(self, ctx: Context, body: Body) -> Sequence[Proposed]:
        """Rounds with accepted reviews that nobody decided on."""
        if body.kind not in _DECIDERS:
            return []
        words = _("事務局が受理した%(n)d件の進捗状況と来年度の方針を、提案のとおり決めます。")
        return [
            Proposed(REVIEWS, round_id, title[:200], words % {"n": count})
            for (round_id, title), count in self._accepted(ctx).items()
        ]

    def _accepted(self, ctx: Context) -> Mapping[tuple[UUID, str], int]:
        """Rounds by id and title with how many accepted reviews they have."""
        rows = (
            Review.objects.for_actor(ctx)
            .filter(item__state="accepted", phase="provisional", item__round__state__in=("open", "collected"))
            .order_by("item__round__planned_at", "item__round")
            .values_list("item__round", "item__round__title")
        )
        return Counter(rows)

    def summary(self, ctx: Context, ref: SubjectRef) -> Sequence[Section]:
        """The words counted, then every initiative in a line with its figures and what is proposed."""
        with translation.override("ja"):
            return list(self._sections(ctx, ref))

    def _sections(self, ctx: Context, ref: SubjectRef) -> Sequence[Section]:
        found = queries.wholes(
            queries.reviews(ctx).filter(item__round=ref.id, item__state__in=("accepted", "decided")),
            beside=False,
            ctx=ctx,
        )
        words = Counter(one.review.progress for one in found if one.review.progress)
        whole = sum(words.values())
        actions = dict(NEXT_ACTIONS)
        sections = [
            Section("回答の数", queries.answered(ctx, ref.id)),
            Section(
                "進捗状況の数",
                [(word, f"{count}件（{whole}件中）") for word, count in words.most_common()],
            ),
        ]
        studied = opinions(ctx, ref.id)
        if studied:
            sections.append(Section("検討部会の意見", studied))
        ends = [one for one in found if one.review.next_action not in ("", "continue")]
        if ends:
            sections.append(
                Section(
                    "来年度に変わる取組",
                    [
                        (str(one.review), f"{actions[one.review.next_action]}：{one.review.next_reason}")
                        for one in ends
                    ],
                )
            )
        late = [one for one in found if one.review.progress_reason]
        if late:
            sections.append(
                Section(
                    "遅れ・変更の理由",
                    [(f"{one.review}（{one.review.progress}）", one.review.progress_reason) for one in late],
                )
            )
        sections.append(Section("取組ごとの報告", [(str(one.review), told(one)) for one in found]))
        return sections

    def choices(self, ctx: Context, ref: SubjectRef) -> Sequence[tuple[str, str]]:
        """As proposed, or with exceptions."""
        return [("adopted", "提案のとおり決定"), ("amended", "一部を改めて決定")]

    def check(
        self, ctx: Context, ref: SubjectRef, choice: str, details: Mapping[str, JsonValue]
    ) -> Problem | None:
        """There has to be something accepted, and exceptions where some are said to be."""
        if not Review.objects.for_actor(ctx).filter(item__round=ref.id, item__state="accepted").exists():
            return Problem(
                "nothing", _("受理した報告がありません。決定できるのは、事務局が受理したものです。")
            )
        if choice == "amended" and not exceptions_of(details):
            return Problem(
                "exceptions", _("改める取組を、先に「決定の内訳」で入力してください。"), field="choice"
            )
        return None

    def on_decided(
        self, ctx: Context, item: AgendaItem, choice: str, details: Mapping[str, JsonValue]
    ) -> None:
        """The words are the body's from now on, and enter the plan."""
        round_ = Round.objects.for_actor(ctx).filter(pk=item.subject).first()
        if round_ is None:
            raise Missing
        _demand_seen(ctx, item, round_)
        exceptions = exceptions_of(details) if choice == "amended" else {}
        # By circulation nobody sits: it is decided when the answers are in and the outcome is recorded.
        sat = ctx.now if item.meeting.way == CIRCULAR else min(item.meeting.starts_at, ctx.now)
        decide_reviews(ctx, round_, exceptions, by=str(item.meeting), at=sat)

    def details_href(self, ctx: Context, item: AgendaItem) -> str:
        """Where exceptions are entered."""
        return reverse("plan-year-exceptions", args=[ctx.municipality.code, item.pk])

    def decided_words(self, choice: str, details: Mapping[str, JsonValue]) -> str:
        """Which rows were decided otherwise; their numbers were kept with them."""
        given = details.get("exceptions")
        if choice != "amended" or not isinstance(given, dict):
            return ""
        actions = dict(NEXT_ACTIONS)
        lines = []
        for one in given.values():
            if isinstance(one, dict):
                words = [str(one.get("progress") or ""), actions.get(str(one.get("action") or ""), "")]
                told_ = "・".join(word for word in words if word)
                lines.append(f"{one.get('name') or ''}：{told_}（{one.get('reason') or ''}）")
        return "\n".join(lines)


class PlanReviewsStudied(PlanReviews):
    """The same before a study section, which decides nothing: its opinion stands in the papers of the bodies that do."""

    label = "計画の進捗の検討"

    def open_matters(self, ctx: Context, body: Body) -> Sequence[Proposed]:
        """Rounds with accepted reviews on which this section has said nothing yet."""
        if body.kind in _DECIDERS:
            return []
        said = set(
            AgendaItem.objects.for_actor(ctx)
            .filter(matter=STUDIED, meeting__body=body)
            .exclude(choice="")
            .values_list("subject", flat=True)
        )
        words = _("事務局が受理した%(n)d件の進捗状況と来年度の方針について、意見を述べます。")
        return [
            Proposed(STUDIED, round_id, title[:200], words % {"n": count})
            for (round_id, title), count in self._accepted(ctx).items()
            if round_id not in said
        ]

    def choices(self, ctx: Context, ref: SubjectRef) -> Sequence[tuple[str, str]]:
        """Nothing to say, or an opinion."""
        return [("agreed", "意見なし"), ("remarked", "意見を付す")]

    def check(
        self, ctx: Context, ref: SubjectRef, choice: str, details: Mapping[str, JsonValue]
    ) -> Problem | None:
        """Always possible: what was looked at may have gone on meanwhile."""
        return None

    def on_decided(
        self, ctx: Context, item: AgendaItem, choice: str, details: Mapping[str, JsonValue]
    ) -> None:
        """Nothing changes: the agenda keeps the opinion."""
        if not Round.objects.for_actor(ctx).filter(pk=item.subject).exists():
            raise Missing

    def details_href(self, ctx: Context, item: AgendaItem) -> str:
        """No exceptions by row: an opinion is words."""
        return ""

    def decided_words(self, choice: str, details: Mapping[str, JsonValue]) -> str:
        """Nothing beside the words of the opinion."""
        return ""


def opinions(ctx: Context, round_id: UUID) -> list[tuple[str, str]]:
    """What study sections said of a round's reviews: (meeting, its words), in the order of the meetings."""
    rows = (
        AgendaItem.objects.for_actor(ctx)
        .filter(matter=STUDIED, subject=round_id)
        .exclude(choice__in=("", DEFERRED[0]))
        .select_related("meeting__body")
        .order_by("meeting__starts_at", "id")
    )
    return [
        (str(one.meeting), "：".join(text for text in (one.decision, one.reason) if text)) for one in rows
    ]


def _demand_seen(ctx: Context, item: AgendaItem, round_: Round) -> None:
    """A body decides what it had before it. Raises :class:`Problem` where more was accepted since.

    At a meeting until it was recorded as held; what goes round stands still from its beginning, for the first who answers.
    """
    moves = MeetingMove.objects.for_actor(ctx).filter(meeting=item.meeting)
    step = "call" if item.meeting.way == CIRCULAR else "hold"
    last = moves.filter(step=step).order_by("-seq").first()
    late = queries.accepted_after(ctx, round_, last.at) if last is not None else []
    if late:
        raise Problem(
            "later",
            _(
                "会議のあとに受理した報告が%(count)d件あります（%(names)s）。会議が見ていないものは決定できません。差し戻して、次の会議に付議してください。"
            )
            % {"count": len(late), "names": "、".join(late[:5])},
            field="choice",
            found=str(len(late)),
        )


def told(one: queries.Whole) -> str:
    """A review in a line: its word, its figures, its result."""
    parts = [one.review.progress]
    if one.form is not None:
        for place, value in sorted(one.answer.actuals.items()):
            status = labels.of(labels.STATUSES, value["status"])
            name = one.form["indicators"][place]["name"]
            text = f"{name} {value['raw']}" + (f"（{status}）" if status else "")
            measured = one.measured.get(place)
            if measured is not None and not measured.kept_back:  # papers leave the house
                gap = gap_of(value, measured.figure)
                if gap is not None and gap.kind == "differs":
                    text += f"［計測値 {measured.printed}（{measured.note}）］"
            parts.append(text)
    parts.append(one.review.result)
    return "／".join(part for part in parts if part)


class PlanObservation(Matter):
    """An observation on which a body decides; it may revise a target or a stage."""

    label = "計画の見直し（随時）"

    def open_matters(self, ctx: Context, body: Body) -> Sequence[Proposed]:
        """Observations that propose something and wait."""
        if body.kind not in _DECIDERS:
            return []
        return [
            Proposed(OBSERVATION, one.pk, title_of(one), one.proposal)
            for one in queries.observations(ctx)
            if one.state == "open" and one.proposal
        ]

    def summary(self, ctx: Context, ref: SubjectRef) -> Sequence[Section]:
        """Observed, judged, proposed."""
        one = queries.observation(ctx, ref.id)
        with translation.override("ja"):
            facts = [
                ("対象", str(one.initiative) if one.initiative else str(one.edition)),
                ("観察した日", format_date(one.observed_on)),
                ("観察したこと", one.situation),
                ("情勢判断", one.orientation),
                ("決めたいこと", one.proposal),
            ]
            if one.path:
                facts.append(("改める内容", one.value))
            return [Section("観察と情勢判断", [(name, text) for name, text in facts if text])]

    def choices(self, ctx: Context, ref: SubjectRef) -> Sequence[tuple[str, str]]:
        """Yes, or as it is."""
        return [("adopted", "提案のとおり決定"), ("declined", "見送り")]

    def check(
        self, ctx: Context, ref: SubjectRef, choice: str, details: Mapping[str, JsonValue]
    ) -> Problem | None:
        """Nobody decided on it yet."""
        one = queries.observation(ctx, ref.id)
        if one.state != "open":
            return Problem("state", _("この観察には、もう決定があります。"), found=one.state)
        return None

    def on_decided(
        self, ctx: Context, item: AgendaItem, choice: str, details: Mapping[str, JsonValue]
    ) -> None:
        """Recorded with the observation, which revises the plan where it says so."""
        found = Observation.objects.for_actor(ctx).filter(pk=item.subject).first()
        if found is None:
            raise Missing
        day = min(japan_date(item.meeting.starts_at), japan_date(ctx.now))
        decision = item.reason or found.proposal
        decide_observation(
            _plain(ctx),
            found,
            DecideObservation(decision[:2000], str(item.meeting), day, choice == "adopted", str(item.pk)),
        )


def _plain(ctx: Context) -> Context:
    return replace(ctx, idempotency_key=None)


def title_of(one: Observation) -> str:
    """An observation in a line."""
    about = str(one.initiative) if one.initiative else str(one.edition)
    return f"{about}：{one.situation[:60]}"[:200]


class PlanEdition(Matter):
    """The publication of an edition, which a body agrees to before it is published."""

    label = "計画（年度版）の公表"

    def open_matters(self, ctx: Context, body: Body) -> Sequence[Proposed]:
        """Drafts that differ from what is public."""
        if body.kind not in _DECIDERS:
            return []
        return [
            Proposed(PUBLICATION, one.pk, str(one)[:200], _("この内容で公表することを決めます。"))
            for one in plan.editions(ctx).filter(state="draft")
        ]

    def summary(self, ctx: Context, ref: SubjectRef) -> Sequence[Section]:
        """The edition in numbers, and what would change for the public."""
        edition = plan.edition(ctx, ref.id)
        found = pending(ctx, edition)
        with translation.override("ja"):
            forms = [form for _row, form in plan.forms(plan.initiatives(ctx, edition))]
            kinds = Counter(labels.of(labels.KINDS, form["kind"]) or "取組" for form in forms)
            words = Counter(form["progress"] for form in forms if form["progress"])
            facts = [("取組の数", f"{len(forms)}件"), *((f"うち{k}", f"{n}件") for k, n in kinds.items())]
            facts.append(("公表してから変わった取組", f"{found.count}件"))
            counted = [(word, f"{n}件") for word, n in words.most_common()]
            sections = [Section("計画の内容", facts)]
            return [*sections, Section("進捗状況", counted)] if counted else sections

    def choices(self, ctx: Context, ref: SubjectRef) -> Sequence[tuple[str, str]]:
        """Agreed, or not yet."""
        return [("agreed", "公表を了承"), ("returned", "修正のうえ再度協議")]

    def check(
        self, ctx: Context, ref: SubjectRef, choice: str, details: Mapping[str, JsonValue]
    ) -> Problem | None:
        """Always possible."""
        return None

    def on_decided(
        self, ctx: Context, item: AgendaItem, choice: str, details: Mapping[str, JsonValue]
    ) -> None:
        """Nothing changes by itself: the agenda keeps the agreement, the page of publication shows it, the secretariat publishes."""
        if not Edition.objects.for_actor(ctx).filter(pk=item.subject).exists():
            raise Missing


MATTERS.register(REVIEWS, PlanReviews())
MATTERS.register(STUDIED, PlanReviewsStudied())
MATTERS.register(OBSERVATION, PlanObservation())
MATTERS.register(PUBLICATION, PlanEdition())
