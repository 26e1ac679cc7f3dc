"""The year 令和7 of みほん市's plan: asked of every office in February, decided by the headquarters in March, taken into the plan.

What the offices answer is what the plan of that year came out with (``mihon-r7.json``), so that the plan's later reading finds it there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from yakuba.demo.steps import Steps, japan
from yakuba.engines.bodies import actions as bodies
from yakuba.engines.bodies.actions.minutes import Talked
from yakuba.engines.bodies.models import Body, Meeting
from yakuba.engines.bodies.queries import meetings, sitting
from yakuba.engines.rounds import actions as rounds
from yakuba.engines.rounds.models import OfficePart, Round
from yakuba.kernel.actions import NoData
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.town.queries import office_by_code
from yakuba.services.plan import queries as plan
from yakuba.services.plan.models import Edition, Review
from yakuba.services.plan.year import queries
from yakuba.services.plan.year.actions import (
    AnswerQuestion,
    Observe,
    PublishReport,
    SaveReview,
    answer_question,
    observe,
    publish_report,
    save_review,
)
from yakuba.services.plan.year.matters import REVIEWS

Form = dict[str, Any]  # Any: one object of a yakuba-plan/1 document

YEAR: Final = FiscalYear(2025)
_ASKED, _ANSWERED, _CONFIRMED = japan(2026, 2, 16), japan(2026, 3, 4), japan(2026, 3, 9)
_CHECKED, _HELD, _WRITTEN = japan(2026, 3, 11), japan(2026, 3, 24, 15), japan(2026, 3, 25)
_PUBLISHED: Final = japan(2026, 3, 31, 9)
# Who answers and who confirms at each office (by its code of that day); elsewhere the secretariat types what came on paper.
_BY_PAPER: Final = ("manabu", "yotsuba")
_PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "030100": ("tooru", "yotsuba"),
    "040100": ("minori", "kokono"),
    "040200": ("nanako", "shiori"),
    "050100": ("hikari", "naoki"),
    "060100": ("hachiro", "yotsuba"),
}
_CHECKER: Final = "itsuki"
# What became of an initiative by its mark; all others go on.
_NEXT: Final = {"ended": "complete", "abolished": "abolish", "merged": "merge", "changed": "postpone"}
_MERGED: Final = {"12": "8"}
_MOVED: Final = {"14": "17業務の移行を終え、令和8年度からは運用の取組として管理するため。"}
_REASONS: Final = {
    "complete": "予定した内容を終えたため。",
    "abolish": "同じ案内を公式LINEで行えるようになったため。",
    "merge": "1度書けば各媒体に載る形に改め、公式LINEの取組で見ていくため。",
    "postpone": "庁舎の改修が令和9年度に延びたため。",
}
_LATE: Final = {"stopped", "changed", "behind", "not_started"}
_RUN: Final = {
    "1": "県の共同システムで、予定した案件の入札を滞りなく行いました。",
    "2": "議事録に加え、10月から文章の下書きにも使い始めました。使い方の研修を4回開きました。",
    "3": "集合注射を18会場で行い、未接種の飼い主に2回通知しました。",
    "4": "現地の調査を8地区で行い、台帳の写真を撮り直しました。令和8年度からは建設課が担います。",
    "5": "道路台帳の図面と調書を更新し、適正に管理しました。",
    "6": "避難所2か所と観光の施設1か所に加え、機器9台を更新しました。",
    "7": "全職員の研修を2回に分けて行い、受けられなかった人には動画で補いました。",
    "8": "停電を想定した訓練を11月に行い、復旧の手順を2か所改めました。",
    "9": "新しいページの検査を毎月行い、見つかった問題を直しました。",
}
_ANSWERS: Final = {
    "not_renewed": "令和8年度版で新しい目標を定めるため。",
    "deadline": "令和8年度版で目標の年度を改めるため。",
    "no_actual": "取組を終えたため、数えていません。",
    "contradicts": "見込の差はわずかで、年度末までに届く見通しのため。",
    "tenfold": "元の資料で確かめました。",
    "cumulative": "元の資料で確かめました。",
    "denominator": "対象の数が年度で変わる指標のため。",
    "not_final": "令和6年度の値は決算で確かめています。",
    "same_text": "毎年同じ維持管理のため。",
    "unproven": "担当課の台帳で数えました。",
    "differs": "計測した日のあとに加わったものを、担当課で数えたため。",
}


def review(steps: Steps, edition: Edition, document: Form) -> None:
    """Play the year's round on the edition as it was published before the year began."""
    round_ = _open(steps, edition)
    forms = {(one["kind"], one["number"]): one for one in document["initiatives"]}
    rows = {
        str(row.pk): forms[row.kind, row.number] for row in plan.initiatives(steps.ctx("year:rows"), edition)
    }
    targets = {
        row.number: str(row.pk)
        for row in plan.initiatives(steps.ctx("year:rows"), edition)
        if row.kind == "advance"
    }
    _answer(steps, round_, rows, targets)
    reader = steps.ctx("year:read")
    ids = [str(one.item_id) for one in queries.reviews(reader).filter(item__round=round_)]
    rounds.accept(steps.staff("year:accept", _CHECKER, at=_CHECKED), round_, rounds.Chosen(ids))
    _decide(steps, round_)
    secretariat = steps.staff("year:collect", "yotsuba", at=_WRITTEN)
    collected = rounds.collect(secretariat, Round.objects.for_actor(reader).get(pk=round_.pk), NoData())
    rounds.close(steps.staff("year:close", "yotsuba", at=_PUBLISHED), collected, rounds.Close())
    publish_report(steps.staff("year:report", "yotsuba", at=_PUBLISHED), round_, PublishReport())


