"""Asking addresses as a browser does, in this process, through everything between the address and the answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.sessions import SECOND_FACTOR

PACKED: Final = "gzip"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the report. ``figure`` is what is compared with ``bar``; without a bar it is only told."""

    name: str
    database: str
    n: int
    p50_ms: float
    p95_ms: float
    figure: float
    bar: float | None
    holds: bool
    more: str = ""

    def as_json(self) -> dict[str, object]:
        """The case as one object of the report."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and how long it took."""

    body: bytes
    tag: str
    ms: float


class Browser:
    """Somebody who asks: anybody, or a member of staff who is signed in."""

    def __init__(self, account: StaffAccount | None = None) -> None:
        self._client = Client(SERVER_NAME="localhost")
        if account is not None:
            self._sign_in(account)

    def _sign_in(self, account: StaffAccount) -> None:
        """The session as it stands after password and second factor."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session[SECOND_FACTOR] = True
        session.save()
        self._client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def get(self, address: str, *, known: str = "") -> Answer:
        """Ask. ``known`` is the tag of what the browser has: nothing but 304 is right then. ValueError for any other answer."""
        headers = {"Accept-Encoding": PACKED, **({"If-None-Match": known} if known else {})}
        begun = time.perf_counter()
        answer = self._client.get(address, headers=headers)
        body = answer.content
        ms = (time.perf_counter() - begun) * 1000
        if answer.status_code != (HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK):
            raise ValueError(f"{address}: {answer.status_code} {body[:200]!r}")
        return Answer(body, answer.headers.get("ETag", ""), ms)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` of 100 do not exceed (nearest rank), to a hundredth."""
    ordered = sorted(values)
    rank = -(-share * len(ordered) // 100)
    return round(ordered[max(rank, 1) - 1], 2)
