"""What is served is what the lock says, or nothing is installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import assets


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> assets.Package:
    """A package with one file, and a lock that agrees with it."""
    package = assets.Package("sample", "1.0.0", "MIT", {"sample.css": b"p{}"})
    lock = tmp_path / "assets.lock.json"
    lock.write_text(assets.dump({"packages": [package.as_lock()]}), "utf-8")
    monkeypatch.setattr(assets, "LOCK", lock)
    return package


def test_the_locked_files_are_accepted(package: assets.Package) -> None:
    assets.compare([package])


def test_a_changed_file_is_named(package: assets.Package) -> None:
    package.files["sample.css"] = b"p{color:red}"
    with pytest.raises(assets.AssetsError, match=r"sample: sample\.css is "):
        assets.compare([package])


def test_an_additional_file_is_named(package: assets.Package) -> None:
    package.files["more.css"] = b""
    with pytest.raises(assets.AssetsError, match=r"more\.css is \w+, locked is not there"):
        assets.compare([package])


def test_another_licence_is_named(package: assets.Package) -> None:
    package.licence = "proprietary"
    with pytest.raises(assets.AssetsError, match="licence is proprietary, locked is MIT"):
        assets.compare([package])


@pytest.mark.parametrize("packages", [[], [assets.Package("other", "1", "MIT")]])
def test_another_set_of_packages_is_refused(package: assets.Package, packages: list[assets.Package]) -> None:
    with pytest.raises(assets.AssetsError, match="sample: in the lock, but not installed"):
        assets.compare(packages)


def test_an_unreadable_lock_is_refused(package: assets.Package) -> None:
    assets.LOCK.write_text("{", "utf-8")
    with pytest.raises(assets.AssetsError, match="cannot be read"):
        assets.compare([package])


@pytest.mark.parametrize("folder", [assets.VENDOR, assets.PRINTING])
def test_what_is_installed_has_the_locked_hashes(folder: Path) -> None:
    locked = {
        entry["name"]: entry["files"] for entry in json.loads(assets.LOCK.read_text("utf-8"))["packages"]
    }
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["packages"]
    for entry in manifest["packages"]:
        found = assets.Package(
            entry["name"], "", "", {path: (folder / path).read_bytes() for path in entry["files"]}
        )
        assert found.hashes() == locked[entry["name"]]


def test_the_font_style_sheet_names_only_files_that_are_served() -> None:
    sheet = (assets.VENDOR / "biz-udpgothic.css").read_text("utf-8")
    named = {part.split('"', 1)[0] for part in sheet.split('url("')[1:]}
    served = {f"fonts/{path.name}" for path in (assets.VENDOR / "fonts").iterdir()}
    assert named == served
    assert sheet.count("font-display:swap") == len(named)
