"""Bodies, meetings and decisions as lists, and as files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.bodies import access, rules
from yakuba.engines.bodies.models import AgendaItem, Body, Meeting
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.views.frame import full, keeps, short, show, tabs, top, when
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table, columns_of
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.formats import wareki
from yakuba.kernel.ui.lists import (
    Choice,
    Column,
    Filter,
    ListSpec,
    ListState,
    ListView,
    Slice,
    slice_rows,
    sliced,
    start_of,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body in the list."""

    id: UUID
    name: str
    kind: str
    above: str
    office: str
    members: int
    following: str
    ground: str
    standing: str


def _line(
    body: Body,
    counted: Mapping[UUID, tuple[int, Meeting | None]],
    offices: Mapping[UUID, str],
    today: dt.date,
) -> BodyLine:
    members, following = counted[body.pk]
    stands = body.valid_from <= today and (body.valid_to is None or body.valid_to >= today)
    return BodyLine(
        body.pk,
        body.name,
        dict(rules.KINDS)[body.kind],
        body.parent.name if body.parent else "",
        offices.get(body.office_id, ""),
        members,
        when(following) if following else "",
        body.ground,
        "now" if stands else "not",
    )


def _bodies(ctx: Context) -> list[BodyLine]:
    rows = list(queries.bodies(ctx))
    today = japan_date(ctx.now)
    offices = office_names([one.office_id for one in rows], today)
    counted = queries.counted(ctx, rows)
    found = [_line(one, counted, offices, today) for one in rows]
    order = [label for _key, label in rules.KINDS]
    return sorted(found, key=lambda one: (one.standing != "now", order.index(one.kind), one.name))


