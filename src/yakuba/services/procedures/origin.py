"""The filing as the origin of a case: what its page shows, and what goes back to the applicant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yakuba.engines.casework.models import Case
from yakuba.engines.casework.origins import ORIGINS, Answer, Asked, NoticeFacts, Origin, Panel, Topic
from yakuba.engines.protection.rules import Party
from yakuba.kernel.actions import Context, Missing, once
from yakuba.services.procedures import paper
from yakuba.services.procedures.actions import releasing
from yakuba.services.procedures.definition import showing
from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.definition.showing import PartyAnswers
from yakuba.services.procedures.filings import queries as filings
from yakuba.services.procedures.filings.shown import view_of
from yakuba.services.procedures.models import Filing
from yakuba.services.procedures.published.queries import definition_of

KIND = "filing"


def panels(request: HttpRequest, ctx: Context, case: Case) -> Sequence[Panel]:
    """What was handed in, with its attachments and the history of its corrections."""
    filing = _filing(ctx, case)
    view = view_of(ctx, filing)
    body: SafeString = render_to_string(
        "procedures/desk/filing_panel.html", {"filing": view, "code": ctx.municipality.code}, request
    )
    return [Panel("filing", _("提出された内容"), body)]


def parties(ctx: Context, cases: Sequence[Case]) -> Mapping[UUID, Sequence[Party]]:
    """The people of each filing, as they stand after its corrections (one query)."""
    by_filing = filings.people(ctx, [case.origin_id for case in cases])
    return {case.pk: by_filing.get(case.origin_id, ()) for case in cases}


def questions(ctx: Context, case: Case) -> Sequence[Asked]:
    """What a correction can ask for: the questions of the version that the filing was made under."""
    # A page of the case shows the filing too; an action has its case already.
    filing = _filing(ctx, case) if ctx.work is None else filings.of_case(case)
    definition = definition_of(filing.publication_id)
    return [
        Asked(question.key, said(question.label))
        for section in definition.sections()
        for question in section.questions
    ]


def remedies(_ctx: Context, case: Case) -> str:
    """The notice of remedies as the office wrote it into the procedure."""
    return definition_of(filings.of_case(case).publication_id).remedies


def no_remedies(_ctx: Context, case: Case) -> str:
    """Why the procedure's answer carries none: what its definition says instead of a text."""
    definition = definition_of(filings.of_case(case).publication_id)
    return "" if definition.remedies else said(definition.remedies_note)


def notice(_ctx: Context, case: Case) -> NoticeFacts:
    """What a notice begins with: the title that the procedure gives its result, the applicant, the first ground."""
    filing = filings.of_case(case)
    definition = definition_of(filing.publication_id)
    one = showing.parties(definition, filing.answers)["applicant"]
    ground = next((rule for rule in definition.grounds if rule.kind != "none"), None)
    return NoticeFacts(
        title=definition.result_title,
        addressee=addressee_of(one),
        address=_address(definition, filing),
        ground=f"{ground.name}{ground.article}" if ground else "",
        retention=definition.retention,
        print_after_days=definition.print_after_days,
    )


def facts(_ctx: Context, case: Case) -> Sequence[Answer]:
    """The answers as the newest correction has them, in the columns of a sheet."""
    filing = filings.of_case(case)
    definition = definition_of(filing.publication_id)
    cells = showing.flat(definition, filing.answers)
    codes = {
        key: str(value).lower() if isinstance(value, bool) else value
        for key, value in filing.answers.items()
        if isinstance(value, str | bool)
    }
    return [
        Answer(column.key, column.label, cells.get(column.key), codes.get(column.key, ""))
        for column in showing.columns(definition)
    ]


def topics(ctx: Context) -> Sequence[Topic]:
    """Every procedure that was published."""
    return [
        Topic("procedure", one.pk, one.title, partial(_asked, procedure_id=one.pk))
        for one in filings.published(ctx)
    ]


def _asked(ctx: Context, procedure_id: UUID) -> Sequence[Answer]:
    definition = filings.newest_definition(ctx, procedure_id)
    return [] if definition is None else [Answer(one.key, one.label) for one in showing.columns(definition)]


def addressee_of(one: PartyAnswers) -> str:
    """How a letter addresses somebody: a person 様, an organisation 御中, somebody of an organisation by both names and 様."""
    if one.name:
        return f"{one.organisation}　{one.name}　様" if one.organisation else f"{one.name}　様"
    return f"{one.organisation}　御中" if one.organisation else ""


def _address(definition: Definition, filing: Filing) -> str:
    """The applicant's address in the lines of an envelope: postal code, place, building."""
    question = next((one for one in definition.questions() if one.stands_for == "applicant.address"), None)
    value = filing.answers.get(question.key) if question else None
    if not isinstance(value, Mapping):
        return str(value or "")
    place = "".join(str(value.get(part) or "") for part in ("prefecture", "city", "town", "number"))
    postal = str(value.get("postal") or "")
    return "\n".join(
        line for line in (postal and f"〒{postal}", place, str(value.get("building") or "")) if line
    )


def _filing(ctx: Context, case: Case) -> Filing:
    """The filing, for whoever may see it; once for a page."""
    return once(ctx, ("procedures.filing", case.pk), lambda: _demand(ctx, case))


def _demand(ctx: Context, case: Case) -> Filing:
    found = Filing.objects.for_actor(ctx).filter(pk=case.origin_id).select_related("publication").first()
    if found is None:
        raise Missing
    found.case = case
    return found


ORIGINS.register(
    KIND,
    Origin(
        kind=KIND,
        label=gettext_lazy("手続の提出"),
        panels=panels,
        moved=releasing.moved,
        told=releasing.told,
        issued=releasing.issued,
        parties=parties,
        questions=questions,
        paper=paper.of_cases,
        remedies=remedies,
        no_remedies=no_remedies,
        notice=notice,
        facts=facts,
        topics=topics,
    ),
)
