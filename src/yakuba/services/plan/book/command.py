"""`yakuba plan book`: an edition as a book, on the command line."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Problem, ports
from yakuba.services.plan import queries
from yakuba.services.plan.book import choosing, making
from yakuba.services.plan.book.templates import SHIPPED, STANDARD
from yakuba.services.plan.models import Edition


def register(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    book = verbs.add_parser("book", help="計画を冊子（PDF・Word・Excel）にする")
    book.add_argument("--municipality", required=True, metavar="CODE")
    book.add_argument("--edition", metavar="LABEL", help="版の名前か年度（省略時：いちばん新しい版）")
    book.add_argument("--format", choices=making.FORMATS, default="pdf")
    names = "・".join(f"{one.key}（{one.name}）" for one in SHIPPED.values())
    book.add_argument(
        "--template",
        default=STANDARD,
        metavar="NAME",
        help=f"ひな形か、登録したExcelの様式の名前。はじめからあるもの：{names}",
    )
    book.add_argument("--large", action="store_true", help="大きな文字で作る")
    book.add_argument("--draft", action="store_true", help="公表中の内容ではなく、下書きから作る")
    book.add_argument("--output", type=Path, required=True, metavar="FILE", help="書き出し先")
    book.set_defaults(run=_book)


def _book(args: argparse.Namespace) -> int:
    prepare.database()
    ctx = prepare.municipality(args.municipality, make=False)
    edition = chosen(ctx, args.edition)
    one = choosing.chosen(ctx, args.template)
    form = choosing.check_format(one, args.format)
    begun = time.perf_counter()
    found = making.ground(ctx, edition, draft=args.draft)
    if found.source.draft:
        # Drafts are not public: who took one out stands in the trail before it is written.
        ports.trail().read(ctx, "plan.book", "plan_edition", [edition.pk])
    data = choosing.make(found, one, form, large=args.large)
    args.output.write_bytes(data)
    told = "下書きから、" if found.source.draft else ""
    count = len(found.source.this.forms)
    seconds = time.perf_counter() - begun
    print(
        f"{told}「{edition}」の冊子（取組{count:,}件、{len(data):,}バイト）を{args.output}に書きました（{seconds:.1f}秒）。",
        file=sys.stderr,
    )
    if one.template is not None:
        for line in making.left_out(found, one.template):
            print(f"  載せなかったもの：{line}", file=sys.stderr)
    return 0


def chosen(ctx: Context, wanted: str | None) -> Edition:
    """The edition of a label or a year; the newest where nothing is wanted. Raises :class:`Problem`."""
    found = list(queries.editions(ctx))
    if wanted:
        found = [e for e in found if wanted in (e.label, e.year.wareki, e.year.short, str(e.year.year))]
    if not found:
        raise Problem(
            "no_edition",
            f"「{wanted}」という版はありません。"
            if wanted
            else "計画がありません。先に計画書を取り込んでください。",
            field="edition",
            found=wanted or "",
        )
    newest = [one for one in found if one.year == found[0].year]
    if len(newest) > 1:
        names = "、".join(str(one) for one in newest)
        raise Problem(
            "which_edition", f"同じ年度の版が{len(newest)}つあります。--edition で選んでください：{names}"
        )
    return newest[0]
