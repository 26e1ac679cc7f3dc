"""Rows of the index. What was published and what the desk works on stand in two tables, each on its own side."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Record, Side


class SearchRow(Record):
    """At most 2,000 characters of one field of one thing, with their bigrams.

    ``docid`` is the row's number in SQLite's full-text table; rows are replaced, never changed.
    """

    docid = fields.integer(label="索引番号", classification=INTERNAL)
    kind = fields.text(label="種類", classification=PUBLIC, max_length=40)
    subject = fields.reference(label="対象", classification=PUBLIC)
    field = fields.text(label="項目", classification=PUBLIC, max_length=60)
    title = fields.text(label="題名", classification=PUBLIC, max_length=300)
    is_title = fields.yes_no(label="題名の行", classification=PUBLIC)
    sort = fields.text(label="並び", classification=PUBLIC, max_length=200, required=False)
    text = fields.prose(label="本文", classification=PUBLIC)
    terms = fields.prose(label="索引語", classification=INTERNAL, searchable=False)

    class Meta:
        abstract = True


class PublicRow(SearchRow):
    """What everybody may find."""

    side = Side.PORTAL

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "docid"), name="search_public_docid"),)
        indexes = (models.Index(fields=("municipality", "kind", "subject"), name="search_public_subject"),)

    def __str__(self) -> str:
        return self.title


class DeskRow(SearchRow):
    """What the desk works on."""

    side = Side.DESK

    class Meta:
        constraints = (models.UniqueConstraint(fields=("municipality", "docid"), name="search_desk_docid"),)
        indexes = (models.Index(fields=("municipality", "kind", "subject"), name="search_desk_subject"),)

    def __str__(self) -> str:
        return self.title


TABLES: dict[str, type[PublicRow | DeskRow]] = {"public": PublicRow, "internal": DeskRow}
