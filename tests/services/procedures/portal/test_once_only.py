"""What a signed-in person said before is offered, used on their word alone, and written down for them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client, RequestFactory

from tests.services.procedures.offers import definition
from tests.services.procedures.portal.sheets import Applicant, offered, text_of
from tests.world import Town
from yakuba.engines.visitors.sections import drawn
from yakuba.engines.visitors.visitor import ANON, Visitor
from yakuba.kernel.dates import clock
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.citizens import facts
from yakuba.services.procedures.models import EarlierAnswer, Reuse

pytestmark = pytest.mark.django_db
NAME = {"family": "手本", "given": "くみこ", "family_kana": "テホン", "given_kana": "クミコ"}


@pytest.fixture
def citizen(mihon: Town) -> UUID:
    pk = uuid7()
    for fact, value in (
        ("applicant.name", NAME),
        ("applicant.birth", "1958-04-01"),
        ("applicant.phone", "00-0000-0000"),
    ):
        EarlierAnswer.unscoped.create(
            municipality_id=mihon.ref.id,
            citizen=pk,
            fact=fact,
            value=value,
            receipt="ABCDEFGHJKMN",
            at=clock.now(),
        )
    return pk


def test_earlier_answers_are_offered_with_where_they_are_from(mihon: Town, citizen: UUID) -> None:
    subject = offered(mihon)
    one = Applicant(mihon)
    start = f"{one.base}{subject.pk}/start/"
    assert "前の答えを使う」" not in text_of(Client().get(start))
    assert 'name="facts"' not in Client().get(start).content.decode()
    mihon.enter(one.client, level="account", citizen=citizen)
    page = text_of(one.client.get(start))
    assert "手本 くみこ" in page
    assert "ABCD-EFGH-JKMN" in page
    assert "00-0000-0000" not in page, "what this procedure does not ask is not shown"
    assert "市の台帳からの自動入力はできません" in page


def test_they_are_used_on_the_persons_word_alone(mihon: Town, citizen: UUID) -> None:
    subject = offered(mihon)
    one = Applicant(mihon)
    mihon.enter(one.client, level="account", citizen=citizen)
    one.begin(subject)
    assert one.row().answers == {}
    assert not Reuse.unscoped.exists()
    one.begin(subject, facts=["applicant.name", "applicant.phone", "person.name"])
    assert one.row().answers == {"name": NAME}
    noted = Reuse.unscoped.get()
    assert noted.citizen == citizen
    assert noted.purpose == "見本の申請"
    assert [one["fact"] for one in noted.facts] == ["applicant.name"]
    assert noted.ground


def test_nobody_uses_anothers_answers(mihon: Town, citizen: UUID) -> None:
    one = Applicant(mihon)
    mihon.enter(one.client, level="account", citizen=uuid7())
    one.begin(offered(mihon), facts=["applicant.name"])
    assert one.row().answers == {}


def test_one_can_take_them_away(mihon: Town, citizen: UUID) -> None:
    answer = EarlierAnswer.unscoped.get(fact="applicant.name")
    path = f"/{mihon.ref.code}/procedures/earlier/{answer.pk}/forget/"
    assert Client().post(path).status_code == 404
    one = Applicant(mihon)
    mihon.enter(one.client, level="account", citizen=citizen)
    one.client.get(path)
    answer.refresh_from_db()
    assert answer.value
    assert one.client.post(path).status_code == 303
    answer.refresh_from_db()
    assert not answer.value
    assert "手本 くみこ" not in text_of(one.client.get(f"{one.base}{offered(mihon).pk}/start/"))


def test_what_a_provider_vouched_for_comes_first(mihon: Town) -> None:
    sheet = definition()
    when = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    before = [("applicant.name", NAME, "R", when), ("applicant.birth", "1950-01-01", "R", when)]
    vouched = {"name": "例示　ふたば", "kana": "レイジ フタバ", "birth": "1960-02-03", "address": "みほん市1"}
    found = {one.fact: one for one in facts.offered(sheet, before, vouched)}
    assert found["applicant.name"].value == {
        "family": "例示", "given": "ふたば", "family_kana": "レイジ", "given_kana": "フタバ",
    }  # fmt: skip
    assert found["applicant.birth"].value == "1960-02-03"
    assert {one.source for one in found.values()} == {facts.VOUCHED}
    whole = {one.fact: one for one in facts.offered(sheet, before, {"name": "例示ふたば"})}
    assert whole["applicant.name"].value == NAME, "a name in one piece is not parted by guessing"


def test_ones_own_page_lists_what_was_sent_begun_and_used(mihon: Town, citizen: UUID) -> None:
    one = Applicant(mihon)
    visit = mihon.enter(one.client, level="account", citizen=citizen)
    one.fill_in(offered(mihon))
    one.send()
    one.begin(offered(mihon), facts=["applicant.name"])
    assert "この画面で見られる申請" in text_of(one.client.get(f"{one.base}status/"))
    request = RequestFactory().get("/")
    request.yakuba = mihon.ctx("visitor")
    parts = {part.key: str(part.body) for part in drawn(request, mihon.ctx("visitor"), Visitor.of(visit))}
    assert f"/applying/{one.filling}/" in parts["procedures"]
    assert "受付番号" in parts["procedures"]
    assert "手本 くみこ" in parts["earlier"]
    assert "使った記録" in parts["earlier"]
    nobody = {part.key for part in drawn(request, mihon.ctx("public"), ANON)}
    assert "earlier" not in nobody
