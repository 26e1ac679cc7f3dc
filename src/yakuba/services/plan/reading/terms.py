"""Glossaries and footnotes: words that the document explains.

Three shapes: a table whose head names word and explanation; a run of marked words, each with its explanation beneath; notes at
the foot of a page that begin with a number (※1 word: explanation). A list of initiatives has no such heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .blocks import Block, Paper
from .mentions import Found
from .model import Term
from .rules import cut, folded
from .wording import plain, squeeze

_WORD_HEADS: Final = re.compile(r"用語|用語名|語句|略語|言葉|ことば|名称|キーワード|専門用語|項目")
_TEXT_HEADS: Final = re.compile(r"(?:用語の?)?(?:解説|説明|意味|内容|解説・説明|説明・解説)")
_PAGE_HEADS: Final = re.compile(r"(?:該当|掲載|初出)?(?:ページ|頁|page|p|no|番号|#)|")
_GLOSSARY: Final = re.compile(r"用語(?:集|の?解説|の?説明|一覧)|(?:主な)?用語|注釈")
_MARK: Final = re.compile(r"(?P<mark>[■●◆○◇□▼▽★☆▶◎▪・])\s*(?P<word>[^\s。].{0,59})")
#: How explanations end, whatever they explain.
_EXPLAINS: Final = re.compile(
    r"(?:こと|もの|総称|略|略称|略語|通称|名称|サービス|システム|仕組み|技術|制度|用語|言葉|概念|こと(?:を(?:いう|指す|いいます|指します))|"
    r"(?:いう|いいます|指す|指します|である|です|できる|れる|れます|される|いる))。?[)）]?$"
)
_FOOTNOTE: Final = re.compile(
    r"(?:[※*＊†]\s*(?:[0-9]{1,3}|[①-⑳⁰¹²³⁴-⁹]{1,3})|[(\[(]?注(?:釈)?\s*[0-9①-⑳]{1,3}[)\])]?|[*＊※](?=[^\s※*]{1,30}?\s*[:：]))"
    r"\s*[)).．:：]?\s*(?P<word>[^:：。]{1,50}?)\s*(?:[:：]|…+|‥+|　+|[はと]、|とは、?)\s*(?P<text>[^\s].*)",
    re.DOTALL,
)
#: Notes that name no word of the text.
_NO_WORD: Final = re.compile(r"出典|資料|注|注意|正式名称|凡例|参考|備考|単位|参照|根拠|時点|例")
_SPACED: Final = re.compile(r"(?<![A-Za-z])[A-Za-z](?: [A-Za-z])+(?![A-Za-z])")
_NEXT: Final = re.compile(
    r"第\s*[0-9一二三四五六七八九十]+\s*[章編節条]|[0-9]{1,2}\s|[①-⑳]\s|\([0-9]{1,2}\)|[○◎]"
)
#: So many marked words with an explanation each make a glossary, with its heading or without.
_RUN: Final = 2
_BARE_RUN: Final = 5
_EXPLAINED_SHARE: Final = 0.6


def recognise(paper: Paper, before: Sequence[Found]) -> Found:
    """The words that a document explains, in its order, each once; see :data:`.mentions.Recogniser`."""
    taken = {at for each in before for at in each.claimed}
    found = Found()
    terms: list[tuple[int, Term]] = []
    for read in (_tables, _runs, _footnotes):
        # A note with its number explains its word, whoever took the lines around it.
        for one in read(paper, found.claimed if read is _footnotes else taken):
            terms.append((one.at, one.term))
            taken |= one.claimed
            found.claimed |= one.claimed
    seen: set[str] = set()
    for _, term in sorted(terms, key=lambda pair: pair[0]):
        if squeeze(term.term) not in seen:
            seen.add(squeeze(term.term))
            found.terms.append(term)
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """One explained word, where it begins, and the blocks that it takes."""

    at: int
    term: Term
    claimed: frozenset[int]


def _tables(paper: Paper, taken: set[int]) -> Iterator[_Read]:
    """Tables whose head names word and explanation, and what goes on below them on the next page."""
    at = 0
    while at < len(paper.blocks):
        columns = _columns(paper, at) if at not in taken else None
        if columns is None:
            at += 1
            continue
        word, text = columns
        head = {at, *_heading(paper, at)}
        rows: list[tuple[int, list[str], set[int]]] = []
        at += 1
        while at < len(paper.blocks) and at not in taken:
            block = paper.blocks[at]
            if block.blank or _page_number(block) or _columns(paper, at) == columns:
                head.add(at)
            elif not block.table or len(block.cells) <= text or _is_head(block):
                break
            elif block.cells[word]:
                rows.append((at, [block.cells[word], block.cells[text]], {at}))
            elif rows and block.cells[text]:
                # A row that a page's end cut in two.
                rows[-1][1][1] = _continued(rows[-1][1][1], block.cells[text])
                rows[-1][2].add(at)
            else:
                break
            at += 1
        for place, (begin, (name, explained), used) in enumerate(rows):
            claimed = used | (head if place == 0 else set())
            yield _Read(begin, Term(_name(name), explained), frozenset(claimed))


def _columns(paper: Paper, at: int) -> tuple[int, int] | None:
    """The places of word and explanation, where a row is the head of a glossary."""
    block = paper.blocks[at]
    if not block.table or not 2 <= block.filled <= 4:
        return None
    heads = [squeeze(cell) for cell in block.cells]
    words = [place for place, head in enumerate(heads) if _WORD_HEADS.fullmatch(head)]
    texts = [place for place, head in enumerate(heads) if _TEXT_HEADS.fullmatch(head)]
    if not words or not texts or words[0] >= texts[-1]:
        return None
    others = [head for place, head in enumerate(heads) if place not in {words[0], texts[-1]}]
    if not all(_PAGE_HEADS.fullmatch(head) for head in others):
        return None
    # 項目 and 内容 head other tables, too: there the glossary's heading must stand above.
    if not heads[words[0]].endswith(("語", "語名", "語句", "用語")) and not _heading(paper, at):
        return None
    return words[0], texts[-1]


def _is_head(block: Block) -> bool:
    """Whether a row prints no explanation but short words, as the head of another table."""
    return block.filled >= 3 and all(len(cell) <= 8 for cell in block.cells)


def _heading(paper: Paper, at: int) -> list[int]:
    """The glossary's heading above a place, past remarks."""
    passed: list[int] = []
    for above in range(at - 1, max(-1, at - 8), -1):
        block = paper.blocks[above]
        if block.table and not block.blank:
            break
        text = re.sub(r"^[\W0-9ivx]*", "", squeeze(block.text))
        if _GLOSSARY.fullmatch(text):
            return [above, *passed]
        if block.text.startswith("※"):
            passed.append(above)
        elif not block.blank:
            break
    return []


