"""Addresses of ledgers: the desk's alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…> and <sheet:…>
from yakuba.services.ledgers import urls_exchange
from yakuba.services.ledgers.views import (
    beside,
    bulk,
    bulk_moves,
    bundles,
    dictionary,
    editing,
    entry,
    home,
    listed,
    moving,
    reports,
    rounds,
)

_ALL = "<code6:code>/desk/ledgers/"
_KEY = f"{_ALL}<slug:key>/"
_ONE = f"{_KEY}<uuid:entry_id>/"

desk: list[URLPattern | URLResolver] = [
    *urls_exchange.desk,
    path(_ALL, home.index, name="ledgers-home"),
    path(_KEY, listed.index, name="ledgers-list"),
    path(f"{_KEY}book/", home.arrange, name="ledgers-book"),
    path(f"{_KEY}new/", editing.new, name="ledgers-new"),
    path(f"{_KEY}bulk/", bulk.bulk, name="ledgers-bulk"),
    path(f"{_KEY}bulk/move/", bulk_moves.bulk_move, name="ledgers-bulk-move"),
    path(f"{_KEY}files/", bundles.choose, name="ledgers-bundles"),
    path(f"{_KEY}files/<uuid:bundle_id>/", bundles.bundle, name="ledgers-bundle"),
    path(f"{_KEY}files/<uuid:bundle_id>/<uuid:item_id>/", bundles.file, name="ledgers-bundle-file"),
    path(f"{_KEY}dictionary/", dictionary.page, name="ledgers-dictionary"),
    path(
        f"{_KEY}dictionary/list.<sheet:file_format>",
        dictionary.sheet,
        name="ledgers-dictionary-sheet",
    ),
    path(f"{_KEY}round/<slug:lines>/", rounds.page, name="ledgers-round"),
    path(f"{_KEY}reports/<slug:report>/", reports.page, name="ledgers-report"),
    path(
        f"{_KEY}reports/<slug:report>/list.<sheet:file_format>",
        reports.sheet,
        name="ledgers-report-sheet",
    ),
    path(_ONE, entry.page, name="ledgers-entry"),
    path(f"{_ONE}edit/", editing.edit, name="ledgers-edit"),
    path(f"{_ONE}move/", moving.move, name="ledgers-move"),
    path(f"{_ONE}note/", entry.note, name="ledgers-note"),
    path(f"{_ONE}beside/", beside.change, name="ledgers-beside"),
    path(f"{_ONE}files/", beside.add_file, name="ledgers-file-add"),
    path(f"{_ONE}files/<uuid:file_id>/", beside.file, name="ledgers-file"),
    path(f"{_ONE}compare/<uuid:other_id>/", moving.compare, name="ledgers-compare"),
]
