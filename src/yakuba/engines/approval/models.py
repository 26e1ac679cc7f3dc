"""Decision rules (専決), proposals (起案), the steps of their routes, and who is away (不在). All of it stays on the desk."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.engines.approval.rules import (
    BLOCKING,
    CAPACITIES,
    CATEGORIES,
    KINDS,
    OPEN_STATES,
    STATES,
    STEP_STATES,
)
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.models import AUTHORITIES, Office, Person, Post
from yakuba.kernel.town.records import Record, Side


class DecisionRule(Record):
    """One line of the city's table of delegated decisions (事務決裁規程の専決事項): which post decides which matter.

    ``matter`` is the city's own word for it; empty it is the rule for whatever no other rule of the authority names.
    ``up_to_yen`` is the largest amount that the post decides, None for no limit. ``decided_by`` and ``stand_ins`` are titles of
    posts, several divided by 「、」: whichever of them the drafting office has decides; the stand-ins decide in its absence, in
    their order (第1次・第2次代決).
    """

    side = Side.DESK

    authority = fields.choice(AUTHORITIES, label="機関", classification=INTERNAL)
    matter = fields.text(label="事項", classification=INTERNAL, max_length=100, required=False)
    title = fields.text(label="規程の文言", classification=INTERNAL, max_length=300)
    category = fields.choice(CATEGORIES, label="区分", classification=INTERNAL)
    up_to_yen = fields.integer(
        label="金額の上限",
        classification=INTERNAL,
        required=False,
        minimum=0,
        maximum=10**13,
        unit="円以下",
    )
    decided_by = fields.text(label="決裁する職", classification=INTERNAL, max_length=100)
    stand_ins = fields.text(label="代決する職", classification=INTERNAL, max_length=100, required=False)
    valid_from = fields.date(label="開始日", classification=INTERNAL)
    valid_to = fields.date(label="終了日", classification=INTERNAL, required=False)
    ground = fields.text(label="根拠", classification=INTERNAL, max_length=300, required=False)

    class Meta:
        ordering = ("authority", "matter", "up_to_yen", "valid_from")
        indexes = (models.Index(fields=("municipality", "authority", "matter"), name="decision_rule_matter"),)
        constraints = (
            # NULLs are never equal: the rules without a limit have a constraint of their own.
            models.UniqueConstraint(
                fields=("municipality", "authority", "matter", "up_to_yen", "valid_from"),
                condition=Q(up_to_yen__isnull=False),
                name="decision_rule_once",
            ),
            models.UniqueConstraint(
                fields=("municipality", "authority", "matter", "valid_from"),
                condition=Q(up_to_yen__isnull=True),
                name="decision_rule_unlimited_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="decision_rule_dates",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Proposal(Record):
    """One draft on its way to a decision (起案). What it is about is a thing of another room; see ``outcomes``.

    ``round`` counts how often it was sent on its way: after a return the route begins anew, and the steps of the earlier rounds
    stay as they ended. ``drafter_post`` is the post in which it was drafted: who holds it when the drafter has moved on may take it
    over, once, and ``predecessor`` then still is one who drafted it. ``shown`` is what the decider read, kept as it was at the decision. A decided proposal never changes.
    """

    side = Side.DESK

    subject_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=40)
    subject = fields.reference(label="対象")
    matter = fields.text(label="事項", classification=INTERNAL, max_length=100, required=False)
    title = fields.text(label="件名", classification=INTERNAL, max_length=200)
    body = fields.prose(label="伺い文", classification=PERSONAL, searchable=False)
    amount = fields.integer(
        label="金額", classification=INTERNAL, required=False, minimum=0, maximum=10**13, unit="円"
    )
    office = fields.Link(Office, label="起案した所属", classification=INTERNAL)
    drafter = fields.Link(Person, label="起案者", classification=INTERNAL)
    predecessor = fields.Link(Person, label="前の起案者", classification=INTERNAL, null=True)
    drafter_post = fields.Link(Post, label="起案者の職", classification=INTERNAL)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    round = fields.integer(label="回", classification=INTERNAL, minimum=1)
    rule = fields.Link(DecisionRule, label="決裁の定め", classification=INTERNAL, null=True)
    exception = fields.prose(
        label="起案者が決裁する理由", classification=INTERNAL, max_length=2000, searchable=False
    )
    shown = fields.document(label="決裁したときの内容", classification=PERSONAL)
    drafted_at = fields.moment(label="起案日時", classification=INTERNAL)
    submitted_at = fields.moment(label="回した日時", classification=INTERNAL, required=False)
    decided_at = fields.moment(label="決裁日時", classification=INTERNAL, required=False)

    class Meta:
        indexes = (
            models.Index(
                fields=("municipality", "subject_kind", "subject", "drafted_at"), name="proposal_subject"
            ),
            models.Index(fields=("municipality", "drafter", "state"), name="proposal_drafter"),
            models.Index(fields=("municipality", "office", "state"), name="proposal_office"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject"),
                condition=Q(state__in=OPEN_STATES),
                name="proposal_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in STATES]), name="proposal_state"
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False)
                | ~Q(state="decided") & Q(decided_at__isnull=True),
                name="proposal_decided_at",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Step(Record):
    """One step of a proposal's route: what a post is asked for, and what became of it.

    ``stand_in`` and ``second_stand_in`` may decide for the post in its absence. ``absent`` is the one for whom somebody else
    acted: he is asked to read afterwards (後閲); empty when the post was vacant.
    """

    side = Side.DESK

    proposal = fields.Link(Proposal, label="起案", classification=INTERNAL, related_name="steps")
    round = fields.integer(label="回", classification=INTERNAL, minimum=1)
    position = fields.integer(label="順", classification=INTERNAL, minimum=1)
    kind = fields.choice(KINDS, label="求めること", classification=INTERNAL)
    post = fields.Link(Post, label="職", classification=INTERNAL, related_name="approval_steps")
    stand_in = fields.Link(Post, label="第1次代決", classification=INTERNAL, null=True)
    second_stand_in = fields.Link(Post, label="第2次代決", classification=INTERNAL, null=True)
    state = fields.choice(STEP_STATES, label="状態", classification=INTERNAL)
    person = fields.Link(Person, label="行った人", classification=INTERNAL, null=True)
    capacity = fields.choice(CAPACITIES, label="資格", classification=INTERNAL, required=False)
    absent = fields.Link(Person, label="不在だった人", classification=INTERNAL, null=True)
    read_after_at = fields.moment(label="後閲した日時", classification=INTERNAL, required=False)
    comment = fields.prose(label="意見", classification=PERSONAL, max_length=4000, searchable=False)
    done_at = fields.moment(label="行った日時", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("round", "position")
        indexes = (
            models.Index(fields=("municipality", "state", "post"), name="approval_step_post"),
            models.Index(fields=("municipality", "person", "state"), name="approval_step_person"),
            # What is still to be read afterwards: few rows of many.
            models.Index(
                fields=("municipality", "absent"),
                condition=Q(absent__isnull=False, read_after_at__isnull=True),
                name="approval_step_absent",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "proposal", "round", "position"), name="approval_step_place"
            ),
            models.UniqueConstraint(
                fields=("municipality", "proposal"),
                condition=Q(state="current", kind__in=BLOCKING),
                name="approval_step_one_current",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in STEP_STATES]), name="approval_step_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(person__isnull=False, done_at__isnull=False),
                name="approval_step_done_by",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"

    @property
    def as_deputy(self) -> bool:
        """Whether somebody else than the post's own holder acted (代決, 職務代理, 事務取扱)."""
        return self.capacity not in {"", "holder"}


class Absence(Record):
    """Somebody is away from one day to another (the last day is included). Why is nobody's business here.

    ``ended_at`` is set when it was taken back: it then counts as if it had never been, from that moment on.
    """

    side = Side.DESK

    person = fields.Link(Person, label="職員", classification=INTERNAL)
    valid_from = fields.date(label="不在の初日", classification=INTERNAL)
    valid_to = fields.date(label="不在の最終日", classification=INTERNAL)
    noted_at = fields.moment(label="届け出た日時", classification=INTERNAL)
    ended_at = fields.moment(label="取り消した日時", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("valid_from",)
        indexes = (models.Index(fields=("municipality", "person", "valid_to"), name="absence_person"),)
        constraints = (
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="absence_dates"),
        )

    def __str__(self) -> str:
        return f"{self.valid_from} – {self.valid_to}"
