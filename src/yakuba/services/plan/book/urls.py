"""Addresses of the book."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and year4
from yakuba.services.plan.book import desk as pages
from yakuba.services.plan.book import portal as public

_EDITION = "<code6:code>/plan/<year4:year>/"
_DESK = "<code6:code>/desk/plan/"
_DRAFT = f"{_DESK}editions/<uuid:edition_id>/"
_BOOK = f"{_DESK}books/<uuid:book_id>/"
_TEMPLATES = f"{_DESK}book-templates/"

portal: list[URLPattern] = [
    path(f"{_EDITION}book.<str:ending>", public.book, name="plan-book"),
]

desk: list[URLPattern] = [
    path(f"{_DRAFT}book/", pages.book, name="plan-desk-book"),
    path(f"{_DRAFT}book/public/", pages.public, name="plan-desk-book-public"),
    path(_BOOK, pages.made, name="plan-desk-book-made"),
    path(f"{_BOOK}file", pages.file, name="plan-desk-book-file"),
    path(f"{_BOOK}release/", pages.release, name="plan-desk-book-release"),
    path(_TEMPLATES, pages.templates, name="plan-desk-book-templates"),
    path(f"{_TEMPLATES}<str:key>.xlsx", pages.template_file, name="plan-desk-book-template-file"),
    path(
        f"{_TEMPLATES}<uuid:template_id>/choose/",
        pages.template_choose,
        name="plan-desk-book-template-choose",
    ),
    path(
        f"{_TEMPLATES}<uuid:template_id>/retire/",
        pages.template_retire,
        name="plan-desk-book-template-retire",
    ),
]
