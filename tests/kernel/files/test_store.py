"""Rows and bytes together: keeping, referring, sweeping, serving."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from yakuba.kernel.actions import ANYONE, Context, Everywhere, Missing, MunicipalityRef, Permission, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import PUBLIC
from yakuba.kernel.files import store
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.serving import serve
from yakuba.kernel.town.models import Municipality

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)
OPEN = Permission("files.test", Municipality, roles={"public": Everywhere()}, municipality="pk")
CLOSED = Permission("files.test", Municipality, roles={"staff": Everywhere()}, municipality="pk")


@pytest.fixture(autouse=True)
def home(settings: object, tmp_path: Path) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]  # pytest-django's own object


@pytest.fixture
def town() -> Municipality:
    return Municipality.unscoped.create(code="990019", name="みほん市")


@pytest.fixture
def ctx(town: Municipality) -> Context:
    return Context(ANYONE, MunicipalityRef(town.pk, town.code, town.name), NOW, "request")


def keep(ctx: Context, data: bytes = b"0123456789", **facts: object) -> StoredFile:
    with clock.frozen(NOW):
        return store.keep(
            ctx, data, cast("str", facts.pop("name", "計画.txt")), retention_class="ten_years", **facts
        )  # type: ignore[arg-type]


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else cast("bytes", response.content)  # type: ignore[attr-defined,call-overload]


def test_a_kept_file_is_found_again(ctx: Context) -> None:
    stored = keep(ctx)
    with store.open(stored) as stream:
        assert stream.read() == b"0123456789"
    assert (stored.size, stored.content_type, stored.file_class) == (10, "text/plain", "internal")


def test_a_refused_file_leaves_neither_bytes_nor_row(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Problem):
        keep(ctx, b"")
    assert not StoredFile.unscoped.exists()
    assert not (tmp_path / "files").exists()


def test_a_row_is_never_made_without_bytes(ctx: Context) -> None:
    with pytest.raises(Problem) as caught:
        store.refer(ctx, "0" * 64, "x", retention_class="ten_years")
    assert caught.value.code == "file_gone"
    assert not StoredFile.unscoped.exists()


def test_the_sweep_takes_old_bytes_that_no_row_refers_to(ctx: Context) -> None:
    stored = keep(ctx)
    with clock.frozen(NOW):
        orphan = store.put(b"orphan")
    assert store.sweep(NOW + store.GRACE) == 0
    assert store.sweep(NOW + store.GRACE + dt.timedelta(seconds=1)) == 1
    assert list(store.backend().kept()) == [stored.sha256]
    with pytest.raises(FileNotFoundError):
        store.backend().open(orphan)


def test_the_sweep_asks_by_pages_and_keeps_what_is_referred_to_at_the_last_moment(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(store, "SWEEP_PAGE", 4)
    stored = [keep(ctx, str(number).encode()) for number in range(10)]
    late = NOW + store.GRACE + dt.timedelta(seconds=1)
    with django_assert_num_queries(3):
        assert store.sweep(late) == 0
    with clock.frozen(NOW):
        orphan = store.put(b"orphan")
    rows_of = store._rows_of

    def meanwhile(digest: str) -> QuerySet[StoredFile]:
        """Somebody refers to the bytes after their page was asked for; the clock of the bytes stands still."""
        with clock.frozen(NOW):
            store.refer(ctx, orphan, "x.txt", retention_class="ten_years")
        return rows_of(digest)

    with monkeypatch.context() as patch:
        patch.setattr(store, "_rows_of", meanwhile)
        assert store.sweep(late) == 0
    assert set(store.backend().kept()) == {*(one.sha256 for one in stored), orphan}


def test_a_forgotten_file_leaves_a_note_and_goes_with_the_sweep(ctx: Context) -> None:
    stored, other = keep(ctx, name="秘密.txt"), keep(ctx)
    assert stored.sha256 == other.sha256
    running, identity = ctx.begin(), stored.pk
    store.forget(running, stored)
    assert running.work is not None
    (noted,) = running.work.notes.items()
    assert noted[0] == f"forgotten {identity}"
    assert "秘密" not in str(noted)
    late = NOW + store.GRACE + dt.timedelta(seconds=1)
    assert store.sweep(late) == 0  # another row refers to the same bytes
    store.forget(ctx.begin(), other)
    assert not StoredFile.unscoped.exists()
    assert store.sweep(late - dt.timedelta(seconds=1)) == 0
    assert store.sweep(late) == 1


def test_forgetting_a_file_asks_no_other_rooms_tables(ctx: Context) -> None:
    stored = keep(ctx)
    with CaptureQueriesContext(connection) as asked:
        store.forget(ctx.begin(), stored)
    (deleted,) = [one["sql"] for one in asked]
    assert deleted.startswith('DELETE FROM "files_')


def test_only_an_action_of_its_own_municipality_forgets_a_file(ctx: Context) -> None:
    stored = keep(ctx)
    with pytest.raises(RuntimeError):
        store.forget(ctx, stored)
    other = Municipality.unscoped.create(code="990027", name="べつの市")
    elsewhere = Context(ANYONE, MunicipalityRef(other.pk, other.code, other.name), NOW, "request")
    with pytest.raises(Missing):
        store.forget(elsewhere.begin(), stored)
    assert StoredFile.unscoped.get() == stored


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("C:\\書類\\計画.docx", "計画.docx"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "無題"),
        ("..", "無題"),
        ("あ" * 300 + ".xlsx", "あ" * 250 + ".xlsx"),
    ],
)
def test_names_are_tidied(given: str, expected: str) -> None:
    assert store.tidy_name(given) == expected


answers: list[HttpResponseBase] = []


@pytest.fixture(autouse=True)
def close() -> Iterator[None]:
    yield
    while answers:
        answers.pop().close()


def get(ctx: Context, stored: StoredFile, town: Municipality, **headers: str) -> HttpResponseBase:
    request: HttpRequest = RequestFactory().get("/", headers=headers)
    answers.append(serve(request, ctx, stored, owner=town, permission=OPEN))
    return answers[-1]


def test_whole_file_with_safe_headers(ctx: Context, town: Municipality) -> None:
    response = get(ctx, keep(ctx, b"<script>", name="見本.html"), town)
    assert (response.status_code, body(response)) == (200, b"<script>")
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%A6%8B")
    assert response["Cache-Control"] == "no-store"
    assert "sandbox" in response["Content-Security-Policy"]


def test_only_what_we_made_is_shown_in_the_page(ctx: Context, town: Municipality) -> None:
    stored = keep(ctx, b"\x89PNG\r\n\x1a\n", name="図.png", made_by_us=True, classification=PUBLIC)
    response = get(ctx, stored, town)
    assert response["Content-Disposition"].startswith("inline")
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("wanted", "status", "expected", "content_range"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=7-99", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=4-2", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_ranges(
    ctx: Context, town: Municipality, wanted: str, status: int, expected: bytes, content_range: str | None
) -> None:
    response = get(ctx, keep(ctx), town, range=wanted)
    assert (response.status_code, body(response)) == (status, expected)
    assert response.get("Content-Range") == content_range
    if status != 416:
        assert response["Content-Length"] == str(len(expected))


def test_a_range_of_an_older_file_gets_the_whole_one(ctx: Context, town: Municipality) -> None:
    stored = keep(ctx)
    fresh = get(ctx, stored, town)
    assert get(ctx, stored, town, range="bytes=0-0", if_range='"other"').status_code == 200
    assert get(ctx, stored, town, range="bytes=0-0", if_range=fresh["ETag"]).status_code == 206


def test_a_known_file_is_not_sent_again(ctx: Context, town: Municipality) -> None:
    stored = keep(ctx)
    etag = get(ctx, stored, town)["ETag"]
    response = get(ctx, stored, town, if_none_match=etag)
    assert (response.status_code, body(response)) == (304, b"")


def test_who_may_not_see_the_owner_learns_nothing(ctx: Context, town: Municipality) -> None:
    stored = keep(ctx)
    with pytest.raises(Missing):
        serve(RequestFactory().get("/"), ctx, stored, owner=town, permission=CLOSED)
    other = Municipality.unscoped.create(code="990027", name="べつの市")
    elsewhere = Context(ANYONE, MunicipalityRef(other.pk, other.code, other.name), NOW, "request")
    with pytest.raises(Missing):
        serve(RequestFactory().get("/"), elsewhere, stored, owner=other, permission=OPEN)


def test_a_stream_is_kept_like_bytes(ctx: Context) -> None:
    with clock.frozen(NOW):
        assert store.put(io.BytesIO(b"abc")) == store.put(b"abc")
