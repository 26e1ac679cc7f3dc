"""The clerk's walk through a ledger's pages: find, read, correct, note, move, compare."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.services.ledgers.worlds import HERE, add, body, browser, open_book, site, wifi
from tests.world import Town, make_town
from yakuba.engines.ledger.actions.entries import ChangeEntry, MoveEntry, WriteNote
from yakuba.engines.ledger.actions.joints import JoinEntry, join
from yakuba.engines.ledger.models import Amendment, Book, Distinct, Move, Note
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.trail.models import TrailEntry
from yakuba.packs.public_wifi.models import Outage

pytestmark = pytest.mark.django_db
LIST = f"{HERE}public_wifi/"
FORM = {
    "name": "架空ホール",
    "use": "public",
    "address": "みほん市架空町2番地",
    "ssid": "Kakuu",
    "disaster": "1",
    "place": "36.4, 139.1",
    "holds_from": "",
    "reason": "",
}


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with everybody who comes into it."""
    made = make_town("990019", "みほん市")
    for role in ("ledger_keeper", "ledger_reader", "ledger_secretariat", "staff"):
        made.account(role)
    made.account("ledger_keeper", "other")
    return made


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """The book of its office."""
    return open_book(town)


@pytest.fixture
def entry(town: Town, book: Book) -> Entry:
    """An entry in it."""
    return add(town, book, renewal="2027-03-31")


def numbers(page: str) -> list[str]:
    """The entries of a list, as they stand."""
    return re.findall(r'href="/990019/desk/ledgers/public_wifi/[0-9a-f-]{36}/">([^<]+)</a>', page)


def page_of(entry: Entry) -> str:
    return f"{LIST}{entry.pk}/"


def fresh(entry: Entry) -> Entry:
    return wifi().ledger.model.unscoped.get(pk=entry.pk)


# --- home -------------------------------------------------------------------------------------------------------------


def test_the_first_page_counts_truly(town: Town, book: Book, entry: Entry) -> None:
    add(town, book, name="例示会館")
    page = body(browser(town).get(HERE))
    assert "公衆無線LAN" in page
    assert "設置予定 2" in page
    assert "2件" in page


def test_without_a_book_the_page_says_what_to_do(karina: Town) -> None:
    page = body(browser(karina, "staff").get("/990027/desk/ledgers/"))
    assert "使える台帳がありません" in page
    assert "事務局が、台帳を始めて" in page


def test_the_secretariat_opens_a_book_and_hands_it_over(karina: Town) -> None:
    here = "/990027/desk/ledgers/"
    client = browser(karina, "ledger_secretariat")
    refused = client.post(here, {"ledger": "public_wifi", "office_code": ""})
    assert "所属コード" in body(refused, 422)
    assert client.post(here, {"ledger": "public_wifi", "office_code": "own-1"}).status_code == 303
    book = Book.unscoped.get(municipality=karina.ref.id, ledger="public_wifi")
    assert book.office_id == karina.offices["own"].pk
    page = body(client.get(f"{here}public_wifi/book/"))
    assert "<textarea" in page
    assert 'name="terms"' in page  # without it no book can be released
    sent = {"office_code": "other-1", "open_to_staff": "1", "reason": "組織改正", "was": "own-1 True False"}
    assert "ほかの人が先に変更しました" in body(client.post(f"{here}public_wifi/book/", sent), 409)
    sent["was"] = page.split('name="was" value="')[1].split('"')[0]
    assert client.post(f"{here}public_wifi/book/", sent).status_code == 303
    book.refresh_from_db()
    assert (book.office_id, book.open_to_staff, book.released) == (karina.offices["other"].pk, True, False)
    for released in ("1", ""):  # released, then taken back: its terms stay as they were written
        page = body(client.get(f"{here}public_wifi/book/"))
        sent |= {"was": page.split('name="was" value="')[1].split('"')[0], "released": released}
        sent["terms"] = "出典を示して、自由に使えます。"
        assert client.post(f"{here}public_wifi/book/", sent).status_code == 303
        book.refresh_from_db()
        assert (book.released, book.terms) == (bool(released), sent["terms"])


