"""An invented edition of みほん市 with every trait that a public page has to show, and one as large as a real plan's."""

from __future__ import annotations

from typing import Any

from tests.services.plan.forms import Form, document, indicator, initiative, value
from tests.world import Town
from yakuba.services.plan.actions import (
    ImportDocument,
    PublishEdition,
    import_document,
    publish_edition,
)
from yakuba.services.plan.models import Edition

ONLINE = {"path": ["1", "1-1"], "primary": True}
WINDOWS = {"path": ["1", "1-2"], "primary": True}
WORK = {"path": ["2", "2-1"], "primary": True}


def office(name: str, role: str = "lead") -> Form:
    """An office beside an initiative."""
    return {"name": name, "role": role, "doubtful": False}


def rows() -> list[Form]:
    """Figures, words, a group, a cross-listing, flags, stages, a row with nothing but a title."""
    return [
        initiative(
            "1",
            "電子申請の拡大",
            kind="advance",
            offices=[office("DX推進課"), office("", "group")],
            flags=["priority"],
            placements=[ONLINE, {"path": ["2", "2-1"], "primary": False}],
            tags={"SDGs": ["9", "11"]},
            texts={
                "purpose": "いつでも、どこからでも手続ができるまちにします。",
                "approach": "申請の様式を見直し、オンラインの受付を広げます。",
                "target_state": ["窓口に来なくてよい", "書く回数が減る"],
            },
            items=[{"number": "①", "text": "様式の見直し", "offices": ["総務課"]}],
            stages={"2024": "検証・構築", "2025": "導入・運用", "2026": "運用"},
            progress="順調",
            progress_meaning="on_track",
            indicators=[
                indicator(
                    "オンライン化した手続の数",
                    [
                        value("38手続", 2023, "baseline", number="38", status="final"),
                        value("57手続", 2024, number="57", status="final"),
                        value("約81手続", 2025, number="81", status="provisional", approximate=True),
                        value("110手続", 2026, "target", number="110"),
                    ],
                    number="①",
                    unit="手続",
                    direction="increase",
                    aggregation="at_date",
                ),
                indicator(
                    "オンライン申請率",
                    [
                        value("6.2%", 2023, number="6.2", numerator="1930", denominator="31128"),
                        value("25%", 2026, "target", number="25"),
                        value("数値なし", 2024),
                    ],
                    number="②",
                    unit="%",
                    bound="at_least",
                ),
            ],
        ),
        initiative(
            "2-1",
            "マイナンバーカードの活用研究",
            kind="advance",
            group="2",
            offices=[office("DX推進課")],
            placements=[ONLINE],
            progress="順調",
            progress_meaning="on_track",
            indicators=[
                indicator(
                    "調査・研究",
                    [
                        value("検討", 2023, state="検討"),
                        value("試行", 2024, state="試行"),
                        value("実施", 2025, "target", state="実施"),
                    ],
                )
            ],
        ),
        initiative(
            "2-2",
            "コンビニ交付の普及",
            kind="advance",
            group="2",
            offices=[office("市民課")],
            placements=[ONLINE],
            progress="順調",
            progress_meaning="on_track",
        ),
        initiative(
            "10",
            "書かない窓口",
            kind="advance",
            offices=[office("市民課"), office("DX推進課", "related")],
            flags=["new"],
            placements=[WINDOWS],
            progress="停滞",
            progress_meaning="behind",
            lineage=[
                {"event": "moved", "year": 2024, "from": {"year": 2023, "kind": "operate", "number": "4"}}
            ],
        ),
        initiative(
            "1", "犬の登録の台帳", kind="operate", offices=[office("", "not_stated")], placements=[WORK]
        ),
    ]


def edition_document(initiatives: list[Form] | None = None, **plan: Any) -> Form:
    """The document around the rows."""
    found = document(initiatives or rows(), edition="令和8年度版", **plan)
    titles = {
        "1": "市民サービスの向上",
        "1-1": "手続のデジタル化",
        "1-2": "窓口と納付",
        "2": "行政運営の効率化",
        "2-1": "業務の見直し",
    }
    for node in found["nodes"]:
        node["title"] = titles.get(node["path"][-1], node["path"][-1])
    found["levels"] = ["基本目標", "基本施策"]
    return found


def large_document(count: int = 105) -> Form:
    """As many initiatives as a real plan has, each with a paragraph and an indicator."""
    text = (
        "市民が窓口に来なくても手続を終えられるように、様式と確認の流れを見直し、必要な設備を順に整えます。"
        * 3
    )
    return edition_document(
        [
            initiative(
                str(n),
                f"取組の見本その{n}：市民の手続と窓口を便利にする",
                kind="advance" if n % 3 else "operate",
                offices=[office(f"見本第{n % 12 + 1}課")],
                placements=[{"path": [str(n % 4 + 1), f"{n % 4 + 1}-{n % 5 + 1}"], "primary": True}],
                texts={"approach": text, "effect": text},
                progress=("順調", "ほぼ順調", "停滞")[n % 3],
                progress_meaning=("on_track", "mostly_on_track", "behind")[n % 3],
                indicators=[
                    indicator(
                        f"見本の件数{n}",
                        [
                            value(f"{n * 10}件", 2024, number=str(n * 10)),
                            value(f"{n * 12}件", 2026, "target", number=str(n * 12)),
                        ],
                        unit="件",
                    )
                ],
            )
            for n in range(1, count + 1)
        ]
    )


def take_in(town: Town, found: Form) -> Edition:
    """The document as a draft, by the real action."""
    edition: Edition = import_document(
        town.ctx("plan_secretariat"), None, ImportDocument(found, "mihon-r8.txt")
    )
    return edition


def publish(town: Town, found: Form | None = None, note: str = "") -> Edition:
    """The document, imported and published by the real actions."""
    edition = take_in(town, found or edition_document())
    publish_edition(town.ctx("plan_secretariat"), edition, PublishEdition(note=note))
    edition.refresh_from_db()
    return edition
