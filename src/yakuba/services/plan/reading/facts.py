"""What a document says about itself: the plan's title, edition and years, each by the evidence that speaks for it.

A title is printed on the cover, at the heads of pages and in sentences about «本計画»; other plans are named beside it (the one
above, the former one, the state's), and a text tool misreads names. A period is stated in a sentence, shown by a schedule or by
the heads of pages; periods of other plans stand beside it. What was assumed is said in a warning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from yakuba.kernel.dates import FiscalYear

from . import model
from .blocks import Block, Paper
from .mentions import Found, Years
from .model import Plan
from .naming import NAMED, names_other, ordinal, set_name, voted_name
from .unreadable import Unreadable
from .vocabulary import PLAN
from .wording import fiscal_year, mentioned_years, plain, squeeze, year_span

_EDITION: Final = re.compile(
    r"(?P<whole>(?:(?P<era>令和|平成)\s*(?P<nth>元|[0-9]{1,2})|(?P<western>20[0-9]{2}))年度\s*(?:改訂|改定)?版)"
)
#: The edition as it stands at the end of a title, with what a draft is marked with.
_EDITION_TAIL: Final = re.compile(
    r"[\s(（【]*(?:(?:令和|平成)\s*(?:元|[0-9０-９]{1,2})|[2２][0-9０-９]{3})年度\s*(?:改訂|改定)?版[)）】]?"
    r"\s*(?:[(（](?:素案|案|原案|改訂版|概要版)[)）])?\s*$"
)
#: The years of the plan in brackets behind its name.
_SPAN_TAIL: Final = re.compile(
    r"\s*[(（【〔](?:計画期間)?[\s:：]*(?:令和|平成|R|H|[0-9０-９元年度～〜~\-－―からまで、\s()（）])+[)）】〕]\s*$"
)
#: What a yearly report adds to the plan's name (… 令和5年度進捗状況一覧).
_REPORT: Final = re.compile(
    r"[\s\u3000]+[(（【]?(?:(?:令和|平成)\s*(?:元|[0-9０-９]{1,2})|[2２][0-9０-９]{3})年度(?:の|における|末)?"
    r"(?:進捗|進ちょく|実績|取組|取り組み|実施|達成|評価|点検)[^\s。]{0,20}$"
    r"|[\s\u3000]+(?:進捗|進ちょく|実績|評価|点検)(?:管理|状況|評価|報告|確認|点検)*(?:表|一覧表?|シート|調書|書)"
    r"(?:[(（][^()（）。]{0,20}[)）])?$"
)
_PERIOD: Final = re.compile(r"(?:計画|対象|実施|推進)の?期間")
#: A sentence about this plan, not about another.
_OWN: Final = re.compile(
    r"(?:本|当|この|今回の)(?:情報化|推進|基本|行動)?(?:計画|プラン|ビジョン|構想|戦略|方針)"
)
_PAST: Final = re.compile(r"(?:策定し|してき|終え|終了し|経過し|見直し)(?:た|て|、|まし)")
_SETTLED: Final = re.compile(r"(?:とし|とする|とな|です|である|定め)")
_LENGTH: Final = re.compile(r"(?P<count>[0-9]{1,2})\s*(?:か年|ヵ年|ヶ年|カ年|年間)")
_CONTENTS: Final = re.compile(r"目次|もくじ|contents|index")
_CHAPTER: Final = re.compile(r"第[0-9一二三四五六七八九十]+[章編部]|[0-9ivx]{1,3}[.．\s]")
#: What stands on a cover beside the title: whose it is, and when it was made.
_BESIDE: Final = re.compile(
    r"(?:令和|平成|昭和)?(?:[0-9元]{1,4})年(?:度)?(?:\([^()]*\))?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:策定|改訂|改定|作成|現在)?"
    r"|[^\s。]{1,8}[都道府県市区町村]"
)
_MAX_TITLE: Final = 80
#: A cover has no more lines than this before its contents or first heading.
_MAX_COVER: Final = 30
#: A statement of the period with less evidence than this is no statement about this plan.
_ENOUGH: Final = 3


@dataclass(slots=True)
class Facts:
    """The plan's block, the year of its edition (else its first), the indexes of the blocks it was read from, what was assumed."""

    plan: Plan
    year: int
    used: frozenset[int]
    warnings: list[model.Warning] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line or short row: the block's index, its text, whether it is a cell of a wide row."""

    at: int
    text: str
    block: Block


