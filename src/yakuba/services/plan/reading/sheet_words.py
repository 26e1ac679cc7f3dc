"""The words of fact sheets: labels beside their cells, tags, options, office cells, schedules' years, lists of actions.

Vocabulary of the field and patterns of how offices fill in such sheets; nothing here knows a document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from .cells import look
from .office_words import starred
from .vocabulary import OFFICE, OFFICE_LEAD, OFFICE_RELATED, THING
from .wording import fiscal_year, plain, squeeze

#: Longer cells are no labels.
MAX_LABEL: Final = 24


_LONG_BLANK: Final = re.compile(r"[ \t\u3000\xa0]{4,}")


def tidied(text: str) -> str:
    """The text without blank lines and long blanks: patterns search it in time in proportion to its length."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(_LONG_BLANK.sub(" ", line) for line in lines if line)


class Kind(Enum):
    """What a label's cell holds."""

    NUMBER = "number"
    TITLE = "title"
    OFFICE = "office"
    TEXT = "text"
    ITEMS = "items"
    SCHEDULE = "schedule"
    INDICATOR = "indicator"
    PROGRESS = "progress"
    LEVEL = "level"
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Label:
    """A label: what its cell holds, the text's key or the office's role, and the label as printed."""

    kind: Kind
    detail: str
    name: str
    joint: bool = False
    """An office label for leading and other offices together: 主管課(関係課)."""


