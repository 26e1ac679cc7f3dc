"""Addresses in messages: a mail is read far from the page that ordered it."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """The path at the portal's public address (``YAKUBA_PORTAL_URL``); empty where the operator has named none.

    A message then says which page to look for instead of carrying a link that leads nowhere.
    """
    return f"{settings.PORTAL_URL.rstrip('/')}{path}" if settings.PORTAL_URL else ""
