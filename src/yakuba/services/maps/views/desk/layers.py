"""The layers of the map: which there are, what is said of one, how it is drawn, and whether everybody sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.places import access, rules
from yakuba.engines.places import layers as places
from yakuba.engines.places.actions import change_layer, release_layer, set_style, withdraw_layer
from yakuba.engines.places.layers import Layer, Property
from yakuba.engines.places.models import CLASSIFICATIONS, LayerState, UploadedLayer
from yakuba.engines.places.rules import COLOURS
from yakuba.engines.places.uploads import Upload
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Missing, NoData, Problem
from yakuba.kernel.fields import Classification, JsonValue
from yakuba.kernel.fields.definition import Definition
from yakuba.kernel.ui.components import FieldError, Link, field
from yakuba.kernel.ui.lists import BadQuery, known
from yakuba.services.maps import queries
from yakuba.services.maps.reading import shown
from yakuba.services.maps.views.canvas import PLAIN, Legend, legend
from yakuba.services.maps.views.desk.asked import Asked
from yakuba.services.maps.views.desk.frame import every_layer, grouped, home, offices, show


@dataclass(frozen=True, slots=True)
class Line:
    """A layer in the list; ``manage`` is where it is changed, ``state`` whether everybody sees it, empty where the ledger says that."""

    layer: Layer
    legend: Sequence[Legend]
    on_map: str
    manage: str
    released: bool | None


@require_safe
@desk_page
def index(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every layer that the actor may see; files that wait for an answer, for who keeps the map."""
    known(request.GET)
    every = every_layer(ctx)
    states = queries.states(ctx)
    keeps = access.UPLOAD.holds_anywhere(ctx)

    def line(one: Layer) -> Line:
        state = states.get(one.key)
        return Line(
            one,
            legend(one),
            Asked((one.key,)).href(ctx),
            address("maps-desk-manage", ctx, one.key) if keeps and state is not None else "",
            state.released if state is not None and isinstance(one, Upload) else None,
        )

    return show(
        request,
        ctx,
        "layers",
        _("地図の層"),
        crumbs=[home(ctx)],
        groups=[(group.label, [line(one) for one in group.layers]) for group in grouped(every)],
        new_href=address("maps-desk-upload", ctx) if keeps else "",
        rasters_href=address("maps-rasters", ctx),
        views_href=address("maps-desk-views", ctx),
        drafts=[(one, address("maps-desk-draft", ctx, one.pk)) for one in queries.drafts(ctx)[:20]]
        if keeps
        else [],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def manage(request: HttpRequest, ctx: Context, key: str) -> HttpResponseBase:
    """One layer: its words (uploaded ones), its style, its release."""
    need(access.STYLE, ctx)
    if request.method != "POST":
        return _manage(request, ctx, key, None)
    do = _DONE.get(request.POST.get("do", ""))
    if do is None:
        raise Missing
    try:
        do(request, ctx, key)
    except Problem as problem:
        return _manage(request, ctx, key, problem)
    return see("maps-desk-manage", ctx, key)


def _row(ctx: Context, key: str) -> UploadedLayer:
    layer = places.find(ctx, key)
    if not isinstance(layer, Upload):
        raise Missing
    return layer.row


def _describe(request: HttpRequest, ctx: Context, key: str) -> None:
    posted = request.POST
    said: dict[str, JsonValue] = {
        name: posted.get(name, "") for name in ("label", "office", "classification", "attribution", "terms")
    }
    shown: list[JsonValue] = [*posted.getlist("shown")]
    data = change_layer.read_json({**said, "say_shown": "say_shown" in posted, "shown": shown})
    change_layer(ctx, _row(ctx, key), data, expected_version=version_of(request))


def _release(_request: HttpRequest, ctx: Context, key: str) -> None:
    release_layer(ctx, _row(ctx, key).state, NoData())


def _withdraw(request: HttpRequest, ctx: Context, key: str) -> None:
    withdraw_layer(ctx, _row(ctx, key).state, withdraw_layer.read_text(request.POST))


def _style(request: HttpRequest, ctx: Context, key: str) -> None:
    layer = places.find(ctx, key)
    set_style(
        ctx,
        queries.state(ctx, key),
        set_style.read_json({"style": _said_style(ctx, layer, request.POST)}),
        expected_version=version_of(request),
    )


_DONE: Mapping[str, Callable[[HttpRequest, Context, str], None]] = {
    "describe": _describe,
    "style": _style,
    "release": _release,
    "withdraw": _withdraw,
}


def _said_style(ctx: Context, layer: Layer, posted: Mapping[str, str]) -> dict[str, JsonValue]:
    """The style that a form says; its classes are those values that were offered and got a name."""
    style: dict[str, JsonValue] = {"colour": posted.get("colour", PLAIN)}
    if posted.get("label"):
        style["label"] = posted["label"]
    by = _property(ctx, layer, posted.get("by", ""))
    if by is None:
        return style
    style["by"] = by.key
    offered = queries.values_of(ctx, layer, by, rules.MOST_CLASSES)
    chosen: list[JsonValue] = [
        [value, posted.get(f"colour-{place}", PLAIN), (posted.get(f"name-{place}", "") or str(value))[:80]]
        for place, (value, _count) in enumerate(offered)
        if posted.get(f"value-{place}") == str(value) and posted.get(f"use-{place}")
    ]
    if chosen:
        style["classes"] = chosen
    return style


def _property(ctx: Context, layer: Layer, key: str) -> Property | None:
    if not key:
        return None
    found = next((one for one in _drawable(ctx, layer) if one.key == key), None)
    if found is None:
        raise BadQuery("by", key, "・".join(one.key for one in _drawable(ctx, layer)))
    return found


def _drawable(ctx: Context, layer: Layer) -> list[Property]:
    """Properties that people read, by which a layer may be drawn."""
    return [one for one in layer.properties(ctx) if one.spec.kind is not None]


@dataclass(frozen=True, slots=True)
class Class:
    """A value that a layer may be drawn by: how it is sent, shown, coloured and named, how often it stands there."""

    sent: str
    shown: str
    count: int
    colour: str
    name: str
    used: bool


def _classes(ctx: Context, layer: Layer, by: Property | None) -> list[Class]:
    """The values that are there, those of the present style with their colours and names."""
    if by is None:
        return []
    styled = layer.style.get("classes") if layer.style.get("by") == by.key else None
    now = {str(one[0]): one for one in styled if isinstance(one, list)} if isinstance(styled, list) else {}
    found = []
    for place, (value, count) in enumerate(queries.values_of(ctx, layer, by, rules.MOST_CLASSES)):
        one = now.get(str(value))
        label = shown(by, value) or str(value)
        found.append(
            Class(
                str(value),
                label,
                count,
                str(one[1]) if one else COLOURS[place % len(COLOURS)],
                str(one[2]) if one else label,
                used=one is not None or not now,
            )
        )
    return found


def _manage(request: HttpRequest, ctx: Context, key: str, problem: Problem | None) -> HttpResponse:
    known(request.GET, "by")
    layer = places.find(ctx, key)
    state = queries.state(ctx, key)
    by = _property(ctx, layer, request.GET.get("by", "") or str(layer.style.get("by") or ""))
    errors = errors_of(problem)
    return show(
        request,
        ctx,
        "manage",
        layer.label,
        crumbs=[home(ctx), Link(_("地図の層"), address("maps-desk-layers", ctx))],
        status=problem.status if problem else 200,
        one=layer,
        legend=legend(layer),
        errors=errors,
        said={one.key: one.message for one in errors},
        here=address("maps-desk-manage", ctx, key),
        on_map=Asked((key,)).href(ctx),
        by=by,
        properties=[(one.key, one.spec.label) for one in _drawable(ctx, layer)],
        classes=_classes(ctx, layer, by),
        colour=str(layer.style.get("colour") or PLAIN),
        titled=str(layer.style.get("label") or ""),
        state=state,
        **(
            _upload(ctx, layer.row, state, request.POST if errors else {})
            if isinstance(layer, Upload)
            else {}
        ),
    )


def _upload(
    ctx: Context, row: UploadedLayer, state: LayerState, posted: Mapping[str, str]
) -> dict[str, object]:
    """What the page says of an uploaded layer beside its style."""
    names = ("label", "office", "classification", "attribution", "terms")
    own = Definition.read(row.edition.definition).fields
    public = [key for key, spec in own.items() if spec.classification is Classification.PUBLIC]
    shown_now = posted.getlist("shown") if isinstance(posted, QueryDict) and "say_shown" in posted else public
    now = {name: str(getattr(row, f"{name}_id" if name == "office" else name)) for name in names}
    return {
        "row": row,
        "values": {name: posted.get(name, now[name]) for name in names},
        "offices": offices(ctx),
        "classifications": CLASSIFICATIONS,
        "shown_field": field(
            "shown",
            _("だれでも見られる項目"),
            widget="checkboxes",
            value=shown_now,
            choices=[(key, spec.label) for key, spec in own.items()],
            required=False,
            hint=_("「公開できる」にした層で、地図とデータに出す項目です。印のない項目は庁内だけで見ます。"),
        )
        if own
        else "",
        "replace_href": address("maps-desk-replace", ctx, row.pk),
        "released": state.released,
    }


def refused(problem: Problem, key: str) -> list[FieldError]:
    """A refusal on one field of a form."""
    return [FieldError(key, one.message) for one in errors_of(problem)]


def replaced(ctx: Context, layer_id: UUID) -> UploadedLayer:
    """The layer that a new file shall replace. Raises :class:`Missing`."""
    need(access.UPLOAD, ctx)
    return queries.uploaded(ctx, layer_id)
