"""Looking at the form of what came in, asking for a correction, writing and listening to the applicant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.casework import store
from yakuba.engines.casework.access import WORK
from yakuba.engines.casework.models import Case, CaseMessage
from yakuba.engines.casework.origins import origin_of
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, action
from yakuba.kernel.dates import JAPAN, format_date, japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL

HOW = (("counter", "窓口"), ("paper", "書面"), ("phone", "電話"))
OUT = (("question", "問い合わせ"), ("answer", "返事"))
IN = (("question", "問い合わせ"), ("answer", "返事"))


@dataclass(frozen=True)
class Because:
    """Why."""

    reason: Annotated[
        str, fields.prose(label="理由", classification=PERSONAL, required=True, max_length=2000)
    ]


@dataclass(frozen=True)
class AskCorrection:
    """What has to be put right. ``asked`` are the keys of questions of the origin; ``answer_by`` the day to answer by."""

    body: Annotated[
        str, fields.prose(label="補正を求める文", classification=PERSONAL, required=True, max_length=4000)
    ]
    answer_by: Annotated[
        dt.date | None, fields.date(label="回答の期限", classification=INTERNAL, required=False)
    ] = None
    asked: Annotated[
        list[str], fields.document(label="直してほしい項目", classification=INTERNAL, default=list)
    ] = field(default_factory=list)


@dataclass(frozen=True)
class Corrected:
    """A correction that came on paper, at the counter or by telephone."""

    on: Annotated[dt.date, fields.date(label="補正が届いた日", classification=INTERNAL)]
    body: Annotated[
        str, fields.prose(label="補正の内容", classification=PERSONAL, required=True, max_length=4000)
    ]


@dataclass(frozen=True)
class Write:
    """A message to the applicant."""

    kind: Annotated[str, fields.choice(OUT, label="種類", classification=INTERNAL)]
    body: Annotated[str, fields.prose(label="本文", classification=PERSONAL, required=True, max_length=4000)]
    answer_by: Annotated[
        dt.date | None, fields.date(label="回答の期限", classification=INTERNAL, required=False)
    ] = None


@dataclass(frozen=True)
class Hear:
    """What the applicant said at the counter, on paper or by telephone."""

    how: Annotated[str, fields.choice(HOW, label="受けた方法", classification=INTERNAL)]
    kind: Annotated[str, fields.choice(IN, label="種類", classification=INTERNAL)]
    body: Annotated[str, fields.prose(label="内容", classification=PERSONAL, required=True, max_length=4000)]


@dataclass(frozen=True)
class Withdraw:
    """The applicant takes it back, in words that are not sent through the portal."""

    how: Annotated[str, fields.choice(HOW, label="受けた方法", classification=INTERNAL)]
    on: Annotated[dt.date, fields.date(label="取下げを受けた日", classification=INTERNAL)]
    reason: Annotated[
        str,
        fields.prose(label="申請者が述べたこと", classification=PERSONAL, required=False, max_length=2000),
    ] = ""


@action("casework.start", label="形式の確認をはじめる", may=WORK, data=NoData)
def start(ctx: Context, case: Case, data: NoData) -> Case:
    """Begin to look at the form."""
    store.move(ctx, case, "start")
    return case


@action("casework.formally_right", label="形式は整っている", may=WORK, data=NoData)
def formally_right(ctx: Context, case: Case, data: NoData) -> Case:
    """The form is right: it is examined, and a notification is complete."""
    store.move(ctx, case, "formally_right")
    return case


@action("casework.back", label="形式の確認に戻す", may=WORK, data=Because)
def back(ctx: Context, case: Case, data: Because) -> Case:
    """The form was not right after all."""
    ctx.because(data.reason)
    store.move(ctx, case, "back", reason=data.reason)
    return case


@action("casework.ask_correction", label="補正を求める", may=WORK, data=AskCorrection)
def ask_correction(ctx: Context, case: Case, data: AskCorrection) -> Case:
    """Ask the applicant to put something right; the clock stands from here. Raises :class:`Problem` for an unknown question."""
    known = {one.key for one in origin_of(case).questions(ctx, case)}
    unknown = [key for key in data.asked if key not in known]
    if unknown:
        raise Problem(
            "asked", _("選んだ項目は、この提出にありません。"), field="asked", found="・".join(unknown)[:80]
        )
    if data.answer_by is not None and data.answer_by <= japan_date(ctx.now):
        raise Problem(
            "answer_by",
            _("回答の期限「%(found)s」は、今日より後の日にしてください。")
            % {"found": format_date(data.answer_by)},
            field="answer_by",
        )
    store.tell(ctx, case, "correction_request", data.body, asked=data.asked, answer_by=data.answer_by)
    store.move(ctx, case, "ask_correction")
    return case


@action("casework.corrected", label="書面などの補正を受ける", may=WORK, data=Corrected)
def corrected(ctx: Context, case: Case, data: Corrected) -> Case:
    """The correction came by another way than the portal; the clock goes on from the day on which it arrived."""
    at = moment_of(ctx, case, data.on)
    store.hear(ctx, case, "correction", data.body, at=at)
    store.move(ctx, case, "corrected", at=at)
    return case


@action("casework.go_on", label="補正を待たずに進める", may=WORK, data=Because)
def go_on(ctx: Context, case: Case, data: Because) -> Case:
    """Go on without the correction."""
    ctx.because(data.reason)
    store.move(ctx, case, "go_on", reason=data.reason)
    return case


@action("casework.write", label="申請者に書く", may=WORK, data=Write)
def write(ctx: Context, case: Case, data: Write) -> CaseMessage:
    """Write to the applicant; the service releases it."""
    return store.tell(ctx, case, data.kind, data.body, answer_by=data.answer_by)


@action("casework.hear", label="申請者の話を書き留める", may=WORK, data=Hear)
def hear(ctx: Context, case: Case, data: Hear) -> CaseMessage:
    """Write down what the applicant said."""
    how = _(dict(HOW)[data.how])
    return store.hear(ctx, case, data.kind, f"（{how}）{data.body}")


@action("casework.withdraw", label="取下げを受ける", may=WORK, data=Withdraw)
def withdraw(ctx: Context, case: Case, data: Withdraw) -> Case:
    """The applicant took it back; a proposal on its way is taken back with it."""
    how = _(dict(HOW)[data.how])
    reason = f"（{how}）{data.reason}"
    ctx.because(reason)
    store.move(ctx, case, "withdraw", reason=reason, at=moment_of(ctx, case, data.on))
    return case


def moment_of(ctx: Context, case: Case, on: dt.date) -> dt.datetime:
    """A day that a person typed, as a moment: now for today, the end of an earlier day.

    Raises :class:`Problem` on the field ``on`` for a day that is still to come or lies before the case arrived.
    """
    today = japan_date(ctx.now)
    if on > today or on < japan_date(case.arrived_at):
        raise Problem(
            "day",
            _("「%(found)s」は使えません。%(first)sから%(last)sまでの日にしてください。")
            % {
                "found": format_date(on),
                "first": format_date(japan_date(case.arrived_at)),
                "last": format_date(today),
            },
            field="on",
            found=on.isoformat(),
        )
    if on == today:
        return ctx.now
    return dt.datetime.combine(on, dt.time(23, 59, 59), JAPAN).astimezone(dt.UTC)
