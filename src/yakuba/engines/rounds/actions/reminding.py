"""Reminders: a row and a mail in one transaction. The morning's run and the secretariat's button write them, and nobody else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from yakuba.engines.delivery.models import Delivery
from yakuba.engines.delivery.store import Message, send
from yakuba.engines.rounds import rules
from yakuba.engines.rounds.access import REMIND, REMIND_NOW
from yakuba.engines.rounds.actions.answering import demand_asking, whole_of
from yakuba.engines.rounds.models import OfficePart, Reminder
from yakuba.engines.rounds.queries import reminders, rounds
from yakuba.kernel.actions import Context, NoData, Problem, SubjectRef, action
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.plugins import crash

_TITLE = 120  # of a mail's subject


@dataclass(frozen=True, slots=True)
class _Told:
    """A mail that was ordered, and to whom; without one nobody can be reached."""

    recipient: str = ""
    delivery: Delivery | None = None


@action("rounds.remind", label="期限を督促する", may=REMIND, data=NoData, parent=whole_of)
def remind(ctx: Context, part: OfficePart, data: NoData) -> OfficePart:
    """What this morning brings for one office: the newest occasion is sent, older ones that nobody sent are noted as skipped.

    Done twice it finds nothing left: the occasion's row and its mail were written in one transaction.
    """
    if part.round.state != "open":
        return part
    owes = rounds.owing(ctx, [part])[0]
    until = owes.waiting.until
    if until is None:
        return part
    today = japan_date(ctx.now)
    done = reminders.noted(part, until)
    due = rules.due_now(part.round.reminding, until, part.due_since, today, done)
    if due is None:
        return part
    for occasion in due.skip:
        _write(ctx, part, until, occasion, owes.outstanding, "skipped", _Told())
    if due.send:
        _remind(ctx, part, owes, until, due.send)
    crash.point("rounds.reminded")
    return part


@action("rounds.remind_now", label="いま督促する", may=REMIND_NOW, data=NoData, parent=whole_of)
def remind_now(ctx: Context, part: OfficePart, data: NoData) -> OfficePart:
    """The secretariat reminds an office today, once a day. Raises :class:`Problem` where nothing is owed or it was done today."""
    demand_asking(part)
    owes = rounds.owing(ctx, [part])[0]
    until = owes.waiting.until
    if until is None:
        raise Problem("nothing", _("この課に、残っているものはありません。"))
    occasion = f"asked {japan_date(ctx.now):%Y-%m-%d}"
    if occasion in reminders.noted(part, until):
        raise Problem("today", _("この課には、今日もう督促しています。"))
    _remind(ctx, part, owes, until, occasion)
    return part


def _remind(ctx: Context, part: OfficePart, owes: rounds.Part, until: dt.date, occasion: str) -> None:
    told = _send(ctx, part, owes, until)
    state = "sent" if told.delivery is not None else "nobody"
    _write(ctx, part, until, occasion, owes.outstanding, state, told)
    ctx.note(occasion=occasion, recipient=told.recipient or "nobody")


def _write(
    ctx: Context, part: OfficePart, until: dt.date, occasion: str, outstanding: int, state: str, told: _Told
) -> None:
    Reminder(
        municipality_id=part.municipality_id,
        part=part,
        until=until,
        occasion=occasion,
        state=state,
        recipient=told.recipient,
        delivery=told.delivery,
        outstanding=outstanding,
        at=ctx.now,
    ).save(force_insert=True)


def _send(ctx: Context, part: OfficePart, owes: rounds.Part, until: dt.date) -> _Told:
    """Order the mail to the first address that can be used."""
    with translation.override("ja"):  # the city's letter, in whatever language its clerk reads the desk
        for one in reminders.recipients(ctx, part):
            subject, body = _words(ctx, part, owes, until, one.office if one.kind != "office" else "")
            message = Message(
                purpose="office",
                address=one.mail,
                subject=subject,
                body=body,
                about=SubjectRef("round_part", part.pk),
            )
            try:
                return _Told(one.kind, send(ctx, message))
            except Problem:  # an address that no mail can go to: the next one is tried
                continue
    return _Told()


def _words(
    ctx: Context, part: OfficePart, owes: rounds.Part, until: dt.date, instead_of: str
) -> tuple[str, str]:
    """Subject and body. ``instead_of`` names the office that could not be reached itself."""
    days = (until - japan_date(ctx.now)).days
    if days < 0:
        when = _("%(days)d日過ぎています") % {"days": -days}
    elif days == 0:
        when = _("今日までです")
    else:
        when = _("あと%(days)d日です") % {"days": days}
    title = part.round.title[:_TITLE]
    lines = [
        _("「%(title)s」の期限は%(day)sです（%(when)s）。")
        % {"title": title, "day": format_date(until, weekday=True), "when": when}
    ]
    if instead_of:
        lines.append(
            _("%(office)sに課のメールの登録がないため、こちらに送っています。%(office)sにお伝えください。")
            % {"office": instead_of}
        )
    if owes.waiting.open:
        lines.append(_("まだ入力していないもの：%(count)d件") % {"count": owes.waiting.open})
    if owes.waiting.entered:
        lines.append(_("所属長の確認を待つもの：%(count)d件") % {"count": owes.waiting.entered})
    lines.append(
        _("役場の職員の画面で開いてください。\n%(address)s") % {"address": reminders.address_of(ctx, part)}
    )
    subject = _("［%(town)s］期限のお知らせ：%(title)s（%(when)s）") % {
        "town": ctx.municipality.name,
        "title": title,
        "when": when,
    }
    return subject, "\n\n".join(lines) + "\n"
