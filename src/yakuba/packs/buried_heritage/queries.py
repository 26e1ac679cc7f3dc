"""What follows for a site from its own rows."""

from __future__ import annotations

import datetime as dt

from yakuba.packs.buried_heritage.models import Notice, Remains


def next_start(site: Remains) -> dt.date | None:
    """The first day on which work is to begin that nobody has been instructed about; None for none."""
    if site.is_new:
        return None
    waiting = Notice.unscoped.filter(
        municipality=site.municipality_id, entry=site, instructed_on__isnull=True, starts_on__isnull=False
    )
    return waiting.order_by("starts_on").values_list("starts_on", flat=True).first()
