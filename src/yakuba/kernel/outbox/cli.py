"""``yakuba worker`` and ``yakuba outbox``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from types import FrameType
from uuid import UUID

from django.conf import settings

from yakuba.kernel.access import prepare
from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.outbox import actions, store
from yakuba.kernel.outbox.models import STATES, OutboxMessage
from yakuba.kernel.outbox.worker import AlreadyWorking, Worker, seal_if_no_worker, zones_of

_STUCK = ("dead", "unconfirmed")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    worker = commands.add_parser("worker", help="送り出し・定期処理・証跡の封印をする")
    worker.add_argument("--once", action="store_true", help="今ある仕事を終えたら止まる")
    worker.set_defaults(run=_work)
    outbox = commands.add_parser("outbox", help="送り出しの状態を見る・やり直す")
    verbs = outbox.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="送り出しを新しい順に出す")
    listing.add_argument("--state", choices=[code for code, _label in STATES], help="既定は失敗と未確認")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="件数（既定 50）")
    listing.add_argument("--json", action="store_true", help="1行に1件のJSONで出す")
    listing.set_defaults(run=_list)
    for verb, help_, run in (
        ("retry", "もう一度行う", _retry),
        ("cancel", "取り消す", _cancel),
        ("confirm", "届いたと記録する（未確認のもの）", _confirm),
    ):
        one = verbs.add_parser(verb, help=help_)
        one.add_argument("id", metavar="ID")
        one.add_argument("--reason", default="", help="理由（証跡に残る）")
        one.set_defaults(run=run)


def _work(args: argparse.Namespace) -> int:
    prepare.database()
    worker = Worker(zones_of(settings.FACE))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.run(once=args.once)
    except AlreadyWorking:
        print("ほかのワーカーが動いています（組み込みのデータベースでは1つだけです）。", file=sys.stderr)
        return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _list(args: argparse.Namespace) -> int:
    prepare.database()
    states = [args.state] if args.state else _STUCK
    rows = OutboxMessage.unscoped.filter(state__in=states).select_related("municipality").order_by("-pk")
    for row in rows[: max(1, args.limit)]:
        facts = {
            "id": str(row.pk),
            "municipality": row.municipality.code if row.municipality else None,
            "state": row.state,
            "handler": row.handler,
            "attempts": row.attempts,
            "not_before": row.not_before.isoformat(),
            "last_error": row.last_error,
        }
        if args.json:
            print(json.dumps(facts, ensure_ascii=False))
        else:
            print(
                "\t".join("" if value is None else str(value).replace("\n", " ") for value in facts.values())
            )
    return 0


def _find(args: argparse.Namespace) -> OutboxMessage:
    prepare.database()
    try:
        identifier = UUID(args.id)
    except ValueError:
        raise Problem("id", f"「{args.id}」はIDではありません。", found=args.id, expected="UUID") from None
    found = OutboxMessage.unscoped.filter(pk=identifier).select_related("municipality").first()
    if found is None:
        raise Missing
    return found


def _retry(args: argparse.Namespace) -> int:
    message = _find(args)
    if message.municipality is None:
        # Work of the whole installation stands in no municipality's trail; its next run is due soon in any case.
        if message.state not in _STUCK:
            raise Problem("state", "失敗か未確認の処理だけを扱えます。", found=message.state)
        store.requeue(message)
        return 0
    actions.retry(_ctx(message), message, actions.Because(args.reason))
    seal_if_no_worker()
    return 0


def _cancel(args: argparse.Namespace) -> int:
    message = _find(args)
    actions.cancel(_ctx(message), message, actions.Because(args.reason))
    seal_if_no_worker()
    return 0


def _confirm(args: argparse.Namespace) -> int:
    message = _find(args)
    actions.confirm(_ctx(message), message, actions.Because(args.reason))
    seal_if_no_worker()
    return 0


def _ctx(message: OutboxMessage) -> Context:
    town = message.municipality
    if town is None:
        raise Problem("whole", "全体の定期処理は、やり直すことだけができます。")
    return prepare.municipality(town.code)
