"""A ledger with places for the internal map, and released for the public one."""

from __future__ import annotations

from tests.engines.ledger.test_releasing import release
from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger.actions.entries import ChangeMany
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.registering import installed_of

WIFI = installed_of("public_wifi")
assert WIFI is not None
KEY = "ledger-public-wifi"


def kept(town: Town, many: int = 3, *, begin: int = 1) -> Book:
    """So many open sites, in the book of the office ``own``."""
    assert WIFI is not None
    book = Book.unscoped.filter(municipality=town.ref.id, ledger="public_wifi").first() or open_book(town)
    rows = [
        {
            "id": "",
            "version": 0,
            "values": {
                **site(name=f"見本{n}番館", hours="<b>終日</b>" if n == 1 else "", ssid=f"Mihon_FREE{n}"),
                "address": f"みほん市見本町{n}番地",
                "place": {"type": "Point", "coordinates": [139.1 + n / 1000, 36.4]},
                "state": "open",
            },
        }
        for n in range(begin, begin + many)
    ]
    WIFI.actions.many(town.ctx("ledger_keeper"), book, ChangeMany(rows))
    return book


def released(town: Town, many: int = 3) -> Book:
    """The same, released."""
    book = kept(town, many)
    release(town, book)
    return book
