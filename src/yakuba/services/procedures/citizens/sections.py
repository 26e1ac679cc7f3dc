"""「自分の申請」 and 「前の答え」 on a citizen's own page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.visitors.sections import Section, register_section
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.ui.formats import wareki
from yakuba.services.procedures.citizens import facts, numbers, queries
from yakuba.services.procedures.definition.model import PARTIES
from yakuba.services.procedures.views.portal.following import mine

_FACTS = {
    "name": gettext_lazy("氏名"),
    "birth": gettext_lazy("生年月日"),
    "address": gettext_lazy("住所"),
    "phone": gettext_lazy("電話番号"),
    "mail": gettext_lazy("メールアドレス"),
    "organisation": gettext_lazy("団体・事業者の名称"),
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier answer on the page."""

    label: str
    value: str
    source: str
    href: str


def fact_label(fact: str) -> str:
    """「氏名」 of ``applicant.name``."""
    party, _dot, what = fact.partition(".")
    label = str(_FACTS.get(what, what))
    return label if party == PARTIES[0][0] else f"{_(dict(PARTIES).get(party, party))} {label}"


def _applications(request: HttpRequest, ctx: Context, _visitor: Visitor) -> SafeString:
    begun = [
        (reverse("procedures-filling", args=[ctx.municipality.code, one.pk]), one)
        for one in queries.fillings(ctx)
    ]
    context = {"mine": mine(ctx), "fillings": begun, "page": None}
    drawn: SafeString = render_to_string("procedures/portal/section_mine.html", context, request)
    return drawn


def _earlier(request: HttpRequest, ctx: Context, visitor: Visitor) -> SafeString:
    answers = queries.earlier(ctx, visitor)
    used = queries.reuses(ctx) if visitor.signed_in else []
    if not answers and not used:
        return SafeString("")
    context = {
        "earlier": [
            Earlier(
                fact_label(one.fact),
                facts.shown(one.value),
                _("%(day)sに提出した内容（%(number)s）")
                % {"day": wareki(japan_date(one.at)), "number": numbers.grouped(one.receipt)},
                reverse("procedures-forget", args=[ctx.municipality.code, one.pk]),
            )
            for one in answers
        ],
        "reuses": [
            {
                "at": one.at,
                "purpose": one.purpose,
                "ground": one.ground,
                "labels": "、".join(_used(one.facts)),
            }
            for one in used
        ],
    }
    drawn: SafeString = render_to_string("procedures/portal/section_earlier.html", context, request)
    return drawn


def _used(used: object) -> list[str]:
    return (
        [str(one.get("label", "")) for one in used if isinstance(one, dict)] if isinstance(used, list) else []
    )


register_section(Section("procedures", gettext_lazy("自分の申請"), _applications, order=10))
register_section(Section("earlier", gettext_lazy("前の答え"), _earlier, order=20))