def _open(steps: Steps, edition: Edition) -> Round:
    office = office_by_code(steps.ref.id, "030300", dt.date(2026, 2, 16))
    if office is None:
        raise LookupError("no secretariat")
    planned = rounds.plan(
        steps.staff("year:plan", _CHECKER, at=_ASKED),
        None,
        rounds.PlanRound(
            kind=queries.KIND,
            year=YEAR,
            phase="provisional",
            title="令和7年度情報化推進計画の進捗の照会",
            letter="情報化推進計画の進行管理のため、令和7年度の取組の結果、指標の実績（3月1日の見込）、進捗状況と、令和8年度の方針を入力してください。",
            subject=str(edition.pk),
            office=str(office.pk),
            request=dt.date(2026, 2, 16),
            figures=dt.date(2026, 3, 1),
            office_due=dt.date(2026, 3, 6),
            head_due=dt.date(2026, 3, 10),
            checked=dt.date(2026, 3, 11),
            study=dt.date(2026, 3, 12),
            decided=dt.date(2026, 3, 24),
            published=dt.date(2026, 3, 31),
        ),
    )
    return rounds.open_round(steps.staff("year:open", _CHECKER, at=_ASKED), planned, NoData())


def _answer(steps: Steps, round_: Round, rows: Mapping[str, Form], targets: Mapping[str, str]) -> None:
    """Every office answers, is asked, hands in; its head confirms."""
    reader = steps.ctx("year:read")
    parts: dict[OfficePart, list[Review]] = defaultdict(list)
    for one in queries.reviews(reader).filter(item__round=round_):
        parts[one.item.part].append(one)
    codes = {
        office.pk: code
        for code in _PEOPLE
        if (office := office_by_code(steps.ref.id, code, dt.date(2026, 3, 1))) is not None
    }
    for part, reviews in parts.items():
        clerk, head = _PEOPLE.get(codes.get(part.office_id, ""), _BY_PAPER)
        for one in reviews:
            key = f"year:answer:{one.item.number}"
            said = _said(rows[str(one.initiative)], targets)
            save_review(steps.staff(key, clerk, at=_ANSWERED), one, said)
        for whole in queries.wholes(queries.reviews(reader).filter(item__part=part), ctx=reader):
            for asked in whole.unanswered:
                own = steps.staff(f"year:asked:{whole.review.item.number}:{asked.mark}", clerk, at=_ANSWERED)
                given = AnswerQuestion(asked.code, asked.about, asked.mark, _ANSWERS[asked.code])
                answer_question(own, whole.review, given)
        chosen = rounds.Chosen([str(one.item_id) for one in reviews])
        rounds.enter(steps.staff(f"year:enter:{part.pk}", clerk, at=_ANSWERED), part, chosen)
        rounds.confirm(steps.staff(f"year:confirm:{part.pk}", head, at=_CONFIRMED), part, chosen)


