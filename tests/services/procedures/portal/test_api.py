"""What anybody's program reads of the procedures on offer."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.procedures.portal.sheets import offered
from tests.world import Town
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.models import Offer

pytestmark = pytest.mark.django_db


def test_the_list_goes_on_page_by_page(mihon: Town) -> None:
    made = {str(offered(mihon).pk) for _ in range(3)}
    Offer.unscoped.filter(procedure=offered(mihon).pk).update(listed=False)
    client = Client()
    first = client.get(f"/api/v1/{mihon.ref.code}/procedures?limit=2").json()
    assert first["count"] == 3
    second = client.get(first["next"]).json()
    assert {one["procedure"] for one in first["items"] + second["items"]} == made
    assert second["next"] is None
    assert first["items"][0]["state"] == "open"
    assert client.get(f"/api/v1/{mihon.ref.code}/procedures?after=x").status_code == 400
    assert client.get(f"/api/v1/{mihon.ref.code}/procedures?unknown=1").status_code == 400


def test_a_definition_can_be_taken_over(mihon: Town) -> None:
    subject = offered(mihon)
    answer = Client().get(f"/api/v1/{mihon.ref.code}/procedures/{subject.pk}")
    assert document.read(answer.json()["definition"]).title["ja"] == "見本の申請"
    again = Client().get(
        f"/api/v1/{mihon.ref.code}/procedures/{subject.pk}", headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304
    assert Client().get(f"/api/v1/{mihon.ref.code}/procedures/{uuid7()}").status_code == 404