def test_who_only_arranges_books_reads_none(town: Town, book: Book, entry: Entry) -> None:
    client = browser(town, "ledger_secretariat")
    page = body(client.get(LIST))
    assert "台帳の中身は、所管課の職員が見ます" in page
    assert entry.number not in page
    assert client.get(page_of(entry)).status_code == 404
    assert "設置予定" not in body(client.get(HERE))


def test_who_keeps_a_book_does_not_arrange_it(town: Town, book: Book) -> None:
    assert browser(town).get(f"{LIST}book/").status_code == 403
    assert "台帳を始める" not in body(browser(town).get(HERE))


# --- list -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["W0001", "W0002", "W0010"]),
        ("?sort=-number", ["W0010", "W0002", "W0001"]),
        ("?sort=name", ["W0002", "W0010", "W0001"]),
        ("?sort=renewal", ["W0010", "W0001", "W0002"]),
        ("?sort=-renewal", ["W0001", "W0010", "W0002"]),
        ("?filter.use=tourism", ["W0002"]),
        ("?filter.use=tourism&filter.use=shelter", ["W0001", "W0002"]),
        ("?filter.disaster=0", ["W0010"]),
        ("?filter.state=open", []),
        ("?filter.state=planned", ["W0001", "W0002", "W0010"]),
        ("?view=ended", []),
        ("?view=all", ["W0001", "W0002", "W0010"]),
        ("?view=gone", []),
        ("?q=あおぞら", ["W0002"]),
        ("?q=W0010", ["W0010"]),
        ("?q=あおぞら 見本公民館", []),
    ],
)
def test_filters_search_and_orders(town: Town, book: Book, query: str, found: list[str]) -> None:
    add(town, book, "W0010", name="例示駅", use="public", disaster=False, renewal="2026-12-01")
    add(town, book, "W0002", name="あおぞら観光案内所", use="tourism")
    add(town, book, "W0001", renewal="2027-03-31")
    assert numbers(body(browser(town).get(LIST + query))) == found


@pytest.mark.parametrize(
    "query", ["?view=everything", "?filter.use=none", "?sort=device", "?nothing=1", "?after=nobody"]
)
def test_an_address_that_says_nothing_is_refused(town: Town, book: Book, query: str) -> None:
    assert browser(town).get(LIST + query).status_code == 400


def test_the_list_asks_no_more_for_more_rows(town: Town, book: Book) -> None:
    client = browser(town)
    asked = []
    for many in (2, 12):
        for _more in range(many):
            add(town, book)
        client.get(LIST)
        with CaptureQueriesContext(connection) as found:
            body(client.get(LIST))
        asked.append(len(found))
    assert asked[0] == asked[1] <= 22


def test_a_book_is_its_offices_own_unless_it_is_open(town: Town, book: Book, entry: Entry) -> None:
    assert browser(town, office="other").get(LIST).status_code == 404
    assert browser(town, "staff").get(page_of(entry)).status_code == 404
    Book.unscoped.filter(pk=book.pk).update(open_to_staff=True)
    staff = browser(town, "staff")
    assert numbers(body(staff.get(LIST))) == [entry.number]
    page = body(staff.get(page_of(entry)))
    assert "見本公民館" in page
    for hidden in ("経過記録", "変更の履歴", "障害履歴", "次の異動", "直す</a>"):
        assert hidden not in page
    assert staff.get(f"{page_of(entry)}?on=R8.1.1").status_code == 403
    for way in ("edit/", "move/?step=open"):
        assert staff.get(page_of(entry) + way).status_code == 403


# --- read and correct -------------------------------------------------------------------------------------------------


