"""Rows for the trail's check, of all municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yakuba.engines.bodies.models import Minutes


def minutes_of(ids: Sequence[UUID]) -> list[Minutes]:
    """Minutes by their ids, with their files."""
    return list(Minutes.unscoped.filter(pk__in=ids).select_related("file"))
