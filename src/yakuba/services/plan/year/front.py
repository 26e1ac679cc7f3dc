"""How the yearly reports show at the front door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.publishing.fronts import Card, Presenter, register_presenter
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.services.plan.year.report import REPORT


def home(ctx: Context) -> str:
    """What was public on a day, which leads to every report."""
    return reverse("plan-record", args=[ctx.municipality.code])


def address(ctx: Context, of: Publication, _part: UUID | None = None) -> str:
    """The public page of a report."""
    return reverse("plan-report", args=[ctx.municipality.code, of.year.year])


def address_from_desk(ctx: Context, of: Publication | None) -> str:
    """The same, where this process serves the portal too; empty where it does not."""
    try:
        return address(ctx, of) if of is not None else ""
    except NoReverseMatch:
        return ""


def cards(ctx: Context, standing: Sequence[Publication]) -> Iterable[Card]:
    """The newest report; the others stand beside it in the record."""
    newest = max(standing, key=lambda one: one.year.year, default=None)
    if newest is not None:
        body = _("会議が決めた、取組ごとの進み具合と翌年度の方針です。")
        yield Card(newest.title, address(ctx, newest), body, newest)


register_presenter(Presenter(REPORT, gettext_lazy("計画の進捗報告"), href=home, cards=cards, address=address))
