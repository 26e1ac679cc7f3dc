"""The worker's part: books that were ordered, and those of every publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.handlers import Payload, Settle, work
from yakuba.kernel.outbox.schedules import Due, schedule
from yakuba.services.plan.book import choosing, making, queries
from yakuba.services.plan.book.actions import (
    ORDERED,
    FinishBook,
    OrderBook,
    finish_book,
    forget_book,
    order_book,
    release_book,
)
from yakuba.services.plan.models import Book, Edition
from yakuba.services.plan.published import EDITION

#: How long the desk keeps a book; what the public has stays.
KEPT: Final = dt.timedelta(days=14)


# Made a second time after a crash, a book is the same.
@work(topic=ORDERED, name="plan.make_book", lease_seconds=300)
def make_book(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """Make an ordered book outside of any transaction; it is noted together with the completion of this work."""
    book = queries.ordered(ctx, UUID(str(payload["book"])))
    if book is None:
        return None
    try:
        data = _made(ctx, book)
    except Problem as problem:
        data = FinishBook(message=problem.message)
    return lambda: _finish(ctx, book.pk, data)


def _made(ctx: Context, book: Book) -> FinishBook:
    if book.draft or book.publication is None:
        found = making.ground(ctx, book.edition, draft=True)
    else:
        found = making.published_ground(ctx, book.publication)
    one = choosing.chosen(ctx, book.template)
    form = choosing.check_format(one, book.format)
    missing = making.left_out(found, one.template) if one.template is not None else ()
    return FinishBook(
        files.put(choosing.make(found, one, form, large=book.large)),
        choosing.file_name(found, one, form),
        "\n".join(_("載せなかったもの：%s") % what for what in missing),
    )


def _finish(ctx: Context, book_id: UUID, data: FinishBook) -> None:
    book = queries.ordered(ctx, book_id)
    if book is not None:
        finish_book(ctx, book, data)


# Looking through the document takes longer than a write transaction may last.
@work(topic="plan.edition_published", name="plan.books_of_publication")
def books_of_publication(ctx: Context, payload: Payload, _key: str) -> Settle | None:
    """What was published just now is there as a book, too: PDF, Word and Excel, with the city's template."""
    edition = queries.edition_of(ctx, UUID(str(payload["edition"])))
    if not _stands(ctx, edition, payload):
        return None
    wanted = _public_books(ctx, edition)
    return lambda: _order_and_release(ctx, edition, wanted) if _stands(ctx, edition, payload) else None


def _stands(ctx: Context, edition: Edition, payload: Payload) -> bool:
    """Whether it is still what the public reads: it may have been taken back, or published again, meanwhile."""
    publication = publishing.standing_of(ctx, EDITION, edition.pk)
    return publication is not None and str(publication.pk) == payload["publication"]


def order_public(ctx: Context, edition_id: UUID) -> None:
    """Have the public's books of an edition made anew. Raises :class:`Problem` where it does not stand published."""
    edition = queries.edition_of(ctx, edition_id)
    if publishing.standing_of(ctx, EDITION, edition.pk) is None:
        raise Problem("not_published", _("公表されていない版です。"))
    _order_and_release(ctx, edition, _public_books(ctx, edition))


def _public_books(ctx: Context, edition: Edition) -> list[OrderBook]:
    """One of each format, with the template that was chosen for the public."""
    found, one = making.ground(ctx, edition), choosing.public_one(ctx)
    return [
        OrderBook(one.key, form, choosing.stamp(found, one, form, large=False)) for form in making.FORMATS
    ]


def _order_and_release(ctx: Context, edition: Edition, wanted: Sequence[OrderBook]) -> None:
    for order in wanted:
        book = queries.kept(ctx, order.stamp) or order_book(ctx, edition, order)
        release_book(ctx, book, NoData())


@schedule("plan.forget_books", every="day", at="03:40", each_municipality=True)
def forget_books(due: Due) -> None:
    """Books that nobody needs any more: they can be made again at any time."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    for book in queries.old(due.ctx, due.ctx.now - KEPT):
        forget_book(due.ctx, book, NoData())
