"""Words of heads that offices use beside the usual ones."""

from __future__ import annotations

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
