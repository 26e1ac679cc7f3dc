"""A table into a ledger: chosen, matched, looked at, taken in. Each step is an address, so that whoever leaves comes back to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.ledger.actions.entries import MOST
from yakuba.engines.ledger.exchange import heads, opening, queries
from yakuba.engines.ledger.exchange.access import IMPORT, VIEW_BATCH
from yakuba.engines.ledger.exchange.actions.importing import (
    BeginImport,
    begin_import,
    choose_import,
    confirm_import,
    match_import,
    stop_import,
)
from yakuba.engines.ledger.exchange.actions.lines import AT_ONCE
from yakuba.engines.ledger.exchange.actions.reading_lines import read_lines
from yakuba.engines.ledger.exchange.actions.refusing import demand_none
from yakuba.engines.ledger.exchange.actions.staging import read_in
from yakuba.engines.ledger.exchange.actions.words import RewordImport, reword_import
from yakuba.engines.ledger.exchange.matching import columns_of, known
from yakuba.engines.ledger.models import BATCH_STATES, Batch
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem, ports
from yakuba.kernel.files import limits
from yakuba.kernel.files import store as files
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.ledgers.views import exchange_lines
from yakuba.services.ledgers.views import exchange_pieces as pieces
from yakuba.services.ledgers.views.frame import Opened, opened, show

_BUSY: Final = frozenset({"reading", "writing", "indexing"})
_SHOWN: Final = 10
_STATES: Final = dict(BATCH_STATES)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def choose(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Choose a table; below it those that came before."""
    one = _one(ctx, key)
    if request.method != "POST":
        return _choose(request, ctx, one, [])
    try:
        batch = _begin(request, ctx, one)
    except Problem as problem:
        return _choose(request, ctx, one, [FieldError("file", error.message) for error in errors_of(problem)])
    return see("ledgers-batch", ctx, one.ledger.key, batch.pk)


def _one(ctx: Context, key: str) -> Opened:
    one = opened(ctx, key)
    if not IMPORT.may(ctx, one.book).allowed:
        raise Denied
    return one


def _begin(request: HttpRequest, ctx: Context, one: Opened) -> Batch:
    """Only a table with a head that can be found enters the store."""
    file = received(request, "file")
    stream = cast("BinaryIO", file)
    found = opening.opened(stream, most=opening.TOP)
    if request.POST.get("lines"):
        return exchange_lines.begin(ctx, one, stream, str(file.name)[-255:], found, request.POST["lines"])
    head = heads.find(found, known(one.ledger, columns_of(one.ledger, one.book, personal=True)))
    demand_none(head.labels, head.rows_of(found))
    stream.seek(0)
    data = BeginImport(
        files.put(stream), str(file.name)[-255:], list(head.labels), found.rows - head.below, found.system
    )
    return begin_import(ctx, one.book, data)


def _choose(request: HttpRequest, ctx: Context, one: Opened, errors: list[FieldError]) -> HttpResponse:
    before = [
        (found, _STATES[found.state], one.href(ctx, "ledgers-batch", found.pk))
        for found in queries.batches(ctx, one.book)[:_SHOWN]
    ]
    return show(
        request,
        ctx,
        "exchange_in",
        _("%sに表を取り込む") % one.label,
        crumbs=one.crumbs(ctx),
        status=422 if errors else 200,
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size),
        before=before,
        what=exchange_lines.what(one, request.POST.get("lines", "")),
        sheet_href=one.href(ctx, "ledgers-export", "xlsx"),
        back=one.href(ctx),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def batch(request: HttpRequest, ctx: Context, key: str, batch_id: UUID) -> HttpResponseBase:
    """One import at the step where it is, and what is done in it."""
    one = _one(ctx, key)
    found = queries.batch_of(ctx, one.ledger, batch_id)
    if request.method != "POST":
        return _page(request, ctx, one, found, None)
    ways = {**exchange_lines.DONE, **_BOTH} if found.lines else _DONE
    do = ways.get(request.POST.get("do", ""))
    if do is None:
        raise Missing
    try:
        do(ctx, found, request)
    except Problem as problem:
        errors_of(problem)  # raises what is no matter of a form
        return _page(request, ctx, one, found, problem)
    return see("ledgers-batch", ctx, one.ledger.key, found.pk)


def _match(ctx: Context, found: Batch, request: HttpRequest) -> None:
    """A small table is read before the answer, a large one by the worker."""
    matched = match_import(ctx, found, pieces.said_of_columns(request.POST, found))
    if matched.steps <= MOST:
        read_in(ctx, matched)


