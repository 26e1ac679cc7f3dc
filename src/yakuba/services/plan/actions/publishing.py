"""Publishing an edition: an immutable copy of its public fields, which the portal and the API read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as published
from yakuba.engines.publishing import store
from yakuba.engines.publishing.models import Publication
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, SubjectRef, action
from yakuba.kernel.fields import PUBLIC
from yakuba.kernel.search import store as search
from yakuba.kernel.town.models import Municipality
from yakuba.services.plan import access, queries, rows
from yakuba.services.plan.actions.register import renew
from yakuba.services.plan.actions.saving import found_as
from yakuba.services.plan.measured.actions import store as bindings
from yakuba.services.plan.models import Edition, Initiative, Node
from yakuba.services.plan.published import EDITION
from yakuba.services.plan.shown import NodeNames, titles_of

# What of an edition's document is for the desk alone; the rest of the document is public.
_HEAD_KEYS = ("format", "municipality", "plan", "levels", "nodes", "bodies", "stated")


@dataclass(frozen=True)
class PublishEdition:
    """What the public is told about this publication (a correction notice, 正誤)."""

    note: Annotated[str, fields.prose(label="変更の説明", classification=PUBLIC)] = ""


@dataclass(frozen=True)
class WithdrawEdition:
    """Why a publication is taken back; the public reads it."""

    note: Annotated[str, fields.prose(label="取り下げる理由", classification=PUBLIC, required=True)]


@action("plan.publish", label="公表する", may=access.PUBLISH, data=PublishEdition)
def publish_edition(ctx: Context, edition: Edition, data: PublishEdition) -> Edition:
    """Freeze the public fields of an edition. What was public before stays in the record and is no longer shown."""
    own = queries.forms(Initiative.unscoped.filter(edition=edition).order_by("position", "id"))
    if not own:
        raise Problem("empty", _("取組がひとつもない版は公表できません。"))
    _check_address(ctx, edition)
    nodes = [rows.node_form(node) for node in Node.unscoped.filter(edition=edition).order_by("position")]
    document = queries.assemble(edition, ctx.municipality.code, ctx.municipality.name, nodes, [])
    before = published.standing_of(ctx, EDITION, edition.pk)
    copy = store.freeze(
        ctx,
        store.Copy(
            kind=EDITION,
            subject=edition.pk,
            year=edition.year,
            title=str(edition),
            head={key: document[key] for key in _HEAD_KEYS},
            parts=tuple(
                store.Part("initiative", row.pk, form["title"], rows.public_form(form)) for row, form in own
            ),
            note=data.note,
        ),
    )
    _index(ctx, before, own, titles_of(nodes))
    renew(ctx)
    bindings.release(ctx, edition.pk)
    edition.state = "published"
    edition.save(update_fields=["state"])
    ctx.publish(
        "plan.edition_published",
        {"edition": str(edition.pk), "publication": str(copy.pk), "number": copy.number},
        key=f"plan.edition_published:{copy.pk}",
    )
    return edition


@action("plan.withdraw", label="公表を取り下げる", may=access.PUBLISH, data=WithdrawEdition)
def withdraw_edition(ctx: Context, edition: Edition, data: WithdrawEdition) -> Edition:
    """Take the standing publication of an edition back; a tombstone stays."""
    before = published.standing_of(ctx, EDITION, edition.pk)
    if before is None:
        raise Problem("not_published", _("公表されていない版です。"))
    store.withdraw(ctx, before, data.note)
    _index(ctx, before, [], {})
    renew(ctx)
    bindings.release(ctx, edition.pk)
    edition.state = "draft"
    edition.save(update_fields=["state"])
    ctx.because(data.note)
    return edition


def _check_address(ctx: Context, edition: Edition) -> None:
    """A year has one public address in a municipality: two plans of the same year would hide one another.

    The municipality's row is held until the transaction ends, so that two who publish at once come one after the other.
    """
    Municipality.unscoped.select_for_update().get(pk=ctx.municipality.id)
    other = published.standing_in(ctx, EDITION, edition.year)
    if other is None or other.subject == edition.pk:
        return
    told = (
        _("%(year)sの版として「%(title)s」がすでに公表されています。先に取り下げてください。")
        if Edition.unscoped.filter(pk=other.subject, plan=edition.plan_id).exists()
        # Another plan is nobody's to take back for this one's sake.
        else _(
            "%(year)sには、別の計画の「%(title)s」が公表されています。1つの年度に公表できる計画は1つです。"
            "「版の情報」で別の年度にするか、次の年度版を作って公表してください。"
        )
    )
    raise Problem(
        "address_taken", told % {"year": edition.year.wareki, "title": other.title}, found=other.title
    )


def _index(
    ctx: Context, before: Publication | None, own: list[tuple[Initiative, rows.Form]], names: NodeNames
) -> None:
    """The public index follows the standing copy."""
    kept = {row.pk for row, _form in own}
    if before is not None:
        objects = published.parts(ctx, before).values_list("object", flat=True)
        gone = [SubjectRef("initiative", one) for one in objects if one not in kept]
        search.remove_many(ctx, gone, visibility="public")
    entries = [found_as(row, rows.public_form(form), names) for row, form in own]
    search.index_many(ctx, entries, visibility="public")