@require_safe
@desk_page
def bodies(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What waits for the reader, and the bodies of the city."""
    need(access.VIEW_BODY, ctx)
    spec: ListSpec[BodyLine] = ListSpec(
        columns=(
            Column("name", _("名称"), main=True, link=lambda row: address("bodies-body", ctx, row.id)),
            Column("kind", _("種類"), narrow=True),
            Column("above", _("上位の会議体")),
            Column("office", _("庶務")),
            Column("members", _("委員"), kind="number", narrow=True),
            Column("following", _("次の会議")),
        ),
        filters=(
            Filter(
                "standing",
                _("今日"),
                (Choice("now", _("置かれているもの")), Choice("not", _("置かれていないもの"))),
            ),
        ),
        search=_("名称・根拠で探す"),
    )
    state = spec.parse(request.GET)
    may = keeps(ctx)
    view = ListView(
        key="bodies",
        caption=_("会議体"),
        spec=spec,
        state=state,
        page=slice_rows(spec, state, _bodies(ctx)),
        path=address("bodies-desk", ctx),
        exports=exports("bodies-desk-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("この条件の会議体はありません"),
        empty_body=_("本部・委員会・部会などを、規程のとおりに登録します。"),
        empty_action=_("会議体を設ける") if may else "",
        empty_href=address("bodies-new", ctx) if may else "",
    )
    return show(
        request,
        ctx,
        "index",
        _("会議体"),
        list=view,
        tabs=tabs(ctx, "bodies-desk"),
        work=_work(ctx),
        new_href=address("bodies-new", ctx) if may else "",
    )


def _work(ctx: Context) -> list[tuple[str, str, str]]:
    """What waits for the reader: (what to do, address, of what)."""
    found = queries.waiting(ctx)
    rows: list[tuple[str, str, str]] = [
        *(
            (_("持ち回りに回答する"), address("bodies-answer", ctx, one.pk), _told(one))
            for one in found.to_answer
        ),
        *(
            (_("議事録を確認する"), address("bodies-minutes", ctx, one.meeting_id), _told(one.meeting))
            for one in found.to_confirm
        ),
        *((_("出席する"), address("bodies-meeting", ctx, one.pk), _told(one)) for one in found.coming),
        *(
            (_("出欠・回答を記録する"), address("bodies-meeting", ctx, one.pk), _told(one))
            for one in found.to_close
        ),
        *(
            (_("決定を記録する"), address("bodies-meeting", ctx, one.pk), _told(one))
            for one in found.to_decide
        ),
        *((_("議事録を作る"), address("bodies-minutes", ctx, one.pk), _told(one)) for one in found.to_write),
        *(
            (_("結果を報告する"), address("bodies-report", ctx, one.pk), _told(one))
            for one in found.to_report
        ),
    ]
    rows += [
        (
            _("任期の終わりに備える"),
            address("bodies-seat", ctx, one.body_id, one.pk),
            _("%(body)s（%(day)sまで）") % {"body": one.body.name, "day": wareki(one.valid_to)},
        )
        for one in found.terms
        if one.valid_to is not None
    ]
    return rows


def _told(meeting: Meeting) -> str:
    return f"{full(meeting)}　{when(meeting)}"


def _text(key: str, label: str) -> SheetColumn:
    return SheetColumn(key, fields.text(label=label, classification=INTERNAL, required=False).spec)


def _sheet(ctx: Context, name: str, columns: Sequence[SheetColumn], rows: list[Row]) -> Table:
    return Table(
        name=name, municipality=ctx.municipality.name, columns=tuple(columns), rows=rows, as_of=ctx.now
    )


@require_safe
@desk_page
def bodies_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The bodies as a file."""
    need(access.VIEW_BODY, ctx)
    columns = (
        _text("name", _("名称")),
        _text("kind", _("種類")),
        _text("above", _("上位の会議体")),
        _text("office", _("庶務")),
        SheetColumn(
            "members", fields.integer(label=_("委員"), classification=INTERNAL, unit=_("人"), minimum=0).spec
        ),
        _text("following", _("次の会議")),
        _text("ground", _("設置の根拠")),
    )
    keys = ("name", "kind", "above", "office", "members", "following", "ground")
    rows = [Row({key: getattr(one, key) for key in keys}) for one in _bodies(ctx)]
    name = _("会議体")
    return respond(_sheet(ctx, name, columns, rows), file_format, f"{ctx.municipality.name}_{name}")


# --- meetings -------------------------------------------------------------------------------------------------------


def _meetings_spec(ctx: Context, names: Sequence[tuple[str, str]]) -> ListSpec[Meeting]:
    return ListSpec(
        columns=(
            Column(
                "body",
                _("会議"),
                main=True,
                show=full,
                link=lambda row: address("bodies-meeting", ctx, row.pk),
            ),
            Column("starts_at", _("日時・期間"), show=when),
            Column("way", _("開き方"), narrow=True, show=lambda row: dict(rules.WAYS)[row.way]),
            Column("place", _("場所")),
            Column("state", _("状態"), narrow=True, show=lambda row: rules.state_label(row.way, row.state)),
        ),
        filters=(
            Filter("state", _("状態"), tuple(Choice(key, label) for key, label in rules.STATES)),
            Filter("body", _("会議体"), tuple(Choice(key, label) for key, label in names)),
        ),
    )


def _asked(ctx: Context, request: HttpRequest) -> tuple[ListSpec[Meeting], ListState]:
    names = [(str(one.pk), one.name) for one in queries.bodies(ctx)]
    spec = _meetings_spec(ctx, names)
    return spec, spec.parse(request.GET)


@require_safe
@desk_page
def meetings(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """All meetings, the newest first, fifty a page."""
    need(access.VIEW_MEETING, ctx)
    spec, state = _asked(ctx, request)
    rows = queries.meetings(ctx, states=state.filters.get("state", ()), bodies=state.filters.get("body", ()))
    found = sliced(rows, start_of(state, PAGE), PAGE)
    view = ListView(
        key="meetings",
        caption=_("会議"),
        spec=spec,
        state=state,
        page=Slice(found.rows, found.count, found.previous, found.following),
        path=address("bodies-meetings", ctx),
        exports=exports("bodies-meetings-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("この条件の会議はありません"),
        empty_body=_("会議体の画面の「会議を予定する」から加えます。"),
    )
    return show(
        request,
        ctx,
        "list",
        _("会議"),
        crumbs=[top(ctx)],
        list=view,
        tabs=tabs(ctx, "bodies-meetings"),
    )


@require_safe
@desk_page
def meetings_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The same as a file, whole."""
    need(access.VIEW_MEETING, ctx)
    _spec, state = _asked(ctx, request)
    rows = queries.meetings(ctx, states=state.filters.get("state", ()), bodies=state.filters.get("body", ()))
    columns = (
        _text("body", _("会議体")),
        *columns_of(Meeting, "year", "number", "way", "starts_at", "ends_at", "due", "place", "state"),
    )
    keys = ("year", "number", "way", "starts_at", "ends_at", "due", "place", "state")
    name = _("会議")
    lines = [Row({"body": one.body.name, **{key: getattr(one, key) for key in keys}}) for one in rows]
    return respond(_sheet(ctx, name, columns, lines), file_format, f"{ctx.municipality.name}_{name}")


# --- decisions ------------------------------------------------------------------------------------------------------


def _decisions_spec(ctx: Context) -> ListSpec[AgendaItem]:
    return ListSpec(
        columns=(
            Column(
                "title",
                _("議題"),
                main=True,
                link=lambda row: address("bodies-item", ctx, row.meeting_id, row.pk),
            ),
            Column("decision", _("決定")),
            Column("meeting", _("会議"), show=lambda row: full(row.meeting)),
            Column("day", _("会議の日"), narrow=True, show=lambda row: wareki(queries.day_of(row.meeting))),
        ),
        search=_("議題・決定・理由で探す"),
    )


@require_safe
@desk_page
def decisions(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """What bodies decided, the newest first."""
    need(access.VIEW_ITEM, ctx)
    spec = _decisions_spec(ctx)
    state = spec.parse(request.GET)
    found = sliced(queries.decided(ctx, state.q), start_of(state, PAGE), PAGE)
    view = ListView(
        key="decisions",
        caption=_("会議の決定"),
        spec=spec,
        state=state,
        page=Slice(found.rows, found.count, found.previous, found.following),
        path=address("bodies-decisions", ctx),
        exports=exports("bodies-decisions-sheet", ctx.municipality.code),
        read_only=True,
        empty_title=_("記録された決定はまだありません"),
        empty_body=_("開催済みの会議の画面で、議題ごとに決定を記録します。"),
    )
    return show(
        request,
        ctx,
        "list",
        _("会議の決定"),
        crumbs=[top(ctx)],
        list=view,
        tabs=tabs(ctx, "bodies-decisions"),
    )


@require_safe
@desk_page
def decisions_sheet(request: HttpRequest, ctx: Context, file_format: Format) -> HttpResponseBase:
    """The same as a file, whole."""
    need(access.VIEW_ITEM, ctx)
    state = _decisions_spec(ctx).parse(request.GET)
    columns = (
        _text("body", _("会議体")),
        _text("meeting", _("会議")),
        SheetColumn("day", fields.date(label=_("会議の日"), classification=INTERNAL).spec),
        *columns_of(AgendaItem, "title", "what", "decision", "reason", "decided_at"),
    )
    lines = [
        Row(
            {
                "body": one.meeting.body.name,
                "meeting": short(one.meeting),
                "day": queries.day_of(one.meeting),
                **{key: getattr(one, key) for key in ("title", "what", "decision", "reason", "decided_at")},
            }
        )
        for one in queries.decided(ctx, state.q)
    ]
    name = _("会議の決定")
    return respond(_sheet(ctx, name, columns, lines), file_format, f"{ctx.municipality.name}_{name}")
