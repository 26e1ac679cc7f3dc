"""Receiving uploads: what is larger than any file of ours is dropped while it still streams in."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.limits import in_mb


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to private temporary files, up to the size limit for all of one request; see :func:`dropped`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        self.bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.bytes += len(raw_data)
        if self.bytes > LIMITS.size:
            # This file alone is read and thrown away: what else the form says, before and behind it, is kept, and a connection
            # that is cut would show the person no message.
            setattr(self.request, _TOO_LARGE, {*getattr(self.request, _TOO_LARGE, ()), self.field_name})
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


_TOO_LARGE = "yakuba_upload_too_large"


def dropped(request: HttpRequest, key: str) -> Problem | None:
    """What to say of a form field of which a file was too large to be received; None where all came in."""
    request.FILES  # noqa: B018 – the body is read when it is first asked for
    if key not in getattr(request, _TOO_LARGE, ()):
        return None
    return Problem(
        "file_too_large",
        _("ファイルが大きすぎます。1回に送れるのは、合わせて%(most)sまでです。")
        % {"most": in_mb(LIMITS.size)},
        field=key,
        expected=str(LIMITS.size),
    )


def received(request: HttpRequest, key: str) -> UploadedFile:
    """The file of a form field. Raises :class:`Problem` when none was chosen, or when it was too large to be received."""
    found = request.FILES.get(key)
    refused = dropped(request, key)
    if refused is not None:
        raise refused
    if not isinstance(found, UploadedFile) or found.name is None:
        raise Problem("required", _("ファイルを選んでください。"), field=key)
    return found
