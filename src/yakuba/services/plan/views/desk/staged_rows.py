"""A reading row by row before it goes into a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.desk import address
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, Problem, Stale
from yakuba.kernel.sheets.respond import Format
from yakuba.kernel.ui.components import Link, badge
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, known, slice_rows
from yakuba.services.plan import cells, labels, rules, sources
from yakuba.services.plan.rows import Form
from yakuba.services.plan.staging import Decision
from yakuba.services.plan.views.desk import listed, staging_desk
from yakuba.services.plan.views.desk.frame import saves, show
from yakuba.services.plan.views.desk.initiative import DOUBTS, SOME_DOUBT, key_of
from yakuba.services.plan.views.desk.staging_desk import Desk, Typed, to, while_ready
from yakuba.services.plan.views.desk.staging_pieces import TARGETS

_AROUND = 2


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a reading in the list of all."""

    number: str
    title: str
    offices: str
    document: int
    row: int
    open: int
    decided: int
    state: str


@require_safe
@desk_page
@while_ready
def rows(request: HttpRequest, ctx: Context, import_id: UUID) -> HttpResponseBase:
    """Every row of a reading, to look through and to put right."""
    desk = Desk.of(ctx, import_id)
    found = list(_listed(desk))
    several = len(desk.staged.documents) > 1
    titles = [staging_desk.document_title(one) for one in desk.staged.documents]
    spec: ListSpec[ListedRow] = ListSpec(
        columns=(
            Column("number", _("番号"), narrow=True),
            Column(
                "title",
                _("取組"),
                main=True,
                link=lambda one: address("plan-desk-check-row", ctx, import_id, one.document, one.row),
            ),
            Column("offices", _("担当")),
            Column("state", _("確認"), narrow=True, show=_state),
        ),
        filters=(
            Filter(
                "state",
                _("確認"),
                tuple(
                    Choice(code, label, sum(one.state == code for one in found))
                    for code, label in (
                        ("open", _("確認が要る")),
                        ("decided", _("確かめた・直した")),
                        ("read", _("読み取りのまま")),
                        ("made", _("記載から作った")),
                        ("out", _("取り込まない")),
                    )
                ),
            ),
            *(
                [
                    Filter(
                        "document",
                        _("文書"),
                        tuple(
                            Choice(str(n), title, sum(one.document == n for one in found))
                            for n, title in enumerate(titles)
                        ),
                    )
                ]
                if several
                else []
            ),
        ),
        search=_("番号、取組名、担当で探す"),
    )
    state = spec.parse(request.GET)
    view = ListView(
        key="rows",
        caption=_("読み取った取組"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, found),
        path=address("plan-desk-check-rows", ctx, import_id),
        exports=saves("plan-desk-check-rows-sheet", ctx, import_id),
        read_only=True,
    )
    return show(
        request,
        ctx,
        "import_rows",
        _("読み取った取組"),
        crumbs=staging_desk.crumbs(ctx, desk.job),
        tabs=staging_desk.steps(desk, "plan-desk-check-rows"),
        list=view,
    )


@require_safe
@desk_page
@while_ready
def rows_sheet(request: HttpRequest, ctx: Context, import_id: UUID, file_format: Format) -> HttpResponseBase:
    """The rows of a reading as a sheet to be read beside the document."""
    desk = Desk.of(ctx, import_id)
    titles = [staging_desk.document_title(one) for one in desk.staged.documents]
    words = {
        "open": _("確認が要る"),
        "decided": _("確かめた・直した"),
        "read": _("読み取りのまま"),
        "made": _("記載から作った"),
        "out": _("取り込まない"),
    }
    columns = (
        listed.text_column("document", _("文書")),
        listed.text_column("number", _("番号")),
        listed.text_column("title", _("取組")),
        listed.text_column("offices", _("担当")),
        listed.text_column("state", _("確認")),
    )
    found = [
        {
            "document": titles[one.document],
            "number": one.number,
            "title": one.title,
            "offices": one.offices,
            "state": words[one.state],
        }
        for one in _listed(desk)
    ]
    return listed.answer(ctx, _("読み取った取組"), columns, found, file_format)


def _listed(desk: Desk) -> Iterator[ListedRow]:
    waiting: dict[tuple[int, int], int] = {}
    for one in desk.open:
        waiting[one.at] = waiting.get(one.at, 0) + 1
    decided: dict[tuple[int, int], int] = {}
    for document, row, _path in desk.staged.fields:
        decided[document, row] = decided.get((document, row), 0) + 1
    staged = desk.staged
    for document in range(len(staged.documents)):
        for row, form in staged.rows(document):
            at = (document, row)
            yield ListedRow(
                form["number"],
                form["title"],
                "、".join(office["name"] for office in form["offices"]),
                *at,
                waiting.get(at, 0),
                decided.get(at, 0),
                "out"
                if at in staged.left_out
                else "open"
                if at in waiting
                else "made"
                if at in staged.made
                else "decided"
                if at in decided
                else "read",
            )


def _state(one: ListedRow) -> object:
    if one.state == "out":
        return badge(_("取り込まない"))
    if one.state == "made":
        return badge(_("記載から作った"), tone="accent")
    if one.open:
        return badge(_("確認%(n)d") % {"n": one.open}, tone="warn", mark="triangle")
    return badge(_("済み%(n)d") % {"n": one.decided}, tone="good") if one.decided else ""


