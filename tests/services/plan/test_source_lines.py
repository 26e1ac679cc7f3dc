"""The lines of a stored document beside a field: cut here for a text, opened in the sandbox for everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from yakuba.demo.paperwork import SHAPES, WRITERS, forms
from yakuba.kernel.files import store as files
from yakuba.services.plan import sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(settings: Any, tmp_path: Path) -> Any:
    """Puts the outline document in a container and returns its digest."""
    settings.HOME = tmp_path
    shape = SHAPES["outline"]
    plans = forms(shape)

    def put(container: str) -> str:
        return files.put(WRITERS[container](shape.compose(plans), "れいじ町情報化推進プラン"))

    return put


@pytest.mark.parametrize("container", ["txt", "docx", "pdf"])
def test_blocks_of_a_stored_document(stored: Any, container: str, request: pytest.FixtureRequest) -> None:
    if container == "pdf":  # the child is tried with the other one
        request.getfixturevalue("parsed_here")
    rows = sources._rows(stored(container), f"plan.{container}")
    assert any("＜目指す姿＞" in cell for row in rows for cell in row.cells)
    assert {row.part for row in rows} == (
        {""} if container != "pdf" else {str(n) for n in range(1, 1 + len({r.part for r in rows}))}
    )


def test_only_a_text_is_opened_in_this_process(stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("yakuba.kernel.files.sandbox.read", lambda *args: opened.append(args) or [])
    sources._rows(stored("txt"), "plan.txt")
    assert opened == []
    sources._rows(stored("xlsx"), "plan.xlsx")
    assert len(opened) == 1


def test_a_document_that_is_not_here_has_no_lines() -> None:
    assert sources._rows("0" * 64, "plan.txt") == ()
