"""The writers of cases: services open, move and hear inside their own actions, which have asked for permission.

case = store.open_case(ctx, Opening(kind="application", title="…", origin=subject_of(filing), …))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yakuba.engines.approval import store as approval
from yakuba.engines.approval.models import Proposal
from yakuba.engines.casework import states
from yakuba.engines.casework.checking import vouch_for
from yakuba.engines.casework.deadlines import ClockRule, Stop, due_on
from yakuba.engines.casework.models import (
    Case,
    CaseMessage,
    CheckMark,
    ClockStop,
    Disposition,
    Move,
    Notice,
    OfficeMailbox,
)
from yakuba.engines.casework.numbering.store import next_number
from yakuba.engines.casework.origins import ORIGINS, origin_of
from yakuba.engines.casework.rules import folded
from yakuba.engines.delivery.store import Message, send
from yakuba.engines.protection.rules import same_name
from yakuba.engines.protection.store import look
from yakuba.kernel.actions import Context, Problem, SubjectRef
from yakuba.kernel.dates import japan_date
from yakuba.kernel.ids import read_id
from yakuba.kernel.text.codes import grouped
from yakuba.kernel.town.models import Office

__all__ = [
    "ARRIVE",
    "COMPLETED",
    "TOLD",
    "Opening",
    "compare",
    "decided",
    "demand_office",
    "draft_of",
    "hear",
    "hold",
    "label_of",
    "move",
    "next_number",
    "not_now",
    "open_case",
    "rename",
    "sent_back",
    "stand",
    "steps_of",
    "stops_of",
    "submitted",
    "tell",
    "tell_office",
]

ARRIVE: Final = "arrive"
#: A case came to its end by completion, with the case's id; a withdrawal is none.
COMPLETED: Final = "casework.completed"
#: A notice in one of these states is on its way to the applicant; one that is only issued is stopped by 支援措置.
TOLD: Final = ("released", "opened", "to_print", "to_hand", "posted", "handed")
_APPLICANT = "申請者"
#: As wide as the columns; a family name and a given name of a hundred letters each are longer.
_NAME: Final = 200


@dataclass(frozen=True)
class Opening:
    """A case to be opened.

    ``origin`` is the service's record that it is about (its kind stands in :data:`~.origins.ORIGINS`), ``topic`` what it is filed
    under. ``clock`` is the term as it is now, None for none. ``checks`` are the lines of the check list. ``accept``: a 届出 that is
    complete on arrival (行政手続法37条). ``result`` is how the applicant wants it, empty where nobody asked. ``test``: a trial, which
    takes no number out of a book.
    """

    kind: str
    title: str
    origin: SubjectRef
    topic: SubjectRef
    office_id: UUID
    authority: str
    matter: str
    channel: str
    applicant: str
    applicant_kana: str
    receipt: str
    arrived_at: dt.datetime
    clock: ClockRule | None
    routed: bool
    result: str
    test: bool
    checks: tuple[str, ...] = ()
    accept: bool = False


def open_case(ctx: Context, opening: Opening) -> Case:
    """Register what came in: its number, its first move, its check list and its term; in the caller's transaction.

    Called once the origin's record is written: its persons are compared with the register of protected ones. The service knows that
    it opened the case; :class:`~.origins.Origin`.moved is called from the second move on. The office is told by mail where it has a
    mailbox. Raises :class:`Problem` for an office that is not there and an origin that has a case already, LookupError for an unknown
    kind or an origin that no room registered.
    """
    if opening.kind not in states.TABLES or opening.origin.kind not in ORIGINS:
        raise LookupError(f"no such kind of case or origin: {opening.kind}, {opening.origin.kind}")
    office = demand_office(ctx, opening.office_id)
    if Case.unscoped.filter(
        municipality=ctx.municipality.id, origin_kind=opening.origin.kind, origin_id=opening.origin.id
    ).exists():
        raise Problem("opened", _("この提出には、もう案件があります。"), field="origin")
    today = japan_date(ctx.now)
    case = Case(
        municipality_id=ctx.municipality.id,
        kind=opening.kind,
        state=states.FIRST,
        receipt=opening.receipt,
        title=opening.title,
        origin_kind=opening.origin.kind,
        origin_id=opening.origin.id,
        topic_kind=opening.topic.kind,
        topic_id=opening.topic.id,
        office=office,
        authority=opening.authority,
        matter=opening.matter,
        channel=opening.channel,
        arrived_at=opening.arrived_at,
        registered_at=ctx.now,
        clock=opening.clock.as_json() if opening.clock else {},
        routed=opening.routed,
        result=opening.result,
        test=opening.test,
    )
    case.number = (
        f"試行-{case.pk.hex[-12:]}"
        if opening.test
        else next_number(ctx, "registration", office, opening.authority, today)
    )
    case.due_on = _due(case, ())
    _call(case, opening.applicant, opening.applicant_kana)
    case.save(force_insert=True)
    who = _APPLICANT if opening.channel == "online" else f"{_APPLICANT}（記録：{label_of(ctx)}）"[:200]
    _write_move(ctx, case, ARRIVE, "", states.FIRST, at=opening.arrived_at, by_label=who, reason="")
    CheckMark.unscoped.bulk_create(
        CheckMark(
            municipality_id=case.municipality_id, case=case, position=position, label=label, mark="open"
        )
        for position, label in enumerate(opening.checks, start=1)
    )
    compare(ctx, case)
    tell_office(ctx, case)
    if opening.accept:
        move(ctx, case, "accept")
    return case


def move(
    ctx: Context,
    case: Case,
    key: str,
    *,
    reason: str = "",
    by_label: str = "",
    at: dt.datetime | None = None,
) -> Move:
    """Take one step of the state table; ``case`` comes back as it then is.

    Starts and stops the clock, sets ``decided_at`` and ``completed_at`` (the end of the case, its withdrawal too), and lets the origin
    release what the applicant may see. ``at`` is when it happened where that was before now: the day on which a correction arrived.
    Raises :class:`Problem` where the table has no such step from the case's state, or where something that the step needs is missing.
    """
    hold(case)
    step = states.step(case.kind, case.state, key, routed=case.routed)
    if step is None:
        raise not_now(case)
    _demand(case, step, reason)
    when = at or ctx.now
    made = _write_move(
        ctx,
        case,
        step.key,
        step.come_from,
        step.go_to,
        at=when,
        by_label=by_label or (_APPLICANT if step.by == "applicant" else label_of(ctx)),
        reason=reason.strip(),
    )
    case.state = step.go_to
    if step.go_to == "returned":
        ClockStop(municipality_id=case.municipality_id, case=case, since=japan_date(when)).save(
            force_insert=True
        )
    if step.come_from == "returned":
        _end_stops(case, japan_date(when))
    case.due_on = _due(case, stops_of(case))
    if step.go_to == "decided":
        case.decided_at = when
    if step.go_to in states.FINAL:
        case.completed_at = when
    if step.by == "applicant" and step.go_to in states.FINAL:
        approval.cancel(ctx, SubjectRef("case", case.pk))  # nobody is asked to decide it any more
    case.save(update_fields=["state", "due_on", "decided_at", "completed_at"])
    origin_of(case).moved(ctx, case, made)
    if step.go_to == "completed":
        ctx.publish(COMPLETED, {"case": str(case.pk)}, key=f"completed:{case.pk}:{made.seq}")
    return made


def hear(
    ctx: Context,
    case: Case,
    kind: str,
    body: str,
    *,
    asked: Sequence[str] = (),
    at: dt.datetime | None = None,
    by_label: str = "",
) -> CaseMessage:
    """Write down what the applicant said: ``question``, ``answer`` or ``correction``. It moves nothing: see :func:`move`.

    After a correction the persons are compared with the register anew, as the origin now has them.
    """
    said = _message(ctx, case, "in", kind, body, asked, None, at or ctx.now, by_label or _APPLICANT)
    if kind == "correction":
        compare(ctx, case)
    return said


def tell(
    ctx: Context,
    case: Case,
    kind: str,
    body: str,
    *,
    asked: Sequence[str] = (),
    answer_by: dt.date | None = None,
) -> CaseMessage:
    """Write to the applicant; the origin releases it. Raises :class:`Problem` for empty words."""
    if not body.strip():
        raise Problem("required", _("「本文」が空です。入力してください。"), field="body")
    said = _message(ctx, case, "out", kind, body.strip(), asked, answer_by, ctx.now, label_of(ctx))
    origin_of(case).told(ctx, case, said)
    return said


def rename(ctx: Context, case: Case, applicant: str, applicant_kana: str) -> None:
    """The applicant is called otherwise after a correction; the caller has compared the persons anew (:func:`hear` does)."""
    hold(case)
    _call(case, applicant, applicant_kana)
    case.save(update_fields=["applicant", "applicant_kana", "applicant_key", "sought"])


# --- what actions share ---------------------------------------------------------------------------------------------
def hold(case: Case) -> None:
    """The row as it stands, locked until the transaction ends."""
    case.refresh_from_db(from_queryset=Case.unscoped.select_for_update())


def demand_office(ctx: Context, office: UUID | str) -> Office:
    """An office of this municipality. Raises :class:`Problem` on the field ``office``."""
    found = Office.unscoped.filter(municipality=ctx.municipality.id, pk=read_id(str(office))).first()
    if found is None:
        raise Problem("office", _("所属が見つかりません。"), field="office", found=str(office)[:40])
    return found


def compare(ctx: Context, case: Case) -> None:
    """Look whether a person of the case is under 支援措置 (DESIGN §4 rule 13)."""
    look(ctx, SubjectRef("case", case.pk), origin_of(case).parties(ctx, [case]).get(case.pk, ()))


def stops_of(case: Case) -> list[Stop]:
    """When the clock of a case stood."""
    return [Stop(one.since, one.until) for one in ClockStop.unscoped.filter(case=case).order_by("since")]


def draft_of(case: Case) -> Disposition | None:
    """What is drafted and not decided."""
    return Disposition.unscoped.filter(case=case, decided_at__isnull=True).order_by("-drafted_at").first()


def not_now(case: Case) -> Problem:
    """That the state of the case does not allow it."""
    return Problem(
        "state",
        _("「%(state)s」の案件には、この操作はできません。画面を開き直してください。")
        % {"state": _(states.state_label(case.kind, case.state))},
        found=case.state,
    )


def _call(case: Case, applicant: str, applicant_kana: str) -> None:
    """How the applicant is called in lists; the origin keeps longer names whole.

    With it the copies that are searched: variants of characters are one (髙 and 高), blanks none.
    """
    case.applicant, case.applicant_kana = applicant[:_NAME], applicant_kana[:_NAME]
    case.applicant_key = same_name(applicant)[:_NAME]
    parts = (
        case.number,
        case.receipt,
        grouped(case.receipt),
        case.title,
        case.applicant,
        case.applicant_kana,
    )
    case.sought = "\n".join(folded(part) for part in parts if part)


def steps_of(case: Case) -> tuple[states.Step, ...]:
    """The moves that the table allows from where the case stands."""
    return states.steps_from(case.kind, case.state, routed=case.routed)


def label_of(ctx: Context) -> str:
    """Who acts, and in which post, as it is written down."""
    return f"{ctx.actor.label}（{ctx.acting_post}）"[:200] if ctx.acting_post else ctx.actor.label


def stand(ctx: Context, drafted: Disposition) -> None:
    """What was drafted stands from now on."""
    drafted.decided_at, drafted.decided_by = ctx.now, label_of(ctx)
    drafted.save(update_fields=["decided_at", "decided_by"])
    vouch_for(ctx, drafted)


# --- what becomes of a proposal -------------------------------------------------------------------------------------
def submitted(ctx: Context, case: Case, proposal: Proposal) -> None:
    """The draft is on its way to a decision. Raises :class:`Problem` where the case cannot go there from where it stands."""
    drafted = draft_of(case)
    if drafted is not None:
        drafted.proposal = proposal
        drafted.save(update_fields=["proposal"])
    move(ctx, case, "propose")


def decided(ctx: Context, case: Case, proposal: Proposal) -> None:
    """It is decided: the draft stands."""
    drafted = draft_of(case)
    if drafted is None or drafted.proposal_id != proposal.pk:
        raise Problem("disposition", _("決定の案が、起案したものと違います。起案し直してください。"))
    stand(ctx, drafted)
    move(ctx, case, "decided", by_label=label_of(ctx))


def sent_back(ctx: Context, case: Case, comment: str) -> None:
    """It came back, or was taken back: it is examined again. Nothing while it had not been sent."""
    hold(case)
    if case.state == "deciding":
        move(ctx, case, "sent_back", reason=comment, by_label=label_of(ctx))


def tell_office(ctx: Context, case: Case) -> None:
    """A line to the office's group mailbox: the number and where to find it, nothing of a person."""
    mailbox = OfficeMailbox.unscoped.filter(municipality=ctx.municipality.id, office=case.office_id).first()
    if mailbox is None:
        return
    address = reverse("casework-case", args=[ctx.municipality.code, case.pk])
    send(
        ctx,
        Message(
            purpose="office",
            address=mailbox.mail,
            subject=_("［%(town)s］案件 %(number)s が届きました")
            % {"town": ctx.municipality.name, "number": case.number},
            body=_(
                "案件 %(number)s が届きました。\n\n役場の職員の画面で開いてください。\n%(address)s\n\n"
                "このメールには、申請者の情報を書いていません。"
            )
            % {"number": case.number, "address": address},
            about=SubjectRef("case", case.pk),
        ),
    )


