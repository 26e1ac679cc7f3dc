"""Finding a procedure: by need, by life event, at the front door; in every language; as a file."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.services.procedures.portal.sheets import offer_of, offered, text_of
from tests.world import Town
from yakuba.services.procedures.citizens import searching
from yakuba.services.procedures.models import Offer, Procedure
from yakuba.services.procedures.published.queries import definition_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(mihon: Town) -> dict[str, Procedure]:
    found = {
        "dog": offered(
            mihon,
            title={"ja": "犬の登録", "en": "Dog registration"},
            words=["犬を飼った", "狂犬病"],
            life_events=["pet"],
        ),
        "move": offered(
            mihon, title={"ja": "給水装置の申込み"}, words=["水道"], life_events=["moving", "housing"]
        ),
        "phone": offered(
            mihon, title={"ja": "スマホ教室"}, kind="booking", words=[], life_events=["learning"], remedies=""
        ),
    }
    ctx = mihon.ctx("cli").begin()
    for one in found.values():
        searching.index(ctx, one.pk, definition_of(offer_of(one).publication_id), "見本課")
    return found


def listed(town: Town, query: str, prefix: str = "") -> str:
    response = Client().get(f"{prefix}/{town.ref.code}/procedures/{query}")
    assert response.status_code == 200
    return text_of(response)


def test_sentences_in_english_stand_apart(mihon: Town) -> None:
    subject = offered(mihon)
    for rest in ("", "start/"):
        page = text_of(Client().get(f"/en/{mihon.ref.code}/procedures/{subject.pk}/{rest}"))
        assert "At most" in page
        assert not re.search(r"[a-z]\.[A-Z]", page), rest


def test_needs_find_procedures(mihon: Town, shelf: dict[str, Procedure]) -> None:
    assert "犬の登録" in listed(mihon, "?q=犬を飼った")
    assert "スマホ教室" not in listed(mihon, "?q=犬を飼った")
    assert "給水装置" in listed(mihon, "?q=引っ越し")
    near = listed(mihon, "?q=犬がほしいのですが")
    assert "犬の登録" in near
    assert "近いと思われる手続" in near
    nothing = listed(mihon, "?q=宇宙旅行")
    assert "条件に合うものがありません" in nothing


def test_filters_and_files_hold_the_same(mihon: Town, shelf: dict[str, Procedure]) -> None:
    page = listed(mihon, "?filter.event=pet")
    assert "犬の登録" in page
    assert "スマホ教室" not in page
    sheet = Client().get(f"/{mihon.ref.code}/procedures.csv?filter.event=pet")
    text = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert "犬の登録" in text
    assert "スマホ教室" not in text
    book = Client().get(f"/{mihon.ref.code}/procedures.xlsx")
    assert b"".join(book.streaming_content)[:2] == b"PK"


def test_the_whole_search_and_the_front_door_lead_there(mihon: Town, shelf: dict[str, Procedure]) -> None:
    client = Client()
    found = client.get(f"/{mihon.ref.code}/search/?q=犬を飼った").content.decode()
    assert f"/{mihon.ref.code}/procedures/{shelf['dog'].pk}/" in found
    front = client.get(f"/{mihon.ref.code}/").content.decode()
    assert f"/{mihon.ref.code}/procedures/?filter.event=pet" in front
    assert "手続と" in front


def test_in_other_languages_what_there_is_is_shown(mihon: Town, shelf: dict[str, Procedure]) -> None:
    assert "Dog registration" in listed(mihon, "", "/en")
    assert "給水装置の申込み" in listed(mihon, "", "/en")
    assert "犬の登録" in listed(mihon, "", "/ja-simple")
    assert "Dog registration" in listed(mihon, "?q=dog", "/en")


def test_pages_are_kept_by_browsers_until_something_changes(mihon: Town, shelf: dict[str, Procedure]) -> None:
    client = Client()
    for path in ("", f"{shelf['dog'].pk}/"):
        first = client.get(f"/{mihon.ref.code}/procedures/{path}")
        assert (
            first.headers["Cache-Control"].startswith("public") or "max-age" in first.headers["Cache-Control"]
        )
        again = client.get(f"/{mihon.ref.code}/procedures/{path}", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        Offer.unscoped.filter(procedure=shelf["dog"].pk).update(open=False)
        changed = client.get(f"/{mihon.ref.code}/procedures/{path}", headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200
        Offer.unscoped.filter(procedure=shelf["dog"].pk).update(open=True)


def test_an_empty_shelf_says_so(mihon: Town) -> None:
    assert "オンラインの手続は、まだありません" in listed(mihon, "")
