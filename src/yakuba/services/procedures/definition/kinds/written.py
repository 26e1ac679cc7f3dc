"""Kinds that are written: text, long text, katakana, phone, mail. Letters are never changed; only phone and mail are tidied."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import ClassVar, Final

from django.utils.translation import gettext as _

from yakuba.kernel.fields import kinds as kernel
from yakuba.kernel.text.my_number import hide
from yakuba.services.procedures.definition.forms import FieldView
from yakuba.services.procedures.definition.kinds.base import (
    Invalid,
    JsonValue,
    OneField,
    Question,
    Scope,
    party_fact,
)
from yakuba.services.procedures.definition.model import said

LINE: Final = 200
AREA: Final = 2_000
LONGEST: Final = 20_000
#: Tokens of the HTML standard for what an applicant tells about himself (WCAG 2.2, 1.3.5).
_OWN_WORDS: Final = {"name": "name", "organisation": "organization", "address": "street-address"}
_HYPHENS: Final = re.compile(r"[‐‑‒–—―−ー－]")
_MAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_DOMESTIC: Final = re.compile(r"0[0-9]{9,10}")
_ABROAD: Final = re.compile(r"\+[1-9][0-9]{6,14}")


def _without_my_number(question: Question, text: str) -> str:
    """The text, unless a 個人番号 stands in it. A question that asks for a number by its label may have twelve digits of its own."""
    if hide(text) != text and "番号" not in said(question.label):
        raise Invalid(
            "my_number",
            _("個人番号（マイナンバー）と思われる12桁の数字"),
            _("その数字を消した文（ほかの番号のときは「免許証番号：」のように前に名前を付けた文）"),
        )
    return text


class TextKind(OneField):
    """One line of text, any letters (外字 too)."""

    key: ClassVar[str] = "text"

    def kernel(self, question: Question) -> kernel.Text:
        """The kernel's kind that knows such text."""
        return kernel.Text(question.max_length or LINE)

    def from_text(self, question: Question, text: str) -> JsonValue:
        return _without_my_number(question, self.kernel(question).parse(text))

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        text = self.kernel(question).from_json(value)
        if not text.strip():
            raise Invalid("required", "", self.key)
        return _without_my_number(question, text)

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        party, fact = party_fact(question)
        return replace(base, autocomplete=_OWN_WORDS.get(fact, "") if party == "applicant" else "")

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return self.kernel(question).schema()


class LongTextKind(TextKind):
    """Text of several lines."""

    key: ClassVar[str] = "long_text"

    def kernel(self, question: Question) -> kernel.Text:
        return kernel.Prose(question.max_length or AREA)

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        return replace(base, widget="textarea", rows=6)

    def lines(self, question: Question, value: JsonValue, filled: object) -> tuple[str, ...]:
        return tuple(str(value).split("\n"))


class KanaKind(TextKind):
    """A reading: hiragana and half-width kana become katakana."""

    key: ClassVar[str] = "kana"

    def kernel(self, question: Question) -> kernel.Text:
        return kernel.Kana(question.max_length or LINE)


class PhoneKind(OneField):
    """A telephone number. Kept in half width with the hyphens that were typed; 0 and nine or ten more digits, or +81 …"""

    key: ClassVar[str] = "phone"

    def from_text(self, question: Question, text: str) -> JsonValue:
        return self._tidy(text)

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        if not isinstance(value, str):
            raise Invalid("type", repr(value)[:40], _("電話番号"))
        return self._tidy(value)

    def _tidy(self, text: str) -> str:
        plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", _HYPHENS.sub("-", text[:60]))).strip()
        plain = re.sub(r"\s*[()\s]\s*", "-", plain).strip("-")
        plain = re.sub(r"-{2,}", "-", plain)
        digits = plain.replace("-", "")
        if len(text) > 60 or not (_DOMESTIC.fullmatch(digits) or _ABROAD.fullmatch(digits)):
            raise Invalid("phone", text[:40], _("0から始まる10桁か11桁の電話番号（例：0279-00-0000）"))
        return plain

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        own = party_fact(question)[0] == "applicant"
        return replace(base, widget="tel", autocomplete="tel" if own else "")

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {"type": "string", "pattern": r"^\+?[0-9][0-9-]{8,25}$"}


class MailKind(OneField):
    """A mail address in ASCII. Full-width letters are understood; what stands before @ keeps its capitals."""

    key: ClassVar[str] = "mail"

    def from_text(self, question: Question, text: str) -> JsonValue:
        return self._tidy(text)

    def canonical(self, question: Question, value: JsonValue, scope: Scope) -> JsonValue:
        if not isinstance(value, str):
            raise Invalid("type", repr(value)[:40], _("メールアドレス"))
        return self._tidy(value)

    def _tidy(self, text: str) -> str:
        plain = unicodedata.normalize("NFKC", text[:300]).strip()
        if len(text) > 300 or len(plain) > 254 or not _MAIL.fullmatch(plain):
            raise Invalid("mail", text[:60], _("メールアドレス（例：name@example.jp）"))
        local, _at, domain = plain.rpartition("@")
        return f"{local}@{domain.lower()}"

    def draw(self, question: Question, base: FieldView, language: str) -> FieldView:
        own = party_fact(question)[0] == "applicant"
        return replace(base, widget="email", autocomplete="email" if own else "")

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {"type": "string", "format": "email", "maxLength": 254}
