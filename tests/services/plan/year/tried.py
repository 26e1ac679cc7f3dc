"""How each action of the plan's year is tried in the permission matrix."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from tests.matrix import Specimen
from tests.services.plan.forms import document, indicator, initiative, value
from tests.world import Town
from yakuba.engines.bodies.models import AgendaItem, Body, Meeting
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import Item, Round
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.files import store as files
from yakuba.services.plan import actions as plan
from yakuba.services.plan.models import Edition, Evidence, Initiative, Observation, Review
from yakuba.services.plan.year import actions

DAY = dt.date(2026, 3, 2)


def edition(town: Town) -> Edition:
    """A draft whose one initiative belongs to the town's own office, with a target to revise."""
    rows = [
        initiative(
            "1",
            "電子申請の拡大",
            year=2025,
            kind="advance",
            offices=[{"name": "見本課", "role": "lead", "doubtful": False}],
            indicators=[
                indicator(
                    "手続の数",
                    [
                        value("57手続", 2024, number="57", status="final"),
                        value("110手続", 2026, "target", number="110"),
                    ],
                )
            ],
        )
    ]
    # Each is an edition of its own: a round is asked about an edition once.
    label = f"令和7年度版 {Edition.unscoped.filter(municipality=town.ref.id).count() + 1}"
    given = document(rows, code=town.ref.code, name=town.ref.name, edition=label)
    made: Edition = plan.import_document(town.ctx("cli"), None, plan.ImportDocument(given))
    for row in Initiative.unscoped.filter(edition=made):
        row.offices.update(office=town.offices["own"])
    return made


def asked(town: Town) -> Round:
    """A round that asks about it."""
    planned = rounds.plan(
        town.ctx("cli"),
        None,
        rounds.PlanRound(
            kind="plan_review",
            year=FiscalYear(2025),
            phase="provisional",
            title="令和7年度の進捗の照会",
            letter="報告してください。",
            subject=str(edition(town).pk),
            office=str(town.offices["own"].pk),
            office_due=japan_date(clock.now()) + dt.timedelta(days=7),
        ),
    )
    return rounds.open_round(town.ctx("cli"), planned, NoData())


def review(town: Town) -> Review:
    """Its one answer, still to be given."""
    return Review.unscoped.select_related("item").get(item__round=asked(town))


def questioned(town: Town) -> Review:
    """An answer that a rule asks about."""
    made = review(town)
    said = actions.SaveReview(
        "進めた。", "順調", next_action="continue", actuals=[{"place": 0, "raw": "810手続"}]
    )
    actions.save_review(town.ctx("plan_editor"), made, said)
    return Review.unscoped.get(pk=made.pk)


def answer(town: Town, subject: Review) -> actions.AnswerQuestion:
    """The answer to its first question."""
    from yakuba.services.plan.year import queries

    (whole,) = queries.wholes([subject])
    one = whole.unanswered[0]
    return actions.AnswerQuestion(one.code, one.about, one.mark, "国の改正のため")


def answer_page(client: Client, town: Town, subject: Review) -> HttpResponse:
    """What a browser sends."""
    said = answer(town, subject)
    address = f"/{town.ref.code}/desk/plan/reviews/{subject.pk}/answer/"
    return client.post(address, {f"reason-{said.mark}": said.reason, "do": "answer"})


def with_file(town: Town) -> Review:
    """An answer with a file."""
    made = review(town)
    data = actions.AddEvidence(files.put("根拠".encode()), "根拠.txt")
    actions.add_evidence(town.ctx("plan_editor"), made, data)
    return Review.unscoped.get(pk=made.pk)


def its_file(subject: Review) -> str:
    """The id of the file."""
    return str(Evidence.unscoped.get(review=subject).pk)


def accepted(town: Town) -> Round:
    """A round whose answer the secretariat accepted."""
    made = asked(town)
    one = Review.unscoped.get(item__round=made)
    actions.save_review(
        town.ctx("plan_editor"), one, actions.SaveReview("進めた。", "順調", next_action="continue")
    )
    from yakuba.services.plan.year import queries

    for asked_ in queries.wholes([queries.review(town.ctx("staff"), one.pk)])[0].unanswered:
        said = actions.AnswerQuestion(asked_.code, asked_.about, asked_.mark, "まだ分からないため")
        actions.answer_question(town.ctx("plan_editor"), one, said)
    item = Item.unscoped.select_related("part").get(pk=one.item_id)
    chosen = rounds.Chosen([str(item.pk)])
    rounds.enter(town.ctx("plan_editor"), item.part, chosen)
    rounds.confirm(town.ctx("office_head"), item.part, chosen)
    return rounds.accept(town.ctx("plan_secretariat"), made, chosen)


def decided(town: Town) -> Round:
    """A round whose answer was decided."""
    made = accepted(town)
    actions.decide_reviews(town.ctx("plan_secretariat"), made, {}, by="推進本部")
    return Round.unscoped.get(pk=made.pk)


def reported(town: Town) -> Round:
    """The same with its report published."""
    made = decided(town)
    return actions.publish_report(town.ctx("plan_secretariat"), made, actions.PublishReport())


def to_take(town: Town) -> Edition:
    """The edition of a decided round."""
    return Edition.unscoped.get(pk=decided(town).subject)


def taken(_town: Town, subject: Edition) -> actions.TakeDecisions:
    """Its reviews once more."""
    keys = Review.unscoped.filter(edition=subject).values_list("pk", flat=True)
    return actions.TakeDecisions([str(key) for key in keys], "本部の決定")


