"""A small SMTP server on the loopback for tests: it takes mail, or does at one step what a bad day does."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class MailServer:
    """What came in, and how it behaves.

    ``answers`` overrides the answer to a verb (``"RCPT": "550 no such user"``); ``.`` is the end of the message. The answer ``drop``
    closes the connection instead. ``user`` asks for AUTH PLAIN with this name and password.
    """

    answers: dict[str, str] = field(default_factory=dict)
    user: str = ""
    password: str = ""
    certificate: Path | None = None
    whole: bool = False
    mails: list[tuple[str, str, bytes]] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    port: int = 0
    _listening: socket.socket | None = None

    def url(self, *, tls: str = "none") -> str:
        """For YAKUBA_MAIL_URL."""
        who = f"{self.user}:{self.password}@" if self.user else ""
        if self.whole:
            return f"smtps://{who}localhost:{self.port}"
        return f"smtp://{who}localhost:{self.port}/?tls={tls}"

    @contextlib.contextmanager
    def running(self) -> Iterator[MailServer]:
        """Serve until the end of the block."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port, self._listening = listening.getsockname()[1], listening
            thread = threading.Thread(target=self._serve, args=(listening,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                with contextlib.suppress(OSError):
                    listening.shutdown(socket.SHUT_RDWR)
                thread.join(10)

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _peer = listening.accept()
            except OSError:
                return
            connection.settimeout(20)
            with contextlib.suppress(OSError):
                _Talk(self, connection).run()
            connection.close()


class _Talk:
    """One connection."""

    def __init__(self, server: MailServer, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        self.sender = self.recipient = ""

    def run(self) -> None:
        try:
            if self.server.whole:
                self.secure()
            self.lines = self.connection.makefile("rb")
            self.talk()
        finally:
            self.connection.close()

    def secure(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.server.certificate))
        plain = self.connection
        self.connection = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self.connection.do_handshake()

    def say(self, verb: str, usual: str) -> bool:
        answer = self.server.answers.get(verb, usual)
        if answer.startswith("drop"):
            return False
        self.connection.sendall(f"{answer}\r\n".encode())
        return True

    def talk(self) -> None:
        going = self.say("hello", "220 mail.example.jp ready")
        while going and (line := self.lines.readline()):
            text = line.decode().rstrip("\r\n")
            verb = text.split(" ")[0].upper()
            self.server.verbs.append(verb)
            going = self.say(verb, self.usual(verb, text)) and self.after(verb)

    def usual(self, verb: str, text: str) -> str:
        """The answer of a good day."""
        if verb == "EHLO":
            server = self.server
            more = [
                *(["AUTH PLAIN"] if server.user else []),
                *(["STARTTLS"] if server.certificate else []),
            ]
            return "\r\n".join([*(f"250-{one}" for one in ["mail.example.jp", *more]), "250 8BITMIME"])
        if verb == "AUTH":
            given = base64.b64decode(text.split(" ")[2]).decode().split("\0")[1:]
            return "235 ok" if given == [self.server.user, self.server.password] else "535 bad credentials"
        if verb == "MAIL":
            self.sender = text
        if verb == "RCPT":
            self.recipient = text
        return {"DATA": "354 go on", "QUIT": "221 bye", "STARTTLS": "220 go on"}.get(verb, "250 ok")

    def after(self, verb: str) -> bool:
        """What follows an answer; whether the talk goes on."""
        if verb == "STARTTLS":
            self.lines.close()
            self.secure()
            self.lines = self.connection.makefile("rb")
        if verb == "DATA" and "DATA" not in self.server.answers:
            content = b""
            while (part := self.lines.readline()) not in {b".\r\n", b""}:
                content += part.removeprefix(b".")
            if self.server.answers.get(".", "drop after taking") == "drop after taking":
                self.server.mails.append((self.sender, self.recipient, content))
            return self.say(".", "250 taken")
        return verb != "QUIT"
