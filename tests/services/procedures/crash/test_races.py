"""Several connections and several processes at the same moment: places, the same form, the same correction, guessed codes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections
from django.test import Client

from tests.children import Child
from tests.services.procedures.crash import guesses
from tests.services.procedures.portal.sheets import Applicant, offer_of, offered
from tests.services.procedures.portal.test_following import asked, home
from tests.services.procedures.portal.test_keeping import kept
from tests.world import Town, make_town
from yakuba.engines.visitors.throttle import LIMITS
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.services.procedures.models import Filling, Offer, Release, Reply, Submission

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Town:
    return make_town("990019", "みほん市")


def at_once(presses: Sequence[Callable[[], int]]) -> Counter[int]:
    """Press all at the same moment, each over a connection of its own; how often each status was the answer."""
    together = Barrier(len(presses))

    def press(one: Callable[[], int]) -> int:
        try:
            connection.ensure_connection()
            together.wait()
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(presses)) as pool:
        return Counter(future.result() for future in [pool.submit(press, one) for one in presses])


def test_twenty_who_want_five_places_get_five(town: Town) -> None:
    subject = offered(town)
    Offer.unscoped.filter(pk=offer_of(subject).pk).update(places=5)
    people = [Applicant(town) for _ in range(20)]
    for person in people:
        person.fill_in(subject)
    answers = at_once([lambda one=one: int(one.send().status_code) for one in people])
    assert answers == {303: 5, 422: 15}
    assert offer_of(subject).taken == 5
    assert Submission.unscoped.count() == 5
    assert Filling.unscoped.count() == 15, "what could not be taken is kept"
    sent = OutboxMessage.unscoped.filter(topic="procedures.sent")
    assert sent.count() == sent.values("payload__submission").distinct().count() == 5


@pytest.mark.parametrize("round_", range(2))
def test_two_connections_that_send_one_form_make_one_application(town: Town, round_: int) -> None:
    one = Applicant(town)
    one.fill_in(offered(town), "tehon@example.jp")
    tab = Client()
    tab.cookies = one.client.cookies
    answers = at_once(
        [lambda: int(one.send().status_code), lambda: int(tab.post(one.url("check/")).status_code)]
    )
    assert answers == {303: 2}, "both lead to the one acknowledgement"
    made = Submission.unscoped.get()
    assert made.filling == one.filling
    for topic in ("procedures.sent",):
        assert OutboxMessage.unscoped.filter(topic=topic).count() == 1
    assert OutboxMessage.unscoped.filter(handler="procedures.receive").count() == 1


def test_a_correction_that_is_sent_twice_at_once_is_one_reply(town: Town) -> None:
    one = Applicant(town)
    one.fill_in(offered(town))
    one.send()
    made = Submission.unscoped.get()
    release = asked(made, "birth")
    begun = one.client.post(home(one, made, f"releases/{release.pk}/correct/"))
    assert begun.status_code == 303
    one.filling = Filling.unscoped.get(release=release).pk
    assert one.page("correction", {"q.birth": "昭和34年4月2日"}).status_code == 303
    tabs = [Client() for _ in range(4)]
    for tab in tabs:
        tab.cookies = one.client.cookies
    answers = at_once(
        [lambda tab=tab: int(tab.post(one.url("check/"), {"correction": "1"}).status_code) for tab in tabs]
    )
    assert answers == {303: 4}, "each leads to the application"
    reply = Reply.unscoped.get()
    assert reply.body["answers"] == {"birth": "1959-04-02"}
    assert Release.unscoped.get().answered_at is not None
    assert OutboxMessage.unscoped.filter(topic="procedures.replied").count() == 1
    assert not Filling.unscoped.exists()


def test_guessing_a_resume_code_from_several_processes_is_stopped_for_all(town: Town, tmp_path: Path) -> None:
    one = Applicant(town)
    one.begin(offered(town))
    link, code = kept(one)
    allowed, processes = LIMITS["resume"].times, 3
    database = str(connection.settings_dict["NAME"])
    url = urlunsplit(urlsplit(os.environ["YAKUBA_DATABASE_URL"])._replace(path=f"/{database}"))
    environment = {**os.environ, "YAKUBA_DATABASE_URL": url}
    running = [
        Child(guesses.__name__, ("guess", link, str(number), str(allowed)), environment, tmp_path)
        for number in range(processes)
    ]
    ended = [process.wait() for process in running]
    assert [one.returncode for one in ended] == [0] * processes, ended
    answers = Counter(word for one in ended for word in one.stdout.split())
    assert answers == {"422": allowed, "429": allowed * (processes - 1)}, (
        "new sessions, other addresses and other processes have one count for one link"
    )
    assert Client().post(link, {"code": code}).status_code == 429, "the right code waits like any other"
