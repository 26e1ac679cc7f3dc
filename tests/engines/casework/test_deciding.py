"""From a draft to a decision: the office's own, and on a route where the drafter never decides."""

from __future__ import annotations

import pytest

from tests.engines.approval.sample import rule, titled
from tests.engines.casework.specimens import drafted, examining
from tests.engines.casework.test_protection import body_of, client_of
from tests.engines.casework.trying import HEARD, REMEDIES, a_case
from tests.world import Town
from yakuba.engines.approval import actions as approval
from yakuba.engines.approval.models import Proposal
from yakuba.engines.casework import actions, store
from yakuba.engines.casework.actions import DraftDisposition, Propose, Settle, Withdraw
from yakuba.engines.casework.deciding import CaseOutcome
from yakuba.engines.casework.models import Case, Disposition, Move
from yakuba.kernel.actions import Denied, NoData, Problem
from yakuba.kernel.dates import japan_date

pytestmark = pytest.mark.django_db
MATTER = "犬の登録"


def refusing(**changed: str) -> DraftDisposition:
    given = {
        "outcome": "refused",
        "content": "登録しない。",
        "reasons": "要件を満たさない。",
        "remedies": REMEDIES,
    }
    return DraftDisposition(**{**given, **changed})


def on_a_route(town: Town) -> Case:
    """An application of the office, examined and drafted; the head of another office decides such matters."""
    titled(town, "見本部長", "other", town.account("office_head", "other"))
    rule(town, "見本部長", matter=MATTER)
    case = a_case(town, routed=True, matter=MATTER)
    worker = town.ctx("case_worker")
    for one in (actions.start, actions.formally_right):
        one(worker, case, NoData())
    actions.draft(worker, case, DraftDisposition("granted", "登録する。"))
    return case


def proposed(town: Town) -> tuple[Case, Proposal]:
    case = on_a_route(town)
    actions.propose(town.ctx("case_worker"), case, Propose("犬の登録（1件）について"))
    case.refresh_from_db()
    return case, Proposal.unscoped.get(subject=case.pk)


def test_a_refusal_says_why_and_what_can_be_done_against_it(mihon: Town) -> None:
    case, worker = examining(mihon), mihon.ctx("case_worker")
    for missing in ("reasons", "remedies"):
        with pytest.raises(Problem) as refused:
            actions.draft(worker, case, refusing(**{missing: " "}))
        assert refused.value.field == missing
    assert actions.draft(worker, case, refusing()).outcome == "refused"


def test_nobody_refuses_an_applicant_alone(mihon: Town) -> None:
    case, worker = examining(mihon), mihon.ctx("case_worker")
    actions.draft(worker, case, refusing())
    here, own = f"/990019/desk/cases/{case.pk}/", client_of(mihon)
    assert "この案のとおり決定する" not in body_of(own.get(here))
    told = own.post(here, {"do": "settle", "version": str(Case.unscoped.get(pk=case.pk).version)})
    assert told.status_code == 422
    assert "ほかの職員が行います" in body_of(told)
    assert Case.unscoped.get(pk=case.pk).state == "examining"
    actions.settle(mihon.ctx("office_head"), case, Settle())
    assert Case.unscoped.get(pk=case.pk).state == "decided"


def test_what_is_granted_may_be_drafted_and_decided_by_one(mihon: Town) -> None:
    case, worker = examining(mihon), mihon.ctx("case_worker")
    actions.draft(worker, case, DraftDisposition("granted", "登録する。"))
    actions.settle(worker, case, Settle())
    assert Case.unscoped.get(pk=case.pk).state == "decided"


def test_where_the_answer_is_no_disposition_the_decider_reads_why_it_carries_no_remedies(mihon: Town) -> None:
    case, why = on_a_route(mihon), "名簿への登載は処分ではないため。"
    worker = mihon.ctx("case_worker")
    with pytest.raises(Problem):
        actions.draft(worker, case, refusing(remedies=""))
    HEARD.no_remedies[case.pk] = why
    actions.draft(worker, case, refusing(remedies=""))
    actions.propose(worker, case, Propose("犬の登録（1件）について"))
    proposal = Proposal.unscoped.get(subject=case.pk)
    facts = [fact for section in CaseOutcome().summary(worker, proposal).sections for fact in section.facts]
    assert ("教示を付けない理由", why) in facts


