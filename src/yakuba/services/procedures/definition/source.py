"""Reading JSON of unknown origin field by field, with every problem kept by its place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from yakuba.kernel.dates import format_date, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.services.procedures.definition.model import Text

T = TypeVar("T")
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?")
#: A bound: at most 15 digits before the point and 6 behind it. With an exponent a few letters would be a number of a gigabyte.
NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
LINE: Final = 200
PARAGRAPH: Final = 4_000
#: What is told of one document: nobody reads more, and a hostile one would fill pages of megabytes.
MOST_PROBLEMS: Final = 100
_BAD: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Refused(ValueError):
    """A document that is no procedure. ``problems``: (place, what is wrong there, in Japanese), the first :data:`MOST_PROBLEMS`."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems[:5]))
        # What was found is shown again, so it has to be something that can be sent.
        self.problems = [(_sendable(path), _sendable(message)) for path, message in problems[:MOST_PROBLEMS]]
        if len(problems) > MOST_PROBLEMS:
            self.problems.append(("", _("ほかにもあります。ここまでを直して、もう一度読み込んでください。")))


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _kind_of_json(value: object) -> str:
    if value is None:
        return _("空（null）")
    if isinstance(value, bool):
        return _("true/false")
    if isinstance(value, int | float):
        return _("数")
    if isinstance(value, str):
        return _("文字列")
    return _("並び［…］") if isinstance(value, list | tuple) else _("項目の組｛…｝")


