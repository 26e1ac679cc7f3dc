"""A new entry, and one that is put right: all its fields by section, its sub-rows, since when it holds, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry
from yakuba.engines.ledger.links import picking_for
from yakuba.engines.ledger.records import Entry, Line
from yakuba.engines.ledger.values import from_text, title_of
from yakuba.kernel.access.desk import see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems, Stale
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import Invalid, JsonValue, Spec, specs_of
from yakuba.kernel.ui.components import FieldError
from yakuba.kernel.ui.lists import known
from yakuba.services.ledgers.views import forms
from yakuba.services.ledgers.views.frame import Opened, opened, show

_HEAD = ("holds_from", "reason")


@dataclass
class Filled:
    """A form as it is drawn: what stands in it, what is wrong with it."""

    values: Mapping[str, str]
    head: Mapping[str, str]
    data: QueryDict | None = None
    errors: list[FieldError] = field(default_factory=list)
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """One more entry. Possible doubles are shown on its page."""
    one = opened(ctx, key)
    one.demand_writes()
    specs = _in_words(one, specs_of(AddEntry), _("理由"))
    head = {"number": "", "holds_from": format_date(japan_date(ctx.now)), "reason": ""}
    if request.method != "POST":
        known(request.GET, "place")
        return _draw(
            request, ctx, one, None, specs, Filled({"place": request.GET.get("place", "")[:200]}, head)
        )
    head = forms.posted(specs, request.POST)
    typed = forms.posted(one.typed, request.POST)
    action = one.installed.actions.add
    try:
        said = _read(one.typed, typed, specs, head)
        made = action(ctx, one.book, action.read_json(said))
    except Problem as problem:
        return _draw(request, ctx, one, None, specs, _refused(one, problem, typed, head, request.POST))
    return see("ledgers-entry", ctx, one.ledger.key, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def edit(request: HttpRequest, ctx: Context, key: str, entry_id: UUID) -> HttpResponseBase:
    """An entry put right, from a day on."""
    one = opened(ctx, key)
    entry = queries.entry_of(ctx, one.ledger, entry_id)
    one.demand_writes()
    specs = _in_words(one, specs_of(ChangeEntry), _("直す理由"))
    if request.method != "POST":
        head = {"holds_from": format_date(japan_date(ctx.now)), "reason": ""}
        filled = Filled(forms.values_of(entry, one.typed), head)
        return _draw(request, ctx, one, entry, specs, filled)
    head = forms.posted(specs, request.POST)
    typed = forms.posted(one.typed, request.POST)
    there = _rows(ctx, one, entry)
    said = forms.read_lines(one, there, request.POST)
    action = one.installed.actions.change
    try:
        found = _read(one.typed, typed, specs, head, said.problems)
        found["lines"] = said.lines
        action(ctx, entry, action.read_json(found), expected_version=version_of(request))
    except Problem as problem:
        refused = problem if isinstance(problem, Stale) else Problems(forms.placed(problem, said))
        filled = _refused(one, refused, typed, head, request.POST)
        filled.status = problem.status
        if isinstance(problem, Stale):
            entry = queries.entry_of(ctx, one.ledger, entry_id)
            filled.errors += _meanwhile(one, entry, typed)
        return _draw(request, ctx, one, entry, specs, filled)
    return see("ledgers-entry", ctx, one.ledger.key, entry.pk)


def _read(
    specs: Mapping[str, Spec],
    typed: Mapping[str, str],
    head_specs: Mapping[str, Spec],
    head: Mapping[str, str],
    further: Sequence[Problem] = (),
) -> dict[str, JsonValue]:
    """An action's JSON. Raises :class:`Problems` with everything that cannot be read, fields and head and sub-rows together."""
    problems = list(further)
    # What is empty is told along with what cannot be read, so that nobody has to send a form twice to hear everything.
    problems += [
        Problem.of(name, spec.label, Invalid("required", "", _("値")))
        for name, spec in specs.items()
        if spec.required and not typed.get(name, "").strip()
    ]
    found: dict[str, JsonValue] = {}
    try:
        found["values"] = from_text(specs, typed)
    except Problems as refused:
        problems += refused.problems
    try:
        found.update(
            {name: value for name, value in from_text(head_specs, head).items() if value is not None}
        )
    except Problems as refused:
        problems += refused.problems
    if problems:
        raise Problems(problems)
    return found


