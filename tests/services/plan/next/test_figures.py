"""The plan in figures: stated and counted apart, every share with its denominator, on the page, in frames, as sheet and as JSON."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.services.plan.edition_pair import Found, publish_on
from tests.services.plan.forms import Form, document, indicator, initiative, value
from tests.services.plan.test_portal_overview import asked, plain, rows_of
from tests.world import Town
from yakuba.services.plan import shown
from yakuba.services.plan.next.shares import Figures, Share, counted, stated

pytestmark = pytest.mark.django_db
HERE = "/990019/plan/2024/figures"


def office(*names: str) -> list[Form]:
    return [{"name": name, "role": "lead", "doubtful": False} for name in names]


def plan() -> Form:
    """As 渋川市 prints it: its words say 21 of 22, its rows 22 of 23 and one group in two rows."""

    def at(goal: str, *more: str) -> list[Form]:
        return [{"path": [goal], "primary": True}, *({"path": [one], "primary": False} for one in more)]

    goal = [value("10件", 2024, "target", number="10"), value("12件", 2024, number="12")]
    miss = [value("10件", 2024, "target", number="10"), value("2件", 2024, number="2")]
    rows = [
        initiative("1", "甲", kind="advance", progress="順調", placements=at("ア", "イ"), offices=office("総務課"),
                   indicators=[indicator("件数", goal, direction="increase")]),
        initiative("2-1", "乙", kind="advance", group="2", progress="順調", placements=at("ア"), offices=office("税務課", "総務課")),
        initiative("2-2", "丙", kind="advance", group="2", progress="順調", placements=at("ア"), offices=office("税務課")),
        initiative("3", "丁", kind="advance", progress="計画変更", placements=at("イ"), offices=office("総務課"),
                   indicators=[indicator("件数", miss, direction="increase"), indicator("率", miss)]),
        initiative("4", "戊", kind="advance", progress="停滞", placements=at("イ")),
        initiative("5", "己", kind="advance", progress="廃止", placements=at("イ")),
        initiative("1", "庚", kind="operate", placements=at("イ"), offices=office("総務課")),
    ]  # fmt: skip
    given = document(
        rows, sections=[{"number": "5", "title": "結果", "text": "９５．５％の取組が順調です。"}]
    )
    given["stated"] = {"progress": {"順調": 10, "ほぼ順調": 11, "計画変更": 1}, "counts": {}}
    return given


def test_a_share_knows_its_parts():
    assert (Share(21, 22).percent, Share(3, 3).percent, Share(0, 7).percent) == ("95.5", "100", "0")


def test_words_are_counted_by_what_they_mean_even_where_nobody_said_so():
    found = plan()
    edition = shown.edition(found, [(n, n, row) for n, row in enumerate(found["initiatives"])])  # type: ignore[misc]  # ids of any kind
    figures = Figures(edition, 2024, stated(found))  # type: ignore[arg-type]  # a year as a number
    claims = figures.claims
    assert claims is not None
    assert (claims.share, claims.printed) == (Share(21, 22), True)
    one = counted(edition.rows, 2024)
    assert (one.whole, one.told, one.good, one.late) == (6, 5, 2, 1)
    assert (one.of_told, one.of_going) == (Share(2, 5), Share(2, 4)), "廃止 is over, 計画変更 is not"
    assert (one.goals, one.judged, one.met, one.of_goals) == (3, 2, 1, Share(1, 2))
    free = [{**row, "progress": "推進中"} for row in found["initiatives"]]
    silent = counted([shown.Row(n, n, row) for n, row in enumerate(free)], 2024)  # type: ignore[arg-type]
    assert (silent.known, silent.of_told) == (False, None), "a word without a fixed meaning is no judgement"
    ends = [{**row, "progress": "廃止" if n else "達成済み"} for n, row in enumerate(found["initiatives"])]
    over = counted([shown.Row(n, n, row) for n, row in enumerate(ends)], 2024)  # type: ignore[arg-type]
    assert (over.known, over.done) == (False, Share(1, 6)), "outcomes tell nothing of who is on track"


def test_the_page_prints_every_share_with_its_denominator(client: Client, mihon: Town) -> None:
    publish_on(mihon, plan(), dt.date(2025, 3, 31))
    html = client.get(f"{HERE}/").content.decode()
    words = plain(html)
    assert "50% （終わった取組を除いた4件のうち2件）" in words
    assert "40% （進捗状況の記載がある5件のうち2件）" in words
    assert "95.5% （計画書の22件のうち21件） 計画書にもこの割合が書かれています。" in words
    assert "取組6件のうち5件" in words
    assert "50% （比べられる指標2個のうち1個・目標のある指標は3個）" in words
    assert "総務課 4" in words, "甲, the group of 2, 丁, 庚"
    assert "担当の記載なし 2" in words
    assert html.count("<svg") > 3
    for part in ("progress", "trend", "goals", "offices"):
        frame = client.get(f"{HERE}/{part}/embed/")
        assert frame.status_code == 200
        assert "X-Frame-Options" not in frame
        assert part in html
    assert client.get(f"{HERE}/nothing/embed/").status_code == 404
    data = client.get(f"{HERE}.json").json()
    assert data["stated"]["on_track"] == {"percent": "95.5", "part": 21, "whole": 22}
    assert data["counted"]["on_track_of_all"] == {"percent": "40.0", "part": 2, "whole": 5}
    assert [(one["name"], one["initiatives"]) for one in data["goals"]] == [("ア", 2), ("イ", 4)]
    lines = rows_of(client, f"{HERE}.csv")
    assert [(line["数え方"], line["名前"], line["順調・おおむね順調"], line["記載がある取組に占める順調の割合（％）"]) for line in lines][:4] == [
        ("数えた数", "みほん市情報化推進計画", "2", "40"), ("計画書の数", "みほん市情報化推進計画", "21", "95.5"),
        ("目標ごと", "ア", "2", "100"), ("目標ごと", "イ", "0", "0"),
    ]  # fmt: skip


def test_the_course_over_the_editions(
    client: Client, mihon: Town, three_editions: object, found: Found
) -> None:
    path = "/990019/plan/2026/figures/"
    trend = client.get("/990019/plan/2026/figures.json").json()["trend"]
    assert [(one["year"], one["counted"]["on_track_of_all"]) for one in trend] == [
        (2024, {"percent": "100.0", "part": 2, "whole": 2}),
        (2025, {"percent": "50.0", "part": 2, "whole": 4}),
        (2026, {"percent": "33.3", "part": 1, "whole": 3}),
    ]
    page = client.get(path)
    assert "数えた割合" in page.content.decode()
    assert client.get(path, headers={"If-None-Match": page["ETag"]}).status_code == 304
    assert asked(client, path) == asked(client, "/990019/plan/2024/figures/"), "however many editions"
    assert 'href="/990019/plan/2026/figures/"' in client.get("/990019/plan/2026/").content.decode()
