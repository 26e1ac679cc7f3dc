"""A round as a whole: planned, opened, collected, closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.rounds import rules, states, store
from yakuba.engines.rounds.access import COLLECT, PLAN
from yakuba.engines.rounds.actions.answering import Because
from yakuba.engines.rounds.askings import ASKINGS
from yakuba.engines.rounds.models import Item, OfficePart, Round
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, SubjectRef, action
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.ids import read_id

_MOST_DAYS = 6


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days of a round by milestone; each is empty where the round has no such day."""

    request: Annotated[dt.date | None, fields.date(label="依頼", classification=INTERNAL, required=False)] = (
        None
    )
    figures: Annotated[
        dt.date | None, fields.date(label="数値の基準日", classification=INTERNAL, required=False)
    ] = None
    office_due: Annotated[dt.date, fields.date(label="各課の提出期限", classification=INTERNAL)]
    head_due: Annotated[
        dt.date | None, fields.date(label="所属長の確認期限", classification=INTERNAL, required=False)
    ] = None
    checked: Annotated[
        dt.date | None, fields.date(label="事務局の確認", classification=INTERNAL, required=False)
    ] = None
    study: Annotated[
        dt.date | None, fields.date(label="検討部会", classification=INTERNAL, required=False)
    ] = None
    committee: Annotated[
        dt.date | None, fields.date(label="推進会議", classification=INTERNAL, required=False)
    ] = None
    decided: Annotated[
        dt.date | None, fields.date(label="本部決定", classification=INTERNAL, required=False)
    ] = None
    published: Annotated[
        dt.date | None, fields.date(label="公表", classification=INTERNAL, required=False)
    ] = None

    @property
    def by_key(self) -> dict[str, dt.date]:
        """Those that there are, by milestone."""
        found = {key: getattr(self, key) for key, _label in rules.MILESTONES}
        return {key: day for key, day in found.items() if day is not None}


@dataclass(frozen=True, kw_only=True)
class Described:
    """What the offices read, and when they are reminded: days before and after their day as 「7、1」."""

    title: Annotated[str, fields.text(label="件名", classification=INTERNAL)]
    letter: Annotated[
        str, fields.prose(label="依頼文", classification=INTERNAL, max_length=10_000, required=True)
    ]
    remind_before: Annotated[
        str, fields.text(label="期限前の督促", classification=INTERNAL, max_length=60, required=False)
    ] = ""
    remind_after: Annotated[
        str, fields.text(label="期限後の督促", classification=INTERNAL, max_length=60, required=False)
    ] = ""
    remind_every: Annotated[
        int,
        fields.integer(label="その後の督促の間隔", classification=INTERNAL, minimum=0, maximum=90, unit="日"),
    ] = 7

    @property
    def reminding(self) -> rules.Reminding:
        """As the rules have it. Raises :class:`Problem` where days are none."""
        before, after = rules.read_days(self.remind_before), rules.read_days(self.remind_after)
        for field, days, text in (
            ("remind_before", before, self.remind_before),
            ("remind_after", after, self.remind_after),
        ):
            if days is None or len(days) > _MOST_DAYS:
                raise Problem(
                    "days",
                    _(
                        "「%(found)s」は使えません。「7、1」のように、0から90までの日数を6つまで書いてください。"
                    )
                    % {"found": text},
                    field=field,
                    found=text,
                    expected="7、1",
                )
        return rules.Reminding(before or (), after or (), self.remind_every)


@dataclass(frozen=True, kw_only=True)
class PlanRound(Described, Days):
    """A new round. ``kind`` is a key of :data:`~..askings.ASKINGS`, ``subject`` the id of what it is about, ``office`` of the secretariat's office."""

    kind: Annotated[str, fields.text(label="照会の種類", classification=INTERNAL, max_length=40)]
    year: Annotated[FiscalYear, fields.fiscal_year(label="年度", classification=INTERNAL)]
    phase: Annotated[str, fields.choice(rules.PHASES, label="見込・確定", classification=INTERNAL)] = "none"
    subject: Annotated[
        str, fields.text(label="対象", classification=INTERNAL, max_length=40, required=False)
    ] = ""
    office: Annotated[str, fields.text(label="事務局の所属", classification=INTERNAL, max_length=40)]


@dataclass(frozen=True, kw_only=True)
class Describe(Described):
    """Other words for a round that stands."""


@dataclass(frozen=True)
class Close:
    """The end of a round. ``unfinished``: it ends although not everything was accepted, for the ``reason``."""

    unfinished: Annotated[
        bool, fields.yes_no(label="受理していないものを残して完了する", classification=INTERNAL)
    ] = False
    reason: Annotated[str, fields.prose(label="理由", classification=INTERNAL, max_length=2000)] = ""


