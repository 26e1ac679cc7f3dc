"""The plan of みほん市 in two editions, from the first publication to what waits at the desk now; done by its own people."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
from collections.abc import Sequence
from importlib.resources import files as resources
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from yakuba.demo import ahead, measures, year
from yakuba.demo.steps import Steps, japan
from yakuba.kernel.actions import Context
from yakuba.kernel.files import store as files
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import offices_on
from yakuba.services.plan import queries, uploads
from yakuba.services.plan.actions import (
    ChangeCalendar,
    CorrectField,
    ImportDocument,
    LinkOffice,
    PublishEdition,
    ReceiveFile,
    Revise,
    WriteNote,
    change_calendar,
    correct_field,
    import_document,
    link_office,
    publish_edition,
    receive_file,
    revise,
    write_note,
)
from yakuba.services.plan.models import Edition
from yakuba.services.plan.parsing import read_bytes

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document

DOCUMENT: Final = "mihon.txt"
NEXT_DOCUMENT: Final = "mihon-r9.txt"
CALENDAR: Final = "calendar.csv"
# Nobody has decided yet which theme this one is about.
UNDECIDED: Final = ("operate", "6")
# Who wrote what about which initiative of this year, and when.
MEMOS: Final = (
    (
        "itsuki",
        japan(2026, 6, 25, 16),
        ("advance", "13"),
        "推進会議で、会議の種類が増えない理由を聞かれた。議会事務局の端末がそろう時期を総務課に確かめる。",
    ),
    (
        "hachiro",
        japan(2026, 9, 8, 11),
        ("operate", "6"),
        "毎年同じ文章なので、舗装と橋の点検を台帳につなぐ予定を書き足したい。",
    ),
)
# The years whose figures and progress words a first publication cannot know yet.
_R7: Final = 2025
# Names that stand for many offices mean no unit.
_GROUP: Final = "group"


def data(name: str) -> bytes:
    """One file of the sample."""
    return (resources("yakuba.demo") / "data" / name).read_bytes()


def documents(steps: Steps, name: str) -> list[Form]:
    """The plans in one file of the sample, in the canonical form."""
    return read_bytes(data(name), name, steps.ref.code, steps.ref.name)


def load(steps: Steps) -> None:
    """Publish both editions as they came out, then leave something to do: a change, a document that waits."""
    _edition_r7(steps)
    _calendar(steps)
    edition = _edition_r8(steps)
    _memos(steps, edition)
    _still_open(steps, edition)
    year.observations(steps, edition)
    ahead.plan(steps, edition)


def _edition_r7(steps: Steps) -> None:
    """Published before its year began, and once more at the year's end with what came of it."""
    (document,) = documents(steps, "mihon-r7.json")
    at = japan(2025, 3, 24)
    first = ImportDocument(before_the_year(document, _R7), "")
    edition = import_document(steps.staff("plan:r7:import", "yotsuba", at=at), None, first)
    secretariat = steps.staff("plan:r7", "yotsuba", at=at)
    link_offices(steps, secretariat, edition, [dt.date(2025, 3, 31), dt.date(2025, 4, 1)], "plan:r7:link")
    at = japan(2025, 3, 31, 15)
    publish_edition(steps.staff("plan:r7:publish", "yotsuba", at=at), edition, PublishEdition())
    measures.bind(steps, edition, japan(2026, 2, 10), brought=False)
    year.review(steps, edition, document)
    at = japan(2026, 3, 25)
    again = ImportDocument(document, "")
    edition = import_document(steps.staff("plan:r7:import:end", "itsuki", at=at), None, again)
    note = "令和7年度の進み具合と、3月1日に見込んだ値を加えました。"
    at = japan(2026, 3, 31)
    publish_edition(steps.staff("plan:r7:publish:end", "yotsuba", at=at), edition, PublishEdition(note))


def _edition_r8(steps: Steps) -> Edition:
    """Read from its document and published; republished when the final figures of the year before were in."""
    (document,) = documents(steps, "mihon.json")
    at = japan(2026, 3, 25, 11)
    first = without_theme(without_revisions(document), *UNDECIDED)
    whole = ImportDocument(first, DOCUMENT, files.put(data(DOCUMENT)))
    edition = import_document(steps.staff("plan:import", "itsuki", at=at), None, whole)
    secretariat = steps.staff("plan:r8", "yotsuba", at=at)
    link_offices(steps, secretariat, edition, [dt.date(2026, 4, 1)], "plan:link")
    at = japan(2026, 3, 31, 10, 10)
    publish_edition(steps.staff("plan:publish", "yotsuba", at=at), edition, PublishEdition())
    measures.bind(steps, edition, japan(2026, 4, 6, 11), brought=True)
    at = japan(2026, 4, 20)
    for form in document["initiatives"]:
        for path, value in revisions(form):
            ctx = steps.staff(f"plan:revise:{form['kind']}:{form['number']}:{path}", "itsuki", at=at)
            row = queries.initiatives(ctx, edition).get(kind=form["kind"], number=form["number"])
            as_of = dt.date.fromisoformat(value["as_of"])
            revise(ctx, row, Revise(path, value["raw"], value["reason"], value["status"], as_of))
    note = "令和7年度の確定値を反映しました。オンライン化手続数は、見込の81手続が84手続になりました。"
    at = japan(2026, 6, 26)
    publish_edition(steps.staff("plan:publish:final", "yotsuba", at=at), edition, PublishEdition(note))
    return edition


