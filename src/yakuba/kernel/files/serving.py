"""Handing a stored file to a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags, quote_etag

from yakuba.kernel.actions import Context, Missing, Permission
from yakuba.kernel.files import store
from yakuba.kernel.files.backends import CHUNK
from yakuba.kernel.files.models import StoredFile

M = TypeVar("M", bound=Model)
_RANGE: Final = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


def serve(
    request: HttpRequest, ctx: Context, stored: StoredFile, *, owner: M, permission: Permission[M]
) -> HttpResponseBase:
    """The file's bytes, whole or in one range, for an actor who may see the record that owns it.

    Raises :class:`Missing` for one who may not, and where the file belongs to another municipality. The type is the one we
    found ourselves; what others made is always an attachment and runs in no page.
    """
    if stored.municipality_id != ctx.municipality.id or not permission.may(ctx, owner).allowed:
        raise Missing
    try:
        stream = store.open(stored)
    except FileNotFoundError as exc:
        raise Missing from exc
    etag = quote_etag(stored.sha256)
    response: HttpResponseBase
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        stream.close()
        response = HttpResponse(status=304)
    else:
        response = _body(request, stored, stream, etag)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=not stored.made_by_us, filename=stored.name) or "attachment"
    )
    # A public file may wait in a cache as long as it is asked for again; anything else leaves no copy behind.
    response["Cache-Control"] = "no-cache" if stored.file_class == "public" else "no-store"
    return response


def _body(request: HttpRequest, stored: StoredFile, stream: BinaryIO, etag: str) -> HttpResponseBase:
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        wanted = ""
    part = _part(wanted, stored.size)
    if part is None:
        stream.close()
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{stored.size}"
        return refused
    first, length, partial = part
    response = StreamingHttpResponse(
        _Blocks(stream, first, length), status=206 if partial else 200, content_type=stored.content_type
    )
    response["Content-Length"] = str(length)
    if partial:
        response["Content-Range"] = f"bytes {first}-{first + length - 1}/{stored.size}"
    return response


def _part(wanted: str, size: int) -> tuple[int, int, bool] | None:
    """(first byte, length, is it a part) for a Range header; None for one that cannot be met.

    Several ranges at once, and what is no range of bytes, are answered with the whole file (RFC 9110 §14.2).
    """
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or not (found["first"] or found["last"]):
        return 0, size, False
    if not found["first"]:
        length = min(int(found["last"]), size)
        return (size - length, length, True) if length else None
    first = int(found["first"])
    last = min(int(found["last"]), size - 1) if found["last"] else size - 1
    if found["last"] and int(found["last"]) < first:
        return 0, size, False
    return (first, last - first + 1, True) if first < size else None


class _Blocks(Iterator[bytes]):
    """A part of a stream; whoever sends the answer closes it, also when nothing of it was read (HEAD)."""

    def __init__(self, stream: BinaryIO, first: int, length: int) -> None:
        stream.seek(first)
        self._stream = stream
        self._left = length

    def __next__(self) -> bytes:
        block = self._stream.read(min(CHUNK, self._left))
        if not block:
            raise StopIteration
        self._left -= len(block)
        return block

    def close(self) -> None:
        self._stream.close()
