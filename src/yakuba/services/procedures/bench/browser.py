"""A browser that knows no JavaScript: cookies, one connection that is kept, forms as pages give them."""

from __future__ import annotations

import html
import http.client
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from yakuba.kernel.ids import uuid7

_HIDDEN: Final = re.compile(r"<input[^>]*type=\"hidden\"[^>]*>")
_ATTRIBUTE: Final = re.compile(r"(name|value)=\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``location`` is where a redirect points, empty without one."""

    status: int
    location: str
    text: str

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's forms."""
        found = (dict(_ATTRIBUTE.findall(one)) for one in _HIDDEN.findall(self.text))
        return {one["name"]: html.unescape(one.get("value", "")) for one in found if "name" in one}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form: field, name, type, content."""

    field: str
    name: str
    media_type: str
    content: bytes


class Browser:
    """One visitor. ``place`` is the address that the proxy in front saw; limits are counted by it."""

    def __init__(self, host: str, port: int, place: str, *, timeout: float = 60.0) -> None:
        self.cookies: dict[str, str] = {}
        self.place = place
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout)

    def get(self, path: str) -> Answer:
        """Ask for a page. Raises OSError or HTTPException where the line drops."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: Mapping[str, str], files: Sequence[File] = ()) -> Answer:
        """Send a form. Raises OSError or HTTPException where the line drops."""
        if files:
            body, kind = _parts(fields, files)
        else:
            body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        return self._ask("POST", path, body, {"Content-Type": kind})

    def post_and_hang_up(self, path: str, fields: Mapping[str, str]) -> None:
        """Send a form and close the line without waiting for the answer."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            self._connect()
            self._connection.request("POST", path, urlencode(fields).encode(), self._headers(kind))
        finally:
            self._connection.close()

    def close(self) -> None:
        """Hang up; cookies stay."""
        self._connection.close()

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"X-Forwarded-For": self.place, **more, **({"Cookie": kept} if kept else {})}

    def _connect(self) -> None:
        connection = self._connection
        if connection.sock is None:
            connection.connect()
            connected = cast("socket.socket", connection.sock)  # None before connect(), as typeshed has it
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = self._connection
        try:
            self._connect()
            connection.request(method, path, body, self._headers(headers))
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        for one in response.headers.get_all("Set-Cookie") or ():
            name, _equals, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text)


def _parts(fields: Mapping[str, str], files: Sequence[File]) -> tuple[bytes, str]:
    """A form with files (RFC 7578) and its content type."""
    boundary = uuid7().hex
    lines: list[bytes] = []
    for name, value in fields.items():
        lines += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode(),
            value.encode(),
            b"\r\n",
        ]
    for file in files:
        head = f'form-data; name="{file.field}"; filename="{file.name}"\r\nContent-Type: {file.media_type}'
        lines += [f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n".encode(), file.content, b"\r\n"]
    lines.append(f"--{boundary}--\r\n".encode())
    return b"".join(lines), f"multipart/form-data; boundary={boundary}"
