"""Layers and openings of maps, counted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engines.metrics.recomputed import Counted, Recomputed
from tests.packs.inherited import book_in
from tests.world import Town
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.released import ReleasedBook
from yakuba.engines.metrics.periods import Period
from yakuba.engines.places import layers
from yakuba.engines.places.models import LayerEdition, LayerState, UploadedLayer
from yakuba.engines.places.uploads import key_of
from yakuba.kernel.dates import clock
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.ids import uuid7
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.public_wifi.ledger import WIFI
from yakuba.packs.street_lights_mirrors.ledger import STREET
from yakuba.services.maps.models import LayerViews
from yakuba.services.maps.rasters import rasters
from yakuba.services.maps.rasters.models import RasterLayer

DAYS = [
    dt.date(2025, 3, 31), dt.date(2025, 4, 1), dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 31),
    dt.date(2026, 4, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 21), dt.date(2026, 11, 22),
]  # fmt: skip


class TestPublicLayers(Recomputed):
    """What everybody may see on the map: the metric says what the map itself offers."""

    key = "public_layer_kinds"
    examples = 6
    #: Per layer whether it is public: two uploads, two pictures (one of them not cut), three ledgers of which dogs have no place.
    histories = st.fixed_dictionaries(
        {
            "uploads": st.lists(st.booleans(), max_size=3),
            "pictures": st.lists(st.tuples(st.booleans(), st.booleans()), max_size=3),
            "ledgers": st.dictionaries(st.sampled_from(["wifi", "street", "dogs"]), st.booleans()),
        }
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        here = {"municipality_id": town.ref.id}
        now, office = clock.now(), town.offices["own"]
        for nth, released in enumerate(history["uploads"]):
            pk = uuid7()
            state = LayerState.unscoped.create(
                **here, key=key_of(pk), changes=1, released=released, released_at=now if released else None
            )
            edition = LayerEdition.unscoped.create(
                **here, state="ready", made_at=now, made_by="例示", definition={"format": 1, "fields": []},
                count=1, box=[139.0, 36.0, 139.1, 36.1],
            )  # fmt: skip
            UploadedLayer.unscoped.create(
                **here, pk=pk, label=f"層{nth}", office=office, classification="public", edition=edition, state=state
            )  # fmt: skip
        for nth, (cut, released) in enumerate(history["pictures"]):
            file = StoredFile.unscoped.create(
                **here, sha256=f"{town.ref.code}{nth}".ljust(64, "0"), name="a.pmtiles", size=1, created_at=now,
                content_type="application/octet-stream", file_class="public", retention_class="permanent",
            ) if cut else None  # fmt: skip
            RasterLayer.unscoped.create(
                **here, label=f"図{nth}", office=office, classification="public", sort="photo", width=1, height=1,
                state="ready" if cut else "placing", tiles=file, released=released and cut, made_at=now,
                made_by="例示", box=[139.0, 36.0, 139.1, 36.1],
            )  # fmt: skip
        for name, released in history["ledgers"].items():
            ledger = {"wifi": WIFI, "street": STREET, "dogs": DOGS}[name]
            book_in(town, ledger)
            if released:
                ReleasedBook.unscoped.create(**here, ledger=ledger.ledger.key, changed_at=now)

    def count(self, town: Town, period: Period) -> Counted:
        return self.offered(town, "public")

    def offered(self, town: Town, role: str) -> Counted:
        """What the map offers to somebody, layer by layer."""
        ctx = town.ctx(role)
        keys = [one.key for one in layers.layers(ctx)]
        found = {
            "ledgers": sum(key.startswith("ledger-") for key in keys),
            "uploads": sum(key.startswith("up-") for key in keys),
            "pictures": len(rasters(ctx)),
        }
        return Counted(Decimal(sum(found.values())), parts={key: Decimal(n) for key, n in found.items()})


class TestInternalLayers(TestPublicLayers):
    """What staff may see."""

    key = "internal_layer_kinds"

    def count(self, town: Town, period: Period) -> Counted:
        assert not Book.unscoped.filter(municipality=town.ref.id, open_to_staff=False).exists()
        return self.offered(town, "staff")


class TestViews(Recomputed):
    """Openings of the public map, by layer; layers that were files are one part."""

    key = "public_gis_views_year"
    examples = 8
    histories = st.dictionaries(
        st.tuples(
            st.sampled_from(["ledger-public-wifi", "ledger-gone", "up-1", "up-2"]), st.sampled_from(DAYS)
        ),
        st.integers(0, 50),
        max_size=12,
    )

    def tell(self, town: Town, history: Any) -> None:  # Any: as drawn
        for (layer, day), views in history.items():
            LayerViews.unscoped.create(municipality_id=town.ref.id, layer=layer, day=day, views=views)

    def count(self, town: Town, period: Period) -> Counted:
        found: dict[str, Decimal] = {}
        for one in LayerViews.unscoped.filter(municipality=town.ref.id):
            if period.first <= one.day <= period.last:
                key = one.layer if one.layer.startswith("ledger-") else "uploads"
                found[key] = found.get(key, Decimal(0)) + one.views
        return Counted(sum(found.values(), Decimal(0)), parts=found)


def test_parts_are_called_as_people_call_them() -> None:
    from yakuba.engines.metrics.declaring import METRICS

    views = METRICS.get("public_gis_views_year")
    assert views.name_of("ledger-public-wifi") == "公衆無線LAN"
    assert views.name_of("uploads") == "ファイルから作った層"
