"""Where a hand-over may go, and how it is signed. Pure: names are resolved by :mod:`.sending`."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_PORTS: Final = {"https": 443, "http": 80}
_LOOPBACK: Final[tuple[Network, ...]] = (
    ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("::1/128"),
)
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
TIMESTAMP: Final = "X-Yakuba-Timestamp"
SIGNATURE: Final = "X-Yakuba-Signature"
EVENT: Final = "X-Yakuba-Event"
KEY: Final = "Idempotency-Key"
#: What can happen to a filing, as a receiver reads it.
RECEIVED: Final = "procedures.received"
DECIDED: Final = "procedures.decided"
TEST: Final = "procedures.test"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of ``YAKUBA_WEBHOOK_HOSTS``: a name or a network, and a port where another than the usual one is meant."""

    host: str = ""
    network: Network | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be sent to, taken apart."""

    scheme: str
    host: str
    port: int
    path: str


def entries(text: str) -> list[Entry]:
    """The operator's list. What cannot be read is no entry: it allows nothing."""
    return [found for part in text.split(",") if (found := _entry(part.strip())) is not None]


def _entry(text: str) -> Entry | None:
    if not text:
        return None
    host, port = _split(text)
    if port is not None and not 0 < port < 65_536:
        return None
    if host == "localhost":
        return Entry(host="localhost", port=port)
    try:
        return Entry(network=ipaddress.ip_network(host, strict=False), port=port)
    except ValueError:
        pass
    return Entry(host=host, port=port) if _is_name(host) else None


def _split(text: str) -> tuple[str, int | None]:
    """``host``, ``host:8443``, ``[::1]:8443``; a bare IPv6 address has no port."""
    if text.startswith("["):
        host, _bracket, rest = text[1:].partition("]")
        return host, _number(rest.removeprefix(":")) if rest.startswith(":") else None
    if text.count(":") == 1:
        host, _colon, port = text.partition(":")
        return host.lower(), _number(port)
    return text.lower(), None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1


def _is_name(host: str) -> bool:
    labels = host.split(".")
    return host.isascii() and all(
        label and len(label) < 64 and label.replace("-", "").isalnum() for label in labels
    )


def target(url: str, allowed: Sequence[Entry]) -> Target:
    """The address taken apart. Raises :class:`Problem` on the field ``url`` for one that nothing may be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused(url, _("アドレスとして読めません。")) from None
    if (
        parts.scheme not in _PORTS
        or not parts.hostname
        or not url.isascii()
        or any(c.isspace() or c < " " for c in url)
    ):
        raise _refused(url, _("「https://」で始まるアドレスを入力してください。"))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused(url, _("名前・合言葉・「#」を含まないアドレスにしてください。"))
    host = parts.hostname.lower()
    found = Target(
        parts.scheme,
        host,
        port or _PORTS[parts.scheme],
        (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )
    if not any(_lets(entry, found) for entry in allowed):
        raise _refused(
            url, _("この送り先は、システムの管理者が許していません（設定 YAKUBA_WEBHOOK_HOSTS）。")
        )
    if found.scheme != "https" and not _is_loopback(host):
        raise _refused(url, _("「https://」で始まるアドレスを入力してください。"))
    return found


def _refused(url: str, why: str) -> Problem:
    return Problem(
        "url",
        _("送り先「%(found)s」は使えません。%(why)s") % {"found": url[:80], "why": why},
        field="url",
        found=url[:80],
        expected="https://",
    )


def _lets(entry: Entry, found: Target) -> bool:
    if found.port != (entry.port or _PORTS[found.scheme]):
        return False
    if entry.network is None:
        return entry.host == found.host
    literal = _literal(found.host)
    return literal is not None and literal in entry.network


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def reachable(found: Target, address: str, allowed: Sequence[Entry]) -> bool:
    """Whether one of the addresses that a name leads to may be spoken with: a public one, or one listed for this port.

    A name can be made to lead into the house (DNS rebinding), so this is asked of the very address that is then connected to.
    """
    try:
        one = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    one = _embedded(one) or one
    if found.scheme == "http" and not one.is_loopback:
        return False
    if one.is_global and not one.is_multicast:
        return True
    here = [entry for entry in allowed if found.port == (entry.port or _PORTS[found.scheme])]
    listed = [entry.network for entry in here if entry.network is not None]
    if any(entry.host == "localhost" for entry in here):
        listed += _LOOPBACK
    return any(one in network for network in listed)


def _embedded(one: Address) -> Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, 6to4, or through a translator (RFC 6052)."""
    if isinstance(one, ipaddress.IPv4Address):
        return None
    if one in _TRANSLATED:
        return ipaddress.IPv4Address(int(one) & 0xFFFF_FFFF)
    return one.ipv4_mapped or one.sixtofour


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``v1=`` and HMAC-SHA-256 in hexadecimal over the timestamp, a dot and the body."""
    made = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


def key_of(event: str, filing: str, revision: int) -> str:
    """What a receiver knows a hand-over by, however often it comes: the event, the filing and its revision."""
    return f"{event}:{filing}:{revision}"
