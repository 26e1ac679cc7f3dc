"""``yakuba bench metrics``: lay municipalities and events in a home of its own, measure a day, a night, and what the public reads."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils.module_loading import autodiscover_modules

from yakuba.engines.metrics import measuring, store
from yakuba.engines.metrics.bench.grounds import GROUNDS, Place
from yakuba.engines.metrics.declaring import Metric, Scope, metrics
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.rules import nightly
from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.dates.clock import JAPAN
from yakuba.kernel.plugins import statistics
from yakuba.kernel.town.actions import OpenOffice, open_office
from yakuba.kernel.town.queries import all_municipalities

Commands = Any  # Any: argparse names the type of add_subparsers() only privately
BAR: Final = 60.0
"""Seconds that a day's figures of a thousand municipalities with a million events may take on two cores."""
TODAY: Final = dt.date(2026, 11, 22)
_SINCE: Final = dt.date(2020, 4, 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How many municipalities and events there are; ``few`` are those with which statements are counted first."""

    few: int
    municipalities: int
    events: int


SCALES: Final = {
    "full": Scale(10, 1_000, 1_000_000),
    # For trying the command: nothing is large enough to be slow.
    "small": Scale(2, 6, 240),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was measured: seconds, figures kept, statements (of ``statements_few`` with few municipalities)."""

    name: str
    database: str
    municipalities: int
    events: int
    seconds: float
    figures: int
    statements: int
    statements_few: int
    bar: float | None
    holds: bool

    def as_json(self) -> dict[str, object]:
        """The case as one object of the report."""
        return asdict(self)


def register(commands: Commands) -> None:
    """Add ``bench metrics`` beside the benches of other rooms."""
    parser = commands.choices.get("bench") or commands.add_parser("bench", help="速さを測る")
    if parser.get_default("benches") is None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="WHAT")
        parser.set_defaults(benches=verbs)
    bench = parser.get_default("benches").add_parser(
        "metrics", help="1,000自治体・100万件のできごとを作り、1日分の計測の速さを測る"
    )
    bench.add_argument("--json", action="store_true", help="結果を JSON で出す")
    bench.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="空の PostgreSQL データベース（省略時：SQLite）。終わっても消しません",
    )
    bench.add_argument("--scale", choices=sorted(SCALES), default="full", help="大きさ（省略時：full）")
    bench.add_argument("--each", action="store_true", help="計測値ごとの時間も出す")
    bench.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    bench.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    return _measure(args) if args.here else _elsewhere(args)


def _elsewhere(args: argparse.Namespace) -> int:
    """Run in a process whose home and database are the bench's own; the operator's are not touched."""
    folder = Path(settings.HOME) / "bench"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(dir=folder))
    given = {key: value for key, value in os.environ.items() if not key.startswith("YAKUBA_")}
    here = {"YAKUBA_HOME": str(own), "YAKUBA_DATABASE_URL": args.database, "YAKUBA_FACE": "all"}
    command = ["bench", "metrics", "--here", "--scale", args.scale]
    command += [option for option, asked in (("--json", args.json), ("--each", args.each)) if asked]
    try:
        # S603: this program again, with options that argparse has read.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "yakuba.cli", *command], env={**given, **here}, check=False
        )
    finally:
        shutil.rmtree(own, ignore_errors=True)
    return done.returncode


def _measure(args: argparse.Namespace) -> int:
    prepare.database()
    if all_municipalities():
        raise Problem("not_empty", "ベンチには空のデータベースを使ってください。")
    found = []
    for case in measured(SCALES[args.scale], _progress, each=args.each):
        found.append(case)
        if not args.json:
            _tell(case)
    if args.json:
        print(json.dumps({"cases": [case.as_json() for case in found]}, ensure_ascii=False, indent=1))
    return 0 if all(case.holds for case in found) else 1


