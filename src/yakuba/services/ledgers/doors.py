"""The ledgers' lines in the desk's navigation, where entries are shown, and what of them waits for whom."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.access import KEEP_BOOK, VIEW_BOOK
from yakuba.engines.ledger.declaration import find_ledger
from yakuba.engines.ledger.links import added_at, listed_at, shown_at
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.services.ledgers.queries import waiting_deadlines


def entry_address(ctx: Context, entry: Entry) -> str:
    """The page of an entry of any ledger."""
    return reverse("ledgers-entry", args=[ctx.municipality.code, entry.ledger_key, entry.pk])


def waiting(ctx: Context) -> list[Waiting]:
    """What falls due of the entries that the actor keeps."""
    if not KEEP_BOOK.holds_anywhere(ctx):
        return []
    found = []
    for key, count, past in waiting_deadlines(ctx, japan_date(ctx.now)):
        ledger = find_ledger(key)
        if ledger is None:
            continue
        detail = (
            ngettext("期限を過ぎたもの%(n)d件を含む", "期限を過ぎたもの%(n)d件を含む", past) % {"n": past}
            if past
            else gettext("期限の近いもの")
        )
        here = reverse("ledgers-list", args=[ctx.municipality.code, key]) + "?view=due"
        title = gettext("%(ledger)sの期限を確かめる") % {"ledger": ledger.label}
        found.append(Waiting(title, detail, here, count, "clock"))
    return found


def new_address(ctx: Context, ledger: str) -> str:
    """The page that adds an entry to a ledger."""
    return reverse("ledgers-new", args=[ctx.municipality.code, ledger])


def list_address(ctx: Context, ledger: str) -> str:
    """The page that lists a ledger's entries."""
    return reverse("ledgers-list", args=[ctx.municipality.code, ledger])


shown_at(entry_address)
listed_at(list_address)
added_at(new_address)
add_waiting(waiting)
add_door(Door("ledgers", _("台帳"), "ledgers-home", "document", VIEW_BOOK.holds_anywhere, order=10))
