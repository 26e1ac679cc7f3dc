"""A procedure about sites of public Wi-Fi, and the rule by which it changes their ledger."""

from __future__ import annotations

from typing import Any

from tests.engines.ledger.worlds import open_book, site
from tests.services.procedures.offers import procedure, submission
from tests.world import Town
from yakuba.engines.casework.models import Case
from yakuba.engines.intake.models import Binding, Intake
from yakuba.engines.ledger.actions.entries import AddEntry
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import installed_of
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock, japan_date
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.models import Filing, Procedure

WIFI = installed_of("public_wifi")
assert WIFI is not None


def _question(key: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": {"ja": label}, **more}


QUESTIONS = [
    _question("name", "name", "氏名", stands_for="applicant.name"),
    _question(
        "what",
        "choice",
        "届け出ること",
        options=[
            {"code": "hours", "label": {"ja": "利用時間の変更"}},
            {"code": "stop", "label": {"ja": "休止"}},
            {"code": "new", "label": {"ja": "新しい設置"}},
        ],
    ),
    _question("site", "text", "施設ID", required=False),
    _question("title", "text", "施設の名称", required=False),
    _question("hours", "text", "新しい利用時間", required=False),
    _question("day", "date", "その日"),
]
NAME = {"family": "手本", "given": "くみこ", "family_kana": "テホン", "given_kana": "クミコ"}
RULE: dict[str, Any] = {
    "format": "yakuba-intake/1",
    "find": {"answer": "site", "field": "number"},
    "branches": [
        {"when": {"what": ["hours"]}, "do": "change", "day": "day", "fields": {"hours": "hours"}},
        {"when": {"what": ["stop"]}, "do": "move", "step": "pause", "day": "day"},
        {
            "when": {"what": ["new"]},
            "do": "add",
            "day": "day",
            "fields": {
                "name": "title",
                "use": {"is": "public"},
                "address": {"is": "みほん市見本町2番地"},
                "ssid": {"is": "Mihon_New"},
                "disaster": {"is": False},
            },
        },
    ],
}


def report(town: Town) -> Procedure:
    """The procedure: a notification that is complete on arrival."""
    section = {"key": "page", "title": {"ja": "届出の内容"}, "questions": QUESTIONS}
    return procedure(
        town,
        kind="notification",
        accept_on_arrival=True,
        result=[],
        checks=[],
        steps=[{"key": "all", "title": {"ja": "届出"}, "sections": [section]}],
    )


def binding(town: Town, book: Book | None = None, subject: Procedure | None = None) -> Binding:
    """The procedure, bound."""
    subject = subject or report(town)
    return Binding.unscoped.create(
        municipality_id=town.ref.id,
        book=book or open_book(town),
        topic_kind="procedure",
        topic_id=subject.pk,
        topic_title=subject.title,
        rule=RULE,
    )


def entry(town: Town, book: Book, **more: object) -> Entry:
    """A site that is open."""
    made = WIFI.actions.add(town.ctx("ledger_keeper"), book, AddEntry(site(**more)))
    type(made).unscoped.filter(pk=made.pk).update(state="open")
    made.refresh_from_db()
    return made


def completed(town: Town, subject: Procedure, **answers: Any) -> Case:
    """A report that arrived and is complete."""
    given = {"name": NAME, "day": japan_date(clock.now()).isoformat(), **answers}
    made = submission(town, of=subject, answers=given)
    receive(town.ctx("cli"), made, NoData())
    filing = Filing.unscoped.select_related("case").get(receipt=made.receipt)
    assert filing.case is not None
    return filing.case


def waiting(town: Town) -> Intake:
    """A completed report that waits, about a site that is there."""
    bound = binding(town)
    site_ = entry(town, bound.book)
    case = completed(
        town,
        Procedure.unscoped.get(pk=bound.topic_id),
        what="hours",
        site=site_.number,
        hours="9時から17時まで",
    )
    return Intake.unscoped.create(
        municipality_id=town.ref.id, binding=bound, case=case, state="waiting", arrived_at=clock.now()
    )
