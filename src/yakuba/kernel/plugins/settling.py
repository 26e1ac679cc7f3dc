"""What a process does once before it serves: load what requests need, and take it out of the garbage collector's rounds."""

from __future__ import annotations

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load all addresses with their views, and freeze what is there.

    The collector's full rounds look at every object that was ever made and take a tenth of a second with this house loaded, in the
    middle of somebody's request. Frozen objects are left out of them (``gc.freeze``); what requests make is collected as before.
    """
    list(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()
