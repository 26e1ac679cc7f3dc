"""The channel «mail»: plain text in UTF-8, through the server that ``YAKUBA_MAIL_URL`` names, or into a folder."""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from yakuba.engines.delivery import smtp
from yakuba.engines.delivery.channels import Letter, Refused
from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock

_SCHEMES = ("smtp", "smtps", "file")
# RFC 5321: 64 before the @, 254 in all. Some carriers once gave out local parts with dots in a row or at the end; these are real.
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LIMIT = 254


@dataclass(frozen=True, slots=True)
class Configuration:
    """The two settings as read."""

    url: SplitResult
    sender: Address


def configuration() -> Configuration | None:
    """What the operator has set, None without. Raises ValueError for what cannot be used."""
    url, sender = settings.MAIL_URL, settings.MAIL_FROM
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise ValueError("YAKUBA_MAIL_URL: smtp://, smtps:// or file:/// is expected")
    if parts.scheme == "file":
        if not parts.path.strip("/") or parts.netloc:
            raise ValueError("YAKUBA_MAIL_URL: file:///folder is expected")
    elif not parts.hostname or parts.port == 0:  # asking for a port that is none is a ValueError
        raise ValueError("YAKUBA_MAIL_URL: a host is missing")
    if not unquote(parts.netloc).isascii():
        raise ValueError("YAKUBA_MAIL_URL: name and password may hold ASCII alone")
    options = dict(parse_qsl(parts.query))
    if set(options) - {"tls"} or options.get("tls", "starttls") not in {"starttls", "none"}:
        raise ValueError("YAKUBA_MAIL_URL: ?tls=starttls or ?tls=none is expected")
    name, address = parseaddr(sender)
    try:
        return Configuration(parts, _address(address, name))
    except ValueError:
        raise ValueError("YAKUBA_MAIL_FROM: an address is expected") from None


def _address(text: str, name: str = "") -> Address:
    """An address in parts, its domain in ASCII. ValueError where it is none."""
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise ValueError(text)
    ascii_domain = domain.encode("idna").decode("ascii") if domain else ""  # UnicodeError is a ValueError
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(text)
    found = Address(name, local, ascii_domain)
    if len(found.addr_spec) > _LIMIT:
        raise ValueError(text)
    return found


class Mail:
    """The channel (:class:`.channels.Channel`)."""

    @property
    def label(self) -> str:
        """For a person."""
        return _("メール")

    def configured(self) -> bool:
        """Whether both settings are there and can be used."""
        try:
            return configuration() is not None
        except ValueError:
            return False

    def check_config(self) -> list[str]:
        """What is wrong, for the operator; nothing where mail is simply not set up."""
        try:
            configuration()
        except ValueError as error:
            return [str(error)]
        return []

    def checked_address(self, address: str) -> str:
        """The address without blanks around it. Raises :class:`Problem` on the field ``address``."""
        text = address.strip()
        try:
            _address(text)
        except ValueError:
            raise Problem(
                "address",
                _(
                    "「%(found)s」はメールアドレスとして使えません。半角で、name@example.jp のように入力してください。"
                )
                % {"found": text[:80]},
                field="address",
                found=text[:80],
                expected="name@example.jp",
            ) from None
        return text

    def message_id(self, delivery: UUID) -> str:
        """Made of the delivery's id and the sender's domain, so that receivers drop a second copy."""
        return f"<{delivery.hex}@{_ready().sender.domain}>"

    def deliver(self, letter: Letter) -> None:
        """Give it to the server, or write it into the folder. Raises as the contract says."""
        ready = _ready()
        message = compose(letter, ready.sender)
        if ready.url.scheme == "file":
            _keep(Path(unquote(ready.url.path)), letter, message)
            return
        smtp.deliver(
            smtp.Server.of(ready.url),
            ready.sender.addr_spec,
            _address(letter.address).addr_spec,
            message.as_bytes(),
        )


def _ready() -> Configuration:
    try:
        found = configuration()
    except ValueError as error:
        raise Refused("mail settings", str(error), permanent=False) from None
    if found is None:
        raise Refused("no mail settings", "", permanent=False)
    return found


def compose(letter: Letter, sender: Address) -> EmailMessage:
    """The mail as it is sent. ValueError for a subject or an address with a line break."""
    if len(letter.subject.splitlines()) > 1 or letter.subject.endswith(("\r", "\n")):
        raise ValueError("a subject is one line")
    message = EmailMessage(policy=SMTP)
    name = sender.display_name or letter.sender
    message["From"] = Address(name, sender.username, sender.domain)
    message["To"] = _address(letter.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now().astimezone(dt.UTC))
    message["Message-ID"] = letter.message_id
    # RFC 3834: no out-of-office answer comes back.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.body, charset="utf-8", cte="base64")
    if letter.language:
        # やさしい日本語 is Japanese to every program outside of this house.
        message["Content-Language"] = letter.language.split("-")[0]
    return message


def _keep(folder: Path, letter: Letter, message: EmailMessage) -> None:
    """One file for one delivery, whole or not at all; the same one again at a second attempt."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{letter.id}.eml"  # ids hold their time: the newest stands last
        half = folder / f".{letter.id}.{os.getpid()}"
        with half.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        raise Refused(f"folder {type(error).__name__}", str(error), permanent=False) from error
