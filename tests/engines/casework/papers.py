"""Notices, seals and number books for tests, and how each of their actions is tried in the permission matrix."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image, ImageDraw

from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.casework import actions
from yakuba.engines.casework.models import Case, Notice, NumberBook, Seal
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.files import store as files

ADDRESSEE = "髙﨑　𠮷男　様"
BODY = "次のとおり決定したので通知します。\n\n記\n\n1　決定の内容\n　　登録する。\n\n以上"
SINCE = dt.date(2020, 4, 1)


def decided(town: Town, **changed: Any) -> Case:
    """A case that was decided."""
    from tests.engines.casework import specimens  # its SPECIMENS hold those below

    return specimens.decided(town, **changed)


def today(town: Town) -> dt.date:
    return japan_date(town.ctx("cli").now)


def seal_png() -> bytes:
    """A print of an invented seal: red strokes, see-through between them."""
    picture = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((6, 6, 233, 233), outline=(190, 20, 30, 255), width=10)
    draw.line((120, 20, 120, 220), fill=(190, 20, 30, 255), width=12)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def draft_data(**changed: Any) -> actions.DraftNotice:
    given = {
        "title": "犬の登録　鑑札交付通知書",
        "addressee": ADDRESSEE,
        "body": BODY,
        "sender": "みほん市長　見本はじめ",
        "address": "990-0019\nみほん市見本町1-2-3",
    }
    return actions.DraftNotice(**{**given, **changed})


def draft(town: Town, case: Case | None = None, **changed: Any) -> Notice:
    """A notice that somebody of the own office wrote."""
    return actions.draft_notice(town.ctx("case_worker"), case or decided(town), draft_data(**changed))


def refused(town: Town, *, reasons: str = "所在地が市外のため。", **changed: Any) -> Case:
    """A decision against the applicant."""
    return decided(town, outcome="refused", reasons=reasons, **changed)


def issue_data(town: Town, **changed: Any) -> actions.IssueNotice:
    given = {"issued_on": today(town), "sealing": "omitted"}
    return actions.IssueNotice(**{**given, **changed})


def issued(town: Town, case: Case | None = None, *, result: str = "download", **changed: Any) -> Notice:
    """A notice that was issued by the own office."""
    if case is None:
        case = decided(town)
    Case.unscoped.filter(pk=case.pk).update(result=result)
    case.refresh_from_db()
    return actions.issue_notice(town.ctx("case_worker"), draft(town, case), issue_data(town, **changed))


def to_print(town: Town) -> Notice:
    return issued(town, result="post")


def stuck(town: Town) -> Notice:
    """Issued while something was held, which is free again."""
    notice = issued(town)
    Notice.unscoped.filter(pk=notice.pk).update(state="issued", released_at=None, print_after=None)
    notice.refresh_from_db()
    return notice


def unopened(town: Town) -> Notice:
    """Its days are over."""
    notice = issued(town)
    Notice.unscoped.filter(pk=notice.pk).update(print_after=today(town))
    notice.refresh_from_db()
    return notice


def book(town: Town) -> NumberBook:
    """The office's book of documents; a notice that was issued before has opened it."""
    found, _new = NumberBook.unscoped.update_or_create(
        municipality_id=town.ref.id,
        book="document",
        office=town.offices["own"],
        year=FiscalYear.of(today(town)),
        defaults={"authority": "mayor", "pattern": "{year}見本第{n}号", "following": 7},
    )
    return found


def seal(town: Town, **changed: Any) -> Seal:
    kept = files.keep(
        town.ctx("cli").begin(), seal_png(), "印影.png", retention_class="permanent", made_by_us=True
    )
    given = {
        "authority": "mayor",
        "title": "みほん市長之印",
        "signature": "みほん市長　見本はじめ",
        "valid_from": SINCE,
    }
    return Seal.unscoped.create(municipality_id=town.ref.id, file=kept, **{**given, **changed})


