"""How an offer is found by everybody: its words in every language, its life events, its office. Everything here is public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from yakuba.kernel.actions import Context, SubjectRef
from yakuba.kernel.search import store as search
from yakuba.services.procedures.definition.model import LIFE_EVENTS, Definition, said

#: How people say a life event; beside the words that the office gives to each procedure.
_SAID: Final[Mapping[str, str]] = {
    "birth": "妊娠 出産 赤ちゃん 子どもが生まれた",
    "childcare": "子育て 保育園 学童",
    "school": "入園 入学 学校",
    "moving": "引っ越し 引越し 転入 転出 転居 住所変更",
    "marriage": "結婚 離婚 入籍",
    "work": "仕事 事業 就職 開業",
    "tax": "税金 証明書",
    "housing": "住まい 家 土地 水道",
    "pet": "ペット 犬 猫 犬を飼った",
    "community": "自治会 町内会 地域",
    "aged": "高齢 介護 年金",
    "learning": "学び 文化 講座",
    "disaster": "災害 地震 台風 り災",
    "bereavement": "おくやみ 亡くなった 死亡 相続",
}


def index(ctx: Context, procedure: UUID, definition: Definition, office: str) -> None:
    """Let everybody find an offer; called in the action that publishes it. Again: replaces what was there."""
    search.index(
        ctx,
        SubjectRef("procedure", procedure),
        title=said(definition.title),
        fields=texts(definition, office),
        visibility="public",
        sort=said(definition.title)[:300],
    )


def remove(ctx: Context, procedure: UUID) -> None:
    """Nobody finds it any more; called in the action that ends it."""
    search.remove(ctx, SubjectRef("procedure", procedure), visibility="public")


def texts(definition: Definition, office: str) -> dict[str, str]:
    """What is searched beside the title, by field."""
    labels = dict(LIFE_EVENTS)
    codes = [code for code in definition.life_events if code in labels]
    found = {
        "words": "\n".join(definition.words),
        "titles": "\n".join(text for tongue, text in definition.title.items() if tongue != "ja"),
        "summary": "\n".join(definition.summary.values()),
        "who": "\n".join(definition.who.values()),
        "events": "\n".join(f"{labels[code]} {_SAID.get(code, '')}" for code in codes),
        "form": f"{definition.form_title} {definition.form_number}".strip(),
        "office": office,
    }
    return {key: text for key, text in found.items() if text.strip()}
