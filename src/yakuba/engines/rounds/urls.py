"""Addresses of rounds; all of them are the desk's."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.engines.rounds.views import index, items, office_part, planning, reminders, round_page
from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet

_DESK = "<code6:code>/desk/rounds/"
_ONE = f"{_DESK}<uuid:round_id>/"
_PART = f"{_ONE}offices/<uuid:part_id>/"

portal: list[URLPattern] = []
desk: list[URLPattern] = [
    path(_DESK, index.index, name="rounds-index"),
    path(f"{_DESK}rounds.<sheet:file_format>", index.save, name="rounds-sheet"),
    path(f"{_DESK}new/", planning.new, name="rounds-new"),
    path(_ONE, round_page.show_round, name="rounds-round"),
    path(f"{_ONE}board.<sheet:file_format>", round_page.save, name="rounds-board-sheet"),
    path(f"{_ONE}act/", round_page.act, name="rounds-act"),
    path(f"{_ONE}edit/", planning.edit, name="rounds-edit"),
    path(f"{_ONE}letter/", round_page.letter, name="rounds-letter"),
    path(f"{_ONE}items/", items.index, name="rounds-items"),
    path(f"{_ONE}items.<sheet:file_format>", items.save, name="rounds-items-sheet"),
    path(f"{_ONE}items/act/", items.act, name="rounds-items-act"),
    path(f"{_ONE}reminders/", reminders.index, name="rounds-reminders"),
    path(f"{_ONE}reminders.<sheet:file_format>", reminders.save, name="rounds-reminders-sheet"),
    path(_PART, office_part.show_part, name="rounds-part"),
    path(f"{_PART}act/", office_part.act, name="rounds-part-act"),
    path(f"{_PART}<uuid:item_id>/", office_part.history, name="rounds-item"),
]
