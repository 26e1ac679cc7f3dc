"""Sent twice is one application; what cannot be taken says why; nobody reaches what is another's."""

from __future__ import annotations

import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.procedures.portal.sheets import (
    PAGES,
    Applicant,
    offer_of,
    offered,
    picture,
    text_of,
    work_off,
)
from tests.world import Town, make_town
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.publishing.models import Publication
from yakuba.engines.publishing.store import withdraw as take_back
from yakuba.engines.visitors import throttle
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.actions import Denied, Missing
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures import trial
from yakuba.services.procedures.actions.sending import AlreadySent, Send, send
from yakuba.services.procedures.models import Filling, Offer, Submission, Upload

pytestmark = pytest.mark.django_db


def test_pressed_twice_is_one_application(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    first, second, third = one.send(), one.send(), one.send()
    assert first["Location"] == second["Location"] == third["Location"]
    assert Submission.unscoped.count() == 1
    for rest in ("", "check/", "pages/dogs/", "reach/"):
        assert one.client.get(one.url(rest))["Location"] == first["Location"], (
            "the way back leads to the acknowledgement"
        )
    assert one.page("dogs")["Location"] == first["Location"]


def test_another_tab_sends_the_same_form_once(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    tab = Client()
    tab.cookies = one.client.cookies
    assert tab.post(one.url("check/")).status_code == 303
    assert one.send().status_code == 303
    assert Submission.unscoped.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sent_at_the_same_moment_from_several_places_is_one_application() -> None:
    town = make_town("990019", "みほん市")
    subject = offered(town)
    offer = offer_of(subject)
    offer.places = 5
    offer.save()
    one = Applicant(town)
    one.fill_in(subject)
    together = Barrier(4)

    def press() -> tuple[int, str]:
        client = Client()
        client.cookies = one.client.cookies
        together.wait()
        try:
            answer = client.post(one.url("check/"))
            return answer.status_code, answer["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(press) for _ in range(4)]]
    assert {status for status, _to in answers} == {303}
    assert len({to for _status, to in answers}) == 1
    assert Submission.unscoped.count() == 1
    offer.refresh_from_db()
    assert offer.taken == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once() -> None:
    town = make_town("990019", "みほん市")
    subject = offered(town)
    offer = offer_of(subject)
    offer.places = 2
    offer.save()
    people = [Applicant(town) for _ in range(5)]
    for person in people:
        person.fill_in(subject)
    together = Barrier(len(people))

    def press(person: Applicant) -> int:
        together.wait()
        try:
            return int(person.send().status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        answers = sorted(future.result() for future in [pool.submit(press, one) for one in people])
    assert answers == [303, 303, 422, 422, 422]
    offer.refresh_from_db()
    assert offer.taken == Submission.unscoped.count() == 2


def test_the_action_itself_refuses_what_is_sent_gone_or_anothers(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    own = dataclasses.replace(mihon.ctx("visitor"))
    mihon.visit("own")
    with pytest.raises(Denied):
        send(own, None, Send(str(one.filling)))
    with pytest.raises(Missing):
        send(own, None, Send(str(uuid7())))
    Filling.unscoped.filter(pk=one.filling).update(visit=mihon.visits["own"])
    made = send(own, None, Send(str(one.filling)))
    with pytest.raises(AlreadySent) as known:
        send(own, None, Send(str(one.filling)))
    assert known.value.submission == made.pk


def test_so_many_applications_a_day_send_mail_to_an_address_that_nobody_confirmed(mihon: Town) -> None:
    """Whoever types a stranger's address does not fill their mailbox; the applications arrive all the same."""
    subject = offered(mihon)
    mail, now = "dareka@example.jp", dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
    with clock.frozen(now):
        for _n in range(20):
            assert throttle.allows(mihon.ctx("visitor"), "notices", mail)
        one = Applicant(mihon)
        one.fill_in(subject)
        told = one.reach("Dareka@example.jp")
        assert (told.status_code, one.row().mail) == (422, "")
        assert "今日はもう増やせません" in text_of(told)
        page = text_of(one.client.get(one.send()["Location"]))
        assert "メールは送りません" in page
        assert "2つの番号を必ず書き留めてください" in page
        work_off()
        assert (Submission.unscoped.get().mail, Delivery.unscoped.count()) == ("", 0)
        own = Applicant(mihon)
        own.fill_in(subject)
        Visit.unscoped.filter(pk=own.row().visit).update(mail=mail)
        assert own.reach(mail).status_code == 303
        assert mail in text_of(own.client.get(own.send()["Location"])), "a confirmed one is their own"
        work_off()
        assert Delivery.unscoped.get().address == mail
    with clock.frozen(now + dt.timedelta(days=1)):
        later = Applicant(mihon)
        later.fill_in(subject, mail)
        later.send()
        work_off()
    assert Delivery.unscoped.count() == 2


def test_times_are_those_of_the_server_with_a_little_grace(mihon: Town) -> None:
    subject = offered(mihon)
    now = clock.now()
    Offer.unscoped.filter(procedure=subject.pk).update(closes_at=now + dt.timedelta(minutes=30))
    one, late = Applicant(mihon), Applicant(mihon)
    one.fill_in(subject)
    late.fill_in(subject)
    assert "受付は" in text_of(one.client.get(one.url("check/")))
    with clock.frozen(now + dt.timedelta(minutes=33)):
        assert one.send().status_code == 303
        assert "いまはオンラインで申し込めません" in text_of(late.client.get(f"{late.base}{subject.pk}/"))
        assert Applicant(mihon).begin(subject).status_code == 422
    with clock.frozen(now + dt.timedelta(minutes=36)):
        refused = late.send()
    assert refused.status_code == 422
    assert "終わりました" in text_of(refused)
    assert late.row().answers


def test_before_it_opens_and_while_it_is_paused_nothing_begins(mihon: Town) -> None:
    subject = offered(mihon)
    Offer.unscoped.filter(procedure=subject.pk).update(opens_at=clock.now() + dt.timedelta(days=1))
    assert Applicant(mihon).begin(subject).status_code == 422
    Offer.unscoped.filter(procedure=subject.pk).update(
        opens_at=None, open=False, note="台風のため止めています。"
    )
    page = text_of(Client().get(f"/{mihon.ref.code}/procedures/{subject.pk}/"))
    assert "台風のため止めています。" in page
    assert "手続をはじめる" not in page


def test_a_form_keeps_its_version_until_the_office_takes_it_back(mihon: Town) -> None:
    subject = offered(mihon)
    one, other = Applicant(mihon), Applicant(mihon)
    one.fill_in(subject)
    other.fill_in(subject)
    offer = offer_of(subject)
    old = offer.publication
    newer = Publication.unscoped.create(
        municipality_id=mihon.ref.id,
        kind="procedure",
        subject=subject.pk,
        number=2,
        year=old.year,
        title=old.title,
        stamp="b" * 64,
        published_at=clock.now(),
        published_by="例示",
        note="",
        withdrawn=False,
        head=old.head,
    )
    Offer.unscoped.filter(pk=offer.pk).update(publication=newer)
    assert one.send().status_code == 303
    assert Submission.unscoped.get().publication_id == old.pk
    take_back(mihon.ctx("cli").begin(), newer, "様式の誤り")
    refused = other.send()
    assert refused.status_code == 422
    assert "取り下げられました" in text_of(refused)


def test_who_one_has_to_be_is_asked_before_and_at_the_sending(mihon: Town) -> None:
    subject = offered(mihon, identity="mail")
    one = Applicant(mihon)
    assert one.begin(subject).status_code == 200
    assert "メールの確認" in text_of(one.client.get(f"{one.base}{subject.pk}/start/"))
    mihon.enter(one.client, level="mail")
    one.fill_in(subject)
    mihon.visit("own", level="none")
    assert "本人の確認に進む" in text_of(one.client.get(one.url("check/")))
    assert one.send().status_code == 422
    mihon.visit("own", level="mail")
    assert one.send().status_code == 303
    assert Submission.unscoped.get().level == "mail"


def test_a_signature_is_said_to_be_impossible_here(mihon: Town) -> None:
    subject = offered(mihon, identity="signature", not_online={"ja": "窓口へお越しください。"})
    page = text_of(Client().get(f"/{mihon.ref.code}/procedures/{subject.pk}/"))
    assert "電子署名が必要" in page
    assert "窓口へお越しください。" in page
    assert Applicant(mihon).begin(subject).status_code != 303


def test_a_test_link_makes_marked_submissions_that_are_not_counted(mihon: Town) -> None:
    subject = offered(mihon)
    offer = offer_of(subject)
    tried = Publication.unscoped.create(
        municipality_id=mihon.ref.id,
        kind="procedure_trial",
        subject=subject.pk,
        number=1,
        year=offer.publication.year,
        title="見本の申請",
        stamp="c" * 64,
        published_at=clock.now(),
        published_by="例示",
        note="",
        withdrawn=False,
        head=offer.publication.head,
    )
    Offer.unscoped.filter(pk=offer.pk).update(listed=False, open=False, places=1)
    client = Client()
    assert client.get(f"/{mihon.ref.code}/procedures/{subject.pk}/").status_code == 404
    assert str(subject.pk) not in client.get(f"/{mihon.ref.code}/procedures/").content.decode()
    word = trial.token(tried)
    page = client.get(f"/{mihon.ref.code}/procedures/{subject.pk}/?test={word}")
    assert "これは試行です" in text_of(page)
    assert client.get(f"/{mihon.ref.code}/procedures/{subject.pk}/?test={word}x").status_code == 400
    one = Applicant(mihon)
    one.begin(subject, test=word)
    for key in PAGES:
        one.page(key)
    one.reach()
    assert one.send().status_code == 303
    made = Submission.unscoped.get()
    assert made.test
    offer.refresh_from_db()
    assert offer.taken == 0


def test_nothing_of_anothers_opens(mihon: Town, karina: Town) -> None:
    subject = offered(mihon)
    one = Applicant(mihon)
    one.fill_in(subject)
    one.page("papers", {"q.photo": picture()}, press="attach")
    upload = Upload.unscoped.get()
    other = Applicant(mihon)
    other.begin(subject)
    elsewhere = f"/{karina.ref.code}/procedures/applying/{one.filling}/"
    paths = ["", "pages/dogs/", "reach/", "check/", "keep/", "discard/", f"files/{upload.pk}/"]
    for rest in paths:
        for client in (other.client, Client()):
            assert client.get(one.url(rest)).status_code == 404, rest
            assert client.post(one.url(rest), {"next": "1"}).status_code in {404, 405}, rest
        assert one.client.get(elsewhere + rest).status_code == 404
    assert one.send().status_code == 303
    made = Submission.unscoped.get()
    base = f"{one.base}applications/{made.pk}/"
    for rest in ("", "receipt/", "withdraw/", "message/"):
        assert one.client.get(base + rest).status_code in {200, 303}
        for client in (other.client, Client()):
            assert client.get(base + rest).status_code == 404, rest
            assert client.post(base + rest, {"text": "x", "sure": "1"}).status_code == 404, rest


def test_forms_without_their_token_are_refused(mihon: Town) -> None:
    strict = Client(enforce_csrf_checks=True)
    subject = offered(mihon)
    path = f"/{mihon.ref.code}/procedures/{subject.pk}/start/"
    assert strict.post(path).status_code == 403
    token = strict.get(path).cookies["yakuba_csrf"].value
    assert strict.post(path, {"csrfmiddlewaretoken": token}).status_code == 303


def test_a_sending_asks_little_of_the_database(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    one.client.get(one.url("check/"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert one.send().status_code == 303
    told = [query["sql"][:60] for query in asked.captured_queries]
    assert len(told) <= 24, told
