"""What was sent as reminders, whom an office's reminder reaches, and who is to be reminded this morning."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from yakuba.engines.casework.queries.page import mailboxes
from yakuba.engines.rounds import rules, states
from yakuba.engines.rounds.models import Item, OfficePart, Reminder, Round
from yakuba.engines.rounds.queries import reach, rounds
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import offices_on


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address that may be told: whose it is, and the name of the office that is meant."""

    kind: str
    mail: str
    office: str


def recipients(ctx: Context, part: OfficePart) -> Iterator[Recipient]:
    """Whom a reminder of this part reaches, the nearest first: the office's own mailbox, its department's, the secretariat's.

    An office that ended is told by those that carry its work on. The department's mailbox is that of the office that bears the
    department's name (総務部), where the town has one.
    """
    mails = mailboxes(ctx)
    known = {one.id: one for one in offices_on(ctx.municipality.id, japan_date(ctx.now))}
    answering = sorted(
        reach.answering(ctx, part.office_id), key=lambda one: known[one].code if one in known else ""
    )
    meant = "、".join(known[one].name for one in answering if one in known)
    by_name = {one.name: one.id for one in known.values()}
    departments = [by_name.get(known[one].department) for one in answering if one in known]
    for kind, offices in (
        ("office", answering),
        ("department", [one for one in departments if one is not None]),
        ("secretariat", sorted(reach.answering(ctx, part.round.office_id), key=str)),
    ):
        for office in offices:
            if mails.get(office):
                yield Recipient(kind, mails[office], meant)


def noted(part: OfficePart, until: dt.date) -> frozenset[str]:
    """The occasions before and after a day that are noted already, sent or skipped."""
    return frozenset(Reminder.unscoped.filter(part=part, until=until).values_list("occasion", flat=True))


def due_parts(ctx: Context) -> list[OfficePart]:
    """The parts of open rounds for which this morning brings something; the action looks again, holding the part. Six queries."""
    owing = Item.unscoped.filter(
        municipality=ctx.municipality.id, round__state="open", state__in=states.OUTSTANDING
    )
    parts = OfficePart.unscoped.filter(pk__in=owing.order_by().values("part")).select_related("round")
    found = rounds.owing(ctx, list(parts.order_by("pk")))
    done: dict[tuple[UUID, dt.date], set[str]] = defaultdict(set)
    rows = Reminder.unscoped.filter(part__in=[one.part.pk for one in found])
    for part, of, occasion in rows.values_list("part_id", "until", "occasion"):
        done[part, of].add(occasion)
    today = japan_date(ctx.now)
    return [
        one.part
        for one in found
        if (until := one.waiting.until) is not None
        and rules.due_now(
            one.part.round.reminding, until, one.part.due_since, today, done[one.part.pk, until]
        )
    ]


def of_round(ctx: Context, round_: Round) -> QuerySet[Reminder]:
    """The reminders of a round with their parts and deliveries, newest first."""
    found = Reminder.objects.for_actor(ctx).filter(part__round=round_)
    return found.select_related("part", "delivery").order_by("-at", "-pk")


def of_part(ctx: Context, part_id: UUID) -> QuerySet[Reminder]:
    """Those of one office's part, newest first."""
    found = Reminder.objects.for_actor(ctx).filter(part=part_id)
    return found.select_related("part", "delivery").order_by("-at", "-pk")


def address_of(ctx: Context, part: OfficePart) -> str:
    """The page of a part, as a mail names it."""
    return reverse("rounds-part", args=[ctx.municipality.code, part.round_id, part.pk])
