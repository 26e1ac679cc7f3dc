"""The worker's part: books that were ordered, and those of every publication."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from yakuba.engines.publishing import queries as publishing
from yakuba.kernel.actions import Context, NoData, Problem
from yakuba.kernel.files import store as files
from yakuba.kernel.outbox.handlers import Payload, Settle, subscribe, work
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
from yakuba.services.plan.models import Book
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
    return FinishBook(
        files.put(choosing.make(found, one, form, large=book.large)), choosing.file_name(found, one, form)
    )


def _finish(ctx: Context, book_id: UUID, data: FinishBook) -> None:
    book = queries.ordered(ctx, book_id)
    if book is not None:
        finish_book(ctx, book, data)


@subscribe("plan.edition_published", name="plan.books_of_publication")
def books_of_publication(ctx: Context, payload: Payload) -> None:
    """What was published just now is there as a book, too: PDF, Word and Excel, with the city's template."""
    edition = queries.edition_of(ctx, UUID(str(payload["edition"])))
    publication = publishing.standing_of(ctx, EDITION, edition.pk)
    if publication is None or str(publication.pk) != payload["publication"]:
        return  # taken back, or published again meanwhile
    order_public(ctx, edition.pk)


def order_public(ctx: Context, edition_id: UUID) -> list[Book]:
    """The public's books of an edition that stands published. Raises :class:`Problem` where it does not."""
    edition = queries.edition_of(ctx, edition_id)
    if publishing.standing_of(ctx, EDITION, edition.pk) is None:
        raise Problem("not_published", _("公表されていない版です。"))
    found = making.ground(ctx, edition)
    one = choosing.public_one(ctx)
    made = []
    for form in making.FORMATS:
        stamp = choosing.stamp(found, one, form, large=False)
        book = queries.kept(ctx, stamp) or order_book(ctx, edition, OrderBook(one.key, form, stamp))
        made.append(release_book(ctx, book, NoData()))
    return made


@schedule("plan.forget_books", every="day", at="03:40", each_municipality=True)
def forget_books(due: Due) -> None:
    """Books that nobody needs any more: they can be made again at any time."""
    assert due.ctx is not None  # noqa: S101 – one for each municipality
    for book in queries.old(due.ctx, due.ctx.now - KEPT):
        forget_book(due.ctx, book, NoData())
