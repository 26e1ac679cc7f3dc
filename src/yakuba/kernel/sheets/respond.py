"""A table as the answer to a request."""

from __future__ import annotations

import tempfile
from typing import Final, Literal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from yakuba.kernel.files.content import XLSX
from yakuba.kernel.sheets import csv_out, xlsx
from yakuba.kernel.sheets.table import Table

Format = Literal["xlsx", "csv"]
FORMATS: Final[tuple[Format, ...]] = ("xlsx", "csv")


def exports(name: str, *args: object) -> dict[str, str]:
    """The addresses of a list's files by their label; ``name`` is that of an address whose last part is the format."""
    return {ending.upper(): reverse(name, args=[*args, ending]) for ending in FORMATS}


def respond(
    table: Table, file_format: Format, filename: str, *more: Table, public: bool = False
) -> HttpResponseBase:
    """The file as an attachment. ``filename`` is without its ending and may be Japanese (RFC 6266, RFC 5987).

    ``more`` are further sheets of the workbook; a CSV file has none.

    Desk answers leave no copy in any cache. ``public`` ones may be cached by whoever sets an ETag; ValueError when one of their
    columns is not public.
    """
    if public and not all(one.is_public for one in (table, *more)):
        raise ValueError(f"{table.name}: a public file holds public columns alone")
    response: HttpResponseBase
    if file_format == "csv":
        response = StreamingHttpResponse(csv_out.lines(table), content_type="text/csv; charset=utf-8")
    else:
        # A workbook is whole or nothing; on disk it may be larger than memory, and is gone once it was sent.
        file = tempfile.TemporaryFile()  # noqa: SIM115 – the response closes it
        try:
            xlsx.write_all([table, *more], file)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        response = FileResponse(file, content_type=XLSX)
    disposition = content_disposition_header(as_attachment=True, filename=f"{filename}.{file_format}")
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    if not public:
        response["Cache-Control"] = "no-store"
    return response
