"""The living style page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.ui.style import STYLE_LIST, TEMPLATES, context


def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state. `?shell=desk` and the like show them in the other frames."""
    state = STYLE_LIST.parse(request.GET)
    shell = state.extra.get("shell", "portal")
    return render(request, TEMPLATES.get(shell, "ui/style.html"), context(request.path, shell, state))
