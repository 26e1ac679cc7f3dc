"""The plan itself: editions, the tree, initiatives with their indicators and values, revisions, notes, calendar."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.records import Record, Side

EDITION_STATES = (("draft", "下書き"), ("published", "公表中"))
INITIATIVE_KINDS = (("advance", "推進"), ("operate", "運用"))
OFFICE_ROLES = (("lead", "主管"), ("related", "関係"), ("group", "関係各課"), ("not_stated", "記載なし"))
VALUE_KINDS = (("baseline", "現状値"), ("target", "目標値"), ("actual", "実績値"))
VALUE_STATUSES = (("provisional", "見込"), ("preliminary", "速報"), ("final", "確定"))
DIRECTIONS = (
    ("increase", "増やす"),
    ("decrease", "減らす"),
    ("maintain", "維持する"),
    ("reach", "到達する"),
    ("none", "方向なし"),
)
AGGREGATIONS = (
    ("year_total", "年度計"),
    ("cumulative", "累計"),
    ("at_date", "時点値"),
    ("ratio", "率"),
    ("average", "平均"),
    ("state", "語"),
)
BOUNDS = (("at_least", "以上"), ("at_most", "以内"), ("exactly", "ちょうど"))
PROGRESS_MEANINGS = (
    ("not_started", "未着手"),
    ("on_track", "順調"),
    ("mostly_on_track", "おおむね順調"),
    ("behind", "遅れ"),
    ("stopped", "停滞"),
    ("changed", "計画変更"),
    ("ended", "終了"),
    ("completed", "完了"),
    ("abolished", "廃止"),
    ("merged", "統合"),
    ("moved", "移行"),
)


class Plan(Record):
    """One plan (情報化推進計画) of a municipality for a span of fiscal years. Re-issued yearly as editions."""

    side = Side.DESK

    title = fields.text(label="計画名", classification=PUBLIC, max_length=300, searchable=True)
    first_year = fields.fiscal_year(label="開始年度", classification=PUBLIC)
    last_year = fields.fiscal_year(label="終了年度", classification=PUBLIC)

    class Meta:
        ordering = ("first_year", "title")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "title", "first_year"), name="plan_title_year"),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="plan_years"),
        )

    def __str__(self) -> str:
        return self.title


class Edition(Record):
    """One issue of a plan (令和6年度版). ``year`` is its fiscal year: the plan's first year where there is one issue only.

    ``draft``: the working copy differs from what the public reads, or was never published; ``published``: it does not.
    """

    side = Side.DESK

    plan = fields.Link(Plan, label="計画", classification=PUBLIC, related_name="editions")
    label = fields.text(label="版", classification=PUBLIC, max_length=60, required=False)
    year = fields.fiscal_year(label="年度", classification=PUBLIC)
    state = fields.choice(EDITION_STATES, label="状態", classification=INTERNAL)
    levels = fields.document(label="階層の名前", classification=PUBLIC, default=list)
    prose = fields.document(label="計画の本文", classification=PUBLIC)
    bodies = fields.document(label="推進体制", classification=PUBLIC, default=list)
    stated = fields.document(label="計画書に書かれた数", classification=PUBLIC)
    warnings = fields.document(label="読み取りの注意", classification=INTERNAL, default=list)
    unplaced = fields.document(label="置き場所のない記載", classification=INTERNAL, default=list)
    file = fields.Link(StoredFile, label="元の文書", classification=INTERNAL, null=True)

    class Meta:
        ordering = ("year", "label")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "plan", "label", "year"), name="edition_once"),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in EDITION_STATES]), name="edition_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan.title} {self.label}".strip()


class Node(Record):
    """A goal, strategy or field of the edition's tree; ``path`` holds the codes (or titles) from the root."""

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=PUBLIC, related_name="nodes")
    position = fields.integer(label="順", classification=PUBLIC)
    path = fields.document(label="位置", classification=PUBLIC, default=list)
    title = fields.text(label="名称", classification=PUBLIC, max_length=300, searchable=True)
    text = fields.prose(label="本文", classification=PUBLIC)
    has_text = fields.yes_no(label="本文あり", classification=INTERNAL)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "edition", "position"), name="node_position"),
        )

    def __str__(self) -> str:
        return self.title


