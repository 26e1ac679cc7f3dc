"""Properties as expressions of the database, so that both databases give the same values to tiles, filters and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Case, CharField, F, FloatField, TextField, Value, When
from django.db.models.expressions import Combinable, Func
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from yakuba.engines.places.layers import Property

# Kinds whose values are whole numbers, and numbers, in the database.
_WHOLE: Final = frozenset({"integer", "fiscal_year"})


class _Moment(Func):
    """A moment in UTC to the second, as ISO 8601."""

    output_field = CharField()

    def as_sqlite(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        **extra: Any,  # Any: Django's own signature
    ) -> tuple[str, Any]:  # Any: as above
        words = "strftime('%%Y-%%m-%%dT%%H:%%M:%%S+00:00', %(expressions)s)"
        return self.as_sql(compiler, connection, template=words, **extra)

    def as_postgresql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        **extra: Any,  # Any: Django's own signature
    ) -> tuple[str, Any]:  # Any: as above
        words = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')"""
        return self.as_sql(compiler, connection, template=words, **extra)


def values(properties: Iterable[Property]) -> dict[str, Combinable]:
    """Key → expression: text, whole numbers, numbers, yes and no; dates and moments as ISO 8601."""
    return {one.key: value(one) for one in properties}


def value(one: Property) -> Combinable:
    """What is known of a feature, as the database gives it out. ValueError for a column that only the machine reads."""
    if one.spec.kind is None:
        raise ValueError(f"{one.key} is not for people")
    kind = one.spec.kind.key
    document, _, key = one.path.rpartition("__")
    if document == "properties":
        return _from_document(key, kind)
    if kind == "moment":
        return _Moment(F(one.path))
    if kind == "number":
        return Cast(one.path, FloatField())
    if kind in _WHOLE:
        return Cast(one.path, BigIntegerField())
    return F(one.path) if kind == "yes_no" else Cast(one.path, TextField())


def _from_document(key: str, kind: str) -> Combinable:
    """A value of the document ``properties``, where numbers are text and everything else is JSON."""
    if kind == "yes_no":
        path = f"properties__{key}"
        return Case(When(**{path: True}, then=Value(True)), When(**{path: False}, then=Value(False)))
    text = KeyTextTransform(key, "properties")
    if kind == "number":
        return Cast(text, FloatField())
    return Cast(text, BigIntegerField()) if kind in _WHOLE else Cast(text, TextField())
