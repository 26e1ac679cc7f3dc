"""Too many failures: what counts as one, and the page that says so."""

from __future__ import annotations

from axes.helpers import get_cool_off
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yakuba.kernel.ui.shells import PlainPage


def count_wrong_code(sender: object, request: HttpRequest, user: AbstractBaseUser, **_more: object) -> None:
    """A wrong code counts like a wrong password: axes keeps one count for all processes."""
    user_login_failed.send(sender, credentials={"username": user.get_username()}, request=request)


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
