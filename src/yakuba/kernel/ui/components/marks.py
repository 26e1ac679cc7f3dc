"""Small marks: badges, and badges for progress words. Shape and word carry the meaning, colour only supports it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yakuba.kernel.ui.drawing import Text, draw

Tone = Literal["neutral", "good", "fair", "warn", "bad", "accent"]

# The fixed meanings of a city's progress words (yakuba-plan/1, `progress_meaning`), each with a shape of its own.
MEANINGS: dict[str, tuple[Tone, str]] = {
    "not_started": ("neutral", "circle"),
    "on_track": ("good", "circle-check"),
    "mostly_on_track": ("fair", "circle-half"),
    "behind": ("warn", "triangle"),
    "stopped": ("bad", "stop"),
    "changed": ("neutral", "swap"),
    "ended": ("neutral", "flag"),
    "completed": ("good", "flag"),
    "abolished": ("neutral", "cross"),
    "merged": ("neutral", "merge"),
    "moved": ("neutral", "moved"),
}

# What they mean in やさしい日本語. Not source strings: no other language shows them.
SIMPLE: dict[str, str] = {
    "not_started": "まだ 始めて いません",
    "on_track": "よく 進んで います",
    "mostly_on_track": "だいたい 進んで います",
    "behind": "おくれて います",
    "stopped": "とまって います",
    "changed": "計画を 変えました",
    "ended": "おわりました",
    "completed": "全部 できました",
    "abolished": "やめました",
    "merged": "ほかの ものと 一つに しました",
    "moved": "べつの ところに 移りました",
}


def badge(label: Text, *, tone: Tone = "neutral", mark: str = "", lang: str = "") -> SafeString:
    """Draw a word in a frame; `mark` names an icon that stands before it, `lang` the word's language if not the page's."""
    return _badge(str(label), tone, mark, lang)


@lru_cache(maxsize=2048)
def _badge(label: str, tone: Tone, mark: str, lang: str) -> SafeString:
    """Drawn once: a page of a plan repeats a handful of words by the hundred."""
    return draw("badge", label=label, tone=tone, mark=mark, lang=lang)


def progress_badge(word: str, meaning: str | None = None) -> SafeString:
    """Draw a city's own progress word (順調, 停滞, 計画変更 …) with the shape of its fixed meaning.

    `meaning` is a key of MEANINGS; without one, or with an unknown one, the word stands in a plain frame. No word, no badge.
    In やさしい日本語 the meaning follows in plain words: the word is the city's own and stays as it is.
    """
    if not word:
        return SafeString("")
    tone, mark = MEANINGS.get(meaning or "", ("neutral", ""))
    language = get_language() or "ja"
    if language == "ja-simple" and meaning in SIMPLE:
        return format_html(
            '{} <span class="small">（{}）</span>', badge(word, tone=tone, mark=mark), SIMPLE[meaning]
        )
    lang = "" if language.startswith("ja") else "ja"
    return badge(word, tone=tone, mark=mark, lang=lang)


@dataclass(frozen=True, slots=True)
class Share:
    """How many rows bear one progress word."""

    word: str
    count: int
    meaning: str | None = None

    @property
    def tone(self) -> Tone:
        """The tone of its part of the bar."""
        return MEANINGS.get(self.meaning or "", ("neutral", ""))[0]


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    share: Share


def shares(parts: Sequence[Share], *, label: Text) -> SafeString:
    """Draw a bar divided by progress words, with the words and their counts under it.

    Parts with the count 0 are left out; without any row nothing is drawn.
    """
    drawn: list[_Part] = []
    total = 0
    for part in parts:
        if part.count > 0:
            drawn.append(_Part(total, part))
            total += part.count
    return draw("shares", parts=drawn, total=total, label=label) if total else SafeString("")
