"""Many cases at once: chosen in the list, looked at row by row, done row by row. What one refuses stops no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.casework import actions, rules, states
from yakuba.engines.casework.access import WORK
from yakuba.engines.casework.models import OUTCOMES, Case
from yakuba.engines.casework.queries import inbox, reach
from yakuba.engines.casework.queries import page as reading
from yakuba.engines.casework.views import listed, ways
from yakuba.engines.casework.views.frame import show
from yakuba.engines.casework.views.words import state_words
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, NoData, Problem, ports
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.ids import read_id
from yakuba.kernel.ui.components import Link, field
from yakuba.kernel.ui.drawing import Text

MOST = 200
_KEPT = "casework.batch"


@dataclass(frozen=True)
class Given:
    """What is to be done with each of them, and with what."""

    do: str
    person: str = ""
    outcome: str = ""
    content: str = ""


@dataclass(frozen=True)
class Way:
    """Something that can be done with many: its words, and how it is done with one."""

    label: Text
    run: Callable[[Context, Case, Given], object]


WAYS: Mapping[str, Way] = {
    "assign": Way(
        gettext_lazy("担当者を決める"),
        lambda ctx, case, given: actions.assign(ctx, case, ways.person(given.person)),
    ),
    "start": Way(
        gettext_lazy("確認をはじめる"), lambda ctx, case, _given: actions.start(ctx, case, NoData())
    ),
    "formally_right": Way(
        gettext_lazy("形式は整っている"),
        lambda ctx, case, _given: actions.formally_right(ctx, case, NoData()),
    ),
    "settle": Way(
        gettext_lazy("同じ結果に決定する"),
        lambda ctx, case, given: actions.settle(ctx, case, actions.Settle(given.outcome, given.content)),
    ),
    "complete": Way(
        gettext_lazy("完了する"), lambda ctx, case, _given: actions.complete(ctx, case, NoData())
    ),
}


def offered(_ctx: Context) -> SafeString:
    """The field that says what to do with those that are ticked."""
    return field(
        "do",
        _("選んだ案件を"),
        widget="select",
        choices=[(key, way.label) for key, way in WAYS.items()],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the preview, and why it would be left alone; empty: it can be done."""

    case: Case
    state: str
    due: str
    why_not: str


