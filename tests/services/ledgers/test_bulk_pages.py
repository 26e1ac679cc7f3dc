"""One field of many entries, the dictionary and the city's own fields, as pages."""

from __future__ import annotations

import pytest

from tests.services.ledgers.worlds import HERE, add, body, browser, open_book, wifi
from tests.world import Town, make_town
from yakuba.engines.ledger.actions.entries import ChangeEntry, MoveEntry
from yakuba.engines.ledger.models import Amendment, Book, Move
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db
LIST = f"{HERE}public_wifi/"
FIELD = {
    "do": "add",
    "label": "協賛",
    "kind": "choice",
    "classification": "internal",
    "options": "あり\nなし",
}


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with everybody who comes into it."""
    made = make_town("990019", "みほん市")
    for role in ("ledger_keeper", "ledger_reader", "ledger_secretariat"):
        made.account(role)
    return made


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """The book of its office."""
    return open_book(town)


@pytest.fixture
def entries(town: Town, book: Book) -> list[Entry]:
    """Three entries in it."""
    return [add(town, book, name=f"見本{n}", hours=hours) for n, hours in enumerate(("", "終日", ""))]


def hours() -> list[str]:
    return list(wifi().ledger.model.unscoped.order_by("number_order").values_list("hours", flat=True))


def kept(page: str) -> str:
    """What the page keeps of the entries and their versions."""
    return page.partition('name="entries" value="')[2].partition('"')[0]


def shown(page: str) -> str:
    """The mark of what was looked at."""
    return page.partition('name="shown" value="')[2].partition('"')[0]


def test_ticked_entries_change_after_a_preview(town: Town, entries: list[Entry]) -> None:
    client = browser(town)
    ticked = {"what": "hours", "entry": [str(row.pk) for row in entries[:2]]}
    page = body(client.post(f"{LIST}bulk/", ticked))
    assert "見本0" in page
    assert "見本2" not in page
    sent = {"what": "hours", "entries": kept(page), "value-hours": "終日", "do": "preview"}
    page = body(client.post(f"{LIST}bulk/", sent))
    assert "1行の「利用時間」が変わります" in page
    assert hours() == ["", "終日", ""]
    anew = {**sent, "do": "apply", "shown": shown(page), "value-hours": "夜間を除く"}
    assert "2行の「利用時間」が変わります" in body(client.post(f"{LIST}bulk/", anew))
    assert hours() == ["", "終日", ""]
    sent |= {"reason": "掲示を確認"}
    sent |= {"do": "apply", "shown": shown(body(client.post(f"{LIST}bulk/", sent)))}
    assert client.post(f"{LIST}bulk/", sent).status_code == 303
    assert hours() == ["終日", "終日", ""]
    assert Amendment.unscoped.filter(values={"hours": "終日"}, reason="掲示を確認").count() == 1
    assert TrailEntry.unscoped.filter(action="public_wifi.many", kind="done").count() == 1


def test_a_list_is_narrowed_from_and_until_a_day(town: Town, entries: list[Entry]) -> None:
    client, change = browser(town), wifi().actions.change
    for row, day in zip(entries, ("2027-03-31", "2028-03-31", "2029-03-31"), strict=True):
        change(town.ctx("ledger_keeper"), row, ChangeEntry({"renewal": day}, {}))
    page = body(client.get(f"{LIST}?from.renewal=R10.1.1&until.renewal=令和10年12月31日"))
    assert entries[1].number in page
    assert entries[0].number not in page
    assert entries[2].number not in page
    assert "更新期限：R10.1.1～令和10年12月31日" in page
    sheet = b"".join(client.get(f"{LIST}export/list.csv?from.renewal=R10.1.1")).decode("utf-8-sig")  # type: ignore[call-overload]  # a stream
    assert [entries[at].number in sheet for at in range(3)] == [False, True, True]
    wrong = body(client.get(f"{LIST}?from.renewal=先月"))
    assert "「先月」は読めません" in wrong
    assert 'value="先月"' in wrong
    assert not any(row.number in wrong.partition("<table")[2] for row in entries)


def test_an_export_holds_every_choice_of_a_filter(town: Town, entries: list[Entry]) -> None:
    """A filter that is chosen twice leaves the rows of either, in a file for maps too."""
    page = body(browser(town).get(f"{LIST}export/?filter.use=shelter&filter.use=tourism"))
    assert page.count('<input type="hidden" name="filter.use" value="shelter">') == 3
    assert page.count('<input type="hidden" name="filter.use" value="tourism">') == 3


def test_all_that_the_list_leaves(town: Town, entries: list[Entry]) -> None:
    sent = {"what": "disaster", "all": "1", "query": "q=見本2"}
    page = body(browser(town).post(f"{LIST}bulk/", sent))
    assert "見本2" in page
    assert "見本0" not in page


def test_several_fields_change_together(town: Town, entries: list[Entry]) -> None:
    client = browser(town)
    ticked = {"what": "hours", "entry": [str(row.pk) for row in entries[:2]]}
    page = body(client.post(f"{LIST}bulk/", ticked))
    sent = {"what": ["hours", "area"], "entries": kept(page), "value-hours": "終日", "do": "more"}
    assert 'name="value-area"' in body(client.post(f"{LIST}bulk/", sent))
    sent |= {"value-area": "1階", "do": "preview"}
    page = body(client.post(f"{LIST}bulk/", sent))
    assert "2行の「提供エリア・利用時間」が変わります" in page
    assert client.post(f"{LIST}bulk/", {**sent, "do": "apply", "shown": shown(page)}).status_code == 303
    rows = wifi().ledger.model.unscoped.order_by("number_order").values_list("hours", "area")
    assert list(rows)[:2] == [("終日", "1階"), ("終日", "1階")]


def test_what_cannot_be_is_said_and_changes_nothing(town: Town, entries: list[Entry]) -> None:
    client = browser(town)
    assert "行が選ばれていません" in body(client.post(f"{LIST}bulk/", {"what": "hours"}), 422)
    place = {"what": "place", "entry": [str(entries[0].pk)]}
    assert "どの項目を変えるか" in body(client.post(f"{LIST}bulk/", place), 422)
    page = body(client.post(f"{LIST}bulk/", {"what": "ssid", "entry": [str(row.pk) for row in entries]}))
    sent = {"what": "ssid", "entries": kept(page), "do": "apply"}
    long = {**sent, "value-ssid": "ながいながいながいなまえ", "do": "preview"}
    long = body(client.post(f"{LIST}bulk/", long), 422)
    assert "SSIDは32バイトまでです" in long  # a rule of the whole entry, said before anything is pressed
    assert "3行は、このままでは変えられません" in long
    assert 'value="apply"' not in long
    assert "「SSID」が空です" in body(client.post(f"{LIST}bulk/", {**sent, "value-ssid": ""}), 422)
    looked = shown(body(client.post(f"{LIST}bulk/", {**sent, "value-ssid": "Neu", "do": "preview"})))
    wifi().actions.change(town.ctx("ledger_keeper"), entries[1], ChangeEntry({"area": "1階"}, {}))
    overtaken = body(client.post(f"{LIST}bulk/", {**sent, "value-ssid": "Neu", "shown": looked}), 422)
    assert "ほかの人が先に変更しました" in overtaken
    assert set(wifi().ledger.model.unscoped.values_list("ssid", flat=True)) == {"Mihon_Free"}
    assert browser(town, "ledger_reader").post(f"{LIST}bulk/", sent).status_code == 403


def test_the_dictionary_tells_every_field(town: Town, book: Book) -> None:
    client = browser(town, "ledger_reader")
    page = body(client.get(f"{LIST}dictionary/"))
    for words in (
        "施設ID",
        "災害時に開放",
        "はい・いいえ",
        "提供中（open）",
        "outages.cause",
        "IEEE 802.11-2020",
    ):
        assert words in page
    assert "項目を加える" not in page
    sheet = b"".join(client.get(f"{LIST}dictionary/list.csv")).decode("utf-8-sig")  # type: ignore[call-overload]  # a stream
    assert "outages.restored" in sheet
    assert b"".join(client.get(f"{LIST}dictionary/list.xlsx")).startswith(b"PK")  # type: ignore[call-overload]  # a stream


def test_a_city_adds_a_field_of_its_own(town: Town, book: Book, entries: list[Entry]) -> None:
    keeper, arranger = browser(town), browser(town, "ledger_secretariat")
    assert keeper.post(f"{LIST}dictionary/", FIELD).status_code == 403
    wrong = {"do": "add", "label": "名称", "kind": "choice"}
    page = body(arranger.post(f"{LIST}dictionary/", wrong), 422)
    for words in ("もうあります", "「区分」が空です", "「選択肢」が空です"):
        assert words in page
    assert arranger.post(f"{LIST}dictionary/", FIELD).status_code == 303
    assert "協賛" in body(keeper.get(f"{LIST}new/"))
    wifi().actions.change(town.ctx("ledger_keeper"), entries[0], ChangeEntry({"more.x1": "c1"}, {}))
    own = {"do": "listed", "listed": ["name", "more.x1", "renewal"]}
    assert browser(town, "ledger_reader").post(f"{LIST}dictionary/", own).status_code == 403
    assert keeper.post(f"{LIST}dictionary/", own).status_code == 303
    page = body(keeper.get(LIST))
    assert 'data-label="協賛"' in page
    assert 'data-label="SSID"' not in page
    many = {**own, "listed": ["name", "none"]}
    assert "という項目はありません" in body(keeper.post(f"{LIST}dictionary/", many), 422)
    page = body(keeper.get(f"{LIST}?filter.more.x1=c1"))
    assert entries[0].number in page
    assert entries[1].number not in page
    assert "あり" in body(keeper.get(f"{LIST}{entries[0].pk}/"))
    more = {
        "do": "change",
        "key": "x1",
        "label-x1": "協賛者",
        "options-x1": "検討中\nあり",
    }
    assert arranger.post(f"{LIST}dictionary/", more).status_code == 303
    page = body(keeper.get(f"{LIST}dictionary/"))
    assert "あり（c1）、なし（c2）、検討中（c3）" in page
    assert "協賛者" in page


def states() -> list[str]:
    return list(wifi().ledger.model.unscoped.order_by("number_order").values_list("state", flat=True))


def test_ticked_entries_move_and_who_cannot_holds_no_other_up(town: Town, entries: list[Entry]) -> None:
    client = browser(town)
    assert 'name="move"' in body(client.get(LIST))
    wifi().actions.move(town.ctx("ledger_keeper"), entries[2], MoveEntry("open"))
    ticked = {"move": "state/open", "entry": [str(row.pk) for row in entries]}
    page = body(client.post(f"{LIST}bulk/move/", ticked))
    assert "2行の状態が変わります" in page
    assert "今の状態（提供中）からは、この異動はできません" in page
    assert states() == ["planned", "planned", "open"]
    sent = {"move": "state/open", "entries": kept(page), "day": "R8.4.1", "reason": "開通", "do": "preview"}
    looked = shown(body(client.post(f"{LIST}bulk/move/", sent)))
    # Whoever was changed meanwhile stays, and is told; the other one moves.
    wifi().actions.change(town.ctx("ledger_keeper"), entries[1], ChangeEntry({"area": "1階"}, {}))
    told = body(client.post(f"{LIST}bulk/move/", {**sent, "do": "apply", "shown": looked}))
    assert "1行を動かしました" in told
    assert "ほかの人が先に変更しました" in told
    assert states() == ["open", "planned", "open"]
    move = Move.unscoped.get(entry=entries[0].pk)
    assert (move.come_from, move.go_to, move.reason, str(move.day)) == (
        "planned",
        "open",
        "開通",
        "2026-04-01",
    )
    assert Amendment.unscoped.filter(values={"state": "open"}, reason="開通").count() == 1
    assert TrailEntry.unscoped.filter(action="public_wifi.move_many", kind="done").count() == 1
    only = {"move": "state/open", "entries": f"{entries[1].pk}:2", "do": "preview"}
    only |= {"do": "apply", "shown": shown(body(client.post(f"{LIST}bulk/move/", only)))}
    assert client.post(f"{LIST}bulk/move/", only).status_code == 303
    assert states() == ["open"] * 3


def test_a_move_that_asks_for_a_reason_does_so_once_for_all(town: Town, entries: list[Entry]) -> None:
    client = browser(town)
    page = body(client.post(f"{LIST}bulk/move/", {"move": "state/drop", "entry": str(entries[0].pk)}))
    sent = {"move": "state/drop", "entries": kept(page), "do": "preview", "reason": ""}
    assert "「理由」が空です" in body(client.post(f"{LIST}bulk/move/", sent), 422)
    assert "これから先の日" in body(
        client.post(f"{LIST}bulk/move/", {**sent, "reason": "中止", "day": "R50.4.1"}), 422
    )
    assert "どの異動" in body(client.post(f"{LIST}bulk/move/", {**sent, "move": "state/none"}), 422)
    assert browser(town, "ledger_reader").post(f"{LIST}bulk/move/", sent).status_code == 403
    assert set(states()) == {"planned"}
