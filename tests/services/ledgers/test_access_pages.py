"""What a program of several tables (Access) exports comes in: the dogs, then their vaccinations, with that program's own habits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.packs.dog_registry.rows import ROWS
from tests.services.ledgers.worlds import HERE, body, browser, open_book
from tests.world import Town, make_town
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.exchange.actions import lines
from yakuba.engines.ledger.exchange.actions.lines import ConfirmLines, confirm_lines, write_all
from yakuba.engines.ledger.models import Batch, Book, Staged
from yakuba.kernel.access.pages import system_context
from yakuba.packs.dog_registry.ledger import DOGS
from yakuba.packs.dog_registry.models import Dog, Vaccination

pytestmark = pytest.mark.django_db
LIST = f"{HERE}dog_registry/"
#: As Access writes it: texts in quotes, days with a time, codes of its own.
DOG_TABLE = (
    '"登録番号";"犬ID";"犬の名";"犬種";"毛色";"性 別";"登録区分";"登録日";"取得日";"所有者の氏名";"所有者の住所";"犬の所在地";"町字"\r\n'
    '"H30-1";101;"みほん号";"柴犬";"茶";2;"窓口";2018/04/05 0:00:00;2018/04/01 0:00:00;"見本 花子";"みほん市見本町1";"みほん市見本町1";"見本町"\r\n'
    '"H30-2";102;"れいじ号";"雑種";"白";1;"窓口";2018/05/05 0:00:00;2018/05/01 0:00:00;"例示 太郎";"みほん市例示町2";"みほん市例示町2";"例示町"\r\n'
).encode("cp932")


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with its keeper of dogs."""
    made = make_town("990019", "みほん市")
    made.account("ledger_keeper")
    return made


@pytest.fixture(scope="module")
def book(town: Town) -> Book:
    """The book of dogs, with a field for the key of the old program."""
    field = {
        "key": "old",
        "kind": "integer",
        "label": "犬ID",
        "classification": "internal",
        "required": False,
    }
    return open_book(town, "dog_registry", extra={"format": 1, "fields": [field]})


@pytest.fixture
def client(town: Town, book: Book) -> Client:
    """Its keeper's browser."""
    return browser(town)


def send(client: Client, data: bytes, name: str, **more: str) -> str:
    answer = client.post(f"{LIST}import/", {"file": SimpleUploadedFile(name, data), **more})
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def as_proposed(**more: str) -> dict[str, object]:
    batch = Batch.unscoped.get(state="matching")
    columns = {f"column-{at}": key for at, key in enumerate(batch.columns)}
    return {"do": "match", "by": ",".join(batch.by), "keep_blank": "1", **columns, **more}


def dogs(town: Town, book: Book) -> list[Dog]:
    """Two dogs that are here."""
    keeper = town.ctx("ledger_keeper")
    return [
        DOGS.actions.add(keeper, book, AddEntry({**ROWS[0], "more.old": 101}, "H30-1")),  # type: ignore[list-item]
        DOGS.actions.add(keeper, book, AddEntry({**ROWS[1], "more.old": 102}, "H30-2")),  # type: ignore[list-item]
    ]


def test_codes_are_asked_once_and_remembered(client: Client, book: Book) -> None:
    here = send(client, DOG_TABLE, "T_犬.txt")
    assert client.post(here, as_proposed()).status_code == 303
    page = body(client.get(here))
    assert "台帳にない言葉" in page
    assert 'name="word:sex:1"' in page
    wrong = {"do": "words", "word:sex:1": "nobody"}
    assert "読み替え先を選び直してください" in body(client.post(here, wrong), 422)
    assert client.post(here, {"do": "words", "word:sex:1": "male", "word:sex:2": "female"}).status_code == 303
    page = body(client.get(here))
    assert "2行を台帳に取り込む" in page
    client.post(here, {"do": "confirm"})
    first, second = Dog.unscoped.order_by("number_order")
    assert [first.sex, second.sex, first.more] == ["female", "male", {"old": 101}]
    assert first.registered_on == dt.date(2018, 4, 5)

    again = send(client, DOG_TABLE.replace("みほん号".encode("cp932"), "改名号".encode("cp932")), "T_犬.txt")
    client.post(again, as_proposed())
    page = body(client.get(again))
    assert "台帳にない言葉" not in page
    assert "改名号" in page


def test_a_child_table_comes_in_by_the_key_of_the_old_program(client: Client, town: Town, book: Book) -> None:
    first, second = dogs(town, book)
    table = (
        "'犬ID'\t'接種日'\t'注射済票番号'\t'猶予'\t'会場・医院'\r\n"
        "101\t2026/04/20 0:00:00\t'26-0001'\t0\t'見本公民館'\r\n"
        "101\t2025/04/20 0:00:00\t'25-0001'\t0\t'見本公民館'\r\n"
        "102\t\t\t-1\t\r\n"
        "999\t2026/04/20 0:00:00\t'26-0002'\t0\t'見本公民館'\r\n"
        "102\t2026/04/21 0:00:00\t'26-0003'\t0\t'例示医院'\r\n"
        "102\t2026/04/22 0:00:00\t'26-0004'\t0\t'例示医院'\r\n"
    ).encode("utf-16")
    here = send(client, table, "T_注射.txt", lines="vaccinations")
    page = body(client.get(here))
    assert "親の行：犬ID" in page
    assert client.post(here, as_proposed()).status_code == 303
    page = body(client.get(here))
    assert "「999」の行が台帳にありません" in page
    assert "猶予のときは、理由" in page or "「年度」" in page
    assert "2回目に間違いなければ" in page  # the second of two rows of one dog in one year
    assert not Vaccination.unscoped.exists()
    assert "直すところがある行が3行あります" in body(client.post(here, {"do": "confirm"}), 422)
    assert client.post(here, {"do": "confirm", "without_wrong": "1"}).status_code == 303
    assert "3行を取り込みました" in body(client.get(here))
    rows = {(row.entry_id, row.year.year, row.tag) for row in Vaccination.unscoped.all()}
    assert rows == {(first.pk, 2026, "26-0001"), (first.pk, 2025, "25-0001"), (second.pk, 2026, "26-0003")}
    first.refresh_from_db()
    assert first.last_year is not None
    assert first.last_year.year == 2026
    again = send(client, table, "T_注射.txt", lines="vaccinations")
    client.post(again, as_proposed())
    assert "<dt>同じ行</dt><dd>3</dd>" in body(client.get(again))


def test_what_fails_late_is_told_and_the_rest_comes_in(
    client: Client, town: Town, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same tag for two dogs; and a table that the worker writes."""
    dogs(town, book)
    table = (
        "登録番号,接種日,注射済票番号\r\nH30-1,R8.4.20,26-0001\r\nH30-2,R8.4.20,26-0001\r\n,R8.4.20,26-0009\r\nH30-2,,\r\n"
    ).encode()
    here = send(client, table, "注射.csv", lines="vaccinations")
    client.post(here, as_proposed())
    assert "親の行の番号のほかに、何も書かれていません" in body(client.get(here))
    monkeypatch.setattr(lines, "AT_ONCE", 1)
    batch = confirm_lines(town.ctx("ledger_keeper"), Batch.unscoped.get(), ConfirmLines(without_wrong=True))
    write_all(system_context("ledger.write_lines", town.ref), batch)
    page = body(client.get(here))
    assert "このうち1行は書けませんでした" in page
    assert Vaccination.unscoped.count() == 1
    late = Staged.unscoped.get(sort="wrong", row=3)
    assert "もう使われています" in late.problems[0][1]
    assert late.problems[0][0] == "C3"
