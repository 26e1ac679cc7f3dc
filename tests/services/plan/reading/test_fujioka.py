"""A real city's measures and the verification of its former plan against facts written by hand (`expected/`), and altered copies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.services.plan.reading import published
from tests.services.plan.reading.published import document
from tests.services.plan.reading.test_ryugasaki import alike, facts, levelled, share, titled
from yakuba.services.plan.reading import Reading, dumps, from_document, to_document
from yakuba.services.plan.reading.reader import read_documents
from yakuba.services.plan.reading.wording import squeeze

pytestmark = pytest.mark.plans


def readings() -> tuple[Reading, ...]:
    return published.readings("fujioka.txt")


def measures_right(reading: Reading, numbered: bool = True) -> float:
    """The share of titles, office sets, schedules and texts that a reading holds; each invented measure is one wrong."""
    checks: list[bool] = []
    rows = facts("fujioka_measures.csv")
    by_number = {squeeze(one.number): one for one in reading.initiatives}
    for row in rows:
        one = by_number.get(row["number"]) if numbered else titled(row["title"], reading.initiatives)
        offices = {(name, role) for role in ("lead", "related", "group") for name in row[role].split()}
        checks += [
            one is not None and alike(one.title, row["title"]),
            one is not None and {(office.name, office.role) for office in one.offices} == offices,
            one is not None and ("schedule" in one.texts) == (row["schedule"] == "yes"),
            one is not None and "issue" in one.texts,
        ]
    return share(checks, len(reading.initiatives) - len(rows))


def past_right(reading: Reading) -> float:
    checks: list[bool] = []
    rows = facts("fujioka_past.csv")
    by_number = {squeeze(one.number): one for one in reading.initiatives}
    for row in rows:
        one = by_number.get(row["number"])
        checks += [
            one is not None and alike(one.title, row["title"]),
            one is not None and one.progress == row["status"],
            one is not None and ("result" in one.texts) == (row["explained"] == "yes"),
        ]
    return share(checks, len(reading.initiatives) - len(rows))


def test_two_plans_that_use_the_same_codes_are_told_apart():
    own, former = readings()
    assert (own.plan.first_year, own.plan.last_year, len(own.initiatives)) == (2019, 2023, 25)
    assert ("第2次" in former.plan.title, former.plan.last_year, len(former.initiatives)) == (True, 2018, 31)
    same = {one.number for one in own.initiatives} & {one.number for one in former.initiatives}
    assert len(same) > 10


def test_measures_and_their_offices():
    own = readings()[0]
    assert measures_right(own) == 1
    assert [one.number for one in own.initiatives] == [row["number"] for row in facts("fujioka_measures.csv")]
    assert not any(one.doubts for one in own.initiatives)


def test_levels_of_the_measures():
    own = readings()[0]
    titles = {node.path: node.title for node in own.nodes}
    for one, row in zip(own.initiatives, facts("fujioka_measures.csv"), strict=True):
        path = one.placements[0].path
        assert path == (row["number"][0], row["number"].rsplit("-", 1)[0])
        assert squeeze(titles[path[:1]]) == squeeze(row["level1"])
        assert squeeze(titles[path]) == squeeze(row["level2"])
    assert Counter(len(path) for path in titles if path[0] in {"1", "2", "3"})[2] >= 8
    described = [node for node in own.nodes if len(node.path) == 1 and node.text]
    assert len(described) == 3


def test_footnotes_are_in_no_text():
    for one in readings()[0].initiatives:
        texts = "".join("".join(text) for text in one.texts.values())
        assert not re.search(r"^※", texts, re.MULTILINE)
        assert "※" not in one.title
        assert "【" not in texts


def test_the_former_plan_and_its_statuses():
    former = readings()[1]
    assert past_right(former) == 1
    assert Counter(one.progress for one in former.initiatives) == {
        "推進中": 13,
        "検討中": 9,
        "達成済み": 5,
        "廃止": 4,
    }
    titles = {node.path: node.title for node in former.nodes}
    for one, row in zip(former.initiatives, facts("fujioka_past.csv"), strict=True):
        path = one.placements[0].path
        assert path == (row["number"][0], row["number"].rsplit("-", 1)[0])
        assert (squeeze(titles[path[:1]]), squeeze(titles[path])) == (
            squeeze(row["level1"]),
            squeeze(row["level2"]),
        )
        assert one.source is not None
        assert one.source.line == int(row["line"])
        assert ("merged" in one.flags) == bool(row["merged_into"])


def test_a_status_behind_the_title_is_in_doubt():
    doubted = [one.number for one in readings()[1].initiatives if one.doubts]
    assert doubted == ["3-2-1"]


def test_what_was_merged_is_told_of_the_measure_that_goes_on():
    told = {
        one.title: (event.event, event.year, event.origin.year, event.origin.number)
        for one in readings()[0].initiatives
        for event in one.lineage
        if event.origin
    }
    assert told == {
        "先端技術の調査": ("merged", 2019, 2018, "2-1-3"),
        "幅広い安全情報の提供": ("merged", 2019, 2018, "3-1-1"),
    }


def test_documents_are_written_and_read_again():
    for reading in readings():
        text = dumps(to_document(reading, "102091", "藤岡市"))
        assert (
            dumps(to_document(from_document(to_document(reading, "102091", "藤岡市")), "102091", "藤岡市"))
            == text
        )


# Altered copies: what another city's document of like shape would print otherwise.


def pages(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """Replaces in the measures' pages only."""

    def changed(text: str) -> str:
        begin = text.index("第4章 情報化基本計画\n")
        part = text[begin:]
        for pattern, new in pairs:
            part, count = re.subn(pattern, new, part, flags=re.MULTILINE)
            assert count, pattern
        return text[:begin] + part

    return changed


