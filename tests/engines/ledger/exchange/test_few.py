"""Tables of up to 2,000 rows: read as offices make them, judged, written by the ledger's own action."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from tests.engines.ledger.exchange.sheets import (
    HEADS,
    WIFI,
    begun,
    checked,
    confirmed,
    csv,
    site_row,
    workbook,
)
from tests.engines.ledger.worlds import open_book, site
from tests.world import Town
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry
from yakuba.engines.ledger.exchange import habits
from yakuba.engines.ledger.exchange.actions.importing import ChooseImport, because, choose_import
from yakuba.engines.ledger.exchange.matching import every_way, lacking
from yakuba.engines.ledger.exchange.table import table_of
from yakuba.engines.ledger.models import Amendment, Book, Matching, Staged
from yakuba.engines.ledger.registering import installed_of
from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.actions import Denied, Problem
from yakuba.kernel.sheets import xlsx
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db


def entries(town: Town):
    return list(queries.entries(town.ctx("ledger_keeper"), WIFI.ledger).order_by("number_order"))


def exported(town: Town, book) -> bytes:
    ctx = town.ctx("ledger_keeper")
    leaving = table_of(ctx, WIFI, book, queries.entries(ctx, WIFI.ledger))
    out = io.BytesIO()
    xlsx.write(leaving.table, out)
    return out.getvalue()


def edited(data: bytes, changes: dict[str, object]) -> bytes:
    """A workbook with cells changed by the head of their column, in the first row below it."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for head, value in changes.items():
        sheet.cell(2, heads[head]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(workbook([["公衆無線LAN一覧"], ["令和8年4月1日現在"], HEADS, site_row(1)]), id="titles"),
        pytest.param(csv([HEADS, site_row(1)], "cp932"), id="cp932"),
        pytest.param(csv([HEADS, site_row(1)], "utf-16"), id="utf-16"),
        pytest.param(
            workbook([[*HEADS[:5], "更新期限"], site_row(1, 更新期限=dt.date(2027, 3, 31))]), id="date"
        ),
        pytest.param(csv([HEADS, site_row(1, 更新期限="令和９年３月３１日")]), id="full width"),
        pytest.param(csv([HEADS, site_row(1, 区分="避難所 等", 更新期限="20270331")]), id="other width"),
    ],
)
def test_a_table_of_an_office_becomes_entries(mihon: Town, data: bytes) -> None:
    book = open_book(mihon)
    batch = checked(mihon, book, data)
    assert [row.problems for row in Staged.unscoped.all()] == [[]]
    assert (batch.state, batch.counts) == ("checked", {"new": 1})
    assert confirmed(mihon, batch).state == "done"
    (entry,) = entries(mihon)
    assert (entry.name, entry.use, entry.disaster, entry.number) == ("見本公民館1", "shelter", True, "W0001")
    assert entry.renewal == dt.date(2027, 3, 31)
    assert TrailEntry.unscoped.filter(action="public_wifi.many").exists()


def test_two_rows_of_a_head_are_one(mihon: Town) -> None:
    rows = [
        ["公衆無線LAN", *[None] * 4],
        ["施設", None, None, "回線", None],
        ["名称", "区分", "所在地", "SSID", "契約"],
        ["見本公民館", "観光", "みほん市1番地", "A", "架空通信"],
    ]
    batch = begun(mihon, open_book(mihon), workbook(rows, ["A1:E1", "A2:C2", "D2:E2"]))
    assert batch.heads == ["施設 名称", "施設 区分", "施設 所在地", "回線 SSID", "回線 契約"]
    assert batch.columns == ["name", "use", "address", "ssid", "line"]


def test_a_paper_form_in_cells_is_refused_with_words_and_a_clear_one_is_read(mihon: Town) -> None:
    head = ["名称", None, "区分", None, "所在地", "SSID"]
    row = ["見本公民館", None, "観光", None, "みほん市1番地", "A"]
    clear = workbook([head, row, row], ["A1:B1", "C1:D1", "A2:B2", "C2:D2", "A3:B3", "C3:D3"])
    book = open_book(mihon)
    assert begun(mihon, book, clear).columns == ["name", "use", "address", "ssid"]
    with pytest.raises(Problem) as told:
        begun(mihon, book, workbook([head, row], ["A1:B1", "C1:D1", "A2:C2"]))
    assert (told.value.code, told.value.found) == ("layout", "A2:C2")


