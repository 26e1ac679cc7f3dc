"""The desk's tables: what an office designs, and what came in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.engines.casework.models import Case
from yakuba.engines.casework.states import KINDS
from yakuba.engines.publishing.models import Publication
from yakuba.engines.visitors.models import untold
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.records import Record, Side
from yakuba.services.procedures.definition.model import IDENTITIES

PROCEDURE_STATES = (("draft", "下書き"), ("open", "受付中"), ("paused", "一時停止"), ("closed", "終了"))
#: 手続台帳: whether a procedure can be done online, on which channel, or why not.
ONLINE_STATES = (
    ("yakuba", "この役場で受付"),
    ("joint", "県の共同システム"),
    ("mynaportal", "ぴったりサービス"),
    ("eltax", "eLTAX"),
    ("other", "ほかのオンライン"),
    ("planned", "予定あり"),
    ("no", "オンライン化していない"),
)


BUNDLE_STATES = (
    ("waiting", "作っています"),
    ("made", "できました"),
    ("failed", "作れませんでした"),
    ("gone", "消しました"),
)


class Procedure(Record):
    """A procedure of the city as its office designs it. ``draft`` is a ``yakuba-procedure/1`` document.

    What was published stands frozen in ``engines/publishing`` under kind ``procedure`` and this row's id; ``published`` is the
    newest number there, 0 before the first. ``before`` is the draft as it stood before the last change, for one step back.
    """

    side = Side.DESK

    office = fields.Link(Office, label="担当課", classification=PUBLIC)
    title = fields.text(label="名称", classification=PUBLIC, searchable=True)
    kind = fields.choice(KINDS, label="種類", classification=PUBLIC)
    draft = fields.document(label="下書き", classification=INTERNAL)
    before = fields.document(label="ひとつ前の下書き", classification=INTERNAL)
    changed_at = fields.moment(label="下書きを直した日時", classification=INTERNAL)
    state = fields.choice(PROCEDURE_STATES, label="状態", classification=PUBLIC)
    published = fields.integer(label="公開の版", classification=PUBLIC, minimum=0, default=0)
    pause_note = fields.prose(label="停止の説明", classification=PUBLIC)

    class Meta:
        ordering = ("title", "id")
        indexes = (models.Index(fields=("municipality", "office", "state"), name="procedure_office"),)

    def __str__(self) -> str:
        return self.title


class InventoryRow(Record):
    """One line of the inventory (手続台帳): a procedure of the city on every channel, online or not."""

    side = Side.DESK

    number = fields.text(label="番号", classification=PUBLIC, max_length=20, required=False)
    sort_key = fields.text(label="並び", classification=INTERNAL, max_length=60, required=False)
    title = fields.text(label="手続名", classification=PUBLIC, searchable=True)
    kind = fields.choice(KINDS, label="種類", classification=PUBLIC)
    office = fields.Link(Office, label="担当課", classification=PUBLIC, null=True)
    office_as_written = fields.text(label="担当課（表記）", classification=PUBLIC, required=False)
    ground = fields.text(label="根拠", classification=PUBLIC, required=False)
    form = fields.text(label="様式", classification=PUBLIC, required=False)
    yearly_count = fields.integer(
        label="年間件数", classification=PUBLIC, required=False, minimum=0, unit="件"
    )
    yearly_online = fields.integer(
        label="うちオンライン", classification=PUBLIC, required=False, minimum=0, unit="件"
    )
    counted_year = fields.fiscal_year(label="件数の年度", classification=PUBLIC, required=False)
    seal_needed = fields.yes_no(label="押印", classification=PUBLIC)
    fee = fields.text(label="手数料", classification=PUBLIC, required=False)
    identity = fields.choice(IDENTITIES, label="本人確認", classification=PUBLIC, required=False)
    online = fields.choice(ONLINE_STATES, label="オンライン", classification=PUBLIC)
    online_url = fields.text(label="受付の場所", classification=PUBLIC, max_length=500, required=False)
    by_paper = fields.yes_no(label="書面・窓口", classification=PUBLIC, default=True)
    by_phone = fields.yes_no(label="電話", classification=PUBLIC)
    why_not = fields.prose(label="オンライン化しない理由", classification=PUBLIC)
    planned_year = fields.fiscal_year(label="予定年度", classification=PUBLIC, required=False)
    since = fields.date(label="オンライン開始日", classification=PUBLIC, required=False)
    until = fields.date(label="オンライン終了日", classification=PUBLIC, required=False)
    procedure = fields.Link(Procedure, label="手続", classification=INTERNAL, null=True)

    class Meta:
        ordering = ("sort_key", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "number"), condition=~Q(number=""), name="inventory_number"
            ),
            models.UniqueConstraint(
                fields=("municipality", "procedure"),
                condition=Q(procedure__isnull=False),
                name="inventory_procedure",
            ),
        )
        indexes = (models.Index(fields=("municipality", "sort_key", "id"), name="inventory_order"),)

    def __str__(self) -> str:
        return self.title


class InventorySpan(Record):
    """Days on which a procedure had been online before it came online again: its row has only the newest first and last day."""

    side = Side.DESK

    row = fields.Link(
        InventoryRow, label="手続台帳の行", classification=INTERNAL, related_name="earlier_spans"
    )
    since = fields.date(label="オンライン開始日", classification=PUBLIC)
    until = fields.date(label="オンライン終了日", classification=PUBLIC)

    class Meta:
        ordering = ("since",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "row", "since"), name="inventory_span_once"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="inventory_span_days"),
        )

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"


class InventoryCount(Record):
    """How many filings of a row an office counted in a fiscal year, on all channels; the row has only the newest year's.

    ``online`` is empty where nobody counted what of them came online.
    """

    side = Side.DESK

    row = fields.Link(InventoryRow, label="手続台帳の行", classification=INTERNAL, related_name="counts")
    year = fields.fiscal_year(label="件数の年度", classification=PUBLIC)
    filings = fields.integer(label="年間件数", classification=PUBLIC, minimum=0, unit="件")
    online = fields.integer(
        label="うちオンライン", classification=PUBLIC, required=False, minimum=0, unit="件"
    )

    class Meta:
        ordering = ("year",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "row", "year"), name="inventory_count_once"),
        )
        indexes = (models.Index(fields=("municipality", "year"), name="inventory_count_year"),)

    def __str__(self) -> str:
        return f"{self.row_id} {self.year}"


class Filing(Record):
    """What an applicant handed in, as the desk has it: the origin of a case.

    ``publication`` is the version of the procedure that it was made under. ``answers`` stand as they are now (after corrections);
    every state of them is a :class:`FilingRevision`.
    """

    side = Side.DESK

    procedure = fields.Link(Procedure, label="手続", classification=INTERNAL)
    publication = fields.Link(Publication, label="手続の版", classification=INTERNAL)
    case = fields.Link(Case, label="案件", classification=INTERNAL, null=True)
    receipt = fields.text(label="受付番号", classification=INTERNAL, max_length=40, required=False)
    arrived_at = fields.moment(label="到達日時", classification=INTERNAL)
    answers = fields.document(label="記入内容", classification=PERSONAL)
    parties = fields.document(label="当事者", classification=PERSONAL)
    level = fields.text(label="本人確認の段階", classification=INTERNAL, max_length=40)
    method = fields.text(label="本人確認の方法", classification=INTERNAL, max_length=40, required=False)
    vouched = fields.document(label="本人確認で得た内容", classification=PERSONAL)
    language = fields.text(label="言語", classification=INTERNAL, max_length=20)
    fee = fields.integer(label="手数料", classification=INTERNAL, required=False, minimum=0, unit="円")
    retention = fields.text(label="保存期間の区分", classification=INTERNAL, max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "receipt"), condition=~Q(receipt=""), name="filing_receipt"
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "procedure", "arrived_at"), name="filing_procedure"),
            models.Index(fields=("municipality", "case"), name="filing_case"),
        )

    def __str__(self) -> str:
        return grouped(self.receipt) or str(self.pk)


class FilingRevision(Record):
    """The answers as they came (number 1) and after each correction; only inserted."""

    side = Side.DESK

    filing = fields.Link(Filing, label="提出", classification=INTERNAL, related_name="revisions")
    number = fields.integer(label="回", classification=INTERNAL, minimum=1)
    answers = fields.document(label="記入内容", classification=PERSONAL)
    at = fields.moment(label="日時", classification=INTERNAL)
    by_label = fields.text(label="直した人", classification=INTERNAL)
    reason = fields.prose(label="理由", classification=PERSONAL)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "filing", "number"), name="filing_revision"),
        )

    def __str__(self) -> str:
        return f"{self.filing_id} {self.number}"


class Attachment(Record):
    """A file that came with a filing, or a page that staff scanned."""

    side = Side.DESK

    filing = fields.Link(Filing, label="提出", classification=INTERNAL, related_name="attachments")
    question = fields.text(label="項目", classification=INTERNAL, max_length=100)
    file = fields.Link(StoredFile, label="ファイル", classification=PERSONAL)
    upload = fields.reference(label="受け取りのID", required=False)
    pages = fields.integer(label="ページ", classification=INTERNAL, required=False, minimum=0)
    dropped_at = fields.moment(label="差し替えた日時", classification=INTERNAL, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "filing"), name="attachment_filing"),)

    def __str__(self) -> str:
        return self.question


class Bundle(Record):
    """A day's filings bound into one PDF by the worker. It holds copies of personal data, so it goes after a day."""

    side = Side.DESK

    office = fields.Link(Office, label="担当課", classification=INTERNAL)
    day = fields.date(label="収受した日", classification=INTERNAL)
    filings = fields.document(label="束ねる提出", classification=INTERNAL, default=list)
    state = fields.choice(BUNDLE_STATES, label="状態", classification=INTERNAL)
    file = fields.Link(StoredFile, label="束ねたPDF", classification=PERSONAL, null=True)
    note = fields.prose(label="束ねられなかったもの", classification=PERSONAL)
    asked_by = fields.text(label="頼んだ人", classification=INTERNAL)
    asked_at = fields.moment(label="頼んだ日時", classification=INTERNAL)
    made_at = fields.moment(label="できた日時", classification=INTERNAL, required=False)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "office", "asked_at"), name="bundle_office"),
            models.Index(fields=("municipality", "asked_at"), name="bundle_asked"),
        )

    def __str__(self) -> str:
        return str(self.day)


class Webhook(Record):
    """Where the submissions of a procedure are handed over to another system, signed (HMAC-SHA256)."""

    side = Side.DESK

    procedure = fields.Link(Procedure, label="手続", classification=INTERNAL)
    url = fields.text(label="送り先", classification=INTERNAL, max_length=500)
    secret = untold(fields.text(label="署名の鍵", classification=PERSONAL, max_length=200))
    active = fields.yes_no(label="有効", classification=INTERNAL, default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "procedure", "url"), name="webhook_once"),
        )

    def __str__(self) -> str:
        return str(self.pk)
