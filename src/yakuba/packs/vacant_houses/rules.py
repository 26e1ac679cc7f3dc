"""What 空家等対策の推進に関する特別措置法 allows and asks for, by day. No database here."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils.translation import gettext_lazy as _

from yakuba.engines.ledger.dated import Dated, Row
from yakuba.engines.ledger.declaration import Source
from yakuba.kernel.ui.drawing import Text

_LAW: Final = "空家等対策の推進に関する特別措置法"
#: The law's measures came into force on this day (平成26年法律第127号附則1条ただし書).
BEGAN: Final = dt.date(2015, 5, 26)
#: 令和5年法律第50号: 管理不全空家等, and the articles of today.
AMENDED: Final = dt.date(2023, 12, 13)


def _measure(what: Text, old: int) -> Dated[bool]:
    """A measure of article 14 that became article 22 with the same paragraphs."""
    return Dated(
        what,
        (Row(True, f"{_LAW}（改正前）第14条第{old}項", BEGAN), Row(True, f"{_LAW}第22条第{old}項", AMENDED)),
    )


#: On which ground each measure is taken, and since when there is it.
MEASURES: Final[dict[str, Dated[bool]]] = {
    "neglect_guide": Dated(_("管理不全空家等への指導"), (Row(True, f"{_LAW}第13条第1項", AMENDED),)),
    "neglect_urge": Dated(_("管理不全空家等への勧告"), (Row(True, f"{_LAW}第13条第2項", AMENDED),)),
    "advise": _measure(_("特定空家等への助言・指導"), 1),
    "urge": _measure(_("特定空家等への勧告"), 2),
    "notice": _measure(_("命令の事前の通知"), 4),
    "hearing": _measure(_("公開による意見の聴取"), 6),
    "order": _measure(_("特定空家等への命令"), 3),
    "warn": Dated(_("戒告"), (Row(True, "行政代執行法第3条第1項"),)),
    "execute": _measure(_("代執行"), 9),
    "summary": _measure(_("略式代執行（命ずべき者を確知できないとき）"), 10),
    "emergency": Dated(_("緊急代執行"), (Row(True, f"{_LAW}第22条第11項", AMENDED),)),
}
LABELS: Final = (
    ("neglect_guide", "管理不全：指導"),
    ("neglect_urge", "管理不全：勧告"),
    ("advise", "特定：助言・指導"),
    ("urge", "特定：勧告"),
    ("notice", "特定：命令の事前通知"),
    ("hearing", "特定：公開の意見聴取"),
    ("order", "特定：命令"),
    ("warn", "特定：戒告"),
    ("execute", "特定：代執行"),
    ("summary", "特定：略式代執行"),
    ("emergency", "特定：緊急代執行"),
)
#: Measures that set a term: 相当の猶予期限, 意見書の提出期限, 相当の履行期限.
WITH_TERM: Final = frozenset({"neglect_urge", "urge", "notice", "order", "warn"})

ASK_WITHIN: Final = Dated(
    _("意見の聴取を請求できる期間（通知書の交付を受けた日からの日数）"),
    (
        Row(5, f"{_LAW}（改正前）第14条第5項", BEGAN),
        Row(5, f"{_LAW}第22条第5項", AMENDED),
    ),
)
ANNOUNCE_BEFORE: Final = Dated(
    _("意見の聴取の期日と場所を通知・公告する期限（期日の前の日数）"),
    (
        Row(3, f"{_LAW}（改正前）第14条第7項", BEGAN),
        Row(3, f"{_LAW}第22条第7項", AMENDED),
    ),
)
ENTER_AFTER: Final = Dated(
    _("立入調査を所有者等に通知する期限（立ち入る日の前の日数）"), (Row(5, f"{_LAW}第9条第3項", BEGAN),)
)
NO_ALLOWANCE: Final = Dated(
    _("勧告を受けた空家等の敷地を住宅用地特例から除く（賦課期日1月1日）"),
    (
        Row(frozenset({"dangerous"}), "地方税法第349条の3の2第1項（平成27年法律第2号）", BEGAN),
        Row(
            frozenset({"dangerous", "neglected"}),
            "地方税法第349条の3の2第1項（令和5年法律第50号附則）",
            AMENDED,
        ),
    ),
)
SOURCES: Final = (
    *(source for rule in MEASURES.values() for source in rule.sources),
    *ASK_WITHIN.sources,
    *ANNOUNCE_BEFORE.sources,
    *ENTER_AFTER.sources,
    *NO_ALLOWANCE.sources,
    Source(_("空家等・特定空家等の定義"), f"{_LAW}第2条", BEGAN),
    Source(_("所有者等の情報の内部利用と、関係機関への求め"), f"{_LAW}第10条"),
    Source(_("空家等に関するデータベースの整備"), f"{_LAW}第11条"),
    Source(
        _("管理不全空家等・特定空家等の判断と措置の進め方"),
        "国土交通省・総務省「管理不全空家等及び特定空家等に対する措置に関する適切な実施を図るために必要な指針」",
        AMENDED,
    ),
)


def ground(kind: str, day: dt.date) -> str:
    """On which ground a measure is taken on a day; empty where the law has it not yet."""
    row = MEASURES[kind].on(day)
    return row.ground if row else ""


def first_day(kind: str) -> dt.date | None:
    """Since when there is a measure; None: since ever."""
    return MEASURES[kind].rows[0].since


def ask_by(delivered: dt.date) -> dt.date | None:
    """Until when a public hearing can be asked for; None before the law."""
    row = ASK_WITHIN.on(delivered)
    return delivered + dt.timedelta(days=row.value) if row else None


def announce_by(hearing: dt.date) -> dt.date | None:
    """Until when a hearing is announced; None before the law."""
    row = ANNOUNCE_BEFORE.on(hearing)
    return hearing - dt.timedelta(days=row.value) if row else None


def notify_by(entering: dt.date) -> dt.date | None:
    """Until when owners are told that somebody will enter; None before the law."""
    row = ENTER_AFTER.on(entering)
    return entering - dt.timedelta(days=row.value) if row else None


def chains_without_allowance(day: dt.date) -> frozenset[str]:
    """Under which chains an 勧告 that stands takes the allowance for residential land away on a day."""
    row = NO_ALLOWANCE.on(day)
    return row.value if row else frozenset()
