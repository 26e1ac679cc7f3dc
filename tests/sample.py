"""An edition with one of everything that a page shows, as small or as large as a test wants it."""

from __future__ import annotations

from tests.services.plan.forms import document, indicator, initiative, value
from tests.world import Town
from yakuba.services.plan.actions import ImportDocument, PublishEdition, import_document, publish_edition
from yakuba.services.plan.models import Edition


def published_edition(town: Town, count: int = 40) -> Edition:
    """A published edition of ``count`` initiatives; the second one has a doubt."""
    rows = []
    words = ["順調", "ほぼ順調", "停滞", None]
    meanings = ["on_track", "mostly_on_track", "stopped", None]
    for number in range(1, count + 1):
        which = number % 4
        rows.append(
            initiative(
                str(number),
                f"見本の取組その{number}：電子申請と窓口",
                progress=words[which],
                progress_meaning=meanings[which],
                flags=["new"] if number % 7 == 0 else [],
                themes=["online-applications"] if number % 2 else [],
                offices=[{"name": "見本課", "role": "lead", "doubtful": False}],
                placements=[{"path": ["市民サービス", f"分野{number % 3}"], "primary": True}],
                texts={
                    "approach": "見本の方針です。手続を増やし、待つ時間を短くします。",
                    "schedule": "毎年度増やします。",
                },
                doubts=[
                    {
                        "field": "title",
                        "code": "misread",
                        "candidates": ["別の題名"],
                        "note": "読みにくい字です。",
                    }
                ]
                if number == 2
                else [],
                indicators=[
                    indicator(
                        "オンライン化した手続",
                        [
                            value("38手続", 2023, number="38"),
                            value("約57手続", 2024, number="57", approximate=True),
                            value("数値なし", 2025),
                            value("110手続", 2026, "target", number="110"),
                        ],
                        unit="手続",
                    ),
                    indicator(
                        "調査の実施", [value("検討", 2024, state="検討"), value("実施", 2025, state="実施")]
                    ),
                ],
            )
        )
    given = document(rows, edition="令和6年度版")
    edition = import_document(town.ctx("cli"), None, ImportDocument(given))
    publish_edition(town.ctx("cli"), edition, PublishEdition("題名の誤りを直しました。"))
    return edition
