"""The tree of plain numbered headings above fact sheets whose numbers go on from theirs."""

from __future__ import annotations

from yakuba.services.plan.reading import Reading, read_document
from yakuba.services.plan.reading.blocks import Block, Paper
from yakuba.services.plan.reading.prefixes import numbered_goals


def sheets(*heads: str) -> Reading:
    """Sheets below lines: a head with a number such as 1-1 has a sheet, others are headings."""
    text = "いりえ市計画\n\n計画期間 令和6年度～令和8年度\n\n"
    for head in heads:
        text += f"{head}\n"
        if "－" in head:
            text += "担当課\t市民課\n目的\t待たずに済むようにします。\n概要\t予約を受けます。\n令和6年度\t令和7年度\t令和8年度\n検討\t実施\t→\n\n"
    return read_document(text.encode(), "plan.txt")


def test_numbers_tell_below_which_heading_a_sheet_stands():
    reading = sheets("１　くらし", "１－１　窓口", "１－２　教室", "２　しごと", "２－１　会議")
    assert [(node.path, node.title) for node in reading.nodes] == [(("1",), "くらし"), (("2",), "しごと")]
    assert [one.placements[0].path for one in reading.initiatives] == [("1",), ("1",), ("2",)]
    assert reading.unplaced == ()


def test_a_sheet_without_its_heading_places_none():
    reading = sheets("１　くらし", "１－１　窓口", "２－１　会議")
    assert [one.placements for one in reading.initiatives] == [(), ()]


def test_the_nearest_heading_of_a_number_counts():
    lines = ("1 はじめに", "1 くらし", "1-1 窓口", "2 しごと", "2-1 会議")
    paper = Paper("plan.txt", "text", tuple(Block(line, (text,)) for line, text in enumerate(lines, 1)))
    goals = numbered_goals(paper, [(2, "1-1"), (4, "2-1")], {2, 4})
    assert {path: node.title for path, node in goals.nodes.items()} == {("1",): "くらし", ("2",): "しごと"}
    assert goals.path_at(2) == ("1",)
    assert goals.path_at(4) == ("2",)


def test_marks_of_other_kinds_tell_nothing():
    lines = ("(ア) くらし", "① 窓口", "② 会議")
    paper = Paper("plan.txt", "text", tuple(Block(line, (text,)) for line, text in enumerate(lines, 1)))
    assert numbered_goals(paper, [(1, "①"), (2, "②")], {1, 2}).nodes == {}
