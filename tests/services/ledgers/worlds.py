"""A book of public Wi-Fi with a few entries, made through the actions, and somebody's browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.engines.ledger.worlds import open_book, site
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed, installed_of

__all__ = ["HERE", "add", "body", "browser", "open_book", "site", "wifi"]
HERE = "/990019/desk/ledgers/"


def wifi() -> Installed[Entry]:
    """The ledger of public Wi-Fi."""
    found = installed_of("public_wifi")
    assert found is not None
    return found


def add(town: Town, book: Book, number: str = "", **values: object) -> Entry:
    """One entry more, as its keeper adds it."""
    return wifi().actions.add(town.ctx("ledger_keeper"), book, AddEntry(site(**values), number))  # type: ignore[arg-type]  # JSON


def browser(
    town: Town, role: str = "ledger_keeper", office: str = "own", *, of: Town | None = None
) -> Client:
    """Somebody signed in."""
    client = Client()
    sign_in(client, (of or town).account(role, office))
    return client


def body(response: HttpResponse | Any, status: int = 200) -> str:  # Any: what a test client gives
    """The page, once it has answered as expected."""
    assert response.status_code == status, (response.status_code, response.content[:400].decode())
    return str(response.content.decode())
