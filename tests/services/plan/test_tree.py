"""The tree by hand: nodes come, go, move and change their codes, and every place in it follows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.plan.forms import document, initiative
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.kernel.search.models import DeskRow
from yakuba.services.plan import queries, tree
from yakuba.services.plan.actions import (
    AddNode,
    EditNode,
    ImportDocument,
    MoveNode,
    NameLevels,
    RemoveNode,
    add_node,
    edit_node,
    import_document,
    move_node,
    name_levels,
    remove_node,
)
from yakuba.services.plan.models import Edition, Initiative, Placement

LEVELS = ("柱", "施策")


def nodes() -> list[dict[str, Any]]:
    """1 (1-1, 1-2) · 2 (2-1) · 3; the last without a code."""
    found = [(["1"], "市民"), (["1", "1-1"], "手続"), (["1", "1-2"], "窓口")]
    found += [(["2"], "行政"), (["2", "2-1"], "業務"), (["安全"], "安全")]
    return [{"path": path, "title": title, "text": None} for path, title in found]


def paths(changed: tree.Changed) -> list[str]:
    return ["/".join(node["path"]) for node in changed.nodes]


# --- pure ----------------------------------------------------------------------------------------------------------------


def test_a_new_node_stands_at_the_end_of_its_parents() -> None:
    found = tree.add(nodes(), ("1",), "1-3", "情報発信", None, LEVELS)
    assert paths(found) == ["1", "1/1-1", "1/1-2", "1/1-3", "2", "2/2-1", "安全"]
    assert paths(tree.add(nodes(), (), "", "将来", None, LEVELS))[-1] == "将来"


def test_a_renamed_code_takes_everything_under_it_along() -> None:
    found = tree.edit(nodes(), ("1",), "I", "市民サービス", "本文")
    assert paths(found)[:3] == ["I", "I/1-1", "I/1-2"]
    assert found.nodes[0]["text"] == "本文"
    assert tree.moved(["1", "1-2"], found.moves) == ["I", "1-2"]
    assert tree.moved(["2", "1"], found.moves) == ["2", "1"]


def test_a_node_without_a_code_stands_under_its_title() -> None:
    assert tree.code_of(nodes()[5]) == ""
    found = tree.edit(nodes(), ("安全",), "", "安全の確保", None)
    assert paths(found)[-1] == "安全の確保"
    assert found.moves == {("安全",): ("安全の確保",)}


@pytest.mark.parametrize(
    ("path", "steps", "order"),
    [
        (("2",), -1, ["2", "2/2-1", "1", "1/1-1", "1/1-2", "安全"]),
        (("1",), 1, ["2", "2/2-1", "1", "1/1-1", "1/1-2", "安全"]),
        (("1", "1-1"), 1, ["1", "1/1-2", "1/1-1", "2", "2/2-1", "安全"]),
        (("1",), -1, ["1", "1/1-1", "1/1-2", "2", "2/2-1", "安全"]),
        (("2", "2-1"), 1, ["1", "1/1-1", "1/1-2", "2", "2/2-1", "安全"]),
    ],
)
def test_a_node_changes_places_with_its_neighbour(path: tree.Path, steps: int, order: list[str]) -> None:
    assert paths(tree.shift(nodes(), path, steps)) == order


def test_a_node_goes_under_another_parent() -> None:
    found = tree.hang(nodes(), ("1", "1-2"), ("2",), LEVELS)
    assert paths(found) == ["1", "1/1-1", "2", "2/2-1", "2/1-2", "安全"]
    assert tree.moved(["1", "1-2", "x"], found.moves) == ["2", "1-2", "x"]
    assert paths(tree.hang(nodes(), ("1", "1-2"), (), LEVELS))[-1] == "1-2"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda: tree.add(nodes(), ("1",), "1-1", "別の手続", None, LEVELS), "code"),
        (lambda: tree.add(nodes(), (), "", "安全", None, LEVELS), "title"),
        (lambda: tree.add(nodes(), ("1", "1-1"), "x", "深すぎる", None, LEVELS), "parent"),
        (lambda: tree.add(nodes(), ("9",), "x", "親がない", None, LEVELS), "path"),
        (lambda: tree.edit(nodes(), ("1",), "2", "市民", None), "code"),
        (lambda: tree.hang(nodes(), ("1",), ("1", "1-1"), LEVELS), "parent"),
        (lambda: tree.hang(nodes(), ("1",), ("2",), LEVELS), "parent"),
    ],
)
def test_what_a_tree_cannot_be(change: Any, field: str) -> None:
    with pytest.raises(Problem) as refused:
        change()
    assert refused.value.field == field


def test_what_stands_under_a_node_keeps_it_there() -> None:
    with pytest.raises(Problem) as parent:
        tree.remove(nodes(), ("1",), lambda _path: [])
    assert "「1-1 手続」「1-2 窓口」" in parent.value.message
    with pytest.raises(Problem) as placed:
        tree.remove(nodes(), ("安全",), lambda _path: ["15 外部監査"])
    assert "「15 外部監査」" in placed.value.message
    assert paths(tree.remove(nodes(), ("安全",), lambda _path: []))[-1] == "2/2-1"


# --- the actions ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def edition(mihon: Town) -> Edition:
    rows = [
        initiative("1", "電子申請", placements=[
            {"path": ["1", "1-1"], "primary": True}, {"path": ["2", "2-1"], "primary": False},
        ]),
        initiative("2", "書かない窓口", placements=[{"path": ["1", "1-2"], "primary": True}]),
        initiative("3", "業務の見直し", placements=[{"path": ["2", "2-1"], "primary": True}]),
    ]  # fmt: skip
    given = document(rows)
    given["levels"], given["nodes"] = list(LEVELS), nodes()
    made = import_document(mihon.ctx("cli"), None, ImportDocument(given))
    Edition.unscoped.update(state="published")
    return Edition.unscoped.get(pk=made.pk)


def places(edition: Edition) -> dict[str, list[tuple[str, bool]]]:
    """Each initiative's places, and whether each hangs on the node of its path."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for one in Placement.unscoped.filter(initiative__edition=edition).order_by("initiative", "position"):
        hangs = one.node is not None and one.node.path == one.path
        found.setdefault(one.initiative.number, []).append(("/".join(one.path), hangs))
    return found


