"""Addresses, gathered from the rooms. A room's ``urls.py`` exports two lists, ``portal`` and ``desk``."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver

from yakuba import api
from yakuba.kernel.plugins.addresses import by_words
from yakuba.settings.rooms import parts

Urls = list[URLPattern | URLResolver]


def _gather(face: str, attribute: str) -> Urls:
    found: Urls = []
    for module in parts("urls"):
        if settings.FACE in (face, "all"):
            found += getattr(module, attribute, [])
    return found


# ``plain_*`` have no language prefix: machine addresses (API, health, sign-in). Of those that begin with the same words an address is
# looked for from the top: citizens, who are many, stand before the desk.
urlpatterns: Urls = [
    *by_words([*_gather("desk", "plain_desk"), *_gather("portal", "plain_portal"), *api.plain]),
    *i18n_patterns(
        *by_words([*_gather("portal", "portal"), *_gather("desk", "desk"), *api.localized]),
        prefix_default_language=False,
    ),
]

handler400 = "yakuba.kernel.ui.errors.bad_request"
handler403 = "yakuba.kernel.ui.errors.denied"
handler404 = "yakuba.kernel.ui.errors.missing"
handler500 = "yakuba.kernel.ui.errors.failure"
