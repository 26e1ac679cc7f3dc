"""Receiving uploads: what is larger than any file of ours is dropped while it still streams in."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.limits import in_mb


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to a private temporary file, up to the size limit; see :func:`received`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        self.bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.bytes += len(raw_data)
        if self.bytes > LIMITS.size:
            # The rest is read and thrown away: a connection that is cut shows the person no message.
            setattr(self.request, _TOO_LARGE, True)
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


_TOO_LARGE = "yakuba_upload_too_large"


def received(request: HttpRequest, key: str) -> UploadedFile:
    """The file of a form field. Raises :class:`Problem` when none was chosen, or when it was too large to be received."""
    found = request.FILES.get(key)
    if getattr(request, _TOO_LARGE, False):
        raise Problem(
            "file_too_large",
            _("ファイルが大きすぎます。%(most)sまでにしてください。") % {"most": in_mb(LIMITS.size)},
            field=key,
            expected=str(LIMITS.size),
        )
    if not isinstance(found, UploadedFile) or found.name is None:
        raise Problem("required", _("ファイルを選んでください。"), field=key)
    return found
