"""Which plans a document names: its own, and the former ones that it looks back on.

A plan is told by its ordinal (第2次 …計画 in a 第3次 …計画) or by a word that the document defines (「…」(以下「前プラン」という。)).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from yakuba.kernel.dates import FiscalYear

from . import model
from .blocks import Paper
from .vocabulary import PLAN
from .wording import mentioned_years, plain, whole_number, year_span

_PLAN: Final = PLAN
_LOOKS_BACK: Final = re.compile(
    r"検証|総括|評価|振り?返り|ふりかえり|これまでの|(?:取組|取り組み|取組み|達成|進捗|実施|推進)の?(?:状況|結果|成果|実績)"
)
_OTHER: Final = re.compile(rf"(?:前|旧|先|前期|前回|前次|現行|従前の?)の?(?:期|回|次)?{_PLAN}")
_ORDINAL: Final = re.compile(
    rf"(?P<city>[一-龠々ァ-ヶー]{{0,12}})第(?P<nth>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})(?:次|期)(?P<rest>[^\s、。「」『』()の]{{0,30}}?{_PLAN})"
)
_CITY: Final = re.compile(r"(?P<city>[^市町村区県府都道]{1,8}[市町村区県])(?P<core>.+)")
_DEFINED: Final = re.compile(
    r"[「『](?P<title>[^「」『』]{4,60})[」』](?:\([^()]{0,30}\))?\(以下[、,]?[「『]?(?P<alias>[^「」『』()。、]{2,16})"
)
#: A sentence that looks ahead from the former plan.
_BUILDS_ON: Final = re.compile(r"踏まえ|ふまえ|基づ[いきく]|を受け|引き?継|反映|継承")
_PAST_EFFORTS: Final = re.compile(r"これまでの|前(?:計画|プラン)")
#: No document defines or looks back on more plans than this.
_MOST: Final = 200
#: The cover and the first page.
_COVER: Final = 60


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """The former plan: its title as told, its years where they are told."""

    title: str
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class _Name:
    """A plan named by its ordinal: whose, what it is called without the ordinal, and the whole as printed."""

    city: str
    core: str
    nth: int
    title: str

    def of_one_family(self, other: _Name) -> bool:
        """Whether both are plans of one series: the same name, and no different cities."""
        cities = self.city.endswith(other.city) or other.city.endswith(self.city)
        return self.core == other.core and cities


class NamedPlans:
    """Which plans a document names: its own, and others by their ordinals and by words that it defines."""

    def __init__(self, paper: Paper) -> None:
        self.texts = [squeeze_words(block.text) for block in paper.blocks if block.filled == 1]
        self.others: dict[str, OtherPlan] = {}
        self.defined: dict[str, str] = {}
        for text in self.texts:
            for found in _DEFINED.finditer(text):
                if len(self.defined) < _MOST:
                    self.defined.setdefault(found["alias"].removesuffix("という"), found["title"])
        names = [name for text in self.texts for name in _names(text, "")]
        self.own = self._own(names)
        self.plain_cover = self.own is None and any(
            re.search(rf"{_PLAN}(?:\(.*\))?$", text) and len(text) <= 40 for text in self.texts[:8]
        )
        if self.own is None:
            self.own = self._latest(names)
        city = self.own.city if self.own else ""
        self.series: dict[int, str] = {}
        for text in self.texts:
            for name in _names(text, city):
                if self.own and name.of_one_family(self.own):
                    self.series[name.nth] = max(self.series.get(name.nth, ""), name.title, key=len)
        self.first = self._first_year()

    def _own(self, names: list[_Name]) -> _Name | None:
        """The document's own plan: on its cover, with its city's name as the line begins."""
        for text in self.texts[:_COVER]:
            found = _ORDINAL.search(text)
            if found and len(text) <= 60 and not text.endswith("。") and not _LOOKS_BACK.search(text):
                before = text[: found.start("nth") - 1]
                name = next(_names(text, before if len(before) <= 12 else ""))
                # A cited plan of another family may stand on the first page too; the own one is named often.
                if len(names) < 4 or sum(name.of_one_family(other) for other in names) > 1:
                    return name
        return None

    @staticmethod
    def _latest(names: list[_Name]) -> _Name | None:
        """The latest plan of the series that is named most, where no cover names one."""
        if not names:
            return None
        core = Counter(name.core for name in names).most_common(1)[0][0]
        return max((name for name in names if name.core == core), key=lambda name: name.nth)

    def _first_year(self) -> int | None:
        spans = [
            span
            for text in self.texts
            if "計画期間" in text or "計画の期間" in text or "計画の期間は" in text
            if (span := year_span(text))
        ]
        return max(span[0] for span in spans) if spans else None

    def looked_back_on(self, heading: str, lead: Sequence[str]) -> str | None:
        """The title of the former plan that a heading and the lines below it look back on, or None.

        Heading and lead may share the work; a sentence of the lead that builds on the former plan (…を踏まえ) does not look back.
        """
        sentences = [
            sentence
            for line in lead
            for sentence in line.split("。")
            if sentence and not _BUILDS_ON.search(sentence)
        ]
        named = self.other_in(heading) if heading else None
        back = bool(_LOOKS_BACK.search(heading))
        if named and (back or any(_LOOKS_BACK.search(sentence) for sentence in sentences)):
            return named
        for sentence in sentences:
            other = self.other_in(sentence) if back or _LOOKS_BACK.search(sentence) else None
            if other:
                return other
        return self.last_before() if _PAST_EFFORTS.match(heading) else None

    def other_in(self, text: str) -> str | None:
        """The title of another, earlier plan that a text names, or None."""
        words = squeeze_words(text)
        for name in _names(words, self.own.city if self.own else ""):
            if self._earlier(name):
                of_series = self.own is not None and name.of_one_family(self.own)
                return self.series.get(name.nth, name.title) if of_series else name.title
        for alias, title in self.defined.items():
            if alias in words and (_OTHER.fullmatch(alias) or any(map(self._earlier, _names(title, "")))):
                return title
        said = _OTHER.search(words)
        return (self.last_before() or said[0]) if said else None

    def _earlier(self, name: _Name) -> bool:
        """Whether a plan comes before the own one in its series, or is a numbered plan where the own one has no number."""
        if self.plain_cover:
            return True
        return self.own is not None and name.of_one_family(self.own) and name.nth < self.own.nth

    def last_before(self) -> str | None:
        """The title of the plan before the document's own, where it is named anywhere."""
        return self.series.get(self.own.nth - 1) if self.own and not self.plain_cover else None

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
        return OtherPlan(title, self._made(title, last), last)

    def _made(self, title: str, last: int | None) -> int | None:
        """The year in which a sentence says that a plan was made (平成29年度に「…」を策定), no later than its last."""
        sentence = re.compile(
            rf"(?P<when>[^。、]{{1,12}})に[、,]?[「『]?{re.escape(title)}[」』]?(?:\([^()]{{0,40}}\))?を(?:新たに)?策定"
        )
        for text in self.texts:
            found = sentence.search(text)
            years = list(mentioned_years(found["when"])) if found else []
            if found and years and years[-1].end == len(found["when"]) and last and years[-1].year <= last:
                return years[-1].year
        return None