def facts_of(paper: Paper, found: Sequence[Found]) -> Facts:
    """The plan's title, edition and years. Raises `Unreadable` where no year of the plan can be found."""
    lines = _lines(paper)
    cover = _cover(lines, _first(paper, found))
    heads = _repeated(lines)
    warnings: list[model.Warning] = []
    used: set[int] = set()
    title = _title(paper, cover, lines, used, warnings)
    edition = _edition(cover, heads, used)
    # The plan keeps its name from one yearly edition to the next.
    title = _EDITION_TAIL.sub("", _SPAN_TAIL.sub("", title)).strip() or title
    years = Years()
    for each in found:
        years.add(each.years)
    about = _Period(lines, cover, title, edition[1] if edition else None)
    first, last = about.years(years, used, warnings)
    _beside(cover, title, used)
    plan = Plan(title=title, first_year=first, last_year=last, edition=edition[0] if edition else None)
    return Facts(plan, edition[1] if edition else first, frozenset(used), warnings)


def _lines(paper: Paper) -> list[_Line]:
    """What is printed, without rows of tables; a label beside its value counts as a line."""
    return [
        _Line(at, block.text, block)
        for at, block in enumerate(paper.blocks)
        if not block.blank and (block.table == 0 or block.filled <= 2)
    ]


def _first(paper: Paper, found: Sequence[Found]) -> int:
    """The block at which the initiatives begin, with the head of their table."""
    at = min((one.at for each in found for one in each.mentions if one.alone), default=len(paper.blocks))
    claimed = {at for each in found if each.mentions for at in each.claimed}
    table = paper.blocks[at].table if at < len(paper.blocks) else 0
    while at - 1 in claimed and (not table or paper.blocks[at - 1].table == table):
        at -= 1
    return at


def _cover(lines: Sequence[_Line], first: int) -> list[_Line]:
    """The lines before the contents, the first heading, the first sentence and the first initiative."""
    cover: list[_Line] = []
    for one in lines:
        text = squeeze(one.text)
        if one.at >= first or len(cover) >= _MAX_COVER:
            break
        if _CONTENTS.search(text) or (_CHAPTER.match(plain(one.text).lower()) and not NAMED.search(text)):
            break
        if text.endswith("。") and not _PERIOD.search(text):
            break
        cover.append(one)
    return cover


def _repeated(lines: Sequence[_Line]) -> list[_Line]:
    """Lines that stand at the heads of pages: the same words three times or more, each once."""
    counts = Counter(squeeze(one.text) for one in lines)
    seen: dict[str, _Line] = {}
    for one in lines:
        if counts[squeeze(one.text)] >= 3:
            seen.setdefault(squeeze(one.text), one)
    return list(seen.values())


def _title(
    paper: Paper,
    cover: Sequence[_Line],
    lines: Sequence[_Line],
    used: set[int],
    warnings: list[model.Warning],
) -> str:
    """The name on the cover; else the name that the text gives to its own plan; else the file's name."""
    named = [
        one for one in cover if len(one.text) <= _MAX_TITLE and _names_plan(_REPORT.sub("", one.text.strip()))
    ]
    if named:
        # The head of every sheet prints it again.
        used.update(one.at for one in lines if squeeze(one.text) == squeeze(named[0].text))
        title = _joined(paper, cover, named[0], used)
        return _voted(paper, title, named[0], warnings)
    told = _told(lines)
    if told:
        title, line = told
        title = set_name(title)
        text = f"表紙に計画の名前が見当たらないため、本文から「{title}」としました。"
        warnings.append(model.Warning(line.block.line, "title-from-text", text, line.block.part))
        return title
    if len(cover) == 1 and len(cover[0].text) <= _MAX_TITLE and not _PERIOD.search(cover[0].text):
        used.add(cover[0].at)
        return cover[0].text
    title = PurePath(paper.file).stem
    text = f"計画の名前が見当たらないため、ファイル名「{title}」を使いました。"
    warnings.append(model.Warning(None, "title-from-file-name", text))
    return title


def _names_plan(text: str) -> bool:
    """Whether a line is a plan's name, with or without what follows a name in brackets."""
    text = squeeze(text)
    return bool(NAMED.search(text)) and not text.endswith("。") and not _PERIOD.search(text)


