"""The documents of the API as JSON: landing page, conformance, collections, queryables, features."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yakuba.engines.places.ogc import systems
from yakuba.engines.places.ogc.paging import Page
from yakuba.engines.places.ogc.properties import GEOMETRY, Feature, Shown
from yakuba.kernel.actions import Context, Face
from yakuba.kernel.fields import JsonValue, kinds

JSON: Final = "application/json"
HTML: Final = "text/html"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"

_FEATURES: Final = "http://www.opengis.net/spec/ogcapi-features-{}/1.0/conf/{}"
_CQL2: Final = "http://www.opengis.net/spec/cql2/1.0/conf/{}"
CONFORMANCE: Final = (
    *(_FEATURES.format(1, one) for one in ("core", "oas30", "html", "geojson")),
    _FEATURES.format(2, "crs"),
    *(
        _FEATURES.format(3, one)
        for one in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        _CQL2.format(one)
        for one in (
            *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators"),
            *("basic-spatial-functions", "basic-spatial-functions-plus", "property-property"),
        )
    ),
)
QUERYABLES_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

Document = dict[str, JsonValue]


@dataclass(frozen=True)
class Site:
    """Whose API it is and where: addresses are whole, on the face through which they were asked for."""

    request: HttpRequest
    ctx: Context

    def href(self, page: str, *args: str, **query: str) -> str:
        """The address of a page: ``landing``, ``api``, ``conformance``, ``collections``, ``collection``, ``queryables``, ``items``, ``item``."""
        name = f"ogc-{page}-desk" if self.ctx.face is Face.DESK else f"ogc-{page}"
        whole = self.request.build_absolute_uri(reverse(name, args=[self.ctx.municipality.code, *args]))
        return f"{whole}?{urlencode(query)}" if query else whole

    def here(self, **changed: str) -> str:
        """The address that was asked for, with some parameters changed."""
        query = {**{key: str(value) for key, value in self.request.GET.items()}, **changed}
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(query)}")


def link(rel: str, href: str, media: str, title: str = "") -> Document:
    """A link object."""
    return {"rel": rel, "href": href, "type": media, **({"title": title} if title else {})}


def _itself(site: Site, media: str, html: bool) -> list[JsonValue]:
    """The document itself, and the same as another media type."""
    forms = ((media, "json"), (HTML, "html"))
    wanted = HTML if html else media
    return [
        link("self" if one == wanted else "alternate", site.here(f=name), one, _("この文書"))
        for one, name in sorted(forms, key=lambda form: form[0] != wanted)
    ]


def landing(site: Site, *, html: bool) -> Document:
    """/req/core/root-success."""
    name = site.ctx.municipality.name
    return {
        "title": _("%(name)sの地図データ") % {"name": name},
        "description": _("%(name)sの地図の層です。OGC API – Features で読めます。") % {"name": name},
        "links": [
            *_itself(site, JSON, html),
            link("service-desc", site.href("api", f="json"), OPENAPI, _("APIの説明（OpenAPI 3.0）")),
            link("service-doc", site.href("api", f="html"), HTML, _("APIの説明")),
            link("conformance", site.href("conformance"), JSON, _("従っている規格")),
            link("data", site.href("collections"), JSON, _("層の一覧")),
        ],
    }


def conformance(site: Site, *, html: bool) -> Document:
    """/req/core/conformance-success."""
    return {"conformsTo": list(CONFORMANCE), "links": _itself(site, JSON, html)}


def collections(site: Site, shown: Sequence[Shown], *, html: bool) -> Document:
    """/req/core/fc-md-success."""
    return {
        "links": _itself(site, JSON, html),
        "crs": list(systems.OFFERED),
        "collections": [_collection(site, one, [], listed=True) for one in shown],
    }


def collection(site: Site, shown: Shown, *, html: bool) -> Document:
    """/req/core/sfc-md-success."""
    return _collection(site, shown, _itself(site, JSON, html), listed=False)


def _collection(site: Site, shown: Shown, itself: list[JsonValue], *, listed: bool) -> Document:
    layer, key = shown.layer, shown.layer.key
    found: Document = {"id": key, "title": layer.label, "itemType": "feature"}
    if layer.attribution:
        found["attribution"] = layer.attribution
    if layer.terms:
        found["yakuba:terms"] = layer.terms
    if layer.box is not None:
        found["extent"] = {"spatial": {"bbox": [list(layer.box)], "crs": systems.CRS84}}
    found["crs"] = ["#/crs"] if listed else list(systems.OFFERED)
    found["storageCrs"] = systems.STORAGE
    found["links"] = [
        *(itself or [link("self", site.href("collection", key), JSON, layer.label)]),
        link("items", site.href("items", key, f="json"), GEOJSON, layer.label),
        link("items", site.href("items", key, f="html"), HTML, layer.label),
        link(QUERYABLES_REL, site.href("queryables", key), SCHEMA, _("条件に使える項目")),
    ]
    return found


def queryables(site: Site, shown: Shown) -> Document:
    """/req/queryables/get-queryables-response: a JSON Schema of what filters may ask for."""
    properties: Document = {GEOMETRY: {"x-ogc-role": "primary-geometry", "format": "geometry-any"}}
    for key, spec in shown.specs.items():
        told: Document = {"title": spec.label, **schema(spec.kind)}
        if key == shown.instant:
            told["x-ogc-role"] = "primary-instant"
        if spec.unit:
            told["x-ogc-unit"] = spec.unit
        if spec.help:
            told["description"] = spec.help
        properties[key] = told
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": site.href("queryables", shown.layer.key),
        "type": "object",
        "title": shown.layer.label,
        "properties": properties,
        "additionalProperties": False,
    }


def schema(kind: object) -> Document:
    """The JSON Schema of a value as features have it."""
    if isinstance(kind, kinds.Number):
        return {"type": "number"}
    if isinstance(kind, kinds.Choice):
        labels = "、".join(f"{code}：{label}" for code, label in kind.options)
        return {"type": "string", **kind.schema(), "description": labels}
    return kind.schema() if isinstance(kind, kinds.Kind) else {}


def items(site: Site, shown: Shown, page: Page, crs: str, now: dt.datetime, *, html: bool) -> Document:
    """/req/geojson/content and /req/core/fc-links: a page of features."""
    places = systems.geometries([one.place for one in page.features], crs)
    media = HTML if html else GEOJSON
    links = [
        *_itself(site, GEOJSON, html),
        link("collection", site.href("collection", shown.layer.key), JSON, shown.layer.label),
    ]
    if page.following:
        links.append(link("next", site.here(after=page.following), media, _("次のページ")))
    return {
        "type": "FeatureCollection",
        "timeStamp": now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **({} if page.matched is None else {"numberMatched": page.matched}),
        "numberReturned": len(page.features),
        "features": [
            {**_feature(one, place), **({"links": [_own(site, shown, one)]} if html else {})}
            for one, place in zip(page.features, places, strict=True)
        ],
        "links": links,
    }


def _own(site: Site, shown: Shown, feature: Feature) -> Document:
    """The way to a feature's own page, for people; a program makes it of the id."""
    return link("item", site.href("item", shown.layer.key, feature.id, f="html"), HTML, _("この地物"))


def item(site: Site, shown: Shown, feature: Feature, crs: str, *, html: bool) -> Document:
    """/req/core/f-success: one feature."""
    return {
        **_feature(feature, systems.geometries([feature.place], crs)[0]),
        "links": [
            *_itself(site, GEOJSON, html),
            link("collection", site.href("collection", shown.layer.key), JSON, shown.layer.label),
        ],
    }


def _feature(feature: Feature, place: JsonValue) -> Document:
    properties: Mapping[str, JsonValue] = feature.properties
    return {"type": "Feature", "id": feature.id, "geometry": place, "properties": properties}
