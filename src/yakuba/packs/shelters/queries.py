"""What follows for a facility from its own rows."""

from __future__ import annotations

from yakuba.packs.shelters.models import Facility, Opening


def last_opening(facility: Facility) -> Opening | None:
    """The newest one; None for none."""
    if facility.is_new:
        return None
    rows = Opening.unscoped.filter(municipality=facility.municipality_id, entry=facility)
    return rows.order_by("-at", "-pk").first()
