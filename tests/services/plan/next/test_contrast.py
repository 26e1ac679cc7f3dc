"""新旧対照, numbers and the beginning of the next edition, worked out from forms alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.plan.forms import Form, document, initiative
from yakuba.services.plan import shown
from yakuba.services.plan.next import numbering
from yakuba.services.plan.next.building import Way, begin, proposed
from yakuba.services.plan.next.contrast import Contrast, contrast
from yakuba.services.plan.reading.schema import DOCUMENT


def row(number: str, title: str, year: int = 2023, kind: str | None = "advance", **more: object) -> Form:
    return initiative(number, title, year=year, kind=kind, **more)


def edition(rows: list[Form], **head: object) -> shown.Edition:
    given = document(rows)
    given["plan"] |= {key: value for key, value in head.items() if key == "outcomes"}
    given["stated"]["counts"] |= head.get("counts", {})
    return shown.edition(given, [(UUID(int=n), n, one) for n, one in enumerate(rows)])


def came(event: str, number: str, kind: str = "advance", year: int = 2023) -> list[Form]:
    return [{"event": event, "year": year + 1, "from": {"year": year, "kind": kind, "number": number}}]


def told(found: Contrast) -> list[tuple[str, str, str, str]]:
    return [(line.outcome, line.before_text, line.after_text, line.standing) for line in found.lines]


BEFORE = [
    row("13", "ペーパーレス会議"),
    row("14", "文書管理システムの導入", progress="順調"),
    row("15", "人事評価システムの導入", progress="計画変更"),
    row("16", "やめた取組", progress="廃止"),
    row("17", "SNSの運用"),
    row("18", "地図の活用"),
    row("1", "例規システム", kind="operate"),
]
AFTER = [
    row("13", "ペーパーレス会議", 2024),
    row("14", "地図の活用", 2024),
    row("15", "建築確認のデジタル化", 2024, flags=["new"]),
    row("16", "動画の配信", 2024),
    row("1", "例規システム", 2024, "operate"),
    row("2", "文書管理システムの運用", 2024, "operate", lineage=came("moved", "14")),
    row("3", "公式LINE", 2024, "operate", lineage=came("merged", "17")),
]
SAID = {
    "from": {"year": 2023, "kind": "advance", "number": "15"},
    "title": "人事評価システムの導入",
    "event": "postponed",
    "reason": "制度を見直すため",
}


def test_what_became_of_each_initiative():
    found = contrast(edition(BEFORE), edition(AFTER))
    assert told(found) == [
        ("kept", "推進 13 ペーパーレス会議", "推進 13 ペーパーレス会議", "そのまま"),
        ("renumbered", "推進 18 地図の活用", "推進 14 地図の活用", "番号を推進 18から推進 14に変更"),
        ("new", "", "推進 15 建築確認のデジタル化", "新規"),
        ("listed", "", "推進 16 動画の配信", "新たに掲載（前の版に見当たらない）"),
        ("kept", "運用 1 例規システム", "運用 1 例規システム", "そのまま"),
        (
            "moved", "推進 14 文書管理システムの導入", "運用 2 文書管理システムの運用",
            "運用取組へ移行 移行後の取組名：文書管理システムの運用",
        ),
        ("listed", "", "運用 3 公式LINE", "新たに掲載（前の版に見当たらない）"),
        ("merged", "推進 17 SNSの運用", "運用 3 公式LINE", "「公式LINE」に統合"),
        ("gone", "推進 15 人事評価システムの導入", "", "計画変更（後の版に掲載なし）"),
        ("abolished", "推進 16 やめた取組", "", "廃止"),
    ]  # fmt: skip
    assert [line.before_text for line in found.told] == [
        "推進 14 文書管理システムの導入", "推進 17 SNSの運用", "推進 15 人事評価システムの導入", "推進 16 やめた取組",
    ]  # fmt: skip
    before, after = found.sizes
    assert before == found.going + found.over == 7
    assert after == found.going + sum(found.counts[word] for word in ("new", "listed")) == 7


def test_what_the_later_edition_says_comes_first_and_brings_its_reason():
    moved = {
        **SAID,
        "from": {"year": 2023, "kind": "advance", "number": "１４"},
        "event": "moved",
        "reason": "安定したため",
    }
    found = contrast(edition(BEFORE), edition(AFTER, outcomes=[SAID, moved]))
    lines = {line.before.title: line for line in found.lines if line.before}
    assert (lines["人事評価システムの導入"].outcome, lines["人事評価システムの導入"].reason) == (
        "postponed",
        "制度を見直すため",
    )
    assert lines["文書管理システムの導入"].reason == "安定したため"


def test_a_row_that_says_it_is_new_continues_nothing():
    said = [{"event": "new", "year": 2024, "from": None}]
    found = contrast(edition([row("1", "地図")]), edition([row("1", "地図", 2024, lineage=said)]))
    assert [line.outcome for line in found.lines] == ["new", "gone"]


def test_rows_of_one_group_are_one_initiative():
    two = [row("2-1", "研究", group="2"), row("2-2", "活用", group="2")]
    later = [row("3-1", "研究", 2024, group="3"), row("3-2", "活用", 2024, group="3")]
    found = contrast(edition(two), edition(later))
    assert (found.sizes, found.going, found.counts) == ((1, 1), 1, {"renumbered": 1})


def test_an_edition_that_claims_more_than_was_read_says_so():
    found = contrast(edition(BEFORE, counts={"advance": 22, "operate": 74}), edition(AFTER))
    assert found.short == (96, 7)
    assert contrast(edition(BEFORE, counts={"advance": 6}), edition(AFTER)).short is None


def test_outcomes_pass_the_format_and_are_left_out_where_there_are_none():
    given = edition(AFTER, outcomes=[SAID]).head
    assert DOCUMENT.write(DOCUMENT.read(given, ""))["plan"]["outcomes"] == [SAID]
    assert "outcomes" not in DOCUMENT.write(DOCUMENT.read(edition(AFTER).head, ""))["plan"]


# --- numbers ----------------------------------------------------------------------------------------------------------


def at(*path: str) -> list[Form]:
    return [{"path": list(path), "primary": True}]


def numbers(rows: list[Form], rule: str, **more: object) -> list[str]:
    return [one.number for one in numbering.renewed(rows, rule, **more)]


def test_numbers_in_order_by_kind_with_groups():
    rows = [
        row("1", "甲"), row("3-1", "乙", group="3"), row("3-2", "丙", group="3"), row("", "丁"),
        row("1", "戊", kind="operate"), row("14", "己", kind="operate"),
    ]  # fmt: skip
    assert numbers(rows, "in_order") == ["1", "2-1", "2-2", "3", "1", "2"]
    assert [one.group for one in numbering.renewed(rows, "in_order")][:4] == [None, "2", "2", None]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["1-1-2", "1-1-3", "1-2-1", "1-2-5"], ["1-1-1", "1-1-2", "1-2-1", "1-2-2"]),
        (["1)-(2)", "1)-(4)", "2)-(1)", "2)-(3)"], ["1)-(1)", "1)-(2)", "2)-(1)", "2)-(2)"]),
        (["２", "３", "５", "８"], ["１", "２", "３", "４"]),
        (["甲", "乙", "丙", "丁"], ["甲", "乙", "丙", "丁"]),
    ],
)
def test_numbers_are_written_as_the_city_writes_them(given: list[str], expected: list[str]):
    homes = [("1", "1-1"), ("1", "1-1"), ("1", "1-2"), ("1", "1-2")]
    rows = [row(n, n, kind=None, placements=at(*home)) for n, home in zip(given, homes, strict=True)]
    assert numbers(rows, "in_order") == expected


def test_a_row_that_came_to_another_place_takes_the_numbers_of_that_place():
    rows = [
        row("1-1-1", "甲", kind=None, placements=at("1", "1-1")),
        row("1-1-2", "乙", kind=None, placements=at("1", "1-1")),
        row("3-9", "丙", kind=None, placements=at("1", "1-1")),
    ]
    assert numbers(rows, "in_order") == ["1-1-1", "1-1-2", "1-1-3"]
    codes = {("1", "1-1"): "1-1"}
    assert numbers(rows, "by_place", codes=codes) == ["1-1-1", "1-1-2", "1-1-3"]
    assert numbers(rows, "by_place") == ["1", "2", "3"]


def test_numbers_that_are_kept_give_way_to_nobody():
    rows = [
        row("1", "甲"),
        row("2", "乙", kind="operate"),
        row("2", "来た", kind="operate"),
        row("3", "丙", kind="operate"),
    ]
    assert numbers(rows, "keep", came=[2]) == ["1", "2", "4", "3"]
    assert numbers(rows, "keep") == ["1", "2", "2", "3"], "what a city printed twice is its own"


@given(st.lists(st.tuples(st.sampled_from(["1", "2", "3-1", "1-2-3", "", "甲"]), st.sampled_from(["advance", "operate"])), max_size=8))  # fmt: skip
def test_numbers_in_order_are_stable(given: list[tuple[str, str]]):
    rows = [row(number, f"取組{n}", kind=kind) for n, (number, kind) in enumerate(given)]
    once = numbers(rows, "in_order")
    again = numbers([{**one, "number": number} for one, number in zip(rows, once, strict=True)], "in_order")
    assert again == once


# --- the beginning of the next edition --------------------------------------------------------------------------------


def test_what_an_edition_says_itself_is_proposed():
    assert proposed(row("1", "甲")).way == "continued"
    assert proposed(row("1", "甲", progress="完了")).way == "completed"
    assert proposed(row("1", "甲", flags=["merged"])).way == "merged"
    assert proposed(row("1", "甲", flags=["moved"])).way == "moved"
    assert proposed(row("1", "甲", kind=None, flags=["moved"])).way == "continued"
    here = row("1", "甲", kind="operate", flags=["moved"], lineage=came("moved", "4", year=2022))
    assert proposed(here).way == "continued", "it moved into this very edition"


def test_the_next_edition_is_begun():
    keys = [UUID(int=n) for n in range(5)]
    rows = [
        row("1", "甲", placements=at("ア")), row("2", "乙", placements=at("ア")), row("3", "丙", placements=at("ア")),
        row("1", "丁", kind="operate", placements=at("ア")), row("2", "戊", kind="operate", placements=at("イ")),
    ]  # fmt: skip
    ways = {
        keys[0]: Way("moved", "安定したため"), keys[1]: Way("merged", "", keys[2]), keys[2]: Way("continued"),
        keys[3]: Way("continued"), keys[4]: Way("postponed", "制度を見直すため"),
    }  # fmt: skip
    begun = begin(list(zip(keys, rows, strict=True)), ways, 2024, "in_order")
    assert [(key.int, form["kind"], form["number"], form["title"]) for key, form in begun.rows] == [
        (2, "advance", "1", "丙"),
        (3, "operate", "1", "丁"),
        (0, "operate", "2", "甲"),
    ]
    third, _fourth, first = (form for _key, form in begun.rows)
    assert third["lineage"][-1] == {"event": "merged", "year": 2024, "from": {"year": 2023, "kind": "advance", "number": "2"}}  # fmt: skip
    assert (first["lineage"][-1]["event"], first["flags"]) == ("moved", ["moved"])
    assert [(one["event"], one["title"], one["reason"]) for one in begun.told] == [
        ("moved", "甲", "安定したため"), ("merged", "乙", None), ("postponed", "戊", "制度を見直すため"),
    ]  # fmt: skip
    found = contrast(edition(rows), edition([form for _key, form in begun.rows], outcomes=list(begun.told)))
    assert {line.before.title: line.outcome for line in found.lines if line.before} == {
        "甲": "moved", "乙": "merged", "丙": "renumbered", "丁": "kept", "戊": "postponed",
    }  # fmt: skip