@dataclass
class Source:
    """One JSON object being read; ``done`` refuses what nobody asked for."""

    raw: Mapping[str, JsonValue]
    path: str
    problems: list[tuple[str, str]]
    asked: set[str] = field(default_factory=set)

    def at(self, key: str) -> str:
        """The place of one of its members."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, message: str) -> None:
        """Notes a problem at a member."""
        self.problems.append((self.at(key), message))

    def _get(self, key: str, expected: type, words: str, *, needed: bool) -> JsonValue:
        self.asked.add(key)
        found = self.raw.get(key)
        if key not in self.raw:
            if needed:
                self.fail(key, _("ありません。%sを書いてください。") % words)
            return None
        right = isinstance(found, expected) and (expected is bool or not isinstance(found, bool))
        if not right:
            self.fail(key, _("%(expected)sにしてください（見つかったもの：%(found)s）。") % {"expected": words, "found": _kind_of_json(found)})  # fmt: skip
            return None
        return found

    def text(self, key: str, *, limit: int = LINE, needed: bool = False, lines: bool = False) -> str:
        """A text; empty where there is none."""
        found = self._get(key, str, _("文字列"), needed=needed)
        return self._plain(self.at(key), found, limit, lines=lines) if isinstance(found, str) else ""

    def _plain(self, path: str, text: str, limit: int, *, lines: bool) -> str:
        if len(text) > limit:
            self.problems.append((path, _("%(most)d文字までです（今は%(found)d文字）。") % {"most": limit, "found": len(text)}))  # fmt: skip
            return ""
        if _BAD.search(text) or (not lines and "\n" in text):
            self.problems.append((path, _("使えない文字（制御文字や改行）があります。")))
            return ""
        return text.strip()

    def words(self, key: str, *, limit: int = LINE, needed: bool = False, lines: bool = False) -> Text:
        """A text in languages: a plain string means Japanese. Empty where there is none."""
        self.asked.add(key)
        found = self.raw.get(key)
        if found is None and key not in self.raw:
            if needed:
                self.fail(key, _("ありません。文字列を書いてください。"))
            return {}
        if isinstance(found, str):
            found = {"ja": found}
        if not isinstance(found, Mapping):
            self.fail(key, _('文字列か、言語ごとの文字列（{"ja": …}）にしてください。'))
            return {}
        return self._languages(key, found, limit, needed=needed, lines=lines)

    def _languages(
        self, key: str, found: Mapping[str, JsonValue], limit: int, *, needed: bool, lines: bool
    ) -> Text:
        texts: dict[str, str] = {}
        for language, text in found.items():
            place = f"{self.at(key)}.{language}"
            if not LANGUAGE.fullmatch(str(language)):
                self.problems.append((place, _("言語の印（ja、en、ja-simple など）ではありません。")))
            elif not isinstance(text, str):
                self.problems.append((place, _("文字列にしてください。")))
            elif plain := self._plain(place, text, limit, lines=lines):
                texts[str(language)] = plain
        if "ja" not in texts and (needed or texts):
            self.fail(key, _("日本語（ja）の文がありません。"))
        # Japanese first, the rest in order: one writing for one text.
        return {one: texts[one] for one in sorted(texts, key=lambda one: (one != "ja", one))}

    def flag(self, key: str) -> bool:
        """True or false; false where there is none."""
        return self._get(key, bool, "true か false", needed=False) is True

    def whole(self, key: str, *, low: int = 0, high: int = 10**9) -> int | None:
        """A whole number within bounds; None where there is none."""
        found = self._get(key, int, _("整数"), needed=False)
        if not isinstance(found, int):
            return None
        if not low <= found <= high:
            self.fail(key, _("%(low)d以上%(high)d以下にしてください（今は%(found)d）。") % {"low": low, "high": high, "found": found})  # fmt: skip
            return None
        return found

    def one_of(self, key: str, options: Mapping[str, str], *, default: str = "") -> str:
        """One of the codes; the default where there is none (then it is needed when the default is empty)."""
        found = self.text(key, needed=not default)
        if key not in self.raw:
            return default
        return found if self._known(self.at(key), found, options) else default

    def _known(self, path: str, found: str, options: Mapping[str, str]) -> bool:
        if found in options:
            return True
        known = "、".join(f"{code}（{label}）" for code, label in options.items())
        self.problems.append((path, _("「%(found)s」は使えません。次のどれかにしてください：%(known)s") % {"found": found[:40], "known": known}))  # fmt: skip
        return False

    def key(self, key: str = "key") -> str:
        """A name that conditions can use."""
        found = self.text(key, needed=True)
        if found and not KEY.fullmatch(found):
            self.fail(key, _("「%s」はキーになりません。英小文字で始まる、英小文字・数字・_ の40文字までにしてください。") % found[:60])  # fmt: skip
            return ""
        return found

    def moment(self, key: str) -> dt.datetime | None:
        """A moment in ISO 8601 with its offset; None where there is none."""
        found = self.text(key)
        if not found:
            return None
        try:
            moment = dt.datetime.fromisoformat(found)
            if moment.tzinfo is not None:
                format_date(japan_date(moment))  # one that no page could show
                return moment.astimezone(dt.UTC)
        except (OverflowError, ValueError):
            pass  # told below, like a time without its zone
        self.fail(key, _("時差のある日時（例：2026-04-01T09:00:00+09:00）にしてください。"))
        return None

    def list_of(self, key: str, limit: int) -> list[tuple[str, JsonValue]]:
        """(place, member) of a list; empty where there is none."""
        found = self._get(key, list, _("並び［…］"), needed=False)
        if not isinstance(found, list):
            return []
        if len(found) > limit:
            self.fail(
                key, _("%(most)d個までです（今は%(found)d個）。") % {"most": limit, "found": len(found)}
            )
        return [(f"{self.at(key)}[{index}]", one) for index, one in enumerate(found[:limit])]

    def texts(self, key: str, limit: int, *, options: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """A list of different texts, each one of the options where there are some."""
        found: list[str] = []
        for path, one in self.list_of(key, limit):
            if not isinstance(one, str):
                self.problems.append((path, _("文字列にしてください。")))
            elif options is not None and not self._known(path, one, options):
                continue
            elif one in found:
                self.problems.append((path, _("「%s」が2回あります。") % one[:40]))
            elif plain := self._plain(path, one, LINE, lines=False):
                found.append(plain)
        return tuple(found)

    def rows(self, key: str, limit: int, read: Callable[[Source], T]) -> tuple[T, ...]:
        """A list of objects, each read by ``read``."""
        found: list[T] = []
        for path, one in self.list_of(key, limit):
            inner = self._inner(path, one)
            if inner is not None:
                found.append(inner.taken(read))
        return tuple(found)

    def part(self, key: str, read: Callable[[Source], T]) -> T | None:
        """An object, read by ``read``; None where there is none."""
        self.asked.add(key)
        if key not in self.raw:
            return None
        inner = self._inner(self.at(key), self.raw[key])
        return inner.taken(read) if inner is not None else None

    def _inner(self, path: str, found: JsonValue) -> Source | None:
        if isinstance(found, Mapping):
            return Source(found, path, self.problems)
        self.problems.append((path, _("項目の組｛…｝にしてください（見つかったもの：%s）。") % _kind_of_json(found)))  # fmt: skip
        return None

    def taken(self, read: Callable[[Source], T]) -> T:
        """What ``read`` makes of it, and a problem for every member that it did not ask for."""
        found = read(self)
        unknown = [key for key in self.raw if key not in self.asked]
        if unknown:
            message = _("知らない項目です。書ける項目：%s") % "、".join(sorted(self.asked))
            self.problems += [(self.at(str(key)[:60]), message) for key in unknown]
        return found