def _refused(
    one: Opened, problem: Problem, typed: Mapping[str, str], head: Mapping[str, str], data: QueryDict
) -> Filled:
    known = {*one.typed, "number", *_HEAD, *(key for key in data if key.startswith("lines."))}
    return Filled(typed, head, data, errors_of(problem, known), problem.status)


def _meanwhile(one: Opened, entry: Entry, typed: Mapping[str, str]) -> list[FieldError]:
    """What somebody else wrote into the fields in the meantime, beside what was typed here."""
    now = forms.values_of(entry, one.typed)
    return [
        FieldError(
            name,
            _("「%(label)s」は今「%(now)s」です。入力した内容で保存してよいか確かめてください。")
            % {"label": one.typed[name].label, "now": now[name] or _("記載なし")},
        )
        for name, text in typed.items()
        if text.strip() != now[name].strip()
    ]


def _rows(ctx: Context, one: Opened, entry: Entry) -> dict[str, list[Line]]:
    return {lines.key: queries.lines(ctx, entry, lines.model, lines.order) for lines in one.ledger.lines}


def _draw(
    request: HttpRequest,
    ctx: Context,
    one: Opened,
    entry: Entry | None,
    head_specs: Mapping[str, Spec],
    filled: Filled,
) -> HttpResponse:
    if entry is not None:
        one.log_read(ctx, [entry.pk])
    said = forms.by_key(filled.errors)
    there = _rows(ctx, one, entry) if entry is not None else {}
    crumbs = one.crumbs(ctx, one.crumb_of(ctx, entry)) if entry is not None else one.crumbs(ctx)
    return show(
        request,
        ctx,
        "edit",
        _("%(title)sを直す") % {"title": title_of(one.ledger, entry)}
        if entry is not None
        else _("%(ledger)sに行を加える") % {"ledger": one.label},
        crumbs=crumbs,
        status=filled.status,
        entry=entry,
        errors=filled.errors,
        sections=_sections(one, filled.values, said),
        lines=[forms.lines_form(lines, there[lines.key], filled.data, said) for lines in one.ledger.lines]
        if entry is not None
        else [],
        head=[
            forms.drawn(name, spec, filled.head.get(name, ""), said.get(name, ""))
            for name, spec in head_specs.items()
        ],
        map_href=picking_for(ctx, one.ledger.key) if entry is None and "place" in one.typed else "",
        back=one.href(ctx, "ledgers-entry", entry.pk) if entry is not None else one.href(ctx),
    )


def _sections(
    one: Opened, values: Mapping[str, str], said: Mapping[str, object]
) -> list[tuple[str, list[SafeString]]]:
    found = [
        (
            str(section.label),
            [
                forms.drawn(name, one.typed[name], values.get(name, ""), said.get(name, ""))
                for name in section.fields
                if name in one.typed
            ],
        )
        for section in one.ledger.sections
        if any(name in one.typed for name in section.fields)
    ]
    own = [name for name in one.typed if name not in one.ledger.fields]
    if own:
        drawn = [forms.drawn(name, one.typed[name], values.get(name, ""), said.get(name, "")) for name in own]
        found.append((_("追加項目"), drawn))
    return found


def _in_words(one: Opened, specs: Mapping[str, Spec], reason: str) -> dict[str, Spec]:
    """Number, day and reason, in words of their own, which refusals use too."""
    words = {
        "number": (
            str(one.ledger.number_label),
            _("空のままなら、次の番号を付けます。紙の台帳の番号があれば、書くとそのまま残ります。"),
        ),
        "holds_from": (
            _("いつから"),
            _("この内容が正しくなった日です。過去の日にすると、その日の時点の内容としても残ります。"),
        ),
        "reason": (reason, _("経過と履歴に残ります。")),
    }
    return {
        name: replace(spec, label=words[name][0], help=words[name][1])
        for name, spec in specs.items()
        if name in words
    }
