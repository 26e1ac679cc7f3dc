"""Where each office is told of what came in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.casework import actions
from yakuba.engines.casework.access import SET_MAILBOX
from yakuba.engines.casework.models import OfficeMailbox
from yakuba.engines.casework.queries import page as reading
from yakuba.engines.casework.views.frame import show
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import read_id
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column, Row, Table, columns_of
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.queries import offices_on
from yakuba.kernel.ui.components import FieldError


@dataclass(frozen=True, slots=True)
class Line:
    """An office with its mailbox; ``mine``: this actor may change it."""

    id: UUID
    office: str
    mail: str
    mine: bool
    error: str = ""

    @property
    def key(self) -> str:
        """The id as a part of a field's key."""
        return str(self.id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All offices, each with its mailbox and a form."""
    need(SET_MAILBOX, ctx)
    if request.method != "POST":
        return _page(request, ctx, None)
    office = _office(ctx, request.POST.get("office", ""))
    try:
        data = actions.set_mailbox.read_text({"mail": request.POST.get("mail", "")})
        actions.set_mailbox(ctx, office, data)
    except Problem as problem:
        errors_of(problem)
        return _page(request, ctx, problem)
    return see("casework-mailboxes", ctx)


def _office(ctx: Context, key: str) -> Office:
    found = Office.objects.for_actor(ctx).filter(pk=read_id(key)).first()
    if found is None:
        raise Missing
    return found


def _lines(ctx: Context, posted: dict[str, str] | None = None, error: str = "") -> list[Line]:
    mails = reading.mailboxes(ctx)
    mine = set(Office.objects.for_actor(ctx).filter(SET_MAILBOX.q(ctx)).values_list("pk", flat=True))
    found = []
    for one in offices_on(ctx.municipality.id, japan_date(ctx.now)):
        here = posted is not None and posted.get("office") == str(one.id)
        mail = posted.get("mail", "") if posted is not None and here else mails.get(one.id, "")
        name = f"{one.department} {one.name}".strip()
        found.append(Line(one.id, name, mail, one.id in mine, error if here else ""))
    return found


def _page(request: HttpRequest, ctx: Context, problem: Problem | None) -> HttpResponse:
    posted = {key: request.POST.get(key, "") for key in ("office", "mail")} if problem else None
    lines = _lines(ctx, posted, problem.message if problem else "")
    return show(
        request,
        ctx,
        "mailboxes",
        _("課のメール"),
        status=problem.status if problem else 200,
        lines=lines,
        errors=[FieldError(f"mail-{line.id}", line.error) for line in lines if line.error],
        exports=exports("casework-mailboxes-sheet", ctx.municipality.code),
        back=address("casework-inbox", ctx),
    )


@require_safe
@desk_page
def save(_request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The mailboxes as a file to be read."""
    need(SET_MAILBOX, ctx)
    table = Table(
        name=_("課のメール"),
        municipality=ctx.municipality.name,
        columns=(
            Column("office", fields.text(label=_("所属"), classification=INTERNAL).spec),
            *columns_of(OfficeMailbox, "mail"),
        ),
        rows=[Row({"office": line.office, "mail": line.mail}) for line in _lines(ctx)],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{table.name}")
