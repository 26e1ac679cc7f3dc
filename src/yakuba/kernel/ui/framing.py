"""Which pages another site may show in a frame: those that say so, and no other.

Everywhere else `frame-ancestors 'none'` and `X-Frame-Options: DENY` stand (settings): a page in a frame can be laid under
somebody's finger. An embedded chart has nothing to press but a link that opens a page of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")
_SHOWN = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})


def framable(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let any site show this page in a frame. Outermost decorator of a public view that draws an `EmbedPage`.

        @framable
        @portal_page
        def chart(request, ctx, …): …

    Only the page itself is opened: its errors and redirects stay closed. A view that sets a cookie is refused (RuntimeError):
    inside a foreign page it would recognise readers. The attribute `framable` marks the view; a test lists all of them.
    """

    @functools.wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.cookies:
            raise RuntimeError(f"a framable page sets cookies: {sorted(response.cookies)}")
        if response.status_code in _SHOWN:
            response.xframe_options_exempt = True  # type: ignore[attr-defined]  # read by Django's middleware
            response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]  # noqa: SLF001  # as csp_replace sets it
        return response

    page.framable = True  # type: ignore[attr-defined]  # a mark for the test
    return page