def unprinted(paper: Paper, plan: model.Plan) -> list[model.Warning]:
    """A warning where no line of the document prints a former plan's period, so that its years are inferred."""
    span = (plan.first_year, plan.last_year)
    texts = (plain(block.text) for block in paper.blocks if block.filled == 1)
    if any(year_span(text) == span for text in texts):
        return []
    text = (
        f"「{plan.title}」の計画期間が書かれていないため、{FiscalYear(span[0]).wareki}から"
        f"{FiscalYear(span[1]).wareki}までとみなしました。確かめてください。"
    )
    return [model.Warning(None, "period-assumed", text)]


def squeeze_words(text: str) -> str:
    """NFKC without blanks, in its own case: how titles are compared and kept."""
    return "".join(plain(text).split())


def _names(text: str, city: str) -> Iterator[_Name]:
    """The plans that a text names by their ordinals; `city` is the own city's name, which kana may be part of."""
    for found in _ORDINAL.finditer(text):
        whose, core, title = found["city"], found["rest"], found[0]
        inside = _CITY.fullmatch(core) if not whose else None
        if inside:
            whose, core = inside["city"], inside["core"]
        elif city.endswith(whose) and text[: found.start("nth") - 1].endswith(city):
            title = city + title[len(whose) :]
            whose = city
        yield _Name(whose, core, whole_number(found["nth"]) or 0, title)