class Initiative(Record):
    """The unit that is planned, measured and reviewed (個別取組).

    A field added here appears in the form, the list, sheets, the API, the public copy and the export by its declaration.
    """

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=PUBLIC, related_name="initiatives")
    position = fields.integer(label="順", classification=PUBLIC)
    number = fields.text(label="番号", classification=PUBLIC, max_length=40, required=False, filterable=True)
    number_sort = fields.text(label="番号の並び", classification=INTERNAL, max_length=200, required=False)
    title = fields.text(label="取組名", classification=PUBLIC, max_length=300, searchable=True)
    year = fields.fiscal_year(label="年度", classification=PUBLIC)
    kind = fields.choice(INITIATIVE_KINDS, label="区別", classification=PUBLIC, required=False)
    group = fields.text(label="組", classification=PUBLIC, max_length=40, required=False)
    progress = fields.text(
        label="進捗状況", classification=PUBLIC, max_length=60, required=False, filterable=True
    )
    progress_meaning = fields.choice(
        PROGRESS_MEANINGS, label="進捗の意味", classification=PUBLIC, required=False
    )
    flags = fields.document(label="印", classification=PUBLIC, default=list)
    texts = fields.document(label="本文", classification=PUBLIC)
    tags = fields.document(label="タグ", classification=PUBLIC)
    items = fields.document(label="主な取組", classification=PUBLIC, default=list)
    stages = fields.document(label="年度別の工程", classification=PUBLIC)
    lineage = fields.document(label="経緯", classification=PUBLIC, default=list)
    themes = fields.document(label="主題", classification=PUBLIC, default=list)
    themes_declined = fields.document(label="当てはまらない主題", classification=INTERNAL, default=list)
    sources = fields.document(label="読み取った場所", classification=INTERNAL)
    doubts = fields.document(label="確認が要る読み取り", classification=INTERNAL, default=list)
    corrected = fields.document(label="直した項目", classification=INTERNAL)
    warnings = fields.document(label="注意", classification=INTERNAL, default=list)
    source_file = fields.text(label="元の文書", classification=INTERNAL, max_length=255, required=False)
    source_line = fields.integer(label="行", classification=INTERNAL, required=False)
    source_part = fields.text(label="シート・ページ", classification=INTERNAL, max_length=200, required=False)

    class Meta:
        ordering = ("position",)
        # Positions are not unique: a second reading moves rows, and both databases check row by row.
        indexes = (
            models.Index(fields=("municipality", "edition", "position"), name="initiative_position"),
            models.Index(fields=("municipality", "edition", "number_sort"), name="initiative_number"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class InitiativeOffice(Record):
    """An office beside an initiative: the name as printed, and the unit it means once somebody said so."""

    side = Side.DESK

    initiative = fields.Link(Initiative, label="取組", classification=PUBLIC, related_name="offices")
    position = fields.integer(label="順", classification=PUBLIC)
    name = fields.text(label="担当部署", classification=PUBLIC, required=False, filterable=True)
    role = fields.choice(OFFICE_ROLES, label="役割", classification=PUBLIC)
    doubtful = fields.yes_no(label="要確認", classification=INTERNAL)
    office = fields.Link(Office, label="所属", classification=INTERNAL, null=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "initiative", "position"), name="initiative_office"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Placement(Record):
    """Where in the tree an initiative stands; all but the primary one are cross-listings (再掲) and not counted."""

    side = Side.DESK

    initiative = fields.Link(Initiative, label="取組", classification=PUBLIC, related_name="placements")
    position = fields.integer(label="順", classification=PUBLIC)
    path = fields.document(label="位置", classification=PUBLIC, default=list)
    node = fields.Link(Node, label="区分", classification=PUBLIC, null=True)
    primary = fields.yes_no(label="主たる位置", classification=PUBLIC)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "initiative", "position"), name="placement_position"
            ),
        )

    def __str__(self) -> str:
        return " / ".join(str(step) for step in self.path)


