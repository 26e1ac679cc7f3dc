"""The newest block of each municipality, written outside the database.

A chain alone proves nothing against its owner, who can compute it anew. A head that was copied elsewhere (to another machine, on
paper in a plan book) ties the chain to a day. Each file names the one before it with its SHA-256, so that none of them goes or changes
unseen while a later one is there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery

from yakuba.kernel.dates import clock
from yakuba.kernel.plugins import crash
from yakuba.kernel.town.models import Municipality
from yakuba.kernel.trail.models import TrailBlock


@dataclass(frozen=True)
class Head:
    """The newest block of a municipality: its code, the block's number and hash, when it was sealed (ISO 8601, UTC)."""

    municipality: str
    number: int
    hash: str
    sealed_at: str


@dataclass(frozen=True)
class Kept:
    """What one file says: the heads of its day, and the file before it (name and SHA-256; both empty in the first)."""

    heads: tuple[Head, ...]
    previous: str
    sha256: str


class BadHeads(ValueError):
    """A file of heads that cannot be read; the message says why."""


def folder() -> Path:
    """Where the files are (YAKUBA_TRAIL_HEADS)."""
    return Path(settings.TRAIL_HEADS)


def newest(municipality_id: UUID) -> Head | None:
    """The head of one municipality as it stands now, None before its first block; for printing in a plan book."""
    return next(_heads(municipality_id), None)


def _heads(municipality_id: UUID | None = None) -> Iterator[Head]:
    last = TrailBlock.unscoped.filter(municipality=OuterRef("pk")).order_by("-number").values("pk")[:1]
    towns = (
        Municipality.unscoped.all()
        if municipality_id is None
        else Municipality.unscoped.filter(pk=municipality_id)
    )
    blocks = TrailBlock.unscoped.filter(pk__in=towns.annotate(last=Subquery(last)).values("last"))
    for block in blocks.select_related("municipality").order_by("municipality__code"):
        sealed = block.sealed_at.astimezone(dt.UTC).isoformat()
        yield Head(block.municipality.code, block.number, block.hash, sealed)


def path_of(day: dt.date) -> Path:
    """Where the heads of a day stand."""
    return folder() / f"{day:%Y-%m-%d}.json"


def write(day: dt.date | None = None) -> Path | None:
    """Write the heads of a day (today in Japan) to ``YYYY-MM-DD.json``, one JSON object a line, whole or not at all.

    A file that is there is evidence and stays as it is. Before the first block there is nothing to write, and None is returned.
    OSError when the folder cannot be written.
    """
    target = path_of(day or clock.today())
    if target.exists():
        return target
    found = list(_heads())
    if not found:
        return None
    before = [path for path in files() if path.name < target.name]
    link = {
        "previous": before[-1].name if before else "",
        "sha256": sha256(before[-1]) if before else "",
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        for line in (link, *map(asdict, found)):
            file.write(json.dumps(line, ensure_ascii=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    crash.point("trail.before-heads-rename")
    temporary.replace(target)
    _sync_folder(target.parent)
    return target


def sha256(path: Path) -> str:
    """The digest by which the next file names this one."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync_folder(path: Path) -> None:
    """A rename survives a power cut only when its folder is on disk too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def files() -> list[Path]:
    """All files of heads, oldest first."""
    return sorted(folder().glob("????-??-??.json"))


def read(path: Path) -> Kept:
    """One file of heads. Raises :class:`BadHeads`, also for one that holds none: such a file is never written."""
    try:
        lines = path.read_text("utf-8").splitlines()
        link, *raw = [json.loads(line) for line in lines if line.strip()]
        found = tuple(
            Head(str(one["municipality"]), int(one["number"]), str(one["hash"]), str(one["sealed_at"]))
            for one in raw
        )
        kept = Kept(found, str(link["previous"]), str(link["sha256"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadHeads(f"{path.name}: {error}") from error
    if not found:
        raise BadHeads(f"{path.name}: no head")
    return kept
