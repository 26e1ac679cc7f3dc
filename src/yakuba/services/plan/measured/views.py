"""The indicators of an edition and what measures them: proposals that a person confirms, what is bound, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.sheets.respond import Format
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import access as plan_access
from yakuba.services.plan import queries as plan
from yakuba.services.plan.measured import lines, queries
from yakuba.services.plan.measured.actions import (
    BindIndicators,
    BindRow,
    DeclinedRow,
    DeclineSources,
    bind_indicators,
    decline_sources,
)
from yakuba.services.plan.measured.lines import Choice, Line, Sheet, sheet_of
from yakuba.services.plan.models import Edition
from yakuba.services.plan.views.desk.frame import crumbs_of, name_of, saves, show, tabs_of
from yakuba.services.plan.views.desk.listed import answer, text_column

PROPOSED, ALL, LOST = "proposed", "all", "lost"
NONE: Final = "none"
"""What is chosen where no proposal fits."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def measures(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """``show``: what is proposed, bound, counted by its office, open, or everything. A POST confirms or declines proposals."""
    edition = plan.edition(ctx, edition_id)
    sheet = sheet_of(ctx, edition)
    if request.method == "POST" and "lost" in request.POST:
        return _end_lost(request, ctx, edition, sheet)
    if request.method == "POST":
        return _confirm(request, ctx, edition, sheet)
    return _page(request, ctx, edition, sheet)


def _confirm(request: HttpRequest, ctx: Context, edition: Edition, sheet: Sheet) -> HttpResponseBase:
    """Bind what was chosen, and note what does not fit; with nothing chosen the page says so."""
    wanted: list[BindRow] = []
    keys: list[str] = []
    declined: list[DeclinedRow] = []
    reason = request.POST.get("reason", "").strip()
    for line in sheet.proposed:
        chosen = request.POST.get(f"choice-{line.key}", "")
        if chosen == NONE:
            declined += [_declined(line, one, reason) for one in line.choices]
            continue
        choice = next((one for one in line.choices if one.mark == chosen), None)
        if choice is not None:
            keys.append(line.key)
            wanted.append(_bound(line, choice, reason, request.POST.get(f"seen-{line.key}", "")))
    if not wanted and not declined:
        problem = Problem(
            "empty", _("まだ何も選ばれていません。計測値を選ぶか、「どれも当てはまらない」を選んでください。")
        )
        return _page(request, ctx, edition, sheet, problem=problem)
    try:
        if wanted:
            bind_indicators(ctx, edition, BindIndicators(wanted))
        if declined:
            own = _after(ctx, "declined") if wanted else ctx
            decline_sources(own, edition, DeclineSources(declined))
    except Problem as problem:
        return _page(request, ctx, edition, sheet_of(ctx, edition), problem=problem, keys=keys)
    answered = see("plan-measures", ctx, edition.pk)
    answered["Location"] += f"?done={len(wanted)}&declined={len(declined)}"
    return answered


def _end_lost(request: HttpRequest, ctx: Context, edition: Edition, sheet: Sheet) -> HttpResponseBase:
    """End a binding whose indicator the plan has no more."""
    one = next((each for each in sheet.lost if str(each.pk) == request.POST["lost"]), None)
    if one is None:
        return see("plan-measures", ctx, edition.pk)
    wanted: BindRow = {
        "initiative": str(one.initiative),
        "position": one.position,
        "name": one.name,
        "seen": str(one.pk),
        "source": queries.ENDED,
        "said": {},
        "reason": _("指標が計画から無くなったため"),
        "definition": "",
        "grounds": [],
        "sha256": "",
        "file": "",
    }
    try:
        bind_indicators(ctx, edition, BindIndicators([wanted]))
    except Problem as problem:
        return _page(request, ctx, edition, sheet, problem=problem)
    return see("plan-measures", ctx, edition.pk)


def _after(ctx: Context, name: str) -> Context:
    """The same person a moment later: the form's key was used for what came first."""
    key = f"{ctx.idempotency_key}:{name}"[:100] if ctx.idempotency_key else None
    return replace(ctx, idempotency_key=key)


def _bound(line: Line, choice: Choice, reason: str, seen: str) -> BindRow:
    offer = choice.proposal.offer
    assert offer is not None  # a choice is an offer  # noqa: S101
    return {
        "initiative": str(line.row.pk),
        "position": line.place,
        "name": line.form["indicators"][line.place]["name"],
        "seen": seen,
        "source": offer.source,
        "said": offer.said,
        "reason": reason or _("提案を確かめて選びました。"),
        "definition": "",
        "grounds": [*choice.reasons, *choice.cautions],
        "sha256": "",
        "file": "",
    }


def _declined(line: Line, choice: Choice, reason: str) -> DeclinedRow:
    offer = choice.proposal.offer
    assert offer is not None  # as above  # noqa: S101
    return {
        "initiative": str(line.row.pk),
        "name": line.form["indicators"][line.place]["name"],
        "source": offer.source,
        "said": offer.said,
        "reason": reason,
    }


