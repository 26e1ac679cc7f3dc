"""From a draft to its decision, on the database: who finds it, what is kept, what comes back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest
from django.db import transaction

from tests.engines.approval.sample import (
    KIND,
    NOTED,
    assign,
    drafted,
    fresh_office,
    person_of,
    post_of,
    rule,
    titled,
)
from tests.engines.approval.specimens import taken
from tests.world import Town
from yakuba.engines.approval import access, actions, rules, store
from yakuba.engines.approval.models import Absence, Proposal, Step
from yakuba.engines.approval.queries import box, holding, standing
from yakuba.engines.approval.queries import proposals as queries
from yakuba.kernel.actions import Context, Denied, NoData, Problem, Stale, SubjectRef
from yakuba.kernel.actions.action import snapshot
from yakuba.kernel.dates import clock, japan_date
from yakuba.kernel.town.models import Assignment, Post
from yakuba.kernel.town.open_work import open_work
from yakuba.kernel.trail.models import TrailEntry
from yakuba.kernel.trail.verify import verify

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_told() -> None:
    NOTED.told.clear()
    NOTED.refuses = False


def fresh(proposal: Proposal) -> Proposal:
    """As it stands now."""
    return Proposal.unscoped.get(pk=proposal.pk)


def states(proposal: Proposal) -> list[tuple[str, str]]:
    """The present round: what is asked, and its state."""
    return [(one.kind, one.state) for one in store.steps_of(fresh(proposal))]


def away(town: Town, *accounts: object, days: int = 1) -> None:
    """Somebody is away from today on."""
    today = japan_date(clock.now())
    for account in accounts:
        Absence.unscoped.create(
            municipality_id=town.ref.id,
            person=person_of(account),  # type: ignore[arg-type]  # accounts of the town
            valid_from=today,
            valid_to=today + days * DAY,
            noted_at=clock.now(),
        )


@dataclasses.dataclass
class Desk:
    """A drafter, somebody who approves, an office that concurs, a head who decides, and his stand-ins."""

    town: Town
    head: Post
    chief: Post
    finance: Post
    deputy: Post
    second: Post

    def ctx(self, who: str) -> Context:
        return self.town.ctx(*WHO[who])


WHO = {
    "drafter": ("case_worker", "own"),
    "chief": ("staff", "own"),
    "finance": ("staff", "other"),
    "head": ("office_head", "own"),
    "deputy": ("plan_editor", "own"),
    "second": ("plan_secretariat", "own"),
    "nobody": ("records_keeper", "other"),
}


@pytest.fixture
def desk(mihon: Town) -> Desk:
    def post(title: str, who: str, office: str = "own") -> Post:
        return titled(mihon, title, office, mihon.account(*WHO[who]))

    made = Desk(
        mihon,
        post("課長", "head"),
        post("係長", "chief"),
        post("財政係長", "finance", "other"),
        post("課長補佐", "deputy"),
        post("主幹", "second"),
    )
    rule(mihon, "課長", stand_ins="課長補佐、主幹", ground="見本市事務決裁規程別表")
    return made


def test_a_route_to_its_end(desk: Desk) -> None:
    made = drafted(
        desk.town,
        desk.ctx("drafter"),
        route=[
            ("approve", desk.chief),
            ("circulate", desk.deputy),
            ("concur", desk.finance),
            ("circulate", desk.second),
        ],
    )
    assert made.state == "circulating"
    assert states(made) == [
        ("approve", "current"),
        ("circulate", "waiting"),
        ("concur", "waiting"),
        ("decide", "waiting"),
        ("circulate", "waiting"),
    ]
    assert [one.pk for one in box.in_box(desk.ctx("chief"), "turn")] == [made.pk]
    assert not box.in_box(desk.ctx("head"), "turn").exists()
    with pytest.raises(Denied):
        actions.decide(desk.ctx("head"), made, actions.Opinion())
    actions.approve(desk.ctx("chief"), made, actions.Opinion("確認しました。"))
    assert states(made)[1:3] == [("circulate", "current"), ("concur", "current")]
    actions.concur(desk.ctx("finance"), fresh(made), actions.Opinion())
    assert box.waiting(desk.ctx("head")) == 1
    actions.decide(desk.ctx("head"), fresh(made), actions.Opinion("よい。"))
    done = fresh(made)
    assert (done.state, done.decided_at is not None) == ("decided", True)
    assert done.shown["sections"] == [
        {"heading": "見本の内容", "facts": [["回", "1"]], "text": "1行目\n2行目"}
    ]
    assert [what for what, _more in NOTED.told] == ["submitted", "decided"]
    assert states(made) == [
        ("approve", "done"),
        ("circulate", "current"),
        ("concur", "done"),
        ("decide", "done"),
        ("circulate", "current"),
    ]
    for who in ("deputy", "second"):
        step = Step.objects.for_actor(desk.ctx(who)).get(holding.mine_to_act(desk.ctx(who), "circulate"))
        actions.read(desk.ctx(who), step, NoData())
    assert {state for _kind, state in states(made)} == {"done"}
    assert [one.pk for one in box.in_box(desk.ctx("head"), "decided")] == [made.pk]
    keys = set(TrailEntry.unscoped.filter(subject_id=made.pk).values_list("action", flat=True))
    assert keys == {"approval.approve", "approval.concur", "approval.decide"}


def test_a_decided_proposal_never_changes(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"), route=[("circulate", desk.chief)])
    actions.decide(desk.ctx("head"), made, actions.Opinion())
    before = snapshot(fresh(made)), fresh(made).version
    drafter, head = desk.ctx("drafter"), desk.ctx("head")
    tries = [
        lambda: actions.withdraw(drafter, fresh(made), NoData()),
        lambda: actions.submit(drafter, fresh(made), NoData()),
        lambda: actions.redraft(drafter, fresh(made), actions.Redraft("別の件")),
        lambda: actions.skip(drafter, fresh(made), NoData()),
        lambda: actions.decide(head, fresh(made), actions.Opinion()),
        lambda: actions.return_to_drafter(head, fresh(made), actions.Comment("やはり直す。")),
    ]
    for attempt in tries:
        with pytest.raises(Problem):
            attempt()
    step = Step.unscoped.get(proposal=made, kind="circulate")
    actions.read(desk.ctx("chief"), step, NoData())
    assert (snapshot(fresh(made)), fresh(made).version) == before
    with transaction.atomic():
        assert store.cancel(drafter.begin(), SubjectRef(KIND, made.subject)) is None


def test_the_drafter_never_decides_though_he_comes_to_hold_the_post(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"), route=[("approve", desk.chief), ("concur", desk.finance)])
    me = person_of(desk.town.account(*WHO["drafter"]))
    for post in (desk.chief, desk.finance, desk.head, desk.deputy):
        assign(desk.town, me, post)
    away(desk.town, desk.town.account(*WHO["head"]))
    for action, who in (
        (actions.approve, "chief"),
        (actions.concur, "finance"),
        (actions.decide, "head"),
    ):
        with pytest.raises(Denied):
            action(desk.ctx("drafter"), fresh(made), actions.Opinion())
        with pytest.raises(Denied):
            actions.return_to_drafter(desk.ctx("drafter"), fresh(made), actions.Comment("戻す。"))
        assert not box.in_box(desk.ctx("drafter"), "turn").exists()
        action(desk.ctx(who), fresh(made), actions.Opinion())
    assert fresh(made).state == "decided"


def test_given_back_changed_and_sent_again(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"), route=[("approve", desk.chief)])
    with pytest.raises(Problem, match="差し戻す理由"):
        actions.return_to_drafter(
            desk.ctx("chief"), made, actions.return_to_drafter.read_text({"comment": " "})
        )
    actions.return_to_drafter(desk.ctx("chief"), made, actions.Comment("根拠が足りません。"))
    back = fresh(made)
    assert (back.state, back.round) == ("returned", 2)
    assert NOTED.told[-1] == ("returned", "根拠が足りません。")
    assert [one.pk for one in box.in_box(desk.ctx("drafter"), "drafted")] == [made.pk]
    actions.redraft(
        desk.ctx("drafter"),
        back,
        actions.Redraft(
            "直した件",
            "根拠は第3条です。",
            route=[{"kind": "concur", "post": str(desk.finance.pk)}],
        ),
    )
    actions.submit(desk.ctx("drafter"), fresh(made), NoData())
    assert states(made) == [("concur", "current"), ("decide", "waiting")]
    told = queries.rounds(desk.ctx("head"), fresh(made))
    assert [len(one) for one in told] == [2, 2], "the first round stays as it ended"
    assert [step.state for step in told[1]] == ["returned", "skipped"]
    actions.concur(desk.ctx("finance"), fresh(made), actions.Opinion())
    actions.decide(desk.ctx("head"), fresh(made), actions.Opinion())
    assert fresh(made).title == "直した件"


def test_taken_back_until_it_is_decided(desk: Desk) -> None:
    subject = fresh_office(desk.town)
    made = drafted(desk.town, desk.ctx("drafter"), about=subject)
    with pytest.raises(Problem, match="もう起案されています"):
        drafted(desk.town, desk.ctx("drafter"), about=subject)
    actions.withdraw(desk.ctx("drafter"), made, NoData())
    assert fresh(made).state == "withdrawn"
    assert NOTED.told[-1] == ("returned", "")
    assert drafted(desk.town, desk.ctx("drafter"), about=subject).state == "circulating"
    with transaction.atomic():
        cancelled = store.cancel(desk.ctx("drafter").begin(), SubjectRef(KIND, subject.pk))
    assert cancelled is not None
    assert fresh(cancelled).state == "withdrawn"


def test_stand_ins_in_their_order_and_reading_afterwards(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"))
    for who in ("deputy", "second", "nobody"):
        with pytest.raises(Denied):
            actions.decide(desk.ctx(who), made, actions.Opinion())
    away(desk.town, desk.town.account(*WHO["head"]))
    with pytest.raises(Denied):
        actions.decide(desk.ctx("second"), made, actions.Opinion())
    assert queries.mine(desk.ctx("deputy"), made).capacity == "代決"
    actions.decide(desk.ctx("deputy"), made, actions.Opinion())
    step = Step.unscoped.get(proposal=made, kind="decide")
    assert (step.capacity, step.as_deputy, step.absent) == (
        "stand_in",
        True,
        person_of(desk.town.account(*WHO["head"])),
    )
    assert [one.pk for one in box.in_box(desk.ctx("head"), "after")] == [made.pk]
    for who in ("deputy", "drafter", "nobody"):
        assert not box.in_box(desk.ctx(who), "after").exists()
    actions.read_after(desk.ctx("head"), step, NoData())
    assert not box.in_box(desk.ctx("head"), "after").exists()
    assert Step.unscoped.get(pk=step.pk).read_after_at is not None


def test_the_second_stand_in_when_both_are_away(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"))
    away(desk.town, desk.town.account(*WHO["head"]), desk.town.account(*WHO["deputy"]))
    actions.decide(desk.ctx("second"), made, actions.Opinion())
    assert Step.unscoped.get(proposal=made, kind="decide").capacity == "stand_in"


@pytest.mark.parametrize("kind", ["deputy", "acting_head"])
def test_a_vacant_post_is_acted_in_and_nobody_reads_afterwards(desk: Desk, kind: str) -> None:
    vacant = titled(desk.town, "室長")
    rule(desk.town, "室長", matter="室の許可")
    made = drafted(desk.town, desk.ctx("drafter"), matter="室の許可")
    assert not box.in_box(desk.ctx("nobody"), "turn").exists()
    assign(desk.town, person_of(desk.town.account(*WHO["nobody"])), vacant, kind)
    actions.decide(desk.ctx("nobody"), made, actions.Opinion())
    step = Step.unscoped.get(proposal=made, kind="decide")
    assert (step.capacity, step.absent_id) == (kind, None)
    assert not box.in_box(desk.ctx("nobody"), "after").exists()


def test_in_april_the_successor_finds_it(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"))
    april = dt.date(2031, 4, 1)
    held = Assignment.unscoped.get(post=desk.head)
    held.valid_to = april - DAY
    held.save()
    successor = person_of(desk.town.account(*WHO["nobody"]))
    assign(desk.town, successor, desk.head, "main", april)
    noon = dt.datetime(2031, 4, 1, 3, tzinfo=dt.UTC)
    eve = noon - DAY

    def at(who: str, now: dt.datetime) -> Context:
        return dataclasses.replace(desk.ctx(who), now=now)

    assert box.waiting(at("head", eve)) == 1
    assert box.waiting(at("nobody", eve)) == 0
    assert box.waiting(at("head", noon)) == 0
    assert [one.pk for one in box.in_box(at("nobody", noon), "turn")] == [made.pk]
    with pytest.raises(Denied):
        actions.decide(at("head", noon), made, actions.Opinion())
    actions.decide(at("nobody", noon), made, actions.Opinion())


def test_who_follows_the_drafter_takes_it_over_and_the_drafter_still_does_not_decide(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"))
    actions.return_to_drafter(desk.ctx("head"), made, actions.Comment("直してください。"))
    former = person_of(desk.town.account(*WHO["drafter"]))
    held = Assignment.unscoped.get(person=former)
    follower = person_of(desk.town.account(*WHO["nobody"]))
    assign(desk.town, follower, held.post)
    assert not box.in_box(desk.ctx("nobody"), "drafted").exists(), "not while the drafter is there"
    held.valid_to = japan_date(clock.now()) - DAY
    held.save()
    assign(desk.town, former, desk.head)
    assert [one.pk for one in box.in_box(desk.ctx("nobody"), "drafted")] == [made.pk]
    assert queries.mine(desk.ctx("nobody"), fresh(made)).drafts
    actions.submit(desk.ctx("nobody"), fresh(made), NoData())
    again = fresh(made)
    assert (again.drafter, again.predecessor) == (follower, former)
    assert not box.in_box(desk.ctx("drafter"), "turn").exists()
    with pytest.raises(Denied):
        actions.decide(desk.ctx("drafter"), again, actions.Opinion())
    actions.decide(desk.ctx("head"), fresh(made), actions.Opinion())


def test_an_approval_of_somebody_away_is_left_out_and_read_afterwards(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"), route=[("approve", desk.chief)])
    with pytest.raises(Problem, match="不在ではありません"):
        actions.skip(desk.ctx("drafter"), made, NoData())
    away(desk.town, desk.town.account(*WHO["chief"]))
    actions.skip(desk.ctx("drafter"), fresh(made), NoData())
    assert states(made) == [("approve", "skipped"), ("decide", "current")]
    assert [one.pk for one in box.in_box(desk.ctx("chief"), "after")] == [made.pk]
    away(desk.town, desk.town.account(*WHO["head"]))
    with pytest.raises(Problem, match="飛ばせません"):
        actions.skip(desk.ctx("drafter"), fresh(made), NoData())


def test_the_exceptional_route_has_its_reason_and_its_bounds(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"), exception="定例の軽易な通知のため。")
    assert states(made) == [("decide", "current")]
    actions.decide(desk.ctx("drafter"), made, actions.Opinion())
    assert fresh(made).state == "decided"
    with pytest.raises(Problem, match="金額"):
        drafted(desk.town, desk.ctx("drafter"), exception="急ぐため。", amount=1)
    rule(desk.town, "課長", matter="権限の付与", category="access")
    rule(desk.town, "課長", matter="支出", category="money")
    for matter, words in (("権限の付与", "利用権限"), ("支出", "金額"), ("載っていない事項", "一般")):
        with pytest.raises(Problem, match=words):
            drafted(desk.town, desk.ctx("drafter"), exception="急ぐため。", matter=matter)


def test_who_decides_follows_from_the_amount_and_higher_posts_may_too(desk: Desk) -> None:
    director = titled(desk.town, "部長", "other", desk.town.account(*WHO["nobody"]))
    mayor = titled(desk.town, "市長", "other")
    for title, limit in (("課長", 500_000), ("部長", 5_000_000)):
        rule(desk.town, title, matter="補助金", category="money", up_to_yen=limit)

    def decider(amount: int | None, wanted: Post | None = None) -> Post:
        made = drafted(desk.town, desk.ctx("drafter"), matter="補助金", amount=amount, decider=wanted)
        return Step.unscoped.get(proposal=made, kind="decide").post

    assert decider(500_000) == desk.head
    assert decider(500_001) == director
    assert decider(5_000_001) == mayor
    assert decider(1, mayor) == mayor
    with pytest.raises(Problem, match="決裁できません"):
        decider(500_001, desk.head)
    with pytest.raises(Problem, match="金額を入力"):
        decider(None)
    assert decider(1, director) == director


def test_a_head_who_drafts_is_decided_by_a_higher_post(desk: Desk) -> None:
    with pytest.raises(Problem, match="起案者本人"):
        drafted(desk.town, desk.ctx("head"))
    mayor = titled(desk.town, "市長", "other")
    made = drafted(desk.town, desk.ctx("head"))
    assert Step.unscoped.get(proposal=made, kind="decide").post == mayor


def test_without_a_rule_and_a_head_nobody_decides(mihon: Town) -> None:
    ctx = mihon.ctx("case_worker", "own")
    with pytest.raises(Problem, match="決裁する職が決まりません"):
        drafted(mihon, ctx)
    made = drafted(mihon, ctx, submit=False)
    assert states(made) == []
    with pytest.raises(Problem, match="決裁する職が決まりません"):
        actions.submit(ctx, made, NoData())
    rule(mihon, titled(mihon, "課長").title)
    actions.submit(ctx, fresh(made), NoData())
    assert states(made) == [("decide", "current")]


def test_a_movers_drafts_are_open_work(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"))
    drafter = person_of(desk.town.account(*WHO["drafter"]))
    mine = [SubjectRef("proposal", made.pk)]
    assert open_work(desk.ctx("head"), drafter.pk) == mine
    assert open_work(desk.ctx("nobody"), drafter.pk) == [], "only what one may see"
    actions.decide(desk.ctx("head"), made, actions.Opinion())
    assert open_work(desk.ctx("head"), drafter.pk) == []


def test_a_refusal_of_the_subject_refuses_the_decision(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"))
    NOTED.refuses = True
    with pytest.raises(Problem, match="閉じています"):
        actions.decide(desk.ctx("head"), made, actions.Opinion())
    assert states(made) == [("decide", "current")]
    assert fresh(made).state == "circulating"


def test_a_repeat_decides_once_and_an_old_page_is_told(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"), route=[("approve", desk.chief)])
    ctx = dataclasses.replace(desk.ctx("chief"), idempotency_key="k1")
    actions.approve(ctx, made, actions.Opinion(), expected_version=made.version)
    actions.approve(ctx, made, actions.Opinion(), expected_version=made.version)
    assert states(made) == [("approve", "done"), ("decide", "current")]
    with pytest.raises(Stale):
        actions.decide(desk.ctx("head"), made, actions.Opinion(), expected_version=made.version)


def test_only_staff_draft_and_drafts_are_the_drafters_alone(desk: Desk) -> None:
    with pytest.raises(Denied):
        drafted(desk.town, desk.town.ctx("cli"))
    made = drafted(desk.town, desk.ctx("drafter"), submit=False)
    seen = {who for who in WHO if Proposal.objects.for_actor(desk.ctx(who)).exists()}
    assert seen == {"drafter"}
    actions.submit(desk.ctx("drafter"), made, NoData())
    seen = {who for who in WHO if Proposal.objects.for_actor(desk.ctx(who)).exists()}
    assert seen == {"drafter", "head", "deputy", "second"}
    ids = list(standing.subjects_on_my_route(desk.ctx("head"), KIND))
    assert ids == [made.subject]
    assert not list(standing.subjects_on_my_route(desk.ctx("finance"), KIND))


def test_an_absence_that_was_taken_back_counts_no_more(desk: Desk) -> None:
    made = drafted(desk.town, desk.ctx("drafter"))
    head = person_of(desk.town.account(*WHO["head"]))
    today = japan_date(clock.now())
    noted = actions.note_absence(desk.ctx("head"), head, actions.NoteAbsence(today, today))
    assert box.waiting(desk.ctx("deputy")) == 1
    actions.end_absence(desk.ctx("head"), noted, NoData())
    assert box.waiting(desk.ctx("deputy")) == 0
    with pytest.raises(Denied):
        actions.decide(desk.ctx("deputy"), made, actions.Opinion())
    for first, last in ((today, today - DAY), (today - 2 * DAY, today - DAY), (today, today + 400 * DAY)):
        with pytest.raises(Problem):
            actions.note_absence(desk.ctx("head"), head, actions.NoteAbsence(first, last))


def test_the_list_and_the_rule_name_the_same_people(desk: Desk) -> None:
    """The SQL of a list and the pure rule agree in worlds made at random."""
    dice = random.Random(7)
    accounts = {who: desk.town.account(*where) for who, where in WHO.items() if who != "drafter"}
    posts = [desk.head, desk.deputy, desk.second]
    made = drafted(desk.town, desk.ctx("drafter"))
    step = Step.unscoped.select_related("proposal").get(proposal=made, kind="decide")
    assert (step.stand_in, step.second_stand_in) == (desk.deputy, desk.second)
    seen = set()
    for _n in range(30):
        Assignment.unscoped.filter(post__in=posts).delete()
        Absence.unscoped.all().delete()
        for account in accounts.values():
            for post in dice.sample(posts, dice.choice([0, 0, 1, 2])):
                kinds = ["main", "concurrent", "cross_agency", "acting_head", "deputy"]
                assign(desk.town, person_of(account), post, dice.choice(kinds))
        away(desk.town, *[account for account in accounts.values() if dice.random() < 0.5])
        for who, account in accounts.items():
            ctx = desk.ctx(who)
            expected = rules.may_act(
                person_of(account).pk,
                "decide",
                holding.seat_of(ctx, step),
                drafters={made.drafter_id},
                exceptional=False,
            )
            assert access.DECIDE.may(ctx, made).allowed == bool(expected)
            assert bool(box.waiting(ctx)) == bool(expected)
            seen.add(expected)
    assert seen == {"", "holder", "acting_head", "deputy", "stand_in"}


def test_posts_of_another_municipality_are_no_step(desk: Desk, karina: Town) -> None:
    foreign = post_of(karina.account("staff"))
    with pytest.raises(Problem, match="経路の職"):
        drafted(desk.town, desk.ctx("drafter"), route=[("approve", foreign)])
    with pytest.raises(Problem, match="2度"):
        drafted(desk.town, desk.ctx("drafter"), route=[("approve", desk.chief), ("approve", desk.chief)])


def test_no_way_around_the_bounds_of_the_exceptional_route(desk: Desk) -> None:
    """Money that is left out of the draft, and the line for everything else, which calls nothing by its name."""
    rule(desk.town, "課長", matter="賃借", up_to_yen=500_000)
    rule(desk.town, "課長", matter="", title="その他の事項")
    for matter, words in (("賃借", "金額"), ("権限の付与など", "一般")):
        with pytest.raises(Problem, match=words):
            drafted(desk.town, desk.ctx("drafter"), exception="急ぐため。", matter=matter)


@pytest.mark.parametrize(
    "forged",
    [{"shown": {}}, {"body": "別の伺い"}, {"amount": 9}, {"state": "returned", "decided_at": None}],
)
def test_what_the_decider_read_cannot_be_changed_unseen(mihon: Town, forged: dict[str, object]) -> None:
    made = taken(mihon).proposal
    assert [one for one in verify() if one.level == "error"] == []
    Proposal.unscoped.filter(pk=made.pk).update(**forged)
    assert [one.subject for one in verify() if one.level == "error"] == [f"proposal/{made.pk}"]
