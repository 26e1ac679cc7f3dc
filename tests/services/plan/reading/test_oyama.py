"""The fact sheets of a real city against facts written from the document by hand (`expected/`), and altered copies of them."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.services.plan.reading import published
from tests.services.plan.reading.published import document
from yakuba.kernel.text import compact
from yakuba.services.plan.reading import Reading, dumps, from_document, read_document, to_document

pytestmark = pytest.mark.plans
EXPECTED = Path(__file__).parent / "expected"
YEARS = ("2021", "2022", "2023", "2024", "2025")
TAG = "自治体DX"


def facts(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reading() -> Reading:
    return published.readings("oyama.txt")[0]


def checked(found: Reading, *, tag: bool = True) -> dict[str, list[bool]]:
    """Per kind of fact whether each is right; an initiative that the document has not is one more wrong title."""
    read = {compact(item.number): item for item in found.initiatives}
    invented = (
        len(found.initiatives)
        - len(read)
        + len(set(read) - {row["number"] for row in facts("oyama_rows.csv")})
    )
    right: dict[str, list[bool]] = {
        "titles": [False] * invented,
        "offices": [],
        "dx": [],
        "stages": [],
        "items": [],
    }
    for row, stages in zip(facts("oyama_rows.csv"), facts("oyama_stages.csv"), strict=True):
        item = read.get(row["number"])
        title = compact(item.title) if item else ""
        right["titles"].append(
            SequenceMatcher(None, title, compact(row["title"]), autojunk=False).ratio() >= 0.9
        )
        offices = {compact(office.name) for office in item.offices} if item else set()
        right["offices"].append(offices == set(row["offices"].split()))
        if tag:
            right["dx"].append(
                item is not None and (TAG in {compact(one) for one in item.tags}) == (row["dx"] == "yes")
            )
        said = {year: compact(text) for year, text in item.stages.items()} if item else {}
        right["stages"] += [said.get(year) == stages[year] for year in YEARS]
        actions = [one for one in facts("oyama_items.csv") if one["number"] == row["number"]]
        marks = [one.number for one in item.items] if item else []
        right["items"] += [
            place < len(marks) and marks[place] == one["mark"] for place, one in enumerate(actions)
        ]
    return right


def share(found: Reading, **options: bool) -> float:
    """The share of all facts that are right."""
    right = [one for kind in checked(found, **options).values() for one in kind]
    return sum(right) / len(right)


def test_each_kind_of_fact():
    right = checked(reading())
    assert {kind: len(one) for kind, one in right.items()} == {
        "titles": 24,
        "offices": 24,
        "dx": 24,
        "stages": 120,
        "items": 81,
    }
    shares = {kind: sum(one) / len(one) for kind, one in right.items()}
    assert all(one >= 0.97 for one in shares.values()), shares


def test_the_plan_its_goals_and_where_each_sheet_stands():
    plan = reading().plan
    assert (plan.first_year, plan.last_year) == (2021, 2025)
    assert reading().levels == ("基本目標",)
    assert [node.path for node in reading().nodes] == [("①",), ("②",), ("③",), ("④",)]
    assert all(node.text and "✓" in node.text for node in reading().nodes)
    primary = {item.number: item.placements[0].path[0] for item in reading().initiatives}
    assert primary == {row["number"]: row["goal"] for row in facts("oyama_rows.csv")}
    assert Counter(primary.values()) == {"①": 5, "②": 8, "③": 7, "④": 4}
    # Ticked goals are further places of a sheet.
    assert [place.path for place in reading().initiatives[14].placements] == [("③",), ("①",), ("②",)]
    assert [item.source.line for item in reading().initiatives if item.source] == [
        int(row["line"]) for row in facts("oyama_rows.csv")
    ]


def test_listed_actions_and_their_offices():
    read = {(item.number, one.number): one for item in reading().initiatives for one in item.items}
    expected = facts("oyama_items.csv")
    assert len(read) == len(expected) == 81
    for row in expected:
        one = read[row["number"], row["mark"]]
        assert compact(one.text).startswith(row["begins"])
        assert list(one.offices) == row["offices"].split()


def test_cross_tables_add_goals_fields_and_a_programmes_points():
    read = {item.number: item for item in reading().initiatives}
    for row in facts("oyama_cross.csv"):
        tags = read[row["number"]].tags
        assert list(tags["SDGs"]) == row["sdgs"].split()
        assert [compact(one) for one in tags["施策分類"]] == [compact(one) for one in row["fields"].split()]
    points = {number: len(item.tags[TAG]) for number, item in read.items() if TAG in item.tags}
    assert points == {
        "1": 3,
        "3": 1,
        "5": 1,
        "6": 1,
        "7": 1,
        "8": 1,
        "14": 2,
        "15": 1,
        "16": 1,
        "18": 1,
        "22": 1,
        "23": 1,
    }
    codes = {warning.code for warning in reading().warnings}
    assert {"odd-content", "shifted-marks"} <= codes


def test_texts_hold_what_stands_beside_their_labels():
    for item in reading().initiatives:
        assert set(item.texts) == {"issue", "approach", "effect"}
        assert not any(mark in str(text) for text in item.texts.values() for mark in ("<", "^", "【主な"))
        assert not re.search("[①-⑳]", str(item.texts["approach"]))
    assert [item.number for item in reading().initiatives if "関連計画" in item.tags] == ["3"]


def test_doubts_name_what_was_assumed():
    doubts = [(item.number, doubt.code) for item in reading().initiatives for doubt in item.doubts]
    several = [row["number"] for row in facts("oyama_rows.csv") if " " in row["offices"]]
    assert [number for number, code in doubts if code == "roles-assumed"] == several
    assert len(doubts) <= len(several) + 2


def test_little_is_left_without_a_place():
    left = sum(len(one.text) for one in reading().unplaced)
    assert left < 0.02 * len(document("oyama.txt").decode())


def test_export_and_import_are_byte_identical():
    text = dumps(to_document(reading(), "092088", "小山市"))
    assert (
        dumps(to_document(from_document(to_document(reading(), "092088", "小山市")), "092088", "小山市"))
        == text
    )


# Altered copies.

Row = list[str]


@dataclass
class Printed:
    """One sheet of the document as its parts."""

    goal: str
    number: str
    title: str
    tag: bool
    offices: list[str]
    pairs: list[tuple[str, str]] = field(default_factory=list)
    years: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@cache
def printed() -> tuple[Printed, ...]:
    """The document's sheets, cut from its lines without the reader."""
    found: list[Printed] = []
    goal = ""
    for line in document("oyama.txt").decode().split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("【基本目標"):
            goal = line.strip()
        filled = [cell for cell in cells if cell]
        if "主管課" in line:
            head, _, names = filled
            number, _, title = head.partition(".")
            found.append(
                Printed(
                    goal, number.replace(" ", ""), title.split("【")[0].strip(), "【" in title, names.split()
                )
            )
        elif found and len(filled) >= 2 and filled[0] == "実施計画":
            found[-1].years = filled[1:]
        elif found and found[-1].years and not found[-1].words and len(filled) == 5:
            found[-1].words = filled
        elif found and len(cells) > 2 and filled and not found[-1].years:
            for place in range(0, len(filled) - 1, 2):
                found[-1].pairs.append((filled[place], filled[place + 1]))
    return tuple(found)


