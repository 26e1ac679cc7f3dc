"""A new procedure (from nothing, from a ready one, from a file), files out and in, the office in charge, a draft that goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.casework.states import KINDS
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of, several
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Problems
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files.receiving import received
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.queries import OfficeOn, office_name, offices_on
from yakuba.kernel.ui.components import FieldError
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.actions.designing import (
    CreateProcedure,
    assign_procedure,
    create_procedure,
    delete_procedure,
)
from yakuba.services.procedures.definition import checks, document
from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.definition.source import Refused
from yakuba.services.procedures.designing import differences, editing, queries
from yakuba.services.procedures.ready import all_ready
from yakuba.services.procedures.views.desk.designing_frame import (
    Draft,
    by_key,
    crumbs_of,
    draft_of,
    save,
    show,
    state_badge,
    tabs_of,
    top,
    version_of,
)

_FIELDS = ("source", "title", "kind", "office", "ready", "file")


def _offices(ctx: Context) -> list[OfficeOn]:
    """The offices for which this actor may make a procedure."""
    listed = offices_on(ctx.municipality.id, japan_date(ctx.now))
    if access.ASSIGN.holds_anywhere(ctx):
        return listed
    own = set(queries.own_offices(ctx))
    return [one for one in listed if one.id in own]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Begin a procedure."""
    need(access.CREATE, ctx)
    offices = _offices(ctx)
    typed = {key: request.POST.get(key, "") for key in _FIELDS}
    if request.method != "POST":
        only = str(offices[0].id) if len(offices) == 1 else ""
        return _new(request, ctx, offices, {**typed, "office": only, "source": "ready"})
    try:
        if request.POST.get("document"):
            definition = loaded(request.POST["document"])
        elif typed["source"] == "file":
            return _looked(request, ctx, offices, typed, _file(request))
        else:
            definition = _begun(ctx, typed, offices)
        made = create_procedure(ctx, None, CreateProcedure(typed["office"], document.write(definition)))
    except Problem as problem:
        return _new(request, ctx, offices, typed, problem)
    return see("procedures-design", ctx, made.pk)


def _begun(ctx: Context, typed: Mapping[str, str], offices: list[OfficeOn]) -> Definition:
    """The definition to begin with. Raises :class:`Problems`."""
    problems: list[Problem] = []
    if typed["source"] == "ready":
        found = next((one for one in all_ready() if one.key == typed["ready"]), None)
        if found is not None:
            title = typed["title"].strip()
            return replace(found.definition, title={"ja": title}) if title else found.definition
        problems.append(Problem("ready", _("ひな形を選んでください。"), field="ready"))
    else:
        if not typed["title"].strip():
            problems.append(Problem("empty", _("名称を入力してください。"), field="title"))
        if typed["kind"] not in dict(KINDS):
            problems.append(Problem("kind", _("種類を選んでください。"), field="kind"))
    if problems:
        raise Problems(problems)
    authority = next((one.authority for one in offices if str(one.id) == typed["office"]), "mayor")
    return editing.empty(typed["title"].strip(), typed["kind"], authority)


def _file(request: HttpRequest) -> Definition:
    """The definition in an uploaded file. Raises :class:`Problem` on the field ``file``."""
    return loaded(received(request, "file").read(document.MAX_BYTES + 1))


def loaded(data: bytes | str) -> Definition:
    """The definition in a file's content. Raises :class:`Problems`, each with its place in the file in words."""
    try:
        return document.load(data)
    except Refused as refused:
        raise Problems(
            Problem("definition", f"{path}：{message}" if path else message, field="file")
            for path, message in refused.problems
        ) from refused