def add_seal_data(_town: Town, _subject: object) -> actions.AddSeal:
    return actions.AddSeal("mayor", "みほん市長之印", "みほん市長", SINCE, files.put(seal_png()))


def _nothing(_town: Town, _subject: object) -> NoData:
    return NoData()


def _written(client: Client, town: Town, case: Case) -> HttpResponse:
    data = draft_data()
    return client.post(
        f"/{town.ref.code}/desk/cases/{case.pk}/notice/",
        {key: getattr(data, key) for key in ("title", "addressee", "address", "body", "sender")},
    )


def _discarded(client: Client, town: Town, case: Case) -> HttpResponse:
    return client.post(f"/{town.ref.code}/desk/cases/{case.pk}/notice/discard/")


def done(do: str, **more: str) -> Any:
    """The form of a notice's page."""

    def send(client: Client, town: Town, notice: Notice) -> HttpResponse:
        given = {"do": do, **more}
        if do in {"issue", "hand"}:
            given["issued_on" if do == "issue" else "on"] = today(town).isoformat()
        return client.post(f"/{town.ref.code}/desk/notices/{notice.pk}/", given)

    return send


def _opens_book(client: Client, town: Town, _subject: None) -> HttpResponse:
    given = {"book": "document", "authority": "mayor", "year": "2031", "pattern": "第{n}号", "following": "1"}
    return client.post(f"/{town.ref.code}/desk/number-books/", given)


def _keeps_book(client: Client, town: Town, subject: NumberBook) -> HttpResponse:
    given = {"pattern": "{year}見本第{n}号", "following": "9", "reason": "紙の簿冊に合わせるため"}
    return client.post(f"/{town.ref.code}/desk/number-books/{subject.pk}/", given)


def _adds_seal(client: Client, town: Town, _subject: None) -> HttpResponse:
    given = {
        "authority": "mayor",
        "title": "みほん市長之印",
        "signature": "みほん市長",
        "valid_from": "2020-04-01",
        "picture": SimpleUploadedFile("seal.png", seal_png(), "image/png"),
    }
    return client.post(f"/{town.ref.code}/desk/seals/", given)


def _changes_seal(client: Client, town: Town, subject: Seal) -> HttpResponse:
    given = {"title": "みほん市長之印", "signature": "みほん市長", "valid_from": "2020-04-01"}
    return client.post(f"/{town.ref.code}/desk/seals/{subject.pk}/", given)


SPECIMENS = {
    "casework.draft_notice": Specimen(decided, lambda _t, _s: draft_data(), _written),
    "casework.discard_notice": Specimen(lambda t: draft(t).case, _nothing, _discarded),
    "casework.issue_notice": Specimen(draft, lambda t, _s: issue_data(t), done("issue", sealing="omitted")),
    "casework.release_notice": Specimen(stuck, _nothing, done("release")),
    "casework.print_notice": Specimen(issued, _nothing, done("print")),
    "casework.hand_notice": Specimen(
        to_print, lambda t, _s: actions.Handed("posted", today(t)), done("hand", how="posted")
    ),
    "casework.print_unopened": Specimen(unopened, _nothing),
    "casework.notice_opened": Specimen(issued, lambda t, _s: actions.OpenedAt(t.ctx("cli").now)),
    "casework.open_book": Specimen(
        lambda _t: None,
        lambda _t, _s: actions.OpenBook("document", "mayor", FiscalYear(2031), "第{n}号"),
        _opens_book,
    ),
    "casework.keep_book": Specimen(
        book, lambda _t, _s: actions.KeepBook("{year}見本第{n}号", 9, "紙の簿冊に合わせるため"), _keeps_book
    ),
    "casework.add_seal": Specimen(lambda _t: None, add_seal_data, _adds_seal),
    "casework.change_seal": Specimen(
        seal,
        lambda _t, _s: actions.ChangeSeal("みほん市長之印", "みほん市長", SINCE),
        _changes_seal,
    ),
}
