"""What a cell looks like by itself: the evidence by which a row that was shifted finds its columns again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .columns import Column, Role
from .values import MAX_VALUE, read_value, split_labels, split_parts
from .vocabulary import GRADE, STATUS_WORD
from .wording import plain, squeeze

#: 12, 1-2-(3), no.4, 重1, and with a hyphen behind letters, a short word or a Roman numeral: 総-01, A-1, Ⅲ-2, 施策Ⅰ-1-(1).
NUMBER: Final = re.compile(
    r"(?:no\.?)?(?:[一-龠a-z]{0,3}|[一-龠]{0,3}[ivx]{1,4}|[ア-ン](?=[-‐－]))(?:(?<=[一-龠a-zア-ン])[-‐－])?"
    r"[\[(]?[0-9]{1,4}[\])]?(?:[-.‐－()][\[(]?[0-9ア-ンa-z]{1,4}[\])]?){0,5}[.)]?"
)
BRACKETED: Final = re.compile(r"[【〔［\[(（]([^【】〔〕［］\[\]()（）]{1,12})[】〕］\])）]")
#: A printed word about the life of an initiative, and its flag in the format.
FLAG_WORDS: Final = {
    **dict.fromkeys(("新", "新規", "新規取組", "新規事業"), "new"),
    **dict.fromkeys(("重点", "重点取組", "重点項目", "重要", "重点事業"), "priority"),
    **dict.fromkeys(("変更", "変", "見直し", "計画変更", "改"), "changed"),
    **dict.fromkeys(("終了", "終", "取組終了"), "ended"),
    **dict.fromkeys(("完了", "完", "取組完了", "達成済", "達成済み"), "completed"),
    **dict.fromkeys(("廃止", "廃", "中止"), "abolished"),
    **dict.fromkeys(("統合", "統"), "merged"),
    **dict.fromkeys(("移行", "移管", "移", "移動"), "moved"),
}
#: The foot of a table (計 3件): what it adds up is no initiative.
_TOTAL: Final = re.compile(
    r"[(\[【]?(?:合計|総計|小計|計)[)\]】]?[::]?(?:全?[0-9,]+(?:件|取組|事業|施策|項目)?)?"
)
_FIGURE: Final = re.compile(r"[().\-,]*[0-9][0-9().\-,]*")
_DASH: Final = re.compile(r"[-‐‑–—―ーｰ−─]+")
_SENTENCE_END: Final = re.compile(
    r"(?:。|ます|する|した|ある|いる|える|れる|める|げる|なる|図る|行う|い)[。)]*$"
)
_OFFICE: Final = re.compile(
    r"[^\s。]{1,14}(?:課|室|係|部|局|センター|署|園|校|館|所|委員会|関係各課|全課|各課)"
)
#: A figure in such a sentence is what is wanted, not what was measured.
_PLANNED: Final = re.compile(
    r"。.|までに|目指|を達成|[0-9][^\s0-9]{0,3}達成|に(?:拡大|増|する)|を?(?:予定|目標と)"
)
_MEASURE: Final = re.compile(
    r"数|率|割合|件|人|時間|有無|額|量|度|回|比|実施|[①-⑳]|状況|検討|開始|導入|構築|整備|達成|準拠"
)
_PROGRESS: Final = re.compile(rf"{GRADE}|.{{0,4}}{STATUS_WORD}.{{0,4}}")

#: Costs: how badly a cell fits a column. From `BAD` on the cell says that it belongs elsewhere.
FITS, FAIR, POOR, BAD, NEVER = 0.0, 0.6, 1.2, 3.0, 6.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell looks like."""

    text: str
    dash: bool
    number: bool
    figure: bool
    value: bool
    sentence: bool
    office: bool
    phrase: bool = False
    """Whether it is a value only by the word at the end of a phrase (調査の実施), which may name an indicator as well."""

    @property
    def blank(self) -> bool:
        """Whether nothing is printed."""
        return not self.text


@lru_cache(maxsize=4096)
def look(cell: str) -> Look:
    """The looks of a cell, judged once."""
    text = plain(cell)
    words = squeeze(cell)
    dash = bool(_DASH.fullmatch(words))
    value = bool(text) and not dash and _value_like(cell, text)
    sentence = len(text) > 60 or bool(_SENTENCE_END.search(text) and len(text) > 12)
    return Look(
        text=text,
        dash=dash,
        number=bool(words) and bool(NUMBER.fullmatch(squeeze(without_flags(cell)))),
        figure=bool(_FIGURE.fullmatch(words)),
        value=value,
        sentence=sentence,
        office=len(text) <= 60
        and bool(text)
        and all(_OFFICE.fullmatch(part) for part in re.split(r"[\s、,/]+", text)),
        phrase=value and _phrase(cell),
    )


def _phrase(cell: str) -> bool:
    """Whether every part of a value is a state at the end of a phrase."""
    _, parts = split_parts(cell)
    pieces = [piece.raw.removeprefix(piece.mark or "") for piece in parts] or [cell]
    return all(
        any(question.code == "state-in-phrase" for question in read_value(piece).questions)
        for piece in pieces
    )


