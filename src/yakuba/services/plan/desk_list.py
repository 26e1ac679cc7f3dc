"""The list of a draft's initiatives on the desk: what the public list shows, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yakuba.kernel.actions import Context
from yakuba.kernel.ui.components import badge
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan import access, public_list, queries, rules, shown
from yakuba.services.plan.models import Edition
from yakuba.services.plan.shown import Row

PAGE_SIZE = 50
# What may stand behind a row: the filter's value, its name, and which rows it leaves.
_STATES: tuple[tuple[str, Callable[[Row], bool]], ...] = (
    ("doubt", lambda row: bool(row.form["doubts"])),
    ("corrected", lambda row: bool(rules.corrections(row.form))),
    ("warning", lambda row: bool(row.form["warnings"])),
)


@dataclass(frozen=True)
class Draft(shown.Edition):
    """A draft as the list reads it, and which of its initiatives the reader may correct."""

    mine: frozenset[UUID] = frozenset()


def of(ctx: Context, edition: Edition) -> Draft:
    """A draft as the list reads it: all its initiatives with their whole form (a fixed number of queries)."""
    rows = queries.forms(queries.initiatives(ctx, edition))
    head = queries.head(ctx, edition)
    listed = tuple(Row(row.pk, row.position, form) for row, form in rows)
    return Draft(head, listed, queries.correctable(ctx, edition))


def editable(ctx: Context, edition: Draft) -> bool:
    """Whether this actor's sheet of the draft comes back in: a row to correct, or the right to add one."""
    if access.ARRANGE.holds_anywhere(ctx):
        return True
    return access.CORRECT_MANY.holds_anywhere(ctx) and bool(edition.mine)


def spec(edition: Draft, link: Callable[[Row], str] | None = None) -> ListSpec[Row]:
    """The public list's columns and filters, and those of the desk."""
    base = public_list.spec(edition, link)
    names = {"doubt": _("確認が要る"), "corrected": _("訂正した項目がある"), "warning": _("注意がある")}
    choices = [
        Choice(key, names[key], count) for key, test in _STATES if (count := sum(map(test, edition.rows)))
    ]
    filters = (Filter("state", _("読み取りの状態"), tuple(choices)),) if choices else ()
    # Who may correct everything, or nothing, has nothing to choose.
    if 0 < (own := sum(row.id in edition.mine for row in edition.rows)) < len(edition.rows):
        filters = (Filter("mine", _("直せる取組"), (Choice("yes", _("自分が直せる取組"), own),)), *filters)
    return ListSpec(
        columns=(*base.columns, Column("marks", _("状態"), narrow=True, show=marks)),
        filters=(*filters, *base.filters),
        search=base.search,
        extra=base.extra,
    )


def marks(row: Row) -> object:
    """What a clerk has to know of a row at a glance."""
    found = SafeString("")
    if row.form["doubts"]:
        count = len(row.form["doubts"])
        words = ngettext("要確認%(n)d", "要確認%(n)d", count) % {"n": count}
        found += badge(words, tone="warn", mark="triangle")
    if count := len(rules.corrections(row.form)):
        words = ngettext("訂正%(n)d", "訂正%(n)d", count) % {"n": count}
        found += SafeString(" ") + badge(words, tone="accent")
    return found


def matching(edition: Draft, state: ListState) -> list[Row]:
    """The rows that search and filters leave, in the document's order."""
    rest = {key: chosen for key, chosen in state.filters.items() if key not in {"state", "mine"}}
    rows = public_list.matching(edition, replace(state, filters=rest))
    if "mine" in state.filters:
        rows = [row for row in rows if row.id in edition.mine]
    tests = [test for key, test in _STATES if key in state.chosen("state")]
    return [row for row in rows if not tests or any(test(row) for test in tests)]


def page(edition: Draft, listed: ListSpec[Row], state: ListState, *, size: int = PAGE_SIZE) -> Slice[Row]:
    """One page of the rows that the reader asked for."""
    return slice_rows(listed, replace(state, q="", filters={}), matching(edition, state), size=size)


def ordered(edition: Draft, listed: ListSpec[Row], state: ListState) -> Sequence[Row]:
    """All rows that the reader asked for, in the reader's order."""
    return page(edition, listed, state.first_page(), size=max(len(edition.rows), 1)).rows
