"""Tables of more than 2,000 rows: staged in chunks, written at once by statements over what is staged, indexed in chunks."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.engines.ledger.exchange.sheets import HEADS, WIFI, checked, confirmed, csv, site_row, worker
from tests.engines.ledger.worlds import open_book, site
from tests.world import Town, make_town
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry
from yakuba.engines.ledger.exchange.actions import staging
from yakuba.engines.ledger.exchange.actions.importing import (
    ConfirmImport,
    MatchImport,
    confirm_import,
    match_import,
)
from yakuba.engines.ledger.models import Amendment, Batch, Book, Counter, Staged
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.search.queries import search
from yakuba.kernel.trail.models import TrailEntry, TrailPayload

ROWS = 2100
COLUMNS = [*HEADS, "緯度", "経度", "施設ID"]


def wide(number: int, **more: object) -> list[object]:
    """A row with a place and its number."""
    numbered = f"K{number}" if number % 2 else ""
    return [*site_row(number, **more), f"36.{4000 + number}", "139°06′00″", numbered]


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    return make_town("990019", "みほん市")


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """With two entries; the first has a number that the counter comes to."""
    made = open_book(town)
    ctx = town.ctx("ledger_keeper")
    WIFI.actions.add(ctx, made, AddEntry(site(name="元からある"), number="W0002"))
    WIFI.actions.add(ctx, made, AddEntry(site(name="見本公民館1", ssid="Mihon_Free"), number="K1"))
    return made


@pytest.fixture(scope="module")
def done(town: Town, book: Book) -> Batch:
    """A table with a wrong row, taken in."""
    data = csv([COLUMNS, *(wide(n) for n in range(1, ROWS)), wide(ROWS, 区分="城")])
    batch = checked(town, book, data, by=["number"], system=6668)
    assert batch.counts == {"change": 1, "new": ROWS - 2, "wrong": 1}
    return confirmed(town, batch, without_wrong=True)


@pytest.mark.django_db
def test_all_rows_are_entries_as_if_they_had_been_typed(town: Town, book: Book, done: Batch) -> None:
    assert (done.state, done.step, done.trouble) == ("done", ROWS - 1, "")
    ctx = town.ctx("ledger_keeper")
    found = {one.name: one for one in queries.entries(ctx, WIFI.ledger)}
    assert len(found) == ROWS
    typed = WIFI.actions.add(ctx, book, AddEntry(site(name="手で加えた")))
    # The counter went on past W0002, which was taken.
    assert typed.number == f"W{(ROWS - 1) // 2 + 2:04}"
    assert [found[f"見本公民館{n}"].number for n in (2, 3, 4)] == ["W0001", "K3", "W0003"]
    one = found["見本公民館1000"]
    assert (one.use, one.disaster, one.renewal, one.state) == (
        "shelter",
        True,
        dt.date(2027, 3, 31),
        "planned",
    )
    assert (one.version, one.more, one.number_order[:2]) == (1, {}, "2w")
    west, south, _east, _north = one.place.bounds
    assert (round(west, 6), round(south, 6)) == (139.1, 36.5)
    one.refresh_from_db()
    plain = {name: getattr(one, name) for name in ("west", "south", "cell", "rank")}
    one.save()
    one.refresh_from_db()
    assert plain == {name: getattr(one, name) for name in plain}


@pytest.mark.django_db
def test_what_was_here_changed(town: Town, done: Batch) -> None:
    changed = WIFI.ledger.model.unscoped.get(number="K1")
    assert (changed.address, changed.version) == ("みほん市見本町1番地", 2)
    assert queries.as_of(town.ctx("ledger_keeper"), changed, clock.today())["renewal"] == "2027-03-31"


@pytest.mark.django_db
def test_history_index_and_trail_have_it(town: Town, book: Book, done: Batch) -> None:
    ctx = town.ctx("ledger_keeper")
    one = WIFI.ledger.model.unscoped.get(name="見本公民館1000")
    (amendment,) = Amendment.unscoped.filter(entry=one.pk)
    assert (amendment.values["name"], amendment.values["state"]) == ("見本公民館1000", "planned")
    assert amendment.by == done.by_whom
    assert queries.as_of(ctx, one, clock.today())["place"]["type"] == "Point"
    hits = search(town.ref.id, "見本公民館1000", visibility="internal", kinds=["public_wifi"]).hits
    assert [hit.id for hit in hits] == [one.pk]
    entry = TrailEntry.unscoped.get(action="ledger.write_import")
    assert (entry.on_behalf_of, entry.subject_label) == (done.by_whom, "台帳.xlsx")
    text = TrailPayload.unscoped.get(entry=entry).text
    assert one.pk.hex in text
    assert "見本町" not in text
    assert not Staged.unscoped.filter(batch=done).exists()
    assert Counter.unscoped.get(book=book).last > 0


@pytest.mark.django_db
def test_a_change_meanwhile_is_looked_at_again(
    town: Town, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yakuba.engines.ledger.exchange.actions.importing.MOST", 1)
    ctx = town.ctx("ledger_keeper")
    entry = WIFI.actions.add(ctx, book, AddEntry(site(), number="Z1"))
    rows = [["施設ID", "名称"], ["Z1", "表の名称"]]
    batch = checked(town, book, csv([*rows, ["W0002", "表の名称2"]]))
    assert batch.counts == {"change": 2}
    confirm_import(ctx, batch, ConfirmImport())
    WIFI.actions.change(ctx, entry, ChangeEntry({"name": "同僚の名称"}, {}))
    batch.refresh_from_db()
    assert batch.state == "writing"
    before = Amendment.unscoped.count()
    batch = staging.write_out(worker(town), batch)
    assert (batch.state, batch.counts) == ("checked", {"change": 2})
    assert "もう一度確かめて" in batch.trouble
    assert Amendment.unscoped.count() == before
    confirm_import(ctx, batch, ConfirmImport())
    batch.refresh_from_db()
    assert staging.write_out(worker(town), batch).state == "done"
    entry.refresh_from_db()
    assert (entry.name, entry.version) == ("表の名称", 3)


@pytest.mark.django_db
def test_what_was_broken_off_is_swept(town: Town, book: Book) -> None:
    batch = checked(town, book, csv([HEADS, site_row(7001)]))
    ctx = worker(town)
    assert staging.sweep(ctx, clock.now()) == 0
    assert staging.sweep(ctx, clock.now() + staging.KEPT + dt.timedelta(hours=1)) >= 1
    batch.refresh_from_db()
    assert (batch.state, batch.file) == ("stopped", None)
    assert not Staged.unscoped.filter(batch=batch).exists()


@pytest.mark.django_db
def test_a_large_table_is_read_by_the_worker(town: Town, book: Book) -> None:
    batch = Batch.unscoped.create(
        municipality_id=town.ref.id, book=book, name="大.csv", state="matching", heads=["名称"], steps=2001,
        begun_at=clock.now(), touched_at=clock.now(),
    )  # fmt: skip
    match_import(town.ctx("ledger_keeper"), batch, MatchImport(["name"], []))
    waiting = OutboxMessage.unscoped.filter(handler="ledger.read_import").values_list("payload", flat=True)
    assert {"batch": str(batch.pk)} in waiting
