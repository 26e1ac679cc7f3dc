"""How each action of the book is tried in the permission matrix."""

from __future__ import annotations

import io
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.plan.forms import document, initiative
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.files import store as files
from yakuba.services.plan import actions
from yakuba.services.plan.book import actions as book
from yakuba.services.plan.book import template_sheets
from yakuba.services.plan.book.templates import SHIPPED
from yakuba.services.plan.models import Book, BookTemplate, Edition

_CONTENT = SHIPPED["one-table"].to_json()


def _edition(town: Town) -> Edition:
    given = document([initiative("1", "電子申請の拡大", values=["75手続"])])
    given["municipality"] = {"code": town.ref.code, "name": town.ref.name}
    return actions.import_document(town.ctx("cli"), None, actions.ImportDocument(given))


def _published(town: Town) -> Edition:
    return actions.publish_edition(town.ctx("cli"), _edition(town), actions.PublishEdition())


def _new(_town: Town, _subject: None) -> book.AddBookTemplate:
    return book.AddBookTemplate("見本", "book", _CONTENT, files.put(b"PK\x05\x06" + b"\0" * 18), "見本.xlsx")


def _template(town: Town) -> BookTemplate:
    return book.add_book_template(town.ctx("cli"), None, _new(town, None))


def _ordered(town: Town) -> Book:
    order = book.OrderBook("standard", "pdf", uuid4().hex)
    return book.order_book(town.ctx("cli"), _published(town), order)


def _made(town: Town) -> Book:
    done = book.FinishBook(files.put(b"%PDF-1.7 sample"), "冊子.pdf")
    return book.finish_book(town.ctx("cli"), _ordered(town), done)


def _desk(address: str, **data: str) -> object:
    def send(client: Client, town: Town, subject: object) -> HttpResponse:
        place = address.format(getattr(subject, "pk", ""))
        version = {"version": str(subject.version)} if hasattr(subject, "version") else {}
        return client.post(f"/{town.ref.code}/desk/plan/{place}", {**version, **data})

    return send


def _upload(client: Client, town: Town, _subject: None) -> HttpResponse:
    file = io.BytesIO(template_sheets.write(SHIPPED["one-table"]))
    file.name = "見本.xlsx"
    data = {"kind": "book", "name": "見本", "file": file}
    return client.post(f"/{town.ref.code}/desk/plan/book-templates/", data)


BOOK = {
    "plan.add_book_template": Specimen(lambda _t: None, _new, page=_upload),
    "plan.choose_book_template": Specimen(
        _template, lambda _t, _s: NoData(), page=_desk("book-templates/{}/choose/")
    ),
    "plan.retire_book_template": Specimen(
        _template, lambda _t, _s: NoData(), page=_desk("book-templates/{}/retire/")
    ),
    "plan.order_book": Specimen(
        _edition, lambda _t, _s: book.OrderBook("standard", "pdf", uuid4().hex, draft=True)
    ),
    "plan.finish_book": Specimen(_ordered, lambda _t, _s: book.FinishBook(message="作れません。")),
    "plan.release_book": Specimen(_made, lambda _t, _s: NoData(), page=_desk("books/{}/release/")),
    "plan.forget_book": Specimen(_made, lambda _t, _s: NoData()),
}
