"""An entry on one page: what is kept of it, where it stands, what was said and done, what falls due, how it was on another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.declaration import MERGED, VOID, Chain, Ledger, Step, find_ledger
from yakuba.engines.ledger.models import Note
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import specs_of_line, title_of
from yakuba.engines.protection.queries import held
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, SubjectRef
from yakuba.kernel.dates import JAPAN, format_date, format_moment, japan_date, parse_date
from yakuba.kernel.fields import Spec
from yakuba.kernel.fields.kinds import Widget
from yakuba.kernel.ui.components import Fact, FieldError, TableColumn, field, table
from yakuba.kernel.ui.lists import known
from yakuba.services.ledgers.views import history, parts
from yakuba.services.ledgers.views.frame import Opened, is_short, opened, show, shown, state_badge, written
from yakuba.services.ledgers.views.moving import step_form


@dataclass(frozen=True, slots=True)
class Part:
    """Facts that stand together."""

    key: str
    label: str
    facts: Sequence[Fact]


@require_safe
@desk_page
def page(request: HttpRequest, ctx: Context, key: str, entry_id: UUID) -> HttpResponseBase:
    """The page; with ``on`` as the entry was on a day, with ``known`` as was known of it at the end of another."""
    known(request.GET, "on", "known")
    one = opened(ctx, key)
    entry = queries.entry_of(ctx, one.ledger, entry_id)
    if any(request.GET.get(name, "").strip() for name in ("on", "known")):
        return _as_of(request, ctx, one, entry)
    return draw(request, ctx, one, entry)


@require_POST
@desk_page
def note(request: HttpRequest, ctx: Context, key: str, entry_id: UUID) -> HttpResponseBase:
    """A line of the journal."""
    one = opened(ctx, key)
    entry = queries.entry_of(ctx, one.ledger, entry_id)
    action = one.installed.actions.note
    typed = {name: request.POST.get(name, "") for name in action.labels()}
    try:
        action(ctx, entry, action.read_text(typed))
    except Problem as problem:
        for single in getattr(problem, "problems", None) or (problem,):
            single.field = "day" if single.field == "holds_from" else single.field
        return draw(request, ctx, one, entry, typed, errors_of(problem, typed), status=problem.status)
    return see("ledgers-entry", ctx, one.ledger.key, entry.pk, fragment="journal")


def draw(
    request: HttpRequest,
    ctx: Context,
    one: Opened,
    entry: Entry,
    typed: dict[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    """The page; with ``errors`` of one of its small forms, ``typed`` as the journal's form was sent."""
    if one.reads:
        one.log_read(ctx, [entry.pk])
    gone = entry.state in {VOID, MERGED}
    writes = one.writes and not gone
    into = _into(ctx, one.ledger, entry)
    return show(
        request,
        ctx,
        "entry",
        title_of(one.ledger, entry),
        crumbs=one.crumbs(ctx),
        status=status,
        one=one,
        entry=entry,
        states=_states(one.ledger, entry),
        gone=gone,
        into=into,
        into_href=one.href(ctx, "ledgers-entry", into.pk) if into else "",
        held=SubjectRef(one.ledger.key, entry.pk) in held(ctx, [SubjectRef(one.ledger.key, entry.pk)]),
        writes=writes,
        edit_href=one.href(ctx, "ledgers-edit", entry.pk) if writes else "",
        print_href=one.href(ctx, "ledgers-print-entry", entry.pk) if one.reads else "",
        sections=_sections(one, entry),
        lines=_lines(ctx, one, entry),
        steps=_steps(ctx, one, entry) if writes else [],
        void=step_form(ctx, one, entry, one.ledger.chain, _void(entry)) if writes else None,
        alike=_alike(ctx, one, entry) if writes else [],
        moves=_moves(ctx, one, entry),
        journal=_journal(ctx, one, entry) if one.reads else None,
        note_fields=_note_fields(ctx, one.ledger, typed or {}, errors) if writes else [],
        note_href=one.href(ctx, "ledgers-note", entry.pk),
        note_open=typed is not None,
        errors=errors,
        dues=parts.dues(ctx, one, entry) if one.reads and not gone else [],
        files=parts.files(ctx, one, entry) if one.reads else None,
        file_href=one.href(ctx, "ledgers-file-add", entry.pk) if writes else "",
        joints=parts.joints(ctx, one, entry) if one.reads else None,
        join_fields=_join_fields(request, ctx, one, errors) if writes else [],
        join_open=any(each.key.startswith("join-") for each in errors),
        beside_href=one.href(ctx, "ledgers-beside", entry.pk),
        history=history.written(ctx, one, entry) if one.reads else None,
        today=format_date(japan_date(ctx.now)),
    )


