"""The front doors: across municipalities, of one, its search, the API's description, the health check."""

from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest
from django.db import DatabaseError, connection
from django.test import Client

import yakuba
from tests.services.plan.edition_sample import publish
from tests.world import Town, make_town
from yakuba import api
from yakuba.cli import main
from yakuba.portal.views import SEARCH_FROM

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.mark.django_db
def test_an_empty_house_says_what_to_do_first(client: Client) -> None:
    html = client.get("/").content.decode()
    assert "まだ何も公表されていません" in html
    assert "職員が計画書を取り込み" in html


def test_only_municipalities_with_something_public_stand_there(
    client: Client, mihon: Town, karina: Town
) -> None:
    publish(mihon)
    html = client.get("/").content.decode()
    assert 'href="/990019/"' in html
    assert "かりな市" not in html
    assert "まだありません" in client.get(f"/{karina.ref.code}/").content.decode()


def test_many_municipalities_are_searched(client: Client, mihon: Town) -> None:
    publish(mihon)
    assert 'type="search"' not in client.get("/").content.decode()
    names = ["しさく村", "れいじ町", "ひながた市", "かりな市", "ためし市", "こころみ町", "てほん村"]
    for number, name in enumerate(names[: SEARCH_FROM - 1]):
        publish(make_town(f"99{number + 10}00", name))
    html = client.get("/").content.decode()
    assert 'type="search"' in html
    found = client.get("/?q=ひながた").content.decode()
    assert 'href="/991200/"' in found
    assert found.count('class="card"') == 1
    assert "見つかりません" in client.get("/?q=どこか").content.decode()


@pytest.mark.parametrize(
    "path", ["/?x=1", "/?sort=a", "/990019/search/?x=1", "/990019/search/?after=x", "/990019/search/?q=a&q=b"]
)
def test_unknown_parameters_are_refused(client: Client, mihon: Town, path: str) -> None:
    assert client.get(path).status_code == 400


def test_the_front_page_shows_plans_with_their_progress_and_news(client: Client, mihon: Town) -> None:
    publish(mihon, note="目標値の誤りを直しました。")
    html = client.get("/990019/").content.decode()
    assert "みほん市情報化推進計画" in html
    assert "令和6年度から令和8年度まで・取組4件" in html
    assert "順調" in html
    assert "目標値の誤りを直しました。" in html
    assert 'action="/990019/search/"' in html


def test_search_marks_what_was_found(client: Client, mihon: Town) -> None:
    publish(mihon)
    html = client.get("/990019/search/?q=電子申請").content.decode()
    assert "<mark>電子申請</mark>" in html
    assert "みほん市情報化推進計画" in html
    nothing = client.get("/990019/search/?q=宇宙船").content.decode()
    assert "見つかりませんでした" in nothing
    assert 'href="/990019/plan/2026/"' in nothing, "who finds nothing can read everything"
    assert client.get("/990019/search/").status_code == 200


@pytest.mark.django_db
def test_the_health_check_tells_whether_the_database_answers(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"status": "ok", "version": yakuba.__version__, "database": "up"}
    assert "no-store" in answer["Cache-Control"]
    with mock.patch.object(connection, "cursor", side_effect=DatabaseError):
        assert client.get("/health").status_code == 503


def test_the_committed_description_is_the_generated_one(capsys: pytest.CaptureFixture[str]) -> None:
    generated = api.dumps(api.document())
    assert COMMITTED.read_text("utf-8") == generated, "yakuba openapi > docs/openapi.json"
    assert main(["openapi"]) == 0
    assert capsys.readouterr().out == generated


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/en", "/ja-simple"])
def test_the_description_is_there_for_people(client: Client, prefix: str) -> None:
    html = client.get(f"{prefix}/api/").content.decode()
    for address in api.document()["paths"]:
        assert address in html
    assert json.loads(client.get("/api/v1/openapi.json").content)["openapi"].startswith("3.")


@pytest.mark.django_db
def test_an_address_that_is_none_answers_a_program(client: Client) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