def test_wrong_cells_are_told_at_their_place_and_may_be_left_out(mihon: Town) -> None:
    book = open_book(mihon)
    rows = [HEADS, site_row(1), site_row(2, 区分="城"), site_row(3, 名称="", 更新期限="2月30日")]
    batch = checked(mihon, book, csv(rows))
    assert batch.counts == {"new": 1, "wrong": 2}
    wrong = {
        row.row: [place for place, _words in row.problems] for row in Staged.unscoped.filter(sort="wrong")
    }
    assert wrong == {3: ["B3"], 4: ["F4"]}
    with pytest.raises(Problem) as told:
        confirmed(mihon, batch)
    assert told.value.code == "wrong"
    confirmed(mihon, batch, without_wrong=True)
    assert [one.name for one in entries(mihon)] == ["見本公民館1"]


def test_rows_are_found_again_by_their_number_and_empty_cells_change_nothing(mihon: Town) -> None:
    book = open_book(mihon)
    ctx = mihon.ctx("ledger_keeper")
    WIFI.actions.add(ctx, book, AddEntry(site(area="館内"), number="W7"))
    rows = [["施設ID", "名称", "区分", "所在地", "SSID", "災害時に開放", "提供エリア"],
            ["W7", "改めた公民館", "避難所等", "みほん市見本町1番地", "Mihon_Free", "", ""],
            ["W9", "新しい公民館", "観光", "みほん市2番地", "B", "×", ""]]  # fmt: skip
    batch = checked(mihon, book, csv(rows))
    assert (batch.by, batch.counts) == (["number"], {"change": 1, "new": 1})
    confirmed(mihon, batch)
    first, second = entries(mihon)
    assert (first.name, first.area, first.version) == ("改めた公民館", "館内", 2)
    assert (second.number, second.name) == ("W9", "新しい公民館")
    assert Amendment.unscoped.get(entry=first.pk, values={"name": "改めた公民館"}).reason.startswith(
        "表の取り込み"
    )
    again = checked(mihon, book, csv(rows))
    assert again.counts == {"same": 2}


def test_what_columns_mean_is_asked_once(mihon: Town) -> None:
    book = open_book(mihon)
    strange = ["しせつ", "くぶん", "ばしょ", "電波の名前", "災害"]
    data = csv([strange, ["見本公民館", "観光", "みほん市1番地", "A", "無"]])
    assert begun(mihon, book, data).columns == [""] * 5
    meant = ["name", "use", "address", "ssid", "disaster"]
    assert checked(mihon, book, data, columns=meant, by=["name", "ssid"]).counts == {"new": 1}
    assert Matching.unscoped.get().columns == meant
    assert begun(mihon, book, data).columns == meant
    with pytest.raises(Problem) as told:
        checked(mihon, book, data, columns=["name", "name", "", "", ""], by=[])
    assert told.value.code == "twice"


def test_doubles_are_named_before_anything_is_written(mihon: Town) -> None:
    book = open_book(mihon)
    WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site(name="見本公民館1"), number="W1"))
    batch = checked(mihon, book, csv([HEADS, site_row(1), site_row(2), site_row(2)]), by=[])
    twins = dict(Staged.unscoped.order_by("row").values_list("row", "twin"))
    assert twins == {2: "W1 見本公民館1", 3: "", 4: "この表の3行目"}
    batch = choose_import(mihon.ctx("ledger_keeper"), batch, ChooseImport({}, [2, 4]))
    confirmed(mihon, batch)
    assert len(entries(mihon)) == 2


def test_a_number_twice_in_one_table_is_told_as_such(mihon: Town) -> None:
    heads = ("管理番号", *HEADS)
    rows = [["W7", *site_row(1)], ["W8", *site_row(2)], ["W7", *site_row(3)]]
    book = open_book(mihon)
    batch = checked(mihon, book, csv([heads, *rows]), columns=["number", *begun_columns(mihon, book)], by=[])
    assert batch.counts == {"new": 2, "wrong": 1}
    wrong = Staged.unscoped.get(sort="wrong")
    assert wrong.problems == [["A4", "番号「W7」は、この表の2行目にもあります。どちらか一方にしてください。"]]


def begun_columns(town: Town, book: Book) -> list[str]:
    """What the columns of a site's row mean."""
    return list(begun(town, book, csv([HEADS, site_row(1)])).columns)


