"""Designing a procedure: drafts, versions, and whether applications are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from django.utils.translation import gettext as _

from yakuba.engines.publishing import store as publishing
from yakuba.engines.publishing.models import Publication
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, Missing, NoData, Problem, Problems, Stale, action
from yakuba.kernel.dates import FiscalYear, japan_date
from yakuba.kernel.fields import INTERNAL, PUBLIC, JsonValue
from yakuba.kernel.ids import read_id
from yakuba.kernel.town.models import Municipality, Office
from yakuba.kernel.town.queries import office_name, offices_on
from yakuba.services.procedures.access import desk as access
from yakuba.services.procedures.actions.inventory import put_online, take_offline
from yakuba.services.procedures.citizens import searching
from yakuba.services.procedures.definition import checks, document
from yakuba.services.procedures.definition.model import Definition, said
from yakuba.services.procedures.definition.source import Refused
from yakuba.services.procedures.models import (
    Filing,
    Filling,
    Happening,
    InventoryRow,
    Offer,
    Procedure,
    Submission,
)
from yakuba.services.procedures.published.queries import KIND, TRIAL, definition_of

#: Told when a procedure is offered anew, paused, opened again or closed: ``{"offer": id}``.
OFFERED: Final = "procedures.offered"


@dataclass(frozen=True)
class CreateProcedure:
    """A new procedure of an office, as a whole document."""

    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC)]
    document: Annotated[Mapping[str, JsonValue], fields.document(label="定義", classification=INTERNAL)]


@action("procedures.create", label="手続を作る", may=access.CREATE, data=CreateProcedure)
def create_procedure(ctx: Context, _subject: None, data: CreateProcedure) -> Procedure:
    """Make a draft. Raises :class:`Problems` for what the document has wrong, each with its place as the field."""
    definition = read(data.document)
    made = Procedure(
        municipality_id=ctx.municipality.id,
        office=office_of(ctx, data.office),
        title=said(definition.title),
        kind=definition.kind,
        draft=document.write(definition),
        before={},
        changed_at=ctx.now,
        state="draft",
    )
    made.save(force_insert=True)
    if not access.DESIGN.may(ctx, made).allowed:
        raise Denied(_("ほかの課の手続は作れません。担当課を自分の課にしてください。"))
    return made


def office_of(ctx: Context, office_id: str) -> Office:
    """An office that exists today, by its id. Raises :class:`Problem` on the field ``office``."""
    known = {str(one.id) for one in offices_on(ctx.municipality.id, japan_date(ctx.now))}
    if office_id not in known:
        raise Problem(
            "office",
            _("担当課を、今ある所属から選んでください。"),
            field="office",
            found=office_id[:40],
        )
    return Office.unscoped.get(municipality_id=ctx.municipality.id, pk=office_id)


def read(given: object) -> Definition:
    """A definition from its document. Raises :class:`Problems`, each with the place in the document as its field."""
    if not isinstance(given, Mapping):
        raise Problems([Problem("definition", _("手続のファイルではありません。"))])
    try:
        return document.read(given)
    except Refused as refused:
        raise Problems(
            Problem("definition", message, field=path) for path, message in refused.problems
        ) from refused


@dataclass(frozen=True)
class ChangeDraft:
    """The whole draft as it is from now on; ``what`` says in words what was changed, for the trail."""

    document: Annotated[Mapping[str, JsonValue], fields.document(label="定義", classification=INTERNAL)]
    what: Annotated[str, fields.text(label="変えた所", classification=INTERNAL, required=False)] = ""


@action("procedures.change_draft", label="手続の下書きを直す", may=access.DESIGN, data=ChangeDraft)
def change_draft(ctx: Context, procedure: Procedure, data: ChangeDraft) -> Procedure:
    """Put another document into the draft; the one before is kept for one step back. Raises like :func:`create_procedure`."""
    definition = read(data.document)
    fresh = document.write(definition)
    if fresh != procedure.draft:
        _put(ctx, procedure, definition, fresh, procedure.draft)
    return procedure


@action("procedures.undo_draft", label="手続の下書きをひとつ前に戻す", may=access.DESIGN, data=NoData)
def undo_draft(ctx: Context, procedure: Procedure, _data: NoData) -> Procedure:
    """The draft as it was before the last change; done twice, it is as it is now."""
    if not procedure.before:
        raise Problem("nothing_before", _("戻せる下書きがありません。"))
    _put(ctx, procedure, read(procedure.before), procedure.before, procedure.draft)
    return procedure


def _put(
    ctx: Context,
    procedure: Procedure,
    definition: Definition,
    fresh: dict[str, JsonValue],
    before: dict[str, JsonValue],
) -> None:
    procedure.draft, procedure.before, procedure.changed_at = fresh, before, ctx.now
    procedure.title, procedure.kind = said(definition.title), definition.kind
    procedure.save(update_fields=["draft", "before", "changed_at", "title", "kind"])


@dataclass(frozen=True)
class AssignProcedure:
    """Which office is in charge from now on."""

    office: Annotated[str, fields.text(label="担当課", classification=PUBLIC)]


@action("procedures.assign", label="手続の担当課を変える", may=access.ASSIGN, data=AssignProcedure)
def assign_procedure(ctx: Context, procedure: Procedure, data: AssignProcedure) -> Procedure:
    """Give the procedure to another office; what is offered says so at once, cases stay where they are."""
    procedure.office = office_of(ctx, data.office)
    procedure.save(update_fields=["office"])
    name = office_name(procedure.office_id, japan_date(ctx.now))
    Offer.unscoped.filter(municipality=procedure.municipality_id, procedure=procedure.pk).update(office=name)
    InventoryRow.unscoped.filter(municipality=procedure.municipality_id, procedure=procedure).update(
        office=procedure.office, office_as_written=name
    )
    offered = Offer.unscoped.filter(
        municipality=procedure.municipality_id, procedure=procedure.pk, listed=True
    )
    if procedure.state in {"open", "paused"} and (offer := offered.first()) is not None:
        searching.index(ctx, procedure.pk, definition_of(offer.publication_id), name)
    return procedure


@dataclass(frozen=True)
class DeleteProcedure:
    """Which draft goes, at which version it was looked at, and why."""

    procedure: Annotated[str, fields.text(label="手続", classification=INTERNAL)]
    seen: Annotated[int, fields.integer(label="更新番号", classification=INTERNAL)]
    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL)]


@action("procedures.delete", label="手続の下書きを消す", may=access.DELETE, data=DeleteProcedure)
def delete_procedure(ctx: Context, municipality: Municipality, data: DeleteProcedure) -> Municipality:
    """Throw a draft away that was never public and that nobody has tried out with a submission."""
    found = (
        Procedure.unscoped.select_for_update()
        .filter(municipality=municipality.pk, pk=read_id(data.procedure))
        .first()
    )
    if found is None:
        raise Missing
    if not access.DESIGN.may(ctx, found).allowed:
        raise Denied
    if found.version != data.seen:
        raise Stale(found.version, data.seen)
    offers = Offer.unscoped.filter(municipality=municipality.pk, procedure=found.pk)
    used = (
        Filing.unscoped.filter(municipality=municipality.pk, procedure=found).exists()
        or Submission.unscoped.filter(municipality=municipality.pk, offer__in=offers).exists()
        or Filling.unscoped.filter(municipality=municipality.pk, offer__in=offers).exists()
    )
    if found.published or used:
        raise Problem(
            "in_use",
            _("公開したことがある手続や、試しの申請がある手続は消せません。終了にしてください。"),
        )
    InventoryRow.unscoped.filter(municipality=municipality.pk, procedure=found).update(procedure=None)
    ctx.note(procedure=str(found.pk), title=found.title)
    ctx.because(data.reason)
    offers.delete()
    found.delete()
    return municipality


# --- publishing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublishProcedure:
    """What the public is told about this version."""

    note: Annotated[str, fields.prose(label="変更の説明", classification=PUBLIC, required=False)] = ""


@action("procedures.publish", label="手続を公開する", may=access.PUBLISH, data=PublishProcedure)
def publish_procedure(ctx: Context, procedure: Procedure, data: PublishProcedure) -> Procedure:
    """Freeze the draft as the next version and take applications under it.

    Raises :class:`Problems` for every finding of the check list that stops. The inventory's row of the procedure is online from
    the day of its first version here, or since it was online elsewhere.
    """
    definition = read(procedure.draft)
    today = japan_date(ctx.now)
    stops = [one for one in checks.look(definition, today=today) if one.level == "stop"]
    if stops:
        raise Problems(Problem("check", one.message, field=one.place) for one in stops)
    publication = _freeze(ctx, procedure, KIND, data.note)
    procedure.published, procedure.state, procedure.pause_note = publication.number, "open", ""
    procedure.save(update_fields=["published", "state", "pause_note"])
    offer = _offer(ctx, procedure, definition, publication)
    put_online(ctx, procedure, definition, today)
    searching.index(ctx, procedure.pk, definition, offer.office)
    Happening.unscoped.create(
        municipality_id=ctx.municipality.id,
        procedure=procedure.pk,
        number=publication.number,
        kind="published",
        at=ctx.now,
    )
    _tell(ctx, offer)
    return procedure


@action("procedures.try", label="手続の試行リンクを作る", may=access.DESIGN, data=NoData)
def try_procedure(ctx: Context, procedure: Procedure, _data: NoData) -> Procedure:
    """Freeze the draft for trying it out: only a test link leads there, and what is sent is a test."""
    read(procedure.draft)
    publication = _freeze(ctx, procedure, TRIAL, "")
    Offer.unscoped.get_or_create(
        municipality_id=ctx.municipality.id,
        procedure=procedure.pk,
        defaults={
            "publication": publication,
            "office": office_name(procedure.office_id, japan_date(ctx.now)),
            "open": False,
            "listed": False,
        },
    )
    return procedure


def _freeze(ctx: Context, procedure: Procedure, kind: str, note: str) -> Publication:
    copy = publishing.Copy(
        kind=kind,
        subject=procedure.pk,
        year=FiscalYear.of(ctx.now),
        title=procedure.title,
        head=procedure.draft,
        parts=(),
        note=note,
    )
    return publishing.freeze(ctx, copy)


def _offer(ctx: Context, procedure: Procedure, definition: Definition, publication: Publication) -> Offer:
    """What the portal shows from now on. What was taken under earlier versions counts for the places of this one."""
    here = {"municipality_id": ctx.municipality.id, "procedure": procedure.pk}
    offer = Offer.unscoped.select_for_update().filter(**here).first() or Offer(**here)
    places = definition.opening.places
    if places is not None and offer.taken > places:
        raise Problem(
            "places",
            _("すでに%(n)d件の申込みがあります。定員は%(n)d以上にしてください。") % {"n": offer.taken},
            field="opening.places",
            found=str(places),
        )
    offer.publication = publication
    offer.office = office_name(procedure.office_id, japan_date(ctx.now))
    offer.open, offer.listed, offer.note = True, True, ""
    offer.opens_at, offer.closes_at = definition.opening.opens_at, definition.opening.closes_at
    offer.places = places
    offer.save()
    return offer


@dataclass(frozen=True)
class StopProcedure:
    """What the public is told."""

    note: Annotated[str, fields.prose(label="市民への説明", classification=PUBLIC, required=True)]


@action("procedures.pause", label="手続の受付を止める", may=access.PUBLISH, data=StopProcedure)
def pause_procedure(ctx: Context, procedure: Procedure, data: StopProcedure) -> Procedure:
    """Take no applications for the time being; the page stays and says why."""
    _demand(procedure, "open")
    _stand(ctx, procedure, "paused", data.note)
    return procedure


@action("procedures.reopen", label="手続の受付を再開する", may=access.PUBLISH, data=NoData)
def resume_procedure(ctx: Context, procedure: Procedure, _data: NoData) -> Procedure:
    """Take applications again, under the version that stands."""
    _demand(procedure, "paused")
    _stand(ctx, procedure, "open", "")
    return procedure


@action("procedures.close", label="手続を終了する", may=access.PUBLISH, data=StopProcedure)
def close_procedure(ctx: Context, procedure: Procedure, data: StopProcedure) -> Procedure:
    """Take no more applications here; in the inventory the procedure is online until today. A new version opens it again."""
    _demand(procedure, "open", "paused")
    _stand(ctx, procedure, "closed", data.note)
    take_offline(ctx, procedure, data.note, japan_date(ctx.now))
    searching.remove(ctx, procedure.pk)
    return procedure


def _demand(procedure: Procedure, *states: str) -> None:
    if procedure.state not in states:
        words = dict(Procedure._meta.get_field("state").flatchoices)
        raise Problem(
            "state",
            _("この手続は今「%(state)s」です。画面を開き直してください。")
            % {"state": words.get(procedure.state, procedure.state)},
            found=procedure.state,
            expected="・".join(states),
        )


def _stand(ctx: Context, procedure: Procedure, state: str, note: str) -> None:
    procedure.state, procedure.pause_note = state, note
    procedure.save(update_fields=["state", "pause_note"])
    offer = Offer.unscoped.select_for_update().get(
        municipality_id=ctx.municipality.id, procedure=procedure.pk
    )
    offer.open, offer.note = state == "open", note
    offer.save(update_fields=["open", "note"])
    _tell(ctx, offer)


def _tell(ctx: Context, offer: Offer) -> None:
    ctx.publish(OFFERED, {"offer": str(offer.pk)})
