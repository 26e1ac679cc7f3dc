"""The desk's API: the same actions, with session, CSRF, If-Match and Idempotency-Key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.services.plan.test_desk import signed_in
from tests.signin import sign_in
from tests.world import Town
from yakuba.services.plan import queries
from yakuba.services.plan.actions import ImportDocument, import_document
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.themes import THEMES

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/990019/desk/plan"


@pytest.fixture
def edition(mihon: Town) -> Edition:
    rows = [initiative(str(n), f"取組その{n}", values=[f"{n}件"]) for n in range(1, 6)]
    return import_document(mihon.ctx("cli"), None, ImportDocument(document(rows)))


@pytest.fixture
def client(mihon: Town) -> Client:
    return signed_in(mihon, "plan_secretariat")


def patch(client: Client, row: Initiative, body: dict[str, str], **headers: str) -> Any:
    return client.patch(
        f"{ROOT}/initiatives/{row.pk}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_pages_by_key(client: Client, edition: Edition) -> None:
    page = client.get(f"{ROOT}/editions").json()
    assert [one["initiatives"] for one in page["items"]] == [5]
    found: list[str] = []
    address = f"{ROOT}/editions/{edition.pk}/initiatives?limit=2"
    while address:
        part = client.get(address).json()
        assert part["count"] == 5
        found += [one["form"]["number"] for one in part["items"]]
        address = part["next"]
    assert found == ["1", "2", "3", "4", "5"]


def test_unknown_parameters_are_refused(client: Client, edition: Edition) -> None:
    for address in (f"{ROOT}/editions?page=2", f"{ROOT}/editions/{edition.pk}/initiatives?filter.nothing=1"):
        answer = client.get(address)
        assert answer.status_code == 400
        assert answer["Content-Type"].startswith("application/problem+json")


def test_a_correction_asks_for_the_version(client: Client, edition: Edition) -> None:
    row = Initiative.unscoped.get(edition=edition, number="1")
    body = {"path": "title", "value": "改めた取組"}
    assert client.get(f"{ROOT}/initiatives/{row.pk}")["ETag"] == '"1"'
    assert patch(client, row, body).status_code == 428
    done = patch(client, row, body, **{"If-Match": '"1"', "Idempotency-Key": "one"})
    assert done.status_code == 200
    assert (done["ETag"], done.json()["form"]["title"]) == ('"2"', "改めた取組")
    again = patch(client, row, body, **{"If-Match": '"1"', "Idempotency-Key": "one"})
    assert (again.status_code, again["ETag"]) == (200, '"2"'), "the same request twice changes once"
    late = patch(client, row, {**body, "value": "別の題名"}, **{"If-Match": '"1"'})
    assert late.status_code == 409
    assert late.json()["type"] == "urn:yakuba:problem:stale"
    wrong = patch(client, row, {"path": "id", "value": "x"}, **{"If-Match": '"2"'})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "id")


def test_publishing(client: Client, edition: Edition) -> None:
    address = f"{ROOT}/editions/{edition.pk}/publish"
    headers = {"If-Match": '"1"'}
    done = client.post(address, "{}", content_type="application/json", headers=headers)
    assert done.status_code == 200
    assert (done.json()["state"], done.json()["publication"]) == ("published", 1)


def test_nobody_else_gets_in(mihon: Town, karina: Town, edition: Edition) -> None:
    assert Client().get(f"{ROOT}/editions").status_code == 401
    assert signed_in(karina, "plan_secretariat").get(f"{ROOT}/editions").status_code == 404
    row = Initiative.unscoped.get(edition=edition, number="1")
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, mihon.account("plan_secretariat"))
    refused = patch(strict, row, {"path": "title", "value": "x"}, **{"If-Match": '"1"'})
    assert refused.status_code == 403
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.parametrize("key", ["resaon", "\ud800", "値\n"])
def test_a_key_that_is_none_is_refused_and_nothing_changes(
    client: Client, edition: Edition, key: str
) -> None:
    row = Initiative.unscoped.get(edition=edition, number="1")
    answer = patch(client, row, {"path": "title", "value": "改めた取組", key: "x"}, **{"If-Match": '"1"'})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert client.get(f"{ROOT}/initiatives/{row.pk}")["ETag"] == '"1"'


@pytest.mark.parametrize("value", ["\ud800", "題\udfff名"])
def test_half_a_character_is_refused(client: Client, edition: Edition, value: str) -> None:
    row = Initiative.unscoped.get(edition=edition, number="1")
    answer = patch(client, row, {"path": "title", "value": value}, **{"If-Match": '"1"'})
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_failure_of_ours_is_told_without_details(
    client: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(queries, "editions", fails)
    client.raise_request_exception = False
    answer = client.get(f"{ROOT}/editions")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 500
    assert "secret" not in answer.content.decode()


def put(client: Client, address: str, body: dict[str, Any], version: int | None = None) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.put(f"{ROOT}/{address}", json.dumps(body), content_type="application/json", headers=headers)


def test_a_part_is_replaced_and_a_wrong_one_names_its_field(client: Client, edition: Edition) -> None:
    row = Initiative.unscoped.get(edition=edition, number="1")
    offices = {"value": [{"name": "見本課", "role": "lead"}], "reason": "転記"}
    assert put(client, f"initiatives/{row.pk}/parts/offices", offices).status_code == 428
    done = put(client, f"initiatives/{row.pk}/parts/offices", offices, 1)
    assert done.status_code == 200
    assert done["ETag"] == '"2"'
    assert done.json()["form"]["offices"] == [{"name": "見本課", "role": "lead", "doubtful": False}]
    same = put(client, f"initiatives/{row.pk}/parts/offices", offices, 2)
    assert (same.status_code, same["ETag"]) == (200, '"2"'), "nothing changed, nothing is told"
    stale = {"value": {"SDGs": ["9"]}}
    assert put(client, f"initiatives/{row.pk}/parts/tags", stale, 1).status_code == 409
    values = {"value": [{"kind": "actual", "year": 2306, "raw": "3件"}]}
    refused = put(client, f"initiatives/{row.pk}/parts/values-0", values, 2)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "indicators[0].values[0].year"
    for slug, value in (("offices", {}), ("values-7", []), ("nothing", []), ("stages", {"R8": "x"})):
        assert put(client, f"initiatives/{row.pk}/parts/{slug}", {"value": value}, 2).status_code == 422, slug
    assert put(client, f"initiatives/{row.pk}/parts/offices", {**offices, "reasn": "x"}, 2).status_code in {
        400,
        422,
    }


def test_a_revision_over_http(client: Client, edition: Edition) -> None:
    row = Initiative.unscoped.get(edition=edition, number="1")
    body = {
        "path": "indicators[0].values[0]",
        "value": "3件",
        "reason": "確定",
        "status": "final",
        "as_of": "2024-05-31",
    }
    answer = client.post(
        f"{ROOT}/initiatives/{row.pk}/revisions",
        json.dumps(body),
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200
    last = answer.json()["form"]["indicators"][0]["values"][-1]
    assert (last["raw"], last["revision"], last["status"], last["as_of"]) == ("3件", 1, "final", "2024-05-31")


def test_themes_over_http(client: Client, edition: Edition) -> None:
    row = Initiative.unscoped.get(edition=edition, number="1")
    theme = next(iter(THEMES))
    rows = [{"initiative": str(row.pk), "version": 1, "themes": [theme]}]
    assert put(client, f"editions/{edition.pk}/themes", {"rows": rows}).status_code == 200
    row.refresh_from_db()
    assert row.themes == [theme]
    again = put(client, f"editions/{edition.pk}/themes", {"rows": rows})
    assert again.status_code == 422, "the version is an older one"
    assert again.json()["errors"][0]["field"] == str(row.pk)
