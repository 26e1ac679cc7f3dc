"""Heads of yearly reports: what was planned for a year, what was done, how it is judged, what comes next.

実績 stands over figures in one city and over sentences in the next, and 予定 over a year or none: the rows below tell which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from .blocks import Block
from .cells import look
from .columns import MONEY, Column, Role
from .judging import tells_results
from .wording import mentioned_years, plain, squeeze, year_span

#: What is left of a head without its year: a plan, with or without what it plans.
_PLANNED: Final = re.compile(
    r"(?:年次|年度|実施|取組|取り組み|取組み|事業)?の?(?:計画|予定|取組|取り組み|取組み)(?:内容|予定|計画)?"
)
#: The same of the time to come, without a year.
_COMING: Final = re.compile(
    r"(?:今後|次年度|来年度|翌年度|次期)(?:以降)?の?(?:対応|方針|方向性?|取組|取り組み|取組み|予定|計画|展開)(?:方針|予定|内容)?"
)
_LONG: Final = 8
#: Rows that are looked at; the first of a table show what it holds.
_SAMPLE: Final = 200


def reported(columns: Sequence[Column], rows: Sequence[Block]) -> tuple[Column, ...]:
    """The columns of a head with what the rows say of results and plans; of another head than a report's as they are.

    A result whose cells are sentences is a text; the plan of the year that was reported is that year's stage, a later year's the
    schedule. Cells stand on their columns by place.
    """
    found = list(columns)
    for place, column in enumerate(columns):
        if column.role is Role.VALUE and column.detail == "actual" and "値" not in column.head:
            texts = any(one.role is Role.TEXT and one.detail == "result" for one in found)
            if not texts and _sentences(_below(rows, place)):
                found[place] = Column(Role.TEXT, column.head, "result")
    year = _year(found)
    if year is None and not any(column.role is Role.PROGRESS for column in found):
        return tuple(found)
    return tuple(_scheduled(found, year))


def _below(rows: Sequence[Block], place: int) -> list[str]:
    return [row.cells[place] for row in rows[:_SAMPLE] if place < len(row.cells) and row.cells[place]]


def _sentences(cells: Sequence[str]) -> bool:
    """Whether most cells tell something in words: no figure and no word of state."""
    looks = [look(cell) for cell in cells]
    printed = [one for one in looks if not one.dash]
    told = [
        one
        for one in printed
        if one.sentence
        or "。" in one.text
        or tells_results(one.text)
        or (not one.value and len(squeeze(one.text)) >= _LONG)
    ]
    return len(told) * 2 > len(printed)


def _year(columns: Sequence[Column]) -> int | None:
    """The latest year of which results are told."""
    years = [
        mention.year
        for column in columns
        if (column.role is Role.TEXT and column.detail == "result")
        or (column.role is Role.VALUE and column.detail == "actual")
        for mention in mentioned_years(plain(column.head))
    ]
    return max(years, default=None)


def _scheduled(columns: Sequence[Column], year: int | None) -> list[Column]:
    """The columns with the plans of single years as stages or the schedule, where a field of that kind is free."""
    found = list(columns)
    stages = {column.year for column in columns if column.role is Role.STAGE}
    coming: list[int] = []
    for place, column in enumerate(columns):
        if column.role not in {Role.UNKNOWN, Role.SCHEDULE} or column.detail == MONEY:
            continue
        planned = _planned(column.head)
        if planned is None:
            if _COMING.fullmatch(squeeze(column.head)):
                coming.append(place)
        elif year is None or planned > year:
            coming.append(place)
        elif planned not in stages:
            stages.add(planned)
            found[place] = replace(column, role=Role.STAGE, detail="", year=planned, span=None)
    kept = any(
        column.role is Role.SCHEDULE and column.detail == "schedule" and place not in coming
        for place, column in enumerate(found)
    )
    for place in coming:
        role, detail = (Role.UNKNOWN, "") if kept else (Role.SCHEDULE, "schedule")
        found[place] = replace(columns[place], role=role, detail=detail)
        kept = True
    return found


def _planned(head: str) -> int | None:
    """The one year whose plan a head names (R7の予定, 年次計画（R6）)."""
    text = plain(head)
    years = list(mentioned_years(text))
    if len(years) != 1 or year_span(text):
        return None
    rest = text[: years[0].begin] + text[years[0].end :]
    return years[0].year if _PLANNED.fullmatch(re.sub(r"[\s()\[\]【】]", "", rest)) else None
