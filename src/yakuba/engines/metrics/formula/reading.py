"""Text to formula. Full width and half width are the same, blanks mean nothing; what does not fit is refused with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from yakuba.engines.metrics.formula.tree import (
    Binary,
    Cumulative,
    Name,
    Negative,
    Number,
    Share,
    Sign,
    States,
    Tree,
    names_of,
)
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.errors import InvalidFiscalYearError

MOST_CHARACTERS: Final = 500
MOST_NAMES: Final = 20
_MOST_NESTED: Final = 20
_MOST_SIGNS: Final = 60  # a tree leans to the left by one level for each
_MOST_DIGITS: Final = 15  # what a decimal keeps on both databases (DESIGN §3)
_MOST_WORDS: Final = 20
_MOST_KEY: Final = 80

EXTERNAL: Final = "外部:"
_WIDTH: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_SIGNS: Final[dict[str, Sign]] = {
    "+": "+", "-": "-", "*": "*", "/": "/", "×": "*", "✕": "*", "÷": "/", "−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-",
    "―": "-", "ー": "-",
}  # fmt: skip
_COMMAS: Final = frozenset(",、")
_QUOTES: Final = {
    '"': '"',
    "「": "」",
    "『": "』",
    "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}",
}
_ALL_QUOTES: Final = frozenset((*_QUOTES, *_QUOTES.values()))
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WORD: Final = re.compile(r"[^\W\d_]+")


class FormulaError(ValueError):
    """A text that is no formula. ``at`` is the place of the character that does not fit, counted from 1; its text is a sentence."""

    def __init__(self, at: int, message: str) -> None:
        self.at = at
        super().__init__(_("%(at)d文字目：%(message)s") % {"at": at, "message": message})


def read(text: str) -> Tree:
    """The formula of a text. Raises :class:`FormulaError`, in Japanese, for anything that is not one to its end."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            MOST_CHARACTERS + 1, _("式は%(limit)d文字までで書いてください。") % {"limit": MOST_CHARACTERS}
        )
    reader = _Reader(text)
    found = reader.whole()
    names = list(names_of(found))
    if not names:
        raise FormulaError(1, _("式には、[指標の記号] を1つ以上入れてください。数だけの式は使えません。"))
    if len(names) > MOST_NAMES:
        raise FormulaError(
            names[MOST_NAMES].at, _("1つの式に使える指標は%(limit)d個までです。") % {"limit": MOST_NAMES}
        )
    return found


