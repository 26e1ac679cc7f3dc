"""国土地理院's parameter files, which an operator fetches there and puts into a folder (setting ``YAKUBA_GSI_PARAMETERS``).

``TKY2JGD.par`` (old Japanese datum → JGD2000) and ``touhokutaiheiyouoki2011.par`` (PatchJGD: JGD2000 → JGD2011). They are not part of this
house and nothing fetches them.

Format: lines of header, the last begins with ``MeshCode``; then a line for each corner: third-level mesh code (JIS X 0410, 8 digits,
30″ of latitude × 45″ of longitude), dB and dL in seconds, valid at the mesh's south-western corner. Inside a mesh they are interpolated
between its four corners (飛田, 2001, 世界測地系移行のための座標変換ソフトウェア“TKY2JGD”, 国土地理院時報 97).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem

Floats = npt.NDArray[np.float64]

TOKYO_FILE: Final = "TKY2JGD.par"
MOVED_FILE: Final = "touhokutaiheiyouoki2011.par"

_PER_DEGREE: Final = (120, 80)  # corners per degree of latitude and of longitude
_ROW: Final = 100_000  # larger than any column
_MAX_SIZE: Final = 64 * 1024 * 1024
_HEAD: Final = re.compile(rb"^MeshCode\s+dB\(sec\)\s+dL\(sec\)[^\r\n]*\r?\n", re.MULTILINE)
_TITLE: Final = {TOKYO_FILE: b"JGD2000-TokyoDatum", MOVED_FILE: b"PatchJGD"}


@dataclass(frozen=True, slots=True)
class Grid:
    """Shifts at the corners of meshes: sorted keys, and (n, 2) shifts in degrees, latitude first."""

    version: str
    keys: npt.NDArray[np.int64]
    shifts: Floats

    def at(self, points: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """For (n, 2) points, longitude and latitude in degrees: the shift of each (the same order), and whether the file covers it.

        A point whose mesh lacks a corner is not covered; its shift is 0.
        """
        covered = (points[:, 0] >= 100) & (points[:, 0] < 180) & (points[:, 1] >= 0) & (points[:, 1] < 66)
        known = np.where(covered[:, None], points, (100.0, 0.0))
        rows = known[:, 1] * _PER_DEGREE[0]
        columns = (known[:, 0] - 100) * _PER_DEGREE[1]
        row, column = np.floor(rows), np.floor(columns)
        up, right = rows - row, columns - column
        key = row.astype(np.int64) * _ROW + column.astype(np.int64)
        shift = np.zeros((len(points), 2))
        corners = (
            (0, (1 - up) * (1 - right)),
            (1, (1 - up) * right),
            (_ROW, up * (1 - right)),
            (_ROW + 1, up * right),
        )
        for beside, weight in corners:
            place = np.minimum(np.searchsorted(self.keys, key + beside), len(self.keys) - 1)
            covered &= self.keys[place] == key + beside
            shift += self.shifts[place] * weight[:, None]
        shift[~covered] = 0
        return shift[:, ::-1], covered


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the operator has: either file or none."""

    tokyo: Grid | None = None
    moved: Grid | None = None


NONE: Final = Parameters()


def parse(data: bytes, name: str) -> Grid:
    """A parameter file's content; ``name`` is :data:`TOKYO_FILE` or :data:`MOVED_FILE`. Raises :class:`Problem`."""
    head = _HEAD.search(data)
    if head is None or _TITLE[name] not in data[: head.start()]:
        raise _broken(name, "MeshCode dB(sec) dL(sec)")
    try:
        numbers = np.array(data[head.end() :].split(), dtype=np.float64)
        rows = numbers.reshape(-1, 3)
    except ValueError as exc:
        raise _broken(name, _("メッシュコード・緯度差・経度差の3列")) from exc
    codes = rows[:, 0].astype(np.int64)
    if not len(rows) or not np.isfinite(rows).all() or (codes != rows[:, 0]).any():
        raise _broken(name, _("8桁のメッシュコード"))
    keys = _keys(codes, name)
    order = np.argsort(keys)
    keys = keys[order]
    if (np.diff(keys) == 0).any():
        raise _broken(name, _("重複のないメッシュコード"))
    version = data[: head.start()].split(b"\n", 1)[0].decode("cp932", "replace")
    return Grid(" ".join(version.split()), keys, rows[order, 1:] / 3600)


def _keys(codes: npt.NDArray[np.int64], name: str) -> npt.NDArray[np.int64]:
    first_row, first_column = codes // 1_000_000, codes // 10_000 % 100
    second_row, second_column = codes // 1000 % 10, codes // 100 % 10
    third_row, third_column = codes // 10 % 10, codes % 10
    if ((codes < 10_000_000) | (codes > 99_999_999) | (second_row > 7) | (second_column > 7)).any():
        raise _broken(name, _("8桁のメッシュコード"))
    row = (first_row * 8 + second_row) * 10 + third_row
    column = (first_column * 8 + second_column) * 10 + third_column
    return row * _ROW + column


def _broken(name: str, expected: str) -> Problem:
    return Problem(
        "parameters_broken",
        _(
            "国土地理院のパラメータファイル「%s」を読めません。国土地理院のページから取り直して、そのまま置いてください。"
        )
        % name,
        field="YAKUBA_GSI_PARAMETERS",
        found=name,
        expected=expected,
    )


def configured() -> Parameters:
    """The files in the folder that the operator has set; none without one. Raises :class:`Problem` for a folder or file it cannot read."""
    folder = str(settings.GSI_PARAMETERS)
    return load(Path(folder)) if folder else NONE


def load(folder: Path) -> Parameters:
    """The files in a folder, whatever case their names are in. Read again when they change."""
    try:
        present = {path.name.lower(): path for path in folder.iterdir() if path.is_file()}
        found: dict[str, Grid] = {}
        for name in (TOKYO_FILE, MOVED_FILE):
            path = present.get(name.lower())
            if path is not None:
                stat = path.stat()
                found[name] = _read(path, name, stat.st_mtime_ns, stat.st_size)
    except OSError as exc:
        raise Problem(
            "parameters_folder",
            _(
                "国土地理院のパラメータファイルのフォルダー「%s」を読めません。YAKUBA_GSI_PARAMETERSを確かめてください。"
            )
            % folder,
            field="YAKUBA_GSI_PARAMETERS",
            found=str(folder),
            expected=f"{TOKYO_FILE}・{MOVED_FILE}",
        ) from exc
    return Parameters(found.get(TOKYO_FILE), found.get(MOVED_FILE))


@lru_cache(maxsize=4)
def _read(path: Path, name: str, _changed: int, size: int) -> Grid:
    if size > _MAX_SIZE:
        raise _broken(name, f"{_MAX_SIZE // 1024 // 1024}MB")
    return parse(path.read_bytes(), name)
