"""What the public answers share: parameters that are known, the next page's address, JSON that may be kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from yakuba.engines.publishing import serving
from yakuba.kernel.fields import JsonValue
from yakuba.services.plan.rows import Form


def next_address(request: HttpRequest, after: str) -> str:
    """The address of the page that follows."""
    query = request.GET.copy()
    query["after"] = after
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def answer(found: dict[str, JsonValue] | Form, tag: str) -> HttpResponseBase:
    """JSON with Japanese as it is, kept as long as its tag holds."""
    return serving.keepable(JsonResponse(found, json_dumps_params={"ensure_ascii": False}), tag)
