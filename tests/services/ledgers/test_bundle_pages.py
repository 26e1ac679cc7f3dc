"""Photos and papers of many entries at once, from the folder of a scanner to the entries that the names tell."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.services.ledgers.test_beside_pages import photo
from tests.services.ledgers.worlds import HERE, add, body, browser, open_book
from tests.world import Town, make_town
from yakuba.engines.ledger.bundles import receiving
from yakuba.engines.ledger.bundles.actions.working import look_through, sweep
from yakuba.engines.ledger.models import Attachment, Bundle, BundleItem
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.dates import clock
from yakuba.kernel.files.models import StoredFile

pytestmark = pytest.mark.django_db
LIST = f"{HERE}public_wifi/"


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with those who come into it."""
    made = make_town("990019", "みほん市")
    for role in ("ledger_keeper", "ledger_reader"):
        made.account(role)
    return made


@pytest.fixture(scope="module")
def entries(town: Town) -> dict[str, Entry]:
    """A book with entries of several numbers."""
    book = open_book(town)
    return {
        number: add(town, book, number, name=f"施設{number}")
        for number in ("R8-0012", "R8-0013", "R8-0013-2")
    }


@pytest.fixture
def client(town: Town) -> Client:
    """Its keeper's browser."""
    return browser(town)


def picture(colour: str = "red") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(data, "PNG")
    return data.getvalue()


