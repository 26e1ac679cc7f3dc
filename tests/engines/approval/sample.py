"""Proposals for tests: about an office, because a town has some; posts and people with plainly invented names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.world import SINCE, Town
from yakuba.engines.approval import store
from yakuba.engines.approval.models import DecisionRule, Proposal
from yakuba.engines.approval.outcomes import OUTCOMES, Outcome, Section, Summary
from yakuba.engines.approval.store import Draft, Planned
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.actions import Context, Problem, SubjectRef
from yakuba.kernel.town.models import Assignment, Office, Person, Post

KIND = "office"
MATTER = "見本の許可"


@dataclass
class Noted(Outcome):
    """Remembers what it was told; refuses where ``refuses`` says so."""

    told: list[tuple[str, object]] = field(default_factory=list)
    refuses: bool = False

    def summary(self, ctx: Context, proposal: Proposal) -> Summary:
        return Summary(
            (Section("見本の内容", (("回", str(proposal.round)),), "1行目\n2行目"),),
            reads=((KIND, [proposal.subject]),),
        )

    def on_submitted(self, ctx: Context, proposal: Proposal) -> None:
        self.told.append(("submitted", proposal.round))

    def on_decided(self, ctx: Context, proposal: Proposal) -> None:
        if self.refuses:
            raise Problem("refused", "元の案件が閉じています。")
        self.told.append(("decided", proposal.decided_at))

    def on_returned(self, ctx: Context, proposal: Proposal, comment: str) -> None:
        self.told.append(("returned", comment))


NOTED = Noted()
if KIND not in OUTCOMES:
    OUTCOMES.register(KIND, NOTED)


def person_of(account: StaffAccount) -> Person:
    """Who signs in with it."""
    assert account.person is not None
    return account.person


def post_of(account: StaffAccount) -> Post:
    """The post that the account's person holds."""
    return Assignment.unscoped.get(person=account.person, kind="main").post


def titled(town: Town, title: str, office: str = "own", holder: StaffAccount | None = None) -> Post:
    """A post with a title (numbered where the office has one already), held by somebody or vacant."""
    there = Post.unscoped.filter(office=town.offices[office], title__startswith=title).count()
    title += str(there + 1) if there else ""
    post = Post.unscoped.create(municipality_id=town.ref.id, office=town.offices[office], title=title)
    if holder is not None:
        assign(town, person_of(holder), post)
    return post


def assign(
    town: Town, person: Person, post: Post, kind: str = "concurrent", since: dt.date = SINCE
) -> Assignment:
    """Somebody comes to hold a post as well."""
    return Assignment.unscoped.create(
        municipality_id=town.ref.id, person=person, post=post, kind=kind, valid_from=since
    )


def rule(town: Town, decided_by: str, **more: object) -> DecisionRule:
    """A line of the table: an ordinary matter unless it says otherwise."""
    there = DecisionRule.unscoped.filter(municipality_id=town.ref.id, matter__startswith=MATTER).count()
    given: dict[str, object] = {
        "authority": "mayor",
        "matter": MATTER + (str(there + 1) if there and "up_to_yen" not in more else ""),
        "title": "見本の許可に関すること。",
        "category": "general",
        "valid_from": SINCE,
        **more,
    }
    return DecisionRule.unscoped.create(municipality_id=town.ref.id, decided_by=decided_by, **given)


def fresh_office(town: Town) -> Office:
    """Something to decide about."""
    return Office.unscoped.create(municipality_id=town.ref.id, authority="mayor")


def drafted(
    town: Town,
    ctx: Context,
    *,
    route: Sequence[tuple[str, Post]] = (),
    decider: Post | None = None,
    submit: bool = True,
    amount: int | None = None,
    exception: str = "",
    about: Office | None = None,
    matter: str = MATTER,
) -> Proposal:
    """A proposal drafted by the actor of the context; committed, as by a service's action."""
    from django.db import transaction

    subject = about or fresh_office(town)
    with transaction.atomic():
        return store.start(
            ctx.begin(),
            Draft(
                SubjectRef(KIND, subject.pk),
                matter,
                "見本の件",
                town.offices["own"].pk,
                body="次のとおりとしてよいか伺います。",
                amount=amount,
                route=[Planned(kind, post.pk) for kind, post in route],
                decider=decider.pk if decider else None,
                exception=exception,
                submit=submit,
            ),
        )
