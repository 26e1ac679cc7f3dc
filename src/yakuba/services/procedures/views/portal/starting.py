"""Beginning a form, keeping it for later, going on with it, and giving it up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.delivery.channels import CHANNELS
from yakuba.engines.delivery.links import absolute
from yakuba.engines.publishing.models import Publication
from yakuba.engines.visitors import pages, throttle
from yakuba.engines.visitors.methods import sign_in_url
from yakuba.engines.visitors.rules import level_label
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.ids import uuid7
from yakuba.kernel.ui.components import FieldError
from yakuba.kernel.ui.formats import wareki
from yakuba.services.procedures import trial
from yakuba.services.procedures.actions.applying import (
    Begin,
    Keep,
    NotTaken,
    Resume,
    begin,
    discard,
    keep,
)
from yakuba.services.procedures.actions.applying import (
    resume as go_on,
)
from yakuba.services.procedures.citizens import facts, forms, numbers, opening, queries
from yakuba.services.procedures.citizens.forms import language
from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.models import Filling, Offer
from yakuba.services.procedures.published.queries import definition_of
from yakuba.services.procedures.views.portal.frame import (
    own_page,
    procedure_crumbs,
    procedure_href,
    see,
    show,
    top,
)


@dataclass(frozen=True, slots=True)
class Reusable:
    """An earlier answer as the page offers it."""

    fact: str
    label: str
    value: str
    source: str


@own_page
def start(request: HttpRequest, ctx: Context, visitor: Visitor, procedure_id: UUID) -> HttpResponseBase:
    """Before the first page: who one has to be, what can be used again, what lies half-filled."""
    word = request.POST.get("test", "") or request.GET.get("test", "")
    offer, publication = _offered(ctx, procedure_id, word)
    definition = definition_of(publication.pk)
    status, errors = 200, []
    if request.method == "POST" and visitor.reaches(definition.identity):
        acting, visitor = pages.begin(request, ctx)
        throttle.count(request, acting, "draft")
        data = Begin(str(procedure_id), language(), word, list(request.POST.getlist("facts")))
        try:
            made = begin(acting, None, data)
        except NotTaken as problem:
            errors, status = [FieldError("", problem.message)], problem.status
        else:
            return see("procedures-filling", ctx, made.pk)
    tongue = language()
    title = said(definition.title, tongue)
    state = "open" if word else opening.state_of(offer, definition.identity, ctx.now)
    here = request.get_full_path()
    return show(
        request,
        ctx,
        "start",
        _("%(title)sをはじめる") % {"title": title},
        crumbs=[top(ctx)] if word else procedure_crumbs(ctx, procedure_id, title),
        status=status,
        errors=errors,
        state=state,
        state_said=opening.said_of(state, offer),
        reached=visitor.reaches(definition.identity),
        level=level_label(definition.identity),
        sign_in_href=sign_in_url(ctx, definition.identity, here),
        account_href="" if visitor.signed_in else sign_in_url(ctx, "account", here),
        pages=forms.most_pages(definition),
        offered=_reusable(ctx, visitor, definition, tongue),
        kept=_kept(ctx, publication),
        test=word,
        key=str(uuid7()),
        signed_in=visitor.signed_in,
        procedure_href=procedure_href(ctx, procedure_id) + (f"?test={word}" if word else ""),
    )


def _offered(ctx: Context, procedure: UUID, word: str) -> tuple[Offer, Publication]:
    if not word:
        offer = queries.offer_of(ctx, procedure)
        return offer, offer.publication
    tried, there = trial.read(ctx, procedure, word), queries.unlisted(ctx, procedure)
    if tried is None or there is None:
        raise Missing
    return there, tried


def _reusable(ctx: Context, visitor: Visitor, definition: Definition, tongue: str) -> list[Reusable]:
    """What a signed-in person may use again, each with where it is from."""
    if not visitor.signed_in:
        return []
    rows = [(one.fact, one.value, one.receipt, one.at) for one in queries.earlier(ctx, visitor)]
    return [
        Reusable(
            one.fact,
            one.label,
            facts.shown(one.value),
            _("本人確認で確かめた内容")
            if one.at is None
            else _("%(day)sに提出した内容（%(number)s）")
            % {"day": wareki(japan_date(one.at)), "number": numbers.grouped(one.source)},
        )
        for one in facts.offered(definition, rows, visitor.facts, tongue)
    ]


def _kept(ctx: Context, publication: Publication) -> list[tuple[str, Filling]]:
    """What this visitor has begun of the same procedure."""
    return [
        (reverse("procedures-filling", args=[ctx.municipality.code, one.pk]), one)
        for one in queries.fillings(ctx)
        if one.publication.subject == publication.subject
    ]


@own_page
def keep_page(request: HttpRequest, ctx: Context, visitor: Visitor, filling_id: UUID) -> HttpResponseBase:
    """「あとで続ける」: a link and eight letters. The letters stand on this page alone, and on no other."""
    filling = queries.filling(ctx, filling_id)
    if filling is None:
        raise Missing
    typed = request.POST.get("mail", "").strip() if request.method == "POST" else visitor.mail or filling.mail
    errors: list[FieldError] = []
    code, link, mailed = "", "", ""
    if request.method == "POST":
        throttle.count(request, ctx, "draft")
        token, code = numbers.new_token(), numbers.new_code()
        try:
            address = CHANNELS.get("mail").checked_address(typed) if typed else ""
            if address:
                throttle.count(request, ctx, "letter", target=address.lower())
            filling = keep(ctx, filling, Keep({"token": token, "code": code, "mail": address}))
        except Problem as problem:
            errors, code = [FieldError("mail", one.message) for one in errors_of(problem)], ""
        else:
            path = reverse("procedures-resume", args=[ctx.municipality.code, token])
            link, mailed = absolute(path) or request.build_absolute_uri(path), address
    return show(
        request,
        ctx,
        "keep",
        _("あとで続ける"),
        crumbs=[top(ctx)],
        status=422 if errors else 200,
        errors=errors,
        wrong={one.key: one.message for one in errors},
        mail=typed,
        mail_works=CHANNELS.get("mail").configured(),
        code=numbers.grouped(code),
        link=link,
        mailed=mailed,
        until=wareki(japan_date(filling.expires_at)),
        signed_in=filling.citizen is not None,
        back=reverse("procedures-filling", args=[ctx.municipality.code, filling.pk]),
    )


@own_page
def resume(request: HttpRequest, ctx: Context, visitor: Visitor, token: str) -> HttpResponseBase:
    """The page behind a resume link: it asks for the letters, whether there is anything behind it or not."""
    digest = numbers.token_digest(token)
    errors: list[FieldError] = []
    if request.method == "POST":
        acting, _visitor = pages.begin(request, ctx)
        throttle.count(request, acting, "resume", target=digest)
        found = queries.resumable(acting, digest)
        code = numbers.tidy(request.POST.get("code", ""))
        try:
            wanted = found.pk if found else uuid7()
            made = go_on(acting, None, Resume(str(wanted), numbers.code_digest(token, code)))
        except Denied:
            errors = [
                FieldError(
                    "code",
                    _(
                        "番号が違うか、保存の期限（14日）が過ぎています。保存した画面の8文字を確かめてください。"
                    ),
                )
            ]
        else:
            return see("procedures-filling", ctx, made.pk)
    return show(
        request,
        ctx,
        "resume",
        _("記入の続き"),
        crumbs=[top(ctx)],
        status=422 if errors else 200,
        errors=errors,
        wrong={one.key: one.message for one in errors},
    )


@own_page
def discard_page(request: HttpRequest, ctx: Context, visitor: Visitor, filling_id: UUID) -> HttpResponseBase:
    """Giving up: what was written is erased at once."""
    filling = queries.filling(ctx, filling_id)
    if filling is None:
        raise Missing
    if request.method == "POST":
        discard(ctx, filling, NoData())
        return (
            see("procedures-procedure", ctx, filling.offer.procedure)
            if filling.offer.listed
            else see("procedures-list", ctx)
        )
    return show(
        request,
        ctx,
        "discard",
        _("記入をやめる"),
        crumbs=[top(ctx)],
        title_of=filling.publication.title,
        back=reverse("procedures-filling", args=[ctx.municipality.code, filling.pk]),
    )
