"""Static files are collected when they changed, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yakuba.serving import assets


@pytest.fixture
def home(tmp_path: Path, settings, monkeypatch) -> Path:
    """A home, and a little folder of sources in place of the real ones."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("p{color:red}")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [source]
    return tmp_path


def names(home: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((home / "static" / "staticfiles.json").read_text())["paths"]
    return found


def test_once_and_again_when_changed(home: Path) -> None:
    assert assets.collect()
    first = names(home)["a.css"]
    assert first != "a.css"
    assert (home / "static" / first).exists()
    assert not assets.collect()
    (home / "source" / "a.css").write_text("p{color:green}")
    assert assets.collect()
    assert names(home)["a.css"] != first
    # A server that still runs knows the former name.
    assert (home / "static" / first).exists()


def test_collected_anew_when_the_folder_was_emptied(home: Path) -> None:
    assets.collect()
    (home / "static" / "staticfiles.json").unlink()
    assert assets.collect()


def test_an_interrupted_collection_is_done_again(home: Path, monkeypatch) -> None:
    def pulled(*_given: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(assets, "call_command", pulled)
        with pytest.raises(KeyboardInterrupt):
            assets.collect()
    assert assets.collect()


def test_only_our_own_files_are_served() -> None:
    from yakuba.kernel.ui.finders import OwnFiles

    tops = {name.split("/")[0] for name, _storage in OwnFiles().list([])}
    assert "ui" in tops
    assert not tops & {"ninja", "django_htmx", "mfa", "account", "admin"}
