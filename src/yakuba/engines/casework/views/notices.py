"""One notice: written from the decision, looked at as it will be printed, issued, and then its way to the applicant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.casework import actions
from yakuba.engines.casework import rules as case_rules
from yakuba.engines.casework.access import VIEW_NOTICE, WORK, WORK_NOTICE
from yakuba.engines.casework.models import NOTICE_STATES, OUTCOMES, SEALS, Case, Notice
from yakuba.engines.casework.notices import printing, queries, rules
from yakuba.engines.casework.origins import origin_of, remedies_due
from yakuba.engines.casework.queries import inbox
from yakuba.engines.casework.views.frame import show
from yakuba.engines.casework.views.words import result_words
from yakuba.engines.protection.store import demand_free
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem, SubjectRef, ports
from yakuba.kernel.dates import format_date, format_moment, japan_date
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.components import Fact, Link

_CONTENT = ("title", "addressee", "address", "body", "remedies", "sender")
_STATES = dict(NOTICE_STATES)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def draft(request: HttpRequest, ctx: Context, case_id: UUID) -> HttpResponseBase:
    """Write the notice of a case, or go on with it. What is proposed follows from the decision."""
    case = inbox.case(ctx, case_id)
    if request.method != "POST":
        return _form(request, ctx, case, _begun(ctx, case), None)
    typed = {key: request.POST.get(key, "") for key in _CONTENT}
    version = request.POST.get("version", "")
    try:
        data = actions.draft_notice.read_text(typed)
        made = actions.draft_notice(
            ctx,
            case,
            data,
            expected_version=int(version) if version.isdecimal() and len(version) < 10 else None,
        )
    except Problem as problem:
        errors_of(problem)  # raises what is no matter of a form
        return _form(request, ctx, case, typed, problem)
    return see("casework-notice", ctx, made.pk)


def _begun(ctx: Context, case: Case) -> dict[str, str]:
    """What stands in the form: the draft as it was left, else a proposal from the decision."""
    found = queries.drafted(ctx, case)
    if found is not None:
        return {key: getattr(found, key) for key in _CONTENT}
    facts = origin_of(case).notice(ctx, case)
    decided = queries.standing(case)
    told = rules.Decided(
        outcome=decided.outcome if decided else "",
        outcome_label=dict(OUTCOMES)[decided.outcome] if decided else "",
        content=decided.content if decided else "",
        reasons=decided.reasons if decided else "",
        conditions=decided.conditions if decided else "",
    )
    seals = queries.seals_on(ctx, case.authority, japan_date(ctx.now))
    remedies = decided.remedies if decided else ""
    if not remedies and remedies_due(ctx, case, told.outcome):
        remedies = origin_of(case).remedies(ctx, case)
    return {
        "title": rules.title_of(facts.title, case.title, case.kind, told.outcome),
        "addressee": facts.addressee,
        "address": facts.address,
        "body": rules.body_of(case.kind, case.title, japan_date(case.arrived_at), facts.ground, told),
        "remedies": remedies,
        "sender": seals[0].signature
        if seals
        else rules.deciding_authority(case.authority, ctx.municipality.name),
    }


def _form(
    request: HttpRequest, ctx: Context, case: Case, typed: Mapping[str, str], problem: Problem | None
) -> HttpResponse:
    ports.trail().read(ctx, "casework.notice", "case", [case.pk])
    errors = errors_of(problem) if problem else []
    decided = queries.standing(case)
    return show(
        request,
        ctx,
        "notice_draft",
        _("通知書を書く"),
        crumbs=_crumbs(ctx, case),
        status=problem.status if problem else 200,
        case=case,
        typed=typed,
        errors=errors,
        said={one.key: one.message for one in errors},
        works=WORK.may(ctx, case).allowed,
        due=decided is not None and remedies_due(ctx, case, decided.outcome),
        disposed=case.kind in case_rules.DISPOSED,
        begun=queries.drafted(ctx, case) is not None,
        held=queries.is_held(ctx, case),
        back=address("casework-case", ctx, case.pk),
        discard_href=address("casework-notice-discard", ctx, case.pk),
    )


def _crumbs(ctx: Context, case: Case) -> list[Link]:
    return [
        Link(_("案件"), address("casework-inbox", ctx)),
        Link(case.number, address("casework-case", ctx, case.pk)),
    ]


@require_http_methods(["POST"])
@desk_page
def discard(_request: HttpRequest, ctx: Context, case_id: UUID) -> HttpResponseBase:
    """Throw the draft away."""
    case = inbox.case(ctx, case_id)
    actions.discard_notice(ctx, case, NoData())
    return see("casework-case", ctx, case.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def notice(request: HttpRequest, ctx: Context, notice_id: UUID) -> HttpResponseBase:
    """One notice, and what may be done with it."""
    found = queries.notice(ctx, notice_id)
    if request.method != "POST":
        return _page(request, ctx, found, None)
    do = _DONE.get(request.POST.get("do", ""))
    if do is None:
        raise Missing
    try:
        do(ctx, found, request)
    except Problem as problem:
        errors_of(problem)
        return _page(request, ctx, queries.notice(ctx, notice_id), problem)
    return see("casework-notice", ctx, found.pk)


def _issue(ctx: Context, found: Notice, request: HttpRequest) -> None:
    posted = request.POST
    raw = {key: posted.get(key, "") for key in ("issued_on", "sealing", "seal", "document_number")}
    raw["asked"] = "1" if posted.get("asked") else ""
    version = posted.get("version", "")
    actions.issue_notice(
        ctx,
        found,
        actions.issue_notice.read_text(raw),
        expected_version=int(version) if version.isdecimal() and len(version) < 10 else None,
    )


def _hand(ctx: Context, found: Notice, request: HttpRequest) -> None:
    raw = {key: request.POST.get(key, "") for key in ("how", "on")}
    actions.hand_notice(ctx, found, actions.hand_notice.read_text(raw))


_DONE: Mapping[str, Callable[[Context, Notice, HttpRequest], None]] = {
    "issue": _issue,
    "hand": _hand,
    "release": lambda ctx, found, _request: _ignore(actions.release_notice(ctx, found, NoData())),
    "print": lambda ctx, found, _request: _ignore(actions.print_notice(ctx, found, NoData())),
}


def _ignore(_done: object) -> None:
    """The page is read anew."""


def _page(request: HttpRequest, ctx: Context, found: Notice, problem: Problem | None) -> HttpResponse:
    ports.trail().read(ctx, "casework.notice", "case_notice", [found.pk])
    errors = errors_of(problem) if problem else []
    today = japan_date(ctx.now)
    case = found.case
    seals = queries.seals_on(ctx, case.authority, today)
    outcome = found.disposition.outcome if found.disposition else ""
    lacks: Sequence[str] = ()
    if found.state == "draft" and remedies_due(ctx, case, outcome):
        lacks = rules.lacks_of_remedies(found.remedies)
    works = WORK_NOTICE.may(ctx, found).allowed
    return show(
        request,
        ctx,
        "notice",
        found.title,
        crumbs=_crumbs(ctx, case),
        status=problem.status if problem else 200,
        notice=found,
        state=_(_STATES[found.state]),
        facts=_facts(found),
        errors=errors,
        said={one.key: one.message for one in errors},
        posted=request.POST,
        works=works,
        held=queries.is_held(ctx, case),
        lacks=[_(one) for one in lacks],
        today=format_date(today),
        sealings=[(key, _(label)) for key, label in SEALS],
        seals=[(str(one.pk), f"{one.title}（{one.signature}）") for one in seals],
        sealing=request.POST.get("sealing", "image" if seals else "omitted"),
        seal=request.POST.get("seal", str(seals[0].pk) if seals else ""),
        ways=[(key, _(label)) for key, label in rules.ON_PAPER],
        how=request.POST.get("how", "handed" if found.state == "to_hand" else "posted"),
        waits=found.state in rules.WAITING,
        edit_href=address("casework-notice-draft", ctx, case.pk),
        preview_href=address("casework-notice-preview", ctx, found.pk),
        file_href=address("casework-notice-file", ctx, found.pk),
        address_href=address("casework-notice-address", ctx, found.pk),
        case_href=address("casework-case", ctx, case.pk),
    )


def _facts(found: Notice) -> list[Fact]:
    """What is known of a notice; times only where they were."""
    times = [
        (_("ダウンロードできるようにした日時"), found.released_at),
        (_("開封日時"), found.opened_at),
        (_("郵送・手渡しの日時"), found.posted_at),
    ]
    sealing = _(dict(SEALS)[found.sealing]) if found.state != "draft" else ""
    texts = [
        (_("結果の受け取り方"), result_words(found.case)),
        (_("文書番号"), found.document_number),
        (_("施行日"), format_date(found.issued_on) if found.issued_on else ""),
        (_("宛名"), found.addressee),
        (_("差出人"), found.sender),
        (_("公印"), sealing),
        (
            _("開封がなければ郵送する日"),
            format_date(found.print_after) if found.print_after and found.state == "released" else "",
        ),
    ]
    return [
        *(Fact(label, text) for label, text in texts if text),
        *(Fact(label, format_moment(at)) for label, at in times if at is not None),
    ]


@require_safe
@desk_page
def preview(_request: HttpRequest, ctx: Context, notice_id: UUID) -> HttpResponseBase:
    """The draft as it will be printed. Number, day and the seal's print come with the issue."""
    found = queries.notice(ctx, notice_id)
    if found.state != "draft":
        raise Missing
    ports.trail().read(ctx, "casework.notice", "case_notice", [found.pk])
    return pdf_answer(printing.letter(queries.letter_of(found, b"", "施行する前の見本です")), "preview")


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context, notice_id: UUID) -> HttpResponseBase:
    """The issued document."""
    found = queries.notice(ctx, notice_id)
    if found.file is None:
        raise Missing
    ports.trail().read(ctx, "casework.notice", "case_notice", [found.pk])
    return serve(request, ctx, found.file, owner=found, permission=VIEW_NOTICE)


@require_safe
@desk_page
def envelope(_request: HttpRequest, ctx: Context, notice_id: UUID) -> HttpResponseBase:
    """The sheet for the window of an envelope. Raises :class:`Held` while 支援措置 stands."""
    found = queries.notice(ctx, notice_id)
    if found.state == "draft":
        raise Missing
    demand_letters(ctx, [found])
    ports.trail().read(ctx, "casework.notice", "case_notice", [found.pk])
    return pdf_answer(printing.addresses([addressed(found)], "宛名"), "address")


def demand_letters(ctx: Context, rows: Sequence[Notice]) -> None:
    """That nothing of 支援措置 stands on any of them. Raises :class:`Held`."""
    for row in rows:
        demand_free(ctx, SubjectRef("case", row.case_id), "letter")


def addressed(found: Notice) -> printing.Addressed:
    """A notice as its sheet for the envelope."""
    return printing.Addressed(found.addressee, found.address, found.sender, found.document_number)


def pdf_answer(made: bytes, name: str) -> HttpResponse:
    """A document that was made for this answer alone, and leaves no copy in a cache."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
