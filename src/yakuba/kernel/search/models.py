"""The rows of the index. What the databases match lies beside them (see :mod:`.engine`)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Record, Side


class SearchRow(Record):
    """One piece of one field of one object. Personal data never gets here.

    A long field has several pieces (``part``); its whole text stands on the first. What the public finds and what the desk finds
    stand in two tables, each on its own side: a question from the portal cannot reach a row of the desk.
    """

    subject_kind = fields.text(label="対象の種類", classification=PUBLIC, max_length=60)
    subject_id = fields.reference(label="対象", classification=PUBLIC)
    field = fields.text(label="項目", classification=PUBLIC, max_length=120)
    part = fields.integer(label="部分", classification=PUBLIC, minimum=0)
    is_title = fields.yes_no(label="名称か", classification=PUBLIC)
    sort = fields.text(label="並び", classification=PUBLIC, max_length=300, required=False)
    text = fields.prose(label="本文", classification=PUBLIC, max_length=1_000_000, searchable=False)
    # SQLite alone: the row of the full-text table. PostgreSQL has a column of its own kind instead, which Django does not know.
    entry = fields.integer(label="索引の行", classification=INTERNAL, required=False)

    class Meta:
        abstract = True


class PublicRow(SearchRow):
    """What everybody finds: what was released to the portal."""

    side = Side.PORTAL

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject_id", "field", "part"),
                name="search_public_piece",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.field}"


class DeskRow(SearchRow):
    """What the staff of its municipality find."""

    side = Side.DESK

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "subject_kind", "subject_id", "field", "part"),
                name="search_desk_piece",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.field}"


Rows = type[SearchRow]
TABLES: dict[str, Rows] = {"public": PublicRow, "internal": DeskRow}
