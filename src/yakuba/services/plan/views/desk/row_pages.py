"""A page that is a form of rows: rows to fill, to put in order, to take out. Works without JavaScript."""

from __future__ import annotations

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.kernel.ui.drawing import Text
from yakuba.services.plan import rules
from yakuba.services.plan.forms import Input, PartForm, Typed, World
from yakuba.services.plan.forms.base import BLANK_ROWS, MOST_ROWS, name_of
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.desk.frame import show
from yakuba.services.plan.words import words


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the page: its declaration, what stands in it, what is wrong with it."""

    key: str
    input: Input
    value: str | Sequence[str]
    error: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page."""

    number: int
    legend: str
    fields: Sequence[Field]
    folded: Sequence[Field]
    summary: str
    of: str
    order: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the rows: ``over`` names what the part belongs to, ``version`` is its version, ``back`` leads there."""

    title: str
    over: str
    version: int
    crumbs: Sequence[Link]
    back: str


class RowsPage(ABC):
    """One request to a form of rows: what was sent, what is wrong with it, how it is drawn again."""

    def __init__(self, request: HttpRequest, ctx: Context, content: Form, form: PartForm) -> None:
        self.request, self.ctx, self.content, self.form = request, ctx, content, form
        self.part = form.part
        self.reason = request.POST.get("reason", "")

    @abstractmethod
    def frame(self) -> Frame:
        """What stands around the rows."""

    def world(self) -> World:
        """What the fields offer."""
        return World()

    def now(self) -> list[str]:
        """The part as others left it, a line for each row."""
        return [
            f"{one[0]}：{words(f'{self.part}.{one[0]}', one[1])}"
            if isinstance(one, tuple)
            else str(words(f"{self.part}[{n}]", one))
            for n, one in enumerate(self._rows())
        ]

    @property
    def mark(self) -> str:
        """A short mark of the part as it is: by it the form tells whether somebody else changed this very part."""
        return _mark(self._rows() if self.form.many else [self.content])

    def _rows(self) -> list[Any]:  # Any: JSON of the part
        found = rules.get(self.content, self.part)
        return list(found.items()) if isinstance(found, dict) else found

    def _identities(self) -> list[str]:
        """By what each row is known again after somebody else changed the list."""
        if not self.form.many:
            return ["only"]
        return [_mark(self.form.identity(one) if isinstance(one, dict) else one[0]) for one in self._rows()]

    def typed(self) -> list[Typed]:
        """The rows as they were sent."""
        post = self.request.POST
        sent = post.get("rows", "0")
        count = min(int(sent), MOST_ROWS) if sent.isascii() and sent.isdecimal() and len(sent) < 5 else 0
        known = self._identities()
        found = []
        for n in range(count):
            of = post.get(name_of(n, "of"), "")
            place = int(of) if of.isascii() and of.isdecimal() and len(of) < 5 else None
            place = place if place is not None and place < len(known) else None
            row = Typed({}, place, post.get(name_of(n, "order"), ""), bool(post.get(name_of(n, "gone"))))
            prefix = name_of(n, "")
            for name in post:
                if name.startswith(prefix):
                    row.cells[name.removeprefix(prefix)] = post.get(name, "")
            for key in ("of", "order", "gone", "id"):
                row.cells.pop(key, None)
            for one in self.form.inputs(World(), row):
                if one.widget == "checkboxes":
                    row.cells[one.key] = post.getlist(name_of(n, one.key))
            found.append(row)
        return found

    def again(self, typed: Sequence[Typed]) -> list[Typed]:
        """The typed rows beside a list that somebody else changed: each finds its row by what it was, or is a new one."""
        known = self._identities()
        for n, row in enumerate(typed):
            mark = self.request.POST.get(name_of(n, "id"), "")
            row.of = known.index(mark) if mark in known else None
        return list(typed)

    def show(
        self,
        typed: Sequence[Typed],
        *,
        problem: Problem | None = None,
        stale: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """Draw the form with two empty rows behind what was typed."""
        form = self.form
        wanted = list(typed)
        if form.many and not problem and not stale:
            wanted += [form.blank() for _n in range(BLANK_ROWS)]
        errors = self._errors(typed, problem)
        said = {error.key: error.message for error in errors}
        world = self.world()
        known = self._identities()
        drawn = [self._row(n, one, world, said) for n, one in enumerate(wanted)]
        frame = self.frame()
        fields = {"reason"} | {field.key for one in drawn for field in (*one.fields, *one.folded)}
        return show(
            self.request,
            self.ctx,
            "part",
            _("%(part)sを直す") % {"part": frame.title},
            crumbs=frame.crumbs,
            status=status,
            frame=frame,
            form=form,
            rows=drawn,
            hidden=[(one, _kept(wanted[one.number], form, world)) for one in drawn],
            identities=[known[int(one.of)] if one.of else "" for one in drawn],
            errors=[error if error.key in fields else FieldError("", error.message) for error in errors],
            reason=self.reason,
            reason_error=said.get("reason", ""),
            stale=stale,
            now=self.now() if stale else [],
            mark=self.mark,
        )

    def _row(self, n: int, typed: Typed, world: World, said: Mapping[str, Text]) -> Row:
        fields = [
            Field(name_of(n, one.key), one, typed.cells.get(one.key, ""), said.get(name_of(n, one.key), ""))
            for one in self.form.inputs(world, typed)
        ]
        # What is wrong is never hidden.
        folded = [one for one in fields if one.input.folded]
        if any(one.error for one in folded):
            folded = []
        return Row(
            n,
            self.form.legend(self.content, typed) if self.form.many else "",
            [one for one in fields if one not in folded],
            folded,
            self.form.folded(self.content, typed) if folded else "",
            "" if typed.of is None else str(typed.of),
            typed.order or (str(n + 1) if typed.of is not None else ""),
            typed.gone,
        )

    def _errors(self, typed: Sequence[Typed], problem: Problem | None) -> list[FieldError]:
        if problem is None:
            return []
        kept = self.form.kept(typed)
        keyed = problem.problems if isinstance(problem, Problems) else (problem,)
        for one in keyed:
            if one.field == "version":
                one.field = ""
            elif one.field not in ("", "reason") and not re.match(r"r\d+-", one.field):
                one.field = self.form.key_of(one.field, kept)
        return errors_of(problem)


def _kept(typed: Typed, form: PartForm, world: World) -> list[tuple[str, str]]:
    """What a row knows beside its fields, sent along unseen."""
    shown = {one.key for one in form.inputs(world, typed)}
    return [
        (key, text)
        for key, text in typed.cells.items()
        if key not in shown and isinstance(text, str) and text
    ]


def _mark(found: object) -> str:
    text = json.dumps(found, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
