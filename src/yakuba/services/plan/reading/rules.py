"""Rules as a document prints them (規程, 要綱, 要領): articles, their paragraphs and items, tables attached to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from unicodedata import normalize

from .blocks import Block, Paper
from .wording import plain, squeeze

_TITLE: Final = re.compile(
    r"[○◎●■]?\s*[^。]{2,60}(?:規程|要綱|要領|規則|条例|規約|会則)(?:\s*[(（][^()（）]*[)）])?"
)
_DIGITS: Final = r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,4})"
_ARTICLE: Final = re.compile(
    rf"(?P<number>第\s*{_DIGITS}\s*(?:条(?:の{_DIGITS})?|(?=\s)))\s*(?:[(（](?P<heading>[^()（）。]{{1,30}})[)）])?\s*(?P<text>.*)",
    re.DOTALL,
)
_HEADING: Final = re.compile(r"[(（](?P<heading>[^()（）。]{1,40})[)）]")
_PARAGRAPH: Final = re.compile(r"(?P<number>[0-9]{1,2}|[②-⑳])(?:\s+|[.．])(?P<text>\S.*)", re.DOTALL)
_ITEM: Final = re.compile(
    r"(?:[-・]\s*)?(?:[(（]\s*[0-9]{1,2}\s*[)）]|[一二三四五六七八九十]{1,2}\s|[ア-コ]\s|[①-⑳]|[⑴-⒇])\s*(?P<text>\S.*)",
    re.DOTALL,
)
_ENDING: Final = re.compile(r"[附付]\s*則")
_IN_FORCE: Final = re.compile(
    r".{0,60}(?:から施行する|から適用する|から実施する|施行日|を廃止する|の一部を改正).*"
)
_ATTACHED: Final = re.compile(r"別表(?:第?\s*[0-9]{1,2})?\s*(?:[(（](?P<to>[^()（）]*)関係[)）])?")
_ROLE_HEADS: Final = re.compile(r"区分|役職|役名|役割|職務|委員区分|本部での職|職")
_POST_HEADS: Final = re.compile(r"職名|職|所属|構成員|補職|充て職|職にある者|委員|所属・職名")
_POST: Final = re.compile(
    r"[^\s。:：]{1,20}(?:長|監|官|理事|参事|職員|者|員)(?:\s?[(（][^()（）]{1,30}[)）])?"
)
_PAGE: Final = re.compile(r"[-‐―ー−—\s]*[0-9]{1,3}[-‐―ー−—\s]*")
#: The title stands so few printed lines above the first article.
_REACH: Final = 6


@dataclass(slots=True)
class Paragraph:
    """A paragraph (項) and its items (号), without their numbers."""

    text: str
    items: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Article:
    """An article (条): its number as printed without blanks, its heading, its paragraphs."""

    number: str
    heading: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The article's lines as printed."""
        return "\n".join(self.printed)


@dataclass(slots=True)
class Rule:
    """A rule: its title, its articles, what stands behind them (付則), the blocks that it takes."""

    title: str
    articles: list[Article] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    tables: list[tuple[str, str]] = field(default_factory=list)
    """Role and post of each row of the tables attached to it (別表)."""
    claimed: set[int] = field(default_factory=set)

    def attached(self, role: str) -> list[str]:
        """The posts that the attached tables give to a role; all of them where the tables name no role."""
        posts = [post for name, post in self.tables if squeeze(name) == squeeze(role)]
        return posts or [post for name, post in self.tables if not name]


def rules_of(paper: Paper, taken: set[int]) -> Iterator[Rule]:
    """The rules of a paper, in order. Takes time in proportion to its length."""
    at = 0
    while at < len(paper.blocks):
        if at in taken or not _first_article(paper.blocks[at]):
            at += 1
            continue
        reader = _Reader(paper, at, taken)
        if reader.read():
            yield reader.rule
            at = max(reader.at, at + 1)
        else:
            at += 1


class _Folds(dict[int, str]):
    """The plain form of each letter that has one of a single letter, found when first asked for."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        one = normalize("NFKC", letter)
        self[code] = one if len(one) == 1 else letter
        return self[code]


_FOLDS: Final = _Folds()


def folded(text: str) -> str:
    """The text as matched, each letter in its plain form and in its place, so that what matched can be cut out as printed."""
    return text.translate(_FOLDS)


def cut(text: str, found: re.Match[str], group: str) -> str:
    """What a group of a match in the folded text covers in the printed one."""
    begin, end = found.span(group)
    return text[begin:end].strip() if begin >= 0 else ""


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a full stop inside brackets ends none."""
    depth, begin = 0, 0
    for place, letter in enumerate(text):
        if letter in "(（「『":
            depth += 1
        elif letter in ")）」』":
            depth = max(0, depth - 1)
        elif letter == "。" and not depth:
            yield text[begin : place + 1].strip()
            begin = place + 1
    if text[begin:].strip():
        yield text[begin:].strip()


_CLAUSE: Final = re.compile(
    r"(?<=とし)、|(?<=もって充て)、|(?<=充て)、|(?<=置き)、|(?<=を)、(?=[^、。]{1,14}?(?:には|は))"
)
_VERB: Final = re.compile(r"(?:をもって|を)(?:充てる|充て)$")


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that fills several seats (委員長は…とし、副委員長は…とする), each with its own verb."""
    parts = _CLAUSE.split(sentence.strip().rstrip("。"))
    verb = _VERB.search(parts[-1])
    # 委員長には副市長を、副委員長には総務部長を充てる: the last clause's verb serves all.
    return [part.removesuffix("を") + verb[0] if verb and part.endswith("を") else part for part in parts]


def _first_article(block: Block) -> bool:
    """Whether a line may be a rule's first article; a rule quoted in part begins with a later one, below its title."""
    found = _ARTICLE.match(plain(block.text)) if block.filled and not block.blank else None
    return bool(found and found["text"] and block.filled <= 2)


