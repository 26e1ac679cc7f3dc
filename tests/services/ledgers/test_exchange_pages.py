"""A clerk takes a table into a ledger and out of it again, page by page."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.engines.ledger.exchange.sheets import HEADS, WIFI, csv, site_row
from tests.engines.ledger.worlds import open_book, site
from tests.signin import sign_in
from tests.world import Town
from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry
from yakuba.engines.ledger.models import Batch, Book, Staged
from yakuba.kernel.files import store
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.trail.models import TrailEntry

pytestmark = pytest.mark.django_db
ROOT = "/990019/desk/ledgers/public_wifi/"


@pytest.fixture
def book(mihon: Town) -> Book:
    return open_book(mihon, open_to_staff=True)


@pytest.fixture
def clerk(mihon: Town, book: Book) -> Client:
    client = Client()
    sign_in(client, mihon.account("ledger_keeper"))
    return client


def entries(town: Town):
    return list(queries.entries(town.ctx("ledger_keeper"), WIFI.ledger).order_by("number_order"))


def send(client: Client, data: bytes, name: str = "台帳.csv"):
    return client.post(f"{ROOT}import/", {"file": SimpleUploadedFile(name, data)})


def as_proposed(batch: Batch) -> dict[str, object]:
    columns = {f"column-{at}": key for at, key in enumerate(batch.columns)}
    return {"do": "match", "by": ",".join(batch.by), "keep_blank": "1", **columns}


def test_from_a_table_to_entries_and_back(mihon: Town, clerk: Client) -> None:
    assert "列を確かめる" in clerk.get(f"{ROOT}import/").content.decode()
    chosen = send(clerk, csv([HEADS, site_row(1), site_row(2, 区分="城")]))
    assert chosen.status_code == 303
    batch = Batch.unscoped.get()
    page = clerk.get(chosen["Location"]).content.decode()
    assert "見本公民館1、見本公民館2" in page
    assert '<option value="name" selected>' in page
    assert clerk.post(chosen["Location"], as_proposed(batch)).status_code == 303
    page = clerk.get(chosen["Location"]).content.decode()
    assert "B3" in page
    assert "避難所等" in page
    refused = clerk.post(chosen["Location"], {"do": "confirm"})
    assert refused.status_code == 422
    assert "直すところがある行が1行あります" in refused.content.decode()
    wrong = load_workbook(io.BytesIO(b"".join(clerk.get(f"{chosen['Location']}wrong.xlsx"))))
    assert [cell.value for cell in wrong.worksheets[0][2]][:2] == [3, "B3"]
    assert clerk.post(chosen["Location"], {"do": "confirm", "without_wrong": "1"}).status_code == 303
    assert "1行を取り込みました" in clerk.get(chosen["Location"]).content.decode()
    (entry,) = entries(mihon)
    assert entry.name == "見本公民館1"

    left = b"".join(clerk.get(f"{ROOT}export/list.xlsx"))
    WIFI.actions.change(mihon.ctx("ledger_keeper"), entry, ChangeEntry({"device": "機器B"}, {}))
    sheet = load_workbook(io.BytesIO(left))
    heads = {cell.value: cell.column for cell in sheet.worksheets[0][1]}
    sheet.worksheets[0].cell(2, heads["名称"]).value = "改めた公民館"
    out = io.BytesIO()
    sheet.save(out)
    back = send(clerk, out.getvalue(), "台帳.xlsx")["Location"]
    again = Batch.unscoped.get(state="matching")
    clerk.post(back, {**as_proposed(again), "keep_blank": ""})
    page = clerk.get(back).content.decode()
    assert "どちらの内容にするか" in page
    clerk.post(back, {"do": "choose", "cell-2-name": "there", "cell-2-device": "here"})
    assert clerk.post(back, {"do": "confirm"}).status_code == 303
    (entry,) = entries(mihon)
    assert (entry.name, entry.device) == ("改めた公民館", "機器B")
    assert b"".join(clerk.get(f"{back}file/")) == out.getvalue()


def test_where_nothing_can_be_taken_the_columns_may_still_be_chosen_anew(clerk: Client) -> None:
    chosen = send(clerk, csv([HEADS, site_row(1, 区分="城")]))["Location"]
    clerk.post(chosen, as_proposed(Batch.unscoped.get()))
    page = clerk.get(chosen).content.decode()
    assert "取り込む行がありません" in page
    assert f'href="{chosen}?columns=1"' in page
    assert "変わる内容を確かめる" in clerk.get(f"{chosen}?columns=1").content.decode()


def test_what_is_no_table_says_what_to_do(clerk: Client) -> None:
    for data in (b"", b"%PDF-1.7", b"\x00\x01", "見出しだけ\r\n".encode()):
        told = send(clerk, data)
        assert told.status_code == 422
    assert not Batch.unscoped.exists()


def test_a_table_may_be_given_up(clerk: Client, mihon: Town) -> None:
    here = send(clerk, csv([HEADS, site_row(1)]))["Location"]
    assert clerk.post(here, {"do": "stop"}).status_code == 303
    assert "中止しました" in clerk.get(here).content.decode()
    assert clerk.post(here, as_proposed(Batch.unscoped.get())).status_code in {403, 422}
    assert not entries(mihon)


def test_a_large_table_shows_how_far_it_is(clerk: Client) -> None:
    here = send(clerk, csv([HEADS, *(site_row(n) for n in range(2001))]))["Location"]
    clerk.post(here, as_proposed(Batch.unscoped.get()))
    page = clerk.get(here)
    assert page["Refresh"] == "5"
    assert "この画面を閉じても続きます" in page.content.decode()


def test_others_neither_import_nor_learn_of_it(mihon: Town, clerk: Client) -> None:
    here = send(clerk, csv([HEADS, site_row(1)]))["Location"]
    for role, office in (("staff", "own"), ("ledger_reader", "own"), ("ledger_keeper", "other")):
        client = Client()
        sign_in(client, mihon.account(role, office))
        assert client.get(f"{ROOT}import/").status_code in {403, 404}
        assert client.get(here).status_code in {403, 404}


def test_a_list_leaves_as_filtered_and_in_old_csv(mihon: Town, book: Book, clerk: Client) -> None:
    ctx = mihon.ctx("ledger_keeper")
    WIFI.actions.add(ctx, book, AddEntry(site(name="見本", use="tourism")))
    WIFI.actions.add(ctx, book, AddEntry(site(name="架空")))
    found = clerk.get(f"{ROOT}export/list.csv?filter.use=tourism")
    body = b"".join(found).decode("utf-8-sig")
    assert found.status_code == 200, body
    assert "見本" in body
    assert "架空" not in body
    old = clerk.get(f"{ROOT}export/shift-jis.csv")
    assert "架空" in old.content.decode("cp932")
    WIFI.actions.add(ctx, book, AddEntry(site(name="𠮷野館")))
    refused = clerk.get(f"{ROOT}export/shift-jis.csv")
    assert refused.status_code == 422
    assert "U+20BB7" in refused.content.decode()
    then = clerk.get(f"{ROOT}export/list.xlsx", {"on": "R2.4.1"})
    assert len(list(load_workbook(io.BytesIO(b"".join(then))).worksheets[0].rows)) == 1
    assert clerk.get(f"{ROOT}export/list.xlsx", {"on": "R50.4.1"}).status_code == 422
    assert clerk.get(f"{ROOT}export/").status_code == 200
    assert f'href="{ROOT}forms/"' in clerk.get(ROOT).content.decode()


def test_what_is_read_of_persons_is_logged_with_its_ids(mihon: Town, book: Book, clerk: Client) -> None:
    count = TrailEntry.unscoped.filter(kind="read").count()
    WIFI.actions.add(mihon.ctx("ledger_keeper"), book, AddEntry(site()))
    b"".join(clerk.get(f"{ROOT}export/list.csv"))
    # The ledger of public Wi-Fi holds nothing about persons.
    assert TrailEntry.unscoped.filter(kind="read").count() == count


def test_places_leave_as_files_for_maps_and_what_they_lack_is_told(
    mihon: Town, book: Book, clerk: Client
) -> None:
    ctx = mihon.ctx("ledger_keeper")
    WIFI.actions.add(ctx, book, AddEntry(site()))
    WIFI.actions.add(ctx, book, AddEntry(site(name="位置なし", place=None)))
    told = clerk.get(f"{ROOT}export/places/geojson/?system=6677")
    assert "位置のない1行" in told.content.decode()
    file = clerk.get(f"{ROOT}export/places/geojson/?system=6677&known=1")
    assert b'"FeatureCollection"' in file.content
    assert clerk.get(f"{ROOT}export/places/geojson/?system=4301&known=1").status_code == 422
    assert clerk.get(f"{ROOT}export/places/dwg/").status_code == 404
    assert send(clerk, file.content, "地図.geojson").status_code == 303
    page = clerk.get(f"{ROOT}import/{Batch.unscoped.get().pk}/").content.decode()
    assert "平面直角座標系 第9系" in page


MY_NUMBER = "123456789018"


def test_a_table_with_a_my_number_leaves_nothing_behind(clerk: Client) -> None:
    """Whether it stands in a column that is taken or in another; in the first rows it is not kept at all."""
    heads, wide = (*HEADS, "備考"), [*site_row(1), MY_NUMBER]
    for table in ([heads, wide], [(*HEADS, "マイナンバー"), [*site_row(1), ""]]):
        told = send(clerk, csv(table))
        assert told.status_code == 422
        assert "個人番号（マイナンバー）と思われる数字" in told.content.decode()
    assert not Batch.unscoped.exists()
    rows = [[*site_row(n), ""] for n in range(70)]
    late = [heads, *rows, [*site_row(71, 区分="城"), MY_NUMBER]]  # a row that is wrong for another reason too
    here = send(clerk, csv(late))["Location"]
    batch = Batch.unscoped.get()
    assert batch.file is not None
    sha = batch.file.sha256
    assert clerk.post(here, as_proposed(batch)).status_code == 303
    assert "受け取ったファイルは消しました" in clerk.get(here).content.decode()
    assert not Staged.unscoped.exists()
    assert not StoredFile.unscoped.exists()
    assert not store.backend().touch(sha)
    allowed = csv([(*HEADS, "許可番号"), [*site_row(1), MY_NUMBER]])
    assert send(clerk, allowed).status_code == 303


def test_a_my_number_comes_into_no_reason(clerk: Client) -> None:
    here = send(clerk, csv([HEADS, site_row(1)]))["Location"]
    batch = Batch.unscoped.get()
    told = clerk.post(here, {**as_proposed(batch), "reason": f"本人は {MY_NUMBER}"})
    assert told.status_code == 422
    assert "12桁の数字" in told.content.decode()


def test_the_page_of_columns_tells_at_once_what_is_missing_and_how_rows_may_be_found(clerk: Client) -> None:
    heads = ["台帳の番号", "名称", "区分", "SSID"]
    here = send(clerk, csv([heads, ["Ｗ１", "見本公民館", "観光", "A"]]))["Location"]
    page = clerk.get(here).content.decode()
    assert "新しい行には「所在地」「災害時に開放」が要ります" in page
    assert "名称（必須）" in page
    assert 'value="number"' in page.partition('name="by"')[2]
    assert "（上の表で「施設ID」の列を選んだとき）" in page
    said = {"do": "match", "by": "number", "keep_blank": "1"}
    columns = {"column-0": "", "column-1": "name", "column-2": "use", "column-3": "ssid"}
    told = clerk.post(here, {**said, **columns})
    assert told.status_code == 422
    assert "「施設ID」で突き合わせるには" in told.content.decode()
    assert clerk.post(here, {**said, **columns, "column-0": "number"}).status_code == 303


def test_the_state_of_new_rows_is_chosen_with_the_columns(mihon: Town, clerk: Client) -> None:
    here = send(clerk, csv([HEADS, site_row(1), site_row(2)]))["Location"]
    page = clerk.get(here).content.decode()
    assert "「状態」が書かれていない新しい行の状態" in page
    assert "撤去済み（理由が要ります）" in page
    proposed = as_proposed(Batch.unscoped.get())
    told = clerk.post(here, {**proposed, "begin-state": "closed"})
    assert told.status_code == 422
    assert '<option value="closed" selected>' in told.content.decode()
    assert clerk.post(here, {**proposed, "begin-state": "open"}).status_code == 303
    assert "「提供中」として加えます" in clerk.get(here).content.decode()
    clerk.post(here, {"do": "confirm"})
    assert [one.state for one in entries(mihon)] == ["open", "open"]


def test_a_total_is_told_and_kept_by_a_tick(mihon: Town, clerk: Client) -> None:
    here = send(clerk, csv([HEADS, site_row(1), site_row(2, 名称="合計")]))["Location"]
    clerk.post(here, as_proposed(Batch.unscoped.get()))
    page = clerk.get(here).content.decode()
    assert "3行目「合計」を取り込む" in page
    assert "1行を台帳に取り込む" in page
    assert clerk.post(here, {"do": "choose", "kept": "3"}).status_code == 303
    assert "2行を台帳に取り込む" in clerk.get(here).content.decode()
