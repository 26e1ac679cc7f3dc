"""Reviewing a reading before it goes into a draft: doubt by doubt beside the source, with the keyboard or without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, Stale
from yakuba.kernel.text import compact
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.lists import known
from yakuba.services.plan import sources
from yakuba.services.plan.actions import (
    SettleReading,
    StagedAnswer,
    UndoSettled,
    settle_reading,
    undo_settled,
)
from yakuba.services.plan.actions.staging import MAX_ANSWERS
from yakuba.services.plan.staging import Choice, Question, alike, choices, mentioned
from yakuba.services.plan.views.desk import staging_desk
from yakuba.services.plan.views.desk.frame import show
from yakuba.services.plan.views.desk.staging_desk import Desk, Shown, Typed, shown, to, while_ready

_AROUND = 2
_OTHERS = 3
_MANY = 2
"""From how many like questions on they are offered together; and a question with so many candidates has just one other."""


@require_safe
@desk_page
@while_ready
def check(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """One doubt beside its source: the one that ``?at=`` names, the first open one behind ``?after=``, or else the first.

    Where all are answered, what is left to do.
    """
    known(request.GET, "at", "after")
    desk = Desk.of(ctx, import_id)
    return _page(request, desk, request.GET.get("at", ""), request.GET.get("after", ""))


def _page(
    request: HttpRequest, desk: Desk, at: str, after: str = "", typed: Typed | None = None
) -> HttpResponse:
    ctx, job = desk.ctx, desk.job
    question = desk.question(at) or desk.after(after)
    total, left = len(desk.questions), len(desk.open)
    return show(
        request,
        ctx,
        "import_check",
        _("読み取りを確かめる"),
        crumbs=staging_desk.crumbs(ctx, job),
        status=200 if typed is None else 409 if typed.stale else 422,
        job=job,
        tabs=staging_desk.steps(desk, "plan-desk-check"),
        total=total,
        done=total - left,
        left=left,
        loose=staging_desk.loose(desk),
        tallies=staging_desk.tallies(desk, question),
        recent=staging_desk.recent(desk),
        mine=next((one for one in reversed(desk.decisions) if one.actor == str(ctx.actor.id)), None),
        answer_href=address("plan-desk-check-answer", ctx, job.pk),
        undo_href=address("plan-desk-check-undo", ctx, job.pk),
        pieces_href=address("plan-desk-check-pieces", ctx, job.pk),
        review_href=address("plan-desk-import", ctx, job.pk),
        typed=typed,
        errors=typed.errors if typed else (),
        broken=len(desk.staged.broken),
        **(_card(desk, question) if question else {"item": None}),
    )


def _card(desk: Desk, question: Question) -> dict[str, object]:
    """A question with its neighbours, its source, and what may be answered together with it."""
    keys = [one.key for one in desk.questions]
    number = keys.index(question.key)
    place = sources.place_of(desk.staged.form(question.at), question.path)
    same = alike(question, desk.questions)
    return {
        "item": shown(desk, question),
        "number": number + 1,
        "before": staging_desk.here(desk, keys[number - 1]) if number else "",
        "after": staging_desk.here(desk, keys[number + 1]) if number + 1 < len(keys) else "",
        "mark": desk.mark(question.at, question.path),
        "place": place,
        "part": sources.part_name(place.part) if place else "",
        "excerpt": sources.excerpt(desk.job, place, _AROUND) if place else None,
        "also": _also(desk, question, place) if place else [],
        "alike": len(same),
        "many": _many(desk, question, same),
        "row_href": address("plan-desk-check-row", desk.ctx, desk.job.pk, *question.at),
    }


def _also(desk: Desk, question: Question, place: sources.Place) -> list[sources.Excerpt]:
    """The other lines that the reasons of a question name, with the cell that prints a candidate."""
    wanted = [compact(one) for one in question.candidates if one]
    found = []
    for line in [one for one in mentioned(question) if one != place.line][:_OTHERS]:
        one = sources.excerpt(desk.job, sources.Place(place.file, line, None, "", place.part), 0)
        if one is None:
            continue
        printed = [compact(text) for text in one.lines[0].cells]
        cell = next((n for n, text in enumerate(printed) if text and text in wanted), None)
        found.append(replace(one, cell=cell))
    return found


def _many(desk: Desk, question: Question, same: Sequence[Question]) -> list[Link]:
    """What like questions may be answered with together."""
    if len(same) < _MANY:
        return []
    base = address("plan-desk-check-many", desk.ctx, desk.job.pk)
    return [
        Link(label, f"{base}?{urlencode({'at': question.key, 'take': take})}")
        for take, label in _takes(desk, same).items()
    ]


def _takes(desk: Desk, same: Sequence[Question]) -> dict[str, str]:
    """What like questions may be answered with: as they were read; or the other reading where each has just one other."""
    found = {"0": _("読み取りのとおりでよいとする")}
    if same and all(len(one.candidates) == _MANY and _other(desk, one) for one in same):
        found["1"] = _("もう1つの候補にする")
    return found


def _other(desk: Desk, question: Question) -> Choice | None:
    """The only other reading of a field; None where there is none, or several."""
    found = choices(desk.staged, question)
    return found[0] if len(found) == 1 else None


@require_POST
@desk_page
@while_ready
def answer(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """Decide about one field: ``take`` is ``keep`` (as it was read) or ``value`` (what is sent as ``value``)."""
    job = staging_desk.light(ctx, import_id)
    key, value = request.POST.get("at", ""), request.POST.get("value", "")
    try:
        staging_desk.decide(request, ctx, job, [staging_desk.answer_of(request)])
    except (Stale, Problem) as problem:
        typed = staging_desk.refused(problem, value)
        return _page(request, Desk.of(ctx, import_id), key, typed=typed)
    return to(f"{address('plan-desk-check', ctx, import_id)}?{urlencode({'after': key})}#question")


@require_POST
@desk_page
@while_ready
def undo(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """Take back what was decided at once, and show it again."""
    desk = Desk.of(ctx, import_id)
    batch = request.POST.get("batch", "")[:40]
    gone = next((one for one in desk.decisions if one.batch == batch), None)
    try:
        undo_settled(ctx, desk.job, UndoSettled(batch))
    except Problem as problem:
        typed = Typed("", tuple(errors_of(problem)))
        return _page(request, Desk.of(ctx, import_id), request.POST.get("at", ""), typed=typed)
    if gone is not None and gone.piece is not None:
        return to(address("plan-desk-check-pieces", ctx, import_id))
    key = f"{gone.document}.{gone.row}.{gone.path}" if gone else ""
    if gone is not None and gone.verdict == "omit" and request.POST.get("at"):
        key = next((one.key for one in desk.questions if one.at == (gone.document, gone.row)), key)
    if gone is not None and desk.question(key) is None and gone.row is not None:
        return to(address("plan-desk-check-row", ctx, import_id, gone.document, gone.row))
    return to(staging_desk.here(desk, key))


@dataclass(frozen=True, slots=True)
class Line:
    """One of many like questions: what it would become."""

    shown: Shown
    becomes: str
    line: int | None
    href: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
@while_ready
def many(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """Answer like questions together: first a list of what each becomes, then those that stay ticked."""
    known(request.GET, "at", "take")
    desk = Desk.of(ctx, import_id)
    at, take = request.GET.get("at", ""), request.GET.get("take", "0")
    question = desk.question(at)
    if question is None:
        raise Missing
    takes = _takes(desk, alike(question, desk.questions))
    if take not in takes:
        raise Missing
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            _together(desk, question, take, request.POST.getlist("chosen"))
        except Problem as problem:
            errors = [FieldError("chosen", error.message) for error in errors_of(problem)]
            desk = Desk.of(ctx, import_id)
        else:
            return to(f"{address('plan-desk-check', ctx, import_id)}?{urlencode({'after': at})}#question")
    same = alike(question, desk.questions)[:MAX_ANSWERS]
    lines = [_line(desk, one, take) for one in same]
    return show(
        request,
        ctx,
        "import_many",
        _("同じ理由の読み取りをまとめて確かめる"),
        crumbs=[
            *staging_desk.crumbs(ctx, desk.job),
            Link(_("読み取りを確かめる"), address("plan-desk-check", ctx, import_id)),
        ],
        status=422 if errors else 200,
        job=desk.job,
        item=shown(desk, question),
        lines=lines,
        what=takes[take],
        back=staging_desk.here(desk, at),
        errors=errors,
    )


def _together(desk: Desk, question: Question, take: str, chosen: Sequence[str]) -> None:
    """Answer the chosen questions, all of which must still be open. Raises :class:`Problem`."""
    if not chosen:
        raise Problem("chosen", _("1件以上を選んでください。"), field="chosen")
    wanted = [one for one in alike(question, desk.questions) if one.key in set(chosen)]
    if len(wanted) < len(set(chosen)):
        if not wanted and all(desk.mine(key) for key in chosen):
            return  # the same form came twice, and the first was done
        raise Problem(
            "chosen",
            _("ほかの人が先に答えた項目があります。今の一覧を見て選び直してください。"),
            field="chosen",
        )
    data = SettleReading([_given(desk, one, take) for one in wanted])
    settle_reading(desk.ctx, desk.job, data, expected_version=desk.job.version)


def _line(desk: Desk, question: Question, take: str) -> Line:
    one = shown(desk, question)
    place = sources.place_of(one.form, question.path)
    other = None if take == "0" else _other(desk, question)
    becomes = other.text if other else one.text
    return Line(one, becomes, place.line if place else None, staging_desk.here(desk, question.key))


def _given(desk: Desk, question: Question, take: str) -> StagedAnswer:
    made: StagedAnswer = {
        "document": question.document,
        "row": question.row,
        "path": question.path,
        "verdict": "keep",
    }
    other = None if take == "0" else _other(desk, question)
    return {**made, "verdict": "correct", "value": other.value} if other else made
