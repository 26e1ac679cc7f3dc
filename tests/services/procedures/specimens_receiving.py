"""What reaches the desk, and what staff enter."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.procedures.offers import ANSWERS, procedure, submission
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock
from yakuba.kernel.files import store as files
from yakuba.services.procedures.actions.entering import AddPages, Enter
from yakuba.services.procedures.actions.receiving import receive
from yakuba.services.procedures.models import Filing, Procedure, Reply

POSTED = {
    "channel": "counter",
    "arrived_at": "令和2年4月1日 10:00",
    "q.name.family": "手本",
    "q.name.given": "くみこ",
    "q.name.family_kana": "テホン",
    "q.name.given_kana": "クミコ",
    "q.birth": "昭和33年4月1日",
    "q.reason": "",
}


def filing(town: Town) -> Filing:
    """A filing at the desk, of the office ``own``."""
    made = submission(town)
    receive(town.ctx("cli"), made, NoData())
    return Filing.unscoped.get(receipt=made.receipt)


def reply(town: Town) -> Reply:
    """A message that has just come in."""
    made = submission(town)
    receive(town.ctx("cli"), made, NoData())
    return Reply.unscoped.create(
        municipality_id=town.ref.id, submission=made, kind="message", body={"text": "見本"}, at=clock.now()
    )


def the_procedure(town: Town) -> Procedure:
    """The one procedure of the office ``own``, made on first use."""
    found = Procedure.unscoped.filter(municipality=town.ref.id).first()
    return found or procedure(town)


def to_enter(town: Town, _subject: None) -> Enter:
    """What came over the counter."""
    return Enter(str(the_procedure(town).pk), "counter", clock.now(), ANSWERS)


def enter_page(client: Client, town: Town, _subject: None) -> HttpResponse:
    """The same by the desk's form."""
    return client.post(f"/{town.ref.code}/desk/cases/enter/{the_procedure(town).pk}/", POSTED)


SPECIMENS = {
    "procedures.receive": Specimen(submission, lambda _town, _subject: NoData()),
    "procedures.take_reply": Specimen(reply, lambda _town, _subject: NoData()),
    "procedures.enter": Specimen(lambda _town: None, to_enter, page=enter_page),
    "procedures.add_pages": Specimen(
        filing, lambda _town, _subject: AddPages(files.put(b"%PDF-1.4 page"), "見本.pdf", 1)
    ),
}
