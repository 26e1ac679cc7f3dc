"""The plan's year through its actions: answered, asked about, confirmed, accepted, decided, and in the plan."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.engines.bodies import sample
from tests.services.plan.year.conftest import YEAR, Year, edition_of, initiative_of, open_year
from yakuba.engines.bodies import actions as meetings
from yakuba.engines.bodies.matters import MATTERS
from yakuba.engines.bodies.models import AgendaItem, Body, Seat
from yakuba.engines.publishing import queries as publishing
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import Round
from yakuba.kernel.actions import Denied, NoData, Problem, Problems, Stale, SubjectRef
from yakuba.kernel.files import store as files
from yakuba.services.plan import history
from yakuba.services.plan import queries as plan
from yakuba.services.plan.actions import (
    DeleteEdition,
    PublishEdition,
    RemoveInitiative,
    delete_edition,
    publish_edition,
    remove_initiative,
)
from yakuba.services.plan.models import Edition, Revision
from yakuba.services.plan.models.year import Answered, Evidence, Observation, Review
from yakuba.services.plan.year import queries
from yakuba.services.plan.year.actions import (
    ActOnObservation,
    AddEvidence,
    AnswerQuestion,
    DecideObservation,
    Observe,
    Otherwise,
    PublishReport,
    RemoveEvidence,
    SaveReview,
    SaveReviews,
    WithdrawReport,
    act_on_observation,
    add_evidence,
    answer_question,
    decide_observation,
    decide_reviews,
    observe,
    publish_report,
    remove_evidence,
    save_review,
    save_reviews,
    withdraw_report,
)

ONLINE, CARD, ROADS = "電子申請の拡大", "マイナンバーカードの活用研究", "道路台帳"


def actual(raw: str, status: str = "provisional", **more: str) -> dict[str, object]:
    return {"place": 0, "raw": raw, "status": status, "as_of": "2026-03-01", **more}


def all_said(year: Year) -> None:
    year.say(ONLINE, actuals=[actual("81手続", evidence="手続台帳")])
    year.say(CARD)
    year.say(ROADS, office="other")


def all_accepted(year: Year) -> None:
    all_said(year)
    year.enter(ONLINE, CARD)
    year.enter(ROADS, office="other")
    year.confirm(ONLINE, CARD)
    year.confirm(ROADS, office="other")
    year.accept(ONLINE, CARD, ROADS)


def decide(year: Year, **exceptions: Otherwise) -> None:
    found = {year.review(title).pk: one for title, one in exceptions.items()}
    decide_reviews(year.ctx("plan_secretariat"), year.round, found, by="推進本部 令和7年度第2回")


def test_the_offices_are_asked_for_their_own(year: Year) -> None:
    assert sorted(str(one) for one in Review.unscoped.all()) == [
        "推1 電子申請の拡大",
        "推2 マイナンバーカードの活用研究",
        "運6 道路台帳",
    ]
    assert year.review(ROADS).item.part.office_id == year.town.offices["other"].pk
    with pytest.raises(Denied):
        save_review(year.ctx("plan_editor"), year.review(ROADS), SaveReview(result="他の課のこと"))


def test_what_is_missing_or_asked_keeps_an_answer_at_home_until_it_is_answered(year: Year) -> None:
    year.say(ONLINE, result="", actuals=[actual("810手続")])
    with pytest.raises(Problems, match=r"取組の結果が書かれていません.*10倍以上"):
        year.enter(ONLINE)
    year.say(ONLINE, actuals=[actual("810手続")])
    (whole,) = queries.wholes([year.review(ONLINE)])
    assert {one.code for one in whole.unanswered} == {"tenfold", "not_renewed"}
    editor = year.ctx("plan_editor")
    for asked in whole.unanswered:
        reason = f"{asked.code}：条例の一括改正で対象が増えたため"
        said = AnswerQuestion(asked.code, asked.about, asked.mark, reason)
        answer_question(editor, year.review(ONLINE), said)
    with pytest.raises(Problem, match="もう答えがあります"):
        answer_question(editor, year.review(ONLINE), said)
    year.enter(ONLINE)
    assert {one.reason.partition("：")[2] for one in Answered.unscoped.all()} == {
        "条例の一括改正で対象が増えたため"
    }
    with pytest.raises(Problem, match="いま書き直せません"):
        year.say(ONLINE)


def test_bad_input_is_told_field_by_field(year: Year) -> None:
    with pytest.raises(Problems) as refused:
        year.say(
            ONLINE,
            progress="とてもよい",
            next_action="merge",
            merge_into=str(initiative_of(year, ONLINE).pk),
            actuals=[actual("81手続", denominator="0"), {"place": 7, "raw": "1"}],
        )
    assert {one.field for one in refused.value.problems} == {
        "progress",
        "merge_into",
        "actuals[0].denominator",
        "actuals[7]",
    }
    assert year.review(ONLINE).result == ""


def test_a_my_number_is_not_kept_in_what_the_public_will_read(year: Year) -> None:
    with pytest.raises(Problems) as refused:
        year.say(
            CARD,
            result="1234 5678 9018の方から",
            next_reason="１２３４５６７８９０１８",
            progress_reason="123456789012",
        )
    assert [(one.code, one.field) for one in refused.value.problems] == [
        ("my_number", "result"),
        ("my_number", "next_reason"),
    ]
    assert year.review(CARD).result == ""


def test_evidence_is_kept_and_taken_away(year: Year) -> None:
    editor = year.ctx("plan_editor")
    sha256 = files.put("手続一覧".encode())
    add_evidence(editor, year.review(ONLINE), AddEvidence(sha256, "手続一覧.csv", "3月1日の台帳"))
    kept = Evidence.unscoped.get()
    assert (kept.file.name, kept.about) == ("手続一覧.csv", "3月1日の台帳")
    remove_evidence(editor, year.review(ONLINE), RemoveEvidence(str(kept.pk)))
    assert not Evidence.unscoped.exists()


def test_a_sheet_is_taken_whole_or_not_at_all(year: Year) -> None:
    row = year.review(ONLINE)
    good = {"review": str(row.pk), "version": row.version, "value": {"result": "表から"}}
    foreign = {"review": str(year.review(ROADS).pk), "version": 1, "value": {"result": "他の課"}}
    editor = year.ctx("plan_editor")
    with pytest.raises(Denied, match="運6 道路台帳"):
        save_reviews(editor, year.round, SaveReviews([good, foreign]))  # type: ignore[list-item]
    with pytest.raises(Problems) as refused:
        save_reviews(editor, year.round, SaveReviews([{**good, "version": 9}]))  # type: ignore[list-item]
    assert isinstance(refused.value.problems[0], Stale)
    save_reviews(editor, year.round, SaveReviews([good]))  # type: ignore[list-item]
    assert (year.review(ONLINE).result, year.review(ONLINE).version) == ("表から", row.version + 1)


def test_who_wrote_an_answer_confirms_and_accepts_it_nowhere_whoever_entered_it(year: Year) -> None:
    said = SaveReview(result="所属長が書きました。", progress="順調", next_action="continue")
    save_review(year.ctx("office_head"), year.review(CARD), said)
    sheet = {"review": str(year.review(CARD).pk), "version": year.review(CARD).version}
    rows = [{**sheet, "value": {"result": "事務局が表で書きました。"}}]
    save_reviews(year.ctx("plan_secretariat"), year.round, SaveReviews(rows))  # type: ignore[list-item]
    year.enter(CARD)
    with pytest.raises(Problems, match="あなたが書いたもの"):
        year.confirm(CARD)
    Review.unscoped.filter(pk=year.review(CARD).pk).update(
        writers=[one for one in year.review(CARD).writers if one != person(year, "office_head")]
    )
    year.confirm(CARD)
    with pytest.raises(Problems, match="あなたが書いたもの"):
        year.accept(CARD)


def person(year: Year, role: str) -> str:
    return str(year.town.account(role).person_id)


def test_what_a_body_decides_enters_the_plan_and_nothing_before_it(year: Year) -> None:
    all_accepted(year)
    before = plan.initiative_form(initiative_of(year, ONLINE))
    assert (before["progress"], before["texts"]) == (None, {})
    decide(year, **{CARD: Otherwise(progress="停滞", reason="調査が終わっていないため")})
    form = plan.initiative_form(initiative_of(year, ONLINE))
    assert (form["progress"], form["progress_meaning"]) == ("順調", "on_track")
    assert form["texts"]["result"] == "電子申請の拡大を進めました。"
    newest = form["indicators"][0]["values"][-1]
    assert (newest["raw"], newest["status"], newest["as_of"], newest["revision"]) == (
        "81手続",
        "provisional",
        "2026-03-01",
        0,
    )
    assert initiative_of(year, CARD).progress == "停滞"
    card = year.review(CARD)
    assert (card.progress, card.decided_progress, card.decided_by) == (
        "順調",
        "停滞",
        "推進本部 令和7年度第2回",
    )
    assert {one.item.state for one in queries.reviews(year.ctx("staff"))} == {"decided"}
    assert Edition.unscoped.get(pk=year.edition.pk).state == "draft"
    told = history.of(year.ctx("staff"), initiative_of(year, ONLINE), form)
    assert {"進捗状況", "取組の結果"} <= {one.label for one in told}
    actions = queries.decided_actions(year.ctx("staff"), year.edition)
    assert actions[initiative_of(year, ONLINE).pk].action == "continue"


def test_a_correction_is_decided_anew_and_leaves_a_revision(year: Year) -> None:
    all_accepted(year)
    decide(year)
    secretariat = year.ctx("plan_secretariat")
    rounds.reopen(secretariat, year.round, rounds.ChosenBecause(year.items([CARD]), "報告の誤り"))
    year.say(CARD, progress="停滞", progress_reason="人手が足りない")
    year.enter(CARD)
    year.confirm(CARD)
    year.accept(CARD)
    decide(year)
    kept = Revision.unscoped.get(initiative=initiative_of(year, CARD))
    assert (kept.before, kept.after) == ("順調", "停滞")
    assert "推進本部" in kept.reason


def test_the_year_closes_twice_and_the_difference_is_told(year: Year) -> None:
    all_accepted(year)
    decide(year)
    secretariat = year.ctx("plan_secretariat")
    publish_report(secretariat, year.round, PublishReport())
    first = publishing.standing_of(year.ctx("public"), "plan_report", year.round.pk)
    assert first is not None
    shown = {part.title: part.body for part in publishing.parts(year.ctx("public"), first)}
    assert shown[ONLINE]["review"]["figures"][0] | {"actual": "81手続", "status": "provisional", "final": "", "reached": True} == shown[ONLINE]["review"]["figures"][0]  # fmt: skip
    publish_edition(secretariat, Edition.unscoped.get(pk=year.edition.pk), PublishEdition())
    # The second round is asked in the next year's edition, of what is still expected there.
    following = edition_of(year.town, YEAR + 1)
    later = open_year(year.town, following, YEAR, "final", "令和7年度の確定値の照会")
    assert [str(one) for one in Review.unscoped.filter(item__round=later.round)] == ["推1 電子申請の拡大"]
    (beside,) = queries.wholes([later.review(ONLINE)])
    assert beside.before.review == year.review(ONLINE)
    later.say(
        ONLINE,
        result="",
        progress="",
        next_action="",
        actuals=[actual("84手続", "final", as_of="2026-05-31")],
    )
    later.enter(ONLINE)
    later.confirm(ONLINE)
    later.accept(ONLINE)
    rounds.collect(secretariat, later.round, NoData())
    rounds.close(secretariat, Round.unscoped.get(pk=later.round.pk), rounds.Close())
    now = plan.initiative_form(initiative_of(Year(year.town, following, later.round), ONLINE))
    assert now["indicators"][0]["values"][-1]["raw"] == "84手続"
    # The frozen edition keeps what was expected.
    standing = publishing.standing_of(year.ctx("public"), "plan_edition", year.edition.pk)
    assert standing is not None
    frozen = {part.title: part.body for part in publishing.parts(year.ctx("public"), standing)}
    assert frozen[ONLINE]["indicators"][0]["values"][-1]["raw"] == "81手続"
    publish_report(secretariat, year.round, PublishReport("確定値を加えました。"))
    second = publishing.standing_of(year.ctx("public"), "plan_report", year.round.pk)
    assert second is not None
    assert second.number == 2
    figure = {p.title: p.body for p in publishing.parts(year.ctx("public"), second)}[ONLINE]["review"][
        "figures"
    ][0]
    assert (figure["actual"], figure["final"], figure["difference"]) == ("81手続", "84手続", "+3")
    withdraw_report(secretariat, year.round, WithdrawReport("集計の誤り"))
    assert publishing.standing_of(year.ctx("public"), "plan_report", year.round.pk) is None


def test_an_observation_revises_a_target_by_the_body_that_decided(year: Year) -> None:
    row = initiative_of(year, ONLINE)
    day = dt.date(2026, 3, 2)
    editor = year.ctx("plan_editor")
    said = Observe(day, "国の一括改正で対象が増える。", "目標が低くなった。", "目標を改める。", "indicators[0].values[3]", "120手続", str(row.pk))  # fmt: skip
    observe(editor, year.edition, said)
    with pytest.raises(Denied, match="計画全体"):
        observe(editor, year.edition, Observe(day, "全体のこと"))
    with pytest.raises(Problem, match="改められるのは"):
        observe(editor, year.edition, Observe(day, "実績のこと", path="indicators[0].values[1]", value="1", initiative=str(row.pk)))  # fmt: skip
    made = Observation.unscoped.get()
    with pytest.raises(Denied):
        decide_observation(editor, made, DecideObservation("改める", "推進会議", day))
    secretariat = year.ctx("plan_secretariat")
    decide_observation(
        secretariat, made, DecideObservation("目標を120手続に改める。", "推進会議 令和7年度第3回", day)
    )
    form = plan.initiative_form(initiative_of(year, ONLINE))
    revised = form["indicators"][0]["values"][-1]
    assert (revised["raw"], revised["revision"], revised["reason"]) == (
        "120手続",
        1,
        "目標を120手続に改める。（推進会議 令和7年度第3回）",
    )
    act_on_observation(editor, Observation.unscoped.get(), ActOnObservation("様式を改めた。", day))
    assert Observation.unscoped.get().state == "done"


def test_who_wrote_an_observation_notes_no_decision_of_it_but_a_bodys(year: Year) -> None:
    town, secretariat = year.town, year.ctx("plan_secretariat")
    day = dt.date(2026, 3, 2)
    observe(secretariat, year.edition, Observe(day, "国の動き", "急がれる。", "早める。"))
    made = Observation.unscoped.get()
    with pytest.raises(Problem, match="あなたが書いたもの"):
        decide_observation(secretariat, made, DecideObservation("早める", "推進会議", day))
    other = str(year.round.pk)
    with pytest.raises(Problem, match="あなたが書いたもの"):
        decide_observation(secretariat, made, DecideObservation("早める", "推進会議", day, agenda=other))
    body = sample.made_body(town, kind="council")
    sample.seated(town, body, "chair", "議長", town.account("office_head"))
    meeting = sample.planned(town, body)
    meetings.add_matter(secretariat, meeting, meetings.AddMatter("plan_observation", str(made.pk)))
    meetings.call(secretariat, meeting, NoData())
    meetings.hold(secretariat, meeting, sample.attended(list(Seat.unscoped.filter(body=body))))
    item = AgendaItem.unscoped.get(meeting=meeting, matter="plan_observation")
    meetings.record_decisions(secretariat, item, meetings.Decision("adopted"))
    assert Observation.unscoped.get().state == "decided"


def test_what_comes_before_a_body_is_what_waits_for_it(year: Year) -> None:
    """The matters as a meeting's agenda asks them; a study section decides nothing of the plan."""
    body, study = (
        Body(municipality_id=year.town.ref.id, kind=kind) for kind in ("headquarters", "study_group")
    )
    secretariat, reviews = year.ctx("plan_secretariat"), MATTERS.get("plan_reviews")
    assert reviews.open_matters(secretariat, body) == []
    all_accepted(year)
    (proposed,) = reviews.open_matters(secretariat, body)
    assert (proposed.id, "3件" in proposed.explanation) == (year.round.pk, True)
    assert reviews.open_matters(secretariat, study) == []
    ref = SubjectRef("plan_reviews", year.round.pk)
    words = {label: text for one in reviews.summary(secretariat, ref) for label, text in one.facts}
    assert words["順調"] == "3件（3件中）"
    assert "81手続（見込）" in words["推1 電子申請の拡大"]
    assert reviews.check(secretariat, ref, "adopted", {}) is None
    amended = reviews.check(secretariat, ref, "amended", {})
    assert amended is not None
    kept = {"name": "推1", "progress": "停滞", "action": "", "reason": "遅れ"}
    details = {"exceptions": {str(year.review(ONLINE).pk): kept}}
    assert reviews.check(secretariat, ref, "amended", details) is None
    assert reviews.decided_words("amended", details) == "推1：停滞（遅れ）"
    decide(year)
    assert reviews.open_matters(secretariat, body) == []
    drafts = MATTERS.get("plan_edition").open_matters(secretariat, body)
    assert year.edition.pk in {one.id for one in drafts}


