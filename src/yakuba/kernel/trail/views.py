"""What auditors read: the entries, and one entry with what it changed. Reading is itself noted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.kernel.access.desk import desk_shell
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import SUBJECTS, Context, Denied, Missing, SubjectRef, resolve
from yakuba.kernel.actions.subjects import kind_of
from yakuba.kernel.dates import DateError, clock, format_moment, parse_date
from yakuba.kernel.fields import Invalid, JsonValue, spec_of
from yakuba.kernel.trail import labels, queries
from yakuba.kernel.trail.access import VIEW
from yakuba.kernel.trail.models import ACTOR_KINDS, KINDS, TrailEntry
from yakuba.kernel.trail.store import read_personal
from yakuba.kernel.ui.components import Fact, FieldError, Link, TableColumn
from yakuba.kernel.ui.lists import BadQuery, Choice, Column, Filter, ListSpec, ListState, ListView, Slice

_KINDS = dict(KINDS)
_ACTOR_KINDS = dict(ACTOR_KINDS)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OTHERS = 50


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
                show=lambda row: labels.name_of(row.action),
                link=lambda row: reverse("trail-entry", args=[code, row.pk]),
            ),
            Column("subject_label", _("対象"), show=_subject),
            Column("actor_label", _("行為者"), show=_actor),
            Column("reason", _("理由")),
        ),
        filters=(
            Filter("kind", _("種類"), tuple(Choice(key, _(label)) for key, label in KINDS), single=True),
        ),
        extra=frozenset({"day", "actor", "subject", "mentions"}),
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
    mentions = state.extra.get("mentions", "")
    if mentions and not _uuids([mentions]):
        raise BadQuery("mentions", mentions, "ID")
    return queries.Asked(
        day=parse_date(day) if day else None,
        actor=state.extra.get("actor", ""),
        subject=reference,
        kind=state.only("kind"),
        mentions=next(iter(_uuids([mentions])), None),
    )


def _cursor(name: str, text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadQuery(name, text, _("一覧の「前へ」「次へ」が示す値")) from None


def _actor(entry: TrailEntry) -> str:
    """Who acted; a process of the machine is named after its work."""
    label: str = entry.actor_label
    return labels.name_of(label) if entry.actor_kind == "system" else label


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
    title = labels.name_of(found.action)
    notes = _mapping((payload or {}).get("notes"))
    cells = _cells(ctx, notes)
    context = {
        "page": desk_shell(request, ctx, title, [Link(_("証跡"), index)]),
        "facts": _facts(found),
        "erased": payload is None,
        "columns": [TableColumn(_("項目")), TableColumn(_("前")), TableColumn(_("後"))],
        "changes": [[one.label, one.before, one.after] for one in _changes(ctx, found, payload or {})],
        "cell_columns": [TableColumn(word) for word in (_thing(notes), _("項目"), _("前"), _("後"))],
        "cells": cells,
        "notes": _pretty({key: one for key, one in notes.items() if key != "cells" or not cells}),
        "ids": _ids(ctx, found, payload or {}),
        "subject_href": _subject_href(ctx, found),
        "same_subject": f"{index}?{urlencode({'subject': f'{found.subject_kind}/{found.subject_id}'})}"
        if found.subject_id
        else "",
        "mentioned": f"{index}?{urlencode({'mentions': str(found.subject_id)})}" if found.subject_id else "",
        "others": [
            (one, f"{index}?{urlencode({'mentions': one})}")
            for one in _noted_ids(notes, besides=found.subject_id)
        ],
        "same_actor": f"{index}?{urlencode({'actor': found.actor_id})}",
    }
    return render(request, "trail/entry.html", context)


def _facts(found: TrailEntry) -> list[Fact]:
    block = queries.block_of(found)
    actor = f"{_actor(found)}（{_(_ACTOR_KINDS[found.actor_kind])}）"
    return [
        Fact(_("日時"), f"{format_moment(found.at)}{clock.japan_time(found.at):（%S秒）}"),
        Fact(_("種類"), _(_KINDS[found.kind])),
        Fact(_("操作"), labels.name_of(found.action), found.action),
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


def _changes(ctx: Context, found: TrailEntry, payload: dict[str, JsonValue]) -> list[Change]:
    before, after, called = (_mapping(payload.get(key)) for key in ("before", "after", "labels"))
    names = [*after, *(name for name in before if name not in after)]
    return [
        Change(
            str(called.get(name, name)),
            _shown(ctx, found.subject_kind, name, before.get(name)),
            _shown(ctx, found.subject_kind, name, after.get(name)),
        )
        for name in names
    ]


def _mapping(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _shown(ctx: Context, kind: str, name: str, value: JsonValue) -> str:
    """A value as its column writes it; as it stands when the column is gone or has changed its kind since."""
    if value is None or value == "":
        return "—"
    known = SUBJECTS.get(kind)
    fields = {field.name: field for field in known.model._meta.concrete_fields} if known else {}
    field = fields.get(name)
    if isinstance(field, ForeignKey) and (target := _kind_of(field)):
        return _called(str(value), labels.titles(ctx, target, _uuids([value])))
    spec = spec_of(field)
    if spec is not None and spec.kind is not None:
        try:
            return str(spec.kind.format(spec.kind.from_json(value)))
        except Invalid:
            pass
    return _plain(value)


def _kind_of(field: ForeignKey[Any, Any]) -> str:  # Any: of any model
    """The kind of subject that a link leads to, nothing where it is none."""
    target = field.related_model
    try:
        return "" if isinstance(target, str) else kind_of(target).key
    except LookupError:
        return ""


def _uuids(values: Iterable[JsonValue]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(str(value)))
        except ValueError:
            continue
    return found


def _called(identifier: str, titles: Mapping[UUID, str]) -> str:
    """A reference as a person reads it: what it is called, and its id."""
    title = next((titles[one] for one in _uuids([identifier]) if one in titles), "")
    return f"{title}（{identifier}）" if title else identifier


def _ids(ctx: Context, found: TrailEntry, payload: dict[str, JsonValue]) -> list[str]:
    """The things shown on a page that was read."""
    ids = payload.get("ids")
    shown = [str(one) for one in ids] if isinstance(ids, list) else []
    titles = labels.titles(ctx, found.subject_kind, _uuids(shown)) if shown else {}
    return [_called(one, titles) for one in shown]


def _noted_ids(notes: Mapping[str, JsonValue], *, besides: UUID | None) -> list[str]:
    """The ids of other things in what an action noted, each once: the way from one record to the next."""
    found = dict.fromkeys(_ID.findall(json.dumps(notes)))
    return [one for one in found if one != str(besides)][:_OTHERS]


def _thing(notes: Mapping[str, JsonValue]) -> str:
    """What the noted cells are cells of; nothing where there are none, or of a kind that nobody names."""
    cells = notes.get("cells")
    first = _mapping(cells[0]) if isinstance(cells, list) and cells else {}
    kind = next((key for key in first if key in labels.CELLS), "")
    return str(SUBJECTS[kind].label) if kind else ""


def _cells(ctx: Context, notes: Mapping[str, JsonValue]) -> list[list[str]]:
    """The cells that an action noted: of what, which, before and after."""
    noted = notes.get("cells")
    rows = [_mapping(one) for one in noted] if isinstance(noted, list) else []
    kind = next((key for row in rows for key in row if key in labels.CELLS), "")
    if not kind:
        return []
    keys = [(one, str(row.get("path"))) for row in rows for one in _uuids([row.get(kind)])]
    names = labels.CELLS.get(kind)(ctx, keys)
    shown = []
    for row in rows:
        path = str(row.get("path"))
        unknown = labels.CellName(str(row.get("number") or row.get(kind)), path)
        name = next((names[one, path] for one in _uuids([row.get(kind)]) if (one, path) in names), unknown)
        shown.append([name.thing, name.cell, _plain(row.get("from")), _plain(row.get("to"))])
    return shown


def _plain(value: JsonValue) -> str:
    if value is None or value == "":
        return "—"
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
