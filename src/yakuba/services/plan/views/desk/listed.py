"""Lists of the desk that leave the house to be read: what stands on the page, as XLSX and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel import fields
from yakuba.kernel.access.desk import need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, respond
from yakuba.kernel.sheets.table import Column, Row, Table, columns_of
from yakuba.kernel.town.queries import offices_on
from yakuba.services.plan import access, public, public_list, public_sheet, queries, shown
from yakuba.services.plan.models import Import, Note
from yakuba.services.plan.published import EDITION, state_of
from yakuba.services.plan.views.desk.frame import name_of
from yakuba.services.plan.views.desk.imports import state_words
from yakuba.services.plan.views.desk.offices import printed_names


def answer(
    ctx: Context,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    file_format: Format,
) -> HttpResponseBase:
    """Rows as a sheet that is only to be read."""
    table = Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=columns,
        rows=[Row(row) for row in rows],
        as_of=ctx.now,
        notes=((_("編集"), _("読み取り専用")),),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name}")


def text_column(key: str, label: str) -> Column:
    """A column of text."""
    return Column(key, fields.text(label=label, classification=INTERNAL, required=False).spec)


def _number(key: str, label: str) -> Column:
    return Column(key, fields.integer(label=label, classification=INTERNAL, required=False).spec)


@require_safe
@desk_page
def imports(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The documents that came in."""
    need(access.VIEW_IMPORT, ctx)
    columns = (
        *columns_of(Import, "file_name"),
        text_column("state", _("状態")),
        *columns_of(Import, "created_at", "created_by"),
    )
    rows = [
        {
            "file_name": job.file_name,
            "state": words,
            "created_at": job.created_at,
            "created_by": job.created_by,
        }
        for job, words in state_words(ctx)
    ]
    return answer(ctx, _("計画書の取り込み"), columns, rows, file_format)


@require_safe
@desk_page
def offices(request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format) -> HttpResponseBase:
    """The printed offices with the units that they mean."""
    edition = queries.edition(ctx, edition_id)
    columns = (
        text_column("name", _("計画書の担当")),
        _number("count", _("取組数")),
        text_column("office_name", _("所属")),
    )
    rows = [
        {"name": one.name, "count": one.count, "office_name": one.office_name}
        for one in printed_names(ctx, edition, offices_on(ctx.municipality.id, japan_date(ctx.now)))
    ]
    return answer(ctx, f"{name_of(edition)}_{_('担当と所属')}", columns, rows, file_format)


@require_safe
@desk_page
def memos(request: HttpRequest, ctx: Context, edition_id: UUID, file_format: Format) -> HttpResponseBase:
    """The notes on an edition and on its initiatives, struck ones too."""
    edition = queries.edition(ctx, edition_id)
    columns = (
        text_column("number", _("番号")),
        text_column("title", _("取組名")),
        *columns_of(Note, "text", "written_at", "written_by", "struck_at", "struck_by"),
    )
    rows = [
        {
            "number": note.initiative.number if note.initiative else None,
            "title": note.initiative.title if note.initiative else None,
            **{
                key: getattr(note, key)
                for key in ("text", "written_at", "written_by", "struck_at", "struck_by")
            },
        }
        for note in queries.all_notes(ctx, edition)
    ]
    return answer(ctx, f"{name_of(edition)}_{_('メモ')}", columns, rows, file_format)


@require_safe
@desk_page
def past(
    request: HttpRequest, ctx: Context, edition_id: UUID, number: int, file_format: Format
) -> HttpResponseBase:
    """The initiatives of a publication as the public had them."""
    edition = queries.edition(ctx, edition_id)
    found = publishing.numbered(ctx, EDITION, edition.pk, number)
    if found is None or found.withdrawn:
        raise Missing
    state = state_of(ctx, found)
    frozen = shown.edition(
        state.head, ((key, place, form) for place, (key, form) in enumerate(state.forms.items(), 1))
    )
    spec = public_list.spec(frozen)
    name = _("第%(n)d号の取組") % {"n": number}
    table = public_sheet.table(
        frozen,
        public_list.ordered(frozen, spec, spec.parse(request.GET)),
        name=name,
        municipality=ctx.municipality.name,
        as_of=found.published_at,
        address=request.build_absolute_uri(public.address(ctx, found)),
    )
    return respond(table, file_format, f"{ctx.municipality.name}_{name_of(edition)}_{name}")
