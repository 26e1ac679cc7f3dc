"""One move of many entries at once: chosen in the list, looked at row by row. Who cannot take it stays, and holds no other up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yakuba.engines.ledger.actions.entries import MoveMany, Writer
from yakuba.engines.ledger.declaration import Chain, Step
from yakuba.engines.ledger.models import Move
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import from_text, title_of
from yakuba.kernel.access.desk import see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Problem, Problems
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import JsonValue, specs_of
from yakuba.kernel.ui.components import FieldError, field
from yakuba.services.ledgers import queries
from yakuba.services.ledgers.views import forms
from yakuba.services.ledgers.views.bulk import chosen_of, refused
from yakuba.services.ledgers.views.frame import Opened, opened, show

_ASKED = ("day", "document", "reason")


@dataclass(frozen=True, slots=True)
class Moving:
    """One entry of the preview: where it stands, where it would stand, or why it cannot go there."""

    entry: Entry
    title: str
    href: str
    before: str
    after: str
    wrong: str


@dataclass(frozen=True)
class Asked:
    """The move that was chosen: its chain, and the steps of its key, one for each state from which it may be taken."""

    chain: Chain
    steps: Sequence[Step]

    @property
    def label(self) -> str:
        """What the move is called."""
        return str(self.steps[0].label)

    @property
    def needs(self) -> frozenset[str]:
        """What has to be given whatever state it is taken from."""
        return frozenset.intersection(*(frozenset(map(str, step.needs)) for step in self.steps))


def asked(one: Opened, given: str) -> Asked:
    """The move of a form. Raises :class:`Problem`."""
    column, _slash, key = given.partition("/")
    chain = one.ledger.chain_of(column)
    steps = [step for step in chain.steps if step.key == key] if chain is not None else []
    if chain is None or not steps:
        raise Problem(
            "move", _("どの異動にするかを選んで、もう一度押してください。"), field="move", found=given[:40]
        )
    return Asked(chain, steps)


@require_POST
@desk_page
def bulk_move(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Ask for what the move needs and show who can take it (``preview``), then do it (``apply``)."""
    one = opened(ctx, key)
    one.demand_writes()
    try:
        what = asked(one, request.POST.get("move", ""))
        chosen = chosen_of(request.POST, ctx, one)
    except Problem as problem:
        return refused(request, ctx, one, problem)
    specs = {name: spec for name, spec in specs_of(MoveMany).items() if name in _ASKED}
    typed = {
        "day": format_date(japan_date(ctx.now)),
        "document": "",
        "reason": "",
        **forms.posted(specs, request.POST),
    }
    page = _Page(one, what, chosen, typed)
    try:
        said = {name: value for name, value in from_text(specs, typed).items() if value is not None}
        page.demand()
        lines = page.lines(ctx, page.data(said))
        if request.POST.get("do") == "apply" and request.POST.get("shown", "") == page.mark:
            return page.apply(request, ctx, said, lines)
    except Problem as problem:
        first = not request.POST.get("do")
        return page.draw(request, ctx, (), None if first else problem)
    return page.draw(request, ctx, lines)


