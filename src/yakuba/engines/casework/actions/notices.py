"""Notices: written, issued with number, day and seal, and then on their way to the applicant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.casework import rules as case_rules
from yakuba.engines.casework import store
from yakuba.engines.casework.access import GO_ON, OPENED, WORK, WORK_NOTICE
from yakuba.engines.casework.models import NOTICE_STATES, SEALS, Case, Notice, Seal
from yakuba.engines.casework.notices import printing, queries, rules
from yakuba.engines.casework.origins import origin_of, remedies_due
from yakuba.engines.protection.store import demand_free
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, SubjectRef, action
from yakuba.kernel.dates import JAPAN, format_date, japan_date
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files import store as files

#: From these states of its case a notice can be written; a second one, to put the first right, after it was told.
_WRITTEN_FROM = frozenset({"decided", "notified", "completed"})
_CONTENT = ("title", "addressee", "address", "body", "remedies", "sender")


@dataclass(frozen=True)
class DraftNotice:
    """What the notice says. ``addressee`` with its 様 or 御中, ``address`` in lines as behind the window of an envelope."""

    title: Annotated[str, fields.text(label="標題", classification=INTERNAL)]
    addressee: Annotated[str, fields.text(label="宛名", classification=PERSONAL)]
    body: Annotated[
        str, fields.prose(label="本文", classification=PERSONAL, required=True, max_length=20_000)
    ]
    sender: Annotated[str, fields.text(label="差出人", classification=INTERNAL)]
    address: Annotated[
        str, fields.prose(label="宛先の住所", classification=PERSONAL, required=False, max_length=500)
    ] = ""
    remedies: Annotated[
        str, fields.prose(label="教示", classification=INTERNAL, required=False, max_length=4000)
    ] = ""


@dataclass(frozen=True)
class IssueNotice:
    """Number, day and seal. Without a number the next one is taken from the book; ``seal`` is the id of one that is valid that day.

    ``asked``: a person has looked at what the notice of remedies does not seem to name, and it is right as it is.
    """

    issued_on: Annotated[dt.date, fields.date(label="施行日", classification=INTERNAL)]
    sealing: Annotated[str, fields.choice(SEALS, label="公印", classification=INTERNAL)]
    seal: Annotated[str, fields.text(label="印影", classification=INTERNAL, required=False)] = ""
    document_number: Annotated[
        str, fields.text(label="文書番号", classification=INTERNAL, max_length=60, required=False)
    ] = ""
    asked: Annotated[bool, fields.yes_no(label="教示を確かめた", classification=INTERNAL)] = False


@dataclass(frozen=True)
class Handed:
    """How a notice left on paper, and when."""

    how: Annotated[str, fields.choice(rules.ON_PAPER, label="渡し方", classification=INTERNAL)]
    on: Annotated[dt.date, fields.date(label="渡した日", classification=INTERNAL)]


@dataclass(frozen=True)
class OpenedAt:
    """When the applicant opened it."""

    at: Annotated[dt.datetime, fields.moment(label="開封日時", classification=INTERNAL)]


def _case_of(notice: Notice) -> Case:
    """Whoever changes a notice locks its case first, as whoever changes the case does."""
    return notice.case


@action("casework.draft_notice", label="通知書を書く", may=WORK, data=DraftNotice)
def draft_notice(ctx: Context, case: Case, data: DraftNotice) -> Notice:
    """Write the notice, or change it as long as it is not issued. Raises :class:`Problem` before the decision."""
    if case.state not in _WRITTEN_FROM:
        raise store.not_now(case)
    found = Notice.unscoped.filter(case=case, state="draft").first()
    if found is None:
        found = Notice(
            municipality_id=case.municipality_id,
            case=case,
            disposition=queries.standing(case),
            sealing="omitted",
            state="draft",
        )
    for key in _CONTENT:
        setattr(found, key, getattr(data, key).strip())
    found.save()
    return found


@action("casework.discard_notice", label="通知書の下書きを捨てる", may=WORK, data=NoData)
def discard_notice(ctx: Context, case: Case, data: NoData) -> Case:
    """Throw the draft of a case's notice away."""
    Notice.unscoped.filter(case=case, state="draft").delete()
    return case


def _demand_draft(notice: Notice) -> None:
    if notice.state != "draft":
        raise Problem("issued", _("この通知書は、もう施行されています。内容は変えられません。"))


# --- issuing --------------------------------------------------------------------------------------------------------


