"""Bodies, their seats, meetings, agendas, papers, who was there, minutes and reports. All of it is the desk's.

What the public may read of a meeting is frozen by the publishing engine, in words that name posts and no persons.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.engines.bodies.rules import (
    ANSWERS,
    KINDS,
    MINUTES,
    MINUTES_STATES,
    PRESENCES,
    PRESIDING,
    QUORUMS,
    ROLES,
    STATES,
    WAYS,
    WHATS,
    pairs,
)
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.models import Office, Person, Post
from yakuba.kernel.town.records import Record, Side


class Body(Record):
    """A body (会議体). ``office`` is its secretariat (庶務), ``parent`` the body that it reports to, none for one that reports to the mayor."""

    side = Side.DESK

    name = fields.text(label="名称", classification=INTERNAL, max_length=100)
    kind = fields.choice(KINDS, label="種類", classification=INTERNAL)
    ground = fields.text(
        label="設置の根拠",
        classification=INTERNAL,
        max_length=300,
        required=False,
        help="規程・要綱の名前と条",
    )
    purpose = fields.prose(label="所掌すること", classification=INTERNAL, searchable=False)
    parent = fields.Link("self", label="上位の会議体", classification=INTERNAL, null=True)
    office = fields.Link(Office, label="庶務", classification=INTERNAL)
    quorum = fields.choice(QUORUMS, label="定足数", classification=INTERNAL)
    proxies_count = fields.yes_no(label="代理出席を定足数に数える", classification=INTERNAL)
    valid_from = fields.date(label="設置日", classification=INTERNAL)
    valid_to = fields.date(label="廃止日", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "name", "valid_from"), name="body_name"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="body_dates"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="body_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Seat(Record):
    """A place in a body from one day to another: of a post, of a member of staff, or of somebody from outside.

    ``order`` is the order within a role, which is the order of substitution among vice chairs. A seat of a post is held by whoever
    holds the post that day.
    """

    side = Side.DESK

    body = fields.Link(Body, label="会議体", classification=INTERNAL, related_name="seats")
    role = fields.choice(ROLES, label="役", classification=INTERNAL)
    order = fields.integer(label="順", classification=INTERNAL, minimum=1, maximum=999, default=1)
    post = fields.Link(Post, label="職", classification=INTERNAL, null=True)
    person = fields.Link(Person, label="職員", classification=PERSONAL, null=True)
    outsider = fields.text(label="庁外の人の氏名", classification=PERSONAL, max_length=100, required=False)
    affiliation = fields.text(
        label="所属・肩書", classification=INTERNAL, max_length=200, required=False, help="庁外の人のとき"
    )
    valid_from = fields.date(label="就任日", classification=INTERNAL)
    valid_to = fields.date(label="任期の終わり", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("order", "id")
        indexes = (models.Index(fields=("municipality", "body", "valid_from"), name="seat_body"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="seat_dates"
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False, person__isnull=True, outsider="")
                | Q(post__isnull=True, person__isnull=False, outsider="")
                | Q(post__isnull=True, person__isnull=True) & ~Q(outsider=""),
                name="seat_whose",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.order}"


class Meeting(Record):
    """One meeting (会議): called, held, minuted, reported. ``starts_at`` of one by circulation is when it goes round, ``due`` its last day.

    ``seat`` is whose seat presided and ``presider`` who sat in it; both are recorded when it was held.
    """

    side = Side.DESK

    body = fields.Link(Body, label="会議体", classification=INTERNAL, related_name="meetings")
    year = fields.fiscal_year(label="年度", classification=INTERNAL)
    number = fields.integer(label="回", classification=INTERNAL, minimum=1, maximum=999)
    way = fields.choice(WAYS, label="開き方", classification=INTERNAL)
    starts_at = fields.moment(label="開会", classification=INTERNAL)
    ends_at = fields.moment(label="閉会", classification=INTERNAL, required=False)
    due = fields.date(label="回答の期限", classification=INTERNAL, required=False)
    place = fields.text(label="場所", classification=INTERNAL, max_length=200, required=False)
    letter = fields.prose(label="通知文", classification=INTERNAL, searchable=False)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    called_at = fields.moment(label="招集した日時", classification=INTERNAL, required=False)
    seat = fields.Link(Seat, label="議長の席", classification=INTERNAL, null=True)
    presider = fields.Link(Person, label="議長", classification=PERSONAL, null=True)
    presided_as = fields.choice(
        PRESIDING, label="議長の資格", classification=INTERNAL, required=False, filterable=False
    )

    class Meta:
        ordering = ("-starts_at", "id")
        indexes = (
            models.Index(fields=("municipality", "body", "starts_at"), name="meeting_body"),
            models.Index(fields=("municipality", "state", "starts_at"), name="meeting_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "body", "year", "number"),
                condition=~Q(state="cancelled"),
                name="meeting_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in STATES]), name="meeting_state_known"
            ),
            models.CheckConstraint(
                condition=Q(way="circular", due__isnull=False) | ~Q(way="circular"), name="meeting_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.body.name} {self.year.wareki}第{self.number}回"


class MeetingMove(Record):
    """One move of a meeting; only inserted. ``meeting.state`` equals the last ``to_state``."""

    side = Side.DESK

    meeting = fields.Link(Meeting, label="会議", classification=INTERNAL, related_name="moves")
    seq = fields.integer(label="順", classification=INTERNAL, minimum=1)
    step = fields.text(label="動き", classification=INTERNAL, max_length=40)
    from_state = fields.text(label="前の状態", classification=INTERNAL, max_length=40, required=False)
    to_state = fields.text(label="後の状態", classification=INTERNAL, max_length=40)
    at = fields.moment(label="日時", classification=INTERNAL)
    by_label = fields.text(label="した人", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=INTERNAL, searchable=False)

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "meeting", "seq"), name="meeting_move_seq"),
            models.CheckConstraint(
                condition=Q(*(Q(from_state=start, to_state=end) for start, end in pairs()), _connector=Q.OR),
                name="meeting_move_allowed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Guest(Record):
    """Somebody who is asked to attend, explain or give an opinion, and decides nothing: a post of the house or somebody from outside."""

    side = Side.DESK

    meeting = fields.Link(Meeting, label="会議", classification=INTERNAL, related_name="guests")
    post = fields.Link(Post, label="職", classification=INTERNAL, null=True)
    name = fields.text(label="庁外の人の氏名", classification=PERSONAL, max_length=100, required=False)
    affiliation = fields.text(label="所属・肩書", classification=INTERNAL, max_length=200, required=False)
    concerning = fields.text(
        label="出席を求める理由", classification=INTERNAL, max_length=300, required=False
    )

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("municipality", "meeting"), name="guest_meeting"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(post__isnull=False, name="") | Q(post__isnull=True) & ~Q(name=""),
                name="guest_whose",
            ),
        )

    def __str__(self) -> str:
        return self.name or str(self.post)


class AgendaItem(Record):
    """One item of a meeting's agenda (議題), and what was decided of it.

    ``matter`` and ``subject`` name a thing of another room (see ``matters``), empty for an item in the body's own words. ``choice``
    is the key of what was decided, ``decision`` its words as they were said then; ``details`` is the matter's own JSON. ``shown``
    is the matter's summary as it was decided on. ``talk`` is what the minutes tell of it.
    """

    side = Side.DESK

    meeting = fields.Link(Meeting, label="会議", classification=INTERNAL, related_name="items")
    position = fields.integer(label="順", classification=INTERNAL, minimum=1, maximum=999)
    title = fields.text(label="議題", classification=INTERNAL, max_length=200)
    what = fields.choice(WHATS, label="区分", classification=INTERNAL)
    matter = fields.text(label="対象の種類", classification=INTERNAL, max_length=40, required=False)
    subject = fields.reference(label="対象", required=False)
    explanation = fields.prose(label="説明", classification=INTERNAL, searchable=False)
    choice = fields.text(label="決定", classification=INTERNAL, max_length=40, required=False)
    decision = fields.text(label="決定の言葉", classification=INTERNAL, max_length=300, required=False)
    reason = fields.prose(label="理由・意見", classification=INTERNAL, max_length=4000, searchable=False)
    details = fields.document(label="決定の内訳", classification=INTERNAL)
    shown = fields.document(label="決定したときの内容", classification=INTERNAL, default=list)
    decided_at = fields.moment(label="決定を記録した日時", classification=INTERNAL, required=False)
    talk = fields.prose(label="審議の内容", classification=INTERNAL, searchable=False)

    class Meta:
        ordering = ("position", "id")
        indexes = (
            models.Index(fields=("municipality", "meeting", "position"), name="agenda_item_meeting"),
            models.Index(fields=("municipality", "matter", "subject"), name="agenda_item_subject"),
        )
        constraints = (
            # The same thing stands once on an agenda.
            models.UniqueConstraint(
                fields=("municipality", "meeting", "matter", "subject"),
                condition=Q(subject__isnull=False),
                name="agenda_item_once",
            ),
            models.CheckConstraint(
                condition=Q(matter="", subject__isnull=True) | ~Q(matter="") & Q(subject__isnull=False),
                name="agenda_item_matter",
            ),
            models.CheckConstraint(
                condition=Q(choice="", decided_at__isnull=True) | ~Q(choice="") & Q(decided_at__isnull=False),
                name="agenda_item_decided",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Paper(Record):
    """A PDF that belongs to an item (資料). ``pages`` is how many pages it has."""

    side = Side.DESK

    item = fields.Link(AgendaItem, label="議題", classification=INTERNAL, related_name="papers")
    position = fields.integer(label="順", classification=INTERNAL, minimum=1, maximum=999)
    title = fields.text(label="資料の名前", classification=INTERNAL, max_length=200)
    file = fields.Link(StoredFile, label="ファイル", classification=INTERNAL)
    pages = fields.integer(label="ページ数", classification=INTERNAL, minimum=1, maximum=5000)

    class Meta:
        ordering = ("position", "id")
        indexes = (models.Index(fields=("municipality", "item", "position"), name="paper_item"),)

    def __str__(self) -> str:
        return self.title


class Attendance(Record):
    """Whether a seat was taken at a meeting, by whom; ``proxy`` says in words who came for him."""

    side = Side.DESK

    meeting = fields.Link(Meeting, label="会議", classification=INTERNAL, related_name="attendances")
    seat = fields.Link(Seat, label="席", classification=INTERNAL)
    presence = fields.choice(PRESENCES, label="出欠", classification=INTERNAL)
    person = fields.Link(Person, label="出席した人", classification=PERSONAL, null=True)
    proxy = fields.text(label="代理の人", classification=PERSONAL, max_length=200, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "meeting", "seat"), name="attendance_seat"),
            models.CheckConstraint(
                condition=Q(presence="proxy") & ~Q(proxy="") | ~Q(presence="proxy") & Q(proxy=""),
                name="attendance_proxy",
            ),
        )

    def __str__(self) -> str:
        return self.presence


class Answer(Record):
    """What a seat answered about an item of a meeting by circulation, on which day; ``by_label`` is who entered it."""

    side = Side.DESK

    item = fields.Link(AgendaItem, label="議題", classification=INTERNAL, related_name="answers")
    seat = fields.Link(Seat, label="席", classification=INTERNAL)
    person = fields.Link(Person, label="回答した人", classification=PERSONAL, null=True)
    answer = fields.choice(ANSWERS, label="回答", classification=INTERNAL)
    words = fields.prose(label="意見", classification=INTERNAL, max_length=2000, searchable=False)
    answered_on = fields.date(label="回答した日", classification=INTERNAL)
    by_label = fields.text(label="入力した人", classification=INTERNAL)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "item", "seat"), name="answer_seat"),)

    def __str__(self) -> str:
        return self.answer


class Minutes(Record):
    """The minutes of a meeting. What was attended and decided is read from the records; ``opening``, each item's ``talk`` and ``closing`` are written.

    ``number`` counts from 1: a correction of confirmed minutes is a new row, the former stays as it is. ``writers`` are the persons
    (ids) who wrote at them: none of them confirms. ``shown`` and ``file`` are what was confirmed, as it was.
    """

    side = Side.DESK

    meeting = fields.Link(Meeting, label="会議", classification=INTERNAL, related_name="minutes")
    number = fields.integer(label="版", classification=INTERNAL, minimum=1, default=1)
    form = fields.choice(MINUTES, label="種類", classification=INTERNAL)
    state = fields.choice(MINUTES_STATES, label="状態", classification=INTERNAL)
    opening = fields.prose(label="開会", classification=INTERNAL, searchable=False)
    closing = fields.prose(label="閉会", classification=INTERNAL, searchable=False)
    writers = fields.document(label="作成した人", classification=INTERNAL, default=list)
    returned = fields.prose(
        label="直してほしい所", classification=INTERNAL, max_length=2000, searchable=False
    )
    confirmed_by = fields.Link(Person, label="確認した人", classification=PERSONAL, null=True)
    signed_on = fields.date(label="署名した日", classification=INTERNAL, required=False)
    confirmed_at = fields.moment(label="確定した日時", classification=INTERNAL, required=False)
    shown = fields.document(label="確定したときの内容", classification=INTERNAL)
    file = fields.Link(StoredFile, label="確定した議事録", classification=INTERNAL, null=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "meeting", "number"), name="minutes_number"),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False)
                | ~Q(state="confirmed") & Q(confirmed_at__isnull=True),
                name="minutes_confirmed",
            ),
        )

    def __str__(self) -> str:
        return str(self.meeting)


class Report(Record):
    """What was reported of a meeting, to whom, on which day (市長報告). ``items`` are the ids of the items that it tells of."""

    side = Side.DESK

    meeting = fields.Link(Meeting, label="会議", classification=INTERNAL, related_name="reports")
    addressee = fields.text(label="報告先", classification=INTERNAL, max_length=100)
    reported_on = fields.date(label="報告日", classification=INTERNAL)
    words = fields.prose(label="報告の言葉", classification=INTERNAL, searchable=False)
    items = fields.document(label="報告する議題", classification=INTERNAL, default=list)
    file = fields.Link(StoredFile, label="報告書", classification=INTERNAL)
    by_label = fields.text(label="報告した人", classification=INTERNAL)

    class Meta:
        ordering = ("-reported_on", "id")
        indexes = (models.Index(fields=("municipality", "meeting"), name="report_meeting"),)

    def __str__(self) -> str:
        return f"{self.addressee} {self.meeting}"
