"""``yakuba delivery``: for the operator who sets a channel up."""

from __future__ import annotations

import argparse
import sys

from yakuba.engines.delivery.channels import CHANNELS, Letter, Refused
from yakuba.kernel.actions import Problem
from yakuba.kernel.ids import uuid7


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    delivery = commands.add_parser("delivery", help="メールなどの送信の設定を確かめる")
    verbs = delivery.add_subparsers(dest="verb", required=True, metavar="VERB")
    trial = verbs.add_parser("test", help="試しに1通送る（データベースには残らない）")
    trial.add_argument("address", metavar="ADDRESS", help="送り先のメールアドレス")
    trial.set_defaults(run=_trial)


def _trial(args: argparse.Namespace) -> int:
    """Send one mail now, without outbox and worker, and say what the server answered."""
    mail = CHANNELS.get("mail")
    wrong = mail.check_config()
    if wrong or not mail.configured():
        words = "、".join(wrong) or "YAKUBA_MAIL_URL と YAKUBA_MAIL_FROM を設定してください。"
        raise Problem("unconfigured", f"メールの送信が設定されていません。{words}")
    pk = uuid7()
    letter = Letter(
        pk,
        mail.message_id(pk),
        "役場",
        mail.checked_address(args.address),
        "送信の試し",
        "役場（Yakuba）からメールを送れるかどうかを確かめるためのメールです。返信はいりません。\n",
        "ja",
    )
    try:
        mail.deliver(letter)
    except Refused as refused:
        raise Problem("refused", f"送れませんでした。{refused}：{refused.detail}") from None
    except Exception as error:  # noqa: BLE001 – whatever happened on the way is what the operator wants to know
        raise Problem("unconfirmed", f"届いたかどうか分かりません。{error}") from None
    print("相手のサーバーが受け取りました。", file=sys.stderr)
    return 0
