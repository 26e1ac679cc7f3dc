"""The writers: which procedures change a book, and each case that is taken over or set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.casework.origins import topic_of
from yakuba.engines.intake import access, queries, rules
from yakuba.engines.intake.models import Binding, Intake
from yakuba.engines.ledger.actions.entries import AddEntry, ChangeEntry, MoveEntry
from yakuba.engines.ledger.actions.joints import FROM_CASE
from yakuba.engines.ledger.models import Book, Joint
from yakuba.engines.ledger.values import specs_of_book
from yakuba.engines.protection.store import demand_free
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, Problems, SubjectRef, action
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import read_id
from yakuba.kernel.town.models import Municipality


@dataclass(frozen=True)
class Bind:
    """Which topic (``kind/id``), and how its answers become values: a document of :mod:`.rules`."""

    topic: Annotated[str, fields.text(label="手続", classification=INTERNAL, max_length=120)]
    rule: Annotated[dict[str, object], fields.document(label="決まり", classification=INTERNAL)]


@dataclass(frozen=True)
class Take:
    """Which case was completed."""

    case: Annotated[str, fields.text(label="案件", classification=INTERNAL, max_length=36)]


@dataclass(frozen=True)
class CarryOut:
    """Take it over; ``entry`` is the entry that the keeper chose, where the case does not name one."""

    entry: Annotated[
        str, fields.text(label="台帳の行", classification=INTERNAL, max_length=36, required=False)
    ] = ""


@dataclass(frozen=True)
class SetAside:
    """Why it is not taken over."""

    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL, max_length=400)]


@action("intake.bind", label="手続を台帳につなぐ", may=access.BIND, data=Bind)
def bind(ctx: Context, book: Book, data: Bind) -> Book:
    """Bind a topic to a book, or change how. Raises :class:`Problem` for what topic or ledger do not have."""
    topic = topic_of(ctx, data.topic)
    if topic is None:
        raise Problem("topic", _("手続を選んでください。"), field="topic", found=data.topic)
    rule = rules.read(data.rule)
    installed = queries.demand_ledger(book)
    specs = specs_of_book(installed.ledger, book)
    problems = [
        Problem("answer", _("この手続に「%s」という質問はありません。") % name, field="rule", found=name)
        for name in sorted(rule.answers - {one.key for one in topic.answers(ctx)})
    ]
    fields_used = {name for branch in rule.branches for name in branch.fields}
    if rule.find is not None:
        fields_used.add(rule.find.field)
    problems += [
        Problem("field", _("この台帳に「%s」という項目はありません。") % name, field="rule", found=name)
        for name in sorted(fields_used - set(specs) - {"number"})
    ]
    for branch in rule.branches:
        chain = installed.ledger.chain_of(branch.chain)
        if branch.do == "move" and (chain is None or branch.step not in {one.key for one in chain.steps}):
            problems.append(
                Problem(
                    "step",
                    _("この台帳に「%s」という異動はありません。") % branch.step,
                    field="rule",
                    found=branch.step,
                )
            )
    if problems:
        raise Problems(problems)
    made, fresh = Binding.unscoped.get_or_create(
        municipality_id=ctx.municipality.id,
        topic_kind=topic.kind,
        topic_id=topic.id,
        defaults={"book": book, "topic_title": topic.title, "rule": data.rule},
    )
    if not fresh:
        if made.book_id != book.pk and made.active:
            raise Problem("taken", _("この手続は、ほかの台帳につながっています。"), field="topic")
        made.book, made.rule, made.topic_title, made.active = book, data.rule, topic.title, True
        made.version += 1
        made.save()
    ctx.note(binding=str(made.pk), topic=data.topic)
    return book


@action("intake.unbind", label="手続と台帳のつながりを解く", may=access.UNBIND, data=NoData)
def unbind(ctx: Context, one: Binding, _data: NoData) -> Binding:
    """Cases that are completed from now on change nothing; those that wait already may still be taken over."""
    one.active = False
    one.save()
    return one


@action("intake.take", label="完了した案件を台帳への反映に回す", may=access.TAKE, data=Take)
def take(ctx: Context, municipality: Municipality, data: Take) -> Municipality:
    """A completed case whose topic is bound waits from now on; others and those taken before are left alone."""
    case = queries.case(ctx, UUID(data.case))
    if case is None or case.test or case.state != "completed" or queries.known(ctx, case.pk):
        return municipality
    binding = queries.binding_of(case)
    if binding is None:
        return municipality
    made = Intake.unscoped.create(
        municipality=municipality,
        binding=binding,
        case=case,
        state="waiting",
        arrived_at=case.completed_at or ctx.now,
    )
    ctx.note(intake=str(made.pk))
    return municipality


@action("intake.carry_out", label="台帳に反映する", may=access.SETTLE, data=CarryOut)
def carry_out(ctx: Context, one: Intake, data: CarryOut) -> Intake:
    """Change the ledger through its own action, as the keeper; entry and case know each other from now on.

    Raises :class:`Problems`, and what stops the output of a case under 支援措置: where somebody lives now goes into no ledger by itself.
    """
    demand_free(ctx, SubjectRef("case", one.case_id), "prefill")
    chosen = read_id(data.entry) if data.entry else None
    found = queries.proposed(ctx, one, chosen)
    if found.problems or found.branch is None:
        raise Problems(found.problems)
    actions, book = queries.demand_ledger(one.binding.book).actions, one.binding.book
    # Of names and signs alone: it is the same in whatever language the keeper reads.
    reason = f"{one.case.title}（{one.case.number}）"[:400]
    values = dict(found.values)
    if found.branch.do == "add":
        entry = actions.add(ctx, book, AddEntry(values, holds_from=found.day, reason=reason))
    else:
        assert found.entry is not None  # otherwise it is a problem  # noqa: S101
        entry = found.entry
        if values:
            entry = actions.change(ctx, entry, ChangeEntry(values, {}, found.day, reason))
    if found.branch.do == "move":
        moving = MoveEntry(found.branch.step, found.branch.chain, found.day, one.case.number, reason)
        entry = actions.move(ctx, entry, moving)
    Joint.unscoped.get_or_create(
        municipality_id=ctx.municipality.id,
        book=book,
        entry=entry.pk,
        other_kind="case",
        other_id=one.case_id,
        defaults={"relation": FROM_CASE, "made_at": ctx.now},
    )
    one.state, one.entry = "carried_out", entry.pk
    one.settled_at, one.settled_by = ctx.now, ctx.actor.label[:200]
    one.save()
    return one


@action("intake.set_aside", label="台帳に反映しない", may=access.SETTLE, data=SetAside)
def set_aside(ctx: Context, one: Intake, data: SetAside) -> Intake:
    """The ledger stays as it is, for a reason."""
    one.state, one.reason = "set_aside", data.reason.strip()
    one.settled_at, one.settled_by = ctx.now, ctx.actor.label[:200]
    one.save()
    ctx.because(data.reason)
    return one
