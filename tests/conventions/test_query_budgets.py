"""How many queries each page may ask, checked in: the same for twelve initiatives as for sixty (DESIGN §8).

``YAKUBA_WRITE_BUDGETS=1`` writes the file anew; the difference then stands in the change, for a reader to judge.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.sample import published_edition
from tests.services.plan.readings import ready
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan.models import Initiative

BUDGETS = Path(__file__).with_name("query_budgets.csv")
PAGES = {
    "front": "/",
    "municipality": "/990019/",
    "editions": "/990019/plan/",
    "edition": "/990019/plan/2024/",
    "edition filtered": "/990019/plan/2024/?q=電子&filter.progress=順調",
    "edition sheet": "/990019/plan/2024/initiatives.csv",
    "edition data": "/990019/plan/2024/plan.json",
    "edition text": "/990019/plan/2024/text/",
    "edition late sheet": "/990019/plan/2024/late.csv",
    "edition changes": "/990019/plan/2024/changes/",
    "changes": "/990019/plan/changes/",
    "feed": "/990019/plan/feed.atom",
    "initiative": "/990019/plan/2024/{initiative}/",
    "answer": "/990019/plan/2024/{initiative}/answer/",
    "sheets": "/990019/plan/2024/sheets/",
    "scoreboard": "/990019/plan/2024/scoreboard/",
    "indicator embed": "/990019/plan/2024/{initiative}/indicators/1/embed/",
    "search": "/990019/search/?q=電子申請",
    "nation": "/plan/",
    "nation municipalities": "/plan/municipalities/",
    "nation theme": "/plan/themes/online-applications/",
    "nation theme sheet": "/plan/themes/online-applications/initiatives.csv",
    "nation indicators": "/plan/themes/online-applications/indicators/",
    "nation compare": "/plan/compare/?theme=online-applications&city=990019",
    "nation search": "/plan/search/?q=電子申請",
    "api editions": "/api/v1/990019/plan/editions",
    "api initiatives": "/api/v1/990019/plan/editions/2024/initiatives",
    "api initiative": "/api/v1/990019/plan/initiatives/{initiative}",
    "desk home": "/990019/desk/",
    "desk editions": "/990019/desk/plan/",
    "desk edition": "/990019/desk/plan/editions/{edition}/",
    "desk initiative": "/990019/desk/plan/initiatives/{initiative}/",
    "desk initiative part": "/990019/desk/plan/initiatives/{initiative}/edit/values-0/",
    "desk initiative history": "/990019/desk/plan/initiatives/{initiative}/history/",
    "desk answer": "/990019/desk/plan/initiatives/{initiative}/answer/?notes=1",
    "desk sheets": "/990019/desk/plan/editions/{edition}/print/",
    "desk preview": "/990019/desk/plan/editions/{edition}/as-public/",
    "desk preview initiative": "/990019/desk/plan/editions/{edition}/as-public/{initiative}/",
    "desk ask": "/990019/desk/plan/editions/{edition}/ask/",
    "desk themes": "/990019/desk/plan/editions/{edition}/themes/",
    "desk tree": "/990019/desk/plan/editions/{edition}/tree/",
    "desk text": "/990019/desk/plan/editions/{edition}/text/",
    "desk about": "/990019/desk/plan/editions/{edition}/about/",
    "desk next": "/990019/desk/plan/editions/{edition}/next/",
    "desk calendar": "/990019/desk/plan/calendar/",
    "desk sheet": "/990019/desk/plan/editions/{edition}/initiatives.csv",
    "desk indicator sheet": "/990019/desk/plan/editions/{edition}/indicators.csv",
    "desk memos": "/990019/desk/plan/editions/{edition}/memos/",
    "desk initiative new": "/990019/desk/plan/editions/{edition}/initiatives/new/",
    "desk publish": "/990019/desk/plan/editions/{edition}/publish/",
    "desk past": "/990019/desk/plan/editions/{edition}/publish/1/",
    "desk offices": "/990019/desk/plan/editions/{edition}/offices/",
    "desk imports": "/990019/desk/plan/imports/",
    "desk import review": "/990019/desk/plan/imports/{job}/",
    "desk import check": "/990019/desk/plan/imports/{job}/check/",
    "desk import check many": "/990019/desk/plan/imports/{job}/check/many/?at=0.0.texts.schedule_past",
    "desk import check rows": "/990019/desk/plan/imports/{job}/check/rows/",
    "desk import check row": "/990019/desk/plan/imports/{job}/check/rows/0/0/",
    "desk import check pieces": "/990019/desk/plan/imports/{job}/check/pieces/",
    "desk people": "/990019/desk/people/",
    "desk trail": "/990019/desk/trail/",
}
# Who looks, where the secretariat may not.
OTHER_EYES = {"desk people": "municipality_admin", "desk trail": "auditor"}


def measured(town: Town, count: int) -> dict[str, int]:
    """Queries per page with an edition of ``count`` initiatives."""
    edition = published_edition(town, count)
    first = Initiative.unscoped.filter(edition=edition).order_by("position").first()
    assert first is not None
    job = ready(town, count)
    found = {}
    for name, address in PAGES.items():
        client = Client()
        if name.startswith("desk"):
            sign_in(client, town.account(OTHER_EYES.get(name, "plan_secretariat")))
        path = address.format(initiative=first.pk, edition=edition.pk, job=job.pk)
        assert client.get(path).status_code == 200, (
            path
        )  # what is made once (caches of templates) is made here
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path)
        found[name] = len(queries)
    return found


@pytest.mark.django_db
def test_budgets(mihon: Town, karina: Town) -> None:
    few = measured(mihon, 12)
    if os.environ.get("YAKUBA_WRITE_BUDGETS"):
        lines = ["page,queries", *(f"{name},{count}" for name, count in few.items())]
        BUDGETS.write_text("\n".join(lines) + "\n", "utf-8")
    with BUDGETS.open(encoding="utf-8", newline="") as file:
        budgets = {row["page"]: int(row["queries"]) for row in csv.DictReader(file)}
    assert set(budgets) == set(PAGES)
    assert {name: count for name, count in few.items() if count > budgets[name]} == {}, (
        "more queries than allowed"
    )


@pytest.mark.django_db
def test_five_times_the_rows_ask_no_more(mihon: Town) -> None:
    many = measured(mihon, 60)
    with BUDGETS.open(encoding="utf-8", newline="") as file:
        budgets = {row["page"]: int(row["queries"]) for row in csv.DictReader(file)}
    assert {name: count for name, count in many.items() if count > budgets[name]} == {}
