"""What an entry has to do with: an entry of another ledger, or anything else of the house that the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yakuba.engines.ledger import access
from yakuba.engines.ledger.actions.beside import entry_in, part_id
from yakuba.engines.ledger.models import Book, Joint
from yakuba.engines.ledger.values import demand_no_my_number
from yakuba.kernel import fields
from yakuba.kernel.actions import SUBJECTS, Context, Missing, Problem, action
from yakuba.kernel.actions.scoping import view_permission
from yakuba.kernel.fields import INTERNAL

#: What the house itself says of a link stands as a key; in words it is :func:`relation_of`. What people say stands as they say it.
FROM_CASE: Final = "from_case"
_RELATIONS: Final = {FROM_CASE: gettext_noop("手続から反映")}


def relation_of(joint: Joint) -> str:
    """How two things have to do with one another, in the reader's words."""
    known = _RELATIONS.get(joint.relation)
    return _(known) if known else joint.relation


@dataclass(frozen=True)
class JoinEntry:
    """Which entry, what it has to do with (a kind of the house and an id), and how, in words."""

    entry: Annotated[str, fields.text(label="台帳の行", classification=INTERNAL, max_length=36)]
    other_kind: Annotated[str, fields.text(label="相手の種類", classification=INTERNAL, max_length=60)]
    other_id: Annotated[str, fields.text(label="相手", classification=INTERNAL, max_length=36)]
    relation: Annotated[str, fields.text(label="関係", classification=INTERNAL, max_length=80)]


@dataclass(frozen=True)
class PartEntry:
    """Which link goes."""

    joint: Annotated[str, fields.text(label="関係", classification=INTERNAL, max_length=36)]


@action("ledger.join", label="台帳の行をつなぐ", may=access.KEEP_BOOK, data=JoinEntry)
def join(ctx: Context, book: Book, data: JoinEntry) -> Book:
    """Link an entry with something else. Raises :class:`Missing` for what is not there or may not be seen; again changes nothing."""
    demand_no_my_number(relation=(_("関係"), data.relation))
    ledger, entry = entry_in(ctx, book, data.entry)
    kind, other = SUBJECTS.get(data.other_kind), part_id(data.other_id)
    view = view_permission(kind.model) if kind else None
    found = kind.model._base_manager.filter(pk=other).first() if kind and view else None
    if kind is None or view is None or found is None or not view.may(ctx, found).allowed:
        raise Missing(_("つなぐ相手が見つかりません。番号を確かめてください。"))
    if (data.other_kind, other) == (ledger.key, entry.pk):
        raise Problem("self", _("同じ行どうしはつなげません。"), field="other_id")
    Joint.unscoped.get_or_create(
        municipality_id=ctx.municipality.id,
        book=book,
        entry=entry.pk,
        other_kind=data.other_kind,
        other_id=other,
        defaults={"relation": data.relation, "made_at": ctx.now},
    )
    ctx.note(other=f"{data.other_kind}/{other}", relation=data.relation)
    return book


@action("ledger.part", label="台帳の行のつながりを外す", may=access.KEEP_BOOK, data=PartEntry)
def part(ctx: Context, book: Book, data: PartEntry) -> Book:
    """Take a link away."""
    found = Joint.unscoped.filter(municipality=ctx.municipality.id, book=book, pk=part_id(data.joint)).first()
    if found is None:
        raise Missing(_("このつながりはもうありません。画面を開き直してください。"))
    ctx.note(entry=str(found.entry), other=f"{found.other_kind}/{found.other_id}", relation=found.relation)
    found.delete()
    return book