@action("rounds.plan", label="照会を作る", may=PLAN, data=PlanRound)
def plan(ctx: Context, _new: None, data: PlanRound) -> Round:
    """Write a round; nobody is asked yet."""
    asking = ASKINGS.get(data.kind) if data.kind in ASKINGS else None
    subject = None
    if asking is not None and asking.subject_kind:
        subject = SubjectRef(asking.subject_kind, read_id(data.subject))
        if subject.id not in {one for one, _label in asking.subjects(ctx)}:
            raise Problem(
                "subject", _("この照会の対象を選んでください。"), field="subject", found=data.subject
            )
    return store.plan_round(
        ctx,
        store.Opening(
            kind=data.kind,
            year=data.year,
            phase=data.phase,
            title=data.title,
            letter=data.letter,
            office_id=read_id(data.office),
            days=data.by_key,
            subject=subject,
            reminding=data.reminding,
        ),
    )


@action("rounds.describe", label="照会の文を直す", may=PLAN, data=Describe)
def describe(ctx: Context, round_: Round, data: Describe) -> Round:
    """Change title, letter and the days of reminding. Raises :class:`Problem` once the round is over."""
    _demand_live(round_)
    reminding = data.reminding
    round_.title, round_.letter = data.title.strip(), data.letter.strip()
    round_.remind_before = rules.write_days(reminding.before)
    round_.remind_after = rules.write_days(reminding.after)
    round_.remind_every = reminding.every
    round_.save()
    return round_


@action("rounds.set_days", label="照会の日程を決める", may=PLAN, data=Days)
def set_days(ctx: Context, round_: Round, data: Days) -> Round:
    """Change the days. Offices that are asked already and have no day of their own get the new one."""
    _demand_live(round_)
    store.demand_days(data.by_key)
    before = store.days_of(round_)
    store.write_days(round_, data.by_key)
    if before.get(rules.NEEDED) != data.office_due:
        OfficePart.unscoped.filter(round=round_).update(due=data.office_due)
        OfficePart.unscoped.filter(round=round_, extension__isnull=True).update(due_since=japan_date(ctx.now))
        # An extension that ends no later than everybody's day is none any more.
        OfficePart.unscoped.filter(round=round_, extension__lte=data.office_due).update(
            extension=None, extension_by="", due_since=japan_date(ctx.now)
        )
    ctx.note(before={key: day.isoformat() for key, day in before.items()})
    return round_


def _demand_live(round_: Round) -> None:
    if round_.state in states.ROUND_FINAL:
        raise Problem("over", _("この照会は終わっています。変えられません。"), found=round_.state)


@action("rounds.open", label="照会をはじめる", may=PLAN, data=NoData)
def open_round(ctx: Context, round_: Round, data: NoData) -> Round:
    """Ask the offices: from here on they see what they are asked for."""
    store.begin(ctx, round_)
    return round_


@action("rounds.call_off", label="照会を取りやめる", may=PLAN, data=Because)
def call_off(ctx: Context, round_: Round, data: Because) -> Round:
    """Give up a round in which nobody was asked yet."""
    ctx.because(data.reason)
    store.move_round(ctx, round_, "call_off", data.reason)
    return round_


@action("rounds.collect", label="回収を締め切る", may=COLLECT, data=NoData)
def collect(ctx: Context, round_: Round, data: NoData) -> Round:
    """The offices answer no more, but for what is sent back to them; nobody is reminded any more."""
    store.move_round(ctx, round_, "collect")
    left = Item.unscoped.filter(round=round_, state__in=states.OUTSTANDING).count()
    ctx.note(outstanding=left)
    ctx.publish(store.COLLECTED, store.told(round_))
    return round_


@action("rounds.set_back", label="照会中に戻す", may=COLLECT, data=Because)
def set_back(ctx: Context, round_: Round, data: Because) -> Round:
    """Let the offices answer again."""
    ctx.because(data.reason)
    store.move_round(ctx, round_, "set_back", data.reason)
    return round_


@action("rounds.close", label="照会を完了する", may=COLLECT, data=Close)
def close(ctx: Context, round_: Round, data: Close) -> Round:
    """End a round. What was not accepted has to be left out knowingly, with a reason."""
    left = Item.unscoped.filter(round=round_).exclude(state__in=states.SETTLED).count()
    if left and not data.unfinished:
        raise Problem(
            "unfinished",
            _(
                "受理していないものが%(count)d件あります。受理するか、残したまま完了する印と理由を付けてください。"
            )
            % {"count": left},
            field="unfinished",
            found=str(left),
        )
    if left and not data.reason.strip():
        raise Problem("required", _("「理由」が空です。入力してください。"), field="reason")
    ctx.because(data.reason)
    ctx.note(unfinished=left)
    store.move_round(ctx, round_, "close", data.reason)
    ASKINGS.get(round_.kind).on_closed(ctx, round_)
    ctx.publish(store.CLOSED, store.told(round_))
    return round_
