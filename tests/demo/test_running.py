"""`make demo` as a visitor meets it: its home made, started as a process, asked over HTTP, stopped by a signal."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.urls import reverse

from tests.children import Child

DEADLINE = 300.0  # seconds; generous, because a shared machine may be busy
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(number) for number in found]


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=DEADLINE) as response:
        return response.status, response.read().decode()


@pytest.mark.skipif(sys.platform != "linux", reason="counts processes in /proc")
def test_load_serve_and_stop(tmp_path: Path) -> None:
    home, port = tmp_path / "demo", free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("YAKUBA_")}
    environment["YAKUBA_WEB_WORKERS"] = "1"  # two would be the same program twice
    made = Child("tests.demo.stage", ("load",), {**environment, "YAKUBA_HOME": str(home)}, tmp_path)
    assert made.wait(DEADLINE).returncode == 0
    command = [sys.executable, "-m", "yakuba.cli", "demo", "run", "--home", str(home), "--port", str(port)]
    log = tmp_path / "log"
    with log.open("w") as told:
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=told, text=True
        )
    processes: list[int] = []
    try:
        end = time.monotonic() + DEADLINE
        while "で動いています" not in log.read_text():
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        processes = children(server.pid)
        assert len(processes) == 2
        processes += [grandchild for child in processes for grandchild in children(child)]
        origin = f"http://localhost:{port}"
        assert get(origin + reverse("health"))[0] == 200
        status, page = get(f"{origin}/990019/")
        assert status == 200
        assert "みほん市" in page
        # Pages name static files by their hash, and those are there.
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style is not None
        assert re.search(r"\.[0-9a-f]{12}\.css$", style[1])
        assert get(origin + style[1])[0] == 200
        status, page = get(f"{origin}/990019/plan/2026/")
        assert status == 200
        assert "窓口キャッシュレス" in page
        assert "庁内の職員認証（デモ）" in get(f"{origin}/desk/sign-in/")[1]
        server.send_signal(signal.SIGTERM)
        out, _nothing = server.communicate(timeout=DEADLINE)
    finally:
        if server.poll() is None:
            # Asked, it ends its children too; killed it may leave one behind, which would hold its output open for ever.
            server.terminate()
            server.communicate(timeout=DEADLINE)
    assert server.returncode == 0, log.read_text()
    assert not [number for number in processes if Path(f"/proc/{number}").exists()]
    assert f"{origin}/desk/sign-in/" in out
    assert "yotsuba" in out
    assert (home / "demo").exists()
