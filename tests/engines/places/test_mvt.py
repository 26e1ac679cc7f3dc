"""What is written into a tile, and which tiles a process keeps."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import shapely
from hypothesis import given
from hypothesis import settings as properties
from hypothesis import strategies as st

from yakuba.engines.places.tiles import keeping, mvt


@properties(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.lists(
                st.tuples(st.integers(-64, 4160), st.integers(-64, 4160)), min_size=1, max_size=4, unique=True
            ),
            st.dictionaries(
                st.text(min_size=1, max_size=5),
                st.text(max_size=5)
                | st.integers(-(2**40), 2**40)
                | st.floats(allow_nan=False)
                | st.booleans(),
                max_size=4,
            ),
        ),
        max_size=5,
    )
)
def test_what_is_written_is_read(features: list[tuple[list[tuple[int, int]], dict[str, Any]]]) -> None:
    writer = mvt.LayerWriter("層")
    for number, (pairs, tags) in enumerate(features):
        writer.add(number, mvt.POINT, mvt.points(pairs), tags.items())
    found = mapbox_vector_tile.decode(writer.finish(), default_options={"y_coord_down": True})
    assert [one["properties"] for one in found.get("層", {"features": []})["features"]] == [
        tags for _pairs, tags in features
    ]
    for (pairs, _tags), one in zip(features, found.get("層", {"features": []})["features"], strict=True):
        shape = shapely.geometry.shape(one["geometry"])
        assert [(x, y) for x, y in shapely.get_coordinates(shape).astype(int).tolist()] == pairs


def test_the_process_keeps_no_more_than_it_may() -> None:
    kept = keeping.Kept(10)
    kept.put(1, b"12345")
    kept.put(2, b"12345")
    assert kept.get(1) == b"12345"
    kept.put(3, b"1234")
    assert kept.get(2) is None
    assert (kept.get(1), kept.get(3)) == (b"12345", b"1234")
    kept.put(1, b"1")
    kept.put(4, b"12345")
    assert kept.get(3) == b"1234"
