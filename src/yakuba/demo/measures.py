"""What is measured in みほん市: the figures of the systems before this one, what services count themselves, and which indicators read them.

The town came to Yakuba in October 2026. What it counted until then lies in ``data/earlier``, a file for each metric, and is loaded as
anybody would load it; what stands in rows with their days (the inventory of procedures, the plan) is counted for the years before, too.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from typing import Final

from yakuba.demo import series
from yakuba.demo.steps import Steps, japan
from yakuba.engines.metrics import loading, store
from yakuba.engines.metrics.actions.loading import LoadEarlier, load_earlier, sent
from yakuba.engines.metrics.actions.settling import SettleMetric, settle_metric
from yakuba.engines.metrics.declaring import metrics
from yakuba.engines.metrics.periods import Period
from yakuba.kernel.dates import FiscalYear, clock, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.sheets.reading import read as read_sheet
from yakuba.services.plan import queries as plan
from yakuba.services.plan.measured.actions import BindIndicators, BindRow, bind_indicators
from yakuba.services.plan.models import Edition

#: From this day on Yakuba's own rows count.
SINCE: Final = dt.date(2026, 10, 1)
#: The first month of the history.
FIRST: Final = dt.date(2024, 4, 1)
_LOADED: Final = japan(2026, 10, 2, 10)
_REASON: Final = "以前のシステムの集計から移した。令和8年10月からは、このシステムが数える。"
#: What rows tell of the years before: the inventory with its days, and the plan with what was decided on it.
KNOWN_BEFORE: Final = {
    "online_procedures_count",
    "initiatives_by_status",
    "initiatives_on_course",
    "initiatives_late",
    "national_theme_links",
    "rolling_plan_years",
    "indicators_measured",
    "plan_reviews_on_time",
    "meetings_held",
    "meeting_decisions",
}
#: What reads what: indicator → (source, what the source keeps, why).
MEASURED: Final[Mapping[str, tuple[str, Mapping[str, JsonValue], str]]] = {
    "オンライン化手続数": ("metric", {"metric": "online_procedures_count"}, "手続台帳から数えるため。"),
    "オンライン申請率": ("metric", {"metric": "online_application_share"}, "分子と分母の数え方が同じため。"),
    "公開レイヤ数": ("metric", {"metric": "public_layer_kinds"}, "公開地図の層を数えるため。"),
    "地図の閲覧数": ("metric", {"metric": "public_gis_views_year"}, "公開地図が開かれた回数を数えるため。"),
    "注射率": ("metric", {"metric": "dog_vaccination_rate"}, "犬の登録の台帳から数えるため。"),
    "避難所等の設置箇所": ("metric", {"metric": "wifi_sites_shelter"}, "公衆無線LANの台帳から数えるため。"),
    "観光の場所の設置箇所": ("metric", {"metric": "wifi_sites_tourism"}, "公衆無線LANの台帳から数えるため。"),
    "設置箇所の合計": ("metric", {"metric": "wifi_sites"}, "公衆無線LANの台帳から数えるため。"),
}
#: What reads figures from elsewhere: indicator → key of the series.
BROUGHT: Final[Mapping[str, str]] = {
    "住民票のコンビニ交付率": "コンビニ交付_住民票",
    "印鑑登録証明書のコンビニ交付率": "コンビニ交付_印鑑",
    "決済件数に占めるキャッシュレスの割合": "窓口_キャッシュレス",
    "法人市民税の電子申告率": "eLTAX_法人市民税",
    "償却資産の電子申告率": "eLTAX_償却資産",
    "登録者数": "LINE_登録者",
    "研修の受講率": series.TRAINING,
}


def history(steps: Steps) -> None:
    """Load what was counted before, let the offices bring what is measured elsewhere, and count the past as far as rows tell of it."""
    for name in sorted(one.name for one in (resources("yakuba.demo") / "data" / "earlier").iterdir()):
        _load(steps, name)
    loaded = {
        one.name.removesuffix(".csv") for one in (resources("yakuba.demo") / "data" / "earlier").iterdir()
    }
    for one in metrics():
        if one.key not in loaded | KNOWN_BEFORE:
            ctx = steps.staff(f"measures:since:{one.key}", "itsuki", at=_LOADED)
            settle_metric(ctx, None, SettleMetric(metric=one.key, public=one.public, since=SINCE))
    series.load(steps)
    measure(steps)


def measure(steps: Steps) -> None:
    """Count the history up to today: years of everything, months of what the plan reads."""
    read = [str(said["metric"]) for source, said, _why in MEASURED.values() if source == "metric"]
    for period in _periods(japan_date(clock.now())):
        keys = read if period.kind == "month" else None
        store.measure(period, keys, frozenset({steps.ref.id}), again=False)


def bind(steps: Steps, edition: Edition, at: dt.datetime, *, brought: bool) -> None:
    """Say which figures of an edition are measured, as the secretariat does on one page. ``brought``: those from elsewhere, too."""
    ctx = steps.staff(f"measures:bind:{edition.year.year}", "itsuki", at=at)
    elsewhere = {
        name: ("series", {"series": key}, "担当課が届ける数値と同じため。") for name, key in BROUGHT.items()
    }
    wanted = {**MEASURED, **(elsewhere if brought else {})}
    rows: list[BindRow] = [
        {
            "initiative": str(row.pk),
            "position": place,
            "name": indicator["name"],
            "seen": "",
            "source": wanted[indicator["name"]][0],
            "said": wanted[indicator["name"]][1],
            "reason": wanted[indicator["name"]][2],
            "definition": "",
            "grounds": [],
            "sha256": "",
            "file": "",
        }
        for row, form in plan.forms(plan.initiatives(ctx, edition))
        for place, indicator in enumerate(form["indicators"])
        if indicator["name"] in wanted
    ]
    bind_indicators(ctx, edition, BindIndicators(rows))


def release(steps: Steps) -> None:
    """What the public may see of all of it."""
    store.release(steps.ctx("measures:release"))


def _load(steps: Steps, name: str) -> None:
    metric = store.demand_metric(name.removesuffix(".csv"))
    ctx = steps.staff(f"measures:load:{metric.key}", "itsuki", at=_LOADED)
    content = (resources("yakuba.demo") / "data" / "earlier" / name).read_bytes()
    found = loading.read(
        metric, read_sheet(io.BytesIO(content)), loading.part_names(ctx, metric), japan_date(clock.now())
    )
    rows = [sent(one) for one in found.rows]
    said = LoadEarlier(
        metric=metric.key, rows=rows, reason=_REASON, since=SINCE, sha256=files.put(content), file_name=name
    )
    load_earlier(ctx, None, said)


def _periods(today: dt.date) -> Iterator[Period]:
    day = FIRST
    while day <= today:
        yield Period.month(day)
        day = Period.month(day).last + dt.timedelta(days=1)
    for year in range(FIRST.year - 1, FiscalYear.of(today).year + 1):
        yield Period.year(FiscalYear(year))
    yield Period.as_of(dt.date(2026, 3, 1))
