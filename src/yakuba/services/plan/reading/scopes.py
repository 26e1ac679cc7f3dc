"""What the lines around a place say it is about: which kind of initiatives, which year, plan or result.

A page of a long table says at its head what it shows: 「運用取組」, 「【取組結果】(令和5年度)」, 「取組計画(令和6～9年度)」. What is said holds for
the tables below, until the next such lines. Prose says nothing about the tables below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .blocks import Block
from .mentions import Scope
from .wording import mentioned_years, plain, squeeze, year_span

ADVANCE: Final = "advance"
OPERATE: Final = "operate"

_KINDS: Final = (
    (re.compile(r"推進(?:取組|取り組み|取組み|事業|施策)"), ADVANCE),
    (re.compile(r"運用(?:取組|取り組み|取組み|事業|施策)"), OPERATE),
)
#: A plan's own name (…実施計画) is no statement about a table.
_RESULT: Final = re.compile(
    r"(?:取組|実施|事業|達成|進捗)(?:の)?(?:結果|実績|成果|状況)|実績報告|進捗状況|取組中|検証結果"
)
_PLAN: Final = re.compile(r"(?:取組|取り組み|事業|年次|年度別)(?:の)?(?:計画|予定)|今後の(?:取組|予定|計画)")
#: A note below a table explains marks; it is no title of the next one.
_NOTE: Final = re.compile(r"[※#＃*＊注]")
#: A numbered heading begins a new chapter: what stood above it no longer holds.
_CHAPTER: Final = re.compile(r"(?:第?[0-9]{1,2}[章節]?|[0-9]{1,2}[-.][0-9]{1,2}|\([0-9]{1,2}\))[.、\s]+\S")
_MONTH: Final = re.compile(r"\s*[0-9]{1,2}\s*月|[./][0-9]")
#: A longer line is a sentence, not the title of a page.
_TITLE_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class PageScope:
    """The scope of the tables below some lines; `span` are the first and last year that they name for a coming time."""

    kind: str | None = None
    year: int | None = None
    result: bool | None = None
    span: tuple[int, int] | None = None

    @property
    def scope(self) -> Scope:
        """As mentions carry it: results stand for their own year, plans for the plan's."""
        result = bool(self.result)
        return Scope(year=self.year if result else None, kind=self.kind, result=result)

    def __or__(self, above: PageScope) -> PageScope:
        """What is said here, with what it is silent about from the lines above."""
        return PageScope(
            kind=self.kind or above.kind,
            year=self.year if self.said_time else above.year,
            result=self.result if self.result is not None else above.result,
            span=self.span if self.said_time else above.span,
        )

    @property
    def said_time(self) -> bool:
        """Whether a year or a span is named."""
        return self.year is not None or self.span is not None

    @property
    def silent(self) -> bool:
        """Whether nothing is said."""
        return self.kind is None and self.result is None and not self.said_time


def scopes_of(blocks: Sequence[Block]) -> list[PageScope]:
    """Per block what the lines above it (and it) say it is about; in proportion to their number."""
    scopes: list[PageScope] = []
    current = PageScope()
    run = PageScope()
    running = False
    for block in blocks:
        said = _said(block)
        if said is not None and not running and _CHAPTER.match(plain(block.text)):
            current = PageScope()
        if said is not None and not said.silent:
            # Lines of one title complete each other; a new title begins anew, but for what it leaves open.
            run = said | run if running else said
            running = True
            current = run | current
        elif not block.blank and (block.table or said is None):
            running = False
        scopes.append(current)
    return scopes


def said_in(text: str) -> PageScope:
    """What one title says. A year alone is the table's; a span of years is a coming time."""
    words = squeeze(text)
    kinds = {kind for pattern, kind in _KINDS if pattern.search(words)}
    result, plan = bool(_RESULT.search(words)), bool(_PLAN.search(words))
    span = year_span(plain(text))
    printed = plain(text)
    # A day or month (令和6年7月) is when the page was printed, not the year of its table.
    years = (
        [] if span else [one.year for one in mentioned_years(printed) if not _MONTH.match(printed, one.end)]
    )
    return PageScope(
        kind=kinds.pop() if len(kinds) == 1 else None,
        year=years[0] if len(set(years)) == 1 else None,
        result=None if result == plan else result,
        span=span,
    )


def _said(block: Block) -> PageScope | None:
    """What a line says, where it may be a title; None for rows and prose."""
    if block.blank or block.filled != 1:
        return None
    text = plain(block.text)
    if len(text) > _TITLE_LENGTH or "。" in text or _NOTE.match(text):
        return None
    return said_in(text)
