"""Where fact sheets stand in the tree: below headings, in a printed tree's leaves, or nowhere that is clear."""

from __future__ import annotations

from collections.abc import Sequence

from tests.services.plan.reading.test_sheets import paper
from yakuba.services.plan.reading.mentions import Found
from yakuba.services.plan.reading.sheets import recognise

TREE = (
    ("基本方針Ⅰ　便利なまち",),
    ("　施策１　窓口の電子化",),
    ("　　取組１　窓口の予約",),
    ("　　取組２　地図の公開",),
    ("　施策２　人の育成",),
    ("　　取組３　職員の研修",),
    ("基本方針Ⅱ　確かな仕事",),
    ("　施策３　回線の整備",),
    ("　　取組４　回線の更新",),
)
TITLES = ("窓口の予約", "地図の公開", "職員の研修", "回線の更新")
PATHS = [("Ⅰ", "１"), ("Ⅰ", "１"), ("Ⅰ", "２"), ("Ⅱ", "３")]


def card(number: int, *rows: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A sheet below a line with its number and title."""
    return [
        ("",),
        (f"取組{number}　{TITLES[number - 1]}",),
        ("担当課", "市民課"),
        ("現状・課題", f"{number}つ目の課題です。"),
        *rows,
    ]


def cards(*labels: str, of: Sequence[int] = (1, 2, 3, 4)) -> list[tuple[str, ...]]:
    """Sheets that all have rows with these labels, each with a sentence of its own."""
    return [
        row
        for number in of
        for row in card(number, *((label, f"{label}の{number}を進めます。") for label in labels))
    ]


def paths(found: Found) -> list[tuple[str, ...]]:
    """Where each sheet stands; () where nothing is said."""
    return [next((place.path for place in one.initiative.placements), ()) for one in found.mentions]


def test_a_sentence_under_a_levels_word_is_the_sheets_own_text():
    found = recognise(paper(*cards("取組の方向性")), ())
    assert [one.initiative.texts["approach"] for one in found.mentions] == [
        f"取組の方向性の{number}を進めます。" for number in (1, 2, 3, 4)
    ]
    assert (found.levels, found.nodes, paths(found)) == ((), [], [()] * 4)


def test_a_direction_without_a_full_stop_that_differs_on_every_sheet_is_a_text_too():
    rows = [row for number in (1, 2, 3) for row in card(number, ("取組の方向性", f"{number}番目に広げる"))]
    found = recognise(paper(*rows), ())
    assert [one.initiative.texts["approach"] for one in found.mentions] == [
        f"{number}番目に広げる" for number in (1, 2, 3)
    ]
    assert found.nodes == []


def test_the_same_sentence_on_every_sheet_is_no_node():
    rows = [row for number in (1, 2, 3) for row in card(number, ("取組の方向性", "順に電子化を進めます。"))]
    found = recognise(paper(*rows), ())
    assert [one.initiative.texts["approach"] for one in found.mentions] == ["順に電子化を進めます。"] * 3
    assert found.nodes == []


def test_a_text_beside_another_of_its_field_keeps_its_label():
    found = recognise(paper(*cards("取組内容", "取組の方向性")), ())
    assert found.mentions[0].initiative.texts["approach"] == (
        "取組内容の1を進めます。\n取組の方向性：取組の方向性の1を進めます。"
    )


def test_directions_that_several_sheets_share_are_a_level():
    rows: list[tuple[str, ...]] = []
    for number, direction in enumerate(("便利な窓口", "便利な窓口", "確かな仕事", "確かな仕事"), 1):
        rows += card(number, ("取組内容", "始める。"), ("取組の方向性", direction))
    found = recognise(paper(*rows), ())
    assert paths(found) == [("便利な窓口",), ("便利な窓口",), ("確かな仕事",), ("確かな仕事",)]


def test_the_leaves_of_a_printed_tree_place_the_sheets():
    found = recognise(paper(*TREE, *cards("取組の方向性")), ())
    assert found.levels == ("基本方針", "施策")
    assert paths(found) == PATHS
    first = found.mentions[0].initiative
    assert (first.sources["placements[0]"].line, first.sources["placements[0]"].rule) == (3, "sheet-tree")
    # The tree is read with its leaves: nothing of it is left.
    assert set(range(len(TREE))) <= found.claimed
    assert found.warnings == []


def test_leaves_may_have_points_and_page_numbers():
    tree = [(row[0].replace("取組", "・取組") + (" …… 12" if "取組" in row[0] else ""),) for row in TREE]
    assert paths(recognise(paper(*tree, *cards("取組内容")), ())) == PATHS


def test_a_tree_without_its_leaves_says_nothing_of_the_sheets_below_it():
    tree = [row for row in TREE if "取組" not in row[0]]
    found = recognise(paper(*tree, *cards("取組内容")), ())
    assert paths(found) == [()] * 4
    assert len(found.nodes) == 5
    assert [one.code for one in found.warnings] == ["place-unknown"]
    assert "1、2、3、4" in found.warnings[0].text


def test_a_sheet_that_the_tree_does_not_list_is_not_placed_by_its_last_line():
    tree = [row for row in TREE if "地図" not in row[0]]
    assert paths(recognise(paper(*tree, *cards("取組内容")), ())) == [PATHS[0], (), *PATHS[2:]]


def test_headings_above_the_sheets_count_more_than_the_tree():
    body = [
        ("基本方針Ⅱ　確かな仕事",),
        ("施策３　回線の整備",),
        *cards("取組内容", of=(1,)),
        ("",),
        ("基本方針Ⅰ　便利なまち",),
        ("施策１　窓口の電子化",),
        *cards("取組内容", of=(2, 3, 4)),
    ]
    assert paths(recognise(paper(*TREE, *body), ())) == [("Ⅱ", "３"), *[("Ⅰ", "１")] * 3]


def test_headings_of_the_last_level_alone_go_back_to_their_nodes_in_the_tree():
    tree = [row for row in TREE if "取組" not in row[0]]
    body = [
        ("施策１　窓口の電子化",),
        *cards("取組内容", of=(1, 2)),
        ("施策２　人の育成",),
        *cards("取組内容", of=(3,)),
        ("施策３　回線の整備",),
        *cards("取組内容", of=(4,)),
    ]
    assert paths(recognise(paper(*tree, *body), ())) == PATHS


def test_a_sheets_own_cell_names_its_node():
    tree = [row for row in TREE if "取組" not in row[0]]
    names = ("施策１　窓口の電子化", "施策１　窓口の電子化", "人の育成", "施策３　回線の整備")
    rows: list[tuple[str, ...]] = []
    for number, name in enumerate(names, 1):
        rows += card(number, ("取組内容", "始める。"), ("施策の方向性", name.replace("施策", "")))
    found = recognise(paper(*tree, *rows), ())
    assert paths(found) == PATHS
    assert found.unplaced == []


def test_a_levels_cell_that_says_something_else_is_kept():
    rows = [
        ("基本目標1　便利なまち",),
        *card(1, ("取組内容", "始める。"), ("基本目標", "便利なまち")),
        *card(2, ("取組内容", "始める。"), ("基本目標", "別のまち")),
    ]
    found = recognise(paper(*rows), ())
    assert paths(found) == [("1",), ("1",)]
    assert [one.text for one in found.unplaced] == ["基本目標 別のまち"]


def test_many_headings_before_many_sheets_take_time_in_proportion():
    rows: list[tuple[str, ...]] = [(f"基本目標{at % 97}　目標{at}",) for at in range(5_000)]
    for number in range(1, 1_200):
        rows += [
            ("",),
            (f"取組{number}　題名{number}",),
            ("担当課", "市民課"),
            ("内容", "始める。"),
            ("基本目標", f"目標{number}"),
        ]
    found = recognise(paper(*rows), ())
    assert len(found.mentions) == 1_199


def test_a_node_without_leaves_at_the_trees_end_heads_no_sheet():
    tree = [*TREE[:-1], ("　施策４　ほかの仕事",)]
    found = recognise(paper(*tree, *cards("取組内容")), ())
    assert paths(found) == [*PATHS[:3], ()]


def test_a_cell_with_the_levels_word_or_its_code_alone_names_its_node():
    rows: list[tuple[str, ...]] = [("基本目標1　便利なまち",), ("基本目標2　確かな仕事",)]
    for number, name in enumerate(("1", "基本目標2　確かな仕事", "便利なまち", "2"), 1):
        rows += card(number, ("取組内容", "始める。"), ("基本目標", name))
    found = recognise(paper(*rows), ())
    assert paths(found) == [("1",), ("2",), ("1",), ("2",)]
    assert (found.levels, found.unplaced) == (("基本目標",), [])
