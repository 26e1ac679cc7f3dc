"""One indicator: by what it is measured, tried out before it is decided, and every decision so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.engines.ledger.counted import form as counted
from yakuba.engines.ledger.declaration import find_ledger
from yakuba.engines.metrics.declaring import metrics
from yakuba.engines.metrics.models import Series
from yakuba.engines.metrics.periods import Period
from yakuba.engines.metrics.series import my_number
from yakuba.engines.metrics.sources import SOURCES, Figure
from yakuba.kernel.access.desk import address, see
from yakuba.kernel.access.pages import desk_page
from yakuba.kernel.access.refusals import errors_of
from yakuba.kernel.actions import Context, Denied, Missing, Problem
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.fields import JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.files.receiving import received
from yakuba.kernel.files.serving import serve
from yakuba.kernel.ui.components import FieldError, Link
from yakuba.services.plan import labels
from yakuba.services.plan import queries as plan
from yakuba.services.plan.measured import access, lines, offers, queries
from yakuba.services.plan.measured.actions import BindIndicators, BindRow, bind_indicators, measure_of
from yakuba.services.plan.measured.beside import Beside, gap_of
from yakuba.services.plan.measured.fitting import Fit, Measure, fit, unit_of
from yakuba.services.plan.measured.proposals import propose_all
from yakuba.services.plan.models import Binding, Edition, Initiative
from yakuba.services.plan.rows import Form
from yakuba.services.plan.views.desk.frame import crumbs_of, show
from yakuba.services.plan.year import figures
from yakuba.services.plan.year.flow import printed
from yakuba.services.plan.year.words import name_of

_YEARS: Final = 5
_TYPED: Final = ("source", "metric", "series", "formula", "unit", "definition", "reason", "seen")
METRIC, SERIES, FORMULA, LEDGER = "metric", "series", "formula", "ledger"
Asked = dict[str, list[str]]
"""What was typed of a query on a ledger, by the names of its fields."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """A fiscal year: what the plan aims at and has, what the source says, and how they stand to each other."""

    year: str
    target: str
    actual: str
    measured: str
    gap: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A source tried out on the indicator: what is wrong with it, or what it is and what it measured."""

    wrong: Sequence[str]
    title: str = ""
    unit: str = ""
    aggregation: str = ""
    definition: str = ""
    href: str = ""
    fit: Fit = field(default_factory=Fit)
    years: Sequence[YearLine] = ()

    @property
    def empty(self) -> bool:
        """Whether it has measured nothing of these years yet."""
        return not any(one.measured for one in self.years)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def measure(
    request: HttpRequest, ctx: Context, edition_id: UUID, initiative_id: UUID, place: int
) -> HttpResponseBase:
    """The form. ``do=try`` shows what a source would say, ``do=bind`` decides, ``do=end`` ends what stands."""
    edition = plan.edition(ctx, edition_id)
    row, form = _initiative(ctx, edition, initiative_id, place)
    binding = queries.bindings(ctx, edition).get((row.pk, place))
    if request.method != "POST":
        typed = _typed_of(binding, row, form, place)
        asked = counted.typed_of(binding.said) if binding is not None and binding.source == LEDGER else {}
        return _page(request, ctx, edition, row, form, place, binding, typed, asked)
    # Before anything is reckoned: a trial tells what is counted.
    if not (verdict := access.BIND.may(ctx, row)).allowed:
        raise Denied(verdict.reason)
    typed = {key: request.POST.get(key, "").strip() for key in _TYPED}
    asked = {key: [str(one) for one in several] for key, several in request.POST.lists()}
    do = request.POST.get("do", "try")
    if do == "open":
        typed["source"] = LEDGER
    if do in ("try", "open"):
        return _page(request, ctx, edition, row, form, place, binding, typed, asked, tried=do == "try")
    source = queries.ENDED if do == "end" else typed["source"]
    try:
        _demand_source(source, do)
        name, sha256 = _file(request) if source == queries.MANUAL else ("", "")
        wanted: BindRow = {
            "initiative": str(row.pk),
            "position": place,
            "name": form["indicators"][place]["name"],
            "seen": typed["seen"],
            "source": source,
            "said": said_of(source, typed, asked),
            "reason": request.POST.get("end_reason", "") if do == "end" else typed["reason"],
            "definition": typed["definition"],
            "grounds": _grounds(ctx, form, place, source, said_of(source, typed, asked)),
            "sha256": sha256,
            "file": name,
        }
        bind_indicators(ctx, edition, BindIndicators([wanted]))
    except Denied:
        raise
    except Problem as problem:
        errors = [FieldError(_field(one.key, do), one.message) for one in errors_of(problem)]
        return _page(
            request, ctx, edition, row, form, place, binding, typed, asked,
            tried=do == "bind", errors=errors, status=problem.status,
        )  # fmt: skip
    return see("plan-measure", ctx, edition.pk, row.pk, place)


