"""A ledger as a list: its columns, filters and orders, from the declaration and as far as the actor reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.ledger.access import VIEW_ENTRIES
from yakuba.engines.ledger.declaration import MERGED, VOID, Chain
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.actions import Context
from yakuba.kernel.fields import Invalid, Spec
from yakuba.kernel.fields.kinds import Kind, Widget
from yakuba.kernel.ui.components import Link, field
from yakuba.kernel.ui.lists import BadQuery, Choice, Column, Filter, ListSpec, ListState, ListView, Range
from yakuba.services.ledgers import queries
from yakuba.services.ledgers.views.frame import Opened, in_short, is_short, opened, show, state_badge

_SORTED = frozenset({Widget.LINE, Widget.NUMBER, Widget.DATE, Widget.MOMENT, Widget.CHOICE, Widget.YES_NO})
BULK = "bulk"


@dataclass(frozen=True, slots=True)
class View:
    """A ready-made way to look at the list, by the address's ``view``."""

    key: str
    label: str
    states: tuple[str, ...]


def views(one: Opened) -> list[View]:
    """The ways to look at a ledger; the first is the usual one."""
    chain = one.ledger.chain
    own = tuple(key for key, _label in chain.states)
    here = tuple(key for key in own if key not in chain.ended)
    ended = tuple(key for key in own if key in chain.ended)
    found = [View("", _("今のもの"), here or own)]
    if ended and here:
        found += [View("ended", _("終わったもの"), ended), View("all", _("すべて"), own)]
    if one.reads and one.ledger.dues:
        found.append(View("due", _("期限のあるもの"), here or own))
    if one.writes:
        found.append(View("gone", _("取り消したもの"), (VOID, MERGED)))
    return found


def view_of(one: Opened, key: str) -> View:
    """The way to look that an address names. Raises :class:`BadQuery`."""
    known = views(one)
    found = next((view for view in known if view.key == key), None)
    if found is None:
        raise BadQuery("view", key, "・".join(view.key for view in known if view.key))
    return found


def spec(ctx: Context, one: Opened, *, choose: bool = False) -> ListSpec[Entry]:
    """Columns and filters. ``choose``: entries can be ticked for changing many at once."""
    ledger, specs = one.ledger, one.specs
    columns: list[Column[Entry]] = [
        Column(
            "number",
            ledger.number_label,
            sortable=True,
            narrow=True,
            main=True,
            by_size=True,
            link=lambda row: one.href(ctx, "ledgers-entry", row.pk),
        )
    ]
    if choose:  # beside the number, where a wide table shows it without being moved
        columns.append(Column("pick", _("選ぶ"), narrow=True, paper="drop", show=_pick))
    # States stand behind what names an entry: a narrow screen shows them without being moved.
    names = one.book.listed or ledger.listed
    shown_first = [_column(name, specs[name], specs) for name in names if name in specs]
    columns += [shown_first[0]] if shown_first else []
    columns += [_chain_column(chain) for chain in ledger.all_chains]
    columns += shown_first[1:]
    return ListSpec(
        columns=tuple(columns),
        filters=tuple(_filters(one)),
        search=_("番号・名称・所在などで探す（終わったものも）")
        if not _about_persons(one)
        else _("番号・名称・氏名などで探す（終わったものも）"),
        default_sort="number",
        extra=frozenset({"view"}),
        ranges=tuple(_ranges(one)),
    )


def _column(name: str, found: Spec, specs: dict[str, Spec]) -> Column[Entry]:
    kind = found.kind
    assert kind is not None  # fields of a ledger have one  # noqa: S101
    cell: Callable[[Entry], object] = (
        (lambda row: _("あり") if row.__dict__.get(name) else "")
        if kind.key == "shape"
        else (lambda row: in_short(row, name, specs))
    )
    return Column(
        name,
        found.label,
        kind="number" if kind.widget is Widget.NUMBER else "text",
        sortable=kind.widget in _SORTED,
        narrow=is_short(found),
        wide=kind.key == "text" and not is_short(found) and _is_place(name, found),
        show=cell,
    )


def _is_place(name: str, found: Spec) -> bool:
    """Whether a text is an address, which reads badly in pieces."""
    return name in {"address", "location", "kept_at"} or found.label.endswith(("所在地", "住所"))


def _chain_column(chain: Chain) -> Column[Entry]:
    return Column(
        chain.column,
        chain.label,
        sortable=True,
        narrow=True,
        show=lambda row: state_badge(chain, getattr(row, chain.column)),
    )


def _pick(row: Entry) -> SafeString:
    return format_html(
        '<span class="choice"><input type="checkbox" form="{}" name="entry" value="{}" aria-label="{}"></span>',
        BULK,
        row.pk,
        _("%(number)sを選ぶ") % {"number": row.number},
    )


def _filters(one: Opened) -> list[Filter]:
    ledger = one.ledger
    found = [
        Filter(chain.column, chain.label, tuple(Choice(key, label) for key, label in chain.states))
        for chain in ledger.all_chains
    ]
    for name, each in one.specs.items():
        if each.filterable and each.kind is not None and (choices := each.kind.choices()):
            found.append(Filter(name, each.label, tuple(Choice(key, label) for key, label in choices)))
    return found


def _ranges(one: Opened) -> Iterator[Range]:
    """From and until of every day, year and number, the city's own too."""
    for name, each in one.specs.items():
        if each.kind is not None and each.kind.key in queries.RANGED:
            kind = each.kind
            hint = _("R8.4.1") if kind.key == "date" else _("R8") if kind.key == "fiscal_year" else ""
            yield Range(name, each.label, partial(_wrong, kind), hint, each.unit)


