"""The contract of a backend. Another backend joins by adding itself to the fixture."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
from pathlib import Path

import pytest

from yakuba.kernel.dates import clock
from yakuba.kernel.files.backends import CHUNK, Backend, FolderBackend

NOW = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(seconds=1)


@pytest.fixture(params=["folder"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    return {"folder": FolderBackend}[request.param](tmp_path / "files")


def put(backend: Backend, data: bytes, at: dt.datetime = NOW) -> str:
    with clock.frozen(at):
        return backend.put(io.BytesIO(data))


def test_what_was_put_is_there_under_its_digest(backend: Backend) -> None:
    data = os.urandom(CHUNK + 7)
    digest = put(backend, data)
    assert digest == hashlib.sha256(data).hexdigest()
    with backend.open(digest) as stream:
        assert stream.read() == data
        stream.seek(5)
        assert stream.read(3) == data[5:8]
    assert list(backend.kept()) == [digest]


def test_the_same_bytes_are_kept_once(backend: Backend) -> None:
    assert put(backend, b"same") == put(backend, b"same")
    assert len(list(backend.kept())) == 1


def test_what_is_not_there(backend: Backend) -> None:
    absent = "0" * 64
    with pytest.raises(FileNotFoundError):
        backend.open(absent)
    assert not backend.touch(absent)
    assert not backend.remove(absent, before=LATER, unless=lambda: False)
    assert list(backend.kept()) == []


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_digests_are_names(backend: Backend, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        backend.open(digest)


def test_only_old_and_unwanted_bytes_are_removed(backend: Backend) -> None:
    digest = put(backend, b"data")
    assert not backend.remove(digest, before=NOW, unless=lambda: False)  # not old enough
    assert not backend.remove(digest, before=LATER, unless=lambda: True)
    assert backend.remove(digest, before=LATER, unless=lambda: False)
    assert list(backend.kept()) == []


def test_putting_and_touching_make_bytes_young_again(backend: Backend) -> None:
    digest = put(backend, b"data")
    put(backend, b"data", at=LATER)
    assert not backend.remove(digest, before=LATER, unless=lambda: False)
    with clock.frozen(LATER + dt.timedelta(hours=1)):
        assert backend.touch(digest)
    assert not backend.remove(digest, before=LATER + dt.timedelta(hours=1), unless=lambda: False)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the line went down")

    backend = FolderBackend(tmp_path)
    with pytest.raises(OSError, match="line"):
        backend.put(Torn())
    assert [path.name for path in tmp_path.iterdir()] == []


def test_remains_of_a_killed_writer_go_when_they_are_old(tmp_path: Path) -> None:
    backend = FolderBackend(tmp_path)
    remains = tmp_path / "incoming-x"
    remains.write_bytes(b"half")
    os.utime(remains, (NOW.timestamp(), NOW.timestamp()))
    assert backend.remove_remains(NOW) == 0
    assert backend.remove_remains(LATER) == 1
    assert not remains.exists()


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    digest = put(FolderBackend(tmp_path), b"data")
    assert (tmp_path / digest[:2] / digest[2:]).stat().st_mode & 0o077 == 0
