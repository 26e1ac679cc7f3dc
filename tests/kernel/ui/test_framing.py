import pytest
from csp.middleware import CSPMiddleware
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.test import RequestFactory

from yakuba.kernel.ui.framing import framable

CLOSED = "frame-ancestors 'none'"


def served(view):
    """The two headers that decide, as the middlewares of the settings write them."""
    response = CSPMiddleware(XFrameOptionsMiddleware(view))(RequestFactory().get("/embed/"))
    return response.headers.get("X-Frame-Options"), response.headers["Content-Security-Policy"]


def test_pages_are_closed_unless_they_say_otherwise():
    frame, policy = served(lambda _request: HttpResponse("a"))
    assert frame == "DENY"
    assert CLOSED in policy


@pytest.mark.parametrize("answer", [HttpResponse("a"), HttpResponseNotModified()])
def test_a_framable_page_is_open_and_nothing_else_of_the_policy_changes(answer):
    frame, policy = served(framable(lambda _request: answer))
    assert frame is None
    _frame, closed = served(lambda _request: HttpResponse("a"))
    assert set(policy.split("; ")) == {*closed.split("; "), "frame-ancestors *"} - {CLOSED}


@pytest.mark.parametrize(
    "answer", [HttpResponse(status=410), HttpResponseRedirect("/"), HttpResponse(status=400)]
)
def test_what_is_not_the_page_itself_stays_closed(answer):
    frame, policy = served(framable(lambda _request: answer))
    assert frame == "DENY"
    assert CLOSED in policy


def test_a_framable_page_sets_no_cookie():
    def view(_request):
        response = HttpResponse("a")
        response.set_cookie("reader", "1")
        return response

    with pytest.raises(RuntimeError, match="reader"):
        framable(view)(RequestFactory().get("/embed/"))


def test_arguments_errors_and_the_mark_go_through():
    @framable
    def view(_request, code, *, year):
        """Draw one chart."""
        if year < 2000:
            raise Http404
        return HttpResponse(f"{code} {year}")

    assert view(RequestFactory().get("/"), "990019", year=2026).content == b"990019 2026"
    with pytest.raises(Http404):
        view(RequestFactory().get("/"), "990019", year=1)
    assert view.framable
    assert view.__doc__ == "Draw one chart."