def everywhere(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        for pattern, new in pairs:
            text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
            assert count, pattern
        return text

    return changed


def wide_digits(text: str) -> str:
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    begin = text.index("第4章 情報化基本計画\n")
    part = re.sub(
        r"^[0-9](?:-[0-9]{1,2})*(?=\s|$)",
        lambda found: found[0].translate(wide),
        text[begin:],
        flags=re.MULTILINE,
    )
    return text[:begin] + part


def measures_turned(text: str) -> str:
    """The measures of each strategy in the opposite order, their two parts too."""
    begin = text.index("第4章 情報化基本計画\n")
    pieces = re.split(r"(?m)^(?=[0-9](?:-[0-9]{1,2}){0,2}(?: |$))", text[begin:])
    out: list[str] = []
    run: list[str] = []
    for piece in [*pieces, ""]:
        if re.match(r"[0-9]-[0-9]-[0-9]", piece):
            run.append(parts_turned(piece))
        else:
            out += [*reversed(run), piece]
            run = []
    return text[:begin] + "".join(out)


def parts_turned(measure: str) -> str:
    head, issue, content = re.split(r"(?m)^(?=【)", measure)
    table = re.match(r"【.*\n\s*(?:[^\n]*\t[^\n]*(?:\n|$))+", content)
    assert table
    return f"{head}{table[0]}\n{issue}{content[table.end() :]}"


def offices_in_lines(text: str) -> str:
    """Offices as labelled lines instead of a cell of the table."""
    begin = text.index("第4章 情報化基本計画\n")
    out = []
    for line in text[begin:].split("\n"):
        cells = line.split("\t")
        if cells[0] == "取組内容":
            first, *rest = cells[6].split(" ")
            out.append("\t".join([*cells[:6], "", ""]))
            out += ["", f"担当課：{first}", *([f"関係課：{'、'.join(rest)}"] if rest else [])]
        else:
            out.append(line.replace("担当課 関係課", ""))
    return text[:begin] + "\n".join(out)


def staged(text: str) -> str:
    """Words by year in the first measure's table."""
    return text.replace(
        "取組内容\t\t\t\t\t\t総務課 生涯学習課",
        "取組内容\t検討\t試行\t実施\t実施\t実施\t総務課 生涯学習課",
        1,
    )


ALTERED: dict[str, Callable[[str], str]] = {
    "one line": pages((r"^([0-9]-[0-9]-[0-9]+)\n\s*●\s*", r"\1 ")),
    "other bullets": pages((r"^●\s*", "■")),
    "no bullets": pages((r"^●\s*", "")),
    "angle brackets": pages((r"^【(.*)】$", r"＜\1＞")),
    "round labels": pages((r"^【(.*)】$", r"○\1")),
    "colons": pages((r"^【(.*)】$", r"\1：")),
    "other labels": pages((r"これまでの取り組みと課題", "現状と課題"), (r"施策の内容", "取組内容")),
    "two words": pages((r"これまでの取り組みと課題", "現状・課題"), (r"施策の内容", "実施計画")),
    "western years": pages((r"3[1-5] ?\((20[0-9]{2})\) ?年度", r"\1年度")),
    "era years": pages((r"3[1-5] ?\((20[0-9]{2})\) ?年度", r"\1(R)年度"), (r"\(R\)", "")),
    "office words": pages((r"担当課 関係課", "主管課（関係課）")),
    "dots": everywhere((r"^([0-9])-([0-9])-([0-9]+)", r"\1.\2.\3"), (r"^([0-9])-([0-9])(?=[ \t])", r"\1.\2")),
    "wide digits": wide_digits,
    "another order": measures_turned,
    "offices in lines": offices_in_lines,
    "stages": staged,
    "no contents": lambda text: text[: text.index("目次")] + text[text.index("第1章 はじめに\n") :],
    "no blank lines": lambda text: re.sub(r"\n\s*\n+", "\n", text),
}


@pytest.mark.parametrize("name", ALTERED)
def test_altered_copies_hold_the_same_measures(name: str):
    text = ALTERED[name](document("fujioka.txt").decode())
    own = read_documents(text.encode(), "altered.txt")[0]
    assert measures_right(own, numbered=name != "dots") >= 0.93
    if name == "stages":
        one = titled("パソコン講習などの実施", own.initiatives)
        assert one is not None
        assert one.stages == {"2019": "検討", "2020": "試行", "2021": "実施", "2022": "実施", "2023": "実施"}


@pytest.mark.parametrize("lost", [False, True])
def test_headings_with_levels(lost: bool):
    own, former = levelled("fujioka.txt", [r"第\d章", r"\d (?=\D)", r"\d-\d (?=\D)", r"\d-\d-\d+|●"], lost)
    assert (measures_right(own, numbered=not lost), past_right(former)) == (1, 1)


def verification(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        begin, end = text.index("4 藤岡市第2次情報化推進計画の検証\n\n"), text.index("第3章 基本構想\n")
        part = text[begin:end]
        for pattern, new in pairs:
            part, count = re.subn(pattern, new, part, flags=re.MULTILINE)
            assert count, pattern
        return text[:begin] + part + text[end:]

    return changed


PAST: dict[str, Callable[[str], str]] = {
    "other heads": verification((r"基本施策\t\t取り組み内容\t達成状況", "施策体系\t\t施策名\t進捗状況")),
    "another heading": verification((r"の検証$", "の取組状況")),
    "former plan": verification((r"藤岡市第2次情報化推進計画の検証", "前計画の達成状況")),
    "full cells": verification((r"^\t\t([0-9])-([0-9])-", r"\1 施策\t\1-\2 分野\t\1-\2-")),
    "wide dashes": verification((r"([0-9])-([0-9])-([0-9])", r"\1－\2－\3")),
}


@pytest.mark.parametrize("name", PAST)
def test_altered_copies_hold_the_same_past(name: str):
    text = PAST[name](document("fujioka.txt").decode())
    found = read_documents(text.encode(), "altered.txt")
    former = next((one for one in found if one is not found[0] and "第2次" in one.plan.title), None)
    assert former is not None
    assert past_right(former) >= 0.93
    assert measures_right(found[0]) >= 0.97
