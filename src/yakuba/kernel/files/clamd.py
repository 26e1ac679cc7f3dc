"""The scanner clamd (ClamAV), over its socket; the protocol is in clamd(8), the command INSTREAM."""

from __future__ import annotations

import re
import socket
import struct
import time
from typing import BinaryIO, Final, Self
from urllib.parse import SplitResult, unquote

from django.utils.translation import gettext as _

from yakuba.kernel.files.scanning import SCANNERS, Clean, Infected, Unavailable, Verdict, address

PORT: Final = 3310
#: Seconds for a connection, and for one file with its answer: a person waits for it.
CONNECT: Final = 5.0
WHOLE: Final = 60.0
_CHUNK: Final = 256 * 1024
_MAX_ANSWER: Final = 4096
_FOUND: Final = re.compile(r"stream: (?P<name>[\x20-\x7e]{1,200}) FOUND")


class Clamd:
    """``clamd:///run/clamav/clamd.ctl`` or ``clamd://host:3310``. Its ``StreamMaxLength`` has to admit our largest file (50 MB)."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """What clamd says of a stream's bytes, from its beginning. Raises :class:`Unavailable` for any answer but yes and no."""
        stream.seek(0)
        with _Line(WHOLE) as line:
            line.send(b"zINSTREAM\0")
            while block := stream.read(_CHUNK):
                line.send(struct.pack("!L", len(block)) + block)
            line.send(struct.pack("!L", 0))
            said = line.answer()
        if said == "stream: OK":
            return Clean()
        if found := _FOUND.fullmatch(said):
            return Infected(found["name"])
        raise Unavailable("answer")

    def check_config(self) -> list[str]:
        """Whether the configured clamd answers; nothing where another scanner or none is configured."""
        where = address()
        if where is None or where.scheme != "clamd":
            return []
        try:
            with _Line(CONNECT) as line:
                line.send(b"zPING\0")
                if line.answer() == "PONG":
                    return []
        except Unavailable:
            pass
        return [_("ウイルス検査（clamd）が応答しません。応答するまで、ファイルの受付は止まります。")]


class _Line:
    """One connection with one deadline for all that is said on it; every failure is :class:`Unavailable`."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        where = address()
        if where is None:
            raise Unavailable("address")
        try:
            self._socket = _connected(where)
        except (OSError, ValueError) as exc:  # ValueError: a port that is no number
            raise Unavailable("connection") from exc
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._socket is not None:
            self._socket.close()

    def send(self, data: bytes) -> None:
        try:
            self._ready().sendall(data)
        except OSError as exc:
            raise Unavailable("connection") from exc

    def answer(self) -> str:
        """One answer, up to the NUL that ends it."""
        said = b""
        while not said.endswith(b"\0"):
            try:
                block = self._ready().recv(_MAX_ANSWER)
            except OSError as exc:
                raise Unavailable("connection") from exc
            said += block
            if not block or len(said) > _MAX_ANSWER:
                raise Unavailable("answer")
        return said[:-1].decode("utf-8", "replace")

    def _ready(self) -> socket.socket:
        left = self._until - time.monotonic()
        if self._socket is None or left <= 0:
            raise Unavailable("slow")
        self._socket.settimeout(left)
        return self._socket


def _connected(where: SplitResult) -> socket.socket:
    if where.hostname:
        return socket.create_connection((where.hostname, where.port or PORT), timeout=CONNECT)
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        found.settimeout(CONNECT)
        found.connect(unquote(where.path))
    except BaseException:
        found.close()
        raise
    return found


SCANNERS.register("clamd", Clamd())
