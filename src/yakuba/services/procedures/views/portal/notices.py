"""What the office released: correction requests to be answered, documents to be opened; and one's own earlier answers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from yakuba.engines.visitors import throttle
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.access.pages import see_other
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.formats import moment, wareki
from yakuba.services.procedures.access.portal import VIEW_RELEASE, ask_at_counter
from yakuba.services.procedures.actions.answering import begin_correction, forget_earlier, open_notice
from yakuba.services.procedures.citizens import numbers, queries
from yakuba.services.procedures.models import Release, Submission
from yakuba.services.procedures.views.portal.frame import own_page, see, show, top


@own_page
def correct_start(
    request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID, release_id: UUID
) -> HttpResponseBase:
    """A correction request: what the office writes, until when, and the way to the questions."""
    sent, release = _of(ctx, submission_id, release_id, "correction")
    stopped = ""
    if request.method == "POST":
        try:
            begin_correction(ctx, release, NoData())
        except Problem as problem:
            stopped = problem.message
        else:
            filling = queries.correction_filling(ctx, release)
            if filling is None:
                raise Missing
            return see("procedures-filling", ctx, filling.pk)
    return show(
        request,
        ctx,
        "correct",
        _("補正のお願い"),
        crumbs=[top(ctx)],
        status=422 if stopped else 200,
        release=release,
        stopped=stopped,
        open=release.closed_at is None and release.answered_at is None,
        answered_at=moment(release.answered_at),
        answer_by=wareki(release.answer_by),
        number=numbers.grouped(sent.receipt),
        title_of=sent.publication.title,
        back=reverse("procedures-application", args=[ctx.municipality.code, sent.pk]),
    )


@own_page
def open_document(
    request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID, release_id: UUID
) -> HttpResponseBase:
    """A notice lies ready. Looking at this page opens nothing; the button does, and then the document can be read."""
    sent, release = _of(ctx, submission_id, release_id, "notice")
    if request.method == "POST" and release.closed_at is None:
        open_notice(ctx, release, NoData())
        return see("procedures-open", ctx, sent.pk, release.pk)
    return show(
        request,
        ctx,
        "notice",
        release.title,
        crumbs=[top(ctx)],
        release=release,
        closed=ask_at_counter() if release.closed_at else "",
        opened=moment(release.opened_at),
        number=numbers.grouped(sent.receipt),
        office=sent.offer.office,
        file_href=reverse("procedures-document", args=[ctx.municipality.code, sent.pk, release.pk]),
        back=reverse("procedures-application", args=[ctx.municipality.code, sent.pk]),
    )


@own_page
def document(
    request: HttpRequest, ctx: Context, visitor: Visitor, submission_id: UUID, release_id: UUID
) -> HttpResponseBase:
    """The document itself, once it was opened."""
    sent, release = _of(ctx, submission_id, release_id, "notice")
    if release.file is None:
        raise Missing
    if release.opened_at is None or release.closed_at is not None:
        return see("procedures-open", ctx, sent.pk, release.pk)
    throttle.count(request, ctx, "download")
    return serve(request, ctx, release.file, owner=release, permission=VIEW_RELEASE)


def _of(ctx: Context, submission_id: UUID, release_id: UUID, kind: str) -> tuple[Submission, Release]:
    sent = queries.submission(ctx, submission_id)
    release = queries.release(ctx, sent, release_id)
    if release.kind != kind:
        raise Missing
    return sent, release


@own_page
def forget(request: HttpRequest, ctx: Context, visitor: Visitor, answer_id: UUID) -> HttpResponseBase:
    """Take one of one's earlier answers away; it stands on one's own page."""
    answer = queries.earlier_answer(ctx, answer_id)
    if request.method == "POST":
        forget_earlier(ctx, answer, NoData())
    return see_other(_my_page(ctx))


def _my_page(ctx: Context) -> str:
    try:
        return reverse("identity-my", args=[ctx.municipality.code])
    except NoReverseMatch:
        return reverse("procedures-status", args=[ctx.municipality.code])
