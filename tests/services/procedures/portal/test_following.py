"""After the sending: state, messages, corrections, withdrawal, notices."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.procedures.portal.sheets import Applicant, offered, picture, text_of, work_off
from tests.world import Town
from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.services.procedures.citizens import numbers
from yakuba.services.procedures.models import Filling, Happening, Release, Reply, Submission, Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(mihon: Town) -> tuple[Applicant, Submission]:
    one = Applicant(mihon)
    one.fill_in(offered(mihon), "tehon@example.jp")
    one.send()
    return one, Submission.unscoped.get()


def home(one: Applicant, made: Submission, rest: str = "") -> str:
    return f"{one.base}applications/{made.pk}/{rest}"


def asked(made: Submission, *keys: str, **columns: object) -> Release:
    answers = made.body["answers"]
    return Release.unscoped.create(
        municipality_id=made.municipality_id,
        submission=made,
        kind="correction",
        title="補正のお願い",
        text="生年月日を確かめてください。",
        body={"questions": list(keys), "answers": {key: answers[key] for key in keys if key in answers}},
        at=clock.now(),
        **columns,
    )


def test_number_and_secret_open_it_anywhere(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    other = Client()
    path = f"{one.base}status/"
    number, secret = numbers.grouped(made.receipt), numbers.grouped(numbers.secret_of(made.pk))
    assert other.post(path, {"receipt": number, "secret": "AAAA-AAAA-AAAA"}).status_code == 422
    opened = other.post(path, {"receipt": number.lower(), "secret": secret})
    assert opened["Location"] == home(one, made)
    page = text_of(other.get(home(one, made)))
    assert "受け付けました" in page
    assert numbers.grouped(numbers.secret_of(made.pk)) not in page
    assert "手本" not in page


def test_a_slip_of_the_finger_is_told_from_a_wrong_pair(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    path = f"{one.base}status/"
    slip = made.receipt[:-1] + ("2" if made.receipt[-1] != "2" else "3")
    assert "書き写し間違い" in text_of(Client().post(path, {"receipt": slip, "secret": "x"}))
    nobody = numbers.new_receipt()
    known = text_of(Client().post(path, {"receipt": made.receipt, "secret": "A" * 12}))
    unknown = text_of(Client().post(path, {"receipt": nobody, "secret": "A" * 12}))
    assert "組み合わせが違います" in known
    assert "組み合わせが違います" in unknown


def test_a_number_is_not_tried_without_end(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    path = f"{one.base}status/"
    answers = [
        Client(headers={"X-Forwarded-For": f"192.0.2.{at}"})
        .post(path, {"receipt": made.receipt, "secret": "A" * 12})
        .status_code
        for at in range(22)
    ]
    assert answers[-1] == 429


def test_a_correction_asks_only_what_is_asked_and_goes_once(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    release = asked(made, "birth", "photo")
    page = one.client.get(home(one, made))
    assert "直していただくことがあります" in text_of(page)
    start = home(one, made, f"releases/{release.pk}/correct/")
    assert "生年月日を確かめてください。" in text_of(one.client.get(start))
    assert not Filling.unscoped.exists(), "looking begins nothing"
    begun = one.client.post(start)
    assert begun.status_code == 303
    assert one.client.post(start)["Location"] == begun["Location"]
    one.filling = Filling.unscoped.get().pk
    form = one.client.get(one.url("pages/correction/")).content.decode()
    assert 'name="q.birth"' in form
    assert "1958" in form or "昭和33" in form
    assert "q.name.family" not in form
    assert one.page("correction", {"q.birth": "そのうち", "q.photo": picture()}).status_code == 422
    done = one.page("correction", {"q.birth": "昭和34年4月2日"})
    assert done["Location"] == one.url("check/")
    assert "補正を送る" in text_of(one.client.get(one.url("check/")))
    first = one.client.post(one.url("check/"), {"correction": "1"})
    assert first["Location"] == home(one, made)
    assert one.client.post(one.url("check/"), {"correction": "1"})["Location"] == home(one, made)
    assert one.client.post(one.url("check/"))["Location"] == home(one, made), (
        "whatever the form says of itself"
    )
    for rest in ("", "check/", "pages/correction/"):
        assert one.client.get(one.url(rest))["Location"] == home(one, made), "the answer was lost: it arrived"
    assert Client().post(one.url("check/"), {"correction": "1"}).status_code == 404, "nobody else hears of it"
    reply = Reply.unscoped.get()
    upload = Upload.unscoped.get()
    assert upload.submission_id == made.pk
    assert reply.body == {"answers": {"birth": "1959-04-02", "photo": [str(upload.pk)]}, "text": ""}
    assert OutboxMessage.unscoped.filter(topic="procedures.replied").count() == 1
    release.refresh_from_db()
    assert release.answered_at is not None
    assert "補正は届いています" in text_of(one.client.get(start))


def test_a_correction_that_the_office_closed_is_not_taken(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    release = asked(made, "birth")
    one.client.post(home(one, made, f"releases/{release.pk}/correct/"))
    one.filling = Filling.unscoped.get().pk
    one.page("correction", {"q.birth": "昭和34年4月2日"})
    Release.unscoped.filter(pk=release.pk).update(closed_at=clock.now())
    refused = one.client.post(one.url("check/"), {"correction": "1"})
    assert refused.status_code == 422
    assert "終わっています" in text_of(refused)
    assert not Reply.unscoped.exists()


def test_words_to_the_office(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    path = home(one, made, "message/")
    empty = one.client.post(path, {"text": " ", "idempotency_key": "a"})
    assert empty.status_code == 422
    said = {"text": "いつごろになりますか。", "idempotency_key": "b"}
    assert one.client.post(path, said).status_code == 303
    assert one.client.post(path, said).status_code == 303
    reply = Reply.unscoped.get()
    assert (reply.kind, reply.body) == ("message", {"text": "いつごろになりますか。"})
    assert "担当課に連絡しました" in text_of(one.client.get(home(one, made)))


@pytest.mark.parametrize(
    ("state", "writes", "withdraws"),
    [
        ("received", True, True),
        ("examining", True, True),
        ("notified", True, False),
        ("completed", False, False),
        ("withdrawn", False, False),
    ],
)
def test_the_page_offers_what_is_taken(
    sent: tuple[Applicant, Submission], state: str, writes: bool, withdraws: bool
) -> None:
    one, made = sent
    Submission.unscoped.filter(pk=made.pk).update(state=state)
    page = one.client.get(home(one, made)).content.decode()
    assert ('name="text"' in page, home(one, made, "withdraw/") in page) == (writes, withdraws)
    written = one.client.post(home(one, made, "message/"), {"text": "一つおたずねします。"})
    assert (written.status_code, Reply.unscoped.filter(kind="message").count()) == (
        (303, 1) if writes else (422, 0)
    )
    if not writes:
        assert "担当課に直接" in text_of(written)
        assert "一つおたずねします。" in text_of(written), "what was typed is not lost"
    taken = one.client.post(home(one, made, "withdraw/"), {"text": "", "sure": "1"})
    assert (taken.status_code == 303) == withdraws
    assert Reply.unscoped.filter(kind="withdrawal").exists() == withdraws


def test_a_withdrawal_is_asked_once_more_and_told_by_mail(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    path = home(one, made, "withdraw/")
    assert one.client.post(path, {"text": ""}).status_code == 422
    assert one.client.post(path, {"text": "不要になった", "sure": "1"}).status_code == 303
    assert Reply.unscoped.get().kind == "withdrawal"
    assert Delivery.unscoped.filter(purpose="withdrawal").count() == 1
    page = text_of(one.client.get(home(one, made)))
    assert "取下げを届けました" in page
    Submission.unscoped.filter(pk=made.pk).update(state="completed")
    ended = one.client.post(path, {"text": "", "sure": "1"})
    assert "この手続は終わっています" in text_of(ended)


def notice(made: Submission, ctx: Context) -> Release:
    stored = files.keep(
        ctx,
        b"%PDF-1.4 notice",
        "通知書.pdf",
        classification=PERSONAL,
        retention_class="notice",
        made_by_us=True,
    )
    return Release.unscoped.create(
        municipality_id=made.municipality_id,
        submission=made,
        kind="notice",
        title="見本の決定通知書",
        file=stored,
        at=clock.now(),
    )


def test_looking_opens_no_notice(sent: tuple[Applicant, Submission], mihon: Town) -> None:
    one, made = sent
    release = notice(made, mihon.ctx("cli").begin())
    page, document = (home(one, made, f"releases/{release.pk}/{rest}/") for rest in ("open", "file"))
    assert "開いて確認する" in text_of(one.client.get(page))
    assert one.client.get(document)["Location"] == page
    release.refresh_from_db()
    assert release.opened_at is None
    assert Client().post(page).status_code == 404
    assert one.client.post(page).status_code == 303
    assert one.client.post(page).status_code == 303
    release.refresh_from_db()
    opened = release.opened_at
    assert opened is not None
    got = one.client.get(document)
    assert b"".join(got.streaming_content) == b"%PDF-1.4 notice"
    assert Client().get(document).status_code == 404
    assert OutboxMessage.unscoped.filter(topic="procedures.opened").count() <= 1
    assert Happening.unscoped.filter(kind="opened").count() == 1


def test_the_acknowledgement_by_mail_holds_no_secret(sent: tuple[Applicant, Submission]) -> None:
    _one, made = sent
    work_off()
    mail = Delivery.unscoped.get(purpose="acknowledgement")
    assert numbers.grouped(made.receipt) in mail.body
    assert numbers.grouped(numbers.secret_of(made.pk)) not in mail.body
    assert "手本" not in mail.body


def test_the_receipt_says_when_it_arrived_to_the_second(sent: tuple[Applicant, Submission]) -> None:
    one, made = sent
    Submission.unscoped.filter(pk=made.pk).update(arrived_at="2026-04-01T04:05:09Z")
    page = text_of(one.client.get(home(one, made, "receipt/")))
    assert "令和8年4月1日 13時05分09秒" in page
