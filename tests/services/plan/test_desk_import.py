"""Handing a document in: progress, the worker's reading, the review, and what happens when it cannot be read."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.services.plan.test_desk import signed_in
from tests.world import Town
from yakuba.demo.paperwork import SHAPES, WRITERS, forms
from yakuba.kernel.dates import clock
from yakuba.kernel.files import limits
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.outbox.worker import Worker
from yakuba.kernel.trail.models import TrailPayload
from yakuba.services.plan import uploads
from yakuba.services.plan.actions import CorrectField, ImportDocument, correct_field, import_document
from yakuba.services.plan.models import Edition, Import, Initiative
from yakuba.services.plan.reading.document import dumps

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/990019/desk/plan/imports/new/"
TABLE = "\n".join(
    [
        "みほん市情報化推進計画（個別取組）",
        "",
        "NO\t区分\t具体的な取組\t取組方針\tKPI\t実績値 令和4年度\t実績値 令和5年度",
        *(
            f"{n}\t市民サービス\t見本の取組その{n}\t窓口と手続を見直し、使いやすくします。\t手続の件数\t{n * 10}件\t{n * 12}件"
            for n in range(1, 9)
        ),
    ]
)


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """State of its own: uploads, files, the worker's lock."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def town(home: Path, transactional_db: None) -> Town:
    from tests.world import make_town

    return make_town("990019", "みほん市")


@pytest.fixture
def client(town: Town, parsed_here: None) -> Client:
    return signed_in(town, "plan_secretariat")


def send(client: Client, data: bytes, name: str = "mihon.txt", **more: str) -> Any:
    file = io.BytesIO(data)
    file.name = name
    return client.post(NEW, {**more, "file": file})


def work() -> None:
    Worker().run(once=True)


def the_import() -> Import:
    return Import.unscoped.get()


def left_behind(home: Path) -> list[str]:
    return [path.name for path in home.glob("uploads/*")]


def test_a_table_becomes_a_draft(home: Path, town: Town) -> None:
    client = signed_in(town, "plan_secretariat")  # here the parser's child is started
    answer = send(client, TABLE.encode(), idempotency_key="once")
    assert answer.status_code == 303
    assert (home / "uploads").stat().st_mode & 0o777 == 0o700
    waiting = client.get(answer.url).content.decode()
    assert "この画面を離れても続きます" in waiting
    assert '<meta http-equiv="refresh"' in waiting
    work()
    ready = client.get(answer.url).content.decode()
    job = the_import()
    assert job.state == "ready", job.message
    assert "見本の取組その3" in ready
    assert "新しい版の下書きになります" in ready
    assert not Edition.unscoped.exists(), "nothing of the plan changes before a person says so"
    assert left_behind(home) == []
    done = client.post(f"{answer.url}commit/", {"version": str(job.version)})
    assert done.status_code == 303
    assert Initiative.unscoped.count() == 8
    assert "下書きに反映しました" in client.get(answer.url).content.decode()


def test_the_same_form_twice_is_one_import(home: Path, client: Client) -> None:
    first = send(client, TABLE.encode(), idempotency_key="once")
    assert send(client, TABLE.encode(), idempotency_key="once").url == first.url
    work()
    assert send(client, TABLE.encode(), idempotency_key="once").url == first.url
    assert Import.unscoped.count() == 1
    assert left_behind(home) == []


def test_the_review_shows_the_difference_and_what_stays(town: Town, home: Path, client: Client) -> None:
    old = [
        initiative("1", "電子申請の拡大", values=["75手続"]),
        initiative("2", "公開地図の充実"),
        initiative("3", "終わる取組"),
    ]
    import_document(town.ctx("cli"), None, ImportDocument(document(old)))
    row = Initiative.unscoped.get(number="2")
    correct_field(town.ctx("cli"), row, CorrectField("title", "公開地図を増やす"))
    new = [
        initiative("1", "電子申請の拡大", values=["80手続"]),
        initiative("2", "公開地図の充実"),
        initiative("4", "新しい取組"),
    ]
    answer = send(client, dumps(document(new)).encode(), "plan.json")
    work()
    text = client.get(answer.url).content.decode()
    assert "<del>75手続" in text
    assert "<ins>80手続" in text
    assert "なくなる取組" in text
    assert "終わる取組" in text
    assert client.post(f"{answer.url}commit/", {"version": str(the_import().version)}).status_code == 303
    assert list(Initiative.unscoped.order_by("position").values_list("title", flat=True)) == [
        "電子申請の拡大",
        "公開地図を増やす",
        "新しい取組",
    ]


def test_another_citys_plan_needs_a_word(home: Path, client: Client) -> None:
    answer = send(client, TABLE.replace("みほん市", "新潟市").encode())
    work()
    text = client.get(answer.url).content.decode()
    assert "ほかの自治体の計画ではありませんか" in text
    assert "新潟市の計画のように読めます" in text
    seen = {"version": str(the_import().version)}
    refused = client.post(f"{answer.url}commit/", seen)
    assert refused.status_code == 422
    assert "印を付けてください" in refused.content.decode()
    assert not Edition.unscoped.exists()
    assert client.post(f"{answer.url}commit/", {**seen, "ours": "1"}).status_code == 303
    assert Initiative.unscoped.count() == 8