def _new(
    request: HttpRequest,
    ctx: Context,
    offices: list[OfficeOn],
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    errors = errors_of(problem, _FIELDS) if problem else []
    return show(
        request,
        ctx,
        "design_new",
        _("手続を作る"),
        crumbs=[top(ctx)],
        status=problem.status if problem else 200,
        errors=errors,
        said=by_key(errors),
        typed=typed,
        offices=[(str(one.id), one.name) for one in offices],
        kinds=[(code, _(label)) for code, label in KINDS],
        sources=[
            ("ready", _("ひな形から始める")),
            ("empty", _("何もないところから始める")),
            ("file", _("ほかの自治体などのファイルから始める")),
        ],
        readies=[(one.key, one.title) for one in all_ready()],
        back=address("procedures-designs", ctx),
    )


def _looked(
    request: HttpRequest,
    ctx: Context,
    offices: list[OfficeOn],
    typed: Mapping[str, str],
    definition: Definition,
) -> HttpResponse:
    """What a file would make, before it makes it."""
    chosen = next((one.name for one in offices if str(one.id) == typed["office"]), "")
    if not chosen:
        return _new(
            request, ctx, offices, typed, Problem("office", _("担当課を選んでください。"), field="office")
        )
    return show(
        request,
        ctx,
        "design_file",
        _("ファイルの確認"),
        crumbs=[top(ctx)],
        office=typed["office"],
        office_name=chosen,
        here=address("procedures-design-new", ctx),
        back=address("procedures-design-new", ctx),
        parts=_about(ctx, definition),
    )


def _about(ctx: Context, definition: Definition) -> dict[str, object]:
    """What a definition holds, in a few words and figures."""
    found = checks.look(definition, today=japan_date(ctx.now))
    return {
        "title_said": said(definition.title),
        "kind_said": _(dict(KINDS)[definition.kind]),
        "pages_said": [(said(one.title), len(one.questions)) for one in definition.sections()],
        "questions": len(editing.places(definition)),
        "stops": [one.message for one in found if one.level == "stop"],
        "asks": [one.message for one in found if one.level != "stop"],
        "document": document.dump(definition),
    }


@require_safe
@desk_page
def file_of(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """The draft as a ``yakuba-procedure/1`` file."""
    draft = draft_of(ctx, procedure_id)
    return _as_file(draft.definition)


@require_safe
@desk_page
def file_of_version(request: HttpRequest, ctx: Context, procedure_id: UUID, number: int) -> HttpResponseBase:
    """A published version as a file."""
    draft = draft_of(ctx, procedure_id)
    found = queries.version(ctx, draft.procedure, number)
    return _as_file(document.read(cast("Mapping[str, JsonValue]", found.head)))


def _as_file(definition: Definition) -> HttpResponse:
    response = HttpResponse(document.dump(definition), content_type="application/json; charset=utf-8")
    disposition = content_disposition_header(as_attachment=True, filename=f"{said(definition.title)}.json")
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "no-store"
    return response


# --- the rest of what is done to a procedure ----------------------------------------------------------------------------


@require_safe
@desk_page
def manage(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """Files out and in, the office in charge, a draft that goes, its row of the inventory."""
    return _manage(request, ctx, draft_of(ctx, procedure_id))


def _manage(request: HttpRequest, ctx: Context, draft: Draft, problem: Problem | None = None) -> HttpResponse:
    errors = errors_of(problem, ("office", "reason", "file")) if problem else []
    row = queries.inventory_row(ctx, draft.procedure)
    day = japan_date(ctx.now)
    return show(
        request,
        ctx,
        "design_manage",
        _("管理"),
        crumbs=crumbs_of(ctx, draft),
        status=problem.status if problem else 200,
        draft=draft,
        procedure=draft.procedure,
        tabs=tabs_of(ctx, draft, "procedures-design-manage"),
        state_badge=state_badge(draft.procedure.state),
        errors=errors,
        said=by_key(errors),
        office=office_name(draft.procedure.office_id, day),
        office_id=str(draft.procedure.office_id),
        offices=[(str(one.id), one.name) for one in offices_on(ctx.municipality.id, day)],
        may_assign=access.ASSIGN.may(ctx, draft.procedure).allowed,
        reason=request.POST.get("reason", ""),
        row_href=address("procedures-inventory-row", ctx, row.pk) if row else "",
        file_href=address("procedures-design-file", ctx, draft.id),
        replace_href=address("procedures-design-replace", ctx, draft.id),
        assign_href=address("procedures-design-assign", ctx, draft.id),
        delete_href=address("procedures-design-delete", ctx, draft.id),
    )


@require_POST
@desk_page
def assign(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """Another office is in charge from now on."""
    draft = draft_of(ctx, procedure_id)
    try:
        data = assign_procedure.read_text({"office": request.POST.get("office", "")})
        assign_procedure(ctx, draft.procedure, data, expected_version=version_of(request))
    except Problem as problem:
        return _manage(request, ctx, draft, problem)
    return see("procedures-design-manage", ctx, draft.id)


@require_POST
@desk_page
def delete(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """Throw a draft away."""
    draft = draft_of(ctx, procedure_id)
    here = Municipality.objects.for_actor(ctx).filter(pk=ctx.municipality.id).first()
    if here is None:
        raise Missing
    try:
        sent = {
            "procedure": str(draft.id),
            "seen": str(version_of(request)),
            "reason": request.POST.get("reason", ""),
        }
        delete_procedure(ctx, here, delete_procedure.read_text(sent))
    except Problem as problem:
        return _manage(request, ctx, draft, problem)
    return see("procedures-designs", ctx)


@require_POST
@desk_page
def replace_draft(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """Put a file in the place of the draft: first what it would change, then, pressed again, the change."""
    draft = draft_of(ctx, procedure_id)
    if not draft.may:
        raise Denied
    try:
        if request.POST.get("document"):
            save(ctx, request, draft, loaded(request.POST["document"]), _("ファイルから置き換えた"))
            return see("procedures-design", ctx, draft.id)
        definition = _file(request)
    except Problem as problem:
        known = [
            FieldError(one.field if one.field == "file" else "", one.message) for one in several(problem)
        ]
        wrong = Problems(Problem(problem.code, str(one.message), field=one.key) for one in known)
        return _manage(request, ctx, draft, wrong)
    return show(
        request,
        ctx,
        "design_file",
        _("ファイルの確認"),
        crumbs=crumbs_of(ctx, draft),
        draft=draft,
        changes=differences.between(draft.definition, definition),
        replacing=True,
        here=address("procedures-design-replace", ctx, draft.id),
        back=address("procedures-design-manage", ctx, draft.id),
        parts=_about(ctx, definition),
    )
