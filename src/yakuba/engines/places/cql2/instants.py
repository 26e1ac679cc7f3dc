"""Days and moments as CQL2 writes them (RFC 3339), in text and JSON alike."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from yakuba.engines.places.cql2.problems import BadFilter

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def day(text: str) -> dt.date:
    """A day. Raises :class:`BadFilter`."""
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise BadFilter(text, _("2024-04-01の形の日付"))


def moment(text: str) -> dt.datetime:
    """A moment, in UTC. Raises :class:`BadFilter`."""
    if _MOMENT.fullmatch(text.upper()):
        try:
            return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            pass
    raise BadFilter(text, _("2024-04-01T09:00:00Zの形の日時"))


def written(value: dt.datetime) -> str:
    """A moment as both languages write it."""
    return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