def _runs(paper: Paper, taken: set[int]) -> Iterator[_Read]:
    """Marked words with their explanation beneath, as many under one mark as make a glossary."""
    at = 0
    blocks = paper.blocks
    while at < len(blocks):
        mark = _marked(blocks[at]) if at not in taken else None
        if mark is None:
            at += 1
            continue
        heading = _heading(paper, at)
        run, end = _run(paper, at, mark[0], taken)
        # Below its heading a later line may explain; without one the first must, as texts of measures also end in such words.
        lines = [one.term.text.split("\n") for one in run]
        explained = sum(1 for text in lines if any(map(_EXPLAINS.search, text if heading else text[:1])))
        least = _RUN if heading else _BARE_RUN
        if len(run) >= least and explained >= len(run) * _EXPLAINED_SHARE:
            for place, one in enumerate(run):
                claimed = one.claimed | frozenset(heading) if place == 0 else one.claimed
                yield _Read(one.at, one.term, claimed)
            at = end
        else:
            at += 1


def _run(paper: Paper, begin: int, mark: str, taken: set[int]) -> tuple[list[_Read], int]:
    """The marked words from a place on, each with what stands beneath it, and where the run ends."""
    run: list[_Read] = []
    word, lines, used, start = "", list[str](), set[int](), begin

    def close() -> bool:
        if not word or not lines:
            return False
        run.append(_Read(start, Term(_name(word), "\n".join(lines)), frozenset(used)))
        return True

    at = begin
    while at < len(paper.blocks):
        block = paper.blocks[at]
        here = _marked(block)
        if at in taken:
            break
        if block.blank or _page_number(block):
            at += 1
            continue
        if here and here[0] == mark:
            if word and not close():
                return run, start
            word, lines, used, start = here[1], [], {at}, at
        elif (lines and _ends_run(paper, at, mark, taken)) or not word:
            break
        else:
            lines.append(block.text)
            used.add(at)
        at += 1
    close()
    return run, at


def _ends_run(paper: Paper, at: int, mark: str, taken: set[int]) -> bool:
    """Whether a line below an explanation is no part of it: a heading, with no other word of the run soon after."""
    block = paper.blocks[at]
    text = plain(block.text)
    if text.endswith("。") or text.startswith(("※", "なお", "また")):
        return False
    if block.level or _NEXT.match(text):
        return not any(
            (found := _marked(later)) and found[0] == mark for later in paper.blocks[at + 1 : at + 20]
        ) or bool(re.match(r"第\s*[0-9一二三四五六七八九十]+\s*[章編]", text))
    return False


def _marked(block: Block) -> tuple[str, str] | None:
    """Mark and word, where a line is a marked word and no sentence or caption."""
    if block.filled != 1:
        return None
    text = block.text.strip()
    found = _MARK.fullmatch(text)
    if not found or text.endswith(("。", found["mark"])):
        return None
    return found["mark"], found["word"].strip()


def _footnotes(paper: Paper, taken: set[int]) -> Iterator[_Read]:
    """Notes that begin with a mark and the word that they explain."""
    for at, block in enumerate(paper.blocks):
        if at in taken or block.filled != 1 or block.table or block.text[0] not in "※*＊†注(（[":
            continue
        found = _FOOTNOTE.fullmatch(folded(block.text))
        if not found:
            continue
        word = cut(block.text, found, "word").strip(" 　「」『』")
        text, used = cut(block.text, found, "text"), {at}
        # ■：実施 → 継続 is the legend of a table's marks.
        if not re.search(r"\w", word) or _NO_WORD.match(squeeze(word)) or len(text) < 4:
            continue
        below = at + 1
        while (
            not re.search(r"[。)）]$", text)
            and below < len(paper.blocks)
            and below not in taken
            and _goes_on(paper.blocks[below])
        ):
            text = _continued(text, paper.blocks[below].text)
            used.add(below)
            below += 1
        yield _Read(at, Term(_name(word), text), frozenset(used))


def _goes_on(block: Block) -> bool:
    """Whether a line right below may be the rest of a note."""
    return block.filled == 1 and not block.table and not re.match(r"[※*＊†(（\[【■●◆・0-9第]", block.text)


def _continued(text: str, rest: str) -> str:
    """A text with its rest from the next page, a new line where a sentence had ended."""
    return f"{text}\n{rest}" if text.endswith(("。", "．")) else text + rest


def _name(text: str) -> str:
    """A word without the blanks that a text tool sets between the letters of a Latin abbreviation (A I)."""
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), " ".join(text.split()))


def _page_number(block: Block) -> bool:
    return block.filled == 1 and bool(re.fullmatch(r"[-‐―ー−—\s]*[0-9]{1,3}[-‐―ー−—\s]*", plain(block.text)))
