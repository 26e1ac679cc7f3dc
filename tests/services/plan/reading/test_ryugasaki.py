"""Outline pages of a real city against facts that were written from the document by hand (`expected/`), and altered copies."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from tests.services.plan.reading import published
from tests.services.plan.reading.published import document
from yakuba.services.plan.reading import Reading, dumps, from_document, to_document
from yakuba.services.plan.reading.model import Initiative
from yakuba.services.plan.reading.reader import read_documents, readings_of
from yakuba.services.plan.reading.wording import squeeze

pytestmark = pytest.mark.plans
EXPECTED = Path(__file__).parent / "expected"


def facts(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def readings() -> tuple[Reading, ...]:
    return published.readings("ryugasaki.txt")


def alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, squeeze(one), squeeze(other), autojunk=False).ratio() >= 0.9


def titled(title: str, initiatives: Iterable[Initiative]) -> Initiative | None:
    """The initiative with that title, or the one most like it."""
    return next((one for one in initiatives if alike(one.title, title)), None)


def share(checks: Sequence[bool], invented: int) -> float:
    return sum(checks) / (len(checks) + max(0, invented))


def measures_right(reading: Reading) -> float:
    """The share of measures, flags and counts of points that a reading holds; each invented measure is one wrong."""
    checks: list[bool] = []
    rows = facts("ryugasaki_measures.csv")
    for row in rows:
        one = titled(row["title"], reading.initiatives)
        checks += [
            one is not None,
            one is not None and ("priority" in one.flags) == (row["priority"] == "yes"),
            one is not None and len(one.items) == int(row["items"]),
            one is not None and len(one.texts.get("target_state", ())) == int(row["target_states"]),
        ]
    return share(checks, len(reading.initiatives) - len(rows))


def past_right(reading: Reading) -> float:
    rows = facts("ryugasaki_past.csv")
    by_number = {squeeze(one.number): one for one in reading.initiatives}
    checks = []
    for row in rows:
        one = by_number.get(row["number"])
        checks += [
            one is not None and alike(one.title, row["title"]),
            one is not None and "result" in one.texts,
        ]
    return share(checks, len(reading.initiatives) - len(rows))


def test_two_plans_are_told_apart():
    own, former = readings()
    assert (own.plan.first_year, own.plan.last_year, former.plan.last_year) == (2023, 2026, 2022)
    assert "第5次" in own.plan.title
    assert "第4次" in former.plan.title


def test_measures_flags_and_points():
    own = readings()[0]
    assert measures_right(own) == 1
    assert [one.number for one in own.initiatives] == [
        row["number"] for row in facts("ryugasaki_measures.csv")
    ]
    assert sum(len(one.items) for one in own.initiatives) == 38
    assert sum("priority" in one.flags for one in own.initiatives) == 4
    assert not any(one.doubts for one in own.initiatives)


def test_pillars_are_nodes_and_chapters_are_not():
    own = readings()[0]
    assert own.levels == ("柱",)
    titles = {node.path: node.title for node in own.nodes if len(node.path) == 1}
    for one, row in zip(own.initiatives, facts("ryugasaki_measures.csv"), strict=True):
        assert titles[one.placements[0].path] == row["pillar"]
    assert {one.placements[0].path for one in own.initiatives} == {("1)",), ("2)",), ("3)",)}


def test_explanations_beside_the_points_are_no_points():
    text = document("ryugasaki.txt").decode().split("\n")
    points = {at for at, line in enumerate(text, 1) if line.startswith(("- ・", "- ◆", "◆"))}
    for one in readings()[0].initiatives:
        read = [source.line for path, source in one.sources.items() if path.startswith(("items", "texts"))]
        assert read
        assert set(read) <= points


def test_past_efforts():
    former = readings()[1]
    assert past_right(former) == 1
    for one, row in zip(former.initiatives, facts("ryugasaki_past.csv"), strict=True):
        path = [squeeze(step) for step in one.placements[0].path]
        wanted = [row["part"], *([row["group"]] if row["group"] else [])]
        assert path == [squeeze(step) for step in wanted]
        assert one.source is not None
        assert one.source.line == int(row["line"])


def test_a_row_that_wraps_keeps_its_words():
    wrapped = titled("電子母子手帳サービス", readings()[1].initiatives)
    assert wrapped is not None
    assert re.search(r"をはか\s?りながら", str(wrapped.texts["approach"]))
    assert not any("---" in str(one.texts) + one.title for one in readings()[1].initiatives)


def test_nothing_of_the_measures_is_left_over():
    own = readings()[0]
    lines = document("ryugasaki.txt").decode().split("\n")
    printed = {
        at for at, line in enumerate(lines, 1) if line.strip().startswith(("- ・", "- ◆", "<目", "<検"))
    }
    assert printed
    assert not {one.line for one in own.unplaced} & printed


def test_documents_are_written_and_read_again():
    for reading in readings():
        text = dumps(to_document(reading, "082082", "龍ケ崎市"))
        assert (
            dumps(
                to_document(from_document(to_document(reading, "082082", "龍ケ崎市")), "082082", "龍ケ崎市")
            )
            == text
        )


# Altered copies: what another city's document of like shape would print otherwise.


def pages(change: Callable[[str], str]) -> Callable[[str], str]:
    """Changes the outline pages only."""

    def changed(text: str) -> str:
        begin = text.index("第3章 基本目標\n")
        end = text.index("■DX")
        return text[:begin] + change(text[begin:end]) + text[end:]

    return changed


def lines(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        for pattern, new in pairs:
            text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
            assert count, pattern
        return text

    return pages(changed)


def wide_digits(text: str) -> str:
    wide = str.maketrans("0123456789()", "０１２３４５６７８９（）")
    return re.sub(
        r"^(?:\([0-9]\)|[0-9]\)|[0-9] |第[0-9]章)",
        lambda found: found[0].translate(wide),
        text,
        flags=re.MULTILINE,
    )


def circled(text: str) -> str:
    """Points ①② in place of ・."""
    out, at = [], 0
    for line in text.split("\n"):
        at = at + 1 if line.startswith("- ・") else 0 if line.startswith("<") else at
        out.append(f"{chr(0x245F + at)} {line[3:].strip()}" if line.startswith("- ・") else line)
    return "\n".join(out)


def turned(text: str) -> str:
    """Each pillar's measures in the opposite order, and each measure's parts too."""
    head, *pillars = re.split(r"(?m)^(?=[0-9]\)(?!-))", text)
    out = [head]
    for pillar in pillars:
        name, *measures = re.split(r"(?m)^(?=\([0-9]\))", pillar)
        out.append(name + "".join(parts_turned(measure) for measure in reversed(measures)))
    return "".join(out)


def parts_turned(measure: str) -> str:
    title, target, rest = re.split(r"(?m)^(?=<)", measure)
    points, explanation = re.match(r"((?:<.*\n|- ・.*\n|\s*\n)+)([\s\S]*)", rest).groups()  # type: ignore[union-attr]
    return title + points + target + "\n" + explanation


def without_blank_lines(text: str) -> str:
    return re.sub(r"\n\s*\n+", "\n", text)


def without_contents(text: str) -> str:
    return text[: text.index("— 目 次 —")] + text[text.index("第1章 基本的な考え方\n") :]


ALTERED: dict[str, Callable[[str], str]] = {
    "brackets": lines((r"^<(目指す姿|検討・実施事項)>", r"【\1】"), (r"【重点項目】", "（重点項目）")),
    "angle brackets": lines((r"^<(目指す姿|検討・実施事項)>", r"〈\1〉"), (r"【重点項目】", "［重点］")),
    "squares": lines((r"^<(目指す姿|検討・実施事項)>", r"■\1")),
    "bare labels": lines((r"^<(目指す姿|検討・実施事項)>", r"\1")),
    "labels with colons": lines((r"^<(目指す姿|検討・実施事項)>", r"\1：")),
    "numbered labels": lines((r"^<目指す姿>", "ア 目指す姿"), (r"^<検討・実施事項>", "イ 検討・実施事項")),
    "other labels": lines((r"目指す姿>", "将来像>"), (r"検討・実施事項>", "具体的な取組内容>")),
    "more labels": lines((r"目指す姿>", "めざすべき姿>"), (r"検討・実施事項>", "主な取組>")),
    "goals and measures": lines((r"^([123])\)(?!-)", r"基本目標\1 "), (r"^\(([1-4])\)\s?", r"施策\1 ")),
    "roman pillars": lines(
        (r"^1\)(?!-)", "Ⅰ "), (r"^2\)(?!-)", "Ⅱ "), (r"^3\)(?!-)", "Ⅲ "), (r"^\(([1-4])\)\s?", r"\1. ")
    ),
    "circled measures": lines(
        (r"^\(1\)\s?", "① "), (r"^\(2\)\s?", "② "), (r"^\(3\)\s?", "③ "), (r"^\(4\)\s?", "④ ")
    ),
    "square bullets": lines((r"^([123])\)(?!-)", r"第\1節 "), (r"^\([1-4]\)\s?", "■ ")),
    "wide digits": pages(wide_digits),
    "circled points": pages(circled),
    "round points": lines((r"^- ・\s?", "○ "), (r"^(?:- )?◆\s?", "● ")),
    "points without dashes": lines((r"^- ・\s?", "・"), (r"^(?:- )?◆\s?", "◆")),
    "another order": pages(turned),
    "no blank lines": without_blank_lines,
    "no contents": without_contents,
}


@pytest.mark.parametrize("name", ALTERED)
def test_altered_copies_hold_the_same_measures(name: str):
    text = ALTERED[name](document("ryugasaki.txt").decode())
    own = read_documents(text.encode(), "altered.txt")[0]
    assert measures_right(own) >= 0.93
    assert Counter(len(one.placements) for one in own.initiatives) == {1: 12}
    assert len({one.number for one in own.initiatives}) in {1, 12}


def levelled(name: str, marks: Sequence[str], lost: bool) -> tuple[Reading, ...]:
    """The document as Word keeps it: headings have levels; with `lost` their marks are numbering that no text holds."""
    paper = published.paper_of(name)
    blocks = []
    body = False
    for block in paper.blocks:
        text = block.text
        body = body or (not block.table and text.startswith("第1章"))
        found = (
            (re.match(mark, text) for mark in marks) if body and not block.table and len(text) < 60 else ()
        )
        level, mark = next(((at, one) for at, one in enumerate(found, 1) if one), (0, None))
        if mark and not text.endswith("。"):
            text = text[mark.end() :].strip() if lost else text
            blocks += [replace(block, cells=(text,), level=level)] if text else []
        else:
            blocks.append(block)
    return readings_of(replace(paper, container="docx", blocks=tuple(blocks)))


@pytest.mark.parametrize("lost", [False, True])
def test_headings_with_levels(lost: bool):
    own, former = levelled("ryugasaki.txt", [r"第\d章", r"\d (?=\D)", r"\d\)(?!-)", r"\(\d\)"], lost)
    assert (measures_right(own), past_right(former)) == (1, 1)
    pillars = ["市民サービスの向上"] * 4 if lost else ["1)"] * 4
    assert [one.placements[0].path[0] for one in own.initiatives][:4] == pillars


def past(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        begin, end = text.index("(1)これまでの取組\n"), text.index("第3章 基本目標\n")
        part = text[begin:end]
        for pattern, new in pairs:
            part, count = re.subn(pattern, new, part, flags=re.MULTILINE)
            assert count, pattern
        return text[:begin] + part + text[end:]

    return changed


def filled_cells(text: str) -> str:
    """Merged cells written out in every row."""
    above, out = "", []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 4 and cells[0].isdigit():
            above = cells[1] = cells[1] or above
        out.append("\t".join(cells))
    return "\n".join(out)


PAST: dict[str, Callable[[str], str]] = {
    "other heads": past(
        (r"NO\t取組内容\t取組項目\t内容", "番号\t施策の柱\t事業名\t取組実績"),
        (r"NO\tシステム名\t取組項目\t内容", "番号\tシステム名称\t取組内容\t実績"),
    ),
    "another heading": past(
        (r"^\(1\)これまでの取組", "(1) 前計画の取組結果"), (r"前プランでの取組状況については", "結果は")
    ),
    "ordinal": past(
        (r"^\(1\)これまでの取組", "(1) 第4次龍ヶ崎市情報化推進プランの総括"),
        (r"前プランでの取組状況については、", ""),
    ),
    "filled cells": filled_cells,
    "result first": past((r"(?m)^([^\t\n]*)\t([^\t\n]*)\t([^\t\n]*)\t([^\t\n]*)$", r"\1\t\2\t\4\t\3")),
}


@pytest.mark.parametrize("name", PAST)
def test_altered_copies_hold_the_same_past_efforts(name: str):
    text = PAST[name](document("ryugasaki.txt").decode())
    found = read_documents(text.encode(), "altered.txt")
    former = next((one for one in found if one is not found[0] and "第4次" in one.plan.title), None)
    assert former is not None
    assert past_right(former) >= 0.93
    assert measures_right(found[0]) >= 0.97
