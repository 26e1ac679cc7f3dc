"""Reads of what waits, and what would be changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yakuba.engines.casework.models import Case
from yakuba.engines.casework.origins import Answer, origin_of
from yakuba.engines.intake import rules
from yakuba.engines.intake.models import Binding, Intake
from yakuba.engines.intake.rules import Branch
from yakuba.engines.ledger import queries as ledgers
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.records import Entry
from yakuba.engines.ledger.registering import Installed, installed_of
from yakuba.engines.ledger.values import EXTRA, specs_of_book, told
from yakuba.engines.protection.queries import held
from yakuba.engines.protection.store import Held
from yakuba.kernel.actions import Context, Missing, Problem, SubjectRef
from yakuba.kernel.actions.permission import NOTHING
from yakuba.kernel.dates import japan_date
from yakuba.kernel.fields import Invalid, JsonValue, Spec
from yakuba.kernel.town.models import Municipality


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what stands there and what the case says."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Proposed:
    """What taking over a case would do. ``entry`` is None for a new one, and where none was found (``problems`` says so)."""

    branch: Branch | None
    entry: Entry | None
    values: Mapping[str, JsonValue]
    day: dt.date | None
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def waiting(ctx: Context) -> QuerySet[Intake]:
    """What waits for this actor, the oldest first."""
    return (
        Intake.objects.for_actor(ctx)
        .filter(state="waiting")
        .select_related("binding__book", "case")
        .order_by("arrived_at", "pk")
    )


def settled(ctx: Context) -> QuerySet[Intake]:
    """What was taken over or set aside, the newest first."""
    return (
        Intake.objects.for_actor(ctx)
        .exclude(state="waiting")
        .select_related("binding__book", "case")
        .order_by("-settled_at", "-pk")
    )


def intake(ctx: Context, intake_id: UUID) -> Intake:
    """One of them. Raises :class:`Missing`."""
    found = (
        Intake.objects.for_actor(ctx)
        .filter(pk=intake_id)
        .select_related("binding__book", "case__office")
        .first()
    )
    if found is None:
        raise Missing
    return found


def bindings(ctx: Context, book: Book) -> list[Binding]:
    """Which procedures change a book."""
    return list(Binding.objects.for_actor(ctx).filter(book=book).order_by("topic_title", "pk"))


def binding(ctx: Context, binding_id: UUID) -> Binding:
    """One of them. Raises :class:`Missing`."""
    found = Binding.objects.for_actor(ctx).filter(pk=binding_id).select_related("book").first()
    if found is None:
        raise Missing
    return found


def of_case(ctx: Context, case: Case) -> Intake | None:
    """What became of a case, for whoever may see the book."""
    return Intake.objects.for_actor(ctx).filter(case=case.pk).select_related("binding__book").first()


def binding_of(case: Case) -> Binding | None:
    """The binding of a case's topic, for the machine that takes it in."""
    return Binding.unscoped.filter(
        municipality=case.municipality_id, topic_kind=case.topic_kind, topic_id=case.topic_id, active=True
    ).first()


def case(ctx: Context, case_id: UUID) -> Case | None:
    """A case of this municipality, for the same."""
    return Case.unscoped.filter(municipality=ctx.municipality.id, pk=case_id).first()


def municipality(ctx: Context) -> Municipality:
    """The municipality of the context, as the subject of the machine's own action."""
    return Municipality.unscoped.get(pk=ctx.municipality.id)


def known(ctx: Context, case_id: UUID) -> bool:
    """Whether a case was taken in already."""
    return Intake.unscoped.filter(municipality=ctx.municipality.id, case=case_id).exists()


def demand_ledger(book: Book) -> Installed[Entry]:
    """The ledger of a book. Raises :class:`Missing` where its pack is not installed any more."""
    found = installed_of(book.ledger)
    if found is None:
        raise Missing
    return found


