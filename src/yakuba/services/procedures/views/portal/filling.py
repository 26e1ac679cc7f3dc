"""The pages of a form: one group of questions each, then how the result is given, then everything at a glance, then the sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.visitors import throttle
from yakuba.engines.visitors.methods import sign_in_url
from yakuba.engines.visitors.visitor import Visitor
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, Problem
from yakuba.kernel.dates.clock import japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import kinds
from yakuba.kernel.files.serving import serve
from yakuba.kernel.plugins import crash
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.formats import moment, wareki, yen
from yakuba.services.procedures.access.portal import VIEW_UPLOAD
from yakuba.services.procedures.actions.answering import correct
from yakuba.services.procedures.actions.applying import (
    AnswerPage,
    Detach,
    NotTaken,
    Reach,
    answer,
    detach,
    reach,
)
from yakuba.services.procedures.actions.sending import AlreadySent, Send, demand_unsent, send
from yakuba.services.procedures.citizens import forms, letters, queries
from yakuba.services.procedures.citizens.forms import language
from yakuba.services.procedures.definition import answers
from yakuba.services.procedures.definition.answers import Read, VisibleSection
from yakuba.services.procedures.definition.forms import FileShown, field_name
from yakuba.services.procedures.definition.model import RESULTS, Definition, said
from yakuba.services.procedures.models import Filling
from yakuba.services.procedures.views.portal import attaching
from yakuba.services.procedures.views.portal.frame import lang_of, own_page, procedure_crumbs, see, show, top

LONGEST_NAME = 200


@dataclass(frozen=True)
class Form:
    """A form as its pages need it."""

    filling: Filling
    definition: Definition
    pages: tuple[VisibleSection, ...]
    files: Mapping[str, FileShown]

    @property
    def correction(self) -> bool:
        """Whether it answers a correction request."""
        return self.filling.release_id is not None

    def keys(self) -> list[str]:
        """The addresses of all pages before the check page, in order."""
        own = [one.section.key for one in self.pages]
        return own if self.correction else [*own, letters.REACH]

    def undone(self) -> str:
        """The first page that is not finished; empty where all are."""
        return next((key for key in self.keys() if key not in self.filling.done), "")


def form_of(ctx: Context, filling_id: UUID) -> Form:
    """A form of this visitor's own. Raises :class:`Missing`, and :class:`AlreadySent` for one that was sent."""
    filling = queries.filling(ctx, filling_id)
    if filling is None:
        demand_unsent(ctx, filling_id)
        raise Missing
    definition = forms.asked_of(filling)
    pages = answers.visible(definition, filling.answers, forms.day_of(filling, ctx.now))
    return Form(filling, definition, pages, _files(ctx, filling, definition))


def _sent(ctx: Context, sent: AlreadySent) -> HttpResponseBase:
    """Where what was sent leads every other time: to the acknowledgement, or to the application that was corrected."""
    return see("procedures-application" if sent.correction else "procedures-receipt", ctx, sent.submission)


def _files(ctx: Context, filling: Filling, definition: Definition) -> dict[str, FileShown]:
    if not forms.takes_files(definition):
        return {}
    return {
        str(one.pk): FileShown(
            str(one.pk),
            one.file.name,
            _size(one.file.size, one.pages if one.file.content_type == kinds.PDF else None),
            reverse("procedures-file", args=[ctx.municipality.code, filling.pk, one.pk]),
        )
        for one in queries.uploads(filling)
    }


def _size(size: int, pages: int | None) -> str:
    told = filesizeformat(size)
    return _("%(size)s、%(pages)dページ") % {"size": told, "pages": pages} if pages else told


@own_page
def open_filling(request: HttpRequest, ctx: Context, visitor: Visitor, filling_id: UUID) -> HttpResponseBase:
    """Where one goes on: the first page that is not finished, or the check page."""
    try:
        form = form_of(ctx, filling_id)
    except AlreadySent as sent:
        return _sent(ctx, sent)
    return _go(ctx, form, form.undone())


def _go(ctx: Context, form: Form, key: str) -> HttpResponseBase:
    if key == letters.REACH:
        return see("procedures-reach", ctx, form.filling.pk)
    if key:
        return see("procedures-page", ctx, form.filling.pk, key)
    return see("procedures-check", ctx, form.filling.pk)


def _href(ctx: Context, form: Form, key: str) -> str:
    name, args = ("procedures-reach", []) if key == letters.REACH else ("procedures-page", [key])
    return reverse(name, args=[ctx.municipality.code, form.filling.pk, *args])


