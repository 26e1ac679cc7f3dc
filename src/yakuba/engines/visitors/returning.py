"""Where somebody goes on to after signing in: a path of the same municipality's portal, and nothing else."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme

from yakuba.kernel.actions import Context

LONGEST = 500
_ODD = re.compile(r"[\x00-\x20\x7f\\]")


def safe_return(ctx: Context, address: str) -> str:
    """The address itself when it is a portal path of this municipality, in any language; else an empty text."""
    if not address or len(address) > LONGEST or _ODD.search(unquote(address)):
        return ""
    if not url_has_allowed_host_and_scheme(address, None):
        return ""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    steps = unquote(parts.path).split("/")
    if steps[0] or ".." in steps or "." in steps or "desk" in steps or "" in steps[1:-1]:
        return ""
    languages = {code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
    first = steps[2:3] if steps[1:2] and steps[1] in languages else steps[1:2]
    return address if first == [ctx.municipality.code] else ""