_THING: Final = THING
_ABOUT: Final = r"(?:現状|現況|背景|課題|問題点?|必要性|経緯)"
_WORDS: Final[tuple[tuple[str, Kind, str], ...]] = (
    (rf"(?:{_THING}|整理|通し|管理|個票|シート)?の?(?:no\.?|番号|コード|#|項番)", Kind.NUMBER, ""),
    (
        rf"(?:個別|主要|具体的な?|情報化)?{_THING}の?(?:名称?|件名|タイトル|名等)|件名|{_THING}|題名|タイトル",
        Kind.TITLE,
        "",
    ),
    (OFFICE_RELATED, Kind.OFFICE, "related"),
    (
        rf"{OFFICE_LEAD}(?:[・、及びとや/]+{OFFICE_RELATED})?|担当者|主体|事務局{OFFICE}",
        Kind.OFFICE,
        "lead",
    ),
    (rf"{_THING}?の?(?:目的|ねらい|狙い|趣旨)(?:[・、]?(?:意義|概要))?", Kind.TEXT, "purpose"),
    (
        rf"(?:{_THING}の?)?{_ABOUT}(?:(?:と|や|及び|および|[・、/])?{_ABOUT}){{0,3}}(?:等|分析)?",
        Kind.TEXT,
        "issue",
    ),
    (
        (
            rf"(?:主な|主要な?|具体的な?|個別の?)(?:{_THING}|内容|対応)(?:内容|項目|事項)?"
            r"|(?:検討|実施|取組|取り組み|取組み)(?:・(?:検討|実施))?(?:事項|項目)"
        ),
        Kind.ITEMS,
        "",
    ),
    (
        rf"(?:{_THING}|実施|計画|対応|整備|推進)?の?(?:内容|概要|方針|説明|手法|方法)|今後の(?:取組|取り組み|方向性?|対応|方針)|対応策?|対策|改善策",
        Kind.TEXT,
        "approach",
    ),
    (
        r"(?:期待(?:される|できる|する)?|見込まれる|想定(?:される)?|導入|実施|事業)?の?(?:効果|メリット)(?:・(?:成果|メリット))?",
        Kind.TEXT,
        "effect",
    ),
    (
        r"(?:目指す|めざす|あるべき|将来の?|ありたい)姿|到達(?:点|目標)|(?:達成|最終|取組|実現)?目標(?:状態)?|ゴール",
        Kind.TEXT,
        "target_state",
    ),
    (
        rf"(?:これまでの|{_THING}の?|実施|前年度の?|昨年度の?)?(?:実績|成果|実施状況|取組状況|実施結果|結果)",
        Kind.TEXT,
        "result",
    ),
    (
        (
            r"(?:実施|推進|取組|導入|整備|年度別|年次|今後の|全体)?(?:スケジュール|工程表?|ロードマップ)"
            r"|(?:実施|推進|年度別?|年次|行動|整備)の?(?:計画|予定|目標)|(?:実施|計画|取組|事業|整備)(?:時期|年度|期間)"
        ),
        Kind.SCHEDULE,
        "",
    ),
    (
        r"(?:成果|評価|目標|管理|達成|活動|重要業績評価)?指標[0-9]{0,2}(?:名|項目)?|k[pg]i[0-9]{0,2}|数値目標[0-9]{0,2}",
        Kind.INDICATOR,
        "",
    ),
    (r"進捗(?:状況|度|評価)?|達成(?:状況|度)|評価", Kind.PROGRESS, ""),
    (
        (
            r"(?:目標|事業|施策|取組|新規|継続|計画)?の?(?:区分|分野|領域|分類|種別)|対象者?|(?:関連する?)?sdgs?.{0,12}"
            r"|関連(?:計画|個別計画|施策|事業|法令|する計画|する施策)名?|根拠(?:法令|計画)?|位置[づ付]け|上位計画|重点.{0,6}|優先度"
            r"|(?:概算)?(?:予算|事業費|費用|経費)額?|財源|備考"
        ),
        Kind.TAGS,
        "",
    ),
    (
        r"(?:基本(?:目標|方針|施策|理念|戦略|政策)|(?:施策|政策|取組)?の?(?:柱|方向性?|体系)|(?:大|中|小)(?:項目|分類|施策)|政策|戦略|重点目標|ビジョン)[0-9]{0,2}",
        Kind.LEVEL,
        "",
    ),
)
_COMPILED: Final = tuple((re.compile(pattern), kind, detail) for pattern, kind, detail in _WORDS)
_OUTER: Final = " \t\n\u3000【】〔〕［］[]〈〉<>《》■●◆◇▼◎・:：.．"
_JOINT: Final = re.compile(r"関係|関連|連携|協力")
_FOLDED: Final = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=4096)
def label_of(cell: str) -> Label | None:
    """The label that a cell is, or None."""
    bare = " ".join(cell.strip(_OUTER).split())
    if not bare or len(bare) > MAX_LABEL:
        return None
    words = squeeze(bare)
    core = _FOLDED.sub("", words) or words
    for pattern, kind, detail in _COMPILED:
        if pattern.fullmatch(core):
            aside = "".join(_FOLDED.findall(words)) + (core if re.search("[・、及びとや/]", core) else "")
            joint = kind is Kind.OFFICE and detail == "lead" and bool(_JOINT.search(aside))
            return Label(kind, detail, "".join(bare.split()), joint)
    return None


def label_and_text(cell: str) -> tuple[Label, str] | None:
    """A label and the text that stands in the same cell after a colon (担当課：市民課), or None."""
    found = re.match(r"\s*(?P<label>[^:：\n]{1,24}?)\s*[:：]\s*(?P<text>\S[\s\S]*)", cell)
    if not found:
        return None
    label = label_of(found["label"])
    return (label, found["text"].strip()) if label else None


@dataclass(frozen=True, slots=True)
class Head:
    """A sheet's head: number, title, bracketed words; `spaced` says that blanks stood between the number's digits."""

    number: str
    title: str
    words: tuple[str, ...] = ()
    spaced: bool = False


