"""The session of a member of staff: signed in with a second factor, and not idle for too long (counter PCs are shared)."""

from __future__ import annotations

import datetime as dt

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.actions import Denied
from yakuba.kernel.dates import clock

SECOND_FACTOR = "second_factor"
"""Session key: this sign-in passed a second factor, or the directory vouched for it."""
AFTER = "after_second_factor"
"""Session key: where the person was going when the second factor had to be set up."""
_SEEN = "seen"
_SEEN_EVERY = 60  # seconds: not every page writes the session
_FRESH = dt.timedelta(minutes=10)


def admit(request: HttpRequest) -> StaffAccount | HttpResponseBase:
    """The account that may enter the desk, or the way to the page where it has to go first."""
    account = request.user
    if isinstance(account, SimpleLazyObject):
        account = get_user(request)  # the account itself: actions look at its class
    if not isinstance(account, StaffAccount):
        return to_sign_in(request)
    if _idle(request):
        logout(request)
        return to_sign_in(request, idle=True)
    if not request.session.get(SECOND_FACTOR):
        request.session[AFTER] = _came_for(request)
        return redirect("access-second-factor")
    return account


def demand(request: HttpRequest) -> StaffAccount:
    """The account that may enter the desk; raises :class:`Denied` where a page would send to sign-in (API, fragments)."""
    admitted = admit(request)
    if not isinstance(admitted, StaffAccount):
        raise Denied(_("サインインが必要です。"))
    return admitted


def to_sign_in(request: HttpRequest, *, idle: bool = False) -> HttpResponseBase:
    """To the sign-in page, and from there back to here."""
    words = {
        key: value for key, value in (("next", _came_for(request)), ("idle", "1" if idle else "")) if value
    }
    address = reverse("access-sign-in")
    return redirect(f"{address}?{urlencode(words)}" if words else address)


def fresh(request: HttpRequest) -> bool:
    """Whether the person signed in a few minutes ago: what touches the sign-in itself asks for that."""
    if not isinstance(request.user, StaffAccount):
        return False
    times = [float(record["at"]) for record in get_authentication_records(request, request.user)]
    # allauth notes the machine's time, not that of the (test's) clock.
    age = dt.datetime.now(dt.UTC).timestamp() - max(times, default=0.0)
    return age < _FRESH.total_seconds()


def _idle(request: HttpRequest) -> bool:
    now = int(clock.now().timestamp())
    seen = request.session.get(_SEEN)
    if isinstance(seen, int) and now - seen > settings.IDLE_MINUTES * 60:
        return True
    if not isinstance(seen, int) or now - seen >= _SEEN_EVERY:
        request.session[_SEEN] = now
    return False


def _came_for(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in {"GET", "HEAD"} else ""
