"""A site, the inquiries and notifications about it, and its excavations."""

from __future__ import annotations

from django.db import models

from yakuba.engines.ledger.declaration import Chain, Step
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.places.columns import shape
from yakuba.engines.places.records import Placed
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC
from yakuba.kernel.town.records import Side

STATES = Chain(
    column="state",
    label="状態",
    states=(("found", "確認中"), ("listed", "周知の包蔵地"), ("lost", "滅失"), ("dropped", "包蔵地ではない")),
    first="found",
    steps=(
        Step("list", "包蔵地台帳に載せる", "found", "listed", frozenset({"document"})),
        Step("drop", "包蔵地ではないとする", "found", "dropped", frozenset({"reason"})),
        Step("lose", "滅失とする", "listed", "lost", frozenset({"reason", "document"})),
    ),
    ended=frozenset({"lost", "dropped"}),
)
KINDS = (
    ("settlement", "集落跡"), ("tomb", "古墳"), ("shell", "貝塚"), ("castle", "城館跡"), ("kiln", "窯跡"), ("temple", "社寺跡"),
    ("scatter", "散布地"), ("other", "その他"),
)  # fmt: skip
DESIGNATIONS = (("national", "国指定"), ("prefecture", "県指定"), ("city", "市指定"))
ANSWERS = (("inside", "範囲内"), ("near", "隣接"), ("outside", "範囲外"))
ARTICLES = (
    ("a92", "92条（調査のための発掘）"),
    ("a93", "93条（土木工事等、民間など）"),
    ("a94", "94条（土木工事等、国の機関等）"),
    ("a96", "96条（遺跡の発見）"),
    ("a97", "97条（遺跡の発見、国の機関等）"),
)
INSTRUCTIONS = (("dig", "発掘調査"), ("watch", "工事立会"), ("careful", "慎重工事"), ("none", "その他"))
DIGS = (("full", "本発掘調査"), ("trial", "試掘・確認調査"), ("watch", "工事立会"))


class Remains(Entry, Placed):
    """A site. ``place`` is its true range and never public; ``public_place`` is what everybody may know of it."""

    side = Side.DESK

    name = fields.text(label="名称", classification=PUBLIC, searchable=True)
    kana = fields.kana(label="名称（カナ）", classification=PUBLIC, required=False)
    kind = fields.choice(KINDS, label="種別", classification=PUBLIC)
    period = fields.text(label="時代", classification=PUBLIC, required=False, searchable=True)
    designation = fields.choice(DESIGNATIONS, label="指定", classification=PUBLIC, required=False)
    location = fields.text(label="所在地", classification=INTERNAL, searchable=True)
    looting = fields.yes_no(label="盗掘のおそれ", classification=INTERNAL, filterable=True)
    public_place = shape(label="公開する範囲", classification=PUBLIC)
    remarks = fields.prose(label="備考", classification=INTERNAL)
    next_start = fields.date(label="指示のない工事の着手予定", classification=INTERNAL, required=False)

    class Meta(Entry.Meta):
        constraints = (
            *Entry.Meta.constraints,
            *Placed.Meta.constraints,
            STATES.check("buried_heritage_remains_state"),
        )
        indexes = (
            *Entry.Meta.indexes,
            models.Index(fields=("municipality", "cell"), name="buried_heritage_remains_cell"),
            models.Index(fields=("municipality", "rank", "cell"), name="buried_heritage_remains_rank"),
        )


class Inquiry(Line):
    """Somebody asked whether a site is where they want to build."""

    side = Side.DESK

    entry = fields.Link(
        Remains, label="包蔵地", classification=INTERNAL, related_name="inquiries", db_index=False
    )
    number = fields.text(label="照会番号", classification=INTERNAL, max_length=40)
    day = fields.date(label="照会日", classification=INTERNAL)
    inquirer = fields.text(label="照会者", classification=PERSONAL)
    phone = fields.text(label="電話", classification=PERSONAL, max_length=40, required=False)
    lot = fields.text(label="照会地の地番", classification=INTERNAL, required=False)
    answer = fields.choice(ANSWERS, label="回答", classification=INTERNAL, required=False)
    answered_on = fields.date(label="回答日", classification=INTERNAL, required=False)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "entry", "day"), name="heritage_inquiry_of"),
            models.Index(fields=("municipality", "day"), name="heritage_inquiry_on"),
        )


class Notice(Line):
    """A notification (届出・通知) on its way through the prefecture and back."""

    side = Side.DESK

    entry = fields.Link(
        Remains, label="包蔵地", classification=INTERNAL, related_name="notices", db_index=False
    )
    article = fields.choice(ARTICLES, label="根拠", classification=INTERNAL)
    filed_on = fields.date(label="届出・通知日", classification=INTERNAL)
    filer = fields.text(label="届出者", classification=PERSONAL)
    work = fields.text(label="工事の内容", classification=INTERNAL)
    starts_on = fields.date(label="着手予定日", classification=INTERNAL, required=False)
    forwarded_on = fields.date(label="県への送付日", classification=INTERNAL, required=False)
    instructed_on = fields.date(label="指示の日", classification=INTERNAL, required=False)
    instruction = fields.choice(INSTRUCTIONS, label="指示の内容", classification=INTERNAL, required=False)
    document = fields.text(label="指示の文書番号", classification=INTERNAL, required=False)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "entry", "filed_on"), name="heritage_notice_of"),
            models.Index(fields=("municipality", "filed_on"), name="heritage_notice_on"),
        )


class Dig(Line):
    """An excavation and the report that tells of it."""

    side = Side.DESK

    entry = fields.Link(Remains, label="包蔵地", classification=INTERNAL, related_name="digs", db_index=False)
    year = fields.fiscal_year(label="調査年度", classification=PUBLIC)
    kind = fields.choice(DIGS, label="調査の種類", classification=PUBLIC)
    area = fields.decimal(label="調査面積", classification=INTERNAL, required=False, unit="㎡")
    report_number = fields.text(label="報告書番号", classification=PUBLIC, required=False)
    reported_year = fields.fiscal_year(label="報告書の刊行年度", classification=PUBLIC, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "entry", "year"), name="heritage_dig_of"),)
