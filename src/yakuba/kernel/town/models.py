"""Municipalities, offices, people, posts and assignments, all valid by date."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from yakuba.kernel import fields
from yakuba.kernel.actions import MunicipalityRef, ScopedManager
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC
from yakuba.kernel.town.records import Record, Side

# 執行機関 and what acts like one: it decides deciding authority, notice of remedies, document number and seal.
# 地方自治法138条の4・180条の5, 地方公営企業法7条.
AUTHORITIES = (
    ("mayor", "市区町村長"),
    ("education", "教育委員会"),
    ("election", "選挙管理委員会"),
    ("equity", "公平委員会"),
    ("audit", "監査委員"),
    ("agriculture", "農業委員会"),
    ("property", "固定資産評価審査委員会"),
    ("enterprise", "公営企業管理者"),
    ("assembly", "議会"),
)
SUCCESSIONS = (
    ("merged", "統合"),
    ("split", "分割"),
    ("spun_off", "独立"),
    ("abolished", "廃止"),
)
ASSIGNMENT_KINDS = (
    ("main", "本務"),
    ("concurrent", "兼務"),
    ("cross_agency", "併任"),
    ("acting_head", "事務取扱"),
    ("deputy", "職務代理"),
)


class Municipality(models.Model):
    """One municipality of this installation (市区町村). A shared vocabulary: it carries no municipality but itself."""

    side: ClassVar[Side] = Side.BOTH

    id = fields.identifier(primary_key=True)
    code = fields.text(label="全国地方公共団体コード", classification=PUBLIC, max_length=6, unique=True)
    name = fields.text(label="名称", classification=PUBLIC, searchable=True)
    kana = fields.kana(label="カナ", classification=PUBLIC, required=False)
    prefecture = fields.text(label="都道府県", classification=PUBLIC, max_length=10, required=False)
    accent = fields.text(label="差し色", classification=PUBLIC, max_length=20, required=False)
    version = fields.integer(label="版", classification=INTERNAL, default=1)

    unscoped: ClassVar[models.Manager[Self]] = models.Manager()
    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> MunicipalityRef:
        """As contexts and pages name it."""
        return MunicipalityRef(self.pk, self.code, self.name, self.accent)


class Office(Record):
    """One continuing unit (所属). What it is called and where it stands changes by date in :class:`OfficeName`."""

    side = Side.DESK

    authority = fields.choice(AUTHORITIES, label="機関", classification=PUBLIC)

    class Meta:
        indexes = (models.Index(fields=("municipality", "id"), name="office_municipality"),)

    def __str__(self) -> str:
        return str(self.id)


class OfficeName(Record):
    """How an office is named, coded and placed from one day to another (the last day is included)."""

    side = Side.DESK

    office = fields.Link(Office, label="所属", classification=PUBLIC, related_name="names")
    name = fields.text(label="名称", classification=PUBLIC, searchable=True)
    department = fields.text(label="部", classification=PUBLIC, required=False)
    code = fields.text(label="所属コード", classification=PUBLIC, max_length=20)
    valid_from = fields.date(label="開始日", classification=PUBLIC)
    valid_to = fields.date(label="終了日", classification=PUBLIC, required=False)

    class Meta:
        ordering = ("code", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "code", "valid_from"), name="office_name_code_from"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="office_name_dates",
            ),
        )

    def __str__(self) -> str:
        return self.name


class OfficeSuccession(Record):
    """What became of an office: merger, split, independence, abolition."""

    side = Side.DESK

    predecessor = fields.Link(Office, label="前の所属", classification=PUBLIC, related_name="successions")
    successor = fields.Link(
        Office, label="後の所属", classification=PUBLIC, null=True, related_name="origins"
    )
    kind = fields.choice(SUCCESSIONS, label="種類", classification=PUBLIC)
    on = fields.date(label="日付", classification=PUBLIC)

    class Meta:
        indexes = (models.Index(fields=("municipality", "on"), name="succession_on"),)

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class Person(Record):
    """A human who works for the municipality; an account is apart from it."""

    side = Side.DESK

    staff_number = fields.text(label="職員番号", classification=PERSONAL, max_length=20)
    name = fields.text(label="氏名", classification=PERSONAL)
    kana = fields.kana(label="カナ", classification=PERSONAL, required=False)

    class Meta:
        ordering = ("staff_number",)
        constraints = (
            models.UniqueConstraint(fields=("municipality", "staff_number"), name="person_staff_number"),
        )

    def __str__(self) -> str:
        return self.name


class Post(Record):
    """A post (職) of an office: roles hang on it, whoever holds it."""

    side = Side.DESK

    office = fields.Link(Office, label="所属", classification=INTERNAL, related_name="posts")
    title = fields.text(label="職", classification=INTERNAL, max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "office", "title"), name="post_title"),
        )

    def __str__(self) -> str:
        return self.title


class Assignment(Record):
    """A person holds a post from one day to another (the last day is included). Several at once are normal (兼務)."""

    side = Side.DESK

    person = fields.Link(Person, label="職員", classification=PERSONAL, related_name="assignments")
    post = fields.Link(Post, label="職", classification=INTERNAL, related_name="assignments")
    kind = fields.choice(ASSIGNMENT_KINDS, label="区分", classification=INTERNAL)
    valid_from = fields.date(label="発令日", classification=INTERNAL)
    valid_to = fields.date(label="終了日", classification=INTERNAL, required=False)

    class Meta:
        ordering = ("valid_from",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "person", "post", "valid_from"), name="assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="assignment_dates"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.post_id}"
