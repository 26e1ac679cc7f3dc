"""What documents claim of themselves in numbers."""

from __future__ import annotations

import pytest

from tests.services.plan.reading.framing import DOCUMENTS, expected, recognised, share, text_of
from tests.services.plan.reading.published import readings
from yakuba.services.plan.reading.claims import recognise

PLAN = "みほん市情報化推進計画\n令和8年度版\n\n1 取組の数\n\n"


def claims(text: str) -> dict[str, int]:
    found = recognised(recognise, PLAN + text)
    return {**found.progress, **found.counts}


def right(progress: dict[str, int], counts: dict[str, int], rows: list[dict[str, str]]) -> float:
    known = {(row["what"], row["key"]): int(row["count"]) for row in rows}
    seen = {("progress", key): count for key, count in progress.items()}
    seen |= {("counts", key): count for key, count in counts.items()}
    return share((seen.get(key) == count for key, count in known.items()), len(seen.keys() - known.keys()))


@pytest.mark.plans
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_claims_of_published_plans(name: str):
    rows = expected("claims.csv", name)
    found = recognised(recognise, text_of(name))
    progress, counts = dict(found.progress), dict(found.counts)
    assert (right(progress, counts, rows) if rows else float(not (progress or counts))) >= 0.97


def other_words(text: str) -> str:
    return (
        text.replace("「順調」である取組が10取組", "「順調」となった取組は10件")
        .replace("11取組", "11件")
        .replace("1取組", "1件")
    )


def sentence_alone(text: str) -> str:
    """Without the small table that repeats the sentence."""
    lines = text.split("\n")
    begin = next(at for at, line in enumerate(lines) if "進捗状況（令和6年3月1日現在）" in line)
    return "\n".join(lines[:begin] + lines[begin + 10 :])


@pytest.mark.plans
@pytest.mark.parametrize("change", [other_words, sentence_alone])
def test_altered_copies(change):
    changed = change(text_of("shibukawa.txt"))
    assert changed != text_of("shibukawa.txt")
    found = recognised(recognise, changed)
    rows = [
        row
        for row in expected("claims.csv", "shibukawa.txt")
        if change is not sentence_alone or "年度" not in row["key"]
    ]
    assert right(found.progress, found.counts, rows) >= 0.93


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("本計画では、24の推進取組と10の運用取組に整理しました。", {"advance": 24, "operate": 10}),
        ("この版は、推進15取組と運用10取組をまとめたものです。", {"advance": 15, "operate": 10}),
        ("順調が8件、ほぼ順調が6件、停滞が1件でした。", {"順調": 8, "ほぼ順調": 6, "停滞": 1}),
        (
            "「完了」した取組が3取組、「計画の変更」があった取組が2取組でした。",
            {"完了": 3, "計画変更": 2},
        ),
        ("4つの基本目標と12の基本施策を掲げます。", {"基本目標": 4, "基本施策": 12}),
        ("全25施策を掲載しています。", {"施策": 25}),
        ("令和7年度は推進20取組を進めました。", {"推進取組(令和7年度)": 20}),
        ("令和8年度は推進20取組を進めます。", {"advance": 20}),
    ],
)
def test_sentences(text: str, said: dict[str, int]):
    assert claims(text + "\n") == said


@pytest.mark.parametrize(
    "text",
    [
        "新しく2つの推進取組を始めます。",
        "このうち以下の2取組は、運用に移しました。",
        "「順調」及び「ほぼ順調」を合わせると95.5%です。",
        "国の9つの基本施策に沿って進めます。",
        "まちづくりの7つの基本目標との関連を示します。",
        "ひとづくりの3つの基本目標との関連を示します。",
        "都が掲げる5つの基本目標に沿います。",
        "市民の8割が順調と答えました。",
        "30件の申請を受け付けました。",
    ],
)
def test_numbers_of_something_else(text: str):
    assert claims(text + "\n") == {}


def test_a_small_table_claims_and_has_found_its_place():
    text = "区分\t取組数\n順調\t8取組\nほぼ順調\t6取組\n停滞\t―\n推進取組\t14取組（新規2）\n"
    found = recognised(recognise, PLAN + text)
    assert found.progress == {"順調": 8, "ほぼ順調": 6}
    assert found.counts == {"advance": 14, "推進取組のうち新規": 2}
    assert len(found.claimed) == 5


@pytest.mark.parametrize(
    "text",
    [
        "No\t取組\t進捗\n1\t窓口の予約\t順調\n2\t文書の電子化\tほぼ順調\n",
        "目標\t件数\n順調\t8\nほぼ順調\t6\n",
    ],
)
def test_other_tables_claim_nothing(text: str):
    found = recognised(recognise, PLAN + text)
    assert (found.progress, found.counts, found.claimed) == ({}, {}, set())


def test_the_first_place_that_says_it_is_kept():
    assert claims("26の推進取組に整理しました。\n\n改めて、27の推進取組を掲載します。\n") == {"advance": 26}


@pytest.mark.plans
def test_claims_belong_to_the_year_that_they_count():
    plan, results = (one.stated for one in readings("shibukawa.txt"))
    assert (dict(plan.progress), dict(plan.counts)) == ({}, {"advance": 26, "operate": 78})
    assert dict(results.progress) == {"順調": 10, "ほぼ順調": 11, "計画変更": 1}
    assert (results.counts["advance"], results.counts["operate"], results.counts["計"]) == (22, 74, 96)
