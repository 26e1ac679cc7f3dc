"""Procedures with everything that a form can have, offered by a town; and a browser that fills them in."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from PIL import Image

from tests.services.procedures.offers import procedure
from tests.world import Town
from yakuba.kernel.outbox import running
from yakuba.kernel.outbox import store as outbox
from yakuba.services.procedures.models import Filling, Offer, Procedure

STEPS: list[dict[str, Any]] = [
    {
        "key": "you",
        "title": {"ja": "あなたのこと"},
        "sections": [
            {
                "key": "applicant",
                "title": {"ja": "申請する人", "en": "Who applies"},
                "questions": [
                    {
                        "key": "name",
                        "kind": "name",
                        "label": {"ja": "氏名", "en": "Name"},
                        "stands_for": "applicant.name",
                    },
                    {
                        "key": "birth",
                        "kind": "date",
                        "label": {"ja": "生年月日"},
                        "stands_for": "applicant.birth",
                    },
                ],
            },
            {
                "key": "dogs",
                "title": {"ja": "犬のこと"},
                "questions": [
                    {"key": "chip", "kind": "yes_no", "label": {"ja": "チップがありますか"}},
                    {
                        "key": "number",
                        "kind": "text",
                        "label": {"ja": "チップの番号"},
                        "when": "chip = true",
                    },
                    {
                        "key": "dog",
                        "kind": "group",
                        "label": {"ja": "犬"},
                        "maximum": "3",
                        "questions": [{"key": "call", "kind": "text", "label": {"ja": "名前"}}],
                    },
                ],
            },
            {
                "key": "papers",
                "title": {"ja": "付けるもの"},
                "questions": [
                    {
                        "key": "photo",
                        "kind": "photo",
                        "label": {"ja": "犬の写真"},
                        "required": False,
                        "maximum": "2",
                    }
                ],
            },
        ],
    }
]
PAGES: dict[str, dict[str, str]] = {
    "applicant": {
        "q.name.family": "手本",
        "q.name.given": "くみこ",
        "q.name.family_kana": "テホン",
        "q.name.given_kana": "クミコ",
        "q.birth": "昭和33年4月1日",
    },
    "dogs": {"q.chip": "0", "q.dog.0.call": "ぽち"},
    "papers": {},
}


def offered(town: Town, **changes: Any) -> Procedure:
    """A procedure of three pages, offered."""
    more = {"steps": STEPS, "life_events": ["pet"], "words": ["犬を飼った"], **changes}
    return procedure(town, **more)


def offer_of(subject: Procedure) -> Offer:
    """Its offer."""
    return Offer.unscoped.get(procedure=subject.pk)


class Applicant:
    """Somebody with a browser."""

    def __init__(self, town: Town, client: Client | None = None) -> None:
        self.town = town
        self.client = client or Client()
        self.base = f"/{town.ref.code}/procedures/"
        self.filling: UUID | None = None

    def begin(self, subject: Procedure, **posted: Any) -> HttpResponse:
        """Press 「記入をはじめる」."""
        response = self.client.post(f"{self.base}{subject.pk}/start/", posted)
        if response.status_code == 303:
            self.filling = UUID(response["Location"].rstrip("/").rsplit("/", 1)[-1])
        return response

    def url(self, rest: str = "") -> str:
        """An address of the form."""
        return f"{self.base}applying/{self.filling}/{rest}"

    def page(self, key: str, posted: dict[str, Any] | None = None, press: str = "next") -> HttpResponse:
        """Fill in a page and press a button."""
        typed = PAGES.get(key, {}) if posted is None else posted
        return self.client.post(self.url(f"pages/{key}/"), {**typed, press: "1"})

    def reach(self, mail: str = "", how: str = "post") -> HttpResponse:
        """Say how the result is given."""
        return self.client.post(self.url("reach/"), {"electronic": how, "mail": mail, "next": "1"})

    def fill_in(self, subject: Procedure, mail: str = "") -> None:
        """Everything up to the check page."""
        self.begin(subject)
        for key in PAGES:
            assert self.page(key).status_code == 303, key
        assert self.reach(mail).status_code == 303

    def send(self) -> HttpResponse:
        """Press 「提出する」."""
        return self.client.post(self.url("check/"))

    def row(self) -> Filling:
        """The form as it stands."""
        return Filling.unscoped.get(pk=self.filling)


def work_off() -> None:
    """What the worker does at the portal."""
    while leased := outbox.claim(10, ("portal",)):
        for one in leased:
            running.run(one)


def text_of(response: HttpResponse) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def picture(colour: str = "red", name: str = "pochi.png") -> io.BytesIO:
    """A small photograph."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    made.seek(0)
    made.name = name
    return made
