"""Days in Japan as expressions of the database, for statements over many rows: both databases give the same, none asks Python.

Moments stand in UTC. Japan is nine hours ahead of it all year (no summer time since 1951).
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, DateTimeField, F, Func
from django.db.models.sql.compiler import SQLCompiler


class _Own(Func):
    """An expression with a text of its own for each database."""

    sqlite: str
    postgresql: str

    def as_sqlite(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        **extra: Any,  # Any: Django's own signature
    ) -> tuple[str, Any]:  # Any: as above
        return self.as_sql(compiler, connection, template=self.sqlite, **extra)

    def as_postgresql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        **extra: Any,  # Any: Django's own signature
    ) -> tuple[str, Any]:  # Any: as above
        return self.as_sql(compiler, connection, template=self.postgresql, **extra)


class DayEnd(_Own):
    """The first moment in Japan after a day: what happened on it or earlier is smaller. Only to be compared with stored moments.

    ``later``: after the day that many days later.
    """

    output_field = DateTimeField()
    # As SQLite keeps moments: text in UTC, which sorts as they follow on one another. Midnight in Japan is 15:00 of the day before.
    sqlite = "(date(%(expressions)s, '+%(later)d days') || ' 15:00:00')"
    postgresql = "((%(expressions)s + %(later)d + TIME '15:00') AT TIME ZONE 'UTC')"

    def __init__(self, day: F, *, later: int = 0) -> None:
        super().__init__(day, later=later)


class JapanDay(_Own):
    """The day in Japan of a moment, as the number of days since some day: the difference of two is the number of days between."""

    output_field = BigIntegerField()
    # Without the parts of a second, which SQLite would round: the last microsecond of a day is not yet the next day.
    sqlite = "CAST(julianday(substr(%(expressions)s, 1, 19), '+9 hours', 'start of day') + 0.5 AS INTEGER)"
    postgresql = "((%(expressions)s AT TIME ZONE 'Asia/Tokyo')::date - DATE '2000-01-01')"


class Seconds(_Own):
    """Whole seconds since 1970 of a moment, rounded down."""

    output_field = BigIntegerField()
    # Twice a template: Django's own, and that of the parameters.
    sqlite = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
    postgresql = "floor(extract(epoch from %(expressions)s))::bigint"
