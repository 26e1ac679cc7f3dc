"""How the result is given is asked once: by the form's own question where it has one, and not at all where there is one way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.procedures.definition.filled import FILLED
from tests.services.procedures.portal.sheets import STEPS, Applicant, offered, text_of
from tests.world import Town
from yakuba.services.procedures.citizens import forms
from yakuba.services.procedures.models import Submission
from yakuba.services.procedures.ready import all_ready

READY = {one.key: one.definition for one in all_ready()}
HANDING: dict[str, Any] = {
    "key": "handing",
    "kind": "choice",
    "label": {"ja": "見本の受け取り方"},
    "options": [
        {"code": "counter", "label": {"ja": "窓口"}},
        {"code": "post", "label": {"ja": "郵送"}},
    ],
}


@pytest.mark.parametrize(
    ("key", "way"),
    [("dog-registration", "counter"), ("dog-change", "none"), ("after-school-club", ""), ("boundary", "")],
)
def test_what_is_settled_before_one_is_asked(key: str, way: str) -> None:
    assert forms.settled_way(READY[key], FILLED[key]) == way


@pytest.mark.django_db
def test_the_way_goes_with_the_answer_also_when_it_changes(mihon: Town) -> None:
    steps = [{**STEPS[0], "sections": [{"key": "way", "title": {"ja": "渡し方"}, "questions": [HANDING]}]}]
    one = Applicant(mihon)
    one.begin(offered(mihon, steps=steps, result=["post", "counter"]))
    one.client.post(one.url("pages/way/"), {"q.handing": "post", "next": "1"})
    page = text_of(one.client.get(one.url("reach/")))
    assert "お知らせの受け取り方" in page
    assert "結果の受け取り方" not in page
    one.client.post(one.url("reach/"), {"mail": "tehon@example.jp", "next": "1"})
    one.client.post(one.url("pages/way/"), {"q.handing": "counter", "next": "1", "check": "1"})
    assert one.send().status_code == 303
    made = Submission.unscoped.get()
    assert (made.electronic, made.mail) == ("counter", "tehon@example.jp")


@pytest.mark.django_db
def test_going_back_asks_for_nothing(mihon: Town) -> None:
    one = Applicant(mihon)
    one.begin(offered(mihon))
    assert one.client.post(one.url("reach/"), {"mail": "", "back": "1"})["Location"].endswith(
        "/pages/papers/"
    )
    assert one.client.post(one.url("reach/"), {"mail": "", "later": "1"})["Location"].endswith("/keep/")
    assert one.client.post(one.url("reach/"), {"mail": "", "next": "1"}).status_code == 422


@pytest.mark.django_db
def test_the_own_page_is_one_press_away(mihon: Town) -> None:
    subject = offered(mihon)
    for path in ("/990019/", "/990019/procedures/", f"/990019/procedures/{subject.pk}/"):
        assert 'href="/990019/my/"' in Applicant(mihon).client.get(path).content.decode()