def test_what_a_study_section_says_stands_in_the_papers_of_the_body_that_decides(year: Year) -> None:
    town, secretariat = year.town, year.ctx("plan_secretariat")
    study, matter = sample.made_body(town, kind="study_group"), "plan_reviews_studied"
    sample.seated(town, study, "chair", "検討部会長", town.account("office_head"))
    all_accepted(year)
    (proposed,) = MATTERS.get(matter).open_matters(secretariat, study)
    meeting = sample.planned(town, study)
    meetings.add_matter(secretariat, meeting, meetings.AddMatter(matter, str(proposed.id)))
    meetings.call(secretariat, meeting, NoData())
    meetings.hold(secretariat, meeting, sample.attended(list(Seat.unscoped.filter(body=study))))
    item = AgendaItem.unscoped.get(meeting=meeting, matter=matter)
    meetings.record_decisions(secretariat, item, meetings.Decision("remarked", reason="目標を早めること。"))
    assert {one.item.state for one in queries.reviews(secretariat)} == {"accepted"}
    assert MATTERS.get(matter).open_matters(secretariat, study) == []
    ref = SubjectRef("plan_reviews", year.round.pk)
    sections = {one.heading: one.facts for one in MATTERS.get("plan_reviews").summary(secretariat, ref)}
    assert [words for _meeting, words in sections["検討部会の意見"]] == ["意見を付す：目標を早めること。"]
    assert dict(sections["回答の数"])["照会した取組"] == "3件"


