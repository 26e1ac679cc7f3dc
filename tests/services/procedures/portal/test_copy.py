"""What was sent can be read again: the desk gives it back for a day, to whoever may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.services.procedures.offers import submission
from tests.services.procedures.portal.sheets import Applicant, offered, picture, text_of
from tests.services.procedures.portal.test_withheld import held
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.actions.receiving import receive, take_reply
from yakuba.services.procedures.actions.releasing import settle_notices
from yakuba.services.procedures.actions.sweeping import sweep
from yakuba.services.procedures.models import Release, Reply, Submission

pytestmark = pytest.mark.django_db


def answered(town: Town) -> None:
    """The desk hears what was asked."""
    for reply in Reply.unscoped.filter(handed_over_at__isnull=True):
        take_reply(town.ctx("cli"), reply, NoData())


def test_it_is_asked_for_shown_for_a_day_and_gone(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    for key in ("applicant", "dogs"):
        one.page(key)
    one.page("papers", {"q.photo": picture()})
    one.page("papers")
    one.reach()
    one.send()
    made = Submission.unscoped.get()
    receive(mihon.ctx("cli"), made, NoData())
    home = f"{one.base}applications/{made.pk}/"
    page = f"{home}copy/"
    assert page in one.client.get(home).content.decode()
    before = text_of(one.client.get(page))
    assert "手本" not in before
    assert "取り寄せる" in before
    for _n in range(2):
        assert one.client.post(page)["Location"] == page
    assert Reply.unscoped.count() == 1, "asked once"
    assert "取り寄せています" in text_of(one.client.get(page))
    answered(mihon)
    shown = text_of(one.client.get(page))
    for told in ("氏名", "手本", "昭和33年4月1日", "ぽち", "pochi.png"):
        assert told in shown
    assert one.client.post(page).status_code == 303
    assert Reply.unscoped.count() == 1, "it lies here already"
    timeline = text_of(one.client.get(home))
    assert "手本" not in timeline
    assert "写し" not in timeline
    assert Client().get(page).status_code == 404
    with clock.frozen(clock.now() + dt.timedelta(days=1, minutes=1)):
        assert "手本" not in text_of(one.client.get(page))
        sweep(mihon.ctx("cli"))
    assert not Release.unscoped.filter(kind="copy").exists()


def test_answers_of_somebody_signed_in_are_not_opened_by_two_numbers(mihon: Town, client: Client) -> None:
    somebody = uuid7()
    visit = mihon.enter(client)
    made = submission(mihon, visit=visit.pk, citizen=somebody)
    Submission.unscoped.filter(pk=made.pk).update(level="account")
    home = f"/990019/procedures/applications/{made.pk}/"
    assert client.get(home).status_code == 200
    assert "copy/" not in client.get(home).content.decode()
    assert client.get(f"{home}copy/").status_code == client.post(f"{home}copy/").status_code == 404
    assert not Reply.unscoped.exists()
    mihon.visit("own", level="account", citizen=somebody)
    assert "copy/" in client.get(home).content.decode()
    assert client.get(f"{home}copy/").status_code == 200


def test_nothing_is_given_back_while_a_hold_stands(mihon: Town, client: Client) -> None:
    visit = mihon.enter(client)
    made = submission(mihon, visit=visit.pk)
    receive(mihon.ctx("cli"), made, NoData())
    page = f"/990019/procedures/applications/{made.pk}/copy/"
    client.post(page)
    answered(mihon)
    assert "手本" in text_of(client.get(page))
    case = Case.unscoped.get(receipt=made.receipt)
    held(mihon, case)
    settle_notices(mihon.ctx("cli"), case.pk)
    assert "手本" not in text_of(client.get(page)), "what lay here goes"
    client.post(page)
    answered(mihon)
    said = text_of(client.get(page))
    assert "窓口へお問い合わせください" in said
    assert "手本" not in said
    assert "支援" not in said
