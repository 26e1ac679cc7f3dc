"""計画の歩み across editions and plans, and the life of one initiative across all of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.services.plan.edition_pair import publish_on, row
from tests.services.plan.forms import Form, document, initiative
from tests.services.plan.test_portal_overview import asked, plain, rows_of
from tests.world import Town
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.services.plan import shown
from yakuba.services.plan.next.lineage import named_only, stages

HERE = "/990019/plan/lineage/"


def plan(title: str, year: int, rows: list[Form], edition: str | None = None, **more: object) -> Form:
    for one in rows:
        one["year"] = year
    return document(rows, title=title, edition=edition, first_year=year, last_year=year + 2, **more)


SECOND = [initiative("1-1", "情報発信"), initiative("1-2", "掲示板", progress="廃止")]
THIRD = [initiative("1", "情報発信"), initiative("2", "窓口")]
FOURTH = [initiative("1", "窓口", kind="operate"), initiative("2", "地図", flags=["new"])]


def three() -> list[Form]:
    return [
        plan("みほん市第2次計画", 2020, SECOND, predecessors=["第1次計画"]),
        plan("みほん市第3次計画", 2023, THIRD, "令和5年度版", predecessors=["第2次計画", "第1次計画", "第3次計画（令和5年度版）"]),
        plan("みほん市第3次計画", 2024, FOURTH, "令和6年度版"),
    ]  # fmt: skip


def test_plans_and_what_each_took_over():
    found = [(FiscalYear(one["plan"]["first_year"]), one) for one in three()]
    told = stages(
        [(year, shown.edition(one, enumerate_rows(one["initiatives"]))) for year, one in found]  # type: ignore[arg-type]
    )
    assert [(stage.title, len(stage.steps)) for stage in told] == [
        ("みほん市第3次計画", 2),
        ("みほん市第2次計画", 1),
    ]
    assert [year.year for year in told[0].span] == [2023, 2026]
    assert dict(told[0].newest.changes) == {"new": 1, "moved": 1, "gone": 1}
    assert dict(told[0].oldest.changes) == {"listed": 1, "abolished": 1}
    assert told[1].oldest.before is None
    assert named_only(told) == ["第1次計画"], "what is there under the city's name is no plan without data"


def enumerate_rows(forms: list[Form]) -> list[tuple[int, int, Form]]:
    return [(n, n, form) for n, form in enumerate(forms)]


@pytest.mark.django_db
def test_the_way_of_the_plans_is_public(client: Client, mihon: Town) -> None:
    assert "公表された計画は、まだありません" in plain(client.get(HERE).content.decode())
    made = [publish_on(mihon, one, dt.date(one["plan"]["first_year"], 4, 1)) for one in three()]
    answer = client.get(HERE)
    words = plain(answer.content.decode())
    flat = words.replace(" ", "")
    order = [
        flat.index(text) for text in ("みほん市第3次計画", "令和6年度版", "令和5年度版", "みほん市第2次計画")
    ]
    assert order == sorted(order)
    assert "前の版から： 新規1件 ・ 区別の移行1件 ・ 掲載なし1件" in words
    assert "/990019/plan/2023/verification/?from=2020" in answer.content.decode()
    assert "名前だけが分かっている計画" in words
    assert client.get(HERE, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    lines = rows_of(client, "/990019/plan/lineage.csv")
    assert [(line["版の年度"], line["取組"], line["新規"], line["廃止"]) for line in lines] == [
        ("令和2年度", "2", "", ""), ("令和5年度", "2", "", "1"), ("令和6年度", "2", "1", ""),
    ]  # fmt: skip
    life = plain(client.get(f"/990019/plan/2024/{row(made[2], '窓口').pk}/").content.decode())
    assert "2から運用 1に移りました" in life
    other = plain(client.get(f"/990019/plan/2023/{row(made[1], '情報発信').pk}/").content.decode())
    assert "令和2年度 みほん市第2次計画" in other
    assert 'href="/990019/plan/lineage/"' in client.get("/990019/plan/").content.decode()
    assert asked(client, HERE) <= 5
