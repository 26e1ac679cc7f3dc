"""Entries over HTTP: the list with its filters and pages, one entry with its ETag, writing with If-Match."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.services.ledgers.worlds import add, browser, open_book, site
from tests.world import Town, make_town
from yakuba.engines.ledger.models import Book, Note
from yakuba.engines.ledger.records import Entry
from yakuba.services.ledgers import queries

pytestmark = pytest.mark.django_db
ALL = "/api/v1/990019/desk/ledgers/public_wifi/entries"


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with everybody who comes into it."""
    made = make_town("990019", "みほん市")
    for role in ("ledger_keeper", "ledger_reader", "staff"):
        made.account(role)
    return made


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """The book of its office."""
    return open_book(town)


@pytest.fixture
def entry(town: Town, book: Book) -> Entry:
    """An entry in it."""
    return add(town, book)


@pytest.fixture
def client(town: Town) -> Client:
    """Its keeper's program."""
    return browser(town)


def said(answer: Any, status: int = 200) -> Any:  # Any: JSON
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def sent(
    client: Client, method: str, path: str, body: object, version: int | None = None
) -> Any:  # Any: an answer
    more = {"headers": {"If-Match": f'"{version}"'}} if version is not None else {}
    return client.generic(method, path, json.dumps(body), content_type="application/json", **more)  # type: ignore[arg-type]  # headers


def test_pages_follow_one_another(
    client: Client, town: Town, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for n in range(5):
        add(town, book, name=f"見本{n}", use="tourism" if n else "public")
    found, address = [], f"{ALL}?filter.use=tourism&sort=-number"
    while address:
        page = said(client.get(address))
        found += [row["values"]["name"] for row in page["items"]]
        assert page["count"] == 4
        address = page["next"]
    assert found == ["見本4", "見本3", "見本2", "見本1"]
    assert said(client.get(f"{ALL}?use=tourism"), 400)["field"] == "use"


def test_one_entry_is_made_read_and_changed(client: Client, book: Book) -> None:
    made = said(sent(client, "POST", ALL, {"values": site(), "number": "紙-12", "reason": "移行"}))
    assert (made["number"], made["states"], made["held"]) == ("紙-12", {"state": "planned"}, False)
    here = f"{ALL}/{made['id']}"
    answer = client.get(here)
    assert answer["ETag"] == f'"{made["version"]}"'
    assert said(answer)["values"]["place"] == {"type": "Point", "coordinates": [139.1, 36.4]}
    body = {
        "values": {"hours": "終日"},
        "lines": {"outages": [{"id": "", "version": 0, "entry": {"day": "2026-05-01"}}]},
    }
    assert sent(client, "PATCH", here, body).status_code == 428
    changed = said(sent(client, "PATCH", here, body, made["version"]))
    assert changed["values"]["hours"] == "終日"
    assert changed["lines"]["outages"][0]["entry"]["day"] == "2026-05-01"
    assert said(sent(client, "PATCH", here, body, made["version"]), 409)["type"].endswith("stale")
    wrong = said(sent(client, "PATCH", here, {"values": {"disaster": "はい"}}, changed["version"]), 422)
    assert [one["field"] for one in wrong["errors"]] == ["disaster"]


def test_moves_and_notes(client: Client, entry: Entry) -> None:
    here = f"{ALL}/{entry.pk}"
    refused = said(sent(client, "POST", f"{here}/moves", {"step": "drop"}, entry.version), 422)
    assert refused["field"] == "reason"
    moved = said(sent(client, "POST", f"{here}/moves", {"step": "open", "day": "2026-05-01"}, entry.version))
    assert moved["states"] == {"state": "open"}
    said(sent(client, "POST", f"{here}/notes", {"kind": "call", "text": "開始を知らせた。"}))
    assert Note.unscoped.get(entry=entry.pk).text == "開始を知らせた。"


def test_who_only_reads_writes_nothing(town: Town, book: Book, entry: Entry) -> None:
    here, reader = f"{ALL}/{entry.pk}", browser(town, "ledger_reader")
    assert said(reader.get(here))["number"] == entry.number
    for method, path, body in (
        ("POST", ALL, {"values": site()}),
        ("PATCH", here, {"values": {"hours": "終日"}}),
        ("POST", f"{here}/moves", {"step": "open"}),
        ("POST", f"{here}/notes", {"kind": "call", "text": "見本"}),
    ):
        assert sent(reader, method, path, body, entry.version).status_code == 403
    assert browser(town, "staff").get(here).status_code == 404
    assert Client().get(here).status_code == 401
    unknown = {"values": site(), "owner": "例示"}
    assert sent(browser(town), "POST", ALL, unknown).status_code == 400
