"""Templates include only their own room and ui; pages carry no inline script or style and load nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conventions.house import SOURCE

TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
_REFERENCE = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
_ELSEWHERE = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.IGNORECASE)
_HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)


def room(path: Path) -> str:
    """The folder that holds the templates folder."""
    return path.parts[path.parts.index("templates") - 1]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template(path: Path) -> None:
    text = path.read_text("utf-8")
    for name in _REFERENCE.findall(text):
        assert name.split("/")[0] in {room(path), "ui"} or room(path) in {"ui", "access"}, name
    assert not _ELSEWHERE.search(text), "loads from elsewhere"
    assert not _HANDLER.search(text), "inline handler"
    assert "style=" not in text, "inline style"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)[^>]*>", text), (
        "inline script"
    )
    assert "|safe" not in text, "escape, or build with format_html"
    assert "{% autoescape off" not in text


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 10