def on_agenda(town: Town) -> AgendaItem:
    """An accepted round on the agenda of a body."""
    round_ = accepted(town)
    here = {"municipality_id": town.ref.id}
    body = Body.unscoped.create(**here, name="推進本部", kind="headquarters", office=town.offices["own"], quorum="none", valid_from=DAY)  # fmt: skip
    meeting = Meeting.unscoped.create(**here, body=body, year=FiscalYear(2025), number=1, way="in_person", starts_at=clock.now(), state="planned")  # fmt: skip
    return AgendaItem.unscoped.create(**here, meeting=meeting, position=1, title="進捗の確認", what="decide", matter="plan_reviews", subject=round_.pk)  # fmt: skip


def first_review(subject: AgendaItem) -> UUID:
    """The review that is decided on."""
    return Review.unscoped.get(item__round=subject.subject).pk


def exceptions_page(client: Client, town: Town, subject: AgendaItem) -> HttpResponse:
    """What a browser sends."""
    key = first_review(subject)
    said = {f"{key}-progress": "停滞", f"{key}-reason": "遅れているため", "version": str(subject.version)}
    return client.post(f"/{town.ref.code}/desk/plan/reviews/agenda/{subject.pk}/", said)


def of_row(subject: Edition) -> str:
    """Its one initiative."""
    return str(Initiative.unscoped.get(edition=subject).pk)


def seen(town: Town) -> Observation:
    """An observation of the own office."""
    made = edition(town)
    actions.observe(town.ctx("plan_editor"), made, actions.Observe(DAY, "国の改正", initiative=of_row(made)))
    return Observation.unscoped.get(edition=made)


def seen_and_decided(town: Town) -> Observation:
    """The same with a decision."""
    data = actions.DecideObservation("改める", "推進会議", DAY)
    return actions.decide_observation(town.ctx("plan_secretariat"), seen(town), data)


def desk(address: str, **data: str) -> Any:
    """What a browser sends to a page of the desk; ``{}`` in the address is the subject's id."""

    def send(client: Client, town: Town, subject: Any) -> HttpResponse:
        return client.post(f"/{town.ref.code}/desk/plan/{address.format(subject.pk)}", data)

    return send


def observe_page(client: Client, town: Town, subject: Edition) -> HttpResponse:
    """What a browser sends."""
    said = {"initiative": of_row(subject), "observed_on": "R8.3.2", "situation": "国の改正"}
    return client.post(f"/{town.ref.code}/desk/plan/editions/{subject.pk}/observations/new/", said)


def remove_page(client: Client, town: Town, subject: Review) -> HttpResponse:
    """What a browser sends."""
    address = f"/{town.ref.code}/desk/plan/reviews/{subject.pk}/evidence/"
    return client.post(address, {"remove": its_file(subject)})


def one_row(_town: Town, subject: Round) -> actions.SaveReviews:
    """A sheet with one row."""
    row = Review.unscoped.get(item__round=subject)
    return actions.SaveReviews(
        [{"review": str(row.pk), "version": row.version, "value": {"result": "進めた。"}}]
    )


YEAR_SPECIMENS: dict[str, Specimen] = {
    "plan.save_review": Specimen(
        review,
        lambda _t, _s: actions.SaveReview("進めた。"),
        page=desk("reviews/{}/", result="進めた。", version="1"),
    ),
    "plan.save_reviews": Specimen(asked, one_row),
    "plan.answer_question": Specimen(questioned, answer, page=answer_page),
    "plan.add_evidence": Specimen(
        review, lambda _t, _s: actions.AddEvidence(files.put("根拠".encode()), "根拠.txt")
    ),
    "plan.remove_evidence": Specimen(
        with_file, lambda _t, s: actions.RemoveEvidence(its_file(s)), page=remove_page
    ),
    "plan.take_decisions": Specimen(to_take, taken),
    "plan.set_exceptions": Specimen(
        on_agenda,
        lambda _t, s: actions.SetExceptions({str(first_review(s)): {"progress": "停滞", "reason": "遅れ"}}),
        page=exceptions_page,
    ),
    "plan.observe": Specimen(
        edition,
        lambda _t, s: actions.Observe(DAY, "国の改正", initiative=of_row(s)),
        page=observe_page,
    ),
    "plan.change_observation": Specimen(
        seen,
        lambda _t, _s: actions.ChangeObservation(DAY, "国の改正"),
        page=desk("observations/{}/change/", observed_on="R8.3.2", situation="国の改正", version="1"),
    ),
    "plan.decide_observation": Specimen(
        seen,
        lambda _t, _s: actions.DecideObservation("改める", "推進会議", DAY),
        page=desk("observations/{}/decide/", decision="改める", decided_by="推進会議", decided_on="R8.3.2"),
    ),
    "plan.act_on_observation": Specimen(
        seen_and_decided,
        lambda _t, _s: actions.ActOnObservation("様式を改めた", DAY),
        page=desk("observations/{}/act/", action_taken="様式を改めた", acted_on="R8.3.2"),
    ),
    "plan.publish_report": Specimen(
        decided, lambda _t, _s: actions.PublishReport(), page=desk("reviews/rounds/{}/report/publish/")
    ),
    "plan.withdraw_report": Specimen(
        reported,
        lambda _t, _s: actions.WithdrawReport("集計の誤り"),
        page=desk("reviews/rounds/{}/report/withdraw/", withdraw_note="集計の誤り"),
    ),
}
