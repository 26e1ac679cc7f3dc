"""The base of every table of ours: UUIDv7, municipality, version, and the side that owns it."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, Self

from django.db import models

from yakuba.kernel import fields
from yakuba.kernel.actions import ScopedManager


class Side(Enum):
    """Which side of the 三層分離 owns a table (DESIGN §4 rule 12).

    ``PORTAL`` tables hold what the desk released to the public side or what citizens send; ``DESK`` tables never leave the
    desk's zone; ``BOTH`` marks shared vocabularies that each side keeps a copy of.
    """

    PORTAL = "portal"
    DESK = "desk"
    BOTH = "both"


class Record(models.Model):
    """A row of one municipality.

    ``objects`` answers for an actor only; ``unscoped`` is for the modules that the convention test names. ``version`` counts
    the changes by actions; forms and APIs send back the version they read.
    """

    side: ClassVar[Side]

    id = fields.identifier(primary_key=True)
    # Each table has an index of its own that begins with it, which serves as well (tests/conventions/test_models.py).
    municipality = fields.Link(
        "town.Municipality", label="自治体", classification=fields.PUBLIC, db_index=False
    )
    version = fields.integer(label="版", classification=fields.INTERNAL, default=1)

    unscoped: ClassVar[models.Manager[Self]] = models.Manager()
    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
