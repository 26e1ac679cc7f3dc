"""Too many failures: what counts as one, and the page that says so."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.ui.shells import PlainPage

# Reasons as they stand in the trail.
WRONG_PASSWORD = "パスワードの誤り"  # noqa: S105 – a reason
WRONG_CODE = "確認コードの誤り"
_MAX_KEY = 150  # as long as a user name; what axes has a column for


def username_key(
    request: HttpRequest,
    credentials: Mapping[str, Any] | None = None,  # Any: passwords and more, not read
) -> str:
    """One key for every way to write a user name, so that Kanri, ｋａｎｒｉ and « kanri » share one count.

    Upper case first: the database finds names without case, and there ı (dotless) is the I of ``KANRI``.
    """
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    return unicodedata.normalize("NFKC", str(typed)).strip().upper().casefold()[:_MAX_KEY]


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether this account is locked for the address of the request."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def count_wrong_code(request: HttpRequest, user: AbstractBaseUser, **_more: object) -> None:
    """A wrong code counts like a wrong password: axes keeps one count for all processes."""
    count_failure(request, user, WRONG_CODE)


def count_failure(request: HttpRequest, user: AbstractBaseUser, reason: str) -> None:
    """Count a failure of somebody whose user name is known; ``reason`` stands in the trail."""
    credentials = {"username": user.get_username()}
    user_login_failed.send(StaffAccount, credentials=credentials, request=request, reason=reason)


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
