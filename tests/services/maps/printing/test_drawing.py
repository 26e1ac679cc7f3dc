"""What comes onto a sheet: what lies on it and may be seen, counted in its class, and nothing left out unsaid."""

from __future__ import annotations

import re

import pytest
import shapely

from tests.engines.places.specimens import lamp, layer
from tests.engines.protection.specimens import hold
from tests.services.maps.worlds import KEY, released
from tests.world import Town
from yakuba.engines.places import layers as places
from yakuba.engines.places.actions import SetStyle, set_style
from yakuba.engines.places.layers import Layer
from yakuba.engines.places.shapes import Shape
from yakuba.engines.places.store import Given
from yakuba.packs.public_wifi.models import Site
from yakuba.services.maps.printing import drawing
from yakuba.services.maps.printing.drawing import Picture, draw
from yakuba.services.maps.printing.sheet import Sheet, system_of

pytestmark = pytest.mark.django_db


def sheet(lon: float = 139.8, lat: float = 36.3, scale: int = 2500) -> Sheet:
    return Sheet(lon, lat, scale, system_of("990019", lon, lat))


def drawn(town: Town, features: list[Given], style: dict[str, object] | None = None) -> Picture:
    row = layer(town, features)
    if style:
        set_style(town.ctx("map_keeper"), row.state, SetStyle(style))
    ctx = town.ctx("staff")
    return draw(ctx, [places.find(ctx, row.state.key)], sheet())


def area(number: int, geometry: shapely.Geometry) -> Given:
    return Shape.of(geometry), lamp(number)[1]


def test_classes_are_counted_and_what_belongs_to_none_has_a_line_of_its_own(mihon: Town) -> None:
    style = {
        "by": "count",
        "classes": [[1, "#0017c1", "いち"], [2, "#d55e00", "に"], [9, "#009e73", "きゅう"]],
    }
    picture = drawn(mihon, [lamp(1), lamp(2), lamp(3), lamp(99, lon=139.9)], style)
    assert [(line.look.word, line.count) for line in picture.layers[0].lines] == [
        ("いち", 1),
        ("に", 1),
        ("きゅう", 0),
        ("そのほか", 1),
    ]
    svg = picture.svg(sheet())
    assert svg.count('fill="#0017c1"') == svg.count('fill="#d55e00"') == 1
    assert picture.layers[0].count == 3, "what lies beside the sheet is not on it"


def test_yes_and_no_are_classes_as_on_the_screen(mihon: Town) -> None:
    style = {"by": "lit", "classes": [[True, "#0017c1", "点灯"], [False, "#d55e00", "消灯"]]}
    picture = drawn(mihon, [lamp(1), lamp(2)], style)
    assert [line.count for line in picture.layers[0].lines] == [2, 0]


def test_areas_below_lines_below_marks_with_holes_and_parts(mihon: Town) -> None:
    ground = shapely.Point(139.8, 36.3).buffer(0.0004, quad_segs=2)
    ring = ground.difference(shapely.Point(139.8, 36.3).buffer(0.0001, quad_segs=2))
    line = shapely.LineString([(139.799, 36.3), (139.801, 36.3)])
    far = shapely.box(140.5, 36.3, 140.6, 36.4)
    picture = drawn(mihon, [lamp(1), area(2, line), area(3, ring), area(4, far)])
    svg = picture.svg(sheet())
    first = [svg.index(word) for word in ("fill-rule", 'stroke-linecap="round"', "<g transform")]
    assert first == sorted(first)
    outline = re.search(r'<path d="([^"]+)" fill="#0072b2" fill-opacity', svg)
    assert outline is not None
    assert outline[1].count("M") == outline[1].count("Z") == 2, "the hole stays one"
    assert picture.layers[0].count == 3


def test_a_road_through_the_country_is_cut_at_the_sheet(mihon: Town) -> None:
    road = shapely.LineString([(138.0 + n / 1000, 36.3) for n in range(3000)])
    picture = drawn(mihon, [area(1, road)])
    assert picture.corners < 60
    assert picture.layers[0].count == 1


def test_too_many_are_told(mihon: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_FEATURES", 4)
    picture = drawn(mihon, [lamp(n) for n in range(1, 8)])
    assert (picture.layers[0].count, picture.layers[0].missing) == (4, 3)
    monkeypatch.setattr(drawing, "MOST_CORNERS", 2)
    picture = drawn(mihon, [lamp(n) for n in range(1, 4)])
    assert (picture.layers[0].count, picture.layers[0].missing) == (2, 1)


def test_an_entry_whose_output_is_stopped_goes_onto_no_paper(mihon: Town) -> None:
    released(mihon, 3)
    ctx = mihon.ctx("ledger_keeper")
    found: Layer = places.find(ctx, KEY)
    one = Site.unscoped.get(name="見本2番館")
    assert draw(ctx, [found], sheet(139.1, 36.4, 25_000)).layers[0].count == 3
    stop = hold(mihon)
    stop.subject_kind, stop.subject_id = one.ledger_key, one.pk
    stop.save()
    assert draw(ctx, [found], sheet(139.1, 36.4, 25_000)).layers[0].count == 2
