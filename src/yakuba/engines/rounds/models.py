"""Rounds, their days, the part of each office, the things that are asked for, and what was sent as a reminder. All of it is the desk's."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from yakuba.engines.delivery.models import Delivery
from yakuba.engines.rounds.rules import MILESTONES, PHASES, Reminding, read_days
from yakuba.engines.rounds.states import ITEM_STATES, ROUND_FINAL, ROUND_STATES, item_moves, round_moves
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.models import Office, Person
from yakuba.kernel.town.records import Record, Side

REMINDER_STATES = (
    ("sent", "送信"),
    ("skipped", "見送り"),
    ("nobody", "宛先なし"),
)
RECIPIENTS = (
    ("office", "課のメール"),
    ("department", "部のメール"),
    ("secretariat", "事務局のメール"),
)


class Round(Record):
    """One round: what is asked (``kind`` names it in :data:`~.askings.ASKINGS`), about what, for which year, by which days.

    ``subject`` is the thing that the whole round is about (an edition of a plan, say), empty where there is none. ``office`` is the
    secretariat's. ``remind_…``: days before and after an office's day on which it is reminded, and how many days apart from then on.
    """

    side = Side.DESK

    kind = fields.text(label="種類", classification=INTERNAL, max_length=40)
    subject_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=40, required=False)
    subject = fields.reference(label="対象", required=False)
    year = fields.fiscal_year(label="年度", classification=INTERNAL)
    phase = fields.choice(PHASES, label="見込・確定", classification=INTERNAL)
    title = fields.text(label="件名", classification=INTERNAL, searchable=True)
    letter = fields.prose(label="依頼文", classification=INTERNAL, max_length=10_000)
    office = fields.Link(Office, label="事務局", classification=INTERNAL)
    state = fields.choice(ROUND_STATES, label="状態", classification=INTERNAL)
    remind_before = fields.text(label="期限前の督促", classification=INTERNAL, max_length=60, required=False)
    remind_after = fields.text(label="期限後の督促", classification=INTERNAL, max_length=60, required=False)
    remind_every = fields.integer(
        label="その後の督促の間隔", classification=INTERNAL, minimum=0, maximum=90, unit="日", default=7
    )
    planned_at = fields.moment(label="作成日時", classification=INTERNAL)
    opened_at = fields.moment(label="照会をはじめた日時", classification=INTERNAL, required=False)
    collected_at = fields.moment(label="回収を締め切った日時", classification=INTERNAL, required=False)
    ended_at = fields.moment(label="終わった日時", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("-year", "-planned_at")
        indexes = (
            models.Index(fields=("municipality", "year", "kind"), name="round_year"),
            models.Index(fields=("municipality", "state"), name="round_state_list"),
        )
        constraints = (
            # Two of one kind, year and phase would ask the same offices for the same thing. NULLs are never equal.
            models.UniqueConstraint(
                fields=("municipality", "kind", "year", "phase", "subject"),
                condition=~Q(state="cancelled") & Q(subject__isnull=False),
                name="round_once",
            ),
            models.UniqueConstraint(
                fields=("municipality", "kind", "year", "phase"),
                condition=~Q(state="cancelled") & Q(subject__isnull=True),
                name="round_once_without_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _label in ROUND_STATES]), name="round_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ROUND_FINAL), ended_at__isnull=False)
                | ~Q(state__in=sorted(ROUND_FINAL)) & Q(ended_at__isnull=True),
                name="round_ended",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def reminding(self) -> Reminding:
        """When its offices are reminded."""
        return Reminding(
            read_days(self.remind_before) or (), read_days(self.remind_after) or (), self.remind_every
        )


class Milestone(Record):
    """One day of a round's year. Days that are no business days are told, not forbidden."""

    side = Side.DESK

    round = fields.Link(Round, label="照会", classification=INTERNAL, related_name="milestones")
    key = fields.choice(MILESTONES, label="日程", classification=INTERNAL)
    day = fields.date(label="日", classification=INTERNAL)

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "round", "key"), name="round_milestone"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.day}"


