"""How each action of places is tried in the permission matrix, and layers to try things on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.places import rules, store
from yakuba.engines.places.actions import (
    ChangeFeature,
    ChangeLayer,
    ReplaceLayer,
    SetStyle,
    UploadLayer,
    WithdrawLayer,
    release_layer,
    upload_layer,
)
from yakuba.engines.places.models import LayerEdition, LayerState, UploadedFeature, UploadedLayer
from yakuba.engines.places.shapes import Shape
from yakuba.kernel.actions import NoData
from yakuba.kernel.fields import PUBLIC

COLUMNS = (("name", "text"), ("種別", "text"), ("height", "number"), ("count", "integer"), ("lit", "yes_no"))


def lamp(number: int, lon: float = 139.8, lat: float = 36.3) -> store.Given:
    """An invented street light."""
    values = {"name": f"見本{number}", "f2": "街路灯", "height": f"{number}.5", "count": number, "lit": True}
    return Shape.point(lon + number * 0.0001, lat), values


def loaded(town: Town, features: Sequence[store.Given] = (), role: str = "map_keeper") -> LayerEdition:
    """Features under an edition that is on no map yet."""
    definition = rules.definition(COLUMNS, PUBLIC)
    return store.load(
        town.ctx(role), features or [lamp(1), lamp(2), lamp(3)], definition, source="見本.geojson"
    )


def told(town: Town, edition: LayerEdition, **facts: str) -> UploadLayer:
    """What is said of a new layer."""
    said = {
        "label": "街路灯",
        "office": str(town.offices["own"].pk),
        "classification": "public",
        "attribution": "みほん市",
        "terms": "CC BY 4.0",
    }
    return UploadLayer(str(edition.pk), **{**said, **facts})


def layer(town: Town, features: Sequence[store.Given] = (), **facts: str) -> UploadedLayer:
    """A layer on the internal map."""
    edition = loaded(town, features)
    return upload_layer(town.ctx("map_keeper"), None, told(town, edition, **facts))


def released(town: Town, features: Sequence[store.Given] = (), **facts: str) -> UploadedLayer:
    """A layer that everybody sees."""
    made = layer(town, features, **facts)
    release_layer(town.ctx("map_keeper"), made.state, NoData())
    return UploadedLayer.unscoped.select_related("state", "edition").get(pk=made.pk)


def state(town: Town) -> LayerState:
    """Of a layer that is not released."""
    return layer(town).state


def shown(town: Town) -> LayerState:
    """Of a layer that is."""
    return released(town).state


def again(town: Town, _subject: Any) -> ReplaceLayer:
    return ReplaceLayer(str(loaded(town).pk))


SPECIMENS = {
    "places.upload_layer": Specimen(
        subject=lambda _town: None, data=lambda town, _subject: told(town, loaded(town))
    ),
    "places.change_feature": Specimen(
        subject=layer,
        data=lambda _town, subject: ChangeFeature(
            str(UploadedFeature.unscoped.filter(edition=subject.edition).first().pk),
            {"type": "Point", "coordinates": [139.81, 36.31]},
            {"name": "見本灯"},
        ),
    ),
    "places.change_layer": Specimen(
        subject=layer,
        data=lambda town, _subject: ChangeLayer("街灯", str(town.offices["other"].pk), "internal"),
    ),
    "places.replace_layer": Specimen(subject=layer, data=again),
    "places.set_style": Specimen(
        subject=state, data=lambda _town, _subject: SetStyle({"colour": "#0017c1", "by": "name"})
    ),
    "places.release_layer": Specimen(subject=state, data=lambda _town, _subject: NoData()),
    "places.withdraw_layer": Specimen(
        subject=shown, data=lambda _town, _subject: WithdrawLayer("内容を確かめるため")
    ),
}
