"""Mail as it leaves: headers, the server's answers, TLS, the folder."""

from __future__ import annotations

import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.delivery.mailserver import MailServer
from yakuba.engines.delivery.channels import Letter, Refused
from yakuba.engines.delivery.mail import Mail, configuration
from yakuba.kernel.actions import Problem
from yakuba.kernel.ids import uuid7

MAIL = Mail()


def letter(**facts: object) -> Letter:
    known: dict[str, object] = {
        "id": uuid7(),
        "message_id": "<1@mihon.example.jp>",
        "sender": "みほん市",
        "address": "hanako@example.jp",
        "subject": "受付のお知らせ",
        "body": "受け付けました。\n",
        "language": "ja",
    }
    return Letter(**{**known, **facts})  # type: ignore[arg-type]  # the facts of a test


def parsed(raw: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(raw, policy=policy.default))


# --- the message ------------------------------------------------------------------------------------------------------


def test_what_arrives_is_what_was_written(server: MailServer) -> None:
    subject = "【みほん市】補正のお願い（受付番号 2026-000123・𠮷田様の申請の添付書類について、あらためてお知らせします）"
    body = "𠮷野家󠄀　様\n\n.点で始まる行\n..二つ\n" + "長い行" * 400 + "\n"
    MAIL.deliver(letter(subject=subject, body=body, language="ja-simple"))
    ((sender, recipient, raw),) = server.mails
    assert sender.startswith("mail FROM:<noreply@mihon.example.jp>")
    assert recipient.startswith("rcpt TO:<hanako@example.jp>")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    raw.decode("ascii")
    found = parsed(raw)
    assert found["Subject"] == subject
    assert found.get_content().replace("\r\n", "\n") == body
    assert found["From"].addresses[0].display_name == "みほん市"
    assert found["To"] == "hanako@example.jp"
    assert found["Message-ID"] == "<1@mihon.example.jp>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Content-Language"] == "ja"
    assert found["Date"].datetime.utcoffset() is not None
    assert found.get_content_type() == "text/plain"
    assert found.get_content_charset() == "utf-8"


@given(st.text(alphabet='受付のお知らせ 件　(a)=?Ä<>,;:"\\', min_size=1, max_size=120))
def test_any_subject_comes_through(subject: str) -> None:
    from email.headerregistry import Address

    from yakuba.engines.delivery.mail import compose

    sent = compose(letter(subject=subject), Address("", "a", "example.jp")).as_bytes()
    assert " ".join(parsed(sent)["Subject"].split()) == " ".join(subject.split())
    assert b"\n\n" not in sent.split(b"\r\n\r\n")[0]


@pytest.mark.parametrize("fault", ["subject", "address"])
@pytest.mark.parametrize("line", ["\r\nBcc: everybody@example.jp", "\nX: y", "\r"])
def test_no_header_can_be_added(server: MailServer, fault: str, line: str) -> None:
    known = {"subject": "件名", "address": "hanako@example.jp"}
    with pytest.raises((ValueError, Problem)):
        MAIL.deliver(letter(**{fault: known[fault] + line}))
    assert server.mails == []


def test_the_message_id_is_the_deliverys_own(server: MailServer) -> None:
    one = UUID(int=5)
    assert MAIL.message_id(one) == MAIL.message_id(one) == f"<{one.hex}@mihon.example.jp>"


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "hanako@example.jp",
        " hanako@example.jp　",
        "a.b+c@sub.example.co.jp",
        "old..carrier.@example.ne.jp",
        "x@日本語.jp",
        "o'hara@example.jp",
    ],
)
def test_addresses_that_people_have(server: MailServer, address: str) -> None:
    kept = MAIL.checked_address(address)
    assert kept == address.strip()
    MAIL.deliver(letter(address=kept))
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hanako",
        "hanako@",
        "@example.jp",
        "hanako@localhost",
        "花子@example.jp",
        "ｈａｎａｋｏ＠example.jp",
        "a@b@c.jp",
        "a b@example.jp",
        "hanako@example.jp\nBcc: x@example.jp",
        "hanako@exa\x00mple.jp",
        "<hanako@example.jp>",
        "a@example..jp",
        "a@-example.jp",
        "a,b@example.jp",
        "x" * 65 + "@example.jp",
        "a@" + ".".join(["x" * 60] * 5) + ".jp",
        "hanako@example.jp, taro@example.jp",
    ],
)
def test_addresses_that_nobody_has(address: str) -> None:
    with pytest.raises(Problem) as refused:
        MAIL.checked_address(address)
    assert refused.value.field == "address"
    assert "name@example.jp" in refused.value.message


# --- the server -------------------------------------------------------------------------------------------------------