def test_a_table_that_left_here_comes_back(mihon: Town) -> None:
    book = open_book(mihon)
    ctx = mihon.ctx("ledger_keeper")
    entry = WIFI.actions.add(ctx, book, AddEntry(site(device="機器A")))
    left = exported(mihon, book)
    assert checked(mihon, book, left).counts == {"same": 1}
    # Somebody changes it here; who did not touch the row in the sheet is not in the way.
    WIFI.actions.change(ctx, entry, ChangeEntry({"device": "機器B", "hours": "9時から"}, {}))
    assert checked(mihon, book, left).counts == {"same": 1}
    # Whoever touched it chooses, cell by cell.
    batch = checked(mihon, book, edited(left, {"名称": "改めた公民館"}))
    row = Staged.unscoped.get(batch=batch)
    assert (row.sort, row.values) == ("conflict", {"name": "改めた公民館", "device": "機器A", "hours": None})
    with pytest.raises(Problem) as told:
        confirmed(mihon, batch)
    assert told.value.code == "conflict"
    batch = choose_import(ctx, batch, ChooseImport({str(row.row): ["name"]}, []))
    confirmed(mihon, batch)
    (entry,) = entries(mihon)
    assert (entry.name, entry.device, entry.hours) == ("改めた公民館", "機器B", "9時から")


def test_a_state_does_not_change_by_a_sheet(mihon: Town) -> None:
    book = open_book(mihon)
    WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site()))
    batch = checked(mihon, book, edited(exported(mihon, book), {"状態": "提供中"}))
    assert batch.counts == {"wrong": 1}


def test_held_entries_leave_by_no_table(mihon: Town) -> None:
    book = open_book(mihon)
    ctx = mihon.ctx("ledger_keeper")
    held, free = (WIFI.actions.add(ctx, book, AddEntry(site(name=f"見本{n}"))) for n in range(2))
    protected = Protected.unscoped.create(
        municipality_id=mihon.ref.id,
        name="架空花子",
        kana="カクウハナコ",
        address="",
        valid_from=ctx.now.date(),
    )
    Hold.unscoped.create(
        municipality_id=mihon.ref.id,
        subject_kind="public_wifi",
        subject_id=held.pk,
        protected=protected,
        state="standing",
        raised_at=ctx.now,
    )
    leaving = table_of(ctx, WIFI, book, queries.entries(ctx, WIFI.ledger))
    assert [row.id for row in leaving.table.rows] == [free.pk]
    assert leaving.held == 1
    assert any("1件" in text for _label, text in leaving.table.notes)
    then = table_of(ctx, WIFI, book, queries.entries(ctx, WIFI.ledger), on=ctx.now.date() + dt.timedelta(1))
    assert [row.values["name"] for row in then.table.rows] == ["見本1"]


def test_whoever_reads_little_gets_little(mihon: Town) -> None:
    book = open_book(mihon, open_to_staff=True)
    WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site()))
    staff = mihon.ctx("staff", "other")
    table = table_of(staff, WIFI, book, queries.entries(staff, WIFI.ledger)).table
    assert not table.editable
    with pytest.raises(Denied):
        table_of(staff, WIFI, book, queries.entries(staff, WIFI.ledger), on=staff.now.date())
    with pytest.raises(Denied):
        begun(mihon, open_book_of_other(mihon, book), csv([HEADS, site_row(1)]))


def open_book_of_other(town: Town, book):
    book.office = town.offices["other"]
    book.save()
    return book


def test_coordinates_of_a_plane_system_are_told_how_they_were_read(mihon: Town) -> None:
    heads = [*HEADS[:5], "X座標", "Y座標"]
    row = [*site_row(1)[:5], "35714.25", "-66666.5"]
    batch = checked(mihon, open_book(mihon), csv([heads, row]), system=2451)
    assert batch.counts == {"new": 1}
    assert "JGD2000→JGD2011" in batch.place
    confirmed(mihon, batch)
    west, south, _east, _north = entries(mihon)[0].place.bounds
    assert 139.0 < west < 139.2
    assert 36.2 < south < 36.5