def _into(ctx: Context, ledger: Ledger[Entry], entry: Entry) -> Entry | None:
    if entry.merged_into is None:
        return None
    return ledger.model.objects.for_actor(ctx).filter(pk=entry.merged_into).first()


def _states(ledger: Ledger[Entry], entry: Entry) -> list[tuple[str, SafeString]]:
    """Where it stands in each chain; the further ones with their names."""
    return [
        ("" if chain is ledger.chain else str(chain.label), state_badge(chain, getattr(entry, chain.column)))
        for chain in ledger.all_chains
    ]


def _sections(one: Opened, entry: Entry) -> list[Part]:
    found = [
        Part(
            f"section-{place}",
            str(section.label),
            [
                Fact(one.specs[name].label, shown(entry, name, one.specs))
                for name in section.fields
                if name in one.specs
            ],
        )
        for place, section in enumerate(one.ledger.sections, 1)
    ]
    own = [name for name in one.specs if name not in one.ledger.fields]
    if own:
        facts = [Fact(one.specs[name].label, shown(entry, name, one.specs)) for name in own]
        found.append(Part("section-own", _("追加項目"), facts))
    return [part for part in found if part.facts]


def _lines(ctx: Context, one: Opened, entry: Entry) -> list[tuple[str, str, SafeString | None]]:
    """The sub-rows of each sort as a table; none for readers who may not see them."""
    if not one.reads:
        return []
    found: list[tuple[str, str, SafeString | None]] = []
    for lines in one.ledger.lines:
        specs = specs_of_line(lines.model)
        rows = queries.lines(ctx, entry, lines.model, lines.order)
        columns = [TableColumn(spec.label, _is_number(spec), is_short(spec)) for spec in specs.values()]
        cells = [[shown(row, name, specs) for name in specs] for row in rows]
        drawn = table(str(lines.label), columns, cells, hide_caption=True) if cells else None
        found.append((lines.key, str(lines.label), drawn))
    return found


def _is_number(spec: Spec) -> bool:
    return spec.kind is not None and spec.kind.widget is Widget.NUMBER


def _void(entry: Entry) -> Step:
    return Step(VOID, _("誤登録として取り消す"), entry.state, VOID, frozenset({"reason"}))


def _steps(ctx: Context, one: Opened, entry: Entry) -> list[object]:
    """A form for each move that is allowed from where the entry stands, chain by chain."""
    return [
        step_form(ctx, one, entry, chain, step)
        for chain in one.ledger.all_chains
        for step in chain.steps_from(getattr(entry, chain.column))
    ]


def _alike(ctx: Context, one: Opened, entry: Entry) -> list[tuple[Entry, str, str, str]]:
    """Possible doubles: the entry, what it is called, what is the same, and the way to compare."""
    return [
        (
            found.entry,
            title_of(one.ledger, found.entry),
            "・".join(one.ledger.label_of(name) for name in found.fields),
            one.href(ctx, "ledgers-compare", entry.pk, found.entry.pk),
        )
        for found in queries.alike(ctx, one.ledger, entry)
    ]


def _moves(ctx: Context, one: Opened, entry: Entry) -> list[dict[str, object]]:
    """The moves. Why is told in somebody's own words, which may name persons: for readers of everything alone."""
    found: list[dict[str, object]] = []
    for move in queries.moves(ctx, entry):
        chain = one.ledger.chain_of(move.chain)
        before, after = (_state(chain, state) for state in (move.come_from, move.go_to))
        found.append(
            {
                "day": format_date(move.day),
                "chain": chain.label if chain and len(one.ledger.all_chains) > 1 else "",
                "before": before,
                "after": after,
                "document": move.document,
                "reason": move.reason if one.reads else "",
                "by": move.by,
            }
        )
    return found


def _state(chain: Chain | None, state: str) -> str:
    return chain.label_of(state) if chain else state