class OfWindows(zipfile.ZipInfo):
    """A name in CP932, and no word of it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 – zipfile's own
        return self.filename.encode("cp932"), 0


def archive(files: dict[str, bytes]) -> bytes:
    """A ZIP as Windows makes it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        for name, content in files.items():
            out.writestr(OfWindows(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def send(client: Client, *files: tuple[str, bytes]) -> str:
    """Send files; the address of their bundle."""
    sent = {"files": [SimpleUploadedFile(name, data) for name, data in files]}
    answer = client.post(f"{LIST}files/", sent)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def test_a_folder_of_scans_goes_to_the_entries_that_its_names_tell(
    client: Client, town: Town, entries: dict[str, Entry]
) -> None:
    scans = {
        "棚3/施設_Ｒ８－００１２_1.png": picture(),
        "R8-12/表.png": picture("blue"),
        "R8-0013-2.png": picture("green"),
        "不明.png": picture("black"),
        "R8-0012.txt": b"words",
        "空.png": b"",
    }
    here = send(client, ("現地写真.zip", archive(scans)))
    page = body(client.get(here))
    assert "受け取れなかったファイル 2個" in page
    assert "この種類のファイルは受け取れません" in page
    assert "ファイルが空です" in page
    assert "行が分かったもの 2個" in page
    assert "付ける行を選ぶもの 2個" in page  # R8-0013-2 is an entry, and the second file of R8-0013
    assert not Attachment.unscoped.exists()
    by_path = {item.path: item for item in BundleItem.unscoped.filter(state="waiting")}
    sure, several, unknown = (by_path[path] for path in ("R8-12/表.png", "R8-0013-2.png", "不明.png"))
    assert [sure.candidates, unknown.candidates] == [[str(entries["R8-0012"].pk)], []]
    assert set(several.candidates) == {str(entries["R8-0013"].pk), str(entries["R8-0013-2"].pk)}
    first = by_path["棚3/施設_Ｒ８－００１２_1.png"]
    wrong = {
        "do": "settle",
        f"entry-{first.pk}": str(entries["R8-0012"].pk),
        f"sort-{first.pk}": "paper",
        f"paper-{first.pk}": "旧12号",
        f"number-{unknown.pk}": "R9-1",
    }
    told = body(client.post(here, wrong), 422)
    assert "番号「R9-1」の行が見つかりません" in told
    assert 'value="R9-1"' in told
    kept = Attachment.unscoped.get()
    assert (kept.entry, kept.kind, kept.paper_number) == (entries["R8-0012"].pk, "paper", "旧12号")
    rest = {
        "do": "settle",
        f"entry-{sure.pk}": str(entries["R8-0012"].pk),
        f"entry-{several.pk}": "-",
        f"number-{unknown.pk}": "R8-0013",
    }
    assert client.post(here, rest).status_code == 303
    page = body(client.get(here))
    assert "3個を付けました" in page
    assert "付けなかったもの" in page
    assert Bundle.unscoped.get().state == "done"
    assert StoredFile.unscoped.count() == Attachment.unscoped.count() == 3


def test_what_the_camera_wrote_is_proposed_and_may_be_left(client: Client, entries: dict[str, Entry]) -> None:
    one, two = ("R8-0012_1.jpg", photo().read()), ("R8-0012_2.jpg", photo({17: 90.0}).read())
    here = send(client, one, two)
    page = body(client.get(here))
    assert "令和8年5月1日・36.4, 139.11・方位 135.5°" in page
    assert "はなれています" in page  # the place of the book's sites is elsewhere
    first, second = BundleItem.unscoped.order_by("turn")
    target = str(entries["R8-0012"].pk)
    sent = {
        "do": "settle",
        f"entry-{first.pk}": target,
        f"camera-{first.pk}": "1",
        f"entry-{second.pk}": target,
    }
    assert client.post(here, sent).status_code == 303
    with_facts, without = Attachment.unscoped.order_by("added_at", "pk")
    assert (with_facts.taken_on, with_facts.direction) == (dt.date(2026, 5, 1), 135.5)
    assert (without.taken_on, without.latitude) == (None, None)
    again = body(client.get(send(client, one)))
    assert "同じ内容のファイルが、もうこの行に付いています" in again


def test_a_large_bundle_waits_for_the_worker_and_goes_on_where_it_was(
    client: Client, town: Town, entries: dict[str, Entry]
) -> None:
    here = send(client, *((f"R8-0012_{turn}.png", picture()) for turn in range(1, 9)))
    assert "読み取り中" in body(client.get(here))
    bundle = Bundle.unscoped.get()
    look_through(system_context("ledger.read_bundle", town.ref), bundle)
    assert "行が分かったもの 8個" in body(client.get(here))
    assert client.post(here, {"do": "stop"}).status_code == 303
    assert not StoredFile.unscoped.exists()


def test_what_nobody_comes_back_to_is_swept(client: Client, town: Town, entries: dict[str, Entry]) -> None:
    send(client, ("R8-0012.png", picture()))
    worker = system_context("ledger.sweep_imports", town.ref)
    assert sweep(worker, clock.now()) == 0
    assert sweep(worker, clock.now() + dt.timedelta(days=15)) == 1
    assert not StoredFile.unscoped.exists()


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST", 2)


@pytest.mark.usefixtures("_few", "entries")
def test_archives_keep_the_limits(client: Client) -> None:
    for data, words in (
        (archive({f"{turn}.png": b"x" for turn in range(3)}), "ファイルは2個まで"),
        (archive({"中.zip": b"PK\x05\x06" + bytes(18)}), "圧縮ファイルの中に圧縮ファイル"),
        (archive({"零.png": bytes(3_000_000)}), "圧縮の仕方が普通ではない"),
        (b"PK\x03\x04broken", "壊れている"),
    ):
        sent = {"files": [SimpleUploadedFile("写真.zip", data)]}
        assert words in body(client.post(f"{LIST}files/", sent), 422)
    assert "ファイルを選んでください" in body(client.post(f"{LIST}files/", {}), 422)
    assert not Bundle.unscoped.exists()


def test_a_name_is_shown_as_it_is_and_tells_no_my_number(client: Client, entries: dict[str, Entry]) -> None:
    """What turns a line round hides an ending; a scanner is told a number and calls the file by it."""
    name = "../../R8-0012_\u202egnp.exe_123456789018.png"
    here = send(client, ("写真.zip", archive_of(name)))
    item = BundleItem.unscoped.get()
    assert "\u202e" not in item.path
    assert "123456789018" not in item.path
    assert "123456789018" not in body(client.get(here))
    sent = {"do": "settle", f"number-{item.pk}": "R8-0012", f"paper-{item.pk}": "123456789018"}
    assert "12桁の数字" in body(client.post(here, sent), 422)
    assert client.post(here, {**sent, f"paper-{item.pk}": ""}).status_code == 303
    assert "123456789018" not in StoredFile.unscoped.get().name


def archive_of(name: str) -> bytes:
    """A ZIP of one picture, its name in UTF-8."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        out.writestr(name, picture())
    return data.getvalue()


def test_a_reader_gives_nothing(town: Town, client: Client, entries: dict[str, Entry]) -> None:
    here = send(client, ("R8-0012.png", picture()))
    item = BundleItem.unscoped.get()
    reader = browser(town, "ledger_reader")
    assert reader.get(f"{LIST}files/").status_code == 403
    assert reader.get(here).status_code == 403
    assert reader.get(f"{here}{item.pk}/").status_code == 403
    got = client.get(f"{here}{item.pk}/")
    assert got["Content-Type"] == "image/png"
    got.close()