def _value_like(cell: str, text: str) -> bool:
    if len(text) > MAX_VALUE:
        return False
    _, parts = split_parts(cell)
    pieces = parts or split_labels(cell, "")
    if pieces:
        read = [read_value(piece.raw.removeprefix(piece.mark or "")) for piece in pieces]
        return sum(
            one.number is not None or (one.state is not None and not one.questions) for one in read
        ) * 2 > len(read)
    printed = read_value(cell)
    if printed.absent:
        return True
    if printed.state is not None:
        # A state at the end of a long phrase is as well a plan's text.
        return len(text) <= 24 and "。" not in text
    if (printed.number is None and printed.numerator is None) or _PLANNED.search(text):
        return False
    if re.match(r"[^0-9。]{0,6}[0-9][0-9,.]*[^0-9年月.]", text + " ") and len(printed.years) < 2:
        return True
    # A figure at the end of a short phrase is a value with its label; sentences and lists of years are plans.
    ends = bool(re.search(r"[0-9][^\s0-9。]{0,6}$", text))
    return ends and len(text) <= (60 if len(set(printed.years)) < 2 else 36)


def is_total(title: str) -> bool:
    """Whether what stands in a title's place is the foot of a table (合計, 計 3件)."""
    return bool(_TOTAL.fullmatch(squeeze(title)))


def without_flags(cell: str) -> str:
    """The cell without bracketed words that are flags."""
    return BRACKETED.sub(lambda found: "" if squeeze(found[1]) in FLAG_WORDS else found[0], cell).strip()


def flags_in(cell: str) -> tuple[tuple[str, str], ...]:
    """The bracketed flags of a cell, as (flag, text as printed), in order and each once."""
    found: dict[str, str] = {}
    for bracket in BRACKETED.finditer(cell):
        flag = FLAG_WORDS.get(squeeze(bracket[1]))
        if flag:
            found.setdefault(flag, bracket[0])
    return tuple(found.items())


def misfit(column: Column, cell: Look, titles: frozenset[str]) -> float:
    """How badly a cell fits a column; `titles` are the known titles of the column's level, without blanks."""
    if cell.blank:
        return {Role.NUMBER: 1.5, Role.TITLE: 3.0, Role.LEVEL: 0.9, Role.INDICATOR: 2.6}.get(column.role, 0.2)
    return _COSTS[column.role](cell, titles)


def _number(cell: Look, _: frozenset[str]) -> float:
    return FITS if cell.number else NEVER


def _flags(cell: Look, _: frozenset[str]) -> float:
    words = squeeze(cell.text)
    return (
        FITS
        if words in FLAG_WORDS or words in {"継続", "-"} or cell.dash
        else POOR
        if len(words) <= 6
        else NEVER
    )


def _level(cell: Look, titles: frozenset[str]) -> float:
    if squeeze(cell.text) in titles:
        return FITS
    if cell.dash or cell.figure:
        return BAD
    # The fewer titles a level has, the less likely it is that this is one more.
    return NEVER if cell.sentence else POOR + 0.5 / (1 + len(titles))


def _title(cell: Look, _: frozenset[str]) -> float:
    if cell.dash or cell.figure:
        return NEVER
    return BAD if "。" in cell.text else FAIR if cell.sentence else FITS


def _text(cell: Look, _: frozenset[str]) -> float:
    if cell.dash:
        return POOR
    if cell.figure:
        return BAD
    return FITS if cell.sentence else FAIR


def _schedule(cell: Look, _: frozenset[str]) -> float:
    if cell.dash:
        return POOR
    return POOR + FAIR if cell.value and not cell.sentence else FITS


def _office(cell: Look, _: frozenset[str]) -> float:
    return FITS if cell.office else NEVER if cell.sentence or cell.figure else POOR


def _indicator(cell: Look, _: frozenset[str]) -> float:
    if cell.figure:
        return NEVER
    if cell.dash:
        return POOR
    if "。" in cell.text.partition("※")[0]:
        return BAD
    return FITS if _MEASURE.search(cell.text) else FAIR


def _unit(cell: Look, _: frozenset[str]) -> float:
    return FITS if len(cell.text) <= 6 and not cell.figure else BAD


def _value(cell: Look, _: frozenset[str]) -> float:
    if cell.dash or cell.value:
        return FITS
    return NEVER if cell.sentence else POOR if len(cell.text) <= 24 else BAD


def _progress(cell: Look, _: frozenset[str]) -> float:
    return FITS if _PROGRESS.fullmatch(cell.text) else POOR if len(cell.text) <= 10 else BAD


def _any(_cell: Look, _titles: frozenset[str]) -> float:
    return FAIR


_COSTS: Final = {
    Role.NUMBER: _number,
    Role.FLAGS: _flags,
    Role.LEVEL: _level,
    Role.TITLE: _title,
    Role.TEXT: _text,
    Role.SCHEDULE: _schedule,
    Role.OFFICE: _office,
    Role.INDICATOR: _indicator,
    Role.UNIT: _unit,
    Role.VALUE: _value,
    Role.PROGRESS: _progress,
    Role.STAGE: _schedule,
    Role.TAGS: _any,
    Role.UNKNOWN: _any,
}