class RoundMove(Record):
    """One move of a round; only inserted. ``round.state`` equals the last ``to_state``."""

    side = Side.DESK

    round = fields.Link(Round, label="照会", classification=INTERNAL, related_name="moves")
    seq = fields.integer(label="順", classification=INTERNAL, minimum=1)
    step = fields.text(label="動き", classification=INTERNAL, max_length=40)
    from_state = fields.text(label="前の状態", classification=INTERNAL, max_length=40)
    to_state = fields.text(label="後の状態", classification=INTERNAL, max_length=40)
    at = fields.moment(label="日時", classification=INTERNAL)
    by_label = fields.text(label="した人", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=INTERNAL, max_length=2000)

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "round", "seq"), name="round_move_seq"),
            models.CheckConstraint(
                condition=Q(
                    *(Q(step=step, from_state=start, to_state=end) for step, start, end in round_moves()),
                    _connector=Q.OR,
                ),
                name="round_move_allowed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class OfficePart(Record):
    """What one office has to answer in a round. The office is a continuing unit: once it has ended, its successors answer.

    ``due`` is its day as the round said it, ``extension`` the later day that was granted; ``due_since`` the day from which the one
    that counts stands. ``asked_until`` is a day that the office asks for and that nobody has answered. ``not_applicable_at`` is set
    while the whole office says 該当なし.
    """

    side = Side.DESK

    round = fields.Link(Round, label="照会", classification=INTERNAL, related_name="parts")
    office = fields.Link(Office, label="所属", classification=INTERNAL)
    due = fields.date(label="提出期限", classification=INTERNAL)
    due_since = fields.date(label="期限を示した日", classification=INTERNAL)
    asked_until = fields.date(label="延長を求める日", classification=INTERNAL, required=False)
    asked_reason = fields.prose(label="延長を求める理由", classification=INTERNAL, max_length=2000)
    asked_by = fields.text(label="延長を求めた人", classification=INTERNAL, required=False)
    extension = fields.date(label="延長後の期限", classification=INTERNAL, required=False)
    extension_by = fields.text(label="延長を決めた人", classification=INTERNAL, required=False)
    refused_reason = fields.prose(label="延長を認めない理由", classification=INTERNAL, max_length=2000)
    not_applicable_at = fields.moment(label="該当なしの日時", classification=INTERNAL, required=False)
    not_applicable_by = fields.text(label="該当なしにした人", classification=INTERNAL, required=False)
    not_applicable_reason = fields.prose(label="該当なしの理由", classification=INTERNAL, max_length=2000)
    note = fields.prose(label="事務局への連絡", classification=INTERNAL, max_length=2000)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "round", "office"), name="round_part_office"),
        )
        indexes = (models.Index(fields=("municipality", "office"), name="round_part_of"),)

    def __str__(self) -> str:
        return f"{self.round_id} {self.office_id}"

    @property
    def until(self) -> dt.date:
        """The day that counts: the extension where one was granted."""
        return self.extension or self.due


class Item(Record):
    """One thing that a round asks an office for; what is answered stands with the service whose thing it is.

    ``sent_back``: its last move sent it back to the office. Who entered and who confirmed it are kept until it is sent back: they are
    not the ones who may go on with it.
    """

    side = Side.DESK

    round = fields.Link(Round, label="照会", classification=INTERNAL, related_name="items")
    part = fields.Link(OfficePart, label="所属の分", classification=INTERNAL, related_name="items")
    subject_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=40)
    subject = fields.reference(label="対象")
    number = fields.text(label="番号", classification=INTERNAL, max_length=60, required=False)
    number_sort = fields.text(label="番号の並び", classification=INTERNAL, max_length=200, required=False)
    label = fields.text(label="名称", classification=INTERNAL, max_length=300, searchable=True)
    state = fields.choice(ITEM_STATES, label="状態", classification=INTERNAL)
    sent_back = fields.yes_no(label="差戻し", classification=INTERNAL)
    entered_by = fields.Link(
        Person, label="入力した人", classification=PERSONAL, null=True, related_name="rounds_entered"
    )
    confirmed_by = fields.Link(
        Person, label="確認した人", classification=PERSONAL, null=True, related_name="rounds_confirmed"
    )

    class Meta:
        ordering = ("number_sort", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "round", "subject_kind", "subject"), name="round_item_subject"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _label in ITEM_STATES]), name="round_item_state"
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "round", "part", "state"), name="round_item_board"),
            models.Index(fields=("municipality", "part", "number_sort"), name="round_item_part"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.label}".strip()


class ItemMove(Record):
    """One move of an item; only inserted. ``item.state`` equals the last ``to_state``; without a move it is ``open``."""

    side = Side.DESK

    item = fields.Link(Item, label="項目", classification=INTERNAL, related_name="moves")
    seq = fields.integer(label="順", classification=INTERNAL, minimum=1)
    step = fields.text(label="動き", classification=INTERNAL, max_length=40)
    from_state = fields.text(label="前の状態", classification=INTERNAL, max_length=40)
    to_state = fields.text(label="後の状態", classification=INTERNAL, max_length=40)
    at = fields.moment(label="日時", classification=INTERNAL)
    by = fields.Link(Person, label="した職員", classification=PERSONAL, null=True)
    by_label = fields.text(label="した人", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=INTERNAL, max_length=2000)

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "item", "seq"), name="round_item_move_seq"),
            models.CheckConstraint(
                condition=Q(
                    *(Q(step=step, from_state=start, to_state=end) for step, start, end in item_moves()),
                    _connector=Q.OR,
                ),
                name="round_item_move_allowed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Reminder(Record):
    """One occasion on which an office was to be reminded, and what became of it; only inserted.

    ``until`` is the day that it was reminded of, ``occasion`` how many days before or after (``-7``, ``+1``), ``told`` when the day became
    known, or ``asked`` with the day, when somebody pressed the button. ``state`` ``skipped``: nobody was there to send it on its day, and a newer one was sent instead.
    """

    side = Side.DESK

    part = fields.Link(OfficePart, label="所属の分", classification=INTERNAL, related_name="reminders")
    until = fields.date(label="期限", classification=INTERNAL)
    occasion = fields.text(label="時期", classification=INTERNAL, max_length=20)
    state = fields.choice(REMINDER_STATES, label="結果", classification=INTERNAL)
    recipient = fields.choice(RECIPIENTS, label="宛先", classification=INTERNAL, required=False)
    delivery = fields.Link(Delivery, label="送信", classification=INTERNAL, null=True)
    outstanding = fields.integer(label="残りの件数", classification=INTERNAL, minimum=0)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "part", "until", "occasion"), name="round_reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", delivery__isnull=False)
                | ~Q(state="sent") & Q(delivery__isnull=True),
                name="round_reminder_sent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.until} {self.occasion}"
