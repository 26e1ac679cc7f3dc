"""What follows for a fixture from its own rows."""

from __future__ import annotations

import datetime as dt

from yakuba.packs.street_lights_mirrors.models import Fixture, Inspection, Repair


def last_inspection(fixture: Fixture) -> Inspection | None:
    """The newest one; None for none."""
    if fixture.is_new:
        return None
    rows = Inspection.unscoped.filter(municipality=fixture.municipality_id, entry=fixture)
    return rows.order_by("-day", "-pk").first()


def last_repair(fixture: Fixture) -> dt.date | None:
    """The day of the newest repair; None for none."""
    if fixture.is_new:
        return None
    rows = Repair.unscoped.filter(municipality=fixture.municipality_id, entry=fixture)
    return rows.order_by("-day").values_list("day", flat=True).first()
