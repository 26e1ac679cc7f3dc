"""What differs between two public states: of one edition, row by row; of two editions, by which row continues which. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.kernel.dates import FiscalYear
from yakuba.services.plan import labels
from yakuba.services.plan.comparing import Change, changed
from yakuba.services.plan.rows import Form
from yakuba.services.plan.succession import Link, trace

# Sorts of change in the order in which a reader wants to see them. The first ones are about a whole initiative.
SORTS: Final[dict[str, str | Promise]] = {
    "new": gettext_lazy("新しい取組"),
    "merged": gettext_lazy("統合"),
    "completed": gettext_lazy("完了"),
    "ended": gettext_lazy("終了"),
    "abolished": gettext_lazy("廃止"),
    "gone": gettext_lazy("掲載なし"),
    "moved": gettext_lazy("区別の移行"),
    "progress": gettext_lazy("進捗状況"),
    "office": gettext_lazy("担当"),
    "title": gettext_lazy("取組名"),
    "renumbered": gettext_lazy("番号"),
    "target": gettext_lazy("目標"),
    "actual": gettext_lazy("現状・実績"),
    "stage": gettext_lazy("年度ごとの計画"),
    "text": gettext_lazy("本文"),
    "item": gettext_lazy("主な取組"),
    "indicator": gettext_lazy("指標の内容"),
    "place": gettext_lazy("計画の中の位置"),
    "mark": gettext_lazy("印とタグ"),
}
WHOLE: Final = ("new", "merged", "completed", "ended", "abolished", "gone", "moved")
ENDS: Final = ("merged", "completed", "ended", "abolished", "gone")


@dataclass(frozen=True, slots=True)
class State:
    """An edition's document without its initiatives, and the public form of each of them in the document's order."""

    head: Form
    forms: Mapping[UUID, Form]


# --- two states of one edition -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edited:
    """One initiative that both states have, and that differs."""

    id: UUID
    number: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What the later state has more, otherwise, and no more."""

    new: tuple[tuple[UUID, str, str], ...]
    edited: tuple[Edited, ...]
    removed: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    """Parts of the document around the initiatives that differ, in words."""

    @property
    def count(self) -> int:
        """How many initiatives the public reads otherwise, or not at all."""
        return len(self.new) + len(self.edited) + len(self.removed)


def compare(before: State | None, after: State) -> Differences:
    """Compare two states of one edition; against none everything is new."""
    if before is None:
        return Differences(tuple((key, *_named(form)) for key, form in after.forms.items()), (), (), ())
    new = tuple((key, *_named(form)) for key, form in after.forms.items() if key not in before.forms)
    edited = tuple(
        Edited(key, *_named(form), tuple(changed(was, form)))
        for key, form in after.forms.items()
        if (was := before.forms.get(key)) is not None and was != form
    )
    removed = tuple(_named(form) for key, form in before.forms.items() if key not in after.forms)
    return Differences(new, edited, removed, _head(before.head, after.head))


def _named(form: Form) -> tuple[str, str]:
    return form["number"], form["title"]


def _head(before: Form, after: Form) -> tuple[str, ...]:
    names = {
        "municipality": _("自治体の名前"),
        "plan": _("計画の名前・期間・本文"),
        "levels": _("階層の名前"),
        "nodes": _("区分"),
        "bodies": _("推進体制"),
        "stated": _("計画書に書かれた数"),
    }
    return tuple(name for key, name in names.items() if before.get(key) != after.get(key))


# --- two editions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One change from one edition to another. ``id`` is the row's in the later edition; None where it ended."""

    id: UUID | None
    before_id: UUID | None
    form: Form
    """The row that a reader knows: the later one, or the one that ended."""
    change: Change

    @property
    def sort(self) -> str:
        """The sort of its change."""
        return self.change.sort


def between(before: State, after: State, year: FiscalYear) -> list[Line]:
    """What changed from an earlier edition to a later one (of ``year``), in the later one's order; what ended comes last.

    Values of years gone by that the later edition prints no more are no change. Forms may be trimmed; then only what they
    hold is compared.
    """
    old, new = list(before.forms.items()), list(after.forms.items())
    pairs = trace([form for _id, form in old], [form for _id, form in new])
    by_after: dict[int, list[Link]] = {}
    for link in pairs.links:
        by_after.setdefault(link.after, []).append(link)
    found: list[Line] = []
    for place, (identity, form) in enumerate(new):
        links = by_after.get(place, [])
        if not links:
            found.append(Line(identity, None, form, _whole("new", "", _numbered(form))))
        for link in links:
            was_id, was = old[link.before]
            if link.merged:
                found.append(Line(identity, was_id, was, _whole("merged", _numbered(was), _numbered(form))))
            else:
                found += [Line(identity, was_id, form, change) for change in _lasting(was, form, year)]
    for place in pairs.ended:
        identity, form = old[place]
        found.append(Line(None, identity, form, _whole(end_of(form), _numbered(form), "")))
    return found


def _whole(sort: str, before: str, after: str) -> Change:
    return Change((sort,), sort, before, after)


def _lasting(was: Form, form: Form, year: FiscalYear) -> Iterator[Change]:
    """The changes of a row that goes on; 推進14 that is 運用3 now is one change."""
    moved = was["kind"] != form["kind"]
    for change in changed(was, form):
        if change.sort == "moved":
            yield Change(change.key, "moved", _mark(was), _mark(form))
        elif not (moved and _follows(change)) and not _over(change, year):
            yield change


def _follows(change: Change) -> bool:
    """Whether a change is only what moving brings with it: another number, no progress word any more."""
    return change.sort == "renumbered" or (change.sort == "progress" and not change.after)


def _over(change: Change, year: FiscalYear) -> bool:
    """Whether a change is none for a reader: a year that is no longer printed, the story of the row itself."""
    if change.key[0] == "lineage":
        return True
    return change.key[0] == "value" and not change.after and int(change.key[3]) <= year.year


def _numbered(form: Form) -> str:
    return " ".join(part for part in (_mark(form), form["title"]) if part)


def _mark(form: Form) -> str:
    return " ".join(part for part in (labels.of(labels.KINDS, form["kind"]), form["number"]) if part)


def end_of(form: Form) -> str:
    """By what word a row ended, as its last edition says it: a key of :data:`SORTS`."""
    for word in (labels.meaning(form), *form["flags"]):
        if word in ENDS:
            return str(word)
    return "gone"


def counts(lines: Sequence[Line]) -> dict[str, int]:
    """How many initiatives each sort of change concerns, in the order of :data:`SORTS`."""
    concerned: dict[str, set[UUID | None]] = {}
    for line in lines:
        concerned.setdefault(line.sort, set()).add(line.before_id if line.sort in ENDS else line.id)
    return {sort: len(concerned[sort]) for sort in SORTS if sort in concerned}
