"""Where the published plan documents of real cities lie; they are not part of this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]


def document(name: str) -> bytes:
    """A document's bytes; the test is left out, with a word, where the folder is absent."""
    folder = Path(os.environ.get("YAKUBA_TEST_PLANS") or ROOT.parent / "shared" / "plans")
    path = folder / name
    if not path.is_file():
        pytest.skip(f"no {name} in {folder.name}: set YAKUBA_TEST_PLANS to the folder of the plan documents")
    return path.read_bytes()
