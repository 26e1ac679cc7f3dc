"""Three editions of one plan: what goes on, what is late and since when, what ended, moved and was merged."""

from __future__ import annotations

import datetime as dt

from tests.services.plan.edition_sample import ONLINE, WINDOWS, WORK, edition_document, office
from tests.services.plan.forms import Form, indicator, initiative, value
from tests.world import Town
from yakuba.kernel.dates import JAPAN, clock
from yakuba.services.plan.actions import ImportDocument, PublishEdition, import_document, publish_edition
from yakuba.services.plan.models import Edition, Initiative

Found = dict[int, Edition]
LATE = {"progress": "停滞", "progress_meaning": "stopped"}
GOOD = {"progress": "順調", "progress_meaning": "on_track"}


def online(year: int, title: str = "電子申請の拡大", **more: object) -> Form:
    """An initiative with two figures: one of numbers up to the year before, and its target."""
    known = [value(f"{n * 10}手続", n, number=str(n * 10)) for n in range(2022, year)]
    target = value(f"{year}0手続", year, "target", number=f"{year}0")
    return initiative(
        "1",
        title,
        year=year,
        kind="advance",
        offices=[office("DX推進課")],
        indicators=[
            indicator(
                "オンライン化した手続の数",
                [*known, target],
                unit="手続",
                definition="年度末に使える手続の数。",
            )
        ],
        **{**GOOD, "placements": [ONLINE], "themes": ["online-applications"], **more},
    )


def window(year: int, **more: object) -> Form:
    """An initiative that may be late."""
    return initiative(
        "3", "書かない窓口", year=year, kind="advance", offices=[office("市民課")], placements=[WINDOWS],
        tags={"SDGs": ["16"]}, texts={"purpose": f"令和{year - 2018}年度の目的です。"}, **more,
    )  # fmt: skip


def ledger(year: int, **more: object) -> Form:
    """An initiative that runs steadily."""
    return initiative(
        "1",
        "犬の登録の台帳",
        year=year,
        kind="operate",
        offices=[office("環境課")],
        placements=[WORK],
        **more,
    )


def editions() -> dict[int, Form]:
    """The documents by year."""
    return {
        2024: _of(2024, [online(2024, "電子申請の普及"), window(2024, **GOOD), ledger(2024)]),
        2025: _of(
            2025,
            [
                online(2025, "電子申請の普及", progress="ほぼ順調", progress_meaning="mostly_on_track"),
                window(2025, **LATE),
                initiative("9", "SNS運用", year=2025, kind="advance", offices=[office("総務課")], placements=[ONLINE]),
                initiative("14", "標準化", year=2025, kind="advance", placements=[WORK], **GOOD),
                initiative("16", "税証明の追加", year=2025, kind="advance", placements=[ONLINE],
                           progress="終了", progress_meaning="ended"),
                ledger(2025),
            ],
        ),
        2026: _of(
            2026,
            [
                online(2026),
                window(2026, **LATE),
                initiative("7", "公式LINE", year=2026, kind="advance", offices=[office("総務課")], placements=[ONLINE],
                           progress="やや遅れ", progress_meaning="behind",
                           lineage=[{"event": "merged", "year": 2026,
                                     "from": {"year": 2025, "kind": "advance", "number": "9"}}]),
                initiative("3", "標準化", year=2026, kind="operate", placements=[WORK]),
                ledger(2026),
            ],
        ),
    }  # fmt: skip


def _of(year: int, rows: list[Form]) -> Form:
    found = edition_document(rows)
    found["plan"]["edition"] = f"令和{year - 2018}年度版"
    found["plan"]["sections"] = [
        {"number": "1", "title": "計画のねらい", "text": "順調に進んでいる取組は、75％です。"}
    ]
    found["plan"]["terms"] = [{"term": "DX", "text": "くらしと仕事を変えること。"}]
    found["plan"]["related"] = ["みほん市総合計画"]
    found["bodies"] = [
        {"name": "推進本部", "members": [{"role": "本部長", "post": "副市長"}], "duties": ["計画を決めること"], "rule": "要綱第2条"}
    ]  # fmt: skip
    found["stated"] = {"progress": {"順調": 5}, "counts": {"advance": 20}}
    return found


def publish_all(town: Town, years: tuple[int, ...] = (2024, 2025, 2026)) -> Found:
    """The editions of these years, each published on the last day of March before it."""
    return {year: publish_on(town, editions()[year], dt.date(year, 3, 31)) for year in years}


def publish_on(town: Town, found: Form, day: dt.date, note: str = "") -> Edition:
    """The document, taken in and published at noon of a day."""
    with clock.frozen(dt.datetime.combine(day, dt.time(12), JAPAN)):
        edition: Edition = import_document(town.ctx("cli"), None, ImportDocument(found))
        publish_edition(town.ctx("cli"), edition, PublishEdition(note))
    edition.refresh_from_db()
    return edition


def row(edition: Edition, title: str) -> Initiative:
    """An initiative by its title."""
    return Initiative.unscoped.get(edition=edition, title=title)
