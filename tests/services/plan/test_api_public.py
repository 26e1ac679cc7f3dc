"""The plan over HTTP, as a program of anybody reads it."""

from __future__ import annotations

import copy
import json
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.plan.edition_sample import edition_document, large_document, publish, rows, take_in
from tests.world import Town, make_town
from yakuba import api
from yakuba.services.plan.actions import (
    PublishEdition,
    WithdrawEdition,
    publish_edition,
    withdraw_edition,
)
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.reading.schema import SCHEMA

ROOT = "/api/v1/990019/plan"
EDITION = f"{ROOT}/editions/2026"
pytestmark = pytest.mark.usefixtures("mihon")


@pytest.fixture(scope="module")
def built(module_db: None) -> tuple[Town, Edition]:
    """みほん市 with an edition that everybody sees."""
    town = make_town("990019", "みほん市")
    return town, publish(town)


@pytest.fixture
def mihon(built: tuple[Town, Edition], db: None) -> Town:
    return copy.deepcopy(built[0])


@pytest.fixture
def edition(built: tuple[Town, Edition], db: None) -> Edition:
    return Edition.unscoped.get(pk=built[1].pk)


def read(client: Client, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    expected = "application/json" if status == 200 else "application/problem+json"
    assert answer["Content-Type"].startswith(expected)
    assert not answer.cookies
    found: dict[str, Any] = json.loads(answer.content)
    return found


def fits(found: object, schema: str) -> None:
    """The answer is what the published document says."""
    document = api.document()
    jsonschema.validate(
        found,
        {"$ref": f"#/components/schemas/{schema}", "components": document["components"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def test_every_answer_fits_its_schema(client: Client, edition: Edition) -> None:
    row = Initiative.unscoped.filter(edition=edition).order_by("position")[0]
    fits(read(client, f"{ROOT}/editions"), "EditionPage")
    fits(read(client, EDITION), "EditionHead")
    fits(read(client, f"{EDITION}/initiatives"), "InitiativePage")
    fits(read(client, f"{ROOT}/initiatives/{row.pk}"), "OneInitiative")
    document = read(client, f"{EDITION}/document")
    fits(document, "PlanDocument")
    jsonschema.validate(document, SCHEMA)
    fits(read(client, f"{ROOT}/initiatives/{uuid4()}", 404), "Problem")


def test_nothing_of_the_desk_comes_out(client: Client, mihon: Town) -> None:
    found = rows()
    found[0]["warnings"] = ["内部の注意"]
    found[0]["doubts"] = [
        {"field": "title", "code": "shifted", "candidates": ["別の題名"], "note": "内部の覚え"}
    ]
    found[0]["source"] = {"file": "naibu.txt", "line": 3}
    found[0]["offices"][0]["doubtful"] = True
    publish(mihon, edition_document(found))
    for path in (f"{EDITION}/initiatives", f"{EDITION}/document", EDITION):
        text = client.get(path).content.decode()
        for hidden in ("内部の", "別の題名", "naibu.txt", '"doubtful": true', "例示0"):
            assert hidden not in text, (path, hidden)


def test_a_draft_is_no_answer(client: Client, karina: Town) -> None:
    root = "/api/v1/990027/plan"
    edition = take_in(karina, edition_document(code="990027", name="かりな市"))
    row = Initiative.unscoped.filter(edition=edition)[0]
    assert read(client, f"{root}/editions")["items"] == []
    read(client, f"{root}/editions/2026", 404)
    read(client, f"{root}/initiatives/{row.pk}", 404)


def test_search_and_filters_mean_what_they_mean_on_the_page(client: Client) -> None:
    found = read(client, f"{EDITION}/initiatives?q=dx推進課+窓口&filter.kind=advance")
    assert [row["title"] for row in found["items"]] == ["電子申請の拡大", "書かない窓口"]
    assert found["count"] == 2
    assert found["next"] is None


def test_pages_hold_every_row_once(client: Client, mihon: Town) -> None:
    publish(mihon, large_document(60))
    seen: list[str] = []
    path = f"{EDITION}/initiatives?limit=25&filter.kind=advance"
    while path:
        found = read(client, path)
        assert found["count"] == 40
        assert len(found["items"]) <= 25
        seen += [row["id"] for row in found["items"]]
        path = (found["next"] or "").removeprefix("http://testserver")
    assert len(seen) == len(set(seen)) == 40


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (f"{ROOT}/editions?colour=red", "colour"),
        (f"{ROOT}/editions?after=1999", "after"),
        (f"{ROOT}/editions?limit=1&limit=2", "limit"),
        (f"{EDITION}?q=a", "q"),
        (f"{EDITION}/initiatives?sort=price", "sort"),
        (f"{EDITION}/initiatives?filter.flag=neu", "filter.flag"),
        (f"{EDITION}/initiatives?q=a&q=b", "q"),
        (f"{EDITION}/initiatives?after={uuid4()}", "after"),
        (f"{EDITION}/document?pretty=1", "pretty"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(client: Client, path: str, field: str) -> None:
    problem = read(client, path, 400)
    assert problem["field"] == field
    fits(problem, "Problem")


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_page_has_its_bounds(client: Client, limit: str) -> None:
    problem = read(client, f"{EDITION}/initiatives?limit={limit}", 400)
    assert problem["errors"][0]["field"] == "limit"
    assert "Input" not in json.dumps(problem)


def test_an_answer_is_kept_and_asked_again(client: Client, mihon: Town, edition: Edition) -> None:
    row = Initiative.unscoped.filter(edition=edition)[0]
    paths = (
        f"{ROOT}/editions",
        EDITION,
        f"{EDITION}/initiatives",
        f"{EDITION}/document",
        f"{ROOT}/initiatives/{row.pk}",
    )
    tags = {path: client.get(path)["ETag"] for path in paths}
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    publish_edition(mihon.ctx("plan_secretariat"), edition, PublishEdition(note="もう一度"))
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_what_was_taken_back_says_why(client: Client, mihon: Town, edition: Edition) -> None:
    row = Initiative.unscoped.filter(edition=edition)[0]
    withdraw_edition(mihon.ctx("plan_secretariat"), edition, WithdrawEdition(note="公表の日を誤りました。"))
    for path in (EDITION, f"{EDITION}/initiatives", f"{EDITION}/document", f"{ROOT}/initiatives/{row.pk}"):
        assert read(client, path, 410)["detail"] == "公表の日を誤りました。"
    assert read(client, f"{ROOT}/editions")["count"] == 0


def test_a_neighbour_answers_for_itself(client: Client, karina: Town, edition: Edition) -> None:
    row = Initiative.unscoped.filter(edition=edition)[0]
    assert read(client, "/api/v1/990027/plan/editions")["count"] == 0
    read(client, f"/api/v1/990027/plan/initiatives/{row.pk}", 404)
    read(client, "/api/v1/990035/plan/editions", 404)


def test_answers_cost_the_same_however_large_the_plan_is(client: Client, mihon: Town) -> None:
    paths = (f"{ROOT}/editions", EDITION, f"{EDITION}/initiatives", f"{EDITION}/document")
    small = [queries(client, path) for path in paths]
    publish(mihon, large_document(30))
    assert [queries(client, path) for path in paths] == small
    assert max(small) <= 4


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        read(client, path)
    return len(found)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client: Client, method: str) -> None:
    assert getattr(client, method)(EDITION).status_code == 405
