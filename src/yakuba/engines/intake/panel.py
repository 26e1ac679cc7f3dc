"""What became of a case in the ledger, on the case's own page."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.casework.models import Case
from yakuba.engines.casework.origins import Panel, add_panels
from yakuba.engines.intake import queries
from yakuba.engines.intake.access import VIEW
from yakuba.engines.intake.models import STATES
from yakuba.engines.ledger import queries as ledgers
from yakuba.engines.ledger.links import address_of
from yakuba.engines.ledger.values import title_of
from yakuba.kernel.actions import Context, Missing


def panels(request: HttpRequest, ctx: Context, case: Case) -> Sequence[Panel]:
    """One panel for the keepers of the book, none for others and for cases that change no book."""
    if case.completed_at is None or not VIEW.holds_anywhere(ctx):
        return ()
    one = queries.of_case(ctx, case)
    if one is None:
        return ()
    installed = queries.demand_ledger(one.binding.book)
    title = href = ""
    if one.entry is not None:
        try:
            entry = ledgers.entry_of(ctx, installed.ledger, one.entry)
        except Missing:
            pass
        else:
            title, href = f"{entry.number} {title_of(installed.ledger, entry)}", address_of(ctx, entry)
    body = render_to_string(
        "intake/panel.html",
        {
            "ledger": installed.ledger.label,
            "state": _(dict(STATES)[one.state]),
            "waits": one.state == "waiting",
            "reason": one.reason,
            "title": title,
            "entry_href": href,
            "href": reverse("intake-one", args=[ctx.municipality.code, one.pk]),
        },
        request,
    )
    return (Panel("intake", _("台帳"), body),)


add_panels(panels)