@pytest.mark.django_db
def test_places_follow_a_renamed_code_in_the_same_action(mihon: Town, edition: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    versions = dict(Initiative.unscoped.values_list("number", "version"))
    edit_node(ctx, edition, EditNode(["1"], "市民サービス", "ア"), expected_version=edition.version)
    assert places(edition) == {
        "1": [("ア/1-1", True), ("2/2-1", True)],
        "2": [("ア/1-2", True)],
        "3": [("2/2-1", True)],
    }
    now = dict(Initiative.unscoped.values_list("number", "version"))
    assert (now["1"], now["2"], now["3"]) == (versions["1"] + 1, versions["2"] + 1, versions["3"])
    edition.refresh_from_db()
    assert edition.state == "draft"
    texts = DeskRow.unscoped.values_list("texts", flat=True)
    assert sum("ア 市民サービス ＞ 1-" in text for text in texts) == 2, "the search knows the new code"


@pytest.mark.django_db
def test_a_node_with_a_new_title_is_found_by_it(mihon: Town, edition: Edition) -> None:
    """No place has another path, so no initiative gets a new version; all under the node are found by its new title."""
    versions = dict(Initiative.unscoped.values_list("number", "version"))
    edit_node(
        mihon.ctx("plan_secretariat"),
        edition,
        EditNode(["1"], "くらしの便利", "1"),
        expected_version=edition.version,
    )
    assert dict(Initiative.unscoped.values_list("number", "version")) == versions
    texts = DeskRow.unscoped.values_list("texts", flat=True)
    assert sum("1 くらしの便利 ＞ 1-" in text for text in texts) == 2


@pytest.mark.django_db
def test_a_document_read_again_with_another_title_of_a_node_is_found_by_it(
    mihon: Town, edition: Edition
) -> None:
    found = queries.document(edition, "990019", "みほん市")
    found["nodes"][0]["title"] = "くらしの便利"
    import_document(mihon.ctx("cli"), None, ImportDocument(found))
    texts = DeskRow.unscoped.values_list("texts", flat=True)
    assert sum("くらしの便利" in text for text in texts) == 2


@pytest.mark.django_db
def test_places_hang_on_their_nodes_after_every_change(mihon: Town, edition: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    add_node(ctx, edition, AddNode("情報発信", ["1"], "1-3"))
    move_node(ctx, edition, MoveNode(["2"], "up"))
    move_node(ctx, edition, MoveNode(["1", "1-2"], "under", ["2"]))
    remove_node(ctx, edition, RemoveNode(["安全"]))
    assert places(edition) == {
        "1": [("1/1-1", True), ("2/2-1", True)],
        "2": [("2/1-2", True)],
        "3": [("2/2-1", True)],
    }
    found = queries.document(Edition.unscoped.get(pk=edition.pk), "990019", "みほん市")
    assert [node["path"] for node in found["nodes"]] == [
        ["2"], ["2", "2-1"], ["2", "1-2"], ["1"], ["1", "1-1"], ["1", "1-3"],
    ]  # fmt: skip
    with pytest.raises(Problem) as refused:
        remove_node(ctx, edition, RemoveNode(["2", "1-2"]))
    assert "「2 書かない窓口」" in refused.value.message


@pytest.mark.django_db
def test_levels_have_as_many_names_as_the_tree_is_deep(mihon: Town, edition: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    with pytest.raises(Problem) as refused:
        name_levels(ctx, edition, NameLevels(["柱"]))
    assert refused.value.field == "levels"
    name_levels(ctx, edition, NameLevels(["基本目標", "基本施策", "事業"]))
    add_node(ctx, edition, AddNode("細かい", ["1", "1-1"], "a"))
    edition.refresh_from_db()
    assert edition.levels == ["基本目標", "基本施策", "事業"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [["9"], "1", [1]])
def test_a_path_that_is_none(mihon: Town, edition: Edition, path: Any) -> None:
    with pytest.raises(Problem):
        remove_node(mihon.ctx("plan_secretariat"), edition, RemoveNode(path))
