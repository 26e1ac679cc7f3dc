"""The desk's pages: what waits, one case beside the entry that it changes, which procedures change a book."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.engines.casework.origins import topics
from yakuba.engines.intake import access, queries
from yakuba.engines.intake.actions import Bind, CarryOut, bind, carry_out, set_aside, unbind
from yakuba.engines.intake.models import STATES, Intake
from yakuba.engines.intake.ready import find_ready, ready_for
from yakuba.engines.ledger import queries as ledgers
from yakuba.engines.ledger.links import address_of
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import title_of
from yakuba.kernel.access.desk import Pages, address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem, ports
from yakuba.kernel.dates import format_date, format_moment
from yakuba.kernel.ids import read_id
from yakuba.kernel.ui.components import Fact, Link
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, Slice, sliced, start_of

_PAGES = Pages("intake")
_SIZE = 50
_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: UUID
    number: str
    title: str
    ledger: str
    state: str
    arrived: str
    settled: str


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What waits, and what was settled."""
    need(access.VIEW, ctx)
    spec: ListSpec[Row] = ListSpec(
        columns=(
            Column("number", _("収受番号"), narrow=True, main=True, link=lambda row: _href(ctx, row.id)),
            Column("title", _("手続")),
            Column("ledger", _("台帳"), narrow=True),
            Column("state", _("状態"), narrow=True),
            Column("arrived", _("完了"), narrow=True),
            Column("settled", _("処理"), narrow=True),
        ),
        filters=(
            Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in STATES), single=True),
        ),
    )
    state = spec.parse(request.GET)
    chosen = state.only("state")
    found = (
        queries.settled(ctx).filter(state=chosen) if chosen not in {"", "waiting"} else queries.waiting(ctx)
    )
    page = sliced(found, start_of(state, _SIZE), _SIZE)
    rows = [_row(one) for one in page.rows]
    view = ListView(
        key="intake",
        caption=_("台帳への反映"),
        spec=spec,
        state=state,
        page=Slice(rows, page.count, page.previous, page.following),
        path=address("intake-desk", ctx),
        read_only=True,
        empty_title=_("反映を待っているものはありません"),
        empty_body=_("台帳につないだ手続が完了すると、ここに並びます。"),
    )
    books = [(_label(one), address("intake-bindings", ctx, one.pk)) for one in _books(ctx)]
    return _PAGES.show(request, ctx, "index", _("台帳への反映"), view=view, books=books)


def _books(ctx: Context) -> list[Book]:
    return [one for one in ledgers.books(ctx) if access.BIND.may(ctx, one).allowed]


def _row(one: Intake) -> Row:
    return Row(
        one.pk,
        one.case.number,
        one.case.title,
        _label(one.binding.book),
        _(dict(STATES)[one.state]),
        format_moment(one.arrived_at),
        f"{format_moment(one.settled_at)} {one.settled_by}" if one.settled_at else "",
    )


def _label(book: Book) -> str:
    return str(queries.demand_ledger(book).ledger.label)


