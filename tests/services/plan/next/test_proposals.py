"""What a body decided in the yearly review is what the next edition proposes, with the reason that was given."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.services.plan.year.conftest import YEAR, Year, edition_of, open_year
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan import queries
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.next.proposals import proposals
from yakuba.services.plan.year.actions import decide_reviews

pytestmark = pytest.mark.django_db
ONLINE, CARD, ROADS = "電子申請の拡大", "マイナンバーカードの活用研究", "道路台帳"


@pytest.fixture
def decided(mihon: Town) -> Year:
    """A round about three initiatives: one is to run steadily, one is done, one goes into another; the body agreed."""
    for role, office in (("plan_editor", "own"), ("plan_editor", "other"), ("office_head", "own"),
                         ("office_head", "other"), ("plan_secretariat", "own")):  # fmt: skip
        mihon.account(role, office)
    year = open_year(mihon, edition_of(mihon, YEAR), YEAR, "provisional")
    figure = {
        "place": 0,
        "raw": "81手続",
        "status": "provisional",
        "as_of": "2026-03-01",
        "evidence": "手続台帳",
    }
    online = Initiative.unscoped.get(edition=year.edition, title=ONLINE)
    year.say(ONLINE, actuals=[figure], next_action="to_operate", next_reason="安定して使われているため")
    year.say(CARD, next_action="complete", next_reason="調査を終えたため")
    year.say(ROADS, "other", next_action="merge", next_reason="台帳をまとめるため", merge_into=str(online.pk))
    year.enter(ONLINE, CARD)
    year.enter(ROADS, office="other")
    year.confirm(ONLINE, CARD)
    year.confirm(ROADS, office="other")
    year.accept(ONLINE, CARD, ROADS)
    decide_reviews(year.ctx("plan_secretariat"), year.round, {}, by="推進本部 令和7年度第2回")
    return year


def test_the_next_edition_does_what_was_decided(client: Client, decided: Year) -> None:
    edition = Edition.unscoped.get(pk=decided.edition.pk)
    ctx = decided.ctx("plan_secretariat")
    rows = [(row.pk, form) for row, form in queries.forms(queries.initiatives(ctx, edition))]
    ways = {
        form["title"]: way
        for (_key, form), way in zip(rows, proposals(ctx, edition, rows).values(), strict=True)
    }
    assert {title: (way.way, way.reason) for title, way in ways.items()} == {
        ONLINE: ("moved", "安定して使われているため"),
        CARD: ("completed", "調査を終えたため"),
        ROADS: ("merged", "台帳をまとめるため"),
    }
    assert ways[ROADS].into == rows[0][0]
    sign_in(client, decided.town.account("plan_secretariat"))
    here = f"/990019/desk/plan/editions/{edition.pk}/next/"
    html = client.get(here).content.decode()
    sent = {
        **dict(re.findall(r'<select[^>]* name="((?:way|into)-[^"]+)".*?value="([^"]+)" selected', html, re.DOTALL)),
        **{name: unescape(text) for name, text in re.findall(r'name="(reason-[^"]+)"[^>]* value="([^"]*)"', html)},
        "version": str(edition.version), "year": "R8", "label": "令和8年度版", "numbering": "in_order",
    }  # fmt: skip
    assert client.post(here, sent).status_code == 303
    made = queries.document(Edition.unscoped.get(label="令和8年度版"), "990019", "みほん市")
    (only,) = made["initiatives"]
    assert (only["title"], only["kind"], only["number"]) == (ONLINE, "operate", "1")
    assert [event["event"] for event in only["lineage"]] == ["moved", "merged"]
    assert [(one["title"], one["event"], one["reason"]) for one in made["plan"]["outcomes"]] == [
        (ONLINE, "moved", "安定して使われているため"),
        (CARD, "completed", "調査を終えたため"),
        (ROADS, "merged", "台帳をまとめるため"),
    ]
