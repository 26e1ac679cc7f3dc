"""Saying which unit of the town a printed office name means: rights of one's own office hang on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Problem, action
from yakuba.kernel.fields import INTERNAL, PUBLIC
from yakuba.kernel.town.models import Office
from yakuba.services.plan import access
from yakuba.services.plan.models import Edition, InitiativeOffice


@dataclass(frozen=True)
class LinkOffice:
    """A name as printed and the id of the unit it means; without a unit the link is taken away."""

    name: Annotated[str, fields.text(label="計画書の担当", classification=PUBLIC)]
    office: Annotated[str, fields.text(label="所属", classification=INTERNAL, required=False)] = ""


@action("plan.link_office", label="担当を所属に結ぶ", may=access.LINK_OFFICE, data=LinkOffice)
def link_office(ctx: Context, edition: Edition, data: LinkOffice) -> Edition:
    """Link a printed name to a unit in all initiatives of an edition. What is printed stays as it is."""
    named = InitiativeOffice.unscoped.filter(initiative__edition=edition, name=data.name)
    count = named.count()
    if not count:
        raise Problem("missing", _("この版にない担当です。"), field="name", found=data.name)
    office = _office(ctx, data.office) if data.office else None
    named.update(office=office)
    ctx.note(initiatives=count)
    return edition


def _office(ctx: Context, key: str) -> Office:
    try:
        found = Office.unscoped.filter(pk=UUID(key), municipality=ctx.municipality.id).first()
    except ValueError:
        found = None
    if found is None:
        raise Problem("office", _("この自治体にない所属です。"), field="office", found=key)
    return found
