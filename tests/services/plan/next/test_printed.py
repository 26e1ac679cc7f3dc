"""What cities print of moved and ended initiatives, of reached goals and of shares, beside what is worked out from their documents."""

from __future__ import annotations

import pytest

from tests.services.plan.forms import Form
from tests.services.plan.reading.published import readings
from yakuba.services.plan import shown
from yakuba.services.plan.next.contrast import Contrast, contrast
from yakuba.services.plan.next.shares import Share, counted, stated
from yakuba.services.plan.next.verification import verify
from yakuba.services.plan.reading.document import to_document

pytestmark = pytest.mark.plans


def editions(file: str, code: str, name: str) -> list[shown.Edition]:
    """The editions or plans of a document, the oldest first."""
    found: list[Form] = [to_document(one, code, name) for one in readings(file)]
    found.sort(key=lambda one: one["plan"]["first_year"])
    return [
        shown.edition(one, [(n, n, row) for n, row in enumerate(one["initiatives"])])  # type: ignore[misc]  # ids of any kind
        for one in found
    ]


def shibukawa() -> Contrast:
    before, after = editions("shibukawa.txt", "102083", "渋川市")
    return contrast(before, after)


def test_shibukawa_section_5_comes_out_as_printed():
    """§5 令和6年度計画での位置づけ: two initiatives move to 運用; 人事評価システムの導入 (計画変更) is postponed."""
    found = shibukawa()
    moved = [
        (line.before.title, line.before.leads[0], line.standing)
        for line in found.lines
        if line.outcome == "moved" and line.before
    ]
    assert moved == [
        ("文書管理システムの導入", "総務課", "運用取組へ移行 移行後の取組名：文書管理システムの運用"),
        # The table of §5 prints 総務経営課 (and the overview 美術館, in a shifted column); both detail tables print 文化財保護課.
        (
            "文化財地理情報システムの構築",
            "文化財保護課",
            "運用取組へ移行 移行後の取組名：統合型GIS搭載の遺跡地図の運用",
        ),
    ]
    ended = [
        (line.before.title, line.standing) for line in found.told if line.outcome == "gone" and line.before
    ]
    assert ended[0] == ("人事評価システムの導入", "計画変更（後の版に掲載なし）")
    assert [title for title, _standing in ended[1:]] == [
        # Rows of the results for 令和5年度 whose print is garbled: two titles that are another row's, one row that stands twice.
        "市民通報サービスの活用(市政相談員)",
        "タブレット端末の活用(市政相談員)",
        "LINEを活用した相談環境の充実",
    ]


def test_shibukawa_new_ones_are_those_that_are_marked_so():
    found = shibukawa()
    assert [line.after_text.split()[1] for line in found.lines if line.outcome == "new"] == [
        "5", "13", "17", "21", "22", "23", "23", "72",
    ]  # fmt: skip
    assert found.short == (96, 84), "whole pages of the results for 令和5年度 are not in the text"
    before, after = found.sizes
    assert (before, after) == (84, 104)
    assert found.going + found.over == before
    assert found.going + found.counts["new"] + found.counts["listed"] == after


def test_shibukawa_share_is_stated_and_counted():
    before, after = editions("shibukawa.txt", "102083", "渋川市")
    claims = stated(before.head, after.head)
    assert claims is not None
    assert (claims.share, claims.printed) == (Share(21, 22), True)
    count = counted(before.rows, 2023)
    assert count.of_told == Share(21, 22), "9 and 12, where the text says 10 and 11"
    assert count.of_told is not None
    assert count.of_told.percent == "95.5"


def test_fujioka_verification_comes_out_as_printed():
    """第2章4: 推進中 13, 検討中 9, 達成済み 5, 廃止 4 of 31; two are merged into others of the new plan."""
    found = verify(contrast(*editions("fujioka.txt", "102091", "藤岡市")))
    assert {word: number for word, _meaning, number in found.tallies} == {
        "推進中": 13, "検討中": 9, "達成済み": 5, "廃止": 4,
    }  # fmt: skip
    assert found.count == sum(found.outcomes.values()) == 31
    assert (found.outcomes["merged"], found.outcomes["completed"], found.outcomes["abolished"]) == (2, 5, 4)
    remarks = [one.remark for one in found.rows if one.line.outcome == "completed"]
    assert remarks[0] == "平成30年度に初動版を策定した。"
    assert counted(found.former.rows, 2018).of_told is None, "推進中 is no degree"


def test_ryugasaki_past_efforts_are_verified_row_by_row():
    """第2章 これまでの取組: 35 efforts, each with what was done; none goes on under its own name."""
    found = verify(contrast(*editions("ryugasaki.txt", "082082", "龍ケ崎市")))
    assert (found.count, found.outcomes) == (35, {"gone": 35})
    assert sum(bool(one.remark) for one in found.rows) == 35
