"""Who gives photos and papers to many entries at once: the keeping office."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger.models import Bundle, BundleItem
from yakuba.kernel.actions import Everywhere, Own, Permission, viewed_by


def _open(bundle: Bundle) -> str:
    return _("この取り込みは終わっています。") if bundle.state in {"done", "stopped"} else ""


_OF_BOOK: Final = {"ledger_keeper": Own("book__office_id")}
VIEW_BUNDLE = viewed_by(Permission("ledger.view_bundle", Bundle, roles=_OF_BOOK))
VIEW_ITEM = viewed_by(
    Permission("ledger.view_bundleitem", BundleItem, roles={"ledger_keeper": Own("bundle__book__office_id")})
)
WORK_BUNDLE = Permission("ledger.work_bundle", Bundle, roles=_OF_BOOK, when=_open)
#: Broken off by its keeper, or by the worker when nobody comes back to it.
END_BUNDLE = Permission("ledger.end_bundle", Bundle, roles={**_OF_BOOK, "cli": Everywhere()}, when=_open)