def _demand_source(source: str, do: str) -> None:
    if do == "bind" and not source:
        raise Problem("required", _("何で測るかを選んでください。"), field="source")


def _field(key: str, do: str) -> str:
    """The field of the page that an error is about."""
    name = key.removeprefix("rows[0].").removeprefix("rows[0]")
    if name == "reason" and do == "end":
        return "end_reason"
    return name if name in _TYPED else ""


def _initiative(ctx: Context, edition: Edition, initiative_id: UUID, place: int) -> tuple[Initiative, Form]:
    found = plan.forms(plan.initiatives(ctx, edition).filter(pk=initiative_id))
    if not found or place >= len(found[0][1]["indicators"]):
        raise Missing
    return found[0]


def _file(request: HttpRequest) -> tuple[str, str]:
    """Name and digest of the file that came along; empty without one. Raises :class:`Problem` for a sheet with a 個人番号."""
    if not request.FILES.get("file"):
        return "", ""
    upload = received(request, "file")
    my_number.demand_none_in(cast("BinaryIO", upload), "file")
    sha256 = files.put(cast("BinaryIO", upload))
    return str(upload.name), sha256


def said_of(source: str, typed: Mapping[str, str], asked: Asked) -> dict[str, JsonValue]:
    """What a binding would keep of what was typed."""
    if source == LEDGER:
        return counted.said_of(asked)
    if source == METRIC:
        return {"metric": typed["metric"]}
    if source == SERIES:
        return {"series": typed["series"]}
    if source == FORMULA:
        unit = {"unit": typed["unit"]} if typed["unit"] else {}
        return {"formula": typed["formula"], **unit}
    return {}


def _typed_of(binding: Binding | None, row: Initiative, form: Form, place: int) -> dict[str, str]:
    """What stands in the form: what the indicator is bound to, else the surest proposal's metric beside an open choice."""
    typed = dict.fromkeys(_TYPED, "")
    if binding is not None:
        typed |= {"source": binding.source, "seen": str(binding.pk)}
        typed |= {key: str(value) for key, value in binding.said.items() if key in _TYPED}
        if binding.source == queries.MANUAL:
            typed["definition"] = binding.definition
        return typed
    typed["definition"] = form["indicators"][place].get("definition") or ""
    best = propose_all(form, offers.declared()).get(place, [])
    if best and best[0].offer is not None:
        typed["metric"] = str(best[0].offer.said.get("metric", ""))
    return typed


def _grounds(ctx: Context, form: Form, place: int, source: str, said: Mapping[str, JsonValue]) -> list[str]:
    """What speaks for the source that was chosen, if it is among the proposed ones."""
    for one in propose_all(form, offers.offers(ctx, [form])).get(place, []):
        if one.offer is not None and one.offer.source == source and dict(one.offer.said) == dict(said):
            return [*(reason.text for reason in one.reasons), *one.cautions]
    return []


def _page(
    request: HttpRequest,
    ctx: Context,
    edition: Edition,
    row: Initiative,
    form: Form,
    place: int,
    binding: Binding | None,
    typed: Mapping[str, str],
    asked: Asked,
    *,
    tried: bool = False,
    errors: Sequence[FieldError] = (),
    status: int = 200,
) -> HttpResponse:
    indicator = form["indicators"][place]
    trial = None
    if tried and typed["source"] in SOURCES:
        trial = trial_of(ctx, indicator, typed["source"], said_of(typed["source"], typed, asked), new=True)
    elif binding is not None and binding.source in SOURCES:
        trial = trial_of(ctx, indicator, binding.source, binding.said)
    said = {one.key: str(one.message) for one in errors}
    if trial is not None and tried and not errors and (trial.wrong or trial.fit.refusal):
        errors = [FieldError("source", text) for text in (*trial.wrong, trial.fit.refusal) if text]
        status = 422
    before = queries.ended_line(ctx, edition, row.pk, place) if binding is None else binding
    return show(
        request,
        ctx,
        "measure",
        name_of(indicator) or row.title,
        crumbs=[*crumbs_of(ctx, edition), Link(_("指標の計測"), address("plan-measures", ctx, edition.pk))],
        status=status,
        edition=edition,
        row=row,
        row_href=address("plan-desk-initiative", ctx, row.pk),
        indicator=indicator,
        facts=_facts(indicator),
        binding=binding,
        manual=queries.MANUAL,
        source_label=_source_label(binding),
        file_href=address("plan-measure-file", ctx, edition.pk, binding.pk)
        if binding is not None and binding.file_id
        else "",
        history=_history(ctx, edition, before),
        may=access.BIND.may(ctx, row).allowed,
        typed=typed,
        said=said,
        errors=errors,
        tried=tried,
        trial=trial,
        sources=_sources(),
        metrics=[(one.key, f"{one.label}（{one.unit}）") for one in metrics()],
        series=[
            (one.key, f"{one.title}（{one.unit}）" if one.unit else one.title)
            for one in Series.objects.for_actor(ctx).filter(state="active").order_by("key")
        ],
        proposals=propose_all(form, offers.offers(ctx, [form])).get(place, []) if binding is None else [],
        ledgers=counted.choices(ctx) if LEDGER in SOURCES else [],
        ledger=next(iter(asked.get(LEDGER, ())), ""),
        ledger_fields=_ledger_fields(asked),
        formula_href=address("metrics-formula", ctx),
        here=address("plan-measure", ctx, edition.pk, row.pk, place),
        back=address("plan-measures", ctx, edition.pk),
    )


