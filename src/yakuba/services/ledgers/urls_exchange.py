"""Addresses of tables that go into a ledger and out of it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yakuba.kernel.ui import converters  # noqa: F401 – registers <code6:…> and <sheet:…>
from yakuba.services.ledgers.views import exchange, exchange_forms, exchange_out

_KEY = "<code6:code>/desk/ledgers/<slug:key>/"
_BATCH = f"{_KEY}import/<uuid:batch_id>/"

desk: list[URLPattern | URLResolver] = [
    path(f"{_KEY}export/", exchange_out.ways, name="ledgers-export-ways"),
    path(f"{_KEY}export/list.<sheet:file_format>", exchange_out.sheet, name="ledgers-export"),
    path(f"{_KEY}export/shift-jis.csv", exchange_out.old_csv, name="ledgers-export-old"),
    path(f"{_KEY}export/places/<slug:sort>/", exchange_out.places, name="ledgers-export-places"),
    path(f"{_KEY}import/", exchange.choose, name="ledgers-import"),
    path(_BATCH, exchange.batch, name="ledgers-batch"),
    path(f"{_BATCH}wrong.<sheet:file_format>", exchange.wrong, name="ledgers-batch-wrong"),
    path(f"{_KEY}forms/", exchange_forms.index, name="ledgers-forms"),
    path(f"{_KEY}forms/list.pdf", exchange_forms.whole, name="ledgers-print-list"),
    path(f"{_KEY}forms/<uuid:entry_id>.pdf", exchange_forms.one_entry, name="ledgers-print-entry"),
    path(f"{_KEY}forms/<slug:form>/", exchange_forms.letter, name="ledgers-form"),
    path(f"{_KEY}forms/runs/<uuid:run_id>/", exchange_forms.run, name="ledgers-letters"),
    path(f"{_BATCH}file/", exchange.original, name="ledgers-batch-file"),
]
