"""Pure rules of signing in: addresses as they are compared, codes, what a provider may tell us."""

from __future__ import annotations

import contextlib
import datetime as dt
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from uuid import UUID

from django.utils.crypto import salted_hmac

from yakuba.kernel.fields import JsonValue

CODE_LASTS = dt.timedelta(minutes=10)
CODE_TRIES = 5
# After the code was right: time to think of a password.
CONFIRMED_LASTS = dt.timedelta(minutes=30)
ATTEMPT_LASTS = dt.timedelta(minutes=15)
_CODE = re.compile(r"[0-9]{6}")
_NOT_A_DIGIT = re.compile(r"[\s\-‐－ー]")
# What is taken from a provider's answer, and nothing else: 個人番号 is not among it, whatever a provider sends.
_TEXT_CLAIMS = {"name": "name", "name_kana": "kana", "corporate_number": "corporate_number"}
_LONGEST_FACT = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def mail_key(mail: str) -> str:
    """A mail address as it is compared: letters of either case are the same, names of hosts are in ASCII.

    Nothing else is folded: an address that only looks like another one's is somebody else's.
    """
    name, _at, host = mail.strip().rpartition("@")
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    return f"{name}@{host}".lower()


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def typed_code(text: str) -> str:
    """The digits of a code as somebody typed them (full width, with a blank in the middle); empty where they are none."""
    plain = _NOT_A_DIGIT.sub("", unicodedata.normalize("NFKC", text))
    return plain if _CODE.fullmatch(plain) else ""


def code_digest(code_id: UUID, code: str) -> str:
    """What the database keeps of a code. A million codes are tried in a moment, so the digest takes the server's key."""
    return salted_hmac(f"identity.code.{code_id}", code, algorithm="sha256").hexdigest()


def code_fits(code_id: UUID, digest: str, typed: str) -> bool:
    """Whether it is the code that was sent."""
    return bool(typed) and hmac.compare_digest(digest, code_digest(code_id, typed))


def state_digest(state: str) -> str:
    """What the database keeps of the ``state`` sent to a provider."""
    return salted_hmac("identity.state", state, algorithm="sha256").hexdigest()


def facts_of(claims: Mapping[str, object]) -> dict[str, JsonValue]:
    """What a provider vouches for, in our words: name, kana, birth (ISO date), address, corporate number. Unknown claims are left.

    ``birthdate`` may be 1980-01-02 (OpenID Connect Core §5.1) or 19800102; ``address`` a text or an object with ``formatted``.
    """
    found: dict[str, JsonValue] = {}
    for claim, fact in _TEXT_CLAIMS.items():
        if text := _text(claims.get(claim)):
            found[fact] = text
    if (birth := _date(claims.get("birthdate"))) is not None:
        found["birth"] = birth.isoformat()
    address = claims.get("address")
    if isinstance(address, Mapping):
        address = address.get("formatted")
    if text := _text(address):
        found["address"] = text
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return _CONTROL.sub(" ", value).strip()[:_LONGEST_FACT]


def _date(value: object) -> dt.date | None:
    text = str(value) if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}", text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
