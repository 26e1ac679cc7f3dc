"""Files with what the camera wrote, links between ledgers, deadlines: from an entry's page."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.services.ledgers.worlds import HERE, add, body, browser, open_book
from tests.world import Town, make_town
from yakuba.engines.ledger.models import Attachment, Book, Deadline, Joint
from yakuba.engines.ledger.records import Entry
from yakuba.engines.protection.models import Hold, Protected
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.files import store
from yakuba.kernel.files.models import StoredFile

pytestmark = pytest.mark.django_db
LIST = f"{HERE}public_wifi/"


@pytest.fixture(scope="module")
def town(module_db: None) -> Town:
    """みほん市, with everybody who comes into it."""
    made = make_town("990019", "みほん市")
    for role in ("ledger_keeper", "ledger_reader", "staff"):
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


@pytest.fixture
def client(town: Town) -> Client:
    """Its keeper's browser."""
    return browser(town)


def photo(wrote: dict[int, object] | None = None) -> SimpleUploadedFile:
    """A photograph with what a camera writes: day, place, direction."""
    image, exif = Image.new("RGB", (40, 30), "green"), Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:05:01 09:30:00"
    place = {1: "N", 2: (36.0, 24.0, 0.0), 3: "E", 4: (139.0, 6.0, 36.0), 16: "T", 17: 135.5, **(wrote or {})}
    exif.get_ifd(0x8825).update({key: value for key, value in place.items() if value is not None})
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif)
    return SimpleUploadedFile("現地.jpg", data.getvalue(), "image/jpeg")


def page_of(entry: Entry) -> str:
    return f"{LIST}{entry.pk}/"


def value(page: str, name: str) -> str:
    """What stands in a field of a page."""
    return page.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]


def test_what_the_camera_wrote_becomes_fields_and_leaves_the_picture(client: Client, entry: Entry) -> None:
    page = body(client.post(f"{page_of(entry)}files/", {"file": photo()}))
    assert "写真に記録されていた撮影日・地点・方位です" in page
    assert not Attachment.unscoped.exists()
    found = {name: value(page, name) for name in ("taken", "taken_on", "latitude", "longitude", "direction")}
    assert found | {"taken": ""} == {
        "taken": "",
        "taken_on": "令和8年5月1日",
        "latitude": "36.4",
        "longitude": "139.11",
        "direction": "135.5",
    }
    sent = {**found, "do": "keep", "kind": "photo", "caption": "入口", "direction": "400"}
    wrong = body(client.post(f"{page_of(entry)}files/", sent), 422)
    assert "0 から 360 まで" in wrong
    assert client.post(f"{page_of(entry)}files/", {**sent, "direction": "140"}).status_code == 303
    kept = Attachment.unscoped.get()
    assert (kept.taken_on, kept.latitude, kept.direction) == (dt.date(2026, 5, 1), Decimal("36.4"), 140)
    with store.open(kept.file) as stream:
        assert not Image.open(stream).getexif()
    page = body(client.get(page_of(entry)))
    assert "入口" in page
    assert "方位 140°" in page
    got = client.get(f"{page_of(entry)}files/{kept.pk}/")
    assert got["Content-Type"] == "image/jpeg"
    got.close()


@pytest.mark.parametrize(
    ("wrote", "left"),
    [
        ({16: "M"}, {"direction"}),
        ({2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}, {"latitude", "longitude"}),
        ({2: (95.0, 0.0, 0.0)}, {"latitude", "longitude"}),
        ({2: None}, {"latitude", "longitude"}),
    ],
    ids=["magnetic", "no fix", "nowhere", "half"],
)
def test_what_cannot_be_true_is_not_offered(
    client: Client, entry: Entry, wrote: dict[int, object], left: set[str]
) -> None:
    page = body(client.post(f"{page_of(entry)}files/", {"file": photo(wrote)}))
    assert {name for name in ("latitude", "longitude", "direction") if not value(page, name)} == left


def test_a_file_is_looked_through_and_nobody_elses_is_claimed(
    client: Client, town: Town, entry: Entry
) -> None:
    assert "ファイルを選んでください" in body(client.post(f"{page_of(entry)}files/", {}), 422)
    script = SimpleUploadedFile("見本.html", b"<script>", "text/html")
    assert "この種類のファイルは受け取れません" in body(
        client.post(f"{page_of(entry)}files/", {"file": script}), 422
    )
    forged = {"do": "keep", "kind": "photo", "taken": "forged"}
    assert "もう一度選んでください" in body(client.post(f"{page_of(entry)}files/", forged), 422)
    token = value(body(client.post(f"{page_of(entry)}files/", {"file": photo()})), "taken")
    reader = browser(town, "ledger_reader")
    assert reader.post(f"{page_of(entry)}files/", {**forged, "taken": token}).status_code == 403
    assert not StoredFile.unscoped.exists()


