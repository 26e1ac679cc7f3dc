"""Runs the tests on every engine that this machine has, and says what it left out and why.

    run_tests.py          the gate, every test on SQLite, and those that touch a database on PostgreSQL, side by side
    run_tests.py --fast   the fast tests on SQLite alone (part of the gate)

Environment:

    CI=true               nothing may be left out or skipped
    YAKUBA_TEST_POSTGRES  postgresql://user:password@host:port/ of a server on which databases may be created, or
                          `off`; without it and with CI=true 127.0.0.1:5432 is asked as PGUSER, root, postgres
                          and oneself: outside CI nobody's server is touched unasked
    YAKUBA_CHROMIUM       the browser, where it is not found by its name
    YAKUBA_TEST_PLANS     folder with the published plan documents (default: ../shared/plans)

The databases that are made are called yakuba_test_… and are gone at the end, and so is the home folder.
"""

from __future__ import annotations

import argparse
import compileall
import getpass
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
# Seconds for everything. It should take half of that; on a machine half as fast nothing has failed yet, whatever takes longer hangs.
LIMIT = 30 * 60
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)
FAST = "not browser and not slow"
# Parts run side by side, the longest first, each with a home and a database of its own.
LEDGERS = ("engines/places", "engines/ledger", "engines/intake", "packs", "services/ledgers", "services/maps")
WALKS = ("applying", "approvals", "casework", "delivery", "designing", "identity", "papers", "procedure_walk")
PARTS = {
    "browser": ("tests/browser", *(f"--ignore=tests/browser/test_{one}.py" for one in WALKS)),
    "walks": tuple(f"tests/browser/test_{one}.py" for one in WALKS),
    "rooms": (
        "tests",
        *(f"--ignore=tests/{one}" for one in ("services/plan", "kernel", "conventions", "browser", *LEDGERS)),
    ),
    "plan": ("tests/services/plan",),
    "kernel": ("tests/kernel", "tests/conventions"),
    "ledgers": tuple(f"tests/{one}" for one in LEDGERS),
}
IN_BROWSER = ("browser", "walks")
AT_ONCE = 3  # on two processors: each waits now and then, for its children, its browser, its database


@dataclass
class Run:
    """What has been done so far, what failed, what was left out."""

    strict: bool
    deadline: float
    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def side_by_side(self, parts: Sequence[Part]) -> None:
        """Runs the gate and parts of the tests; each one's output is printed whole when it has ended."""
        waiting, running = list(parts), list[Running]()
        try:
            while waiting or running:
                while waiting and len(running) < AT_ONCE:
                    running.append(begin(waiting.pop(0)))
                self._await_one(running)
        finally:
            for one in running:
                stop(one.process)

    def _await_one(self, running: list[Running]) -> None:
        """Waits until one of the parts has ended, or the time is over for all."""
        while not (ended := [one for one in running if one.process.poll() is not None]):
            if time.monotonic() > self.deadline:
                for one in running:
                    stop(one.process)
                ended = list(running)
                break
            time.sleep(0.2)
        for one in ended:
            running.remove(one)
            over = time.monotonic() > self.deadline
            print(f"\n── {one.name} " + "─" * max(0, 76 - len(one.name)), flush=True)
            self._note(one.name, one.begun, None if over else one.process.returncode)
            print(one.output.read_text("utf-8", errors="replace"), flush=True)

    def _note(self, name: str, begun: float, status: int | None) -> None:
        """Notes how a step or part ended; ``None``: it was stopped."""
        line = f"{name} ({time.monotonic() - begun:.0f} s)"
        if status == 0:
            self.done.append(line)
        else:
            why = "stopped: over the time limit" if status is None else f"exit {status}"
            self.failed.append(f"{line}: {why}")

    def close(self) -> int:
        """Prints the end and returns the exit status."""
        print("\n── result " + "─" * 70)
        for line in self.done:
            print(f"passed    {line}")
        for line in self.left_out:
            print(f"left out  {line}")
        for line in self.failed:
            print(f"FAILED    {line}")
        if not self.left_out:
            print("nothing was left out")
        elif self.strict:
            print("FAILED    with CI=true nothing may be left out")
        return 1 if self.failed or (self.strict and self.left_out) else 0


@dataclass(frozen=True)
class Part:
    """A command with a home of its own: one part of the tests on one engine, or the gate."""

    name: str
    command: Sequence[str]
    home: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Running:
    """One part at work."""

    name: str
    process: subprocess.Popen[bytes]
    output: Path
    begun: float


def parts_on(
    engine: str,
    marks: Sequence[str],
    environment: Mapping[str, str],
    *,
    but: Sequence[str] = (),
    database: str = "",
) -> list[Part]:
    """The parts of the tests on one engine, the longest first; on PostgreSQL each with a database called after ``database``."""
    return [
        Part(
            f"tests on {engine}, {key}",
            [*pytest(" and ".join(marks)), *paths],
            Path(environment["YAKUBA_HOME"]) / f"{engine}-{key}",
            {**environment, **({"YAKUBA_TEST_DATABASE": f"{database}_{key}"} if database else {})},
        )
        for key, paths in PARTS.items()
        if key not in but
    ]


def gate(environment: Mapping[str, str]) -> Part:
    """All of the gate but the tests."""
    return Part(
        "gate: style, types, contracts, migrations, translations",
        ["make", "--no-print-directory", "static"],
        Path(environment["YAKUBA_HOME"]) / "gate",
        environment,
    )


