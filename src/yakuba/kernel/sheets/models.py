"""Staging: rows of a long import wait here until they are committed at once."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.records import Record, Side

STATES = (("staging", "準備中"), ("ready", "確認待ち"), ("done", "取り込み済み"))


class StagingBatch(Record):
    """One import. ``kind`` names what is imported; only its own actor finds it again."""

    side = Side.DESK

    kind = fields.text(label="種類", classification=INTERNAL, max_length=60)
    name = fields.text(label="ファイル名", classification=INTERNAL, max_length=255, required=False)
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    count = fields.integer(label="行数", classification=INTERNAL, default=0)
    created_by = fields.text(label="担当", classification=INTERNAL)
    created_at = fields.moment(label="開始", classification=INTERNAL)

    class Meta:
        indexes = (models.Index(fields=("municipality", "created_at"), name="staging_created"),)

    def __str__(self) -> str:
        return self.name or self.kind


class StagingRow(Record):
    """One row of an import, as JSON of its kind's own making."""

    side = Side.DESK

    batch = fields.Link(StagingBatch, label="取り込み", classification=INTERNAL, related_name="rows")
    number = fields.integer(label="行", classification=INTERNAL)
    data = fields.document(label="内容", classification=PERSONAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "batch", "number"), name="staging_row_number"),
        )

    def __str__(self) -> str:
        return str(self.number)
