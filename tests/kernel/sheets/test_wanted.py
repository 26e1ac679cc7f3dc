"""Changes of many rows as one action gets them: their shape, and where a refusal stands."""

from __future__ import annotations

from typing import Any

import pytest

from yakuba.kernel.actions import Missing, Problem, Problems, Stale
from yakuba.kernel.sheets.wanted import Wanted, placed, wanted

ROW = "01890000-0000-7000-8000-000000000001"


def test_a_row_comes_changes_or_goes() -> None:
    given = [
        {"id": "", "row": {"title": "新しい行"}},
        {"id": ROW.upper(), "version": 3, "row": {}},
        {"id": "01890000-0000-7000-8000-000000000002", "version": 1, "remove": True},
    ]
    new, changed, gone = wanted(given, "row", most=3, keys=("title",))
    assert new == Wanted("", 0, {"title": "新しい行"}, remove=False)
    assert (changed.id, changed.version, changed.remove) == (ROW, 3, False)
    assert gone.remove


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {},
        [1],
        [{}],
        [{"id": 5}],
        [{"id": "なにか"}],
        [{"id": "", "version": True}],
        [{"id": "", "version": "1"}],
        [{"id": "", "row": []}],
        [{"id": "", "row": {"secret": 1}}],
        [{"id": ROW}, {"id": ROW.upper()}],
        [{"id": ""}] * 4,
    ],
)
def test_anything_else_is_refused(given: Any) -> None:
    with pytest.raises(Problem) as refused:
        wanted(given, "row", most=3, keys=("title",))
    assert (refused.value.code, refused.value.field) == ("shape", "changes")


def test_a_row_is_changed_only_as_it_was_read() -> None:
    change = Wanted(ROW, 2, {}, remove=False)
    change.demand(2)
    with pytest.raises(Stale):
        change.demand(3)
    with pytest.raises(Missing):
        change.demand(None)
    Wanted("", 0, {}, remove=False).demand(None)


def test_a_refusal_names_the_place_of_its_change() -> None:
    both = Problems([Problem("a", "ひとつ", field="title"), Stale(2, 1)])
    assert [(one.field, one.status) for one in placed(both, 4)] == [("4.title", 422), ("4.", 409)]
