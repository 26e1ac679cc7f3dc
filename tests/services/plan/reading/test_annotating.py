"""Struck words, comments and hidden rows of a paper, brought to the initiatives that were read from it."""

from __future__ import annotations

from dataclasses import replace

from tests.services.plan.reading import samples
from yakuba.services.plan.reading import Reading, dumps, from_document, to_document
from yakuba.services.plan.reading.annotating import annotated
from yakuba.services.plan.reading.blocks import Block, Paper
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.model import Doubt, FieldSource, Initiative
from yakuba.services.plan.reading.reader import readings_of

PAPER = replace(open_paper(samples.TWO_PAGES.encode(), "plan.txt"), container="xlsx")


def place(number: str, text: str) -> tuple[int, int]:
    """Where the paper prints a text in an initiative's row: the block's index, and the cell's place from 0."""
    for at, block in enumerate(PAPER.blocks):
        if block.table and block.cells[0].split()[0:1] == [number] and text in block.cells:
            return at, block.cells.index(text)
    raise AssertionError(text)


def marked(at: int, **marks: object) -> Paper:
    blocks = list(PAPER.blocks)
    blocks[at] = replace(blocks[at], **marks)  # type: ignore[arg-type]
    return replace(PAPER, blocks=tuple(blocks))


def read(paper: Paper) -> tuple[Reading, dict[str, Initiative]]:
    reading = readings_of(paper)[0]
    return reading, {one.number: one for one in reading.initiatives}


PLAIN = read(PAPER)[1]


def test_old_words_are_the_second_candidate_of_a_doubt():
    at, cell = place("1", "転入届の予約")
    _, found = read(marked(at, struck=((cell, "転入届の受付"),)))
    assert found["1"].title == "転入届の予約"
    (doubt,) = [one for one in found["1"].doubts if one.code == "struck"]
    assert (doubt.field, doubt.candidates) == ("title", ("転入届の予約", "転入届の受付"))
    assert "転入届の受付" in doubt.note
    assert found["1"].warnings == PLAIN["1"].warnings
    assert found["2"] == PLAIN["2"]


def test_a_value_and_a_text_know_their_old_words():
    at, cell = place("1", "約30件")
    _, coming = place("1", "令和8年度までに対象を広げる")
    _, found = read(marked(at, struck=((cell, "25件"), (coming, "令和7年度までに対象を広げる"))))
    doubts = {one.field: one.candidates for one in found["1"].doubts if one.code == "struck"}
    assert doubts == {
        "indicators[0].values[1].raw": ("約30件", "25件"),
        "texts.schedule": ("令和8年度までに対象を広げる", "令和7年度までに対象を広げる"),
    }


def test_old_words_of_a_cell_of_several_fields_are_no_candidate_of_one():
    at, cell = place("4", "①12人 ②81.5%")
    _, found = read(marked(at, struck=((cell, "①11人 ②80%"),)))
    doubts = [one for one in found["4"].doubts if one.code == "struck"]
    assert [one.field for one in doubts] == ["indicators[0].values[1].raw", "indicators[1].values[1].raw"]
    assert all("①11人 ②80%" in one.note and "①11人 ②80%" not in one.candidates for one in doubts)


def test_a_cell_that_holds_old_words_alone_is_said():
    at, cell = place("5", "数値なし")
    cells = tuple("" if number == cell else text for number, text in enumerate(PAPER.blocks[at].cells))
    _, found = read(marked(at, cells=cells, struck=((cell, "4回線"),)))
    assert any("取り消し線だけの欄" in one and "4回線" in one for one in found["5"].warnings)


def test_comments_and_hidden_rows_are_warnings_of_their_initiative():
    at, cell = place("1", "転入届の予約")
    _, found = read(marked(at, notes=((cell, "名前を確かめる"), (0, "番号も")), hidden=True))
    line = PAPER.blocks[at].line
    told = [one for one in found["1"].warnings if one not in PLAIN["1"].warnings]
    assert told == [
        f"コメントがあります({line}行目): 名前を確かめる",
        f"コメントがあります({line}行目): 番号も",
        f"表示されていない行から読みました({line}行目)。",
    ]
    assert found["3"].warnings == PLAIN["3"].warnings


def test_marks_without_an_initiative_are_warnings_of_the_plan():
    reading, found = read(marked(2, struck=((0, "旧計画"),), notes=((0, "表紙の注"),)))
    told = {one.code: one for one in reading.warnings if one.line == PAPER.blocks[2].line}
    assert "旧計画" in told["struck"].text
    assert "表紙の注" in told["comment"].text
    assert found == PLAIN


def test_many_marks_without_an_initiative_are_counted():
    more = tuple(Block(10_000 + number, ("",), notes=((0, f"注{number}"),)) for number in range(150))
    (reading,) = annotated(replace(PAPER, blocks=(*PAPER.blocks, *more)), readings_of(PAPER))
    told = [one for one in reading.warnings if one.code in {"comment", "more-marks"}]
    assert len(told) == 101
    assert "50件" in told[-1].text


def test_sources_without_a_cell_or_of_another_file_are_left_alone():
    at, cell = place("1", "転入届の予約")
    (reading,) = readings_of(PAPER)
    line = PAPER.blocks[at].line
    sources = {
        "title": FieldSource("other.xlsx", line, cell + 1, "head"),
        "texts.approach": FieldSource(PAPER.file, line, None, "head"),
    }
    one = replace(reading.initiatives[0], source=None, sources=sources)
    alone = replace(reading, initiatives=(one,))
    (found,) = annotated(marked(at, struck=((cell, "旧"),)), (alone,))
    assert found.initiatives == (one,)
    assert [warning.code for warning in found.warnings[len(alone.warnings) :]] == ["struck"]


def test_a_paper_without_marks_is_left_as_it_is():
    readings = readings_of(PAPER)
    assert annotated(PAPER, readings) == tuple(readings)


def test_doubts_and_warnings_survive_the_format():
    at, cell = place("1", "転入届の予約")
    reading, _ = read(marked(at, struck=((cell, "転入届の受付"),), notes=((cell, "確かめる"),)))
    document = to_document(reading, "999999", "みほん市")
    assert dumps(to_document(from_document(document), "999999", "みほん市")) == dumps(document)
    assert isinstance(reading.initiatives[0].doubts[-1], Doubt)
