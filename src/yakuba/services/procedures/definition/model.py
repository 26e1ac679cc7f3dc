"""What a procedure is: the definition that an office writes, as immutable data. No database, no web.

The JSON form is ``yakuba-procedure/1`` (:mod:`.document` reads and writes it). A published definition is frozen by
``engines/publishing``; an application stays pinned to the publication that it was made under.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from django.utils.translation import gettext_noop

from yakuba.engines.casework import rules
from yakuba.engines.casework.deadlines import ClockRule

FORMAT: Final = "yakuba-procedure/1"

#: Language tag (``ja``, ``en``, ``ja-simple``) → text. ``ja`` is always there; what is missing falls back to it.
Text = Mapping[str, str]

GROUNDS: Final = (
    ("act", gettext_noop("法律")),
    ("cabinet_order", gettext_noop("政令")),
    ("ministerial", gettext_noop("省令")),
    ("ordinance", gettext_noop("条例")),
    ("rule", gettext_noop("規則")),
    ("guideline", gettext_noop("要綱・要領")),
    ("none", gettext_noop("定めなし")),
)
#: What an applicant has to be known by. ``signature`` is honest about what cannot be done online here yet.
IDENTITIES: Final = (
    ("none", gettext_noop("確認なし")),
    ("mail", gettext_noop("メールの確認")),
    ("account", gettext_noop("アカウント")),
    ("verified", gettext_noop("本人確認（カード・GビズIDなど）")),
    ("signature", gettext_noop("電子署名（オンラインでは受け付けられません）")),
)
FEES: Final = (
    ("none", "無料"),
    ("fixed", "一律"),
    ("per_count", "数に応じて"),
    ("by_choice", "選んだものに応じて"),
    ("later", "審査のあとに決まる"),
)
RESULTS: Final = rules.RESULTS
#: 保存期間 (years from 1 April after completion); ``permanent`` is never disposed of.
RETENTIONS: Final = (
    ("1", "1年"),
    ("3", "3年"),
    ("5", "5年"),
    ("10", "10年"),
    ("30", "30年"),
    ("permanent", "常用・永年"),
)
LIFE_EVENTS: Final = (
    ("birth", gettext_noop("妊娠・出産")),
    ("childcare", gettext_noop("子育て・保育")),
    ("school", gettext_noop("入園・入学")),
    ("moving", gettext_noop("引っ越し")),
    ("marriage", gettext_noop("結婚・離婚")),
    ("work", gettext_noop("仕事・事業")),
    ("tax", gettext_noop("税金・証明")),
    ("housing", gettext_noop("住まい・土地")),
    ("pet", gettext_noop("ペット")),
    ("community", gettext_noop("地域の活動")),
    ("aged", gettext_noop("高齢・介護")),
    ("learning", gettext_noop("学び・文化")),
    ("disaster", gettext_noop("災害")),
    ("bereavement", gettext_noop("おくやみ")),
)
PARTIES: Final = (
    ("applicant", gettext_noop("申請者")),
    ("person", gettext_noop("対象者")),
    ("agent", gettext_noop("代理人")),
)
PARTY_FACTS: Final = ("name", "birth", "address", "phone", "mail", "organisation")
#: What an answer can stand for: which party, which fact of it.
STANDS_FOR: Final = tuple(f"{party}.{fact}" for party, _label in PARTIES for fact in PARTY_FACTS)
KINDS: Final = (
    ("text", gettext_noop("1行の文字")),
    ("long_text", gettext_noop("複数行の文字")),
    ("kana", gettext_noop("カタカナ")),
    ("name", gettext_noop("氏名（カナつき）")),
    ("date", gettext_noop("日付")),
    ("number", gettext_noop("数")),
    ("yen", gettext_noop("金額")),
    ("choice", gettext_noop("1つ選ぶ")),
    ("many", gettext_noop("いくつでも選ぶ")),
    ("yes_no", gettext_noop("はい・いいえ")),
    ("address", gettext_noop("住所（郵便番号つき）")),
    ("phone", gettext_noop("電話番号")),
    ("mail", gettext_noop("メールアドレス")),
    ("file", gettext_noop("ファイル")),
    ("photo", gettext_noop("写真")),
    ("consent", gettext_noop("同意")),
    ("group", gettext_noop("くり返す項目の組")),
)

Kind = Literal[
    "text", "long_text", "kana", "name", "date", "number", "yen", "choice", "many", "yes_no", "address", "phone", "mail", "file", "photo", "consent", "group"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """The rule that a procedure stands on: 狂犬病予防法 (act), 第4条第1項."""

    kind: str
    name: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a ``choice`` or ``many`` question. ``price``: yen, where the fee follows the choice."""

    code: str
    label: Text
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``when`` is a condition on other answers (:mod:`.conditions`); empty: always asked.

    ``minimum``/``maximum`` bound numbers and yen (decimals as text), the count of rows of a ``group``, or of files; ``max_length``
    bounds text in characters. ``earliest``/``latest`` bound a date: an ISO day, or ``today``. ``types`` are the media types that a
    ``file`` takes, ``max_mb`` the size of one file. ``questions`` are those of a ``group`` (no group inside a group).
    """

    key: str
    kind: Kind
    label: Text
    help: Text = field(default_factory=dict)
    example: Text = field(default_factory=dict)
    required: bool = True
    when: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    max_length: int = 0
    earliest: str = ""
    latest: str = ""
    types: tuple[str, ...] = ()
    max_mb: int = 0
    stands_for: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form: a few questions that belong together."""

    key: str
    title: Text
    questions: tuple[Question, ...]
    help: Text = field(default_factory=dict)
    when: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Pages under one heading of the progress line."""

    key: str
    title: Text
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule over several answers: ``holds`` must be true (where ``when`` is), otherwise ``message`` stands at question ``at``."""

    holds: str
    message: Text
    at: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """What it costs. ``amount`` yen: the fixed fee, or per one of ``question``'s number; ``note`` says how it is paid."""

    rule: str = "none"
    amount: int = 0
    question: str = ""
    note: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """When applications are taken: from ``opens_at`` until before ``closes_at`` (UTC), ``places`` in all."""

    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Something to have at hand before one starts."""

    label: Text
    question: str = ""


@dataclass(frozen=True)  # no slots: what is derived from it is worked out once and kept with it
class Definition:
    """A whole procedure. ``authority`` is the deciding authority (``kernel.town.models.AUTHORITIES``)."""

    title: Text
    kind: str
    authority: str
    steps: tuple[Step, ...]
    summary: Text = field(default_factory=dict)
    grounds: tuple[Ground, ...] = ()
    criteria_url: str = ""
    term: ClockRule | None = None
    term_note: Text = field(default_factory=dict)
    form_number: str = ""
    form_title: str = ""
    remedies: str = ""
    remedies_note: Text = field(default_factory=dict)
    """Why there is no notice of remedies: the answer is no disposition (a confirmation, a register of wishes)."""
    who: Text = field(default_factory=dict)
    may_apply: str = ""
    may_not_apply: Text = field(default_factory=dict)
    agent: bool = False
    person_concerned: bool = False
    opening: Opening = field(default_factory=Opening)
    needs: tuple[Need, ...] = ()
    fee: Fee = field(default_factory=Fee)
    identity: str = "none"
    result: tuple[str, ...] = ("none",)
    result_title: str = ""
    routed: bool = False
    matter: str = ""
    accept_on_arrival: bool = False
    retention: str = "5"
    languages: tuple[str, ...] = ("ja",)
    life_events: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    demands: tuple[Demand, ...] = ()
    checks: tuple[str, ...] = ()
    not_online: Text = field(default_factory=dict)
    """What of the procedure cannot be done here, said before one starts (a signature, a later phase)."""
    print_after_days: int = 7
    """Business days after which a notice that was not opened is printed and posted."""

    def sections(self) -> Iterator[Section]:
        """All pages in order."""
        for step in self.steps:
            yield from step.sections

    def questions(self) -> Iterator[Question]:
        """All questions in order, those of a group after the group itself."""
        for section in self.sections():
            for question in section.questions:
                yield question
                yield from question.questions

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """Every question by its key, those of groups too; keys are unique in a definition."""
        return {one.key: one for one in self.questions()}

    @cached_property
    def asking_order(self) -> tuple[tuple[Section, Question], ...]:
        """All questions outside of groups with their pages, each after those that decide whether it is asked.

        What rests on itself in a ring (refused before publishing) stands last.
        """
        # The order is worked out from conditions, which know the model.
        from yakuba.services.procedures.definition import order

        found, rings = order.in_order(order.rests_on(self))
        places = {one.key: (section, one) for section in self.sections() for one in section.questions}
        return tuple(places[key] for key in (*found, *rings) if key in places)

    def section(self, key: str) -> Section | None:
        """The page with that key."""
        return next((one for one in self.sections() if one.key == key), None)


def said(text: Text, language: str = "ja") -> str:
    """The text in a language, else in Japanese; empty where there is none."""
    return text.get(language) or text.get("ja", "")
