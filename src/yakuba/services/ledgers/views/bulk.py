"""A few fields of many entries at once: chosen in the list, looked at row by row, changed all or none."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yakuba.engines.ledger.actions.entries import MOST, ChangeMany, Writer
from yakuba.engines.ledger.declaration import MERGED, VOID
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import from_text, title_of, told
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, Problem, Problems
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import Invalid, JsonValue, Spec, specs_of
from yakuba.kernel.ids import read_id
from yakuba.kernel.ui.components import FieldError, field
from yakuba.services.ledgers import queries
from yakuba.services.ledgers.views import forms, listed
from yakuba.services.ledgers.views.frame import Opened, opened, show, shown, written

_HEAD = ("holds_from", "reason")
#: So many fields are changed at once at most: more is a table that is taken in.
_MOST_FIELDS = 8
_OF = "value-"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one field of an entry, and what would."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the preview: its cells, and what is wrong with it, empty for nothing."""

    entry: Entry
    title: str
    href: str
    cells: Sequence[Cell]
    wrong: str

    @property
    def changes(self) -> bool:
        """Whether anything of it would change."""
        return any(cell.before != cell.after for cell in self.cells)


@require_POST
@desk_page
def bulk(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Ask for the values (``do=more``: of one field more), show what they would change (``preview``), change it (``apply``)."""
    one = opened(ctx, key)
    one.demand_writes()
    try:
        what = _what(one, request.POST)
        chosen = chosen_of(request.POST, ctx, one)
    except Problem as problem:
        return refused(request, ctx, one, problem)
    do = request.POST.get("do", "")
    head_specs = {each: found for each, found in specs_of(ChangeMany).items() if each in _HEAD}
    head = {
        "holds_from": format_date(japan_date(ctx.now)),
        "reason": "",
        **forms.posted(head_specs, request.POST),
    }
    page = _Page(one, what, chosen, {name: request.POST.get(f"{_OF}{name}", "") for name in what}, head)
    if do not in {"preview", "apply"}:
        return page.draw(request, ctx)
    try:
        values = page.read()
        said = from_text(head_specs, head)
        since = said.get("holds_from")
        changes = page.changes(values)
        wrong = Writer(one.ledger).tried(
            ctx,
            [(row, of) for row, _version, of in changes],
            dt.date.fromisoformat(since) if isinstance(since, str) else None,
        )
        if wrong:
            raise Problems(wrong)
        # Only what was looked at is done: a value that was typed anew is shown first.
        if do == "apply" and request.POST.get("shown", "") == page.mark:
            many: dict[str, JsonValue] = {each: given for each, given in said.items() if given is not None}
            many["changes"] = [
                {"id": str(row.pk), "version": version, "values": dict(of)} for row, version, of in changes
            ]
            action = one.installed.actions.many
            action(ctx, one.book, action.read_json(many))
            return see("ledgers-list", ctx, one.ledger.key)
    except Problem as problem:
        return page.draw(request, ctx, problem, preview=do == "preview")
    return page.draw(request, ctx, preview=True)


def _what(one: Opened, posted: QueryDict) -> dict[str, Spec]:
    """The fields that are to change, in the order of the ledger. Raises :class:`Problem`."""
    known = listed.changeable(one)
    names = {name for name in posted.getlist("what") if name}
    if not names or not names <= set(known):
        raise Problem(
            "what",
            _("どの項目を変えるかを選んで、もう一度押してください。"),
            field="what",
            found="・".join(sorted(names))[:80],
        )
    if len(names) > _MOST_FIELDS:
        raise Problem("what", _("一度に変えられるのは%d項目までです。") % _MOST_FIELDS, field="what")
    return {name: spec for name, spec in known.items() if name in names}


def chosen_of(posted: QueryDict, ctx: Context, one: Opened) -> list[tuple[Entry, int]]:
    """The entries, each with the version that was looked at. Raises :class:`Problem` for none and for too many."""
    kept = posted.get("entries", "").split()
    if kept:
        versions = dict(pair.partition(":")[::2] for pair in kept[: MOST + 1])
        rows = queries.those(ctx, one.ledger, one.book, [read_id(text) for text in versions])
        found = [(row, _number(versions[str(row.pk)])) for row in rows if str(row.pk) in versions]
    elif posted.get("all"):
        state = listed.spec(ctx, one, choose=True).parse(QueryDict(posted.get("query", "")))
        rows = queries.some(ctx, one.ledger, one.book, listed.asked(one, state), MOST + 1)
        found = [(row, row.version) for row in rows]
    else:
        ids = [read_id(text) for text in posted.getlist("entry")[: MOST + 1]]
        found = [(row, row.version) for row in queries.those(ctx, one.ledger, one.book, ids)]
    found = [(row, version) for row, version in found if row.state not in {VOID, MERGED}]
    if not found:
        raise Problem("none", _("行が選ばれていません。一覧で選んでから、もう一度押してください。"))
    if len(found) > MOST:
        raise Problem(
            "too_many",
            _("一度に変えられるのは%(most)s行までです。条件で絞り込んでください。") % {"most": f"{MOST:,}"},
        )
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def refused(request: HttpRequest, ctx: Context, one: Opened, problem: Problem) -> HttpResponse:
    """The page that says why nothing can be changed. Raises what belongs to no page of this ledger."""
    if isinstance(problem, Missing) or type(problem) is Denied:
        raise problem
    return show(
        request,
        ctx,
        "bulk_refused",
        _("まとめて変える"),
        crumbs=one.crumbs(ctx),
        status=problem.status,
        message=problem.message,
        back=one.href(ctx),
    )


@dataclass(frozen=True)
class _Page:
    """The page that asks and shows."""

    one: Opened
    what: Mapping[str, Spec]
    chosen: Sequence[tuple[Entry, int]]
    typed: Mapping[str, str]
    head: Mapping[str, str]

    @property
    def mark(self) -> str:
        """What was typed, in a word: only that is done which was looked at."""
        said = "\n".join(f"{name}={text}" for name, text in [*self.typed.items(), *self.head.items()])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def read(self) -> dict[str, JsonValue]:
        """What was typed, as JSON. Raises :class:`Problems` at the fields."""
        found = from_text(self.what, self.typed)
        missing = [
            Problem.of(name, spec.label, Invalid("required", "", _("値")))
            for name, spec in self.what.items()
            if spec.required and found.get(name) is None
        ]
        if missing:
            raise Problems(missing)
        return found

    def changes(self, values: Mapping[str, JsonValue]) -> list[tuple[Entry, int, dict[str, JsonValue]]]:
        """The entries of which something changes, with what: what stays as it is is left out."""
        found = []
        for row, version in self.chosen:
            now = told(row, self.one.typed, values)
            said = {name: value for name, value in values.items() if now[name] != value}
            if said:
                found.append((row, version, said))
        return found

    def draw(
        self, request: HttpRequest, ctx: Context, problem: Problem | None = None, *, preview: bool = False
    ) -> HttpResponse:
        """The page; with ``preview`` each row as it would be."""
        one, rows = self.one, [row for row, _version in self.chosen]
        one.log_read(ctx, [row.pk for row in rows])
        try:
            values: Mapping[str, JsonValue] = self.read() if preview else {}
        except Problem:
            values, preview = {}, False
        wrong = self._by_row(problem) if problem else {}
        errors = self._errors(problem, wrong)
        said = {each.key: str(each.message) for each in errors}
        lines = [self._line(ctx, row, values, wrong.get(place, "")) for place, row in enumerate(rows)]
        called = "・".join(spec.label for spec in self.what.values())
        return show(
            request,
            ctx,
            "bulk",
            _("「%(field)s」をまとめて変える") % {"field": called},
            crumbs=one.crumbs(ctx),
            status=problem.status if problem else 200,
            errors=errors,
            what=list(self.what),
            called=called,
            heads=[spec.label for spec in self.what.values()],
            lines=lines,
            preview=preview,
            ready=preview and problem is None,
            changes=sum(line.changes for line in lines) if preview else 0,
            mark=self.mark,
            entries=" ".join(f"{row.pk}:{version}" for row, version in self.chosen),
            fields=self._fields(said),
            more=field(
                "more",
                _("もう1つの項目も変える"),
                name="what",
                widget="select",
                required=False,
                choices=[
                    (name, spec.label)
                    for name, spec in listed.changeable(one).items()
                    if name not in self.what
                ],
            )
            if len(self.what) < _MOST_FIELDS
            else "",
            back=one.href(ctx),
        )

    def _fields(self, said: Mapping[str, str]) -> list[object]:
        return [
            *(
                forms.drawn(f"{_OF}{name}", spec, self.typed[name], said.get(f"{_OF}{name}", ""))
                for name, spec in self.what.items()
            ),
            field(
                "holds_from",
                _("いつから"),
                widget="date",
                value=self.head["holds_from"],
                required=False,
                error=said.get("holds_from", ""),
            ),
            field("reason", _("変える理由"), value=self.head["reason"], required=False),
        ]

    def _line(self, ctx: Context, row: Entry, values: Mapping[str, JsonValue], wrong: str) -> Line:
        one = self.one
        cells = []
        for name, spec in self.what.items():
            value, before = values.get(name), shown(row, name, one.typed)
            after = "" if value is None or spec.kind is None else written(spec.kind.from_json(value), spec)
            cells.append(Cell(spec.label, before, after if name in values else before))
        return Line(row, title_of(one.ledger, row), one.href(ctx, "ledgers-entry", row.pk), cells, wrong)

    def _by_row(self, problem: Problem) -> dict[int, str]:
        """What was said of single rows, by their place in the list."""
        try:
            changing = {row.pk for row, _version, _of in self.changes(self.read())}
        except Problem:
            return {}
        sent = [place for place, (row, _version) in enumerate(self.chosen) if row.pk in changing]
        found: dict[int, str] = {}
        for each in getattr(problem, "problems", None) or (problem,):
            place, dot, _name = each.field.partition(".")
            if dot and place.isdecimal() and int(place) < len(sent):
                before = found.get(sent[int(place)])
                found[sent[int(place)]] = f"{before} {each.message}" if before else str(each.message)
        return found

    def _errors(self, problem: Problem | None, wrong: Mapping[int, str]) -> list[FieldError]:
        """What belongs to the fields stands at them; what belongs to rows is told once, and stands at each row."""
        found = [
            FieldError(f"{_OF}{each.key}" if each.key in self.what else each.key, each.message)
            for each in errors_of(problem, [*self.what, *_HEAD])
            if not any(str(each.message) in message for message in wrong.values())
        ]
        if wrong:
            words = _("%d行は、このままでは変えられません。下の表で、その行を確かめてください。") % len(wrong)
            found.append(FieldError("", words))
        return found