@require_POST
@desk_page
def preview(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What would be done with which; nothing changes yet."""
    need(WORK, ctx)
    try:
        given, rows = _given(request), _chosen(request, ctx)
    except Problem as problem:
        return _refused(request, ctx, problem)
    return _show(request, ctx, given, rows, None)


def _given(request: HttpRequest) -> Given:
    posted = request.POST
    if (do := posted.get("do", "")) not in WAYS:
        raise Problem("do", _("何をするかを選んで、もう一度押してください。"), field="do", found=do)
    return Given(
        do,
        posted.get("person", ""),
        posted.get("outcome", ""),
        posted.get("content", "").strip(),
    )


def _chosen(request: HttpRequest, ctx: Context) -> list[Case]:
    """The ticked cases, or all that the list's address leaves. Raises :class:`Problem` for none and for too many."""
    if request.POST.get("all"):
        whole = request.POST.get("whole", "")
        query = QueryDict(request.POST.get("query", ""))
        view = whole or query.get("view", "")
        spec = listed.spec(ctx, choose=True, fixed=bool(whole))
        what = replace(listed.asked(spec.parse(query), view), sort="")
        rows = list(inbox.cases(ctx, what)[: MOST + 1])
    else:
        rows = inbox.those(ctx, _ids(request.POST.getlist("case")[: MOST + 1]))
    if not rows:
        raise Problem("none", _("案件が選ばれていません。一覧で選んでから、もう一度押してください。"))
    if len(rows) > MOST:
        raise Problem(
            "too_many",
            _("一度に進められるのは%(most)d件までです。条件で絞り込んでください。") % {"most": MOST},
        )
    return rows


def _ids(texts: Sequence[str]) -> list[UUID]:
    return [read_id(text) for text in texts]  # no id of ours: as good as not ticked


def _refused(request: HttpRequest, ctx: Context, problem: Problem) -> HttpResponse:
    return show(
        request,
        ctx,
        "batch_refused",
        _("まとめて進める"),
        crumbs=_crumbs(ctx),
        status=problem.status,
        message=problem.message,
        back=address("casework-inbox", ctx),
    )


def _crumbs(ctx: Context) -> list[Link]:
    return [Link(_("案件"), address("casework-inbox", ctx))]


def _show(
    request: HttpRequest, ctx: Context, given: Given, rows: list[Case], problem: Problem | None
) -> HttpResponse:
    ports.trail().read(ctx, "casework.batch", "case", [row.pk for row in rows])
    own = reach.offices(ctx)
    lines = [
        Line(
            row,
            state_words(row),
            format_date(row.due_on) if row.due_on else "",
            _why_not(given.do, row, mine=row.office_id in own),
        )
        for row in rows
    ]
    return show(
        request,
        ctx,
        "batch",
        _("まとめて進める"),
        crumbs=_crumbs(ctx),
        status=problem.status if problem else 200,
        way=WAYS[given.do].label,
        given=given,
        lines=lines,
        ready=sum(not line.why_not for line in lines),
        fields=_fields(ctx, given, rows, problem),
        message=problem.message if problem else "",
        back=address("casework-inbox", ctx),
        do_href=address("casework-batch-do", ctx),
    )


def _why_not(do: str, case: Case, *, mine: bool) -> str:
    """Why a case would be refused, as far as that can be told without trying."""
    if not mine:
        return _("ほかの課の案件です")
    if do == "assign":
        return _("終わっています") if case.state in states.FINAL else ""
    if states.step(case.kind, case.state, do, routed=case.routed) is None:
        return _("「%(state)s」の案件にはできません") % {"state": state_words(case)}
    return ""


def _fields(ctx: Context, given: Given, rows: Sequence[Case], problem: Problem | None) -> list[SafeString]:
    wrong = problem.message if problem else ""
    if given.do == "assign":
        today = japan_date(ctx.now)
        people = {
            str(person.pk): person.name
            for office in sorted({row.office_id for row in rows})
            for person in reading.colleagues(ctx, office, today)
        }
        choices = [(ways.NOBODY, _("なし")), *people.items()]
        return [
            field("person", _("担当者"), widget="select", value=given.person, choices=choices, error=wrong)
        ]
    if given.do == "settle":
        words = dict(OUTCOMES)
        kinds = {row.kind for row in rows}
        outcomes = [
            one
            for one in words
            if one not in rules.ADVERSE and any(one in rules.OUTCOMES_OF[kind] for kind in kinds)
        ]
        return [
            field(
                "outcome",
                _("結果"),
                widget="select",
                value=given.outcome,
                choices=[(one, _(words[one])) for one in outcomes],
                hint=_("認めない決定は、理由を書いて、1件ずつ行います。"),
                error=wrong,
            ),
            field("content", _("決定の内容"), widget="textarea", value=given.content),
        ]
    return []


@require_POST
@desk_page
def do(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Do it, each in a transaction of its own, and lead to what became of each."""
    need(WORK, ctx)
    try:
        given, rows = _given(request), _chosen(request, ctx)
    except Problem as problem:
        return _refused(request, ctx, problem)
    if missing := _missing(given):
        return _show(request, ctx, given, rows, missing)
    told = [_one(ctx, row, given) for row in rows]
    request.session[_KEPT] = {"way": str(WAYS[given.do].label), "lines": told}
    return see("casework-batch-done", ctx)


def _missing(given: Given) -> Problem | None:
    """What has to be said once for all of them, and is not."""
    if given.do == "settle" and not (given.outcome and given.content):
        return Problem("required", _("結果を選び、決定の内容を入力してください。"), field="outcome")
    if given.do == "assign" and not given.person:
        return Problem("required", _("担当者を選んでください。"), field="person")
    return None


def _one(ctx: Context, case: Case, given: Given) -> list[str]:
    """(number, id, why not); numbers name nobody, so they may stand in the session."""
    key = f"{ctx.idempotency_key}:{case.pk}"[:80] if ctx.idempotency_key else None
    try:
        WAYS[given.do].run(replace(ctx, idempotency_key=key), case, given)
    except Problem as problem:
        return [case.number, str(case.pk), problem.message]
    return [case.number, str(case.pk), ""]


@require_safe
@desk_page
def done(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What became of each."""
    need(WORK, ctx)
    kept = request.session.get(_KEPT) or {"way": "", "lines": []}
    lines = [
        {"number": number, "href": address("casework-case", ctx, key), "why_not": why}
        for number, key, why in kept["lines"]
    ]
    return show(
        request,
        ctx,
        "batch_done",
        _("まとめて進めた結果"),
        crumbs=_crumbs(ctx),
        way=kept["way"],
        lines=lines,
        count=sum(not line["why_not"] for line in lines),
        back=address("casework-inbox", ctx),
    )
