"""Several connections and several processes at the same moment: places, the same form, the same correction, guessed codes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections
from django.test import Client

from tests.services.procedures.portal.sheets import Applicant, offer_of, offered
from tests.services.procedures.portal.test_following import asked, home
from tests.services.procedures.portal.test_keeping import kept
from tests.world import Town, make_town
from yakuba.engines.visitors.throttle import LIMITS
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.services.procedures.models import Filling, Offer, Release, Reply, Submission

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

GUESSES = Path(__file__).with_name("guesses.py")


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


def test_fifty_who_want_twelve_places_get_twelve(town: Town) -> None:
    subject = offered(town)
    Offer.unscoped.filter(pk=offer_of(subject).pk).update(places=12)
    people = [Applicant(town) for _ in range(50)]
    for person in people:
        person.fill_in(subject)
    answers = at_once([lambda one=one: int(one.send().status_code) for one in people])
    assert answers == {303: 12, 422: 38}
    assert offer_of(subject).taken == 12
    assert Submission.unscoped.count() == 12
    assert Filling.unscoped.count() == 38, "what could not be taken is kept"
    sent = OutboxMessage.unscoped.filter(topic="procedures.sent")
    assert sent.count() == sent.values("payload__submission").distinct().count() == 12


@pytest.mark.parametrize("round_", range(5))
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


def test_guessing_a_resume_code_from_several_processes_is_stopped_for_all(town: Town) -> None:
    one = Applicant(town)
    one.begin(offered(town))
    link, code = kept(one)
    allowed, processes = LIMITS["resume"].times, 3
    database = str(connection.settings_dict["NAME"])
    url = urlunsplit(urlsplit(os.environ["YAKUBA_DATABASE_URL"])._replace(path=f"/{database}"))
    running = [
        subprocess.Popen(
            [sys.executable, str(GUESSES), link, str(number), str(allowed)],
            env={**os.environ, "YAKUBA_DATABASE_URL": url},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    answers = Counter(word for process in running for word in process.communicate(timeout=120)[0].split())
    assert [process.returncode for process in running] == [0] * processes
    assert answers == {"422": allowed, "429": allowed * (processes - 1)}, (
        "new sessions, other addresses and other processes have one count for one link"
    )
    assert Client().post(link, {"code": code}).status_code == 429, "the right code waits like any other"
