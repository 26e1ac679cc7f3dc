"""Addresses of the citizens' pages of procedures."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet
from yakuba.services.procedures.views.portal import catalogue, filling, following, notices, starting

_ALL = "<code6:code>/procedures/"
_FILLING = f"{_ALL}applying/<uuid:filling_id>/"
_SENT = f"{_ALL}applications/<uuid:submission_id>/"

portal: list[URLPattern] = [
    path(_ALL, catalogue.listed, name="procedures-list"),
    path("<code6:code>/procedures.<sheet:name>", catalogue.listed_sheet, name="procedures-list-sheet"),
    path(f"{_ALL}<uuid:procedure_id>/", catalogue.procedure, name="procedures-procedure"),
    path(f"{_ALL}<uuid:procedure_id>/start/", starting.start, name="procedures-start"),
    path(f"{_ALL}resume/<str:token>/", starting.resume, name="procedures-resume"),
    path(_FILLING, filling.open_filling, name="procedures-filling"),
    path(f"{_FILLING}pages/<slug:section>/", filling.page, name="procedures-page"),
    path(f"{_FILLING}files/<uuid:upload_id>/", filling.file, name="procedures-file"),
    path(f"{_FILLING}reach/", filling.reach_page, name="procedures-reach"),
    path(f"{_FILLING}check/", filling.check, name="procedures-check"),
    path(f"{_FILLING}keep/", starting.keep_page, name="procedures-keep"),
    path(f"{_FILLING}discard/", starting.discard_page, name="procedures-discard"),
    path(f"{_ALL}status/", following.status, name="procedures-status"),
    path(_SENT, following.application, name="procedures-application"),
    path(f"{_SENT}receipt/", following.receipt, name="procedures-receipt"),
    path(f"{_SENT}copy/", following.copy, name="procedures-copy"),
    path(f"{_SENT}message/", following.message, name="procedures-message"),
    path(f"{_SENT}withdraw/", following.withdraw_page, name="procedures-withdraw"),
    path(f"{_SENT}releases/<uuid:release_id>/correct/", notices.correct_start, name="procedures-correct"),
    path(f"{_SENT}releases/<uuid:release_id>/open/", notices.open_document, name="procedures-open"),
    path(f"{_SENT}releases/<uuid:release_id>/file/", notices.document, name="procedures-document"),
    path(f"{_ALL}earlier/<uuid:answer_id>/forget/", notices.forget, name="procedures-forget"),
]
