"""The tables of casework. All of them are the desk's: what an applicant may see of a case is released by its service."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.engines.approval.models import Proposal
from yakuba.engines.casework.rules import RESULTS
from yakuba.engines.casework.states import FINAL, KINDS, STATES, pairs
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.models import AUTHORITIES, Office, Person
from yakuba.kernel.town.records import Record, Side

CHANNELS = (
    ("online", "オンライン"),
    ("joint", "県の共同システム"),
    ("mynaportal", "ぴったりサービス"),
    ("counter", "窓口"),
    ("paper", "郵送・書面"),
    ("phone", "電話"),
)
#: What counts as online in the online share.
ONLINE = frozenset({"online", "joint", "mynaportal"})
OUTCOMES = (
    ("granted", "承認"),
    ("partly", "一部承認"),
    ("refused", "不承認"),
    ("rejected", "却下"),
    ("answered", "回答"),
    ("waiting", "保留"),
)
DIRECTIONS = (("in", "申請者から"), ("out", "申請者へ"))
MESSAGES = (
    ("question", "問い合わせ"),
    ("answer", "返事"),
    ("correction_request", "補正の求め"),
    ("correction", "補正"),
    ("notice", "通知"),
)
MARKS = (("open", "まだ"), ("right", "よい"), ("wrong", "不備"), ("needless", "対象外"))
SEALS = (("image", "公印（印影）"), ("omitted", "公印省略"))
NOTICE_STATES = (
    ("draft", "下書き"),
    ("issued", "施行"),
    ("released", "ダウンロード待ち"),
    ("opened", "開封"),
    ("to_print", "印刷・郵送待ち"),
    ("to_hand", "窓口での受渡し待ち"),
    ("posted", "郵送"),
    ("handed", "手渡し"),
)
BOOKS = (("registration", "収受番号"), ("document", "文書番号"))
_STATES = tuple(code for code, _label in STATES)


class Case(Record):
    """One case (案件). ``origin`` is the service's record that it is about, ``topic`` what it is filed under (a procedure).

    ``clock`` is the term's rule as it was when the case came in. ``due_on`` is empty while there is no term or the clock stands.
    ``routed``: a decision route leads to its decision; otherwise the office settles it itself. ``completed_at`` is its end, by
    completion or withdrawal. ``result`` is how the applicant wants it, empty where nobody asked. ``sought`` and ``applicant_key`` are folded copies, for searching and for finding the same applicant.
    """

    side = Side.DESK

    kind = fields.choice(KINDS, label="種類", classification=INTERNAL)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    number = fields.text(label="収受番号", classification=INTERNAL, max_length=60, searchable=True)
    receipt = fields.text(
        label="受付番号", classification=INTERNAL, max_length=40, required=False, searchable=True
    )
    title = fields.text(label="件名", classification=INTERNAL, searchable=True)
    origin_kind = fields.text(label="元の記録の種類", classification=INTERNAL, max_length=60)
    origin_id = fields.reference(label="元の記録のID")
    topic_kind = fields.text(label="分類の種類", classification=INTERNAL, max_length=60)
    topic_id = fields.reference(label="分類のID")
    office = fields.Link(Office, label="担当課", classification=INTERNAL)
    authority = fields.choice(AUTHORITIES, label="処分庁", classification=INTERNAL)
    matter = fields.text(label="決裁の事項", classification=INTERNAL, max_length=60, required=False)
    assignee = fields.Link(Person, label="担当者", classification=INTERNAL, null=True)
    channel = fields.choice(CHANNELS, label="受付の方法", classification=INTERNAL)
    applicant = fields.text(label="申請者", classification=PERSONAL, required=False, searchable=True)
    applicant_kana = fields.kana(label="申請者カナ", classification=PERSONAL, required=False)
    applicant_key = fields.text(
        label="申請者（照合用）", classification=PERSONAL, max_length=200, required=False
    )
    sought = fields.prose(label="検索用の写し", classification=PERSONAL, searchable=False)
    arrived_at = fields.moment(label="到達日時", classification=INTERNAL)
    registered_at = fields.moment(label="収受日時", classification=INTERNAL)
    clock = fields.document(label="処理期間の決まり", classification=INTERNAL)
    due_on = fields.date(label="処理の期限", classification=INTERNAL, required=False)
    decided_at = fields.moment(label="決定日時", classification=INTERNAL, required=False)
    completed_at = fields.moment(label="完了日時", classification=INTERNAL, required=False)
    routed = fields.yes_no(label="決裁を経る", classification=INTERNAL)
    result = fields.choice(RESULTS, label="結果の受け取り方", classification=INTERNAL, required=False)
    test = fields.yes_no(label="試行", classification=INTERNAL)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=_STATES), name="case_state"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(FINAL), completed_at__isnull=False)
                | (~Q(state__in=sorted(FINAL)) & Q(completed_at__isnull=True)),
                name="case_ended",
            ),
            models.UniqueConstraint(fields=("municipality", "number"), name="case_number"),
            models.UniqueConstraint(fields=("municipality", "origin_kind", "origin_id"), name="case_origin"),
        )
        indexes = (
            # All of an office in the order of their terms: a page of it sorts nothing.
            models.Index(fields=("municipality", "office", "due_on", "arrived_at", "id"), name="case_inbox"),
            models.Index(fields=("municipality", "assignee", "state"), name="case_assignee"),
            # What is open is little beside what was closed over the years.
            models.Index(
                fields=("municipality", "office", "due_on"),
                condition=Q(completed_at__isnull=True),
                name="case_open",
            ),
            models.Index(fields=("municipality", "topic_id", "arrived_at"), name="case_topic"),
            models.Index(fields=("municipality", "arrived_at"), name="case_arrived"),
            models.Index(fields=("municipality", "applicant_key"), name="case_applicant"),
            # What is counted each night of all municipalities: a day's, a month's, a year's cases, read from the index alone.
            models.Index(
                fields=("arrived_at", "municipality", "topic_kind", "channel", "topic_id", "test"),
                name="case_came",
            ),
            models.Index(
                fields=("decided_at", "municipality", "kind", "due_on", "arrived_at", "test", "id"),
                condition=Q(decided_at__isnull=False),
                name="case_decided",
            ),
            models.Index(
                fields=(
                    "completed_at",
                    "municipality",
                    "state",
                    "kind",
                    "due_on",
                    "arrived_at",
                    "test",
                    "id",
                ),
                condition=Q(completed_at__isnull=False),
                name="case_ended_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Move(Record):
    """One move of a case; only inserted. ``case.state`` equals the last ``to_state``."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="moves")
    seq = fields.integer(label="順", classification=INTERNAL, minimum=1)
    kind = fields.choice(KINDS, label="種類", classification=INTERNAL)
    step = fields.text(label="動き", classification=INTERNAL, max_length=40)
    from_state = fields.text(label="前の状態", classification=INTERNAL, max_length=40, required=False)
    to_state = fields.text(label="後の状態", classification=INTERNAL, max_length=40)
    at = fields.moment(label="日時", classification=INTERNAL)
    by_label = fields.text(label="した人", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=PERSONAL)

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "case", "seq"), name="case_move_seq"),
            models.CheckConstraint(
                condition=Q(
                    *(Q(kind=kind, from_state=start, to_state=end) for kind, start, end in pairs()),
                    _connector=Q.OR,
                ),
                name="case_move_allowed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Transfer(Record):
    """A case went from one office to another (移送). Who had it still sees it, and no longer works on it; only inserted."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="transfers")
    from_office = fields.Link(Office, label="前の担当課", classification=INTERNAL)
    to_office = fields.Link(Office, label="後の担当課", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=PERSONAL)
    by_label = fields.text(label="移送した人", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=("municipality", "case"), name="case_transfer"),
            models.Index(fields=("municipality", "from_office"), name="case_transfer_from"),
        )

    def __str__(self) -> str:
        return str(self.case_id)


class ClockStop(Record):
    """The clock stood from the day after ``since`` until the day ``until``; without it, it stands."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="stops")
    since = fields.date(label="停止した日", classification=INTERNAL)
    until = fields.date(label="再開した日", classification=INTERNAL, required=False)
    reason = fields.prose(label="理由", classification=PERSONAL)

    class Meta:
        ordering = ("since", "id")
        indexes = (models.Index(fields=("municipality", "case"), name="case_stop"),)

    def __str__(self) -> str:
        return str(self.since)


class CaseNote(Record):
    """A note among colleagues. It is a public document too (公文書)."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="notes")
    body = fields.prose(label="メモ", classification=PERSONAL, required=True)
    by_label = fields.text(label="書いた人", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("municipality", "case"), name="case_note"),)

    def __str__(self) -> str:
        return str(self.case_id)


class CaseMessage(Record):
    """Correspondence with the applicant, both ways; ``asked`` names what a correction request asks for."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="messages")
    direction = fields.choice(DIRECTIONS, label="向き", classification=INTERNAL)
    kind = fields.choice(MESSAGES, label="種類", classification=INTERNAL)
    body = fields.prose(label="本文", classification=PERSONAL)
    asked = fields.document(label="求める項目", classification=INTERNAL, default=list)
    answer_by = fields.date(label="回答の期限", classification=INTERNAL, required=False)
    by_label = fields.text(label="書いた人", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("municipality", "case"), name="case_message"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CheckMark(Record):
    """One line of a case's check list: what has to be looked at, and what was found."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="marks")
    position = fields.integer(label="順", classification=INTERNAL)
    label = fields.text(label="確かめること", classification=INTERNAL)
    mark = fields.choice(MARKS, label="結果", classification=INTERNAL)
    note = fields.prose(label="メモ", classification=PERSONAL)
    by_label = fields.text(label="確かめた人", classification=INTERNAL, required=False)
    at = fields.moment(label="日時", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "case", "position"), name="case_mark_position"),
        )

    def __str__(self) -> str:
        return self.label


class CaseLink(Record):
    """Two cases that belong together, said by a person."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="links")
    other = fields.Link(Case, label="関係する案件", classification=INTERNAL, related_name="linked")
    note = fields.text(label="関係", classification=INTERNAL, required=False)
    by_label = fields.text(label="つないだ人", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "case", "other"), name="case_link_once"),
            models.CheckConstraint(condition=~Q(case=models.F("other")), name="case_link_two"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} – {self.other_id}"


class Disposition(Record):
    """What is decided of a case (処分・回答・結果). It stands when ``decided_at`` is set, and never changes after."""

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="dispositions")
    outcome = fields.choice(OUTCOMES, label="結果", classification=INTERNAL)
    content = fields.prose(label="決定の内容", classification=PERSONAL)
    reasons = fields.prose(label="理由", classification=PERSONAL)
    conditions = fields.prose(label="条件", classification=PERSONAL)
    remedies = fields.prose(label="教示", classification=INTERNAL)
    proposal = fields.Link(Proposal, label="起案", classification=INTERNAL, null=True)
    drafted_by = fields.text(label="起案者", classification=INTERNAL)
    drafter = fields.Link(Person, label="起案した職員", classification=INTERNAL, null=True)
    drafted_at = fields.moment(label="起案日時", classification=INTERNAL)
    decided_at = fields.moment(label="決定日時", classification=INTERNAL, required=False)
    decided_by = fields.text(label="決定した人", classification=INTERNAL, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "case"), name="case_disposition"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class NumberBook(Record):
    """A book of numbers (収受簿・文書番号簿) of an office or an authority for one fiscal year. ``{n}`` stands for the number."""

    side = Side.DESK

    book = fields.choice(BOOKS, label="簿冊", classification=INTERNAL)
    office = fields.Link(Office, label="所属", classification=INTERNAL, null=True)
    authority = fields.choice(AUTHORITIES, label="機関", classification=INTERNAL)
    year = fields.fiscal_year(label="年度", classification=INTERNAL)
    pattern = fields.text(label="書き方", classification=INTERNAL, max_length=60)
    following = fields.integer(label="次の番号", classification=INTERNAL, minimum=1, default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "book", "office", "year"),
                condition=Q(office__isnull=False),
                name="number_book_office",
            ),
            models.UniqueConstraint(
                fields=("municipality", "book", "authority", "year"),
                condition=Q(office__isnull=True),
                name="number_book_authority",
            ),
        )
        indexes = (models.Index(fields=("municipality", "book", "year"), name="number_book_year"),)

    def __str__(self) -> str:
        return f"{self.book} {self.year}"