def test_a_my_number_comes_into_no_words_beside_an_entry(
    client: Client, town: Town, book: Book, entry: Entry
) -> None:
    number = "123456789018"
    other = add(town, book, name="例示会館")
    join = {"do": "join", "ledger": "public_wifi", "number": other.number, "relation": number}
    assert "12桁の数字" in body(client.post(f"{page_of(entry)}beside/", join), 422)
    token = value(body(client.post(f"{page_of(entry)}files/", {"file": photo()})), "taken")
    keep = {"do": "keep", "kind": "photo", "taken": token, "caption": f"通知カード {number}"}
    assert "12桁の数字" in body(client.post(f"{page_of(entry)}files/", keep), 422)
    move = {"chain": "state", "step": "void", "day": "R8.4.1", "reason": number, "version": "1"}
    refused = client.post(f"{page_of(entry)}move/", move)
    assert "12桁の数字" in body(refused, 422)
    assert not Attachment.unscoped.exists()
    assert not Joint.unscoped.exists()


def test_a_file_goes_with_a_reason(client: Client, town: Town, entry: Entry) -> None:
    token = value(body(client.post(f"{page_of(entry)}files/", {"file": photo()})), "taken")
    client.post(f"{page_of(entry)}files/", {"do": "keep", "kind": "photo", "taken": token})
    kept = Attachment.unscoped.get()
    for other in (browser(town, office="other"), browser(town, "staff")):
        assert other.get(f"{page_of(entry)}files/{kept.pk}/").status_code == 404
    sent = {"do": "detach", "id": str(kept.pk)}
    assert "「理由」が空です" in body(client.post(f"{page_of(entry)}beside/", sent), 422)
    assert client.post(f"{page_of(entry)}beside/", {**sent, "reason": "別の施設"}).status_code == 303
    assert not Attachment.unscoped.exists()
    assert not StoredFile.unscoped.exists()


def test_links_are_seen_from_both_sides(client: Client, town: Town, book: Book, entry: Entry) -> None:
    other = add(town, book, name="例示会館")
    sent = {"do": "join", "ledger": "public_wifi", "number": "W9999", "relation": "同じ敷地"}
    page = body(client.post(f"{page_of(entry)}beside/", sent), 422)
    assert "番号「W9999」の行が見つかりません" in page
    assert 'value="同じ敷地"' in page
    own = {**sent, "number": entry.number}
    assert "同じ行どうし" in body(client.post(f"{page_of(entry)}beside/", own), 422)
    assert client.post(f"{page_of(entry)}beside/", {**sent, "number": other.number}).status_code == 303
    for one, seen in ((entry, other), (other, entry)):
        page = body(client.get(page_of(one)))
        assert f'href="{page_of(seen)}"' in page
        assert "同じ敷地" in page
    joint = Joint.unscoped.get()
    assert client.post(f"{page_of(entry)}beside/", {"do": "part", "id": str(joint.pk)}).status_code == 303
    assert not Joint.unscoped.exists()
    assert client.post(f"{page_of(entry)}beside/", {"do": "part", "id": str(joint.pk)}).status_code == 404


def test_a_deadline_waits_on_the_desk_until_it_is_settled(
    client: Client, town: Town, book: Book, entry: Entry
) -> None:
    today = japan_date(clock.now())
    due = Deadline.unscoped.create(
        municipality_id=town.ref.id,
        book=book,
        entry=entry.pk,
        rule="renewal",
        due_on=today - dt.timedelta(days=3),
        reminded_on=today,
    )
    home = body(client.get("/990019/desk/"))
    assert "の期限を確かめる" in home
    assert "view=due" in home
    assert "期限を過ぎたもの1件を含む" in home
    assert "期限の近いもの 1件" in body(client.get(HERE))
    assert entry.number in body(client.get(f"{LIST}?view=due"))
    assert "3日過ぎています" in body(client.get(page_of(entry)))
    sent = {"do": "settle", "id": str(due.pk)}
    assert "「結果」が空です" in body(client.post(f"{page_of(entry)}beside/", sent), 422)
    assert client.post(f"{page_of(entry)}beside/", {**sent, "outcome": "契約を更新した"}).status_code == 303
    assert "済み：契約を更新した" in body(client.get(page_of(entry)))
    assert "の期限を確かめる" not in body(client.get("/990019/desk/"))


def test_a_hold_is_told_and_stops_what_others_show(
    client: Client, town: Town, book: Book, entry: Entry
) -> None:
    other = add(town, book, name="例示会館", ssid="Reiji")
    now = clock.now()
    Joint.unscoped.create(
        municipality_id=town.ref.id,
        book=book,
        entry=other.pk,
        other_kind="public_wifi",
        other_id=entry.pk,
        relation="隣",
        made_at=now,
    )
    assert "見本公民館" in body(client.get(page_of(other)))
    hold(town, entry)
    page = body(client.get(page_of(other)))
    assert "見本公民館" not in page
    assert "支援措置の確認が済むまで表示しません" in page
    assert "支援措置の対象かもしれない人がいます" in body(client.get(page_of(entry)))


def hold(town: Town, entry: Entry) -> None:
    who = Protected.unscoped.create(
        municipality_id=town.ref.id, name="例示 月子", valid_from=dt.date(2020, 1, 1)
    )
    Hold.unscoped.create(
        municipality_id=town.ref.id,
        protected=who,
        subject_kind="public_wifi",
        subject_id=entry.pk,
        state="standing",
        raised_at=clock.now(),
    )
