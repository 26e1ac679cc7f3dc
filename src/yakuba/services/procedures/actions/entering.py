"""What came on paper, by telephone or over the counter stands in the same list: the denominator of the online share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, cast

from django.utils.translation import gettext as _

from yakuba.engines.casework.models import CHANNELS
from yakuba.engines.casework.rules import RESULTS
from yakuba.engines.publishing.models import Publication
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Missing, Problem, action
from yakuba.kernel.fields import INTERNAL, PERSONAL, JsonValue
from yakuba.kernel.files import store as files
from yakuba.kernel.ids import read_id
from yakuba.services.procedures.access.desk import ADD_PAGES, ENTER, ENTER_INTO
from yakuba.services.procedures.actions.receiving import file
from yakuba.services.procedures.definition import showing
from yakuba.services.procedures.models import Attachment, Filing, Procedure
from yakuba.services.procedures.published.queries import KIND, definition_of

#: The ways in which something reaches the office without this portal.
ENTERED = tuple((key, label) for key, label in CHANNELS if key != "online")
#: How the result may be wanted by somebody who has no page of this portal.
ON_PAPER = tuple((key, label) for key, label in RESULTS if key != "download")


@dataclass(frozen=True)
class Enter:
    """What was received. ``answers`` are canonical (``definition.answers``); they may lack what the paper lacks, ``result`` too."""

    procedure: Annotated[str, fields.text(label="手続", classification=INTERNAL, max_length=40)]
    channel: Annotated[str, fields.choice(ENTERED, label="受付の方法", classification=INTERNAL)]
    arrived_at: Annotated[dt.datetime, fields.moment(label="到達日時", classification=INTERNAL)]
    answers: Annotated[
        dict[str, Any], fields.document(label="記入内容", classification=PERSONAL)
    ]  # Any: JSON
    result: Annotated[
        str, fields.choice(ON_PAPER, label="結果の受け取り方", classification=INTERNAL, required=False)
    ] = ""


@action("procedures.enter", label="紙・電話・窓口の受付を記録する", may=ENTER, data=Enter)
def enter(ctx: Context, subject: None, data: Enter) -> Filing:
    """Register what did not come online. Arrival is when it reached the office (行政手続法7条), whatever it lacks.

    Raises :class:`Problem` for a moment that is still to come, and for a procedure that was never published.
    """
    procedure = _procedure(ctx, data.procedure)
    if data.arrived_at > ctx.now:
        raise Problem("future", _("到達日時がまだ来ていません。"), field="arrived_at")
    publication = (
        Publication.unscoped.filter(
            municipality=ctx.municipality.id, kind=KIND, subject=procedure.pk, withdrawn=False
        )
        .order_by("-number")
        .first()
    )
    if publication is None:
        raise Problem("unpublished", _("この手続はまだ公開されていません。公開してから記録してください。"))
    definition = definition_of(publication.pk)
    given = cast("dict[str, JsonValue]", data.answers)
    filing = file(
        ctx,
        Filing(
            municipality_id=ctx.municipality.id,
            procedure=procedure,
            publication=publication,
            arrived_at=data.arrived_at,
            answers=given,
            level="none",
            language="ja",
            fee=showing.fee(definition, given),
        ),
        definition,
        channel=data.channel,
        result=data.result,
        test=False,
    )
    ctx.publish("procedures.received", {"filing": str(filing.pk)}, key=str(filing.pk))
    return filing


def _procedure(ctx: Context, given: str) -> Procedure:
    found = Procedure.unscoped.filter(municipality=ctx.municipality.id, pk=read_id(given)).first()
    if found is None:
        raise Missing
    verdict = ENTER_INTO.may(ctx, found)
    if not verdict.allowed:
        raise Denied(verdict.reason)
    return found


@dataclass(frozen=True)
class AddPages:
    """A file that was received, checked and put (``kernel.files``)."""

    sha256: Annotated[str, fields.text(label="ファイル", classification=INTERNAL, max_length=64)]
    name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    pages: Annotated[
        int | None, fields.integer(label="ページ", classification=INTERNAL, required=False, minimum=0)
    ] = None
    made_by_us: Annotated[bool, fields.yes_no(label="作り直したもの", classification=INTERNAL)] = False


@action("procedures.add_pages", label="紙を取り込む", may=ADD_PAGES, data=AddPages)
def add_pages(ctx: Context, filing: Filing, data: AddPages) -> Filing:
    """Add the scan of a paper to a filing."""
    stored = files.refer(
        ctx,
        data.sha256,
        data.name,
        classification=PERSONAL,
        retention_class=filing.retention,
        made_by_us=data.made_by_us,
    )
    Attachment.unscoped.create(
        municipality_id=ctx.municipality.id, filing=filing, question="", file=stored, pages=data.pages
    )
    return filing
