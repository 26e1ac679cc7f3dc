"""Documents on their way in: received, read, looked at, taken into a draft (MECHANISMS §8, §9)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, Problems, action
from yakuba.kernel.dates.fiscal import FiscalYear
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.files import store as files
from yakuba.kernel.files.models import StoredFile
from yakuba.services.plan import access, cells, elsewhere, queries, rows, rules
from yakuba.services.plan.actions.saving import Paired, remove_initiatives, save_initiatives, save_nodes
from yakuba.services.plan.actions.staging import forget_decisions, leave_out_again, staged_of
from yakuba.services.plan.models import Edition, Import, Initiative, Node, Note, Plan
from yakuba.services.plan.parsing import MAX_INITIATIVES
from yakuba.services.plan.reading.document import dumps
from yakuba.services.plan.review import answers, continued
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import questions, weighty

# How long the document itself is kept: as long as the plan that was made from it.
RETENTION = "plan_source"


@dataclass(frozen=True)
class ReceiveFile:
    """A file put down in the upload folder under a name of our own."""

    file_name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    upload: Annotated[str, fields.text(label="一時ファイル", classification=INTERNAL, max_length=80)]


@dataclass(frozen=True)
class ImportDocument:
    """A whole document in the canonical form, ready to become a draft."""

    document: Annotated[
        dict[str, Any], fields.document(label="読み取り結果", classification=INTERNAL, required=True)
    ]  # Any: JSON
    file_name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)] = ""
    sha256: Annotated[str, fields.text(label="ファイルの印", classification=INTERNAL, max_length=64)] = ""


@dataclass(frozen=True)
class CommitImport:
    """The decision to take a reading in.

    ``ours``: a person says that it is this municipality's plan, whatever its title names; ``unchecked``: a person knows that
    names or new initiatives were not checked (:func:`..staging.weighty`).
    """

    ours: Annotated[bool, fields.yes_no(label="この自治体の計画", classification=INTERNAL)] = False
    unchecked: Annotated[bool, fields.yes_no(label="確かめていない読み取り", classification=INTERNAL)] = False


@dataclass(frozen=True)
class RecordReading:
    """What the reader made of a received file: one document, or several editions of an export."""

    documents: Annotated[
        list[dict[str, Any]], fields.document(label="読み取り結果", classification=INTERNAL, required=True)
    ]  # Any: JSON
    sha256: Annotated[str, fields.text(label="ファイルの印", classification=INTERNAL, max_length=64)]


@dataclass(frozen=True)
class Refusal:
    """Why a file cannot be read, for the person who sent it."""

    message: Annotated[str, fields.prose(label="理由", classification=INTERNAL, required=True)]


def _not_final(job: Import) -> str:
    if job.state in ("committed", "discarded", "refused"):
        return _("この取り込みは終わっています。")
    return ""


RUN_IMPORT = access.import_while(_not_final)


@action("plan.receive_file", label="文書を受け取る", may=access.IMPORT, data=ReceiveFile)
def receive_file(ctx: Context, _subject: None, data: ReceiveFile) -> Import:
    """Note a received file; the worker reads it."""
    job = Import.unscoped.create(
        municipality_id=ctx.municipality.id,
        file_name=data.file_name,
        upload=data.upload,
        state="queued",
        created_at=ctx.now,
        created_by=ctx.actor.label[:200],
    )
    ctx.publish("plan.file_received", {"import": str(job.pk)}, key=f"plan.file_received:{job.pk}")
    return job


@action("plan.start_reading", label="読み取りを始める", may=RUN_IMPORT, data=NoData)
def start_reading(_ctx: Context, job: Import, _data: NoData) -> Import:
    """Say that the reader is at work."""
    job.state = "reading"
    job.save(update_fields=["state"])
    return job


@action("plan.record_reading", label="読み取り結果を置く", may=RUN_IMPORT, data=RecordReading)
def record_reading(ctx: Context, job: Import, data: RecordReading) -> Import:
    """Keep the reading for a person to look at. Nothing of the plan changes yet."""
    job.reading = {"documents": data.documents}
    job.file = files.refer(ctx, data.sha256, job.file_name, retention_class=RETENTION)
    job.upload = ""
    job.state = "ready"
    job.save()
    leave_out_again(ctx, job)
    return job


@action("plan.refuse_import", label="読めない文書を断る", may=RUN_IMPORT, data=Refusal)
def refuse_import(_ctx: Context, job: Import, data: Refusal) -> Import:
    """Tell the sender why the file cannot be read; the file itself is not kept."""
    job.state = "refused"
    job.message = data.message
    job.upload = ""
    job.save()
    return job


@action("plan.discard_import", label="取り込みをやめる", may=RUN_IMPORT, data=NoData)
def discard_import(_ctx: Context, job: Import, _data: NoData) -> Import:
    """Throw a reading away."""
    forget_decisions(job)
    job.state = "discarded"
    job.reading = {}
    job.upload = ""
    job.save()
    return job


@action("plan.commit_import", label="下書きに反映する", may=RUN_IMPORT, data=CommitImport)
def commit_import(ctx: Context, job: Import, data: CommitImport) -> Import:
    """Take a reading into the drafts of its editions, all of it or nothing; the import points to the newest of them."""
    if job.state != "ready":
        raise Problem("not_ready", _("まだ読み取りが終わっていません。"), found=job.state)
    documents: list[Form] = job.reading["documents"]
    staged = staged_of(job)
    there = continued(ctx, documents)
    asked = questions(documents, staged, answers(there, documents))
    problems = []
    if elsewhere.warnings_of(documents) and not data.ours:
        message = _(
            "ほかの自治体の計画のように読めます。この自治体の計画であれば、そのことを確かめて印を付けてください。"
        )
        problems.append(Problem("other_municipality", message, field="ours"))
    if (left := weighty(asked, there)) and not data.unchecked:
        message = _(
            "取組名や新しい取組の読み取りに、確かめていないものが%(n)d件あります。このまま反映するときは、印を付けてください。"
        )
        problems.append(Problem("unchecked", message % {"n": len(left)}, field="unchecked"))
    if problems:
        raise Problems(problems)
    taken = [
        _take_in(ctx, staged.taken(number), job.file, staged.decided(number))
        for number in range(len(staged.documents))
    ]
    job.edition = max((one.edition for one in taken), key=lambda edition: edition.year)
    job.state = "committed"
    ctx.note(
        **_together(taken),
        decisions=len(staged.fields) + len(staged.pieces) + len(staged.left_out),
        unchecked=sum(one.state == "open" for one in asked),
    )
    job.save()
    return job


@action("plan.import", label="計画書を取り込む", may=access.IMPORT_DOCUMENT, data=ImportDocument)
def import_document(ctx: Context, _subject: None, data: ImportDocument) -> Edition:
    """Take a document straight into the draft of its edition (command line, API)."""
    file = files.refer(ctx, data.sha256, data.file_name, retention_class=RETENTION) if data.sha256 else None
    taken = _take_in(ctx, data.document, file)
    ctx.note(**taken.notes)
    return taken.edition


@dataclass(frozen=True)
class _Taken:
    """An edition that a document went into, and what the trail keeps of it."""

    edition: Edition
    notes: dict[str, Any]  # Any: JSON for the trail


def _together(taken: Sequence[_Taken]) -> dict[str, Any]:  # Any: JSON for the trail
    """What the trail keeps of all documents of one file: counts added up, changes one after another, each edition by name."""
    if len(taken) == 1:
        return taken[0].notes
    notes = [one.notes for one in taken]
    return {
        "editions": [{"edition": str(one.edition), "initiatives": one.notes["initiatives"]} for one in taken],
        **{key: sum(one[key] for one in notes) for key in ("initiatives", "new", "unplaced")},
        **{key: [item for one in notes for item in one[key]] for key in ("cells", "removed")},
        "overwritten": {
            str(one.edition): one.notes["overwritten"] for one in taken if one.notes["overwritten"]
        },
        "document": [one["document"] for one in notes],
    }


def _take_in(
    ctx: Context,
    document: Form,
    file: StoredFile | None,
    decided: Mapping[int, Sequence[str]] = MappingProxyType({}),
) -> _Taken:
    """``decided`` names the fields of each row that somebody decided about this reading: they are newer than the draft's."""
    fresh: list[Form] = document["initiatives"]
    if len(fresh) > MAX_INITIATIVES:
        raise Problem(
            "too_many",
            _("取組が多すぎます。%(expected)s件までの文書に分けてください。")
            % {"expected": f"{MAX_INITIATIVES:,}"},
            found=str(len(fresh)),
            expected=str(MAX_INITIATIVES),
        )
    edition, made = _edition_for(ctx, document)
    own = Initiative.unscoped.filter(edition=edition)
    list(own.select_for_update().order_by("pk"))  # in one order, behind the edition's lock
    current = queries.forms(own.order_by("position", "id"))
    pairing = rules.pair([form for _row, form in current], fresh)
    pairs: list[Paired] = []
    lost: list[dict[str, Any]] = []  # Any: JSON for the draft's warnings
    for place, (form, match) in enumerate(zip(fresh, pairing.matches, strict=True)):
        if match is None:
            pairs.append(Paired(form))
            continue
        row, before = current[match]
        merged, without_place = rules.keep_corrections(before, form, decided.get(place, ()))
        lost += [_lost_warning(before, path) for path in without_place]
        pairs.append(Paired(merged, row, before))
    left = [current[index] for index in pairing.left]
    # Rows that the new reading does not have: those that people corrected or wrote a note on stay, the others go.
    noted = set(Note.unscoped.filter(edition=edition).values_list("initiative", flat=True))
    kept = [(row, form) for row, form in left if form["corrected"] or row.pk in noted]
    gone = [(row, form) for row, form in left if not (form["corrected"] or row.pk in noted)]
    pairs += [Paired(form, row, form) for row, form in kept]
    lost += [_gone_warning(form) for _row, form in kept]
    overwritten = _overwritten(edition, document)
    nodes = save_nodes(ctx, edition, document["nodes"])
    remove_initiatives(ctx, [row for row, _form in gone])
    save_initiatives(ctx, edition, pairs, nodes)
    _fill_edition(edition, document, file, lost)
    if not made:
        edition.version += 1
    edition.save()
    notes = {
        "initiatives": len(pairs),
        "new": sum(1 for pair in pairs if pair.row is None),
        "cells": _changed_cells(pairs),
        "removed": [form for _row, form in gone],
        "overwritten": overwritten,
        "unplaced": len(document["unplaced"]),
        "document": hashlib.sha256(dumps(document).encode()).hexdigest(),
    }
    return _Taken(edition, notes)