def _choose_cells(ctx: Context, found: Batch, request: HttpRequest) -> None:
    choose_import(ctx, found, pieces.said_of_rows(request.POST))


def _confirm(ctx: Context, found: Batch, request: HttpRequest) -> None:
    confirm_import(
        ctx, found, confirm_import.read_text({"without_wrong": request.POST.get("without_wrong", "0")})
    )


def _reword(ctx: Context, found: Batch, request: HttpRequest) -> None:
    reworded = reword_import(ctx, found, RewordImport(pieces.said_of_words(request.POST)))
    if reworded.lines and reworded.steps <= AT_ONCE:
        read_lines(ctx, reworded)
    elif not reworded.lines and reworded.steps <= MOST:
        read_in(ctx, reworded)


_DONE: Mapping[str, Callable[[Context, Batch, HttpRequest], object]] = {
    "match": _match,
    "choose": _choose_cells,
    "confirm": _confirm,
    "stop": lambda ctx, found, _request: stop_import(ctx, found, NoData()),
    "words": _reword,
}


#: What is done alike to tables of entries and of sub-rows.
_BOTH: Final = {name: _DONE[name] for name in ("stop", "words")}


def _page(
    request: HttpRequest, ctx: Context, one: Opened, found: Batch, problem: Problem | None
) -> HttpResponse:
    errors = errors_of(problem)
    rematch = found.state == "matching" or (found.state == "checked" and "columns" in request.GET)
    if problem is not None and request.POST.get("do") == "match":
        rematch = True
    step = "match" if rematch else "busy" if found.state in _BUSY else found.state
    steps = {**_STEPS, **exchange_lines.STEPS} if found.lines else _STEPS
    context = steps[step](ctx, one, found, request)
    answer = show(
        request,
        ctx,
        f"exchange_{step}",
        _("取り込み：%s") % found.name,
        crumbs=[*one.crumbs(ctx), Link(_("表を取り込む"), one.href(ctx, "ledgers-import"))],
        status=problem.status if problem else 200,
        batch=found,
        state=_STATES[found.state],
        errors=errors,
        said={error.key: error.message for error in errors},
        here=one.href(ctx, "ledgers-batch", found.pk),
        again=one.href(ctx, "ledgers-import"),
        back=one.href(ctx),
        file_href=one.href(ctx, "ledgers-batch-file", found.pk) if found.file_id else "",
        **context,
    )
    if step == "busy":
        answer["Refresh"] = "5"
    return answer


def _checked(ctx: Context, one: Opened, found: Batch, request: HttpRequest) -> dict[str, object]:
    shown = pieces.looked_at(ctx, one, found)
    if one.personal and shown.ids:
        one.log_read(ctx, shown.ids)
    return {
        "look": shown,
        "strange": pieces.strange(found),
        "wrong_href": one.href(ctx, "ledgers-batch-wrong", found.pk, "xlsx"),
        "columns_href": one.href(ctx, "ledgers-batch", found.pk) + "?columns=1",
    }


_STEPS: Mapping[str, Callable[[Context, Opened, Batch, HttpRequest], dict[str, object]]] = {
    "match": lambda ctx, one, found, request: pieces.matched(ctx, one, found, request.POST),
    "busy": lambda _ctx, _one, _found, _request: {},
    "checked": _checked,
    "done": lambda _ctx, _one, _found, _request: {},
    "stopped": lambda _ctx, _one, _found, _request: {},
}


@require_safe
@desk_page
def wrong(
    _request: HttpRequest, ctx: Context, key: str, batch_id: UUID, file_format: Format
) -> HttpResponseBase:
    """The rows with something wrong as a file: each cell's place and what is wrong with it."""
    one = _one(ctx, key)
    found = queries.batch_of(ctx, one.ledger, batch_id)
    table = pieces.wrong_table(ctx, one, found)
    return respond(table, file_format, f"{ctx.municipality.name}_{one.label}_{_('直すところ')}")


@require_safe
@desk_page
def original(request: HttpRequest, ctx: Context, key: str, batch_id: UUID) -> HttpResponseBase:
    """The table as it came."""
    one = _one(ctx, key)
    found = queries.batch_of(ctx, one.ledger, batch_id)
    if found.file is None:
        raise Missing
    ports.trail().read(ctx, f"{one.ledger.key}.read", "ledger_batch", [found.pk], how="original")
    return serve(request, ctx, found.file, owner=found, permission=VIEW_BATCH)
