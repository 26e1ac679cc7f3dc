"""A large bundle is ordered by a person, made by the worker, and gone after a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, NoData, Problem, action
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files import store as files
from yakuba.kernel.town.models import Office
from yakuba.services.procedures.access.desk import FINISH_BUNDLE, ORDER_BUNDLE
from yakuba.services.procedures.bundling import queries
from yakuba.services.procedures.models import Bundle

ORDERED = "procedures.bundle_ordered"
#: The bundle's own class of retention: a copy, of which the originals stay.
_RETENTION = "1"


@dataclass(frozen=True)
class OrderBundle:
    """The day, and the ids of the filings that are bound."""

    day: Annotated[dt.date, fields.date(label="収受した日", classification=INTERNAL)]
    filings: Annotated[
        list[str], fields.document(label="束ねる提出", classification=INTERNAL, default=list)
    ] = field(default_factory=list)


@dataclass(frozen=True)
class FinishBundle:
    """What became of it: the file that was put, or why there is none, and what could not be bound."""

    sha256: Annotated[
        str, fields.text(label="ファイル", classification=INTERNAL, max_length=64, required=False)
    ] = ""
    note: Annotated[
        str, fields.prose(label="束ねられなかったもの", classification=PERSONAL, required=False)
    ] = ""


@action("procedures.order_bundle", label="書類を束ねることを頼む", may=ORDER_BUNDLE, data=OrderBundle)
def order_bundle(ctx: Context, office: Office, data: OrderBundle) -> Bundle:
    """Have the worker bind filings of a day. Raises :class:`Problem` for filings that are not the office's of that day, and held ones."""
    wanted = {str(one) for one in data.filings}
    found = [one for one in queries.of_day(ctx, office.pk, data.day) if str(one.pk) in wanted]
    if not found or len(found) != len(wanted):
        raise Problem("filings", _("束ねる書類が変わりました。画面を開き直してください。"))
    if queries.held_of(ctx, found):
        raise Problem("held", _("支援措置で止めている書類は、外してから束ねてください。"))
    made = Bundle(
        municipality_id=ctx.municipality.id,
        office=office,
        day=data.day,
        filings=[str(one.pk) for one in found],
        state="waiting",
        asked_by=ctx.actor.label,
        asked_at=ctx.now,
    )
    made.save(force_insert=True)
    ctx.publish(ORDERED, {"bundle": str(made.pk)}, key=str(made.pk))
    return made


@action("procedures.finish_bundle", label="束ねた書類を置く", may=FINISH_BUNDLE, data=FinishBundle)
def finish_bundle(ctx: Context, bundle: Bundle, data: FinishBundle) -> Bundle:
    """The worker is done. A second time it changes nothing."""
    if bundle.state != "waiting":
        return bundle
    if data.sha256:
        bundle.file = files.refer(
            ctx,
            data.sha256,
            _("受付書類_%(day)s.pdf") % {"day": bundle.day.isoformat()},
            classification=PERSONAL,
            retention_class=_RETENTION,
            made_by_us=True,
        )
    bundle.state = "made" if data.sha256 else "failed"
    bundle.note, bundle.made_at = data.note, ctx.now
    bundle.save(update_fields=["file", "state", "note", "made_at"])
    return bundle


@action("procedures.forget_bundle", label="束ねた書類を消す", may=FINISH_BUNDLE, data=NoData)
def forget_bundle(ctx: Context, bundle: Bundle, data: NoData) -> Bundle:
    """The copy goes; that there was one stays."""
    stored = bundle.file
    bundle.file, bundle.state, bundle.note = None, "gone", ""
    bundle.save(update_fields=["file", "state", "note"])
    if stored is not None:
        files.forget(ctx, stored)
    return bundle