def proposed(ctx: Context, one: Intake, entry_id: UUID | None = None) -> Proposed:
    """What taking over would do, to the entry that the case names or to another that the keeper chose; nothing while the case is held."""
    book, case = one.binding.book, one.case
    if held(ctx, [SubjectRef("case", case.pk)]):
        return Proposed(None, None, {}, None, (), (Held("prefill"),))
    found = demand_ledger(book)
    rule = rules.read(one.binding.rule)
    said = {answer.key: answer for answer in origin_of(case).facts(ctx, case)}
    branch = rule.branch(said)
    if branch is None:
        problem = Problem("branch", _("この内容に当てはまる決まりがありません。台帳は手で直してください。"))
        return Proposed(None, None, {}, None, (), (problem,))
    specs = specs_of_book(found.ledger, book)
    values, problems = rules.values_of(branch, said, specs, japan_date(ctx.now))
    entry: Entry | None = None
    if branch.do != "add":
        entry, wrong = _entry(ctx, found, rule, specs, said, entry_id)
        problems += wrong
    day = said[branch.day].cell if branch.day in said else None
    before = {} if entry is None else told(entry, specs, values)
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    changes = [_change(specs[name], before.get(name), value) for name, value in changed.items()]
    if branch.do == "move" and entry is not None:
        changes.insert(0, _step(found, branch, entry))
    return Proposed(
        branch,
        entry,
        changed if entry is not None else values,
        day if isinstance(day, dt.date) else None,
        tuple(changes),
        tuple(problems),
    )


def _entry(
    ctx: Context,
    found: Installed[Entry],
    rule: rules.Rule,
    specs: Mapping[str, Spec],
    said: Mapping[str, Answer],
    entry_id: UUID | None,
) -> tuple[Entry | None, list[Problem]]:
    """The entry that the keeper chose, or the only one that the answer names."""
    if entry_id is not None:
        return ledgers.entry_of(ctx, found.ledger, entry_id), []
    assert rule.find is not None  # a rule that changes entries finds them (rules.read)  # noqa: S101
    answer = said.get(rule.find.answer)
    text = "" if answer is None or answer.cell is None else str(answer.cell).strip()
    wanted = _has(rule.find.field, specs, text) if text else NOTHING
    rows = list(ledgers.entries(ctx, found.ledger).filter(wanted).select_related("book")[:2])
    if len(rows) == 1:
        return rows[0], []
    own = specs.get(rule.find.field)
    label = own.label if own else found.ledger.label_of(rule.find.field)
    message = (
        _("「%(label)s」が書かれていません。行を選んでください。")
        if not text
        else _("「%(label)s」が「%(text)s」の行が見つかりません。行を選んでください。")
        if not rows
        else _("「%(label)s」が「%(text)s」の行がいくつもあります。行を選んでください。")
    ) % {"label": label, "text": text}
    return None, [Problem("entry", message, field="entry", found=text)]


def _has(name: str, specs: Mapping[str, Spec], text: str) -> Q:
    """The condition that an entry has what an answer says: its number, or a field of any kind, the city's own too."""
    spec = specs.get(name)
    if spec is None or spec.kind is None:
        return Q(**{name: text})
    try:
        value = spec.kind.from_cell(text)
    except Invalid:
        return NOTHING  # no entry can have that
    if name.startswith(EXTRA):
        return Q(**{f"more__{name.removeprefix(EXTRA)}": spec.kind.to_json(value)})
    return Q(**{name: value})


def _change(spec: Spec, before: JsonValue, after: JsonValue) -> Change:
    kind = spec.kind
    assert kind is not None  # fields of an entry have one  # noqa: S101
    shown = [("" if value is None else kind.format(kind.from_json(value))) for value in (before, after)]
    return Change(spec.label, *shown)


def _step(found: Installed[Entry], branch: Branch, entry: Entry) -> Change:
    chain = found.ledger.chain_of(branch.chain)
    if chain is None:
        return Change(branch.chain, "", branch.step)
    state = str(getattr(entry, chain.column))
    step = next((one for one in chain.steps_from(state) if one.key == branch.step), None)
    return Change(
        str(chain.label),
        chain.label_of(state),
        chain.label_of(step.go_to) if step else _("（この異動はできません）"),
    )
