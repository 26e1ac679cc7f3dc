"""Kinds of several fields: a name with its reading, an address with its postal code."""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.kernel.fields import kinds as kernel
from yakuba.kernel.ui.components.forms import Widget
from yakuba.services.procedures.definition.forms import FieldView, QuestionView
from yakuba.services.procedures.definition.kinds.base import (
    Answer,
    Cell,
    Column,
    Filled,
    Invalid,
    JsonValue,
    Posted,
    Question,
    QuestionKind,
    Scope,
    as_mapping,
    first,
    label_of,
    missing_words,
    party_fact,
    told,
    view_of,
)

_LINE: Final = kernel.Text(100)
_KANA: Final = kernel.Kana(100)
_LATIN: Final = re.compile(r"[A-Za-zＡ-Ｚａ-ｚÀ-ɏ]")
_POSTAL: Final = re.compile(r"〒?\s*([0-9]{3})-?([0-9]{4})")
_HYPHENS: Final = re.compile(r"[‐‑‒–—―−ー－]")
PREFECTURES: Final = (
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
)


class Composed(QuestionKind):
    """An object of texts. Its parts, in the form's order, with their labels and tokens for filling in."""

    labels: ClassVar[Mapping[str, str]]
    tokens: ClassVar[Mapping[str, str]]

    def first_field(self, name: str) -> str:
        return f"{name}.{next(iter(self.labels))}"

    @abstractmethod
    def tidy(self, part: str, text: str) -> str:
        """One part as it is kept. Raises :class:`Invalid`."""

    @abstractmethod
    def needed(self, value: Mapping[str, str]) -> tuple[str, ...]:
        """The parts without which there is no answer."""

    def parse(self, question: Question, name: str, posted: Posted) -> Answer:
        value: dict[str, JsonValue] = {}
        problems: dict[str, str] = {}
        for part in self.labels:
            text = first(posted, f"{name}.{part}")
            try:
                value[part] = self.tidy(part, text) if text.strip() else ""
            except Invalid as invalid:
                problems[f"{name}.{part}"] = told(self._label(question, part), invalid)
        if problems:
            return Answer(None, problems)
        return Answer(value if any(value.values()) else None)

    def judge(self, question: Question, name: str, value: JsonValue, scope: Scope) -> Answer:
        given = as_mapping(value)
        if not set(given) <= set(self.labels):
            raise Invalid("parts", "・".join(map(str, given))[:60], "・".join(self.labels))
        kept: dict[str, str] = {}
        problems: dict[str, str] = {}
        for part in self.labels:
            text = given.get(part, "")
            try:
                kept[part] = self._part(part, text)
            except Invalid as invalid:
                problems[f"{name}.{part}"] = told(self._label(question, part), invalid)
        if problems:
            return Answer(None, problems)
        if not any(kept.values()):
            return self.check(question, name, None, scope)
        missing = {
            f"{name}.{part}": missing_words(question, self._asks(part), _(self.labels[part]))
            for part in self.needed(kept)
            if not kept[part]
        }
        return Answer(None, missing) if missing else Answer(dict(kept))

    def _part(self, part: str, text: JsonValue) -> str:
        if not isinstance(text, str):
            raise Invalid("type", repr(text)[:40], _("文字列"))
        return self.tidy(part, text) if text.strip() else ""

    def _asks(self, part: str) -> str:
        return "choose" if part == "prefecture" else "fill"

    def _label(self, question: Question, part: str) -> str:
        return f"{label_of(question)}（{_(self.labels[part])}）"

    def texts(self, question: Question, name: str, value: JsonValue) -> dict[str, list[str]]:
        if not isinstance(value, Mapping):
            return {}
        return {f"{name}.{part}": [str(value.get(part, ""))] for part in self.labels}

    def view(
        self, question: Question, name: str, value: JsonValue, filled: Filled, scope: Scope
    ) -> QuestionView:
        own = party_fact(question)[0] == "applicant"
        texts = self.texts(question, name, value)
        always = set(self.needed(dict.fromkeys(self.labels, ""))) if question.required else set()
        fields = tuple(
            FieldView(
                key,
                _(label),
                widget=self._widget(part),
                value=filled.typed.get(key, "".join(texts.get(key, ()))),
                required=part in always,
                hint=self._hint(part),
                error=filled.problems.get(key, ""),
                choices=tuple((one, one) for one in PREFECTURES) if part == "prefecture" else (),
                autocomplete=self.tokens.get(part, "") if own else "",
                part=part,
            )
            for part, label in self.labels.items()
            for key in (f"{name}.{part}",)
        )
        return view_of(question, name, filled, fields=fields, single=False)

    def _widget(self, part: str) -> Widget:
        return "select" if part == "prefecture" else "text"

    def _hint(self, part: str) -> str:
        return _("例：999-0001") if part == "postal" else ""

    def columns(self, question: Question) -> tuple[Column, ...]:
        return tuple(Column(f".{part}", f"（{label}）") for part, label in self.labels.items())

    def cells(self, question: Question, value: JsonValue) -> tuple[Cell, ...]:
        given = value if isinstance(value, Mapping) else {}
        return tuple(str(given[part]) if given.get(part) else None for part in self.labels)

    def schema(self, question: Question) -> dict[str, JsonValue]:
        return {
            "type": "object",
            "properties": {part: {"type": "string", "maxLength": 100} for part in self.labels},
            "required": list(self.labels),
            "additionalProperties": False,
        }


