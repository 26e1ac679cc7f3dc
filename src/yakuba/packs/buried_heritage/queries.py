"""What follows for a site from its own rows."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from yakuba.packs.buried_heritage.models import Notice, Remains


def unforwarded(site: Remains | None = None) -> QuerySet[Notice]:
    """The notifications about a site, or about any, that have not gone on to the prefecture; the oldest first."""
    rows = Notice.unscoped.filter(forwarded_on__isnull=True, instructed_on__isnull=True).order_by(
        "filed_on", "pk"
    )
    return rows if site is None else rows.filter(municipality=site.municipality_id, entry=site)


def next_start(site: Remains) -> dt.date | None:
    """The first day on which work is to begin that nobody has been instructed about; None for none."""
    if site.is_new:
        return None
    waiting = Notice.unscoped.filter(
        municipality=site.municipality_id, entry=site, instructed_on__isnull=True, starts_on__isnull=False
    )
    return waiting.order_by("starts_on").values_list("starts_on", flat=True).first()
