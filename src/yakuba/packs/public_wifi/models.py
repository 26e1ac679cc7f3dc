"""A site of public Wi-Fi, and what went wrong at it."""

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
    states=(("planned", "設置予定"), ("open", "提供中"), ("paused", "休止中"), ("closed", "撤去済み")),
    first="planned",
    steps=(
        Step("open", "提供をはじめる", "planned", "open"),
        Step("pause", "休止する", "open", "paused", frozenset({"reason"})),
        Step("resume", "再開する", "paused", "open"),
        Step("close", "撤去する", "open", "closed", frozenset({"reason"})),
        Step("close", "撤去する", "paused", "closed", frozenset({"reason"})),
        Step("drop", "設置をやめる", "planned", "closed", frozenset({"reason"})),
    ),
    ended=frozenset({"closed"}),
)
USES = (("shelter", "避難所等"), ("tourism", "観光"), ("public", "公共施設"), ("other", "その他"))


class Site(Entry, Placed):
    """A site. The columns follow 自治体標準オープンデータセット「公衆無線LANアクセスポイント一覧」 as far as they are public."""

    side = Side.DESK

    name = fields.text(label="名称", classification=PUBLIC, searchable=True)
    kana = fields.kana(label="名称（カナ）", classification=PUBLIC, required=False)
    use = fields.choice(USES, label="区分", classification=PUBLIC)
    address = fields.text(label="所在地", classification=PUBLIC, searchable=True)
    town_id = fields.text(label="町字ID", classification=PUBLIC, max_length=7, required=False)
    place = shape(label="位置", classification=PUBLIC)
    ssid = fields.text(label="SSID", classification=PUBLIC, max_length=32, searchable=True)
    area = fields.text(label="提供エリア", classification=PUBLIC, required=False)
    disaster = fields.yes_no(label="災害時に開放", classification=PUBLIC, filterable=True)
    hours = fields.text(label="利用時間", classification=PUBLIC, required=False)
    device = fields.text(label="機器", classification=INTERNAL, required=False)
    line = fields.text(label="回線の契約", classification=INTERNAL, required=False)
    renewal = fields.date(label="更新期限", classification=INTERNAL, required=False)

    class Meta(Entry.Meta):
        constraints = (
            *Entry.Meta.constraints,
            *Placed.Meta.constraints,
            STATES.check("public_wifi_site_state"),
        )
        indexes = (
            *Entry.Meta.indexes,
            models.Index(fields=("municipality", "cell"), name="public_wifi_site_cell"),
            models.Index(fields=("municipality", "rank", "cell"), name="public_wifi_site_rank"),
        )


class Outage(Line):
    """A time in which a site did not work."""

    side = Side.DESK

    entry = fields.Link(
        Site, label="設置箇所", classification=INTERNAL, related_name="outages", db_index=False
    )
    day = fields.date(label="発生日", classification=INTERNAL)
    restored = fields.date(label="復旧日", classification=INTERNAL, required=False)
    cause = fields.text(label="原因", classification=INTERNAL, required=False)

    class Meta:
        indexes = (models.Index(fields=("municipality", "entry", "day"), name="public_wifi_outage_of"),)
