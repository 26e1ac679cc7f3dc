"""The published plan documents of real cities, which are not part of this repository: each is read once for all tests that look at it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from yakuba.services.plan.reading import Reading
from yakuba.services.plan.reading.blocks import Paper
from yakuba.services.plan.reading.containers import open_paper
from yakuba.services.plan.reading.reader import readings_of

ROOT = Path(__file__).resolve().parents[4]


def document(name: str) -> bytes:
    """A document's bytes; the test is left out, with a word, where the folder is absent."""
    folder = Path(os.environ.get("YAKUBA_TEST_PLANS") or ROOT.parent / "shared" / "plans")
    path = folder / name
    if not path.is_file():
        pytest.skip(f"no {name} in {folder.name}: set YAKUBA_TEST_PLANS to the folder of the plan documents")
    return path.read_bytes()


@cache
def paper_of(name: str) -> Paper:
    """A document's paper."""
    return open_paper(document(name), name)


@cache
def readings(name: str) -> tuple[Reading, ...]:
    """What a document reads as. Nobody changes it."""
    return readings_of(paper_of(name))