def test_a_new_entry_with_its_number(town: Town, book: Book) -> None:
    client = browser(town)
    assert "W" in body(client.get(f"{LIST}new/"))
    wrong = client.post(f"{LIST}new/", {**FORM, "place": "どこか", "ssid": "", "holds_from": "昨日ごろ"})
    page = body(wrong, 422)
    for words in ("「SSID」が空です", "「位置」に「どこか」は使えません", "昨日ごろ", "架空ホール"):
        assert words in page
    answer = client.post(f"{LIST}new/", FORM)
    assert answer.status_code == 303
    made = wifi().ledger.model.unscoped.get(name="架空ホール")
    assert answer["Location"] == page_of(made)
    assert made.number == "W0001"


def test_the_page_shows_everything_and_logs_the_read(town: Town, entry: Entry) -> None:
    page = body(browser(town).get(page_of(entry)))
    for words in (
        "見本公民館",
        "避難所等",
        "36.4",
        "設置予定",
        "回線・機器の更新期限",
        "令和9年3月31日",
        "まだ、記録はありません",
    ):
        assert words in page
    last = TrailEntry.unscoped.filter(kind="read").latest("at")
    assert last.action == "public_wifi.read"


def test_an_entry_asks_no_more_for_a_long_history(town: Town, book: Book, entry: Entry) -> None:
    client, keeper, actions = browser(town), town.ctx("ledger_keeper"), wifi().actions
    asked = []
    for many in (1, 6):
        for place in range(many):
            actions.note(keeper, entry, WriteNote("call", f"見本{place}"))
            actions.change(keeper, fresh(entry), ChangeEntry({"hours": f"{many}{place}時から"}, {}))
            Outage.unscoped.create(municipality_id=town.ref.id, entry=entry, day=dt.date(2026, 4, place + 1))
            other = add(town, book, name=f"例示{many}{place}", ssid=f"S{many}{place}")
            join(keeper, book, JoinEntry(str(entry.pk), "public_wifi", str(other.pk), "隣"))
        body(client.get(page_of(entry)))
        with CaptureQueriesContext(connection) as found:
            body(client.get(page_of(entry)))
        asked.append(len(found))
    assert asked[0] == asked[1] <= 40


def test_an_entry_is_put_right_with_its_lines(town: Town, entry: Entry) -> None:
    client = browser(town)
    page = body(client.get(f"{page_of(entry)}edit/"))
    assert 'value="見本公民館"' in page
    sent = {
        **FORM,
        "renewal": "R9.4.30",
        "reason": "更新",
        "version": entry.version,
        "lines.outages.0.id": "",
        "lines.outages.0.version": "0",
        "lines.outages.0.day": "R8.5.1",
        "lines.outages.0.cause": "落雷",
        "lines.outages.1.id": "",
        "lines.outages.1.version": "0",
        "lines.outages.1.day": "",
    }
    assert client.post(f"{page_of(entry)}edit/", sent).status_code == 303
    now = fresh(entry)
    assert (now.name, now.renewal) == ("架空ホール", dt.date(2027, 4, 30))
    page = body(client.get(page_of(entry)))
    assert "落雷" in page
    assert "<del>見本公民館</del>" in page
    outage = now.outages.get()
    gone = {
        "version": now.version,
        "lines.outages.0.id": str(outage.pk),
        "lines.outages.0.version": outage.version,
        "lines.outages.0.remove": "1",
        **FORM,
    }
    assert client.post(f"{page_of(entry)}edit/", gone).status_code == 303
    assert not now.outages.exists()


def test_a_form_holds_no_more_lines_than_can_be_sent(town: Town, entry: Entry) -> None:
    for day in range(1, 30):
        Outage.unscoped.create(municipality_id=town.ref.id, entry=entry, day=dt.date(2026, 4, day))
    for day in range(1, 5):
        Outage.unscoped.create(municipality_id=town.ref.id, entry=entry, day=dt.date(2025, 4, day))
    page = body(browser(town).get(f"{page_of(entry)}edit/"))
    assert 'name="lines.outages.31.id" value=""' in page
    assert "lines.outages.32." not in page
    assert "それより古い3件" in page
    assert "令和7年4月1日" in body(browser(town).get(page_of(entry)))


