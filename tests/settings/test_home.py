"""The home is its owner's alone: other users of the machine read neither database nor keys nor sessions."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.children import run_yakuba
from yakuba.settings.secret import close, secret_key


def open_to_others(home: Path) -> list[Path]:
    """What somebody else could read, write or enter."""
    return [path for path in (home, *home.rglob("*")) if path.stat().st_mode & 0o077]


UMASK = 0o022  # a careless one


def test_whatever_a_command_makes_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    asked = ("account", "create", "kanri", "--municipality", "990019")
    done = run_yakuba(*asked, home=home, folder=tmp_path, umask=UMASK, YAKUBA_SECRET_KEY="")
    assert done.returncode == 0, done.stderr
    assert (home / "yakuba.sqlite3").exists()
    assert not open_to_others(home)


def test_whatever_the_web_server_makes_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code = (
        "import yakuba.wsgi\n"
        "from django.conf import settings\n"
        "from django.core.cache import cache\n"
        "cache.set('code', '123456')\n"
        "(settings.HOME / 'made').write_text('x')"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "YAKUBA_HOME": str(home), "YAKUBA_SECRET_KEY": "", "YAKUBA_DATABASE_URL": ""},
        check=True,
        capture_output=True,
        umask=UMASK,
    )
    assert (home / "cache").is_dir()
    assert not open_to_others(home)


def test_an_open_home_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "cache").mkdir(parents=True)
    for path, mode in ((home, 0o755), (home / "cache", 0o777)):
        path.chmod(mode)
    (home / "yakuba.sqlite3").write_bytes(b"")
    (home / "yakuba.sqlite3").chmod(0o644)
    assert close(home) == home
    assert not open_to_others(home)
    assert stat.S_IMODE((home / "yakuba.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert secret_key("", home) == secret_key("", home)
    assert not open_to_others(home)


def test_a_shared_folder_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    close(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_a_home_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        close(tmp_path / "file" / "home")
