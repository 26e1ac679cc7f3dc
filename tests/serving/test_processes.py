"""Processes that start and stop together, and the address they listen on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches

from yakuba.cli import main
from yakuba.kernel.actions import Problem
from yakuba.serving.processes import Address, Processes, demand_free

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
START_AND_WAIT = f"""
import os, subprocess, sys
child = [sys.executable, "-m", "yakuba.serving.tied", str(os.getpid()), *{FOREVER!r}]
print(subprocess.Popen(child, process_group=0).pid, flush=True)
sys.stdin.read()
"""
DEADLINE = 30.0  # seconds until a wait for something that must happen is given up


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def gone(number: int) -> bool:
    """Whether a process ended; one that nobody has asked for its exit code yet counts as ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_for(happened) -> None:
    end = time.monotonic() + DEADLINE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


class TestAddress:
    def test_a_taken_port_is_refused_in_japanese(self, taken: int) -> None:
        with pytest.raises(Problem, match="ほかのプログラムが使っています") as refused:
            demand_free(Address("127.0.0.1", taken))
        assert refused.value.field == "port"

    def test_the_command_ends_with_1(self, taken: int, capsys) -> None:
        assert main(["serve", "--port", str(taken)]) == 1
        assert "待ち受けられません" in capsys.readouterr().err

    def test_no_such_host(self) -> None:
        with pytest.raises(Problem) as refused:
            demand_free(Address("198.51.100.1", 8000))  # RFC 5737: nobody's address
        assert "このコンピューターにない" in refused.value.message

    @pytest.mark.parametrize("port", ["0", "65536", "八千", "-1"])
    def test_no_port(self, port: str) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["serve", f"--port={port}"])
        assert ended.value.code == 2

    @pytest.mark.parametrize(
        ("host", "origin"),
        [
            ("127.0.0.1", "http://localhost:8000"),
            ("0.0.0.0", "http://localhost:8000"),
            ("192.0.2.7", "http://192.0.2.7:8000"),
            ("2001:db8::7", "http://[2001:db8::7]:8000"),
        ],
    )
    def test_what_a_browser_calls_it(self, host: str, origin: str) -> None:
        assert Address(host, 8000).origin == origin


class TestTogether:
    def test_told_to_stop_all_stop(self) -> None:
        both = Processes({"一": FOREVER, "二": FOREVER}, os.environ)
        announced = threading.Event()

        def announce() -> None:
            announced.set()
            os.kill(os.getpid(), signal.SIGTERM)

        before = signal.getsignal(signal.SIGTERM)
        assert both.run(lambda: len(both.running) == 2, announce) == 0
        assert announced.is_set()
        assert all(process.poll() is not None for process in both.running.values())
        assert signal.getsignal(signal.SIGTERM) is before

    def test_when_one_ends_all_end(self, capsys) -> None:
        both = Processes({"短い": [sys.executable, "-c", "raise SystemExit(3)"], "長い": FOREVER}, os.environ)
        assert both.run(lambda: False, lambda: None) == 1
        assert "短いが止まりました（終了コード 3）" in capsys.readouterr().err
        assert both.running["長い"].poll() == -signal.SIGTERM

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's end")
    def test_killed_outright_it_leaves_nobody_behind(self) -> None:
        parent = subprocess.Popen(
            [sys.executable, "-c", START_AND_WAIT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with parent:
            assert parent.stdout is not None
            child = int(parent.stdout.readline())
            wait_for(
                lambda: b"time.sleep" in Path(f"/proc/{child}/cmdline").read_bytes().partition(b"tied")[0]
            )
            parent.kill()
            wait_for(lambda: gone(child))


class TestCache:
    def test_what_one_process_keeps_another_finds(self) -> None:
        """A sign-in code that one web process has taken must not be taken again by the other."""
        here, there = (caches.create_connection("default") for _process in range(2))
        here.set("sample", "taken", 30)
        assert there.get("sample") == "taken"
        assert not there.add("sample", "again", 30)
        here.delete("sample")
