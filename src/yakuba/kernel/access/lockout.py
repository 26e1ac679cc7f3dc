"""The page after too many failures."""

from __future__ import annotations

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yakuba.kernel.ui.shells import PlainPage


def locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, _credentials: dict[str, str] | None = None
) -> HttpResponse:
    """429 with how long to wait. It says the same for a user name that does not exist."""
    wait = get_cool_off(request)
    minutes = int(wait.total_seconds() // 60) if wait else 0
    response = render(
        request,
        "access/locked.html",
        {"page": PlainPage(title=_("サインインを一時的に止めました")), "minutes": minutes},
        status=429,
    )
    response["Retry-After"] = str(minutes * 60)
    return response
