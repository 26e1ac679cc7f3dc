"""A body for tests: a chair, a vice chair and members by post, an adviser from outside; a matter that remembers what it was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tests.engines.approval.sample import titled
from tests.world import Town, make_town
from yakuba.engines.bodies import actions
from yakuba.engines.bodies.matters import MATTERS, Matter, Proposed, Section
from yakuba.engines.bodies.models import AgendaItem, Body, Meeting, Minutes, Seat
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.actions import Context, NoData, Problem, SubjectRef
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ids import uuid7
from yakuba.kernel.town.models import Post

KIND = "test_matter"
SUBJECT = uuid7()
HOUR = dt.timedelta(hours=1)


@dataclass
class Remembers(Matter):
    """Something that waits for every body, until it is told what was decided."""

    label: str = "見本の案件"
    told: list[tuple[str, Mapping[str, JsonValue]]] = field(default_factory=list)
    refuses: str = ""

    def open_matters(self, ctx: Context, body: Body) -> Sequence[Proposed]:
        return [Proposed(KIND, SUBJECT, "見本の案件を決める", "説明です。")]

    def summary(self, ctx: Context, ref: SubjectRef) -> Sequence[Section]:
        return [Section("見本の内容", [("件数", "3件")], f"今は{len(self.told)}回")]

    def choices(self, ctx: Context, ref: SubjectRef) -> Sequence[tuple[str, str]]:
        return [("adopt", "案のとおり"), ("refuse", "認めない")]

    def check(
        self, ctx: Context, ref: SubjectRef, choice: str, details: Mapping[str, JsonValue]
    ) -> Problem | None:
        return Problem("refused", self.refuses) if self.refuses else None

    def on_decided(
        self, ctx: Context, item: AgendaItem, choice: str, details: Mapping[str, JsonValue]
    ) -> None:
        self.told.append((choice, dict(details)))

    def decided_words(self, choice: str, details: Mapping[str, JsonValue]) -> str:
        return f"例外{len(details)}件"


MATTER = Remembers()
if KIND not in MATTERS:
    MATTERS.register(KIND, MATTER)


def made_body(town: Town, **more: object) -> Body:
    """A body with the plan's secretariat as its office."""
    ctx = town.ctx("plan_secretariat")
    facts = {
        "name": f"見本本部{uuid7().hex[-6:]}",
        "kind": "headquarters",
        "office": str(town.offices["own"].pk),
        "valid_from": dt.date(2020, 4, 1),
        **more,
    }
    return actions.establish(ctx, None, actions.BodyFacts(**facts))


def seated(
    town: Town, body: Body, role: str, title: str, holder: StaffAccount | None = None, order: int = 1
) -> Seat:
    """A seat of a post, held by somebody or vacant."""
    post = titled(town, title, holder=holder)
    return of_post(town, body, role, post, order)


def of_post(town: Town, body: Body, role: str, post: Post, order: int = 1) -> Seat:
    """A seat of a post."""
    data = actions.SeatFacts(role, dt.date(2020, 4, 1), order, post=str(post.pk))
    return actions.add_seat(town.ctx("plan_secretariat"), body, data)


def outside(town: Town, body: Body, role: str, name: str = "様式ゲスト") -> Seat:
    """A seat of somebody from outside."""
    data = actions.SeatFacts(role, dt.date(2020, 4, 1), outsider=name, affiliation="見本大学 教授")
    return actions.add_seat(town.ctx("plan_secretariat"), body, data)


def planned(
    town: Town, body: Body, *, way: str = "in_person", starts: dt.datetime | None = None, **more: object
) -> Meeting:
    """A meeting that began an hour ago, with one item of its own to decide."""
    ctx = town.ctx("plan_secretariat")
    at = starts or clock.now() - HOUR
    facts: dict[str, object] = {"place": "見本庁舎 3階", **more}
    if way == "circular":
        facts = {"due": japan_date(at) + dt.timedelta(days=7), **more}
    meeting = actions.plan(ctx, body, actions.Gathering(way, at, **facts))
    actions.add_item(ctx, meeting, actions.AddItem("見本の議題", "decide", "説明の文"))
    return Meeting.unscoped.get(pk=meeting.pk)


def called(town: Town, body: Body, **more: object) -> Meeting:
    """The same, convened."""
    meeting = planned(town, body, **more)
    return actions.call(town.ctx("plan_secretariat"), meeting, NoData())


def attended(seats: Mapping[UUID, str] | Sequence[Seat], presence: str = "present") -> actions.Attended:
    """Who was there: all of these seats, or each as it says."""
    lines = seats.items() if isinstance(seats, Mapping) else [(seat.pk, presence) for seat in seats]
    return actions.Attended(
        [
            {"seat": str(pk), "presence": how, **({"proxy": "課長補佐 例示"} if how == "proxy" else {})}
            for pk, how in lines
        ]
    )


def held(town: Town, body: Body, **more: object) -> Meeting:
    """The same, held with everybody there."""
    meeting = called(town, body, **more)
    seats = list(Seat.unscoped.filter(body=body))
    return actions.hold(town.ctx("plan_secretariat"), meeting, attended(seats))


def item_of(meeting: Meeting) -> AgendaItem:
    """Its first item."""
    return AgendaItem.unscoped.filter(meeting=meeting).order_by("position")[0]


def decided(town: Town, body: Body, **more: object) -> Meeting:
    """The same, with its item decided."""
    meeting = held(town, body, **more)
    actions.record_decisions(town.ctx("plan_secretariat"), item_of(meeting), actions.Decision("adopted"))
    return Meeting.unscoped.get(pk=meeting.pk)


def written(town: Town, body: Body, **more: object) -> Minutes:
    """The same, with minutes that wait for their confirmation."""
    meeting = decided(town, body, **more)
    ctx = town.ctx("plan_secretariat")
    talks = ({"item": str(item_of(meeting).pk), "talk": "意見が出ました。"},)
    minutes = actions.write_minutes(ctx, meeting, actions.Written("full", "あいさつ", "おわり", talks))
    return actions.propose_minutes(ctx, minutes, NoData())


def minuted(town: Town, body: Body, **more: object) -> Meeting:
    """The same, confirmed by the own staff, which holds the chair."""
    minutes = written(town, body, **more)
    actions.confirm_minutes(town.ctx("staff"), minutes, NoData())
    return Meeting.unscoped.get(pk=minutes.meeting_id)


def chaired(town: Town, **more: object) -> Body:
    """A body whose chair is the own staff, with a member beside."""
    body = made_body(town, **more)
    seated(town, body, "chair", "見本本部長", town.account("staff", "own"))
    seated(town, body, "member", "見本委員", town.account("auditor", "other"))
    return body


def staffed() -> Town:
    """A town with everybody whom these tests need, made before the first of them."""
    town = make_town("990019", "みほん市")
    for role in ("plan_secretariat", "plan_editor", "staff", "office_head", "auditor"):
        for office in ("own", "other"):
            town.account(role, office)
    return town
