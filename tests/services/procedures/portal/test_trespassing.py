"""What strangers and rude visitors try, and what becomes of it."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F
from django.test import Client

from tests.services.procedures.portal.sheets import PAGES, Applicant, offered, text_of, work_off
from tests.services.procedures.portal.test_keeping import kept
from tests.services.procedures.specimens_portal import with_file
from tests.world import Town
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.visitors.models import Visit
from yakuba.engines.visitors.throttle import LIMITS
from yakuba.kernel.files import archives, receiving
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.actions.sweeping import UNCLAIMED, sweep
from yakuba.services.procedures.models import Filling, Submission, Upload

pytestmark = pytest.mark.django_db

STRANGER = "stranger@example.jp"


def test_nobody_has_a_strangers_mailbox_filled(mihon: Town) -> None:
    subject = offered(mihon)
    one = Applicant(mihon)
    for _browser in range(3):
        one = Applicant(mihon, Client())
        one.begin(subject)
        for spelled in (STRANGER, STRANGER.upper()):
            one.client.post(one.url("keep/"), {"mail": spelled})
    answer = one.client.post(one.url("keep/"), {"mail": STRANGER})
    assert answer.status_code == 422
    assert "続けて何度も試された" in text_of(answer)
    assert Delivery.unscoped.filter(address__iexact=STRANGER).count() == LIMITS["letter"].times
    assert one.client.post(one.url("keep/"), {"mail": ""}).status_code == 200, "without mail it goes on"


ONE_PAGE: list[dict[str, Any]] = [
    {
        "key": "step",
        "title": {"ja": "手順"},
        "sections": [
            {
                "key": "all",
                "title": {"ja": "書くこと"},
                "questions": [
                    {"key": "photo", "kind": "photo", "label": {"ja": "写真"}, "required": False},
                    {"key": "why", "kind": "text", "label": {"ja": "理由"}},
                ],
            }
        ],
    }
]


def test_a_file_that_is_too_large_takes_nothing_else_with_it(
    mihon: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LIMITS", archives.Limits(size=1000))
    one = Applicant(mihon)
    one.begin(offered(mihon, steps=ONE_PAGE))
    one.client.post(one.url("pages/all/"), {"q.why": "はじめの理由", "later": "1"})
    large = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 5000)
    large.name = "large.png"
    answer = one.client.post(one.url("pages/all/"), {"q.photo": large, "q.why": "直した理由", "next": "1"})
    assert answer.status_code == 422
    assert "ファイルが大きすぎます" in text_of(answer)
    assert one.row().answers == {"why": "直した理由"}, "what stands behind the file in the form is read too"
    assert one.row().done == []


def resumed_by(one: Applicant, citizen: UUID | None) -> Client:
    """Somebody else opens the kept form with link and code."""
    link, code = kept(one)
    other = Client()
    other.post(link, {"code": "AAAA-AAAA"})
    theirs = Visit.unscoped.filter(citizen__isnull=True).order_by("-began_at", "-id").first()
    assert theirs is not None
    if citizen is not None:
        Visit.unscoped.filter(pk=theirs.pk).update(
            citizen=citizen, level="verified", facts={"name": "雛形 いつき"}, mail="hers@example.jp"
        )
    assert other.post(link, {"code": code}).status_code == 303
    return other


@pytest.mark.parametrize("signed_in", [True, False])
def test_who_hands_a_form_on_sees_nothing_of_what_the_other_sends(mihon: Town, signed_in: bool) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    trickster = uuid7()
    Visit.unscoped.update(citizen=trickster, level="account", mail="his@example.jp")
    Filling.unscoped.update(citizen=trickster, mail="his@example.jp")
    for key in PAGES:
        one.page(key)
    one.reach("his@example.jp")
    victim = uuid7() if signed_in else None
    other = resumed_by(one, victim)
    assert one.client.get(one.url()).status_code == 404
    assert one.row().mail == ("hers@example.jp" if signed_in else "")
    other.post(one.url("reach/"), {"electronic": "post", "mail": "", "next": "1"})
    assert other.post(one.url("check/")).status_code == 303
    sent = Submission.unscoped.get()
    assert sent.citizen == victim
    assert one.client.get(f"{one.base}applications/{sent.pk}/").status_code == 404
    work_off()
    assert not Delivery.unscoped.filter(purpose="acknowledgement").exists()


def test_what_somebody_began_as_nobody_and_sends_signed_in_is_theirs(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    citizen = uuid7()
    Visit.unscoped.update(citizen=citizen, level="account")
    assert one.send().status_code == 303
    assert Submission.unscoped.get().citizen == citizen


def test_a_result_goes_no_way_that_the_procedure_does_not_have(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    Filling.unscoped.update(electronic="pigeon")
    assert one.send().status_code == 422
    assert not Submission.unscoped.exists()


def test_a_page_takes_off_only_what_it_has(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    assert one.page("applicant", {f"detach.photo.{uuid7()}": "1"}, "save").status_code == 404


def test_a_file_that_has_just_come_is_not_swept(mihon: Town) -> None:
    with_file(mihon)
    Upload.unscoped.update(filling=None)
    sweep(mihon.ctx("cli"))
    assert Upload.unscoped.exists()
    Upload.unscoped.update(at=F("at") - 2 * UNCLAIMED)
    sweep(mihon.ctx("cli"))
    assert not Upload.unscoped.exists()
