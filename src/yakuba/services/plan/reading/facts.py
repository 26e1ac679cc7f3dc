"""What a document says about itself around its table: the plan's title, years and edition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from yakuba.kernel.dates import FiscalYear

from . import model
from .blocks import Block
from .mentions import Years
from .model import Plan
from .unreadable import Unreadable
from .wording import fiscal_year, plain, squeeze, year_span

_PLAN_WORDS: Final = re.compile(r"計画|プラン|ビジョン|構想|戦略|方針|指針")
_EDITION: Final = re.compile(r"(?P<whole>(?P<era>令和|平成)\s*(?P<nth>元|[0-9]{1,2})年度\s*(?:改訂|改定)?版)")
#: The edition as it stands at the end of a title, with what a draft is marked with.
_EDITION_TAIL: Final = re.compile(
    r"[\s(（]*(?:令和|平成)\s*(?:元|[0-9０-９]{1,2})年度\s*(?:改訂|改定)?版[)）]?\s*(?:[(（](?:素案|案|改訂版|概要版)[)）])?\s*$"
)
_PERIOD: Final = re.compile(r"計画期間|計画の期間|対象期間|実施期間")
_MAX_TITLE: Final = 80


@dataclass(slots=True)
class Facts:
    """The plan's block, the year of its edition (else its first), the indexes of the blocks it was read from, what was assumed."""

    plan: Plan
    year: int
    used: frozenset[int]
    warnings: list[model.Warning] = field(default_factory=list)


def facts_of(preface: Sequence[tuple[int, Block]], years: Years, file: str) -> Facts:
    """The plan's title, edition and years. Raises `Unreadable` where no year of the plan can be found."""
    printed = [(at, block.text) for at, block in preface if not block.blank]
    warnings: list[model.Warning] = []
    used: set[int] = set()
    title = _title(printed, used)
    if not title:
        title = PurePath(file).stem
        text = f"計画の名前が見当たらないため、ファイル名「{title}」を使いました。"
        warnings.append(model.Warning(None, "title-from-file-name", text))
    edition = _edition(printed, used)
    # The plan keeps its name from one yearly edition to the next.
    title = _EDITION_TAIL.sub("", title).strip() or title
    first, last = _years(printed, years, edition, used, warnings)
    plan = Plan(title=title, first_year=first, last_year=last, edition=edition[0] if edition else None)
    return Facts(plan, edition[1] if edition else first, frozenset(used), warnings)


def _title(printed: Sequence[tuple[int, str]], used: set[int]) -> str:
    """The first short line that names a plan, else the only line there is."""
    named = [(line, text) for line, text in printed if _PLAN_WORDS.search(text) and len(text) <= _MAX_TITLE]
    named = [
        (line, text) for line, text in named if not text.endswith("。") and not _PERIOD.search(text)
    ] or [(line, text) for line, text in printed if len(printed) == 1 and len(text) <= _MAX_TITLE]
    if not named:
        return ""
    used.add(named[0][0])
    return named[0][1]


def _edition(printed: Sequence[tuple[int, str]], used: set[int]) -> tuple[str, int] | None:
    for line, text in printed:
        found = _EDITION.search(plain(text))
        year = fiscal_year(found["era"], found["nth"], None) if found else None
        if found and year:
            if not _EDITION_TAIL.sub("", text).strip():
                used.add(line)
            return found["whole"], year
    return None


def _years(
    printed: Sequence[tuple[int, str]],
    years: Years,
    edition: tuple[str, int] | None,
    used: set[int],
    warnings: list[model.Warning],
) -> tuple[int, int]:
    """First and last year of the plan, from the surest statement that there is.

    A stated period, the coming schedule's head, a span in the title; else the target columns, the edition's
    year, or the year after the last actual, each of them with a warning.
    """
    for line, text in printed:
        span = year_span(plain(text))
        if span and _PERIOD.search(text):
            rest = _PERIOD.sub("", squeeze(text)).strip("():・の ")
            if len(rest) <= 24:
                used.add(line)
            return span
    if years.spans:
        return years.spans[0]
    for _, text in printed:
        span = year_span(plain(text))
        if span:
            return span
    if years.targets:
        first, last = min(years.targets), max(years.targets)
    elif edition:
        first = last = edition[1]
    elif years.actuals:
        first = last = max(years.actuals) + 1
    else:
        raise Unreadable(
            "no-years",
            "計画の年度が見当たりません。見出しか表の前の行に、計画期間(例: 令和6年度～令和8年度)が必要です。",
        )
    if edition:
        first, last = min(first, edition[1]), max(last, edition[1])
    text = (
        "計画期間が書かれていないため、"
        f"{FiscalYear(first).wareki}から{FiscalYear(last).wareki}までとしました。"
    )
    warnings.append(model.Warning(None, "plan-years-assumed", text))
    return first, last
