"""Yearly reports: plans of a year, results in words or figures, judgements, what comes next."""

from __future__ import annotations

import pytest

from tests.services.plan.reading.printing import Cells, read_sheets
from yakuba.services.plan.reading import Reading, read_documents
from yakuba.services.plan.reading.model import Initiative
from yakuba.services.plan.reading.scopes import said_in

NAME = "みほん町第2次情報化計画"
HEAD = ("No.", "取組項目", "担当課", "年次計画（R6）", "R6実績", "評価", "評価の理由", "R7の予定")
ROWS = (
    (
        "1",
        "会議室の無線",
        "総務課",
        "業者を選ぶ",
        "入札を行い、業者を決めた。",
        "A",
        "計画どおりに進んだ。",
        "稼働",
    ),
    ("2", "届出の予約", "住民課", "端末10台の配置", "6台を配った。", "Ｂ", "納品の遅れ", "残り4台を配る"),
    ("3", "案内の多言語化", "住民課", "検討", "―", "－", None, "検討"),
)


def worded(one: Initiative) -> tuple[str | None, dict[str, str], dict[str, object]]:
    return one.progress, dict(one.stages), dict(one.texts)


def check(read: Reading) -> None:
    first, second, third = read.initiatives
    assert worded(first) == (
        "A",
        {"2024": "業者を選ぶ"},
        {"result": "入札を行い、業者を決めた。", "schedule": "稼働"},
    )
    assert worded(second) == (
        "Ｂ",
        {"2024": "端末10台の配置"},
        {"result": "6台を配った。", "schedule": "残り4台を配る"},
    )
    assert third.progress == "－"
    assert not any(one.indicators for one in read.initiatives)


def test_results_in_sentences_are_texts_and_plans_go_by_their_years() -> None:
    read = read_sheets(
        {"一覧": [(f"{NAME}（令和5年度～令和8年度）　進捗管理表（令和6年度末時点）",), (), HEAD, *ROWS]}
    )
    check(read)
    assert read.plan.title == NAME
    assert [piece.text for piece in read.unplaced] == [
        "評価の理由: 計画どおりに進んだ。",
        "評価の理由: 納品の遅れ",
    ]


def test_the_same_of_a_text() -> None:
    lines = "".join("\t".join(cell or "" for cell in row) + "\n" for row in (HEAD, *ROWS))
    check(read_documents(f"{NAME}\n令和5年度～令和8年度\n\n{lines}".encode(), "計画.txt")[0])


def test_results_in_sentences_beside_an_indicator_with_values() -> None:
    head = (*HEAD, "指標", "R5実績値", "R6目標値", "R6実績値")
    more: Cells = [("予約の割合", "0%", "10%", "8%"), ("配った台数", "0台", "10台", "6台"), (None,) * 4]
    rows = [(*row, *values) for row, values in zip(ROWS, more, strict=True)]
    sheets = {
        name: [(f"{NAME}　進捗管理表",), (), head, *rows[at : at + 2]] for name, at in (("一", 0), ("二", 2))
    }
    read = read_sheets(sheets)
    assert [one.progress for one in read.initiatives] == ["A", "Ｂ", "－"]
    first, second, _ = read.initiatives
    assert (first.texts["result"], first.texts["schedule"]) == ("入札を行い、業者を決めた。", "稼働")
    values = [
        [(value.kind, value.year, value.number) for value in one.indicators[0].values]
        for one in (first, second)
    ]
    assert values == [
        [("actual", 2023, "0"), ("target", 2024, "10"), ("actual", 2024, "8")],
        [("actual", 2023, "0"), ("target", 2024, "10"), ("actual", 2024, "6")],
    ]
    assert read.plan.title == NAME
    assert not [piece for piece in read.unplaced if NAME in piece.text]


def test_results_in_figures_stay_values() -> None:
    text = (
        f"{NAME}　令和5年度進捗状況一覧\n\n"
        "No.\t事業名\t担当\tR5目標\tR5実績\t評価\tR6の取組\n"
        "1\t会議室の無線\t総務課\t8室\t5室\tB\t残りをつなぐ\n"
        "2\t届出の予約\t住民課・総務課\t実施\t実施\tA\t対象を広げる\n"
    )
    read = read_documents(text.encode(), "計画.txt")[0]
    first, second = read.initiatives
    assert [(value.kind, value.number) for value in first.indicators[0].values] == [
        ("target", "8"),
        ("actual", "5"),
    ]
    assert [(value.kind, value.state) for value in second.indicators[0].values] == [
        ("target", "実施"),
        ("actual", "実施"),
    ]
    assert [(one.progress, one.texts["schedule"]) for one in read.initiatives] == [
        ("B", "残りをつなぐ"),
        ("A", "対象を広げる"),
    ]
    assert not read.unplaced


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("令和5年度 進捗状況報告書", 2023),
        ("令和6年7月 情報課", None),
        ("R6.7.1現在", None),
        ("取組結果(令和4年度)", 2022),
    ],
)
def test_the_day_of_printing_is_not_the_year_of_the_table(line: str, year: int | None) -> None:
    assert said_in(line).year == year


def test_a_report_belongs_to_its_year() -> None:
    text = (
        f"{NAME}\n令和5年度 進捗状況報告書\n令和6年7月　情報課\n計画期間は令和4年度から令和8年度までです。\n\n"
        "担当課\t番号\t取組\t令和5年度の取組結果\t評価\t今後の対応\n"
        "総務課\t1-1\t会議室の無線\t5室をつないだ。\tA\t残る3室をつなぐ。\n"
        "住民課\t1-2\t届出の予約\t仕様を決めた。\tC\t次の年度に始める。\n"
    )
    read = read_documents(text.encode(), "計画.txt")[0]
    assert {one.year for one in read.initiatives} == {2023}
    assert (read.plan.first_year, read.plan.last_year) == (2022, 2026)
    assert [(one.progress, one.texts["result"], one.texts["schedule"]) for one in read.initiatives] == [
        ("A", "5室をつないだ。", "残る3室をつなぐ。"),
        ("C", "仕様を決めた。", "次の年度に始める。"),
    ]
