"""``yakuba bench plan``: generate a nation in a home of its own, ask its pages, tell what it took."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Problem
from yakuba.kernel.plugins import statistics
from yakuba.kernel.plugins.settling import settle
from yakuba.services.plan.bench import cases, filling, reading
from yakuba.services.plan.bench.measuring import Case
from yakuba.services.plan.bench.plans import Generator, municipalities

Commands = Any  # Any: argparse names the type of add_subparsers() only privately

INITIATIVES = 60
SEED = 1


def register(commands: Commands) -> None:
    """Add ``bench plan`` and ``bench reading``; other rooms may add benches of theirs beside it."""
    parser = commands.choices.get("bench") or commands.add_parser("bench", help="速さを測る")
    if parser.get_default("benches") is None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="WHAT")
        parser.set_defaults(benches=verbs)
    plan = parser.get_default("benches").add_parser(
        "plan", help="作りものの全国の計画を公表し、公開ページの速さを測る"
    )
    plan.add_argument("--cities", type=int, metavar="N", help="自治体の数（省略時：1,741）")
    plan.add_argument("--seed", type=int, default=SEED, help="同じ値なら同じ計画を作る")
    plan.add_argument("--json", action="store_true", help="結果を JSON で出す")
    # Read before the settings are (yakuba.cli); named here so that it may stand behind the command as well.
    plan.add_argument(
        "--home",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="データを置くフォルダー（省略時：測った後に消す）",
    )
    plan.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="空の PostgreSQL データベース（省略時：SQLite）。終わっても消しません",
    )
    # For trying the command itself: a report needs the 200.
    plan.add_argument("--requests", type=int, default=cases.REQUESTS, help=argparse.SUPPRESS)
    plan.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    plan.set_defaults(run=_run)
    reading.register(parser.get_default("benches"))


def _run(args: argparse.Namespace) -> int:
    return _measure(args) if args.here else _elsewhere(args)


def _elsewhere(args: argparse.Namespace) -> int:
    """Run in a process whose home and database are the bench's own; the operator's are not touched."""
    if args.home:
        return _child(args, Path(args.home).expanduser())
    folder = Path(settings.HOME) / "bench"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(dir=folder))
    try:
        return _child(args, own)
    finally:
        shutil.rmtree(own)


def _child(args: argparse.Namespace, home: Path) -> int:
    asked = ["--seed", str(args.seed), "--requests", str(args.requests)]
    asked += ["--cities", str(args.cities)] if args.cities else []
    asked += ["--json"] if args.json else []
    # S603: this program again, with options that argparse has read.
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "yakuba.cli", "--home", str(home), "bench", "plan", "--here", *asked],
        env={
            **os.environ,
            "YAKUBA_HOME": str(home),
            "YAKUBA_DATABASE_URL": args.database,
            "YAKUBA_FACE": "all",
        },
        check=False,
    )
    return done.returncode


def _measure(args: argparse.Namespace) -> int:
    towns = municipalities()
    if args.cities is not None:
        if not cases.COMPARED <= args.cities <= len(towns):
            raise Problem(
                "cities", f"--cities は{cases.COMPARED}から{len(towns):,}までです。", field="cities"
            )
        towns = towns[:: len(towns) // args.cities][: args.cities]
    prepare.database()
    filling.demand_empty()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    generator = Generator(args.seed, INITIATIVES)
    made = filling.fill(generator, towns, _progress)
    statistics.settle()
    print(f"{len(made):,}自治体の計画を公表しました（{time.monotonic() - begun:.0f}秒）。", file=sys.stderr)
    settle()
    found = list(cases.run(made, generator.vocabulary, args.seed, args.requests))
    print(f"全体で{time.monotonic() - begun:.0f}秒でした。", file=sys.stderr)
    _tell(found, as_json=args.json)
    return 0 if all(case.holds for case in found) else 1


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,}／{of:,}自治体", end="" if done < of else "\n", file=sys.stderr, flush=True)


def _tell(found: list[Case], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"cases": [case.as_json() for case in found]}, ensure_ascii=False, indent=1))
        return
    print(f"{'case':<20}{'database':<12}{'n':>5}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}{'bar':>7}  ")
    for case in found:
        mark = "ok" if case.holds else "NG"
        print(
            f"{case.name:<20}{case.database:<12}{case.n:>5}{case.p50_ms:>9}{case.p95_ms:>9}"
            f"{case.queries:>9}{case.bar:>7}  {mark}"
        )
