"""Photos, drawings and papers of an entry. The file was looked through and lies in the store before the action begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from django.utils.translation import gettext as _

from yakuba.engines.ledger import access
from yakuba.engines.ledger.actions.beside import entry_in, part_id
from yakuba.engines.ledger.models import ATTACHMENT_KINDS, Attachment, Book
from yakuba.engines.ledger.values import demand_no_my_number
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, Problem, action
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files import store as files
from yakuba.kernel.text.my_number import hide

#: The most files of one entry: a survey of a house brings some dozens of photos.
MOST: Final = 300
#: How long they are kept is decided with the ledger; nothing of it is disposed of by itself.
RETENTION: Final = "ledger"


@dataclass(frozen=True)
class AttachFile:
    """A file as it was taken (``sha256``, ``name``, ``made_by_us``), and what somebody confirmed of it.

    Longitude and latitude in degrees, ``direction`` in degrees from north, clockwise.
    """

    entry: Annotated[str, fields.text(label="台帳の行", classification=INTERNAL, max_length=36)]
    sha256: Annotated[str, fields.text(label="ファイルの要約", classification=INTERNAL, max_length=64)]
    name: Annotated[str, fields.text(label="ファイル名", classification=PERSONAL, max_length=255)]
    made_by_us: Annotated[bool, fields.yes_no(label="作り直したもの", classification=INTERNAL)]
    kind: Annotated[str, fields.choice(ATTACHMENT_KINDS, label="種類", classification=INTERNAL)]
    caption: Annotated[
        str, fields.text(label="説明", classification=PERSONAL, max_length=200, required=False)
    ] = ""
    taken_on: Annotated[
        dt.date | None, fields.date(label="撮影日", classification=INTERNAL, required=False)
    ] = None
    latitude: Annotated[
        Decimal | None, fields.decimal(label="撮影地点の緯度", classification=INTERNAL, required=False)
    ] = None
    longitude: Annotated[
        Decimal | None, fields.decimal(label="撮影地点の経度", classification=INTERNAL, required=False)
    ] = None
    direction: Annotated[
        Decimal | None,
        fields.decimal(label="撮影方位", classification=INTERNAL, required=False, unit="°"),
    ] = None
    paper_number: Annotated[
        str, fields.text(label="紙の番号", classification=INTERNAL, max_length=80, required=False)
    ] = ""


@dataclass(frozen=True)
class DetachFile:
    """Which attachment goes, and why."""

    attachment: Annotated[str, fields.text(label="添付", classification=INTERNAL, max_length=36)]
    reason: Annotated[str, fields.text(label="理由", classification=INTERNAL, max_length=400)]


@action("ledger.attach", label="台帳に写真・文書を付ける", may=access.KEEP_BOOK, data=AttachFile)
def attach(ctx: Context, book: Book, data: AttachFile) -> Book:
    """Keep a file with an entry. Raises :class:`Problem` for a place that is none, and for too many files."""
    _ledger, entry = entry_in(ctx, book, data.entry)
    for name, given, most in (
        ("latitude", data.latitude, 90),
        ("longitude", data.longitude, 180),
        ("direction", data.direction, 360),
    ):
        least = 0 if name == "direction" else -most
        if given is not None and not least <= given <= most:
            raise Problem(
                "range",
                _("%(least)d から %(most)d までの数にしてください。") % {"least": least, "most": most},
                field=name,
                found=str(given),
                expected=f"{least}–{most}",
            )
    if (data.latitude is None) != (data.longitude is None):
        field = "latitude" if data.latitude is None else "longitude"
        raise Problem("pair", _("緯度と経度は、両方を書くか、両方を空にしてください。"), field=field)
    demand_no_my_number(
        caption=(_("説明"), data.caption), paper_number=(_("紙に書かれたもの"), data.paper_number)
    )
    there = Attachment.unscoped.filter(municipality=ctx.municipality.id, book=book, entry=entry.pk)
    if there.count() >= MOST:
        raise Problem("too_many", _("1つの行に付けられるファイルは%d個までです。") % MOST, field="file")
    stored = files.refer(
        ctx,
        data.sha256,
        hide(data.name),  # a scanner is told a number, and calls the file by it
        classification=PERSONAL,
        retention_class=RETENTION,
        made_by_us=data.made_by_us,
    )
    made = Attachment.unscoped.create(
        municipality_id=ctx.municipality.id,
        book=book,
        entry=entry.pk,
        file=stored,
        kind=data.kind,
        caption=data.caption,
        taken_on=data.taken_on,
        longitude=data.longitude,
        latitude=data.latitude,
        direction=data.direction,
        paper_number=data.paper_number,
        added_at=ctx.now,
        by=ctx.actor.label[:200],
    )
    ctx.note(attachment=str(made.pk))
    return book


@action("ledger.detach", label="台帳の写真・文書を外す", may=access.KEEP_BOOK, data=DetachFile)
def detach(ctx: Context, book: Book, data: DetachFile) -> Book:
    """Take a file away from its entry. The trail keeps that it was there, and its digest."""
    found = (
        Attachment.unscoped.filter(municipality=ctx.municipality.id, book=book, pk=part_id(data.attachment))
        .select_related("file")
        .first()
    )
    if found is None:
        raise Missing(_("この添付はもうありません。画面を開き直してください。"))
    ctx.note(entry=str(found.entry), attachment=str(found.pk))
    demand_no_my_number(reason=(_("理由"), data.reason))
    ctx.because(data.reason)
    stored = found.file
    found.delete()
    files.forget(ctx, stored)
    return book
