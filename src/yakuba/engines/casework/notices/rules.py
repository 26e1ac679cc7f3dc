"""What a notice says, and what it must say before it is issued. Pure: no database.

Sources: 行政手続法8条 (reasons), 行政不服審査法82条・18条 (notice of remedies: that there is one, with whom, within 3 months),
行政事件訴訟法46条・14条 (whom to sue, within 6 months), 公用文作成の考え方 (the layout of an official letter).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

from yakuba.engines.casework import rules as case_rules
from yakuba.kernel.dates import format_date
from yakuba.kernel.dates.business import add_business_days
from yakuba.kernel.town.models import AUTHORITIES

#: A line of the body that stands in the middle, and the one that ends it.
ITEMS: Final = "記"
END: Final = "以上"
#: From where a notice may still be handed over in another way.
WAITING: Final = frozenset({"issued", "released", "to_print", "to_hand"})
#: What leaves the house on paper.
ON_PAPER: Final = (("posted", "郵送した"), ("handed", "手渡した"))

_ASKED: Final[Mapping[str, str]] = {
    "application": "申請のありました",
    "subsidy": "申請のありました",
    "request": "請求のありました",
    "inquiry": "照会のありました",
    "booking": "お申込みのありました",
    "notification": "届出のありました",
}
_ENDS: Final[Mapping[str, str]] = {
    "inquiry": "次のとおり回答します。",
    "booking": "次のとおりお知らせします。",
}
_TITLES: Final[Mapping[str, str]] = {
    "inquiry": "回答書",
    "booking": "結果のお知らせ",
}
_OUTCOME_TITLES: Final[Mapping[str, str]] = {
    "granted": "承認通知書",
    "partly": "一部承認通知書",
    "refused": "不承認通知書",
    "rejected": "却下通知書",
}
_WITHIN: Final = r"\s*(?:か|カ|ヶ|ケ|箇|個|ヵ)?月"
_THREE_MONTHS: Final = re.compile(rf"(?:3|三){_WITHIN}")
_SIX_MONTHS: Final = re.compile(rf"(?:6|六){_WITHIN}")


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, as far as a notice tells of it."""

    outcome: str = ""
    outcome_label: str = ""
    content: str = ""
    reasons: str = ""
    conditions: str = ""


def title_of(given: str, case_title: str, kind: str, outcome: str) -> str:
    """The notice's title: the service's own, or made of the case's (「犬の登録　不承認通知書」).

    A title of the service's own names what is granted (鑑札交付通知書); a decision against the applicant says that it is one.
    """
    if given and outcome not in case_rules.ADVERSE:
        return given
    return f"{case_title}　{_TITLES.get(kind) or _OUTCOME_TITLES.get(outcome, '決定通知書')}"


def body_of(kind: str, case_title: str, arrived: dt.date, ground: str, decided: Decided) -> str:
    """The text to begin with: an opening sentence, then the items of the decision."""
    opening = f"{format_date(arrived)}付けで{_ASKED[kind]}{case_title}について、"
    if ground and kind in case_rules.DISPOSED:
        opening += f"{ground}の規定により、"
    opening += _ENDS.get(kind, "次のとおり決定したので通知します。")
    pairs = [
        ("決定の内容" if kind in case_rules.DISPOSED else "内容", _content(kind, decided)),
        ("理由", decided.reasons),
        ("条件", decided.conditions),
    ]
    told = [(label, text.strip()) for label, text in pairs if text.strip()]
    items = [f"{number}　{label}\n{_indented(text)}" for number, (label, text) in enumerate(told, start=1)]
    return "\n".join([opening, "", ITEMS, "", *items, "", END])


def _content(kind: str, decided: Decided) -> str:
    if kind == "inquiry" or decided.content.strip() == decided.outcome_label:
        return decided.content
    return f"{decided.outcome_label}\n{decided.content}".strip()


def _indented(text: str) -> str:
    return "\n".join(f"　　{line}" if line.strip() else "" for line in text.splitlines())


def deciding_authority(authority: str, town: str) -> str:
    """The authority by its own name: みほん市長, みほん市教育委員会."""
    return f"{town}長" if authority == "mayor" else f"{town}{dict(AUTHORITIES)[authority]}"


def lacks_of_remedies(text: str) -> tuple[str, ...]:
    """What a notice of remedies does not seem to name, in words for a person, who decides.

    Individual acts may say otherwise (other terms, no 審査請求), so this asks and refuses nothing.
    """
    plain = unicodedata.normalize("NFKC", text)
    found = []
    if "審査請求" not in plain:
        found.append(gettext_noop("審査請求ができること（行政不服審査法82条）"))
    elif not re.search(r"(?:長|委員会|委員|管理者|大臣|知事|議会|審査会)[^。]{0,12}に", plain):
        found.append(gettext_noop("どこに審査請求をするか（行政不服審査法4条・82条）"))
    if not _THREE_MONTHS.search(plain):
        found.append(gettext_noop("審査請求の期間（知った日の翌日から3か月。行政不服審査法18条）"))
    if "訴え" not in plain and "訴訟" not in plain:
        found.append(gettext_noop("取消しの訴えができること（行政事件訴訟法46条）"))
    else:
        if "被告" not in plain:
            found.append(gettext_noop("だれを被告とするか（行政事件訴訟法11条・46条）"))
        if not _SIX_MONTHS.search(plain):
            found.append(gettext_noop("訴えの期間（知った日から6か月。行政事件訴訟法14条）"))
    return tuple(found)


def print_after(released: dt.date, business_days: int) -> dt.date:
    """The day from which a notice that was not opened is printed: that many days on which the town hall is open have then passed."""
    return add_business_days(released, max(business_days, 0) + 1)
