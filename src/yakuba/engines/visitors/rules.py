"""Pure rules of visits: how sure we are who it is, how long a visit lasts, which address a request came from."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import re
import secrets

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# In order: each level includes those before it. Nothing here reaches «signature»; a procedure may ask for it and then says
# that it is not to be had online.
LEVELS = (
    ("none", gettext_noop("なし")),
    ("mail", gettext_noop("メールの確認")),
    ("account", gettext_noop("アカウント")),
    ("verified", gettext_noop("本人確認済み")),
    ("signature", gettext_noop("電子署名")),
)
_HEIGHT = {key: height for height, (key, _label) in enumerate(LEVELS)}

# A telephone left on a table, a computer in a library: whoever signed in is signed out after half an hour without a page.
IDLE_SIGNED_IN = dt.timedelta(minutes=30)
IDLE_ANONYMOUS = dt.timedelta(hours=24)
# However busy: a signed-in visit ends after half a day, an anonymous one after a week.
LONGEST_SIGNED_IN = dt.timedelta(hours=12)
LONGEST_ANONYMOUS = dt.timedelta(days=7)
# Not every page writes that somebody was here.
SEEN_EVERY = dt.timedelta(minutes=1)
_SEEN_EVERY_ANONYMOUS = dt.timedelta(minutes=30)

# One customer of an Internet provider holds 2^64 addresses of IPv6: all of them are one.
_IPV6_NETWORK = 64
# Some proxies write the port beside the address, which is another one with every connection: 203.0.113.5:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::[0-9]*)?|([0-9.]+):[0-9]*")


def height(level: str) -> int:
    """How high a level stands, 0 for none. KeyError for one that there is not."""
    return _HEIGHT[level]


def reaches(level: str, wanted: str) -> bool:
    """Whether a level is enough where another is wanted. KeyError for a level that there is not."""
    return _HEIGHT[level] >= _HEIGHT[wanted]


def level_label(level: str) -> str:
    """A level in words."""
    return _(LEVELS[_HEIGHT[level]][1])


def idle(*, signed_in: bool) -> dt.timedelta:
    """How long a visit may be without a page."""
    return IDLE_SIGNED_IN if signed_in else IDLE_ANONYMOUS


def longest(*, signed_in: bool) -> dt.timedelta:
    """How long a visit may last at all, from its beginning or from signing in."""
    return LONGEST_SIGNED_IN if signed_in else LONGEST_ANONYMOUS


def alive(*, signed_in: bool, seen_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a visit goes on at ``now``."""
    return now < ends_at and now - seen_at < idle(signed_in=signed_in)


def to_be_noted(*, signed_in: bool, seen_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether this page should write that somebody was here."""
    return now - seen_at >= (SEEN_EVERY if signed_in else _SEEN_EVERY_ANONYMOUS)


def new_token() -> str:
    """What the browser keeps: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What the database keeps of it: whoever reads the table signs in nowhere."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def remote_address(direct: str, forwarded: str, proxies: int) -> str:
    """The address that a request came from.

    ``direct`` is whoever holds the connection (``REMOTE_ADDR``), ``forwarded`` the text of ``X-Forwarded-For``, ``proxies`` how many
    proxies of our own stand before this process. Each of them wrote one address at the right end; what stands further left came
    with the request and is worth nothing. Where the header is shorter than that, the request came around the proxies.
    """
    if proxies <= 0:
        return direct
    written = [one.strip() for one in forwarded.split(",") if one.strip()]
    return written[-proxies] if len(written) >= proxies else direct


def address_key(address: str) -> str:
    """What is counted as one place: an IPv4 address, or the /64 network of an IPv6 one; without a port."""
    ported = _WITH_PORT.fullmatch(address)
    try:
        found = ipaddress.ip_address(ported[1] or ported[2] or "" if ported else address)
    except ValueError:
        return address[:100]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
    return str(found)
