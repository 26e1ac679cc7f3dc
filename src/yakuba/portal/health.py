"""Whether this process can serve: for load balancers and for people with a telephone in the other hand."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import yakuba


@require_safe
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """200 with the version when the database answers, else 503. Says nothing that an outsider could use."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return JsonResponse(
            {"status": "failing", "version": yakuba.__version__, "database": "down"}, status=503
        )
    return JsonResponse({"status": "ok", "version": yakuba.__version__, "database": "up"})
