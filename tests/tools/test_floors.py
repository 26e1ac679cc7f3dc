"""The picture of the house follows the import contracts."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tools import floors


def test_the_contracts_are_read_from_the_top_to_the_ground() -> None:
    layers = floors.contracts()
    house = [layer.modules for layer in layers["yakuba"]]
    assert house[1:3] == [("demo", "serving"), ("portal", "desk")]
    assert house[-1] == ("kernel",)
    assert layers["yakuba.kernel"][-1].modules == ("ids",)


def test_every_room_of_a_contract_is_drawn_once() -> None:
    layers = floors.contracts()
    texts = [
        element.text
        for element in ET.fromstring(floors.picture(layers)).iter()
        if element.tag.endswith("text")
    ]
    rooms = [room for layer in layers["yakuba.kernel"] for room in layer.modules]
    assert rooms
    assert [texts.count(room) for room in rooms] == [1] * len(rooms)


def test_a_room_that_is_not_built_is_dashed() -> None:
    layers = {"yakuba": [floors.Layer(("no_such_floor",))]}
    assert 'class="ground later"' in floors.picture(layers)
