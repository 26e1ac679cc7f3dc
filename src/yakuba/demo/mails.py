"""``yakuba demo mail``: what the demo sent, readable. Nothing of it left the machine."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_USUAL = 3
_HEADS = (("宛先", "To"), ("差出人", "From"), ("日時", "Date"), ("件名", "Subject"))


def register(demo: argparse._SubParsersAction[argparse.ArgumentParser], folder: Path) -> None:
    """Add the command."""
    mail = demo.add_parser(
        "mail", help="デモが送ったことになっているメールを、新しいものが下になるように出す"
    )
    mail.add_argument("--count", type=int, default=_USUAL, metavar="N", help=f"件数（既定 {_USUAL}）")
    mail.set_defaults(run=lambda args: _show(folder, args.count))


def _show(folder: Path, count: int) -> int:
    found = list(newest(folder, count))
    for message in found:
        for label, head in _HEADS:
            print(f"{label}： {message[head]}")
        print()
        print(message.get_content().replace("\r\n", "\n"))
        print("-" * 60)
    if not found:
        print("まだ何も送られていません。")
    return 0


def newest(folder: Path, count: int) -> Iterator[EmailMessage]:
    """The last mails in the order of their sending: their files are named after ids, which hold their time."""
    for path in sorted(folder.glob("[!.]*.eml"))[-max(count, 1) :]:
        yield message_from_bytes(path.read_bytes(), policy=policy.default)
