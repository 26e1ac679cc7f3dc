"""Answers that browsers and proxies may keep: one version stamp gives the ETag (DESIGN §4 rule 10).

A public page depends on what was published and on the code that draws it, on nothing else: no session, no cookie.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language

import yakuba
from yakuba.kernel.actions import Context
from yakuba.kernel.dates.fiscal import FiscalYear

R = TypeVar("R", bound=HttpResponseBase)

# Long enough to spare the server a crowd, short enough for a correction to be read.
MAX_AGE = 60
_DRAWS = frozenset({".py", ".html", ".css", ".js", ".mo"})


@cache
def build() -> str:
    """A digest of the version and of every file that has a part in drawing a page; computed once per process."""
    digest = hashlib.sha256(yakuba.__version__.encode())
    package = Path(yakuba.__file__).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in _DRAWS and path.is_file():
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def page_etag(ctx: Context, *stamps: object) -> str:
    """The ETag of a page of one municipality: its name and colour stand on it, and this fiscal year is marked."""
    place = ctx.municipality
    return etag(place.name, place.accent, FiscalYear.of(ctx.now).year, *stamps)


def etag(*stamps: object) -> str:
    """The ETag of what is drawn from ``stamps`` in the language of the request, quoted."""
    known = "\0".join([build(), get_language() or "", *(str(stamp) for stamp in stamps)])
    return quote_etag(hashlib.sha256(known.encode()).hexdigest()[:32])


def unchanged(request: HttpRequest, tag: str) -> HttpResponseBase | None:
    """304 (or 412) when the asker has this version already; asked before the parts of a publication are read."""
    answer = get_conditional_response(request, etag=tag)
    return None if answer is None else keepable(answer, tag)


def keepable(response: R, tag: str) -> R:
    """Mark an answer as public: kept for a minute, then asked for again with its ETag."""
    response["ETag"] = tag
    patch_cache_control(response, public=True, max_age=MAX_AGE, must_revalidate=True)
    return response
