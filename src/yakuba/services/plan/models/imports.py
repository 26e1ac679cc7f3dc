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


VERDICTS = (
    ("keep", "読み取りのとおり"),
    ("correct", "訂正"),
    ("aside", "読まなくてよい"),
    ("copy", "取組に写す"),
    ("omit", "取組として取り込まない"),
    ("make", "新しい取組にする"),
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


class StagedDecision(Record):
    """What somebody decided about a reading before it goes into a draft: about a row, a field of it, or an unplaced piece.

    The reading itself never changes: it is read together with its decisions in their order (:mod:`..staging`), and a decision
    that is taken back is left out. ``number`` counts within the import; what was decided at once shares its ``batch``.
    """

    side = Side.DESK

    job = fields.Link(Import, label="取り込み", classification=INTERNAL, related_name="decisions")
    number = fields.integer(label="順番", classification=INTERNAL)
    batch = fields.text(label="まとまり", classification=INTERNAL, max_length=40)
    document = fields.integer(label="文書の番号", classification=INTERNAL)
    row = fields.integer(label="取組の番号", classification=INTERNAL, required=False)
    piece = fields.integer(label="記載の番号", classification=INTERNAL, required=False)
    path = fields.text(label="項目", classification=INTERNAL, max_length=120, required=False)
    verdict = fields.choice(VERDICTS, label="決定", classification=INTERNAL)
    value = fields.prose(label="内容", classification=INTERNAL)
    decided_at = fields.moment(label="決めた日時", classification=INTERNAL)
    decided_by = fields.text(label="決めた人", classification=INTERNAL)
    actor = fields.text(label="決めた人の番号", classification=INTERNAL, max_length=80)
    undone_at = fields.moment(label="取り消した日時", classification=INTERNAL, required=False)
    undone_by = fields.text(label="取り消した人", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "job", "number"), name="staged_number"),
            models.CheckConstraint(
                condition=Q(verdict__in=[code for code, _ in VERDICTS]), name="staged_verdict"
            ),
            models.CheckConstraint(
                condition=Q(row__isnull=False) | Q(piece__isnull=False), name="staged_about_something"
            ),
        )

    def __str__(self) -> str:
        return (
            f"{self.document}.{self.row}.{self.path}"
            if self.piece is None
            else f"{self.document}.{self.piece}"
        )
