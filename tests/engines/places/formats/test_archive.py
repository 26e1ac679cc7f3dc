"""The files of a ZIP archive by their names."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

import pytest

from yakuba.engines.places.formats import archive
from yakuba.kernel.files.wire import Fault


def zipped(folder: Path, *names: str) -> str:
    path = folder / "files.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(zipfile.ZipInfo(name), name)
    return str(path)


def test_folders_and_helper_files_are_left_out_and_nothing_else(tmp_path: Path) -> None:
    names = ("a/", "a/1.pdf", "__MACOSX/a/._1.pdf", "a/._2.pdf", "写真__MACOSX/2.jpg")
    with archive.members(zipped(tmp_path, *names)) as found:
        assert found.paths() == [PurePosixPath("a/1.pdf"), PurePosixPath("写真__MACOSX/2.jpg")]


@pytest.mark.parametrize("other", ["a/1.pdf", "a\\1.pdf", "a/./1.pdf"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_at_one_place_neither_gets_lost_unseen(tmp_path: Path, other: str) -> None:
    with pytest.raises(Fault) as refused, archive.members(zipped(tmp_path, "a/1.pdf", other)):
        pass
    assert refused.value.code == "archive_doubled"
    assert "a/1.pdf" in refused.value.message
