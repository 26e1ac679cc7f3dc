"""The rows of the index. What the databases match lies beside them (see :mod:`.engine`)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.town.records import Record, Side

VISIBILITIES = (("public", "公開"), ("internal", "庁内"))


class SearchRow(Record):
    """One piece of one field of one object, for one visibility. Personal data never gets here.

    ``public`` rows belong to the portal's zone and hold what was released to it; ``internal`` rows never leave the desk's. A
    long field has several pieces (``part``); its whole text stands on the first.
    """

    side = Side.BOTH

    subject_kind = fields.text(label="対象の種類", classification=INTERNAL, max_length=60)
    subject_id = fields.reference(label="対象", classification=INTERNAL)
    visibility = fields.choice(VISIBILITIES, label="公開の範囲", classification=INTERNAL)
    field = fields.text(label="項目", classification=INTERNAL, max_length=120)
    part = fields.integer(label="部分", classification=INTERNAL, minimum=0)
    is_title = fields.yes_no(label="名称か", classification=INTERNAL)
    sort = fields.text(label="並び", classification=INTERNAL, max_length=300, required=False)
    text = fields.prose(label="本文", classification=INTERNAL, max_length=1_000_000, searchable=False)
    # SQLite alone: the row of the full-text table. PostgreSQL has a column of its own kind instead, which Django does not know.
    entry = fields.integer(label="索引の行", classification=INTERNAL, required=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject_id", "visibility", "field", "part"),
                name="search_row_piece",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.field}"
