"""Reads of bundles, for whoever keeps the book, and which entries the names of their files tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from yakuba.engines.ledger.bundles.names import key_of, readings
from yakuba.engines.ledger.declaration import MERGED, VOID, Ledger
from yakuba.engines.ledger.models import Attachment, Book, Bundle, BundleItem
from yakuba.engines.ledger.records import Entry
from yakuba.kernel.actions import Context, Missing
from yakuba.kernel.fields import PERSONAL
from yakuba.kernel.fields.kinds import Text

NUMBER: Final = "number"
#: More entries than this with one number in a name are no proposal.
_OFFERED: Final = 8


def bundle_of(ctx: Context, ledger: Ledger[Entry], bundle_id: UUID) -> Bundle:
    """One bundle of a ledger. Raises :class:`Missing`."""
    found = (
        Bundle.objects.for_actor(ctx)
        .select_related("book")
        .filter(pk=bundle_id, book__ledger=ledger.key)
        .first()
    )
    if found is None:
        raise Missing
    return found


def bundles(ctx: Context, book: Book) -> QuerySet[Bundle]:
    """The bundles of a book, the newest first."""
    return Bundle.objects.for_actor(ctx).filter(book=book).order_by("-begun_at", "-pk")


def items(ctx: Context, bundle: Bundle, *states: str) -> QuerySet[BundleItem]:
    """The files of a bundle in their order."""
    found = BundleItem.objects.for_actor(ctx).filter(bundle=bundle).select_related("file").order_by("turn")
    return found.filter(state__in=states) if states else found


def counted(ctx: Context, bundle: Bundle) -> dict[str, int]:
    """How many files stand in each state; one query."""
    rows = items(ctx, bundle).order_by().values_list("state").annotate(many=Count("pk"))
    return {str(state): int(many) for state, many in rows}


def tells(ledger: Ledger[Entry]) -> dict[str, str]:
    """By what a name may tell an entry: its number, or a text that alone tells doubles (鑑札番号, マイクロチップ番号); key → words."""
    found = {NUMBER: str(ledger.number_label)}
    for names in ledger.alike:
        spec = ledger.fields[names[0]]
        if len(names) == 1 and isinstance(spec.kind, Text) and spec.classification is not PERSONAL:
            found[names[0]] = spec.label
    return found


def proposed(ctx: Context, ledger: Ledger[Entry], bundle: Bundle, paths: Sequence[str]) -> list[list[UUID]]:
    """Of each path the entries that it may mean: those of the first tier of readings that finds any.

    One pass over the numbers of the book, whatever the number of paths.
    """
    wanted = [readings(path) for path in paths]
    every = {key for tiers in wanted for tier in tiers for key in tier}
    here: dict[str, list[UUID]] = defaultdict(list)
    rows = (
        ledger.model.unscoped.filter(municipality=ctx.municipality.id, book=bundle.book)
        .exclude(state__in=(VOID, MERGED))
        .order_by("number_order", "pk")
    )
    column = "number_order" if bundle.by == NUMBER else bundle.by
    for pk, text in rows.values_list("pk", column).iterator(5000):
        key = str(text).partition("\t")[0] if bundle.by == NUMBER else key_of(str(text))
        if key in every:
            here[key].append(pk)
    found = []
    for tiers in wanted:
        hits = ([pk for key in tier for pk in here.get(key, ())] for tier in tiers)
        found.append(list(dict.fromkeys(next((some for some in hits if some), [])))[:_OFFERED])
    return found


def entries_of(ctx: Context, ledger: Ledger[Entry], rows: Sequence[BundleItem]) -> dict[UUID, Entry]:
    """The entries that files may belong to."""
    ids = {UUID(one) for row in rows for one in row.candidates} | {row.entry for row in rows if row.entry}
    return {one.pk: one for one in ledger.model.objects.for_actor(ctx).filter(pk__in=ids)}


def there_already(
    ctx: Context, book: Book, rows: Sequence[BundleItem], entries: Mapping[UUID, Entry]
) -> set[tuple[UUID, str]]:
    """Which of these entries have a file of the same bytes already: (entry, digest)."""
    digests = {row.file.sha256 for row in rows if row.file is not None}
    found = Attachment.objects.for_actor(ctx).filter(
        book=book, entry__in=list(entries), file__sha256__in=digests
    )
    return set(found.values_list("entry", "file__sha256"))


def waiting(ctx: Context, bundle_id: UUID) -> Bundle | None:
    """A bundle whose files are to be looked through, for the worker."""
    return (
        Bundle.unscoped.select_related("book")
        .filter(municipality=ctx.municipality.id, pk=bundle_id, state="reading")
        .first()
    )