def _wrong(kind: Kind[object], text: str) -> str:
    try:
        kind.parse(text)
    except Invalid as invalid:
        return _("「%(found)s」は読めません。%(expected)sを入れてください。") % {
            "found": text,
            "expected": invalid.expected,
        }
    return ""


def asked(one: Opened, state: ListState) -> queries.Asked:
    """What the query is to find. Whoever searches, or names states, looks among all that are no mistake."""
    view = view_of(one, state.extra.get("view", ""))
    own = tuple(key for key, _label in one.ledger.chain.states)
    states = state.chosen("state") or (own if state.q and view.key != "gone" else view.states)
    return queries.Asked(
        states=states,
        specs=one.specs,
        filters={name: chosen for name, chosen in state.filters.items() if name != "state"},
        words=state.q,
        sort=state.sort or "number",
        due=view.key == "due",
        ranges=state.ranges,
    )


def changeable(one: Opened) -> dict[str, Spec]:
    """The fields that many entries can share a value of: a place is each one's own."""
    return {name: spec for name, spec in one.typed.items() if spec.kind and spec.kind.key != "shape"}


def _offered(one: Opened) -> SafeString:
    """The field that says what of the ticked entries is to change."""
    return field(
        "what",
        _("選んだ行の項目を変える"),
        widget="select",
        choices=[(name, spec.label) for name, spec in changeable(one).items()],
    )


def _moves(one: Opened) -> SafeString | str:
    """The field that says which move the ticked entries take; nothing for a ledger without moves."""
    choices = {
        f"{chain.column}/{step.key}": str(step.label)
        if chain is one.ledger.chain
        else f"{chain.label}：{step.label}"
        for chain in one.ledger.all_chains
        for step in chain.steps
    }
    if not choices:
        return ""
    return field(
        "move",
        _("選んだ行の状態を動かす"),
        widget="select",
        choices=[("", _("（異動を選ぶ）")), *choices.items()],
        required=False,
    )


def ways(ctx: Context, one: Opened, current: str) -> Sequence[Link]:
    """Ready-made ways to look at the list, as links."""
    here = one.href(ctx)
    return [
        Link(view.label, f"{here}?view={view.key}" if view.key else here, current=view.key == current)
        for view in views(one)
    ]


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """The list."""
    one = opened(ctx, key)
    drawn = spec(ctx, one, choose=one.writes)
    state = drawn.parse(request.GET)
    what = asked(one, state)
    found = queries.page(ctx, one.ledger, one.book, what, after=state.after, before=state.before)
    if one.reads and _shows_persons(one, state):
        one.log_read(ctx, [row.pk for row in found.found.rows])
    current = state.extra.get("view", "")
    list_view = ListView(
        key="entries",
        caption=one.label,
        spec=drawn,
        state=state,
        page=found.found,
        path=one.href(ctx),
        exports={
            "XLSX": one.href(ctx, "ledgers-export", "xlsx"),
            "CSV": one.href(ctx, "ledgers-export", "csv"),
            _("ほかの形・ある日の台帳"): one.href(ctx, "ledgers-export-ways"),
        },
        import_href=one.href(ctx, "ledgers-import") if one.writes else "",
        read_only=not one.writes,
        empty_title=_("まだ行がありません") if not current else _("ここに並ぶ行はありません"),
        empty_body=_empty(ctx, one) if not found.found.rows else "",
        empty_action=_("行を加える") if one.writes and not current else "",
        empty_href=one.href(ctx, "ledgers-new") if one.writes and not current else "",
        saved=ways(ctx, one, current),
    )
    return show(
        request,
        ctx,
        "list",
        one.label,
        crumbs=one.crumbs(ctx)[:1],
        view=list_view,
        unsorted=found.unsorted,
        new_href=one.href(ctx, "ledgers-new") if one.writes else "",
        bulk=_offered(one) if one.writes and found.found.rows and current != "gone" else "",
        bulk_href=one.href(ctx, "ledgers-bulk"),
        moves=_moves(one) if one.writes and found.found.rows and current != "gone" else "",
        moves_href=one.href(ctx, "ledgers-bulk-move"),
        query=request.GET.urlencode(),
        reports=[
            Link(report.label, one.href(ctx, "ledgers-report", report.key)) for report in one.ledger.reports
        ]
        if one.reads
        else [],
        rounds=[
            Link(str(lines.round.label), one.href(ctx, "ledgers-round", lines.key))
            for lines in one.ledger.lines
            if lines.round is not None and one.writes
        ],
        bundles_href=one.href(ctx, "ledgers-bundles") if one.writes else "",
        forms_href=one.href(ctx, "ledgers-forms") if one.reads else "",
        dictionary_href=one.href(ctx, "ledgers-dictionary"),
    )


def _empty(ctx: Context, one: Opened) -> str:
    """What to do about an empty list; whoever only arranges books is told that it is not his to see."""
    if one.writes:
        return _("1件ずつ加えるか、表で取り込みます。")
    if VIEW_ENTRIES.may(ctx, one.book).allowed:
        return _("所管課が行を加えると、ここに並びます。")
    return _("台帳の中身は、所管課の職員が見ます。所管と範囲は「台帳」の画面で変えられます。")


def _shows_persons(one: Opened, state: ListState) -> bool:
    """Whether the page tells something about persons: a column does, or the rows were found by a person's field."""
    personal = set(one.ledger.personal)
    return bool(
        personal & {*(one.book.listed or one.ledger.listed), state.sort_key, *state.filters, *state.ranges}
        or (state.q and _about_persons(one))
    )


def _about_persons(one: Opened) -> bool:
    """Whether words find this actor's entries by persons, of the entries or of their sub-rows."""
    return one.personal or (one.reads and bool(one.ledger.persons))
