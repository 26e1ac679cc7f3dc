"""Indicators told in a line of text: «指標① 申請件数 令和6年度実績 11件、令和10年度目標 30件», «目標値（令和8年度）：90%».

A line is one where it begins with the word (指標, KPI) or stands under such a label, and names values by year and kind.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from .blocks import Block
from .columns import Column, Role
from .indicators import Read, ValueCell, read_indicators
from .wording import mentioned_years, plain, squeeze

#: A longer line is prose.
_LONGEST: Final = 600
_BEGINS: Final = re.compile(
    r"(?:[●■◆◇○◎□▶・]|[-*]\s)?\s*[【<〈\[［]?(?:成果|活動|評価|管理|達成|数値)?(?:指標|目標値|数値目標|[KＫ][PＰGＧ][IＩ])"
    r"(?P<mark>[①-⑳]|[0-9０-９]{1,2})?[】>〉\]］]?(?:[\s:：　]+|(?<=[】〉>\]］①-⑳]))(?P<rest>\S.*)"
)
_YEAR: Final = r"(?:(?:令和|平成|R|H|Ｒ|Ｈ)\s?(?:元|[0-9０-９]{1,2})|[12１２][0-9０-９]{3})\s?(?:年度?)?(?:[（(][^（）()]{1,8}[）)]年?度?)?"
_KIND: Final = r"(?:実績|現状|基準|当初|策定時|目標|見込み?)値?"
_NAMED: Final = re.compile(
    rf"(?P<year>{_YEAR})\s?(?:末|当初)?\s?の?(?P<kind>{_KIND})\s*[:：]?\s*"
    rf"|(?P<kind2>{_KIND})\s?[（(]\s?(?P<year2>{_YEAR})\s?(?:末|当初)?[）)]\s*[:：]?\s*"
)
_KINDS: Final = (
    ("目標", "target"),
    ("現状", "baseline"),
    ("基準", "baseline"),
    ("当初", "baseline"),
    ("策定", "baseline"),
)
_YEAR_CELL: Final = re.compile(
    r"(?:(?:令和|平成|令|平|r|h)?\.?(?:元|[0-9]{1,2})|(?:fy)?20[0-9]{2})(?:年度?)?(?:\((?:(?:令和|平成|r|h)?[0-9元]{1,4})(?:年度?)?\))?(?:年度?)?"
)
_EDGES: Final = "、，,;；→⇒➡ 　:：／/"


def read_line(text: str, first: int = 0, labelled: bool = False) -> Read | None:
    """The indicator that a line tells, or None; `first` is its index in the initiative.

    `labelled` says that the line stands under a label that announces indicators, and needs no word of its own.
    """
    if len(text) > _LONGEST:
        return None
    found = _BEGINS.fullmatch(text)
    if not found and not labelled:
        return None
    rest = found["rest"] if found else text.lstrip("・●■◆◇○- ")
    mark = (
        plain(found["mark"])
        if found and found["mark"] and found["mark"].isascii()
        else found["mark"]
        if found
        else None
    )
    heads = list(_NAMED.finditer(rest))
    name = rest[: heads[0].start()].strip(_EDGES).removesuffix("は") if heads else ""
    if not name:
        return None
    cells = []
    ends = [head.start() for head in heads[1:]] + [len(rest)]
    for place, (head, end) in enumerate(zip(heads, ends, strict=True)):
        raw = rest[head.end() : end].strip(_EDGES)
        years = list(mentioned_years(plain(head["year"] or head["year2"])))
        if raw and years:
            kind = head["kind"] or head["kind2"]
            detail = next((code for word, code in _KINDS if word in kind), "actual")
            status = "provisional" if "見込" in kind else None
            column = Column(Role.VALUE, head[0].strip(), detail, years[0].year, status=status)
            cells.append(ValueCell(column, place, raw))
    if not cells:
        return None
    read = read_indicators(name, "", cells, first)
    if mark and len(read.indicators) == 1:
        read = replace(read, indicators=(replace(read.indicators[0], number=mark),))
    return read


def year_columns(block: Block) -> dict[int, int]:
    """The columns of a row that are headed by a fiscal year. A bare number of years goes on from the year before it."""
    found: dict[int, int] = {}
    for place, cell in enumerate(block.cells):
        text = plain(cell)
        if not text or len(text) > 24 or not _YEAR_CELL.fullmatch(squeeze(cell)):
            continue
        years = list(mentioned_years(text))
        if years:
            found[place] = years[-1].year
        elif found and re.fullmatch(r"[0-9]{1,2}年度?", squeeze(cell)):
            found[place] = list(found.values())[-1] + 1
    return found
