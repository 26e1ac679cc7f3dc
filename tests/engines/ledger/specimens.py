"""How each action on books is tried in the permission matrix."""

from __future__ import annotations

from tests.engines.ledger.bundles.specimens import SPECIMENS as BUNDLES
from tests.engines.ledger.exchange.specimens import SPECIMENS as TABLES
from tests.engines.ledger.forms.letters import SPECIMENS as LETTERS
from tests.engines.ledger.worlds import open_book
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.ledger.actions.books import ArrangeBook, OpenBook, SetExtra, SetListed
from yakuba.kernel.town.models import Municipality

EXTRA = {
    "format": 1,
    "fields": [
        {
            "key": "sponsor",
            "kind": "text",
            "label": "協賛",
            "classification": "public",
            "required": False,
        }
    ],
}


def here(town: Town) -> Municipality:
    return Municipality.unscoped.get(pk=town.ref.id)


SPECIMENS = {
    **BUNDLES,
    **TABLES,
    **LETTERS,
    "ledger.open_book": Specimen(here, lambda _town, _subject: OpenBook("public_wifi", "own-1")),
    "ledger.arrange_book": Specimen(open_book, lambda _town, _subject: ArrangeBook("other-1", True)),
    "ledger.set_listed": Specimen(open_book, lambda _town, _subject: SetListed(["name", "ssid"])),
    "ledger.set_extra": Specimen(open_book, lambda _town, _subject: SetExtra(EXTRA)),
}
