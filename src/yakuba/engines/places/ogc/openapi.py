"""The API's own description in OpenAPI 3.0: every layer there is with every parameter that it takes (/req/oas30)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

import yakuba
from yakuba.engines.places.ogc import asking, systems
from yakuba.engines.places.ogc.documents import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Document, Site, schema
from yakuba.engines.places.ogc.properties import Shown
from yakuba.kernel.fields import JsonValue


def openapi(site: Site, shown: Sequence[Shown]) -> Document:
    """The document."""
    root = site.href("landing").rstrip("/")
    paths: Document = {
        "/": _get("landing", _("入口"), JSON),
        "/api": _get("api", _("この説明"), OPENAPI),
        "/conformance": _get("conformance", _("従っている規格"), JSON),
        "/collections": _get("collections", _("層の一覧"), JSON),
    }
    for one in shown:
        key, label = one.layer.key, one.layer.label
        at = f"/collections/{key}"
        paths[at] = _get(f"{key}.collection", label, JSON)
        paths[f"{at}/queryables"] = _get(f"{key}.queryables", _("%s：条件に使える項目") % label, SCHEMA)
        paths[f"{at}/items"] = _get(f"{key}.items", _("%s：地物") % label, GEOJSON, _items(one))
        paths[f"{at}/items/{{featureId}}"] = _get(
            f"{key}.item", _("%s：1件の地物") % label, GEOJSON, [_feature_id(), _crs("crs")]
        )
    return {
        "openapi": "3.0.3",
        "info": {
            "title": _("%sの地図データ") % site.ctx.municipality.name,
            "version": yakuba.__version__,
            "description": _("OGC API – Features。知らないパラメーターは400です。"),
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


def _get(operation: str, summary: str, media: str, parameters: Sequence[JsonValue] = ()) -> JsonValue:
    form: Document = {
        "name": "f",
        "in": "query",
        "schema": {"type": "string", "enum": list(asking.FORMATS)},
        "style": "form",
        "explode": False,
    }
    crs: Document = {"Content-Crs": {"description": _("座標系"), "schema": {"type": "string"}}}
    problem: Document = {
        "description": _("できない理由。"),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "parameters": [form, *parameters],
            "responses": {
                "200": {
                    "description": summary,
                    "content": {media: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}},
                    **({"headers": crs} if media == GEOJSON else {}),
                },
                "304": {"description": _("変わっていません。")},
                "400": problem,
                "404": problem,
            },
        }
    }


def _query(name: str, schema: Document, description: str = "", *, explode: bool = False) -> Document:
    found: Document = {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "style": "form",
        "explode": explode,
    }
    return {**found, "description": description} if description else found


def _crs(name: str) -> Document:
    return _query(
        name, {"type": "string", "format": "uri", "enum": list(systems.OFFERED), "default": systems.CRS84}
    )


def _feature_id() -> Document:
    return {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}


def _items(shown: Shown) -> list[JsonValue]:
    limit: Document = {
        "type": "integer",
        "minimum": 1,
        "maximum": asking.MAX_LIMIT,
        "default": asking.DEFAULT_LIMIT,
    }
    numbers: Document = {"type": "number"}
    side: Document = {"type": "array", "minItems": 4, "maxItems": 4, "items": numbers}
    box: Document = {
        "type": "array",
        "oneOf": [side, {**side, "minItems": 6, "maxItems": 6}],
        "items": numbers,
    }
    instant = shown.specs[shown.instant].label if shown.instant else ""
    return [
        _query("limit", limit, _("最大を超える数は最大として扱います。")),
        _query("after", {"type": "string"}, _("続きの場所。nextのアドレスに入っています。")),
        _query("bbox", box, _("bbox-crsの座標系の順の、四隅の座標。")),
        _crs("bbox-crs"),
        _query(
            "datetime",
            {"type": "string"},
            _("日時か期間（両端を含む）。「%s」を見ます。") % instant
            if instant
            else _("この層には日時がありません。"),
        ),
        _crs("crs"),
        _query("filter", {"type": "string"}, "CQL2"),
        _query(
            "filter-lang",
            {"type": "string", "enum": list(asking.LANGUAGES), "default": asking.LANGUAGES[0]},
        ),
        _crs("filter-crs"),
        *(
            _query(key, schema(shown.specs[key].kind), shown.specs[key].label)
            for key in asking.parameters(shown)
        ),
    ]


_PROBLEM: Document = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "field": {"type": "string"},
        "found": {"type": "string"},
        "expected": {"type": "string"},
    },
}
