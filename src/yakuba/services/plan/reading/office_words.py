"""The offices that a text beside or below a label names, and their roles."""

from __future__ import annotations

import re
from typing import Final

from .cells import look
from .wording import squeeze

_OFFICE_BREAK: Final = re.compile(r"[、,・/／\n\s]+")
#: Which of several offices leads (市民課（主）), and a label within brackets (（関係課：全庁）).
_FIRST: Final = re.compile(r"[(（](?:主|主管|主担当|主務|幹事)(?:課)?[)）]")
_STARRED: Final = re.compile(rf"(?P<name>[^、,，;；・/／()（）\s]{{1,20}}){_FIRST.pattern}")
_INNER_LABEL: Final = re.compile(r"[(（](?:関係|関連|連携|協力)(?:各)?(?:課|部署|部局|所属)等?\s*[:：]\s*")
_GROUP: Final = re.compile(
    r"(?:.{0,12}(?:関係|担当|所管|関連|該当|各)|全)(?:各)?(?:課|部署|部局|所属|室|局)(?:等)?|.{0,4}全庁.{0,4}|関係機関"
)
_OTHER_OFFICE: Final = re.compile(
    r"[^\s。]{1,16}(?:病院|本部|議会|班|グループ|チーム|担当|事務局|消防|教育委員会|支所|保育所|学校)"
)


def office_names(text: str, kind: str, known: bool = False) -> list[tuple[str, str]] | None:
    """The offices of a text with their roles, or None where it names none; `known` says that it stands under such a label.

    Below 担当課 all lead; below 担当課・関係課 the first leads; in brackets behind a name they are related; 関係各課 is a group.
    Where one is marked as the first (主), it leads and the others are related.
    """
    marked = _OFFICE_BREAK.split(_FIRST.sub("*", text.strip()))
    leads = {name.rstrip("*") for name in marked if name.endswith("*")}
    text = _INNER_LABEL.sub("（", _FIRST.sub("", text))
    inside = re.fullmatch(r"(?P<first>[^()（）]+)[(（](?P<rest>[^()（）]+)[)）]\s*", text.strip())
    if inside and kind in {"lead", "both"}:
        first, rest = (
            office_names(inside["first"], "lead", known),
            office_names(inside["rest"], "related", known),
        )
        return [*first, *rest] if first and rest else None
    names = [name for name in _OFFICE_BREAK.split(text.strip()) if name]
    if not names or (not known and not all(is_office(name) for name in names)):
        return None
    if any(len(name) > 20 or "。" in name for name in names):
        return None
    found = []
    for place, name in enumerate(names):
        role = "lead" if kind == "lead" or (kind == "both" and place == 0) else "related"
        if leads and kind != "related":
            role = "lead" if name in leads else "related"
        found.append((name, "group" if _GROUP.fullmatch(squeeze(name)) else role))
    return found


def starred(text: str) -> str:
    """The text of an office cell with the mark ◎ before an office that words mark as the first: 市民課（主） is ◎市民課."""
    return _STARRED.sub(r"◎\g<name>", text)


def is_office(name: str) -> bool:
    """Whether a name looks like an office's."""
    return look(name).office or bool(_OTHER_OFFICE.fullmatch(name)) or bool(_GROUP.fullmatch(squeeze(name)))
