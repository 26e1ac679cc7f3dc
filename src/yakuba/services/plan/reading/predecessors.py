"""Which plans a document names: its own, and the former ones that it looks back on.

A plan is told by its ordinal (第2次 …計画 in a 第3次 …計画) or by a word that the document defines (「…」(以下「前プラン」という。)).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from .blocks import Paper
from .wording import plain, year_span

_PLAN: Final = r"(?:計画|プラン|ビジョン|構想|戦略|方針|大綱)"
LOOKS_BACK: Final = re.compile(
    r"検証|総括|評価|振り?返り|ふりかえり|これまでの|(?:取組|取り組み|取組み|達成|進捗|実施|推進)の?(?:状況|結果|成果|実績)"
)
_OTHER: Final = re.compile(rf"(?:前|旧|先|前期|前回|前次|現行|従前の?)(?:期|回|次)?{_PLAN}")
_ORDINAL: Final = re.compile(
    rf"(?P<city>[一-龠々ァ-ヶー]{{0,12}})第(?P<nth>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})(?P<unit>次|期)(?P<rest>[^\s、。「」『』()の]{{0,30}}?{_PLAN})"
)
_DEFINED: Final = re.compile(
    r"[「『](?P<title>[^「」『』]{4,60})[」』](?:\([^()]{0,30}\))?\(以下[、,]?[「『]?(?P<alias>[^「」『』()。、]{2,16})"
)
#: No document defines or looks back on more plans than this.
_MOST: Final = 200
_KANJI: Final = "〇一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """The former plan: its title as told, its years where they are told."""

    title: str
    first: int | None
    last: int | None


class NamedPlans:
    """Which plans a document names: its own, and others by their ordinals and by words that it defines."""

    def __init__(self, paper: Paper) -> None:
        texts = [squeeze_words(block.text) for block in paper.blocks if block.filled == 1]
        self.texts = texts
        self.defined: dict[str, str] = {}
        self.others: dict[str, OtherPlan] = {}
        for text in texts:
            for found in _DEFINED.finditer(text):
                if len(self.defined) < _MOST:
                    self.defined.setdefault(found["alias"].removesuffix("という"), found["title"])
        self.named: dict[tuple[str, int], str] = {}
        families: Counter[str] = Counter()
        for text in texts:
            for found in _ORDINAL.finditer(text):
                key = (_family(found), _nth(found["nth"]))
                self.named.setdefault(key, found[0])
                families[key[0]] += 1
        self.own = self._own(families)
        self.first = self._first_year()

    def _own(self, families: Counter[str]) -> tuple[str, int] | None:
        """Family and ordinal of the document's own plan: on its cover, else the latest of the family named most."""
        for text in self.texts[:60]:
            found = _ORDINAL.search(text)
            if found and len(text) <= 60 and not text.endswith("。") and not LOOKS_BACK.search(text):
                return _family(found), _nth(found["nth"])
        if not families:
            return None
        family = families.most_common(1)[0][0]
        return family, max(nth for name, nth in self.named if name == family)

    def _first_year(self) -> int | None:
        spans = [
            span
            for text in self.texts
            if "計画期間" in text or "計画の期間" in text
            if (span := year_span(text))
        ]
        return max(span[0] for span in spans) if spans else None

    def other_in(self, text: str) -> str | None:
        """The title of another, earlier plan that a text names, or None."""
        words = squeeze_words(text)
        for found in _ORDINAL.finditer(words):
            if self._earlier(_family(found), _nth(found["nth"])):
                return self.named.get((_family(found), _nth(found["nth"])), found[0])
        for alias, title in self.defined.items():
            if alias in words and (_OTHER.fullmatch(alias) or self._title_earlier(title)):
                return title
        said = _OTHER.search(words)
        return (self.last_before() or said[0]) if said else None

    def _earlier(self, family: str, nth: int) -> bool:
        return self.own is not None and family == self.own[0] and nth < self.own[1]

    def _title_earlier(self, title: str) -> bool:
        found = _ORDINAL.search(squeeze_words(title))
        return found is not None and self._earlier(_family(found), _nth(found["nth"]))

    def last_before(self) -> str | None:
        """The title of the plan before the document's own, where it is named anywhere."""
        return self.named.get((self.own[0], self.own[1] - 1)) if self.own else None

    def other(self, title: str) -> OtherPlan:
        """The plan of that title, with the years that the document tells of it."""
        if title not in self.others:
            self.others[title] = self._told(title)
        return self.others[title]

    def _told(self, title: str) -> OtherPlan:
        for text in self.texts:
            for sentence in text.split("。"):
                span = year_span(sentence) if title in sentence else None
                if span and (self.first is None or span[1] < self.first):
                    return OtherPlan(title, *span)
        last = self.first - 1 if self.first else None
        return OtherPlan(title, None, last)


def squeeze_words(text: str) -> str:
    """NFKC without blanks, in its own case: how titles are compared and kept."""
    return "".join(plain(text).split())


def _nth(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    return 10 * (len(printed) > 1) + (_KANJI.index(printed[-1]) if printed[-1] in _KANJI else 0)


def _family(found: re.Match[str]) -> str:
    """What plans of one family have in common: the title without its ordinal."""
    return re.sub(r"^(?:本市|当市)", "", found["city"] + found["rest"])
