"""Cross tables: they add to initiatives that are known, and make none."""

from __future__ import annotations

from collections.abc import Sequence

from yakuba.services.plan.reading import model
from yakuba.services.plan.reading.blocks import Block, Paper
from yakuba.services.plan.reading.cross import recognise
from yakuba.services.plan.reading.mentions import Found, Mention, Scope

TITLES = ("窓口の予約", "地図の公開", "職員の研修", "回線の更新", "文書の電子化", "防災の知らせ")


def known(tags: Sequence[str] = (), numbers: bool = True) -> Found:
    """Six initiatives under two goals; the named ones carry a tag without values."""
    found = Found(nodes=[model.Node(("1",), "便利な窓口の実現"), model.Node(("2",), "身軽で確かな仕事")])
    for number, title in enumerate(TITLES, 1):
        initiative = model.Initiative(
            year=0,
            number=str(number) if numbers else "",
            title=title,
            source=None,
            tags={"推進計画": ()} if title in tags else {},
            items=(model.Item("①", "画面を作る"),) if number == 1 else (),
        )
        found.mentions.append(Mention(Scope(), initiative, number, "fact-sheet"))
    return found


def paper(*rows: tuple[str, ...]) -> Paper:
    return Paper(
        "mihon.txt",
        "text",
        tuple(Block(line, row, table=int(len(row) > 1)) for line, row in enumerate(rows, 1)),
    )


def told(found: Found) -> dict[str, tuple[dict[str, tuple[str, ...]], list[tuple[str, ...]]]]:
    return {
        one.initiative.title: (dict(one.initiative.tags), [place.path for place in one.initiative.placements])
        for one in found.mentions
    }


MATRIX = (
    ("表1-2. 取組の一覧",),
    ("基本目標", "", "取組名", "分野（総合計画）", "SDGs"),
    ("便利な窓口", "確かな仕事", "", "", ""),
    ("○", "", "1 窓口の予約", "①市民 ②行革", "③ ⑯"),
    ("○", "○", "2 地図の公開", "④基盤", "11"),
    ("", "○", "3 職員の研修", "②行革", "4"),
    ("", "○", "4", "回線の更新", "②行革", "9"),
    ("○", "○", "5", "文書の電子化", "②行革", "9"),
)


def test_marks_under_goals_and_words_under_heads():
    found = recognise(paper(*MATRIX), [known()])
    assert told(found) == {
        "窓口の予約": ({"分野": ("①市民", "②行革"), "SDGs": ("3", "16")}, [("1",)]),
        "地図の公開": ({"分野": ("④基盤",), "SDGs": ("11",)}, [("1",), ("2",)]),
        "職員の研修": ({"分野": ("②行革",), "SDGs": ("4",)}, [("2",)]),
        "回線の更新": ({"分野": ("②行革",), "SDGs": ("9",)}, [("2",)]),
        "文書の電子化": ({"分野": ("②行革",), "SDGs": ("9",)}, [("1",), ("2",)]),
    }
    assert not any(one.alone for one in found.mentions)
    assert not any(place.primary for one in found.mentions for place in one.initiative.placements)
    assert found.claimed == set(range(8))
    assert found.mentions[1].initiative.sources["tags.SDGs"].cell == 5


def test_marks_of_a_row_that_lost_a_cell_are_not_read_and_said():
    rows = (*MATRIX[:6], ("○", "4", "回線の更新", "②行革", "9"), MATRIX[7])
    found = recognise(paper(*rows), [known()])
    assert told(found)["回線の更新"] == ({"分野": ("②行革",), "SDGs": ("9",)}, [])
    assert [(one.code, one.line) for one in found.warnings] == [("shifted-marks", 7)]
    assert "4" in found.warnings[0].text


def test_a_goal_that_does_not_exist_is_said():
    rows = (*MATRIX[:3], ("○", "", "1 窓口の予約", "①市民", "⑱"), *MATRIX[4:])
    found = recognise(paper(*rows), [known()])
    assert [(one.code, one.line) for one in found.warnings] == [("odd-content", 4)]


def test_columns_of_goals_to_the_right_of_the_title():
    found = recognise(
        paper(
            ("取組", "SDGs", "", ""),
            ("", "目標9", "目標11", "目標16"),
            ("窓口の予約", "●", "", "●"),
            ("地図の公開", "", "●", ""),
            ("職員の研修", "", "", "●"),
        ),
        [known(numbers=False)],
    )
    assert {title: tags["SDGs"] for title, (tags, _) in told(found).items()} == {
        "窓口の予約": ("9", "16"),
        "地図の公開": ("11",),
        "職員の研修": ("16",),
    }


LIST = (
    ("推進の項目", "取組"),
    ("【重点の項目】", ""),
    ("(1)手続の電子化", "1.窓口の予約\n・画面を作る\n・別のこと\n2.地図の公開"),
    ("(2)人を育てる", "3. 職員の研修（再掲）"),
    ("", "4.回線の更新"),
)


def test_a_programmes_points_become_values_of_the_tag_that_its_initiatives_carry():
    found = recognise(paper(*LIST), [known(TITLES[:4])])
    assert [(one.initiative.title, dict(one.initiative.tags)) for one in found.mentions] == [
        ("窓口の予約", {"推進計画": ("(1)手続の電子化",)}),
        ("地図の公開", {"推進計画": ("(1)手続の電子化",)}),
        ("職員の研修", {"推進計画": ("(2)人を育てる",)}),
        ("回線の更新", {"推進計画": ("(2)人を育てる",)}),
    ]
    assert [(one.line, one.text) for one in found.unplaced] == [(3, "・別のこと")]
    # A heading between the points finds its place elsewhere, or none.
    assert found.claimed == {0, 2, 3, 4}


def test_without_such_a_tag_the_head_names_it():
    found = recognise(paper(*LIST), [known()])
    assert {key for one in found.mentions for key in one.initiative.tags} == {"推進の項目"}


def test_other_tables_are_left_alone():
    other = (
        ("年度", "出来事"),
        ("令和5年度", "窓口の予約"),
        ("令和6年度", "見直し"),
        ("令和7年度", "次の計画"),
        ("令和8年度", "終わり"),
    )
    found = recognise(paper(*other), [known()])
    assert (found.mentions, found.claimed) == ([], set())
    claimed = known()
    claimed.claimed |= set(range(8))
    assert recognise(paper(*MATRIX), [claimed]).mentions == []
    assert recognise(paper(*MATRIX), [Found()]).mentions == []


def test_a_number_with_another_title_is_another_initiative():
    rows = (
        ("番号", "取組", "分野"),
        ("1", "公園の草刈り", "緑"),
        ("2", "橋の塗装", "道"),
        ("3", "川の見回り", "水"),
        ("4", "文書の電子化", "庁内"),
    )
    assert recognise(paper(*rows), [known()]).mentions == []


def test_large_tables_take_bounded_time():
    many = Found()
    for number in range(1_000):
        initiative = model.Initiative(
            year=0, number=str(number), title=f"取組{number}の名前と説明", source=None
        )
        many.mentions.append(Mention(Scope(), initiative, number, "x"))
    rows = [(f"取組{number}の知らない説明", "○", "語", "別の語") for number in range(1_500)]
    recognise(paper(*rows), [many])
