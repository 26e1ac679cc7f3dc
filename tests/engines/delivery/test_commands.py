"""The operator's trial mail."""

from __future__ import annotations

import pytest

from tests.engines.delivery.mailserver import MailServer
from yakuba.cli import main

pytestmark = pytest.mark.django_db


def test_a_trial_tells_what_the_server_said(
    server: MailServer, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["delivery", "test", "hanako@example.jp"]) == 0
    assert len(server.mails) == 1
    server.answers["RCPT"] = "550 no such user"
    assert main(["delivery", "test", "hanako@example.jp"]) == 1
    assert "550 no such user" in capsys.readouterr().err
    server.answers = {".": "drop"}
    assert main(["delivery", "test", "hanako@example.jp"]) == 1
    assert "分かりません" in capsys.readouterr().err
    assert main(["delivery", "test", "hanako"]) == 1
    settings.MAIL_URL = ""
    assert main(["delivery", "test", "hanako@example.jp"]) == 1
    assert "YAKUBA_MAIL_URL" in capsys.readouterr().err
