"""Names on a sheet stand beside their marks, and never over one another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yakuba.services.maps.printing.naming import LINE, Names, _wide


@given(
    st.lists(
        st.tuples(st.floats(-10, 110), st.floats(-10, 90), st.text("見本 abc館", max_size=30)), max_size=60
    )
)
def test_no_name_lies_over_another_or_beyond_the_edge(points: list[tuple[float, float, str]]) -> None:
    names = Names(100, 80)
    for x, y, text in points:
        names.add(x, y, text)
    rects = [(one.x, one.y, one.x + _wide(one.text), one.y + LINE) for one in names.placed]
    assert all(a >= 0 and b >= 0 and c <= 100 and d <= 80 for a, b, c, d in rects)
    for at, one in enumerate(rects):
        for other in rects[at + 1 :]:
            apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            assert apart
    inside = sum(bool(text.strip()) and 0 <= x <= 100 and 0 <= y <= 80 for x, y, text in points)
    assert len(names.placed) + names.crowded == inside


def test_what_finds_no_room_is_counted() -> None:
    names = Names(100, 80)
    for _turn in range(6):
        names.add(50, 40, "見本小学校")
    assert (len(names.placed), names.crowded) == (4, 2)