class _Reader:
    """Reads one rule from its first article on."""

    def __init__(self, paper: Paper, at: int, taken: set[int]) -> None:
        self.paper = paper
        self.at = at
        self.taken = taken
        self.rule = Rule("")
        self.heading = ""
        self.heading_at: int | None = None
        self.ended = False
        self._above(at)

    def _above(self, first: int) -> None:
        """The rule's title and the first article's heading above it."""
        passed = 0
        for at in range(first - 1, max(-1, first - 40), -1):
            block = self.paper.blocks[at]
            if block.blank:
                continue
            passed += 1
            text = block.text.strip()
            found = _HEADING.fullmatch(folded(text))
            if _TITLE.fullmatch(folded(text)):
                self.rule.title = text.lstrip("○◎●■ ")
                self.rule.claimed.add(at)
                return
            if found and passed == 1:
                self.heading = cut(text, found, "heading")
                self.heading_at = at
            elif passed > _REACH or text.endswith("。"):
                return

    def read(self) -> bool:
        """Whether a rule with articles stands here; articles count on from the first."""
        if self.heading_at is not None:
            self.rule.claimed.add(self.heading_at)
        while self.at < len(self.paper.blocks):
            block = self.paper.blocks[self.at]
            if self.at in self.taken:
                break
            if not block.blank:
                if not self._take(block):
                    break
                self.rule.claimed.add(self.at)
            self.at += 1
        # One article alone, or a later one without a title, is a citation of a law.
        articles = self.rule.articles
        begins = bool(articles) and re.fullmatch(r"第[1一]条?", articles[0].number) is not None
        return bool(articles) and (bool(self.rule.title) or (begins and len(articles) > 1))

    def _take(self, block: Block) -> bool:
        """Takes a line as a part of the rule; False where the rule is over."""
        text = block.text.strip()
        if self.ended:
            return self._after(block, text)
        article = _ARTICLE.fullmatch(folded(text))
        if article and self._follows(squeeze(article["number"])):
            one = Article(squeeze(article["number"]), cut(text, article, "heading") or self.heading)
            one.printed.append(text)
            one.paragraphs.append(Paragraph(cut(text, article, "text")))
            self.rule.articles.append(one)
            self.heading = ""
            return True
        if _ENDING.match(text) or _ATTACHED.fullmatch(folded(text)):
            self.ended = True
            return self._after(block, text)
        heading = _HEADING.fullmatch(folded(text))
        if heading and self._article_below():
            self.heading = cut(text, heading, "heading")
            return True
        if not self.rule.articles or block.level:
            return False
        return self._part(text)

    def _part(self, text: str) -> bool:
        """Takes a line as a part of the article above it."""
        if _PAGE.fullmatch(folded(text)):
            return True
        article = self.rule.articles[-1]
        item = _ITEM.fullmatch(folded(text))
        paragraph = _PARAGRAPH.fullmatch(folded(text))
        now = article.paragraphs[-1]
        if item:
            now.items.append(cut(text, item, "text"))
        elif paragraph:
            article.paragraphs.append(Paragraph(cut(text, paragraph, "text")))
        elif not (now.items[-1] if now.items else now.text).endswith("。"):
            # A line that a page's end cut in two.
            if now.items:
                now.items[-1] += text
            else:
                now.text += text
            article.printed[-1] += text
            return True
        elif text.endswith("。") and text[:2] in {"ただ", "この", "前項"}:
            now.text += text
        else:
            return False
        article.printed.append(text)
        return True

    def _follows(self, number: str) -> bool:
        """Whether an article's number is one that comes next."""
        return not self.rule.articles or number != self.rule.articles[0].number

    def _article_below(self) -> bool:
        for block in self.paper.blocks[self.at + 1 : self.at + 5]:
            if not block.blank:
                return bool(_ARTICLE.fullmatch(plain(block.text)))
        return False

    def _after(self, block: Block, text: str) -> bool:
        """Takes what stands behind the articles: 付則, when it comes into force, tables attached."""
        if block.table and block.filled >= 2:
            return self._row(block)
        if _TITLE.fullmatch(folded(text)) or block.level or _ARTICLE.match(folded(text)):
            return False
        if _ENDING.match(text) or _IN_FORCE.fullmatch(text) or _ATTACHED.fullmatch(folded(text)):
            self.rule.rest.append(text)
            return True
        same = folded(text)
        if any(_ATTACHED.match(one) for one in self.rule.rest) and _POST.fullmatch(same):
            self.rule.tables.append(("", text))
            self.rule.rest.append(text)
            return True
        paragraph = _PARAGRAPH.fullmatch(same) or _ITEM.fullmatch(same) or _HEADING.fullmatch(same)
        if paragraph and text.endswith(("。", ")", "）")):
            self.rule.rest.append(text)
            return True
        return False

    def _row(self, block: Block) -> bool:
        """Takes a row of a table attached: role and post."""
        if not any(_ATTACHED.match(one) for one in self.rule.rest):
            return False
        cells = [cell for cell in block.cells if cell]
        self.rule.rest.append(" ".join(cells))
        if _ROLE_HEADS.fullmatch(squeeze(cells[0])) or _POST_HEADS.fullmatch(squeeze(cells[-1])):
            return True
        self.rule.tables.append((cells[0], "、".join(cells[1:])))
        return True
