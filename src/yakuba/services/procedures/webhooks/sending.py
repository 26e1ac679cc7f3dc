"""One signed POST: to an address that was looked at before it is connected to, without redirects, in bounded time."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from typing import Final

from django.conf import settings

from yakuba.kernel.actions import Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.outbox.handlers import NotAccepted
from yakuba.services.procedures.webhooks import rules

CONNECT_SECONDS: Final = 10.0
#: From connecting to the end of the answer's head, however slowly it comes: less than the worker's lease.
ALL_SECONDS: Final = 60.0
#: The receiver has it: it took it now, or refuses it because it took it before.
_TAKEN: Final = frozenset({409})
#: Answers after which the same may be taken later; any other refusal stays one.
_LATER: Final = frozenset({408, 425, 429})


def allowed() -> list[rules.Entry]:
    """What the operator allows."""
    return rules.entries(settings.WEBHOOK_HOSTS)


def post(url: str, secret: str, *, event: str, key: str, body: bytes) -> None:
    """Hand ``body`` over. Raises :class:`NotAccepted` whose words name nothing of it; OSError when nobody knows whether it was taken."""
    listed = allowed()
    try:
        found = rules.target(url, listed)
    except Problem:
        raise NotAccepted("host", permanent=True) from None
    timestamp = str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Yakuba",
        rules.TIMESTAMP: timestamp,
        rules.SIGNATURE: rules.signature(secret, timestamp, body),
        rules.EVENT: event,
        rules.KEY: key,
    }
    status = _send(found, listed, headers, body)
    if 200 <= status < 300 or status in _TAKEN:
        return
    raise NotAccepted(f"http {status}", permanent=status < 500 and status not in _LATER)


def _send(found: rules.Target, listed: list[rules.Entry], headers: dict[str, str], body: bytes) -> int:
    """The answer's status; a redirect is an answer like any other."""
    connection = _Connection(found, _address(found, listed))
    watch = threading.Timer(ALL_SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        try:
            connection.connect()
        except (OSError, ValueError) as error:
            # Nothing was sent yet.
            raise NotAccepted(f"connect {type(error).__name__}") from None
        connection.request("POST", found.path, body=body, headers=headers)
        try:
            return connection.getresponse().status
        except http.client.HTTPException as error:
            raise OSError(f"answer {type(error).__name__}") from None
    finally:
        watch.cancel()
        connection.close()


def _address(found: rules.Target, listed: list[rules.Entry]) -> str:
    """The address to connect to. All that the name leads to have to be allowed."""
    try:
        known = socket.getaddrinfo(found.host, found.port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotAccepted("name") from None
    addresses = [str(one[4][0]) for one in known]
    if not addresses or not all(rules.reachable(found, one, listed) for one in addresses):
        raise NotAccepted("address", permanent=True)
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was looked at, and shows the name's certificate to TLS."""

    def __init__(self, found: rules.Target, address: str) -> None:
        super().__init__(found.host, found.port, timeout=CONNECT_SECONDS)
        self._found = found
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self._found.port), CONNECT_SECONDS)
        if self._found.scheme == "https":
            # The handshake comes after, so that it can be cut as well.
            wrapped = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._found.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            wrapped.do_handshake()
        self.sock.settimeout(ALL_SECONDS)

    def cut(self) -> None:
        """End it from another thread: whoever waits for an answer finds that there comes none."""
        sock = self.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
