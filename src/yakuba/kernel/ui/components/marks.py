"""Small marks: badges, and badges for progress words. Shape and word carry the meaning, colour only supports it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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


def badge(label: Text, *, tone: Tone = "neutral", mark: str = "", lang: str = "") -> SafeString:
    """Draw a word in a frame; `mark` names an icon that stands before it, `lang` the word's language if not the page's."""
    return draw("badge", label=label, tone=tone, mark=mark, lang=lang)


def progress_badge(word: str, meaning: str | None = None) -> SafeString:
    """Draw a city's own progress word (順調, 停滞, 計画変更 …) with the shape of its fixed meaning.

    `meaning` is a key of MEANINGS; without one, or with an unknown one, the word stands in a plain frame. No word, no badge.
    """
    if not word:
        return SafeString("")
    tone, mark = MEANINGS.get(meaning or "", ("neutral", ""))
    lang = "" if (get_language() or "ja").startswith("ja") else "ja"
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