def begin(part: Part) -> Running:
    """Starts a part."""
    part.home.mkdir(exist_ok=True)
    said = part.home / "output"
    with said.open("wb") as output:
        process = subprocess.Popen(
            part.command,
            cwd=ROOT,
            env={**part.environment, "YAKUBA_HOME": str(part.home)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Running(part.name, process, said, time.monotonic())


def main() -> int:
    """Runs the command line; 0 when everything that ran passed (and, with CI=true, everything ran)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fast", action="store_true", help="only the fast tests, on SQLite")
    fast = parser.parse_args().fast
    run = Run(strict=is_true(os.environ.get("CI")), deadline=time.monotonic() + LIMIT)
    with tempfile.TemporaryDirectory(prefix="yakuba-test-") as home:
        environment = {**os.environ, "YAKUBA_HOME": home}
        environment.pop("YAKUBA_DATABASE_URL", None)
        # Tests start hundreds of processes: none of them has to compile the program again.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        compileall.compile_dir(ROOT / "src", quiet=2, workers=0)
        marks = ["not postgres"]
        if plans := plans_folder():
            environment["YAKUBA_TEST_PLANS"] = str(plans)
        else:
            marks.append("not plans")
            if not fast:
                run.left_out.append("plan documents: no folder in YAKUBA_TEST_PLANS, and no ../shared/plans")
        if fast:
            run.side_by_side(parts_on("SQLite", [FAST, *marks], environment, but=IN_BROWSER))
            return 1 if run.failed else 0
        everything(run, environment, marks)
    return run.close()


def everything(run: Run, environment: dict[str, str], marks: list[str]) -> None:
    """The gate's static half, SQLite with the browser, PostgreSQL."""
    without: Sequence[str] = ()
    if browser := chromium():
        environment["YAKUBA_CHROMIUM"] = browser
    else:
        without = IN_BROWSER
        run.left_out.append(
            "browser tests: no Chromium (`apt-get install chromium`, or YAKUBA_CHROMIUM=/path)"
        )
    here = [*marks, "not browser"] if without else marks
    parts = [gate(environment), *parts_on("SQLite", here, environment, but=without)]

    server, why = postgres()
    if server is None:
        asked = os.environ.get("YAKUBA_TEST_POSTGRES", "off").lower() != "off"
        (run.failed if asked else run.left_out).append(f"PostgreSQL: {why}")
        run.side_by_side(parts)
        return
    database = f"yakuba_test_{os.getpid()}"
    there = {
        **environment,
        "YAKUBA_DATABASE_URL": server_url(server, "yakuba"),
        "YAKUBA_TEST_ONLY_DB": "1",
    }
    marks = ["not browser", *(mark for mark in marks if mark == "not plans")]
    try:
        run.side_by_side([*parts, *parts_on("PostgreSQL", marks, there, but=IN_BROWSER, database=database)])
    finally:
        for key in PARTS:
            drop(server, f"{database}_{key}")


def pytest(marks: str) -> list[str]:
    """The command for one pass."""
    return [sys.executable, "-m", "pytest", "-q", "--durations=15", "-m", marks]


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a step and everything that it started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    except ProcessLookupError:
        process.wait()


def is_true(value: str | None) -> bool:
    """Is an environment variable set to something that means yes?"""
    return (value or "").strip().lower() in {"1", "true", "yes", "on"}


# --- what the machine has ---------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The browser's program, or none."""
    if given := os.environ.get("YAKUBA_CHROMIUM"):
        return shutil.which(given)
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def plans_folder() -> Path | None:
    """The folder with the published plan documents, or none."""
    given = os.environ.get("YAKUBA_TEST_PLANS")
    folder = Path(given) if given else ROOT.parent / "shared" / "plans"
    return folder.resolve() if any(folder.glob("*.txt")) else None


def postgres() -> tuple[str | None, str]:
    """The address of a server that lets us create databases, or none and why."""
    given = os.environ.get("YAKUBA_TEST_POSTGRES", "")
    if given.lower() == "off":
        return None, "YAKUBA_TEST_POSTGRES=off"
    if not given and not is_true(os.environ.get("CI")):
        return None, "no server was named (set YAKUBA_TEST_POSTGRES=postgresql://user@host:port/)"
    why = "no server"
    for url in [given] if given else local_servers():
        try:
            with psycopg.connect(server_url(url, "postgres"), connect_timeout=5) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper,"
                    " EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')"
                    " FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.Error as error:
            why = str(error).strip().splitlines()[0]
            continue
        if row and all(row):
            return url, ""
        why = (
            "no PostGIS on the server (`apt-get install postgresql-15-postgis-3`)"
            if row and row[0]
            else "the role may not create databases"
        )
    return None, f"{why} (set YAKUBA_TEST_POSTGRES=postgresql://user@host:port/)"


def local_servers() -> Iterator[str]:
    """Addresses to try on this machine."""
    password = os.environ.get("PGPASSWORD")
    for user in dict.fromkeys(
        filter(None, (os.environ.get("PGUSER"), "root", "postgres", getpass.getuser()))
    ):
        login = quote(user) + (f":{quote(password)}" if password else "")
        yield f"postgresql://{login}@127.0.0.1:5432/"


def server_url(url: str, database: str) -> str:
    """The address of a database on the server of ``url``."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def drop(server: str, database: str) -> None:
    """Removes the test database where a killed run left it."""
    try:
        with psycopg.connect(
            server_url(server, "postgres"), autocommit=True, connect_timeout=5
        ) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
            )
    except psycopg.Error as error:
        print(f"could not remove the database {database}: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
