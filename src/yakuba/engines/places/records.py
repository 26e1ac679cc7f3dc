"""A record that has a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from yakuba.engines.places.columns import COMPANIONS, cell, corner, rank, shape
from yakuba.kernel.fields import INTERNAL
from yakuba.kernel.town.records import Record

_NONE = Q(place__isnull=True, **{f"{name}__isnull": True for name in COMPANIONS})
_ALL = Q(place__isnull=False, **{f"{name}__isnull": False for name in COMPANIONS})


class Placed(Record):
    """A row that may say where it is. A class of its own whose places are public declares ``place`` again with that classification.

    Its table wants two indexes that begin with the municipality and whatever else chooses the rows of a layer: one that ends with
    ``cell``, for what lies in a box, and one that ends with ``rank, cell``, for the thinned tiles of large layers.
    """

    place = shape(label="位置", classification=INTERNAL)
    west = corner(0)
    south = corner(1)
    east = corner(2)
    north = corner(3)
    cell = cell()
    rank = rank()

    class Meta:
        abstract = True
        constraints = (models.CheckConstraint(condition=_NONE | _ALL, name="%(class)s_place_whole"),)

    def save(
        self,
        *args: Any,  # Any: passed on to Django
        update_fields: Iterable[str] | None = None,
        **kwargs: Any,  # Any: as above
    ) -> None:
        """As ever; whoever names ``place`` also writes its companions."""
        if update_fields is not None and "place" in (named := set(update_fields)):
            update_fields = named | set(COMPANIONS)
        super().save(*args, update_fields=update_fields, **kwargs)
