"""Two small middlewares: an id for each request, and the language from the path alone."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from yakuba.kernel.ids import uuid7

Respond = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id of our own making; one sent along is not believed, it would let a caller forge the trail."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = str(uuid7())  # type: ignore[attr-defined]  # read by contexts and the log
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]  # set above
        return response


class PathLanguageMiddleware:
    """The language is the first part of the path, or Japanese. No cookie and no header decides, so copies can be kept."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        first = request.path_info.split("/", 2)[1]
        known = {code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
        language = first if first in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "ja" if language == "ja-simple" else language)
        return response