def _joined(paper: Paper, cover: Sequence[_Line], line: _Line, used: set[int]) -> str:
    """The title with the cover lines above it that belong to it: the document prints them as one name."""
    # Before blanks inside the name are closed.
    title = _REPORT.sub("", line.text.strip())
    used.add(line.at)
    whole = squeeze("".join(block.text for block in paper.blocks if not block.blank))
    above = [one for one in cover if one.at < line.at]
    # On the cover itself the lines follow each other once.
    for one in reversed(above[-2:]):
        together = squeeze(one.text + title)
        if len(together) <= _MAX_TITLE and whole.count(together) > 1:
            title = one.text + title
            used.add(one.at)
    return set_name(title)


def _voted(paper: Paper, title: str, line: _Line, warnings: list[model.Warning]) -> str:
    """The title under the municipality's name as the document prints it most."""
    voted = voted_name(title, [block.text for block in paper.blocks if not block.blank])
    if voted is None:
        return title
    printed, name = voted
    text = f"表紙の「{printed}」は、本文で多く使われている「{name}」の読み違いとみなしました。"
    warnings.append(model.Warning(line.block.line, "name-set-right", text, line.block.part))
    return title.replace(printed, name, 1)


_SELF_NAMED: Final = re.compile(
    r"(?P<open>[「『]?)(?P<name>(?:第[0-9一二三四五六七八九十]{1,3}次)?[^\s、。「」『』()（）はがをにで]{2,30}?"
    rf"{PLAN})(?P<close>[」』]?)"
    r"(?P<after>(?:の(?:基本方針|基本目標|計画期間|期間|目的|体系|位置づけ|位置付け|推進体制|進行管理)は?)|"
    r"(?:(?:として)?を?(?:新たに)?策定(?:します|する|いたします))|は、?(?:本市|当市|本町|当町|本村|当村))"
)


def _told(lines: Sequence[_Line]) -> tuple[str, _Line] | None:
    """The name that sentences give to the document's own plan: the one that most of them give."""
    votes: Counter[str] = Counter()
    first: dict[str, tuple[str, _Line]] = {}
    for one in lines:
        text = plain(one.text)
        if one.block.filled > 1 and one.block.table:
            continue
        for match in _SELF_NAMED.finditer(text):
            name = _after_particle(match["name"])
            if names_other(name, text[max(0, match.start() - 14) : match.start()]):
                continue
            key = squeeze(name)
            votes[key] += 2 if ordinal(name) else 1
            first.setdefault(key, (name, one))
    return first[votes.most_common(1)[0][0]] if votes else None


#: Words that lead to a name which begins with its ordinal (…に向けた第3次…計画), and to others.
_LEADING: Final = re.compile(
    r"^.*[\u3041-\u3096](?=第[0-9一二三四五六七八九十]{1,3}次)|^.*?(?:向けた|ための|おける|基づく|とする|した)"
)


def _after_particle(name: str) -> str:
    """The name without the words that lead to it."""
    return _LEADING.sub("", name)


def _edition(cover: Sequence[_Line], heads: Sequence[_Line], used: set[int]) -> tuple[str, int] | None:
    """The edition on the cover, else at the heads of pages; editions in tables and sentences are others'."""
    for one in (*cover, *heads):
        if one.block.filled > 1 and one.block.table:
            continue
        found = _EDITION.search(plain(one.text))
        year = fiscal_year(found["era"], found["nth"], found["western"]) if found else None
        if found and year:
            return found["whole"], year
    return None


def _beside(cover: Sequence[_Line], title: str, used: set[int]) -> None:
    """Marks the cover's lines that say no more than the title does: editions, whose it is, its date, a line in brackets."""
    before = -1
    for one in cover:
        text = squeeze(one.text)
        bare = re.sub(r"^[\W_]+|[\W_]+$", "", text)
        says_no_more = text in squeeze(title) or squeeze(title) in text
        # (単位：千円) is said of the table below, not of the plan.
        subtitle = before in used and bool(re.fullmatch(r"\((?!単位).*\)", text))
        if says_no_more or subtitle or _EDITION.fullmatch(bare) or _BESIDE.fullmatch(bare):
            used.add(one.at)
        before = one.at


