"""Words of heads that offices use beside the usual ones."""

from __future__ import annotations

from tests.services.plan.reading.printing import Cells, read_sheets
from yakuba.services.plan.reading import read_documents


def test_a_list_with_leading_and_other_offices_and_two_years_of_values() -> None:
    text = (
        "みほん町情報化計画（2024－2027）　施策一覧,,,,,,\n"
        "No.,分野,施策名,主担当,副担当,現況(2023),目標(2027)\n"
        "1,窓口,届出の予約,住民課,企画課,10件,200件\n"
        "2,庁内,会議室の無線,総務課,,3室,8室\n"
    )
    read = read_documents(text.encode(), "計画.csv")[0]
    assert [[(office.name, office.role) for office in one.offices] for one in read.initiatives] == [
        [("住民課", "lead"), ("企画課", "related")],
        [("総務課", "lead")],
    ]
    values = [[value for item in one.indicators for value in item.values] for one in read.initiatives]
    assert [[(value.kind, value.year, value.number) for value in own] for own in values] == [
        [("baseline", 2023, "10"), ("target", 2027, "200")],
        [("baseline", 2023, "3"), ("target", 2027, "8")],
    ]
    assert not read.unplaced


SUMS: Cells = [
    ("みほん町情報化計画（令和6年度～令和8年度）",),
    ("（単位：千円）",),
    ("担当課", "番号", "事業名", "事業概要", "事業費（千円）", None, None),
    (None, None, None, None, "R6", "R7", "R8"),
    ("総務課", 1, "会議室の無線", "会議室を無線でつなぐ", 1200, 0, 300),
    ("住民課", 2, "届出の予約", "予約を電子化する", "-", 4000, 250),
]
TOLD = [
    "事業費（千円） R6: 1200",
    "事業費（千円） R7: 0",
    "事業費（千円） R8: 300",
    "事業費（千円） R6: -",
    "事業費（千円） R7: 4000",
    "事業費（千円） R8: 250",
]


def test_years_below_a_head_of_sums_are_no_stages_and_nothing_is_lost() -> None:
    merged = read_sheets({"一覧": SUMS}, ["A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:G3"])
    lines = "".join("\t".join("" if cell is None else str(cell) for cell in row) + "\n" for row in SUMS)
    text = read_documents(lines.encode(), "計画.txt")[0]
    for read in (merged, text):
        assert [(one.number, one.title) for one in read.initiatives] == [
            ("1", "会議室の無線"),
            ("2", "届出の予約"),
        ]
        assert not any(one.stages or one.indicators for one in read.initiatives)
        assert [piece.text for piece in read.unplaced] == ["（単位：千円）", *TOLD]


def test_values_below_a_head_of_indicators_and_stages_below_a_schedule() -> None:
    rows: Cells = [
        ("みほん町情報化計画（令和6年度～令和8年度）",),
        (),
        ("番号", "取組名", "担当課", "年次計画", None, None, "KPI", None),
        (None, None, None, "R6", "R7", "R8", "現状", "目標"),
        (1, "会議室の無線", "総務課", "検討", "実施", "継続", "3室", "8室"),
        (2, "届出の予約", "住民課", "設計", "構築", "運用", "0件", "200件"),
    ]
    read = read_sheets({"一覧": rows}, ["A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:H3"])
    first, second = read.initiatives
    assert dict(first.stages) == {"2024": "検討", "2025": "実施", "2026": "継続"}
    assert [(value.kind, value.number) for value in second.indicators[0].values] == [
        ("baseline", "0"),
        ("target", "200"),
    ]
    assert not second.texts
    assert not read.unplaced