# --- one page --------------------------------------------------------------------------------------------------------


@own_page
def page(
    request: HttpRequest, ctx: Context, visitor: Visitor, filling_id: UUID, section: str
) -> HttpResponseBase:
    """A page of questions. Whatever button was pressed, what was typed is kept; only 「次へ」 asks for it to be right."""
    try:
        form = form_of(ctx, filling_id)
    except AlreadySent as sent:
        return _sent(ctx, sent)
    shown = next((one for one in form.pages if one.section.key == section), None)
    if shown is None:
        # Hidden by an answer that changed, or a page of another version.
        return _go(ctx, form, form.undone())
    typed = {str(key): str(value) for key, value in (form.filling.typed.get(section) or {}).items()}
    if request.method != "POST":
        return _draw_page(request, ctx, form, shown, Read(form.filling.answers, {}, typed), visitor.mail)
    return _posted(request, ctx, form, shown)


def _posted(request: HttpRequest, ctx: Context, form: Form, shown: VisibleSection) -> HttpResponseBase:
    section = shown.section.key
    leave = "next" in request.POST
    refused = attaching.take_files(request, ctx, form.filling, form.definition, shown)
    if request.FILES:
        form = form_of(ctx, form.filling.pk)
    posted = {key: list(values) for key, values in request.POST.lists() if _own_field(key)}
    read = answers.read_section(
        form.definition, section, posted, form.filling.answers, forms.day_of(form.filling, ctx.now)
    )
    with transaction.atomic():
        throttle.count(request, ctx, "draft")
        data = AnswerPage(section, cast("dict[str, JsonValue]", posted), leave and not refused)
        filling = answer(ctx, form.filling, data)
        for question, upload in attaching.pressed_detach(request, shown):
            filling = detach(ctx, filling, Detach(section, question, str(upload)))
    form = form_of(ctx, filling.pk)
    _follow(ctx, form)
    added = {field_name(key) for key in read.appeared}
    if leave and not refused and added and set(read.problems) <= added:
        # Nothing is wrong: what was answered only brings more questions.
        told = [("added", key) for key in read.appeared] + [("check", "1")] * ("check" in request.POST)
        return see("procedures-page", ctx, filling.pk, section, query=f"?{urlencode(told)}")
    if refused or (leave and not read.complete):
        anew = next((one for one in form.pages if one.section.key == section), shown)
        # A refused file says nothing of the rest, unless the person thinks that all is finished.
        problems = {**read.problems, **refused} if leave else refused
        return _draw_page(request, ctx, form, anew, Read(form.filling.answers, problems, read.typed))
    if leave:
        return (
            see("procedures-check", ctx, filling.pk)
            if "check" in request.POST
            else _after(ctx, form, section)
        )
    if "later" in request.POST:
        return see("procedures-keep", ctx, filling.pk)
    if "back" in request.POST:
        return _before(ctx, form, section)
    query = "?check=1" if "check" in request.POST else ""
    return see("procedures-page", ctx, filling.pk, section, query=query)


def _follow(ctx: Context, form: Form) -> None:
    """The way of the result goes with the question that asks for it, also when its answer is put right later."""
    way = forms.settled_way(form.definition, form.filling.answers)
    if not form.correction and way and letters.REACH in form.filling.done and way != form.filling.electronic:
        reach(ctx, form.filling, Reach(way, {"mail": form.filling.mail}))


def _own_field(key: str) -> bool:
    return key.startswith(("q.", "add.", "remove.")) and len(key) <= LONGEST_NAME


def _after(ctx: Context, form: Form, section: str) -> HttpResponseBase:
    keys = form.keys()
    behind = keys[keys.index(section) + 1 :] if section in keys else keys
    return _go(ctx, form, next(iter(behind), ""))


def _before(ctx: Context, form: Form, section: str) -> HttpResponseBase:
    keys = form.keys()
    at = keys.index(section) if section in keys else 0
    if at == 0:
        return _leave(ctx, form)
    return _go(ctx, form, keys[at - 1])


def _leave(ctx: Context, form: Form) -> HttpResponseBase:
    if form.filling.release is not None:
        return see("procedures-application", ctx, form.filling.release.submission_id)
    if form.filling.test:
        return see("procedures-filling", ctx, form.filling.pk)
    return see("procedures-procedure", ctx, form.filling.offer.procedure)


