"""A light or a mirror at the roadside, its inspections and its repairs."""

from __future__ import annotations

from django.db import models

from yakuba.engines.ledger.declaration import Chain, Step
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.places.columns import shape
from yakuba.engines.places.records import Placed
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.records import Side

STATES = Chain(
    column="state",
    label="状態",
    states=(("planned", "設置予定"), ("in_use", "使用中"), ("broken", "故障・破損"), ("removed", "撤去済み")),
    first="planned",
    steps=(
        Step("install", "設置する", "planned", "in_use"),
        Step("drop", "設置をやめる", "planned", "removed", frozenset({"reason"})),
        Step("break", "故障・破損とする", "in_use", "broken"),
        Step("mend", "修繕が済む", "broken", "in_use"),
        Step("remove", "撤去する", "in_use", "removed", frozenset({"reason"})),
        Step("remove", "撤去する", "broken", "removed", frozenset({"reason"})),
    ),
    ended=frozenset({"removed"}),
)
KINDS = (("lamp", "防犯灯"), ("road_lamp", "道路照明"), ("mirror", "カーブミラー"))
MANAGERS = (("city", "市"), ("association", "自治会"))
POLES = (
    ("power", "電力柱"),
    ("telecom", "通信柱"),
    ("own", "専用柱"),
    ("wall", "壁・建物"),
    ("other", "その他"),
)
LAMPS = (
    ("led", "LED"),
    ("fluorescent", "蛍光灯（直管・環形）"),
    ("compact", "蛍光灯（コンパクト形）"),
    ("mercury", "水銀灯"),
    ("sodium", "ナトリウム灯"),
    ("halide", "メタルハライド灯"),
)
GRADES = (("A", "A 異常なし"), ("B", "B 経過を見る"), ("C", "C 早めに直す"), ("D", "D すぐに直す"))


class Fixture(Entry, Placed):
    """A light or a mirror. Whoever reads the numbers on its pole finds it."""

    side = Side.DESK

    kind = fields.choice(KINDS, label="種別", classification=PUBLIC)
    location = fields.text(label="所在地", classification=PUBLIC, searchable=True)
    place = shape(label="位置", classification=PUBLIC)
    manager = fields.choice(MANAGERS, label="管理者", classification=PUBLIC)
    association = fields.text(label="自治会名", classification=PUBLIC, required=False, searchable=True)
    pole = fields.choice(POLES, label="柱の種類", classification=INTERNAL)
    pole_number = fields.text(label="柱番号", classification=INTERNAL, required=False, searchable=True)
    installed_on = fields.date(label="設置日", classification=INTERNAL, required=False)
    lamp = fields.choice(LAMPS, label="光源", classification=INTERNAL, required=False)
    watts = fields.decimal(label="器具の消費電力", classification=INTERNAL, required=False, unit="W")
    led_year = fields.fiscal_year(label="LED更新年度", classification=INTERNAL, required=False)
    contract = fields.text(label="電力契約番号", classification=INTERNAL, required=False, searchable=True)
    faces = fields.integer(label="鏡面の数", classification=INTERNAL, required=False, minimum=1, maximum=3)
    diameter = fields.integer(
        label="鏡面の大きさ", classification=INTERNAL, required=False, minimum=300, maximum=1500, unit="mm"
    )
    grade = fields.choice(GRADES, label="直近の点検判定", classification=INTERNAL, required=False)
    next_inspection = fields.date(label="次の点検", classification=INTERNAL, required=False)

    class Meta(Entry.Meta):
        constraints = (
            *Entry.Meta.constraints,
            *Placed.Meta.constraints,
            STATES.check("street_lights_mirrors_fixture_state"),
        )
        # The names that the base class would give are too long.
        indexes = (
            # By far the largest ledger: what it is narrowed by stands in the list's index, so that entries which nothing fits to are
            # passed over there, and what few entries fit to is found at once.
            models.Index(
                fields=("municipality", "state", "number_order", "id"),
                include=("book", "kind", "manager", "pole", "lamp", "grade"),
                name="street_fixture_list",
            ),
            models.Index(fields=("municipality", "kind"), name="street_fixture_kind"),
            # A pole's number is what tells doubles.
            models.Index(fields=("municipality", "pole", "pole_number"), name="street_fixture_pole"),
            models.Index(fields=("municipality", "lamp"), name="street_fixture_lamp"),
            models.Index(fields=("municipality", "grade"), name="street_fixture_grade"),
            models.Index(fields=("municipality", "cell"), name="street_fixture_cell"),
            models.Index(fields=("municipality", "rank", "cell"), name="street_fixture_rank"),
            models.Index(fields=("municipality", "next_inspection"), name="street_fixture_next"),
        )


class Inspection(Line):
    """What somebody found on a round."""

    side = Side.DESK

    entry = fields.Link(
        Fixture, label="器具", classification=INTERNAL, related_name="inspections", db_index=False
    )
    day = fields.date(label="点検日", classification=INTERNAL)
    grade = fields.choice(GRADES, label="判定", classification=INTERNAL)
    finding = fields.text(label="状況", classification=INTERNAL, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "entry", "day"), name="street_inspection_of"),)


class Repair(Line):
    """What was mended, and what it cost."""

    side = Side.DESK

    entry = fields.Link(
        Fixture, label="器具", classification=INTERNAL, related_name="repairs", db_index=False
    )
    day = fields.date(label="修繕日", classification=INTERNAL)
    work = fields.text(label="内容", classification=INTERNAL)
    cost = fields.integer(label="費用", classification=INTERNAL, required=False, minimum=0, unit="円")
    contractor = fields.text(label="業者", classification=INTERNAL, required=False)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "entry", "day"), name="street_repair_of"),
            models.Index(fields=("municipality", "day"), name="street_repair_on"),
        )
