"""The plan's year: what an office answers about an initiative and a year, its figures and evidence, observations at any time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.engines.rounds.models import Item
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.records import Record, Side
from yakuba.services.plan.models.plan import PROGRESS_MEANINGS, VALUE_STATUSES, Edition, Initiative

PHASES = (("provisional", "見込"), ("final", "確定"))
SELF_RATINGS = (
    ("above", "目標を上回った"),
    ("reached", "目標どおり"),
    ("mostly", "おおむね目標どおり"),
    ("below", "目標を下回った"),
    ("open", "まだ評価できない"),
)
NEXT_ACTIONS = (
    ("continue", "継続"),
    ("change", "変更"),
    ("to_operate", "運用へ移行"),
    ("postpone", "延期"),
    ("merge", "統合"),
    ("complete", "完了"),
    ("abolish", "廃止"),
)
OBSERVATION_STATES = (
    ("open", "検討中"),
    ("decided", "決定"),
    ("declined", "見送り"),
    ("done", "実行済み"),
)


class Review(Record):
    """What is said of one initiative and fiscal year in one round. One per item of a round that asks ``plan_review``.

    ``initiative`` is its id in the edition that is reviewed: a row that is taken out of the edition leaves its reviews. What the
    ``decided_…`` columns hold is the body's word; the public reads nothing else. ``writers`` are the persons (ids) who wrote any of it.
    """

    side = Side.DESK

    item = fields.Link(Item, label="照会の項目", classification=INTERNAL, related_name="+")
    initiative = fields.reference(label="取組", classification=INTERNAL)
    edition = fields.Link(Edition, label="版", classification=INTERNAL, related_name="reviews")
    year = fields.fiscal_year(label="対象年度", classification=INTERNAL)
    phase = fields.choice(PHASES, label="時期", classification=INTERNAL)
    result = fields.prose(label="取組の結果", classification=INTERNAL, max_length=4000)
    progress = fields.text(label="進捗状況", classification=INTERNAL, max_length=60, required=False)
    meaning = fields.choice(PROGRESS_MEANINGS, label="進捗の意味", classification=INTERNAL, required=False)
    progress_reason = fields.prose(label="遅れ・変更の理由", classification=INTERNAL, max_length=2000)
    self_rating = fields.choice(SELF_RATINGS, label="自己評価", classification=INTERNAL, required=False)
    next_action = fields.choice(NEXT_ACTIONS, label="来年度の方針", classification=INTERNAL, required=False)
    next_reason = fields.prose(label="方針の理由", classification=INTERNAL, max_length=2000)
    merge_into = fields.text(label="統合先", classification=INTERNAL, max_length=40, required=False)
    written_at = fields.moment(label="書いた日時", classification=INTERNAL, required=False)
    written_by = fields.text(label="書いた人", classification=INTERNAL, required=False)
    writers = fields.document(label="書いた人すべて", classification=INTERNAL, default=list)
    decided_progress = fields.text(
        label="決定した進捗状況", classification=PUBLIC, max_length=60, required=False
    )
    decided_meaning = fields.choice(
        PROGRESS_MEANINGS, label="決定した進捗の意味", classification=PUBLIC, required=False
    )
    decided_action = fields.choice(NEXT_ACTIONS, label="決定した方針", classification=PUBLIC, required=False)
    decided_reason = fields.prose(label="決定の理由", classification=PUBLIC, max_length=2000)
    decided_by = fields.text(label="決定した会議", classification=PUBLIC, max_length=200, required=False)
    decided_at = fields.moment(label="決定の日時", classification=PUBLIC, required=False)

    class Meta:
        ordering = ("item",)
        constraints = (models.UniqueConstraint(fields=("municipality", "item"), name="review_once"),)
        indexes = (
            models.Index(fields=("municipality", "edition", "year"), name="review_edition"),
            models.Index(fields=("municipality", "initiative", "year"), name="review_initiative"),
        )

    def __str__(self) -> str:
        return f"{self.item.number} {self.item.label}".strip()


class ReviewActual(Record):
    """An indicator's value of the judged year as the office answers it, with what it rests on.

    The indicator is known by its place and name: a name that moved in the plan is found again, another one is told.
    """

    side = Side.DESK

    review = fields.Link(Review, label="実績の報告", classification=INTERNAL, related_name="actuals")
    position = fields.integer(label="指標の順", classification=INTERNAL)
    name = fields.prose(label="指標名", classification=INTERNAL, max_length=500)
    raw = fields.prose(label="実績値", classification=INTERNAL, max_length=2000)
    status = fields.choice(VALUE_STATUSES, label="確度", classification=INTERNAL, required=False)
    as_of = fields.date(label="時点", classification=INTERNAL, required=False)
    numerator = fields.decimal(label="分子", classification=INTERNAL, required=False)
    denominator = fields.decimal(label="分母", classification=INTERNAL, required=False)
    evidence = fields.prose(label="根拠", classification=INTERNAL, max_length=2000)
    next_target = fields.prose(label="翌年度の目標", classification=INTERNAL, max_length=2000)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "review", "position"), name="review_actual"),
        )

    def __str__(self) -> str:
        return self.raw


class Evidence(Record):
    """A file that shows where a review's figures come from."""

    side = Side.DESK

    review = fields.Link(Review, label="実績の報告", classification=INTERNAL, related_name="evidence")
    position = fields.integer(label="順", classification=INTERNAL)
    file = fields.Link(StoredFile, label="資料", classification=INTERNAL)
    about = fields.text(label="説明", classification=INTERNAL, max_length=300, required=False)
    added_at = fields.moment(label="加えた日時", classification=INTERNAL)
    added_by = fields.text(label="加えた人", classification=INTERNAL)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "review", "position"), name="evidence_position"),
        )

    def __str__(self) -> str:
        return self.file.name


