"""A mail to the office's mailbox: a week before a value is due, the day after, and then each week while it is missing.

What was sent is told by the deliveries themselves: an occasion whose mail is written is not sent again, and after days without a worker
the newest occasion alone is made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.casework.queries.page import mailboxes
from yakuba.engines.delivery.models import Delivery
from yakuba.engines.delivery.store import Message, send
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.series import queries, reach
from yakuba.engines.metrics.series.queries import Owing, period_name
from yakuba.engines.metrics.series.rules import occasion
from yakuba.kernel.actions import Context, Everywhere, NoData, Permission, Problem, SubjectRef, action
from yakuba.kernel.dates import clock, format_date, japan_date
from yakuba.kernel.town.queries import OfficeOn, offices_on
from yakuba.kernel.trail.labels import register_name

REMIND_SERIES: Final = Permission("plan.remind_series", Series, {"cli": Everywhere()})
register_name("plan.series_reminders", gettext_lazy("外部の数値の督促"))
_KIND: Final = "metric_series"
_PURPOSE: Final = "office"
_NAMED: Final = 6
_TITLE: Final = 100


def due_series(ctx: Context) -> list[Series]:
    """The series of which this morning reminds somebody who has a mailbox. A constant number of queries."""
    found = queries.owing(ctx, list(queries.all_series(ctx).filter(state="active")))
    today = japan_date(ctx.now)
    asked = {one.series.pk: day for one in found if (day := _occasion(one, today)) is not None}
    if not asked:
        return []
    told = _told(ctx, list(asked))
    mails, known = mailboxes(ctx), _offices(ctx)
    return [
        one.series
        for one in found
        if one.series.pk in asked
        and told.get(one.series.pk, dt.date.min) < asked[one.series.pk]
        and any(True for _one in recipients(ctx, one.series, mails, known))
    ]


def _occasion(one: Owing, today: dt.date) -> dt.date | None:
    """The newest day up to today on which a mail is due of any of its periods."""
    days = [day for each in one.owed if (day := occasion(each.due, today)) is not None]
    return max(days, default=None)


def _told(ctx: Context, series: Sequence[UUID]) -> dict[UUID, dt.date]:
    """The day of the newest reminder of each series."""
    rows = Delivery.unscoped.filter(
        municipality=ctx.municipality.id, about_kind=_KIND, about_id__in=series, purpose=_PURPOSE
    )
    found: dict[UUID, dt.date] = {}
    for about, at in rows.order_by("created_at").values_list("about_id", "created_at"):
        if about is not None:
            found[about] = clock.japan_date(at)
    return found


def _offices(ctx: Context) -> dict[UUID, OfficeOn]:
    return {one.id: one for one in offices_on(ctx.municipality.id, japan_date(ctx.now))}


def recipients(
    ctx: Context, series: Series, mails: Mapping[UUID, str], known: Mapping[UUID, OfficeOn]
) -> Iterator[str]:
    """Addresses, the nearest first: of the office or those that carry its work on, then of their department."""
    answering = sorted(
        reach.answering(ctx, series.office_id), key=lambda one: known[one].code if one in known else ""
    )
    by_name = {one.name: one.id for one in known.values()}
    departments = [by_name.get(known[one].department) for one in answering if one in known]
    for office in (*answering, *departments):
        if office is not None and mails.get(office):
            yield mails[office]


@action("plan.remind_series", label="外部の数値を督促する", may=REMIND_SERIES, data=NoData)
def remind_series(ctx: Context, series: Series, data: NoData) -> Series:
    """The mail of one morning about one series. Done twice it finds nothing left: the mail was written in this transaction."""
    found = queries.owing(ctx, [series])[0]
    day = _occasion(found, japan_date(ctx.now)) if series.state == "active" else None
    if day is None or _told(ctx, [series.pk]).get(series.pk, dt.date.min) >= day:
        return series
    with translation.override("ja"):  # the city's letter, in whatever language its clerk reads the desk
        subject, body = _words(ctx, found)
        for mail in recipients(ctx, series, mailboxes(ctx), _offices(ctx)):
            message = Message(
                purpose=_PURPOSE, address=mail, subject=subject, body=body, about=SubjectRef(_KIND, series.pk)
            )
            try:
                send(ctx, message)
            except Problem:  # an address that no mail can go to: the next one is tried
                continue
            ctx.note(periods=[period_name(one.period) for one in found.owed][:_NAMED])
            break
    return series


def _words(ctx: Context, found: Owing) -> tuple[str, str]:
    today = japan_date(ctx.now)
    late = found.days(today)
    title = found.series.title[:_TITLE]
    first = found.owed[0]
    when = (
        _("%(days)d日過ぎています") % {"days": late}
        if late
        else _("あと%(days)d日です") % {"days": (first.due - today).days}
    )
    names = "、".join(period_name(one.period) for one in found.owed[:_NAMED])
    more = len(found.owed) - _NAMED
    lines = [
        _("「%(title)s」の数値が、まだ届いていません。") % {"title": title},
        _("まだない期間：%(names)s") % {"names": names}
        + (_("、ほか%(more)d件") % {"more": more} if more > 0 else ""),
        _("期限：%(day)s（%(when)s）") % {"day": format_date(first.due, weekday=True), "when": when},
        _("役場の職員の画面で、ファイルを届けるか、値を入力してください。\n%(address)s")
        % {"address": reverse("metrics-series", args=[ctx.municipality.code, found.series.pk])},
    ]
    subject = _("［%(town)s］数値を届けてください：%(title)s（%(when)s）") % {
        "town": ctx.municipality.name,
        "title": title,
        "when": when,
    }
    return subject, "\n\n".join(lines) + "\n"
