"""Addresses of the board and of figures down to what they rest on; the plan's own list takes them in."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and year4
from yakuba.services.plan.scoreboard import desk as pages
from yakuba.services.plan.scoreboard import portal as public

_EDITION = "<code6:code>/plan/<year4:year>/"
_FIGURE = f"{_EDITION}<uuid:identity>/indicators/<int:number>/"

portal: list[URLPattern] = [
    path(f"{_EDITION}scoreboard/", public.scoreboard, name="plan-scoreboard"),
    path(_FIGURE, public.figure, name="plan-figure"),
    path(f"{_FIGURE}values.<sheet:name>", public.figure_sheet, name="plan-figure-sheet"),
]

_DESK = "<code6:code>/desk/plan/"
_DRAFT = f"{_DESK}editions/<uuid:edition_id>/"

desk: list[URLPattern] = [
    path(f"{_DESK}board/", pages.board_now, name="plan-desk-board-now"),
    path(f"{_DRAFT}board/", pages.board, name="plan-desk-board"),
    path(f"{_DRAFT}board.<sheet:file_format>", pages.board_sheet, name="plan-desk-board-sheet"),
    path(
        f"{_DESK}initiatives/<uuid:initiative_id>/indicators/<int:number>/",
        pages.figure,
        name="plan-desk-figure",
    ),
]
