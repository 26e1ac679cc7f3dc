"""How each action on bundles of photos and papers is tried in the permission matrix."""

from __future__ import annotations

from tests.engines.ledger.worlds import open_book, site
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.bundles.actions.working import BeginBundle, SettleItem, begin_bundle
from yakuba.engines.ledger.models import Bundle, BundleItem
from yakuba.engines.ledger.registering import installed_of
from yakuba.kernel.actions import NoData
from yakuba.kernel.files import store as files

WIFI = installed_of("public_wifi")
assert WIFI is not None


def _sent() -> BeginBundle:
    return BeginBundle("W1.pdf", [["W1.pdf", files.put(b"a paper of a test"), ""]])


def _begun(town: Town) -> Bundle:
    """One that was looked through, beside an entry that its file may go to."""
    book, ctx = open_book(town), town.ctx("ledger_keeper")
    entry = WIFI.actions.add(ctx, book, AddEntry(site()))
    bundle = begin_bundle(ctx, book, _sent())
    BundleItem.unscoped.filter(bundle=bundle).update(state="waiting", candidates=[str(entry.pk)])
    bundle.state = "open"
    bundle.save()
    return bundle


def _settling(_town: Town, bundle: Bundle) -> SettleItem:
    item = BundleItem.unscoped.get(bundle=bundle)
    return SettleItem(str(item.pk), item.candidates[0], "paper")


SPECIMENS = {
    "ledger.begin_bundle": Specimen(open_book, lambda _town, _book: _sent()),
    "ledger.settle_item": Specimen(_begun, _settling),
    "ledger.stop_bundle": Specimen(_begun, lambda _town, _bundle: NoData()),
}
