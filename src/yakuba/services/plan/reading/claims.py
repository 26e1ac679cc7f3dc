"""What a document says of itself in numbers: initiatives per progress word, per kind, and how many goals and measures there are.

Kept beside what is counted, never in its place. A claim about another year than the plan's own carries that year in its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from yakuba.kernel.dates import FiscalYear

from . import facts
from .blocks import Block, Paper
from .mentions import Found
from .naming import names_other
from .rules import sentences
from .unreadable import Unreadable
from .vocabulary import TOLD_STATUS
from .wording import mentioned_years, plain, squeeze

_UNIT: Final = r"(?:取組|取り組み|取組み|施策|事業|項目|件)"
#: Words that say how an initiative goes or what became of it.
_STATUS: Final = rf"{TOLD_STATUS}|[A-DＡ-Ｄ◎○△×●▲]"
_QUOTED: Final = re.compile(
    rf"[「『](?P<word>[^「」『』]{{1,12}})[」』](?:で|と|が|の|に|は|評価|なった|なる|した|された|区分|もの|ある|あった|及び)*{_UNIT}?(?:が|は|の)?\s*"
    rf"(?P<count>[0-9]{{1,4}})\s*{_UNIT}"
)
_PLAIN: Final = re.compile(
    rf"(?<![\u3400-\u9fff])(?P<word>{_STATUS})(?:で|と|が|の|に|は|なった|した|された|もの|ある|あった)*{_UNIT}?(?:が|は|の|:)?\s*"
    rf"(?P<count>[0-9]{{1,4}})\s*{_UNIT}"
)
_THINGS: Final = (
    r"(?:推進|運用|重点|主要|個別|新規|継続|具体的な?|具体)(?:取組|取り組み|取組み|施策|事業|項目)|基本目標|基本方針|基本施策|基本方向|重点目標|重点分野"
    r"|施策の柱|重点プロジェクト"
)
_VAGUE: Final = r"取組|取り組み|取組み|施策|事業"
_COUNTED: Final = re.compile(
    rf"(?P<count>[0-9]{{1,4}})(?:つ|本|個|件)?の(?:[\u3400-\u9fff]{{1,6}}の)?(?P<word>{_THINGS}|{_VAGUE})(?![\u3400-\u9fff])"
)
_AFTER: Final = re.compile(
    rf"(?P<word>{_THINGS})(?:が|は|を|:)?\s*(?P<count>[0-9]{{1,4}})\s*(?:{_UNIT}|つ|本)"
)
_TOTAL: Final = re.compile(
    rf"(?:全|計|合計|全部で|合わせて|あわせて)\s*(?P<count>[0-9]{{1,4}})\s*(?:の)?(?P<word>{_VAGUE})"
)
#: Whose goals they are, where not this plan's: the state's, the prefecture's, those of the plan above (ひとづくり, まちづくり).
_WHOSE: Final = r"(?:国|都|府|県)[のが]|[ぁ-んァ-ヶ一-龠]づくり|総合計画|総合戦略"
#: Some of them, not all.
_SOME: Final = re.compile(rf"以下の|次の|うち|そのうち|下記|このほか|新たに|{_WHOSE}")
_SETTLED: Final = re.compile(
    r"整理|位置づけ|位置付け|掲載|設定|掲げ|構成|計画し|取り組み?ます|推進し|合計|全体"
)
_CELL: Final = re.compile(rf"(?P<count>[0-9]{{1,4}})\s*(?P<unit>{_UNIT})?(?:\s*\([^()]*\))?")
#: What a bracket says of some of them: 22取組(新規1).
_PART: Final = re.compile(r"[(・、,](?P<word>新規|継続|再掲|重点|拡充)[:：]?\s*(?P<count>[0-9]{1,4})")
_NONE: Final = re.compile(r"[-‐―ー−—–]+|なし|0")
_KIND: Final = re.compile(r"(?P<kind>推進|運用)(?:取組|取り組み|取組み|事業|施策)?")
#: 推進15取組と運用10取組
_KINDS: Final = re.compile(rf"(?P<kind>推進|運用)\s*(?P<count>[0-9]{{1,4}})\s*{_UNIT}(?!の?うち)")
_SUM: Final = re.compile(r"計|合計|総計|小計|全体")
_KEYS: Final = {"推進": "advance", "運用": "operate"}
_OTHER_YEAR: Final = re.compile(r"(?:令和|平成)(?:元|[0-9]{1,2})年度")


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """The numbers that a document claims; see :data:`.mentions.Recogniser`."""
    found = Found()
    try:
        own = facts.facts_of(paper, before).year
    except Unreadable:
        own = None
    taken = {at for each in before for at in each.claimed}
    _tables(paper, taken, own, found)
    for at, block in enumerate(paper.blocks):
        if at in taken or at in found.claimed or block.blank or (block.table and block.filled > 2):
            continue
        for sentence in sentences(plain(block.text)):
            _from_sentence(sentence, own, found)
    return found


def _tables(paper: Paper, taken: set[int], own: int | None, found: Found) -> None:
    """Small tables of words and how many."""
    at = 0
    while at < len(paper.blocks):
        table = paper.blocks[at].table
        if not table:
            at += 1
            continue
        end = at
        while end < len(paper.blocks) and paper.blocks[end].table == table:
            end += 1
        _table([(place, paper.blocks[place]) for place in range(at, end) if place not in taken], own, found)
        at = end


def _table(rows: Sequence[tuple[int, Block]], own: int | None, found: Found) -> None:
    read: list[tuple[int, str, int | None, bool]] = []
    parts: list[tuple[str, int]] = []
    year: int | None = None
    other = 0
    heads: set[int] = set()
    for at, block in rows:
        cells = [plain(cell) for cell in block.cells if cell]
        if not cells:
            continue
        pair = _pair(cells)
        if pair is None:
            named = [one.year for one in mentioned_years(" ".join(cells))]
            if named and not read:
                year = named[0]
            heads.add(at)
            other += 1
        else:
            read.append((at, *pair))
            parts += [
                (f"{pair[0]}のうち{part['word']}", int(part["count"])) for part in _PART.finditer(cells[-1])
            ]
    if (
        len([one for one in read if one[2] is not None]) < 2
        or other > len(read)
        or not any(one[3] for one in read)
    ):
        return
    for at, word, count, _ in read:
        found.claimed.add(at)
        if count is not None:
            _keep(word, count, year, own, found)
    for word, count in parts:
        _keep(word, count, year, own, found)
    found.claimed |= {at for at in heads if at <= read[0][0]}


def _pair(cells: Sequence[str]) -> tuple[str, int | None, bool] | None:
    """Word, number (None: there are none) and whether the number has its unit, of a row that prints no more than that."""
    if not 2 <= len(cells) <= 3:
        return None
    word, value = cells[-2], cells[-1]
    if not (
        re.fullmatch(_STATUS, squeeze(word))
        or _KIND.fullmatch(squeeze(word))
        or _SUM.fullmatch(squeeze(word))
    ):
        return None
    number = _CELL.fullmatch(value)
    if number:
        return squeeze(word), int(number["count"]), bool(number["unit"])
    return (squeeze(word), None, False) if _NONE.fullmatch(squeeze(value)) else None


def _keep(word: str, count: int, year: int | None, own: int | None, found: Found) -> None:
    """Keeps a claim under its key: the first that is said of a thing; the year beside it where it is not the plan's own."""
    kind = _KIND.fullmatch(word)
    if re.fullmatch(_STATUS, word) and not kind:
        found.progress.setdefault(_word(word), count)
        return
    key = _KEYS[kind["kind"]] if kind else word
    if year is not None and year != own:
        key = f"{word}({FiscalYear(year).wareki})"
    found.counts.setdefault(key, count)


