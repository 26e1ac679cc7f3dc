"""How long a question may occupy the database: whoever may send any filter may send one that looks at everything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from yakuba.kernel.actions import Problem

SECONDS: Final = 5.0
# Steps of SQLite's machine between two looks at the clock: less than a millisecond.
_STEPS = 5_000


class TooLong(Problem):
    """A question that was given up (503)."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            "too_long",
            _("時間内に探し終わりませんでした。bbox や filter で、範囲や条件を絞ってください。"),
            field="filter",
            expected=_("範囲や条件を絞った問い合わせ"),
        )


@contextmanager
def patience(seconds: float = SECONDS) -> Iterator[None]:
    """Statements inside are broken off after so long: on PostgreSQL each, on SQLite all together. Raises :class:`TooLong`."""
    limited = _postgresql(seconds) if connection.vendor == "postgresql" else _sqlite(seconds)
    try:
        with limited:
            yield
    except OperationalError as exc:
        if not _broken_off(exc):
            raise
        raise TooLong from exc


def _broken_off(exc: OperationalError) -> bool:
    # 57014 is query_canceled; SQLite has no number for it in Python 3.11.
    return getattr(exc.__cause__, "sqlstate", "") == "57014" or "interrupted" in str(exc)


@contextmanager
def _postgresql(seconds: float) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, int(seconds * 1000)))])
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")  # where a test's transaction goes on


@contextmanager
def _sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    raw: Any = connection.connection  # Any: sqlite3's own connection, which Django's types do not name
    end = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)
