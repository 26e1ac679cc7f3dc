"""Addresses of what came in: entering what came on paper, and the files of a filing."""

from django.urls import path

from yakuba.services.procedures.views.desk import entering, filings

_DESK = "<code6:code>/desk/"

cases = [
    path(f"{_DESK}cases/enter/", entering.choose, name="procedures-enter"),
    path(f"{_DESK}cases/enter/<uuid:procedure_id>/", entering.enter, name="procedures-enter-form"),
    path(
        f"{_DESK}filings/<uuid:filing_id>/files/<uuid:attachment_id>/",
        filings.attachment,
        name="procedures-attachment",
    ),
    path(f"{_DESK}filings/<uuid:filing_id>/as-made/", filings.as_made, name="procedures-as-made"),
    path(f"{_DESK}filings/<uuid:filing_id>/scan/", filings.add_scan, name="procedures-add-scan"),
]
