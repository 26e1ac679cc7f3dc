"""A small procedure, offered, and a submission of it; made without pages, for tests of what the desk does with it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from tests.world import Town
from yakuba.engines.publishing.models import Publication
from yakuba.engines.publishing.store import Copy, freeze
from yakuba.kernel.dates import FiscalYear, clock
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.definition import document
from yakuba.services.procedures.definition.model import Definition
from yakuba.services.procedures.models import Offer, Procedure, Submission

SHEET: dict[str, Any] = {
    "format": "yakuba-procedure/1",
    "title": {"ja": "見本の申請"},
    "kind": "application",
    "authority": "mayor",
    "grounds": [{"kind": "ordinance", "name": "みほん市見本条例", "article": "第3条"}],
    "remedies": "この決定に不服があるときは、審査請求ができます。",
    "term": {"amount": 5, "unit": "business_days", "start": "next_day", "holiday": "next_open"},
    "checks": ["氏名がそろっている", "写しが読める"],
    "routed": False,
    "result": ["download", "post"],
    "steps": [
        {
            "key": "you",
            "title": {"ja": "あなたのこと"},
            "sections": [
                {
                    "key": "applicant",
                    "title": {"ja": "申請する人"},
                    "questions": [
                        {
                            "key": "name",
                            "kind": "name",
                            "label": {"ja": "氏名"},
                            "stands_for": "applicant.name",
                        },
                        {
                            "key": "birth",
                            "kind": "date",
                            "label": {"ja": "生年月日"},
                            "stands_for": "applicant.birth",
                        },
                        {"key": "reason", "kind": "text", "label": {"ja": "理由"}, "required": False},
                    ],
                }
            ],
        }
    ],
}
ANSWERS: dict[str, Any] = {
    "name": {"family": "手本", "given": "くみこ", "family_kana": "テホン", "given_kana": "クミコ"},
    "birth": "1958-04-01",
    "reason": "はじめのため",
}


def definition(**changes: Any) -> Definition:
    """The small procedure, with changes to its top level."""
    return document.read({**SHEET, **changes})


def procedure(town: Town, *, office: str = "own", **changes: Any) -> Procedure:
    """A procedure of one of the town's offices, published as its first version."""
    sheet = document.write(definition(**changes))
    made = Procedure.unscoped.create(
        municipality_id=town.ref.id,
        office=town.offices[office],
        title="見本の申請",
        kind=sheet["kind"],
        draft=sheet,
        changed_at=clock.now(),
        state="open",
        published=1,
    )
    ctx = town.ctx("cli").begin()
    publication = freeze(
        ctx, Copy("procedure", made.pk, FiscalYear.of(clock.now()), made.title, head=sheet, parts=())
    )
    Offer.unscoped.create(
        municipality_id=town.ref.id, procedure=made.pk, publication=publication, office="見本課", open=True
    )
    return made


def submission(
    town: Town, *, of: Procedure | None = None, visit: UUID | None = None, **columns: Any
) -> Submission:
    """A submission that has just arrived at the portal; the worker has not seen it yet."""
    subject = of or procedure(town)
    offer = Offer.unscoped.get(procedure=subject.pk)
    now = clock.now()
    given = {
        "receipt": uuid7().hex[-12:].upper(),
        "answers": ANSWERS,
        "citizen": None,
        "mail": "",
        "electronic": "download",
        "test": False,
        **columns,
    }
    answers = given.pop("answers")
    return Submission.unscoped.create(
        municipality_id=town.ref.id,
        offer=offer,
        publication=Publication.unscoped.get(pk=offer.publication_id),
        secret_hash=hashlib.sha256(b"secret").hexdigest(),
        visit=visit or town.visits["own"],
        arrived_at=now,
        body={
            "answers": answers,
            "vouched": {},
            "fee": 0,
            "began_at": (now - dt.timedelta(minutes=4)).isoformat(),
        },
        body_digest=hashlib.sha256(b"body").hexdigest(),
        level="mail",
        method="mail",
        language="ja",
        state="sent",
        state_at=now,
        **given,
    )
