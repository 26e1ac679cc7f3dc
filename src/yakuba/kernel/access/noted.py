"""Sign-ins, refusals, lock-outs and sign-outs in the trail of the account's municipality.

The libraries tell of them by signals; what hangs on these here writes a trail entry and does nothing else. A name that no
account has leaves no entry, and what was typed is never noted (people type passwords into the wrong field); neither does an
account of the platform itself, which belongs to no municipality: for both there are the tables of axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.helpers import get_cool_off
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from yakuba.kernel.access.actors import staff_actor
from yakuba.kernel.access.lockout import WRONG_PASSWORD, username_key
from yakuba.kernel.access.models import StaffAccount
from yakuba.kernel.access.pages import request_id
from yakuba.kernel.access.queries import account_signing_in
from yakuba.kernel.actions import Actor, ActorKind, Context, Face, ports
from yakuba.kernel.actions.ports import Done
from yakuba.kernel.dates import clock

KIND = "staff_account"
STOPPED = "利用の停止"
LOCKED = "続けて失敗したため、一時的に停止"
# Somebody who is not (yet) who they say they are.
_SOMEBODY = Actor(ActorKind.PUBLIC, "sign-in", "サインイン前")


def signed_in(request: HttpRequest, user: object, **_more: object) -> None:
    """Receiver of Django's ``user_logged_in``."""
    _done(request, user, "access.sign_in")


def signed_out(request: HttpRequest, user: object, **_more: object) -> None:
    """Receiver of Django's ``user_logged_out``."""
    _done(request, user, "access.sign_out")


def refused(
    credentials: Mapping[str, Any],  # Any: Django's own
    request: HttpRequest | None = None,
    reason: str = WRONG_PASSWORD,
    **_more: object,
) -> None:
    """Receiver of Django's ``user_login_failed``, behind axes: once an account is locked, the lock-out itself is the entry."""
    if request is not None and not getattr(request, "axes_locked_out", False):
        refuse(request, account_signing_in(username_key(request, credentials)), reason)


def locked(request: HttpRequest, username: str, ip_address: str | None, **_more: object) -> None:
    """Receiver of axes' ``user_locked_out``, which comes with every further attempt: one entry for each time of waiting."""
    account = account_signing_in(username)
    wait = get_cool_off(request)
    seconds = int(wait.total_seconds()) if wait else None
    if account is not None and cache.add(f"access.locked:{account.pk}:{ip_address}", 1, seconds):
        _denied(request, account, "access.locked", LOCKED)


def refuse(request: HttpRequest, account: StaffAccount | None, reason: str) -> None:
    """Note a sign-in that came to nothing."""
    _denied(request, account, "access.sign_in_refused", reason)


def _done(request: HttpRequest, user: object, action: str) -> None:
    account = account_signing_in(user.get_username()) if isinstance(user, StaffAccount) else None
    if account is None or account.municipality is None:
        return
    actor, acting = staff_actor(account, clock.now())
    ctx = _context(request, account, actor, acting)
    with transaction.atomic():
        ports.trail().done(ctx, Done(action, KIND, account.pk, account.username, {}, {}, {}, ""))


def _denied(request: HttpRequest, account: StaffAccount | None, action: str, reason: str) -> None:
    if account is not None and account.municipality is not None:
        ctx = _context(request, account, _SOMEBODY)
        ports.trail().denied(ctx, action, KIND, account.pk, account.username, reason)


def _context(request: HttpRequest, account: StaffAccount, actor: Actor, acting: str = "") -> Context:
    here = account.municipality
    assert here is not None  # noqa: S101 – both callers have asked
    ref = here.ref
    return Context(actor, ref, clock.now(), request_id(request), Face.DESK, acting_post=acting)
