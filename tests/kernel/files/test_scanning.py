"""The virus scanner: what is found is refused, and without a clear answer nothing is taken."""

from __future__ import annotations

import io
import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kernel.files.samples import pdf, picture
from yakuba.cli import main
from yakuba.kernel.actions import Problem
from yakuba.kernel.files import clamd, scanning, store, uploads
from yakuba.kernel.files.scanning import SCANNERS, Clean, Infected

Answer = Callable[[socket.socket, bytes], None]


def says(words: bytes) -> Answer:
    return lambda line, _: line.sendall(words)


class FakeClamd:
    """A clamd of a few lines on loopback: reads a command, and a stream's chunks, and answers as it was told."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        self.answer: Answer = says(b"stream: OK\0")
        self.streams: list[bytes] = []
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as heard:
                try:
                    self.serve(line, heard)
                except OSError:
                    continue

    def serve(self, line: socket.socket, heard: io.BufferedReader) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += heard.read(1)
        if command == b"zPING\0":
            line.sendall(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        whole = b""
        while size := struct.unpack("!L", heard.read(4))[0]:
            whole += heard.read(size)
        self.streams.append(whole)
        self.answer(line, whole)

    def close(self) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, settings: object, tmp_path: Path) -> Iterator[FakeClamd]:
    if request.param == "tcp":
        listening = socket.create_server(("127.0.0.1", 0))
        address = f"clamd://127.0.0.1:{listening.getsockname()[1]}"
    else:
        place = tmp_path / "clamd.ctl"
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(place))
        listening.listen()
        address = f"clamd://{place}"
    settings.SCANNER = address  # type: ignore[attr-defined]  # pytest-django's own object
    made = FakeClamd(listening)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def home(settings: object, tmp_path: Path) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]  # pytest-django's own object
    settings.SCANNER = ""  # type: ignore[attr-defined]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clamd, "WHOLE", 0.4)
    monkeypatch.setattr(clamd, "CONNECT", 0.4)


def take(data: bytes = b"", name: str = "a.pdf") -> uploads.Taken:
    return uploads.take(io.BytesIO(data or pdf()), name)


def refused() -> Problem:
    with pytest.raises(Problem) as caught:
        take()
    assert list(store.backend().kept()) == []
    return caught.value


def test_the_whole_file_is_looked_through_as_it_was_sent(scanner: FakeClamd) -> None:
    data = pdf() + b"\n" * 600_000
    assert take(data).scanned
    photograph = picture() + b"behind"
    assert take(photograph, "a.jpg").scanned
    assert scanner.streams == [data, photograph]


def test_what_is_found_is_refused_by_its_name(scanner: FakeClamd) -> None:
    scanner.answer = says(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
    problem = refused()
    assert (problem.code, problem.found) == ("file_infected", "Win.Test.EICAR_HDB-1")
    assert problem.found in problem.message


def drip(line: socket.socket, _: bytes) -> None:
    """A word every now and then, so that no single wait is long."""
    stop = threading.Event()
    for _unused in range(20):
        line.sendall(b"s")
        stop.wait(0.1)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "answer",
    [
        says(b""),
        says(b"stream: OK"),
        says(b"OK\0"),
        says(b"stream: OK FOUND OK\0"),
        says(b"stream: \xff FOUND\0"),
        says(b"INSTREAM size limit exceeded. ERROR\0"),
        says(b"stream: OK\0stream: Eicar FOUND\0"),
        says(b"x" * 10_000),
        drip,
        lambda _line, _data: threading.Event().wait(0.8) and None,
    ],
    ids=["nothing", "no end", "other", "odd", "no name", "error", "twice", "endless", "drips", "slow"],
)
def test_any_other_answer_keeps_nothing(scanner: FakeClamd, answer: Answer) -> None:
    scanner.answer = answer
    problem = refused()
    assert (problem.code, problem.status) == ("scanner_unavailable", 503)
    assert "いま受け取れません" in problem.message


@pytest.mark.parametrize(
    "address",
    [
        "clamd:///nowhere/clamd.ctl",
        "clamd://127.0.0.1:1",
        "clamd://127.0.0.1:port",
        "clamd://[",
        "clamd:",
        "other://x",
        "x",
    ],
)
def test_configured_and_out_of_reach_keeps_nothing(
    address: str, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SCANNER = address  # type: ignore[attr-defined]  # pytest-django's own object
    with caplog.at_level(logging.ERROR):
        assert refused().code == "scanner_unavailable"
    assert "uploads are refused" in caplog.text
    assert scanning.remarks()


def test_unconfigured_nothing_is_scanned_and_that_is_said() -> None:
    assert not take().scanned
    assert "検査なし" in scanning.remarks()[0]


def test_the_command_tells_it_as_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "検査なし" in capsys.readouterr().out


def test_a_scanner_that_answers_leaves_nothing_to_say(scanner: FakeClamd) -> None:
    assert scanning.remarks() == []


def test_another_scanner_joins_under_its_own_scheme(settings: object) -> None:
    class Own:
        verdict: object = Clean()

        def scan(self, stream: io.BytesIO) -> object:
            return self.verdict

        def check_config(self) -> list[str]:
            return ["own"]

    own = Own()
    settings.SCANNER = "own://here"  # type: ignore[attr-defined]  # pytest-django's own object
    with SCANNERS.temporarily("own", own):  # type: ignore[arg-type]  # a plug-in that may answer anything
        assert take().scanned
        assert scanning.remarks() == ["own"]
        own.verdict = Infected("Own")
        with pytest.raises(Problem, match="Own"):
            take()
        for nonsense in (None, True, "OK"):
            own.verdict = nonsense
            with pytest.raises(scanning.NotNow):
                take()
