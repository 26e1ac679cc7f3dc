"""Homes for processes: each test gets a copy of one that was migrated once, on the database that the tests run on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests.children import Child


@dataclass(frozen=True)
class Home:
    """A prepared home and what is started in it."""

    path: Path
    url: str
    stage: str = "tests.kernel.outbox.stage"
    children: list[Child] = field(default_factory=list)

    def start(self, *arguments: str, crash_at: str = "") -> Child:
        """Start a command of the stage, which dies at the named point."""
        environment = {**os.environ, "YAKUBA_HOME": str(self.path), "YAKUBA_DATABASE_URL": self.url}
        environment.pop("YAKUBA_TRAIL_HEADS", None)
        if crash_at:
            environment["YAKUBA_CRASH_AT"] = crash_at
        child = Child(self.stage, arguments, environment, self.path)
        self.children.append(child)
        return child

    def close(self) -> None:
        """End what a failed test left running."""
        for child in self.children:
            child.kill()

    def run(self, *arguments: str, crash_at: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the stage to its end."""
        return self.start(*arguments, crash_at=crash_at).wait()

    def report(self, *arguments: str) -> Any:
        """Run a command that ends with a report."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return reported(done.stdout)


def reported(out: str) -> Any:
    """The report in what a command printed."""
    return json.loads(
        next(line for line in out.splitlines() if line.startswith("report ")).removeprefix("report ")
    )


def database(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def administer(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(database(url, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The migrated home that the others are copies of."""
    path = tmp_path_factory.mktemp("stage")
    given = os.environ.get("YAKUBA_DATABASE_URL", "")
    name = f"yakuba_test_stage_{os.getpid()}_{path.name}"
    if given:
        administer(given, "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0", name)
    try:
        home = Home(path, database(given, name) if given else "")
        done = home.run("prepare")
        assert done.returncode == 0, done.stderr
        yield home
    finally:
        if given:
            administer(given, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@pytest.fixture
def home(prepared: Home, tmp_path: Path) -> Iterator[Home]:
    """A home of one's own."""
    path = tmp_path / "home"
    shutil.copytree(prepared.path, path)
    name = ""
    if prepared.url:
        template = urlsplit(prepared.url).path.lstrip("/")
        name = f"{template}_{abs(hash(str(tmp_path))) % 10**8}"
        administer(prepared.url, "CREATE DATABASE {} TEMPLATE {}", name, template)
    made = Home(path, database(prepared.url, name) if name else "")
    try:
        yield made
    finally:
        made.close()
        if name:
            administer(prepared.url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
