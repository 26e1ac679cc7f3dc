"""What みほん市 has ahead of it: the round of the year 令和8, planned and not opened yet; its days are last year's, a year later."""

from __future__ import annotations

import datetime as dt
from typing import Final

from yakuba.demo.steps import Steps, japan
from yakuba.engines.rounds import actions
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.town.queries import office_by_code
from yakuba.services.plan.models import Edition
from yakuba.services.plan.year.queries import KIND

_PLANNED: Final = japan(2026, 11, 16)
_YEAR: Final = FiscalYear(2026)


def plan(steps: Steps, edition: Edition) -> None:
    """Plan the round in which the offices are asked for what came of the edition in force."""
    office = office_by_code(steps.ref.id, "030300", dt.date(2026, 4, 1))
    if office is None:
        raise LookupError("no secretariat")
    actions.plan(
        steps.staff("ahead:plan", "itsuki", at=_PLANNED),
        None,
        actions.PlanRound(
            kind=KIND,
            year=_YEAR,
            phase="provisional",
            title="令和8年度情報化推進計画の進捗の照会",
            letter="情報化推進計画の進行管理のため、令和8年度の取組の結果、指標の実績（3月1日の見込）、進捗状況と、令和9年度の方針を入力してください。",
            subject=str(edition.pk),
            office=str(office.pk),
            request=dt.date(2027, 2, 15),
            office_due=dt.date(2027, 3, 5),
            head_due=dt.date(2027, 3, 9),
            checked=dt.date(2027, 3, 11),
            study=dt.date(2027, 3, 12),
            committee=dt.date(2027, 3, 16),
            decided=dt.date(2027, 3, 24),
            published=dt.date(2027, 3, 31),
            remind_before="7、1",
            remind_after="1、4",
        ),
    )
