"""Reports of the register: the vaccination rate, who is to be reminded, what happened in a year, dogs by neighbourhood."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.ledger.declaration import Report
from yakuba.engines.ledger.models import Book
from yakuba.engines.ledger.reports import figures, share, shares, words
from yakuba.engines.ledger.small_cells import shown
from yakuba.kernel.actions import Context
from yakuba.kernel.dates import FiscalYear
from yakuba.kernel.dates.wareki import format_date
from yakuba.kernel.fields import JsonValue
from yakuba.packs.dog_registry import queries
from yakuba.packs.dog_registry.kinds import last_day
from yakuba.packs.dog_registry.rules import register_by, vaccinate_in


def _rate(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """分子は年度内に注射を受けて基準日に登録のある犬、分母は基準日に登録のある犬。"""
    found = queries.standing(ctx, book, day)
    yield {
        "year": str(found.year),
        "vaccinated": len(found.vaccinated),
        "dogs": len(found.dogs),
        "rate": share(len(found.vaccinated), len(found.dogs)),
        "excused": len(found.excused),
        "open": len(found.open),
        "tags": found.tags,
    }


def _unvaccinated(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """Dogs whose day of the year has passed without a vaccination or an excuse."""
    found = queries.standing(ctx, book, day)
    numbers, before = queries.numbers(ctx, book), queries.last_before(ctx, book, found.year)
    late = []
    for key in found.open:
        values = found.dogs[key]
        due = vaccinate_in(found.year, *_since(values))
        if due < day:
            number, order = numbers.get(key, ("", ""))
            late.append((order, number, key, due))
    for _order, number, key, due in sorted(late, key=lambda one: one[:2]):
        values = found.dogs[key]
        sent = dt.date.fromisoformat(str(values["reminded_on"])) if values.get("reminded_on") else None
        yield {
            "number": number,
            "name": values["name"],
            "town": values["town"],
            "last": str(before.get(key, "")),
            "due": format_date(due),
            "reminded": format_date(sent) if sent is not None and sent in found.year else "",
        }


def _year(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """What came and went in the year up to the day. The lines add up: begin + come - gone = end."""
    year = FiscalYear.of(day)
    before = queries.standing(ctx, book, year.start - dt.timedelta(days=1)).dogs
    now = queries.standing(ctx, book, day).dogs
    came, gone = set(now) - set(before), set(before) - set(now)
    moves = queries.moved(ctx, book, year)
    moved_in = {key for key in came if now[key].get("former_town")}
    late = [key for key in came - moved_in if _late(now[key], year)]
    yield {"what": _("年度当初の登録頭数"), "dogs": len(before)}
    yield {"what": _("新たな登録・再転入など"), "dogs": len(came - moved_in)}
    yield {"what": _("　うち期限を過ぎた登録"), "dogs": len(late)}
    yield {"what": _("転入"), "dogs": len(moved_in)}
    yield {"what": _("減った頭数"), "dogs": len(gone)}
    yield {"what": _("基準日の登録頭数"), "dogs": len(now)}
    for state, label in (
        ("dead", _("死亡の届出")),
        ("moved_out", _("転出の届出")),
        ("removed", _("職権消除")),
    ):
        yield {"what": label, "dogs": sum(many for (_from, to), many in moves.items() if to == state)}


def _late(values: Mapping[str, JsonValue], year: FiscalYear) -> bool:
    """Whether a dog was registered in the year, and later than the law has it."""
    registered = dt.date.fromisoformat(str(values["registered_on"]))
    return registered in year and registered > register_by(*_since(values))


def _since(values: Mapping[str, JsonValue]) -> tuple[dt.date, dt.date | None]:
    """When a dog was acquired, and the latest day on which it may have been born."""
    born = values.get("born")
    return dt.date.fromisoformat(str(values["acquired_on"])), last_day(str(born)) if born else None


def _towns(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """Dogs by neighbourhood as everybody may see them: small numbers, and those by which they could be found, are hidden."""
    counts = Counter(str(values["town"]) for values in queries.standing(ctx, book, day).dogs.values())
    found = shown(counts)
    for town in sorted(found.cells):
        yield {"town": town, "dogs": found.cells[town], "note": _hidden(found.cells[town])}
    yield {"town": _("計"), "dogs": found.total, "note": _hidden(found.total)}


def _venues(ctx: Context, book: Book, day: dt.date) -> Iterator[dict[str, object]]:
    """The vaccinations of the year by day and place, with the first and the last tag: what a day of 集合注射 came to, and all of them."""
    year, total = FiscalYear.of(day), 0
    for given in queries.by_venue(ctx, book, year, day):
        total += given.dogs
        yield {
            "day": format_date(given.day),
            "venue": given.venue or _("記載なし"),
            "dogs": given.dogs,
            "tags": given.first if given.first == given.last else f"{given.first}～{given.last}",
        }
    yield {"day": _("計"), "venue": "", "dogs": total, "tags": ""}


def _hidden(many: int | None) -> str:
    return _("秘匿") if many is None else ""


REPORTS = (
    Report(
        "rate",
        gettext_lazy("注射率"),
        (
            words("year", "年度"), figures("vaccinated", "注射済（基準日に登録のある犬）", "頭"),
            figures("dogs", "登録頭数", "頭"), shares("rate", "注射率"), figures("excused", "猶予", "頭"),
            figures("open", "注射・猶予とも記録なし", "頭"), figures("tags", "注射済票の交付数", "枚"),
        ),
        _rate,
        yearly=True,
    ),
    Report(
        "unvaccinated",
        gettext_lazy("期限を過ぎて注射の記録がない犬（督促の対象）"),
        (
            words("number", "登録番号"), words("name", "犬の名"), words("town", "町字"),
            words("last", "最後の年度"), words("due", "注射の期限"), words("reminded", "その年度の督促"),
        ),
        _unvaccinated,
        yearly=True,
    ),
    Report(
        "year",
        gettext_lazy("年度の増減"),
        (words("what", "区分"), figures("dogs", "頭数", "頭")),
        _year,
        yearly=True,
    ),
    Report(
        "venues",
        gettext_lazy("会場と日ごとの注射（集合注射）"),
        (
            words("day", "接種日"), words("venue", "会場・医院"), figures("dogs", "注射済", "頭"),
            words("tags", "注射済票番号"),
        ),
        _venues,
        yearly=True,
    ),
    Report(
        "towns",
        gettext_lazy("町字別の頭数（公表用）"),
        (words("town", "町字"), figures("dogs", "頭数", "頭"), words("note", "備考")),
        _towns,
        yearly=True,
    ),
)  # fmt: skip
