"""The one clock of the house. Nothing else asks the operating system for the time of day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")

_stopped: ContextVar[datetime | None] = ContextVar("yakuba_stopped_clock", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _stopped.get() or datetime.now(UTC)


def today() -> date:
    """Return today's date in Japan."""
    return japan_date(now())


def japan_date(moment: datetime) -> date:
    """Return the date that a moment has in Japan. Raises ValueError for a naive ``moment``, which says no moment at all."""
    return japan_time(moment).date()


def japan_time(moment: datetime) -> datetime:
    """Return the moment with Japan's clock time. Raises ValueError for a naive ``moment``."""
    if moment.tzinfo is None:
        raise ValueError(f"時差のない日時は使えません: {moment.isoformat()}")
    return moment.astimezone(JAPAN)


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Stop the clock at ``moment`` (aware) for what runs inside; may be nested.

    It holds for the present context: a thread that is started inside begins with the running clock.
    """
    if moment.tzinfo is None:
        raise ValueError(f"時差のない日時では時計を止められません: {moment.isoformat()}")
    token = _stopped.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _stopped.reset(token)
