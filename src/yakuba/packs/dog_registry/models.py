"""A dog and its vaccinations."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from django.db import models

from yakuba.engines.ledger.declaration import Chain, Step
from yakuba.engines.ledger.records import Entry, Line
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.records import Side
from yakuba.packs.dog_registry.kinds import Birth, Chip, column

_REASON: Final[frozenset[Literal["reason", "document"]]] = frozenset({"reason"})
STATES = Chain(
    column="state",
    label="状態",
    states=(
        ("registered", "登録中"), ("missing", "所在不明"), ("moved_out", "転出"), ("dead", "死亡"), ("removed", "職権消除"),
    ),
    first="registered",
    steps=(
        Step("move_out", "転出した", "registered", "moved_out"),
        Step("return", "再び転入した", "moved_out", "registered"),
        Step("die", "死亡した", "registered", "dead"),
        Step("die", "死亡した", "missing", "dead"),
        Step("revive", "死亡の届出を取り消す", "dead", "registered", _REASON),
        Step("lose", "所在不明とする", "registered", "missing", _REASON),
        Step("find", "所在が分かった", "missing", "registered", _REASON),
        Step("remove", "職権で消除する", "missing", "removed", frozenset({"reason", "document"})),
    ),
    ended=frozenset({"moved_out", "dead", "removed"}),
)  # fmt: skip
KINDS = (("counter", "窓口"), ("special", "特例通知"))
SEXES = (("male", "オス"), ("female", "メス"), ("unknown", "不明"))


class Dog(Entry):
    """A dog in the original register (原簿, 狂犬病予防法4条2項)."""

    side = Side.DESK

    kind = fields.choice(KINDS, label="登録区分", classification=INTERNAL)
    registered_on = fields.date(label="登録日", classification=INTERNAL)
    tag = fields.text(
        label="鑑札番号", classification=INTERNAL, max_length=40, required=False, searchable=True
    )
    chip = column(Chip(), label="マイクロチップ番号", classification=INTERNAL)
    notified_on = fields.date(label="特例の通知日", classification=INTERNAL, required=False)
    former_town = fields.text(label="転入前の市区町村", classification=INTERNAL, required=False)
    former_tag = fields.text(label="転入前の鑑札番号", classification=INTERNAL, max_length=40, required=False)

    name = fields.text(label="犬の名", classification=INTERNAL, searchable=True)
    breed = fields.text(label="犬種", classification=INTERNAL, filterable=True)
    colour = fields.text(label="毛色", classification=INTERNAL)
    sex = fields.choice(SEXES, label="性別", classification=INTERNAL)
    born = column(Birth(), label="生年月日", classification=INTERNAL, help="年月、年だけでも書けます。")
    features = fields.text(label="特徴", classification=INTERNAL, required=False)

    owner_name = fields.text(label="所有者の氏名", classification=PERSONAL)
    owner_kana = fields.kana(label="所有者の氏名（カナ）", classification=PERSONAL, required=False)
    owner_address = fields.text(label="所有者の住所", classification=PERSONAL)
    owner_phone = fields.text(label="所有者の電話", classification=PERSONAL, max_length=40, required=False)
    acquired_on = fields.date(label="取得日", classification=INTERNAL)
    kept_at = fields.text(label="犬の所在地", classification=PERSONAL)
    town = fields.text(label="町字", classification=INTERNAL, filterable=True)

    # When the keeper was last reminded of the vaccination; earlier days are told by the amendments.
    reminded_on = fields.date(label="督促発送日", classification=INTERNAL, required=False)
    last_year = fields.fiscal_year(label="注射か猶予の済んだ年度", classification=INTERNAL, required=False)

    class Meta(Entry.Meta):
        constraints: ClassVar = (*Entry.Meta.constraints, STATES.check("dog_registry_dog_state"))


class Vaccination(Line):
    """The vaccination of one year with its tag (注射済票), or why it was put off (猶予)."""

    side = Side.DESK

    entry = fields.Link(Dog, label="犬", classification=INTERNAL, related_name="vaccinations", db_index=False)
    year = fields.fiscal_year(label="年度", classification=INTERNAL)
    day = fields.date(label="接種日", classification=INTERNAL, required=False)
    tag = fields.text(label="注射済票番号", classification=INTERNAL, max_length=40, required=False)
    venue = fields.text(label="会場・医院", classification=INTERNAL, required=False)
    excused = fields.yes_no(label="猶予", classification=INTERNAL)
    reason = fields.text(label="猶予の理由", classification=INTERNAL, required=False)
    again = fields.yes_no(label="同じ年度の2回目と確かめた", classification=INTERNAL)

    class Meta:
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("municipality", "year", "tag"),
                condition=~models.Q(tag=""),
                name="dog_registry_tag_once",
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=("municipality", "entry", "year"), name="dog_registry_vaccination_of"),
        )