def head_row(one: Printed) -> Row:
    tag = " 【自治体 DX】" if one.tag else ""
    return [f"{one.number}. {one.title}{tag}", "", "主管課 (関係課)", " ".join(one.offices), "", ""]


def pair_rows(one: Printed) -> list[Row]:
    return [[label, text, "", "", "", ""] for label, text in one.pairs]


def schedule_rows(one: Printed) -> list[Row]:
    return [["実施計画", *one.years], ["", *one.words]]


def rows_of(one: Printed) -> list[Row]:
    return [head_row(one), *pair_rows(one), *schedule_rows(one)]


def laid(
    make: Callable[[Printed], Sequence[Row]], delimiter: str = "\t", title: str = "みほん市情報化基本計画"
) -> bytes:
    """A document of all sheets, goals as headings between them."""
    out = io.StringIO()
    out.write(f"{title}\n")
    goal = ""
    for one in printed():
        if one.goal != goal:
            goal = one.goal
            out.write(f"\n{goal}\n")
        out.write("\n")
        if delimiter == "\t":
            out.writelines("\t".join(row) + "\n" for row in make(one))
        else:
            csv.writer(out, delimiter=delimiter).writerows(make(one))
    return out.getvalue().encode()


def shuffled(one: Printed) -> list[Row]:
    """Other order: the schedule and the pairs mixed, the head on top."""
    groups = [[row] for row in pair_rows(one)] + [schedule_rows(one)]
    random.Random(int(one.number)).shuffle(groups)
    return [head_row(one), *(row for group in groups for row in group)]


def offices_in_a_row(one: Printed) -> list[Row]:
    head = head_row(one)
    return [
        [head[0], *[""] * 5],
        *pair_rows(one),
        ["担当課", "、".join(one.offices), *[""] * 4],
        *schedule_rows(one),
    ]


def offices_moved_once(one: Printed) -> list[Row]:
    """In one sheet the offices stand away from their label."""
    rows = rows_of(one)
    if one.number == "9":
        rows[0][3] = ""
        rows[2] = [*rows[2][:3], " ".join(one.offices), "", ""]
    return rows


def labelled_titles(one: Printed) -> list[Row]:
    return [
        ["施策番号", one.number, "施策名", one.title + ("【自治体DX】" if one.tag else ""), "", ""],
        ["担当部署", "、".join(one.offices[:1]), "関係部署", "、".join(one.offices[1:]), "", ""],
        *pair_rows(one),
        *schedule_rows(one),
    ]


def heads_above(one: Printed) -> list[Row]:
    head = head_row(one)[0]
    return [
        [head],
        [""],
        ["所管課", "\u3000".join(one.offices), *[""] * 4],
        *pair_rows(one),
        *schedule_rows(one),
    ]


