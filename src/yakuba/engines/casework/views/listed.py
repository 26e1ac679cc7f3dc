"""The inbox as a list: its rows, columns and filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yakuba.engines.casework import rules
from yakuba.engines.casework.models import CHANNELS, Case
from yakuba.engines.casework.queries import inbox, reach
from yakuba.engines.casework.states import KINDS, STATES
from yakuba.engines.casework.views.words import due_cell, state_words
from yakuba.kernel.access.desk import address
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import japan_date
from yakuba.kernel.town.queries import office_names
from yakuba.kernel.ui.components import Link, badge
from yakuba.kernel.ui.lists import Choice, Column, Filter, ListSpec, ListState, Slice

_CHANNELS = dict(CHANNELS)
BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the list."""

    case: Case
    office: str
    held: bool
    today: dt.date


def lines(ctx: Context, rows: Sequence[Case], held: frozenset[UUID]) -> list[Line]:
    """Rows with what the offices are called today (one query)."""
    today = japan_date(ctx.now)
    names: Mapping[UUID, str] = office_names({row.office_id for row in rows}, today) if rows else {}
    return [Line(row, names.get(row.office_id, ""), row.pk in held, today) for row in rows]


def spec(ctx: Context, *, choose: bool, fixed: bool = False) -> ListSpec[Line]:
    """Columns and filters. ``choose``: rows can be ticked for doing many at once. ``fixed``: the view stands in the path."""
    own = reach.offices(ctx)
    offices = office_names(own, japan_date(ctx.now)) if len(own) > 1 else {}
    columns: list[Column[Line]] = [
        Column(
            "number",
            _("収受番号"),
            sortable=True,
            narrow=True,
            main=True,
            show=lambda row: row.case.number,
            link=lambda row: address("casework-case", ctx, row.case.pk),
        ),
        Column("title", _("件名"), sortable=True, show=_title),
        Column("applicant", _("申請者"), show=_applicant),
        Column("state", _("状態"), sortable=True, narrow=True, show=lambda row: state_words(row.case)),
        Column(
            "due",
            _("処理の期限"),
            sortable=True,
            narrow=True,
            show=lambda row: due_cell(row.case, row.today),
        ),
        Column(
            "assignee",
            _("担当者"),
            show=lambda row: row.case.assignee.name if row.case.assignee else _("なし"),
        ),
        Column("channel", _("受付の方法"), show=lambda row: _(_CHANNELS[row.case.channel])),
    ]
    if len(own) > 1 or not choose:
        columns.append(Column("office", _("担当課"), show=lambda row: row.office))
    if choose:
        columns.append(Column("pick", _("選ぶ"), narrow=True, paper="drop", show=_pick))
    return ListSpec(
        columns=tuple(columns),
        filters=(
            Filter("due", _("期限"), tuple(Choice(key, _(label)) for key, label in rules.STANDINGS)),
            Filter("state", _("状態"), tuple(Choice(key, _(label)) for key, label in STATES)),
            Filter("kind", _("種類"), tuple(Choice(key, _(label)) for key, label in KINDS)),
            Filter("channel", _("受付の方法"), tuple(Choice(key, _(label)) for key, label in CHANNELS)),
            *(
                [
                    Filter(
                        "office", _("担当課"), tuple(Choice(str(key), name) for key, name in offices.items())
                    )
                ]
                if offices
                else []
            ),
        ),
        search=_("番号・氏名・件名で探す（終わった案件も）"),
        default_sort="due",
        extra=frozenset() if fixed else frozenset({"view"}),
    )


def _title(row: Line) -> object:
    return format_html("{} {}", row.case.title, badge(_("試行"))) if row.case.test else row.case.title


def _applicant(row: Line) -> object:
    if not row.held:
        return row.case.applicant
    mark = badge(_("支援措置"), tone="bad", mark="stop")
    return format_html("{} {}", row.case.applicant, mark)


def _pick(row: Line) -> SafeString:
    return format_html(
        '<span class="choice"><input type="checkbox" form="{}" name="case" value="{}" aria-label="{}"></span>',
        BATCH,
        row.case.pk,
        _("%(number)sを選ぶ") % {"number": row.case.number},
    )


def asked(state: ListState, view: str) -> inbox.Asked:
    """What the query is to find."""
    return inbox.Asked(
        view=view,
        states=state.chosen("state"),
        due=state.chosen("due"),
        channels=state.chosen("channel"),
        offices=state.chosen("office"),
        kinds=state.chosen("kind"),
        words=state.q,
        sort=state.sort,
    )


def page(ctx: Context, what: inbox.Asked, start: int) -> tuple[Slice[Line], list[Case]]:
    """One page of the list, and the cases on it."""
    found = inbox.page(ctx, what, start)
    rows = list(found.rows)
    drawn = lines(ctx, rows, inbox.held_of(ctx, rows))
    return Slice(drawn, found.count, found.previous, found.following), rows


def ways(ctx: Context, current: str) -> list[Link]:
    """Ready-made ways to look at the inbox."""
    counts = inbox.counts(ctx)
    here = address("casework-inbox", ctx)
    known = (
        ("", _("課の案件"), counts.open),
        ("unassigned", _("担当者なし"), counts.unassigned),
        ("closed", _("終わった案件"), None),
        ("moved", _("ほかの課へ移した案件"), None),
        ("all", _("すべて"), None),
    )
    return [
        Link(label, f"{here}?view={key}" if key else here, current=key == current, count=count)
        for key, label, count in known
    ]
