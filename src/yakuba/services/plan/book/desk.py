"""The book on the desk: choosing what is made, what was made, the public's books; the city's own templates and forms."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem, ports
from yakuba.kernel.files import limits
from yakuba.kernel.files import store as files
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.formats import moment
from yakuba.services.plan import queries as plans
from yakuba.services.plan.book import access, choosing, making, queries, template_sheets
from yakuba.services.plan.book.actions import (
    AddBookTemplate,
    OrderBook,
    add_book_template,
    choose_book_template,
    order_book,
    release_book,
    retire_book_template,
)
from yakuba.services.plan.book.choosing import Chosen
from yakuba.services.plan.book.forms import own
from yakuba.services.plan.book.making import FORMATS, Format
from yakuba.services.plan.book.placeholders import vocabulary
from yakuba.services.plan.book.printing import order_public
from yakuba.services.plan.book.sample_form import sample
from yakuba.services.plan.book.templates import SHIPPED, STANDARD
from yakuba.services.plan.models import BOOK_STATES, Book, Edition
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.views.desk.frame import crumbs_of, show, tabs_of, top

TAB: Final = "plan-desk-book"
CONTENT_TYPES: Final[dict[Format, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def book(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Choose template and format; the answer is the book, or the page where the worker's will be."""
    edition = plans.edition(ctx, edition_id)
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            return _asked(request, ctx, edition)
        except Problem as problem:
            if isinstance(problem, Denied | Missing):
                raise
            errors = errors_of(problem)
    return _page(request, ctx, edition, errors)


def _asked(request: HttpRequest, ctx: Context, edition: Edition) -> HttpResponseBase:
    """The book, or the way to it. Raises :class:`Problem` for what cannot be chosen together."""
    post = request.POST
    one = choosing.chosen(ctx, post.get("template", ""))
    form = choosing.check_format(one, post.get("format", ""))
    large, wants_draft = post.get("large") == "1", post.get("draft") == "1"
    found = making.ground(ctx, edition, draft=wants_draft)
    stamp = choosing.stamp(found, one, form, large=large)
    kept = queries.kept(ctx, stamp)
    if kept is not None:
        return see("plan-desk-book-made", ctx, kept.pk)
    if len(found.source.this.forms) > making.AT_ONCE:
        made = order_book(
            ctx, edition, OrderBook(one.key, form, stamp, large=large, draft=found.source.draft)
        )
        return see("plan-desk-book-made", ctx, made.pk)
    # Who took a draft out stands in the trail before it is written.
    ports.trail().read(ctx, "plan.book", "plan_edition", [edition.pk])
    return _file(choosing.make(found, one, form, large=large), choosing.file_name(found, one, form), form)


def _file(data: bytes, name: str, form: Format) -> HttpResponse:
    answer = HttpResponse(data, content_type=CONTENT_TYPES[form])
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _page(request: HttpRequest, ctx: Context, edition: Edition, errors: Sequence[FieldError]) -> HttpResponse:
    publication = publishing.standing_of(ctx, EDITION, edition.pk)
    offered = choosing.offered(ctx)
    template = request.POST.get("template", STANDARD)
    return show(
        request,
        ctx,
        "book",
        _("冊子"),
        crumbs=crumbs_of(ctx, edition),
        status=422 if errors else 200,
        edition=edition,
        tabs=tabs_of(ctx, edition, TAB),
        errors=errors,
        error={one.key: one.message for one in errors},
        templates=[(one.key, _offer(one)) for one in offered],
        formats=[(form, making.format_name(form)) for form in FORMATS],
        typed={
            "template": template,
            "format": request.POST.get("format", "pdf"),
            "large": request.POST.get("large", ""),
            "draft": request.POST.get("draft", ""),
        },
        publication=publication,
        changed=publication is not None and edition.state == "draft",
        books=[_line(ctx, one) for one in queries.books(ctx, edition)[:50]],
        public_books=[
            (making.format_name(one.format), limits.in_mb(one.file.size), moment(one.released_at))
            for one in (queries.published(ctx, publication) if publication is not None else ())
        ],
        may_release=access.RELEASE.holds_anywhere(ctx),
        public_href=address("plan-desk-book-public", ctx, edition.pk),
        templates_href=address("plan-desk-book-templates", ctx),
        here=address(TAB, ctx, edition.pk),
    )


def _offer(one: Chosen) -> str:
    """A template as it is offered: its name, and what it has in it."""
    about = one.template.about if one.template is not None else _("この市のExcelの様式（Excelだけ）")
    return f"{one.name}　{about}" if about else one.name


def _line(ctx: Context, one: Book) -> dict[str, object]:
    return {
        "book": one,
        "format": making.format_name(one.format),
        "state": dict(BOOK_STATES)[one.state],
        "size": limits.in_mb(one.file.size) if one.file is not None else "",
        "href": address("plan-desk-book-made", ctx, one.pk),
        "file_href": address("plan-desk-book-file", ctx, one.pk) if one.file is not None else "",
        "release_href": address("plan-desk-book-release", ctx, one.pk)
        if one.state == "made" and not one.draft and not one.release
        else "",
    }


@require_safe
@desk_page
def made(request: HttpRequest, ctx: Context, book_id: UUID) -> HttpResponseBase:
    """How far the worker is, and the way to what it made."""
    one = queries.book(ctx, book_id)
    return show(
        request,
        ctx,
        "book_made",
        _("冊子の作成"),
        crumbs=[*crumbs_of(ctx, one.edition), Link(_("冊子"), address(TAB, ctx, one.edition_id))],
        line=_line(ctx, one),
        back=address(TAB, ctx, one.edition_id),
        here=address("plan-desk-book-made", ctx, one.pk),
    )


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context, book_id: UUID) -> HttpResponseBase:
    """The file of a book that was made."""
    one = queries.book(ctx, book_id)
    if one.file is None:
        raise Missing
    ports.trail().read(ctx, "plan.book", "plan_book", [one.pk])
    return serve(request, ctx, one.file, owner=one, permission=access.VIEW_BOOK)