def _draw_page(
    request: HttpRequest, ctx: Context, form: Form, shown: VisibleSection, read: Read, mail: str = ""
) -> HttpResponseBase:
    """``mail`` is an address that the visitor has confirmed: it stands where theirs is asked for and nothing was answered yet."""
    tongue = language()
    keys = form.keys()
    at = keys.index(shown.section.key) if shown.section.key in keys else 0
    views = answers.form_page(
        form.definition,
        shown,
        {**_known(form, shown, mail), **form.filling.answers},
        read,
        forms.day_of(form.filling, ctx.now),
        language=tongue,
        files=form.files,
    )
    errors = [FieldError(key, message) for key, message in read.problems.items()]
    return show(
        request,
        ctx,
        "page",
        said(shown.section.title, tongue),
        crumbs=_crumbs(ctx, form, tongue),
        title_lang=lang_of(form.definition, tongue),
        lang=lang_of(form.definition, tongue),
        status=422 if errors else 200,
        form=form,
        steps=_labels(form, tongue),
        at=at + 1,
        help=said(shown.section.help, tongue),
        questions=views,
        errors=errors,
        subject=_subject(form, tongue),
        added=[one for one in views if one.key in request.GET.getlist("added")],
        more=form.filling.release.text if form.filling.release else "",
        known_mail=mail and any(one.value == mail for view in views for one in view.fields),
        to_check="check" in request.GET or "check" in request.POST,
        back=_href(ctx, form, keys[at - 1]) if at else "",
        multipart=any(forms.is_file(one) for one in shown.questions),
        closes=_closes(form),
        once_only=not form.correction and any(one.stands_for for one in shown.questions),
        discard_href=""
        if form.correction
        else reverse("procedures-discard", args=[ctx.municipality.code, form.filling.pk]),
    )


def _known(form: Form, shown: VisibleSection, mail: str) -> dict[str, JsonValue]:
    if not mail or form.correction or shown.section.key in form.filling.done:
        return {}
    return {
        one.key: mail for one in shown.questions if (one.kind, one.stands_for) == ("mail", "applicant.mail")
    }


def _labels(form: Form, tongue: str) -> list[str]:
    own = [said(one.section.title, tongue) for one in form.pages]
    if form.correction:
        return [*own, _("確認")]
    return [*own, _("お知らせ") if _settled(form) else _("受け取り方"), _("確認")]


def _settled(form: Form) -> str:
    return forms.settled_way(form.definition, form.filling.answers)


def _subject(form: Form, tongue: str) -> str:
    """What the form is about, for the title of the window: its pages have headings of their own."""
    return said(form.definition.title, tongue) if not form.correction else form.filling.publication.title


def _crumbs(ctx: Context, form: Form, tongue: str) -> list[Link]:
    if form.filling.release is not None:
        sent = reverse(
            "procedures-application", args=[ctx.municipality.code, form.filling.release.submission_id]
        )
        return [top(ctx), Link(_("申請の状況"), sent)]
    if form.filling.test:
        return [top(ctx)]  # what is tried out may have no page of its own yet
    return procedure_crumbs(ctx, form.filling.offer.procedure, said(form.definition.title, tongue))


def _closes(form: Form) -> str:
    at = form.filling.offer.closes_at
    return moment(at) if at and not form.correction and not form.filling.test else ""


# --- how the result is given -----------------------------------------------------------------------------------------


@own_page
def reach_page(request: HttpRequest, ctx: Context, visitor: Visitor, filling_id: UUID) -> HttpResponseBase:
    """How the result may be given, and where notices go."""
    try:
        form = form_of(ctx, filling_id)
    except AlreadySent as sent:
        return _sent(ctx, sent)
    if form.correction:
        return _go(ctx, form, form.undone())
    filling = form.filling
    settled = _settled(form)
    known = "" if letters.REACH in filling.done else visitor.mail
    typed = {"electronic": settled or filling.electronic, "mail": filling.mail or known}
    errors: list[FieldError] = []
    if request.method == "POST":
        typed = {key: request.POST.get(key, "").strip()[:400] for key in typed}
        typed["electronic"] = settled or typed["electronic"]
        try:
            filling = reach(ctx, filling, Reach(typed["electronic"][:20], {"mail": typed["mail"]}))
        except Problem as problem:
            # Only 「次へ」 asks for it to be right.
            errors = [] if {"back", "later"} & set(request.POST) else errors_of(problem)
        if "back" in request.POST:
            return _before(ctx, form, letters.REACH)
        if "later" in request.POST:
            return see("procedures-keep", ctx, filling.pk)
        if not errors:
            return see("procedures-check", ctx, filling.pk)
    tongue = language()
    keys = form.keys()
    return show(
        request,
        ctx,
        "reach",
        _("お知らせの受け取り方") if settled else _("結果の受け取り方"),
        crumbs=_crumbs(ctx, form, tongue),
        status=422 if errors else 200,
        steps=_labels(form, tongue),
        at=len(keys),
        errors=errors,
        wrong={one.key: one.message for one in errors},
        typed=typed,
        known_mail=visitor.mail and typed["mail"] == visitor.mail,
        subject=_subject(form, tongue),
        settled=settled,
        downloads="download" in form.definition.result,
        choices=[(key, _(label)) for key, label in RESULTS if key in form.definition.result],
        back=len(keys) > 1,
        closes=_closes(form),
    )