def test_a_wrong_line_is_named_and_kept(town: Town, entry: Entry) -> None:
    sent = {
        **FORM,
        "version": entry.version,
        "lines.outages.0.id": "",
        "lines.outages.0.version": "0",
        "lines.outages.0.day": "",
        "lines.outages.0.cause": "",
        "lines.outages.1.id": "",
        "lines.outages.1.version": "0",
        "lines.outages.1.day": "",
        "lines.outages.1.cause": "停電のため",
    }
    page = body(browser(town).post(f"{page_of(entry)}edit/", sent), 422)
    assert "「発生日」が空です" in page
    assert 'href="#id_lines.outages.1.day"' in page
    assert 'value="停電のため"' in page
    assert fresh(entry).name == "見本公民館"


def test_who_was_overtaken_sees_what_stands_there_now(town: Town, entry: Entry) -> None:
    change = ChangeEntry({"address": "みほん市例示町9番地"}, {})
    wifi().actions.change(town.ctx("ledger_keeper"), entry, change)
    sent = {**FORM, "version": entry.version}
    page = body(browser(town).post(f"{page_of(entry)}edit/", sent), 409)
    assert "ほかの人が先に変更しました" in page
    assert "今「みほん市例示町9番地」です" in page
    assert 'value="みほん市架空町2番地"' in page
    assert f'name="version" value="{fresh(entry).version}"' in page


def test_as_of_a_day(town: Town, book: Book) -> None:
    today = japan_date(clock.now())
    keeper = town.ctx("ledger_keeper")
    from yakuba.engines.ledger.actions.entries import AddEntry

    old = wifi().actions.add(keeper, book, AddEntry(site(), "", today - dt.timedelta(days=100)))  # type: ignore[arg-type]  # JSON
    wifi().actions.change(keeper, old, ChangeEntry({"ssid": "Mihon_Neo"}, {}, today - dt.timedelta(days=10)))
    client = browser(town)
    page = body(client.get(f"{page_of(old)}?on={today - dt.timedelta(days=50)}"))
    assert "今は「Mihon_Neo」" in page
    assert "この日には、まだ記録がありません" in body(client.get(f"{page_of(old)}?on=R1.5.1"))
    wrong = body(client.get(f"{page_of(old)}?on=いつか"), 400)
    assert "「いつか」は日付として読めません" in wrong
    assert 'name="on"' in wrong, "the form stays, with what was typed"


# --- note, move, compare ----------------------------------------------------------------------------------------------


def test_the_journal(town: Town, entry: Entry) -> None:
    client = browser(town)
    wrong = client.post(f"{page_of(entry)}note/", {"kind": "", "day": "", "text": "電波が弱い"})
    page = body(wrong, 422)
    assert "「区分」" in page
    assert "電波が弱い" in page
    later = {"kind": "call", "day": "R20.1.1", "text": "電波が弱い"}
    assert "これから先の日" in body(client.post(f"{page_of(entry)}note/", later), 422)
    assert client.post(f"{page_of(entry)}note/", {**later, "day": ""}).status_code == 303
    assert Note.unscoped.get(entry=entry.pk).text == "電波が弱い"
    assert "電波が弱い" in body(client.get(page_of(entry)))
    assert (
        browser(town, "ledger_reader").post(f"{page_of(entry)}note/", {**later, "day": ""}).status_code == 403
    )


def test_moves_ask_for_what_they_need(town: Town, entry: Entry) -> None:
    client = browser(town)
    page = body(client.get(page_of(entry)))
    assert "提供をはじめる" in page
    assert "設置をやめる" in page
    assert "休止する" not in page
    sent = {"chain": "state", "step": "drop", "day": "", "reason": "", "version": entry.version}
    page = body(client.post(f"{page_of(entry)}move/", sent), 422)
    assert "「理由」が空です" in page
    assert 'href="#id_state-drop-reason"' in page
    assert "撤去済み" in body(client.get(f"{page_of(entry)}move/?step=drop"))
    assert client.post(f"{page_of(entry)}move/", {**sent, "reason": "計画の変更"}).status_code == 303
    assert fresh(entry).state == "closed"
    assert "計画の変更" in body(client.get(page_of(entry)))
    assert client.get(f"{page_of(entry)}move/?step=open").status_code == 404
    assert client.post(f"{page_of(entry)}move/", {**sent, "version": "1"}).status_code == 409
    assert numbers(body(client.get(LIST))) == []
    assert numbers(body(client.get(f"{LIST}?view=ended"))) == [entry.number]
    assert numbers(body(client.get(f"{LIST}?q={entry.number}"))) == [entry.number]


