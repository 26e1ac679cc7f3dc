"""What auditors read: the entries, and one entry with what it changed. Reading is itself noted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.kernel.access.desk import desk_shell
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import ACTIONS, SUBJECTS, Context, Denied, Missing, SubjectRef, resolve
from yakuba.kernel.dates import DateError, clock, format_moment, parse_date
from yakuba.kernel.fields import Invalid, JsonValue, spec_of
from yakuba.kernel.trail import queries
from yakuba.kernel.trail.access import VIEW
from yakuba.kernel.trail.models import ACTOR_KINDS, KINDS, TrailEntry
from yakuba.kernel.trail.store import read_personal
from yakuba.kernel.ui.components import Fact, FieldError, Link, TableColumn
from yakuba.kernel.ui.lists import BadQuery, Choice, Column, Filter, ListSpec, ListState, ListView, Slice

_KINDS = dict(KINDS)
_ACTOR_KINDS = dict(ACTOR_KINDS)


@require_safe
@desk_page
def entries(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """The entries of this municipality, newest first, by day, kind, actor and subject."""
    if not VIEW.holds_anywhere(ctx):
        raise Denied
    spec = _list(ctx)
    state = spec.parse(request.GET)
    errors: list[FieldError] = []
    try:
        asked = _asked(state)
    except DateError as error:
        errors.append(FieldError("day", str(error)))
        asked = queries.Asked()
    found = queries.page(
        ctx, asked, older_than=_cursor("after", state.after), newer_than=_cursor("before", state.before)
    )
    read_personal(ctx, "trail.list", "trail_entry", [row.pk for row in found.entries])
    view = ListView(
        key="trail",
        caption=_("証跡の記録"),
        spec=spec,
        state=state,
        page=Slice(
            found.entries,
            found.count,
            previous=str(found.newer or ""),
            following=str(found.older or ""),
            at_least=found.count == queries.COUNT_LIMIT,
        ),
        path=reverse("trail-entries", args=[ctx.municipality.code]),
        read_only=True,
        empty_title=_("この条件の記録はありません"),
        empty_body=_("日付や条件を変えてください。"),
    )
    context = {
        "page": desk_shell(request, ctx, _("証跡")),
        "view": view,
        "errors": errors,
        "day": state.extra.get("day", ""),
    }
    return render(request, "trail/entries.html", context, status=422 if errors else 200)


def _list(ctx: Context) -> ListSpec[TrailEntry]:
    code = ctx.municipality.code
    return ListSpec(
        columns=(
            Column("at", _("日時"), narrow=True, show=lambda row: format_moment(row.at)),
            Column("kind", _("種類"), narrow=True, show=lambda row: _(_KINDS[row.kind])),
            Column(
                "action",
                _("操作"),
                main=True,
                show=lambda row: _action(row.action),
                link=lambda row: reverse("trail-entry", args=[code, row.pk]),
            ),
            Column("subject_label", _("対象"), show=_subject),
            Column("actor_label", _("行為者")),
            Column("reason", _("理由")),
        ),
        filters=(Filter("kind", _("種類"), tuple(Choice(key, _(label)) for key, label in KINDS)),),
        extra=frozenset({"day", "actor", "subject"}),
    )


def _asked(state: ListState) -> queries.Asked:
    """What the address asks for. Raises DateError for a day that is none, BadQuery for a subject that is none."""
    day, subject = state.extra.get("day", ""), state.extra.get("subject", "")
    reference = None
    if subject:
        kind, _slash, identifier = subject.partition("/")
        try:
            reference = SubjectRef(kind, UUID(identifier))
        except ValueError:
            raise BadQuery("subject", subject, _("種類/ID")) from None
    return queries.Asked(
        day=parse_date(day) if day else None,
        actor=state.extra.get("actor", ""),
        subject=reference,
        kind=state.filters.get("kind", ""),
    )


def _cursor(name: str, text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadQuery(name, text, _("一覧の「前へ」「次へ」が示す値")) from None


def _action(key: str) -> str:
    """What an action is called; readings and actions of rooms that are gone have only their key."""
    known = ACTIONS.get(key)
    return key if known is None else _(known.label)


def _subject(entry: TrailEntry) -> str:
    known = SUBJECTS.get(entry.subject_kind)
    kind = _(known.label) if known else entry.subject_kind
    return f"{kind} {entry.subject_label}".strip()


@require_safe
@desk_page
def entry(request: HttpRequest, ctx: Context, entry_id: UUID) -> HttpResponseBase:
    """One entry: who, what, why, before and after, and where it is sealed."""
    if not VIEW.holds_anywhere(ctx):
        raise Denied
    found = queries.entry_of(ctx, entry_id)
    if found is None:
        raise Missing
    payload = queries.payload_of(found)
    read_personal(ctx, "trail.entry", "trail_entry", [found.pk])
    index = reverse("trail-entries", args=[ctx.municipality.code])
    title = _action(found.action)
    context = {
        "page": desk_shell(request, ctx, title, [Link(_("証跡"), index)]),
        "facts": _facts(found),
        "erased": payload is None,
        "columns": [TableColumn(_("項目")), TableColumn(_("前")), TableColumn(_("後"))],
        "changes": [[one.label, one.before, one.after] for one in _changes(found, payload or {})],
        "notes": _pretty((payload or {}).get("notes")),
        "ids": (payload or {}).get("ids") or [],
        "subject_href": _subject_href(ctx, found),
        "same_subject": f"{index}?{urlencode({'subject': f'{found.subject_kind}/{found.subject_id}'})}"
        if found.subject_id
        else "",
        "same_actor": f"{index}?{urlencode({'actor': found.actor_id})}",
    }
    return render(request, "trail/entry.html", context)


def _facts(found: TrailEntry) -> list[Fact]:
    block = queries.block_of(found)
    actor = f"{found.actor_label}（{_(_ACTOR_KINDS[found.actor_kind])}）"
    return [
        Fact(_("日時"), f"{format_moment(found.at)}{clock.japan_time(found.at):（%S秒）}"),
        Fact(_("種類"), _(_KINDS[found.kind])),
        Fact(_("操作"), _action(found.action), found.action),
        Fact(_("対象"), _subject(found)),
        Fact(_("行為者"), actor, found.acting_post),
        *([Fact(_("代わりにした相手"), found.on_behalf_of)] if found.on_behalf_of else []),
        Fact(_("理由"), found.reason),
        Fact(_("要求ID"), found.request_id),
        Fact(_("封印"), _("ブロック%(number)d") % {"number": block} if block else _("封印を待っています")),
        Fact(_("要約値"), found.digest),
    ]


@dataclass(frozen=True)
class Change:
    """One column: its name as it was called then, before and after as text."""

    label: str
    before: str
    after: str


def _changes(found: TrailEntry, payload: dict[str, JsonValue]) -> list[Change]:
    before, after, labels = (_mapping(payload.get(key)) for key in ("before", "after", "labels"))
    names = [*after, *(name for name in before if name not in after)]
    return [
        Change(
            str(labels.get(name, name)),
            _shown(found.subject_kind, name, before.get(name)),
            _shown(found.subject_kind, name, after.get(name)),
        )
        for name in names
    ]


def _mapping(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _shown(kind: str, name: str, value: JsonValue) -> str:
    """A value as its column writes it; as it stands when the column is gone or has changed its kind since."""
    if value is None or value == "":
        return "—"
    known = SUBJECTS.get(kind)
    fields = {field.name: field for field in known.model._meta.concrete_fields} if known else {}
    spec = spec_of(fields.get(name))
    if spec is not None and spec.kind is not None:
        try:
            return str(spec.kind.format(spec.kind.from_json(value)))
        except Invalid:
            pass
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pretty(value: JsonValue) -> str:
    """Notes as indented JSON; nothing where there are none."""
    told = {key: one for key, one in _mapping(value).items() if one not in ({}, [], None, "")}
    return json.dumps(told, ensure_ascii=False, indent=2) if told else ""


def _subject_href(ctx: Context, found: TrailEntry) -> str:
    """The page of what was acted on; it decides itself who may see it."""
    known = SUBJECTS.get(found.subject_kind)
    if known is None or found.subject_id is None:
        return ""
    thing = resolve(SubjectRef(found.subject_kind, found.subject_id))
    return known.url(ctx, thing) if thing is not None else ""
