"""What a meeting may go through, who presides, and when a body may decide. Pure: no database.

Sources: the rules that cities write for such bodies (規程・要綱) agree in their shape: the chair convenes and presides; the vice chair acts
for him when he is prevented or the post is vacant; others may be asked to attend, explain and give opinions, and advisers give theirs;
neither decides; the chair reports what came of it. A quorum of more than half is the rule where a rule is written (comparable
地方自治法113条 for assemblies); where none is written, none is asked for.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

KINDS: Final = (
    ("headquarters", "本部"),
    ("council", "会議"),
    ("committee", "委員会"),
    ("study_group", "検討部会"),
    ("expert_group", "専門部会"),
)
ROLES: Final = (
    ("chair", "長"),
    ("vice", "副"),
    ("member", "委員"),
    ("adviser", "顧問・アドバイザー"),
    ("observer", "オブザーバー"),
)
#: Who counts for the quorum and decides.
VOTING: Final = ("chair", "vice", "member")
QUORUMS: Final = (
    ("majority", "過半数"),
    ("half", "半数以上"),
    ("two_thirds", "3分の2以上"),
    ("all", "全員"),
    ("none", "定めなし"),
)
WAYS: Final = (("in_person", "参集"), ("online", "オンライン"), ("circular", "持ち回り"))
CIRCULAR: Final = "circular"
STATES: Final = (
    ("planned", "予定"),
    ("called", "招集"),
    ("held", "開催済み"),
    ("minuted", "議事録確定"),
    ("reported", "報告済み"),
    ("cancelled", "中止"),
)
#: What a state is called of a meeting by circulation, where its own word differs.
OWN_WORDS: Final = {"called": "回答受付中", "held": "締切済み"}
FIRST: Final = "planned"
WHATS: Final = (("decide", "協議・決定"), ("report", "報告"), ("other", "その他"))
PRESENCES: Final = (("present", "出席"), ("proxy", "代理出席"), ("absent", "欠席"))
ANSWERS: Final = (("consent", "異議なし"), ("objection", "異議あり"))
MINUTES: Final = (("full", "議事録"), ("summary", "議事要旨"))
MINUTES_STATES: Final = (("draft", "作成中"), ("proposed", "確認待ち"), ("confirmed", "確定"))
PRESIDING: Final = (("chair", "長"), ("vice", "副（職務代理）"))

Need = Literal["reason"]


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move of a meeting. ``circular`` is its name for a meeting by circulation."""

    key: str
    label: str
    come_from: str
    go_to: str
    needs: frozenset[Need] = frozenset()
    circular: str = ""


_REASON: Final = frozenset[Need]({"reason"})
#: Every state table of the house is one table in code (MECHANISMS §7).
TABLE: Final = (
    Step("call", "招集する", "planned", "called", circular="持ち回りをはじめる"),
    Step("call_back", "招集を取りやめて予定に戻す", "called", "planned", _REASON),
    Step("hold", "出欠を記録して開催済みにする", "called", "held", circular="回答を締め切る"),
    Step("unhold", "開催の記録を取り消す", "held", "called", _REASON),
    Step("minute", "議事録を確定する", "held", "minuted"),
    Step("reopen", "議事録を訂正する", "minuted", "held", _REASON),
    Step("reopen", "議事録を訂正する", "reported", "held", _REASON),
    Step("report", "報告する", "minuted", "reported"),
    Step("cancel", "中止する", "planned", "cancelled", _REASON),
    Step("cancel", "中止する", "called", "cancelled", _REASON),
)
#: In these the agenda and its papers may still change.
PREPARING: Final = ("planned", "called")
#: From these on what was decided stands.
OVER: Final = ("held", "minuted", "reported")


def step(state: str, key: str) -> Step | None:
    """The move of that key from a state, None where the table has none."""
    return next((one for one in TABLE if one.come_from == state and one.key == key), None)


def state_label(way: str, state: str) -> str:
    """The state's word for a meeting of this way."""
    own = OWN_WORDS.get(state) if way == CIRCULAR else None
    return own or dict(STATES)[state]


def presence_label(way: str, presence: str) -> str:
    """The word for having been there: at a meeting by circulation, for having answered."""
    if way == CIRCULAR:
        return "回答あり" if presence == "present" else "回答なし"
    return dict(PRESENCES)[presence]


def pairs() -> Iterator[tuple[str, str]]:
    """Every allowed (from, to); an empty ``from`` is the planning. The database's CHECK is made from it."""
    yield "", FIRST
    yield from sorted({(one.come_from, one.go_to) for one in TABLE})


# --- what is decided ------------------------------------------------------------------------------------------------

#: Put off to a later meeting: what it is about stays open, and nothing is told to the room that it belongs to.
DEFERRED: Final = ("deferred", "継続協議")
#: For items that are no other room's matter.
CHOICES: Final = {
    "decide": (
        ("adopted", "原案のとおり決定"),
        ("amended", "修正して決定"),
        ("rejected", "不採用"),
        DEFERRED,
    ),
    "report": (("noted", "了承"), ("remarked", "意見を付して了承")),
    "other": (("noted", "了承"), ("remarked", "意見を付して了承")),
}


# --- who presides, and whether they are enough ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A seat at one meeting: ``there`` when its holder attended (at a meeting by circulation: answered)."""

    key: Hashable
    role: str
    order: int
    there: bool


def presiding(places: Sequence[Place]) -> Hashable | None:
    """Whose seat presides: the chair's, else that of the first vice chair who is there. None where nobody may.

    A proxy does not preside: whoever acts for the chair is named by the rules of the body, which are its vice chairs in their order.
    """
    there = [one for one in places if one.there]
    chair = next((one.key for one in there if one.role == "chair"), None)
    if chair is not None:
        return chair
    vices = sorted((one for one in there if one.role == "vice"), key=lambda one: one.order)
    return vices[0].key if vices else None


def needed(quorum: str, members: int) -> int:
    """How many of the members in office have to be there. KeyError for an unknown rule."""
    return {
        "majority": members // 2 + 1,
        "half": max(1, -(-members // 2)),
        "two_thirds": max(1, -(-2 * members // 3)),
        "all": max(1, members),
        "none": 0,
    }[quorum]


@dataclass(frozen=True, slots=True)
class Count:
    """How many members a body has that day, how many of them were there, and how many have to be."""

    members: int
    there: int
    needed: int

    @property
    def enough(self) -> bool:
        """Whether the body may decide."""
        return self.there >= self.needed


def count(quorum: str, members: int, present: int, proxies: int, *, proxies_count: bool) -> Count:
    """``members``: voting seats that somebody holds that day; advisers, guests and observers are in no number."""
    return Count(members, present + (proxies if proxies_count else 0), needed(quorum, members))
