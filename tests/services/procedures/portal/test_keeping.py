"""Keeping a form for later, going on with it, giving it up; what goes by itself."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from tests.services.procedures.portal.sheets import Applicant, offered, picture, text_of
from tests.world import Town
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.dates import clock
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.actions.sweeping import forget_citizen, sweep
from yakuba.services.procedures.models import EarlierAnswer, Filling, Happening, Upload

pytestmark = pytest.mark.django_db


def kept(one: Applicant, mail: str = "") -> tuple[str, str]:
    """(link, code) as the page shows them."""
    page = one.client.post(one.url("keep/"), {"mail": mail}).content.decode()
    link = re.search(r"href=\"(http[^\"]+/resume/[^\"]+)\"", page)
    code = re.search(r"<strong>([A-Z]{4}-[A-Z]{4})</strong>", page)
    assert link, page
    assert code, page
    return link[1].replace("http://testserver", ""), code[1]


def test_link_and_code_open_it_elsewhere(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    one.page("applicant")
    link, code = kept(one)
    other = Client()
    assert "手本" not in text_of(other.get(link))
    wrong = other.post(link, {"code": "AAAA-AAAA"})
    assert wrong.status_code == 422
    assert other.post(link, {"code": code.lower().replace("-", " ")}).status_code == 303
    assert "手本" in other.get(one.url("pages/applicant/")).content.decode()
    assert one.client.get(one.url()).status_code == 404, "it moved to where it was opened last"
    kinds = list(Happening.unscoped.values_list("kind", flat=True))
    assert kinds.count("saved") == kinds.count("resumed") == 1


def test_a_link_that_leads_nowhere_looks_like_one_that_does(mihon: Town) -> None:
    client = Client()
    path = f"/{mihon.ref.code}/procedures/resume/{'x' * 43}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"code": "ABCDEFGH"}).status_code == 422


def test_codes_are_not_tried_without_end(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    link, code = kept(one)
    answers = []
    for number in range(12):
        fresh = Client(headers={"X-Forwarded-For": f"192.0.2.{number}"})
        answers.append(fresh.post(link, {"code": "AAAAAAAA"}).status_code)
    assert 429 in answers, "new sessions and forged addresses reset nothing"
    assert Client().post(link, {"code": code}).status_code == 429


def test_the_mail_brings_the_link_and_never_the_code(mihon: Town, settings) -> None:
    settings.MAIL_URL, settings.MAIL_FROM = "file:///nowhere", "yakuba@example.jp"
    settings.PORTAL_URL = "https://example.jp"
    one = Applicant(mihon)
    one.begin(offered(mihon))
    page = one.client.post(one.url("keep/"), {"mail": "tehon@example.jp"}).content.decode()
    code = re.search(r"<strong>([A-Z]{4}-[A-Z]{4})</strong>", page)
    assert code
    sent = Delivery.unscoped.get(purpose="draft")
    assert "/resume/" in sent.body
    assert code[1] not in sent.body
    assert "手本" not in sent.body


def test_a_new_link_makes_the_former_one_worthless(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    link, code = kept(one)
    kept(one)
    assert Client().post(link, {"code": code}).status_code == 422


def test_giving_up_erases_at_once(mihon: Town) -> None:
    one = Applicant(mihon)
    subject = offered(mihon)
    one.begin(subject)
    one.page("applicant")
    one.page("papers", {"q.photo": picture()}, press="attach")
    assert one.client.get(one.url("discard/")).status_code == 200
    assert one.client.post(one.url("discard/")).status_code == 303
    assert one.row().answers == {}
    assert not Upload.unscoped.exists()
    assert not StoredFile.unscoped.exists()
    assert one.client.get(one.url()).status_code == 404


def test_what_expired_is_swept_with_its_files(mihon: Town) -> None:
    one, kept_one = Applicant(mihon), Applicant(mihon)
    subject = offered(mihon)
    one.begin(subject)
    one.page("papers", {"q.photo": picture()}, press="attach")
    kept_one.begin(subject)
    kept(kept_one)
    with clock.frozen(clock.now() + dt.timedelta(days=2)):
        assert sweep(mihon.ctx("cli")) == 1
        assert not Upload.unscoped.exists()
        assert list(Filling.unscoped.values_list("pk", flat=True)) == [kept_one.filling]
    with clock.frozen(clock.now() + dt.timedelta(days=15)):
        assert sweep(mihon.ctx("cli")) == 1
    assert not Filling.unscoped.exists()


def test_who_signed_in_again_finds_what_was_begun(mihon: Town) -> None:
    citizen = uuid7()
    one = Applicant(mihon)
    mihon.enter(one.client, level="account", citizen=citizen)
    one.begin(offered(mihon))
    one.page("applicant")
    later = Client()
    answer = later.get(one.url("pages/applicant/"))
    assert answer.status_code == 404
    assert "サインインして続ける" in text_of(answer)
    mihon.enter(later, "other", level="account", citizen=citizen)
    assert "手本" in later.get(one.url("pages/applicant/")).content.decode()


def test_a_closed_account_leaves_nothing_half_written(mihon: Town) -> None:
    citizen = uuid7()
    one = Applicant(mihon)
    mihon.enter(one.client, level="account", citizen=citizen)
    one.begin(offered(mihon))
    EarlierAnswer.unscoped.create(
        municipality_id=mihon.ref.id,
        citizen=citizen,
        fact="applicant.birth",
        value="1958-04-01",
        receipt="",
        at=clock.now(),
    )
    forget_citizen(mihon.ctx("cli"), citizen)
    assert not Filling.unscoped.exists()
    assert not EarlierAnswer.unscoped.exists()