def _page(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    sheet: Sheet,
    *,
    problem: Problem | None = None,
    keys: Sequence[str] = (),
) -> HttpResponse:
    proposed = sheet.proposed
    of = {
        PROPOSED: proposed,
        lines.BOUND: sheet.of(lines.BOUND),
        lines.MANUAL: sheet.of(lines.MANUAL),
        lines.OPEN: sheet.of(lines.OPEN),
        ALL: list(sheet.lines),
    }
    names = {
        PROPOSED: _("提案"),
        lines.BOUND: _("計測する"),
        lines.MANUAL: _("担当課が数える"),
        lines.OPEN: _("決めていない"),
        ALL: _("すべて"),
    }
    shown = request.GET.get("show", "")
    if problem is not None or shown not in of:
        shown = PROPOSED if proposed or problem is not None else ALL
    here = address("plan-measures", ctx, edition.pk)
    typed: Mapping[str, str] = request.POST.dict() if problem is not None else {}
    return show(
        request,
        ctx,
        "measures",
        _("指標の計測"),
        crumbs=crumbs_of(ctx, edition),
        status=problem.status if problem else 200,
        tabs=tabs_of(ctx, edition, "plan-measures"),
        ways=[
            Link(names[key], f"{here}?show={key}", current=key == shown, count=len(found))
            for key, found in of.items()
        ],
        edition=edition,
        shown=shown,
        lines=of[shown],
        offered=[(one, typed.get(f"choice-{one.key}", "")) for one in proposed] if shown == PROPOSED else [],
        total=len(sheet.lines),
        bound=len(of[lines.BOUND]),
        manual=len(of[lines.MANUAL]),
        lost=sheet.lost,
        may=any(one.mine for one in proposed),
        may_end=plan_access.ARRANGE.holds_anywhere(ctx),
        none=NONE,
        reason=typed.get("reason", ""),
        errors=_errors(problem, keys),
        done=_done(request),
        here=here,
        saves=saves("plan-measures-sheet", ctx, edition.pk),
    )


def _errors(problem: Problem | None, keys: Sequence[str]) -> list[FieldError]:
    """The errors at the fields of the page: a row of the action is a line of the form."""
    if problem is None:
        return []
    if not isinstance(problem, Problems):
        return [FieldError("", one.message) for one in errors_of(problem)]
    found = []
    for one in errors_of(problem):
        nth = one.key.removeprefix("rows[").partition("]")[0]
        place = keys[int(nth)] if nth.isdecimal() and int(nth) < len(keys) else ""
        found.append(FieldError(f"line-{place}" if place else "", one.message))
    return found


def _done(request: HttpRequest) -> str:
    """What the form that was sent did, in a sentence."""

    def number(name: str) -> int:
        text = request.GET.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0

    bound, declined = number("done"), number("declined")
    said = []
    if bound:
        said.append(
            ngettext("%(n)d件の指標を結び付けました。", "%(n)d件の指標を結び付けました。", bound)
            % {"n": bound}
        )
    if declined:
        said.append(
            ngettext(
                "%(n)d件の提案を、当てはまらないとしました。",
                "%(n)d件の提案を、当てはまらないとしました。",
                declined,
            )
            % {"n": declined}
        )
    return "".join(said)


@require_safe
@desk_page
def sheet(request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format) -> HttpResponseBase:
    """Every indicator with what measures it and why."""
    edition = plan.edition(ctx, edition_id)
    columns = [
        text_column(key, label)
        for key, label in (
            ("number", _("番号")),
            ("title", _("取組名")),
            ("name", _("指標名")),
            ("unit", _("単位")),
            ("actual", _("計画の最新の値")),
            ("source", _("出所")),
            ("measured", _("同じ年度の計測値")),
            ("gap", _("計画との差")),
            ("newest", _("今年度の計測値")),
            ("definition", _("数え方")),
            ("reason", _("決めた理由")),
            ("by", _("決めた人")),
            ("proposed", _("提案")),
        )
    ]
    rows = [
        {
            "number": one.row.number,
            "title": one.row.title,
            "name": one.name,
            "unit": one.unit,
            "actual": one.actual,
            "source": one.binding.title if one.binding is not None else None,
            "measured": one.measured,
            "gap": one.gap,
            "newest": one.newest,
            "definition": one.binding.definition if one.binding is not None else None,
            "reason": one.binding.reason if one.binding is not None else None,
            "by": one.binding.bound_by if one.binding is not None else None,
            "proposed": "、".join(choice.title for choice in one.choices) or one.manual_because,
        }
        for one in sheet_of(ctx, edition).lines
    ]
    return answer(ctx, f"{name_of(edition)}_{_('指標の計測')}", columns, rows, file_format)
