"""The letter by which a city tells the governor that it designated a place (災害対策基本法49条の4第3項、49条の7第2項)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.forms.declaring import Addressee, Form
from yakuba.kernel.dates import format_date
from yakuba.kernel.fields import spec_of
from yakuba.packs.shelters.models import Facility
from yakuba.packs.shelters.rules import HAZARDS


def _governor(facility: Facility) -> Addressee:
    prefecture = facility.municipality.prefecture
    return Addressee(f"{prefecture}知事" if prefecture else "都道府県知事", "")


def _called(name: str) -> str:
    spec = spec_of(Facility._meta.get_field(name))
    return spec.label if spec is not None else name


def _body(facility: Facility, _day: dt.date) -> str:
    lines = ["災害対策基本法の規定により、次の施設を指定したので通知します。"]
    lines += [f"名称　{facility.name}", f"所在地　{facility.address}"]
    if facility.site_on is not None and facility.site_off is None:
        labels = [_called(name) for name in HAZARDS if getattr(facility, name)]
        lines.append(
            f"指定緊急避難場所（第49条の4第1項）　{format_date(facility.site_on)}指定　{facility.site_notice}"
        )
        lines.append(f"対象とする異常な現象の種類　{'、'.join(labels)}")
        if facility.site_capacity is not None:
            lines.append(f"想定収容人数　{facility.site_capacity:,}人")
    if facility.shelter_on is not None and facility.shelter_off is None:
        kind = "指定福祉避難所" if facility.welfare else "指定避難所"
        lines.append(
            f"{kind}（第49条の7第1項）　{format_date(facility.shelter_on)}指定　{facility.shelter_notice}"
        )
        if facility.welfare_for:
            lines.append(f"受入対象者　{facility.welfare_for}")
        if facility.shelter_capacity is not None:
            lines.append(f"想定収容人数　{facility.shelter_capacity:,}人")
    if facility.manager:
        lines.append(f"施設の管理者　{facility.manager}")
    if facility.agreed_on is not None:
        lines.append(f"管理者の同意　{format_date(facility.agreed_on)}")
    return "\n".join(lines)


#: Nobody is told twice: what the governor knows of is no candidate any more. The public notice (公示) is a notice of its own.
DESIGNATED: Final[Form[Facility]] = Form(
    key="designated",
    label=gettext_lazy("指定の知事への通知"),
    title=gettext_lazy("指定緊急避難場所・指定避難所の指定について（通知）"),
    addressee=_governor,
    body=_body,
    candidates=lambda _ctx: (
        Q(state="active", told_on__isnull=True)
        & (
            Q(site_on__isnull=False, site_off__isnull=True)
            | Q(shelter_on__isnull=False, shelter_off__isnull=True)
        )
    ),
    sets="told_on",
)