@dataclass(frozen=True)
class _Page:
    """The page that asks, shows and tells."""

    one: Opened
    what: Asked
    chosen: Sequence[tuple[Entry, int]]
    typed: Mapping[str, str]

    @property
    def mark(self) -> str:
        """What was looked at, in a word: the move, what was typed, and the rows with their versions."""
        rows = [f"{row.pk}:{version}" for row, version in self.chosen]
        said = "\n".join([self.what.chain.column, self.what.steps[0].key, *self.typed.values(), *rows])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def demand(self) -> None:
        """That what the move needs is there. Raises :class:`Problems`, once for all rows."""
        missing = [
            Problem("required", _("「%s」が空です。入力してください。") % label, field=name)
            for name, label in (("document", _("文書番号")), ("reason", _("理由")))
            if name in self.what.needs and not self.typed[name].strip()
        ]
        if missing:
            raise Problems(missing)

    def data(self, said: Mapping[str, JsonValue], rows: Sequence[tuple[Entry, int]] = ()) -> MoveMany:
        """The action's data. Raises :class:`Problem`."""
        whole: dict[str, JsonValue] = {
            **said,
            "step": self.what.steps[0].key,
            "chain": self.what.chain.column,
            "entries": [{"id": str(row.pk), "version": version} for row, version in rows],
        }
        return self.one.installed.actions.move_many.read_json(whole)

    def lines(self, ctx: Context, data: MoveMany) -> list[Moving]:
        """Each row with where it would stand, or why not. Raises :class:`Problem` for a day to come."""
        rows = [row for row, _version in self.chosen]
        return [
            self._line(ctx, row, found)
            for row, found in zip(rows, Writer(self.one.ledger).moves(ctx, rows, data), strict=True)
        ]

    def _line(self, ctx: Context, row: Entry, found: Move | Problem) -> Moving:
        chain, one = self.what.chain, self.one
        state = getattr(row, chain.column)
        after, wrong = ("", self._why(row, found)) if isinstance(found, Problem) else (found.go_to, "")
        return Moving(
            row,
            title_of(one.ledger, row),
            one.href(ctx, "ledgers-entry", row.pk),
            chain.label_of(state),
            chain.label_of(after) if after else "",
            wrong,
        )

    def _why(self, row: Entry, problem: Problem) -> str:
        if problem.code == "step":
            words = _("今の状態（%s）からは、この異動はできません。")
            return words % self.what.chain.label_of(getattr(row, self.what.chain.column))
        return " ".join(str(each.message) for each in getattr(problem, "problems", None) or (problem,))

    def apply(
        self, request: HttpRequest, ctx: Context, said: Mapping[str, JsonValue], lines: Sequence[Moving]
    ) -> HttpResponseBase:
        """Move whoever can; tell who did not after all. Raises :class:`Problem` where nobody could."""
        one, chain = self.one, self.what.chain
        going = {line.entry.pk: line for line in lines if not line.wrong}
        rows = [(row, version) for row, version in self.chosen if row.pk in going]
        one.installed.actions.move_many(ctx, one.book, self.data(said, rows))
        # A colleague may have changed one of them between looking and pressing.
        now = {row.pk: row for row in queries.those(ctx, one.ledger, one.book, list(going))}
        late = [
            Moving(row, line.title, line.href, line.before, "", _("ほかの人が先に変更しました。行を開いて確かめてください。"))
            for pk, line in going.items()
            if (row := now.get(pk)) is not None and chain.label_of(getattr(row, chain.column)) != line.after
        ]  # fmt: skip
        stayed = [*(line for line in lines if line.wrong), *late]
        if not stayed:
            return see("ledgers-list", ctx, one.ledger.key)
        return self._show(request, ctx, stayed, done=len(going) - len(late))

    def draw(
        self, request: HttpRequest, ctx: Context, lines: Sequence[Moving], problem: Problem | None = None
    ) -> HttpResponse:
        """The page; with ``lines`` each row as it would be."""
        shown = lines or [
            Moving(row, title_of(self.one.ledger, row), self.one.href(ctx, "ledgers-entry", row.pk),
                   self.what.chain.label_of(getattr(row, self.what.chain.column)), "", "")
            for row, _version in self.chosen
        ]  # fmt: skip
        return self._show(request, ctx, shown, problem, ready=bool(lines))

    def _show(
        self,
        request: HttpRequest,
        ctx: Context,
        lines: Sequence[Moving],
        problem: Problem | None = None,
        *,
        ready: bool = False,
        done: int = 0,
    ) -> HttpResponse:
        one = self.one
        one.log_read(ctx, [line.entry.pk for line in lines])
        for each in getattr(problem, "problems", None) or ((problem,) if problem else ()):
            each.field = "day" if each.field == "holds_from" else each.field
        errors: list[FieldError] = errors_of(problem, _ASKED)
        said = {each.key: str(each.message) for each in errors}
        return show(
            request,
            ctx,
            "bulk_move",
            _("まとめて異動：%s") % self.what.label,
            crumbs=one.crumbs(ctx),
            status=problem.status if problem else 200,
            errors=errors,
            move=f"{self.what.chain.column}/{self.what.steps[0].key}",
            lines=lines,
            ready=ready,
            done=done,
            going=sum(not line.wrong for line in lines) if ready else 0,
            staying=sum(bool(line.wrong) for line in lines),
            mark=self.mark,
            entries=" ".join(f"{row.pk}:{version}" for row, version in self.chosen),
            fields=[
                field("day", _("異動日"), widget="date", value=self.typed["day"], required=False, error=said.get("day", "")),
                *(
                    field(name, label, value=self.typed[name], required=name in self.what.needs, error=said.get(name, ""))
                    for name, label in (("document", _("文書番号")), ("reason", _("理由")))
                ),
            ],
            back=one.href(ctx),
        )  # fmt: skip
