"""The demo's mails, shown to whoever tries it out."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from yakuba.demo import mails
from yakuba.engines.delivery.channels import Letter
from yakuba.engines.delivery.mail import Mail
from yakuba.kernel.ids import uuid7


def show(folder: Path, *arguments: str) -> None:
    parser = argparse.ArgumentParser()
    mails.register(parser.add_subparsers(), folder)
    args = parser.parse_args(["mail", *arguments])
    assert args.run(args) == 0


def test_the_newest_stand_last(tmp_path: Path, settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MAIL_URL, settings.MAIL_FROM = tmp_path.as_uri(), "yakuba@example.jp"
    show(tmp_path)
    assert "まだ何も送られていません" in capsys.readouterr().out
    for number in range(5):
        letter = Letter(
            uuid7(),
            f"<{number}@example.jp>",
            "みほん市",
            "hanako@example.jp",
            f"確認コード その{number}",
            f"コードは {number} です。\n",
            "ja",
        )
        Mail().deliver(letter)
    show(tmp_path, "--count", "2")
    out = capsys.readouterr().out
    assert "その2" not in out
    assert out.index("件名： 確認コード その3") < out.index("件名： 確認コード その4")
    assert "コードは 4 です。" in out
    assert "hanako@example.jp" in out
