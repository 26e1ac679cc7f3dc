"""The staff's first page: only what waits for this person, with true counts."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.services.plan.forms import document, initiative
from tests.services.plan.test_desk import signed_in
from tests.world import Town
from yakuba.services.plan.actions import (
    CorrectField,
    ImportDocument,
    PublishEdition,
    ReceiveFile,
    RecordReading,
    correct_field,
    import_document,
    publish_edition,
    receive_file,
    record_reading,
)
from yakuba.services.plan.models import Edition, Initiative

pytestmark = pytest.mark.django_db

HOME = "/990019/desk/"
DOUBT = {"field": "title", "code": "odd-content", "candidates": [], "note": "確かめてください。"}


def waiting(client: Client) -> dict[str, int]:
    """What the page says, with its counts."""
    text = client.get(HOME).content.decode()
    found = re.findall(r'<span class="what"><b>(.*?)</b>.*?<span class="count"><b>(\d+)</b>', text, re.DOTALL)
    return {label: int(count) for label, count in found}


@pytest.fixture
def edition(mihon: Town) -> Edition:
    rows = [
        initiative(
            "1",
            "電子申請の拡大",
            doubts=[DOUBT],
            offices=[{"name": "見本課", "role": "lead", "doubtful": False}],
        ),
        initiative("2", "公開地図の充実", doubts=[DOUBT]),
        initiative("3", "窓口の改善"),
    ]
    return import_document(mihon.ctx("cli"), None, ImportDocument(document(rows)))


def test_nothing_waits_at_first(mihon: Town) -> None:
    client = signed_in(mihon, "plan_secretariat")
    assert "待っている仕事はありません" in client.get(HOME).content.decode()


def test_the_secretariat_sees_doubts_and_the_draft(mihon: Town, edition: Edition) -> None:
    client = signed_in(mihon, "plan_secretariat")
    assert waiting(client) == {"読み取りを確かめる": 2, "はじめて公表する": 3}
    publish_edition(mihon.ctx("cli"), edition, PublishEdition())
    assert waiting(client) == {"読み取りを確かめる": 2}
    row = Initiative.unscoped.get(edition=edition, number="3")
    correct_field(mihon.ctx("cli"), row, CorrectField("title", "窓口を改める"))
    assert waiting(client) == {"読み取りを確かめる": 2, "公表後に変えた取組を、公表し直す": 1}


def test_a_reading_waits_for_its_decision(mihon: Town) -> None:
    from yakuba.kernel.files import store as files

    ctx = mihon.ctx("cli")
    job = receive_file(ctx, None, ReceiveFile("mihon.txt", "0" * 32))
    client = signed_in(mihon, "plan_secretariat")
    assert waiting(client) == {}
    record_reading(ctx, job, RecordReading([document([initiative("1", "取組")])], files.put(b"table")))
    assert waiting(client) == {"読み取りを確かめて、下書きに反映する": 1}
    assert waiting(signed_in(mihon, "plan_editor")) == {}


def test_an_editor_sees_the_own_office_alone(mihon: Town, edition: Edition) -> None:
    Initiative.unscoped.get(edition=edition, number="1").offices.update(office=mihon.offices["own"])
    assert waiting(signed_in(mihon, "plan_editor")) == {"読み取りを確かめる": 1}
    assert waiting(signed_in(mihon, "plan_editor", "other")) == {}
    assert waiting(signed_in(mihon, "staff")) == {}


def test_who_is_not_signed_in_goes_to_sign_in() -> None:
    answer = Client().get(HOME)
    assert answer.status_code == 302
    assert answer.url.startswith("/desk/sign-in/")
