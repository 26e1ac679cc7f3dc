"""The plan book: a city's own templates and forms, and the books that were made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.engines.publishing.models import Publication
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.town.records import Record, Side
from yakuba.services.plan.models.plan import Edition

TEMPLATE_KINDS = (("book", "冊子のひな形"), ("form", "Excelの様式"))
BOOK_FORMATS = (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"))
BOOK_STATES = (("waiting", "作成中"), ("made", "作成済み"), ("failed", "作れなかった"), ("gone", "消去済み"))


class BookTemplate(Record):
    """A template of the city's own: which parts a book has (``content``), or an Excel form that is filled (``file``)."""

    side = Side.DESK

    name = fields.text(label="名前", classification=INTERNAL, max_length=60)
    kind = fields.choice(TEMPLATE_KINDS, label="種類", classification=INTERNAL)
    content = fields.document(label="内容", classification=INTERNAL)
    file = fields.Link(StoredFile, label="ファイル", classification=INTERNAL, null=True)
    chosen = fields.yes_no(label="公表する冊子に使う", classification=INTERNAL)
    added_at = fields.moment(label="登録日時", classification=INTERNAL)
    added_by = fields.text(label="登録した人", classification=INTERNAL)
    retired_at = fields.moment(label="使うのをやめた日時", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "name"), name="book_template_name"),
            models.CheckConstraint(
                condition=Q(kind__in=[code for code, _ in TEMPLATE_KINDS]), name="book_template_kind"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Book(Record):
    """A book that the worker makes, or made: of one edition, with one template, in one format.

    ``stamp`` is what it was made from (document, template, program): who asks for the same again is given the same file.
    ``release``: it goes to the public as soon as it is made.
    """

    side = Side.DESK

    edition = fields.Link(Edition, label="版", classification=INTERNAL, related_name="books")
    template = fields.text(label="ひな形", classification=INTERNAL, max_length=60)
    template_name = fields.text(label="ひな形の名前", classification=INTERNAL, max_length=60)
    format = fields.choice(BOOK_FORMATS, label="形式", classification=INTERNAL)
    large = fields.yes_no(label="大きな文字", classification=INTERNAL)
    draft = fields.yes_no(label="下書きから", classification=INTERNAL)
    release = fields.yes_no(label="公開する", classification=INTERNAL)
    stamp = fields.text(label="内容の印", classification=INTERNAL, max_length=64)
    publication = fields.Link(Publication, label="公表", classification=INTERNAL, related_name="+", null=True)
    state = fields.choice(BOOK_STATES, label="状態", classification=INTERNAL)
    message = fields.prose(label="お知らせ", classification=INTERNAL)
    file = fields.Link(StoredFile, label="ファイル", classification=INTERNAL, null=True)
    asked_at = fields.moment(label="頼んだ日時", classification=INTERNAL)
    asked_by = fields.text(label="頼んだ人", classification=INTERNAL)
    made_at = fields.moment(label="できた日時", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in BOOK_STATES]), name="book_state"
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "edition", "asked_at"), name="book_edition"),
            models.Index(fields=("municipality", "stamp"), name="book_stamp"),
        )

    def __str__(self) -> str:
        return f"{self.template_name} {dict(BOOK_FORMATS).get(self.format, self.format)}"


class PublishedBook(Record):
    """A book that the public may take: of one publication, in one format. A new publication has new books."""

    side = Side.PORTAL

    publication = fields.Link(Publication, label="公表", classification=PUBLIC, related_name="books")
    format = fields.choice(BOOK_FORMATS, label="形式", classification=PUBLIC)
    file = fields.Link(StoredFile, label="ファイル", classification=PUBLIC)
    released_at = fields.moment(label="公開した日時", classification=PUBLIC)

    class Meta:
        ordering = ("format",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "publication", "format"), name="published_book_once"
            ),
            models.CheckConstraint(
                condition=Q(format__in=[code for code, _ in BOOK_FORMATS]), name="published_book_format"
            ),
        )

    def __str__(self) -> str:
        return f"{self.publication_id} {self.format}"
