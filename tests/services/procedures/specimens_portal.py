"""What citizens do, tried in the permission matrix: the visit ``own`` has made everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.matrix import Specimen
from tests.services.procedures.offers import submission
from tests.services.procedures.portal.sheets import PAGES, STEPS, offered, picture
from tests.world import Town
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock
from yakuba.kernel.files import store as files
from yakuba.kernel.ids import uuid7
from yakuba.services.procedures.actions.answering import OpenStatus, Words
from yakuba.services.procedures.actions.applying import AnswerPage, Attach, Begin, Detach, Keep, Reach, Resume
from yakuba.services.procedures.actions.sending import Send
from yakuba.services.procedures.citizens import numbers
from yakuba.services.procedures.models import (
    EarlierAnswer,
    Filling,
    Offer,
    Procedure,
    Release,
    Submission,
    Upload,
)

NAME = {"family": "手本", "given": "くみこ", "family_kana": "テホン", "given_kana": "クミコ"}
GIVEN = {"name": NAME, "birth": "1958-04-01", "chip": False, "dog": [{"call": "ぽち"}]}


def shelf(town: Town) -> Procedure:
    """The town's procedure of three pages, made on first use; both visits are there."""
    for office in ("own", "other"):
        town.visit(office)
    listed = Procedure.unscoped.filter(municipality=town.ref.id, published__gt=0)
    found = next((one for one in listed if len(one.draft["steps"]) == len(STEPS)), None)
    return found or offered(town, steps=STEPS)


def filling(town: Town, **columns: Any) -> Filling:
    """A form that the visit ``own`` has filled in."""
    offer = Offer.unscoped.get(procedure=shelf(town).pk)
    now = clock.now()
    return Filling.unscoped.create(
        municipality_id=town.ref.id,
        offer=offer,
        publication_id=offer.publication_id,
        visit=town.visits["own"],
        answers=GIVEN,
        typed={},
        done=list(PAGES),
        language="ja",
        electronic="post",
        began_at=now,
        seen_at=now,
        expires_at=now + dt.timedelta(hours=1),
        **columns,
    )


def sent(town: Town) -> Submission:
    """What the visit ``own`` has sent."""
    return submission(town, of=shelf(town), visit=town.visits["own"])


def release(town: Town, kind: str, **columns: Any) -> Release:
    """Something that the desk released to it."""
    return Release.unscoped.create(
        municipality_id=town.ref.id,
        submission=sent(town),
        kind=kind,
        title="見本のお知らせ",
        at=clock.now(),
        **columns,
    )


def correction(town: Town) -> Release:
    """A correction request."""
    return release(town, "correction", body={"questions": ["birth"], "answers": {"birth": "1958-04-01"}})


def notice(town: Town) -> Release:
    """A notice with its document."""
    stored = files.keep(town.ctx("cli").begin(), b"%PDF-1.4 notice", "見本.pdf", retention_class="notice")
    return release(town, "notice", file=stored)


def with_file(town: Town) -> Filling:
    """A form with a photograph."""
    made = filling(town)
    stored = files.keep(town.ctx("cli").begin(), picture().getvalue(), "pochi.png", retention_class="portal")
    upload = Upload.unscoped.create(
        municipality_id=town.ref.id,
        filling=made,
        visit=town.visits["own"],
        question="photo",
        file=stored,
        at=clock.now(),
    )
    made.answers = {**GIVEN, "photo": [str(upload.pk)]}
    made.save()
    return made


def earlier(town: Town) -> EarlierAnswer:
    """An earlier answer of the citizen whom the visit ``own`` is signed in as."""
    citizen = uuid7()
    town.visit("own", level="account", citizen=citizen)
    town.visit("other", level="account", citizen=uuid7())
    return EarlierAnswer.unscoped.create(
        municipality_id=town.ref.id,
        citizen=citizen,
        fact="applicant.birth",
        value="1958-04-01",
        receipt="",
        at=clock.now(),
    )


def taken(_town: Town, _subject: Filling) -> Attach:
    """A photograph that was received."""
    data = picture().getvalue()
    return Attach(
        "papers",
        "photo",
        {
            "sha256": files.put(data),
            "name": "pochi.png",
            "content_type": "image/png",
            "made_by_us": True,
            "pages": 1,
        },
    )


def resumed(town: Town, _subject: None) -> Resume:
    """A kept form, with its link and code."""
    made = filling(
        town, resume_hash=numbers.token_digest("t"), resume_code_hash=numbers.code_digest("t", "C")
    )
    return Resume(str(made.pk), made.resume_code_hash)


def corrected(town: Town, _subject: None) -> Send:
    """A correction that is filled in."""
    asked = correction(town)
    made = filling(town, release=asked)
    made.answers, made.done = {"birth": "1959-04-02"}, ["correction"]
    made.save()
    return Send(str(made.pk))


def opened(town: Town, _subject: None) -> OpenStatus:
    """A submission with the proof of its secret."""
    made = sent(town)
    return OpenStatus(str(made.pk), made.secret_hash)


def nothing(_town: Town) -> None:
    """Something new is made."""


WORDS = Words({"text": "見本"})
SPECIMENS = {
    "procedures.begin": Specimen(nothing, lambda town, _s: Begin(str(shelf(town).pk), "ja")),
    "procedures.answer": Specimen(
        filling, lambda _t, _s: AnswerPage("dogs", {"q.chip": ["0"], "q.dog.0.call": ["ぽち"]}, True)
    ),
    "procedures.reach": Specimen(filling, lambda _t, _s: Reach("post", {"mail": ""})),
    "procedures.attach": Specimen(filling, taken),
    "procedures.detach": Specimen(
        with_file, lambda _t, made: Detach("papers", "photo", str(made.answers["photo"][0]))
    ),
    "procedures.keep": Specimen(filling, lambda _t, _s: Keep({"token": "t", "code": "C", "mail": ""})),
    "procedures.resume": Specimen(nothing, resumed),
    "procedures.discard": Specimen(filling, lambda _t, _s: NoData()),
    "procedures.send": Specimen(nothing, lambda town, _s: Send(str(filling(town).pk))),
    "procedures.open_status": Specimen(nothing, opened),
    "procedures.begin_correction": Specimen(correction, lambda _t, _s: NoData()),
    "procedures.correct": Specimen(nothing, corrected),
    "procedures.write": Specimen(sent, lambda _t, _s: WORDS),
    "procedures.withdraw": Specimen(sent, lambda _t, _s: WORDS),
    "procedures.ask_copy": Specimen(sent, lambda _t, _s: NoData()),
    "procedures.open_notice": Specimen(notice, lambda _t, _s: NoData()),
    "procedures.forget_earlier": Specimen(earlier, lambda _t, _s: NoData()),
}
