"""A kind of round for tests: three things of each office, of which the third is never ready. It keeps nothing of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID, uuid5

from tests.world import Town
from yakuba.engines.casework.models import OfficeMailbox
from yakuba.engines.rounds import actions
from yakuba.engines.rounds.askings import ASKINGS, Asking, Wanted
from yakuba.engines.rounds.models import Item, ItemMove, OfficePart, Round
from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.town.models import Office, OfficeName

KIND = "sample"
DAY = dt.timedelta(days=1)
EACH = 3


class Sample(Asking):
    """Three things of every office; ``moved`` and ``closed`` are what it heard."""

    label = "見本の照会"
    phases = ("provisional", "final", "none")

    def __init__(self) -> None:
        self.moved: list[tuple[UUID, str]] = []
        self.closed: list[UUID] = []
        self.refuse = ""

    def items(self, ctx: Context, round_: Round) -> Iterable[Wanted]:
        names = OfficeName.unscoped.filter(municipality=ctx.municipality.id).order_by("-code")
        for name in names:
            for n in range(1, EACH + 1):
                label = "不足の項目" if n == EACH else f"項目{n}"
                yield Wanted("thing", uuid5(round_.pk, f"{name.code}-{n}"), name.office_id, f"{n}", label)
        yield Wanted("thing", uuid5(round_.pk, "nobody"), None, "10", "所管の分からない項目")

    def href(self, ctx: Context, item: Item) -> str:
        return f"/things/{item.subject}/"

    def missing(self, ctx: Context, items: Sequence[Item]) -> Mapping[UUID, Sequence[str]]:
        return {one.pk: ["実績が未入力です"] for one in items if one.label == "不足の項目"}

    def on_moved(self, ctx: Context, item: Item, move: ItemMove) -> None:
        if move.step == self.refuse:
            raise Problem("refused", "この項目は動かせません。")
        self.moved.append((item.pk, move.step))

    def on_closed(self, ctx: Context, round_: Round) -> None:
        self.closed.append(round_.pk)


SAMPLE = ASKINGS.register(KIND, Sample())


def today() -> dt.date:
    return japan_date(clock.now())


def planned(
    town: Town, *, due: dt.date | None = None, head_due: dt.date | None = None, **more: object
) -> Round:
    """A round that nobody is asked in yet; its offices have ten days. Each of a town has a year of its own unless one is given."""
    before = Round.unscoped.filter(municipality=town.ref.id).count()
    data = actions.PlanRound(
        **{
            "kind": KIND,
            "year": FiscalYear.of(today()) - 1 - before,
            "phase": "provisional",
            "title": "見本の照会（見込）",
            "letter": "各所属長　様\n\n回答してください。",
            "office": str(town.offices["own"].pk),
            "office_due": due or today() + 10 * DAY,
            "head_due": head_due,
            "remind_before": "7、1",
            "remind_after": "1、4",
            **more,
        }
    )
    return actions.plan(town.ctx("plan_secretariat"), None, data)


def opened(town: Town, **more: object) -> Round:
    """A round in which the offices are asked."""
    round_ = planned(town, **more)
    actions.open_round(town.ctx("plan_secretariat"), round_, NoData())
    round_.refresh_from_db(from_queryset=Round.unscoped.all())
    return round_


def part_of(round_: Round, office: Office) -> OfficePart:
    """An office's part."""
    return OfficePart.unscoped.get(round=round_, office=office)


def items_of(part: OfficePart, *, ready: bool = True) -> list[Item]:
    """The items of a part, in their order; only those that lack nothing unless asked otherwise."""
    found = Item.unscoped.filter(part=part).order_by("number_sort")
    return [one for one in found if not ready or one.label.startswith("項目")]


def chosen(items: Iterable[Item]) -> actions.Chosen:
    """The data of an action on them."""
    return actions.Chosen([str(one.pk) for one in items])


def because(items: Iterable[Item], reason: str = "数が合いません。") -> actions.ChosenBecause:
    """The same with a reason."""
    return actions.ChosenBecause([str(one.pk) for one in items], reason)


def entered(town: Town, round_: Round | None = None) -> OfficePart:
    """The own office's part, its ready items entered by its editor."""
    part = part_of(round_ or opened(town), town.offices["own"])
    actions.enter(town.ctx("plan_editor"), part, chosen(items_of(part)))
    return part


def confirmed(town: Town, round_: Round | None = None) -> OfficePart:
    """The same, confirmed by its head."""
    part = entered(town, round_)
    actions.confirm(town.ctx("office_head"), part, chosen(items_of(part)))
    return part


def mailbox(town: Town, office: str, mail: str) -> None:
    """An office's mailbox."""
    OfficeMailbox.unscoped.create(municipality_id=town.ref.id, office=town.offices[office], mail=mail)
