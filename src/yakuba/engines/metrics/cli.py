"""``yakuba metrics measure|list|show|load|correct|definitions`` and ``yakuba bench metrics``."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from yakuba.engines.metrics import definitions, loading, measuring, queries, rules, store
from yakuba.engines.metrics.actions.correcting import CorrectFigure, correct_figure
from yakuba.engines.metrics.actions.loading import LoadEarlier, load_earlier, sent
from yakuba.engines.metrics.bench import command as bench
from yakuba.engines.metrics.declaring import METRICS, Metric, metrics
from yakuba.engines.metrics.periods import Kind, Period
from yakuba.engines.metrics.series.spelled import Unread
from yakuba.engines.metrics.sources import Figure
from yakuba.engines.metrics.wording import aggregation_name, kind_name, period_name, status_name
from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.dates import FiscalYear, clock, parse_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.fields.kinds import plain_decimal
from yakuba.kernel.files import store as files
from yakuba.kernel.sheets.reading import read

Commands = argparse._SubParsersAction  # noqa: SLF001 – argparse names the type of add_subparsers() only privately
_ALL: Final[Sequence[Kind]] = ("day", "month", "year", "as_of")
_EPOCH: Final = dt.date(1900, 4, 1)


def register(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    bench.register(commands)
    whole = commands.add_parser("metrics", help="計測値")
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="VERB")

    measure = verbs.add_parser("measure", help="計測する（省略時：きのうの夜の分をすべて）")
    measure.add_argument("--municipality", metavar="CODE", help="この自治体だけ（省略時：すべて）")
    measure.add_argument("--metric", action="append", metavar="KEY", help="この計測値だけ（繰り返せる）")
    measure.add_argument(
        "--period",
        action="append",
        metavar="PERIOD",
        help="この期間（令和7年度、令和7年10月、基準日 R080301。繰り返せる）",
    )
    measure.add_argument("--kind", choices=_ALL, help="--from と --to の間の期間の種類")
    measure.add_argument("--from", dest="first", metavar="DAY", help="この日のある期間から")
    measure.add_argument("--to", dest="last", metavar="DAY", help="この日のある期間まで（省略時：今日）")
    measure.add_argument("--json", action="store_true", help="JSON で出す")
    measure.set_defaults(run=_measure)

    listed = verbs.add_parser("list", help="計測値の一覧を出す")
    listed.add_argument("--municipality", metavar="CODE", help="この自治体の今年度の値も出す")
    listed.add_argument("--json", action="store_true", help="JSON で出す")
    listed.set_defaults(run=_list)

    show = verbs.add_parser("show", help="計測値の値を出す")
    show.add_argument("metric", metavar="KEY")
    show.add_argument("--municipality", required=True, metavar="CODE")
    show.add_argument("--kind", choices=_ALL, default="year", help="期間の種類（省略時：year）")
    show.add_argument("--json", action="store_true", help="JSON で出す")
    show.set_defaults(run=_show)

    load = verbs.add_parser("load", help="以前のシステムの値（XLSX・CSV）を取り込む")
    load.add_argument("metric", metavar="KEY")
    load.add_argument("file", type=Path)
    load.add_argument("--municipality", required=True, metavar="CODE")
    load.add_argument("--reason", default="", help="20％を超えて違うときの理由")
    load.add_argument("--since", metavar="DAY", help="このシステムの値を使い始める日")
    load.add_argument("--dry-run", action="store_true", help="確かめるだけで、何も変えない")
    load.set_defaults(run=_load)

    correct = verbs.add_parser("correct", help="値を訂正する")
    correct.add_argument("metric", metavar="KEY")
    correct.add_argument("--municipality", required=True, metavar="CODE")
    correct.add_argument("--period", required=True, metavar="PERIOD")
    correct.add_argument("--number", metavar="N", help="正しい値")
    correct.add_argument("--numerator", metavar="N", help="分子")
    correct.add_argument("--denominator", metavar="N", help="分母")
    correct.add_argument("--reason", required=True, help="理由（公開されます）")
    correct.set_defaults(run=_correct)

    told = verbs.add_parser("definitions", help="数え方の要約値を出す")
    told.add_argument(
        "--write", type=Path, metavar="FILE", help="このファイルに新しい版を書き加える（ある版は変えない）"
    )
    told.add_argument(
        "--accept", action="append", default=[], metavar="KEY", help="まだ出していない版の数え方を書き直す"
    )
    told.set_defaults(run=_definitions)


# --- measuring ----------------------------------------------------------------------------------------------------------
def _measure(args: argparse.Namespace) -> int:
    prepare.database()
    where = None
    if args.municipality:
        prepare.check_code(args.municipality)
        where = frozenset({prepare.municipality(args.municipality, make=False).municipality.id})
    for key in args.metric or ():
        store.demand_metric(key)
    if not (args.period or args.first or args.metric or where):
        yesterday = clock.today() - dt.timedelta(days=1)
        written, asked = measuring.night(yesterday), len(measuring.periods(yesterday))
    else:
        periods = _periods(args)
        written, asked = sum(store.measure(one, args.metric, where) for one in periods), len(periods)
        measuring.release_all(where)
    if args.json:
        print(json.dumps({"periods": asked, "figures": written}))
    print(f"{asked}の期間について、{written:,}件の値を計測しました。", file=sys.stderr)
    return 0


def _periods(args: argparse.Namespace) -> list[Period]:
    today = clock.today()
    if args.first:
        kind: Kind = args.kind or "month"
        last = _day(args.last) if args.last else today
        if kind == "as_of":
            raise Problem("kind", "基準日は --period で1つずつ指定してください。", field="kind")
        return list(rules.between(kind, _day(args.first), min(last, today)))
    if args.period:
        kinds = (args.kind,) if args.kind else ("as_of", "month", "year")
        return [_period(text, kinds) for text in args.period]
    return [*rules.nightly(today), Period.as_of(today)]


def _period(text: str, kinds: Sequence[str]) -> Period:
    try:
        return loading.named(text, kinds)
    except Unread as unread:
        raise Problem(
            "period",
            f"「{text[:40]}」は使えません。{unread.expected}にしてください。",
            field="period",
            found=text[:40],
        ) from None


def _day(text: str) -> dt.date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise Problem("day", str(error), found=text[:40]) from None


# --- showing ------------------------------------------------------------------------------------------------------------
def _here(args: argparse.Namespace) -> Context:
    prepare.check_code(args.municipality)
    prepare.database()
    return prepare.municipality(args.municipality, make=False)


def _list(args: argparse.Namespace) -> int:
    year = Period.year(FiscalYear.of(clock.today()))
    figures: dict[str, dict[Period, Figure]] = {}
    if args.municipality:
        figures = queries.figures_of(_here(args), list(METRICS), [year])
    rows: list[dict[str, JsonValue]] = [
        {
            "key": one.key,
            "label": str(one.label),
            "unit": one.unit,
            "aggregation": one.aggregation,
            "every": list(one.every),
            "version": one.version,
            "public": one.public,
            "least": one.least,
            "room": one.room,
            "definition": str(one.definition),
            **({"figure": _text(_of(figures, one, year))} if args.municipality else {}),
        }
        for one in metrics()
    ]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for one in metrics():
        shown = [_text(_of(figures, one, year)) or ""] if args.municipality else []
        print(
            one.key,
            one.label,
            one.unit,
            aggregation_name(one.aggregation),
            f"v{one.version}",
            *shown,
            sep="\t",
        )
    return 0


def _of(figures: dict[str, dict[Period, Figure]], one: Metric, year: Period) -> Decimal | None:
    found = figures.get(one.key, {}).get(year)
    return found.number if found else None


def _show(args: argparse.Namespace) -> int:
    ctx, one = _here(args), store.demand_metric(args.metric)
    found = queries.history(ctx, one.key, args.kind, _EPOCH, dt.date.max)
    if args.json:
        print(json.dumps([_as_json(figure) for figure in found], ensure_ascii=False, indent=1))
        return 0
    out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    out.writerow(["期間", one.unit or "値", "分子", "分母", "確度", "定義の版", "訂正の回数", "理由"])
    for figure in found:
        out.writerow(
            [
                period_name(figure.period), *(_text(each) or "" for each in _numbers(figure)),
                status_name(figure.status), figure.version, figure.revision, figure.note.replace("\n", " "),
            ]
        )  # fmt: skip
    if not found:
        print(f"「{one.label}」の{kind_name(args.kind)}の値は、まだありません。", file=sys.stderr)
    return 0


def _as_json(figure: Figure) -> dict[str, JsonValue]:
    number, numerator, denominator = (_text(one) for one in _numbers(figure))
    return {
        "kind": figure.period.kind,
        "first": figure.period.first.isoformat(),
        "last": figure.period.last.isoformat(),
        "number": number,
        "numerator": numerator,
        "denominator": denominator,
        "parts": {key: plain_decimal(one) for key, one in figure.parts.items()},
        "status": figure.status,
        "version": figure.version,
        "revision": figure.revision,
        "note": figure.note,
    }


def _numbers(figure: Figure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return figure.number, figure.numerator, figure.denominator


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain_decimal(number)


# --- bringing -----------------------------------------------------------------------------------------------------------
def _load(args: argparse.Namespace) -> int:
    ctx, one = _here(args), store.demand_metric(args.metric)
    try:
        with args.file.open("rb") as file:
            cells = read(file)
    except OSError as error:
        raise Problem("no_file", f"{args.file} を読めません（{error.strerror}）。", field="file") from error
    found = loading.read(one, cells, loading.part_names(ctx, one), clock.today())
    for fault in found.faults:
        print(f"  {fault.address}：{fault.message}", file=sys.stderr)
    if found.faults:
        print("取り込みませんでした。上のセルを直してください。", file=sys.stderr)
        return 1
    since = _day(args.since) if args.since else None
    broken = loading.break_between(ctx, one, found.rows, since)
    if broken is not None:
        print(loading.told(broken, one.unit), file=sys.stderr)
    if args.dry_run:
        if broken is not None and broken.asks_for_reason and not args.reason:
            print("取り込むときは、--reason で理由を書いてください。", file=sys.stderr)
        print(f"{len(found.rows)}行を取り込めます。", file=sys.stderr)
        return 0
    data = LoadEarlier(
        metric=one.key,
        rows=[sent(row) for row in found.rows],
        reason=args.reason,
        since=since,
        sha256=files.put(args.file.read_bytes()),
        file_name=args.file.name[:200],
    )
    load_earlier(ctx, None, data)
    print(f"「{one.label}」に{len(found.rows)}行を取り込みました。", file=sys.stderr)
    return 0


def _correct(args: argparse.Namespace) -> int:
    ctx, one = _here(args), store.demand_metric(args.metric)
    period = _period(args.period, one.every)
    stands = queries.figures(ctx, one.key, [period]).get(period)
    made = correct_figure(
        ctx,
        None,
        CorrectFigure(
            metric=one.key,
            kind=period.kind,
            day=period.last,
            number=_decimal(args.number, "number"),
            numerator=_decimal(args.numerator, "numerator"),
            denominator=_decimal(args.denominator, "denominator"),
            reason=args.reason,
            seen=0 if stands is None else stands.revision,
        ),
    )
    print(f"{period_name(period)}の値を{_text(made.number)}{one.unit}に訂正しました。", file=sys.stderr)
    return 0


def _decimal(text: str | None, field: str) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Problem(field, f"「{text[:40]}」は数ではありません。", field=field, found=text[:40]) from None


# --- definitions --------------------------------------------------------------------------------------------------------
def _definitions(args: argparse.Namespace) -> int:
    if args.write is None:
        print(definitions.written(definitions.today()), end="")
        return 0
    known = json.loads(args.write.read_text("utf-8")) if args.write.exists() else {}
    for key in args.accept:
        known.get(key, {}).pop(str(store.demand_metric(key).version), None)
    wrong = definitions.changed(known)
    for key in wrong:
        print(
            f"「{key}」の数え方が、版を変えずに変わっています。version を上げ、earlier に前の数え方を書いてください。",
            file=sys.stderr,
        )
    if wrong:
        return 1
    fresh = definitions.added(known)
    args.write.write_text(definitions.written(definitions.merged(known)), "utf-8")
    print(f"{len(fresh)}件を書き加えました。", file=sys.stderr)
    return 0
