"""What holds for every answer: staff pages are kept nowhere, expected failures become pages or problem+json."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse

from yakuba.kernel.actions import Context, Denied, Face, Problem, ports
from yakuba.kernel.ui import errors

Respond = Callable[[HttpRequest], HttpResponse]


class KeptNowhereMiddleware:
    """No browser and no proxy keeps what stands at a staff address: after sign-out, Back must not show it again.

    It looks at the path, so that redirects, refusals, files, errors and the libraries' own pages are covered as well.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "desk" in request.path_info.split("/"):
            response["Cache-Control"] = "no-store, private"
        return response


class ProblemMiddleware:
    """Turns a :class:`Problem` that no form caught into an answer with its status, and refuses what no database keeps."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """NUL is in no text that a person typed, and PostgreSQL keeps none: refused here, once, for every form."""
        if any("\x00" in text for text in _texts(request)):
            return errors.bad_request(request, BadRequest())
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BadRequest):
            return errors.bad_request(request, exception)  # expected: Django would log what the visitor sent
        if not isinstance(exception, Problem):
            return None
        if isinstance(exception, Denied):
            _note(request, exception)
        if request.path_info.startswith("/api/"):
            return JsonResponse(
                exception.as_json(), status=exception.status, content_type="application/problem+json"
            )
        # A form catches what it can show beside its fields; what comes here has a page: 400's says what was found.
        status = exception.status if exception.status in errors.PAGES else HTTPStatus.BAD_REQUEST
        response = errors.page(request, status, exception.message)
        response.status_code = exception.status
        return response


def _texts(request: HttpRequest) -> Iterable[str]:
    """What came with an address and a form: path, names and values."""
    yield request.path_info
    for given in (request.GET, request.POST):
        for key, values in given.lists():
            yield key
            yield from (str(value) for value in values)


def _note(request: HttpRequest, denied: Denied) -> None:
    """A staff page that refuses by itself leaves an entry, as an action does: under the page's name, with its address."""
    ctx = getattr(request, "yakuba", None)
    if denied.logged or not isinstance(ctx, Context) or ctx.face is not Face.DESK:
        return
    page = request.resolver_match.view_name if request.resolver_match else ""
    ports.trail().denied(ctx, page or "page", "", None, request.path_info, denied.message)
    denied.logged = True
