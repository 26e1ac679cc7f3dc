"""One field of many entries at once: chosen in the list, looked at row by row, changed all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yakuba.engines.ledger.actions.entries import MOST, ChangeMany
from yakuba.engines.ledger.declaration import MERGED, VOID
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.values import from_text, title_of, value_of
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


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the preview: what stands there and what would; what is wrong with it, empty for nothing."""

    entry: Entry
    title: str
    href: str
    before: str
    after: str
    wrong: str


@require_POST
@desk_page
def bulk(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """Ask for the value, show what it would change (``do=preview``), change it (``do=apply``)."""
    one = opened(ctx, key)
    one.demand_writes()
    try:
        name, spec = _what(one, request.POST)
        chosen = _chosen(request.POST, ctx, one)
    except Problem as problem:
        return _refused(request, ctx, one, problem)
    do = request.POST.get("do", "")
    head_specs = {each: found for each, found in specs_of(ChangeMany).items() if each in _HEAD}
    head = {
        "holds_from": format_date(japan_date(ctx.now)),
        "reason": "",
        **forms.posted(head_specs, request.POST),
    }
    page = _Page(one, name, spec, chosen, request.POST.get("value", ""), head)
    if do not in {"preview", "apply"}:
        return page.draw(request, ctx)
    try:
        value = _value(name, spec, page.value)
        said = from_text(head_specs, head)
        # Only what was looked at is done: a value that was typed anew is shown first.
        if do == "apply" and request.POST.get("shown", "") == page.value:
            many: dict[str, JsonValue] = {each: given for each, given in said.items() if given is not None}
            many["changes"] = [
                {"id": str(row.pk), "version": version, "values": {name: value}}
                for row, version in chosen
                if not _same(row, name, value, one)
            ]
            action = one.installed.actions.many
            action(ctx, one.book, action.read_json(many))
            return see("ledgers-list", ctx, one.ledger.key)
    except Problem as problem:
        return page.draw(request, ctx, problem)
    return page.draw(request, ctx, value=value, preview=True)


def _what(one: Opened, posted: QueryDict) -> tuple[str, Spec]:
    name = posted.get("what", "")
    spec = listed.changeable(one).get(name)
    if spec is None:
        raise Problem(
            "what", _("どの項目を変えるかを選んで、もう一度押してください。"), field="what", found=name
        )
    return name, spec


def _chosen(posted: QueryDict, ctx: Context, one: Opened) -> list[tuple[Entry, int]]:
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


def _value(name: str, spec: Spec, typed: str) -> JsonValue:
    """What was typed, as JSON. Raises :class:`Problems` at the field ``value``."""
    try:
        found = from_text({name: spec}, {name: typed})[name]
    except Problems as problems:
        for each in problems.problems:
            each.field = "value"
        raise
    if found is None and spec.required:
        raise Problem.of("value", spec.label, Invalid("required", "", _("値")))
    return found


def _same(row: Entry, name: str, value: JsonValue, one: Opened) -> bool:
    kind, now = one.typed[name].kind, value_of(row, name, one.typed)
    return (None if now is None or kind is None else kind.to_json(now)) == value


def _refused(request: HttpRequest, ctx: Context, one: Opened, problem: Problem) -> HttpResponse:
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
    name: str
    spec: Spec
    chosen: Sequence[tuple[Entry, int]]
    value: str
    head: Mapping[str, str]

    def draw(
        self,
        request: HttpRequest,
        ctx: Context,
        problem: Problem | None = None,
        *,
        value: JsonValue = None,
        preview: bool = False,
    ) -> HttpResponse:
        """The page; with ``preview`` each row as it would be."""
        one, rows = self.one, [row for row, _version in self.chosen]
        one.log_read(ctx, [row.pk for row in rows])
        wrong = self._by_row(problem) if problem else {}
        errors = self._errors(problem, wrong)
        said = {each.key: str(each.message) for each in errors}
        lines = [self._line(ctx, row, value, wrong.get(place, "")) for place, row in enumerate(rows)]
        changes = sum(line.before != line.after for line in lines) if preview else 0
        return show(
            request,
            ctx,
            "bulk",
            _("「%(field)s」をまとめて変える") % {"field": self.spec.label},
            crumbs=one.crumbs(ctx),
            status=problem.status if problem else 200,
            errors=errors,
            what=self.name,
            called=self.spec.label,
            lines=lines,
            preview=preview,
            changes=changes,
            value=self.value,
            entries=" ".join(f"{row.pk}:{version}" for row, version in self.chosen),
            fields=[
                forms.drawn("value", self.spec, self.value, said.get("value", "")),
                field(
                    "holds_from",
                    _("いつから"),
                    widget="date",
                    value=self.head["holds_from"],
                    required=False,
                    error=said.get("holds_from", ""),
                ),
                field("reason", _("変える理由"), value=self.head["reason"], required=False),
            ],
            back=one.href(ctx),
        )

    def _line(self, ctx: Context, row: Entry, value: JsonValue, wrong: str) -> Line:
        one, kind = self.one, self.spec.kind
        after = "" if value is None or kind is None else written(kind.from_json(value), self.spec)
        return Line(
            row,
            title_of(one.ledger, row),
            one.href(ctx, "ledgers-entry", row.pk),
            shown(row, self.name, one.typed),
            after,
            wrong,
        )

    def _changing(self) -> list[int]:
        """The places of the rows that were sent, in their order: what stays as it is was left out."""
        try:
            value = _value(self.name, self.spec, self.value)
        except Problem:
            return []
        return [
            place for place, (row, _v) in enumerate(self.chosen) if not _same(row, self.name, value, self.one)
        ]

    def _by_row(self, problem: Problem) -> dict[int, str]:
        """What the action said of single rows, by their place in the list."""
        sent, found = self._changing(), dict[int, str]()
        for each in getattr(problem, "problems", None) or (problem,):
            place, dot, _name = each.field.partition(".")
            if dot and place.isdecimal() and int(place) < len(sent):
                found[sent[int(place)]] = each.message
        return found

    def _errors(self, problem: Problem | None, wrong: Mapping[int, str]) -> list[FieldError]:
        found = [
            each
            for each in errors_of(problem, ["value", *_HEAD])
            if not any(each.message == message for message in wrong.values())
        ]
        for place, message in wrong.items():
            found.append(FieldError("", f"{self.chosen[place][0].number}：{message}"))
        return found