def test_an_inquiry_is_answered_and_nothing_else(mihon: Town) -> None:
    case, ctx = a_case(mihon, kind="inquiry"), mihon.ctx("case_worker")
    for one in (actions.start, actions.formally_right):
        one(ctx, case, NoData())
    with pytest.raises(Problem) as refused:
        actions.draft(ctx, case, refusing())
    assert refused.value.field == "outcome"
    actions.draft(ctx, case, DraftDisposition("answered", "できます。"))
    actions.settle(ctx, case, Settle())
    assert Case.unscoped.get(pk=case.pk).state == "decided"


def test_a_draft_is_changed_until_it_stands(mihon: Town) -> None:
    case, ctx = drafted(mihon), mihon.ctx("case_worker")
    actions.draft(
        ctx, case, DraftDisposition("granted", "条件つきで登録する。", conditions="鑑札を着けること。")
    )
    assert Disposition.unscoped.filter(case=case).count() == 1
    actions.settle(ctx, case, Settle())
    stands = Disposition.unscoped.get(case=case)
    assert stands.conditions == "鑑札を着けること。"
    assert stands.decided_at == ctx.now
    with pytest.raises(Problem):
        actions.draft(ctx, case, DraftDisposition("granted", "やはり変える。"))


def test_a_routed_case_is_not_settled_by_its_office(mihon: Town) -> None:
    case = on_a_route(mihon)
    with pytest.raises(Problem) as refused:
        actions.settle(mihon.ctx("office_head"), case, Settle())
    assert refused.value.code == "state"


def test_the_whole_way_to_a_decision(mihon: Town) -> None:
    case, proposal = proposed(mihon)
    assert case.state == "deciding"
    with pytest.raises(Denied):
        approval.decide(mihon.ctx("case_worker"), proposal, approval.Opinion())
    with pytest.raises(Problem):
        actions.draft(mihon.ctx("case_worker"), case, DraftDisposition("granted", "別の案"))
    decider = mihon.ctx("office_head", "other")
    assert Case.objects.for_actor(decider).filter(pk=case.pk).exists(), "who decides reads it"
    approval.decide(decider, proposal, approval.Opinion())
    case.refresh_from_db()
    assert case.state == "decided"
    assert case.decided_at == decider.now
    stands = Disposition.unscoped.get(case=case)
    assert stands.decided_at == decider.now
    assert stands.proposal_id == proposal.pk
    shown = str(Proposal.unscoped.get(pk=proposal.pk).shown)
    assert "登録する。" in shown
    assert [state for pk, state in HEARD.moved if pk == case.pk][-2:] == ["deciding", "decided"]


def test_the_drafter_decides_nothing_even_as_the_post_that_decides(mihon: Town) -> None:
    titled(mihon, "見本部長", "own", mihon.account("case_worker"))
    rule(mihon, "見本部長", matter=MATTER)
    case, worker = a_case(mihon, routed=True, matter=MATTER), mihon.ctx("case_worker")
    for one in (actions.start, actions.formally_right):
        one(worker, case, NoData())
    actions.draft(worker, case, DraftDisposition("granted", "登録する。"))
    with pytest.raises(Problem) as refused:
        actions.propose(worker, case, Propose("犬の登録について"))
    assert refused.value.code == "own_decision"
    case.refresh_from_db()
    assert case.state == "examining"


def test_what_comes_back_is_examined_again_and_may_be_sent_again(mihon: Town) -> None:
    case, proposal = proposed(mihon)
    decider = mihon.ctx("office_head", "other")
    approval.return_to_drafter(decider, proposal, approval.Comment("理由が足りない"))
    case.refresh_from_db()
    assert case.state == "examining"
    assert Move.unscoped.filter(case=case).order_by("-seq")[0].reason == "理由が足りない"
    worker = mihon.ctx("case_worker")
    actions.draft(worker, case, DraftDisposition("granted", "直した案"))
    approval.submit(worker, proposal, NoData())
    case.refresh_from_db()
    assert case.state == "deciding"
    approval.decide(decider, proposal, approval.Opinion())
    assert Disposition.unscoped.get(case=case, decided_at__isnull=False).content == "直した案"


