"""People of a municipality on a day, the personnel CSV, and its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.kernel.access.access import VIEW_ACCOUNT
from yakuba.kernel.access.desk import desk_shell
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.queries import AccountLine, accounts
from yakuba.kernel.actions import (
    SUBJECTS,
    Context,
    Denied,
    Permission,
    Problem,
    Problems,
    SubjectRef,
    ports,
    resolve,
)
from yakuba.kernel.dates import DateError, format_date, format_moment, japan_date, parse_date
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.access import IMPORT_PERSONNEL, VIEW_PERSON, VIEW_STAFF_NUMBER
from yakuba.kernel.town.actions import ImportPersonnel, import_personnel
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.town.personnel import COLUMNS, MAX_BYTES, MAX_PROBLEMS, PersonnelPlan, preview, too_large
from yakuba.kernel.town.queries import PersonOn, offices_on, people_on
from yakuba.kernel.ui.components import FieldError, Link, TableColumn
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListView, slice_rows

_PAGE = 100


def _demand(ctx: Context, permission: Permission[Any], what: str) -> None:  # Any: of any model
    """Raise :class:`Denied`, and leave an entry, when the actor has no business on a page."""
    if not permission.holds_anywhere(ctx):
        denied = Denied()
        ports.trail().denied(ctx, what, "", None, "", denied.message)
        denied.logged = True
        raise denied


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Who holds which post on a day."""
    _demand(ctx, VIEW_PERSON, "town.people")
    today = japan_date(ctx.now)
    asked = request.GET.get("on", "").strip()
    day, errors = today, []
    if asked:
        try:
            day = parse_date(asked)
        except DateError as error:
            errors = [FieldError("on", str(error))]
    offices = offices_on(ctx.municipality.id, day)
    spec = _people_list(ctx, [Choice(str(office.id), office.name) for office in offices])
    state = spec.parse(request.GET)
    office = state.only("office")
    people = people_on(ctx, day, office_id=UUID(office) if office else None)
    rows = slice_rows(spec, state, [PersonLine.of(person, office) for person in people], size=_PAGE)
    ports.trail().read(ctx, "town.people", "person", [row.id for row in rows.rows])
    here = reverse("access-people", args=[ctx.municipality.code])
    view = ListView(
        key="people",
        caption=_("%sの職員") % format_date(day),
        spec=spec,
        state=state,
        page=rows,
        path=here,
        read_only=True,
        empty_title=_("この日に職にある職員はいません"),
        empty_body=_("発令のCSVを取り込むと、ここに並びます。"),
    )
    context = {
        "page": desk_shell(request, ctx, _("職員")),
        "view": view,
        "errors": errors,
        "asked": asked or format_date(day),
        "may_import": IMPORT_PERSONNEL.holds_anywhere(ctx),
    }
    return render(request, "access/people.html", context)


@dataclass(frozen=True)
class PersonLine:
    """A person in the list. ``office`` repeats the filter: the query has narrowed by any of the person's posts."""

    id: UUID
    staff_number: str
    name: str
    kana: str
    main: str
    others: str
    office: str

    @classmethod
    def of(cls, person: PersonOn, office: str) -> PersonLine:
        """From the query's answer."""
        first, *others = person.holdings
        return cls(
            person.id,
            person.staff_number,
            person.name,
            person.kana,
            f"{first.office} {first.title}" + ("" if first.kind == "main" else f"（{first.kind_label}）"),
            "、".join(f"{held.office} {held.title}（{held.kind_label}）" for held in others),
            office,
        )


def _people_list(ctx: Context, offices: list[Choice]) -> ListSpec[PersonLine]:
    number: Column[PersonLine] = Column("staff_number", _("職員番号"), sortable=True, narrow=True)
    return ListSpec(
        columns=(
            *((number,) if VIEW_STAFF_NUMBER.holds_anywhere(ctx) else ()),
            Column("name", _("氏名"), main=True),
            Column("kana", _("カナ"), sortable=True),
            Column("main", _("所属と職")),
            Column("others", _("兼務など")),
        ),
        filters=(Filter("office", _("所属"), tuple(offices), single=True),),
        search=_("氏名・所属・職で探す"),
        extra=frozenset({"on"}),
    )


