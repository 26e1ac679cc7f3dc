"""Procedures as their offices design them: the list, a new one, the pages of the form, one step back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.casework.states import KINDS
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row as SheetRow
from yakuba.kernel.sheets.table import Table, columns_of
from yakuba.kernel.ui.components import FieldError
from yakuba.kernel.ui.formats import moment
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.actions.designing import undo_draft
from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.designing import editing, queries
from yakuba.services.procedures.models import PROCEDURE_STATES, Procedure
from yakuba.services.procedures.views.desk.designing_frame import (
    Draft,
    crumbs_of,
    draft_of,
    save,
    show,
    state_badge,
    tabs_of,
    version_of,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A procedure in the list."""

    id: UUID
    title: str
    kind: str
    office: str
    state: str
    differs: bool
    version: int | None
    changed_at: datetime
    mine: str


def _lines(ctx: Context) -> list[Line]:
    kinds = dict(KINDS)
    return [
        Line(
            one.procedure.pk,
            one.procedure.title,
            _(kinds[one.procedure.kind]),
            one.office,
            one.procedure.state,
            one.differs,
            one.procedure.published or None,
            one.procedure.changed_at,
            "yes" if one.mine else "no",
        )
        for one in queries.procedures(ctx)
    ]


def _spec(ctx: Context, lines: list[Line]) -> ListSpec[Line]:
    offices = sorted({line.office for line in lines if line.office})
    return ListSpec(
        columns=(
            Column(
                "title",
                _("手続"),
                sortable=True,
                main=True,
                link=lambda row: address("procedures-design", ctx, row.id),
            ),
            Column("office", _("担当課"), sortable=True),
            Column("kind", _("種類"), sortable=True, narrow=True),
            Column(
                "state", _("状態"), narrow=True, show=lambda row: state_badge(row.state, differs=row.differs)
            ),
            Column("version", _("公開の版"), kind="number", narrow=True, sortable=True),
            Column(
                "changed_at",
                _("下書きを直した日時"),
                narrow=True,
                sortable=True,
                show=lambda row: moment(row.changed_at),
            ),
        ),
        filters=(
            Filter("mine", _("自分が直せるもの"), (Choice("yes", _("自分の課の手続")),)),
            Filter("state", _("状態"), tuple(Choice(code, _(label)) for code, label in PROCEDURE_STATES)),
            Filter("office", _("担当課"), tuple(Choice(name, name) for name in offices)),
        ),
        search=_("手続をさがす"),
    )


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All procedures, those of the own office first."""
    lines = _lines(ctx)
    spec = _spec(ctx, lines)
    state = spec.parse(request.GET)
    may_create = access.CREATE.holds_anywhere(ctx)
    new_href = address("procedures-design-new", ctx)
    view = ListView(
        key="procedures",
        caption=_("手続"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, lines),
        path=address("procedures-designs", ctx),
        exports=exports("procedures-designs-sheet", ctx.municipality.code) if lines else {},
        read_only=bool(lines),
        empty_title=_("まだ手続がありません"),
        empty_body=_("ひな形から始めると、半日で公開まで進めます。")
        if may_create
        else _("事務局か担当課が手続を作ると、ここに並びます。"),
        empty_action=_("手続を作る") if may_create else "",
        empty_href=new_href if may_create else "",
    )
    return show(
        request,
        ctx,
        "designs",
        _("手続"),
        list=view,
        new_href=new_href if may_create and lines else "",
    )


@require_safe
@desk_page
def index_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The list as a file, as it is seen."""
    lines = _lines(ctx)
    spec = _spec(ctx, lines)
    found = slice_rows(spec, spec.parse(request.GET), lines, size=max(len(lines), 1)).rows
    states = dict(PROCEDURE_STATES)
    columns = (
        *columns_of(Procedure, "title"),
        SheetColumn("office", fields.text(label=_("担当課"), classification=INTERNAL).spec),
        SheetColumn("kind", fields.text(label=_("種類"), classification=INTERNAL).spec),
        SheetColumn("state", fields.text(label=_("状態"), classification=INTERNAL).spec),
        SheetColumn("version", fields.integer(label=_("公開の版"), classification=INTERNAL).spec),
        *columns_of(Procedure, "changed_at"),
    )
    rows = [
        SheetRow(
            {
                "title": line.title,
                "office": line.office,
                "kind": line.kind,
                "state": _(states[line.state]),
                "version": line.version,
                "changed_at": line.changed_at,
            }
        )
        for line in found
    ]
    table = Table(
        name=_("手続"),
        municipality=ctx.municipality.name,
        columns=columns,
        rows=rows,
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{_('手続')}")


# --- the form's steps and pages ---------------------------------------------------------------------------------------

Change = Callable[[Definition, str], Definition]
#: Buttons of the outline: what each does to the step or page that it names, and what the trail says of it.
_MOVES: dict[str, tuple[Change, str]] = {
    "step-up": (lambda of, key: editing.move_step(of, key, -1), "段階を上へ"),
    "step-down": (lambda of, key: editing.move_step(of, key, 1), "段階を下へ"),
    "step-remove": (editing.remove_step, "段階を消した"),
    "page-up": (lambda of, key: editing.move_section(of, key, -1), "ページを上へ"),
    "page-down": (lambda of, key: editing.move_section(of, key, 1), "ページを下へ"),
    "page-copy": (lambda of, key: editing.copy_section(of, key)[0], "ページを写した"),
    "page-remove": (editing.remove_section, "ページを消した"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def outline(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """The form at a glance: steps, pages, how many questions; pages are added, moved, copied and removed here."""
    draft = draft_of(ctx, procedure_id, change=request.method == "POST")
    if request.method != "POST":
        return _outline(request, ctx, draft)
    try:
        changed, what, page = _changed(draft.definition, request)
        save(ctx, request, draft, changed, what)
    except LookupError as gone:
        raise Missing(_("この段階やページは、もうありません。画面を開き直してください。")) from gone
    except Problem as problem:
        return _outline(request, ctx, draft, problem)
    if page:
        return see("procedures-design-page", ctx, draft.id, page)
    return see("procedures-design", ctx, draft.id)


def _changed(definition: Definition, request: HttpRequest) -> tuple[Definition, str, str]:
    """The changed form, what was done in words, and the page to go to; LookupError for a key that is not there."""
    done, at = request.POST.get("do", ""), request.POST.get("at", "")
    if done in _MOVES:
        change, what = _MOVES[done]
        return change(definition, at), what, ""
    title = request.POST.get("title", "").strip()
    if not title:
        field = "step-title" if done == "add-step" else f"{at}-title"
        raise Problem("empty", _("題名を入力してください。"), field=field)
    if done == "add-step":
        fresh, page = editing.add_step(definition, {"ja": title})
        return fresh, f"段階「{title}」を加えた", page
    if done == "add-page":
        fresh, page = editing.add_section(definition, at, {"ja": title})
        return fresh, f"ページ「{title}」を加えた", page
    raise LookupError(done)


def _outline(
    request: HttpRequest, ctx: Context, draft: Draft, problem: Problem | None = None
) -> HttpResponse:
    definition = draft.definition
    known = {"step-title", *(f"{step.key}-title" for step in definition.steps)}
    errors: list[FieldError] = errors_of(problem, known) if problem else []
    last = len(definition.steps) - 1
    steps = [
        {
            "key": step.key,
            "title": said(step.title),
            "field": f"{step.key}-title",
            "error": next((one.message for one in errors if one.key == f"{step.key}-title"), ""),
            "href": address("procedures-design-step", ctx, draft.id, step.key),
            "first": number == 0,
            "last": number == last,
            "pages": [
                {
                    "key": page.key,
                    "title": said(page.title),
                    "questions": [said(one.label) for one in page.questions],
                    "when": page.when,
                    "href": address("procedures-design-page", ctx, draft.id, page.key),
                    "first": number == 0 and place == 0,
                    "last": number == last and place == len(step.sections) - 1,
                }
                for place, page in enumerate(step.sections)
            ],
        }
        for number, step in enumerate(definition.steps)
    ]
    return show(
        request,
        ctx,
        "design",
        draft.procedure.title,
        crumbs=crumbs_of(ctx, draft)[:1],
        status=problem.status if problem else 200,
        draft=draft,
        procedure=draft.procedure,
        tabs=tabs_of(ctx, draft, "procedures-design"),
        state_badge=state_badge(draft.procedure.state),
        errors=errors,
        step_error=next((one.message for one in errors if one.key == "step-title"), ""),
        steps=steps,
        here=address("procedures-design", ctx, draft.id),
        undo_href=address("procedures-design-undo", ctx, draft.id) if draft.procedure.before else "",
        publish_href=address("procedures-design-publish", ctx, draft.id),
        day=japan_date(ctx.now),
    )


@require_POST
@desk_page
def undo(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """One step back; pressed again, one step forward."""
    draft = draft_of(ctx, procedure_id, change=True)
    try:
        undo_draft(ctx, draft.procedure, NoData(), expected_version=version_of(request))
    except Problem as problem:
        return _outline(request, ctx, draft, problem)
    return see("procedures-design", ctx, draft.id)
