"""A facility to which people flee, how it was opened, and who has its keys."""

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
    states=(("active", "使用できる"), ("suspended", "使用できない（工事・被災など）"), ("closed", "廃止")),
    first="active",
    steps=(
        Step("suspend", "使用を止める", "active", "suspended", frozenset({"reason"})),
        Step("resume", "使用を再開する", "suspended", "active"),
        Step("close", "施設の廃止", "active", "closed", frozenset({"reason"})),
        Step("close", "施設の廃止", "suspended", "closed", frozenset({"reason"})),
    ),
    ended=frozenset({"closed"}),
)
ROLES = (
    ("site", "指定緊急避難場所"), ("shelter", "指定避難所"), ("both", "兼用（両方の指定）"), ("none", "指定なし"),
)  # fmt: skip
PETS = (("yes", "受け入れる"), ("outside", "屋外・別室で受け入れる"), ("no", "受け入れない"))
POWER = (
    ("none", "なし"),
    ("portable", "可搬式発電機"),
    ("fixed", "非常用発電設備"),
    ("solar", "太陽光と蓄電池"),
)
OPENINGS = (("preparing", "開設準備中"), ("open", "開設中"), ("closed", "閉鎖"))
CROWDING = (("free", "空いている"), ("some", "やや混んでいる"), ("crowded", "混んでいる"), ("full", "満員"))


class Facility(Entry, Placed):
    """A facility with its two designations, each with the day and the public notice on which it rests."""

    side = Side.DESK

    name = fields.text(label="名称", classification=PUBLIC, searchable=True)
    kana = fields.kana(label="名称（カナ）", classification=PUBLIC, required=False)
    address = fields.text(label="所在地", classification=PUBLIC, searchable=True)
    town_id = fields.text(label="町字ID", classification=PUBLIC, max_length=7, required=False)
    place = shape(label="位置", classification=PUBLIC)
    role = fields.choice(ROLES, label="区分", classification=PUBLIC)
    # 災害対策基本法49条の4: for each kind of phenomenon apart
    site_on = fields.date(label="緊急避難場所の指定日", classification=PUBLIC, required=False)
    site_notice = fields.text(label="緊急避難場所の告示番号", classification=PUBLIC, required=False)
    site_off = fields.date(label="緊急避難場所の指定取消日", classification=PUBLIC, required=False)
    flood = fields.yes_no(label="洪水", classification=PUBLIC, filterable=True)
    landslide = fields.yes_no(label="崖崩れ、土石流及び地滑り", classification=PUBLIC, filterable=True)
    storm_surge = fields.yes_no(label="高潮", classification=PUBLIC, filterable=True)
    earthquake = fields.yes_no(label="地震", classification=PUBLIC, filterable=True)
    tsunami = fields.yes_no(label="津波", classification=PUBLIC, filterable=True)
    fire = fields.yes_no(label="大規模な火事", classification=PUBLIC, filterable=True)
    inland_flood = fields.yes_no(label="内水氾濫", classification=PUBLIC, filterable=True)
    volcano = fields.yes_no(label="火山現象", classification=PUBLIC, filterable=True)
    site_capacity = fields.integer(
        label="緊急避難場所の想定収容人数", classification=PUBLIC, required=False, minimum=1, unit="人"
    )
    # 49条の7
    shelter_on = fields.date(label="避難所の指定日", classification=PUBLIC, required=False)
    shelter_notice = fields.text(label="避難所の告示番号", classification=PUBLIC, required=False)
    shelter_off = fields.date(label="避難所の指定取消日", classification=PUBLIC, required=False)
    welfare = fields.yes_no(label="福祉避難所", classification=PUBLIC, filterable=True)
    welfare_for = fields.text(label="福祉避難所の受入対象者", classification=PUBLIC, required=False)
    shelter_capacity = fields.integer(
        label="避難所の想定収容人数", classification=PUBLIC, required=False, minimum=1, unit="人"
    )
    barrier_free = fields.yes_no(label="バリアフリー", classification=PUBLIC, filterable=True)
    pets = fields.choice(PETS, label="ペット", classification=PUBLIC, required=False)
    power = fields.choice(POWER, label="非常用電源", classification=PUBLIC, required=False)
    manager = fields.text(label="施設の管理者", classification=INTERNAL, required=False)
    agreed_on = fields.date(label="管理者の同意日", classification=INTERNAL, required=False)
    # 災害対策基本法49条の4第3項: since when the governor knows of the designation.
    told_on = fields.date(label="指定を知事に通知した日", classification=INTERNAL, required=False)
    stock = fields.prose(label="備蓄", classification=INTERNAL)
    stock_until = fields.date(label="備蓄の更新期限", classification=INTERNAL, required=False)
    keys_on = fields.date(label="鍵の管理者を確かめた日", classification=INTERNAL, required=False)
    # What the newest line of the opening says.
    opening = fields.choice(OPENINGS, label="開設状況", classification=PUBLIC, required=False)
    crowding = fields.choice(CROWDING, label="混雑", classification=PUBLIC, required=False)
    told_at = fields.moment(label="開設状況の時点", classification=PUBLIC, required=False)

    class Meta(Entry.Meta):
        constraints = (
            *Entry.Meta.constraints,
            *Placed.Meta.constraints,
            STATES.check("shelters_facility_state"),
        )
        indexes = (
            *Entry.Meta.indexes,
            models.Index(fields=("municipality", "cell"), name="shelters_facility_cell"),
            models.Index(fields=("municipality", "rank", "cell"), name="shelters_facility_rank"),
        )


class Opening(Line):
    """How things stood in a facility at a moment of a disaster."""

    side = Side.DESK

    entry = fields.Link(
        Facility, label="施設", classification=INTERNAL, related_name="openings", db_index=False
    )
    at = fields.moment(label="時点", classification=INTERNAL)
    incident = fields.text(label="災害", classification=INTERNAL)
    opening = fields.choice(OPENINGS, label="開設状況", classification=INTERNAL)
    crowding = fields.choice(CROWDING, label="混雑", classification=INTERNAL, required=False)
    people = fields.integer(label="避難者数", classification=INTERNAL, required=False, minimum=0, unit="人")

    class Meta:
        indexes = (models.Index(fields=("municipality", "entry", "at"), name="shelters_opening_of"),)


class KeyHolder(Line):
    """Somebody who can open the door, in the order in which they are called."""

    side = Side.DESK

    entry = fields.Link(
        Facility, label="施設", classification=INTERNAL, related_name="key_holders", db_index=False
    )
    turn = fields.integer(label="連絡の順", classification=INTERNAL, minimum=1, maximum=99)
    name = fields.text(label="氏名", classification=PERSONAL)
    phone = fields.text(label="電話", classification=PERSONAL, max_length=40, required=False)
    duty = fields.text(label="役割", classification=INTERNAL, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "entry", "turn"), name="shelters_key_holder_of"),)