def test_a_mistake_stays_as_a_tombstone(town: Town, entry: Entry) -> None:
    client = browser(town)
    sent = {"chain": "state", "step": "void", "day": "", "reason": "別の市の施設", "version": entry.version}
    assert client.post(f"{page_of(entry)}move/", sent).status_code == 303
    page = body(client.get(page_of(entry)))
    assert "誤登録として取り消した行です" in page
    assert "直す</a>" not in page
    assert numbers(body(client.get(f"{LIST}?view=gone"))) == [entry.number]
    assert Move.unscoped.filter(entry=entry.pk, go_to="void").count() == 1


def test_doubles_side_by_side(town: Town, book: Book, entry: Entry) -> None:
    double = add(town, book, address="みほん市見本町一番地")
    apart = add(town, book, use="tourism", address="みほん市見本町1")
    client = browser(town)
    page = body(client.get(page_of(entry)))
    assert f"compare/{double.pk}/" in page
    page = body(client.get(f"{page_of(entry)}compare/{apart.pk}/"))
    assert "観光" in page
    assert "違う" in page
    refused = client.post(f"{page_of(double)}compare/{entry.pk}/", {"do": "go", "reason": ""})
    assert "「理由」が空です" in body(refused, 422)
    assert client.post(f"{page_of(entry)}compare/{apart.pk}/", {"do": "apart"}).status_code == 303
    assert Distinct.unscoped.count() == 1
    assert f"compare/{apart.pk}/" not in body(client.get(page_of(entry)))
    merged = client.post(f"{page_of(double)}compare/{entry.pk}/", {"do": "go", "reason": "同じ建物"})
    assert merged["Location"] == page_of(entry)
    assert fresh(double).state == "merged"
    assert f"{entry.number} に統合しました" in body(client.get(page_of(double)))
    assert Amendment.unscoped.filter(entry=double.pk, values={"state": "merged"}).exists()


def test_why_an_entry_moved_is_for_readers_of_everything(town: Town, book: Book, entry: Entry) -> None:
    Book.unscoped.filter(pk=book.pk).update(open_to_staff=True)
    why = "手本さんから電話があったため"
    wifi().actions.move(town.ctx("ledger_keeper"), entry, MoveEntry("open", reason=why))
    assert why in body(browser(town).get(page_of(entry)))
    for_staff = body(browser(town, "staff").get(page_of(entry)))
    assert 'id="moves"' in for_staff
    assert why not in for_staff


def test_what_was_known_on_a_day(town: Town, book: Book) -> None:
    """An auditor asks what stood in the ledger on 1 October, whatever was written down later about that day."""
    october, today = dt.datetime(2026, 10, 1, 3, tzinfo=dt.UTC), dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
    with clock.frozen(october):
        entry = add(town, book, name="見本公民館")
    with clock.frozen(today):
        change = ChangeEntry({"name": "架空ホール"}, {}, holds_from=dt.date(2026, 10, 1))
        wifi().actions.change(town.ctx("ledger_keeper"), entry, change)
        client = browser(town)
        here = page_of(entry)
        assert ">架空ホール<" in body(client.get(f"{here}?on=R8.10.1")).partition("<dl")[2]
        then = body(client.get(f"{here}?on=R8.10.1&known=R8.10.1")).partition("<dl")[2]
        assert ">見本公民館" in then
        assert "今は「架空ホール」" in then
        before = body(client.get(f"{here}?known=R8.9.30"))
        assert "この日には、まだ記録がありません" in before
        assert "令和8年10月1日 00:00までに" in before
