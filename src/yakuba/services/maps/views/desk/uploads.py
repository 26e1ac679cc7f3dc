"""A file becomes a layer: chosen, asked about, looked at, confirmed. Each step is an address, so that whoever leaves comes back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yakuba.engines.places.access import UPLOAD
from yakuba.engines.places.crs.guessing import Landmark
from yakuba.engines.places.crs.systems import SYSTEMS
from yakuba.engines.places.formats.drawn import RowFault
from yakuba.engines.places.formats.settling import Question
from yakuba.engines.places.models import CLASSIFICATIONS, UploadedLayer
from yakuba.engines.places.shapes import ShapeKind
from yakuba.kernel.access.desk import address, need, see, version_of
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.fields import Invalid
from yakuba.kernel.files import limits
from yakuba.kernel.files import store as files
from yakuba.kernel.files.archives import LIMITS
from yakuba.kernel.files.receiving import received
from yakuba.kernel.ui.components import FieldError, Link, TableColumn, table
from yakuba.kernel.ui.lists import known
from yakuba.services.maps import incoming, queries
from yakuba.services.maps.actions.drafts import (
    AT_ONCE,
    BeginDraft,
    begin_draft,
    confirm_draft,
    load,
    stop_draft,
)
from yakuba.services.maps.incoming import Said, Sorted
from yakuba.services.maps.models import LayerDraft
from yakuba.services.maps.views.desk import layers
from yakuba.services.maps.views.desk.asked import Asked
from yakuba.services.maps.views.desk.frame import every_layer, home, offices, show
from yakuba.services.maps.views.desk.picture import Picture, picture

_EXAMPLES: Final = 3
_FEW: Final = 20
_ENCODINGS: Final = (
    ("cp932", "CP932（Shift_JIS）"),
    ("utf-8", "UTF-8"),
    ("euc_jp", "EUC-JP"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Choose a file for a new layer."""
    need(UPLOAD, ctx)
    return _choose(request, ctx, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def again(request: HttpRequest, ctx: Context, layer_id: UUID) -> HttpResponseBase:
    """Choose a file that replaces what is on a layer."""
    return _choose(request, ctx, layers.replaced(ctx, layer_id))


def _choose(request: HttpRequest, ctx: Context, old: UploadedLayer | None) -> HttpResponseBase:
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            file = received(request, "file")
            stream = cast("BinaryIO", file)
            try:
                incoming.look(stream, Said())  # only what can be followed enters the store
            except Problem as problem:
                if problem.field not in _ASKED:
                    raise
            stream.seek(0)
            data = BeginDraft(files.put(stream), str(file.name)[-255:], str(old.pk) if old else "")
            return see("maps-desk-draft", ctx, begin_draft(ctx, None, data).pk)
        except Problem as problem:
            errors = layers.refused(problem, "file")
    title = _("「%s」を入れ替える") % old.label if old else _("ファイルから層を加える")
    return show(
        request,
        ctx,
        "upload",
        title,
        crumbs=_way(ctx),
        status=422 if errors else 200,
        errors=errors,
        error=errors[0].message if errors else "",
        limit=limits.in_mb(LIMITS.size),
        back=address("maps-desk-layers", ctx),
    )


#: What a person can answer about a file that cannot be read without.
_ASKED: Final = frozenset({"layer"})


def _way(ctx: Context) -> list[Link]:
    return [home(ctx), Link(_("地図の層"), address("maps-desk-layers", ctx))]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def draft(request: HttpRequest, ctx: Context, draft_id: UUID) -> HttpResponseBase:
    """A file at the step where it is: the question about its coordinates, the look at what it holds, the progress, the end."""
    found = queries.draft_of(ctx, draft_id)
    if request.method != "POST":
        return _page(request, ctx, found, None)
    try:
        if request.POST.get("do") == "stop":
            stop_draft(ctx, found, NoData(), expected_version=version_of(request))
            return see("maps-desk-layers", ctx)
        data = confirm_draft.read_text(request.POST)
        data = replace(data, inside=request.POST.getlist("keep_inside"))
        confirmed = confirm_draft(ctx, found, data, expected_version=version_of(request))
    except Problem as problem:
        errors_of(problem)  # raises what is no matter of a form
        return _page(request, ctx, queries.draft_of(ctx, draft_id), problem)
    if data.many <= AT_ONCE:
        load(ctx, confirmed)
    return see("maps-desk-draft", ctx, found.pk)


def _page(request: HttpRequest, ctx: Context, found: LayerDraft, problem: Problem | None) -> HttpResponse:
    step = _STEPS[found.state]
    context = _asking(request, ctx, found, problem) if step == "asking" else _over(ctx, found)
    errors = [*cast("Sequence[FieldError]", context.pop("errors", ())), *errors_of(problem)]
    answer = show(
        request,
        ctx,
        f"draft_{step}",
        _("取り込み：%s") % found.name,
        crumbs=_way(ctx),
        status=problem.status if problem else 200,
        draft=found,
        here=address("maps-desk-draft", ctx, found.pk),
        back=address("maps-desk-layers", ctx),
        errors=errors,
        said={one.key: one.message for one in errors},
        **context,
    )
    if step == "loading":
        answer["Refresh"] = "5"
    return answer


_STEPS: Final = {"asking": "asking", "loading": "loading", "done": "over", "stopped": "over"}


def _over(ctx: Context, found: LayerDraft) -> dict[str, object]:
    layer = found.replaces
    if layer is None:
        return {}
    return {
        "layer": layer,
        "manage": address("maps-desk-manage", ctx, layer.state.key),
        "on_map": Asked((layer.state.key,)).href(ctx),
    }


@dataclass(frozen=True, slots=True)
class Preview:
    """What a settled file holds, as the page shows it before anything is kept."""

    count: int
    format: str
    encoding: str
    columns: str
    box: str
    how: str
    warnings: Sequence[str]
    notes: Sequence[str]
    faults: Sequence[RowFault]
    more_faults: int
    bad: int
    mendable: int
    placeless: int
    picture: Picture | None
    names: Sequence[tuple[str, str]]
    gone: Sequence[str]


def _asking(
    request: HttpRequest, ctx: Context, found: LayerDraft, problem: Problem | None
) -> dict[str, object]:
    """What the file says and what it asks. The answers stand in the address; a refused form keeps what was typed."""
    known(request.GET, "reading", "other", "encoding", "inner", "near")
    given = request.POST if problem is not None else request.GET
    said = _said(given)
    errors: list[FieldError] = []
    landmarks = _landmarks(ctx)
    near = request.GET.get("near", "").strip()
    if near:
        try:
            west, south, _east, _north = ShapeKind().parse(near).bounds
            landmarks = [Landmark(_("入力した場所"), west, south)]
        except Invalid as invalid:
            errors += errors_of(Problem.of("near", _("町の場所"), invalid))
    context: dict[str, object] = {
        "encodings": _ENCODINGS,
        "asked": said,
        "near": near,
        "inner": said.inner,
        "offices": offices(ctx),
        "classifications": CLASSIFICATIONS,
        "values": _values(request.POST, found),
        "errors": errors,
        "question": "",
        "preview": None,
    }
    assert found.file is not None  # what is asked about has one  # noqa: S101
    try:
        with files.open(found.file) as stream:
            looked = incoming.look(stream, said, landmarks)
    except Problem as refused:
        errors += [FieldError(_FORM_KEYS.get(one.key, ""), one.message) for one in errors_of(refused)]
        context["unread"] = True
        return context
    if isinstance(looked.outcome, Question):
        offered = [(f"{one.system.epsg}-{one.axis}", one.label) for one in looked.outcome.readings]
        shown = {key for key, _label in offered}
        context["question"] = looked.outcome.why
        context["readings"] = offered
        context["others"] = [one for one in _every_reading() if one[0] not in shown]
        context["notes"] = looked.drawn.notes
        return context
    context["preview"] = _preview(looked, found, said)
    return context


def _every_reading() -> list[tuple[str, str]]:
    """Each system with each order of its numbers, as choices."""
    orders = (("east", _("東・北（経度・緯度）の順")), ("north", _("北・東（緯度・経度）の順")))
    return [
        (f"{epsg}-{axis}", f"{system.label}、{order}")
        for epsg, system in SYSTEMS.items()
        for axis, order in orders
    ]


_FORM_KEYS: Final = {"layer": "inner", "system": "reading", "near": "near"}


def _said(given: QueryDict) -> Said:
    """The answers of an address or a form: 「EPSG-順」."""
    epsg, _dash, axis = (given.get("reading") or given.get("other", "")).partition("-")
    if "system" in given:
        epsg, axis = given.get("system", ""), given.get("axis", "")
    number = int(epsg) if epsg.isascii() and epsg.isdecimal() and len(epsg) < 7 else 0
    encoding = given.get("encoding", "")
    return Said(
        number if number in SYSTEMS else 0,
        axis if axis in {"east", "north"} else "",
        encoding if encoding in {key for key, _label in _ENCODINGS} else "",
        given.get("inner", "")[:200],
    )


def _values(posted: Mapping[str, str], found: LayerDraft) -> dict[str, str]:
    stem = found.name.rpartition(".")[0] or found.name
    names = ("office", "classification", "attribution", "terms")
    return {"label": posted.get("label", stem), **{name: posted.get(name, "") for name in names}}


def _landmarks(ctx: Context) -> list[Landmark]:
    """The middles of the layers that are here: what comes is most likely near them."""
    return [
        Landmark(_("「%s」の中心") % one.label, (one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2)
        for one in every_layer(ctx)
        if one.box is not None
    ]


def _preview(looked: incoming.Looked, found: LayerDraft, said: Said) -> Preview:
    settled = looked.outcome
    assert not isinstance(settled, Question)  # a question is drawn otherwise  # noqa: S101
    split = incoming.sort(settled)
    rows = [one.properties for one in settled.features[:_EXAMPLES]]
    drawn = looked.drawn
    columns = [
        [
            one.name,
            _TYPES[one.type],
            "、".join(str(row[one.name])[:30] for row in rows if row.get(one.name) is not None),
        ]
        for one in drawn.fields
    ]
    heads = [TableColumn(_("項目")), TableColumn(_("種類")), TableColumn(_("値の例"))]
    return Preview(
        len(split.good),
        drawn.format,
        drawn.encoding,
        table(_("項目"), heads, columns, hide_caption=True) if columns else "",
        _box(split),
        incoming.how(replace(settled, warnings=())),
        settled.warnings,
        settled.notes,
        settled.faults[:_FEW],
        max(len(settled.faults) - _FEW, 0),
        len(split.bad),
        sum(bad.mended is not None for bad, _values in split.bad),
        split.placeless,
        picture(split),
        [(one.name, one.name) for one in drawn.fields],
        _gone(looked, found, said),
    )


_TYPES: Final = {
    "text": "文字",
    "integer": "整数",
    "number": "数",
    "date": "日付",
    "boolean": "はい・いいえ",
}


def _box(split: Sorted) -> str:
    if split.box is None:
        return ""
    west, south, east, north = split.box
    return _("北緯%(south).5f〜%(north).5f度、東経%(west).5f〜%(east).5f度") % {
        "south": south,
        "north": north,
        "west": west,
        "east": east,
    }


def _gone(looked: incoming.Looked, found: LayerDraft, said: Said) -> list[str]:
    """Columns that the layer has now and the new file lacks."""
    if found.replaces is None:
        return []
    new = {one["label"] for one in incoming.columns_of(incoming.definition_of(looked.drawn, said))}
    return [
        str(one["label"])
        for one in incoming.columns_of(found.replaces.edition.definition)
        if one["label"] not in new
    ]
