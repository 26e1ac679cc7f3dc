"""Four families of detail tables of a real city against facts that were written from the document by hand (`expected/`)."""

from __future__ import annotations

import csv
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.services.plan.reading import published
from tests.services.plan.reading.published import document
from yakuba.services.plan.reading import Reading, wide
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.mentions import Found

pytestmark = pytest.mark.plans
EXPECTED = Path(__file__).parent / "expected"


def facts(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bare(text: str) -> str:
    """As compared: NFKC, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def readings() -> dict[int, Reading]:
    return {one.initiatives[0].year: one for one in published.readings("shibukawa.txt")}


def details(text: str) -> Found:
    return wide.recognise(open_paper(text.encode(), "shibukawa.txt"), ())


@cache
def printed() -> Found:
    return wide.recognise(published.paper_of("shibukawa.txt"), ())


Key = tuple[str, str, str, str]


def values(reading: Reading) -> set[Key]:
    """(number, part or label, kind, raw without its mark) of every value of the kind that is pushed forward."""
    found = set()
    for one in reading.initiatives:
        for indicator in one.indicators if one.kind == "advance" else ():
            for value in indicator.values:
                raw = value.raw.removeprefix(indicator.number or "")
                label = raw.partition(":")[0] if len(one.indicators) > 1 else ""
                part = indicator.number or label
                found.add((one.number, bare(part), value.kind, bare(raw)))
    return found


def known_values() -> set[Key]:
    return {
        (row["number"], bare(row["part"]), row["kind"], bare(row["raw"]))
        for row in facts("shibukawa_values.csv")
    }


def assert_right(found: Iterable[object], expected: Iterable[object], share: float) -> None:
    """At least so much of what is expected is found, what was invented counted as wrong."""
    seen, known = set(found), set(expected)
    wrong = len(known - seen) + len(seen - known)
    report = f"{len(known & seen)} of {len(known)}; missing {sorted(map(str, known - seen))}; invented {sorted(map(str, seen - known))}"
    assert wrong <= len(known) * (1 - share), report


def test_values_of_the_plan_year():
    assert_right(values(readings()[2024]), known_values(), 0.97)


def test_days_of_the_plans_values():
    days = Counter(
        (value.kind, value.year, value.as_of)
        for one in readings()[2024].initiatives
        for indicator in one.indicators
        for value in indicator.values
    )
    assert set(days) == {("baseline", 2023, "2024-03-01"), ("target", 2024, "2025-03-31")}


def test_progress_of_the_year_before():
    expected = {(row["number"], row["progress"]) for row in facts("shibukawa_progress.csv")}
    found = {(one.number, one.progress) for one in readings()[2023].initiatives if one.kind == "advance"}
    assert len(expected) == 23
    assert_right(found, expected, 0.97)
    assert not any(one.progress for one in readings()[2024].initiatives)


def office_rows(found: Found) -> set[tuple[str, str, str, str]]:
    return {
        (
            str(one.scope.year or 2024),
            one.scope.kind or "",
            one.initiative.number,
            "、".join(office.name for office in one.initiative.offices),
        )
        for one in found.mentions
    }


def known_offices() -> set[tuple[str, str, str, str]]:
    return {(row["year"], row["kind"], row["number"], row["office"]) for row in facts("shibukawa_detail.csv")}


def test_offices_of_the_rows():
    assert_right(office_rows(printed()), known_offices(), 0.97)


def test_results_and_plans_are_told_apart():
    scopes = Counter((one.scope.year, one.scope.kind, one.scope.result) for one in printed().mentions)
    assert scopes == {
        (2023, "advance", True): 23,
        (2023, "operate", True): 62,
        (None, "advance", False): 20,
        (None, "operate", False): 51,
    }
    rules = {(one.scope.year, one.scope.kind): set[str]() for one in printed().mentions}
    for one in printed().mentions:
        rules[one.scope.year, one.scope.kind].add(one.rule)
    assert sorted(len(names) for names in rules.values()) == [1, 1, 1, 1]
    assert len(set.union(*rules.values())) == 4


def test_texts_stand_in_their_columns():
    done = [one for one in printed().mentions if one.scope.result]
    told = [one for one in done if "result" in one.initiative.texts]
    assert len(told) >= 60
    planned = [one for one in printed().mentions if not one.scope.result]
    assert all("result" not in one.initiative.texts for one in planned)
    years = Counter(
        tuple(one.initiative.stages) or ("schedule",)
        for one in planned
        if one.initiative.stages or "schedule" in one.initiative.texts
    )
    assert set(years) <= {("2025", "2026", "2027"), ("2025", "2026"), ("schedule",)}
    assert years["2025", "2026", "2027"] >= 50
    assert years["schedule",] == 5


def test_codes_are_paths_and_never_the_legends_misreadings():
    paths = {place.path for one in printed().mentions for place in one.initiative.placements}
    assert {path[0] for path in paths} == {"ア", "イ", "ウ"}
    assert {code for path in paths for code in path[1:]} == {"(ア)", "(イ)", "(ウ)"}
    outer = {node.path: node.title for node in printed().nodes if len(node.path) == 1}
    assert len(outer) == 3
    assert all(title.endswith(("サービス向上", "最適化", "推進")) for title in outer.values())
    twice = {one.initiative.number for one in printed().mentions if len(one.initiative.placements) == 2}
    assert twice >= {"1", "3", "4", "6", "9", "11", "27", "28"}


def test_divided_numbers_are_one_group():
    groups = {
        (one.scope.year, one.initiative.number): one.initiative.group
        for one in printed().mentions
        if one.initiative.group
    }
    assert groups == {
        (2023, "2-1"): "2",
        (2023, "2-2"): "2",
        (None, "2-1"): "2",
        (None, "2-2"): "2",
    }


def test_rows_without_number_and_title_are_listed_and_nothing_is_made_up():
    lines = {one.initiative.source.line for one in printed().mentions if one.initiative.source}
    assert not lines & set(range(901, 912))
    left = Counter(item.line for item in readings()[2024].unplaced)
    assert all(left[line] >= 3 for line in range(903, 912))


def test_titles_and_legends_of_pages_are_furniture():
    blocks = published.paper_of("shibukawa.txt").blocks
    claimed = {blocks[at].line for at in printed().claimed}
    lines = document("shibukawa.txt").decode().split("\n")
    inside = {number for number in range(432, 903) if lines[number - 1].strip()}
    notes = {number for number in inside if lines[number - 1].startswith(("※", "#"))}
    assert inside - claimed == notes


def test_a_figure_that_two_tables_print_differently_is_asked_in_both_or_where_a_part_number_melted_into_it():
    differ = {
        (one.scope.year, one.initiative.number, doubt.candidates)
        for one in printed().mentions
        for doubt in one.initiative.doubts
        if doubt.code == "places-differ"
    }
    assert (2023, "13", ("63", "363")) in differ
    assert not any("363" in candidates for year, _, candidates in differ if year is None)
    assert {("30", "27"), ("27", "30")} <= {candidates for _, _, candidates in differ}
    assert not any(number == "1" for _, number, _ in differ)


def test_every_source_is_the_cell():
    lines = document("shibukawa.txt").decode().split("\n")
    for one in printed().mentions:
        for path, source in one.initiative.sources.items():
            cells = lines[source.line - 1].split("\t")
            assert source.cell is not None
            assert cells[source.cell - 1].strip(), (source, path)
        number = one.initiative.sources["number"]
        assert bare(one.initiative.number) in bare(lines[number.line - 1].split("\t")[(number.cell or 0) - 1])


def altered_lines(change: Callable[[int, str, random.Random], str]) -> str:
    choice = random.Random(7)
    return "\n".join(
        change(number, line, choice)
        for number, line in enumerate(document("shibukawa.txt").decode().split("\n"), 1)
    )


def _row(number: int, line: str) -> bool:
    return number > 440 and line.count("\t") >= 6 and line[:1] in "アイウ"


def without_a_code(number: int, line: str, choice: random.Random) -> str:
    return line.partition("\t")[2] if _row(number, line) and choice.random() < 0.2 else line


def with_a_blank(number: int, line: str, choice: random.Random) -> str:
    if not _row(number, line) or choice.random() > 0.2:
        return line
    cells = line.split("\t")
    at = choice.randrange(2, len(cells))
    return "\t".join([*cells[:at], "", *cells[at:]])


def other_words(number: int, line: str, choice: random.Random) -> str:
    if number <= 440:
        return line
    for word, other in (("担当部署", "所管課"), ("取組の目的及び概要", "目的"), ("取組No", "番号")):
        line = line.replace(word, other)
    return line


def other_marks(number: int, line: str, choice: random.Random) -> str:
    return line.replace("(ア)", "（ア）").replace("(イ)", "（イ）") if _row(number, line) else line


@pytest.mark.parametrize("change", [without_a_code, with_a_blank, other_words, other_marks])
def test_altered_copies(change: Callable[[int, str, random.Random], str]):
    found = details(altered_lines(change))
    assert_right(office_rows(found), known_offices(), 0.93)
    progress = {
        (one.initiative.number, one.initiative.progress)
        for one in found.mentions
        if one.scope.year == 2023 and one.scope.kind == "advance"
    }
    assert_right(
        progress, {(row["number"], row["progress"]) for row in facts("shibukawa_progress.csv")}, 0.93
    )


def test_pages_in_another_order():
    lines = document("shibukawa.txt").decode().split("\n")
    begins = [
        at
        for at, line in enumerate(lines)
        if at > 430 and line[:1] in "①②③④" and "計画" in line and "\t" not in line
    ]
    pages = [lines[begin:end] for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True)]
    moved = [*lines[: begins[0]], *(line for page in reversed(pages) for line in [*page, ""])]
    assert_right(office_rows(details("\n".join(moved))), known_offices(), 0.93)
