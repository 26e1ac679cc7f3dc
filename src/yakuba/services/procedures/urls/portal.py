"""Addresses of the citizens' pages of procedures."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet
from yakuba.services.procedures.views.portal import catalogue, filling, following, notices, starting

_filling: list[URLPattern] = [
    path("", filling.open_filling, name="procedures-filling"),
    path("pages/<slug:section>/", filling.page, name="procedures-page"),
    path("files/<uuid:upload_id>/", filling.file, name="procedures-file"),
    path("reach/", filling.reach_page, name="procedures-reach"),
    path("check/", filling.check, name="procedures-check"),
    path("keep/", starting.keep_page, name="procedures-keep"),
    path("discard/", starting.discard_page, name="procedures-discard"),
]

_sent: list[URLPattern] = [
    path("", following.application, name="procedures-application"),
    path("receipt/", following.receipt, name="procedures-receipt"),
    path("copy/", following.copy, name="procedures-copy"),
    path("message/", following.message, name="procedures-message"),
    path("withdraw/", following.withdraw_page, name="procedures-withdraw"),
    path("releases/<uuid:release_id>/correct/", notices.correct_start, name="procedures-correct"),
    path("releases/<uuid:release_id>/open/", notices.open_document, name="procedures-open"),
    path("releases/<uuid:release_id>/file/", notices.document, name="procedures-document"),
]

_procedures: list[URLPattern | URLResolver] = [
    path("", catalogue.listed, name="procedures-list"),
    path("<uuid:procedure_id>/", catalogue.procedure, name="procedures-procedure"),
    path("<uuid:procedure_id>/start/", starting.start, name="procedures-start"),
    path("resume/<str:token>/", starting.resume, name="procedures-resume"),
    path("applying/<uuid:filling_id>/", include(_filling)),
    path("status/", following.status, name="procedures-status"),
    path("applications/<uuid:submission_id>/", include(_sent)),
    path("earlier/<uuid:answer_id>/forget/", notices.forget, name="procedures-forget"),
]

# In groups: an address is looked for from the top, and whoever sends an application waits for it beside many others.
portal: list[URLPattern | URLResolver] = [
    path("<code6:code>/procedures/", include(_procedures)),
    path("<code6:code>/procedures.<sheet:name>", catalogue.listed_sheet, name="procedures-list-sheet"),
]
