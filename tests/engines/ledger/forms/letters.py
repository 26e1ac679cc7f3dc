"""A letter of public Wi-Fi for tests; the pack itself declares none."""

from __future__ import annotations

from django.db.models import Q

from tests.engines.ledger.worlds import open_book, site
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.forms.actions import PrintLetters
from yakuba.engines.ledger.forms.declaring import Addressee, Form
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.registering import installed_of
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files import store as files

WIFI = installed_of("public_wifi")
assert WIFI is not None
FORM = Form(
    "renewal",
    "更新のお知らせ",
    "公衆無線LANの更新について",
    addressee=lambda site: Addressee("例示 太郎", site.address, "000-0000"),
    body=lambda site, day: f"{site.name}の更新期限が近づいています。\n見本課までご連絡ください。",
    candidates=lambda _ctx: Q(use="shelter", state="planned"),
    sets="renewal",
)


def declare() -> None:
    """Once for the whole run: no page and no other test asks which letters public Wi-Fi has."""
    object.__setattr__(WIFI.ledger, "forms", (FORM,))


def _book(town: Town) -> Book:
    declare()
    book = open_book(town)
    WIFI.actions.add(town.ctx("ledger_keeper"), book, AddEntry(site()))
    return book


def _data(_town: Town, book: Book) -> PrintLetters:
    ids = [str(pk) for pk in WIFI.ledger.model.unscoped.filter(book=book).values_list("pk", flat=True)]
    return PrintLetters("renewal", japan_date(clock.now()), ids, 0, files.put(b"%PDF-1.7"))


SPECIMENS = {"ledger.print_letters": Specimen(_book, _data)}
