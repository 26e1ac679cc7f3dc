"""The log: a visitor writes neither lines nor values into it."""

from __future__ import annotations

import io
import logging

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import path as address

from tests.world import Town
from yakuba.settings.log import LOGGING, escaped, told

FORGED = "x%0A2026-01-01 CRITICAL root forged%1B[2J"


def fails(_request: object) -> None:
    raise ValueError("first\n2026-01-01 CRITICAL root forged\x1b[2J")


urlpatterns = [address("fails/", fails)]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the process writes to its log."""
    stream = io.StringIO()
    (own,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    monkeypatch.setattr(own, "stream", stream)
    return stream


def test_this_process_has_the_log_of_the_settings(written: io.StringIO) -> None:
    logging.getLogger("yakuba").warning("one\ntwo \x1b[31m \u2028 \udc80 令和")
    assert written.getvalue().endswith("one\\ntwo \\x1b[31m \\u2028 \\udc80 令和\n")


@pytest.mark.parametrize(
    "path",
    [
        f"/990019/?{FORGED}=1",
        f"/style?{FORGED}=1",
        f"/990019/search/?q=a&after={FORGED}",
        f"/{FORGED}/",
        f"/api/v1/990019/plan/editions?limit={FORGED}",
        f"/990019/desk/{FORGED}",
        "/desk/sign-in/out/",
    ],
)
def test_a_visitors_mistake_writes_nothing(path: str, mihon: Town, written: io.StringIO) -> None:
    assert Client().get(path).status_code in {200, 302, 400, 404, 405}
    assert not written.getvalue()


def test_a_lists_complaint_is_a_page_and_no_line(mihon: Town, written: io.StringIO) -> None:
    answer = Client().get("/style", {"nonsense": "secret\nvalue"})
    assert answer.status_code == 400
    assert "nonsense" in answer.content.decode()
    assert not written.getvalue()


def test_wrong_passwords_write_nothing(mihon: Town, written: io.StringIO) -> None:
    for _ in range(6):
        Client().post("/desk/sign-in/", {"login": "typed-by-mistake", "password": "x" * 12})
    assert not written.getvalue()


def test_a_foreign_host_is_one_short_line(written: io.StringIO) -> None:
    assert Client().get("/", headers={"host": "evil.example\x1b[2J"}).status_code == 400
    (line,) = written.getvalue().splitlines()
    assert line.endswith("ERROR django.security.DisallowedHost request refused")


@pytest.mark.urls(__name__)
def test_our_own_failure_is_told_whole_and_cannot_forge_a_line(written: io.StringIO) -> None:
    assert Client(raise_request_exception=False).get(f"/fails/?{FORGED}").status_code == 500
    head, *trace = written.getvalue().splitlines()
    assert head.endswith("ERROR django.request Internal Server Error: /fails/")
    assert len(trace) > 5
    assert all(line.startswith("  | ") for line in trace)
    assert any("ValueError: first" in line for line in trace)
    assert "\x1b" not in written.getvalue()


def test_nothing_is_sent_by_mail() -> None:
    assert not logging.getLogger("django").handlers
    assert LOGGING["root"]
    assert escaped("令和\t6") == "令和\\t6"


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("sql", ['SELECT \'{"text": "himitsu\\u0000"}\'::jsonb', "SELECT 'himitsu'::uuid"])
def test_what_a_database_complains_about_is_not_told(sql: str) -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute(sql)
    assert "himitsu" in str(caught.value), "it says so itself"
    said = told(caught.value)
    assert "himitsu" not in said
    assert "DataError: 22P0" in said
    assert "test_log.py" in said


@pytest.mark.django_db
def test_what_no_database_keeps_is_refused_at_the_door(mihon: Town, written: io.StringIO) -> None:
    for sent in ({"mail": "rei\x00@example.jp"}, {"x\x00": "1"}):
        assert Client().post("/990019/sign-in/account/", sent).status_code == 400
        assert Client().get("/990019/sign-in/", sent).status_code == 400
    assert Client().get("/990019/x%00/").status_code in {400, 404}
    assert not written.getvalue()
