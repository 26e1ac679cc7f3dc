"""An item of an agenda: what it is about, its papers, what was decided; and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.bodies import access, actions, rules
from yakuba.engines.bodies.matters import MATTERS
from yakuba.engines.bodies.models import AgendaItem
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.queries import sitting
from yakuba.engines.bodies.views.frame import keeps, show, to_meeting
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.fields import specs_of
from yakuba.kernel.files import limits
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.formats import moment


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def item(request: HttpRequest, ctx: Context, meeting_id: UUID, item_id: UUID) -> HttpResponseBase:
    """Read it; the secretariat changes it, or takes it off."""
    found = queries.item(ctx, meeting_id, item_id)
    if request.method != "POST":
        return page(request, ctx, found)
    typed = {key: request.POST.get(key, "") for key in specs_of(actions.ChangeItem)}
    try:
        version = version_of(request)
        if request.POST.get("do") == "take_off":
            typed = {}
            actions.take_off(ctx, found.meeting, actions.Which(str(found.pk)))
            return see("bodies-meeting", ctx, meeting_id)
        actions.change_item(ctx, found, actions.change_item.read_text(typed), expected_version=version)
    except Problem as problem:
        return page(request, ctx, queries.item(ctx, meeting_id, item_id), problem, typed=typed)
    return see("bodies-item", ctx, meeting_id, item_id)


def page(
    request: HttpRequest,
    ctx: Context,
    found: AgendaItem,
    problem: Problem | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    attached: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, with what was typed where something was refused."""
    meeting = found.meeting
    reads = access.READ_PAPERS.may(ctx, meeting).allowed
    changes = keeps(ctx) and meeting.state in rules.PREPARING
    return show(
        request,
        ctx,
        "item",
        found.title,
        crumbs=to_meeting(ctx, meeting),
        problem=problem,
        item=found,
        meeting=meeting,
        what=dict(rules.WHATS)[found.what],
        facts=_facts(ctx, found),
        reads=reads,
        sections=_sections(ctx, found) if reads else [],
        papers=queries.papers(ctx, meeting).get(found.pk, []),
        answers=_answers(ctx, found) if reads and meeting.way == rules.CIRCULAR else [],
        changes=changes,
        typed=typed or _typed_of(found),
        specs=specs_of(actions.ChangeItem),
        opened=bool(typed),
        attached=attached or {},
        limit=limits.in_mb(LIMITS.size),
        decide_href=address("bodies-decide", ctx, meeting.pk, found.pk)
        if keeps(ctx) and meeting.state == "held"
        else "",
    )


def _typed_of(found: AgendaItem) -> dict[str, str]:
    return {
        "title": found.title,
        "what": found.what,
        "explanation": found.explanation,
        "position": str(found.position),
    }


def _facts(ctx: Context, found: AgendaItem) -> list[Fact]:
    rows = [Fact(_("区分"), dict(rules.WHATS)[found.what])]
    if found.matter and found.matter in MATTERS:
        rows.append(Fact(_("付議した案件"), str(MATTERS.get(found.matter).label)))
    if found.decided_at is not None:
        rows.append(Fact(_("決定"), found.decision))
        if found.matter and found.matter in MATTERS and found.choice != rules.DEFERRED[0]:
            rows.append(Fact(_("内訳"), MATTERS.get(found.matter).decided_words(found.choice, found.details)))
        rows.append(Fact(_("理由・意見"), found.reason))
        rows.append(Fact(_("記録した日時"), moment(found.decided_at)))
    return [one for one in rows if one.value]


def _sections(ctx: Context, found: AgendaItem) -> list[tuple[str, list[Fact], str]]:
    return [
        (one.heading, [Fact(label, text) for label, text in one.facts], one.text)
        for one in queries.summary(ctx, found)
    ]


def _answers(ctx: Context, found: AgendaItem) -> list[tuple[str, str, str]]:
    """What each seat answered: (who, answer, words)."""
    given = queries.answers(ctx, found.meeting)
    rows = []
    for one in sitting.of_meeting(ctx, found.meeting):
        if not one.votes or one.vacant:
            continue
        answer = given.get((found.pk, one.key))
        rows.append(
            (
                one.label,
                dict(rules.ANSWERS)[answer.answer] if answer else _("まだ"),
                answer.words if answer else "",
            )
        )
    return rows


# --- deciding -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def decide(request: HttpRequest, ctx: Context, meeting_id: UUID, item_id: UUID) -> HttpResponseBase:
    """Record what was decided; then comes the next item that is undecided."""
    found = queries.item(ctx, meeting_id, item_id)
    need(access.KEEP_ITEM, ctx)
    if request.method != "POST":
        if found.meeting.state != "held":
            return see("bodies-item", ctx, meeting_id, item_id)
        words = found.decision if found.decision not in dict(queries.choices(ctx, found)).values() else ""
        return _decide(request, ctx, found, {"choice": found.choice, "words": words, "reason": found.reason})
    typed = {key: request.POST.get(key, "") for key in ("choice", "words", "reason")}
    try:
        version = version_of(request)
        data = actions.record_decisions.read_text(typed)
        actions.record_decisions(ctx, found, data, expected_version=version)
    except Problem as problem:
        return _decide(request, ctx, queries.item(ctx, meeting_id, item_id), typed, problem)
    return see("bodies-meeting", ctx, meeting_id)


def _decide(
    request: HttpRequest,
    ctx: Context,
    found: AgendaItem,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    meeting = found.meeting
    seats = sitting.of_meeting(ctx, meeting)
    count = queries.count_of(meeting, seats, queries.attendances(meeting))
    tally = queries.tallies(meeting, seats).get(found.pk) if meeting.way == rules.CIRCULAR else None
    href = ""
    if found.matter and found.matter in MATTERS and found.decided_at is None:
        href = MATTERS.get(found.matter).details_href(ctx, found)
    return show(
        request,
        ctx,
        "decide",
        _("決定を記録する"),
        crumbs=to_meeting(ctx, meeting),
        problem=problem,
        item=found,
        meeting=meeting,
        what=dict(rules.WHATS)[found.what],
        choices=queries.choices(ctx, found),
        count=count,
        tally=tally,
        sections=_sections(ctx, found),
        details_href=href,
        details=len(found.details),
        typed=typed,
        specs=specs_of(actions.Decision),
        back=address("bodies-meeting", ctx, meeting.pk),
    )
