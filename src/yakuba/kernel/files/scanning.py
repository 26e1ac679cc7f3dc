"""Asking a virus scanner before a file is kept. It fails closed: without a clear answer nothing is taken."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.plugins import Registry, UnknownPluginError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clean:
    """The scanner looked through everything and found nothing."""


@dataclass(frozen=True, slots=True)
class Infected:
    """The scanner found something, under the name that it gives to it."""

    name: str


Verdict = Clean | Infected


class Unavailable(Exception):
    """No clear answer: no connection, no time, or words that mean neither yes nor no. Says which in one word, nothing of the file."""


class Scanner(Protocol):
    """A plug-in. It is registered under the scheme of the addresses that it understands, and reads its own from :func:`address`."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """What it says of a stream's bytes, from the beginning. Raises :class:`Unavailable`."""
        ...

    def check_config(self) -> list[str]:
        """What is wrong with its configuration, in words for the operator; nothing when it is not the one configured."""
        ...


SCANNERS: Final[Registry[Scanner]] = Registry("scanner")


def address() -> SplitResult | None:
    """The configured scanner's address (``YAKUBA_SCANNER``); None where none is configured."""
    given = settings.SCANNER
    return urlsplit(given) if given else None


def demand_clean(stream: BinaryIO) -> bool:
    """Whether a scanner looked at the bytes; False where none is configured.

    Raises :class:`Problem` for what it found, and :class:`NotNow` when it is configured and gave no clear answer.
    """
    given = settings.SCANNER
    if not given:
        return False
    try:
        verdict: object = SCANNERS.get(given.partition(":")[0]).scan(stream)
    except Exception as exc:  # a plug-in may be anybody's: whatever it raises, the file is not taken
        reason = str(exc) if isinstance(exc, Unavailable) else type(exc).__name__
        _log.error("the virus scanner gave no answer (%s); uploads are refused", reason)
        raise NotNow from exc
    if isinstance(verdict, Infected):
        raise Problem(
            "file_infected",
            _(
                "ウイルスの疑いがあるため、このファイルは受け取れません（検出名: %s）。別のファイルを選んでください。"
            )
            % verdict.name,
            found=verdict.name,
        )
    if not isinstance(verdict, Clean):
        raise NotNow
    return True


class NotNow(Problem):
    """The scanner is configured and gives no clear answer."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "scanner_unavailable",
            _(
                "ファイルの安全を確かめられないため、いま受け取れません。しばらくしてから、もう一度送ってください。"
            ),
        )


def remarks() -> list[str]:
    """What a page of checks says of scanning: that there is none, that its address is unknown, or what the scanner itself says."""
    given = settings.SCANNER
    if not given:
        return [_("ウイルス検査が設定されていません。受け取るファイルは、検査なしで保存されます。")]
    try:
        SCANNERS.get(given.partition(":")[0])
    except UnknownPluginError:
        return [_("ウイルス検査の設定（YAKUBA_SCANNER）が読めません。ファイルの受付は止まります。")]
    return [message for messages in SCANNERS.check().values() for message in messages]


@checks.register
def _told(**_: object) -> list[checks.CheckMessage]:
    """For ``yakuba check``: what an operator may have meant so."""
    return [checks.Warning(one, id="files.W001") for one in remarks()]
