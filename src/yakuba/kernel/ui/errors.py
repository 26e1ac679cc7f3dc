"""The pages of failures: what happened, what to do, and a way back. Templates 400.html to 500.html, no details given away.

Below ``/api/`` programs get the same as problem+json (RFC 9457), also of what goes wrong outside of the API's own code.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from yakuba.kernel.ui.drawing import Text
from yakuba.kernel.ui.lists import BadQuery

PAGES = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})


def page(request: HttpRequest, status: int, message: Text = "", *, back_href: str = "") -> HttpResponse:
    """Draw the error page of 400, 403, 404 or 409 with a message for the person; ValueError for another status.

    `back_href` is where a list begins whose address was bad.
    """
    if status not in PAGES:
        raise ValueError(f"no page for status {status}")
    context = {"message": message, "back_href": back_href}
    return render(request, f"{int(status)}.html", context, status=int(status))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 400. Only a list's own complaint is shown; Django's messages speak to developers."""
    if _for_programs(request):
        return _problem(HTTPStatus.BAD_REQUEST, "bad_request", _("読めない要求です。"))
    if isinstance(exception, BadQuery):
        return page(request, HTTPStatus.BAD_REQUEST, str(exception), back_href=request.path)
    return page(request, HTTPStatus.BAD_REQUEST)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    """Handler of 403 for Django's own PermissionDenied; refusals of actions come with their reason through `page`."""
    return page(request, HTTPStatus.FORBIDDEN)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # Django's signature
    """Handler of 404."""
    return page(request, HTTPStatus.NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # Django's signature
    """The page for a form that was open too long or came from elsewhere."""
    return render(request, "403_csrf.html", status=int(HTTPStatus.FORBIDDEN))


def failure(request: HttpRequest) -> HttpResponse:
    """Handler of 500: a template without any context, which cannot fail a second time."""
    if _for_programs(request):
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "failure", "こちらの不具合です。")
    return defaults.server_error(request, "500.html")


def _for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _problem(status: HTTPStatus, code: str, title: str) -> JsonResponse:
    found = {"type": f"urn:yakuba:problem:{code}", "title": title, "status": int(status)}
    return JsonResponse(found, status=int(status), content_type="application/problem+json")
