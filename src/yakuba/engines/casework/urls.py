"""Addresses of cases: the desk's alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.engines.casework.notices.urls import desk as _notices
from yakuba.engines.casework.views import batch, case, inbox, mailboxes
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…> and <sheet:…>

_DESK = "<code6:code>/desk/cases/"

desk: list[URLPattern | URLResolver] = [
    path(_DESK, inbox.index, name="casework-inbox"),
    path(f"{_DESK}mine/", inbox.mine, name="casework-mine"),
    path(f"{_DESK}list.<sheet:file_format>", inbox.save, name="casework-sheet"),
    path(f"{_DESK}mine/list.<sheet:file_format>", inbox.save_mine, name="casework-mine-sheet"),
    path(f"{_DESK}batch/", batch.preview, name="casework-batch"),
    path(f"{_DESK}batch/do/", batch.do, name="casework-batch-do"),
    path(f"{_DESK}batch/done/", batch.done, name="casework-batch-done"),
    path(f"{_DESK}<uuid:case_id>/", case.page, name="casework-case"),
    path("<code6:code>/desk/case-mailboxes/", mailboxes.index, name="casework-mailboxes"),
    path(
        "<code6:code>/desk/case-mailboxes/list.<sheet:file_format>",
        mailboxes.save,
        name="casework-mailboxes-sheet",
    ),
    *_notices,
]
