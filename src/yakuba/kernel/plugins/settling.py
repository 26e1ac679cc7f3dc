"""What a process does once before it serves: load what requests need, take it out of the garbage collector's rounds, share the turns."""

from __future__ import annotations

import gc
import sys

from django.urls import get_resolver


def settle() -> None:
    """Load all addresses with their views, and freeze what is there.

    The collector's full rounds look at every object that was ever made and take a tenth of a second with this house loaded, in the
    middle of somebody's request. Frozen objects are left out of them (``gc.freeze``); what requests make is collected as before.
    """
    list(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_TURN_SECONDS)


_TURN_SECONDS = 0.0005
"""How long a thread computes before another one's turn. Python's own 5 ms are what a thread may wait after each statement, on SQLite with
the whole database locked, while another thread draws a page."""
