"""Expected failures become pages or problem+json in one place."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from yakuba.kernel.actions import Missing, Problem, Problems


class ProblemMiddleware:
    """Turns a :class:`Problem` that no form caught into an answer with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Problem):
            return None
        if request.path_info.startswith("/api/"):
            return JsonResponse(
                exception.as_json(), status=exception.status, content_type="application/problem+json"
            )
        messages = (
            [p.message for p in exception.problems]
            if isinstance(exception, Problems)
            else [exception.message]
        )
        template = "404.html" if isinstance(exception, Missing) else "ui/problem.html"
        return render(
            request, template, {"messages": messages, "status": exception.status}, status=exception.status
        )
