"""Altered copies of a real city's table: other orders, words, containers, lost cells. The facts stay the same."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable

import pytest

from tests.services.plan.reading.published import document
from tests.services.plan.reading.test_shibata import facts
from yakuba.services.plan.reading import Reading, read_document

pytestmark = pytest.mark.plans

Rows = list[list[str]]
HEAD = [
    *("NO", "区分", "施策分野", "具体的な取組", "取組方針", "KPI", "スケジュール(これまで)"),
    *("令和3年度末実績値", "令和4年度末実績値", "令和5年度末実績値", "スケジュール(R6～R8)"),
]
RENAMED = [
    *(
        "番号",
        "大分類",
        "中分類",
        "事業名",
        "事業概要",
        "成果指標",
        "これまでの工程",
        "R3実績",
        "R4実績",
        "R5実績",
    ),
    "今後の工程（令和6年度～令和8年度）",
]
WESTERN = [
    *(
        "項番",
        "基本目標",
        "基本施策",
        "取組名",
        "内容",
        "評価指標",
        "前期スケジュール",
        "2021年度",
        "2022年度",
        "2023年度",
    ),
    "後期スケジュール（2024～2026年度）",
]


def rows() -> Rows:
    """The table's rows, those that lost a cell before the values put right by hand."""
    found = []
    for line in document("shibata.txt").decode().split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > 5 and cells[0][:1].isdigit():
            found.append(cells if cells[10] else [*cells[:6], "", *cells[6:10]])
    return found


def written(head: list[str], body: Rows, delimiter: str = "\t") -> bytes:
    out = io.StringIO()
    if delimiter == "\t":
        out.writelines("\t".join(row) + "\n" for row in [head, *body])
    else:
        csv.writer(out, delimiter=delimiter).writerows([head, *body])
    return ("みほん市計画\n" + out.getvalue()).encode()


def squeezed(text: str) -> str:
    return "".join(text.split())


def right(reading: Reading, levels: int = 2) -> float:
    """The share of facts (title, flags, fields, values) that a reading holds; an invented row counts as wrong."""
    by_number = {item.number: item for item in reading.initiatives}
    checks: list[bool] = [False] * max(0, len(reading.initiatives) - len(by_number))
    for row in facts("shibata_rows.csv"):
        item = by_number.get(row["number"])
        path = [squeezed(step) for step in item.placements[0].path] if item and item.placements else []
        expected = [squeezed(row["level1"]), squeezed(row["level2"])][2 - levels :]
        checks += [
            item is not None and squeezed(item.title) == squeezed(row["title"]),
            item is not None and " ".join(item.flags) == row["flags"],
            path == expected,
        ]
    values: dict[tuple[str, str, str], tuple[str, str]] = {}
    for item in reading.initiatives:
        for one in item.indicators:
            label = re.search(r"（([^（）]*)）$", one.name)
            part = one.number or (label[1] if label and len(item.indicators) > 1 else "")
            for value in one.values:
                values[item.number, part, str(value.year)] = (value.number or "", value.state or "")
    checks += [
        values.get((row["number"], row["part"], row["year"])) == (row["value"], row["state"])
        for row in facts("shibata_values.csv")
    ]
    return sum(checks) / len(checks)


def ordered(order: list[int]) -> bytes:
    return written([HEAD[place] for place in order], [[row[place] for place in order] for row in rows()])


def without(*places: int) -> bytes:
    def kept(row: list[str]) -> list[str]:
        return [cell for place, cell in enumerate(row) if place not in places]

    return written(kept(HEAD), [kept(row) for row in rows()])


def merged() -> bytes:
    body, above = rows(), [""] * 11
    for row, full in zip(body, rows(), strict=True):
        if squeezed(above[1]) == squeezed(full[1]):
            row[1] = ""
            row[2] = "" if squeezed(above[2]) == squeezed(full[2]) else row[2]
        above = full
    return written(HEAD, body)


def flag_column() -> bytes:
    body = [
        [re.sub(r"\s*【.*", "", row[0]), "・".join(re.findall(r"【(.*?)】", row[0])) or "継続", *row[1:]]
        for row in rows()
    ]
    return written([HEAD[0], "状況", *HEAD[1:]], body)


def flags_in_title() -> bytes:
    body = rows()
    for row in body:
        row[3] = "".join(re.findall(r"【.*?】", row[0])) + row[3]
        row[0] = re.sub(r"\s*【.*", "", row[0])
    return written(HEAD, body)


def with_offices_and_targets() -> bytes:
    body = [[*row[:4], "情報政策課", *row[4:], "20件", "25件以上"] for row in rows()]
    return written([*HEAD[:4], "担当課", *HEAD[4:], "R7目標値", "R8目標値"], body)


@pytest.mark.parametrize(
    "altered",
    [
        lambda: written(HEAD, rows()),
        lambda: ordered([0, 3, 5, 7, 8, 9, 4, 1, 2, 10, 6]),
        lambda: ordered([2, 1, 3, 0, 4, 10, 6, 5, 7, 8, 9]),
        lambda: written(HEAD, rows(), ","),
        lambda: written(RENAMED, rows()),
        lambda: written(WESTERN, rows()),
        lambda: without(6),
        lambda: without(4, 6),
        lambda: written(HEAD, rows()[::-1]),
        merged,
        flag_column,
        flags_in_title,
        with_offices_and_targets,
    ],
    ids=[
        *("one head", "order", "another order", "commas", "words", "western years", "no past", "no approach"),
        *("reversed", "merged cells", "flag column", "flags in title", "offices and targets"),
    ],
)
def test_altered_copies_hold_the_same_facts(altered: Callable[[], bytes]):
    assert right(read_document(altered(), "altered.txt")) == 1


def test_one_level_only():
    assert right(read_document(without(1), "altered.txt"), levels=1) == 1


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_lost_a_cell(seed: int):
    chance = random.Random(seed)
    body = rows()
    for place, row in enumerate(body):
        if chance.random() < 0.3:
            lost = chance.choice([1, 2, 4, 6])
            body[place] = [*row[:lost], *row[lost + 1 :], ""]
    assert right(read_document(written(HEAD, body), "altered.txt")) > 0.97


@pytest.mark.parametrize("seed", range(3))
def test_rows_with_a_blank_cell_too_many(seed: int):
    chance = random.Random(seed)
    body = rows()
    for place, row in enumerate(body):
        if chance.random() < 0.3:
            extra = chance.randrange(1, 11)
            body[place] = [*row[:extra], "", *row[extra:]]
    assert right(read_document(written(HEAD, body), "altered.txt")) > 0.97
