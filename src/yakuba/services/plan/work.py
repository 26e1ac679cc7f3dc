"""What of the plan waits for whom, with true counts; and the plan's lines of the desk's navigation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.access.desk import Door, Waiting, add_door, add_waiting
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.services.plan import access, calendar_sheet, queries
from yakuba.services.plan.models import Edition, Initiative
from yakuba.services.plan.pending import pending
from yakuba.services.plan.published import EDITION

_SOON: Final = dt.timedelta(days=14)


def waiting(ctx: Context) -> list[Waiting]:
    """Imports to look at, doubts to settle, drafts to publish, days to come: only what is this actor's."""
    return [*_imports(ctx), *_doubts(ctx), *_drafts(ctx), *_days(ctx)]


def ready(ctx: Context) -> int:
    """How many readings wait for a decision."""
    return queries.imports(ctx).filter(state="ready").count()


def _imports(ctx: Context) -> Iterator[Waiting]:
    if not access.VIEW_IMPORT.holds_anywhere(ctx):
        return
    jobs = queries.imports(ctx).filter(state="ready").defer("reading")
    count = jobs.count()
    if count:
        first = jobs[0]
        page, args = ("plan-desk-import", [first.pk]) if count == 1 else ("plan-desk-imports", [])
        yield Waiting(
            _("読み取りを確かめて、下書きに反映する"),
            first.file_name if count == 1 else _("取り込んだ計画書"),
            reverse(page, args=[ctx.municipality.code, *args]),
            count,
            "upload",
        )


def _doubts(ctx: Context) -> Iterator[Waiting]:
    if not access.CORRECT.holds_anywhere(ctx):
        return
    mine = Initiative.objects.for_actor(ctx).filter(access.CORRECT.q(ctx)).exclude(doubts=[])
    counts: dict[object, set[object]] = {}
    for edition_id, initiative_id in mine.values_list("edition", "pk"):
        counts.setdefault(edition_id, set()).add(initiative_id)
    for edition in queries.editions(ctx).filter(pk__in=list(counts)):
        yield Waiting(
            _("読み取りを確かめる"),
            str(edition),
            _address(ctx, "plan-desk-edition", edition) + "?filter.state=doubt",
            len(counts[edition.pk]),
            "document",
        )


def _drafts(ctx: Context) -> Iterator[Waiting]:
    if not access.PUBLISH.holds_anywhere(ctx):
        return
    before = publishing.ever_published(ctx, EDITION)
    for edition in queries.editions(ctx).filter(state="draft"):
        here = _address(ctx, "plan-desk-publish", edition)
        found = pending(ctx, edition)
        if before.get(edition.pk):
            words = _("公表後に変えた取組を、公表し直す")
        else:
            words = _("もう一度公表する") if edition.pk in before else _("はじめて公表する")
        yield Waiting(words, str(edition), here, found.count or len(found.head), "flag")


def _days(ctx: Context) -> Iterator[Waiting]:
    """What of the calendar is due within two weeks, for whoever works on the plan; the next day by name."""
    if not access.CORRECT.holds_anywhere(ctx):
        return
    today = japan_date(ctx.now)
    due = queries.calendar_between(ctx, today, today + _SOON)
    if due:
        yield Waiting(
            _("2週間のうちにある予定"),
            _("%(days)s %(title)s") % {"days": calendar_sheet.days_of(due[0]), "title": due[0].title},
            reverse("plan-desk-calendar", args=[ctx.municipality.code]),
            len(due),
            "clock",
        )


def _address(ctx: Context, name: str, edition: Edition) -> str:
    return reverse(name, args=[ctx.municipality.code, edition.pk])


add_door(
    Door("plan", gettext_lazy("計画の版"), "plan-desk-editions", "plan", access.VIEW_EDITION.holds_anywhere)
)
add_door(
    Door(
        "plan",
        gettext_lazy("進み具合"),
        "plan-desk-board-now",
        "flag",
        access.VIEW_EDITION.holds_anywhere,
    )
)
add_door(
    Door(
        "plan",
        gettext_lazy("計画書の取り込み"),
        "plan-desk-imports",
        "upload",
        access.VIEW_IMPORT.holds_anywhere,
        ready,
    )
)
add_door(
    Door(
        "plan",
        gettext_lazy("年間の予定"),
        "plan-desk-calendar",
        "clock",
        access.VIEW_CALENDAR.holds_anywhere,
    )
)
add_waiting(waiting)
