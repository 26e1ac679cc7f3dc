"""A proposal for the notice of remedies (教示). Pure.

Sources: 行政不服審査法2条・4条・18条 (審査請求、その相手、3か月と1年), 82条 (教示); 行政事件訴訟法11条・14条 (被告、6か月と1年), 46条 (教示).
A body without a superior is asked itself (行政不服審査法4条1号). What an individual act says otherwise is for the office to know.
"""

from __future__ import annotations

from typing import Final

from yakuba.kernel.town.models import AUTHORITIES

_NAMES: Final = dict(AUTHORITIES)
#: Kinds that end in a disposition somebody may object to.
DISPOSING: Final = frozenset({"application", "request", "subsidy"})


def authority_name(authority: str, town: str) -> str:
    """The deciding authority by its own name: みほん市長, みほん市教育委員会."""
    if authority == "mayor":
        return f"{town}長"
    return f"{town}{_NAMES.get(authority, '')}"


def proposal(authority: str, town: str) -> str:
    """A text to begin with. It stands in the notice, so it is Japanese in every language of the screen."""
    asked = authority_name(authority, town)
    # The mayor stands for the city in court; a board stands for it in matters of its own dispositions.
    speaker = authority_name(
        authority if authority in {"education", "election", "audit", "agriculture"} else "mayor", town
    )
    return (
        f"この決定に不服があるときは、決定があったことを知った日の翌日から数えて3か月以内に、{asked}に審査請求をすることができます"
        "（決定の日の翌日から数えて1年を過ぎると、できなくなります）。\n"
        f"また、決定があったことを知った日の翌日から数えて6か月以内に、{town}を被告として（{town}を代表する者は{speaker}です）"
        "決定の取消しの訴えを起こすことができます（決定の日の翌日から数えて1年を過ぎると、できなくなります）。"
        "審査請求をしたときは、裁決があったことを知った日の翌日から6か月以内（裁決の日の翌日から1年以内）です。"
    )
