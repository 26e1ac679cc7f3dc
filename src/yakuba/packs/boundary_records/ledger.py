"""The ledger of boundary decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Due, Ledger, Lines, Numbering, Person, Section, Source
from yakuba.engines.ledger.registering import install
from yakuba.kernel.actions import Problem
from yakuba.packs.boundary_records import rules
from yakuba.packs.boundary_records.letters import DECIDED
from yakuba.packs.boundary_records.models import STATES, Boundary, Copy, Neighbour, Parcel
from yakuba.packs.boundary_records.reports import REPORTS

_OPEN: Final = ("applied", "met")


def _problems(boundary: Boundary) -> Iterator[Problem]:
    if boundary.place is not None and boundary.place.kind != "line":
        yield _wrong("place", boundary.place.kind, _("線の図形（確定した境界線）"))
    if not rules.in_order(boundary.applied_on, boundary.met_on, boundary.decided_on, boundary.notified_on):
        yield _wrong(
            "decided_on",
            boundary.decided_on or boundary.met_on,
            _("申請日、立会日、確定日、通知日の順の日付"),
        )
    if boundary.datum in {"", "local"} and boundary.zone is not None:
        yield _wrong("zone", boundary.zone, _("空（系番号は測地系の座標にだけあります）"))
    if (
        boundary.datum
        and boundary.survey_year is not None
        and not rules.datum_known(boundary.datum, boundary.survey_year)
    ):
        yield _wrong(
            "datum",
            LEDGER.kind_of("datum").format(boundary.datum),
            _("測量した年度にあった測地系（座標を変換したものは、原典の測地系）"),
        )
    if boundary.setback_area is not None and boundary.setback in {"", "none"}:
        yield _wrong("setback", boundary.setback, _("後退用地の処理（面積があるため）"))
    if boundary.setback_area is not None and boundary.setback_area <= 0:
        yield _wrong("setback_area", boundary.setback_area, _("0より大きい面積"))


def _wrong(name: str, found: object, expected: str) -> Problem:
    return Problem(
        "contradiction",
        _("「%(field)s」を確かめてください。%(expected)s を入力します。")
        % {"field": LEDGER.label_of(name), "expected": expected},
        field=name,
        found=str(found),
        expected=expected,
    )


def _problems_of_neighbour(neighbour: Neighbour) -> Iterator[Problem]:
    if not rules.in_order(neighbour.met_on, neighbour.agreed_on):
        yield Problem(
            "order",
            _("同意日が立会日より前です。日付を確かめてください。"),
            field="agreed_on",
            found=str(neighbour.agreed_on),
            expected=_("立会日以後の日"),
        )


LEDGER = Ledger(
    key="boundary_records",
    label=gettext_lazy("境界確定・狭あい道路"),
    model=Boundary,
    title=("location",),
    number_label=gettext_lazy("確定番号"),
    chain=STATES,
    numbering=Numbering("{year}-{seq}", width=3, by_year=True),
    sections=(
        Section(gettext_lazy("場所"), ("kind", "location", "public_land", "place")),
        Section(gettext_lazy("経過"), ("applied_on", "met_on", "decided_on", "notified_on")),
        Section(
            gettext_lazy("申請者"),
            ("applicant", "applicant_kana", "applicant_address", "applicant_phone", "agent"),
        ),
        Section(gettext_lazy("測量"), ("datum", "zone", "survey_year", "accuracy", "drawing")),
        Section(gettext_lazy("後退用地"), ("setback", "setback_area")),
    ),
    listed=("kind", "location", "public_land", "applied_on", "decided_on", "drawing"),
    lines=(
        Lines("parcels", gettext_lazy("土地"), Parcel, order="+lot"),
        Lines(
            "neighbours",
            gettext_lazy("隣接者"),
            Neighbour,
            order="+lot",
            check=lambda neighbour: tuple(_problems_of_neighbour(neighbour)),
        ),
        Lines("copies", gettext_lazy("写しの交付"), Copy, order="day"),
    ),
    dues=(
        Due(
            "decision",
            gettext_lazy("標準処理期間"),
            on=lambda boundary: rules.decide_by(boundary.applied_on) if boundary.state in _OPEN else None,
            candidates=lambda _ctx: Q(state__in=_OPEN, applied_on__isnull=False),
            days_before=(14,),
        ),
    ),
    alike=(("drawing",), ("location", "applied_on")),
    check=lambda boundary: tuple(_problems(boundary)),
    persons=(
        Person("applicant", kana="applicant_kana", address="applicant_address"),
        Person("name", address="address", lines="neighbours"),
    ),
    reports=REPORTS,
    forms=(DECIDED,),
    sources=(
        Source(gettext_lazy("市有地と民有地の境界の確定"), "市有財産（道路・水路）境界確定事務取扱規則"),
        Source(gettext_lazy("狭あい道路の協議と後退用地"), "市狭あい道路の整備等に関する要綱"),
        Source(gettext_lazy("道路の中心から2mの後退"), "建築基準法42条2項"),
        *rules.DATUM.sources,
        *rules.TOLERANCES.sources,
        *rules.STANDARD.sources,
    ),
    aliases={
        "number": ("受付番号", "境界番号", "整理番号"),
        "kind": ("種別", "申請区分"),
        "location": ("申請地", "土地の所在", "場所"),
        "public_land": ("路線名", "市有地", "公共用地"),
        "applied_on": ("申請年月日", "受付日"),
        "met_on": ("立会年月日", "現地立会日"),
        "decided_on": ("確定年月日", "成立日"),
        "applicant": ("申請者", "申請人", "申請者名"),
        "applicant_address": ("住所",),
        "applicant_phone": ("電話番号",),
        "agent": ("代理人", "土地家屋調査士", "調査士"),
        "drawing": ("図面No", "図番"),
    },
    style_by="kind",
)
BOUNDARIES = install(LEDGER)
