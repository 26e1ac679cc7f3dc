"""How many queries each page may ask, checked in: the same for many rows as for few (DESIGN §8).

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
from tests.services.procedures.offers import definition, submission
from tests.services.procedures.portal.sheets import Applicant, offered
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import japan_date
from yakuba.services.plan.models import Initiative
from yakuba.services.procedures.actions.inventory import put_online
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.models import Submission

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
    "figure": "/990019/plan/2024/{initiative}/indicators/1/",
    "metrics": "/990019/metrics/",
    "desk metrics": "/990019/desk/metrics/",
    "desk metric": "/990019/desk/metrics/online_procedures_count/",
    "desk series": "/990019/desk/metrics/series/",
    "desk measures": "/990019/desk/plan/editions/{edition}/measures/",
    "desk board": "/990019/desk/plan/editions/{edition}/board/",
    "desk codes": "/990019/desk/plan/editions/{edition}/codes/",
    "indicator embed": "/990019/plan/2024/{initiative}/indicators/1/embed/",
    "search": "/990019/search/?q=電子申請",
    "contrast": "/990019/plan/2024/contrast/",
    "figures": "/990019/plan/2024/figures/",
    "figures embed": "/990019/plan/2024/figures/progress/embed/",
    "lineage": "/990019/plan/lineage/",
    "record": "/990019/plan/record/",
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
    "desk contrast": "/990019/desk/plan/editions/{edition}/contrast/",
    "desk verification": "/990019/desk/plan/editions/{edition}/verification/",
    "desk numbers": "/990019/desk/plan/editions/{edition}/numbers/",
    "desk observations": "/990019/desk/plan/editions/{edition}/observations/",
    "desk book": "/990019/desk/plan/editions/{edition}/book/",
    "desk book templates": "/990019/desk/plan/book-templates/",
    "desk rounds": "/990019/desk/rounds/",
    "desk bodies": "/990019/desk/bodies/",
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
PROCEDURES = {
    "procedures": "/990019/procedures/",
    "procedures found": "/990019/procedures/?q=犬",
    "procedure": "/990019/procedures/{procedure}/",
    "procedure start": "/990019/procedures/{procedure}/start/",
    "procedure page": "/990019/procedures/applying/{filling}/pages/applicant/",
    "procedure check": "/990019/procedures/applying/{filling}/check/",
    "application": "/990019/procedures/applications/{submission}/",
    "application receipt": "/990019/procedures/applications/{submission}/receipt/",
    "desk cases": "/990019/desk/cases/",
    "desk cases sheet": "/990019/desk/cases/list.csv",
    "desk case": "/990019/desk/cases/{case}/",
    "desk intake": "/990019/desk/cases/bundle/",
    "desk intake sheet": "/990019/desk/cases/bundle/list.csv",
    "desk procedures": "/990019/desk/procedures/",
    "desk procedure": "/990019/desk/procedures/{procedure}/",
    "desk inventory": "/990019/desk/inventory/",
    "desk inventory sheet": "/990019/desk/inventory.csv",
}
# Who looks, where the secretariat may not.
OTHER_EYES = {"desk people": "municipality_admin", "desk trail": "auditor"}


def asked(client: Client, path: str) -> int:
    """How many queries a page asks; what is made once (caches of templates) is made before."""
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def applied(town: Town, count: int) -> dict[str, int]:
    """Queries per page of procedures, with ``count`` of them on offer, and as many cases and rows of the inventory."""
    somebody, again = Applicant(town), Applicant(town)
    chosen = offered(town)
    for one in [chosen, *(offered(town) for _more in range(count - 1))]:
        receive(town.ctx("cli"), submission(town, of=one), NoData())
        put_online(town.ctx("cli").begin(), one, definition(), japan_date(town.ctx("cli").now))
    somebody.fill_in(chosen)
    somebody.send()
    again.client = somebody.client
    again.fill_in(chosen)
    sent = Submission.unscoped.exclude(handed_over_at__isnull=False).get()
    ids = {
        "procedure": chosen.pk,
        "filling": again.filling,
        "submission": sent.pk,
        "case": Case.unscoped.filter(topic_id=chosen.pk).values_list("pk", flat=True).get(),
    }
    desk = {role: Client() for role in ("case_worker", "procedure_secretariat")}
    for role, client in desk.items():
        sign_in(client, town.account(role))
    found = {}
    for name, address in PROCEDURES.items():
        role = "case_worker" if "/cases/" in address else "procedure_secretariat"
        client = desk[role] if name.startswith("desk") else somebody.client
        found[name] = asked(client, address.format(**ids))
    return found


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
        found[name] = asked(client, address.format(initiative=first.pk, edition=edition.pk, job=job.pk))
    return {**found, **applied(town, count // 4)}


@pytest.mark.django_db
def test_budgets(mihon: Town, karina: Town) -> None:
    few = measured(mihon, 12)
    if os.environ.get("YAKUBA_WRITE_BUDGETS"):
        lines = ["page,queries", *(f"{name},{count}" for name, count in few.items())]
        BUDGETS.write_text("\n".join(lines) + "\n", "utf-8")
    with BUDGETS.open(encoding="utf-8", newline="") as file:
        budgets = {row["page"]: int(row["queries"]) for row in csv.DictReader(file)}
    assert set(budgets) == {*PAGES, *PROCEDURES}
    assert {name: count for name, count in few.items() if count > budgets[name]} == {}, (
        "more queries than allowed"
    )


@pytest.mark.django_db
def test_five_times_the_rows_ask_no_more(mihon: Town) -> None:
    many = measured(mihon, 60)
    with BUDGETS.open(encoding="utf-8", newline="") as file:
        budgets = {row["page"]: int(row["queries"]) for row in csv.DictReader(file)}
    assert {name: count for name, count in many.items() if count > budgets[name]} == {}