def _word(word: str) -> str:
    """A progress word in the form that tables print (計画の変更: 計画変更)."""
    return re.sub(r"(?<=計画|取組|内容)の(?=変更|見直し)", "", word)


def _from_sentence(sentence: str, own: int | None, found: Found) -> None:
    for match in (*_QUOTED.finditer(sentence), *_PLAIN.finditer(sentence)):
        word = squeeze(match["word"])
        if re.fullmatch(_STATUS, word) and not names_other(sentence[: match.start()], ""):
            found.progress.setdefault(_word(word), int(match["count"]))
    named = [one.year for one in mentioned_years(sentence)]
    year = named[0] if len(set(named)) == 1 and _OTHER_YEAR.search(sentence) else None
    for word, count in _counts(sentence):
        _keep(word, count, year, own, found)


def _counts(sentence: str) -> Iterator[tuple[str, int]]:
    """How many of what a sentence says that there are in all."""
    for match in _KINDS.finditer(sentence):
        yield f"{match['kind']}取組", int(match["count"])
    for pattern in (_COUNTED, _AFTER, _TOTAL):
        for match in pattern.finditer(sentence):
            near = sentence[max(0, match.start() - 12) : match.start()]
            vague = re.fullmatch(_VAGUE, match["word"]) is not None
            if vague and pattern is not _TOTAL and (_SOME.search(near) or not _SETTLED.search(sentence)):
                continue
            if re.search(rf"{_WHOSE}|うち|新しく|新たに|新規に|このほか|追加", near):
                continue
            yield squeeze(match["word"]), int(match["count"])
