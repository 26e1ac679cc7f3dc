"""Names of plans and of the municipality: which of several printed forms is meant, and whose plan a name names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from .vocabulary import PLAN
from .wording import join_broken, plain, squeeze, whole_number

#: A squeezed line that is a plan's name, with or without what stands behind a name.
NAMED: Final = re.compile(
    rf"{PLAN}(?:書|編|本編|資料編|素案|案|概要版|一覧|個票|シート)*"
    r"(?:(?:令和|平成)(?:元|[0-9]{1,2})年度(?:改訂|改定)?版|20[0-9]{2}年度(?:改訂|改定)?版"
    r"|(?:r|令和|平成|20)[0-9元年度]*[~\-][r令和平成0-9年度]*|[0-9]{4}|[(\[【〔〈<〜~―-].*)*$"
)
_ORDINAL: Final = re.compile(r"第([0-9]{1,3}|[一二三四五六七八九十]{1,3})次")
#: Names of plans that are not the document's own: above it, before it, the state's, the prefecture's.
_OTHER: Final = re.compile(
    r"総合計画|総合振興計画|総合戦略|上位計画|関連計画|他の計画|都道府県|[^\s]県(?!内)|国の|国が|内閣|総務省|デジタル庁|自治体dx推進計画"
    r"|実行計画|重点計画|前(?:計画|プラン|ビジョン|期)|旧(?:計画|プラン)|従前|現行の"
)
_MUNICIPALITY: Final = re.compile(r"^[\u3005\u3400-\u9fff\u3041-\u3096\u30a1-\u30f6]{1,7}?[市町村区]")


def ordinal(text: str) -> int | None:
    """Which plan of its kind a name names (第3次: 3), or None."""
    found = _ORDINAL.search(plain(text).replace(" ", ""))
    return whole_number(found[1]) if found else None


def municipality(title: str) -> str:
    """The municipality's name at the head of a plan's title; empty where the title begins with none."""
    found = _MUNICIPALITY.match(plain(title))
    return found[0] if found else ""


def names_other(name: str, before: str) -> bool:
    """Whether a plan's name, or the words before it, say that it is not the document's own plan."""
    return bool(_OTHER.search(squeeze(name)) or _OTHER.search(squeeze(before)))


def set_name(title: str) -> str:
    """A name without the blanks that a text tool leaves inside it (第 5 次)."""
    joined = join_broken(title)
    return re.sub(r"(?<=第)\s+(?=[0-9０-９])", "", joined)


def voted_name(title: str, texts: Sequence[str]) -> tuple[str, str] | None:
    """The municipality's name at the head of a title and the form that the document prints in more places, if another.

    A text tool misreads one character of a name in a head and repeats the mistake on every page; so a form counts once for each
    different continuation, not for each place. Only a name as long, with half of its characters or more the same, is the same name.
    """
    printed = municipality(title)
    if not printed:
        return None
    contexts: dict[str, set[str]] = defaultdict(set)
    pattern = re.compile(
        "(?=(" + "|".join(_forms(printed)) + r")(.{0,4}))",
    )
    for text in texts:
        for match in pattern.finditer(squeeze(text)):
            contexts[match[1]].add(match[2])
    best = max(contexts, key=lambda form: (len(contexts[form]), form == printed), default=printed)
    if best == printed or len(contexts[best]) <= len(contexts[printed]) or len(contexts[best]) < 2:
        return None
    return printed, best


def _forms(name: str) -> list[str]:
    """Patterns of names that differ from a name in one character of those before 市, with at least one that stays."""
    stem, kind = name[:-1], name[-1]
    if len(stem) < 2:
        return [re.escape(name)]
    letter = r"[\u3005\u3400-\u9fff]"
    return [
        re.escape(name),
        *(re.escape(stem[:at]) + letter + re.escape(stem[at + 1 :]) + kind for at in range(len(stem))),
    ]
