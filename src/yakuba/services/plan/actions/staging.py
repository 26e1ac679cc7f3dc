"""Deciding about a reading before it goes into a draft: field by field, piece by piece, many at once, and taking it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final, NotRequired, TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import INTERNAL, JsonValue
from yakuba.kernel.ids import uuid7
from yakuba.services.plan import access, cells, rules
from yakuba.services.plan.applying import taken
from yakuba.services.plan.models import Import, StagedDecision
from yakuba.services.plan.parts import blank
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import Decision, Row, Staged, put, replay

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
    """What somebody decided about a row or a field of it (``row``, ``path``) or about an unplaced piece (``piece``); places from 0.

    ``verdict`` is ``keep`` (right as it was read), ``correct`` (``value`` is what it should be), ``aside`` (the piece need not be
    read), ``copy`` (the piece, as ``value``, goes into the field), ``omit`` (the row is no initiative) or ``make`` (the piece is an
    initiative whose name is ``value``; ``row`` is the first free place, and answers behind it may say more about that row).
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
    _ask_numbers(staged, [(one.document, one.row) for one in fresh if one.verdict == "make" and one.row])
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
        "omit": (True, False),
        "make": (True, True),
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
    if decision.row is None:
        put(staged, decision)
        return _piece(text, "", "読まなくてよい")
    at = (decision.document, decision.row)
    if at in staged.left_out:
        message = _("この取組は、取り込まないことになっています。先にその決定を取り消してください。")
        raise Problem("left_out", message, field="row", found=staged.form(at)["title"][:60])
    if decision.verdict == "make":
        if decision.row != len(document["initiatives"]):
            raise Problem("place", _("ほかの人が先に決めました。もう一度送ってください。"), field="piece")
        put(staged, decision)
        return _whole(staged.form(at), "", MADE)
    before = staged.form(at)
    if decision.verdict == "omit":
        put(staged, decision)
        return _whole(before, "", OMITTED)
    if decision.verdict == "keep" and all(doubt["field"] != decision.path for doubt in before["doubts"]):
        raise Problem("path", _("確認が要る項目ではありません。"), field="path", found=decision.path)
    put(staged, decision)
    return _line(before, staged.form(at), decision)


def _told(before: Staged, after: Staged, decision: Decision) -> dict[str, JsonValue]:
    if decision.row is None:
        text = after.documents[decision.document]["unplaced"][decision.piece]["text"]
        return _piece(text, "読まなくてよい", "")
    at = (decision.document, decision.row)
    if decision.verdict in ("omit", "make"):
        return _whole(before.form(at), OMITTED if decision.verdict == "omit" else MADE, "")
    try:
        return _line(before.form(at), after.form(at), decision)
    except LookupError:  # the row itself is taken back with it
        form = before.form(at)
        return _line(form, {**blank(form["title"], form["year"]), "number": form["number"]}, decision)


#: What becomes of a row as a whole, in the municipality's language, for the trail.
OMITTED: Final = "取組として取り込まない"
MADE: Final = "置き場所のない記載を、新しい取組にする"


def _whole(form: Form, before: str, after: str) -> dict[str, JsonValue]:
    """What becomes of a row as a whole, for the trail."""
    return {"number": _named(form), "path": "取組", "from": before, "to": after}


def _named(form: Form) -> str:
    return f"{form['number']} {form['title']}".strip()[:80]


def _ask_numbers(staged: Staged, made: Sequence[Row]) -> None:
    """Raises :class:`Problem` where a row that was made has the number of another one."""
    for at in made:
        others = [
            form
            for place, form in staged.rows(at[0])
            if place != at[1] and (at[0], place) not in staged.left_out
        ]
        for problem in taken(others, {"number": staged.form(at)}):
            raise problem


def leave_out_again(ctx: Context, job: Import) -> None:
    """Rows that were left out of the same document when it was taken in before are left out of its new reading too.

    A row is the same where document, kind, number, name and place are; whoever decided it then is named, and it can be taken back.
    """
    if job.file is None:
        return
    same = {"municipality": job.municipality_id, "file__sha256": job.file.sha256, "state": "committed"}
    earlier = Import.unscoped.filter(**same).exclude(pk=job.pk).order_by("-created_at").first()
    if earlier is None:
        return
    made = [one for one in decisions_of(earlier) if one.verdict == "omit"]
    there = _identities(earlier.reading["documents"])
    known = {mark: at for at, mark in _identities(job.reading["documents"]).items()}
    batch = str(uuid7())
    again: list[Decision] = []
    for one in made:
        at = known.get(there.get((one.document, one.row or 0), ()))
        if at is not None:
            again.append(
                replace(
                    one, number=len(again) + 1, batch=batch, document=at[0], row=at[1], at=ctx.now,
                )
            )  # fmt: skip
    StagedDecision.unscoped.bulk_create([_record(job, one) for one in again], batch_size=200)
    staged = replay(job.reading["documents"], again)
    if again:
        told: list[JsonValue] = [
            {"plan_import": str(job.pk), **_whole(staged.form(at), "", OMITTED)} for at in staged.left_out
        ]
        ctx.note(cells=told)


def _identities(documents: Sequence[Form]) -> dict[Row, tuple[object, ...]]:
    """By what each row of a reading is known again in another reading of the same document; rows that share it have none."""
    found = {}
    for number, document in enumerate(documents):
        about = document["plan"]
        for row, form in enumerate(document["initiatives"]):
            source = form["source"] or {}
            found[number, row] = (
                *(about["title"], about["edition"], form["kind"], form["number"], form["title"]),
                *(source.get("part", ""), source.get("line")),
            )
    often = Counter(found.values())
    return {at: mark for at, mark in found.items() if often[mark] == 1}


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
            "number": _named(after),
            "path": label,
            "field": f"{decision.document}.{decision.row}.{decision.path}",
            "from": rules.shown(before, decision.path),
            "to": rules.shown(after, decision.path),
        }
