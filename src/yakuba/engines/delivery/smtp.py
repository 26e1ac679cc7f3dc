"""One mail to one address over SMTP, so that it is always known at which step it ended (RFC 5321).

Until the last line of the message is sent the server surely has nothing; from there until its answer nobody knows.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qsl, unquote

from yakuba.engines.delivery.channels import Refused

# Eleven steps at most, a few addresses of one host to try, and the last answer: together less than the four minutes that a channel
# may take.
STEP_SECONDS: Final = 12.0
LAST_SECONDS: Final = 60.0
BYE_SECONDS: Final = 5.0
_READY: Final = 354
_PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is given to, and how."""

    host: str
    port: int
    tls: Literal["whole", "starttls", "none"]
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: SplitResult) -> Server:
        """From ``smtp://user:password@host:587/?tls=starttls`` or ``smtps://…``. TLS unless ``tls=none`` says otherwise."""
        plain = dict(parse_qsl(url.query)).get("tls") == "none"
        return cls(
            url.hostname or "",
            url.port or _PORTS[url.scheme],
            "whole" if url.scheme == "smtps" else "none" if plain else "starttls",
            unquote(url.username or ""),
            unquote(url.password or ""),
        )


def deliver(server: Server, sender: str, recipient: str, message: bytes) -> None:
    """Give one message to the server. Raises :class:`Refused`, or OSError or SMTPException when nobody knows."""
    client: smtplib.SMTP | None = None
    try:
        try:
            client = _connect(server)
            # A refusal of the server itself is its operator's to repair; one of this mail is for good when it says so.
            _step(client.mail(sender), "MAIL")
            _step(client.rcpt(recipient), "RCPT")
            _step(client.docmd("DATA"), "DATA", _READY)
        except Refused:
            raise
        except smtplib.SMTPResponseException as error:
            raise Refused(f"smtp {error.smtp_code}", _text(error.smtp_error), permanent=False) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            code = f"smtp {type(error).__name__}"
            raise Refused(code, f"{server.host}:{server.port} {error}", permanent=False) from None
        _hand_over(client, message)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            _patience(client, BYE_SECONDS)
            client.quit()
    finally:
        if client is not None:
            client.close()


def _connect(server: Server) -> smtplib.SMTP:
    """A session in which mail may begin: over verified TLS, signed in where there is a name."""
    if server.tls == "whole":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=STEP_SECONDS, context=ssl.create_default_context()
        )
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=STEP_SECONDS)
    try:
        client.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
        if server.user:
            client.login(server.user, server.password)
    except BaseException:
        client.close()
        raise
    return client


def _step(answer: tuple[int, bytes], name: str, expected: int = 250) -> None:
    """Raises :class:`Refused` for any other answer; RFC 5321 4.2.1: 4xx is for now, 5xx for good. 251 is «forwarded»."""
    code, text = answer
    if code == expected or (expected == 250 and code == 251):
        return
    raise Refused(f"smtp {name} {code}", f"{name} {code} {_text(text)}", permanent=500 <= code < 600)


def _hand_over(client: smtplib.SMTP, message: bytes) -> None:
    """The message, and the answer to it. A line that is a dot alone ends it, so dots at line starts are doubled (4.5.2)."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    _patience(client, LAST_SECONDS)
    client.send((stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n") + b".\r\n")
    _step(client.getreply(), "end of DATA")


def _patience(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is not None:
        client.sock.settimeout(seconds)


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