class Seal(Record):
    """An official seal (公印): its print as a picture, valid from one day to another."""

    side = Side.DESK

    authority = fields.choice(AUTHORITIES, label="機関", classification=INTERNAL)
    title = fields.text(label="名称", classification=INTERNAL)
    signature = fields.text(label="差出人", classification=INTERNAL)
    file = fields.Link(StoredFile, label="印影", classification=INTERNAL)
    valid_from = fields.date(label="開始日", classification=INTERNAL)
    valid_to = fields.date(label="終了日", classification=INTERNAL, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "authority"), name="seal_authority"),)

    def __str__(self) -> str:
        return self.title


class Notice(Record):
    """A document that tells the applicant (通知書). Issued with number and date; then its content never changes.

    ``addressee`` carries its 様 or 御中, ``address`` is for the window of an envelope. ``digest`` is that of the issued file: what tells
    of a person goes with its retention, number, day and digest stay.
    """

    side = Side.DESK

    case = fields.Link(Case, label="案件", classification=INTERNAL, related_name="notices")
    disposition = fields.Link(Disposition, label="決定", classification=INTERNAL, null=True)
    title = fields.text(label="標題", classification=INTERNAL)
    addressee = fields.text(label="宛名", classification=PERSONAL)
    address = fields.prose(label="宛先の住所", classification=PERSONAL)
    body = fields.prose(label="本文", classification=PERSONAL)
    remedies = fields.prose(label="教示", classification=INTERNAL)
    sender = fields.text(label="差出人", classification=INTERNAL)
    document_number = fields.text(
        label="文書番号", classification=INTERNAL, max_length=60, required=False, searchable=True
    )
    issued_on = fields.date(label="施行日", classification=INTERNAL, required=False)
    sealing = fields.choice(SEALS, label="公印", classification=INTERNAL)
    seal = fields.Link(Seal, label="印影", classification=INTERNAL, null=True)
    file = fields.Link(StoredFile, label="通知書", classification=PERSONAL, null=True)
    digest = fields.digest(label="通知書の要約値", required=False)
    state = fields.choice(NOTICE_STATES, label="状態", classification=INTERNAL)
    print_after = fields.date(label="開封がなければ郵送する日", classification=INTERNAL, required=False)
    released_at = fields.moment(
        label="ダウンロードできるようにした日時", classification=INTERNAL, required=False
    )
    opened_at = fields.moment(label="開封日時", classification=INTERNAL, required=False)
    posted_at = fields.moment(label="郵送・手渡しの日時", classification=INTERNAL, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "document_number"),
                condition=~Q(document_number=""),
                name="notice_document_number",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "case"), name="notice_case"),
            models.Index(fields=("municipality", "state", "print_after"), name="notice_state"),
        )

    def __str__(self) -> str:
        return f"{self.document_number} {self.title}"


class OfficeMailbox(Record):
    """Where an office is told of what came in: a group mailbox, never a private one."""

    side = Side.DESK

    office = fields.Link(Office, label="所属", classification=INTERNAL)
    mail = fields.text(label="メール", classification=INTERNAL)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "office"), name="office_mailbox"),)

    def __str__(self) -> str:
        return self.mail