def measured(
    scale: Scale, progress: Callable[[str], None] = lambda _what: None, *, each: bool = False
) -> Iterator[Case]:
    """Every case, in the database of this process, which is empty."""
    autodiscover_modules("metrics_bench")
    with clock.frozen(dt.datetime.combine(TODAY, dt.time(1, 30), JAPAN)):
        yesterday = TODAY - dt.timedelta(days=1)
        per_place = scale.events // scale.municipalities
        progress(f"{scale.few}自治体")
        few = _lay(range(scale.few), per_place)
        counted_few = _Counts(yesterday)
        progress(f"{scale.municipalities:,}自治体、{scale.events:,}件")
        rest = _lay(range(scale.few, scale.municipalities), per_place)
        statistics.settle()
        counted = _Counts(yesterday)
        events, towns = few + rest, scale.municipalities

        def case(
            name: str, seconds: float, figures: int, asked: int, asked_few: int, bar: float | None
        ) -> Case:
            holds = asked == asked_few and (bar is None or seconds < bar)
            return Case(
                name,
                connection.vendor,
                towns,
                events,
                round(seconds, 2),
                figures,
                asked,
                asked_few,
                bar,
                holds,
            )

        if each:
            for (key, kind), (took, many) in counted.found.items():
                yield case(f"{key}/{kind}", took, towns, many, counted_few.found[key, kind][1], None)
        asked, asked_few = counted.statements, counted_few.statements
        day = Period.day(yesterday)
        seconds, figures = _timed(lambda: store.measure(day))
        yield case("day", seconds, figures, asked["day"], asked_few["day"], BAR)
        for period in (Period.month(yesterday), Period.year(day.fiscal_year)):
            seconds, figures = _timed(partial(store.measure, period))
            yield case(period.kind, seconds, figures, asked[period.kind], asked_few[period.kind], None)
        seconds, figures = _timed(lambda: sum(store.measure(one, again=False) for one in nightly(yesterday)))
        whole, whole_few = (sum(of[one.kind] for one in nightly(yesterday)) for of in (asked, asked_few))
        yield case("night", seconds, figures, whole, whole_few, None)
        seconds, _none = _timed(measuring.release_all)
        yield case("release", seconds, towns, 0, 0, None)
        seconds, _none = _timed(
            lambda: measuring.release_all(since=Period.year(Period.day(yesterday).fiscal_year).first)
        )
        yield case("release-again", seconds, towns, 0, 0, None)


class _Counts:
    """Each metric's own statements and seconds, for all municipalities together, by metric and kind of period."""

    def __init__(self, yesterday: dt.date) -> None:
        self.found: dict[tuple[str, str], tuple[float, int]] = {}
        self.statements = dict.fromkeys(("day", "month", "year"), 0)
        for one in metrics():
            for period in _periods(one, yesterday):
                asked = _Counter()
                begun = time.perf_counter()
                with connection.execute_wrapper(asked):
                    list(one.measure(Scope(period)))
                self.found[one.key, period.kind] = (time.perf_counter() - begun, asked.count)
                self.statements[period.kind] += asked.count


def _periods(one: Metric, yesterday: dt.date) -> Sequence[Period]:
    asked = (Period.day(yesterday), Period.month(yesterday), Period.year(Period.day(yesterday).fiscal_year))
    return [period for period in asked if period.kind in one.every]


class _Counter:
    """How many statements the database was asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self,
        execute: Callable[[str, Any, bool, dict[str, Any]], Any],  # Any: Django's own wrapper
        sql: str,
        params: Any,  # Any: as above
        many: bool,
        context: dict[str, Any],  # Any: as above
    ) -> Any:  # Any: as above
        """Count and go on."""
        self.count += 1
        return execute(sql, params, many, context)


def _lay(numbers: range, per_place: int) -> int:
    """So many municipalities more, each with an office and its events; return how many rows the rooms wrote."""
    places = []
    for number in numbers:
        ctx = prepare.municipality(_code(number), name=f"見本{number:04d}町")
        office = open_office(ctx, None, OpenOffice("mayor", "見本課", "own-1", _SINCE))
        places.append(Place(number, ctx.municipality.id, office.pk, TODAY))
    return sum(lay(places, per_place * len(places)) for lay in GROUNDS.values())


def _code(number: int) -> str:
    """A municipality code of nobody: 47 is the last prefecture. Its last digit checks the others (全国地方公共団体コード)."""
    five = f"{50_000 + number:05d}"
    rest = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return five + str((11 - rest % 11) % 10)


def _timed(what: Callable[[], Any]) -> tuple[float, int]:  # Any: a count, where there is one
    begun = time.perf_counter()
    found = what()
    return time.perf_counter() - begun, found or 0


def _progress(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


def _tell(case: Case) -> None:
    limit = "" if case.bar is None else f"{case.bar:g}"
    mark = "ok" if case.holds else "NG"
    print(
        f"{case.name:<36}{case.database:<12}{case.seconds:>8} s {limit:>4} {mark:<3}{case.figures:>10}"
        f" statements {case.statements} / {case.statements_few}",
        flush=True,
    )
