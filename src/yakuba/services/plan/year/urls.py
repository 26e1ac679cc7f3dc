"""Addresses of the plan's year; the plan's own list takes them in."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.services.plan.year.views import (
    check,
    exceptions,
    observations,
    report,
    reviews,
    sheets,
)
from yakuba.services.plan.year.views import (
    portal as public,
)

_PAST = "<code6:code>/plan/record/<slug:kind>/<uuid:subject>/<int:number>/"

portal: list[URLPattern] = [
    path("<code6:code>/plan/<year4:year>/report/", public.report, name="plan-report"),
    path("<code6:code>/plan/<year4:year>/report.<sheet:name>", public.report_sheet, name="plan-report-sheet"),
    path("<code6:code>/plan/record/", public.record, name="plan-record"),
    path(_PAST, public.record_one, name="plan-record-one"),
    path(f"{_PAST}<uuid:identity>/", public.record_initiative, name="plan-record-initiative"),
]

_DESK = "<code6:code>/desk/plan/reviews/"
_ROUND = f"{_DESK}rounds/<uuid:round_id>/"
_ONE = f"{_DESK}<uuid:review_id>/"
_EDITION = "<code6:code>/desk/plan/editions/<uuid:edition_id>/observations/"
_SEEN = "<code6:code>/desk/plan/observations/<uuid:observation_id>/"

desk: list[URLPattern] = [
    path(f"{_DESK}items/<uuid:item_id>/", reviews.of_item, name="plan-year-item"),
    path(_ONE, reviews.review, name="plan-year-review"),
    path(f"{_ONE}answer/", reviews.answer, name="plan-year-answer"),
    path(f"{_ONE}evidence/", reviews.evidence, name="plan-year-evidence"),
    path(f"{_ONE}evidence/<uuid:evidence_id>/", reviews.file, name="plan-year-file"),
    path(_ROUND, check.check, name="plan-year-check"),
    path(f"{_ROUND}act/", check.act, name="plan-year-check-act"),
    path(f"{_ROUND}answers.<sheet:file_format>", sheets.sheet, name="plan-year-sheet"),
    path(f"{_ROUND}sheet/", sheets.upload, name="plan-year-grid"),
    path(f"{_ROUND}sheet/confirm/", sheets.confirm, name="plan-year-grid-confirm"),
    path(f"{_ROUND}report/", report.report, name="plan-year-report"),
    path(f"{_ROUND}report/publish/", report.publish, name="plan-year-report-publish"),
    path(f"{_ROUND}report/withdraw/", report.withdraw, name="plan-year-report-withdraw"),
    path(f"{_DESK}agenda/<uuid:item_id>/", exceptions.exceptions, name="plan-year-exceptions"),
    path(_EDITION, observations.index, name="plan-year-observations"),
    path(f"{_EDITION}new/", observations.new, name="plan-year-observe"),
    path(_SEEN, observations.observation, name="plan-year-observation"),
    path(f"{_SEEN}change/", observations.change, name="plan-year-observation-change"),
    path(f"{_SEEN}decide/", observations.decide, name="plan-year-observation-decide"),
    path(f"{_SEEN}act/", observations.act, name="plan-year-observation-act"),
]
