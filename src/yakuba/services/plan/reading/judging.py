"""How badly a cell fits a column of a long table where any cell may have got lost, melted or moved.

A word of progress, an office, figures, tense: these tell a column better than its place.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .cells import BAD, FAIR, FITS, NEVER, POOR, Look, misfit
from .columns import MONEY, Column, Role
from .values import read_value
from .vocabulary import FATE, GRADE, PACE, STATUS
from .wording import squeeze

#: Words that stand in no other column; what is being done (実施中) may be a stage or a value as well.
_PROGRESS: Final = re.compile(
    rf"{PACE}|{FATE}|(?:計画|取組)?の?(?:変更|見直し|完了)|未着手|着手済み?|達成(?:済み?)?|{GRADE}"
)
_STATUS: Final = re.compile(rf"{_PROGRESS.pattern}|{STATUS}")
_BLANKS: Final = {Role.TITLE: 3.0, Role.NUMBER: 1.5, Role.OFFICE: 0.8, Role.INDICATOR: 0.6}
_DONE: Final = re.compile(r"(?:[しっいきれせべめけえげてじぎび]た|んだ|ている)(?:。|・|$)")
_COUNTED: Final = re.compile(r"[0-9][0-9,.]*\s*[^\s\d,.]{1,3}(?=[\s①-⑳)）]|$)")


def judge(column: Column, cell: Look, titles: frozenset[str]) -> float:
    """How badly a cell fits a column of such a table, where any cell may have got lost."""
    if cell.blank:
        return _BLANKS.get(column.role, 0.2)
    if column.detail == MONEY:
        return FITS if cell.figure or cell.dash else POOR
    own = _JUDGES.get(column.role)
    return own(column.detail, cell) if own else misfit(column, cell, titles)


def figures(cell: Look) -> bool:
    """Whether a cell prints values and nothing else."""
    if cell.dash:
        return True
    if cell.value and not cell.phrase and not cell.sentence:
        return True
    if len(cell.text) > 60 or "。" in cell.text:
        return False
    # Two states or two counted figures in one cell: the neighbour's, or target and actual.
    words = cell.text.split()
    states = len(words) > 1 and all(_is_state(word) for word in words)
    return states or len(_COUNTED.findall(cell.text)) >= 2


def _is_state(word: str) -> bool:
    printed = read_value(word)
    return printed.state is not None and not printed.questions


def tells_results(text: str) -> bool:
    """Whether most sentences of a text tell what was done."""
    sentences = [one for one in squeeze(text).split("。") if len(one) > 2]
    done = sum(bool(_DONE.search(one)) for one in sentences)
    return done > 0 and done * 2 >= len(sentences)


def _says_progress(cell: Look) -> bool:
    """Whether a cell holds a word of progress that is no value as well (完了)."""
    words = squeeze(cell.text)
    return bool(_PROGRESS.fullmatch(words)) and read_value(words).state is None


@lru_cache(maxsize=2048)
def _title(_: str, cell: Look) -> float:
    if cell.dash or cell.figure or "。" in cell.text or cell.text.startswith("・"):
        return NEVER
    return POOR if cell.office else FAIR if cell.sentence else FITS


@lru_cache(maxsize=2048)
def _level(_: str, cell: Look) -> float:
    """A code or a title of the tree; most rows of a long table print the code alone."""
    if cell.sentence or cell.office or "。" in cell.text:
        return NEVER
    return FITS if cell.number or len(squeeze(cell.text)) <= 4 else FAIR if len(cell.text) <= 40 else BAD


@lru_cache(maxsize=2048)
def _office(_: str, cell: Look) -> float:
    return FITS if cell.office else NEVER


@lru_cache(maxsize=2048)
def _text(detail: str, cell: Look) -> float:
    words = squeeze(cell.text)
    if _PROGRESS.fullmatch(words) or cell.office:
        return NEVER
    if cell.dash:
        return POOR
    if figures(cell):
        return BAD
    done = bool(_DONE.search(words))
    if detail == "result":
        return FITS if done else POOR
    return (FITS if cell.sentence else FAIR) + (FAIR if done else 0.0)


@lru_cache(maxsize=2048)
def _indicator(_: str, cell: Look) -> float:
    if figures(cell) or _PROGRESS.fullmatch(squeeze(cell.text)):
        return BAD
    if "。" in cell.text.partition("※")[0]:
        return BAD + POOR
    return misfit(Column(Role.INDICATOR, ""), cell, frozenset())


@lru_cache(maxsize=2048)
def _value(_: str, cell: Look) -> float:
    if _says_progress(cell):
        return NEVER
    if figures(cell):
        return FITS
    return NEVER if cell.sentence or "。" in cell.text else POOR if len(cell.text) <= 24 else BAD


@lru_cache(maxsize=2048)
def _progress(_: str, cell: Look) -> float:
    # －: not judged.
    return FITS if _STATUS.fullmatch(squeeze(cell.text)) or cell.dash else NEVER


@lru_cache(maxsize=2048)
def _stage(_: str, cell: Look) -> float:
    if cell.office or _PROGRESS.fullmatch(squeeze(cell.text)):
        return BAD
    return POOR if figures(cell) else FITS if cell.sentence else FAIR / 2


_JUDGES: Final = {
    Role.LEVEL: _level,
    Role.TITLE: _title,
    Role.OFFICE: _office,
    Role.TEXT: _text,
    Role.INDICATOR: _indicator,
    Role.VALUE: _value,
    Role.PROGRESS: _progress,
    Role.STAGE: _stage,
    Role.SCHEDULE: _stage,
}
