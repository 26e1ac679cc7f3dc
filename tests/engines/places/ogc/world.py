"""A town with a released layer of every kind of property, read through its API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.engines.places.specimens import told
from tests.world import Town, make_town
from yakuba.engines.places import store
from yakuba.engines.places.actions import release_layer, upload_layer
from yakuba.engines.places.models import UploadedFeature, UploadedLayer
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.actions import NoData

Json = Any  # Any: JSON of the API

KINDS = (
    ("name", "text", "public"),
    ("status", "choice", "public"),
    ("height", "number", "public"),
    ("count", "integer", "public"),
    ("lit", "yes_no", "public"),
    ("day", "date", "public"),
    ("seen", "moment", "public"),
    ("year", "fiscal_year", "public"),
    ("limit", "integer", "public"),
    ("memo", "text", "internal"),
    ("owner", "text", "personal"),
)
DEFINITION = {
    "format": 1,
    "fields": [
        {
            "key": key,
            "kind": kind,
            "label": f"項目{key}",
            "classification": classification,
            "required": False,
            **({"options": {"options": [["ok", "良好"], ["broken", "故障"]]}} if kind == "choice" else {}),
        }
        for key, kind, classification in KINDS
    ],
}
PLACES = [
    Shape.point(139.8, 36.3),
    Shape.point(139.81, 36.31),
    Shape.from_geojson({"type": "LineString", "coordinates": [[139.8, 36.4], [139.9, 36.5]]}),
    Shape.from_geojson(
        {"type": "Polygon", "coordinates": [[[139.5, 36.5], [139.6, 36.5], [139.5, 36.6], [139.5, 36.5]]]}
    ),
    Shape.point(138.0, 35.0),
]


def values(number: int) -> dict[str, Json]:
    """Of one invented street light; every third is unknown in most things."""
    if number % 3 == 2:
        return {"name": f"見本{number}", "owner": "架空 太郎"}
    return {
        "name": f"見本{number}",
        "status": "ok" if number % 2 else "broken",
        "height": f"{number}.5",
        "count": number,
        "lit": number % 2 == 0,
        "day": f"2024-04-{number + 1:02d}",
        "seen": f"2024-04-{number + 1:02d}T00:00:00+00:00",
        "year": 2020 + number,
        "limit": number,
        "owner": "手本 花子",
    }


@dataclass
class Site:
    """The town, its layer, and a reader of its API."""

    town: Town
    layer: UploadedLayer
    client: Client

    @property
    def key(self) -> str:
        """The layer's key: the collection's id."""
        return str(self.layer.state.key)

    def get(self, path: str = "", accept: str = "", desk: bool = False, **query: str) -> HttpResponse:
        """An answer; ``bbox_crs`` stands for ``bbox-crs``."""
        address = f"/api/v1/{self.town.ref.code}/{'desk/' if desk else ''}ogc/{path}"
        headers = {"Accept": accept} if accept else {}
        asked = {name.replace("_", "-"): value for name, value in query.items()}
        found: HttpResponse = self.client.get(address, asked, headers=headers)
        return found

    def json(self, path: str = "", **query: str) -> Json:
        """A document."""
        found = self.get(path, **query)
        assert found.status_code == 200, found.content.decode()
        return found.json()

    def items(self, **query: str) -> Json:
        """A page of the layer's features."""
        return self.json(f"collections/{self.key}/items", **query)

    def names(self, **query: str) -> list[str]:
        """What the features of a page are called, by number."""
        return sorted(
            one["properties"]["name"].removeprefix("見本") for one in self.items(**query)["features"]
        )

    def refused(self, path: str | None = None, **query: str) -> Json:
        """The problem of a refused page of features."""
        found = self.get(f"collections/{self.key}/items" if path is None else path, **query)
        assert found.status_code == 400, found.content.decode()
        assert found["Content-Type"] == "application/problem+json"
        return found.json()


def make_site(code: str = "990019", name: str = "みほん市") -> Site:
    """Six features, of which one is nowhere."""
    town = make_town(code, name)
    town.account("staff")  # made with the town, not in a test that is undone
    features = [(place, values(number)) for number, place in enumerate(PLACES)]
    edition = store.load(town.ctx("map_keeper"), features, DEFINITION, source="見本.geojson")
    UploadedFeature(municipality_id=town.ref.id, edition=edition, properties=values(5)).save(
        force_insert=True
    )
    layer = upload_layer(town.ctx("map_keeper"), None, told(town, edition))
    release_layer(town.ctx("map_keeper"), layer.state, NoData())
    return Site(town, layer, Client())
