"""The ledger of evacuation sites and shelters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Due, Ledger, Lines, Numbering, Section, Source
from yakuba.engines.ledger.registering import install
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock, japan_date
from yakuba.packs.shelters import rules
from yakuba.packs.shelters.letters import DESIGNATED
from yakuba.packs.shelters.models import STATES, Facility, KeyHolder, Opening
from yakuba.packs.shelters.queries import last_opening
from yakuba.packs.shelters.reports import REPORTS


def _problems(facility: Facility) -> Iterator[Problem]:
    for which, rule in (("site", rules.SITE), ("shelter", rules.SHELTER)):
        on, off = getattr(facility, f"{which}_on"), getattr(facility, f"{which}_off")
        if on is not None and rule.on(on) is None:
            yield _wrong(f"{which}_on", on, _("平成26年4月1日（この指定の制度の施行日）以後の日"))
        if on is not None and not getattr(facility, f"{which}_notice"):
            yield _wrong(f"{which}_notice", "", _("指定を公示した告示の番号"))
        if off is not None and (on is None or off < on):
            yield _wrong(f"{which}_off", off, _("指定日と、それ以後の取消日"))
        for name, day in ((f"{which}_on", on), (f"{which}_off", off)):
            if day is not None and day > japan_date(clock.now()):
                yield _wrong(name, day, _("今日までの日（その日が来てから記録）"))
    chosen = [name for name in rules.HAZARDS if getattr(facility, name)]
    if facility.site_on is not None and not chosen:
        yield _wrong("flood", _("どの現象も選ばれていない"), _("指定した異常な現象の種類を1つ以上"))
    if facility.site_on is None and chosen:
        yield _wrong("site_on", "", _("緊急避難場所の指定日（現象の種類だけでは指定になりません）"))
    if facility.welfare:
        if facility.shelter_on is None:
            yield _wrong("shelter_on", "", _("避難所の指定日（福祉避難所は指定避難所の1つ）"))
        elif rules.names_whom(facility.shelter_on) and not facility.welfare_for:
            yield _wrong("welfare_for", "", _("公示した受入対象者"))


def _wrong(name: str, found: object, expected: str) -> Problem:
    return Problem(
        "designation",
        _("「%(field)s」を確かめてください。%(expected)s を入力します。")
        % {"field": LEDGER.label_of(name), "expected": expected},
        field=name,
        found=str(found),
        expected=expected,
    )


def _role(facility: Facility) -> rules.Role:
    return rules.role_of(
        site=rules.designated(facility.site_on, facility.site_off),
        shelter=rules.designated(facility.shelter_on, facility.shelter_off),
    )


def _now(facility: Facility, what: Literal["opening", "crowding", "at"]) -> str | dt.datetime | None:
    last = last_opening(facility)
    return None if last is None else getattr(last, what)


LEDGER = Ledger(
    key="shelters",
    label=gettext_lazy("避難場所・避難所"),
    model=Facility,
    title=("name",),
    number_label=gettext_lazy("施設番号"),
    chain=STATES,
    numbering=Numbering("S{seq}", width=3),
    sections=(
        Section(gettext_lazy("施設"), ("name", "kana", "address", "town_id", "place", "role")),
        Section(
            gettext_lazy("指定緊急避難場所"),
            ("site_on", "site_notice", "site_off", *rules.HAZARDS, "site_capacity"),
        ),
        Section(
            gettext_lazy("指定避難所"),
            ("shelter_on", "shelter_notice", "shelter_off", "welfare", "welfare_for", "shelter_capacity"),
        ),
        Section(gettext_lazy("設備"), ("barrier_free", "pets", "power")),
        Section(gettext_lazy("管理"), ("manager", "agreed_on", "told_on", "stock", "stock_until", "keys_on")),
        Section(gettext_lazy("発災時"), ("opening", "crowding", "told_at")),
    ),
    listed=("name", "role", "address", "site_capacity", "shelter_capacity", "opening", "crowding", "told_at"),
    lines=(
        Lines("openings", gettext_lazy("開設状況"), Opening, order="at"),
        Lines("key_holders", gettext_lazy("鍵の管理者"), KeyHolder, order="+turn"),
    ),
    dues=(
        Due(
            "stock",
            gettext_lazy("備蓄の更新"),
            on=lambda facility: facility.stock_until,
            candidates=lambda _ctx: Q(stock_until__isnull=False),
            days_before=(180, 30),
        ),
        Due(
            "keys",
            gettext_lazy("鍵の管理者の確認（毎年）"),
            on=lambda facility: None if facility.keys_on is None else rules.a_year_after(facility.keys_on),
            candidates=lambda _ctx: Q(keys_on__isnull=False),
            days_before=(30,),
        ),
    ),
    alike=(("name",), ("address",)),
    check=lambda facility: tuple(_problems(facility)),
    # One that was withdrawn, or cannot be used, must not send anybody there.
    public_when=Q(state="active") & ~Q(role="none"),
    derived={
        "role": _role,
        "opening": lambda facility: _now(facility, "opening"),
        "crowding": lambda facility: _now(facility, "crowding"),
        "told_at": lambda facility: _now(facility, "at"),
    },
    from_lines=frozenset({"opening", "crowding", "told_at"}),
    reports=REPORTS,
    forms=(DESIGNATED,),
    sources=(
        *rules.SITE.sources,
        *rules.SHELTER.sources,
        *rules.WELFARE.sources,
        Source(
            gettext_lazy("管理者の同意、知事への通知と公示"),
            "災害対策基本法49条の4第2項・第3項、49条の7第2項",
        ),
        Source(gettext_lazy("住民への周知"), "災害対策基本法49条の9"),
        Source(
            gettext_lazy("公開する項目"),
            "デジタル庁 自治体標準オープンデータセット 指定緊急避難場所一覧・指定避難所一覧",
        ),
        Source(gettext_lazy("鍵の管理者を毎年確かめる"), "市の地域防災計画"),
    ),
    aliases={
        "name": ("施設名", "施設名称", "避難所名", "施設・場所名"),
        "kana": ("施設名カナ", "ふりがな"),
        "address": ("住所", "施設所在地"),
        "landslide": ("土砂災害", "崖崩れ土石流地滑り", "がけ崩れ"),
        "fire": ("大火", "火事"),
        "site_capacity": ("想定収容人数",),
        "shelter_capacity": ("収容人数", "避難所収容人数"),
        "manager": ("管理者", "施設管理者"),
    },
    style_by="role",
)
SHELTERS = install(LEDGER)
