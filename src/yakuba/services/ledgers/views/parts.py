"""What stands beside an entry on its page: files, what it has to do with, what falls due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.ledger import queries
from yakuba.engines.ledger.actions.deadlines import BY_ITSELF
from yakuba.engines.ledger.actions.joints import relation_of
from yakuba.engines.ledger.models import ATTACHMENT_KINDS, Deadline, Joint
from yakuba.engines.ledger.records import Entry
from yakuba.engines.protection.queries import held
from yakuba.kernel.actions import SUBJECTS, Context, SubjectKind, SubjectRef
from yakuba.kernel.actions.scoping import view_permission
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.ui.components import badge, field
from yakuba.kernel.ui.drawing import Text
from yakuba.services.ledgers.queries import joints_to
from yakuba.services.ledgers.views.frame import Opened


@dataclass(frozen=True, slots=True)
class FileLine:
    """A photo or a paper, as the page tells it."""

    id: UUID
    key: str
    name: str
    href: str
    kind: str
    caption: str
    facts: str
    by: str


def files(ctx: Context, one: Opened, entry: Entry) -> list[FileLine]:
    """The files of an entry and of those that went into it, the newest first."""
    kinds = dict(ATTACHMENT_KINDS)
    return [
        FileLine(
            row.pk,
            str(row.pk),
            row.file.name,
            one.href(ctx, "ledgers-file", entry.pk, row.pk),
            kinds.get(row.kind, row.kind),
            row.caption,
            "・".join(
                part
                for part in (
                    format_date(row.taken_on) if row.taken_on else "",
                    f"{row.latitude.normalize():f}, {row.longitude.normalize():f}"
                    if row.latitude is not None and row.longitude is not None
                    else "",
                    _("方位 %(n)s°") % {"n": f"{row.direction.normalize():f}"}
                    if row.direction is not None
                    else "",
                    _("紙の番号 %(n)s") % {"n": row.paper_number} if row.paper_number else "",
                )
                if part
            ),
            row.by,
        )
        for row in queries.attachments(ctx, entry)
    ]


@dataclass(frozen=True, slots=True)
class JointLine:
    """Something that an entry has to do with. ``id``: the link may be taken away here; empty where the other side said it."""

    id: str
    kind: str
    title: str
    href: str
    relation: str


def joints(ctx: Context, one: Opened, entry: Entry) -> list[JointLine]:
    """What was linked with an entry, from here and from the other ledgers; nothing of what the actor may not see, or what is held."""
    own = [(SubjectRef(row.other_kind, row.other_id), row, str(row.pk)) for row in queries.joints(ctx, entry)]
    others = [
        (SubjectRef(row.book.ledger, row.entry), row, "") for row in joints_to(ctx, one.ledger.key, entry.pk)
    ]
    refs = [ref for ref, _row, _id in [*own, *others]]
    stopped, seen = held(ctx, refs), _seen(ctx, refs)
    return [
        _joint(ctx, SUBJECTS[ref.kind], seen[ref], row, joint_id, stopped=ref in stopped)
        for ref, row, joint_id in [*own, *others]
        if ref in seen
    ]


def _seen(ctx: Context, refs: Iterable[SubjectRef]) -> dict[SubjectRef, Model]:
    """Those of the things that the actor may see; one query for each kind."""
    kinds: dict[str, list[UUID]] = defaultdict(list)
    for ref in refs:
        kinds[ref.kind].append(ref.id)
    found: dict[SubjectRef, Model] = {}
    for key, ids in kinds.items():
        kind = SUBJECTS.get(key)
        view = view_permission(kind.model) if kind else None
        if kind is None or view is None:
            continue
        rows = kind.model._base_manager.filter(view.q(ctx), pk__in=ids)
        found.update({SubjectRef(key, row.pk): row for row in rows})
    return found


def _joint(
    ctx: Context, kind: SubjectKind, found: Model, row: Joint, joint_id: str, *, stopped: bool
) -> JointLine:
    if stopped:
        return JointLine(
            joint_id, kind.label, _("支援措置の確認が済むまで表示しません"), "", relation_of(row)
        )
    return JointLine(joint_id, kind.label, kind.title(found), kind.url(ctx, found), relation_of(row))


@dataclass(frozen=True, slots=True)
class DueLine:
    """A deadline: its name, its day, how it stands. ``id``: somebody can settle it."""

    id: str
    label: Text
    day: str
    standing: Text


def dues(ctx: Context, one: Opened, entry: Entry) -> list[DueLine]:
    """What falls due of an entry in force, whether somebody was reminded yet or not, and what was settled."""
    if entry.state in one.ledger.chain.ended:
        return []
    today = japan_date(ctx.now)
    labels = {due.key: due.label for due in one.ledger.dues}
    rows = list(deadlines_of(ctx, one, entry))
    there = {(row.rule, row.due_on) for row in rows}
    found = [
        DueLine(
            "" if row.settled_on else str(row.pk),
            labels.get(row.rule, row.rule),
            format_date(row.due_on),
            _("済み：%(outcome)s") % {"outcome": row.outcome}
            if row.settled_on
            else left((row.due_on - today).days),
        )
        for row in rows
        if row.outcome != BY_ITSELF
    ]
    for due in one.ledger.dues:
        day = due.on(entry)
        if day is not None and (due.key, day) not in there:
            found.append(DueLine("", due.label, format_date(day), left((day - today).days)))
    return found


def deadlines_of(ctx: Context, one: Opened, entry: Entry) -> Iterable[Deadline]:
    """The deadlines of an entry that were written down, the open ones first."""
    return (
        Deadline.objects.for_actor(ctx)
        .filter(book=one.book, entry=entry.pk)
        .order_by("-settled_on", "due_on", "pk")[:20]
    )


def left(days: int) -> Text:
    """How many days are left, in words; what presses in a frame."""
    if days < 0:
        return badge(_("%(n)d日過ぎています") % {"n": -days}, tone="bad", mark="triangle")
    if days == 0:
        return badge(_("今日まで"), tone="warn", mark="clock")
    return _("あと%(n)d日") % {"n": days}


def join_fields(
    one: Opened, ledgers: list[tuple[str, Text]], typed: dict[str, str], said: dict[str, str]
) -> list[SafeString]:
    """The form that links an entry with one of a ledger."""
    return [
        field(
            "join-ledger",
            _("相手の台帳"),
            name="ledger",
            widget="select",
            value=typed.get("ledger", one.ledger.key),
            choices=ledgers,
            error=said.get("ledger", ""),
        ),
        field(
            "join-number",
            _("相手の番号"),
            name="number",
            value=typed.get("number", ""),
            error=said.get("number", ""),
        ),
        field(
            "join-relation",
            _("関係"),
            name="relation",
            value=typed.get("relation", ""),
            hint=_("例：同じ敷地、隣の区画"),
            error=said.get("relation", ""),
        ),
    ]


def day_or_none(day: dt.date | None) -> str:
    """A day as it stands in a form."""
    return format_date(day) if day else ""
