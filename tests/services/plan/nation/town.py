"""A few municipalities with plans about the same themes, told differently. Names and numbers are invented."""

from __future__ import annotations

from typing import Any

from tests.services.plan.edition_sample import office, publish
from tests.services.plan.forms import Form, document, indicator, initiative, value
from tests.world import Town, make_town
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan.models import Edition

ONLINE = "online-applications"
AUDIT = "security-audit"


def online(raw: str = "81手続", number: str = "81", year: int = 2025, **more: Any) -> Form:
    """An indicator that looks the same everywhere."""
    return indicator(
        "① オンライン化手続件数",
        [
            value(
                raw, year, number=number, status=more.pop("status", "final"), as_of=more.pop("as_of", None)
            ),
            value("110手続", 2026, "target", number="110"),
        ],
        **{"unit": "手続", "aggregation": "at_date", "definition": "受け付けを始めた手続の数", **more},
    )


def row(number: str, title: str, *themes: str, **more: Any) -> Form:
    """An initiative with themes."""
    return initiative(
        number, title, **{"kind": "advance", "offices": [office("DX推進課")], "themes": list(themes), **more}
    )


def plan(rows: list[Form], town: Town, *, year: int = 2024, edition: str = "令和6年度版") -> Form:
    """A document of one town; all rows stand in the edition's year."""
    return document(
        [{**one, "year": year} for one in rows],
        code=town.ref.code,
        name=town.ref.name,
        edition=edition,
        title=f"{town.ref.name}情報化推進計画",
    )


def mihon_rows() -> list[Form]:
    """One of everything."""
    return [
        row(
            "1",
            "電子申請の拡大",
            ONLINE,
            progress="順調",
            progress_meaning="on_track",
            indicators=[online(), indicator("研修の回数", [value("3回", 2024, number="3")], unit="回")],
            texts={"purpose": "いつでも手続ができるまちにします。", "approach": "様式を見直します。"},
            stages={"2024": "検証", "2025": "導入", "2026": "運用"},
        ),
        row("2-1", "手続の見直し", ONLINE, group="2", progress="順調", progress_meaning="on_track"),
        row("2-2", "様式の見直し", ONLINE, group="2", progress="順調", progress_meaning="on_track"),
        row(
            "3",
            "情報セキュリティ監査の実施",
            AUDIT,
            progress="停滞",
            progress_meaning="stopped",
            offices=[office("情報管理課")],
        ),
    ]


def neighbour(code: str, name: str, prefecture: str, rows: list[Form]) -> Town:
    """A town of a prefecture with one published edition."""
    town = make_town(code, name)
    Municipality.unscoped.filter(pk=town.ref.id).update(prefecture=prefecture, kana="カリナシ")
    publish(town, plan(rows, town))
    return town


def karina_rows() -> list[Form]:
    """The same figure in another unit, counted otherwise, and late."""
    return [
        row(
            "5",
            "行政手続のオンライン化",
            ONLINE,
            kind="operate",
            progress="遅れ",
            progress_meaning="behind",
            offices=[office("総務課")],
            indicators=[
                online(
                    "31件",
                    "31",
                    2024,
                    unit="件",
                    aggregation="cumulative",
                    definition="",
                    status="provisional",
                )
            ],
        )
    ]


def two_towns(mihon: Town) -> tuple[Edition, Town]:
    """みほん市 and かりな市, both published."""
    edition = publish(mihon, plan(mihon_rows(), mihon))
    return edition, neighbour("990027", "かりな市", "群馬県", karina_rows())