class _Reader:
    """Goes through the text once, from left to right; ``at`` is where it stands, from 0."""

    def __init__(self, text: str) -> None:
        self.raw = text
        self.text = text.translate(_WIDTH)  # one character for one, so that places stay
        self.at = 0
        self.nested = 0
        self.signs = 0
        self.summing = False

    def whole(self) -> Tree:
        if not self.text.strip():
            raise FormulaError(1, _("式が空です。例：割合([分子の記号], [分母の記号])"))
        found = self._sum()
        if (char := self._peek()) is not None:
            if char == ")":
                raise self._wrong(_("この「)」に対応する「(」がありません。"))
            if char in _COMMAS:
                raise self._wrong(
                    _("ここに「,」は書けません。数のけたの区切りは入れず、1200 のように書いてください。")
                )
            raise self._wrong(
                _("「%(found)s」の前に、＋、−、×、÷ のどれかが要ります。") % {"found": self._found()}
            )
        return found

    # --- levels of the language -----------------------------------------------------------------------------------------

    def _sum(self) -> Tree:
        found = self._product()
        while (sign := self._sign("+", "-")) is not None:
            found = self._both(sign, found, self._product())
        return found

    def _product(self) -> Tree:
        found = self._one()
        while (sign := self._sign("*", "/")) is not None:
            found = self._both(sign, found, self._one())
        return found

    def _both(self, sign: Sign, left: Tree, right: Tree) -> Tree:
        self.signs += 1
        if self.signs > _MOST_SIGNS:
            raise self._wrong(_("1つの式に使える計算の記号は%(limit)d個までです。") % {"limit": _MOST_SIGNS})
        return Binary(sign, left, right)

    def _one(self) -> Tree:
        char = self._peek()
        if char is None:
            raise self._wrong(_("式が途中で終わっています。数か、[指標の記号] か、「(」が続きます。"))
        if self._sign("+") is not None:
            return self._deeper(self._one)
        if self._sign("-") is not None:
            return Negative(self._deeper(self._one))
        if char == "(":
            self.at += 1
            found = self._deeper(self._sum)
            self._close(_("「(」を閉じる「)」が要ります。"))
            return found
        if char == "[":
            return self._name()
        if (digits := _NUMBER.match(self.text, self.at)) is not None:
            return self._number(digits[0])
        if (word := _WORD.match(self.text, self.at)) is not None:
            return self._call(word[0])
        raise self._wrong(
            _("「%(found)s」は読めません。数か、[指標の記号] か、「(」を書いてください。")
            % {"found": self._found()}
        )

    def _number(self, digits: str) -> Number:
        if len(digits.replace(".", "")) > _MOST_DIGITS:
            raise self._wrong(_("数は%(limit)dけたまでで書いてください。") % {"limit": _MOST_DIGITS})
        self.at += len(digits)
        return Number(Decimal(digits))

    def _name(self) -> Name:
        start = self.at
        end = self.text.find("]", start)
        if end < 0 or "[" in self.text[start + 1 : end]:
            raise self._wrong(_("「[」を閉じる「]」が要ります。"))
        inside = self.text[start + 1 : end].strip()
        outside = inside.startswith(EXTERNAL)
        key = inside.removeprefix(EXTERNAL).strip()
        if not key or len(key) > _MOST_KEY:
            raise self._wrong(_("「[ ]」の中に、指標の記号を書いてください。例：[online_procedures_count]"))
        self.at = end + 1
        return Name(key, "series" if outside else "metric", start + 1)

    def _call(self, word: str) -> Tree:
        reads = {"割合": self._share, "累計": self._cumulative, "件数": self._states}.get(word)
        if reads is None:
            raise self._wrong(
                _(
                    "「%(word)s」という計算はありません。使えるものは、割合、累計、件数です。指標は [ ] で囲んでください。"
                )
                % {"word": word[:20]}
            )
        start = self.at
        self.at += len(word)
        if self._peek() != "(":
            raise self._wrong(_("「%(word)s」の後に「(」が要ります。") % {"word": word})
        self.at += 1
        found = self._deeper(lambda: reads(start))
        self._close(_("「%(word)s(」を閉じる「)」が要ります。") % {"word": word})
        return found

    def _share(self, _start: int) -> Tree:
        top = self._sum()
        self._comma(_("割合は、割合(分子, 分母) の形で書いてください。"))
        return Share(top, self._sum())

    def _cumulative(self, start: int) -> Tree:
        if self.summing:
            raise FormulaError(start + 1, _("累計の中に、もう1つの累計は書けません。"))
        self.summing = True
        of = self._sum()
        self.summing = False
        self._comma(_("累計は、累計([記号], 令和5年度) の形で書いてください。"))
        self._peek()
        end = self.text.find(")", self.at)
        said = self.text[self.at : end if end >= 0 else None].strip()
        try:
            since = FiscalYear.parse(said)
        except InvalidFiscalYearError as error:
            raise self._wrong(
                _("「%(found)s」は年度として読めません。令和5年度 のように書いてください。")
                % {"found": said[:20]}
            ) from error
        self.at = end if end >= 0 else len(self.text)
        return Cumulative(of, since)

    def _states(self, _start: int) -> Tree:
        shape = _("件数は、件数([記号], 「順調」, 「遅れ」) の形で書いてください。")
        if self._peek() != "[":
            raise self._wrong(shape)
        of = self._name()
        words: list[str] = []
        while not words or self._peek() in _COMMAS:
            self._comma(shape)
            self._peek()
            place = self.at + 1
            word = self._quoted(shape)
            if word in words:
                raise FormulaError(place, _("「%(word)s」が2回あります。") % {"word": word})
            words.append(word)
            if len(words) > _MOST_WORDS:
                raise self._wrong(_("件数に書ける語は%(limit)d個までです。") % {"limit": _MOST_WORDS})
        return States(of, tuple(words))

    def _quoted(self, shape: str) -> str:
        char = self._peek()
        close = _QUOTES.get(char or "")
        if close is None:
            raise self._wrong(shape)
        end = self.text.find(close, self.at + 1)
        if end < 0:
            raise self._wrong(_("語を閉じる「%(close)s」が要ります。") % {"close": close})
        word = self.raw[self.at + 1 : end].strip()
        if not word or _ALL_QUOTES & set(word.translate(_WIDTH)):
            raise self._wrong(_("引用符の中に、状態の語を1つ書いてください。"))
        self.at = end + 1
        return word

    # --- signs ----------------------------------------------------------------------------------------------------------

    def _peek(self) -> str | None:
        """The next character that means something, None at the end; the reader stands on it."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at] if self.at < len(self.text) else None

    def _sign(self, *wanted: Sign) -> Sign | None:
        found = _SIGNS.get(self._peek() or "")
        if found not in wanted:
            return None
        self.at += 1
        return found

    def _comma(self, message: str) -> None:
        if self._peek() not in _COMMAS:
            raise self._wrong(message)
        self.at += 1

    def _close(self, message: str) -> None:
        if self._peek() != ")":
            raise self._wrong(message)
        self.at += 1

    def _deeper(self, reads: Callable[[], Tree]) -> Tree:
        self.nested += 1
        if self.nested > _MOST_NESTED:
            raise self._wrong(_("かっこは%(limit)d重までで書いてください。") % {"limit": _MOST_NESTED})
        found = reads()
        self.nested -= 1
        return found

    def _found(self) -> str:
        """What stands here, as typed."""
        return self.raw[self.at : self.at + 10].split()[0]

    def _wrong(self, message: str) -> FormulaError:
        return FormulaError(self.at + 1, message)
