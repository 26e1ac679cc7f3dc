"""No public path gives away where a site is whose looting is feared: the portal reads its own tables, and none of them knows."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from tests.engines.ledger.test_releasing import release, work_off
from tests.packs.buried_heritage.rows import RING, ROWS
from tests.packs.inherited import book_in
from tests.world import Town
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry, MoveEntry
from yakuba.engines.ledger.declaration import layer_key
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.released import ReleasedEntry
from yakuba.engines.places import layers
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.town.records import Side
from yakuba.packs.buried_heritage.ledger import HERITAGE
from yakuba.packs.buried_heritage.models import Remains

pytestmark = pytest.mark.django_db
NUMBERS = {str(number) for point in RING for number in point}


def told(value: object) -> str:
    return str(value.geojson()) if isinstance(value, Shape) else str(value)


def known_to_the_portal() -> str:
    """Every value of every table that the portal owns."""
    tables = [one for one in apps.get_models() if getattr(one, "side", None) is Side.PORTAL]
    assert ReleasedEntry in tables
    rows = (row for table in tables for row in manager(table).all())
    return " ".join(told(getattr(row, field.attname)) for row in rows for field in row._meta.concrete_fields)


def manager(table: type[models.Model]) -> models.Manager[models.Model]:
    return getattr(table, "unscoped", None) or table._default_manager


def listed(town: Town, **values: object) -> Entry:
    keeper = town.ctx("ledger_keeper")
    data = AddEntry({**ROWS[0], **values})  # type: ignore[arg-type]  # JSON
    entry = HERITAGE.actions.add(keeper, book_in(town, HERITAGE), data)
    return HERITAGE.actions.move(keeper, entry, MoveEntry("list", document="みほん教文第1号"))


def test_the_portal_knows_the_cell_alone(mihon: Town) -> None:
    entry = listed(mihon)
    release(mihon, book_in(mihon, HERITAGE))
    copy = ReleasedEntry.unscoped.get()
    assert copy.place == Remains.unscoped.get().public_place
    text = known_to_the_portal()
    assert "見本塚古墳" in text
    assert not [number for number in NUMBERS if number in text]
    assert "塚越" not in text, "the address too is the office's alone"

    # A site whose fear came up later is drawn anew, and one that is open shows what the look above would have found.
    change = ChangeEntry({"looting": False}, {})
    HERITAGE.actions.change(mihon.ctx("ledger_keeper"), entry, change)
    work_off()
    assert all(number in known_to_the_portal() for number in NUMBERS)
    entry.refresh_from_db()
    change = ChangeEntry({"looting": True}, {})
    HERITAGE.actions.change(mihon.ctx("ledger_keeper"), entry, change)
    work_off()
    text = known_to_the_portal()
    assert not [number for number in NUMBERS if number in text]


def test_the_layers_of_the_public_and_of_staff(mihon: Town) -> None:
    listed(mihon)
    release(mihon, book_in(mihon, HERITAGE))
    public = layers.find(mihon.ctx("public"), layer_key("buried_heritage"))
    keys = {one.key for one in public.properties(mihon.ctx("public"))}
    assert keys == {"name", "kana", "kind", "period", "designation"}
    (shown,) = public.features(mihon.ctx("public"))
    assert shown.place == Remains.unscoped.get().public_place
    desk = layers.find(mihon.ctx("ledger_keeper"), layer_key("buried_heritage"))
    (kept,) = desk.features(mihon.ctx("ledger_keeper"))
    assert kept.place.geojson()["coordinates"][0][0] in RING