_FURTHER: Final = r"(?:[-－‐ー.．](?:[0-9０-９]{1,3}|[(（][0-9０-９]{1,3}[)）]|[①-⑳]))"
_HEAD_NUMBER: Final = re.compile(
    r"(?:(?:施策|事業|取組|重点)?\s*(?:No|NO|no|№|番号)?\s*[.．]?\s*)"
    # Ⅰ-1-(1), A-1, 総-01: letters before the digits.
    rf"(?:(?P<lettered>(?:[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[A-ZＡ-Ｚ]|(?<![一-龠])(?!第)[一-龠]){_FURTHER}{{1,4}}(?=[ \u3000\n.．、:：]|$))|"
    r"(?P<enclosed>[①-⑳㉑-㉟⑴-⒇])|(?P<digits>[0-9０-９](?:[ \u3000]?[0-9０-９]){0,3})"
    rf"(?P<more>{_FURTHER}{{0,4}})"
    r"|(?P<round>[(（][0-9０-９]{1,3}[)）]))\s*(?P<mark>[.．、:：)）]|(?=[ \u3000])|$)\s*(?P<title>[\s\S]*)"
)
_OWN_MARKS: Final = frozenset("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_BRACKETED: Final = re.compile(r"[【〔［《\[]([^【】〔〕［］《》\[\]]{1,16})[】〕］》\]]")


def head_of(text: str) -> Head:
    """What a head cell says (3. 予約の電子化【重点】); the number is empty where none is printed."""
    flat = " ".join(text.split())
    words = tuple("".join(found[1].split()) for found in _BRACKETED.finditer(flat))
    bare = " ".join(_BRACKETED.sub(" ", flat).split()) if words else flat
    found = _HEAD_NUMBER.fullmatch(bare)
    if not found:
        return Head("", bare, words)
    digits = found["digits"] or ""
    spaced = len("".join(digits.split())) < len(digits)
    if spaced and not found["mark"]:
        # «1 4K放送»: without a mark after them the digits may be the title's.
        first, _, rest = bare.partition(" ")
        return Head(unicodedata.normalize("NFKC", first), rest, words)
    printed = found["lettered"] or "".join(digits.split()) + (found["more"] or "") + (found["round"] or "")
    # Ⅰ and ① are marks of their own; NFKC would make letters and digits of them.
    number = found["enclosed"] or "".join(
        mark if mark in _OWN_MARKS else unicodedata.normalize("NFKC", mark) for mark in printed
    )
    return Head(number, found["title"].strip(), words, spaced)


_CHECKED: Final = "■☑☒✔✓◼●◉"
_UNCHECKED: Final = "□☐◻"
_OPTION: Final = re.compile(rf"([{_CHECKED}{_UNCHECKED}○◯])\s*([^{_CHECKED}{_UNCHECKED}○◯]*)")


def options_in(text: str) -> tuple[tuple[str, bool], ...]:
    """The options of a cell with boxes before them, each with whether it is ticked; none where there are no boxes."""
    found = [
        (mark, " ".join(words.strip(" 、,・/\n\u3000").split())) for mark, words in _OPTION.findall(text)
    ]
    marks = {mark for mark, _ in found}
    if not marks & set(_CHECKED + _UNCHECKED):
        return ()
    if _OPTION.sub("", text).strip():
        # Words before the first box: a text with marks in it.
        return ()
    return tuple((words, mark in _CHECKED) for mark, words in found if words)


def words_in(text: str) -> tuple[str, ...]:
    """The words of a tag's cell: a list with 、 or line ends, or with ①② before each."""
    text = tidied(text)
    if len(_CIRCLED.findall(text)) > 1 or _CIRCLED.match(text):
        # «④暮らし・ 交通»: between two numbers blanks part nothing.
        parts = [re.sub(r"\s*・\s*", "・", part) for part in re.split(r"(?=[①-⑳])|[、，\n]+", text)]
    else:
        parts = re.split(r"[、,，;；\n]+|\s+(?=・)", text)
    return tuple(found for part in parts if (found := " ".join(part.strip(" ・、,\u3000").split())))


_CIRCLED: Final = re.compile("[①-⑳]")
_GOAL: Final = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
#: What may stand beside the goals' numbers: the word goal, and the short titles of the seventeen (in the usual translation).
_GOAL_WORDS: Final = re.compile(
    r"sdgs?|ゴール|目標|goal|no|の|番|貧困をなくそう|飢餓をゼロに|すべての人に健康と福祉を|質の高い教育をみんなに"
    r"|ジェンダー平等を実現しよう|安全な水とトイレを世界中に|エネルギーをみんなに(?:そして)?クリーンに|働きがいも経済成長も"
    r"|産業と技術革新の基盤をつくろう|人や国の不平等をなくそう|住み続けられるまちづくりを|つくる責任つかう責任"
    r"|気候変動に具体的な対策を|海の豊かさを守ろう|陸の豊かさも?守ろう|平和と公正をすべての人に|パートナーシップで目標を達成しよう"
)


def goals_in(text: str) -> tuple[str, ...]:
    """The numbers of the SDGs that a cell names (① ⑩, 目標9、11, 3 すべての人に …); its words where it says something else."""
    apart = re.sub("[①-⑳]", lambda found: f" {found[0]} ", text)
    numbers = [str(int(found[0])) for found in _GOAL.finditer(plain(apart))]
    rest = _GOAL_WORDS.sub("", squeeze(text))
    if not numbers or re.search(r"[^\W\d_]", rest):
        return words_in(text)
    return tuple(dict.fromkeys(numbers))


_GROUP: Final = re.compile(
    r"(?:.{0,10}?関係|関連)?各(?:課|部署|部局|所属|担当課)(?:等|室)?|全(?:課|庁|部署|所属)(?:室|等)?|関係(?:各)?(?:課|部署|機関)(?:等)?|全庁|庁内各課"
)
_LEADS: Final = frozenset("◎●★")
_ROLE: Final = re.compile(
    r"(?P<lead>主管|主担当|担当|所管|主)課?\s*[:：]|(?P<related>関係|関連|連携|協力|副担当|副)課?\s*[:：]"
)


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """An office as a cell names it; `assumed` says that its role is by its place in the list alone."""

    name: str
    role: str
    assumed: bool = False
    odd: bool = False


def offices_in(text: str, label: Label) -> tuple[NamedOffice, ...]:
    """The offices of a label's cell, in order.

    Under a label for leading and other offices together, those in brackets or after 関係課： are related; where nothing tells
    them apart the first leads, which is assumed.
    """
    said: list[tuple[str, str]] = []
    for role, piece in _by_role(starred(tidied(text)), label.detail):
        said += [(role, name) for name in _names(piece)]
    marked = any(name[0] in _LEADS for _, name in said)
    told = marked or len({role for role, _ in said}) > 1
    found: list[NamedOffice] = []
    for place, (given, printed) in enumerate(said):
        role, name = given, printed.lstrip("◎●★○◯")
        assumed = False
        if told and (printed[0] in _LEADS | {"○", "◯"} or marked):
            role = "lead" if printed[0] in _LEADS else "related"
        elif label.joint and not told and len(said) > 1:
            role, assumed = ("related" if place else "lead"), True
        if _GROUP.fullmatch(squeeze(name)):
            role = "group"
        if name and name not in {one.name for one in found}:
            found.append(NamedOffice(name, role, assumed, odd=not office_like(name)))
    return tuple(found)


def _by_role(text: str, role: str) -> Iterator[tuple[str, str]]:
    """Pieces of an office cell and the role that words or brackets give them."""
    aside = re.fullmatch(r"(?P<outer>[^()（）]+)[(（](?P<inner>[^()（）]+)[)）]\s*", text)
    if aside and _ROLE.match(aside["inner"].strip()):
        # 情報課（関係課：全庁）: what the bracket says is about what it holds.
        yield from _by_role(aside["outer"], role)
        yield from _by_role(aside["inner"], role)
        return
    places = list(_ROLE.finditer(text))
    if places:
        yield role, text[: places[0].start()]
        ends = [*(one.start() for one in places[1:]), len(text)]
        for one, end in zip(places, ends, strict=True):
            yield ("lead" if one["lead"] else "related"), text[one.end() : end]
        return
    bracket = re.fullmatch(r"(?P<outer>[^()（）]+)[(（](?P<inner>[^()（）]+)[)）]\s*", text)
    if bracket and all(office_like(name) and not name.endswith("係") for name in _names(bracket["inner"])):
        yield role, bracket["outer"]
        yield "related", re.sub(r"^(?:関係|関連|連携|協力)課?\s*[:：]?", "", bracket["inner"])
        return
    yield role, text


def _names(text: str) -> list[str]:
    """The names of an office list; a name that a blank or ・ breaks is kept whole."""
    found: list[str] = []
    held = ""
    for piece in re.split(r"[、,，;；\n/／\s\u3000]+", text):
        if not piece or piece in "・-－ー―":
            continue
        parts = piece.split("・")
        names = [piece] if not all(office_like(part) for part in parts) else parts
        for name in names:
            held += name
            if office_like(held) or _GROUP.fullmatch(squeeze(held)):
                if found and re.fullmatch(r"[^課室局部]{1,10}(?:係|班|担当|グループ)", held):
                    # A section after its office.
                    found[-1] += f" {held}"
                else:
                    found.append(held)
                held = ""
    return [*found, held] if held else found


@lru_cache(maxsize=4096)
def office_like(text: str) -> bool:
    """Whether a cell is the name of an office, or of several."""
    return look(text.lstrip("◎●★○◯")).office or bool(_GROUP.fullmatch(squeeze(text)))


_YEAR_CELL: Final = re.compile(
    r"(?:(?P<era>令和|平成|R|H)\.?\s*(?P<nth>元|[0-9]{1,2})|(?:FY\s*)?(?P<western>20[0-9]{2})|(?P<bare>[0-9]{1,2}))"
    r"\s*(?P<counter>年度?)?\s*(?:末|当初)?\s*(?:[(](?:[^()]{1,12})[)])?(?:\s*年度)?(?:\s+(?P<rest>\S[\s\S]*))?",
    re.IGNORECASE,
)


def years_in(cells: Sequence[str]) -> tuple[tuple[int, int, str], ...]:
    """The fiscal years that a row's cells name: place, year, and what else stands in the cell.

    A year without its era (4年度) goes on from the one before it. Fewer than two years that follow each other are no schedule.
    """
    found: list[tuple[int, int, str]] = []
    for place, cell in enumerate(cells):
        match = _YEAR_CELL.fullmatch(plain(cell)) if cell and len(cell) <= 120 else None
        if not match:
            continue
        if match["bare"]:
            year = found[-1][1] + 1 if found and match["counter"] else None
        else:
            year = fiscal_year(match["era"], match["nth"], match["western"])
        if year is not None:
            # As printed: what follows the year's own line.
            rest = cell.strip().partition("\n")[2] if "\n" in cell.strip() else match["rest"] or ""
            found.append((place, year, rest.strip()))
    years = [year for _, year, _ in found]
    rising = all(after > before for before, after in pairwise(years))
    return tuple(found) if len(found) >= 2 and rising else ()


_LIST_HEAD: Final = re.compile(
    r"(?:[【〔《〈<＜\[［]\s*(?P<inside>[^【】〔〕《》〈〉<>＜＞\[\]［］\n]{2,12}?)\s*[】〕》〉>＞\]］]"
    r"|(?:^|\n)[■●◆◇○▼]?\s*(?P<line>[^\s:：。、]{2,12})\s*(?:[:：]|\n))"
)
_FAMILIES: Final = (
    tuple(chr(0x2460 + place) for place in range(20)) + tuple(chr(0x3251 + place) for place in range(15)),
    tuple(chr(0x2474 + place) for place in range(20)),
    tuple(f"({place})" for place in range(1, 31)),
    tuple(f"（{place}）" for place in range(1, 31)),
    tuple(f"{place}." for place in range(1, 31)),
    tuple(f"{place}．" for place in range(1, 31)),
    tuple(f"{place})" for place in range(1, 31)),
)
_BULLET: Final = re.compile(r"(?:^|\n)\s*[・•●○◆◇■▪✓✔➤➢*-]\s*")
_TRAILING: Final = re.compile(r"\s*[【〔［（(\[]([^【】〔〕［］（）()\[\]]{2,80})[】〕］）)\]]\s*$")
_INNER: Final = re.compile(r"[【〔［（(\[]([^【】〔〕［］（）()\[\]]{2,80})[】〕］）)\]]")


#: A longer action is prose; what stands in brackets at its end is no office.
_MAX_ACTION: Final = 2_000


@dataclass(frozen=True, slots=True)
class Action:
    """One listed action: its mark, its text, and the offices in brackets behind it or its points."""

    number: str | None
    text: str
    offices: tuple[str, ...]


def split_actions(text: str) -> tuple[str, tuple[Action, ...]]:
    """Running text and the actions listed after it under 【主な取組】 or the like; all of it where nothing is listed."""
    text = tidied(text)
    for found in _LIST_HEAD.finditer(text):
        label = label_of(found["inside"] or found["line"])
        if label and label.kind is Kind.ITEMS:
            actions = actions_in(text[found.end() :])
            if actions:
                return text[: found.start()].strip(), actions
    marked = _marked(text, at_line_starts=True)
    if len(marked) > 1:
        return text[: marked[0][0]].strip(), actions_in(text[marked[0][0] :])
    return text.strip(), ()


def actions_in(text: str) -> tuple[Action, ...]:
    """The actions of a list: by ①②… in their turn, else by points; one that has neither is one action."""
    marked = _marked(text)
    if marked:
        ends = [*(place for place, _ in marked[1:]), len(text)]
        pieces = [
            (mark, text[place + len(mark) : end]) for (place, mark), end in zip(marked, ends, strict=True)
        ]
    else:
        points = [piece for piece in _BULLET.split(text) if piece.strip()]
        pieces = [("", piece) for piece in points]
    return tuple(_action(mark, piece.strip()) for mark, piece in pieces if piece.strip())


def _marked(text: str, *, at_line_starts: bool = False) -> list[tuple[int, str]]:
    """The places of ①②… or (1)(2)…, each in its turn; the kind of marks that begins first."""
    best: list[tuple[int, str]] = []
    for family in _FAMILIES:
        found: list[tuple[int, str]] = []
        start = 0
        for mark in family:
            place = text.find(mark, start)
            while place > 0 and not _begins(text, place, mark, at_line_starts):
                place = text.find(mark, place + 1)
            if place < 0:
                break
            found.append((place, mark))
            start = place + len(mark)
        if found and (not best or found[0][0] < best[0][0]):
            best = found
    return best


def _begins(text: str, place: int, mark: str, at_line_starts: bool) -> bool:
    before = text[place - 1]
    if at_line_starts or len(mark) > 1:
        return before in " \n\u3000。" if not at_line_starts else before in "\n\u3000 "
    return True


def _action(mark: str, text: str) -> Action:
    names: list[str] = []
    for found in _INNER.finditer(text[:_MAX_ACTION]):
        parts = _names(found[1])
        if parts and all(office_like(part) for part in parts):
            names += parts
    last = _TRAILING.search(text) if len(text) <= _MAX_ACTION else None
    bare = text
    if last and "\n" not in text and not re.search(r"\s・", text):
        parts = _names(last[1])
        if parts and all(office_like(part) for part in parts):
            bare = text[: last.start()].strip()
    return Action(mark or None, bare, tuple(dict.fromkeys(names)))


def likeness(short: str, long: str) -> float:
    """How much of a short name stands, in its order, in a longer one: 1 is all of it."""
    one, other = squeeze(short), squeeze(long)[:200]
    if not one or len(one) > 60:
        return 0.0
    if one in other:
        return 1.0
    row = [0] * (len(other) + 1)
    for mark in one:
        above = 0
        for place, letter in enumerate(other, 1):
            kept = row[place]
            row[place] = above + 1 if mark == letter else max(row[place], row[place - 1])
            above = kept
    return row[-1] / len(one)