@pytest.mark.parametrize(("here", "sent"), [("W7", "Ｗ７"), ("Ｗ７", "W7"), ("R8-0901", "Ｒ８－０９０１")])
def test_a_number_is_found_again_in_full_and_in_half_width(mihon: Town, here: str, sent: str) -> None:
    book = open_book(mihon)
    entry = WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site(), number="X1"))
    WIFI.ledger.model.unscoped.filter(pk=entry.pk).update(number=here)  # as it was kept before
    rows = [["施設ID", "名称"], [sent, "改めた公民館"]]
    batch = checked(mihon, book, csv(rows))
    assert (batch.by, batch.counts) == (["number"], {"change": 1})
    confirmed(mihon, batch)
    (entry,) = entries(mihon)
    assert (entry.number, entry.name) == (here, "改めた公民館")


def test_a_new_number_comes_in_half_width_and_once(mihon: Town) -> None:
    book = open_book(mihon)
    heads = ["施設ID", *HEADS]
    rows = [["Ｒ８－１", *site_row(1)], ["R8-2", *site_row(2)], ["Ｒ８－２", *site_row(3)]]
    batch = checked(mihon, book, csv([heads, *rows]))
    assert batch.counts == {"new": 2, "wrong": 1}
    confirmed(mihon, batch, without_wrong=True)
    assert [one.number for one in entries(mihon)] == ["R8-1", "R8-2"]
    assert checked(mihon, book, csv([heads, *rows[:2]])).counts == {"same": 2}


def test_two_empty_fields_are_no_sign_that_rows_are_the_same(mihon: Town) -> None:
    """An entry without a pole's number is not the entry of a row without one, and no error of two of them either."""
    lamps = installed_of("street_lights_mirrors")
    assert lamps is not None
    book, ctx = open_book(mihon, "street_lights_mirrors"), mihon.ctx("ledger_keeper")
    facts = {"kind": "lamp", "location": "みほん市1番地", "manager": "city", "pole": "wall", "lamp": "led"}
    for _turn in range(2):
        lamps.actions.add(ctx, book, AddEntry(facts))
    lamps.actions.add(ctx, book, AddEntry({**facts, "pole": "power", "pole_number": "見1"}))
    heads = ["種別", "所在地", "管理者", "柱の種類", "柱番号", "光源"]
    rows = [
        ["防犯灯", "みほん市9番地", "市", "壁・建物", "", "LED"],
        ["防犯灯", "みほん市2番地", "市", "電力柱", "見１", "LED"],
    ]
    batch = checked(
        mihon,
        book,
        csv([heads, *rows]),
        ledger=lamps,
        columns=["kind", "location", "manager", "pole", "pole_number", "lamp"],
        by=["kind", "pole", "pole_number"],
    )
    assert [row.problems for row in Staged.unscoped.order_by("row")] == [[], []]
    assert batch.counts == {"new": 1, "change": 1}


def test_new_rows_begin_in_the_state_that_was_chosen_for_them(mihon: Town) -> None:
    """Whichever the table says nothing of; what it says, and entries that are here, stay."""
    book = open_book(mihon)
    WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site(), number="W1"))
    heads = ["施設ID", *HEADS, "状態"]
    rows = [
        ["W1", *site_row(1), ""],
        ["W2", *site_row(2), ""],
        ["W3", *site_row(3), "設置予定"],
    ]
    with pytest.raises(Problem) as told:
        checked(mihon, book, csv([heads, *rows]), begins={"state": "paused"})
    assert (told.value.code, told.value.field) == ("required", "reason")
    with pytest.raises(Problem) as told:
        checked(mihon, book, csv([heads, *rows]), begins={"state": "void"})
    assert told.value.code == "begins"
    batch = checked(mihon, book, csv([heads, *rows]), begins={"state": "open"})
    assert batch.counts == {"change": 1, "new": 2}
    confirmed(mihon, batch)
    assert [one.state for one in entries(mihon)] == ["planned", "open", "planned"]
    (kept,) = Amendment.unscoped.filter(entry=entries(mihon)[1].pk)
    assert kept.values["state"] == "open"


