"""The six digits of an authenticator app (RFC 6238 with SHA-1, 30 seconds, as every app does it)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import struct

PERIOD = 30
DIGITS = 6


def totp_code(secret: str, at: dt.datetime) -> str:
    """The code of a base32 secret at a moment."""
    counter = int(at.timestamp()) // PERIOD
    mac = hmac.new(base64.b32decode(secret, casefold=True), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    (number,) = struct.unpack(">I", mac[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"