class Answered(Record):
    """A question that a rule asked of a review, answered with 「このままでよい」 and why; never changed.

    ``mark`` names the facts that were asked about: other figures ask again.
    """

    side = Side.DESK

    review = fields.Link(Review, label="実績の報告", classification=INTERNAL, related_name="answers")
    code = fields.text(label="問いの種類", classification=INTERNAL, max_length=40)
    about = fields.text(label="項目", classification=INTERNAL, max_length=120)
    mark = fields.text(label="印", classification=INTERNAL, max_length=16)
    question = fields.prose(label="問い", classification=INTERNAL, max_length=2000)
    reason = fields.prose(label="このままでよい理由", classification=INTERNAL, max_length=1000)
    answered_at = fields.moment(label="答えた日時", classification=INTERNAL)
    answered_by = fields.text(label="答えた人", classification=INTERNAL)

    class Meta:
        ordering = ("answered_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "review", "code", "about", "mark"), name="review_answered_once"
            ),
        )

    def __str__(self) -> str:
        return self.reason[:60]


class Observation(Record):
    """One turn of 観察 → 情勢判断 → 意思決定 → 行動 (OODA) on an initiative or the whole edition, between the yearly reviews.

    ``path`` and ``value``: the target or stage that the decision revises, and what it says from then on. ``writers`` are the persons
    (ids) who wrote any of it: they do not record by themselves what was decided.
    """

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=INTERNAL, related_name="observations")
    initiative = fields.Link(
        Initiative, label="取組", classification=INTERNAL, related_name="observations", null=True
    )
    observed_on = fields.date(label="観察した日", classification=INTERNAL)
    situation = fields.prose(label="観察したこと", classification=INTERNAL, max_length=2000, required=True)
    orientation = fields.prose(label="情勢判断", classification=INTERNAL, max_length=2000)
    proposal = fields.prose(label="決めたいこと", classification=INTERNAL, max_length=2000)
    path = fields.text(label="改める項目", classification=INTERNAL, max_length=120, required=False)
    value = fields.prose(label="改めた後の内容", classification=INTERNAL, max_length=2000)
    state = fields.choice(OBSERVATION_STATES, label="状態", classification=INTERNAL)
    decision = fields.prose(label="決定の内容", classification=INTERNAL, max_length=2000)
    decided_by = fields.text(label="決めた会議・職", classification=INTERNAL, max_length=200, required=False)
    decided_on = fields.date(label="決めた日", classification=INTERNAL, required=False)
    action_taken = fields.prose(label="行動したこと", classification=INTERNAL, max_length=2000)
    acted_on = fields.date(label="行動した日", classification=INTERNAL, required=False)
    written_at = fields.moment(label="書いた日時", classification=INTERNAL)
    written_by = fields.text(label="書いた人", classification=INTERNAL)
    writers = fields.document(label="書いた人すべて", classification=INTERNAL, default=list)

    class Meta:
        ordering = ("-observed_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in OBSERVATION_STATES]), name="observation_state"
            ),
        )
        indexes = (models.Index(fields=("municipality", "edition", "observed_on"), name="observation_day"),)

    def __str__(self) -> str:
        return self.situation[:60]