def _ledger_fields(asked: Asked) -> list[tuple[str, list[SafeString]]]:
    """What is counted of the ledger that was chosen: the conditions, and those of a share's part."""
    ledger = find_ledger(next(iter(asked.get(LEDGER, ())), ""))
    if ledger is None:
        return []
    whole, part = counted.fields(ledger, asked)
    return [("", whole), (_("割合の分子にする条件"), part)]


def _sources() -> list[tuple[str, str]]:
    """What may be chosen, in the order of the page."""
    known = [
        (key, str(SOURCES.get(key).label)) for key in (METRIC, SERIES, FORMULA, LEDGER) if key in SOURCES
    ]
    return [*known, (queries.MANUAL, _("担当課が数える（計測しない）"))]


def _source_label(binding: Binding | None) -> str:
    if binding is None or binding.source not in SOURCES:
        return ""
    return str(SOURCES.get(binding.source).label)


def _facts(indicator: Form) -> list[tuple[str, str]]:
    """What the plan says of the indicator itself."""
    found = [
        (_("単位"), unit_of(indicator)),
        (_("集計"), labels.of(labels.AGGREGATIONS, indicator["aggregation"])),
        (_("望ましい向き"), labels.of(labels.DIRECTIONS, indicator["direction"])),
        (_("数え方"), indicator.get("definition") or ""),
        (_("最新の値"), lines.words_of(lines.actual_of(indicator))),
    ]
    return [(name, text) for name, text in found if text]


def _history(ctx: Context, edition: Edition, last: Binding | None) -> list[tuple[Binding, str, str]]:
    """Every decision with its edition where that is another, and the address of its file."""
    if last is None:
        return []
    return [
        (
            one,
            str(one.edition) if one.edition_id != edition.pk else "",
            address("plan-measure-file", ctx, one.edition_id, one.pk) if one.file_id else "",
        )
        for one in queries.history(ctx, last)
    ]


def trial_of(
    ctx: Context, indicator: Form, source: str, said: Mapping[str, JsonValue], *, new: bool = False
) -> Trial:
    """A source as it would be for an indicator: the years that the plan speaks of, and the last ones.

    ``new``: nobody bound it yet. Raises :class:`Denied` for one whose ground this person may not see.
    """
    one = SOURCES.get(source)
    wrong = one.check(ctx, said) or (one.check_new(ctx, said) if new else [])
    if wrong:
        return Trial(wrong)
    measure_ = measure_of(ctx, source, said)
    this = FiscalYear.of(japan_date(ctx.now)).year
    years = sorted(
        {value["year"] for value in indicator["values"] if value["year"] and value["year"] <= this}
        | set(range(this - _YEARS + 1, this + 1))
    )
    found = one.figures(ctx, said, [Period.year(FiscalYear(year)) for year in years])
    by_year = {period.fiscal_year.year: figure for period, figure in found.items()}
    title = one.title(ctx, said)
    return Trial(
        (),
        title,
        measure_.unit,
        labels.of(labels.AGGREGATIONS, measure_.aggregation),
        one.definition(ctx, said),
        one.href(ctx, said),
        fit(indicator, measure_),
        [_year_line(indicator, year, by_year.get(year), title, measure_) for year in reversed(years)],
    )


def _year_line(indicator: Form, year: int, figure: Figure | None, title: str, measure_: Measure) -> YearLine:
    target = figures.newest(indicator, "target", year)
    actual = figures.newest(indicator, "actual", year) or figures.newest(indicator, "baseline", year)
    gap = gap_of(actual, figure) if figure is not None else None
    return YearLine(
        FiscalYear(year).wareki,
        str(target["raw"]) if target is not None else "",
        printed(actual) if actual is not None else "",
        Beside(title, measure_, figure).printed if figure is not None else "",
        gap.words(measure_.unit) if gap is not None else "",
    )


@require_safe
@desk_page
def file(request: HttpRequest, ctx: Context, edition_id: UUID, binding_id: UUID) -> HttpResponseBase:
    """What shows how the office counts."""
    found = (
        Binding.objects.for_actor(ctx)
        .select_related("file")
        .filter(edition=edition_id, pk=binding_id)
        .first()
    )
    if found is None or found.file is None:
        raise Missing
    return serve(request, ctx, found.file, owner=found, permission=access.VIEW_BINDING)
