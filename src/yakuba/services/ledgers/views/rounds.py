"""One row more for many entries after a day at a place (集合注射): typed one after another, looked at, written at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.ledger.actions.rounds import MOST, WriteRound, counted_on, tried, write_round
from yakuba.engines.ledger.bundles.queries import tells
from yakuba.engines.ledger.declaration import Lines, Round
from yakuba.engines.ledger.queries import entries as all_entries
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.signs import spellings
from yakuba.engines.ledger.values import from_text, specs_of_line, title_of
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, Problem, Problems
from yakuba.kernel.fields import JsonValue, Spec
from yakuba.kernel.ui.components import FieldError, field
from yakuba.kernel.ui.drawing import Text
from yakuba.services.ledgers import queries
from yakuba.services.ledgers.views import forms
from yakuba.services.ledgers.views.frame import Opened, opened, show, shown

#: So many entries are offered where what was typed fits several.
_OFFERED: Final = 8


@dataclass(frozen=True, slots=True)
class Typed:
    """One line as it was typed: what it says of the entry, a number of its own, and which entries that may be."""

    at: int
    text: str
    running: str
    found: Sequence[Entry]
    chosen: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the preview."""

    at: int
    text: str
    href: str
    title: str
    facts: str
    running: str
    choices: Sequence[tuple[str, Text]]
    wrong: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def page(request: HttpRequest, ctx: Context, key: str, lines: str) -> HttpResponseBase:
    """Ask, show what would be written (``do=preview``), write it (``do=apply``)."""
    one = opened(ctx, key)
    one.demand_writes()
    sort = one.ledger.lines_of(lines)
    if sort is None or sort.round is None:
        raise Missing
    form = _Form(one, sort, sort.round, specs_of_line(sort.model), request.POST)
    if request.method != "POST":
        return form.draw(request, ctx)
    try:
        shared = from_text(form.shared, form.posted)
        rows = form.rows(ctx)
        mark = _mark(rows, form.posted)
        data = WriteRound(
            sort.key,
            [{"entry": str(row.chosen), "values": form.values(row, shared)} for row in rows],
        )
        looked = request.POST.get("do") == "apply" and request.POST.get("shown") == mark
        if not form.open(rows):
            # What contradicts the ledger is told before anybody presses.
            if not looked and (wrong := tried(ctx, one.book, data)):
                raise Problems(wrong)
            if not looked:
                return form.draw(request, ctx, rows=rows, mark=mark)
            write_round(ctx, one.book, data)
            return see("ledgers-list", ctx, one.ledger.key)
    except Problem as problem:
        return form.draw(request, ctx, problem)
    return form.draw(request, ctx, rows=rows, mark=mark)