@require_POST
@desk_page
def release(request: HttpRequest, ctx: Context, book_id: UUID) -> HttpResponseBase:
    """Let the public have a book."""
    one = queries.book(ctx, book_id)
    try:
        release_book(ctx, one, NoData(), expected_version=version_of(request))
    except Problem as problem:
        if isinstance(problem, Denied | Missing):
            raise
        return _page(request, ctx, one.edition, errors_of(problem))
    return see(TAB, ctx, one.edition_id, fragment="public")


@require_POST
@desk_page
def public(request: HttpRequest, ctx: Context, edition_id: UUID) -> HttpResponseBase:
    """Make the public's books of what stands published anew."""
    need(access.RELEASE, ctx)
    edition = plans.edition(ctx, edition_id)
    try:
        order_public(ctx, edition.pk)
    except Problem as problem:
        if isinstance(problem, Denied | Missing):
            raise
        return _page(request, ctx, edition, errors_of(problem))
    return see(TAB, ctx, edition.pk, fragment="public")


# --- templates -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def templates(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The shipped templates to be taken and changed, the city's own, and the form that takes a new one in."""
    errors: list[FieldError] = []
    if request.method == "POST":
        need(access.KEEP_TEMPLATES, ctx)
        try:
            _take_in(request, ctx)
            return see("plan-desk-book-templates", ctx, fragment="own")
        except Problem as problem:
            if isinstance(problem, Denied | Missing):
                raise
            errors = errors_of(problem)
    return show(
        request,
        ctx,
        "book_templates",
        _("冊子のひな形と様式"),
        crumbs=[top(ctx)],
        status=422 if errors else 200,
        errors=errors,
        error={one.key: one.message for one in errors},
        name=request.POST.get("name", ""),
        kind=request.POST.get("kind", "book"),
        kinds=[("book", _("冊子のひな形")), ("form", _("この市のExcelの様式"))],
        shipped=[
            (one.name, one.about, address("plan-desk-book-template-file", ctx, one.key))
            for one in SHIPPED.values()
        ],
        sample_href=address("plan-desk-book-template-file", ctx, "sample"),
        own=[
            {
                "template": one,
                "lost": one.content.get("lost", ()) if one.kind == "form" else (),
                "href": address("plan-desk-book-template-file", ctx, str(one.pk)),
                "choose_href": address("plan-desk-book-template-choose", ctx, one.pk),
                "retire_href": address("plan-desk-book-template-retire", ctx, one.pk),
            }
            for one in queries.templates(ctx)
        ],
        words=[(f"{{{{{word.name}}}}}", f"{{{{{word.key}}}}}", word.about) for word in vocabulary()],
        may_keep=access.KEEP_TEMPLATES.holds_anywhere(ctx),
        limit=limits.in_mb(LIMITS.size),
        here=address("plan-desk-book-templates", ctx),
    )


def _take_in(request: HttpRequest, ctx: Context) -> None:
    """Check what was sent and keep it. Raises :class:`Problem` with every fault by its cell."""
    name = request.POST.get("name", "").strip()
    if not name:
        raise Problem("required", _("名前を書いてください。"), field="name")
    uploaded = received(request, "file")
    if request.POST.get("kind") == "form":
        kind, content = "form", _checked_form(uploaded)
    else:
        kind = "book"
        content = template_sheets.read(uploaded, name).to_json()  # type: ignore[arg-type]  # an uploaded file reads and seeks like any stream
    uploaded.seek(0)
    sha256 = files.put(uploaded)  # type: ignore[arg-type]  # as above
    add_book_template(
        ctx, None, AddBookTemplate(name, kind, content, sha256, uploaded.name or "template.xlsx")
    )


def _checked_form(uploaded: UploadedFile) -> dict[str, object]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        for chunk in uploaded.chunks():
            copy.write(chunk)
        copy.flush()
        return own.check(Path(copy.name)).to_json()


@require_safe
@desk_page
def template_file(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """A template as a workbook to be changed: a shipped one, the city's own, or an example of an Excel form."""
    if key == "sample":
        return _file(sample(), _("様式の例.xlsx"), "xlsx")
    if key in SHIPPED:
        return _file(template_sheets.write(SHIPPED[key]), f"{SHIPPED[key].name}.xlsx", "xlsx")
    if not choosing.is_own(key):
        raise Missing
    found = queries.template(ctx, UUID(key))
    if found.file is None:
        raise Missing
    return serve(request, ctx, found.file, owner=found, permission=access.VIEW_TEMPLATE)


@require_POST
@desk_page
def template_choose(request: HttpRequest, ctx: Context, template_id: UUID) -> HttpResponseBase:
    """Have the public's books made with it from now on, or with the shipped one again."""
    choose_book_template(
        ctx, queries.template(ctx, template_id), NoData(), expected_version=version_of(request)
    )
    return see("plan-desk-book-templates", ctx, fragment="own")


@require_POST
@desk_page
def template_retire(request: HttpRequest, ctx: Context, template_id: UUID) -> HttpResponseBase:
    """Offer it no more."""
    retire_book_template(
        ctx, queries.template(ctx, template_id), NoData(), expected_version=version_of(request)
    )
    return see("plan-desk-book-templates", ctx, fragment="own")