@dataclass(slots=True)
class _Period:
    """Looks for the plan's first and last year."""

    lines: Sequence[_Line]
    cover: Sequence[_Line]
    title: str
    edition: int | None

    def years(self, years: Years, used: set[int], warnings: list[model.Warning]) -> tuple[int, int]:
        """From the surest statement that there is.

        A stated period, a coming schedule's head, a span on the cover; else, with a warning, the spans in headings, the target
        columns, the edition's year, the year after the last actual, or a year on the cover.
        """
        stated = self._stated(used)
        if stated:
            return stated
        for span in years.spans:
            if self._fits(span):
                return span
        for one in self.cover:
            printed = year_span(plain(one.text))
            if printed and self._fits(printed):
                return printed
        span, why = self._assumed(years)
        if self.edition:
            span = min(span[0], self.edition), max(span[1], self.edition)
        text = (
            f"計画期間が書かれていないため、{why}"
            f"{FiscalYear(span[0]).wareki}から{FiscalYear(span[1]).wareki}までとしました。"
        )
        warnings.append(model.Warning(None, "plan-years-assumed", text))
        return span

    def _fits(self, span: tuple[int, int]) -> bool:
        return self.edition is None or span[0] <= self.edition <= span[1]

    def _assumed(self, years: Years) -> tuple[tuple[int, int], str]:
        """What the document shows of its years without stating them, and where."""
        counts: Counter[tuple[int, int]] = Counter()
        for one in self.lines:
            text = plain(one.text)
            span = year_span(text) if len(text) <= _MAX_TITLE and not text.endswith("。") else None
            if span and self._fits(span) and not names_other(text, "") and one.block.filled == 1:
                counts[span] += 1
        if counts:
            span, count = counts.most_common(1)[0]
            if count > 1 or self.edition:
                return span, "見出しの年度から、"
        if years.spans:
            return years.spans[0], "予定の欄の年度から、"
        if counts:
            return counts.most_common(1)[0][0], "見出しの年度から、"
        if years.targets:
            return (min(years.targets), max(years.targets)), "目標の欄の年度から、"
        if self.edition:
            return (self.edition, self.edition), "版の年度から、"
        if years.actuals:
            return (max(years.actuals) + 1, max(years.actuals) + 1), "実績の欄の年度の次の年度として、"
        for one in self.cover:
            for named in mentioned_years(plain(one.text)):
                return (named.year, named.year), "表題の年度から、"
        raise Unreadable(
            "no-years",
            "計画の年度が見当たりません。見出しか表の前の行に、計画期間(例: 令和6年度～令和8年度)が必要です。",
        )

    def _stated(self, used: set[int]) -> tuple[int, int] | None:
        """The period in the sentence or line with most evidence that it speaks of this plan's."""
        best: tuple[int, tuple[int, int], _Line] | None = None
        headed = 0
        for one in self.lines:
            text = plain(one.text)
            if len(text) <= 40 and _PERIOD.search(text) and not year_span(text):
                headed = 4
            for sentence in _sentences(text):
                span = year_span(sentence)
                score = self._evidence(sentence, span, headed > 0) if span else 0
                if span and score >= _ENOUGH and (best is None or score > best[0]):
                    best = score, span, one
            headed -= 1
        if best is None:
            return None
        rest = _PERIOD.sub("", squeeze(best[2].text)).strip("():・の ")
        if len(rest) <= 24:
            used.add(best[2].at)
        return best[1]

    def _evidence(self, sentence: str, span: tuple[int, int], headed: bool) -> int:
        """How far a sentence states this plan's period."""
        period = _PERIOD.search(sentence)
        if not period and not headed:
            return 0
        score = 2 if period else 1
        if _OWN.search(sentence) or squeeze(self.title) in squeeze(sentence):
            score += 2
        if period and period.start() <= 2:
            score += 2
        if _SETTLED.search(sentence):
            score += 1
        length = _LENGTH.search(sentence)
        if length and int(length["count"]) == span[1] - span[0] + 1:
            score += 1
        if headed:
            score += 1
        if not self._fits(span):
            score -= 4
        if self._others(sentence):
            score -= 4
        if _PAST.search(sentence):
            score -= 2
        return score

    def _others(self, sentence: str) -> bool:
        """Whether a sentence names another plan's period: a former one, one above, the state's or the prefecture's."""
        rest = squeeze(sentence).replace(squeeze(self.title), "")
        return names_other(rest, "") or (ordinal(rest) or ordinal(self.title)) != ordinal(self.title)


def _sentences(text: str) -> Iterator[str]:
    for part in text.split("。"):
        if part.strip():
            yield part.strip()
