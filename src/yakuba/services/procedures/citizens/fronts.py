"""Procedures at the front door: the ways in by life event, and the address of each procedure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.publishing.fronts import Card, Door, Presenter, register_presenter
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.ui.lists import ListState
from yakuba.services.procedures.citizens import catalogue
from yakuba.services.procedures.published.queries import KIND


def home(ctx: Context) -> str:
    """The catalogue."""
    return reverse("procedures-list", args=[ctx.municipality.code])


def address(ctx: Context, of: Publication, _part: UUID | None = None) -> str:
    """The page of a published procedure."""
    return reverse("procedures-procedure", args=[ctx.municipality.code, of.subject])


def doors(ctx: Context, _publications: Sequence[Publication]) -> list[Door]:
    """The life events that have procedures, everything, and the way back to what one has sent."""
    found = catalogue.rows(ctx)
    path = home(ctx)
    events = [
        Door(label, path + ListState().with_filter(catalogue.EVENT, code).query(), count)
        for code, label, count in catalogue.events(found)
    ]
    return [
        *events,
        Door(_("すべての手続"), path, len(found)),
        Door(_("申請の状況を見る"), reverse("procedures-status", args=[ctx.municipality.code])),
    ]


def _no_cards(_ctx: Context, _publications: Sequence[Publication]) -> Iterable[Card]:
    """A hundred procedures are no row of cards."""
    return ()


register_presenter(
    Presenter(KIND, gettext_lazy("手続"), href=home, cards=_no_cards, address=address, doors=doors)
)
