"""Figures of みほん市 that are measured elsewhere: defined by the secretariat, brought by their offices as the files of ``data/series``.

The files look like what their sources hand out (コンビニ交付, eLTAX, the till, LINE, the card's statistics); all figures are invented. The
training's attendance list is made up here and counted: no list of people lies in the repository.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file
from importlib.resources import files as resources
from typing import Final

from yakuba.demo.steps import Steps, japan
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import people, queries, reading
from yakuba.engines.metrics.series.actions import (
    BringValues,
    DefineSeries,
    bring_values,
    define_series,
    type_value,
)
from yakuba.engines.metrics.series.actions.bringing import sent
from yakuba.engines.metrics.series.layout import Layout, Only
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.files import store as files
from yakuba.kernel.sheets.grid import Grid, read_csv
from yakuba.kernel.town.queries import offices_on

DEFINED: Final = japan(2026, 4, 6, 9)
HISTORY: Final = japan(2026, 4, 20, 10)
FIRM: Final = japan(2026, 6, 12, 10)
RUNNING: Final = japan(2026, 11, 10, 10)
_R5: Final = FiscalYear(2023)


@dataclass(frozen=True)
class File:
    """A file that an office brings: when, how firm, and why where it changes what was final."""

    name: str
    at: dt.datetime
    status: str = "final"
    called: str = ""


@dataclass(frozen=True)
class Kept:
    """A series, who brings it, what was known before its files begin (fiscal year → what was typed), and the files."""

    key: str
    title: str
    aggregation: str
    unit: str
    definition: str
    supplier: str
    office: str
    by: str
    layout: Layout
    every: str = "month"
    first: dt.date = dt.date(2024, 4, 1)
    due_days: int = 20
    before: Mapping[FiscalYear, Mapping[str, str]] = field(default_factory=dict)
    files: Sequence[File] = ()


def _konbini(word: str) -> Layout:
    return Layout(
        columns={"period": "対象年月", "numerator": "コンビニ交付数", "denominator": "交付総数"},
        only=(Only("証明書の種類", word),),
    )


def _eltax(word: str) -> Layout:
    return Layout(
        columns={"period": "年度", "numerator": "電子申告件数", "denominator": "申告総数"},
        only=(Only("税目", word),),
    )


def _monthly(name: str, last: str) -> tuple[File, ...]:
    """Two years of history, and the running one up to a month."""
    return (
        File(f"{name}_r6.csv", HISTORY, "final"),
        File(f"{name}_r7.csv", HISTORY, "final"),
        File(f"{name}_r8.csv", RUNNING, "preliminary", f"{name}_R8.4-{last}.csv"),
    )


_TAX: Final = (
    File("eltax_r6.csv", HISTORY, "final", "eLTAX_R5-R6.csv"),
    File("eltax_r7_sokuho.csv", HISTORY, "preliminary", "eLTAX_R7速報.csv"),
    File("eltax_r7_kakutei.csv", FIRM, "final", "eLTAX_R7確定.csv"),
)
ATTENDED: Final = Layout(shape="people", columns={"person": "職員番号", "office": "所属", "attended": "受講"})
TRAINING: Final = "研修_情報セキュリティ"

KEPT: Final = (
    Kept(
        "コンビニ交付_住民票", "住民票の写しのコンビニ交付率", "ratio", "%",
        "住民票の写しの交付のうち、コンビニエンスストアの端末で交付したものの割合。公用と無料のものは数えない。",
        "J-LIS コンビニ交付の統計と窓口の集計", "040100", "kokono", _konbini("住民票の写し"),
        before={_R5: {"value": "18.3%"}}, files=_monthly("konbini", "10"),
    ),
    Kept(
        "コンビニ交付_印鑑", "印鑑登録証明書のコンビニ交付率", "ratio", "%",
        "印鑑登録証明書の交付のうち、コンビニエンスストアの端末で交付したものの割合。公用と無料のものは数えない。",
        "J-LIS コンビニ交付の統計と窓口の集計", "040100", "kokono", _konbini("印鑑登録証明書"),
        before={_R5: {"value": "16.0%"}}, files=_monthly("konbini", "10"),
    ),
    Kept(
        "eLTAX_法人市民税", "法人市民税の電子申告率", "ratio", "%",
        "法人市民税の申告のうち、eLTAXで受けたものの割合。修正申告も1件と数える。",
        "eLTAX 利用状況の集計", "030500", "itsuki", _eltax("法人市民税"), "year", dt.date(2023, 4, 1), 30, {}, _TAX,
    ),
    Kept(
        "eLTAX_償却資産", "償却資産（固定資産税）の電子申告率", "ratio", "%",
        "償却資産の申告のうち、eLTAXで受けたものの割合。",
        "eLTAX 利用状況の集計", "030500", "itsuki", _eltax("償却資産"), "year", dt.date(2023, 4, 1), 30, {}, _TAX,
    ),
    Kept(
        "窓口_キャッシュレス", "窓口のキャッシュレス決済の割合", "ratio", "%",
        "市民課と税務課の窓口での支払いのうち、現金でないものの件数の割合。",
        "窓口のレジ（POS）の集計", "040100", "kokono",
        Layout(columns={"period": "年月", "numerator": "キャッシュレス", "denominator": "件数"}),
        files=_monthly("pos", "8"),
    ),
    Kept(
        "LINE_登録者", "公式LINEの登録者数", "at_date", "人",
        "公式アカウントを友だちに追加した人の数。ブロックした人も含む。月の最後の日の数。",
        "LINE公式アカウントの分析画面", "030100", "tooru",
        Layout(columns={"period": "date", "value": "contacts"}, several="last", fold="last"),
        before={_R5: {"value": "8,214"}}, files=_monthly("line", "10"),
    ),
    Kept(
        "マイナンバーカード_保有", "マイナンバーカードの保有率", "ratio", "%",
        "人口のうち、マイナンバーカードを持っている人の割合。月の最後の日の数。",
        "総務省の公表", "040100", "kokono",
        Layout(columns={"period": "時点", "numerator": "保有枚数", "denominator": "人口"}, fold="last"),
        files=_monthly("card", "10"),
    ),
    Kept(
        TRAINING, "情報セキュリティ研修の受講率", "ratio", "%",
        "研修の対象の職員（休職・派遣を除く）のうち、年度のうちに受けた人の割合。名簿から数える。",
        "研修の受講者名簿", "030300", "itsuki", ATTENDED, "year", dt.date(2023, 4, 1), 30,
        {
            _R5: {"numerator": "437", "denominator": "496"},
            FiscalYear(2024): {"numerator": "465", "denominator": "498"},
        },
    ),
)  # fmt: skip


def load(steps: Steps) -> None:
    """Define each, then bring what its office has."""
    for kept in KEPT:
        made = _define(steps, kept)
        for year, said in kept.before.items():
            ctx = steps.staff(f"series:{kept.key}:{year.year}", kept.by, at=HISTORY)
            given = {"year": str(year.year), "status": "final", **said}
            type_value(ctx, made, type_value.read_text(given))
        for number, file in enumerate(kept.files):
            _bring(steps.staff(f"series:{kept.key}:file:{number}", kept.by, at=file.at), made, file)
        if kept.key == TRAINING:
            _count(steps.staff(f"series:{kept.key}:list", kept.by, at=FIRM), made)


def _define(steps: Steps, kept: Kept) -> Series:
    ctx = steps.staff(f"series:{kept.key}", "itsuki", at=DEFINED)
    office = next(one.id for one in offices_on(steps.ref.id, dt.date(2026, 4, 6)) if one.code == kept.office)
    return define_series(
        ctx,
        None,
        DefineSeries(
            key=kept.key,
            title=kept.title,
            unit=kept.unit,
            aggregation=kept.aggregation,
            definition=kept.definition,
            supplier=kept.supplier,
            office=str(office),
            every=kept.every,
            first=kept.first,
            due_days=kept.due_days,
            public=True,
            least=people.FEWEST if kept.layout.shape == "people" else 0,
            layout=kept.layout.to_json(),
        ),
    )


def _bring(ctx: Context, series: Series, file: File) -> None:
    """A file, read as the desk reads it."""
    with as_file(resources("yakuba.demo") / "data" / "series" / file.name) as path:
        content, cells = path.read_bytes(), read_csv(str(path))
    found = reading.read(
        Grid(cells),
        queries.layout_of(series),
        every=series.every,
        aggregation=series.aggregation,
        unit=series.unit,
    )
    if found.faults:
        raise LookupError(f"{file.name}: {found.faults[0].message}")
    bring_values(
        ctx,
        series,
        BringValues(
            values=[sent(one) for one in found.brought],
            status=file.status,
            sha256=files.put(content),
            digest=hashlib.sha256(content).hexdigest(),
            file_name=file.called or file.name,
        ),
    )


#: Of how many people of each office how many had attended: 490 of 501.
STAFF: Final = (
    ("総務課", 34, 33), ("DX推進課", 21, 21), ("財政課", 18, 18), ("税務課", 36, 35), ("危機管理課", 14, 14), ("市民課", 48, 47),
    ("環境課", 27, 27), ("こども課", 96, 91), ("介護福祉課", 52, 51), ("建設課", 58, 57), ("生涯学習課", 61, 60), ("上下水道課", 36, 36),
)  # fmt: skip


def roll() -> list[list[str]]:
    """The attendance list of R7 as its sheet: heads, then a row for each of the staff, without names."""
    rows = [["職員番号", "氏名", "所属", "受講"]]
    for office, everybody, attended in STAFF:
        for place in range(everybody):
            rows.append([f"{len(rows):05}", "", office, "受講済" if place < attended else "未受講"])
    return rows


def _count(ctx: Context, series: Series) -> None:
    """It is counted, and not kept."""
    rows, layout = roll(), queries.layout_of(series)
    counted = people.count(people.entries(Grid(rows), layout), layout)
    if counted.faults:
        raise LookupError(counted.faults[0].message)
    bring_values(
        ctx,
        series,
        BringValues(
            values=[sent(counted.brought(Period.year(FiscalYear(2025))))],
            status="final",
            digest=hashlib.sha256("\n".join(",".join(row) for row in rows).encode()).hexdigest(),
            file_name="受講者名簿_R7.xlsx",
        ),
    )