@action(
    "casework.issue_notice",
    label="通知書を施行する",
    may=WORK_NOTICE,
    data=IssueNotice,
    parent=_case_of,
)
def issue_notice(ctx: Context, notice: Notice, data: IssueNotice) -> Notice:
    """Give it number, day and seal; its content never changes from here. It is handed over in the way that is wished.

    While 支援措置 stands on the case it is issued and stays where it is: nothing leaves by itself. Raises :class:`Problem`.
    """
    _demand_draft(notice)
    case = notice.case
    if case.state not in _WRITTEN_FROM:
        raise store.not_now(case)
    _demand_lawful(ctx, case, notice, asked=data.asked)
    _demand_day(ctx, case, data.issued_on)
    seal = _seal(ctx, case, data)
    facts = origin_of(case).notice(ctx, case)
    notice.document_number = _number(ctx, notice, data)
    notice.issued_on, notice.sealing, notice.seal = data.issued_on, data.sealing, seal
    made = printing.letter(queries.letter_of(notice, queries.picture_of(seal)))
    notice.file = files.keep(
        ctx,
        made,
        _("通知書_%(number)s.pdf") % {"number": notice.document_number},
        classification=PERSONAL,
        retention_class=facts.retention,
        made_by_us=True,
    )
    notice.digest = notice.file.sha256
    notice.state = "issued"
    notice.save()
    if seal is not None:
        ctx.note(seal=str(seal.pk))
    _hand_over(ctx, case, notice, facts.print_after_days)
    return notice


def _demand_lawful(ctx: Context, case: Case, notice: Notice, *, asked: bool) -> None:
    """What a decision against the applicant has to say. Raises :class:`Problem` on the field that is asked for."""
    decided = notice.disposition
    outcome = decided.outcome if decided else ""
    if case_rules.needs_reasons(outcome) and (
        decided is None or not decided.reasons.strip() or "理由" not in notice.body
    ):
        raise Problem(
            "reasons",
            _(
                "申請を認めない決定の通知書には、理由を書きます（行政手続法8条）。本文に「理由」を書いてください。"
            ),
            field="body",
        )
    if not remedies_due(ctx, case, outcome):
        return
    if not notice.remedies.strip():
        raise Problem(
            "remedies",
            _("申請を認めない処分の通知書には、教示を書きます（行政不服審査法82条）。"),
            field="remedies",
        )
    lacks = rules.lacks_of_remedies(notice.remedies)
    if lacks and not asked:
        raise Problem(
            "remedies_ask",
            _(
                "教示に、次のことが見あたりません：%(lacks)s。書き足すか、これでよいことを確かめて印を付けてください。"
            )
            % {"lacks": "、".join(_(one) for one in lacks)},
            field="asked",
        )


def _demand_day(ctx: Context, case: Case, day: dt.date) -> None:
    today = japan_date(ctx.now)
    first = japan_date(case.decided_at or case.arrived_at)
    if not first <= day <= today:
        raise Problem(
            "day",
            _("施行日「%(found)s」は使えません。決定した日（%(first)s）から今日までの日にしてください。")
            % {"found": format_date(day), "first": format_date(first)},
            field="issued_on",
            found=day.isoformat(),
        )


def _seal(ctx: Context, case: Case, data: IssueNotice) -> Seal | None:
    if data.sealing == "omitted":
        return None
    found = next(
        (one for one in queries.seals_on(ctx, case.authority, data.issued_on) if str(one.pk) == data.seal),
        None,
    )
    if found is None:
        raise Problem(
            "seal",
            _(
                "公印は、処分庁のもので、施行日に使えるものから選んでください。ないときは「公印省略」にします。"
            ),
            field="seal",
            found=data.seal,
        )
    return found


def _number(ctx: Context, notice: Notice, data: IssueNotice) -> str:
    """The typed number, where it is free, or the next of the book. A trial takes none."""
    case = notice.case
    if case.test:
        return f"試行-{notice.pk.hex[-12:]}"
    typed = data.document_number.strip()
    if not typed:
        return store.next_number(ctx, "document", case.office, case.authority, data.issued_on)
    taken = Notice.unscoped.filter(municipality=ctx.municipality.id, document_number=typed).exclude(
        pk=notice.pk
    )
    if taken.exists():
        raise Problem(
            "number",
            _("文書番号「%(found)s」は、ほかの通知書で使われています。") % {"found": typed},
            field="document_number",
            found=typed,
        )
    return typed


# --- handing over ---------------------------------------------------------------------------------------------------


