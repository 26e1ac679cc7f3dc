"""The register of protected persons and the holds it raised. Both are the desk's alone.

Source: 住民基本台帳法11条・12条・20条, 住民基本台帳事務処理要領 第5の10 (支援措置): one year, renewed on request.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.records import Record, Side

STATES = (
    ("standing", "止めている"),
    ("released", "解除した"),
)


class Protected(Record):
    """One protected person. ``former_names`` and ``former_addresses`` have one entry a line; the last day is included."""

    side = Side.DESK

    name = fields.text(label="氏名", classification=PERSONAL)
    kana = fields.kana(label="カナ", classification=PERSONAL, required=False)
    birth = fields.date(label="生年月日", classification=PERSONAL, required=False)
    address = fields.text(label="住所", classification=PERSONAL, max_length=300, required=False)
    former_names = fields.prose(
        label="前の氏名", classification=PERSONAL, max_length=1000, searchable=False, help="1行に1つ"
    )
    former_addresses = fields.prose(
        label="前の住所", classification=PERSONAL, max_length=2000, searchable=False, help="1行に1つ"
    )
    valid_from = fields.date(label="開始日", classification=PERSONAL)
    valid_to = fields.date(label="終了日", classification=PERSONAL, required=False, help="その日までを含む")
    note = fields.prose(label="備考", classification=PERSONAL, max_length=2000, searchable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="protected_dates"
            ),
        )
        indexes = (models.Index(fields=("municipality", "valid_from"), name="protected_from"),)

    def __str__(self) -> str:
        return str(self.pk)  # never the name: labels stand in the trail


class Hold(Record):
    """A thing whose automatic output stops, because one of its persons matches a protected one.

    ``matched`` is a keyed digest of what matched. A released hold stays released for the same data; other data raises another one.
    """

    side = Side.DESK

    subject_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=60)
    subject_id = fields.reference(label="対象のID")
    protected = fields.Link(Protected, label="支援措置", classification=PERSONAL, related_name="holds")
    reasons = fields.text(label="一致した項目", classification=INTERNAL)
    matched = fields.digest(label="一致した内容の要約値")
    state = fields.choice(STATES, label="状態", classification=INTERNAL)
    raised_at = fields.moment(label="止めた日時", classification=INTERNAL)
    released_at = fields.moment(label="解除した日時", classification=INTERNAL, required=False)
    released_by = fields.text(label="解除した人", classification=INTERNAL, required=False)
    release_note = fields.prose(
        label="解除の理由", classification=INTERNAL, max_length=1000, searchable=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject_id", "protected", "matched"),
                name="hold_once",
            ),
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject_id", "protected"),
                condition=Q(state="standing"),
                name="hold_standing_once",
            ),
            models.CheckConstraint(
                condition=Q(state="standing", released_at__isnull=True)
                | Q(state="released", released_at__isnull=False),
                name="hold_state",
            ),
        )
        indexes = (models.Index(fields=("municipality", "state", "raised_at"), name="hold_list"),)

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"
