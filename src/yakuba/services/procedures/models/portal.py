"""The portal's tables: what citizens write and send, and what the desk released to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.engines.publishing.models import Publication
from yakuba.engines.visitors.models import untold
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.town.records import Record, Side

RELEASES = (
    ("state", "進み具合"),
    ("message", "お知らせ"),
    ("correction", "補正のお願い"),
    ("notice", "通知書"),
    ("copy", "送った内容の写し"),
)
HAPPENINGS = (
    ("published", "公開"),
    ("started", "記入の開始"),
    ("left", "ページを終えた"),
    ("saved", "途中の保存"),
    ("resumed", "再開"),
    ("sent", "提出"),
    ("corrected", "補正"),
    ("decided", "決定"),
    ("opened", "通知の開封"),
    ("withdrawn", "取下げ"),
)


class Offer(Record):
    """A procedure as it is offered now: which publication, whether it takes applications, and how many places are taken.

    The desk releases it; ``taken`` is counted here, by the one conditional UPDATE of a submission. One that is not ``listed`` was
    never made public: only a test link leads to it (:mod:`yakuba.services.procedures.trial`).
    """

    side = Side.PORTAL

    procedure = fields.reference(label="手続", classification=PUBLIC)
    publication = fields.Link(Publication, label="版", classification=PUBLIC)
    office = fields.text(label="担当課", classification=PUBLIC)
    open = fields.yes_no(label="受付中", classification=PUBLIC)
    listed = fields.yes_no(label="公開", classification=PUBLIC, default=True)
    note = fields.prose(label="停止の説明", classification=PUBLIC)
    opens_at = fields.moment(label="受付の開始", classification=PUBLIC, required=False)
    closes_at = fields.moment(label="受付の終了", classification=PUBLIC, required=False)
    places = fields.integer(label="定員", classification=PUBLIC, required=False, minimum=0)
    taken = fields.integer(label="申込み", classification=PUBLIC, minimum=0, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "procedure"), name="offer_procedure"),
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(taken__lte=F("places")), name="offer_places"
            ),
        )

    def __str__(self) -> str:
        return str(self.procedure)


class Submission(Record):
    """An application that arrived. The commit of this row is the arrival (到達).

    ``body`` holds the answers until the desk has them, and is emptied then. ``receipt`` cannot be guessed, and neither can the
    secret that stands beside it on the acknowledgement. ``state_label`` is what the desk released.
    """

    side = Side.PORTAL

    offer = fields.Link(Offer, label="手続", classification=INTERNAL, db_index=False)
    publication = fields.Link(Publication, label="版", classification=INTERNAL, db_index=False)
    filling = fields.reference(label="記入", required=False)
    receipt = fields.text(label="受付番号", classification=INTERNAL, max_length=40)
    secret_hash = fields.digest(label="確認番号")
    visit = fields.reference(label="来訪", required=False)
    citizen = fields.reference(label="利用者", required=False)
    arrived_at = fields.moment(label="到達日時", classification=INTERNAL)
    body = fields.document(label="記入内容", classification=PERSONAL)
    body_digest = fields.digest(label="記入内容の要約値")
    level = fields.text(label="本人確認の段階", classification=INTERNAL, max_length=40)
    method = fields.text(label="本人確認の方法", classification=INTERNAL, max_length=40, required=False)
    electronic = fields.text(label="結果の受け取り方", classification=INTERNAL, max_length=20, required=False)
    mail = untold(fields.text(label="連絡先メール", classification=PERSONAL, max_length=254, required=False))
    language = fields.text(label="言語", classification=INTERNAL, max_length=20)
    state = fields.text(label="状態", classification=INTERNAL, max_length=40)
    state_label = fields.text(label="進み具合", classification=INTERNAL, required=False)
    state_at = fields.moment(label="状態の日時", classification=INTERNAL)
    handed_over_at = fields.moment(label="庁内に渡した日時", classification=INTERNAL, required=False)
    test = fields.yes_no(label="試行", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "receipt"), name="submission_receipt"),
            models.UniqueConstraint(
                fields=("municipality", "filling"),
                condition=Q(filling__isnull=False),
                name="submission_filling",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "visit"), name="submission_visit"),
            models.Index(
                fields=("municipality", "citizen"),
                condition=Q(citizen__isnull=False),
                name="submission_citizen",
            ),
        )

    def __str__(self) -> str:
        return grouped(self.receipt)


class Release(Record):
    """Something that the desk released to the applicant: a message, a correction request, a notice with its document.

    ``body`` of a correction holds the questions that are asked again with the answers as they stood. A correction that is closed is
    asked for no more; a notice that is closed is not handed over here, and the counter is named instead. A copy holds the answers as
    the desk has them, for the day after somebody asked for them.
    """

    side = Side.PORTAL

    submission = fields.Link(Submission, label="提出", classification=INTERNAL, related_name="releases")
    kind = fields.choice(RELEASES, label="種類", classification=INTERNAL)
    source = fields.reference(label="庁内の記録", required=False)
    title = fields.text(label="題名", classification=PERSONAL)
    text = fields.prose(label="本文", classification=PERSONAL)
    body = fields.document(label="内容", classification=PERSONAL)
    file = fields.Link(StoredFile, label="書類", classification=PERSONAL, null=True)
    at = fields.moment(label="日時", classification=INTERNAL)
    answer_by = fields.date(label="回答の期限", classification=INTERNAL, required=False)
    opened_at = fields.moment(label="開封日時", classification=INTERNAL, required=False)
    answered_at = fields.moment(label="回答日時", classification=INTERNAL, required=False)
    closed_at = fields.moment(label="終わった日時", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=("municipality", "submission"), name="release_submission"),
            models.Index(fields=("municipality", "at"), condition=Q(kind="copy"), name="release_copies"),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} {self.kind}"


class Filling(Record):
    """A form that somebody is filling in. It is erased when it was sent, when its owner says so, or when it expires.

    ``release`` is the correction request that it answers; empty for a new application. ``typed`` holds what was written on pages that
    are not right yet, by page and form field; ``done`` the pages that are. ``whole_on`` is the day for which ``answers``, as they stand,
    were found to be exactly what may be sent; empty as soon as any of them changes.
    """

    side = Side.PORTAL

    offer = fields.Link(Offer, label="手続", classification=INTERNAL, db_index=False)
    publication = fields.Link(Publication, label="版", classification=INTERNAL, db_index=False)
    release = fields.Link(Release, label="補正のお願い", classification=INTERNAL, null=True, db_index=False)
    visit = fields.reference(label="来訪", required=False)
    citizen = fields.reference(label="利用者", required=False)
    answers = fields.document(label="記入内容", classification=PERSONAL)
    typed = fields.document(label="途中の記入", classification=PERSONAL)
    done = fields.document(label="終えたページ", classification=INTERNAL, default=list)
    whole_on = fields.date(label="そろった日", classification=INTERNAL, required=False)
    language = fields.text(label="言語", classification=INTERNAL, max_length=20)
    resume_hash = fields.digest(label="再開の鍵", required=False)
    resume_code_hash = fields.digest(label="再開の番号", required=False)
    electronic = fields.text(label="結果の受け取り方", classification=INTERNAL, max_length=20, required=False)
    mail = untold(fields.text(label="連絡先メール", classification=PERSONAL, max_length=254, required=False))
    test = fields.yes_no(label="試行", classification=INTERNAL)
    began_at = fields.moment(label="開始", classification=INTERNAL)
    seen_at = fields.moment(label="最後の操作", classification=INTERNAL)
    expires_at = fields.moment(label="消える日時", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "release"),
                condition=Q(release__isnull=False),
                name="filling_release",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "visit"), name="filling_visit"),
            models.Index(
                fields=("municipality", "citizen"), condition=Q(citizen__isnull=False), name="filling_citizen"
            ),
            models.Index(
                fields=("municipality", "resume_hash"), condition=~Q(resume_hash=""), name="filling_resume"
            ),
            models.Index(fields=("municipality", "expires_at"), name="filling_expires"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Reply(Record):
    """What the applicant sent after the submission: a correction, a message, a withdrawal. Emptied when the desk has it.

    ``filling`` is the form that a correction was written in: it is gone, and what became of it is found by it.
    """

    side = Side.PORTAL

    submission = fields.Link(Submission, label="提出", classification=INTERNAL, related_name="replies")
    release = fields.Link(Release, label="お願い", classification=INTERNAL, null=True)
    filling = fields.reference(label="記入", required=False)
    kind = fields.text(label="種類", classification=INTERNAL, max_length=20)
    body = fields.document(label="内容", classification=PERSONAL)
    at = fields.moment(label="日時", classification=INTERNAL)
    handed_over_at = fields.moment(label="庁内に渡した日時", classification=INTERNAL, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "filling"),
                condition=Q(filling__isnull=False),
                name="reply_filling",
            ),
        )
        indexes = (models.Index(fields=("municipality", "submission"), name="reply_submission"),)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.kind}"


class Upload(Record):
    """A file that was received and checked. It belongs to what is being filled in, and from the sending on to the submission.

    The desk makes an attachment of it, and this row goes.
    """

    side = Side.PORTAL

    filling = fields.Link(Filling, label="記入", classification=INTERNAL, null=True, related_name="uploads")
    submission = fields.Link(
        Submission, label="提出", classification=INTERNAL, null=True, related_name="uploads"
    )
    visit = fields.reference(label="来訪", required=False)
    citizen = fields.reference(label="利用者", required=False)
    question = fields.text(label="項目", classification=INTERNAL, max_length=100)
    file = fields.Link(StoredFile, label="ファイル", classification=PERSONAL)
    pages = fields.integer(label="ページ", classification=INTERNAL, required=False, minimum=0)
    at = fields.moment(label="受領日時", classification=INTERNAL)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "filling"), name="upload_filling"),
            models.Index(fields=("municipality", "submission"), name="upload_submission"),
            models.Index(fields=("municipality", "at"), name="upload_at"),
        )

    def __str__(self) -> str:
        return self.question


class EarlierAnswer(Record):
    """A fact about a signed-in applicant from an earlier answer of their own, offered the next time (ワンスオンリー)."""

    side = Side.PORTAL

    citizen = fields.reference(label="利用者")
    fact = fields.text(label="事項", classification=INTERNAL, max_length=60)
    value = fields.document(label="答え", classification=PERSONAL)
    receipt = fields.text(label="受付番号", classification=INTERNAL, max_length=40)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "citizen", "fact"), name="earlier_answer"),
        )

    def __str__(self) -> str:
        return self.fact


class Reuse(Record):
    """That an earlier answer was used again: for what, on which ground, when. Shown to the person; only inserted."""

    side = Side.PORTAL

    citizen = fields.reference(label="利用者")
    facts = fields.document(label="事項", classification=INTERNAL, default=list)
    purpose = fields.text(label="使った手続", classification=INTERNAL)
    ground = fields.text(label="根拠", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        indexes = (models.Index(fields=("municipality", "citizen", "at"), name="reuse_citizen"),)

    def __str__(self) -> str:
        return self.purpose


class Happening(Record):
    """Something to be counted later, with nothing in it that tells of a person. Only inserted."""

    side = Side.BOTH

    procedure = fields.reference(label="手続", classification=INTERNAL)
    number = fields.integer(label="手続の版", classification=INTERNAL, minimum=0)
    kind = fields.choice(HAPPENINGS, label="出来事", classification=INTERNAL)
    step = fields.text(label="ページ", classification=INTERNAL, max_length=100, required=False)
    channel = fields.text(label="受付の方法", classification=INTERNAL, max_length=20, required=False)
    seconds = fields.integer(label="かかった秒数", classification=INTERNAL, required=False, minimum=0)
    on_time = fields.choice(
        (("yes", "期限内"), ("no", "期限後")), label="期限", classification=INTERNAL, required=False
    )
    test = fields.yes_no(label="試行", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "procedure", "kind", "at"), name="happening_procedure"),
            models.Index(fields=("municipality", "kind", "at"), name="happening_kind"),
            # Counted each night of all municipalities, from the index alone.
            models.Index(fields=("kind", "at", "municipality", "seconds", "test"), name="happening_counted"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
