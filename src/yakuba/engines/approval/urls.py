"""Addresses of the 決裁箱; all of them are the desk's."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.engines.approval.views import absences, box, drafting, proposal, table
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet

_DESK = "<code6:code>/desk/approvals/"
_ONE = f"{_DESK}<uuid:proposal_id>/"

portal: list[URLPattern] = []
desk: list[URLPattern] = [
    path(_DESK, box.box, name="approval-box"),
    path(f"{_DESK}box.<sheet:file_format>", box.box_sheet, name="approval-box-sheet"),
    path(_ONE, proposal.show_proposal, name="approval-proposal"),
    path(f"{_ONE}act/", proposal.act, name="approval-act"),
    path(f"{_ONE}read/<uuid:step_id>/", proposal.read, name="approval-read"),
    path(f"{_ONE}draft/", drafting.draft, name="approval-draft"),
    path(f"{_DESK}rules/", table.rules, name="approval-rules"),
    path(f"{_DESK}rules.<sheet:file_format>", table.rules_sheet, name="approval-rules-sheet"),
    path(f"{_DESK}rules/<uuid:rule_id>/", table.rule, name="approval-rule"),
    path(f"{_DESK}rules/new/", table.new_rule, name="approval-rule-new"),
    path(f"{_DESK}rules/import/", table.upload, name="approval-rules-import"),
    path(f"{_DESK}rules/import/confirm/", table.confirm, name="approval-rules-confirm"),
    path(f"{_DESK}absences/", absences.absences, name="approval-absences"),
    path(f"{_DESK}absences.<sheet:file_format>", absences.absences_sheet, name="approval-absences-sheet"),
    path(f"{_DESK}absences/<uuid:absence_id>/end/", absences.end, name="approval-absence-end"),
]
