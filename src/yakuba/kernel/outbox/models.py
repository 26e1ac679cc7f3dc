"""The tables of the outbox. Each side of the three layers has its own; a row leaves from the ``zone`` it carries."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.records import Record, Side

KINDS = (
    ("effect", "庁内の処理"),
    ("work", "庁内の長い処理"),
    ("handover", "外部への引渡し"),
    ("schedule", "定期処理"),
)
STATES = (
    ("queued", "待ち"),
    ("leased", "処理中"),
    ("retry", "再試行待ち"),
    ("done", "完了"),
    ("dead", "失敗"),
    ("unconfirmed", "未確認"),
    ("cancelled", "取消し"),
)
ZONES = (
    ("portal", "公開側"),
    ("desk", "庁内側"),
)
WAITING = ("queued", "retry")
_STATES = tuple(code for code, _label in STATES)


class OutboxMessage(Record):
    """One piece of work for one handler.

    ``municipality`` is empty for work of the whole installation. ``begun_at`` is set, and committed, right before something runs
    outside a transaction: a lease that runs out before it is simply taken again; after it nobody knows what became of a hand-over. A
    smaller ``priority`` goes first.
    """

    side = Side.BOTH

    municipality = fields.Link(  # type: ignore[assignment]  # wider than Record's: the installation's own work has none
        Municipality, label="自治体", classification=INTERNAL, null=True, db_index=False
    )
    kind = fields.choice(KINDS, label="種類", classification=INTERNAL)
    topic = fields.text(label="話題", classification=INTERNAL, max_length=100)
    handler = fields.text(label="処理", classification=INTERNAL, max_length=100)
    subject_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=60, required=False)
    subject_id = fields.reference(label="対象のID", required=False)
    payload = fields.document(label="内容", classification=PERSONAL)
    payload_version = fields.integer(label="内容の版", classification=INTERNAL, default=1)
    idempotency_key = fields.text(label="重複防止キー", classification=INTERNAL, max_length=300)
    zone = fields.choice(ZONES, label="出る側", classification=INTERNAL)
    not_before = fields.moment(label="開始できる日時", classification=INTERNAL)
    priority = fields.integer(label="優先順位", classification=INTERNAL, default=50)
    attempts = fields.integer(label="試行回数", classification=INTERNAL, default=0)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    lease_token = fields.reference(label="借用札", required=False)
    lease_until = fields.moment(label="借用期限", classification=INTERNAL, required=False)
    begun_at = fields.moment(label="引渡し開始", classification=INTERNAL, required=False)
    last_error = fields.prose(label="最後の誤り", classification=PERSONAL, searchable=False)
    created_at = fields.moment(label="作成", classification=INTERNAL)
    done_at = fields.moment(label="完了日時", classification=INTERNAL, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "idempotency_key"), name="outbox_key"),
            # NULLs are distinct in a unique constraint, so the installation's own work has one more.
            models.UniqueConstraint(
                fields=("idempotency_key",), condition=Q(municipality__isnull=True), name="outbox_key_whole"
            ),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="outbox_state"),
            models.CheckConstraint(
                condition=~Q(state="leased") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="outbox_lease",
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "state", "id"), name="outbox_list"),
            # The worker takes the work of all municipalities in one go; only what waits is in this index.
            models.Index(
                fields=("priority", "not_before", "id"), condition=Q(state__in=WAITING), name="outbox_waiting"
            ),
            models.Index(fields=("lease_until",), condition=Q(state="leased"), name="outbox_leased"),
            models.Index(
                fields=("lease_token",), condition=Q(lease_token__isnull=False), name="outbox_token"
            ),
        )

    def __str__(self) -> str:
        return f"{self.handler} {self.topic}"


class ScheduleRun(Record):
    """One due run of a schedule: the row that keeps it from being made twice."""

    side = Side.BOTH

    municipality = fields.Link(  # type: ignore[assignment]  # wider than Record's: the installation's own work has none
        Municipality, label="自治体", classification=INTERNAL, null=True, db_index=False
    )
    rule = fields.text(label="定期処理", classification=INTERNAL, max_length=100)
    period = fields.text(label="期間", classification=INTERNAL, max_length=20)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "rule", "period"), name="schedule_run_once"),
            models.UniqueConstraint(
                fields=("rule", "period"),
                condition=Q(municipality__isnull=True),
                name="schedule_run_once_whole",
            ),
        )
        indexes = (models.Index(fields=("at",), name="schedule_run_at"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.period}"


class Replay(Record):
    """What an action with an idempotency key returned first, so that a repeat returns it again."""

    side = Side.BOTH

    actor = fields.text(label="行為者ID", classification=INTERNAL)
    action = fields.text(label="操作", classification=INTERNAL, max_length=100)
    key = fields.text(label="重複防止キー", classification=INTERNAL, max_length=80)
    fingerprint = fields.digest(label="内容の要約値")
    result = fields.document(label="結果", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "actor", "action", "key"), name="replay_key"),
        )
        indexes = (models.Index(fields=("at",), name="replay_at"),)

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
