"""One delivery is one message to one address. Each side of the three layers sends its own (``zone``)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.records import Record, Side

STATES = (
    ("queued", "待ち"),
    ("sent", "送信済み"),
    ("failed", "送れなかった"),
    ("unconfirmed", "未確認"),
    ("unconfigured", "送信先の設定なし"),
    ("held", "支援措置で停止"),
    ("cancelled", "取りやめ"),
)
ZONES = (
    ("portal", "公開側"),
    ("desk", "庁内側"),
)
_STATES = tuple(code for code, _label in STATES)


class Delivery(Record):
    """A message and what became of it.

    ``message_id`` stays the same over all attempts. ``unconfirmed`` is written before the other side is spoken to and replaced by what
    it answered: a process that dies in between leaves it, and nothing sends such a row again by itself. ``ordered`` counts how often
    it was given to the outbox. ``error`` holds what the other side answered, which may name the address.
    """

    side = Side.BOTH

    zone = fields.choice(ZONES, label="出る側", classification=INTERNAL)
    channel = fields.text(label="手段", classification=INTERNAL, max_length=40)
    purpose = fields.text(label="用件", classification=INTERNAL, max_length=40)
    address = fields.text(label="宛先", classification=PERSONAL, max_length=320, required=False)
    subject_line = fields.text(label="件名", classification=PERSONAL, max_length=300, required=False)
    body = fields.prose(label="本文", classification=PERSONAL, searchable=False)
    language = fields.text(label="言語", classification=INTERNAL, max_length=20, required=False)
    about_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=60, required=False)
    about_id = fields.reference(label="対象のID", required=False)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    message_id = fields.text(label="メッセージID", classification=INTERNAL, max_length=320, required=False)
    attempts = fields.integer(label="試行回数", classification=INTERNAL, default=0)
    ordered = fields.integer(label="送信の依頼回数", classification=INTERNAL, default=0)
    error = fields.prose(label="相手の応答", classification=PERSONAL, searchable=False)
    created_at = fields.moment(label="作成日時", classification=INTERNAL)
    begun_at = fields.moment(label="最後の試行", classification=INTERNAL, required=False)
    sent_at = fields.moment(label="送信日時", classification=INTERNAL, required=False)
    erased_at = fields.moment(label="内容の消去", classification=INTERNAL, required=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=_STATES), name="delivery_state"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="delivery_sent_at"
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "created_at"), name="delivery_list"),
            models.Index(fields=("municipality", "state", "created_at"), name="delivery_states"),
            models.Index(fields=("municipality", "about_kind", "about_id"), name="delivery_about"),
            # The sweep looks for what still has its content.
            models.Index(
                fields=("municipality", "created_at"),
                condition=Q(erased_at__isnull=True),
                name="delivery_unerased",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"  # never the address: labels stand in the trail
