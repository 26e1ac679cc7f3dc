"""The frozen copies. Both tables only grow: triggers refuse UPDATE and DELETE."""

from __future__ import annotations

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Record, Side


class Publication(Record):
    """One publication of one thing. The newest number of a subject is what the public reads.

    ``withdrawn`` marks a tombstone: the subject was taken back, and its earlier numbers are shown to nobody but staff.
    ``stamp`` changes with every publication and serves as ETag.
    """

    side = Side.PORTAL

    kind = fields.text(label="種類", classification=PUBLIC, max_length=40)
    subject = fields.reference(label="対象", classification=PUBLIC)
    number = fields.integer(label="公表番号", classification=PUBLIC, minimum=1)
    year = fields.fiscal_year(label="年度", classification=PUBLIC)
    title = fields.text(label="題名", classification=PUBLIC, max_length=300)
    stamp = fields.digest(label="版の印")
    published_at = fields.moment(label="公表日時", classification=PUBLIC)
    published_by = fields.text(label="公表した人", classification=INTERNAL)
    note = fields.prose(label="正誤・変更の説明", classification=PUBLIC)
    withdrawn = fields.yes_no(label="取下げ", classification=PUBLIC)
    head = fields.document(label="全体の内容", classification=PUBLIC)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "kind", "subject", "number"), name="publication_number"
            ),
        )
        indexes = (models.Index(fields=("municipality", "kind", "year", "number"), name="publication_year"),)

    def __str__(self) -> str:
        return self.title


class PublishedPart(Record):
    """One part of a publication as it was: an initiative of an edition, say."""

    side = Side.PORTAL

    publication = fields.Link(Publication, label="公表", classification=PUBLIC, related_name="parts")
    position = fields.integer(label="順", classification=PUBLIC)
    kind = fields.text(label="種類", classification=PUBLIC, max_length=40)
    object = fields.reference(label="対象", classification=PUBLIC)
    title = fields.text(label="題名", classification=PUBLIC, max_length=300)
    body = fields.document(label="内容", classification=PUBLIC)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "publication", "object"), name="published_part_once"
            ),
        )

    def __str__(self) -> str:
        return self.title
