"""The ledger of public Wi-Fi sites."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Due, Ledger, Lines, Numbering, Section, Source
from yakuba.engines.ledger.registering import install
from yakuba.kernel.actions import Problem
from yakuba.packs.public_wifi.models import STATES, Outage, Site


def _problems(site: Site) -> Iterator[Problem]:
    if len(site.ssid.encode()) > 32:
        yield Problem(
            "ssid",
            _("SSIDは32バイトまでです（かな・漢字は1文字で3バイト）。"),
            field="ssid",
            found=site.ssid,
            expected=_("32バイトまで"),
        )


LEDGER = Ledger(
    key="public_wifi",
    label=gettext_lazy("公衆無線LAN"),
    model=Site,
    title=("name",),
    number_label=gettext_lazy("施設ID"),
    chain=STATES,
    numbering=Numbering("W{seq}", width=4),
    sections=(
        Section(gettext_lazy("施設"), ("name", "kana", "use", "address", "town_id", "place")),
        Section(gettext_lazy("提供の内容"), ("ssid", "area", "disaster", "hours")),
        Section(gettext_lazy("機器と契約"), ("device", "line", "renewal")),
    ),
    listed=("name", "use", "address", "ssid", "disaster", "renewal"),
    lines=(Lines("outages", gettext_lazy("障害履歴"), Outage, order="day"),),
    dues=(
        Due(
            "renewal",
            gettext_lazy("回線・機器の更新期限"),
            on=lambda site: site.renewal,
            candidates=lambda _ctx: Q(renewal__isnull=False),
            days_before=(90, 30),
        ),
    ),
    alike=(("name", "ssid"), ("address", "ssid")),
    check=lambda site: tuple(_problems(site)),
    public_when=Q(state="open"),
    sources=(
        Source(
            gettext_lazy("公開する項目"),
            "デジタル庁 自治体標準オープンデータセット 公衆無線LANアクセスポイント一覧",
        ),
        Source(gettext_lazy("SSIDの長さ"), "IEEE 802.11-2020 9.4.2.2（0〜32オクテット）"),
    ),
    aliases={
        "name": ("施設名", "施設名称", "設置施設"),
        "kana": ("施設名カナ",),
        "use": ("施設区分", "種別"),
        "address": ("住所", "設置場所"),
        "area": ("利用可能エリア", "エリア"),
        "hours": ("利用可能時間",),
        "device": ("機種", "AP機種"),
        "line": ("回線",),
        "renewal": ("契約期限", "契約満了日"),
    },
    style_by="use",
)
WIFI = install(LEDGER)
