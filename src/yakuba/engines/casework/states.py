"""The state tables of cases: one per kind (MECHANISMS §7). Pure; migrations, docs and pages are made from them.

Sources: 行政手続法 (平成5年法律第88号) 7条 (審査は到達から), 8条 (理由の提示), 6条 (標準処理期間), 37条 (届出は到達で義務が履行される);
for dispositions under ordinances the municipality's own 行政手続条例 says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_noop

By = Literal["office", "applicant", "decision", "system"]
Need = Literal["reason", "correction", "disposition", "notice"]

KINDS: Final = (
    ("application", gettext_noop("申請")),
    ("notification", gettext_noop("届出")),
    ("request", gettext_noop("請求")),
    ("inquiry", gettext_noop("照会")),
    ("booking", gettext_noop("申込")),
    ("subsidy", gettext_noop("補助金")),
)
STATES: Final = (
    ("arrived", "到達"),
    ("checking", "形式確認"),
    ("returned", "補正待ち"),
    ("examining", "審査"),
    ("deciding", "決裁"),
    ("decided", "決定"),
    ("notified", "通知"),
    ("completed", "完了"),
    ("withdrawn", "取下げ"),
)
FINAL: Final = frozenset({"completed", "withdrawn"})
#: What a state is called where the kind's own word differs: an answer to an inquiry is no disposition.
OWN_WORDS: Final[Mapping[tuple[str, str], str]] = {
    ("inquiry", "examining"): "回答の作成",
    ("inquiry", "decided"): "回答の決定",
    ("inquiry", "notified"): "回答",
    ("booking", "decided"): "結果の確定",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move. ``by`` says whose act it is; ``needs`` what has to be given with it.

    ``routed``: only where a decision route leads to the decision (True) or only where the office settles it itself (False).
    """

    key: str
    label: str
    come_from: str
    go_to: str
    by: By = "office"
    needs: frozenset[Need] = frozenset()
    routed: bool | None = None


def _withdrawals(*states: str) -> tuple[Step, ...]:
    return tuple(Step("withdraw", "取下げ", state, "withdrawn", "applicant") for state in states)


_REASON: Final = frozenset[Need]({"reason"})
_ASKED: Final = frozenset[Need]({"correction"})
_DISPOSED: Final = frozenset[Need]({"disposition"})
_NOTICE: Final = frozenset[Need]({"notice"})

_EXAMINED: Final = (
    Step("start", "形式の確認をはじめる", "arrived", "checking"),
    Step("ask_correction", "補正を求める", "checking", "returned", needs=_ASKED),
    Step("corrected", "補正", "returned", "checking", "applicant"),
    Step("go_on", "補正を待たずに進める", "returned", "checking", needs=_REASON),
    Step("formally_right", "形式は整っている", "checking", "examining"),
    Step("ask_correction", "補正を求める", "examining", "returned", needs=_ASKED),
    Step("back", "形式の確認に戻す", "examining", "checking", needs=_REASON),
    Step("propose", "起案する", "examining", "deciding", needs=_DISPOSED, routed=True),
    Step("sent_back", "差戻し", "deciding", "examining", "decision", routed=True),
    Step("decided", "決裁", "deciding", "decided", "decision", routed=True),
    Step("settle", "決定する", "examining", "decided", needs=_DISPOSED, routed=False),
    Step("notify", "通知する", "decided", "notified", needs=_NOTICE),
    Step("complete", "完了する", "notified", "completed"),
    *_withdrawals("arrived", "checking", "returned", "examining", "deciding"),
)
_FILED: Final = (
    Step("accept", "到達で完了", "arrived", "completed", "system"),
    Step("start", "形式の確認をはじめる", "arrived", "checking"),
    Step("ask_correction", "補正を求める", "checking", "returned", needs=_ASKED),
    Step("corrected", "補正", "returned", "checking", "applicant"),
    Step("go_on", "補正を待たずに進める", "returned", "checking", needs=_REASON),
    Step("formally_right", "形式は整っている（完了）", "checking", "completed"),
    *_withdrawals("arrived", "checking", "returned"),
)
_BOOKED: Final = (
    Step("start", "内容の確認をはじめる", "arrived", "checking"),
    Step("ask_correction", "補正を求める", "checking", "returned", needs=_ASKED),
    Step("corrected", "補正", "returned", "checking", "applicant"),
    Step("go_on", "補正を待たずに進める", "returned", "checking", needs=_REASON),
    Step("settle", "結果を決める", "checking", "decided", needs=_DISPOSED),
    Step("notify", "知らせる", "decided", "notified", needs=_NOTICE),
    Step("complete", "完了する", "notified", "completed"),
    *_withdrawals("arrived", "checking", "returned", "decided", "notified"),
)
TABLES: Final[Mapping[str, tuple[Step, ...]]] = {
    "application": _EXAMINED,
    "notification": _FILED,
    "request": _EXAMINED,
    "inquiry": _EXAMINED,
    "booking": _BOOKED,
    # A subsidy is a chain of phases; its first phase, the application for the grant, is an application.
    "subsidy": _EXAMINED,
}
FIRST: Final = "arrived"


def steps_from(kind: str, state: str, *, routed: bool) -> tuple[Step, ...]:
    """The moves that are allowed from a state. KeyError for an unknown kind."""
    return tuple(step for step in TABLES[kind] if step.come_from == state and step.routed in (None, routed))


def step(kind: str, state: str, key: str, *, routed: bool) -> Step | None:
    """The move of that key from a state, None where the table has none."""
    return next((one for one in steps_from(kind, state, routed=routed) if one.key == key), None)


def pairs() -> Iterator[tuple[str, str, str]]:
    """Every allowed (kind, from, to); an empty ``from`` is the arrival. The database's CHECK is made from it."""
    for kind, table in TABLES.items():
        yield kind, "", FIRST
        yield from sorted({(kind, one.come_from, one.go_to) for one in table})


def state_label(kind: str, state: str) -> str:
    """The state's word for this kind."""
    return OWN_WORDS.get((kind, state), dict(STATES)[state])
