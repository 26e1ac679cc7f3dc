"""What changed, for readers: from one edition to another as a list, and from one publication to the next."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel.actions import Context
from yakuba.kernel.text import fold, query_terms
from yakuba.kernel.ui.formats import japanese
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice, slice_rows
from yakuba.services.plan.differences import SORTS, WHOLE, Differences, Line, State, between, compare, counts
from yakuba.services.plan.published import frozen_texts
from yakuba.services.plan.rows import Form
from yakuba.services.plan.shown import Row, occurs

PAGE_SIZE: Final = 30
_SHOWN: Final = 120
_AROUND: Final = 24

# --- two editions ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changes:
    """What changed from one edition to another."""

    before: Publication
    after: Publication
    lines: Sequence[Line]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many initiatives each sort of change concerns."""
        return counts(self.lines)


def changes(ctx: Context, before: Publication, after: Publication) -> Changes:
    """Compare two standing editions (one query)."""
    forms: dict[UUID, dict[UUID, dict[str, object]]] = {before.pk: {}, after.pk: {}}
    for publication, identity, body in publishing.parts_of(ctx, [before, after]).values_list(
        "publication_id", "object", "body"
    ):
        forms[publication][identity] = body
    lines = between(State({}, forms[before.pk]), State({}, forms[after.pk]), after.year)
    return Changes(before, after, lines)


def spec(found: Changes, link: Callable[[Line], str] | None = None) -> ListSpec[Line]:
    """The list of the differences: one row for each field that differs."""
    offices = Counter(name for line in found.lines for name in dict.fromkeys(_row(line).offices))
    filters = [
        Filter(
            "sort",
            _("変わったこと"),
            tuple(Choice(sort, SORTS[sort], number) for sort, number in found.counts.items()),
        ),
        Filter(
            "office", _("担当"), tuple(Choice(name, name, number) for name, number in sorted(offices.items()))
        ),
    ]
    return ListSpec(
        columns=(
            Column("initiative", _("取組"), main=True, show=headed, link=link),
            Column("sort", _("変わったこと"), narrow=True, show=lambda line: str(SORTS[line.sort])),
            Column("label", _("項目"), show=_label),
            Column("before", _("前"), show=lambda line: japanese(excerpts(line)[0])),
            Column("after", _("後"), show=lambda line: japanese(excerpts(line)[1])),
        ),
        filters=tuple(one for one in filters if one.choices),
        search=_("変わった所を探す"),
        extra=frozenset({"from"}),
    )


def _label(line: Line) -> str:
    """The field, where the sort of the change does not say it already."""
    label = line.change.label
    return "" if line.sort in WHOLE or label == str(SORTS[line.sort]) else label


def _row(line: Line) -> Row:
    return Row(line.id or line.before_id or UUID(int=0), 0, line.form)


def headed(line: Line) -> str:
    """An initiative with its number: 推進1 電子申請の拡大."""
    row = _row(line)
    return f"{row.number} {row.title}".strip()


def excerpts(line: Line) -> tuple[str, str]:
    """Both contents, long texts cut to where they differ."""
    before, after = line.change.before, line.change.after
    if max(len(before), len(after)) <= _SHOWN:
        return before, after
    same = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    start = max(same - _AROUND, 0)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    head = "…" if start and len(text) > start else ""
    tail = "…" if len(text) > start + _SHOWN else ""
    return f"{head}{text[start : start + _SHOWN]}{tail}"


def matching(found: Changes, state: ListState) -> list[Line]:
    """The lines that search and filters leave."""
    terms = query_terms(state.q)
    if state.q and not terms:
        return []
    sorts, offices = state.chosen("sort"), state.chosen("office")
    lines = [
        line
        for line in found.lines
        if (not sorts or line.sort in sorts)
        and (not offices or any(name in offices for name in _row(line).offices))
    ]
    if not terms:
        return lines
    kept = []
    for line in lines:
        text = fold("\n".join((headed(line), line.change.label, line.change.before, line.change.after)))
        if all(occurs(term, text) for term in terms):
            kept.append(line)
    return kept


