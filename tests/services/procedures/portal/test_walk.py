"""From the catalogue to the acknowledgement, with a browser that knows no JavaScript."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.procedures.portal.sheets import PAGES, Applicant, offer_of, offered, picture, text_of
from tests.world import Town
from yakuba.engines.visitors.models import Visit
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.procedures.citizens import numbers
from yakuba.services.procedures.models import Filling, Happening, Submission, Upload

pytestmark = pytest.mark.django_db


def test_a_procedure_is_found_begun_and_sent(mihon: Town) -> None:
    subject = offered(mihon)
    one = Applicant(mihon)
    listed = one.client.get(one.base)
    assert "見本の申請" in text_of(listed)
    assert "Set-Cookie" not in listed
    assert not listed.cookies
    said = text_of(one.client.get(f"{one.base}{subject.pk}/"))
    order = ["できる人", "必要なもの", "かかるお金", "かかる時間", "手続をはじめる"]
    assert sorted(order, key=said.index) == order
    assert one.begin(subject).status_code == 303
    assert one.client.get(one.url())["Location"].endswith("/pages/applicant/")
    assert "1／5ページ" in text_of(one.client.get(one.url("pages/applicant/")))
    assert one.page("applicant")["Location"].endswith("/pages/dogs/")
    assert one.page("dogs")["Location"].endswith("/pages/papers/")
    assert one.page("papers")["Location"].endswith("/reach/")
    assert one.reach("tehon@example.jp")["Location"].endswith("/check/")
    check = text_of(one.client.get(one.url("check/")))
    for shown in ("手本", "昭和33年4月1日", "ぽち", "郵送", "tehon@example.jp", "提出する"):
        assert shown in check
    sent = one.send()
    assert sent.status_code == 303
    made = Submission.unscoped.get()
    assert sent["Location"].endswith(f"/applications/{made.pk}/receipt/")
    receipt = text_of(one.client.get(sent["Location"]))
    assert numbers.grouped(made.receipt) in receipt
    assert numbers.grouped(numbers.secret_of(made.pk)) in receipt
    assert made.body["answers"]["dog"] == [{"call": "ぽち"}]
    assert (made.level, made.electronic, made.mail, made.state) == (
        "none",
        "post",
        "tehon@example.jp",
        "received",
    )
    assert not Filling.unscoped.exists()
    assert (
        OutboxMessage.unscoped.filter(topic="procedures.sent", payload__submission=str(made.pk)).count() == 1
    )
    assert list(Happening.unscoped.order_by("at", "id").values_list("kind", "step")) == [
        ("started", ""),
        ("left", "applicant"),
        ("left", "dogs"),
        ("left", "papers"),
    ]


def test_looking_makes_nothing(mihon: Town) -> None:
    subject = offered(mihon)
    client = Client()
    for path in ("", f"{subject.pk}/", f"{subject.pk}/start/", "status/", "resume/abc/"):
        response = client.get(f"/{mihon.ref.code}/procedures/{path}")
        assert response.status_code == 200, path
        assert "yakuba_visit_990019" not in response.cookies
    assert not Filling.unscoped.exists()
    assert not Happening.unscoped.exists()


def test_what_is_typed_is_kept_whatever_is_pressed_and_wrong_answers_are_told_at_their_field(
    mihon: Town,
) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    wrong = {**PAGES["applicant"], "q.birth": "令和99年13月1日", "q.name.given": ""}
    response = one.page("applicant", wrong)
    assert response.status_code == 422
    html = response.content.decode()
    assert 'href="#id_q.birth"' in html
    assert 'value="令和99年13月1日"' in html
    again = one.client.get(one.url("pages/applicant/")).content.decode()
    assert 'value="令和99年13月1日"' in again, "a dropped line loses nothing"
    assert 'value="手本"' in again
    kept = one.page("applicant", wrong, press="later")
    assert kept["Location"].endswith("/keep/")
    assert one.page("applicant", wrong, press="back").status_code == 303
    assert "applicant" not in one.row().done


def test_a_confirmed_mail_address_is_not_typed_again(mihon: Town) -> None:
    mail, said = "rei@example.jp", "確認したメールアドレスが、はじめから入っています"
    question = {"key": "mail", "kind": "mail", "label": {"ja": "メール"}, "stands_for": "applicant.mail"}
    others = {"key": "other", "kind": "mail", "label": {"ja": "勤め先のメール"}, "required": False}
    section = {"key": "who", "title": {"ja": "申請する人"}, "questions": [question, others]}
    one = Applicant(mihon)
    one.begin(offered(mihon, steps=[{"key": "s", "title": {"ja": "段階"}, "sections": [section]}]))
    assert said not in one.client.get(one.url("pages/who/")).content.decode()
    Visit.unscoped.filter(pk=one.row().visit).update(mail=mail)
    page = one.client.get(one.url("pages/who/")).content.decode()
    assert page.count(f'value="{mail}"') == 1, "their own, and nobody else's"
    assert said in page
    assert "mail" not in one.row().answers, "nothing is kept before somebody presses a button"
    assert one.page("who", {"q.mail": "betsu@example.jp"}).status_code == 303
    assert mail not in one.client.get(one.url("pages/who/")).content.decode(), "what was answered stands"
    reach = one.client.get(one.url("reach/")).content.decode()
    assert f'value="{mail}"' in reach
    assert said in reach
    assert one.reach("").status_code == 303
    assert mail not in one.client.get(one.url("reach/")).content.decode(), "no mail is an answer too"


def test_rows_come_and_go_without_script(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    typed = {"q.chip": "0", "q.dog.0.call": "ぽち"}
    one.page("dogs", typed, press="add.dog")
    assert "q.dog.1.call" in one.client.get(one.url("pages/dogs/")).content.decode()
    two = {**typed, "q.dog.1.call": "しろ"}
    one.page("dogs", two, press="remove.dog.0")
    html = one.client.get(one.url("pages/dogs/")).content.decode()
    assert "しろ" in html
    assert "ぽち" not in html


def test_a_question_that_appears_is_asked_before_one_goes_on(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    more = one.page("dogs", {"q.chip": "1", "q.dog.0.call": "ぽち"})
    assert more["Location"].endswith("/pages/dogs/?added=number")
    shown = one.client.get(more["Location"]).content.decode()
    assert "質問が増えました" in shown
    assert "error-summary" not in shown, "nothing is wrong yet"
    assert one.page("dogs", {"q.chip": "1", "q.number": "", "q.dog.0.call": "ぽち"}).status_code == 422
    done = one.page("dogs", {"q.chip": "1", "q.number": "392000000000000", "q.dog.0.call": "ぽち"})
    assert done.status_code == 303


def test_a_file_is_attached_looked_at_and_taken_off(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    one.page("papers", {"q.photo": picture()}, press="attach")
    upload = Upload.unscoped.select_related("file").get()
    assert upload.file.made_by_us
    html = one.client.get(one.url("pages/papers/")).content.decode()
    assert "pochi.png" in html
    seen = one.client.get(one.url(f"files/{upload.pk}/"))
    assert b"".join(seen.streaming_content).startswith(b"\x89PNG")
    assert Applicant(mihon).client.get(one.url(f"files/{upload.pk}/")).status_code == 404
    one.page("papers", {"q.photo": picture()}, press="attach")
    assert Upload.unscoped.count() == 1, "the same bytes at the same question are the same file"
    one.page("papers", {}, press=f"detach.photo.{upload.pk}")
    assert not Upload.unscoped.exists()
    assert one.row().answers.get("photo") is None


def test_a_refused_file_says_why_and_keeps_the_rest(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    bad = picture(name="a.png")
    bad.write(b"MZ not a picture at all" * 10)
    bad.seek(0)
    bad.truncate(0)
    bad.write(b"not a picture at all, only words\n" * 10)
    bad.seek(0)
    response = one.page("papers", {"q.photo": bad})
    assert response.status_code == 422
    assert "この種類のファイルは受け取れません" in text_of(response)
    assert not Upload.unscoped.exists()


def test_files_go_with_the_submission(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    one.page("papers", {"q.photo": picture()}, press="next")
    assert one.send().status_code == 303
    upload = Upload.unscoped.get()
    made = Submission.unscoped.get()
    assert upload.filling_id is None
    assert upload.submission_id == made.pk
    assert made.body["answers"]["photo"] == [str(upload.pk)]


def test_another_persons_file_is_no_answer(mihon: Town) -> None:
    subject = offered(mihon)
    other = Applicant(mihon)
    other.begin(subject)
    other.page("papers", {"q.photo": picture()}, press="attach")
    theirs = Upload.unscoped.get()
    one = Applicant(mihon)
    one.fill_in(subject)
    one.page("papers", {"q.photo": str(theirs.pk)})
    row = one.row()
    row.answers = {**row.answers, "photo": [str(theirs.pk)]}
    row.save()
    assert one.send().status_code == 422
    assert not Submission.unscoped.exists()


def test_the_check_page_leads_to_a_page_and_back(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon))
    html = one.client.get(one.url("check/")).content.decode()
    assert f'href="{one.url("pages/dogs/")}?check=1"' in html
    page = one.client.get(one.url("pages/dogs/") + "?check=1").content.decode()
    assert 'name="check" value="1"' in page
    back = one.page("dogs", {**PAGES["dogs"], "check": "1", "q.dog.0.call": "しろ"})
    assert back["Location"] == one.url("check/")


def test_places_are_counted_at_the_offer(mihon: Town) -> None:
    subject = offered(mihon)
    offer = offer_of(subject)
    offer.places = 1
    offer.save()
    first, second = Applicant(mihon), Applicant(mihon)
    first.fill_in(subject)
    second.fill_in(subject)
    assert first.send().status_code == 303
    late = second.send()
    assert late.status_code == 422
    assert "定員（1）に達した" in text_of(late)
    assert second.row().answers, "what was written stays"
    offer.refresh_from_db()
    assert offer.taken == 1


def test_nothing_that_somebody_wrote_stands_in_the_trail_or_in_the_outbox(mihon: Town) -> None:
    one = Applicant(mihon)
    one.fill_in(offered(mihon), "tehon@example.jp")
    one.page("papers", {"q.photo": picture(name="手本くみこの犬.png")})
    one.client.post(one.url("keep/"), {"mail": "tehon@example.jp"})
    one.send()
    made = Submission.unscoped.get()
    base = f"{one.base}applications/{made.pk}/"
    one.client.post(f"{base}message/", {"text": "手本です。"})
    one.client.post(f"{base}withdraw/", {"text": "手本の都合", "sure": "1"})
    told = [one.text for one in TrailPayload.unscoped.all()]
    told += [f"{one.subject_label} {one.reason} {one.actor_label}" for one in TrailEntry.unscoped.all()]
    told += [str(one.payload) for one in OutboxMessage.unscoped.all()]
    assert len(told) > 10
    assert not [text for text in told if "手本" in text or "tehon@" in text or "ぽち" in text]
    assert numbers.secret_of(made.pk) not in "".join(told)
