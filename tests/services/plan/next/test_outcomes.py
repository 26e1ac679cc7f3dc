"""What becomes of initiatives from one edition to the next, as actions write it."""

from __future__ import annotations

import json

import pytest

from tests.services.plan.forms import document, initiative
from tests.world import Town
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.plan import queries
from yakuba.services.plan.actions import ImportDocument, NextEdition, import_document, next_edition
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.next.actions import Renumber, SettleOutcome, renumber, settle_outcome
from yakuba.services.plan.next.life import life

pytestmark = pytest.mark.django_db
R7, R8 = FiscalYear(2025), FiscalYear(2026)


@pytest.fixture
def former(mihon: Town) -> Edition:
    rows = [
        initiative("1", "電子申請", kind="advance"),
        initiative("2", "文書管理の導入", kind="advance"),
        initiative("1", "例規システム", kind="operate"),
    ]
    given = document(rows, edition="令和6年度版")
    return Edition.unscoped.get(pk=import_document(mihon.ctx("cli"), None, ImportDocument(given)).pk)


def key(edition: Edition, title: str) -> str:
    return str(Initiative.unscoped.get(edition=edition, title=title).pk)


def after(town: Town, source: Edition, year: FiscalYear, **more: object) -> Edition:
    data = NextEdition(str(source.pk), source.version, year, **{"label": f"{year.wareki}版", **more})  # type: ignore[arg-type]  # carry and ways
    return next_edition(town.ctx("plan_secretariat"), None, data)


def test_what_an_edition_says_of_the_one_before_it_does_not_go_on(mihon: Town, former: Edition) -> None:
    ways = [
        {"initiative": key(former, "文書管理の導入"), "way": "moved", "reason": "安定したため", "into": ""},
        {
            "initiative": key(former, "例規システム"),
            "way": "abolished",
            "reason": "国の仕組みに移るため",
            "into": "",
        },
    ]
    seventh = after(mihon, former, R7, carry=[key(former, "電子申請")], ways=ways)
    told = queries.document(seventh, "990019", "みほん市")
    assert [(one["number"], one["kind"]) for one in told["initiatives"]] == [
        ("1", "advance"),
        ("2", "operate"),
    ]
    assert [(one["event"], one["reason"]) for one in told["plan"]["outcomes"]] == [
        ("moved", "安定したため"), ("abolished", "国の仕組みに移るため"),
    ]  # fmt: skip
    entry = TrailEntry.unscoped.get(action="plan.next_edition")
    notes = json.loads(TrailPayload.unscoped.get(entry=entry).text)["notes"]
    assert (notes["left"], notes["numbering"]) == (["1 例規システム"], "keep")
    every = [str(row.pk) for row in Initiative.unscoped.filter(edition=seventh)]
    eighth = after(mihon, seventh, R8, carry=every)
    assert "outcomes" not in queries.document(eighth, "990019", "みほん市")["plan"]
    moved = Initiative.unscoped.get(edition=eighth, title="文書管理の導入")
    assert [event["event"] for event in moved.lineage] == ["moved", "continued"]
    assert moved.flags == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"way": "sold"}, "way-"),
        ({"way": "merged", "into": "x"}, "into-"),
        ({"way": "merged", "into": "例規システム"}, "into-"),
        ({"way": 1}, "ways"),
    ],
)
def test_a_way_that_makes_no_sense(mihon: Town, former: Edition, row: dict[str, str], field: str) -> None:
    if row.get("into") == "例規システム":
        row = {**row, "into": key(former, "例規システム")}
    with pytest.raises(Problem) as wrong:
        after(
            mihon, former, R7, ways=[{"initiative": key(former, "電子申請"), "reason": "", "into": "", **row}]
        )
    assert (wrong.value.field or "").startswith(field)
    assert Edition.unscoped.count() == 1


def test_numbers_are_given_anew_once(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    Initiative.unscoped.filter(edition=former, title="文書管理の導入").update(number="9")
    version = former.version
    found = renumber(ctx, former, Renumber("in_order"))
    numbers = dict(Initiative.unscoped.filter(edition=former).values_list("title", "number"))
    assert (numbers["文書管理の導入"], found.version) == ("2", version + 1)
    row = Initiative.unscoped.get(edition=former, title="電子申請")
    renumber(ctx, found, Renumber("in_order"))
    assert Initiative.unscoped.get(pk=row.pk).version == row.version, "a number that stays is not written"


def test_who_only_looked_like_the_successor_is_new(mihon: Town, former: Edition) -> None:
    ctx = mihon.ctx("plan_secretariat")
    rows = [initiative("1", "電子申請", kind="advance", year=2025)]
    later = import_document(ctx, None, ImportDocument(document(rows, edition="令和7年度版")))
    settle_outcome(ctx, later, SettleOutcome(key(former, "電子申請"), "completed", reason="目標に達したため"))
    assert Initiative.unscoped.get(edition=later).lineage == [{"event": "new", "year": 2025, "from": None}]
    later.refresh_from_db()
    settle_outcome(ctx, later, SettleOutcome(key(former, "電子申請"), "continued", key(later, "電子申請")))
    (event,) = Initiative.unscoped.get(edition=later).lineage
    assert (event["event"], event["from"]["number"]) == ("continued", "1")
    with pytest.raises(Problem) as wrong:
        settle_outcome(ctx, former, SettleOutcome(key(later, "電子申請"), "ended"))
    assert wrong.value.code == "not_earlier"


def test_the_life_of_an_initiative_passes_one_edition_a_year(mihon: Town, former: Edition) -> None:
    every = [str(row.pk) for row in Initiative.unscoped.filter(edition=former)]
    first = after(mihon, former, R7, carry=every)
    tried = after(mihon, former, R7, carry=every, label="令和7年度版（試し）")
    eighth = after(mihon, first, R8, carry=[key(first, "電子申請")])
    ctx = mihon.ctx("staff")
    here = Initiative.unscoped.get(edition=first, title="電子申請")
    assert [(one.edition.pk, one.here, one.event) for one in life(ctx, here)] == [
        (eighth.pk, False, "continued"), (first.pk, True, "continued"), (former.pk, False, ""),
    ]  # fmt: skip
    other = Initiative.unscoped.get(edition=tried, title="例規システム")
    assert [one.edition.pk for one in life(ctx, other)] == [tried.pk, former.pk]