class NameKind(Composed):
    """A person's name with its reading. Letters stay as they are typed. Who has one name only (written in Latin letters) gives one."""

    key: ClassVar[str] = "name"
    labels: ClassVar[Mapping[str, str]] = {
        "family": gettext_noop("氏"),
        "given": gettext_noop("名"),
        "family_kana": gettext_noop("氏のカナ"),
        "given_kana": gettext_noop("名のカナ"),
    }
    tokens: ClassVar[Mapping[str, str]] = {"family": "family-name", "given": "given-name"}

    def tidy(self, part: str, text: str) -> str:
        return (_KANA if part.endswith("_kana") else _LINE).parse(text)

    def needed(self, value: Mapping[str, str]) -> tuple[str, ...]:
        if _LATIN.search(value["family"]) and not value["given"]:
            return ("family", "family_kana")
        return tuple(self.labels)

    def lines(self, question: Question, value: JsonValue, filled: Filled) -> tuple[str, ...]:
        return person_name(value), person_kana(value)


class AddressKind(Composed):
    """An address: postal code, prefecture, city, 町名・字, 番地, 方書. No register is asked; every letter stays."""

    key: ClassVar[str] = "address"
    labels: ClassVar[Mapping[str, str]] = {
        "postal": gettext_noop("郵便番号"),
        "prefecture": gettext_noop("都道府県"),
        "city": gettext_noop("市区町村"),
        "town": gettext_noop("町名・字"),
        "number": gettext_noop("番地"),
        "building": gettext_noop("建物名・部屋番号"),
    }
    tokens: ClassVar[Mapping[str, str]] = {
        "postal": "postal-code",
        "prefecture": "address-level1",
        "city": "address-level2",
        "town": "address-line1",
        "number": "address-line2",
        "building": "address-line3",
    }

    def tidy(self, part: str, text: str) -> str:
        if part == "postal":
            plain = unicodedata.normalize("NFKC", _HYPHENS.sub("-", text[:20])).strip()
            found = _POSTAL.fullmatch(plain)
            if found is None:
                raise Invalid("postal", text[:20], _("7桁の郵便番号（例：999-0001）"))
            return f"{found[1]}-{found[2]}"
        plain = _LINE.parse(text)
        if part == "prefecture" and plain not in PREFECTURES:
            raise Invalid("prefecture", plain[:20], _("47都道府県の1つ"))
        return plain

    def needed(self, value: Mapping[str, str]) -> tuple[str, ...]:
        # Some places have no 町名・字, some plots no number; one of the two there always is.
        place = () if value["town"] and not value["number"] else ("number",)
        return ("postal", "prefecture", "city", *place)

    def lines(self, question: Question, value: JsonValue, filled: Filled) -> tuple[str, ...]:
        postal = as_mapping(value).get("postal", "")
        return (f"〒{postal}", place_line(value)) if postal else (place_line(value),)


def person_name(value: JsonValue) -> str:
    """An answer of kind ``name`` in one line."""
    return _joined(value, "family", "given")


def person_kana(value: JsonValue) -> str:
    """Its reading in one line."""
    return _joined(value, "family_kana", "given_kana")


def place_line(value: JsonValue) -> str:
    """An answer of kind ``address`` in one line, without the postal code; the building after a blank."""
    given = value if isinstance(value, Mapping) else {}
    place = "".join(str(given.get(part) or "") for part in ("prefecture", "city", "town", "number"))
    building = str(given.get("building") or "")
    return f"{place} {building}" if building else place


def _joined(value: JsonValue, *parts: str) -> str:
    given = value if isinstance(value, Mapping) else {}
    return " ".join(str(given[part]) for part in parts if given.get(part))
