"""What is worked out before the transaction that writes it: nothing that changes in between is missed, and nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from tests.services.procedures.portal.sheets import Applicant, offer_of, offered, picture
from tests.world import make_town
from yakuba.engines.visitors import throttle
from yakuba.engines.visitors.models import ThrottleCount
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.kernel.plugins import statements
from yakuba.kernel.trail.models import TrailEntry, TrailPayload
from yakuba.services.procedures.actions.applying import Resume, resume
from yakuba.services.procedures.citizens import numbers
from yakuba.services.procedures.models import Filling, Offer, Procedure, Submission, Upload

pytestmark = pytest.mark.django_db(transaction=True)


def person(**offer: object) -> Applicant:
    """Somebody who only has to press 「提出する」."""
    town = make_town("990019", "みほん市")
    subject = offered(town)
    if offer:
        found = offer_of(subject)
        vars(found).update(offer)
        found.save()
    one = Applicant(town)
    one.fill_in(subject)
    return one


def sent_once() -> Submission:
    """The only submission; everything that goes with it is there once."""
    made = Submission.unscoped.get()
    assert not Filling.unscoped.exists()
    entry = TrailEntry.unscoped.get(action="procedures.send", kind="done")
    assert entry.subject_id == made.pk
    assert TrailPayload.unscoped.filter(entry=entry).count() == 1
    assert OutboxMessage.unscoped.filter(handler="procedures.receive").count() == 1
    return made


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something happen once, between the reading and the writing."""

    def happen(what: Callable[[], object]) -> None:
        real, left = statements.gathered, [what]

        @contextmanager
        def gathered() -> Iterator[statements.Gathered]:
            with real() as found:
                yield found
            if left:
                left.pop()()

        monkeypatch.setattr(statements, "gathered", gathered)

    return happen


def test_the_transaction_only_writes() -> None:
    one = person()
    with CaptureQueriesContext(connection) as asked:
        assert one.send().status_code == 303
    sent_once()
    words = [query["sql"].split()[0] for query in asked]
    if connection.vendor == "sqlite":
        inside = words[words.index("BEGIN") + 1 : words.index("COMMIT")]
        assert set(inside) == {"INSERT", "DELETE"}
    else:
        assert set(words[:-1]) == {"SELECT"}, "one statement is a transaction by itself"
        assert words[-1] == "WITH"


def test_what_another_window_wrote_meanwhile_is_what_is_sent(
    meanwhile: Callable[[Callable[[], object]], None],
) -> None:
    one = person()
    answers = one.row().answers
    answers["name"] = {**answers["name"], "given": "しろこ"}
    change = {"answers": answers, "whole_on": None, "version": F("version") + 1}
    meanwhile(lambda: Filling.unscoped.filter(pk=one.filling).update(**change))
    assert one.send().status_code == 303
    assert sent_once().body["answers"]["name"]["given"] == "しろこ"


def test_what_another_window_sent_meanwhile_is_one_application(
    meanwhile: Callable[[Callable[[], object]], None],
) -> None:
    one = person()
    answers = []
    meanwhile(lambda: answers.append(one.send()))
    answers.append(one.send())
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    sent_once()


def test_what_somebody_else_took_up_meanwhile_is_theirs(
    meanwhile: Callable[[Callable[[], object]], None],
) -> None:
    one = person()
    other = one.town.ctx("visitor")
    one.town.visit("own")
    proof = numbers.code_digest("tsuzuki" * 4, "12345678")
    Filling.unscoped.filter(pk=one.filling).update(resume_code_hash=proof)
    meanwhile(lambda: resume(other, None, Resume(str(one.filling), proof)))
    assert one.send().status_code == 404
    assert Filling.unscoped.get().visit == one.town.visits["own"]
    assert not Submission.unscoped.exists()


def test_a_form_that_was_thrown_away_meanwhile_is_not_sent(
    meanwhile: Callable[[Callable[[], object]], None],
) -> None:
    one = person()
    meanwhile(lambda: one.client.post(one.url("discard/")))
    assert one.send().status_code in {404, 422}
    assert not Submission.unscoped.exists()
    assert not OutboxMessage.unscoped.filter(handler="procedures.receive").exists()


def test_places_and_files_are_taken_under_the_lock() -> None:
    one = person(places=1)
    assert one.page("papers", {"q.photo": picture()}, press="attach").status_code == 303
    assert one.page("papers").status_code == 303
    assert one.send().status_code == 303
    made = sent_once()
    assert Offer.unscoped.get().taken == 1
    assert set(Upload.unscoped.values_list("submission", flat=True)) == {made.pk}


def test_one_try_too_many_is_told_and_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle.LIMITS, "submit", throttle.Limit(1, 3600, 1000))
    one = person()
    assert one.send().status_code == 303
    one.fill_in(Procedure.unscoped.get())
    many = one.send()
    assert many.status_code == 429
    assert 0 < int(many["Retry-After"]) <= 3600
    assert Submission.unscoped.count() == Filling.unscoped.count() == 1
    assert TrailEntry.unscoped.filter(action="procedures.send", kind="done").count() == 1
    assert set(ThrottleCount.unscoped.filter(purpose="submit").values_list("count", flat=True)) == {1}
    monkeypatch.setitem(throttle.LIMITS, "submit", throttle.Limit(2, 3600, 1000))
    assert one.send().status_code == 303
    assert set(ThrottleCount.unscoped.filter(purpose="submit").values_list("count", flat=True)) == {2}


def test_where_nothing_is_allowed_the_first_try_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle.LIMITS, "submit", throttle.Limit(0, 3600, 1000))
    one = person()
    assert one.send().status_code == 429
    assert not Submission.unscoped.exists()
    assert Filling.unscoped.exists()
