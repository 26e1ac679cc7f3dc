"""How often somebody may try something: by address, by visit and by what it is aimed at.

A new session resets the count of the session alone, a forged ``X-Forwarded-For`` resets nothing (``YAKUBA_PROXIES`` says how many
proxies of our own wrote into it), and what is aimed at (a mail address, a receipt number) is counted wherever it is tried from.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from yakuba.engines.visitors import queries, rules, store
from yakuba.kernel.actions import Context, Problem
from yakuba.kernel.plugins import statements


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds for a visit and for a target, and so many times for an address.

    An address is a household, a school or a telephone company's exit: it gets much more. ``a_day`` is how often a target is good for
    in a whole day, where patience must not get on either; 0 where that does not matter.
    """

    times: int
    seconds: int
    at_address: int
    a_day: int = 0


MINUTE, HOUR, DAY = 60, 3600, 86_400
LIMITS: dict[str, Limit] = {
    "begin": Limit(60, HOUR, 3000),
    "mail_code": Limit(5, 30 * MINUTE, 100, a_day=20),
    "code": Limit(20, HOUR, 400, a_day=40),
    "password": Limit(10, 15 * MINUTE, 200),
    "sign_in": Limit(20, 15 * MINUTE, 400),
    # Mail to an address that nobody has confirmed: it may be a stranger's.
    "letter": Limit(5, HOUR, 100, a_day=20),
    "notices": Limit(20, DAY, 0),
    "draft": Limit(600, HOUR, 20_000),
    "upload": Limit(100, HOUR, 2000),
    "submit": Limit(30, HOUR, 1000),
    "resume": Limit(10, 15 * MINUTE, 200),
    "status": Limit(20, 15 * MINUTE, 400),
    "message": Limit(20, HOUR, 400),
    "download": Limit(60, HOUR, 2000),
    # A second of work each; a map is printed without a visit, so that the address alone counts.
    "map_print": Limit(30, HOUR, 300),
}


#: A longer wait is told in hours.
_HOURS_IN_MINUTES = 2


class TooMany(Problem):
    """Tried too often; ``seconds`` says when to try again."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("too_many", _wait(seconds))
        self.seconds = seconds


def _wait(seconds: int) -> str:
    hours, minutes = math.ceil(seconds / HOUR), max(1, math.ceil(seconds / MINUTE))
    if hours > _HOURS_IN_MINUTES:
        return ngettext(
            "続けて何度も試されたため、いったん止めました。%(hours)d時間ほどたってから、もう一度試してください。",
            "続けて何度も試されたため、いったん止めました。%(hours)d時間ほどたってから、もう一度試してください。",
            hours,
        ) % {"hours": hours}
    return ngettext(
        "続けて何度も試されたため、いったん止めました。%(minutes)d分ほどたってから、もう一度試してください。",
        "続けて何度も試されたため、いったん止めました。%(minutes)d分ほどたってから、もう一度試してください。",
        minutes,
    ) % {"minutes": minutes}


def count(request: HttpRequest, ctx: Context, purpose: str, *, target: str = "") -> None:
    """Count one try. Raises :class:`TooMany` when it is one too many, KeyError for a purpose that :data:`LIMITS` does not name.

    Called before the try and outside of its transaction, so that a failed one counts as well. Called inside a transaction it is
    part of it: then only what succeeded counts, which is right for a submission, and costs no commit of its own.
    """
    limit = LIMITS[purpose]
    allowed = {_key("address", rules.address_key(address_of(request))): limit.at_address}
    visit = queries.visit_of(ctx)
    if visit is not None:
        allowed[_key("visit", str(visit))] = limit.times
    if target:
        allowed[_key("target", target)] = limit.times
    wait = _count(ctx, purpose, limit.seconds, allowed)
    if not wait and target and limit.a_day:
        wait = _count(ctx, f"{purpose}.day", DAY, {_key("target", target): limit.a_day})
    if wait:
        raise TooMany(wait)


def allows(ctx: Context, purpose: str, target: str) -> bool:
    """Count one more for a target, whoever is acting; whether it is not one too many. KeyError as of :func:`count`."""
    limit = LIMITS[purpose]
    return not _count(ctx, purpose, limit.seconds, {_key("target", target): limit.times})


def _count(ctx: Context, purpose: str, seconds: int, allowed: Mapping[str, int]) -> int:
    """Count one more under each key; in how many seconds to try again, 0 where none has become too many."""
    began_at = _window(ctx.now, seconds)
    ends_at = began_at + dt.timedelta(seconds=seconds)
    if statements.waiting():
        # Where it is one too many nothing is written, and whoever asks does it again, waiting for nothing, and is told.
        store.count_within(ctx, purpose, allowed, began_at, ends_at)
        return 0
    found = store.count_up(ctx, purpose, list(allowed), began_at, ends_at)
    over = any(found[key] > times for key, times in allowed.items())
    return math.ceil((ends_at - ctx.now).total_seconds()) if over else 0


def address_of(request: HttpRequest) -> str:
    """The address that a request came from, past our own proxies."""
    return rules.remote_address(
        str(request.META.get("REMOTE_ADDR", "")),
        str(request.META.get("HTTP_X_FORWARDED_FOR", "")),
        settings.PROXIES,
    )


def _window(now: dt.datetime, seconds: int) -> dt.datetime:
    """The beginning of the stretch of time that ``now`` is in."""
    return dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, dt.UTC)


def _key(what: str, value: str) -> str:
    return salted_hmac(f"visitors.throttle.{what}", value, algorithm="sha256").hexdigest()