def _mark(rows: Sequence[Typed], posted: Mapping[str, str]) -> str:
    """What was looked at: only that is written."""
    said = [f"{row.chosen}:{row.running}" for row in rows]
    return hashlib.sha256("\n".join([*said, *sorted(posted.values())]).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Form:
    """The form with what was typed into it."""

    one: Opened
    sort: Lines[Any]  # Any: of any model
    round: Round
    specs: Mapping[str, Spec]
    data: QueryDict

    @property
    def shared(self) -> dict[str, Spec]:
        return {name: self.specs[name] for name in self.round.shared}

    @property
    def posted(self) -> dict[str, str]:
        return {name: self.data.get(name, "").strip() for name in self.round.shared}

    def values(self, row: Typed, shared: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """What stands in the row of one line."""
        found: dict[str, JsonValue] = {name: value for name, value in shared.items() if value is not None}
        if self.round.running:
            found[self.round.running] = row.running
        return found

    def rows(self, ctx: Context) -> list[Typed]:
        """The lines that were typed, each with its entries. Raises :class:`Problem` for none and for too many."""
        texts = [
            text for line in self.data.get("entries", "").splitlines() if (text := " ".join(line.split()))
        ]
        if not texts:
            raise Problem("required", _("番号か名前を、1行に1つ入れてください。"), field="entries")
        if len(texts) > MOST:
            raise Problem(
                "too_many",
                _("1回に記録できるのは%d行までです。分けて記録してください。") % MOST,
                field="entries",
                found=str(len(texts)),
            )
        running = self.data.get("first", "").strip()
        if self.round.running and not any(sign.isdigit() for sign in running):
            label = self.specs[self.round.running].label
            raise Problem("required", _("最初の%sを入れてください。") % label, field="first", found=running)
        found = []
        for at, line in enumerate(texts):
            text, _mark, own = line.partition(" =") if self.round.running else (line, "", "")
            running = own.strip() or running
            entries = self._entries(ctx, text)
            picked = self.data.get(f"pick-{at}", "")
            ids = [str(entry.pk) for entry in entries]
            chosen = picked if picked in ids else ids[0] if len(ids) == 1 else ""
            found.append(Typed(at, text, running, entries, chosen))
            running = counted_on(running)
        return found

    def _entries(self, ctx: Context, text: str) -> list[Entry]:
        """By number or another sign of one entry; else whatever the list finds by these words."""
        ledger = self.one.ledger
        exact = Q()
        for name in tells(ledger):
            exact |= Q(**{f"{name}__in": spellings(text)})
        in_force = all_entries(ctx, ledger).exclude(state__in=ledger.chain.ended)
        if sure := list(in_force.filter(exact).order_by("number_order", "pk")[:_OFFERED]):
            return sure
        states = tuple(key for key, _label in ledger.chain.states if key not in ledger.chain.ended)
        asked = queries.Asked(states, self.one.specs, words=text)
        return queries.some(ctx, ledger, self.one.book, asked, _OFFERED)

    def open(self, rows: Sequence[Typed]) -> list[Typed]:
        """The lines of which the entry is not clear, and those that name one twice."""
        seen: set[str] = set()
        found = []
        for row in rows:
            if not row.chosen or row.chosen in seen:
                found.append(row)
            seen.add(row.chosen)
        return found

    def draw(
        self,
        request: HttpRequest,
        ctx: Context,
        problem: Problem | None = None,
        rows: Sequence[Typed] = (),
        mark: str = "",
    ) -> HttpResponse:
        """The page; with ``rows`` the preview."""
        one, wrong = self.one, dict[int, str]()
        if problem is not None and not rows:
            try:
                rows = self.rows(ctx)
            except Problem:
                rows = ()
        errors = self._errors(problem, wrong)
        said = {error.key: str(error.message) for error in errors}
        shown_ids = [entry.pk for row in rows for entry in row.found]
        if shown_ids:
            one.log_read(ctx, shown_ids)
        lines = self._lines(ctx, rows, wrong)
        ready = bool(lines) and not any(line.wrong for line in lines) and problem is None
        return show(
            request,
            ctx,
            "round",
            str(self.round.label),
            crumbs=one.crumbs(ctx),
            status=problem.status if problem else 200,
            errors=errors,
            fields=self._fields(ctx, said),
            entries_field=field(
                "entries",
                _("番号・名前（1行に1つ）"),
                widget="textarea",
                rows=12,
                value=self.data.get("entries", ""),
                error=said.get("entries", ""),
                hint=_(
                    "%(number)s、名前、飼い主の氏名などを、順に入れます。番号が飛ぶときは、その行の終わりに「 =26-0105」のように書くと、そこから続きます。"
                )
                % {"number": "・".join(tells(one.ledger).values())}
                if self.round.running
                else "",
            ),
            lines=lines,
            ready=ready,
            mark=mark,
            count=len(lines),
            running=self.specs[self.round.running].label if self.round.running else "",
            back=one.href(ctx),
        )

    def _fields(self, ctx: Context, said: Mapping[str, str]) -> list[object]:
        found: list[object] = [
            forms.drawn(name, spec, self.data.get(name, ""), said.get(name, ""))
            for name, spec in self.shared.items()
        ]
        if self.round.running:
            label = self.specs[self.round.running].label
            found.append(
                field(
                    "first",
                    _("最初の%s") % label,
                    value=self.data.get("first", "") or self._next(ctx),
                    error=said.get("first", ""),
                    hint=_("この番号から1行ごとに1つずつ進みます。"),
                )
            )
        return found

    def _next(self, ctx: Context) -> str:
        """After the one that was written last."""
        rows = self.sort.model.objects.for_actor(ctx).exclude(**{self.round.running: ""})
        last = rows.order_by("-pk").values_list(self.round.running, flat=True).first()
        return counted_on(last) if last else ""

    def _lines(self, ctx: Context, rows: Sequence[Typed], wrong: Mapping[int, str]) -> list[Line]:
        one, unclear = self.one, {row.at: row for row in self.open(rows)}
        found = []
        for row in rows:
            entry = next((each for each in row.found if str(each.pk) == row.chosen), None)
            message = wrong.get(row.at, "")
            if row.at in unclear and not message:
                message = (
                    _("同じ行が上にもあります。")
                    if row.chosen
                    else _("いくつもあてはまります。選んでください。")
                    if row.found
                    else _("見つかりません。番号か名前を確かめてください。")
                )
            found.append(
                Line(
                    row.at,
                    row.text,
                    one.href(ctx, "ledgers-entry", entry.pk) if entry else "",
                    f"{entry.number} {title_of(one.ledger, entry)}" if entry else "",
                    self._facts(entry) if entry else "",
                    row.running,
                    [
                        (str(each.pk), f"{each.number} {title_of(one.ledger, each)} {self._facts(each)}")
                        for each in row.found
                    ]
                    if len(row.found) > 1
                    else [],
                    message,
                )
            )
        return found

    def _facts(self, entry: Entry) -> str:
        """By what somebody at the table tells one entry from another: its person, and the first columns of the list."""
        people = [person.name for person in self.one.ledger.persons if not person.lines]
        names = [name for name in (*people, *self.one.ledger.listed[1:3]) if name in self.one.specs]
        return "・".join(text for name in names if (text := shown(entry, name, self.one.specs)))

    def _errors(self, problem: Problem | None, wrong: dict[int, str]) -> list[FieldError]:
        """What was said of single rows goes to them."""
        if isinstance(problem, Problems):
            rest = []
            for each in problem.problems:
                place, dot, _name = each.field.partition(".")
                if dot and place.isdecimal():
                    wrong[int(place)] = each.message
                else:
                    rest.append(each)
            found = (
                [FieldError("entries", _("書けない行があります。下の表で確かめてください。"))]
                if wrong
                else []
            )
            return found + [FieldError(each.field, each.message) for each in rest]
        return errors_of(problem, [*self.round.shared, "first", "entries"])
