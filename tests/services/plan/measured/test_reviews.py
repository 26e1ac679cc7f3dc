"""A review shows what was measured beside what is typed, takes it over at a press, asks where they differ, and keeps it when it closes."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pytest
from django.db import transaction

from tests.engines.metrics.sample import Said
from tests.services.plan.measured.conftest import CARD, DAY, KEY, ONLINE, ROADS, at, bind, row, standing
from tests.services.plan.year.conftest import Year, initiative_of
from yakuba.engines.metrics.declaring import METRICS
from yakuba.engines.metrics.models import FrozenFigure
from yakuba.engines.metrics.store import measure
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import Round
from yakuba.kernel.access.actors import system_actor
from yakuba.kernel.actions import NoData, Problem, Problems, SubjectRef
from yakuba.kernel.dates import clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.models import OutboxMessage
from yakuba.services.plan.actions import CorrectField, correct_field
from yakuba.services.plan.measured import working
from yakuba.services.plan.measured.actions import keep_measured
from yakuba.services.plan.models import MeasuredThen, ReviewActual
from yakuba.services.plan.year import queries
from yakuba.services.plan.year.actions import AddEvidence, AnswerQuestion, add_evidence, answer_question
from yakuba.services.plan.year.matters import PlanReviews

DESK = "/990019/desk/plan"


def whole(year: Year, title: str = ONLINE) -> queries.Whole:
    ctx = year.ctx("staff")
    (found,) = queries.wholes([year.review(title)], ctx=ctx)
    return found


def actual(raw: str) -> dict[str, object]:
    return {"place": 0, "raw": raw, "status": "provisional", "as_of": "2026-03-01"}


def test_another_value_is_asked_about_and_stays_with_a_reason(bound: Year) -> None:
    bound.say(ONLINE, actuals=[actual("81手続")])
    (asked,) = [one for one in whole(bound).unanswered if one.code == "differs"]
    assert asked.text == (
        "「指標」は、計測値が84手続（オンライン化した手続の数、令和8年3月31日現在）、報告が「81手続」です。"
        "報告のままでよいのはなぜですか。"
    )
    with pytest.raises(Problems, match="計測値が84手続"):
        bound.enter(ONLINE)
    editor = bound.ctx("plan_editor")
    for one in whole(bound).unanswered:
        answer_question(editor, bound.review(ONLINE), AnswerQuestion(one.code, one.about, one.mark, "3月中に公開した3件を除いたため"))  # fmt: skip
    bound.enter(ONLINE)
    # Another figure asks again.
    bound_again = [one for one in whole(bound).keeping if one[0].code == "differs"]
    assert bound_again[0][1].reason == "3月中に公開した3件を除いたため"


def test_the_same_value_asks_nothing(bound: Year) -> None:
    bound.say(ONLINE, actuals=[actual("84手続")])
    assert not [one for one in whole(bound).questions if one.code == "differs"]


def test_a_press_takes_the_measured_value_over(bound: Year) -> None:
    clerk, here = at(bound, "plan_editor"), f"{DESK}/reviews/{bound.review(ONLINE).pk}/"
    page = clerk.get(here).content.decode()
    assert "<b>84手続</b>" in page
    assert "計測値を実績値に入れる" in page
    typed = {"result": "進めました。", "a0-next_target": "110手続", "a0-raw": "81手続", "take": "0"}
    answer = clerk.post(here, {**typed, "version": str(bound.review(ONLINE).version)})
    assert answer.status_code == 303
    assert answer["Location"].endswith("#a0")
    one = ReviewActual.unscoped.get()
    assert (one.raw, one.status, str(one.as_of)) == ("84手続", "provisional", "2026-03-31")
    assert one.evidence == "計測値（オンライン化した手続の数、令和8年3月31日現在）"
    assert one.next_target == "110手続"
    assert bound.review(ONLINE).result == "進めました。"
    assert "計測値を実績値に入れる" not in clerk.get(here).content.decode()
    nothing = clerk.post(here, {**typed, "take": "7", "version": str(bound.review(ONLINE).version)})
    assert nothing.status_code == 303
    assert ReviewActual.unscoped.get().raw == "81手続"


@pytest.mark.parametrize(
    ("number", "least", "public", "words"),
    [
        (3, 5, True, "人数が少ないため公開できません。"),
        (84, 5, False, "公開していない計測値です。"),
    ],
)
def test_what_the_public_does_not_get_is_not_taken_over(
    bound: Year, metric: Said, number: int, least: int, public: bool, words: str
) -> None:
    """An answer is printed in the plan."""
    metric.say(bound.town.ref.id, DAY, number)
    measure(DAY, [KEY])
    clerk, here = at(bound, "plan_editor"), f"{DESK}/reviews/{bound.review(ONLINE).pk}/"
    with METRICS.temporarily(KEY, replace(METRICS.get(KEY), least=least, public=public)):
        page = clerk.get(here).content.decode()
        assert f"<b>{number}手続</b>" in page  # the office still sees it
        assert words in page
        assert "計測値を実績値に入れる" not in page
        refused = clerk.post(here, {"take": "0", "version": str(bound.review(ONLINE).version)})
        assert refused.status_code == 422
        assert words in refused.content.decode()
        assert not ReviewActual.unscoped.exists()


def test_a_share_is_taken_with_its_two_numbers(bound: Year, metric: Said) -> None:
    """What stands in the form is read as what was measured: 97.1%（134/138）."""
    online = initiative_of(bound, ONLINE)
    correct_field(bound.ctx("cli"), online, CorrectField("indicators[0].unit", "%"))
    share = replace(METRICS.get(KEY), unit="%", aggregation="ratio")
    with METRICS.temporarily(KEY, share):
        bind(bound, row(online.pk, seen=str(standing(bound).pk)))
        metric.share(bound.town.ref.id, DAY, 134, 138)
        measure(DAY, [KEY])
        clerk, here = at(bound, "plan_editor"), f"{DESK}/reviews/{bound.review(ONLINE).pk}/"
        clerk.post(here, {"take": "0", "version": str(bound.review(ONLINE).version)})
        said = whole(bound)
        (value,) = said.answer.actuals.values()
        assert (value["raw"], value["number"], value["numerator"], value["denominator"]) == (
            "97.1%（134/138）", "97.1", "134", "138",
        )  # fmt: skip
        assert not [one for one in said.questions if one.code == "differs"]


def papers(bound: Year) -> list[str]:
    """What a body's papers say of the round."""
    told = PlanReviews().summary(bound.ctx("plan_secretariat"), SubjectRef("round", bound.round.pk))
    return [text for section in told for _name, text in section.facts]


