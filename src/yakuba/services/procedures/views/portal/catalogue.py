"""Public pages: the catalogue and a procedure. No session is read and no cookie is set."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yakuba.engines.casework.deadlines import UNITS
from yakuba.engines.publishing import serving
from yakuba.engines.publishing.models import Publication
from yakuba.engines.visitors.methods import methods_reaching
from yakuba.kernel.access.pages import portal_page
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.sheets.respond import FORMATS, exports
from yakuba.kernel.sheets.respond import respond as respond_sheet
from yakuba.kernel.ui.components import Fact, Link
from yakuba.kernel.ui.formats import moment, yen
from yakuba.kernel.ui.lists import BadQuery, ListState, ListView, known, position
from yakuba.services.procedures import trial
from yakuba.services.procedures.citizens import catalogue, forms, opening, queries
from yakuba.services.procedures.citizens.forms import language
from yakuba.services.procedures.definition.kinds.attached import TYPES
from yakuba.services.procedures.definition.model import (
    GROUNDS,
    IDENTITIES,
    LIFE_EVENTS,
    RESULTS,
    Definition,
    said,
)
from yakuba.services.procedures.models import Offer
from yakuba.services.procedures.published.queries import definition_of
from yakuba.services.procedures.views.portal.frame import (
    lang_of,
    list_crumbs,
    procedure_href,
    shell,
    top,
)

LIST = "procedures"


@require_safe
@portal_page
def listed(request: HttpRequest, ctx: Context) -> HttpResponseBase:
    """Every procedure that is offered: by need, life event, office, kind."""
    found = catalogue.rows(ctx)
    tag = serving.page_etag(
        ctx, "procedures", *(f"{row.procedure}{row.state}{row.words}{row.office}" for row in found)
    )
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    href = {row.procedure: procedure_href(ctx, row.procedure) for row in found}
    spec = catalogue.spec(found, href, _asked(request))
    state = spec.parse(request.GET)
    kept, loosened = catalogue.chosen(found, state)
    path = reverse("procedures-list", args=[ctx.municipality.code])
    view = ListView(
        key=LIST,
        caption=_("手続の一覧"),
        spec=spec,
        state=state,
        page=catalogue.page(kept, state, position(state.after)),
        path=path,
        exports=exports("procedures-list-sheet", ctx.municipality.code),
        empty_title=_("当てはまる手続がありません") if found else _("オンラインの手続は、まだありません"),
        empty_body=_("ほかの言葉でさがすか、窓口におたずねください。")
        if found
        else _("手続は、これまでどおり窓口や郵送でできます。"),
    )
    context = {
        "page": shell(ctx, _("手続をさがす"), [top(ctx)]),
        "list": view,
        "loosened": loosened,
        "events": [
            Link(label, path + ListState().with_filter(catalogue.EVENT, code).query(), count=count)
            for code, label, count in catalogue.events(found)
        ]
        if state == ListState()
        else [],
        "status_href": reverse("procedures-status", args=[ctx.municipality.code]),
    }
    return serving.keepable(render(request, "procedures/portal/list.html", context), tag)


@require_safe
@portal_page
def listed_sheet(request: HttpRequest, ctx: Context, name: str) -> HttpResponseBase:
    """The list as it is narrowed, as a file."""
    found = catalogue.rows(ctx)
    href = {row.procedure: request.build_absolute_uri(procedure_href(ctx, row.procedure)) for row in found}
    state = catalogue.spec(found, href, _asked(request)).parse(request.GET)
    kept, _loosened = catalogue.chosen(found, state)
    table = catalogue.sheet(kept, href, municipality=ctx.municipality.name, as_of=ctx.now)
    file_format = next(one for one in FORMATS if one == name)
    return respond_sheet(
        table, file_format, _("%(town)s 手続の一覧") % {"town": ctx.municipality.name}, public=True
    )


def _asked(request: HttpRequest) -> list[str]:
    return [value for name, values in request.GET.lists() if name.startswith("filter.") for value in values]


@dataclass(frozen=True, slots=True)
class Need:
    """Something to have at hand; ``detail`` says in which form a file may come."""

    label: str
    detail: str


@require_safe
@portal_page
def procedure(request: HttpRequest, ctx: Context, procedure_id: UUID) -> HttpResponseBase:
    """A procedure: can I, what do I need, how long, how much, start."""
    known(request.GET, "test")
    word = request.GET.get("test", "")
    tried = trial.read(ctx, procedure_id, word)
    if word and tried is None:
        raise BadQuery("test", word[:10] + "…", _("期限内の試行用のリンク"))
    offer = queries.unlisted(ctx, procedure_id) if tried else queries.offer_of(ctx, procedure_id)
    if offer is None:
        raise Missing
    publication = tried or offer.publication
    definition = definition_of(publication.pk)
    state = "open" if tried else opening.state_of(offer, definition.identity, ctx.now)
    ways = methods_reaching(definition.identity)
    tag = serving.page_etag(
        ctx,
        "procedure",
        publication.stamp,
        offer.version,
        offer.office,
        offer.note,
        state,
        offer.taken if offer.places else "",
        ",".join(way.key for way in ways),
        word,
    )
    if (same := serving.unchanged(request, tag)) is not None:
        return same
    answer = render(
        request,
        "procedures/portal/procedure.html",
        _procedure(ctx, offer, publication, definition, state, test=word)
        | {"ways": [str(way.label) for way in ways]},
    )
    return answer if tried else serving.keepable(answer, tag)


def _procedure(
    ctx: Context,
    offer: Offer,
    publication: Publication,
    definition: Definition,
    state: opening.State,
    *,
    test: str,
) -> dict[str, object]:
    tongue = language()
    code = ctx.municipality.code
    start = reverse("procedures-start", args=[code, offer.procedure])
    return {
        "page": shell(
            ctx,
            said(definition.title, tongue),
            list_crumbs(ctx),
            title_lang=lang_of(definition, tongue),
            contact=offer.office,
        ),
        "lang": lang_of(definition, tongue),
        "definition": definition,
        "offer": offer,
        "state": state,
        "state_said": opening.said_of(state, offer),
        "summary": said(definition.summary, tongue),
        "who": said(definition.who, tongue),
        "not_online": said(definition.not_online, tongue),
        "needs": _needs(definition, tongue),
        "identity": str(_(dict(IDENTITIES)[definition.identity])),
        "level": definition.identity,
        "term": term_of(definition, tongue),
        "fee": fee_of(definition, tongue),
        "results": [_(label) for key, label in RESULTS if key in definition.result],
        "pages": forms.most_pages(definition),
        "facts": _facts(ctx, offer, publication, definition),
        "start_href": f"{start}?test={test}" if test else start,
        "test": bool(test),
        "places_left": None if offer.places is None else max(offer.places - offer.taken, 0),
        "list_href": reverse("procedures-list", args=[code]),
        "status_href": reverse("procedures-status", args=[code]),
    }


def _needs(definition: Definition, tongue: str) -> list[Need]:
    """What to have at hand: what the office names, and what the form asks to attach."""
    named = [Need(said(need.label, tongue), "") for need in definition.needs]
    there = {need.question for need in definition.needs}
    asked = [
        Need(
            said(question.label, tongue),
            "・".join(TYPES[one] for one in question.types if one in TYPES) or _("写真かPDF"),
        )
        for question in definition.questions()
        if question.kind in {"file", "photo"} and question.required and question.key not in there
    ]
    return named + asked


def term_of(definition: Definition, tongue: str) -> str:
    """How long it takes."""
    note = said(definition.term_note, tongue)
    if definition.term is None:
        return note
    unit = str(_(dict(UNITS)[definition.term.unit]))
    text = _("%(amount)d%(unit)s以内（標準処理期間）") % {"amount": definition.term.amount, "unit": unit}
    return f"{text} {note}".strip()


def fee_of(definition: Definition, tongue: str) -> str:
    """What it costs, in words."""
    fee, note = definition.fee, said(definition.fee.note, tongue)
    prices = sorted(
        {
            option.price
            for question in definition.questions()
            if question.key == fee.question
            for option in question.options
            if option.price is not None
        }
    )
    match fee.rule:
        case "fixed":
            text = yen(fee.amount)
        case "per_count":
            text = _("1つにつき%(amount)s") % {"amount": yen(fee.amount)}
        case "by_choice":
            text = (
                _("%(low)sから%(high)s（選んだものによる）")
                % {"low": yen(prices[0]), "high": yen(prices[-1])}
                if prices
                else _("選んだものによる")
            )
        case "later":
            text = _("審査のあとに決まります")
        case _:
            text = _("無料")
    return f"{text} {note}".strip()


def _facts(ctx: Context, offer: Offer, publication: Publication, definition: Definition) -> list[Fact]:
    unfounded = dict(GROUNDS)["none"]
    laws = "、".join(
        f"{one.name}{one.article}" if one.kind != "none" else _(unfounded) for one in definition.grounds
    )
    labels = dict(LIFE_EVENTS)
    found = [
        Fact(_("担当課"), offer.office),
        Fact(_("根拠"), laws),
        Fact(_("様式"), " ".join(one for one in (definition.form_number, definition.form_title) if one)),
        Fact(_("受付期間"), _period(offer)),
        Fact(
            _("くらしのできごと"),
            "、".join(_(labels[one]) for one in definition.life_events if one in labels),
        ),
        Fact(_("書類の保存"), _kept(definition)),
        Fact(
            _("このページの版"),
            _("第%(number)d版（%(at)s）")
            % {"number": publication.number, "at": moment(publication.published_at)},
        ),
    ]
    return [one for one in found if one.value]


def _kept(definition: Definition) -> str:
    """What becomes of what one hands in."""
    if not definition.retention.isdecimal():
        return _("出されたものは、市の文書として保存し続けます。")
    return _("出されたものは、手続が終わった次の年度から%(years)s年間、市の文書として保存します。") % {
        "years": definition.retention
    }


def _period(offer: Offer) -> str:
    if offer.opens_at is None and offer.closes_at is None:
        return ""
    return _("%(from)sから%(until)sまで") % {"from": moment(offer.opens_at), "until": moment(offer.closes_at)}
