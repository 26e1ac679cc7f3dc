"""The wide table of a real city against facts that were written from the document by hand (`expected/`)."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.services.plan.reading import published
from tests.services.plan.reading.published import document
from yakuba.services.plan.reading import Reading, Unreadable, dumps, from_document, read_document, to_document

pytestmark = pytest.mark.plans
EXPECTED = Path(__file__).parent / "expected"


def facts(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reading() -> Reading:
    return published.readings("shibata.txt")[0]


def test_counts():
    flags = Counter(flag for item in reading().initiatives for flag in item.flags)
    assert len(reading().initiatives) == 43
    assert flags == {"completed": 6, "new": 11}
    assert sum(1 for item in reading().initiatives if len(item.flags) == 2) == 1
    assert Counter(len(node.path) for node in reading().nodes) == {1: 3, 2: 11}


def test_the_plan_and_its_levels():
    plan = reading().plan
    assert (plan.first_year, plan.last_year, plan.edition) == (2024, 2026, None)
    assert "情報化推進計画" in plan.title
    assert reading().levels == ("区分", "施策分野")
    assert {item.year for item in reading().initiatives} == {2024}


def test_each_row():
    read = [
        {
            "number": item.number,
            "line": str(item.source.line) if item.source else "",
            "flags": " ".join(item.flags),
            "level1": item.placements[0].path[0],
            "level2": item.placements[0].path[1],
            "title": item.title,
        }
        for item in reading().initiatives
    ]
    assert read == facts("shibata_rows.csv")


def test_each_value():
    read: dict[tuple[str, str, str], dict[str, str]] = {}
    for item in reading().initiatives:
        for indicator in item.indicators:
            label = re.search(r"（([^（）]*)）$", indicator.name)
            part = indicator.number or (label[1] if label and len(item.indicators) > 1 else "")
            for value in indicator.values:
                assert value.kind == "actual"
                read[item.number, part, str(value.year)] = {
                    "raw": value.raw,
                    "value": value.number or "",
                    "unit": (indicator.unit or "") if value.number else "",
                    "state": value.state or "",
                    "approximate": "yes" if value.approximate else "",
                    "numerator": value.numerator or "",
                    "denominator": value.denominator or "",
                }
    expected = {
        (row.pop("number"), row.pop("part"), row.pop("year")): row for row in facts("shibata_values.csv")
    }
    assert set(read) == set(expected)
    for key, row in expected.items():
        if not row["raw"]:
            # Longer cells are not copied here; that nothing is lost is tested below.
            row["raw"] = read[key]["raw"]
        assert read[key] == row, key


def test_values_hold_for_the_end_of_their_year_unless_the_cell_names_a_day():
    days = {value.as_of for item in reading().initiatives for one in item.indicators for value in one.values}
    ends = {"2022-03-31", "2023-03-31", "2024-03-31"}
    assert ends < days
    assert sorted(days - ends, key=str) == ["2021-12-15", "2023-01-27", "2023-12-18"]


def test_shifted_rows_are_realigned_and_doubted():
    moved = [
        item for item in reading().initiatives if any(s.rule == "realigned" for s in item.sources.values())
    ]
    assert [item.number for item in moved] == [str(number) for number in range(35, 44)]
    assert all(any(doubt.code == "shifted-row" for doubt in item.doubts) for item in moved)
    assert all("schedule" in item.texts and "schedule_past" not in item.texts for item in moved)


def test_doubts_are_few_enough_to_look_at():
    doubts = Counter(doubt.code for item in reading().initiatives for doubt in item.doubts)
    assert doubts == {
        "shifted-row": 11,
        "year-differs": 2,
        "footnote": 1,
        "label-differs": 1,
        "state-in-phrase": 1,
    }


def test_every_cell_has_its_source():
    lines = document("shibata.txt").decode().split("\n")
    for item in reading().initiatives:
        assert item.source is not None
        printed = [cell.strip() for cell in lines[item.source.line - 1].split("\t")]
        filled = {place for place, cell in enumerate(printed, 1) if cell}
        assert {source.cell for source in item.sources.values()} >= filled - {2}, item.number
        for path, source in item.sources.items():
            if path.endswith(".raw"):
                at = [int(step) for step in re.findall(r"\d+", path)]
                raw = item.indicators[at[0]].values[at[1]].raw
                assert raw in printed[(source.cell or 0) - 1]


def test_nothing_is_lost():
    def run_set(text: str) -> set[str]:
        return {run for run in re.split(r"[\s①-⑳【】]+", text) if run}

    text = document("shibata.txt").decode()
    heads = {
        line for line in text.split("\n") if line.startswith("NO\t") or "令和3年度末\t令和4年度末" in line
    }
    furniture = {run for line in heads for run in run_set(line)} | {"新", "完了"}
    written = dumps(to_document(reading(), "152064", "新発田市"))
    # Words that a line end broke are kept whole, and the name that a cell of parts repeats is kept once.
    squeezed = "".join(written.split())
    lost = {run for run in run_set(text) - furniture if run not in written and run not in squeezed}
    assert lost == set()
    assert reading().unplaced == ()


def test_export_and_import_are_byte_identical():
    text = dumps(to_document(reading(), "152064", "新発田市"))
    assert (
        dumps(to_document(from_document(to_document(reading(), "152064", "新発田市")), "152064", "新発田市"))
        == text
    )


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp932"])
def test_other_encodings_read_alike(codec: str):
    text = document("shibata.txt").decode()
    if codec == "cp932":
        # CP932 has no wave dash; offices type the full-width tilde.
        text = text.replace("\u301c", "\uff5e")
    data = text.encode(codec, "replace" if codec == "cp932" else "strict")
    read = read_document(data, "shibata.txt")
    assert [item.title for item in read.initiatives] == [item.title for item in reading().initiatives]


@pytest.mark.parametrize("share", [0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
def test_a_document_cut_off_inside_a_row_is_refused(share: float):
    data = document("shibata.txt")
    place = int(len(data) * share)
    # Inside the third cell of a row, whatever stands there.
    start = data.rfind(b"\n", 0, place) + 1
    cut = data[: data.find(b"\t", data.find(b"\t", start) + 1) + 2]
    if len(cut.split(b"\n")[-1]) < 4:
        cut = data[: start + 4]
    with pytest.raises(Unreadable) as refused:
        read_document(cut, "shibata.txt")
    assert refused.value.code == "truncated"
