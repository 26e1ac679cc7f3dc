"""`yakuba plan answers`: an answer sheet on the command line."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Problem, ports
from yakuba.kernel.dates import FiscalYear, InvalidFiscalYearError
from yakuba.kernel.sheets import csv_out, xlsx
from yakuba.services.plan.book.command import chosen
from yakuba.services.plan.models import OUTSIDE_SYSTEMS
from yakuba.services.plan.outside import answers
from yakuba.services.plan.outside.tables import answer_table


def register(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    made = verbs.add_parser("answers", help="ほかの計画・調査への回答シート（Excel・CSV）を作る")
    made.add_argument("--municipality", required=True, metavar="CODE")
    made.add_argument("--edition", metavar="LABEL", help="版の名前か年度（省略時：いちばん新しい版）")
    surveys = "・".join(f"{key}（{label}）" for key, label in OUTSIDE_SYSTEMS)
    made.add_argument("--survey", required=True, metavar="NAME", help=f"計画・調査：{surveys}")
    made.add_argument("--year", required=True, metavar="YEAR", help="年度（令和7年度、R7、2025）")
    made.add_argument(
        "--status",
        choices=["見込", "確定"],
        default="見込",
        help="見込：どの確度の値も入れる／確定：確定値だけ",
    )
    made.add_argument(
        "--output", type=Path, metavar="FILE", help="書き出し先の .xlsx か .csv（省略時：CSVを標準出力）"
    )
    made.set_defaults(run=_answers)


def _answers(args: argparse.Namespace) -> int:
    ending = args.output.suffix.lower() if args.output else ".csv"
    if ending not in (".xlsx", ".csv"):
        raise Problem(
            "output", "書き出し先は .xlsx か .csv にしてください。", field="output", found=str(args.output)
        )
    survey = next((key for key, label in OUTSIDE_SYSTEMS if args.survey in (key, label)), None)
    if survey is None:
        names = "・".join(label for _key, label in OUTSIDE_SYSTEMS)
        raise Problem(
            "survey", f"計画・調査は、{names}のどれかにしてください。", field="survey", found=args.survey
        )
    try:
        year = FiscalYear.parse(args.year)
    except InvalidFiscalYearError as exc:
        raise Problem("year", str(exc), field="year", found=args.year) from exc
    prepare.database()
    ctx = prepare.municipality(args.municipality, make=False)
    edition = chosen(ctx, args.edition)
    # A draft is not public: who took figures out of it stands in the trail before they are written.
    ports.trail().read(ctx, "plan.answers", "plan_edition", [edition.pk])
    phase: answers.Phase = "final" if args.status == "確定" else "provisional"
    table, lines = answer_table(ctx, edition, survey, year, phase)
    made = io.BytesIO()
    if ending == ".xlsx":
        xlsx.write(table, made)
    else:
        made.writelines(csv_out.lines(table))
    if args.output:
        args.output.write_bytes(made.getvalue())
    else:
        sys.stdout.buffer.write(made.getvalue())
    empty = sum(line.open for line in lines)
    print(
        f"「{edition}」から{dict(OUTSIDE_SYSTEMS)[survey]}の回答（{len(lines):,}行、まだ値がない行{empty:,}）を作りました。",
        file=sys.stderr,
    )
    return 0
