"""Deciding about a reading before it goes into a draft: field by field, piece by piece, many at once, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.kernel.ids import uuid7
from yakuba.services.plan import access, cells, rules
from yakuba.services.plan.models import Import, StagedDecision
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import Decision, Staged, replay, settled

# What a page sends at once, and what one reading may be decided about in all.
MAX_ANSWERS = 500
MAX_DECISIONS = 5000
_LONGEST = 20_000


def _not_ready(job: Import) -> str:
    if job.state in ("committed", "discarded", "refused"):
        return _("この取り込みは終わっています。")
    return "" if job.state == "ready" else _("まだ読み取りが終わっていません。")


REVIEW = access.import_while(_not_ready)


class StagedAnswer(TypedDict):
    """What somebody decided about a field of a row (``row``, ``path``) or about an unplaced piece (``piece``); places from 0.

    ``verdict`` is ``keep`` (right as it was read), ``correct`` (``value`` is what it should be), ``aside`` (the piece need not be
    read) or ``copy`` (the piece, as ``value``, goes into the field).
    """

    document: int
    verdict: str
    row: NotRequired[int]
    piece: NotRequired[int]
    path: NotRequired[str]
    value: NotRequired[str]


@dataclass(frozen=True)
class SettleReading:
    """Decisions about a reading that are made at once, and taken back at once."""

    answers: Annotated[
        list[StagedAnswer], fields.document(label="決定", classification=INTERNAL, required=True)
    ]


@dataclass(frozen=True)
class UndoSettled:
    """Which decisions to take back: those that were made at once."""

    batch: Annotated[str, fields.text(label="まとまり", classification=INTERNAL, max_length=40)]


@action("plan.settle_reading", label="読み取りを確かめる", may=REVIEW, data=SettleReading)
def settle_reading(ctx: Context, job: Import, data: SettleReading) -> Import:
    """Decide about fields and pieces of a reading, all of it or nothing. Raises :class:`Problem` for what cannot be kept."""
    there = decisions_of(job)
    if not 0 < len(data.answers) <= MAX_ANSWERS or len(there) + len(data.answers) > MAX_DECISIONS:
        raise Problem("many", _("一度に決められるのは%(n)d件までです。") % {"n": MAX_ANSWERS})
    staged = replay(job.reading["documents"], there)
    first = 1 + (
        StagedDecision.unscoped.filter(job=job).order_by("-number").values_list("number", flat=True).first()
        or 0
    )
    batch = str(uuid7())
    fresh: list[Decision] = []
    told: list[JsonValue] = []
    for number, answer in enumerate(data.answers, start=first):
        decision = _decision(ctx, number, batch, answer)
        told.append({"plan_import": str(job.pk), **_taken(staged, decision)})
        fresh.append(decision)
    StagedDecision.unscoped.bulk_create([_record(job, one) for one in fresh], batch_size=200)
    ctx.note(cells=told)
    return job


@action("plan.undo_settled", label="読み取りの決定を取り消す", may=REVIEW, data=UndoSettled)
def undo_settled(ctx: Context, job: Import, data: UndoSettled) -> Import:
    """Take back what was decided at once. Raises :class:`Problem` where later decisions build on it."""
    there = decisions_of(job)
    gone = [one for one in there if one.batch == data.batch]
    if not gone:
        raise Problem("undone", _("取り消す決定がありません。もう取り消されています。"), field="batch")
    documents: list[Form] = job.reading["documents"]
    before = replay(documents, there)
    after = replay(documents, [one for one in there if one.batch != data.batch])
    if len(after.broken) > len(before.broken):
        raise Problem(
            "built_on",
            _("あとの決定がこの決定に頼っています。あとの決定を先に取り消してください。"),
            field="batch",
        )
    StagedDecision.unscoped.filter(job=job, batch=data.batch).update(
        undone_at=ctx.now, undone_by=ctx.actor.label[:200]
    )
    ctx.note(cells=[{"plan_import": str(job.pk), **_told(before, after, one)} for one in gone])
    return job


def decisions_of(job: Import) -> list[Decision]:
    """The decisions about a reading that stand, in their order."""
    return plain(StagedDecision.unscoped.filter(job=job, undone_at=None).order_by("number"))


def plain(records: Iterable[StagedDecision]) -> list[Decision]:
    """Stored decisions as the rules take them."""
    return [
        Decision(
            number=one.number,
            batch=one.batch,
            document=one.document,
            verdict=one.verdict,
            by=one.decided_by,
            at=one.decided_at,
            on=japan_date(one.decided_at).isoformat(),
            row=one.row,
            piece=one.piece,
            path=one.path,
            value=one.value,
            actor=one.actor,
        )
        for one in records
    ]


def staged_of(job: Import) -> Staged:
    """The documents of a reading with everything that was decided about them."""
    return replay(job.reading["documents"], decisions_of(job))


def forget_decisions(job: Import) -> None:
    """The reading is thrown away, and what was decided about it."""
    StagedDecision.unscoped.filter(job=job).delete()


def _decision(ctx: Context, number: int, batch: str, answer: StagedAnswer) -> Decision:
    """An answer as it came in. Raises :class:`Problem` for what is none."""
    given: Mapping[str, object] = {"row": None, "piece": None, "path": "", "value": "", **answer}
    document, row, piece = (_place(given.get(key)) for key in ("document", "row", "piece"))
    path, value, verdict = given["path"], given["value"], str(given.get("verdict"))
    shape = {
        "keep": (True, False),
        "correct": (True, False),
        "aside": (False, True),
        "copy": (True, True),
    }
    if (
        document is None
        or shape.get(verdict) != (row is not None, piece is not None)
        or not (isinstance(path, str) and len(path) <= 120)
        or not (isinstance(value, str) and len(value) <= _LONGEST)
    ):
        raise Problem("answer", _("決定の形が正しくありません。"), field="answers", found=str(answer)[:80])
    return Decision(
        number=number,
        batch=batch,
        document=document,
        verdict=verdict,
        by=ctx.actor.label[:200],
        at=ctx.now,
        on=japan_date(ctx.now).isoformat(),
        row=row,
        piece=piece,
        path=path,
        value=value.replace("\r\n", "\n"),
        actor=str(ctx.actor.id)[:80],
    )


def _place(found: object) -> int | None:
    """A place in a list; None for what is none."""
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 10**6
    return found if fits and isinstance(found, int) else None


def _record(job: Import, one: Decision) -> StagedDecision:
    return StagedDecision(
        municipality_id=job.municipality_id,
        job=job,
        number=one.number,
        batch=one.batch,
        document=one.document,
        row=one.row,
        piece=one.piece,
        path=one.path,
        verdict=one.verdict,
        value=one.value,
        decided_at=one.at,
        decided_by=one.by,
        actor=one.actor,
    )


def _taken(staged: Staged, decision: Decision) -> dict[str, JsonValue]:
    """Put a decision upon what was decided before, and tell it."""
    try:
        return _put(staged, decision)
    except LookupError as gone:
        raise Problem("path", _("この読み取りにない項目です。"), field="path", found=decision.path) from gone


def _put(staged: Staged, decision: Decision) -> dict[str, JsonValue]:
    document = staged.documents[decision.document]
    text = ""
    if decision.piece is not None:
        text = document["unplaced"][decision.piece]["text"]
        if (decision.document, decision.piece) in staged.pieces:
            raise Problem("decided", _("この記載は、もう片付いています。"), field="piece", found=text[:60])
        staged.pieces[decision.document, decision.piece] = decision
    if decision.row is None:
        return _piece(text, "", "読まなくてよい")
    at = (decision.document, decision.row)
    before = staged.form(at)
    if decision.verdict == "keep" and all(doubt["field"] != decision.path for doubt in before["doubts"]):
        raise Problem("path", _("確認が要る項目ではありません。"), field="path", found=decision.path)
    after = settled(staged, at, decision)
    document["initiatives"][decision.row] = after
    staged.fields[(*at, decision.path)] = decision
    return _line(before, after, decision)


def _told(before: Staged, after: Staged, decision: Decision) -> dict[str, JsonValue]:
    if decision.row is None:
        text = after.documents[decision.document]["unplaced"][decision.piece]["text"]
        return _piece(text, "読まなくてよい", "")
    at = (decision.document, decision.row)
    return _line(before.form(at), after.form(at), decision)


def _piece(text: str, before: str, after: str) -> dict[str, JsonValue]:
    """A piece without a place for the trail."""
    return {"number": text[:80], "path": "置き場所のない記載", "from": before, "to": after}


def _line(before: Form, after: Form, decision: Decision) -> dict[str, JsonValue]:
    """One decision for the trail, in the municipality's language whatever its writer reads; ``path`` is the field's name."""
    with translation.override("ja"):
        label = decision.path
        for form in (after, before):
            try:
                label = cells.full_name(form, decision.path)
                break
            except LookupError:
                continue
        return {
            "number": f"{after['number']} {after['title']}".strip()[:80],
            "path": label,
            "field": f"{decision.document}.{decision.row}.{decision.path}",
            "from": rules.shown(before, decision.path),
            "to": rules.shown(after, decision.path),
        }