# --- check and send --------------------------------------------------------------------------------------------------


@own_page
def check(request: HttpRequest, ctx: Context, visitor: Visitor, filling_id: UUID) -> HttpResponseBase:
    """Everything at a glance, with a way to each page and back here; and the sending."""
    problem: Problem | None = None
    if request.method == "POST":
        correction = "correction" in request.POST
        sent, problem = _send(request, ctx, filling_id, correction=correction)
        if sent is not None:
            crash.point("procedures.before-acknowledgement")
            return sent
    try:
        form = form_of(ctx, filling_id)
    except AlreadySent as known:
        return _sent(ctx, known)
    tongue = language()
    errors = _errors(ctx, form, problem)
    fee = answers.fee(form.definition, form.filling.answers) if not form.correction else 0
    reached = visitor.reaches(form.definition.identity)
    return show(
        request,
        ctx,
        "check",
        _("内容の確認"),
        crumbs=_crumbs(ctx, form, tongue),
        status=problem.status if problem else 200,
        form=form,
        lang=lang_of(form.definition, tongue),
        steps=_labels(form, tongue),
        at=len(_labels(form, tongue)),
        errors=errors,
        stopped=problem.message if isinstance(problem, NotTaken) else "",
        sections=[
            (one, _href(ctx, form, one.key) + "?check=1")
            for one in answers.shown(
                form.definition,
                form.filling.answers,
                tongue,
                form.files,
                day=forms.day_of(form.filling, ctx.now),
            )
        ],
        subject=_subject(form, tongue),
        result=dict(RESULTS).get(form.filling.electronic, ""),
        settled=_settled(form),
        reach_href=_href(ctx, form, letters.REACH),
        mail=form.filling.mail,
        fee="" if fee == 0 else (_("審査のあとに決まります") if fee is None else yen(fee)),
        fee_note=said(form.definition.fee.note, tongue),
        reached=reached,
        sign_in_href="" if reached else sign_in_url(ctx, form.definition.identity, request.path),
        ready=not form.undone(),
        undone=form.undone() and _href(ctx, form, form.undone()),
        closes=_closes(form),
        until=wareki(japan_date(form.filling.expires_at)),
        office=form.filling.offer.office,
    )


def _send(
    request: HttpRequest, ctx: Context, filling_id: UUID, *, correction: bool
) -> tuple[HttpResponseBase | None, Problem | None]:
    """(where it leads, why not). The try is counted in the transaction of what succeeds, and by itself where nothing came of it."""

    def tried() -> None:
        throttle.count(request, ctx, "submit")

    try:
        if correction:
            reply = correct(ctx, None, Send(str(filling_id)), first=tried)
            return see("procedures-application", ctx, reply.submission_id), None
        made = send(ctx, None, Send(str(filling_id)), first=tried)
        return see("procedures-receipt", ctx, made.pk), None
    except throttle.TooMany:
        raise
    except Problem as found:
        tried()
        if isinstance(found, AlreadySent):
            return _sent(ctx, found), None
        if isinstance(found, Denied | Missing):
            raise
        return None, found


def _errors(ctx: Context, form: Form, problem: Problem | None) -> list[tuple[str, str]]:
    """What stands against sending: (message, the page where it is put right)."""
    if problem is None or isinstance(problem, NotTaken):
        return []
    keys = set(form.keys())
    return [
        (str(one.message), _href(ctx, form, one.key) + "?check=1" if one.key in keys else "")
        for one in errors_of(problem)
    ]


@own_page
def file(
    request: HttpRequest, ctx: Context, visitor: Visitor, filling_id: UUID, upload_id: UUID
) -> HttpResponseBase:
    """A file that one has attached, to look at it again."""
    found = queries.upload(ctx, upload_id)
    if found.filling_id != filling_id:
        raise Missing
    return serve(request, ctx, found.file, owner=found, permission=VIEW_UPLOAD)
