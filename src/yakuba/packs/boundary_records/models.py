"""One decision about a boundary, the parcels and neighbours it concerns, and the copies of it that were given out."""

from __future__ import annotations

from django.db import models

from yakuba.engines.ledger.declaration import Chain, Step
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.places.records import Placed
from yakuba.kernel import fields
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.town.records import Side
from yakuba.packs.boundary_records.rules import TOLERANCES

STATES = Chain(
    column="state",
    label="状態",
    states=(
        ("applied", "申請中"),
        ("met", "立会済み"),
        ("decided", "確定"),
        ("failed", "不調"),
        ("withdrawn", "取下げ"),
        ("superseded", "再確定により失効"),
    ),
    first="applied",
    steps=(
        Step("meet", "現地で立ち会う", "applied", "met"),
        Step("decide", "確定する", "met", "decided", frozenset({"document"})),
        Step("fail", "不調とする", "met", "failed", frozenset({"reason"})),
        Step("meet_again", "立会いをやり直す", "failed", "met"),
        Step("withdraw", "取下げを受ける", "applied", "withdrawn", frozenset({"reason"})),
        Step("withdraw", "取下げを受ける", "met", "withdrawn", frozenset({"reason"})),
        Step("supersede", "新しい確定に改める", "decided", "superseded", frozenset({"reason", "document"})),
    ),
    ended=frozenset({"withdrawn", "superseded"}),
)
KINDS = (("boundary", "境界確定"), ("narrow", "狭あい道路の協議"), ("both", "境界確定と狭あい道路の協議"))
DATUMS = (
    ("tokyo", "旧日本測地系"),
    ("jgd2000", "JGD2000"),
    ("jgd2011", "JGD2011"),
    ("local", "任意座標（現地の基準点から）"),
)
_GRADES = {"k1": "甲一", "k2": "甲二", "k3": "甲三", "o1": "乙一", "o2": "乙二", "o3": "乙三"}
ACCURACIES = tuple(
    (key, f"{_GRADES[key]}（公差{tolerance}cm）")
    for key, (_error, tolerance) in TOLERANCES.rows[-1].value.items()
)
SETBACKS = (
    ("none", "後退なし"), ("donated", "寄附"), ("lent", "無償使用の承諾"), ("own", "所有者が管理"), ("open", "協議中"),
)  # fmt: skip


class Boundary(Entry, Placed):
    """A decision. Its line is kept in JGD2011 like every shape; in what it was measured is a fact of its own."""

    side = Side.DESK

    kind = fields.choice(KINDS, label="区分", classification=INTERNAL)
    location = fields.text(label="所在地", classification=INTERNAL, searchable=True)
    public_land = fields.text(
        label="市有地（路線名・水路など）", classification=INTERNAL, required=False, searchable=True
    )
    applied_on = fields.date(label="申請日", classification=INTERNAL, required=False)
    met_on = fields.date(label="立会日", classification=INTERNAL, required=False)
    decided_on = fields.date(label="確定日", classification=INTERNAL, required=False)
    notified_on = fields.date(label="確定を通知した日", classification=INTERNAL, required=False)
    applicant = fields.text(label="申請者の氏名", classification=PERSONAL, searchable=True)
    applicant_kana = fields.kana(label="申請者の氏名（カナ）", classification=PERSONAL, required=False)
    applicant_address = fields.text(label="申請者の住所", classification=PERSONAL, required=False)
    applicant_phone = fields.text(
        label="申請者の電話", classification=PERSONAL, max_length=40, required=False
    )
    agent = fields.text(
        label="代理人（土地家屋調査士など）", classification=PERSONAL, required=False, searchable=True
    )
    datum = fields.choice(DATUMS, label="原典の測地系", classification=INTERNAL, required=False)
    zone = fields.integer(
        label="平面直角座標系の系番号", classification=INTERNAL, required=False, minimum=1, maximum=19
    )
    survey_year = fields.fiscal_year(label="測量年度", classification=INTERNAL, required=False)
    accuracy = fields.choice(ACCURACIES, label="精度区分", classification=INTERNAL, required=False)
    drawing = fields.text(label="図面番号", classification=INTERNAL, required=False, searchable=True)
    setback = fields.choice(SETBACKS, label="後退用地の処理", classification=INTERNAL, required=False)
    setback_area = fields.decimal(label="後退用地の面積", classification=INTERNAL, required=False, unit="㎡")

    class Meta(Entry.Meta):
        constraints = (
            *Entry.Meta.constraints,
            *Placed.Meta.constraints,
            STATES.check("boundary_records_boundary_state"),
        )
        indexes = (
            *Entry.Meta.indexes,
            models.Index(fields=("municipality", "cell"), name="boundary_cell"),
            models.Index(fields=("municipality", "rank", "cell"), name="boundary_rank"),
            models.Index(fields=("municipality", "decided_on"), name="boundary_decided"),
        )


class Parcel(Line):
    """A parcel that the decision is about, as the land register names it."""

    side = Side.DESK

    entry = fields.Link(
        Boundary, label="境界確定", classification=INTERNAL, related_name="parcels", db_index=False
    )
    oaza = fields.text(label="大字・町", classification=INTERNAL)
    koaza = fields.text(label="字", classification=INTERNAL, required=False)
    lot = fields.text(label="地番", classification=INTERNAL, max_length=40)
    applied_for = fields.yes_no(label="申請地", classification=INTERNAL)

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "entry"), name="boundary_parcel_of"),
            models.Index(fields=("municipality", "oaza", "koaza", "lot"), name="boundary_parcel_lot"),
        )


class Neighbour(Line):
    """Who owns a neighbouring parcel, and whether they agreed."""

    side = Side.DESK

    entry = fields.Link(
        Boundary, label="境界確定", classification=INTERNAL, related_name="neighbours", db_index=False
    )
    lot = fields.text(label="所有地の地番", classification=INTERNAL, max_length=100)
    name = fields.text(label="氏名", classification=PERSONAL)
    address = fields.text(label="住所", classification=PERSONAL, required=False)
    met_on = fields.date(label="立会日", classification=INTERNAL, required=False)
    agreed_on = fields.date(label="同意日", classification=INTERNAL, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "entry"), name="boundary_neighbour_of"),)


class Copy(Line):
    """Copies of the decision that somebody was given."""

    side = Side.DESK

    entry = fields.Link(
        Boundary, label="境界確定", classification=INTERNAL, related_name="copies", db_index=False
    )
    day = fields.date(label="交付日", classification=INTERNAL)
    recipient = fields.text(label="請求者", classification=PERSONAL)
    purpose = fields.text(label="使いみち", classification=INTERNAL, required=False)
    sheets = fields.integer(label="通数", classification=INTERNAL, minimum=1, maximum=999)
    fee = fields.integer(label="手数料", classification=INTERNAL, required=False, minimum=0, unit="円")

    class Meta:
        indexes = (
            models.Index(fields=("municipality", "entry", "day"), name="boundary_copy_of"),
            models.Index(fields=("municipality", "day"), name="boundary_copy_on"),
        )
