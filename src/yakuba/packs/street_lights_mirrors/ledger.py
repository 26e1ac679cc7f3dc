"""The ledger of lights and mirrors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Due, Ledger, Lines, Numbering, Section, Source
from yakuba.engines.ledger.registering import install
from yakuba.kernel.actions import Problem
from yakuba.packs.street_lights_mirrors import rules
from yakuba.packs.street_lights_mirrors.models import STATES, Fixture, Inspection, Repair
from yakuba.packs.street_lights_mirrors.queries import last_inspection, last_repair
from yakuba.packs.street_lights_mirrors.reports import REPORTS

_OF_LAMPS = ("lamp", "watts", "led_year", "contract")
_OF_MIRRORS = ("faces", "diameter")


def _problems(fixture: Fixture) -> Iterator[Problem]:
    mirror = fixture.kind == "mirror"
    for name in _OF_LAMPS if mirror else _OF_MIRRORS:
        if getattr(fixture, name) not in (None, ""):
            yield Problem(
                "kind",
                _("「%(kind)s」に「%(field)s」は書けません。種別を確かめるか、空にしてください。")
                % {"kind": LEDGER.kind_of("kind").format(fixture.kind), "field": LEDGER.label_of(name)},
                field=name,
                found=str(getattr(fixture, name)),
                expected=_("空"),
            )
    if not mirror and not fixture.lamp:
        yield Problem("lamp", _("灯具には「光源」を選んでください。"), field="lamp", expected=_("光源"))
    if fixture.led_year is not None and fixture.lamp != "led":
        yield Problem(
            "led_year",
            _("LED更新年度があるのに、光源がLEDではありません。どちらかを直してください。"),
            field="led_year",
            found=str(fixture.led_year),
            expected=_("光源がLED"),
        )
    if fixture.manager == "association" and not fixture.association:
        yield Problem(
            "association",
            _("自治会が管理するものには「自治会名」を入力してください。"),
            field="association",
            expected=_("自治会名"),
        )


def _grade(fixture: Fixture) -> str:
    last = last_inspection(fixture)
    return "" if last is None else last.grade


def _next(fixture: Fixture) -> dt.date | None:
    last = last_inspection(fixture)
    if last is None:
        return rules.next_inspection(fixture.installed_on, None, None)
    return rules.next_inspection(fixture.installed_on, (last.day, last.grade), last_repair(fixture))


LEDGER = Ledger(
    key="street_lights_mirrors",
    label=gettext_lazy("防犯灯・カーブミラー"),
    model=Fixture,
    title=("location",),
    number_label=gettext_lazy("管理番号"),
    chain=STATES,
    numbering=Numbering("G{seq}", width=5),
    sections=(
        Section(gettext_lazy("器具"), ("kind", "location", "place", "manager", "association")),
        Section(gettext_lazy("柱"), ("pole", "pole_number", "installed_on")),
        Section(gettext_lazy("灯具"), _OF_LAMPS),
        Section(gettext_lazy("鏡"), _OF_MIRRORS),
        Section(gettext_lazy("点検"), ("grade", "next_inspection")),
    ),
    listed=("kind", "location", "manager", "pole_number", "lamp", "grade", "next_inspection"),
    lines=(
        Lines("inspections", gettext_lazy("点検"), Inspection, order="day"),
        Lines("repairs", gettext_lazy("修繕"), Repair, order="day"),
    ),
    dues=(
        Due(
            "inspection",
            gettext_lazy("点検"),
            on=lambda fixture: fixture.next_inspection,
            candidates=lambda _ctx: Q(next_inspection__isnull=False),
            days_before=(90, 0),
        ),
    ),
    alike=(("kind", "pole", "pole_number"), ("contract",)),
    check=lambda fixture: tuple(_problems(fixture)),
    public_when=Q(state__in=("in_use", "broken")),
    derived={"grade": _grade, "next_inspection": _next},
    from_lines=frozenset({"grade"}),
    reports=REPORTS,
    sources=(
        Source(
            gettext_lazy("道路の附属物としての道路照明・反射鏡"),
            "道路法2条2項1号、同法施行令34条の3",
        ),
        Source(gettext_lazy("道路の維持と修繕"), "道路法42条"),
        Source(gettext_lazy("防犯灯を置き、保つことの分担"), "市の防犯灯設置等に関する要綱"),
        *rules.INTERVALS.sources,
        *(source for rule in rules.MADE.values() for source in rule.sources if source.since is not None),
    ),
    aliases={
        "number": ("管理番号", "灯番号", "台帳番号"),
        "kind": ("区分", "施設種別"),
        "location": ("設置場所", "設置箇所", "住所", "場所"),
        "manager": ("管理区分", "管理主体"),
        "association": ("自治会", "町内会", "町内会名", "行政区"),
        "pole": ("柱種", "支柱", "柱種別", "柱区分", "添架先"),
        "pole_number": ("電柱番号", "電柱No", "管理柱番号"),
        "installed_on": ("設置年月日", "新設日"),
        "lamp": ("灯具", "灯種", "ランプ", "光源種別"),
        "watts": ("W数", "ワット数", "ワット", "消費電力", "容量", "W"),
        "contract": ("契約番号", "お客様番号", "需給契約番号", "供給地点特定番号"),
        "led_year": ("LED化年度", "LED交換年度"),
        "faces": ("面数",),
        "diameter": ("鏡径", "口径", "ミラー径"),
        "next_inspection": ("次回点検", "次回点検日"),
    },
    style_by="kind",
)
STREET = install(LEDGER)