class Indicator(Record):
    """A measured figure (KPI) of an initiative. Direction, aggregation and bound are empty where the document is silent."""

    side = Side.DESK

    initiative = fields.Link(Initiative, label="取組", classification=PUBLIC, related_name="indicators")
    position = fields.integer(label="順", classification=PUBLIC)
    number = fields.text(label="番号", classification=PUBLIC, max_length=20, required=False)
    name = fields.prose(label="指標名", classification=PUBLIC, max_length=500)
    unit = fields.text(label="単位", classification=PUBLIC, max_length=40, required=False)
    direction = fields.choice(DIRECTIONS, label="望ましい向き", classification=PUBLIC, required=False)
    aggregation = fields.choice(AGGREGATIONS, label="集計", classification=PUBLIC, required=False)
    bound = fields.choice(BOUNDS, label="目標の範囲", classification=PUBLIC, required=False)
    definition = fields.prose(label="数え方", classification=PUBLIC, max_length=2000)
    states = fields.document(label="言葉の順", classification=PUBLIC, default=list)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "initiative", "position"), name="indicator_position"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Value(Record):
    """One value: as printed (``raw``, kept for ever) and what was read from it. No value is never 0."""

    side = Side.DESK

    indicator = fields.Link(Indicator, label="指標", classification=PUBLIC, related_name="values")
    position = fields.integer(label="順", classification=PUBLIC)
    kind = fields.choice(VALUE_KINDS, label="値の種類", classification=PUBLIC)
    year = fields.fiscal_year(label="年度", classification=PUBLIC, required=False)
    as_of = fields.date(label="時点", classification=PUBLIC, required=False)
    raw = fields.prose(label="記載のとおり", classification=PUBLIC, max_length=2000)
    number = fields.decimal(label="数", classification=PUBLIC, required=False)
    state = fields.text(label="語", classification=PUBLIC, max_length=60, required=False)
    approximate = fields.yes_no(label="約", classification=PUBLIC)
    numerator = fields.decimal(label="分子", classification=PUBLIC, required=False)
    denominator = fields.decimal(label="分母", classification=PUBLIC, required=False)
    status = fields.choice(VALUE_STATUSES, label="確度", classification=PUBLIC, required=False)
    revision = fields.integer(label="改訂", classification=PUBLIC, default=0)
    reason = fields.text(label="理由", classification=PUBLIC, max_length=500, required=False)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "indicator", "position"), name="value_position"),
        )

    def __str__(self) -> str:
        return self.raw


class Revision(Record):
    """A stage or a progress word that was revised, with its reason: one row each time, never changed (DESIGN §3).

    Targets and actuals keep their revisions among the values themselves (:class:`Value`, ``revision``).
    """

    side = Side.DESK

    initiative = fields.Link(Initiative, label="取組", classification=INTERNAL, related_name="revisions")
    path = fields.text(label="項目", classification=INTERNAL, max_length=120)
    number = fields.integer(label="改訂", classification=INTERNAL, minimum=1)
    before = fields.prose(label="前の内容", classification=INTERNAL)
    after = fields.prose(label="新しい内容", classification=INTERNAL)
    reason = fields.text(label="理由", classification=INTERNAL, max_length=500)
    made_at = fields.moment(label="改訂の日時", classification=INTERNAL)
    made_by = fields.text(label="改訂した人", classification=INTERNAL)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "initiative", "path", "number"), name="revision_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.path} {self.number}"


class Note(Record):
    """A remark of the staff on an initiative or on a whole edition. Struck out, it stays to be read by its author's colleagues."""

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=INTERNAL, related_name="notes")
    initiative = fields.Link(
        Initiative, label="取組", classification=INTERNAL, related_name="notes", null=True
    )
    text = fields.prose(label="メモ", classification=INTERNAL, max_length=4000, required=True)
    written_at = fields.moment(label="書いた日時", classification=INTERNAL)
    written_by = fields.text(label="書いた人", classification=INTERNAL)
    struck_at = fields.moment(label="取り消した日時", classification=INTERNAL, required=False)
    struck_by = fields.text(label="取り消した人", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("-written_at",)
        indexes = (models.Index(fields=("municipality", "edition", "written_at"), name="note_written"),)

    def __str__(self) -> str:
        return self.text[:60]


class CalendarEntry(Record):
    """A day, or several, in the plan's year: a request, a deadline, a meeting, the day of publication."""

    side = Side.DESK

    first_day = fields.date(label="初日", classification=INTERNAL)
    last_day = fields.date(label="最終日", classification=INTERNAL, required=False)
    title = fields.text(label="予定", classification=INTERNAL, max_length=120)
    office = fields.text(label="担当", classification=INTERNAL, max_length=120, required=False)
    note = fields.text(label="備考", classification=INTERNAL, max_length=500, required=False)

    class Meta:
        ordering = ("first_day", "title")
        constraints = (
            models.UniqueConstraint(fields=("municipality", "first_day", "title"), name="calendar_once"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="calendar_days"
            ),
        )

    def __str__(self) -> str:
        return self.title


# --- the register of plans in force -------------------------------------------------------------------------------------
# What the pages across municipalities ask, as columns: the newest standing edition of each municipality, written when an
# edition is published or taken back, from the frozen copy alone. It says nothing that the copies do not say, and is made
# anew from them at any time (docs/decisions/0006).