def test_a_state_that_is_entered_by_a_document_asks_for_it_and_keeps_it(mihon: Town) -> None:
    heritage = installed_of("buried_heritage")
    assert heritage is not None
    assert heritage.ledger.chain.needs_of("listed") == {"document"}
    assert WIFI.ledger.chain.needs_of("closed") == {"reason"}
    book = open_book(mihon, "buried_heritage")
    data = csv([["遺跡番号", "遺跡名"], ["12-001", "見本遺跡"]])
    said = {"ledger": heritage, "columns": ["number", "name"], "by": [], "begins": {"state": "listed"}}
    with pytest.raises(Problem) as told:
        checked(mihon, book, data, **said)
    assert (told.value.code, told.value.field) == ("required", "ground")
    batch = checked(mihon, book, data, **said, ground="見教文第1号")
    assert because(batch) == "表の取り込み（台帳.xlsx）（文書番号：見教文第1号）"


def test_what_a_new_row_lacks_is_known_before_anything_is_read(mihon: Town) -> None:
    book = open_book(mihon)
    assert lacking(WIFI.ledger, book, ["name", "use", "ssid"]) == ["所在地", "災害時に開放"]
    assert every_way(WIFI.ledger, ["name", "ssid"]) == [["name", "ssid"], ["number"], ["address", "ssid"], []]
    with pytest.raises(Problem) as told:
        checked(mihon, book, csv([HEADS, site_row(1)]), by=["number"])
    assert "「施設ID」で突き合わせるには" in told.value.message


@pytest.mark.parametrize(
    "words", ["計", "合計", "合　計", "小計", "総合計", "本町 計", "本町小計", "合計（2件）", "累計"]
)
def test_what_adds_others_up_is_known_by_its_first_word(words: str) -> None:
    assert habits.total_of([None, "", words, 12, "避難所等"]) == words
    assert habits.total_of(["見本公民館", words]) == ""


@pytest.mark.parametrize(
    "words", ["時計", "会計課", "設計", "計画", "見本公民館", "統計センター", "合計年数の記録"]
)
def test_things_are_no_sums(words: str) -> None:
    assert habits.total_of([words, 1]) == ""


def test_the_line_of_the_total_is_left_out_and_may_be_kept(mihon: Town) -> None:
    book = open_book(mihon)
    total = ["合計", "2件", "", "", "", ""]
    batch = checked(mihon, book, csv([HEADS, site_row(1), total, site_row(2, 名称="小計")]))
    assert batch.counts == {"new": 1, "total": 2}
    assert batch.unknown == {}  # nobody is asked what 「2件」 means
    kept = choose_import(mihon.ctx("ledger_keeper"), batch, ChooseImport({}, [], [4]))
    assert kept.counts == {"new": 2, "total": 1}
    confirmed(mihon, kept)
    assert {one.name for one in entries(mihon)} == {"見本公民館1", "小計"}


def test_a_total_that_is_kept_is_judged_like_any_row(mihon: Town) -> None:
    batch = checked(mihon, open_book(mihon), csv([HEADS, site_row(1), ["計", "2件", "", "", "", ""]]))
    kept = choose_import(mihon.ctx("ledger_keeper"), batch, ChooseImport({}, [], [3]))
    assert kept.counts == {"new": 1, "wrong": 1}


def test_what_of_a_cell_has_no_place_is_told(mihon: Town) -> None:
    dogs = installed_of("dog_registry")
    assert dogs is not None
    book = open_book(mihon, "dog_registry")
    heads = ["登録番号", "登録区分", "登録日", "犬の名", "犬種", "毛色", "性別", "生年月日", "所有者の氏名", "所有者の住所",
             "取得日", "犬の所在地", "町字"]  # fmt: skip
    row = ["窓口", "H31.4.1", "れい", "雑種", "茶", "オス"]
    rest = ["架空太郎", "みほん市1番地", "H31.4.1", "みほん市1番地", "見本町"]
    rows = [
        ["D-1", *row, "H30頃", *rest],
        ["D-2", *row, "H30.5.12頃", *rest],
        ["D-3", *row, "H30.5生", *rest],
    ]
    batch = checked(mihon, book, csv([heads, *rows]), ledger=dogs)
    assert [one.problems for one in Staged.unscoped.all()] == [[], [], []]
    assert batch.counts == {"new": 3, "lost": 1}
    assert [one.notes for one in Staged.unscoped.order_by("row")] == [
        [],
        [["H3", "「H30.5.12頃」の「頃」は残りません。"]],
        [],
    ]
    confirmed(mihon, batch)
    found = list(dogs.ledger.model.unscoped.order_by("number_order").values_list("born", flat=True))
    assert found == ["2018~", "2018-05-12", "2018-05"]