def test_several_editions_of_an_export_go_in_together(client: Client, home: Path) -> None:
    both = [
        document([initiative("1", "取組")], edition="令和6年度版"),
        document([initiative("1", "取組")], edition="令和7年度版"),
    ]
    answer = send(client, dumps(both).encode(), "plans.json")
    work()
    text = client.get(answer.url).content.decode()
    assert "令和6年度版" in text
    assert "令和7年度版" in text
    assert client.post(f"{answer.url}commit/", {"version": str(the_import().version)}).status_code == 303
    assert sorted(Edition.unscoped.values_list("label", flat=True)) == ["令和6年度版", "令和7年度版"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x00\x01\x02" * 100, "binary.txt"),
        (b"PK\x03\x04" + b"\0" * 10, "broken.zip"),
        ("ただの文章です。表はありません。\n".encode() * 20, "essay.txt"),
        (TABLE.encode()[:200] + b"\x00" + TABLE.encode()[200:], "nul.txt"),
        (b'{"format": "yakuba-plan/1"', "cut.json"),
        (dumps(document([initiative("1", "取組")], code="990027", name="かりな市")).encode(), "other.json"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_read_leaves_nothing(home: Path, client: Client, data: bytes, name: str) -> None:
    answer = send(client, data, name)
    if answer.status_code == 303:
        work()
        job = the_import()
        assert job.state == "refused"
        text = client.get(answer.url).content.decode()
        assert "読み取れませんでした" in text
        assert job.message.splitlines()[0] in text.replace("&#x27;", "'").replace("&quot;", '"')
    else:
        assert answer.status_code == 422
    assert left_behind(home) == []
    assert not StoredFile.unscoped.exists()
    assert not Edition.unscoped.exists()


def test_no_file_and_an_empty_file_get_a_message(home: Path, client: Client) -> None:
    assert "ファイルを選んでください" in client.post(NEW, {}).content.decode()
    told = send(client, b"")
    assert told.status_code == 422
    assert not Import.unscoped.exists()


def test_a_file_beyond_the_limit_is_refused_while_it_streams(
    home: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yakuba.kernel.files import receiving

    monkeypatch.setattr(receiving, "LIMITS", limits.Limits(size=100_000))
    told = send(client, b"x" * 300_000)
    assert told.status_code == 422
    assert "ファイルが大きすぎます" in told.content.decode()
    assert not Import.unscoped.exists()


def test_calling_off_while_it_waits(home: Path, client: Client) -> None:
    answer = send(client, TABLE.encode())
    assert client.post(f"{answer.url}discard/").status_code == 303
    assert left_behind(home) == []
    work()
    assert the_import().state == "discarded"


def test_without_a_worker_the_page_says_so(home: Path, client: Client) -> None:
    answer = send(client, TABLE.encode())
    assert "動き出すと続きます" not in client.get(answer.url).content.decode()
    with clock.frozen(clock.now() + dt.timedelta(minutes=3)):
        assert "動き出すと続きます" in client.get(answer.url).content.decode()


def test_a_reading_that_was_given_up_says_so(
    home: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("yakuba.services.plan.subscriptions.read_in_child", broken)
    answer = send(client, TABLE.encode())
    for attempt in range(3):
        # Past the wait before the next attempt, well within the hour after which a session counts as left alone.
        with clock.frozen(clock.now() + dt.timedelta(minutes=10 * attempt)):
            work()
            told = client.get(answer.url).content.decode()
            assert "みほん" in told, "still signed in"
            assert ("読み取りの途中で失敗しました" in told) == (attempt == 2)
    assert "hx-trigger" not in told
    assert "読み取りに失敗" in client.get("/990019/desk/plan/imports/").content.decode()
    assert client.post(f"{answer.url}discard/").status_code == 303
    assert left_behind(home) == []


def test_old_uploads_are_swept(home: Path) -> None:
    (uploads.folder() / ("0" * 32)).write_bytes(b"x")
    assert uploads.sweep(clock.now()) == 0
    assert uploads.sweep(clock.now() + dt.timedelta(days=5)) == 1
    with pytest.raises(ValueError, match="not an upload"):
        uploads.path_of("../etc/passwd")


def test_a_document_of_two_years_makes_two_editions(client: Client) -> None:
    shape = SHAPES["details"]
    data = WRITERS["txt"](shape.compose(forms(shape)), "みほん市情報化推進計画")
    answer = send(client, data, "mihon.txt")
    work()
    decided = {"unchecked": "1", "version": str(the_import().version)}
    assert client.post(f"{answer.url}commit/", decided).status_code == 303
    job = the_import()
    assert job.edition is not None
    assert job.edition.year.year == 2026
    page = client.get(answer.url).content.decode()
    assert "同じ文書から、次の版の下書きにも反映しました" in page
    assert "令和7年度版" in page
    kept = TrailPayload.unscoped.get(entry__action="plan.commit_import")
    notes = json.loads(kept.text)["notes"]
    assert [one["initiatives"] for one in notes["editions"]] == [26, 29]
    assert notes["initiatives"] == 55


def test_marks_that_a_data_file_brings_are_told_before_they_go_in(client: Client) -> None:
    row = {**initiative("1", "電子申請"), "corrected": {"title": {"by": "架空 太郎", "on": "2020-01-01"}}}
    answer = send(client, dumps(document([row])).encode(), "mihon.json")
    work()
    page = client.get(answer.url).content.decode()
    assert "人が訂正・確認したという印を持っています" in page
    assert "架空 太郎 1件" in page