def test_what_comes_back_says_why_and_is_mended_on_the_case(mihon: Town) -> None:
    case, proposal = proposed(mihon)
    approval.return_to_drafter(
        mihon.ctx("office_head", "other"), proposal, approval.Comment("理由が足りない")
    )
    here = f"/990019/desk/cases/{case.pk}/"
    worker = client_of(mihon)
    page = body_of(worker.get(here))
    assert "が差し戻しました" in page
    assert page.index("理由が足りない") < page.index("決定の案を直す")
    data = {"do": "draft", "outcome": "granted", "content": "直した案", "idempotency_key": "mended"}
    assert (
        worker.post(here, data | {"version": str(Case.unscoped.get(pk=case.pk).version)}).status_code == 303
    )
    assert "直した案" in body_of(worker.get(here))
    approval.submit(mihon.ctx("case_worker"), proposal, NoData())
    sent = body_of(worker.get(here))
    assert "が差し戻しました" not in sent
    assert "決定の案を直す" not in sent


def test_a_proposal_whose_case_went_elsewhere_is_not_sent(mihon: Town) -> None:
    case, proposal = proposed(mihon)
    approval.return_to_drafter(mihon.ctx("office_head", "other"), proposal, approval.Comment("不足"))
    worker = mihon.ctx("case_worker")
    actions.back(worker, case, actions.Because("形式に不備"))
    with pytest.raises(Problem) as refused:
        approval.submit(worker, proposal, NoData())
    assert refused.value.code == "state"
    assert Proposal.unscoped.get(pk=proposal.pk).state == "returned"


def test_later_from_the_proposals_own_page(mihon: Town) -> None:
    case, worker = on_a_route(mihon), mihon.ctx("case_worker")
    actions.propose(worker, case, Propose("犬の登録について", when="later"))
    case.refresh_from_db()
    assert case.state == "examining", "it is not on its way yet"
    approval.submit(worker, Proposal.unscoped.get(subject=case.pk), NoData())
    case.refresh_from_db()
    assert case.state == "deciding"


@pytest.mark.parametrize("sent", [True, False])
def test_a_withdrawal_takes_the_proposal_back(mihon: Town, sent: bool) -> None:
    case, worker = on_a_route(mihon), mihon.ctx("case_worker")
    actions.propose(worker, case, Propose("犬の登録について", when="now" if sent else "later"))
    actions.withdraw(worker, case, Withdraw("phone", japan_date(worker.now), "やめる"))
    proposal = Proposal.unscoped.get(subject=case.pk)
    assert proposal.state == "withdrawn"
    assert Case.unscoped.get(pk=case.pk).state == "withdrawn"
    with pytest.raises(Problem):
        approval.decide(mihon.ctx("office_head", "other"), proposal, approval.Opinion())


def test_a_proposal_that_is_taken_back_leaves_the_case_to_be_examined(mihon: Town) -> None:
    case, proposal = proposed(mihon)
    worker = mihon.ctx("case_worker")
    approval.withdraw(worker, proposal, NoData())
    case.refresh_from_db()
    assert case.state == "examining"
    actions.propose(worker, case, Propose("犬の登録について、再び"))
    case.refresh_from_db()
    assert case.state == "deciding"


def test_a_notice_goes_out_before_the_applicant_is_told(mihon: Town) -> None:
    case, ctx = drafted(mihon), mihon.ctx("case_worker")
    actions.settle(ctx, case, Settle())
    with pytest.raises(Problem) as refused:
        actions.notify(ctx, case, NoData())
    assert refused.value.code == "notice"


def test_one_outcome_for_many_is_never_against_the_applicant(mihon: Town) -> None:
    case, ctx = examining(mihon), mihon.ctx("case_worker")
    with pytest.raises(Problem):
        actions.settle(ctx, case, Settle("refused", "登録しない。"))
    actions.settle(ctx, case, Settle("granted", "登録する。"))
    assert Disposition.unscoped.get(case=case).content == "登録する。"
    assert store.draft_of(case) is None