def _journal(ctx: Context, one: Opened, entry: Entry) -> list[tuple[str, str, Note]]:
    kinds = dict(one.ledger.note_kinds)
    return [
        (format_date(row.day, weekday=True), kinds.get(row.kind, row.kind), row)
        for row in queries.notes(ctx, entry)
    ]


def _note_fields(
    ctx: Context, ledger: Ledger[Entry], typed: dict[str, str], errors: Sequence[FieldError]
) -> list[SafeString]:
    said = {one.key: one.message for one in errors}
    return [
        field(
            "kind",
            _("区分"),
            widget="radio",
            value=typed.get("kind", ""),
            choices=ledger.note_kinds,
            error=said.get("kind", ""),
        ),
        field(
            "day",
            _("日付"),
            widget="date",
            value=typed.get("day", format_date(japan_date(ctx.now))),
            required=False,
            error=said.get("day", ""),
        ),
        field("text", _("内容"), widget="textarea", value=typed.get("text", ""), error=said.get("text", "")),
    ]


def _join_fields(
    request: HttpRequest, ctx: Context, one: Opened, errors: Sequence[FieldError]
) -> list[SafeString]:
    said = {each.key.removeprefix("join-"): str(each.message) for each in errors}
    ledgers = [
        (ledger.key, ledger.label)
        for book in queries.books(ctx)
        if (ledger := find_ledger(book.ledger)) is not None
    ]
    posted = request.POST if request.POST.get("do") == "join" else {}
    typed = {str(name): posted.get(name, "") for name in ("ledger", "number", "relation") if name in posted}
    return parts.join_fields(one, ledgers, typed, said)


# --- as of a day ------------------------------------------------------------------------------------------------------


def _as_of(request: HttpRequest, ctx: Context, one: Opened, entry: Entry) -> HttpResponse:
    one.demand_reads()
    asked = {name: request.GET.get(name, "").strip() for name in ("on", "known")}
    days, wrong = _days(asked)
    one.log_read(ctx, [entry.pk])
    day = days.get("on") or days.get("known") or japan_date(ctx.now)
    known_at = ctx.now
    if "known" in days:  # the end of that day
        known_at = min(
            known_at, dt.datetime.combine(days["known"] + dt.timedelta(days=1), dt.time.min, JAPAN)
        )
    values = {} if wrong else queries.as_of(ctx, entry, day, known_at)
    ledger = one.ledger
    facts = [
        Fact(
            chain.label,
            chain.label_of(str(values[chain.column])),
            _unlike(chain.label_of(str(values[chain.column])), chain.label_of(getattr(entry, chain.column))),
        )
        for chain in ledger.all_chains
        if chain.column in values
    ]
    for name, spec in one.specs.items():
        then = _then(values.get(name), spec)
        facts.append(Fact(spec.label, then, _unlike(then, shown(entry, name, one.specs))))
    return show(
        request,
        ctx,
        "as_of",
        _("%(day)sの%(title)s") % {"day": format_date(day), "title": title_of(ledger, entry)}
        if not wrong
        else title_of(ledger, entry),
        status=400 if wrong else 200,
        crumbs=one.crumbs(ctx, one.crumb_of(ctx, entry)),
        facts=facts if values else [],
        day=format_date(day),
        asked=asked,
        wrong=wrong,
        known_at=format_moment(known_at),
        here=one.href(ctx, "ledgers-entry", entry.pk),
        entry=entry,
    )


def _days(asked: Mapping[str, str]) -> tuple[dict[str, dt.date], dict[str, str]]:
    """The days that were typed, and what to do about what is none."""
    days: dict[str, dt.date] = {}
    wrong: dict[str, str] = {}
    for name, text in asked.items():
        try:
            if text:
                days[name] = parse_date(text)
        except ValueError:
            wrong[name] = _("「%(found)s」は日付として読めません。年から書いてください（例：R8.10.1）。") % {
                "found": text
            }
    return days, wrong


def _then(value: object, spec: Spec) -> str:
    if value is None or spec.kind is None:
        return ""
    return written(spec.kind.from_json(value), spec)  # type: ignore[arg-type]  # JSON of an amendment


def _unlike(then: str, now: str) -> str:
    return "" if then == now else _("今は「%(now)s」") % {"now": now or _("記載なし")}
