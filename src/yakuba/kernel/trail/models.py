"""The tables of the trail. Entries, blocks and seals only grow (triggers refuse the rest); payloads may be erased."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.records import Record, Side

KINDS = (
    ("done", "実行"),
    ("denied", "拒否"),
    ("read", "閲覧"),
    ("erased", "消去"),
)
ACTOR_KINDS = (
    ("public", "公開"),
    ("staff", "職員"),
    ("cli", "操作員"),
    ("system", "システム"),
)


class TrailEntry(Record):
    """One action done, denied, one page of personal data read, or one payload erased.

    ``digest`` is the HMAC-SHA-256 of payload and entry under the payload's salt; it stays when the payload is erased, and says
    nothing about it without the salt.
    """

    side = Side.DESK

    kind = fields.choice(KINDS, label="種類", classification=INTERNAL)
    at = fields.moment(label="日時", classification=INTERNAL)
    actor_kind = fields.choice(ACTOR_KINDS, label="行為者の種類", classification=INTERNAL)
    actor_id = fields.text(label="行為者ID", classification=INTERNAL)
    actor_label = fields.text(label="行為者", classification=PERSONAL)
    on_behalf_of = fields.text(label="代わりにした相手", classification=PERSONAL, required=False)
    acting_post = fields.text(label="職", classification=INTERNAL, required=False)
    action = fields.text(label="操作", classification=INTERNAL, max_length=100)
    subject_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=60, required=False)
    subject_id = fields.reference(label="対象のID", required=False)
    subject_label = fields.text(label="対象", classification=PERSONAL, required=False)
    reason = fields.prose(label="理由", classification=INTERNAL)
    request_id = fields.text(label="要求ID", classification=INTERNAL, max_length=60, required=False)
    digest = fields.digest(label="要約値")

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "id"), name="trail_entry_order"),
            models.Index(fields=("municipality", "at"), name="trail_entry_at"),
            models.Index(fields=("municipality", "subject_kind", "subject_id"), name="trail_entry_subject"),
            models.Index(fields=("municipality", "actor_id"), name="trail_entry_actor"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}".strip()


class TrailPayload(Record):
    """Before and after of an entry as canonical JSON, with its salt. Erased with the record's retention."""

    side = Side.DESK

    entry = fields.Link(TrailEntry, label="記録", classification=INTERNAL, db_index=False)
    text = fields.prose(label="内容", classification=PERSONAL, searchable=False)
    salt = fields.digest(label="塩")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "entry"), name="trail_payload_entry"),)

    def __str__(self) -> str:
        return str(self.entry_id)


class TrailBlock(Record):
    """A numbered block of sealed entries; ``hash`` takes in the block before it."""

    side = Side.DESK

    number = fields.integer(label="番号", classification=INTERNAL, minimum=1)
    previous_hash = fields.digest(label="前の要約値")
    hash = fields.digest(label="要約値")
    count = fields.integer(label="件数", classification=INTERNAL, minimum=1)
    sealed_at = fields.moment(label="封印した日時", classification=INTERNAL)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "number"), name="trail_block_number"),)

    def __str__(self) -> str:
        return str(self.number)


class TrailSeal(Record):
    """Which block an entry went into: a row of its own, so that sealing only inserts."""

    side = Side.DESK

    block = fields.Link(TrailBlock, label="ブロック", classification=INTERNAL, related_name="seals")
    entry = fields.Link(TrailEntry, label="記録", classification=INTERNAL, related_name="seals")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "entry"), name="trail_seal_entry"),)

    def __str__(self) -> str:
        return f"{self.block_id} {self.entry_id}"