def _said(form: Form, targets: Mapping[str, str]) -> SaveReview:
    """What the office answers: what the plan of that year came out with."""
    advance = form["kind"] == "advance"
    mark = next((flag for flag in form["flags"] if flag in _NEXT), None)
    action = _NEXT[mark] if mark else "to_operate" if advance and form["number"] in _MOVED else "continue"
    reason = _MOVED[form["number"]] if action == "to_operate" else _REASONS.get(action, "")
    result = form["texts"].get("result", "") if advance else _RUN[form["number"]]
    actuals = []
    for place, indicator in enumerate(form["indicators"]):
        value = next(
            (one for one in indicator["values"] if one["kind"] == "actual" and one["year"] == YEAR.year), None
        )
        if value is not None:
            actuals.append(
                {
                    "place": place,
                    "raw": value["raw"],
                    "status": value["status"] or "",
                    "as_of": value["as_of"] or "",
                    "evidence": "令和8年3月1日の集計",
                }
            )
    return SaveReview(
        result=result,
        progress=form["progress"] or "",
        progress_reason=result if form["progress_meaning"] in _LATE else "",
        self_rating={"on_track": "reached", "mostly_on_track": "mostly", "stopped": "below"}.get(
            form["progress_meaning"] or "", ""
        ),
        next_action=action,
        next_reason=reason,
        merge_into=targets[_MERGED[form["number"]]] if action == "merge" else "",
        actuals=actuals,
    )


def _decide(steps: Steps, round_: Round) -> None:
    """24 March 2026: the headquarters adopt the words as proposed; minuted, reported to the mayor."""
    reader = steps.ctx("year:read")
    body = Body.objects.for_actor(reader).get(kind="headquarters")
    gathering = bodies.Gathering(
        "in_person", japan(2026, 3, 24, 13, 30), place="市役所 4階 庁議室",
        letter="令和7年度の進捗を確かめ、令和8年度版の公表を決めるため、次のとおり開催します。",
    )  # fmt: skip
    meeting = bodies.plan(steps.staff("year:meeting", _CHECKER, at=_CHECKED), body, gathering)
    matter = bodies.AddMatter(REVIEWS, str(round_.pk))
    item = bodies.add_matter(steps.staff("year:matter", _CHECKER, at=_CHECKED), meeting, matter)
    bodies.call(steps.staff("year:call", _CHECKER, at=japan(2026, 3, 13)), meeting, NoData())
    ctx = steps.staff("year:hold", _CHECKER, at=_HELD)
    seats: list[Any] = [  # Any: what the action takes
        {"seat": str(one.key), "presence": "present"}
        for one in sitting.of_meeting(ctx, meeting)
        if not one.vacant
    ]
    held = bodies.hold(ctx, meeting, bodies.Attended(seats, japan(2026, 3, 24, 14, 20)))
    decided = steps.staff("year:decide", _CHECKER, at=_HELD)
    bodies.record_decisions(decided, item, bodies.Decision("adopted"))
    _minute(steps, held)


def _minute(steps: Steps, meeting: Meeting) -> None:
    reader = steps.ctx("year:read")
    items = meetings.items(reader, meeting)
    talks: tuple[Talked, ...] = tuple(
        {"item": str(one.pk), "talk": "事務局の説明のとおり了承した。"} for one in items
    )
    words = bodies.Written(
        "summary", "本部長が開会を告げた。", "公表の日を3月31日とすることを確かめ、閉会した。", talks
    )
    written = bodies.write_minutes(steps.staff("year:write", _CHECKER, at=_WRITTEN), meeting, words)
    proposed = bodies.propose_minutes(steps.staff("year:propose", _CHECKER, at=_WRITTEN), written, NoData())
    bodies.confirm_minutes(steps.staff("year:signed", "futaba", at=japan(2026, 3, 26)), proposed, NoData())
    told = bodies.Reported("市長", dt.date(2026, 3, 27), [str(one.pk) for one in items])
    again = Meeting.objects.for_actor(reader).get(pk=meeting.pk)
    bodies.report(steps.staff("year:told", _CHECKER, at=japan(2026, 3, 27)), again, told)


def observations(steps: Steps, edition: Edition) -> None:
    """What was seen between the yearly reviews: one that waits for a body."""
    ctx = steps.staff("year:seen", "hachiro", at=japan(2026, 10, 14, 11))
    row = plan.initiatives(ctx, edition).get(kind="advance", number="12")
    said = Observe(
        dt.date(2026, 10, 13),
        "台風の後の3日間で通報が62件あり、写真のない通報が半分でした。",
        "対応までの日数が延び、令和8年度の目標の6.0日に届かないおそれがあります。",
        "災害のときの通報を分けて数え、平均日数の目標を改めたい。",
        initiative=str(row.pk),
    )
    observe(ctx, edition, said)
