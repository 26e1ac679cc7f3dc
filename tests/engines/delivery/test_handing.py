"""From the order to the server's answer: what becomes of a delivery, and what leaks nowhere."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
from email import message_from_bytes

import pytest
from django.db import transaction

from tests.engines.delivery.mailserver import MailServer
from tests.engines.delivery.specimens import delivery as specimen
from tests.engines.protection.specimens import protected
from tests.world import Town
from yakuba.engines.delivery import actions, store
from yakuba.engines.delivery.actions import Because
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.delivery.purposes import PURPOSES
from yakuba.engines.delivery.store import Message
from yakuba.engines.protection import store as protection
from yakuba.engines.protection.actions import Release, release
from yakuba.engines.protection.models import Hold
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Denied, NoData, Problem, SubjectRef
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.outbox.worker import Worker
from yakuba.kernel.trail.models import TrailEntry, TrailPayload

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = Message("result", "hanako@example.jp", "結果のお知らせ", "見本花子 様\n\n結果が出ました。\n")


def send(town: Town, **facts: object) -> Delivery:
    with transaction.atomic():
        return store.send(town.ctx("cli"), dataclasses.replace(MESSAGE, **facts))  # type: ignore[arg-type]  # a test's facts


def work() -> None:
    """What is due, and what would be due later."""
    OutboxMessage.unscoped.filter(state="retry").update(not_before=clock.now())
    worker = Worker()
    while worker.take():
        pass


def after(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_it_is_sent_once(mihon: Town, server: MailServer) -> None:
    delivery = send(mihon)
    assert (delivery.state, delivery.ordered) == ("queued", 1)
    assert server.mails == [], "nothing leaves before the worker has its turn"
    work()
    work()
    assert after(delivery).state == "sent"
    assert delivery.sent_at is not None
    ((_sender, _recipient, raw),) = server.mails
    assert (
        message_from_bytes(raw)["Message-ID"]
        == delivery.message_id
        == f"<{delivery.pk.hex}@mihon.example.jp>"
    )


def test_an_action_that_fails_sends_nothing(mihon: Town, server: MailServer) -> None:
    with transaction.atomic():
        store.send(mihon.ctx("cli"), MESSAGE)
        transaction.set_rollback(True)
    with pytest.raises(RuntimeError):
        store.send(mihon.ctx("cli"), MESSAGE)  # outside of a transaction
    work()
    assert server.mails == []


def test_for_now_is_tried_again_and_for_good_is_not(mihon: Town, server: MailServer) -> None:
    delivery = send(mihon)
    server.answers["RCPT"] = "451 hanako@example.jp is busy"
    work()
    assert (after(delivery).state, delivery.attempts) == ("queued", 1)
    assert "hanako@example.jp is busy" in delivery.error
    server.answers["RCPT"] = "550 hanako@example.jp is nobody"
    work()
    assert (after(delivery).state, delivery.attempts) == ("failed", 2)
    assert "550" in delivery.error
    del server.answers["RCPT"]
    work()
    assert server.mails == []
    actions.send_again(mihon.ctx("records_keeper"), delivery, NoData())
    work()
    assert (after(delivery).state, delivery.error, len(server.mails)) == ("sent", "", 1)


def test_for_now_ends_some_day(mihon: Town, server: MailServer) -> None:
    delivery = send(mihon)
    server.answers["MAIL"] = "450 later"
    for _ in range(store.MAX_ATTEMPTS):
        work()
    assert (after(delivery).state, delivery.attempts) == ("failed", store.MAX_ATTEMPTS)
    assert OutboxMessage.unscoped.get().state == "done"


def test_a_doubt_waits_for_a_person(mihon: Town, server: MailServer) -> None:
    delivery = send(mihon)
    server.answers["."] = "drop after taking"
    work()
    work()
    assert (after(delivery).state, len(server.mails)) == ("unconfirmed", 1)
    keeper = mihon.ctx("records_keeper")
    for act in (
        lambda: actions.send_again(keeper, delivery, NoData()),
        lambda: actions.confirm(keeper, delivery, Because("電話")),
        lambda: actions.close(keeper, delivery, Because("電話")),
    ):
        with pytest.raises(Denied, match="途中"):  # the worker may still be at it
            act()
    Delivery.unscoped.update(begun_at=clock.now() - dt.timedelta(minutes=10))
    server.answers.clear()
    actions.send_again(keeper, delivery, NoData())
    work()
    first, second = (message_from_bytes(raw)["Message-ID"] for _sender, _recipient, raw in server.mails)
    assert first == second, "the receiver's own server drops the second copy"
    assert after(delivery).state == "sent"


def test_a_person_settles_a_doubt(mihon: Town) -> None:
    keeper = mihon.ctx("records_keeper")
    one, two = specimen(mihon), specimen(mihon, state="failed")
    actions.confirm(keeper, one, Because("電話で確かめた"))
    actions.close(keeper, two, Because("郵送した"))
    assert (after(one).state, after(two).state) == ("sent", "cancelled")
    with pytest.raises(Denied):
        actions.close(keeper, one, Because("もう一度"))
    with pytest.raises(Denied):
        actions.confirm(keeper, two, Because("もう一度"))
    reasons = TrailEntry.unscoped.filter(kind="done").values_list("reason", flat=True)
    assert set(reasons) == {"電話で確かめた", "郵送した"}


def test_nothing_leaves_unless_somebody_set_it_up(mihon: Town, settings, server: MailServer) -> None:
    url, settings.MAIL_URL = settings.MAIL_URL, ""
    delivery = send(mihon)
    assert (delivery.state, OutboxMessage.unscoped.count()) == ("unconfigured", 0)
    settings.MAIL_URL = url
    work()
    assert server.mails == [], "what was not sent then is sent by a person, or not at all"
    actions.send_again(mihon.ctx("municipality_admin"), delivery, NoData())
    settings.MAIL_URL = ""
    work()
    assert after(delivery).state == "unconfigured", "taken out of the settings before the worker came"
    settings.MAIL_URL = url
    actions.send_again(mihon.ctx("municipality_admin"), delivery, NoData())
    work()
    assert (after(delivery).state, len(server.mails)) == ("sent", 1)


def test_nothing_personal_gets_out_of_the_row(
    mihon: Town, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers["RCPT"] = "451 <hanako@example.jp>: 見本花子 is on holiday"
    delivery = send(mihon)
    work()
    server.answers["RCPT"] = "550 <hanako@example.jp>: gone"
    work()
    actions.send_again(mihon.ctx("records_keeper"), after(delivery), NoData())
    server.answers = {".": "drop"}
    work()
    rows = json.dumps(
        list(OutboxMessage.unscoped.values("payload", "last_error", "idempotency_key")), default=str
    )
    trail = "".join(TrailPayload.unscoped.values_list("text", flat=True)) + "".join(
        TrailEntry.unscoped.values_list("subject_label", flat=True)
    )
    labels = str(delivery)
    for text in (caplog.text, rows, labels):
        assert "hanako" not in text
        assert "花子" not in text
    assert "花子" not in json.dumps(trail, ensure_ascii=False)
    assert "結果が出ました" not in trail


# --- what may be sent at all ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject", ["", "  ", "a\nBcc: x@example.jp", "a\rb", "a\x00b", "a\u2028b", "あ" * 201]
)
def test_a_subject_is_one_line(mihon: Town, subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        send(mihon, subject=subject)


@pytest.mark.parametrize("body", ["\x00", "a\x0bb", "x" * 20_001])
def test_a_body_is_text(mihon: Town, body: str) -> None:
    with pytest.raises(ValueError, match="body"):
        send(mihon, body=body)


def test_an_address_that_is_none_is_a_matter_of_its_field(mihon: Town) -> None:
    with pytest.raises(Problem) as refused:
        send(mihon, address="hanako@example.jp\r\nBcc: x@example.jp")
    assert (refused.value.field, Delivery.unscoped.count()) == ("address", 0)


def test_unknown_purposes_and_channels(mihon: Town) -> None:
    for wrong in ({"purpose": "spam"}, {"channel": "pigeon"}):
        with pytest.raises(LookupError):
            send(mihon, **wrong)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_portal_only_answers(mihon: Town, purpose: str) -> None:
    if PURPOSES[purpose].passes:
        assert send(mihon, purpose=purpose, zone="portal").zone == "portal"
        return
    with pytest.raises(ValueError, match="portal"):
        send(mihon, purpose=purpose, zone="portal")


def test_each_zone_sends_its_own(mihon: Town, server: MailServer) -> None:
    send(mihon, purpose="code", zone="portal")
    send(mihon)
    worker = Worker(("portal",))
    while worker.take():
        pass
    assert dict(Delivery.unscoped.values_list("zone", "state")) == {"portal": "sent", "desk": "queued"}


def test_a_code_goes_before_all_else(mihon: Town, server: MailServer) -> None:
    send(mihon)
    send(mihon, purpose="code", zone="portal", address="taro@example.jp")
    work()
    assert [recipient for _sender, recipient, _raw in server.mails] == [
        "rcpt TO:<taro@example.jp>",
        "rcpt TO:<hanako@example.jp>",
    ]


def test_a_code_is_not_sent_again(mihon: Town) -> None:
    with pytest.raises(Denied, match="役に立ちません"):
        actions.send_again(
            mihon.ctx("records_keeper"), specimen(mihon, state="failed", purpose="code"), NoData()
        )


# --- 支援措置 ----------------------------------------------------------------------------------------------------------


def held(town: Town) -> tuple[SubjectRef, Hold]:
    protected(town)
    subject = SubjectRef("office", uuid7())
    with transaction.atomic():
        protection.look(town.ctx("cli").begin(), subject, [Party("見本花子", birth=dt.date(1980, 5, 5))])
    return subject, Hold.unscoped.get(subject_id=subject.id)


def test_what_is_held_is_not_sent_and_own_acts_are_answered(mihon: Town, server: MailServer) -> None:
    subject, _hold = held(mihon)
    stopped, answered = send(mihon, about=subject), send(mihon, purpose="acknowledgement", about=subject)
    assert (stopped.state, answered.state) == ("held", "queued")
    work()
    assert (after(stopped).state, after(answered).state, len(server.mails)) == ("held", "sent", 1)
    actions.send_again(mihon.ctx("records_keeper"), stopped, NoData())
    assert after(stopped).state == "held", "sending again does not get round it"


def test_a_hold_that_comes_before_the_worker_stops_it_too(mihon: Town, server: MailServer) -> None:
    protected(mihon)
    subject = SubjectRef("office", uuid7())
    delivery = send(mihon, about=subject)
    with transaction.atomic():
        protection.look(mihon.ctx("cli").begin(), subject, [Party("見本花子", birth=dt.date(1980, 5, 5))])
    work()
    assert (after(delivery).state, server.mails) == ("held", [])


@pytest.mark.parametrize("resume", [True, False])
def test_a_release_goes_on_only_when_the_keeper_says_so(
    mihon: Town, server: MailServer, resume: bool
) -> None:
    subject, hold = held(mihon)
    delivery = send(mihon, about=subject)
    release(mihon.ctx("protection_keeper"), hold, Release("確かめた", resume=resume))
    work()
    assert (after(delivery).state, len(server.mails)) == (("sent", 1) if resume else ("held", 0))
    if not resume:
        actions.send_again(mihon.ctx("records_keeper"), delivery, NoData())
        work()
        assert after(delivery).state == "sent"


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_what_was_said_is_erased_after_90_days(mihon: Town, karina: Town) -> None:
    now = clock.now()
    old, young = now - dt.timedelta(days=91), now - dt.timedelta(days=89)
    desk = specimen(mihon, created_at=old, error="550 hanako@example.jp")
    portal = specimen(mihon, created_at=old, zone="portal", purpose="code", state="sent", sent_at=old)
    kept = [
        specimen(mihon, created_at=young),
        specimen(mihon, created_at=old, state="queued"),
        specimen(karina, created_at=old),
    ]
    assert store.erase(mihon.ref.id, "desk") == 1
    assert store.erase(mihon.ref.id, "portal") == 1
    assert store.erase(mihon.ref.id, "desk") == 0
    assert [(after(one).body, one.subject_line, one.error, one.address) for one in (desk, portal)] == [
        ("", "", "", "hanako@example.jp"),
        ("", "", "", ""),
    ]
    assert all(after(one).body for one in kept)
    with pytest.raises(Problem) as refused:
        actions.send_again(mihon.ctx("records_keeper"), desk, NoData())
    assert refused.value.code == "erased"