def _changed_cells(pairs: Sequence[Paired]) -> list[dict[str, str]]:
    """Cell by cell what a second reading changed, for the trail."""
    return [
        {
            "initiative": str(pair.row.pk),
            "number": pair.form["number"],
            "path": change.path,
            "label": change.label,
            "from": change.before,
            "to": change.after,
        }
        for pair in pairs
        if pair.row is not None and pair.before is not None and pair.before != pair.form
        for change in cells.changes(pair.before, pair.form)
    ]


def _overwritten(edition: Edition, document: Form) -> Form:
    """What of the edition's tree and head the document changes, as it was: the trail keeps it."""
    nodes = [rows.node_form(node) for node in Node.unscoped.filter(edition=edition).order_by("position")]
    before = {
        "levels": edition.levels,
        "nodes": nodes,
        "bodies": edition.bodies,
        "stated": edition.stated,
        "plan": edition.prose,
    }
    after = {**document, "plan": _prose(document["plan"])}
    return {key: value for key, value in before.items() if value and value != after[key]}


def _prose(about: Form) -> Form:
    keys = (*queries.PROSE_KEYS, *queries.SPARSE_PROSE_KEYS)
    return {key: about[key] for key in keys if about.get(key)}


def _edition_for(ctx: Context, document: Form) -> tuple[Edition, bool]:
    """The draft to write, locked: the one of the same plan, label and year, or a new one (True)."""
    about = document["plan"]
    here = {"municipality_id": ctx.municipality.id}
    plan, _made = Plan.unscoped.get_or_create(
        **here,
        title=about["title"],
        first_year=FiscalYear(about["first_year"]),
        defaults={"last_year": FiscalYear(about["last_year"])},
    )
    if plan.last_year != FiscalYear(about["last_year"]):
        plan.last_year = FiscalYear(about["last_year"])
        plan.save(update_fields=["last_year"])
    label = about["edition"] or ""
    edition, made = Edition.unscoped.get_or_create(
        **here, plan=plan, label=label, year=rules.edition_year(about), defaults={"state": "draft"}
    )
    return Edition.unscoped.select_for_update().select_related("plan").get(pk=edition.pk), made


def _fill_edition(edition: Edition, document: Form, file: StoredFile | None, lost: list[Form]) -> None:
    edition.state = "draft"
    edition.levels = document["levels"]
    # A document that says nothing of the edition before leaves what people said of it.
    said = {key: edition.prose[key] for key in queries.SPARSE_PROSE_KEYS if edition.prose.get(key)}
    edition.prose = said | _prose(document["plan"])
    edition.bodies = document["bodies"]
    edition.stated = document["stated"]
    edition.warnings = [*document["warnings"], *lost]
    edition.unplaced = document["unplaced"]
    edition.file = file or edition.file


def _lost_warning(form: Form, path: str) -> Form:
    return {
        "line": None,
        "code": "correction-without-place",
        "text": _("取組%(number)sの訂正した項目「%(path)s」は、読み直した文書に置き場所がありません。")
        % {"number": form["number"], "path": path},
    }


def _gone_warning(form: Form) -> Form:
    return {
        "line": None,
        "code": "corrected-row-missing",
        "text": _("取組%(number)sは読み直した文書にありませんが、訂正した項目があるので残しました。")
        % {"number": form["number"]},
    }