@dataclass(frozen=True, slots=True)
class RowField:
    """One field of a row as the page draws it."""

    key: str
    cell: cells.Cell
    at: str
    kinds: tuple[str, ...]
    line: int | None
    decision: str
    open: bool
    selected: bool
    check_href: str
    place: bool
    """Whether it is a place in the tree, to be chosen."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
@while_ready
def row(request: HttpRequest, ctx: Context, import_id: UUID, document: int, place: int) -> HttpResponseBase:
    """A row of a reading beside its source; ``?edit=<path>`` opens the form of a field, ``?field=<path>`` shows where it was read."""
    known(request.GET, "edit", "field")
    try:
        desk = Desk.of(ctx, import_id)
        desk.staged.form((document, place))
    except LookupError:
        raise Missing from None
    if request.method != "POST":
        return _row_page(request, desk, (document, place), request.GET.get("edit", ""))
    given = staging_desk.answer_of(request)
    path, value = given.get("path", ""), request.POST.get("value", "")
    if (given["document"], given.get("row")) != (document, place):
        raise Missing
    try:
        staging_desk.decide(request, ctx, desk.job, [given])
    except (Stale, Problem) as problem:
        typed = staging_desk.refused(problem, value)
        return _row_page(request, Desk.of(ctx, import_id), (document, place), path, typed)
    here = address("plan-desk-check-row", ctx, import_id, document, place)
    return to(f"{here}#{key_of(path)}" if path else here)


def _row_page(
    request: HttpRequest, desk: Desk, at: tuple[int, int], opened: str, typed: Typed | None = None
) -> HttpResponse:
    ctx, job = desk.ctx, desk.job
    form = desk.staged.form(at)
    out = desk.staged.left_out.get(at)
    opened = opened if rules.correctable(opened) and out is None else ""
    chosen = opened or request.GET.get("field", "") or "title"
    place = sources.place_of(form, chosen)
    fields = _row_fields(desk, at, form, opened, chosen)
    sections: dict[str, list[RowField]] = {}
    for one in fields:
        sections.setdefault(one.cell.section, []).append(one)
    here = address("plan-desk-check-row", ctx, job.pk, *at)
    there = [number for number, _form in desk.staged.rows(at[0])]
    index = there.index(at[1])
    before, after = there[:index], there[index + 1 :]
    return show(
        request,
        ctx,
        "import_row",
        f"{form['number']} {form['title']}".strip(),
        crumbs=[
            *staging_desk.crumbs(ctx, job),
            Link(_("読み取った取組"), address("plan-desk-check-rows", ctx, job.pk)),
        ],
        status=200 if typed is None else 409 if typed.stale else 422,
        job=job,
        form=form,
        here=here,
        sections=sections.items(),
        missing=[
            Link(str(label), f"{here}?{urlencode({'edit': f'texts.{key}'})}#{key_of(f'texts.{key}')}")
            for key, label in labels.TEXTS.items()
            if key not in form["texts"] and key in TARGETS and out is None
        ],
        before=address("plan-desk-check-row", ctx, job.pk, at[0], before[-1]) if before else "",
        after=address("plan-desk-check-row", ctx, job.pk, at[0], after[0]) if after else "",
        out=out,
        made=desk.staged.made.get(at),
        row_key=f"{at[0]}.{at[1]}.title",
        undo_href=address("plan-desk-check-undo", ctx, job.pk),
        back=address("plan-desk-check-rows", ctx, job.pk),
        place=place,
        part=sources.part_name(place.part) if place else "",
        excerpt=sources.excerpt(job, place, _AROUND) if place else None,
        mark=desk.mark(at, opened) if opened else "",
        places=staging_desk.places(desk.staged.documents[at[0]]),
        typed=typed,
        errors=typed.errors if typed else (),
    )


def _row_fields(desk: Desk, at: tuple[int, int], form: Form, opened: str, chosen: str) -> list[RowField]:
    listed = cells.cells(form)
    known_ = {cell.path for cell in listed}
    for path in [*(doubt["field"] for doubt in form["doubts"]), opened]:
        if path and path not in known_:
            try:
                listed.append(cells.cell(form, path))
            except LookupError:
                continue
            known_.add(path)
    found = []
    for cell in listed:
        place = sources.place_of(form, cell.path)
        key = f"{at[0]}.{at[1]}.{cell.path}"
        doubts = [
            doubt
            for doubt in form["doubts"]
            if doubt["field"] == cell.path and at not in desk.staged.left_out
        ]
        found.append(
            RowField(
                key_of(cell.path),
                cell,
                key,
                tuple(str(DOUBTS.get(doubt["code"], SOME_DOUBT)) for doubt in doubts),
                place.line if place else None,
                _by(desk.decision(key)),
                cell.path == opened,
                cell.path == chosen,
                staging_desk.here(desk, key) if doubts else "",
                cell.path.startswith("placements["),
            )
        )
    return found


def _by(decision: Decision | None) -> str:
    if decision is None:
        return ""
    words = _("読み取りのとおり %(who)s") if decision.verdict == "keep" else _("訂正 %(who)s")
    return words % {"who": decision.by}