STEPS = ("MAIL", "RCPT", "DATA", ".")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 later", False), ("550 hanako@example.jp unknown", True)]
)
def test_the_servers_no(server: MailServer, step: str, answer: str, permanent: bool) -> None:
    server.answers[step] = answer
    with pytest.raises(Refused) as refused:
        MAIL.deliver(letter())
    assert refused.value.permanent is permanent
    assert answer[:3] in str(refused.value)
    assert "hanako" not in str(refused.value), "the log gets the code alone"
    assert answer in refused.value.detail
    assert server.mails == []


@pytest.mark.parametrize("step", ["hello", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_line_that_drops_before_the_message(server: MailServer, step: str) -> None:
    server.answers[step] = "drop"
    with pytest.raises(Refused) as refused:
        MAIL.deliver(letter())
    assert not refused.value.permanent


def test_a_line_that_drops_after_the_message_leaves_a_doubt(server: MailServer) -> None:
    server.answers["."] = "drop after taking"
    with pytest.raises(Exception) as unknown:  # noqa: PT011 – anything that is no refusal
        MAIL.deliver(letter())
    assert not isinstance(unknown.value, Refused)


def test_a_server_that_is_busy_or_away(server: MailServer, settings) -> None:
    server.answers["hello"] = "554 no service"
    with pytest.raises(Refused) as refused:
        MAIL.deliver(letter())
    assert not refused.value.permanent, "that is the server, not this mail"
    settings.MAIL_URL = "smtp://localhost:9/?tls=none"
    with pytest.raises(Refused) as refused:
        MAIL.deliver(letter())
    assert not refused.value.permanent


def test_a_server_that_forgets_to_say_goodbye_has_taken_it(server: MailServer) -> None:
    server.answers["QUIT"] = "drop"
    MAIL.deliver(letter())
    assert len(server.mails) == 1


def test_signing_in(settings) -> None:
    settings.MAIL_FROM = "役所 <noreply@mihon.example.jp>"
    with MailServer(user="yakuba", password="p@ss /word").running() as server:
        settings.MAIL_URL = f"smtp://yakuba:p%40ss%20%2Fword@localhost:{server.port}/?tls=none"
        MAIL.deliver(letter())
        assert parsed(server.mails[0][2])["From"].addresses[0].display_name == "役所"
        settings.MAIL_URL = f"smtp://yakuba:wrong@localhost:{server.port}/?tls=none"
        with pytest.raises(Refused) as refused:
            MAIL.deliver(letter())
    assert not refused.value.permanent, "the operator repairs it, and the mail goes out"


@pytest.mark.parametrize("whole", [True, False])
def test_tls_is_verified(settings, certificate: Path, monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    settings.MAIL_FROM = "noreply@mihon.example.jp"
    with MailServer(certificate=certificate, whole=whole).running() as server:
        settings.MAIL_URL = server.url(tls="starttls")
        with pytest.raises(Refused) as refused:
            MAIL.deliver(letter())
        assert "certificate" in refused.value.detail.lower()
        assert server.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        MAIL.deliver(letter())
    assert len(server.mails) == 1
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_without_tls_nothing_is_said_unless_the_operator_wants_that(server: MailServer, settings) -> None:
    settings.MAIL_URL = f"smtp://localhost:{server.port}"
    with pytest.raises(Refused):
        MAIL.deliver(letter())
    assert "MAIL" not in server.verbs


# --- settings and the folder ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://example.jp", "a@example.jp"),
        ("smtp://", "a@example.jp"),
        ("smtp://host?tls=maybe", "a@example.jp"),
        ("smtp://host?ssl=1", "a@example.jp"),
        ("file://folder", "a@example.jp"),
        ("file:///", "a@example.jp"),
        ("smtp://host", ""),
        ("smtp://host", "役所"),
        ("smtp://host:port", "a@example.jp"),
        ("smtp://user:%E7%A7%98@host", "a@example.jp"),
    ],
)
def test_settings_that_cannot_be(settings, url: str, sender: str) -> None:
    settings.MAIL_URL, settings.MAIL_FROM = url, sender
    assert not MAIL.configured()
    assert len(MAIL.check_config()) == 1


def test_nothing_is_set_up_by_default(settings) -> None:
    settings.MAIL_URL = settings.MAIL_FROM = ""
    assert configuration() is None
    assert not MAIL.configured()
    assert MAIL.check_config() == []


def test_into_a_folder(settings, tmp_path: Path) -> None:
    folder = tmp_path / "送信 控え"
    settings.MAIL_URL, settings.MAIL_FROM = folder.as_uri(), "noreply@mihon.example.jp"
    one = letter()
    MAIL.deliver(one)
    MAIL.deliver(one)
    (path,) = folder.iterdir()
    assert path.name == f"{one.id}.eml"
    assert parsed(path.read_bytes())["Subject"] == "受付のお知らせ"
    assert path.stat().st_mode & 0o077 == 0
    settings.MAIL_URL = (path / "below").as_uri()
    with pytest.raises(Refused) as refused:
        MAIL.deliver(one)
    assert not refused.value.permanent
