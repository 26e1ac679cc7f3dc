"""The ledgers' lines in the desk's navigation, where entries are shown, and what of them waits for whom."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.access import VIEW_BOOK
from yakuba.engines.ledger.links import shown_at
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.access.desk import Door, add_door
from yakuba.kernel.actions import Context


def entry_address(ctx: Context, entry: Entry) -> str:
    """The page of an entry of any ledger."""
    return reverse("ledgers-entry", args=[ctx.municipality.code, entry.ledger_key, entry.pk])


shown_at(entry_address)
add_door(Door("ledgers", _("台帳"), "ledgers-home", "document", VIEW_BOOK.holds_anywhere, order=10))