# --- inside ---------------------------------------------------------------------------------------------------------
def _write_move(
    ctx: Context,
    case: Case,
    key: str,
    start: str,
    end: str,
    *,
    at: dt.datetime,
    by_label: str,
    reason: str,
) -> Move:
    last = Move.unscoped.filter(case=case).order_by("-seq").values_list("seq", flat=True).first()
    made = Move(
        municipality_id=ctx.municipality.id,
        case=case,
        seq=(last or 0) + 1,
        kind=case.kind,
        step=key,
        from_state=start,
        to_state=end,
        at=at,
        by_label=by_label,
        reason=reason,
    )
    made.save(force_insert=True)
    return made


def _demand(case: Case, step: states.Step, reason: str) -> None:
    """What a step needs. Raises :class:`Problem`."""
    if "reason" in step.needs and not reason.strip():
        raise Problem("required", _("「理由」が空です。入力してください。"), field="reason")
    if "correction" in step.needs:
        asked = CaseMessage.unscoped.filter(case=case, kind="correction_request").count()
        if asked <= Move.unscoped.filter(case=case, step=step.key).count():
            raise Problem("correction", _("補正を求める文が、まだありません。先に書いてください。"))
    if "disposition" in step.needs and draft_of(case) is None:
        raise Problem("disposition", _("決定の案が、まだありません。先に作ってください。"))
    if "notice" in step.needs and not Notice.unscoped.filter(case=case, state__in=TOLD).exists():
        raise Problem(
            "notice", _("通知書が、まだ施行されていません。通知書を作って、施行してから進めてください。")
        )


def _message(
    ctx: Context,
    case: Case,
    direction: str,
    kind: str,
    body: str,
    asked: Sequence[str],
    answer_by: dt.date | None,
    at: dt.datetime,
    by_label: str,
) -> CaseMessage:
    said = CaseMessage(
        municipality_id=ctx.municipality.id,
        case=case,
        direction=direction,
        kind=kind,
        body=body,
        asked=list(asked),
        answer_by=answer_by,
        by_label=by_label,
        at=at,
    )
    said.save(force_insert=True)
    return said


def _end_stops(case: Case, day: dt.date) -> None:
    for stop in ClockStop.unscoped.filter(case=case, until__isnull=True):
        stop.until = max(day, stop.since)
        stop.save(update_fields=["until"])


def _due(case: Case, stops: Sequence[Stop]) -> dt.date | None:
    rule = ClockRule.of(case.clock)
    if rule is None:
        return None
    return due_on(
        rule, arrived=japan_date(case.arrived_at), registered=japan_date(case.registered_at), stops=stops
    )
