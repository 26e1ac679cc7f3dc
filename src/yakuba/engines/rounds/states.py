"""The two state tables of rounds (MECHANISMS §7): of a round, and of each thing that it asks for. Pure.

Migrations, docs and pages are made from them. That nobody confirms what he entered, and nobody accepts what he entered or confirmed, is
a rule of this house (MECHANISMS §7a); see :func:`~.rules.own_work`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_noop

#: Whose act a move is: of the office that answers, of its head, of the secretariat, of the body that decides.
By = Literal["office", "head", "secretariat", "body"]

ROUND_STATES: Final = (
    ("planned", gettext_noop("準備中")),
    ("open", gettext_noop("照会中")),
    ("collected", gettext_noop("回収済み")),
    ("closed", gettext_noop("完了")),
    ("cancelled", gettext_noop("取りやめ")),
)
ROUND_FINAL: Final = frozenset({"closed", "cancelled"})
ITEM_STATES: Final = (
    ("open", gettext_noop("未入力")),
    ("entered", gettext_noop("入力済み")),
    ("confirmed", gettext_noop("所属長確認済み")),
    ("not_applicable", gettext_noop("該当なし")),
    ("accepted", gettext_noop("受理")),
    ("decided", gettext_noop("決定")),
)
#: What the office still has to do something about: enter it, or have its head confirm it.
OUTSTANDING: Final = ("open", "entered")
#: Where a round that ends may leave its items.
SETTLED: Final = frozenset({"accepted", "decided"})


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move. ``reason``: it has to say why."""

    key: str
    label: str
    come_from: str
    go_to: str
    by: By
    reason: bool = False


ROUND_STEPS: Final = (
    Step("open", gettext_noop("照会をはじめる"), "planned", "open", "secretariat"),
    Step("call_off", gettext_noop("取りやめる"), "planned", "cancelled", "secretariat", reason=True),
    Step("collect", gettext_noop("回収を締め切る"), "open", "collected", "secretariat"),
    Step("set_back", gettext_noop("照会中に戻す"), "collected", "open", "secretariat", reason=True),
    Step("close", gettext_noop("完了する"), "collected", "closed", "secretariat"),
)
ITEM_STEPS: Final = (
    Step("enter", gettext_noop("入力を終える"), "open", "entered", "office"),
    Step("take_back", gettext_noop("入力に戻す"), "entered", "open", "office"),
    Step("return", gettext_noop("差し戻す"), "entered", "open", "head", reason=True),
    Step("confirm", gettext_noop("確認する"), "entered", "confirmed", "head"),
    Step("return", gettext_noop("差し戻す"), "confirmed", "open", "secretariat", reason=True),
    Step("accept", gettext_noop("受理する"), "confirmed", "accepted", "secretariat"),
    Step("not_applicable", gettext_noop("該当なしにする"), "open", "not_applicable", "office", reason=True),
    Step("take_back", gettext_noop("入力に戻す"), "not_applicable", "open", "office"),
    Step("accept", gettext_noop("受理する"), "not_applicable", "accepted", "secretariat"),
    Step("return", gettext_noop("差し戻す"), "accepted", "open", "secretariat", reason=True),
    Step("decide", gettext_noop("決定する"), "accepted", "decided", "body"),
    Step("reopen", gettext_noop("訂正のため戻す"), "decided", "open", "secretariat", reason=True),
)
#: Moves that send something back to the office, which has to answer once more.
SENT_BACK: Final = frozenset({"return", "reopen"})
#: Moves of the office itself. While a round is collected they are open only for what was sent back.
ANSWERS: Final = frozenset({"enter", "not_applicable", "take_back"})


def round_step(state: str, key: str) -> Step | None:
    """The round's move of that key from a state, None where the table has none."""
    return next((one for one in ROUND_STEPS if (one.come_from, one.key) == (state, key)), None)


def item_step(state: str, key: str) -> Step | None:
    """The item's move of that key from a state, None where the table has none."""
    return next((one for one in ITEM_STEPS if (one.come_from, one.key) == (state, key)), None)


def item_sources(key: str) -> frozenset[str]:
    """The states from which an item's move of that key leads."""
    return frozenset(one.come_from for one in ITEM_STEPS if one.key == key)


def round_moves() -> Iterator[tuple[str, str, str]]:
    """Every allowed (step, from, to) of a round. The database's CHECK is made from it."""
    return ((one.key, one.come_from, one.go_to) for one in ROUND_STEPS)


def item_moves() -> Iterator[tuple[str, str, str]]:
    """Every allowed (step, from, to) of an item. The database's CHECK is made from it."""
    return ((one.key, one.come_from, one.go_to) for one in ITEM_STEPS)
