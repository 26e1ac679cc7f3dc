"""Every installed ledger has its pages from its declaration alone: nobody writes one for it."""

from __future__ import annotations

import datetime as dt
import re
from importlib import import_module
from urllib.parse import quote

import pytest

from tests.packs.vacant_houses.test_ledger import OWNER
from tests.services.ledgers.worlds import HERE, body, browser, open_book
from tests.world import Town, make_town
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed, installed
from yakuba.kernel.actions import Context
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.ledgers.views import forms, listed
from yakuba.services.ledgers.views.frame import opened, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with who keeps its ledgers and who reads what is open."""
    made = make_town("990019", "みほん市")
    for role in ("ledger_keeper", "staff"):
        made.account(role)
    return made


def a_row(ctx: Context, town: Town, one: Installed) -> Entry:  # type: ignore[type-arg]  # of any model
    rows = import_module(f"tests.packs.{one.ledger.key}.rows").ROWS
    book = open_book(town, one.ledger.key, open_to_staff=True)
    return one.actions.add(ctx, book, AddEntry(dict(rows[0])))


@pytest.mark.parametrize("one", installed(), ids=lambda one: one.ledger.key)
def test_list_entry_form_dictionary_and_reports(town: Town, one: Installed) -> None:  # type: ignore[type-arg]  # of any model
    keeper = town.ctx("ledger_keeper")
    entry = a_row(keeper, town, one)
    client, here = browser(town), f"{HERE}{one.ledger.key}/"
    desk = opened(keeper, one.ledger.key)
    spec = listed.spec(keeper, desk)
    queries = [
        "",
        *(f"?sort={key}" for key in spec.sortable),
        *(f"?filter.{each.key}={quote(each.choices[0].value)}" for each in spec.filters),
        *(f"?view={view.key}" for view in listed.views(desk) if view.key),
        f"?q={entry.number}",
    ]
    for query in queries:
        body(client.get(here + query))
    page = body(client.get(f"{here}{entry.pk}/"))
    for name, each in desk.specs.items():
        assert each.label in page, name
    assert f'href="{here}forms/{entry.pk}.pdf"' in page, "an entry is printed where it is read"
    for path in ("new/", f"{entry.pk}/edit/", "dictionary/", f"{entry.pk}/?on=R8.4.1"):
        body(client.get(here + path))
    for report in one.ledger.reports:
        body(client.get(f"{here}reports/{report.key}/?on=R8.3.31"))
        assert b"".join(client.get(f"{here}reports/{report.key}/list.csv"))  # type: ignore[call-overload]  # a stream


@pytest.mark.parametrize(
    "one", [one for one in installed() if one.ledger.personal], ids=lambda one: one.ledger.key
)
def test_nothing_personal_is_shown_or_found_by_who_may_not(town: Town, one: Installed) -> None:  # type: ignore[type-arg]  # of any model
    keeper = town.ctx("ledger_keeper")
    entry = a_row(keeper, town, one)
    desk = opened(keeper, one.ledger.key)
    written = {name: shown(entry, name, desk.all_specs) for name in one.ledger.personal}
    told = {name: text for name, text in written.items() if len(text) > 3}
    assert told, "the first row fills what is personal"
    here, staff, clerk = f"{HERE}{one.ledger.key}/", browser(town, "staff"), browser(town)
    api = f"/api/v1/990019/desk/ledgers/{one.ledger.key}/entries"
    pages = [body(staff.get(path)) for path in (here, f"{here}{entry.pk}/", api, f"{api}/{entry.pk}")]
    for name, text in told.items():
        assert not [page for page in pages if text in page], name
        assert entry.number not in body(staff.get(f"{here}?q={quote(text)}")).partition("<tbody")[2], name
        assert staff.get(f"{here}?sort={name}").status_code == 400
        assert staff.get(f"{here}?filter.{name}=1").status_code == 400
    before = TrailEntry.unscoped.filter(kind="read", action=f"{one.ledger.key}.read").count()
    body(clerk.get(f"{here}{entry.pk}/"))
    after = TrailEntry.unscoped.filter(kind="read", action=f"{one.ledger.key}.read")
    assert after.count() == before + 1
    payload = TrailPayload.unscoped.get(entry=after.latest("at"))
    assert str(entry.pk) in str(payload.__dict__)


def test_further_chains_are_named(town: Town) -> None:
    """Two badges 「該当なし」 beside each other say nothing."""
    one = next(one for one in installed() if one.ledger.chains)
    entry = a_row(town.ctx("ledger_keeper"), town, one)
    page = body(browser(town).get(f"{HERE}{one.ledger.key}/{entry.pk}/"))
    for chain in one.ledger.chains:
        assert f'<span class="small muted">{chain.label}</span>' in page
        for step in chain.steps_from(chain.first):
            assert f"{chain.label}：{step.label}" in page


@pytest.mark.parametrize(
    "words", ["見本花子", "見本　花子", "花子 見本", "ミホンハナコ", "みほん はなこ", "ﾐﾎﾝﾊﾅｺ", "一丁目2番"]
)
def test_an_entry_is_found_by_its_person(town: Town, words: str) -> None:
    """However the name is parted: tables write 見本　花子, the telephone says みほんはなこ."""
    one = next(one for one in installed() if one.ledger.key == "dog_registry")
    entry = a_row(town.ctx("ledger_keeper"), town, one)
    here = f"{HERE}dog_registry/?q={quote(words)}"
    assert entry.number in body(browser(town).get(here)).partition("<tbody")[2]
    assert entry.number not in body(browser(town, "staff").get(here)).partition("<tbody")[2]


def test_an_entry_is_found_by_the_persons_of_its_sub_rows(town: Town) -> None:
    one = next(one for one in installed() if one.ledger.key == "vacant_houses")
    keeper = town.ctx("ledger_keeper")
    entry = a_row(keeper, town, one)
    said = [{"id": "", "version": 0, "entry": dict(OWNER)}]
    one.actions.change(keeper, entry, ChangeEntry({}, {"contacts": said}))  # type: ignore[dict-item]  # JSON
    here = f"{HERE}vacant_houses/?q={quote(str(OWNER['name']))}"
    found = TrailEntry.unscoped.filter(kind="read", action="vacant_houses.read")
    before = found.count()
    assert entry.number in body(browser(town).get(here)).partition("<tbody")[2]
    assert found.count() == before + 1, "that somebody asked for a person is in the trail"
    assert entry.number not in body(browser(town, "staff").get(here)).partition("<tbody")[2]


def test_a_new_sub_row_answers_yes_or_no_as_usual(town: Town) -> None:
    """Who records a vaccination is not asked whether it was put off; a row that nobody wrote into is none."""
    one = next(one for one in installed() if one.ledger.key == "dog_registry")
    entry = a_row(town.ctx("ledger_keeper"), town, one)
    client, here = browser(town), f"{HERE}dog_registry/{entry.pk}/"
    form = body(client.get(f"{here}edit/"))
    for name in ("excused", "again"):
        assert re.search(f'name="lines.vaccinations.0.{name}" value="0"[^>]* checked', form)
    usual = {f"lines.vaccinations.{place}.{name}": "0" for place in (0, 1) for name in ("excused", "again")}
    ids = {f"lines.vaccinations.{place}.{name}": "" for place in (0, 1) for name in ("id", "year", "day")}
    desk = opened(town.ctx("ledger_keeper"), one.ledger.key)
    typed = forms.values_of(entry, desk.typed)
    written = {"lines.vaccinations.0.year": "R8", "lines.vaccinations.0.day": "R8.4.20"}
    written["lines.vaccinations.0.tag"] = "R8-0099"
    sent = {**typed, **usual, **ids, **written, "version": entry.version}
    assert client.post(f"{here}edit/", sent).status_code == 303
    made = entry.vaccinations.get()  # type: ignore[attr-defined]  # of a dog
    assert (made.excused, made.again, made.day) == (False, False, dt.date(2026, 4, 20))