def _calendar(steps: Steps) -> None:
    """The days of the plan's year, as the secretariat set them before it began."""
    ctx = steps.staff("plan:calendar", "yotsuba", at=japan(2026, 3, 26))
    here = Municipality.objects.for_actor(ctx).get(pk=steps.ref.id)
    change_calendar(ctx, here, ChangeCalendar([{"id": "", "version": 0, "entry": day} for day in days()]))


def _memos(steps: Steps, edition: Edition) -> None:
    for nth, (username, at, (kind, number), text) in enumerate(MEMOS):
        ctx = steps.staff(f"plan:memo:{nth}", username, at=at)
        row = queries.initiatives(ctx, edition).get(kind=kind, number=number)
        write_note(ctx, None, WriteNote(str(edition.pk), text, str(row.pk)))


def _still_open(steps: Steps, edition: Edition) -> None:
    """What changed since the last publication, and next year's draft that was handed in."""
    hachiro = steps.staff("plan:correct", "hachiro")
    maps = queries.initiatives(hachiro, edition).get(kind="advance", number="10")
    after = "公園と消火栓の層を公開し、印刷用の地図を用意します。道路の工事予定は毎週更新します。"
    correct_field(
        hachiro,
        maps,
        CorrectField("texts.schedule", after, "道路の工事予定を載せることにしたため"),
    )
    upload = SimpleUploadedFile(NEXT_DOCUMENT, data(NEXT_DOCUMENT))
    name = uploads.receive(upload, f"{steps.ref.code}:sample")
    receive_file(steps.staff("plan:receive", "itsuki"), None, ReceiveFile(NEXT_DOCUMENT, name))


def link_offices(steps: Steps, ctx: Context, edition: Edition, days: Sequence[dt.date], key: str) -> None:
    """Say which office of those days each printed name means; a group (各課) means none."""
    units = {office.name: office.id for day in days for office in offices_on(steps.ref.id, day)}
    rows = queries.forms(queries.initiatives(ctx, edition))
    offices = [office for _row, form in rows for office in form["offices"]]
    for name in sorted({office["name"] for office in offices if office["role"] != _GROUP}):
        own = steps.ctx(f"{key}:{name}", actor=ctx.actor, at=ctx.now)
        link_office(own, edition, LinkOffice(name, str(units[name])))


def days() -> list[dict[str, str | None]]:
    """The sample's calendar, a day or several each, for the action that changes it."""
    found: list[dict[str, str | None]] = []
    for line in csv.DictReader(io.StringIO(data(CALENDAR).decode("utf-8"))):
        first, last = line["初日"], line["最終日"]
        found.append(
            {
                "first_day": first,
                "last_day": last if last != first else None,
                "title": line["件名"],
                "office": line["担当"],
                "note": line["備考"],
            }
        )
    return found


def without_theme(document: Form, kind: str, number: str) -> Form:
    """A document in which one initiative has no theme yet."""
    found = copy.deepcopy(document)
    for row in found["initiatives"]:
        if (row["kind"], row["number"]) == (kind, number):
            row["themes"] = []
    return found


def before_the_year(document: Form, year: int) -> Form:
    """An edition as it was before its year began: without what came of the year, and without the words about it."""
    found = copy.deepcopy(document)
    found["warnings"], found["stated"]["progress"] = [], {}
    found["plan"]["sections"] = [
        one for one in found["plan"]["sections"] if "進み具合" not in (one["title"] or "")
    ]
    for row in found["initiatives"]:
        row["progress"] = row["progress_meaning"] = None
        row["flags"] = [flag for flag in row["flags"] if flag in ("new", "priority")]
        row["texts"].pop("result", None)
        for indicator in row["indicators"]:
            indicator["values"] = [
                value for value in indicator["values"] if value["kind"] == "target" or value["year"] < year
            ]
    return found


def without_revisions(document: Form) -> Form:
    """A document as it was first published: each value before it was revised."""
    found = copy.deepcopy(document)
    for row in found["initiatives"]:
        for indicator in row["indicators"]:
            indicator["values"] = [value for value in indicator["values"] if not value["revision"]]
    return found


def revisions(form: Form) -> list[tuple[str, Form]]:
    """The revised values of an initiative, each with the path of the value that it replaces."""
    return [
        (f"indicators[{place}].values[{before}]", value)
        for place, indicator in enumerate(form["indicators"])
        for value in indicator["values"]
        for before, other in enumerate(indicator["values"])
        if value["revision"] == 1
        and (other["kind"], other["year"], other["revision"]) == (value["kind"], value["year"], 0)
    ]
