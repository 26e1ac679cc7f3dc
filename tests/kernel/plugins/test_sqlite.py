"""Writers of an SQLite file stand in a queue, and nobody who died or failed stands in others' way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from yakuba.kernel.plugins.sqlite import queue
from yakuba.kernel.plugins.sqlite.base import DatabaseWrapper
from yakuba.settings.database import database

pytestmark = pytest.mark.django_db  # connections of our own, beside the test's database
HOLDER = """
import sys
from pathlib import Path
from yakuba.kernel.plugins.sqlite import queue
queue.of(Path(sys.argv[1])).enter(5)
print("mine", flush=True)
sys.stdin.read()
"""


def connect(home: Path) -> Any:
    settings = database("", home) | {
        "TIME_ZONE": None,
        "AUTOCOMMIT": True,
        "CONN_HEALTH_CHECKS": False,
        "TEST": {},
    }
    return DatabaseWrapper(
        settings | {"NAME": str(home / "yakuba.sqlite3"), "ATOMIC_REQUESTS": False}, "default"
    )


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Any]:
    made = connect(tmp_path)
    made.cursor().execute("CREATE TABLE told (what TEXT)")
    yield made
    made.close()


def begin(connection: Any) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def finish(connection: Any, how: str) -> None:
    getattr(connection, how)()
    if connection.connection is not None:
        connection.set_autocommit(True)


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_the_second_writer_comes_after_the_first(one: Any, tmp_path: Path, how: str) -> None:
    order: list[str] = []
    begin(one)
    one.cursor().execute("INSERT INTO told VALUES ('first')")

    def second() -> None:
        other = connect(tmp_path)
        begin(other)
        order.append("second")
        other.cursor().execute("INSERT INTO told VALUES ('second')")
        finish(other, "commit")
        other.close()

    waiting = threading.Thread(target=second)
    waiting.start()
    order.append("first")
    finish(one, how)
    waiting.join(30)
    assert order == ["first", "second"]
    told = [row[0] for row in one.cursor().execute("SELECT what FROM told")]
    assert told == (["first", "second"] if how == "commit" else ["second"])


def test_a_transaction_that_does_not_begin_leaves_the_queue(
    one: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object) -> None:
        raise OperationalError("no")

    with monkeypatch.context() as broken:
        broken.setattr(
            "django.db.backends.sqlite3.base.DatabaseWrapper._start_transaction_under_autocommit", refuse
        )
        with pytest.raises(OperationalError):
            begin(one)
    begin(one)
    finish(one, "commit")


@pytest.mark.parametrize("polite", [False, True])
def test_a_process_that_dies_is_no_longer_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, polite: bool
) -> None:
    path = tmp_path / "yakuba.sqlite3"
    monkeypatch.setattr(queue, "_manners", queue._Manners())
    if polite:
        queue.give_way()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "mine\n"
    entered = threading.Event()

    def enter() -> None:
        mine = queue.of(path)
        assert mine.enter(5)
        entered.set()
        mine.leave()

    waiting = threading.Thread(target=enter)
    waiting.start()
    assert not entered.is_set()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    waiting.join(30)
    assert entered.is_set()


def test_a_thread_that_waits_too_long_is_told(tmp_path: Path) -> None:
    mine = queue.Queue(tmp_path / "yakuba.sqlite3")
    assert mine.enter(1)
    assert not mine.enter(0.01)
    mine.leave()
    assert mine.enter(1)
    mine.leave()


def test_a_forked_process_holds_nothing_of_its_parent(tmp_path: Path) -> None:
    mine = queue.Queue(tmp_path / "yakuba.sqlite3")
    assert mine.enter(1)
    mine.forget()
    assert mine.enter(1), "the parent's file is closed, its lock is not ours"
    mine.leave()
