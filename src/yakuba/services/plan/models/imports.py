"""Documents on their way in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.records import Record, Side
from yakuba.services.plan.models.plan import Edition

IMPORT_STATES = (
    ("queued", "順番待ち"),
    ("reading", "読み取り中"),
    ("ready", "確認待ち"),
    ("refused", "読めませんでした"),
    ("committed", "反映済み"),
    ("discarded", "取りやめ"),
)


class Import(Record):
    """A document on its way in: read, shown to a person, then taken into a draft or discarded."""

    side = Side.DESK

    file_name = fields.text(label="ファイル名", classification=INTERNAL, max_length=255)
    upload = fields.text(label="一時ファイル", classification=INTERNAL, max_length=80, required=False)
    file = fields.Link(StoredFile, label="元の文書", classification=INTERNAL, null=True)
    state = fields.choice(IMPORT_STATES, label="状態", classification=INTERNAL)
    message = fields.prose(label="お知らせ", classification=INTERNAL)
    reading = fields.document(label="読み取り結果", classification=INTERNAL)
    edition = fields.Link(Edition, label="反映した版", classification=INTERNAL, null=True)
    created_at = fields.moment(label="受け取り", classification=INTERNAL)
    created_by = fields.text(label="取り込んだ人", classification=INTERNAL)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in IMPORT_STATES]), name="import_state"
            ),
        )
        indexes = (models.Index(fields=("municipality", "created_at"), name="import_created"),)

    def __str__(self) -> str:
        return self.file_name