def page(found: Changes, listed: ListSpec[Line], state: ListState) -> Slice[Line]:
    """One page of the lines that the reader asked for."""
    return slice_rows(listed, replace(state, q="", filters={}), matching(found, state), size=PAGE_SIZE)


# --- one publication after the other ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """One publication or tombstone, and what changed by it."""

    publication: Publication
    hidden: bool
    """Whether it was taken back later: what it said is shown no more."""
    found: Differences | None
    """What differs from what stood before it; None for a first one, a tombstone, and what is hidden."""

    @property
    def summary(self) -> str:
        """What happened, in one line."""
        if self.publication.withdrawn:
            return _("公表を取り下げました。")
        if self.hidden:
            return _("この公表は、のちに取り下げました。")
        if self.found is None:
            return _("新しく公表しました。") if self.publication.number == 1 else _("ふたたび公表しました。")
        parts = [
            text % {"n": number}
            for text, number in (
                (_("加わった取組%(n)d件"), len(self.found.new)),
                (_("変わった取組%(n)d件"), len(self.found.edited)),
                (_("なくなった取組%(n)d件"), len(self.found.removed)),
            )
            if number
        ]
        parts += [_("計画全体：%(parts)s") % {"parts": "、".join(self.found.head)}] if self.found.head else []
        return "、".join(parts) or _("内容の変更はありません。")


def told(ctx: Context, publications: Sequence[Publication], every: Sequence[Publication]) -> list[Told]:
    """What each of these publications changed (two queries). ``every`` publication and tombstone of the plans is known."""
    by_number = {(one.subject, one.number): one for one in every}
    taken_back = _taken_back(every)
    before = {
        one.pk: other
        for one in publications
        if (other := by_number.get((one.subject, one.number - 1))) is not None
        and not other.withdrawn
        and other.pk not in taken_back
    }
    shown = [one for one in publications if not one.withdrawn and one.pk not in taken_back]
    compared = [one for one in shown if one.pk in before]
    wanted = {one.pk: one for one in [*compared, *(before[one.pk] for one in compared)]}
    texts = frozen_texts(ctx, wanted.values())
    heads = dict(Publication.objects.for_actor(ctx).filter(pk__in=list(wanted)).values_list("pk", "head"))
    found = []
    for one in publications:
        differences = None
        if one.pk in texts and one.pk in before:
            was = before[one.pk].pk
            differences = _compared(heads[was], texts[was], heads[one.pk], texts[one.pk])
        hidden = not one.withdrawn and one.pk in taken_back
        found.append(Told(one, hidden, differences))
    return found


def changed_row(ctx: Context, publication: Publication, identity: UUID, body: Form) -> bool:
    """Whether a publication changed this very initiative against the publication before it (two queries); never for a first one, which asks nothing."""
    if publication.number == 1:
        return False
    before = publishing.history(ctx, publication.kind, publication.subject).filter(
        number=publication.number - 1, withdrawn=False
    )
    was = before.defer("head").first()
    if was is None:
        return False
    return list(publishing.parts(ctx, was).filter(object=identity).values_list("body", flat=True)) != [body]


def _taken_back(every: Iterable[Publication]) -> set[UUID]:
    """Publications that a later tombstone of their edition took back."""
    last: dict[UUID, int] = {}
    for one in every:
        if one.withdrawn:
            last[one.subject] = max(one.number, last.get(one.subject, 0))
    return {one.pk for one in every if not one.withdrawn and one.number < last.get(one.subject, 0)}


def _compared(
    head_before: dict[str, object],
    before: dict[UUID, str],
    head_after: dict[str, object],
    after: dict[UUID, str],
) -> Differences:
    """Compare two publications; initiatives that are written alike are not looked into."""
    old = {key: json.loads(text) for key, text in before.items() if after.get(key) != text}
    new = {key: json.loads(text) for key, text in after.items() if before.get(key) != text}
    return compare(State(head_before, old), State(head_after, new))