def _hand_over(ctx: Context, case: Case, notice: Notice, business_days: int) -> None:
    """Have it go the way that the applicant wished: to be downloaded, to lie at the counter, else to be printed and posted.

    Nothing while 支援措置 stands.
    """
    if queries.is_held(ctx, case):
        return
    if origin_of(case).issued(ctx, case, notice):
        notice.state, notice.released_at = "released", ctx.now
        notice.print_after = rules.print_after(japan_date(ctx.now), business_days)
    else:
        notice.state = "to_hand" if case.result == "counter" else "to_print"
    notice.save(update_fields=["state", "released_at", "print_after"])
    _told(ctx, case)


def _told(ctx: Context, case: Case) -> None:
    """The case is told, once."""
    case.refresh_from_db()
    if case.state == "decided":
        store.move(ctx, case, "notify")


@action(
    "casework.release_notice",
    label="止めていた通知書を渡す",
    may=GO_ON,
    data=NoData,
    parent=_case_of,
)
def release_notice(ctx: Context, notice: Notice, data: NoData) -> Notice:
    """What 支援措置 had stopped goes on: to the applicant's page, or to be printed. Raises :class:`Held` while it still stands."""
    _demand(notice, "issued")
    demand_free(ctx, SubjectRef("case", notice.case_id), "notice")
    facts = origin_of(notice.case).notice(ctx, notice.case)
    _hand_over(ctx, notice.case, notice, facts.print_after_days)
    return notice


@action(
    "casework.print_notice",
    label="印刷・郵送に切り替える",
    may=WORK_NOTICE,
    data=NoData,
    parent=_case_of,
)
def print_notice(ctx: Context, notice: Notice, data: NoData) -> Notice:
    """It goes out on paper, without waiting for its being opened or fetched."""
    _demand(notice, "issued", "released", "opened", "to_hand")
    demand_free(ctx, SubjectRef("case", notice.case_id), "letter")
    _to_print(ctx, notice)
    return notice


@action(
    "casework.print_unopened",
    label="開封されない通知書を郵送に回す",
    may=OPENED,
    data=NoData,
    parent=_case_of,
)
def print_unopened(ctx: Context, notice: Notice, data: NoData) -> Notice:
    """Its days are over and nobody opened it. Nothing happens to one that is held, or was opened meanwhile."""
    due = notice.print_after is not None and notice.print_after <= japan_date(ctx.now)
    if notice.state == "released" and due and not queries.is_held(ctx, notice.case):
        _to_print(ctx, notice)
    return notice


def _to_print(ctx: Context, notice: Notice) -> None:
    notice.state = "to_print"
    notice.save(update_fields=["state"])
    _told(ctx, notice.case)


@action(
    "casework.hand_notice",
    label="郵送・手渡しを記録する",
    may=WORK_NOTICE,
    data=Handed,
    parent=_case_of,
)
def hand_notice(ctx: Context, notice: Notice, data: Handed) -> Notice:
    """It left on paper. Raises :class:`Held` while 支援措置 stands, :class:`Problem` for a day before its issue or still to come."""
    _demand(notice, "issued", "released", "opened", "to_print", "to_hand")
    demand_free(ctx, SubjectRef("case", notice.case_id), "letter")
    today = japan_date(ctx.now)
    if notice.issued_on is None or not notice.issued_on <= data.on <= today:
        raise Problem(
            "day",
            _("「%(found)s」は使えません。施行日から今日までの日にしてください。")
            % {"found": format_date(data.on)},
            field="on",
            found=data.on.isoformat(),
        )
    notice.state = data.how
    notice.posted_at = (
        ctx.now
        if data.on == today
        else dt.datetime.combine(data.on, dt.time(23, 59, 59), JAPAN).astimezone(dt.UTC)
    )
    notice.save(update_fields=["state", "posted_at"])
    _told(ctx, notice.case)
    return notice


@action(
    "casework.notice_opened",
    label="通知書の開封を記録する",
    may=OPENED,
    data=OpenedAt,
    parent=_case_of,
)
def notice_opened(ctx: Context, notice: Notice, data: OpenedAt) -> Notice:
    """The applicant opened it; it need not be printed any more. Only the first time counts."""
    if notice.opened_at is not None or notice.state == "draft":
        return notice
    notice.opened_at = data.at
    if notice.state in {"released", "to_print"}:
        notice.state = "opened"
    notice.save(update_fields=["state", "opened_at"])
    return notice


def _demand(notice: Notice, *states: str) -> None:
    if notice.state not in states:
        raise Problem(
            "state",
            _("この通知書は、いま「%(state)s」です。画面を開き直してください。")
            % {"state": _(dict(NOTICE_STATES)[notice.state])},
            found=notice.state,
        )
