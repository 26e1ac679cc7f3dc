"""What the bench stands on: sixty offices with their heads, and two rounds that are half answered, made by the actions of the house."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid5

from django.db import connection

from yakuba.engines.casework.actions import SetMailbox, set_mailbox
from yakuba.engines.rounds import actions
from yakuba.engines.rounds.askings import ASKINGS, Asking, Wanted
from yakuba.engines.rounds.models import Item, ItemMove, OfficePart, Round
from yakuba.engines.rounds.queries import rounds
from yakuba.engines.rounds.queries.reminders import due_parts
from yakuba.kernel.access import prepare
from yakuba.kernel.access.actions import CreateAccount, GrantRole, create_account, grant_role
from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.pages import system_context
from yakuba.kernel.actions import Context, Face, NoData, Problem
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.town.actions import (
    Assign,
    EnterPerson,
    OpenOffice,
    OpenPost,
    assign,
    enter_person,
    open_office,
    open_post,
)
from yakuba.kernel.town.models import Office
from yakuba.kernel.town.queries import all_municipalities

CODE: Final = "990019"
KIND: Final = "bench"
#: Who enters, confirms and accepts: nobody does two of these.
_STAFF: Final = ("entering", "confirming", "accepting")
_SINCE: Final = dt.date(2020, 4, 1)
#: The round was opened so long ago, and its day was so long ago.
_OPENED, _DUE = dt.timedelta(days=20), dt.timedelta(days=3)


class Made(Asking):
    """Things that are nothing but a number and a name, spread over the first offices as their numbers say."""

    label = "ベンチ"
    phases = ("provisional", "final")

    def __init__(self, offices: Sequence[Office], counts: Mapping[str, int]) -> None:
        self.offices = offices
        self.counts = counts

    def items(self, ctx: Context, round_: Round) -> Iterable[Wanted]:
        """So many as the phase has, one office after the other."""
        few = self.counts[round_.phase]
        offices = self.offices[: max(few * len(self.offices) // max(self.counts.values()), 1)]
        for number, office in zip(range(1, few + 1), itertools.cycle(offices), strict=False):
            yield Wanted(
                "made", uuid5(round_.pk, str(number)), office.pk, str(number), f"作りものの取組{number}"
            )

    def href(self, ctx: Context, item: Item) -> str:
        """There is nothing to answer."""
        return ""

    def missing(self, ctx: Context, items: Sequence[Item]) -> Mapping[UUID, Sequence[str]]:
        """Nothing."""
        return {}

    def on_moved(self, ctx: Context, item: Item, move: ItemMove) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is to ask, and who asks."""

    large: Round
    small: Round
    account: StaffAccount
    offices: int
    items: int


def demand_empty() -> None:
    """Raises :class:`Problem` for a database that holds anything: nothing is ever tried out beside real data."""
    held = all_municipalities()
    if held:
        raise Problem(
            "not_empty",
            f"このデータベースには {held[0].name} のデータがあります。空のデータベースを指定してください。",
            found=held[0].code,
        )


@contextmanager
def laid(offices: int, items: int, progress: Callable[[str], None]) -> Iterator[Ground]:
    """Everything that is asked for; the kind of round is gone afterwards."""
    progress("所属と職員")
    ctx = prepare.municipality(CODE)
    made = [_office(ctx, number) for number in range(1, offices + 1)]
    accounts = {name: _account(ctx, name) for name in _STAFF}
    counts = {"provisional": items, "final": max(items // 10, 10)}
    with ASKINGS.temporarily(KIND, Made(made, counts)):
        progress("照会")
        large = _answered(ctx, accounts, made[0], "provisional")
        small = _answered(ctx, accounts, made[0], "final")
        progress("督促")
        system = system_context("rounds.reminders", ctx.municipality)
        for part in due_parts(system):
            actions.remind(system, part, NoData())
        if connection.vendor == "postgresql":  # what it does by itself within a minute
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        yield Ground(large, small, accounts["accepting"], offices, items)


def _office(ctx: Context, number: int) -> Office:
    code, staff = f"{number:03d}", f"{number:05d}"
    office = open_office(ctx, None, OpenOffice("mayor", f"見本{number}課", code, _SINCE, department="見本部"))
    open_post(ctx, office, OpenPost("課長"))
    person = enter_person(ctx, None, EnterPerson(staff, f"手本{number}"))
    assign(ctx, person, Assign(code, "課長", "main", _SINCE))
    grant_role(ctx, None, GrantRole("office_head", code, _SINCE, title="課長"))
    set_mailbox(ctx, office, SetMailbox(f"office{number}@mihon.example.jp"))
    return office


def _account(ctx: Context, name: str) -> StaffAccount:
    """Somebody of the secretariat, which is the first office."""
    office = Office.objects.for_actor(ctx).filter(names__code="001").get()
    number = f"9{_STAFF.index(name):04d}"
    open_post(ctx, office, OpenPost(name))
    person = enter_person(ctx, None, EnterPerson(number, f"例示{name}"))
    assign(ctx, person, Assign("001", name, "main", _SINCE))
    grant_role(ctx, None, GrantRole("plan_secretariat", "001", _SINCE, title=name))
    return create_account(ctx, None, CreateAccount(name, number))


def _desk(ctx: Context, account: StaffAccount) -> Context:
    now = clock.now()
    actor, post = staff_actor(account, now)
    return replace(ctx, actor=actor, acting_post=post, now=now, face=Face.DESK, on_behalf_of="")


def _answered(ctx: Context, accounts: Mapping[str, StaffAccount], office: Office, phase: str) -> Round:
    """A round that was opened weeks ago: of each office a part of its items is entered, confirmed, accepted."""
    now = clock.now()
    with clock.frozen(now - _OPENED):
        before = _desk(ctx, accounts["accepting"])
        round_ = actions.plan(
            before,
            None,
            actions.PlanRound(
                kind=KIND,
                year=FiscalYear.of(now) - 1,
                phase=phase,
                title=f"作りものの照会（{phase}）",
                letter="回答してください。",
                office=str(office.pk),
                office_due=japan_date(now - _DUE),
                remind_before="7、1",
                remind_after="1、4",
            ),
        )
        actions.open_round(before, round_, NoData())
    entering, confirming = _desk(ctx, accounts["entering"]), _desk(ctx, accounts["confirming"])
    accepted: list[str] = []
    for number, part in enumerate(OfficePart.objects.for_actor(before).filter(round=round_).order_by("pk")):
        part.round = round_
        ids = [str(one.pk) for one in rounds.items_of_part(entering, part)]
        done = ids[: len(ids) * ((number + 2) % 4) // 3]  # none, a third, two thirds, all of it
        if not done:
            continue
        actions.enter(entering, part, actions.Chosen(done))
        actions.confirm(confirming, part, actions.Chosen(done[: len(done) // 2 or 1]))
        accepted += done[: len(done) // 4]
    if accepted:
        actions.accept(_desk(ctx, accounts["accepting"]), round_, actions.Chosen(accepted))
    return rounds.round_of(before, round_.pk)
