"""Bundles: begun by a person, looked through by the worker, settled file by file by a person, swept when nobody does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yakuba.engines.ledger.access import KEEP_BOOK
from yakuba.engines.ledger.actions.attachments import AttachFile, attach
from yakuba.engines.ledger.bundles import queries
from yakuba.engines.ledger.bundles.access import END_BUNDLE, WORK_BUNDLE
from yakuba.engines.ledger.bundles.receiving import MOST
from yakuba.engines.ledger.declaration import Ledger, find_ledger
from yakuba.engines.ledger.models import ATTACHMENT_KINDS, Book, Bundle, BundleItem
from yakuba.engines.ledger.records import Entry
from yakuba.kernel import fields
from yakuba.kernel.actions import Context, Missing, NoData, Problem, action
from yakuba.kernel.dates import clock
from yakuba.kernel.fields import INTERNAL, PERSONAL
from yakuba.kernel.files import store as files
from yakuba.kernel.files import uploads
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.scanning import NotNow
from yakuba.kernel.plugins import crash

BEGUN: Final = "ledger.bundle_begun"
#: How long the files of a bundle wait for somebody; what is attached is kept with its entry.
KEPT: Final = dt.timedelta(days=14)
RETENTION: Final = "ledger_import"


@dataclass(frozen=True)
class BeginBundle:
    """Files as they came: of each its path, its digest in the store (empty for one that was refused), and why it was refused."""

    name: Annotated[str, fields.text(label="ファイル名", classification=INTERNAL, max_length=255)]
    files: Annotated[
        list[list[str]], fields.document(label="ファイル", classification=PERSONAL, default=list)
    ]
    by: Annotated[str, fields.text(label="名前の番号", classification=INTERNAL, max_length=60)] = (
        queries.NUMBER
    )
    sort: Annotated[
        str, fields.choice(ATTACHMENT_KINDS, label="種類", classification=INTERNAL, required=False)
    ] = ""


@dataclass(frozen=True)
class SettleItem:
    """What becomes of one file: attached to an entry (its id) with what somebody confirmed of it, or left out (``entry`` empty)."""

    item: Annotated[str, fields.text(label="ファイル", classification=INTERNAL, max_length=36)]
    entry: Annotated[
        str, fields.text(label="台帳の行", classification=INTERNAL, max_length=36, required=False)
    ] = ""
    sort: Annotated[
        str, fields.choice(ATTACHMENT_KINDS, label="種類", classification=INTERNAL, required=False)
    ] = ""
    paper_number: Annotated[
        str, fields.text(label="紙の番号", classification=INTERNAL, max_length=80, required=False)
    ] = ""
    camera: Annotated[bool, fields.yes_no(label="撮影日・地点・方位を記録する", classification=INTERNAL)] = (
        True
    )


def _ledger(book: Book) -> Ledger[Entry]:
    found = find_ledger(book.ledger)
    if found is None:
        raise Missing
    return found


@action("ledger.begin_bundle", label="写真・文書をまとめて受け取る", may=KEEP_BOOK, data=BeginBundle)
def begin_bundle(ctx: Context, book: Book, data: BeginBundle) -> Bundle:
    """Keep the files until each of them is settled; the worker looks through them. Raises :class:`Problem`."""
    if data.by not in queries.tells(_ledger(book)):
        raise Problem(
            "by", _("「%s」で探すことはできません。") % data.by[:40], field="by", found=data.by[:40]
        )
    if not 0 < len(data.files) <= MOST:
        raise Problem("too_many", _("1回に受け取れるファイルは%d個までです。") % MOST, field="files")
    bundle = Bundle.unscoped.create(
        municipality_id=ctx.municipality.id,
        book=book,
        name=files.tidy_name(data.name),
        state="reading",
        by=data.by,
        sort=data.sort,
        steps=len(data.files),
        begun_at=ctx.now,
        touched_at=ctx.now,
        by_whom=ctx.actor.label[:200],
    )
    rows = []
    for turn, (path, sha256, trouble) in enumerate(data.files, 1):
        stored = (
            files.refer(ctx, sha256, path, classification=PERSONAL, retention_class=RETENTION)
            if sha256
            else None
        )
        rows.append(
            BundleItem(
                municipality_id=ctx.municipality.id,
                bundle=bundle,
                turn=turn,
                path=path[-500:],
                state="raw" if stored else "refused",
                file=stored,
                trouble=trouble[:400],
            )
        )
    BundleItem.unscoped.bulk_create(rows, batch_size=200)
    ctx.note(bundle=str(bundle.pk), files=len(rows))
    ctx.publish(BEGUN, {"bundle": str(bundle.pk)})
    return bundle


def look_through(ctx: Context, bundle: Bundle, most: int = MOST) -> Bundle:
    """Look through up to so many files and say what each may belong to. Called again after a crash it goes on where it was.

    Each file is a transaction of its own. Raises :class:`~yakuba.kernel.files.scanning.NotNow` where the scanner is away; then the rest waits.
    """
    ledger = _ledger(bundle.book)
    raw = list(
        BundleItem.unscoped.filter(municipality=ctx.municipality.id, bundle=bundle, state="raw")
        .select_related("file")
        .order_by("turn")[:most]
    )
    for item, candidates in zip(
        raw, queries.proposed(ctx, ledger, bundle, [one.path for one in raw]), strict=True
    ):
        _look(ctx, bundle, item, [str(one) for one in candidates])
        crash.point("ledger.bundle-item-read")
    with transaction.atomic():
        held = _held(bundle)
        if held is not None and not _left(held, "raw"):
            held.state = "open" if _left(held, "waiting") else "done"
            held.touched_at = clock.now()
            held.save()
    bundle.refresh_from_db()
    return bundle


def _look(ctx: Context, bundle: Bundle, item: BundleItem, candidates: list[str]) -> None:
    """One file: looked through and, where it is a picture, made anew, or refused with words that say why."""
    before = item.file
    assert before is not None  # what is raw has one  # noqa: S101
    taken: uploads.Taken | None = None
    try:
        with files.open(before) as stream:
            taken = uploads.take(stream, item.path, camera=True)
    except NotNow:
        raise
    except Problem as problem:
        item.state, item.trouble = "refused", problem.message[:400]
    except FileNotFoundError:
        item.state, item.trouble = (
            "refused",
            _("受け取ったファイルがなくなりました。もう一度選んでください。"),
        )
    with transaction.atomic():
        if _held(bundle) is None or not _still(item, "raw"):
            return
        item.file = None
        if taken is not None:
            item.file = uploads.refer(ctx, taken, classification=PERSONAL, retention_class=RETENTION)
            item.state, item.candidates = "waiting", list(candidates)
            picture, camera = taken.inspected.width > 0, taken.inspected.camera
            item.sort = bundle.sort or ("photo" if picture else "paper")
            if camera is not None:
                item.taken_on, item.direction = camera.taken_on, camera.direction
                item.latitude, item.longitude = camera.latitude, camera.longitude
        item.version += 1
        item.save()
        files.forget(ctx.begin(), before)
        Bundle.unscoped.filter(municipality=bundle.municipality_id, pk=bundle.pk).update(
            step=item.turn, touched_at=clock.now()
        )


def _held(bundle: Bundle) -> Bundle | None:
    """The bundle, locked; None where it was broken off."""
    return (
        Bundle.unscoped.select_for_update()
        .filter(municipality=bundle.municipality_id, pk=bundle.pk, state__in=("reading", "open"))
        .first()
    )


def _still(item: BundleItem, state: str) -> bool:
    return BundleItem.unscoped.filter(municipality=item.municipality_id, pk=item.pk, state=state).exists()


def _left(bundle: Bundle, *states: str) -> bool:
    return BundleItem.unscoped.filter(
        municipality=bundle.municipality_id, bundle=bundle, state__in=states
    ).exists()


@action("ledger.settle_item", label="写真・文書の付け先を決める", may=WORK_BUNDLE, data=SettleItem)
def settle_item(ctx: Context, bundle: Bundle, data: SettleItem) -> Bundle:
    """Attach one file to its entry, by the action that attaches a single one, or leave it out. Raises :class:`Problem`."""
    try:
        item = (
            BundleItem.unscoped.select_related("file")
            .filter(municipality=ctx.municipality.id, bundle=bundle, pk=UUID(data.item))
            .first()
        )
    except ValueError:
        item = None
    if item is None or item.file is None or item.state != "waiting":
        raise Problem(
            "state", _("このファイルは、もう決まっています。画面を開き直してください。"), field="item"
        )
    stored = item.file
    if data.entry:
        attach(replace(ctx, idempotency_key=None), bundle.book, _attachment(item, stored, data))
        item.entry, item.state = UUID(data.entry), "attached"
    else:
        item.state = "left"
    item.file = None
    item.version += 1
    item.save()
    files.forget(ctx, stored)
    ctx.note(item=str(item.pk), state=item.state, entry=data.entry)
    bundle.touched_at = ctx.now
    if not _left(bundle, "raw", "waiting"):
        bundle.state = "done"
    bundle.save()
    return bundle


def _attachment(item: BundleItem, stored: StoredFile, data: SettleItem) -> AttachFile:
    return AttachFile(
        entry=data.entry,
        sha256=stored.sha256,
        name=stored.name,
        made_by_us=stored.made_by_us,
        kind=data.sort or item.sort or "other",
        taken_on=item.taken_on if data.camera else None,
        latitude=item.latitude if data.camera else None,
        longitude=item.longitude if data.camera else None,
        direction=item.direction if data.camera else None,
        paper_number=data.paper_number.strip(),
    )


@action("ledger.stop_bundle", label="まとめて付けるのをやめる", may=END_BUNDLE, data=NoData)
def stop_bundle(ctx: Context, bundle: Bundle, _data: NoData) -> Bundle:
    """Break it off: the files that are not attached yet go; those that are, stay with their entries."""
    rows = BundleItem.unscoped.filter(municipality=ctx.municipality.id, bundle=bundle, file__isnull=False)
    for item in rows.select_related("file").order_by("turn"):
        stored, item.file, item.state = item.file, None, "left"
        item.save()
        if stored is not None:
            files.forget(ctx, stored)
    bundle.state, bundle.touched_at = "stopped", ctx.now
    bundle.save()
    return bundle


def sweep(ctx: Context, now: dt.datetime) -> int:
    """Break off what nobody has touched for a fortnight; how many."""
    found = Bundle.unscoped.filter(
        municipality=ctx.municipality.id, state__in=("reading", "open"), touched_at__lt=now - KEPT
    )
    count = 0
    for bundle in found.order_by("pk"):
        stop_bundle(ctx, bundle, NoData())
        count += 1
    return count
