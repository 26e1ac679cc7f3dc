"""What differs between two public states of an edition, initiative by initiative and field by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.services.plan.cells import Change, changes
from yakuba.services.plan.rows import Form


@dataclass(frozen=True, slots=True)
class State:
    """An edition's document without its initiatives, and the public form of each of them in the document's order."""

    head: Form
    forms: Mapping[UUID, Form]


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
    """Compare two states; against none everything is new."""
    if before is None:
        return Differences(tuple((key, *_named(form)) for key, form in after.forms.items()), (), (), ())
    new = tuple((key, *_named(form)) for key, form in after.forms.items() if key not in before.forms)
    edited = tuple(
        Edited(key, *_named(form), tuple(changes(_whole(was), _whole(form))))
        for key, form in after.forms.items()
        if (was := before.forms.get(key)) is not None and was != form
    )
    removed = tuple(_named(form) for key, form in before.forms.items() if key not in after.forms)
    return Differences(new, edited, removed, _head(before.head, after.head))


def _named(form: Form) -> tuple[str, str]:
    return form["number"], form["title"]


def _whole(body: Form) -> Form:
    """A public form with the keys that only the desk has, empty."""
    return {"source": None, "sources": {}, "doubts": [], "corrected": {}, "warnings": [], **body}


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
