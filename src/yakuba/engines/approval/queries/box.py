"""The 決裁箱: what waits for the actor, what he reads, what he drafted, what he decided. Paged in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yakuba.engines.approval.models import Proposal, Step
from yakuba.engines.approval.queries import holding
from yakuba.engines.approval.rules import BLOCKING, OPEN_STATES, STATES
from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.models import OfficeName, Post
from yakuba.kernel.town.queries import office_names, valid_on

BOXES: Final = ("turn", "circulated", "after", "drafted", "decided", "all")
PAGE: Final = 50


def in_box(ctx: Context, box: str) -> QuerySet[Proposal]:
    """The proposals of one box. KeyError for a box that there is not.

    All but ``all`` hold what is the actor's own, which he sees by that alone: asking again would only cost.
    """
    if box == "all":
        return Proposal.objects.for_actor(ctx)
    proposals = Proposal.unscoped.filter(municipality=ctx.municipality.id)
    steps: Mapping[str, Q] = {
        "turn": holding.mine_to_act(ctx, *BLOCKING),
        "circulated": holding.mine_to_act(ctx, "circulate"),
        "after": holding.to_read_after(ctx),
        "decided": Q(kind="decide", state="done", person__in=holding.me(ctx).person),
    }
    if box == "drafted":
        return proposals.filter(holding.drafted_by_me(ctx), state__in=OPEN_STATES)
    here = Step.unscoped.filter(steps[box], municipality=ctx.municipality.id)
    return proposals.filter(pk__in=here.values("proposal"))


def waiting(ctx: Context) -> int:
    """How many things wait for the actor: to act on, to read, to read afterwards. The desk asks on every page.

    Mostly nothing does, which a small query finds out; who is there and who is away is asked only where something may wait.
    """
    mine = holding.me(ctx)
    if not mine.person:
        return 0
    on_the_table = Q(post__in=mine.posts) | Q(stand_in__in=mine.holding) | Q(second_stand_in__in=mine.holding)
    may_wait = Step.unscoped.filter(
        Q(on_the_table, state="current") | holding.to_read_after(ctx), municipality=ctx.municipality.id
    )
    return _waiting(ctx).count() if may_wait.order_by().exists() else 0


def _waiting(ctx: Context) -> QuerySet[Step]:
    """The steps that wait for the actor. Each half has an index of its own; no step is in both."""
    return Step.unscoped.filter(
        holding.mine_to_act(ctx, *BLOCKING, "circulate") | holding.to_read_after(ctx),
        municipality=ctx.municipality.id,
    ).order_by()


def counts(ctx: Context) -> dict[str, int]:
    """The same, box by box, with what came back to the drafter (two queries)."""
    if not holding.me(ctx).person:
        return dict.fromkeys(("turn", "circulated", "after", "returned"), 0)
    here = Q(state="current")
    found: dict[str, int] = _waiting(ctx).aggregate(
        turn=Count("proposal", distinct=True, filter=here & Q(kind__in=BLOCKING)),
        circulated=Count("proposal", distinct=True, filter=here & Q(kind="circulate")),
        after=Count("proposal", distinct=True, filter=~here),
    )
    return {**found, "returned": in_box(ctx, "drafted").filter(state="returned").count()}


def open_of(ctx: Context, person_id: UUID) -> list[SubjectRef]:
    """What a person drafted that is not decided yet, as far as the actor sees it: who moves leaves it behind."""
    rows = Proposal.objects.for_actor(ctx).filter(drafter=person_id, state__in=OPEN_STATES)
    return [SubjectRef("proposal", pk) for pk in rows.order_by("drafted_at").values_list("pk", flat=True)]


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal in a list. ``turn`` names the post whose turn it is, empty where nothing is awaited."""

    id: UUID
    title: str
    matter: str
    office: str
    drafter: str
    amount: int | None
    state: str
    turn: str
    submitted_at: dt.datetime | None
    decided_at: dt.datetime | None

    @property
    def state_label(self) -> str:
        """決裁中, 差戻し …"""
        return dict(STATES)[self.state]


def found_by(rows: QuerySet[Proposal], words: str) -> QuerySet[Proposal]:
    """Those whose title or matter contains every word."""
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(matter__icontains=word))
    return rows


def ordered(rows: QuerySet[Proposal], box: str) -> QuerySet[Proposal]:
    """What has waited longest comes first where something waits, else the newest."""
    if box in {"turn", "circulated", "after"}:
        return rows.order_by("submitted_at", "pk")
    return rows.order_by("-drafted_at", "pk")


def lines(ctx: Context, rows: Iterable[Proposal]) -> list[Line]:
    """Rows for a list; three queries however many there are."""
    proposals = list(rows)
    current = {
        step.proposal_id: step
        for step in Step.unscoped.filter(
            proposal__in=[one.pk for one in proposals], state="current", kind__in=BLOCKING
        ).select_related("post")
    }
    offices = {one.office_id for one in proposals} | {one.post.office_id for one in current.values()}
    names = office_names(offices, japan_date(ctx.now))
    return [
        Line(
            one.pk,
            one.title,
            one.matter,
            names.get(one.office_id, ""),
            one.drafter.name,
            one.amount,
            one.state,
            _post_words(current[one.pk].post, names) if one.pk in current else "",
            one.submitted_at,
            one.decided_at,
        )
        for one in proposals
    ]


def _post_words(post: Post, names: Mapping[UUID, str]) -> str:
    return f"{names.get(post.office_id, '')} {post.title}".strip()


def post_names(ctx: Context, posts: Iterable[Post]) -> dict[UUID, str]:
    """What posts are called today, with their office: 見本課 課長 (one query)."""
    several = list(posts)
    names = office_names((post.office_id for post in several), japan_date(ctx.now))
    return {post.pk: _post_words(post, names) for post in several}


def all_posts(ctx: Context) -> Sequence[tuple[str, str]]:
    """Every post that exists in an office of today, (id, 見本課 課長), by office code; for choosing whom to ask."""
    day = japan_date(ctx.now)
    order = {
        name.office_id: (name.code, name.name)
        for name in OfficeName.unscoped.filter(valid_on(day), municipality=ctx.municipality.id)
    }
    posts = [
        post
        for post in Post.unscoped.filter(municipality=ctx.municipality.id).order_by("title", "id")
        if post.office_id in order
    ]
    posts.sort(key=lambda post: order[post.office_id][0])
    return [(str(post.pk), f"{order[post.office_id][1]} {post.title}") for post in posts]