def _href(ctx: Context, intake_id: UUID) -> str:
    return address("intake-one", ctx, intake_id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def one(request: HttpRequest, ctx: Context, intake_id: UUID) -> HttpResponseBase:
    """A case beside the entry that it changes: what stands there, what it says, and the one press that takes it over."""
    found = queries.intake(ctx, intake_id)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "set_aside":
                set_aside(ctx, found, set_aside.read_text({"reason": request.POST.get("reason", "")}))
            else:
                carry_out(ctx, found, CarryOut(request.POST.get("entry", "")))
        except Problem as refused:
            problem = refused
        else:
            return see("intake-one", ctx, found.pk)
    return _one_page(request, ctx, found, problem)


def _one_page(request: HttpRequest, ctx: Context, found: Intake, problem: Problem | None) -> HttpResponse:
    ports.trail().read(ctx, "intake.page", "intake", [found.pk])
    installed = queries.demand_ledger(found.binding.book)
    asked = request.GET.get("entry", "") or request.POST.get("entry", "")
    chosen = read_id(asked) if asked else None
    waits = found.state == "waiting"
    proposed = None
    refused: list[str] = []
    if waits:
        try:
            proposed = queries.proposed(ctx, found, chosen)
        except Missing:
            proposed = queries.proposed(ctx, found)
        refused = [one.message for one in proposed.problems]
    entry = proposed.entry if proposed else _entry(ctx, found)
    q = request.GET.get("q", "").strip()
    return _PAGES.show(
        request,
        ctx,
        "one",
        _("%(title)sを台帳に反映する") % {"title": found.case.title},
        crumbs=[Link(_("台帳への反映"), address("intake-desk", ctx))],
        status=problem.status if problem else 200,
        facts=[
            Fact(_("手続"), found.case.title, found.case.number),
            Fact(_("完了"), format_moment(found.arrived_at)),
            Fact(_("台帳"), str(installed.ledger.label)),
            Fact(_("状態"), _(dict(STATES)[found.state]), found.reason),
            *(
                [Fact(_("処理"), format_moment(found.settled_at), found.settled_by)]
                if found.settled_at
                else []
            ),
        ],
        case_href=reverse("casework-case", args=[ctx.municipality.code, found.case_id]),
        waits=waits,
        proposed=proposed,
        day=format_date(proposed.day) if proposed and proposed.day else "",
        fresh=proposed is not None and proposed.branch is not None and proposed.branch.do == "add",
        refused=refused,
        entry=entry,
        entry_title=f"{entry.number} {title_of(installed.ledger, entry)}" if entry else "",
        entry_href=address_of(ctx, entry) if entry else "",
        chosen=str(entry.pk) if chosen is not None and entry is not None else "",
        q=q,
        candidates=_candidates(ctx, found, q) if waits and q else [],
        searched=bool(waits and q),
        errors=errors_of(problem) if problem else [],
        said={error.key: error.message for error in errors_of(problem)} if problem else {},
        typed_reason=request.POST.get("reason", ""),
        back=address("intake-desk", ctx),
    )


def _entry(ctx: Context, found: Intake) -> Entry | None:
    if found.entry is None:
        return None
    try:
        return ledgers.entry_of(ctx, queries.demand_ledger(found.binding.book).ledger, found.entry)
    except Missing:
        return None


def _candidates(ctx: Context, found: Intake, q: str) -> list[tuple[str, str]]:
    """Entries whose number or title field begins with what was typed: (what it is called, this page with it chosen)."""
    ledger = queries.demand_ledger(found.binding.book).ledger
    rows = ledgers.begin_with(ctx, ledger, q)[:_CANDIDATES]
    return [
        (f"{row.number} {title_of(ledger, row)}", f"{_href(ctx, found.pk)}?entry={row.pk}") for row in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def bindings(request: HttpRequest, ctx: Context, book_id: UUID) -> HttpResponseBase:
    """Which procedures change a book, and the form that binds one."""
    need(access.VIEW_BINDING, ctx)
    book = next((one for one in ledgers.books(ctx) if one.pk == book_id), None)
    if book is None:
        raise Missing
    problem: Problem | None = None
    typed = {key: request.POST.get(key, "") for key in ("topic", "ready", "rule")}
    if request.method == "POST":
        try:
            bind(ctx, book, Bind(typed["topic"], _document(typed)))
        except Problem as refused:
            problem = refused
        else:
            return see("intake-bindings", ctx, book.pk)
    errors = errors_of(problem) if problem else []
    return _PAGES.show(
        request,
        ctx,
        "bindings",
        _("%(ledger)sにつないだ手続") % {"ledger": _label(book)},
        crumbs=[Link(_("台帳への反映"), address("intake-desk", ctx))],
        status=problem.status if problem else 200,
        bound=[
            (one, _summary(book, one.rule), address("intake-unbind", ctx, one.pk))
            for one in queries.bindings(ctx, book)
            if one.active
        ],
        topics=[("", _("選んでください")), *((one.key, one.title) for one in topics(ctx))],
        ready=[
            *((one.key, str(one.label)) for one in ready_for(book.ledger)),
            ("", _("自分で書く")),
        ],
        may=access.BIND.may(ctx, book).allowed,
        typed=typed,
        errors=errors,
        said={error.key: error.message for error in errors},
        back=address("intake-desk", ctx),
    )


def _document(typed: dict[str, str]) -> dict[str, object]:
    """The chosen ready rule, or what was written. Raises :class:`Problem` for what is no JSON object."""
    ready = find_ready(typed["ready"])
    if ready is not None:
        return dict(ready.document)
    try:
        found = json.loads(typed["rule"])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Problem(
            "rule", _("決まりを読み取れません。用意されたものを選ぶか、JSONで書いてください。"), field="rule"
        )
    return found


def _summary(book: Book, rule: object) -> str:
    """The name of the ready rule that a document is, or that the office wrote it."""
    same = next((one for one in ready_for(book.ledger) if dict(one.document) == rule), None)
    return str(same.label) if same else _("市で書いた決まり")


@require_POST
@desk_page
def end(request: HttpRequest, ctx: Context, binding_id: UUID) -> HttpResponseBase:
    """Unbind a procedure."""
    found = queries.binding(ctx, binding_id)
    unbind(ctx, found, NoData())
    return see("intake-bindings", ctx, found.book_id)
