"""What deliveries are for, in one table, and which of them a hold for 支援措置 does not stop, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose. ``passes`` says why a hold does not stop it; empty: it stops.

    The portal sends nothing else than what passes: it reads no desk table, so it cannot ask whether something is held.
    ``again``: whether a person may have it sent later; a code is worthless by then. A smaller ``priority`` goes first.
    """

    label: str
    passes: str = ""
    again: bool = True
    priority: int = 50


_OWN_ACT = "answers what the person has just done in the same session, to the address typed there"

PURPOSES: Final[dict[str, Purpose]] = {
    "code": Purpose("確認コード", passes=_OWN_ACT, again=False, priority=10),
    "account": Purpose("アカウントの手続", passes=_OWN_ACT, again=False, priority=10),
    "draft": Purpose("書きかけの申請の続き", passes=_OWN_ACT, priority=20),
    "acknowledgement": Purpose("受付のお知らせ", passes=_OWN_ACT, priority=20),
    "withdrawal": Purpose("取下げの受付", passes=_OWN_ACT, priority=20),
    "office": Purpose(
        "担当課への知らせ",
        passes="goes to an office's own mailbox, with a number and without a person's data",
    ),
    "correction": Purpose("補正のお願い"),
    "message": Purpose("担当課からの連絡"),
    "result": Purpose("結果のお知らせ"),
    "reminder": Purpose("期限のお知らせ"),
}
