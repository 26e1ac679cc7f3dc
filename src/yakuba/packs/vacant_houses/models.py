"""A vacant house, who it belongs to, what was seen of it and what was asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.places.columns import shape
from yakuba.engines.places.records import Placed
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL, PUBLIC
from yakuba.kernel.town.records import Side
from yakuba.packs.vacant_houses.chains import DANGEROUS, NEGLECTED, STATES
from yakuba.packs.vacant_houses.rules import LABELS

ROUTES = (
    ("survey", "実態調査"),
    ("report", "市民の通報"),
    ("council", "自治会"),
    ("owner", "所有者の相談"),
    ("other", "その他"),
)
STRUCTURES = (("wood", "木造"), ("steel", "鉄骨造"), ("concrete", "鉄筋コンクリート造"), ("other", "その他"))
CONDITIONS = (
    ("A", "A 管理良好"),
    ("B", "B 軽い損傷"),
    ("C", "C 損傷・管理不全のおそれ"),
    ("D", "D 著しい損傷・危険"),
)
BANK = (("no", "掲載なし"), ("listed", "掲載中"), ("closed", "掲載終了"))
DEALS = (("sale", "売買"), ("rent", "賃貸"), ("either", "売買・賃貸"))
ENDINGS = (("owner", "所有者"), ("subsidy", "所有者（補助金）"), ("execution", "代執行"))
VISITS = (("outside", "外観"), ("entry", "立入（9条2項）"))
ROLES = (
    ("owner", "所有者"),
    ("co_owner", "共有者"),
    ("heir", "相続人"),
    ("manager", "管理者"),
    ("contact", "連絡先"),
)
SOURCES = (
    ("registry", "登記"), ("self", "本人の申出"), ("tax", "固定資産税の情報（10条1項）"),
    ("residents", "住民票・戸籍（10条3項）"), ("utility", "電気・ガス等（10条3項）"), ("neighbour", "近隣の聞き取り"),
)  # fmt: skip
#: Information that was kept for another purpose and may be used for this law alone.
UNDER_ARTICLE_10 = frozenset({"tax", "residents", "utility"})


class House(Entry, Placed):
    """A vacant house with its ground (空家等, 2条1項)."""

    side = Side.DESK

    address = fields.text(label="所在地", classification=INTERNAL, searchable=True)
    parcel = fields.text(label="地番", classification=INTERNAL, required=False, searchable=True)
    town = fields.text(label="町字", classification=INTERNAL, filterable=True)
    place = shape(label="位置", classification=INTERNAL)
    found_on = fields.date(label="把握日", classification=INTERNAL)
    route = fields.choice(ROUTES, label="把握の経路", classification=INTERNAL)

    structure = fields.choice(STRUCTURES, label="構造", classification=INTERNAL, required=False)
    floors = fields.integer(
        label="階数", classification=INTERNAL, required=False, minimum=1, maximum=60, unit="階"
    )
    built = fields.text(label="築年", classification=INTERNAL, max_length=40, required=False)

    condition = fields.choice(CONDITIONS, label="状態判定", classification=INTERNAL, required=False)
    surveyed_on = fields.date(label="最後の調査日", classification=INTERNAL, required=False)
    term = fields.date(label="次の期限", classification=INTERNAL, required=False)
    neglected = fields.text(label="管理不全空家等", classification=INTERNAL, max_length=40, filterable=True)
    dangerous = fields.text(label="特定空家等", classification=INTERNAL, max_length=40, filterable=True)

    ended_on = fields.date(label="除却・活用の日", classification=INTERNAL, required=False)
    demolished_by = fields.choice(ENDINGS, label="除却した者", classification=INTERNAL, required=False)
    used_as = fields.text(label="活用の内容", classification=INTERNAL, required=False)

    bank = fields.choice(BANK, label="空家バンク", classification=INTERNAL)
    agreed_on = fields.date(label="掲載の同意日", classification=INTERNAL, required=False)
    bank_number = fields.text(label="バンク登録番号", classification=PUBLIC, max_length=40, required=False)
    bank_town = fields.text(label="物件の町字", classification=PUBLIC, required=False)
    bank_deal = fields.choice(DEALS, label="取引", classification=PUBLIC, required=False)
    bank_price = fields.integer(label="希望額", classification=PUBLIC, required=False, minimum=0, unit="円")
    bank_note = fields.prose(label="物件の紹介", classification=PUBLIC, max_length=2000)

    class Meta(Entry.Meta):
        constraints: ClassVar = (
            *Entry.Meta.constraints,
            *Placed.Meta.constraints,
            STATES.check("vacant_houses_house_state"),
            NEGLECTED.check("vacant_houses_house_neglected"),
            DANGEROUS.check("vacant_houses_house_dangerous"),
        )
        indexes: ClassVar = (
            *Entry.Meta.indexes,
            models.Index(fields=("municipality", "cell"), name="vacant_houses_house_cell"),
            models.Index(fields=("municipality", "rank", "cell"), name="vacant_houses_house_rank"),
        )


class Contact(Line):
    """Somebody to whom the house belongs or who looks after it, and from where that is known."""

    side = Side.DESK

    entry = fields.Link(
        House, label="空家等", classification=INTERNAL, related_name="contacts", db_index=False
    )
    role = fields.choice(ROLES, label="関係", classification=INTERNAL)
    name = fields.text(label="氏名・名称", classification=PERSONAL)
    kana = fields.kana(label="氏名（カナ）", classification=PERSONAL, required=False)
    address = fields.text(label="住所", classification=PERSONAL, required=False)
    phone = fields.text(label="電話", classification=PERSONAL, max_length=40, required=False)
    share = fields.text(label="持分", classification=PERSONAL, max_length=40, required=False)
    known_from = fields.choice(SOURCES, label="情報の出所", classification=INTERNAL)
    used_on = fields.date(label="10条による利用・照会の日", classification=INTERNAL, required=False)
    letters = fields.yes_no(label="文書の送付先", classification=INTERNAL)
    note = fields.text(label="備考", classification=PERSONAL, required=False)

    class Meta:
        indexes: ClassVar = (models.Index(fields=("municipality", "entry"), name="vacant_houses_contact_of"),)


class Survey(Line):
    """What somebody saw of the house on a day."""

    side = Side.DESK

    entry = fields.Link(
        House, label="空家等", classification=INTERNAL, related_name="surveys", db_index=False
    )
    day = fields.date(label="調査日", classification=INTERNAL)
    kind = fields.choice(VISITS, label="方法", classification=INTERNAL)
    told_on = fields.date(label="立入の通知日", classification=INTERNAL, required=False)
    untold = fields.yes_no(label="通知が困難", classification=INTERNAL)
    condition = fields.choice(CONDITIONS, label="状態判定", classification=INTERNAL)
    finding = fields.text(label="所見", classification=INTERNAL, max_length=400, required=False)

    class Meta:
        indexes: ClassVar = (
            models.Index(fields=("municipality", "entry", "day"), name="vacant_houses_survey_of"),
            models.Index(fields=("municipality", "day"), name="vacant_houses_survey_on"),
        )


class Measure(Line):
    """What the city asked for, ordered or did, with the document and its term."""

    side = Side.DESK

    entry = fields.Link(
        House, label="空家等", classification=INTERNAL, related_name="measures", db_index=False
    )
    kind = fields.choice(LABELS, label="措置", classification=INTERNAL)
    day = fields.date(label="措置の日・期日", classification=INTERNAL)
    document = fields.text(label="文書番号", classification=INTERNAL, max_length=80, required=False)
    told_on = fields.date(label="交付・通知の日", classification=INTERNAL, required=False)
    term = fields.date(label="期限", classification=INTERNAL, required=False)
    asked_on = fields.date(label="意見の聴取の請求日", classification=INTERNAL, required=False)
    demanded = fields.text(label="求める措置", classification=INTERNAL, max_length=400, required=False)
    settled_on = fields.date(label="履行を確かめた日", classification=INTERNAL, required=False)
    tax_told_on = fields.date(label="税務の担当へ知らせた日", classification=INTERNAL, required=False)

    class Meta:
        indexes: ClassVar = (
            models.Index(fields=("municipality", "entry", "day"), name="vacant_houses_measure_of"),
        )
