"""What the public sees of a ledger is a copy that the worker keeps: public fields of public entries, and nobody under 支援措置."""

from __future__ import annotations

import pytest

from tests.engines.ledger.worlds import open_book, site
from tests.engines.protection.specimens import hold
from tests.world import Town
from yakuba.engines.ledger.actions.books import ArrangeBook, arrange_book
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry, ChangeMany, MoveEntry
from yakuba.engines.ledger.declaration import layer_key
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.ledger.released import ReleasedBook, ReleasedEntry
from yakuba.engines.places import layers
from yakuba.engines.places.actions import SetStyle, set_style
from yakuba.engines.places.models import LayerState
from yakuba.kernel.actions import Missing, Problem
from yakuba.kernel.outbox import running
from yakuba.kernel.outbox import store as outbox

pytestmark = pytest.mark.django_db
WIFI = installed_of("public_wifi")
assert WIFI is not None
KEY = layer_key("public_wifi")


def work_off() -> None:
    """What the worker does."""
    while leased := outbox.claim(10, ("desk",)):
        for one in leased:
            running.run(one)


def release(town: Town, book: Book, *, released: bool = True) -> None:
    book.refresh_from_db()
    data = ArrangeBook("own-1", True, released, "出典を示せば自由に使えます。")
    arrange_book(town.ctx("ledger_secretariat"), book, data)
    work_off()


def opened(town: Town, book: Book, **more: object) -> Entry:
    keeper = town.ctx("ledger_keeper")
    entry = WIFI.actions.add(keeper, book, AddEntry(site(device="見本製 AP", **more)))
    entry = WIFI.actions.move(keeper, entry, MoveEntry("open"))
    work_off()
    return entry


def copies() -> dict[str, ReleasedEntry]:
    return {one.title: one for one in ReleasedEntry.unscoped.all()}


def test_public_fields_of_public_entries_are_copied_and_follow_every_change(mihon: Town) -> None:
    book, keeper = open_book(mihon), mihon.ctx("ledger_keeper")
    there = opened(mihon, book)
    assert not copies(), "nothing of a book that is not released"
    release(mihon, book)
    copy = copies()["見本公民館"]
    assert copy.pk == there.pk
    assert copy.place == there.place
    assert copy.number == ""
    assert "device" not in copy.properties
    assert copy.properties["ssid"] == "Mihon_Free"
    row = ReleasedBook.unscoped.get()
    assert (row.count, row.office, row.box) == (1, "見本課", [139.1, 36.4, 139.1, 36.4])
    WIFI.actions.change(keeper, there, ChangeEntry({"ssid": "Mihon_2"}, {}))
    opened(mihon, book, name="別の公民館")
    assert copies()["見本公民館"].properties["ssid"] == "Mihon_2"
    assert ReleasedBook.unscoped.get().count == 2
    there.refresh_from_db()
    WIFI.actions.move(keeper, there, MoveEntry("pause", reason="工事のため"))
    work_off()
    assert list(copies()) == ["別の公民館"], "a site that is closed is no site to go to"
    release(mihon, book, released=False)
    assert not copies()
    assert not ReleasedBook.unscoped.exists()


def test_releasing_asks_for_terms(mihon: Town) -> None:
    book = open_book(mihon)
    with pytest.raises(Problem) as told:
        arrange_book(mihon.ctx("ledger_secretariat"), book, ArrangeBook("own-1", True, True))
    assert told.value.field == "terms"


def test_what_a_hold_stops_does_not_come_out(mihon: Town) -> None:
    book = open_book(mihon)
    there = opened(mihon, book)
    held = hold(mihon)
    held.subject_kind, held.subject_id = "public_wifi", there.pk
    held.save()
    release(mihon, book)
    assert not copies()


def test_many_rows_at_once_are_copied_too(mihon: Town) -> None:
    book = open_book(mihon)
    release(mihon, book)
    rows = [
        {"id": "", "version": 0, "values": {**site(name=f"見本{n}"), "state": "open"}} for n in range(210)
    ]
    WIFI.actions.many(mihon.ctx("ledger_keeper"), book, ChangeMany(rows))
    work_off()
    assert ReleasedBook.unscoped.get().count == len(copies()) == 210


def test_the_layers_show_each_what_he_may_see(mihon: Town, karina: Town) -> None:
    book = open_book(mihon)
    there = opened(mihon, book)
    with pytest.raises(Missing):
        layers.find(mihon.ctx("public"), KEY)
    with pytest.raises(Missing):
        layers.find(mihon.ctx("staff", "other"), KEY)
    kept = layers.find(mihon.ctx("ledger_keeper"), KEY)
    assert [one.pk for one in kept.features(mihon.ctx("ledger_keeper"))] == [there.pk]
    names = [one.key for one in kept.properties(mihon.ctx("ledger_keeper"))]
    assert names[:3] == ["number", "state", "name"]
    assert "place" not in names
    before = kept.version(mihon.ctx("ledger_keeper"))
    release(mihon, book)
    public = layers.find(mihon.ctx("public"), KEY)
    assert [one.pk for one in public.features(mihon.ctx("public"))] == [there.pk]
    assert "device" not in [one.key for one in public.properties(mihon.ctx("public"))]
    assert public.attribution == "みほん市 見本課"
    assert public.terms
    assert layers.find(mihon.ctx("staff", "other"), KEY).key == KEY, "the book is open to all staff now"
    WIFI.actions.change(mihon.ctx("ledger_keeper"), there, ChangeEntry({"ssid": "Mihon_3"}, {}))
    assert layers.find(mihon.ctx("ledger_keeper"), KEY).version(mihon.ctx("ledger_keeper")) > before
    with pytest.raises(Missing):
        layers.find(karina.ctx("public"), KEY)


def test_a_style_by_what_is_not_public_stays_inside_to_the_names_of_its_classes(mihon: Town) -> None:
    book = open_book(mihon)
    opened(mihon, book)
    release(mihon, book)
    state = LayerState.unscoped.get(key=KEY)
    style = {"by": "device", "classes": [["見本製 AP", "#d55e00", "見本製の古い機器"]], "colour": "#009e73"}
    set_style(mihon.ctx("map_keeper"), state, SetStyle(style))
    assert layers.find(mihon.ctx("staff"), KEY).style == style
    for seen in (layers.find(mihon.ctx("public"), KEY), *layers.layers(mihon.ctx("public"))):
        assert seen.style == {"colour": "#009e73"}