def lost_blank(one: Printed) -> list[Row]:
    """The row of words lost the blank cell below the label."""
    return [*rows_of(one)[:-1], list(one.words)]


def marked(one: Printed) -> list[Row]:
    """Labels in brackets, in cells of their own to the right."""
    rows = [["", f"【{label}】", text] for label, text in one.pairs]
    return [
        [
            "",
            f"施策{one.number}　{one.title}" + ("［自治体DX］" if one.tag else ""),
            "■担当課",
            "・".join(one.offices),
        ],
        *rows,
        ["", "【スケジュール】", *one.years],
        ["", "", *one.words],
    ]


def replaced(data: bytes, *pairs: tuple[str, str]) -> bytes:
    text = data.decode()
    for old, new in pairs:
        text = text.replace(old, new)
    return text.encode()


USUAL_WORDS = (
    ("主管課 (関係課)", "担当課（関係課）"),
    ("\n目標区分\t", "\n区分\t"),
    ("\n施策分野\t", "\n分野\t"),
    ("\n現状・課題\t", "\n背景と課題\t"),
    ("\n施策内容\t", "\n取組内容\t"),
    ("\n期待される効果\t", "\n見込まれる効果\t"),
    ("\n実施計画\t", "\n年次計画\t"),
    ("【主な取組】", "《実施項目》"),
    ("【主な事業】", "《実施項目》"),
)


def in_years(form: Callable[[int], str]) -> bytes:
    return replaced(laid(rows_of), *((f"\t令和{nth}年度", f"\t{form(nth)}") for nth in range(3, 8)))


def workbook() -> bytes:
    """A sheet per initiative, as offices keep them: labels in the second column, merged cells, a title line on top."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for one in printed():
        sheet = book.create_sheet(f"施策{one.number}")
        sheet.append(["みほん市情報化基本計画　施策シート"])
        sheet.append(["", one.goal.split("】")[0].strip("【"), one.goal.split("】")[1].strip()])
        sheet.append(
            [
                "",
                "施策名",
                f"{one.number} {one.title}" + ("【自治体DX】" if one.tag else ""),
                "",
                "",
                "担当課",
                "\n".join(one.offices),
            ]
        )
        for label, text in one.pairs:
            sheet.append(["", label, re.sub(r"<[^>]*>", "", text)])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=3, end_column=8)
        sheet.append(["", "実施計画", *one.years])
        sheet.append(["", "", *one.words])
        sheet.merge_cells(start_row=sheet.max_row - 1, end_row=sheet.max_row, start_column=2, end_column=2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


COPIES: dict[str, Callable[[], bytes]] = {
    "as it is": lambda: laid(rows_of),
    "other words": lambda: replaced(laid(rows_of), *USUAL_WORDS),
    "other order": lambda: laid(shuffled),
    "western years": lambda: in_years(lambda nth: f"{2018 + nth}年度"),
    "bare western years": lambda: in_years(lambda nth: str(2018 + nth)),
    "short years": lambda: in_years(lambda nth: f"R{nth}"),
    "years with their western form": lambda: in_years(lambda nth: f"令和{nth}年度（{2018 + nth}）"),
    "an era once": lambda: in_years(lambda nth: "令和3年度" if nth == 3 else f"{nth}年度"),
    "offices in a row of their own": lambda: laid(offices_in_a_row),
    "one office cell moved": lambda: laid(offices_moved_once),
    "labels for number and title": lambda: laid(labelled_titles),
    "heads above the tables": lambda: laid(heads_above),
    "rows that lost a blank": lambda: laid(lost_blank),
    "labels in brackets, moved right": lambda: laid(marked),
    "commas": lambda: laid(rows_of, ","),
    "full-width numbers": lambda: re.sub(
        r"\n([0-9]{1,2})\. ",
        lambda found: "\n" + found[1].translate(str.maketrans("0123456789", "０１２３４５６７８９")) + "．",
        laid(rows_of).decode(),
    ).encode(),
    "numbers in brackets": lambda: re.sub(
        r"\n([0-9]{1,2})\. ", r"\nNo.\1　", laid(rows_of).decode()
    ).encode(),
    "CP932": lambda: laid(rows_of).decode().replace("\u301c", "\uff5e").encode("cp932", "replace"),
    "a workbook": workbook,
}


def test_the_copies_hold_what_the_document_holds():
    assert len(printed()) == 24
    assert all(len(one.words) == len(one.years) == 5 and len(one.pairs) >= 5 for one in printed())


@pytest.mark.parametrize("name", COPIES)
def test_altered_copies(name: str):
    data = COPIES[name]()
    found = read_document(data, "mihon.xlsx" if name == "a workbook" else "mihon.txt")
    shares = {kind: sum(one) / len(one) for kind, one in checked(found).items()}
    assert share(found) >= 0.93, shares
    assert len(found.initiatives) == 24
    assert {item.placements[0].path[0] for item in found.initiatives} == {"①", "②", "③", "④"}
