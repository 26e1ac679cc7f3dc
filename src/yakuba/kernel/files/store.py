"""Keeping, opening and sweeping stored files.

The order is fixed (MECHANISMS §8): the bytes become durable *before* the transaction, the row refers to them inside it. A crash
in between leaves bytes without a row, which the sweeper takes after 24 hours; it never leaves a row without bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import unicodedata
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Context, Missing, Problem
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import INTERNAL, Classification, JsonValue
from yakuba.kernel.files import limits
from yakuba.kernel.files.backends import Backend, FolderBackend
from yakuba.kernel.files.content import content_type
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.plugins import crash

SWEEP_PAGE: Final = 500
GRACE: Final = dt.timedelta(hours=24)
_MAX_NAME: Final = 255


def backend() -> Backend:
    """The installation's backend."""
    return FolderBackend(Path(settings.HOME) / "files")


def put(data: bytes | BinaryIO) -> str:
    """Make bytes durable, outside any transaction, and return their SHA-256. Raises :class:`Problem` beyond the limits."""
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    limits.check(stream)
    digest = backend().put(stream)
    crash.point("files.kept")
    return digest


def refer(
    ctx: Context,
    sha256: str,
    name: str,
    *,
    classification: Classification = INTERNAL,
    retention_class: str,
    made_by_us: bool = False,
) -> StoredFile:
    """A row for bytes that :func:`put` made durable; call it inside an action.

    ``made_by_us`` says that the bytes are our own making (a re-encoded picture), which may be shown in the page. Raises
    :class:`Problem` when there are no such bytes (any more).
    """
    where = backend()
    if not where.touch(sha256):
        raise Problem(
            "file_gone", _("受け取ったファイルがなくなりました。もう一度選んでください。"), found=sha256[:12]
        )
    with where.open(sha256) as stream:
        size = stream.seek(0, io.SEEK_END)
        kind = content_type(stream)
    return StoredFile.unscoped.create(
        municipality_id=ctx.municipality.id,
        sha256=sha256,
        size=size,
        name=tidy_name(name),
        content_type=kind,
        file_class=classification.value,
        retention_class=retention_class,
        made_by_us=made_by_us,
        created_at=ctx.now,
    )


def keep(
    ctx: Context,
    data: bytes | BinaryIO,
    name: str,
    *,
    classification: Classification = INTERNAL,
    retention_class: str,
    made_by_us: bool = False,
) -> StoredFile:
    """:func:`put` and :func:`refer` in one, for small files. Large ones are put before the action begins."""
    return refer(
        ctx,
        put(data),
        name,
        classification=classification,
        retention_class=retention_class,
        made_by_us=made_by_us,
    )


def forget(ctx: Context, stored: StoredFile) -> None:
    """Delete the row, inside an action, which notes in the trail that it did; name and content leave no word there.

    The bytes stay as long as another row refers to them, and go with the first sweep that finds them 24 hours old. What refers to
    the row must be gone already: the database refuses the transaction otherwise (IntegrityError at its end). Nothing asks the other
    rooms' tables for such rows: the portal forgets a file too, and has the desk's tables nowhere in sight. Raises :class:`Missing`
    for another municipality's file.
    """
    if stored.municipality_id != ctx.municipality.id:
        raise Missing
    facts: JsonValue = {"sha256": stored.sha256, "size": stored.size, "content_type": stored.content_type}
    ctx.note(**{f"forgotten {stored.pk}": facts})
    found = StoredFile.unscoped.filter(pk=stored.pk)
    found._raw_delete(found.db)  # noqa: SLF001 – delete() would first look into every table that can refer to a file


def erase(sha256: str) -> bool:
    """Take bytes away at once that must not stay for the sweeper (a 個人番号 that came in by mistake); whether they went.

    Outside any transaction, when the row that referred to them is gone; they stay where another row refers to them.
    """
    return backend().remove(sha256, before=clock.now() + GRACE, unless=_rows_of(sha256).exists)


def retain(stored: StoredFile, retention_class: str) -> None:
    """From now on the file is kept as this class says: it became part of a record. Inside an action."""
    stored.retention_class = retention_class
    stored.save(update_fields=["retention_class"])


def open(stored: StoredFile) -> BinaryIO:  # noqa: A001 – store.open reads as what it is
    """A seekable stream of a file's bytes. FileNotFoundError when they were erased."""
    return backend().open(stored.sha256)


def sweep(now: dt.datetime | None = None) -> int:
    """Remove bytes that no row refers to and that nobody put for 24 hours; how many.

    Safe beside running writers. It only reads the database, and is to run outside a transaction: what it asks last must see what
    others have committed meanwhile.
    """
    before = (now or clock.now()) - GRACE
    where = backend()
    if isinstance(where, FolderBackend):
        where.remove_remains(before)

    kept = where.kept()
    count = 0
    # One question for a whole page finds what is worth a look; whether it goes is asked again under the backend's lock.
    while page := list(itertools.islice(kept, SWEEP_PAGE)):
        referred = set(
            StoredFile.unscoped.filter(sha256__in=page).values_list("sha256", flat=True).order_by().distinct()
        )
        for digest in page:
            if digest not in referred:
                count += where.remove(digest, before=before, unless=_rows_of(digest).exists)
    return count


def _rows_of(digest: str) -> QuerySet[StoredFile]:
    return StoredFile.unscoped.filter(sha256=digest)


def tidy_name(name: str) -> str:
    """A file name as a person may see it: no folders, no control characters, at most 255 characters with its ending."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(c for c in plain if unicodedata.category(c) not in {"Cc", "Cs", "Cf"}).strip()
    if plain.strip(".") == "":
        return _("無題")
    if len(plain) <= _MAX_NAME:
        return plain
    ending = PurePosixPath(plain).suffix[:20]
    return plain[: _MAX_NAME - len(ending)] + ending
