"""A year that another edition stands published for: said where an edition gets its year, before anybody wants to publish it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan.published import EDITION


def warning(ctx: Context, year: FiscalYear, own: UUID | None = None) -> str:
    """That an edition other than ``own`` stands published for this year, and which; empty where none does (one query).

    The public address carries the year alone: a municipality has one published edition for each (docs/decisions/0002).
    """
    found = publishing.standing_in(ctx, EDITION, year)
    if found is None or found.subject == own:
        return ""
    return _("%(year)sには「%(title)s」が公表されています。この年度のままでは、この版を公表できません。") % {
        "year": year.wareki,
        "title": found.title,
    }


def unseen(request: HttpRequest, ctx: Context, year: FiscalYear, own: UUID | None = None) -> str:
    """The same, unless the form that was sent had told it already and its sender went on."""
    found = warning(ctx, year, own)
    return "" if request.POST.get("taken", "") == year.wareki else found
