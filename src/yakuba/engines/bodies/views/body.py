"""A body on its page; the forms of a body and of its seats; its members as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.bodies import access, actions, rules
from yakuba.engines.bodies.models import Body, Seat
from yakuba.engines.bodies.queries import meetings as queries
from yakuba.engines.bodies.queries import sitting
from yakuba.engines.bodies.queries.sitting import Sitting
from yakuba.engines.bodies.views.frame import STATE_TONES, keeps, short, show, to_body, top, when
from yakuba.kernel import fields
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context, Missing, Problem, ports
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL, specs_of
from yakuba.kernel.sheets.respond import Format, exports, respond
from yakuba.kernel.sheets.table import Column as SheetColumn
from yakuba.kernel.sheets.table import Row, Table
from yakuba.kernel.town.queries import office_name, offices_on, people_on
from yakuba.kernel.ui.components import Fact
from yakuba.kernel.ui.formats import wareki

BODY_KEYS: Final = tuple(specs_of(actions.BodyFacts))
SEAT_KEYS: Final = tuple(specs_of(actions.SeatFacts))


def _days(first: dt.date, last: dt.date | None) -> str:
    return f"{wareki(first)}～" + (wareki(last) if last else "")


@require_safe
@desk_page
def body(request: HttpRequest, ctx: Context, body_id: UUID) -> HttpResponseBase:
    """What it is, who sits in it, when it meets."""
    found = queries.body(ctx, body_id)
    today = japan_date(ctx.now)
    seats = queries.all_seats(ctx, found)
    standing = [
        one for one in seats if one.valid_from <= today and (one.valid_to is None or one.valid_to >= today)
    ]
    sat = sitting.sittings(ctx, standing, today)
    now = {one.key for one in sat}
    others = sitting.sittings(ctx, [one for one in seats if one.pk not in now], today)
    _log(ctx, [*sat, *others])
    soon = today + queries.SOON
    return show(
        request,
        ctx,
        "body",
        found.name,
        crumbs=[top(ctx)],
        body=found,
        facts=_facts(found, today),
        seats=[(one, _days(one.seat.valid_from, one.seat.valid_to), _ends(one, soon)) for one in sat],
        ahead=[
            (one, _days(one.seat.valid_from, one.seat.valid_to))
            for one in others
            if one.seat.valid_from > today
        ],
        former=[
            (one, _days(one.seat.valid_from, one.seat.valid_to))
            for one in others
            if one.seat.valid_from <= today
        ],
        meetings=[
            (one, short(one), when(one), rules.state_label(one.way, one.state), STATE_TONES[one.state])
            for one in queries.meetings(ctx, of=found)[:30]
        ],
        keeps=keeps(ctx),
        chairless=not any(one.seat.role == "chair" for one in sat),
        saves=exports("bodies-seats-sheet", ctx.municipality.code, found.pk),
        waiting=queries.waiting_matters(ctx, found) if keeps(ctx) else [],
    )


def _ends(one: Sitting, soon: dt.date) -> bool:
    return one.seat.valid_to is not None and one.seat.valid_to <= soon


def _log(ctx: Context, seats: list[Sitting]) -> None:
    """Names of people who do not work here are personal data."""
    outsiders = [one.key for one in seats if one.seat.outsider]
    if outsiders:
        ports.trail().read(ctx, "bodies.body", "body_seat", outsiders)


def _facts(found: Body, today: dt.date) -> list[Fact]:
    quorum = dict(rules.QUORUMS)[found.quorum]
    rows = [
        Fact(_("種類"), dict(rules.KINDS)[found.kind]),
        Fact(_("設置の根拠"), found.ground),
        Fact(_("所掌すること"), found.purpose),
        Fact(_("報告先"), found.parent.name if found.parent else _("市区町村長")),
        Fact(_("庶務"), office_name(found.office_id, today)),
        Fact(
            _("定足数"),
            _("%(rule)s（代理出席を数える）") % {"rule": quorum} if found.proxies_count else quorum,
        ),
        Fact(_("設置の期間"), _days(found.valid_from, found.valid_to)),
    ]
    return [one for one in rows if one.value]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """A new body."""
    need(access.ESTABLISH, ctx)
    if request.method != "POST":
        typed = {"quorum": "majority", "proxies_count": "false", "parent": request.GET.get("parent", "")}
        return _body_form(request, ctx, None, typed)
    typed = {key: request.POST.get(key, "") for key in BODY_KEYS}
    try:
        made = actions.establish(ctx, None, actions.establish.read_text(typed))
    except Problem as problem:
        return _body_form(request, ctx, None, typed, problem)
    return see("bodies-body", ctx, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, ctx: Context, body_id: UUID) -> HttpResponseBase:
    """Change a body."""
    found = queries.body(ctx, body_id)
    need(access.CHANGE, ctx)
    if request.method != "POST":
        return _body_form(request, ctx, found, _typed_of(found))
    typed = {key: request.POST.get(key, "") for key in BODY_KEYS}
    try:
        data = actions.change_body.read_text(typed)
        actions.change_body(ctx, found, data, expected_version=version_of(request))
    except Problem as problem:
        return _body_form(request, ctx, found, typed, problem)
    return see("bodies-body", ctx, found.pk)


def _typed_of(found: Body) -> dict[str, str]:
    return {
        **{key: getattr(found, key) for key in ("name", "kind", "ground", "purpose", "quorum")},
        "proxies_count": "true" if found.proxies_count else "false",
        "office": str(found.office_id),
        "parent": str(found.parent_id or ""),
        "valid_from": format_date(found.valid_from),
        "valid_to": format_date(found.valid_to) if found.valid_to else "",
    }


def _body_form(
    request: HttpRequest,
    ctx: Context,
    found: Body | None,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    today = japan_date(ctx.now)
    return show(
        request,
        ctx,
        "body_form",
        _("%(name)sを変える") % {"name": found.name} if found else _("会議体を設ける"),
        crumbs=to_body(ctx, found) if found else [top(ctx)],
        problem=problem,
        body=found,
        typed=typed,
        specs=specs_of(actions.BodyFacts),
        offices=[(str(one.id), one.name) for one in offices_on(ctx.municipality.id, today)],
        parents=[
            (str(one.pk), one.name)
            for one in queries.bodies(ctx)
            if (found is None or one.pk != found.pk) and (one.valid_to is None or one.valid_to >= today)
        ],
        back=address("bodies-body", ctx, found.pk) if found else address("bodies-desk", ctx),
    )


# --- seats ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_seat(request: HttpRequest, ctx: Context, body_id: UUID) -> HttpResponseBase:
    """A new seat; with «続けて加える» the form comes again, empty."""
    found = queries.body(ctx, body_id)
    need(access.KEEP_SEATS, ctx)
    if request.method != "POST":
        role = request.GET.get("role", "member")
        typed = {
            "role": role if role in dict(rules.ROLES) else "member",
            "order": str(_following(ctx, found, role)),
            "valid_from": format_date(max(found.valid_from, japan_date(ctx.now))),
        }
        return _seat_form(request, ctx, found, None, typed)
    typed = {key: request.POST.get(key, "") for key in SEAT_KEYS}
    try:
        actions.add_seat(ctx, found, actions.add_seat.read_text(typed))
    except Problem as problem:
        return _seat_form(request, ctx, found, None, typed, problem)
    if request.POST.get("do") == "more":
        again = see("bodies-seat-new", ctx, found.pk)
        again["Location"] += f"?role={typed['role']}"
        return again
    return see("bodies-body", ctx, found.pk)


def _following(ctx: Context, found: Body, role: str) -> int:
    return max((one.order for one in queries.all_seats(ctx, found) if one.role == role), default=0) + 1


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def seat(request: HttpRequest, ctx: Context, body_id: UUID, seat_id: UUID) -> HttpResponseBase:
    """Change a seat, or take it back."""
    found = queries.seat(ctx, body_id, seat_id)
    need(access.CHANGE_SEAT, ctx)
    if request.method != "POST":
        return _seat_form(request, ctx, found.body, found, _typed_seat(found))
    typed = {key: request.POST.get(key, "") for key in SEAT_KEYS}
    try:
        version = version_of(request)
        if request.POST.get("do") == "remove":
            typed = _typed_seat(found)
            actions.remove_seat(ctx, found.body, actions.Which(str(found.pk)))
        else:
            actions.change_seat(ctx, found, actions.change_seat.read_text(typed), expected_version=version)
    except Problem as problem:
        return _seat_form(request, ctx, found.body, found, typed, problem)
    return see("bodies-body", ctx, found.body_id)


def _typed_seat(found: Seat) -> dict[str, str]:
    return {
        "role": found.role,
        "order": str(found.order),
        "post": str(found.post_id or ""),
        "person": str(found.person_id or ""),
        "outsider": found.outsider,
        "affiliation": found.affiliation,
        "valid_from": format_date(found.valid_from),
        "valid_to": format_date(found.valid_to) if found.valid_to else "",
    }


def _seat_form(
    request: HttpRequest,
    ctx: Context,
    of: Body,
    found: Seat | None,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> HttpResponse:
    today = japan_date(ctx.now)
    people = people_on(ctx, today)
    ports.trail().read(ctx, "bodies.seat_form", "person", [one.id for one in people])
    return show(
        request,
        ctx,
        "seat_form",
        _("席を変える") if found else _("席を加える"),
        crumbs=to_body(ctx, of),
        problem=problem,
        body=of,
        seat=found,
        typed=typed,
        specs=specs_of(actions.SeatFacts),
        posts=sitting.choices(ctx, today),
        people=[
            (str(one.id), f"{one.holdings[0].office} {one.holdings[0].title} {one.name}") for one in people
        ],
        back=address("bodies-body", ctx, of.pk),
    )


@require_safe
@desk_page
def seats_sheet(request: HttpRequest, ctx: Context, body_id: UUID, file_format: Format) -> HttpResponseBase:
    """The members of today as a file (委員名簿)."""
    found = queries.body(ctx, body_id)
    if not access.VIEW_SEAT.holds_anywhere(ctx):
        raise Missing
    rows = sitting.of_body(ctx, found, japan_date(ctx.now))
    _log(ctx, rows)
    name = _("委員名簿")
    table = Table(
        name=name,
        municipality=ctx.municipality.name,
        columns=(
            SheetColumn("role", fields.text(label=_("役"), classification=INTERNAL, required=False).spec),
            SheetColumn(
                "post", fields.text(label=_("職・所属"), classification=INTERNAL, required=False).spec
            ),
            SheetColumn("names", fields.text(label=_("氏名"), classification=PERSONAL, required=False).spec),
            SheetColumn("first", fields.date(label=_("就任日"), classification=INTERNAL).spec),
            SheetColumn(
                "last", fields.date(label=_("任期の終わり"), classification=INTERNAL, required=False).spec
            ),
        ),
        rows=[
            Row(
                {
                    "role": one.role_label,
                    "post": one.post,
                    "names": one.names,
                    "first": one.seat.valid_from,
                    "last": one.seat.valid_to,
                }
            )
            for one in rows
        ],
        as_of=ctx.now,
    )
    return respond(table, file_format, f"{found.name}_{name}")
