"""Addresses of notices, number books and seals: the desk's alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.engines.casework.views import letters, notices, records
from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…> and <sheet:…>

_NOTICES = "<code6:code>/desk/notices/"
_BOOKS = "<code6:code>/desk/number-books/"
_SEALS = "<code6:code>/desk/seals/"

desk: list[URLPattern | URLResolver] = [
    path("<code6:code>/desk/cases/<uuid:case_id>/notice/", notices.draft, name="casework-notice-draft"),
    path(
        "<code6:code>/desk/cases/<uuid:case_id>/notice/discard/",
        notices.discard,
        name="casework-notice-discard",
    ),
    path(_NOTICES, letters.index, name="casework-notices"),
    path(f"{_NOTICES}list.<sheet:file_format>", letters.save, name="casework-notices-sheet"),
    path(f"{_NOTICES}<uuid:notice_id>/", notices.notice, name="casework-notice"),
    path(f"{_NOTICES}<uuid:notice_id>/preview/", notices.preview, name="casework-notice-preview"),
    path(f"{_NOTICES}<uuid:notice_id>/file/", notices.file, name="casework-notice-file"),
    path(f"{_NOTICES}<uuid:notice_id>/address/", notices.envelope, name="casework-notice-address"),
    path(_BOOKS, records.books, name="casework-books"),
    path(f"{_BOOKS}list.<sheet:file_format>", records.save_books, name="casework-books-sheet"),
    path(f"{_BOOKS}<uuid:book_id>/", records.book, name="casework-book"),
    path(_SEALS, records.seals, name="casework-seals"),
    path(f"{_SEALS}list.<sheet:file_format>", records.save_seals, name="casework-seals-sheet"),
    path(f"{_SEALS}<uuid:seal_id>/", records.seal, name="casework-seal"),
    path(f"{_SEALS}<uuid:seal_id>/print/", records.picture, name="casework-seal-picture"),
]
