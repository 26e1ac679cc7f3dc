"""An empty database is made from the models; one that exists is migrated. Both have to end with the same tables."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.children import Child


def made(way: str, folder: Path) -> Any:
    """What a database made in one of the two ways has."""
    home = folder / way
    home.mkdir()
    environment = {**os.environ, "YAKUBA_HOME": str(home), "YAKUBA_DATABASE_URL": ""}
    done = Child("tests.kernel.access.tables", (way,), environment, folder).wait(540)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_made_database_has_what_a_migrated_one_has(tmp_path: Path) -> None:
    created, migrated = (made(way, tmp_path) for way in ("create", "migrate"))
    assert len(created) > 50
    assert [name for name in {**created, **migrated} if created.get(name) != migrated.get(name)] == []
