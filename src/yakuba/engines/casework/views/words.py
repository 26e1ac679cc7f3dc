"""How a case's facts read on the desk: its state, its term, who has it."""

from __future__ import annotations

import datetime as dt

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yakuba.engines.casework import rules
from yakuba.engines.casework.models import Case
from yakuba.engines.casework.states import state_label
from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.ui.components import badge


def state_words(case: Case) -> str:
    """The state's word for the case's kind."""
    return _(state_label(case.kind, case.state))


def result_words(case: Case) -> str:
    """How the applicant wants the result."""
    return _(dict(rules.RESULTS)[case.result]) if case.result else _("聞いていません")


def standing_of(case: Case, today: dt.date) -> rules.Standing:
    """How its term stands on a day. A case without a term has an empty rule."""
    return rules.standing(case.state, case.due_on, today, has_term=bool(case.clock))


def due_words(case: Case, today: dt.date) -> str:
    """The term in words: how many days are left, why none are counted, or whether it was kept."""
    standing = standing_of(case, today)
    if standing == "none":
        return _("期限の定めなし")
    if standing == "stopped" or case.due_on is None:
        return _("補正中は止まっています") if standing == "stopped" else ""
    days = (case.due_on - today).days
    if standing == "late":
        return ngettext("%(n)d日超過", "%(n)d日超過", -days) % {"n": -days}
    if standing == "over":
        return {True: _("期限内"), False: _("期限を過ぎました"), None: ""}[on_time(case)]
    if days == 0:
        return _("今日まで")
    return ngettext("あと%(n)d日", "あと%(n)d日", days) % {"n": days}


def due_cell(case: Case, today: dt.date) -> object:
    """The same for a list: the day, and what presses behind it in a frame, with a sign and words."""
    standing = standing_of(case, today)
    words = due_words(case, today)
    if standing == "late":
        return format_html("{} {}", _day(case), badge(words, tone="bad", mark="triangle"))
    if standing == "soon":
        return format_html("{} {}", _day(case), badge(words, tone="warn", mark="clock"))
    return words if standing in {"none", "stopped"} else _day(case)


def _day(case: Case) -> str:
    return format_date(case.due_on) if case.due_on else ""


def on_time(case: Case) -> bool | None:
    """Whether it was decided (a notification: completed) in time; None where that is not known."""
    return rules.on_time(
        case.kind,
        case.due_on,
        japan_date(case.decided_at) if case.decided_at else None,
        japan_date(case.completed_at) if case.completed_at and case.state == "completed" else None,
    )