@desk_page
def import_file(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The personnel CSV: choose a file, see what it would change, carry it out, see who moved."""
    municipality = Municipality.objects.for_actor(ctx).get(pk=ctx.municipality.id)
    _demand(ctx, IMPORT_PERSONNEL, "town.import_personnel")
    content, name = request.POST.get("content", ""), request.POST.get("file_name", "")[:200]
    upload = request.FILES.get("file")
    if upload is not None:
        if (upload.size or 0) > MAX_BYTES:
            return _choose(request, ctx, [FieldError("file", too_large(upload.size or 0).message)])
        raw, name = upload.read(), (upload.name or "")[:200]
    elif content:
        raw = content.encode()
    else:
        errors = (
            [FieldError("file", _("CSVのファイルを選んでください。"))] if request.method == "POST" else []
        )
        return _choose(request, ctx, errors)
    try:
        text, plan = preview(ctx, raw)
    except Problem as problem:
        return _choose(request, ctx, [FieldError("file", problem.message)])
    ports.trail().read(ctx, "town.import_personnel", "person", plan.known_people)
    refused: list[FieldError] = []
    if "confirm" in request.POST and upload is None:
        data = ImportPersonnel(text, name, request.POST.get("expected", "")[:64])
        try:
            import_personnel(ctx, municipality, data)
        except Problems as several:
            refused = [FieldError("", problem.message) for problem in several.problems]
        except Problem as problem:
            refused = [FieldError("", problem.message)]
        else:
            return _show(request, ctx, plan, done=True)
    return _show(request, ctx, plan, text=text, file_name=name, errors=refused)


def _choose(request: HttpRequest, ctx: Context, errors: list[FieldError]) -> HttpResponseBase:
    context = {
        "page": desk_shell(request, ctx, _("発令の取込み"), _way(ctx)),
        "errors": errors,
        "columns": "・".join(COLUMNS),
    }
    return render(request, "access/people_import.html", context, status=422 if errors else 200)


def _show(
    request: HttpRequest,
    ctx: Context,
    plan: PersonnelPlan,
    *,
    text: str = "",
    file_name: str = "",
    errors: Sequence[FieldError] = (),
    done: bool = False,
) -> HttpResponseBase:
    wrong = [FieldError("", problem.message) for problem in plan.problems[:MAX_PROBLEMS]]
    context = {
        "page": desk_shell(request, ctx, _("発令の取込み"), _way(ctx)),
        "errors": [*errors, *wrong],
        "usable": not plan.problems,
        "columns": [
            TableColumn(_("行"), number=True),
            TableColumn(_("職員番号")),
            TableColumn(_("氏名")),
            TableColumn(_("内容")),
        ],
        "changes": [[c.line or _("自動"), c.staff_number, c.name, c.what] for c in plan.changes],
        "unchanged": plan.unchanged,
        "unread_columns": "・".join(plan.unread_columns),
        "movers": [
            {
                "mover": m,
                "on": format_date(m.on),
                "work": [w for ref in m.open_work if (w := _work(ctx, ref))],
            }
            for m in plan.movers
        ],
        "text": text,
        "file_name": file_name,
        "digest": plan.digest,
        "key": str(uuid7()),
        "done": done,
    }
    return render(request, "access/people_preview.html", context, status=422 if context["errors"] else 200)


def _way(ctx: Context) -> list[Link]:
    return [Link(_("職員"), reverse("access-people", args=[ctx.municipality.code]))]


def _work(ctx: Context, ref: SubjectRef) -> dict[str, str] | None:
    kind, found = SUBJECTS.get(ref.kind), resolve(ref)
    if kind is None or found is None:
        return None
    return {"kind": kind.label, "title": kind.title(found), "href": kind.url(ctx, found)}


@require_safe
@desk_page
def accounts_page(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The accounts of the municipality."""
    _demand(ctx, VIEW_ACCOUNT, "access.accounts")
    spec: ListSpec[AccountLine] = ListSpec(
        columns=(
            Column("username", _("利用者ID"), main=True, sortable=True),
            Column("person", _("氏名"), sortable=True),
            Column("roles", _("管理の役割"), show=lambda line: "、".join(line.roles)),
            Column(
                "second_factor",
                _("確認コード"),
                show=lambda line: _("登録済み") if line.second_factor else "",
            ),
            Column(
                "last_login",
                _("最後のサインイン"),
                show=lambda line: format_moment(line.last_login) if line.last_login else "",
            ),
            Column("is_active", _("状態"), show=lambda line: _("有効") if line.is_active else _("停止")),
        ),
        search=_("利用者ID・氏名で探す"),
        default_sort="username",
    )
    state = spec.parse(request.GET)
    rows = slice_rows(spec, state, accounts(ctx), size=_PAGE)
    people = [line.person_id for line in rows.rows if line.person_id]
    ports.trail().read(ctx, "access.accounts", "person", people)
    view = ListView(
        key="accounts",
        caption=_("利用者ID"),
        spec=spec,
        state=state,
        page=rows,
        path=reverse("access-accounts", args=[ctx.municipality.code]),
        read_only=True,
        empty_body=_("利用者IDは、サーバーで yakuba account create を使って登録します。"),
    )
    return render(
        request, "access/accounts.html", {"page": desk_shell(request, ctx, _("利用者ID")), "view": view}
    )
