"""The HTTP API, gathered from the rooms. A room's ``api`` exports the routers ``portal`` (anybody) and ``desk`` (staff)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

import yakuba
from yakuba.kernel.actions import Missing, Problem
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.ui.lists import BadQuery
from yakuba.kernel.ui.shells import PlainPage
from yakuba.settings.rooms import parts

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
_FACES = ("portal", "desk")
_DESCRIPTION = gettext_noop(
    "役場のAPIです。公開のものはだれでも、鍵なしで読めます。エラーは problem+json（RFC 9457）、一覧は next のアドレスで続きを読みます。ETag を If-None-Match で送ると、変わっていなければ304を返します。知らないパラメーターは400です。"
)


def build(face: str) -> NinjaAPI:
    """The API of one face, or of both with ``all``."""
    api = NinjaAPI(
        title="Yakuba 役場 API",
        version=yakuba.__version__,
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
    )
    for module in parts("api"):
        for one in _FACES:
            router = getattr(module, one, None)
            if isinstance(router, Router) and face in (one, "all"):
                api.add_router("", router)
    api.add_exception_handler(Problem, _on_problem)
    api.add_exception_handler(BadRequest, _on_bad_request)
    api.add_exception_handler(ValidationError, _on_validation_error)
    api.add_exception_handler(HttpError, _on_http_error)
    api.add_exception_handler(Http404, _on_missing)
    return api


# --- errors ----------------------------------------------------------------------------------------------------------


def answer(problem: Mapping[str, JsonValue], status: int) -> JsonResponse:
    """An error as problem+json (RFC 9457)."""
    return JsonResponse(
        problem, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False}
    )


def _plain(code: str, title: str, status: int, **more: JsonValue) -> JsonResponse:
    return answer({"type": f"urn:yakuba:problem:{code}", "title": title, "status": status, **more}, status)


def _on_problem(_request: HttpRequest, problem: Problem | type[Problem]) -> HttpResponse:
    found = Missing() if isinstance(problem, type) else problem
    reason = getattr(found, "reason", "")
    return answer({**found.as_json(), **({"detail": reason} if reason else {})}, found.status)


def _on_bad_request(_request: HttpRequest, bad: BadRequest | type[BadRequest]) -> HttpResponse:
    if isinstance(bad, BadQuery):
        return _plain("parameter", str(bad), 400, field=bad.parameter, found=bad.found, expected=bad.expected)
    return _plain("bad_request", _("読めない要求です。"), 400)


def _on_validation_error(
    _request: HttpRequest, invalid: ValidationError | type[ValidationError]
) -> HttpResponse:
    errors = [] if isinstance(invalid, type) else invalid.errors
    # A key may come as half a character (``\ud800``), which cannot be sent back.
    found = [
        (str(error["loc"][-1])[:80].encode("utf-8", "replace").decode("utf-8"), _expected(error))
        for error in errors
    ]
    return _plain(
        "parameter",
        "".join(
            _("「%(field)s」は%(expected)sにしてください。") % {"field": field, "expected": expected}
            for field, expected in found
        ),
        400,
        errors=[{"field": field, "expected": expected} for field, expected in found],
    )


def _expected(error: Mapping[str, Any]) -> str:  # Any: what pydantic says of one value
    """What is expected, in words of ours."""
    limits = error.get("ctx", {})
    kind = str(error["type"])
    if "le" in limits:
        return _("%(limit)s以下") % {"limit": limits["le"]}
    if "ge" in limits:
        return _("%(limit)s以上") % {"limit": limits["ge"]}
    if "max_length" in limits:
        return _("%(limit)s文字まで") % {"limit": limits["max_length"]}
    if kind.startswith("int"):
        return _("整数")
    if kind == "missing":
        return _("必ず入れる項目")
    if kind == "extra_forbidden":
        return _("なし")
    return _("決まった形の値")


def _on_http_error(_request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    status = 500 if isinstance(error, type) else error.status_code
    titles = {401: _("サインインが必要です。"), 403: _("この操作をする権限がありません。")}
    return _plain("http", titles.get(status, str(error)), status)


def _on_missing(_request: HttpRequest, _error: Http404 | type[Http404]) -> HttpResponse:
    return _on_problem(_request, Missing)


def missing(request: HttpRequest) -> HttpResponse:
    """Any address below ``/api/`` that is none."""
    return _on_problem(request, Missing)


# --- the document ----------------------------------------------------------------------------------------------------


def document(face: str = "all") -> dict[str, Any]:  # Any: an OpenAPI document
    """The OpenAPI document. Every operation names its errors as problem+json."""
    found = cast(
        "dict[str, Any]", json.loads(json.dumps(build(face).get_openapi_schema(path_prefix=f"{ROOT}/")))
    )  # Any: JSON
    found["components"]["schemas"]["Problem"] = _PROBLEM_SCHEMA
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {
                "304": {"description": "変わっていません。"},
                "4XX": {
                    "description": "できない理由。",
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                },
            }
    return found


_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "人が読む説明。"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "どの項目か。"},
        "found": {"type": "string", "description": "送られた値。"},
        "expected": {"type": "string", "description": "使える値。"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def dumps(found: Mapping[str, object]) -> str:
    """The text of the committed document."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of what this process serves."""
    return HttpResponse(dumps(document(settings.FACE)), content_type="application/json; charset=utf-8")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The same for people: every address with its parameters and answers."""
    found = document(settings.FACE)
    context = {
        "page": PlainPage(title=_("データの使い方（API）")),
        "about": _(_DESCRIPTION),
        "groups": _groups(found),
    }
    return render(request, "portal/api.html", context)


def _groups(found: Mapping[str, Any]) -> list[dict[str, object]]:  # Any: an OpenAPI document
    """Operations by tag; texts in the language of the reader, their sources are marked where they are declared."""
    groups: dict[str, list[dict[str, object]]] = {}
    for address, operations in found["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or [""])[0]
            groups.setdefault(_said(tag), []).append(
                {
                    "method": method.upper(),
                    "path": address,
                    "id": operation["operationId"],
                    "summary": _said(operation.get("summary", "")),
                    "description": _said(operation.get("description", "")),
                    "parameters": [
                        (one["name"], one["in"] == "path", _said(one.get("description", "")))
                        for one in operation.get("parameters", [])
                    ],
                    "fields": _answer_fields(found, operation),
                }
            )
    return [{"tag": tag, "operations": operations} for tag, operations in groups.items()]


def _said(text: str) -> str:
    return _(text) if text else ""


def _answer_fields(
    found: Mapping[str, Any], operation: Mapping[str, Any]
) -> list[tuple[str, str]]:  # Any: as above
    """Keys of the answer with their description."""
    content = operation["responses"].get("200", {}).get("content", {})
    name = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    schema = found["components"]["schemas"].get(name.rsplit("/", 1)[-1], {})
    return [(key, _said(one.get("description", ""))) for key, one in schema.get("properties", {}).items()]


_api = build(settings.FACE)
plain: list[URLPattern | URLResolver] = [
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("api/v1/", _api.urls),
    re_path(r"^api/v1/", missing),
]
localized: list[URLPattern | URLResolver] = [path("api/", reference, name="api-reference")]