def test_sheet_board_and_papers_show_it(bound: Year) -> None:
    bound.say(ONLINE, actuals=[actual("81手続")])
    here = f"{DESK}/reviews/rounds/{bound.round.pk}/"
    out = at(bound, "plan_editor").get(f"{here}answers.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(out.streaming_content)))  # type: ignore[attr-defined]  # a file answer streams
    sheet = book["見本課"]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    told = [sheet.cell(r, heads["①計測値"]).value for r in range(2, sheet.max_row + 1)]
    assert "84手続（オンライン化した手続の数、令和8年3月31日現在）" in told
    board = at(bound, "plan_secretariat").get(f"{here}?state=all").content.decode()
    assert "計測値 84手続" in board
    assert "計測値より3手続少ない値です。" in board
    reviewed(bound)
    assert any("指標 81手続（見込）［計測値 84手続（" in text for text in papers(bound))
    with METRICS.temporarily(KEY, replace(METRICS.get(KEY), public=False)):
        lines = papers(bound)
    assert any("指標 81手続（見込）" in text for text in lines)
    assert not any("計測値" in text for text in lines), "papers leave the house"


def reviewed(year: Year) -> None:
    """Everything answered, confirmed and accepted."""
    year.say(CARD)
    year.say(ROADS, office="other")
    for title, office in ((ONLINE, "own"), (CARD, "own"), (ROADS, "other")):
        editor = year.ctx("plan_editor", office)
        for one in whole(year, title).unanswered:
            answer_question(editor, year.review(title), AnswerQuestion(one.code, one.about, one.mark, "数えた日が違うため"))  # fmt: skip
        year.enter(title, office=office)
        year.confirm(title, office=office)
    year.accept(ONLINE, CARD, ROADS)


def closed(year: Year) -> Round:
    rounds.collect(year.ctx("plan_secretariat"), year.round, NoData())
    found = Round.unscoped.get(pk=year.round.pk)
    return rounds.close(year.ctx("plan_secretariat"), found, rounds.Close(unfinished=True, reason="年度が終わったため"))  # fmt: skip


def test_what_was_measured_is_kept_when_the_round_closes(bound: Year, metric: Said) -> None:
    bound.say(ONLINE, actuals=[actual("81手続")])
    with pytest.raises(Problem, match="完了した照会ではありません"):
        keep_measured(bound.ctx("cli"), bound.round, NoData())
    reviewed(bound)
    closed(bound)
    waiting = OutboxMessage.unscoped.get(handler="plan.keep_measured")
    worker = replace(bound.ctx("cli"), actor=system_actor("plan.keep_measured"))
    settle = working.keep_of_round(worker, waiting.payload, "")
    assert settle is not None
    with transaction.atomic():
        settle()
    kept = MeasuredThen.unscoped.get()
    assert (kept.number, kept.answered, kept.binding, kept.kind, kept.last) == (84, "81手続", standing(bound), "as_of", DAY.last)  # fmt: skip
    assert (kept.definition_version, kept.status) == (1, "final")
    frozen = FrozenFigure.unscoped.get(metric=KEY)
    assert frozen.frozen_by == "締めた照会の計測値を残す", "in words: nobody pressed"
    assert (frozen.number, frozen.ground) == (84, "令和7年度の進捗の照会")
    # Late entries change nothing of what the answers were held against.
    metric.say(bound.town.ref.id, DAY, 90)
    measure(DAY, [KEY])
    beside = whole(bound).measured[0]
    assert (beside.printed, beside.frozen) == ("84手続", True)
    keep_measured(bound.ctx("cli"), Round.unscoped.get(pk=bound.round.pk), NoData())
    assert MeasuredThen.unscoped.count() == 1


def test_a_round_that_closes_before_its_day_settles_nothing(bound: Year) -> None:
    """What was known then is kept with the answer; the figure of the day itself goes on."""
    bound.say(ONLINE, actuals=[actual("81手続")])
    reviewed(bound)
    closed(bound)
    with clock.frozen(dt.datetime(2026, 3, 28, 12, tzinfo=JAPAN)):
        measure(DAY, [KEY])
        keep_measured(bound.ctx("cli"), Round.unscoped.get(pk=bound.round.pk), NoData())
    kept = MeasuredThen.unscoped.get()
    assert (kept.number, kept.status, kept.last) == (84, "provisional", DAY.last)
    assert not FrozenFigure.unscoped.exists()


def test_what_the_office_counts_needs_something_that_shows_it(bound: Year) -> None:
    manual = {"definition": "台帳を年度末に数える。", "seen": str(standing(bound).pk)}
    bind(bound, row(initiative_of(bound, ONLINE).pk, "manual", **manual))
    bound.say(ONLINE, actuals=[actual("81手続")])
    assert [one.code for one in whole(bound).questions if one.code in ("unproven", "differs")] == ["unproven"]
    page = at(bound, "plan_editor").get(f"{DESK}/reviews/{bound.review(ONLINE).pk}/").content.decode()
    assert "台帳を年度末に数える。" in page
    bound.say(ONLINE, actuals=[{**actual("81手続"), "evidence": "手続台帳の3月の写し"}])
    assert "unproven" not in [one.code for one in whole(bound).questions]
    bound.say(ONLINE, actuals=[actual("81手続")])
    add_evidence(bound.ctx("plan_editor"), bound.review(ONLINE), AddEvidence(files.put("写し".encode()), "写し.txt"))  # fmt: skip
    assert "unproven" not in [one.code for one in whole(bound).questions]


def test_the_day_of_a_running_round_is_measured_again_each_night(bound: Year, metric: Said) -> None:
    metric.say(bound.town.ref.id, DAY, 86)
    assert whole(bound).measured[0].printed == "84手続"
    working.measure_running(bound.ctx("cli"))
    assert whole(bound).measured[0].printed == "86手続"
