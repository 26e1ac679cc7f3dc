"""Notes of the staff on an initiative or a whole edition. Nobody changes a note; struck out, it stays to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Denied, NoData, Problem, action
from yakuba.kernel.fields import INTERNAL
from yakuba.services.plan import access, queries
from yakuba.services.plan.models import Edition, Initiative, Note


@dataclass(frozen=True)
class WriteNote:
    """A remark, and what it is about: an edition, or one of its initiatives."""

    edition: Annotated[str, fields.text(label="版", classification=INTERNAL, max_length=40)]
    text: Annotated[str, fields.prose(label="メモ", classification=INTERNAL, required=True, max_length=4000)]
    initiative: Annotated[
        str, fields.text(label="取組", classification=INTERNAL, max_length=40, required=False)
    ] = ""


@action("plan.write_note", label="メモを書く", may=access.WRITE_NOTE, data=WriteNote)
def write_note(ctx: Context, _subject: None, data: WriteNote) -> Note:
    """Put a note beside an initiative or an edition."""
    here = {"municipality_id": ctx.municipality.id}
    edition = Edition.unscoped.filter(**here, pk=_key(data.edition)).first()
    if edition is None:
        raise Problem("missing", _("この自治体にない版です。"), field="edition", found=data.edition)
    initiative = None
    if data.initiative:
        initiative = Initiative.unscoped.filter(edition=edition, pk=_key(data.initiative)).first()
        if initiative is None:
            raise Problem("missing", _("この版にない取組です。"), field="initiative", found=data.initiative)
    return Note.unscoped.create(
        **here,
        edition=edition,
        initiative=initiative,
        text=data.text.strip(),
        written_at=ctx.now,
        written_by=ctx.actor.label[:200],
    )


@action("plan.strike_note", label="メモを取り消す", may=access.WRITE_NOTE, data=NoData)
def strike_note(ctx: Context, note: Note, _data: NoData) -> Note:
    """Strike a note out: its author, or the secretariat. Raises :class:`Problem` for one that is struck already."""
    if note.pk not in queries.strikable(ctx, [note]):
        raise Denied(_("メモを取り消せるのは、書いた人と計画の事務局です。"))
    if note.struck_at is not None:
        raise Problem("struck", _("このメモは、すでに取り消されています。"))
    note.struck_at = ctx.now
    note.struck_by = ctx.actor.label[:200]
    note.save(update_fields=["struck_at", "struck_by"])
    return note


def _key(text: str) -> UUID:
    """The id that was sent; one that nothing has for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
