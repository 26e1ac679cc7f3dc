"""How each action of the 決裁箱 is tried in the permission matrix. What one may do hangs on posts: here they are the own staff's."""

from __future__ import annotations

import datetime as dt
import json

from django.http import HttpResponse
from django.test import Client

from tests.engines.approval.sample import drafted, person_of, rule, titled
from tests.matrix import Specimen
from tests.world import Town
from yakuba.engines.approval import actions
from yakuba.engines.approval.models import Absence, Proposal, Step
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.town.models import Municipality, Person

DAY = dt.timedelta(days=1)


def waits_for(town: Town, kind: str) -> Proposal:
    """Drafted by a colleague; its current step is the own staff's."""
    mine = titled(town, f"見本の{kind}", holder=town.account("staff", "own"))
    ctx = town.ctx("case_worker", "own")
    if kind == "decide":
        return drafted(town, ctx, matter=rule(town, mine.title).matter)
    matter = rule(town, titled(town, "見本課長").title).matter
    return drafted(town, ctx, matter=matter, route=[(kind, mine), ("approve", titled(town, "見本係長"))])


def of_staff(town: Town, *, submit: bool) -> Proposal:
    """Drafted by the own staff; it waits for a vacant post."""
    rule(town, titled(town, "見本課長").title)
    return drafted(
        town, town.ctx("staff", "own"), route=[("approve", titled(town, "見本係長"))], submit=submit
    )


def circulated(town: Town) -> Step:
    """A circulation that waits for the own staff."""
    return Step.unscoped.get(proposal=waits_for(town, "circulate"), kind="circulate")


def taken(town: Town) -> Step:
    """A decision that somebody took while the own staff was away."""
    mine = titled(town, "見本の長", holder=town.account("staff", "own"))
    other = titled(town, "見本の次長", holder=town.account("auditor", "other"))
    matter = rule(town, mine.title, stand_ins=other.title).matter
    away(town)
    made = drafted(town, town.ctx("case_worker", "own"), matter=matter)
    actions.decide(town.ctx("auditor", "other"), made, actions.Opinion())
    return Step.unscoped.get(proposal=made, kind="decide")


def away(town: Town) -> Absence:
    """The own staff is away today."""
    today = japan_date(clock.now())
    return Absence.unscoped.create(
        municipality_id=town.ref.id,
        person=person_of(town.account("staff", "own")),
        valid_from=today,
        valid_to=today + DAY,
        noted_at=clock.now(),
    )


def myself(town: Town) -> Person:
    """The own staff's person."""
    return person_of(town.account("staff", "own"))


def act(do: str, **more: str):
    """The form of a proposal's page."""

    def send(client: Client, town: Town, subject: Proposal) -> HttpResponse:
        return client.post(
            f"/{town.ref.code}/desk/approvals/{subject.pk}/act/",
            {"do": do, "version": str(subject.version), **more},
        )

    return send


def reads(do: str):
    """The button of somebody who has read it."""

    def send(client: Client, town: Town, subject: Step) -> HttpResponse:
        here = f"/{town.ref.code}/desk/approvals/{subject.proposal_id}"
        return client.post(f"{here}/read/{subject.pk}/", {"do": do})

    return send


def redrafts(client: Client, town: Town, subject: Proposal) -> HttpResponse:
    """The drafter's form."""
    return client.post(
        f"/{town.ref.code}/desk/approvals/{subject.pk}/draft/",
        {"title": "直した件", "version": str(subject.version), "do": "save"},
    )


def changes(town: Town) -> list[actions.RuleChange]:
    """A new line of the table."""
    line = {
        "authority": "mayor",
        "title": "軽易な事項に関すること。",
        "category": "general",
        "decided_by": "課長",
        "valid_from": "2020-04-01",
    }
    return [{"id": "", "version": 0, "rule": dict(line)}]


def sends_rules(client: Client, town: Town, subject: Municipality) -> HttpResponse:
    """What the preview of a sheet sends."""
    return client.post(
        f"/{town.ref.code}/desk/approvals/rules/import/confirm/",
        {"changes": json.dumps(changes(town)), "places": "[]"},
    )


def notes(client: Client, town: Town, subject: Person) -> HttpResponse:
    """The form of an absence."""
    return client.post(
        f"/{town.ref.code}/desk/approvals/absences/",
        {"person": str(subject.pk), "valid_from": "2999-04-01", "valid_to": "2999-04-02"},
    )


def ends(client: Client, town: Town, subject: Absence) -> HttpResponse:
    """The button that takes an absence back."""
    return client.post(f"/{town.ref.code}/desk/approvals/absences/{subject.pk}/end/")


def nothing(_town: Town, _subject: object) -> NoData:
    return NoData()


SPECIMENS = {
    **{
        f"approval.{kind}": Specimen(
            lambda town, kind=kind: waits_for(town, kind),
            lambda _town, _subject: actions.Opinion("よいと思います。"),
            act(kind, comment="よいと思います。"),
        )
        for kind in ("approve", "concur", "decide")
    },
    "approval.return": Specimen(
        lambda town: waits_for(town, "approve"),
        lambda _town, _subject: actions.Comment("根拠の条を書き足してください。"),
        act("return", comment="根拠の条を書き足してください。"),
    ),
    "approval.submit": Specimen(lambda town: of_staff(town, submit=False), nothing, act("submit")),
    "approval.redraft": Specimen(
        lambda town: of_staff(town, submit=False), lambda _town, _s: actions.Redraft("直した件"), redrafts
    ),
    "approval.withdraw": Specimen(lambda town: of_staff(town, submit=True), nothing, act("withdraw")),
    "approval.skip": Specimen(lambda town: of_staff(town, submit=True), nothing, act("skip")),
    "approval.read": Specimen(circulated, nothing, reads("read")),
    "approval.read_after": Specimen(taken, nothing, reads("read_after")),
    "approval.change_rules": Specimen(
        lambda town: Municipality.unscoped.get(pk=town.ref.id),
        lambda town, _subject: actions.ChangeRules(changes(town)),
        sends_rules,
    ),
    "approval.note_absence": Specimen(
        myself,
        lambda _town, _s: actions.NoteAbsence(dt.date(2999, 4, 1), dt.date(2999, 4, 2)),
        notes,
    ),
    "approval.end_absence": Specimen(away, nothing, ends),
}