@pytest.mark.parametrize("way", ["in_person", "circular"])
def test_a_body_decides_nothing_that_was_accepted_after_it_met(year: Year, way: str) -> None:
    town, secretariat = year.town, year.ctx("plan_secretariat")
    body = sample.made_body(town)
    sample.seated(town, body, "chair", "本部長", town.account("office_head"))
    all_said(year)
    year.enter(ONLINE, CARD)
    year.confirm(ONLINE, CARD)
    year.accept(ONLINE)
    meeting = sample.called(town, body, way=way) if way == "circular" else sample.held(town, body)
    item = sample.item_of(meeting)
    item.subject, item.meeting = year.round.pk, meeting
    reviews = MATTERS.get("plan_reviews")
    year.accept(CARD)
    with pytest.raises(Problem, match=r"会議のあとに受理した報告が1件あります（.*マイナンバーカード"):
        reviews.on_decided(secretariat, item, "adopted", {})
    card = rounds.ChosenBecause(year.items([CARD]), "次の会議に付議する。")
    rounds.return_items(secretariat, Round.unscoped.get(pk=year.round.pk), card)
    reviews.on_decided(secretariat, item, "adopted", {})
    sat = secretariat.now if way == "circular" else meeting.starts_at
    assert [one.decided_at for one in map(year.review, (ONLINE, CARD))] == [sat, None]


def test_what_was_said_outlives_the_row_and_keeps_the_edition(year: Year) -> None:
    row, secretariat = initiative_of(year, ONLINE), year.ctx("plan_secretariat")
    observe(
        year.ctx("plan_editor"),
        year.edition,
        Observe(dt.date(2026, 3, 2), "国の改正", initiative=str(row.pk)),
    )
    all_said(year)
    gone = RemoveInitiative(str(row.pk), row.version, "統合のため")
    remove_initiative(secretariat, Edition.unscoped.get(pk=year.edition.pk), gone)
    assert Observation.unscoped.get().situation == "1 電子申請の拡大：国の改正"
    with pytest.raises(Problems, match="この版から外された取組です"):
        year.enter(ONLINE)
    edition = Edition.unscoped.select_related("plan").get(pk=year.edition.pk)
    with pytest.raises(Problem, match="照会した版は消せません"):
        delete_edition(secretariat, edition.plan, DeleteEdition(str(edition.pk), edition.version, "作り直す"))
